//! Sjablonen: de opbouw van een activiteit in het LCMS, te kopiëren van de voorbeelden van NIPV.

use domain::inrichting::{NieuwSjabloon, Sjabloon, SjabloonWijziging, Verplaatsing};
use domain::trajecten::ActiviteitStatus;
use domain::trajecten::volgen::Gevolg;
use store::Conn;

use crate::prelude::*;
use crate::{van_organisatie, volgen};

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_sjablonen)
        .service(lees_sjabloon)
        .service(maak_sjabloon)
        .service(wijzig_sjabloon)
        .service(verplaats_in_sjabloon)
        .service(verwijder_sjabloon);
}

/// Laat door wie dit mag, en zegt of de organisatie NIPV is: haar sjablonen zijn voorbeelden, en dus referentiegegevens.
fn keur(conn: &mut Conn, gate: &Gate, actie: Action, organisatie: Id) -> Result<bool, Problem> {
    if store::organisaties::nipv(conn)?.is_some_and(|nipv| nipv.id == organisatie) {
        let actie = if actie == Action::SjabloonLezen { Action::ReferentieLezen } else { Action::ReferentieBeheren };
        gate.may(actie, &())?;
        return Ok(true);
    }
    gate.may(actie, &van_organisatie::laad(conn, organisatie)?)?;
    Ok(false)
}

fn laad(conn: &mut Conn, gate: &Gate, actie: Action, (organisatie, id): (Id, Id)) -> Result<Sjabloon, Problem> {
    keur(conn, gate, actie, organisatie)?;
    store::inrichting::sjabloon(conn, id)?.filter(|s| s.organisatie_id == organisatie).ok_or_else(problem::niet_gevonden)
}

/// Geeft de sjablonen van een organisatie; die van NIPV zijn voorbeelden voor iedereen.
#[utoipa::path(
    tag = "Inrichting",
    params(("id" = Id, Path, description = "Id van de organisatie"), BladParams),
    responses((status = 200, description = "Een bladzijde van sjablonen", body = Lijst<Sjabloon>)),
    security(("toegang" = ["inrichting:lezen"])),
    extensions(("x-actie" = json!("sjabloon.lezen"))),
)]
#[get("/organisaties/{id}/sjablonen")]
pub(crate) async fn lijst_sjablonen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            keur(conn, &gate, Action::SjabloonLezen, id)?;
            Ok(store::inrichting::sjablonen(conn, id, &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één sjabloon met zijn hele opbouw.
#[utoipa::path(
    tag = "Inrichting",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("sjabloonId" = Id, Path, description = "Id van het sjabloon")),
    responses((status = 200, description = "Het sjabloon", body = Sjabloon)),
    security(("toegang" = ["inrichting:lezen"])),
    extensions(("x-actie" = json!("sjabloon.lezen"))),
)]
#[get("/organisaties/{id}/sjablonen/{sjabloonId}")]
pub(crate) async fn lees_sjabloon(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let (pad, gate) = (pad.into_inner(), app.gate(&caller));
    let gevonden = app.store.read_point(move |conn| laad(conn, &gate, Action::SjabloonLezen, pad)).await?;
    Answer::ok(&gevonden)?.etag(gevonden.versie).done()
}

