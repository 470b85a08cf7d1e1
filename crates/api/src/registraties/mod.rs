//! Registraties van organisatiebeheerders: opstellen, indienen, tekenen, opleiden, verwijderen.

mod beheerders;
mod bericht;
mod gevolg;
mod indienen;
mod ondertekeningen;
mod opstellen;
mod sharepoint;
mod stuk;
mod trainingen;

use actix_web::Either;
use domain::personen::Persoon;
use domain::registraties::{Grondslag, Registratie, RegistratieStatus};
use domain::{Datum, Weigering};
use serde_json::{Value, json};
use store::Conn;

use crate::antwoord::Stuk;
use crate::beleid::{Relaties, Zaak};
use crate::invoer::Vorm;
use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_registraties).service(lees_registratie);
    opstellen::routes(cfg);
    indienen::routes(cfg);
    ondertekeningen::routes(cfg);
    beheerders::routes(cfg);
    trainingen::routes(cfg);
    sharepoint::routes(cfg);
}

/// Soort onderwerp in audit en gebeurtenissen.
const SOORT: &str = "organisatiebeheerder-registratie";

/// Een PDF-bestand.
#[derive(Debug, Clone, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Pdf(pub Vec<u8>);

impl Zaak for Registratie {
    fn relaties(&self, organisatie: Id, wie: Id, _: Datum) -> Relaties {
        let eigen = if self.organisatie_id == organisatie { Relaties::EIGEN } else { Relaties::GEEN };
        if self.noemt(wie) { eigen.en(Relaties::ZELF) } else { eigen }
    }
}

fn adres(id: Id) -> String {
    format!("/organisatiebeheerder-registraties/{id}")
}

/// Laadt een registratie en laat alleen door wie dit mag.
fn laad(conn: &mut Conn, gate: &Gate, actie: Action, id: Id) -> Result<Registratie, Problem> {
    let registratie = store::registraties::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    gate.may(actie, &registratie)?;
    Ok(registratie)
}

/// Wat de audit bewaart: geen namen of adressen, zodat vergeten later ook echt vergeten is.
fn spoor(r: &Registratie) -> Value {
    let beheerders: Vec<Value> = r.beheerders.iter().map(|b| json!({ "persoonId": b.persoon_id, "stand": b.stand, "sharepoint": b.sharepoint })).collect();
    json!({
        "nummer": r.nummer, "status": r.status, "ronde": r.ronde, "afsprakenVersie": r.afspraken_versie, "beheerders": beheerders,
        "ondertekeningen": r.ondertekeningen, "opmerkingen": r.opmerkingen, "eindeReden": r.einde_reden, "versie": r.versie,
    })
}

/// Iedereen die bij deze organisatie staat.
fn personen_van(conn: &mut Conn, organisatie_id: Id) -> Result<Vec<Persoon>, Problem> {
    let filter = store::personen::Filter { organisatie_id: Some(organisatie_id), ..Default::default() };
    let mut personen = Vec::new();
    let mut page = store::Page { limit: 500, after: None };
    loop {
        let blad = store::personen::list(conn, &filter, &store::Zicht::Alles, &page)?;
        personen.extend(blad.items);
        page.after = blad.volgende;
        if page.after.is_none() {
            return Ok(personen);
        }
    }
}

/// De beheerders van een registratie, zoals zij nu zijn.
pub(crate) fn beheerders_van(conn: &mut Conn, registratie: &Registratie) -> Result<Vec<Persoon>, Problem> {
    let mut personen = Vec::new();
    for beheerder in registratie.zittende() {
        personen.extend(store::personen::get(conn, beheerder.persoon_id)?);
    }
    Ok(personen)
}

/// Leest wat een registratie nodig heeft en geeft het aan `besluit`.
fn met_grondslag<T>(conn: &mut Conn, organisatie_id: Id, minimum: usize, besluit: impl FnOnce(&Grondslag<'_>) -> Result<T, Problem>) -> Result<T, Problem> {
    let personen = personen_van(conn, organisatie_id)?;
    let geen_tekst = || Weigering::new("afspraken-niet-vastgesteld", "NIPV heeft nog geen tekst van de afspraken over beheer en controle vastgesteld.");
    let afspraken = store::registraties::geldende_afspraken(conn)?.ok_or_else(geen_tekst)?;
    let vorige = store::registraties::actief(conn, organisatie_id)?;
    besluit(&Grondslag { personen: &personen, afspraken: &afspraken, vorige: vorige.as_ref(), minimum })
}

/// Waarop de lijst te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RegistratieFilter {
    /// Id van de organisatie.
    pub organisatie_id: Option<Id>,
    /// Stand.
    #[param(inline)]
    pub status: Option<RegistratieStatus>,
}

/// Geeft de registraties die u mag zien, nieuwste eerst: die van de eigen organisatie, of alle voor NIPV.
#[utoipa::path(
    tag = "Registraties",
    params(RegistratieFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van registraties", body = Lijst<Registratie>)),
    security(("toegang" = ["registraties:lezen"])),
    extensions(("x-actie" = json!("registratie.lezen"))),
)]
#[get("/organisatiebeheerder-registraties")]
pub(crate) async fn lijst_registraties(app: Data<App>, caller: Caller, filter: Query<RegistratieFilter>, blad: Blad) -> Result<Answer, Problem> {
    let filter = store::registraties::Filter { organisatie_id: filter.organisatie_id, status: filter.status.into_iter().collect(), ..Default::default() };
    let (zicht, page) = (app.gate(&caller).zicht(Action::RegistratieLezen), blad.page()?);
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::registraties::list(conn, &filter, &zicht, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één registratie, als gegevens of als stuk om te lezen.
///
/// Met `Accept: application/pdf` is het antwoord een toegankelijke PDF (PDF/UA-1) met beheerders, afspraken en handtekeningen.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie")),
    responses((status = 200, description = "De registratie", content((Registratie = "application/json"), (Pdf = "application/pdf")))),
    security(("toegang" = ["registraties:lezen"])),
    extensions(("x-actie" = json!("registratie.lezen"))),
)]
#[get("/organisatiebeheerder-registraties/{id}")]
pub(crate) async fn lees_registratie(app: Data<App>, caller: Caller, id: Path<Id>, vorm: Vorm) -> Result<Either<Answer, Stuk>, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    if vorm.is("application/pdf") {
        let blad = app.store.read(move |conn| stuk::lees(conn, &gate, id)).await?;
        return Ok(Either::Right(stuk::maak(blad, app.clock.now()).await?));
    }
    let registratie = app.store.read_point(move |conn| laad(conn, &gate, Action::RegistratieLezen, id)).await?;
    Ok(Either::Left(Answer::ok(&registratie)?.etag(registratie.versie)))
}
