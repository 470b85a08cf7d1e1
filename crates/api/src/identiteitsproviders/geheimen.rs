//! Geheimen en sleutels van een identiteitsprovider: erbij zetten en weghalen, nooit teruglezen.

use domain::identiteitsproviders::{GeheimSoort, IdpGeheim, NieuwIdpGeheim};
use provider::SigningKey;
use store::identiteitsproviders::{self as opslag, BewaardGeheim};

use super::laad;
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_identiteitsprovidergeheimen).service(maak_identiteitsprovidergeheim).service(verwijder_identiteitsprovidergeheim);
}

/// Geeft de geheimen van een identiteitsprovider, zonder hun waarde: soort, geldigheid en laatste gebruik.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie")),
    responses((status = 200, description = "De geheimen", body = Lijst<IdpGeheim>)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders/{id}/geheimen")]
pub(crate) async fn lijst_identiteitsprovidergeheimen(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let geheimen: Vec<IdpGeheim> = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::IdentiteitsproviderLezen, id)?;
            Ok(opslag::geheimen(conn, id)?.into_iter().map(|bewaard| bewaard.geheim).collect())
        })
        .await?;
    Answer::list(geheimen, format!("/identiteitsproviders/{id}/geheimen"))?.done()
}

/// Zet een geheim van de IdP, of laat ons een sleutelpaar maken; het oude blijft gelden tot u het weghaalt.
///
/// Er gelden er ten hoogste twee van één soort, zodat u zonder onderbreking wisselt. De waarde komt nooit meer terug. Van een sleutelpaar
/// publiceren wij het publieke deel op het adres in de instructie.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), IdempotencyKey),
    request_body = NieuwIdpGeheim,
    responses((status = 201, description = "Het geheim, zonder zijn waarde", body = IdpGeheim)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[post("/identiteitsproviders/{id}/geheimen")]
pub(crate) async fn maak_identiteitsprovidergeheim(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    idem: IdempotencyKey,
    body: Body<NieuwIdpGeheim>,
) -> Result<Answer, Problem> {
    let (id, gate, body, ik) = (id.into_inner(), app.gate(&caller), body.into_inner(), app.clone());
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let idp = laad(tx.conn(), &gate, Action::IdentiteitsproviderBeheren, id)?;
            idp.te_wijzigen()?;
            body.keur(now)?;
            let geldig: Vec<IdpGeheim> = opslag::geheimen(tx.conn(), id)?.into_iter().map(|bewaard| bewaard.geheim).collect();
            body.past_naast(&geldig)?;
            let nieuw = verzegel(&ik, tx.nieuw_id(), id, &body, now)?;
            opslag::insert_geheim(tx, &nieuw)?;
            let organisatie = Some(idp.organisatie_id);
            tx.record(organisatie_van("identiteitsprovidergeheim.gezet", "identiteitsprovider", id, organisatie, None, Some(&nieuw.geheim))?)?;
            Answer::created(&nieuw.geheim, format!("/identiteitsproviders/{id}/geheimen"))?.done()
        })
        .await;
    app.idps.vergeet();
    antwoord
}

/// Versleutelt het geheim met de hoofdsleutel, gebonden aan zijn plaats.
fn verzegel(app: &App, geheim_id: Id, idp_id: Id, body: &NieuwIdpGeheim, now: Moment) -> Result<BewaardGeheim, Problem> {
    let plaats = super::aanmeldpunt::plaats(geheim_id);
    let (verzegeld, publiek) = match (body.soort, &body.waarde) {
        (GeheimSoort::ClientSecret, waarde) => {
            let waarde = waarde.as_deref().unwrap_or_default().trim();
            (app.keys.seal(&plaats, waarde.as_bytes(), &app.rng)?, None)
        }
        (GeheimSoort::Sleutel, _) => {
            let sleutel = SigningKey::generate().map_err(problem::fout)?;
            (app.keys.seal(&plaats, sleutel.pkcs8(), &app.rng)?, Some(sleutel.public_jwk().clone()))
        }
    };
    let geheim = IdpGeheim {
        id: geheim_id,
        identiteitsprovider_id: idp_id,
        soort: body.soort,
        publiek,
        vervalt_op: body.vervalt_op.map(domain::kort_moment),
        laatst_gebruikt_op: None,
        aangemaakt_op: now,
    };
    Ok(BewaardGeheim { geheim, verzegeld, gewaarschuwd: None })
}

/// Haalt een geheim voorgoed weg. `If-Match` draagt de ETag van de registratie.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), ("geheimId" = Id, Path, description = "Id van het geheim"), IfMatch),
    responses((status = 204, description = "Weggehaald")),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[delete("/identiteitsproviders/{id}/geheimen/{geheimId}")]
pub(crate) async fn verwijder_identiteitsprovidergeheim(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
    let ((id, geheim_id), gate) = (pad.into_inner(), app.gate(&caller));
    let antwoord = app
        .write(&caller, None, move |tx, now| {
            let idp = laad(tx.conn(), &gate, Action::IdentiteitsproviderBeheren, id)?;
            let oud = opslag::get_geheim(tx.conn(), id, geheim_id)?.ok_or_else(problem::niet_gevonden)?;
            if_match.check(idp.versie)?;
            opslag::verwijder_geheim(tx, geheim_id)?;
            opslag::update(tx, &idp.zonder_een_geheim(now), idp.versie)?;
            let organisatie = Some(idp.organisatie_id);
            tx.record(organisatie_van("identiteitsprovidergeheim.verwijderd", "identiteitsprovider", id, organisatie, Some(&oud.geheim), None)?)?;
            Ok(Answer::no_content())
        })
        .await;
    app.idps.vergeet();
    antwoord
}