/// Maakt een sjabloon uit een opbouw, of als kopie van een eigen sjabloon of een voorbeeld van NIPV.
#[utoipa::path(
    tag = "Inrichting",
    params(("id" = Id, Path, description = "Id van de organisatie"), IdempotencyKey),
    request_body = NieuwSjabloon,
    responses((status = 201, description = "Het nieuwe sjabloon", body = Sjabloon)),
    security(("toegang" = ["inrichting:schrijven"])),
    extensions(("x-actie" = json!("sjabloon.beheren"))),
)]
#[post("/organisaties/{id}/sjablonen")]
pub(crate) async fn maak_sjabloon(app: Data<App>, caller: Caller, id: Path<Id>, idem: IdempotencyKey, body: Body<NieuwSjabloon>) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let voorbeeld = keur(tx.conn(), &gate, Action::SjabloonBeheren, id)?;
        let bron = match body.kopie_van {
            Some(bron) => store::inrichting::sjabloon(tx.conn(), bron)?.filter(|s| s.mag_kopie_voor(id).is_ok()),
            None => None,
        };
        if body.kopie_van.is_some() && bron.is_none() {
            let detail = "Dit sjabloon is er niet. Neem een eigen sjabloon of een voorbeeld van NIPV over.";
            return Err(problem::ongeldig("/kopieVan", "sjabloon-niet-over-te-nemen", detail));
        }
        let nieuw = Sjabloon { voorbeeld, ..body.clone().maak(tx.nieuw_id(), id, bron.as_ref(), now)? };
        if !voorbeeld && store::inrichting::sjablonen(tx.conn(), id, &store::Page { limit: 1, after: None })?.items.is_empty() {
            // Met het eerste sjabloon is 'Opstellen formats en templates' (Bijlage 2) begonnen; af is het pas als mensen dat zeggen.
            let gevolg = Gevolg { code: "techniek-7", status: ActiviteitStatus::Bezig, bewijs: Some(format!("/v1/organisaties/{id}/sjablonen")) };
            volgen::activiteiten(tx, id, gate.caller().id(), &[gevolg])?;
        }
        store::inrichting::insert_sjabloon(tx, &nieuw)?;
        tx.record(organisatie_van("sjabloon.gemaakt", "sjabloon", nieuw.id, Some(id), None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/organisaties/{id}/sjablonen/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Wijzigt naam of opbouw van een sjabloon; de opbouw als geheel.
///
/// JSON Merge Patch: een weggelaten veld blijft staan.
#[utoipa::path(
    tag = "Inrichting",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("sjabloonId" = Id, Path, description = "Id van het sjabloon"), IfMatch),
    request_body(content = SjabloonWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Het gewijzigde sjabloon", body = Sjabloon)),
    security(("toegang" = ["inrichting:schrijven"])),
    extensions(("x-actie" = json!("sjabloon.beheren"))),
)]
#[patch("/organisaties/{id}/sjablonen/{sjabloonId}")]
pub(crate) async fn wijzig_sjabloon(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    body: Body<SjabloonWijziging>,
) -> Result<Answer, Problem> {
    let (pad, gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::SjabloonBeheren, pad)?;
        if_match.check(oud.versie)?;
        let nieuw = body.toepassen(&oud, now)?;
        store::inrichting::update_sjabloon(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("sjabloon.gewijzigd", "sjabloon", oud.id, Some(pad.0), Some(&oud), Some(&nieuw))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}

/// Verplaatst een pagina, veld, thema of bullet met alles wat eronder hangt.
#[utoipa::path(
    tag = "Inrichting",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("sjabloonId" = Id, Path, description = "Id van het sjabloon"), IfMatch, IdempotencyKey),
    request_body = Verplaatsing,
    responses((status = 201, description = "Het sjabloon na de verplaatsing", body = Sjabloon)),
    security(("toegang" = ["inrichting:schrijven"])),
    extensions(("x-actie" = json!("sjabloon.beheren"))),
)]
#[post("/organisaties/{id}/sjablonen/{sjabloonId}/verplaatsingen")]
pub(crate) async fn verplaats_in_sjabloon(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Verplaatsing>,
) -> Result<Answer, Problem> {
    let (pad, gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::SjabloonBeheren, pad)?;
        if_match.check(oud.versie)?;
        let nieuw = oud.verplaats(&body, now)?;
        store::inrichting::update_sjabloon(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("sjabloon.gewijzigd", "sjabloon", oud.id, Some(pad.0), Some(&oud), Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/organisaties/{}/sjablonen/{}", pad.0, oud.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Verwijdert een sjabloon; kopieën blijven.
#[utoipa::path(
    tag = "Inrichting",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("sjabloonId" = Id, Path, description = "Id van het sjabloon"), IfMatch),
    responses((status = 204, description = "Verwijderd")),
    security(("toegang" = ["inrichting:schrijven"])),
    extensions(("x-actie" = json!("sjabloon.beheren"))),
)]
#[delete("/organisaties/{id}/sjablonen/{sjabloonId}")]
pub(crate) async fn verwijder_sjabloon(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
    let (pad, gate) = (pad.into_inner(), app.gate(&caller));
    app.write(&caller, None, move |tx, _| {
        let oud = laad(tx.conn(), &gate, Action::SjabloonBeheren, pad)?;
        if_match.check(oud.versie)?;
        store::inrichting::delete_sjabloon(tx, oud.id)?;
        tx.record(organisatie_van("sjabloon.verwijderd", "sjabloon", oud.id, Some(pad.0), Some(&oud), None)?)?;
        Ok(Answer::no_content())
    })
    .await
}
