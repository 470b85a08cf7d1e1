//! Stappenplannen: concept, daarna gepubliceerd en onveranderlijk.

use domain::organisaties::Intrekking;
use domain::referentie::{NieuwStappenplan, Stappenplan, StappenplanStatus, StappenplanWijziging};
use store::Conn;

use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_stappenplannen).service(lees_stappenplan).service(maak_stappenplan).service(wijzig_stappenplan).service(publiceer_stappenplan);
    cfg.service(trek_stappenplan_in);
}

fn laad(conn: &mut Conn, gate: &Gate, id: Id) -> Result<Stappenplan, Problem> {
    let plan = store::referentie::stappenplan(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    // Een concept is er alleen voor wie het beheert.
    if plan.status == StappenplanStatus::Concept && gate.may(Action::ReferentieBeheren, &()).is_err() {
        return Err(problem::niet_gevonden());
    }
    Ok(plan)
}

/// Geeft de stappenplannen, oudste eerst; concepten alleen voor wie ze beheert.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(BladParams),
    responses((status = 200, description = "Een bladzijde van stappenplannen", body = Lijst<Stappenplan>)),
    security(("toegang" = ["referentie:lezen"])),
    extensions(("x-actie" = json!("referentie.lezen"))),
)]
#[get("/stappenplannen")]
pub(crate) async fn lijst_stappenplannen(app: Data<App>, caller: Caller, blad: Blad) -> Result<Answer, Problem> {
    let gate = app.gate(&caller);
    gate.may(Action::ReferentieLezen, &())?;
    let (met_concepten, page) = (gate.may(Action::ReferentieBeheren, &()).is_ok(), blad.page()?);
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::referentie::stappenplannen(conn, met_concepten, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één stappenplan.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(("id" = Id, Path, description = "Id van het stappenplan")),
    responses((status = 200, description = "Het stappenplan", body = Stappenplan)),
    security(("toegang" = ["referentie:lezen"])),
    extensions(("x-actie" = json!("referentie.lezen"))),
)]
#[get("/stappenplannen/{id}")]
pub(crate) async fn lees_stappenplan(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    gate.may(Action::ReferentieLezen, &())?;
    let plan = app.store.read_point(move |conn| laad(conn, &gate, id)).await?;
    Answer::ok(&plan)?.etag(plan.versie).done()
}

/// Begint een nieuwe versie van het stappenplan als concept.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(IdempotencyKey),
    request_body = NieuwStappenplan,
    responses((status = 201, description = "Het concept", body = Stappenplan)),
    security(("toegang" = ["referentie:schrijven"])),
    extensions(("x-actie" = json!("referentie.beheren"))),
)]
#[post("/stappenplannen")]
pub(crate) async fn maak_stappenplan(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuwStappenplan>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may(Action::ReferentieBeheren, &())?;
        let nieuw = body.clone().maak(tx.nieuw_id(), now)?;
        store::referentie::insert_stappenplan(tx, &nieuw)?;
        tx.record(organisatie_van("stappenplan.begonnen", "stappenplan", nieuw.id, None, None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/stappenplannen/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Wijzigt een concept. Een gepubliceerd stappenplan verandert nooit.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(("id" = Id, Path, description = "Id van het stappenplan"), IfMatch),
    request_body(content = StappenplanWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Het gewijzigde concept", body = Stappenplan)),
    security(("toegang" = ["referentie:schrijven"])),
    extensions(("x-actie" = json!("referentie.beheren"))),
)]
#[patch("/stappenplannen/{id}")]
pub(crate) async fn wijzig_stappenplan(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    body: Body<StappenplanWijziging>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, _| {
        let oud = laad(tx.conn(), &gate, id)?;
        gate.may(Action::ReferentieBeheren, &())?;
        if_match.check(oud.versie)?;
        oud.mag_wijzigen()?;
        let nieuw = oud.gewijzigd(&body)?;
        store::referentie::update_stappenplan(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("stappenplan.gewijzigd", "stappenplan", id, None, Some(&oud), Some(&nieuw))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}

/// Publiceert een concept; daarna ligt de inhoud vast en kunnen trajecten ermee beginnen.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(("id" = Id, Path, description = "Id van het stappenplan"), IfMatch, IdempotencyKey),
    responses((status = 201, description = "Het gepubliceerde stappenplan", body = Stappenplan)),
    security(("toegang" = ["referentie:schrijven"])),
    extensions(("x-actie" = json!("referentie.beheren"))),
)]
#[post("/stappenplannen/{id}/publicaties")]
pub(crate) async fn publiceer_stappenplan(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, idem: IdempotencyKey) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, id)?;
        gate.may(Action::ReferentieBeheren, &())?;
        if_match.check(oud.versie)?;
        let nieuw = oud.publiceren(now)?;
        store::referentie::update_stappenplan(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van(
            "stappenplan.gepubliceerd",
            "stappenplan",
            id,
            None,
            None,
            Some(&serde_json::json!({ "code": nieuw.code, "versie": nieuw.versie })),
        )?)?;
        Answer::created(&nieuw, format!("/stappenplannen/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}

/// Trekt een gepubliceerd stappenplan in. Lopende trajecten houden hun versie; nieuwe trajecten beginnen met een andere.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(("id" = Id, Path, description = "Id van het stappenplan"), IfMatch, IdempotencyKey),
    request_body = Intrekking,
    responses((status = 201, description = "Het ingetrokken stappenplan", body = Stappenplan)),
    security(("toegang" = ["referentie:schrijven"])),
    extensions(("x-actie" = json!("referentie.beheren"))),
)]
#[post("/stappenplannen/{id}/intrekkingen")]
pub(crate) async fn trek_stappenplan_in(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Intrekking>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, _| {
        let oud = laad(tx.conn(), &gate, id)?;
        gate.may(Action::ReferentieBeheren, &())?;
        if_match.check(oud.versie)?;
        let nieuw = oud.intrekken()?;
        store::referentie::update_stappenplan(tx, &nieuw, oud.versie)?;
        let na = serde_json::json!({ "code": nieuw.code, "versie": nieuw.versie, "reden": body.reden });
        tx.record(organisatie_van("stappenplan.ingetrokken", "stappenplan", id, None, None, Some(&na))?)?;
        Answer::created(&nieuw, format!("/stappenplannen/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}
