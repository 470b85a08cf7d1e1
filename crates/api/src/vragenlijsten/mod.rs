//! Vragenlijsten: NIPV beheert uitgaven, ieder leest ze.

use domain::vragenlijsten::{NieuweVragenlijst, Vragenlijst, VragenlijstIntrekking, VragenlijstStatus};
use store::Conn;

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_vragenlijstschema)
        .service(lijst_vragenlijsten)
        .service(lees_vragenlijst)
        .service(exporteer_vragenlijst)
        .service(maak_vragenlijst)
        .service(vervang_vragenlijst)
        .service(publiceer_vragenlijst)
        .service(trek_vragenlijst_in);
}

/// Waarop de lijst van vragenlijsten te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct VragenlijstFilter {
    /// Code van het instrument.
    #[param(max_length = 40, example = "SNW-3")]
    pub code: Option<String>,
    /// Stand.
    #[param(inline)]
    pub status: Option<VragenlijstStatus>,
}

/// Een concept bestaat alleen voor wie vragenlijsten beheert.
fn laad(conn: &mut Conn, gate: &Gate, id: Id) -> Result<Vragenlijst, Problem> {
    let lijst = store::vragenlijsten::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    let zichtbaar = lijst.status != VragenlijstStatus::Concept || gate.may_create(Action::VragenlijstBeheren, &()).is_ok();
    if zichtbaar { Ok(lijst) } else { Err(problem::niet_gevonden()) }
}

/// De uitgave waarop een nieuwe inhoud zegt te volgen.
fn vorige(conn: &mut Conn, inhoud: &NieuweVragenlijst) -> Result<Option<Vragenlijst>, Problem> {
    let Some(aanduiding) = &inhoud.volgt_op_uitgave else { return Ok(None) };
    let gevonden = store::vragenlijsten::uitgave(conn, &inhoud.code, aanduiding)?;
    let onbekend = || problem::ongeldig("/volgtOpUitgave", "uitgave-onbekend", "Deze uitgave van de vragenlijst bestaat niet.");
    gevonden.filter(|v| v.status != VragenlijstStatus::Concept).map(Some).ok_or_else(onbekend)
}

/// Geeft het JSON-schema waaraan een vragenlijst bij import en export voldoet.
#[utoipa::path(
    tag = "Vragenlijsten",
    responses((status = 200, description = "JSON Schema (2020-12)", content_type = "application/schema+json", body = serde_json::Value)),
    security(("toegang" = ["vragenlijsten:lezen"])),
    extensions(("x-actie" = json!("vragenlijst.lezen"))),
)]
#[get("/vragenlijsten/_schema")]
pub(crate) async fn lees_vragenlijstschema(app: Data<App>, caller: Caller) -> Result<actix_web::HttpResponse, Problem> {
    app.gate(&caller).may_create(Action::VragenlijstLezen, &())?;
    let schema = app.contract.schema("NieuweVragenlijst").ok_or_else(|| problem::fout("schema van de vragenlijst ontbreekt"))?;
    Ok(actix_web::HttpResponse::Ok().content_type("application/schema+json").body(schema.to_string()))
}

/// Geeft de uitgaven van vragenlijsten; concepten alleen voor wie ze beheert.
#[utoipa::path(
    tag = "Vragenlijsten",
    params(VragenlijstFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van vragenlijsten", body = Lijst<Vragenlijst>)),
    security(("toegang" = ["vragenlijsten:lezen"])),
    extensions(("x-actie" = json!("vragenlijst.lezen"))),
)]
#[get("/vragenlijsten")]
pub(crate) async fn lijst_vragenlijsten(app: Data<App>, caller: Caller, filter: Query<VragenlijstFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (gate, filter, page) = (app.gate(&caller), filter.into_inner(), blad.page()?);
    gate.may_create(Action::VragenlijstLezen, &())?;
    let filter = store::vragenlijsten::Filter {
        code: filter.code,
        status: filter.status.map(|s| s.to_string()),
        met_concepten: gate.may_create(Action::VragenlijstBeheren, &()).is_ok(),
    };
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::vragenlijsten::list(conn, &filter, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één uitgave van een vragenlijst.
#[utoipa::path(
    tag = "Vragenlijsten",
    params(("id" = Id, Path, description = "Id van de vragenlijst")),
    responses((status = 200, description = "De vragenlijst", body = Vragenlijst)),
    security(("toegang" = ["vragenlijsten:lezen"])),
    extensions(("x-actie" = json!("vragenlijst.lezen"))),
)]
#[get("/vragenlijsten/{id}")]
pub(crate) async fn lees_vragenlijst(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    gate.may(Action::VragenlijstLezen, &())?;
    let lijst = app.store.read_point(move |conn| laad(conn, &gate, id)).await?;
    Answer::ok(&lijst)?.etag(lijst.versie).done()
}

