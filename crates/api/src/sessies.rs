//! Sessies: wie er nu is aangemeld, en iemand of een hele organisatie afmelden.

use domain::organisaties::Intrekking;
use domain::sessies::{EindeReden, Sessie, SessiesBeeindigd};
use serde_json::json;
use store::{Change, Conn};

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_sessies).service(lees_sessie).service(beeindig_sessie).service(beeindig_sessies_van_organisatie);
}

/// Waarop de lijst van sessies te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct SessieFilter {
    /// Id van de organisatie.
    pub organisatie_id: Option<Id>,
    /// Id van de persoon.
    pub persoon_id: Option<Id>,
    /// `true` voor alleen sessies die nu lopen.
    pub lopend: Option<bool>,
}

fn laad(conn: &mut Conn, id: Id) -> Result<Sessie, Problem> {
    store::sessies::get(conn, id)?.ok_or_else(problem::niet_gevonden)
}

/// Geeft de sessies die u mag zien: de eigen, en wie over toegang gaat die van de organisatie.
#[utoipa::path(
    tag = "Sessies",
    params(SessieFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van sessies", body = Lijst<Sessie>)),
    security(("toegang" = ["sessies:lezen"])),
    extensions(("x-actie" = json!("sessie.lezen"))),
)]
#[get("/sessies")]
pub(crate) async fn lijst_sessies(app: Data<App>, caller: Caller, filter: Query<SessieFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (zicht, page) = (app.gate(&caller).zicht(Action::SessieLezen), blad.page()?);
    let zelf = caller.persoon().map(|persoon| persoon.id);
    let lopend_op = (filter.lopend == Some(true)).then(|| app.clock.now());
    let filter = store::sessies::Filter { organisatie_id: filter.organisatie_id, persoon_id: filter.persoon_id, lopend_op };
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::sessies::list(conn, &filter, &zicht, zelf, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één sessie.
#[utoipa::path(
    tag = "Sessies",
    params(("id" = Id, Path, description = "Id van de sessie, tevens sid in tokens")),
    responses((status = 200, description = "De sessie", body = Sessie)),
    security(("toegang" = ["sessies:lezen"])),
    extensions(("x-actie" = json!("sessie.lezen"))),
)]
#[get("/sessies/{id}")]
pub(crate) async fn lees_sessie(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let id = id.into_inner();
    let sessie = app.store.read_point(move |conn| laad(conn, id)).await?;
    app.gate(&caller).may(Action::SessieLezen, &sessie)?;
    Answer::ok(&sessie)?.done()
}

/// Beëindigt een sessie; haar tokens werken binnen tien seconden nergens meer.
#[utoipa::path(
    tag = "Sessies",
    params(("id" = Id, Path, description = "Id van de sessie"), IdempotencyKey),
    request_body = Intrekking,
    responses((status = 201, description = "De beëindigde sessie", body = Sessie)),
    security(("toegang" = ["sessies:schrijven"])),
    extensions(("x-actie" = json!("sessie.beeindigen"))),
)]
#[post("/sessies/{id}/beeindigingen")]
pub(crate) async fn beeindig_sessie(app: Data<App>, caller: Caller, id: Path<Id>, idem: IdempotencyKey, body: Body<Intrekking>) -> Result<Answer, Problem> {
    let (id, gate, reden) = (id.into_inner(), app.gate(&caller), body.into_inner().reden);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), id)?;
            gate.may(Action::SessieBeeindigen, &oud)?;
            let nieuw = oud.beeindigen(EindeReden::Ingetrokken, now)?;
            store::sessies::beeindig(tx, id, EindeReden::Ingetrokken)?;
            tx.record(Change {
                handeling: "sessie.beeindigd",
                onderwerp_soort: "sessie",
                onderwerp_id: id.to_string(),
                organisatie_id: Some(oud.organisatie_id),
                na: Some(json!({ "persoonId": oud.persoon_id, "eindeReden": EindeReden::Ingetrokken, "beeindigdOp": now, "reden": reden })),
                ..Change::default()
            })?;
            Answer::created(&nieuw, format!("/sessies/{id}"))?.done()
        })
        .await;
    app.forget_callers();
    antwoord
}

/// Beëindigt alle sessies van een organisatie, bijvoorbeeld als haar accounts niet meer te vertrouwen zijn.
#[utoipa::path(
    tag = "Sessies",
    params(("id" = Id, Path, description = "Id van de organisatie"), IdempotencyKey),
    request_body = Intrekking,
    responses((status = 201, description = "Hoeveel sessies er zijn beëindigd", body = SessiesBeeindigd)),
    security(("toegang" = ["sessies:schrijven"])),
    extensions(("x-actie" = json!("sessie.organisatie-beeindigen"))),
)]
#[post("/organisaties/{id}/sessiebeeindigingen")]
pub(crate) async fn beeindig_sessies_van_organisatie(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    idem: IdempotencyKey,
    body: Body<Intrekking>,
) -> Result<Answer, Problem> {
    let (id, gate, reden) = (id.into_inner(), app.gate(&caller), body.into_inner().reden);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            store::organisaties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;
            gate.may(Action::SessieOrganisatieBeeindigen, &id)?;
            let aantal = store::sessies::beeindig_organisatie(tx, id, EindeReden::Ingetrokken)?;
            tx.record(Change {
                handeling: "sessies.beeindigd",
                onderwerp_soort: "organisatie",
                onderwerp_id: id.to_string(),
                organisatie_id: Some(id),
                na: Some(json!({ "aantal": aantal, "reden": reden })),
                ..Change::default()
            })?;
            Answer::created(&SessiesBeeindigd { organisatie_id: id, aantal, beeindigd_op: now }, format!("/sessies?organisatieId={id}"))?.done()
        })
        .await;
    app.forget_callers();
    antwoord
}
