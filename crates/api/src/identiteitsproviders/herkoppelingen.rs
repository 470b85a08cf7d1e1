//! Opnieuw koppelen: wie bij de organisatie een nieuwe identiteit kreeg, mag zich nog één keer bewijzen.

use domain::identiteitsproviders::{Gekoppeld, Herkoppeling, Identiteitsprovider, NieuweHerkoppeling};
use serde_json::json;
use store::identiteitsproviders as opslag;
use store::{Change, Conn};

use super::laad;
use crate::prelude::*;
use crate::problem::Veldfout;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_herkoppelingsproef).service(laat_herkoppelen);
}

/// De uitgever van een registratie, met wie van haar organisatie daar gekoppeld is.
fn gekoppeld(conn: &mut Conn, idp: &Identiteitsprovider, alleen: Option<&[Id]>) -> Result<(Herkoppeling, Vec<Gekoppeld>), Problem> {
    let nummer = idp.actieve_versie.unwrap_or(idp.nieuwste_versie);
    let versie = opslag::get_versie(conn, idp.id, nummer)?.ok_or_else(problem::niet_gevonden)?;
    let organisatie = store::organisaties::get(conn, idp.organisatie_id)?.ok_or_else(problem::niet_gevonden)?;
    let issuer = versie.instellingen.issuer;
    let mensen = store::personen::gekoppeld(conn, &issuer, organisatie.id, alleen)?;
    Ok((Herkoppeling::van(idp.id, issuer, &mensen, &organisatie.emaildomeinen), mensen))
}

/// Zegt wie zich opnieuw zou moeten koppelen, en wie dat niet zomaar kan; verandert niets.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie")),
    responses((status = 200, description = "Wat opnieuw koppelen zou doen", body = Herkoppeling)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders/{id}/herkoppelingsproef")]
pub(crate) async fn lees_herkoppelingsproef(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let proef = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let idp = laad(conn, &gate, Action::IdentiteitsproviderLezen, id)?;
            Ok(gekoppeld(conn, &idp, None)?.0)
        })
        .await?;
    Answer::ok(&proef)?.done()
}

/// Laat mensen zich opnieuw koppelen, na een vervangen aanmelddienst of een nieuw account.
///
/// Hun koppeling bij deze uitgever vervalt en blijft in de geschiedenis staan. Wie zich daarna aanmeldt, bewijst zich één keer met
/// een eenmalige code naar het geregistreerde adres. Lopende sessies blijven; die beëindigt u apart.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), IdempotencyKey),
    request_body = NieuweHerkoppeling,
    responses((status = 201, description = "Wie zich opnieuw koppelt", body = Herkoppeling)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[post("/identiteitsproviders/{id}/herkoppelingen")]
pub(crate) async fn laat_herkoppelen(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    idem: IdempotencyKey,
    body: Body<NieuweHerkoppeling>,
) -> Result<Answer, Problem> {
    let (id, gate, vraag) = (id.into_inner(), app.gate(&caller), body.into_inner());
    let antwoord = app
        .write(&caller, Some(idem), move |tx, _| {
            let idp = laad(tx.conn(), &gate, Action::IdentiteitsproviderBeheren, id)?;
            idp.te_wijzigen()?;
            let (verslag, mensen) = gekoppeld(tx.conn(), &idp, vraag.personen.as_deref())?;
            let wie: Vec<Id> = mensen.iter().map(|een| een.persoon_id).collect();
            let vreemd = vraag.personen.iter().flatten().enumerate().filter(|(_, een)| !wie.contains(een));
            let uitleg = "Deze persoon is bij deze uitgever niet gekoppeld, of is niet van uw organisatie.";
            let fouten: Vec<Veldfout> = vreemd.map(|(plek, _)| Veldfout::body(format!("/personen/{plek}"), "persoon-niet-gekoppeld", uitleg)).collect();
            if !fouten.is_empty() {
                return Err(fouten.into());
            }
            store::personen::ontkoppel(tx, &verslag.issuer, &wie)?;
            tx.record(Change {
                handeling: "identiteiten.losgekoppeld",
                onderwerp_soort: "identiteitsprovider",
                onderwerp_id: id.to_string(),
                organisatie_id: Some(idp.organisatie_id),
                na: Some(json!({ "issuer": verslag.issuer, "aantal": verslag.aantal, "personen": vraag.personen, "reden": vraag.reden })),
                ..Change::default()
            })?;
            Answer::created(&verslag, format!("/identiteitsproviders/{id}"))?.done()
        })
        .await;
    app.forget_callers();
    antwoord
}