/// Geeft een uitgave in de vorm waarin zij elders weer te laden is.
#[utoipa::path(
    tag = "Vragenlijsten",
    params(("id" = Id, Path, description = "Id van de vragenlijst")),
    responses((status = 200, description = "De inhoud, volgens het schema van `/vragenlijsten/_schema`", body = NieuweVragenlijst)),
    security(("toegang" = ["vragenlijsten:lezen"])),
    extensions(("x-actie" = json!("vragenlijst.lezen"))),
)]
#[get("/vragenlijsten/{id}/export")]
pub(crate) async fn exporteer_vragenlijst(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    gate.may(Action::VragenlijstLezen, &())?;
    let lijst = app.store.read_point(move |conn| laad(conn, &gate, id)).await?;
    Answer::ok(&lijst.inhoud)?.done()
}

/// Laadt een vragenlijst als concept: een nieuwe lijst, of een volgende uitgave.
///
/// Dezelfde vorm als de export. Met `volgtOpUitgave` en per vraag `vervolgOp` blijven trends bestaan.
#[utoipa::path(
    tag = "Vragenlijsten",
    params(IdempotencyKey),
    request_body = NieuweVragenlijst,
    responses((status = 201, description = "Het concept", body = Vragenlijst)),
    security(("toegang" = ["vragenlijsten:schrijven"])),
    extensions(("x-actie" = json!("vragenlijst.beheren"))),
)]
#[post("/vragenlijsten")]
pub(crate) async fn maak_vragenlijst(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuweVragenlijst>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may_create(Action::VragenlijstBeheren, &())?;
        let vorige = vorige(tx.conn(), &body)?;
        let nieuw = body.clone().maak(tx.nieuw_id(), vorige.as_ref(), now)?;
        store::vragenlijsten::insert(tx, &nieuw)?;
        tx.record(organisatie_van("vragenlijst.begonnen", "vragenlijst", nieuw.id, None, None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/vragenlijsten/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Vervangt de inhoud van een concept.
#[utoipa::path(
    tag = "Vragenlijsten",
    params(("id" = Id, Path, description = "Id van de vragenlijst"), IfMatch),
    request_body = NieuweVragenlijst,
    responses((status = 200, description = "Het gewijzigde concept", body = Vragenlijst)),
    security(("toegang" = ["vragenlijsten:schrijven"])),
    extensions(("x-actie" = json!("vragenlijst.beheren"))),
)]
#[put("/vragenlijsten/{id}")]
pub(crate) async fn vervang_vragenlijst(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    body: Body<NieuweVragenlijst>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, id)?;
        gate.may(Action::VragenlijstBeheren, &())?;
        if_match.check(oud.versie)?;
        oud.te_wijzigen()?;
        let vorige = vorige(tx.conn(), &body)?;
        let nieuw = oud.vervangen(body.clone(), vorige.as_ref(), now)?;
        store::vragenlijsten::update(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("vragenlijst.gewijzigd", "vragenlijst", id, None, Some(&oud), Some(&nieuw))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}

/// Publiceert een concept; daarna verandert het nooit meer.
#[utoipa::path(
    tag = "Vragenlijsten",
    params(("id" = Id, Path, description = "Id van de vragenlijst"), IfMatch, IdempotencyKey),
    responses((status = 201, description = "De gepubliceerde vragenlijst", body = Vragenlijst)),
    security(("toegang" = ["vragenlijsten:schrijven"])),
    extensions(("x-actie" = json!("vragenlijst.beheren"))),
)]
#[post("/vragenlijsten/{id}/publicaties")]
pub(crate) async fn publiceer_vragenlijst(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, idem: IdempotencyKey) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, id)?;
        gate.may(Action::VragenlijstBeheren, &())?;
        if_match.check(oud.versie)?;
        let nieuw = oud.publiceren(now)?;
        store::vragenlijsten::update(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("vragenlijst.gepubliceerd", "vragenlijst", id, None, Some(&oud), Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/vragenlijsten/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}

/// Trekt een uitgave in: geen nieuwe afnames meer; wat gemeten is blijft.
#[utoipa::path(
    tag = "Vragenlijsten",
    params(("id" = Id, Path, description = "Id van de vragenlijst"), IfMatch, IdempotencyKey),
    request_body = VragenlijstIntrekking,
    responses((status = 201, description = "De ingetrokken vragenlijst", body = Vragenlijst)),
    security(("toegang" = ["vragenlijsten:schrijven"])),
    extensions(("x-actie" = json!("vragenlijst.beheren"))),
)]
#[post("/vragenlijsten/{id}/intrekkingen")]
pub(crate) async fn trek_vragenlijst_in(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<VragenlijstIntrekking>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, id)?;
        gate.may(Action::VragenlijstBeheren, &())?;
        if_match.check(oud.versie)?;
        let nieuw = oud.intrekken(now)?;
        store::vragenlijsten::update(tx, &nieuw, oud.versie)?;
        let na = serde_json::json!({ "status": nieuw.status, "reden": body.reden, "versie": nieuw.versie });
        tx.record(organisatie_van("vragenlijst.ingetrokken", "vragenlijst", id, None, None, Some(&na))?)?;
        Answer::created(&nieuw, format!("/vragenlijsten/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}
