//! Waarnemers: uitgenodigd voor één afname.

use domain::Weigering;
use domain::afnames::{Hoedanigheid, NieuweWaarnemer, Waarnemer};
use domain::personen::Persoon;
use store::Conn;

use super::laad;
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_waarnemers).service(lees_waarnemer).service(nodig_waarnemer_uit).service(trek_uitnodiging_in);
}

/// Geeft de waarnemers van een afname, oudste eerst; namen staan er niet bij.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), BladParams),
    responses((status = 200, description = "Een bladzijde van waarnemers", body = Lijst<Waarnemer>)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("afname.lezen"))),
)]
#[get("/afnames/{id}/waarnemers")]
pub(crate) async fn lijst_waarnemers(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let alles = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::AfnameLezen, id)?;
            Ok(store::afnames::waarnemers(conn, id)?)
        })
        .await?;
    blad.uit_geheugen(&alles, |w| w.id)
}

pub(super) fn laad_waarnemer(conn: &mut Conn, afname: Id, id: Id) -> Result<Waarnemer, Problem> {
    store::afnames::waarnemer(conn, id)?.filter(|w| w.afname_id == afname).ok_or_else(problem::niet_gevonden)
}

/// Geeft één waarnemer.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), ("waarnemerId" = Id, Path, description = "Id van de waarnemer")),
    responses((status = 200, description = "De waarnemer", body = Waarnemer)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("afname.lezen"))),
)]
#[get("/afnames/{id}/waarnemers/{waarnemerId}")]
pub(crate) async fn lees_waarnemer(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let ((afname, id), gate) = (pad.into_inner(), app.gate(&caller));
    let waarnemer = app
        .store
        .read_point(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::AfnameLezen, afname)?;
            laad_waarnemer(conn, afname, id)
        })
        .await?;
    Answer::ok(&waarnemer)?.etag(waarnemer.versie).done()
}

/// De persoon die wordt uitgenodigd: bij id, of bij organisatie en e-mailadres.
fn genodigde(conn: &mut Conn, body: &NieuweWaarnemer) -> Result<Persoon, Problem> {
    let gevonden = match (body.persoon_id, body.organisatie_id, &body.email) {
        (Some(persoon), None, None) => store::personen::get(conn, persoon)?,
        (None, Some(organisatie), Some(email)) => store::personen::met_email(conn, organisatie, email)?,
        _ => return Err(problem::ongeldig("", "een-van-beide", "Noem een 'persoonId', of 'organisatieId' en 'email' samen.")),
    };
    gevonden.ok_or_else(|| problem::ongeldig("", "persoon-onbekend", "Deze persoon is niet bekend. Laat diens organisatie de persoon eerst registreren."))
}

/// Nodigt een waarnemer uit: een collega, of iemand van een buurorganisatie, de adoptiepartner of NIPV.
///
/// De waarnemer krijgt toegang tot deze afname alleen, van haar eerste tot en met haar laatste dag. Namens wie iemand
/// waarneemt volgt uit diens organisatie en het traject.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), IdempotencyKey),
    request_body = NieuweWaarnemer,
    responses((status = 201, description = "De waarnemer", body = Waarnemer)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.beheren"))),
)]
#[post("/afnames/{id}/waarnemers")]
pub(crate) async fn nodig_waarnemer_uit(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    idem: IdempotencyKey,
    body: Body<NieuweWaarnemer>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let geladen = laad(tx.conn(), &gate, Action::AfnameBeheren, id)?;
        let persoon = genodigde(tx.conn(), &body)?;
        if store::afnames::is_waarnemer(tx.conn(), id, persoon.id)? {
            return Err(Weigering::new("waarnemer-al-uitgenodigd", "Deze persoon is al uitgenodigd voor deze afname.").into());
        }
        let organisatie = store::organisaties::get(tx.conn(), persoon.organisatie_id)?.ok_or_else(problem::niet_gevonden)?;
        let hoedanigheid = Hoedanigheid::van(&organisatie, &geladen.afname, geladen.traject.as_ref(), gate.vandaag());
        let waarnemer = NieuweWaarnemer::maak(tx.nieuw_id(), &geladen.afname, &persoon, hoedanigheid, now)?;
        store::afnames::insert_waarnemer(tx, &waarnemer)?;
        let tekst = format!(
            "U bent uitgenodigd als waarnemer bij '{}', van {} tot en met {}.\n\nAdres: /v1/afnames/{id}/invullingen/{}\n",
            geladen.afname.titel,
            geladen.afname.begin_datum.format("%-d-%-m-%Y"),
            geladen.afname.eind_datum.format("%-d-%-m-%Y"),
            waarnemer.id
        );
        let onderwerp = format!("Uitnodiging om waar te nemen: {}", geladen.afname.titel);
        store::post::plaats(tx, &store::post::Bericht { aan: persoon.email, onderwerp, tekst, ..Default::default() })?;
        tx.record(geladen.spoor("waarnemer.uitgenodigd", "waarnemer", waarnemer.id, None, Some(&waarnemer))?)?;
        Answer::created(&waarnemer, format!("/afnames/{id}/waarnemers/{}", waarnemer.id))?.etag(waarnemer.versie).done()
    })
    .await
}

/// Trekt de uitnodiging van een waarnemer in; gegeven antwoorden blijven bewaard maar tellen niet mee.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), ("waarnemerId" = Id, Path, description = "Id van de waarnemer"), IfMatch),
    responses((status = 204, description = "Ingetrokken")),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.beheren"))),
)]
#[delete("/afnames/{id}/waarnemers/{waarnemerId}")]
pub(crate) async fn trek_uitnodiging_in(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
    let ((afname, id), gate) = (pad.into_inner(), app.gate(&caller));
    app.write(&caller, None, move |tx, now| {
        store::afnames::zet_slot(tx, afname, store::afnames::Slot::Antwoorden)?;
        let geladen = laad(tx.conn(), &gate, Action::AfnameBeheren, afname)?;
        let oud = laad_waarnemer(tx.conn(), afname, id)?;
        if_match.check(oud.versie)?;
        geladen.afname.niet_gesloten()?;
        let nieuw = oud.intrekken(now)?;
        store::afnames::update_waarnemer(tx, &nieuw, oud.versie)?;
        tx.record(geladen.spoor("waarnemer.ingetrokken", "waarnemer", id, Some(&oud), Some(&nieuw))?)?;
        Ok(Answer::no_content())
    })
    .await
}
