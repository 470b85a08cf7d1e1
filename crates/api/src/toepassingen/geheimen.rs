//! Geheimen van een toepassing: eenmaal te zien, daarna alleen te vervangen of te verwijderen.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::toepassingen::{Geheim, NieuwGeheim, Toepassing};
use store::toepassingen::geheimen;

use super::laad;
use crate::oidc::hashed;
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_geheimen).service(lees_geheim).service(maak_geheim).service(verwijder_geheim);
}

/// Een nieuw geheim, met de waarde.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UitgegevenGeheim {
    /// De waarde (`client_secret`); wij bewaren haar niet en tonen haar niet nog eens.
    #[schema(example = "wCk1o0dM3V2vVYd7z0Qm3b1a9J8sT4uX6yZ5eR2fGhI")]
    pub geheim: String,
    /// Identificatie.
    pub id: Id,
    /// De toepassing.
    pub toepassing_id: Id,
    /// Moment van maken.
    pub aangemaakt_op: Moment,
    /// Tot wanneer het geheim geldt.
    pub verloopt_op: Moment,
}

fn van(conn: &mut store::Conn, gate: &Gate, id: Id, actie: Action) -> Result<Toepassing, Problem> {
    let toepassing = laad(conn, id)?;
    gate.may(actie, &toepassing)?;
    Ok(toepassing)
}

fn zonder_hash(lijst: Vec<(Geheim, String)>) -> Vec<Geheim> {
    lijst.into_iter().map(|(geheim, _)| geheim).collect()
}

/// Geeft de geheimen van een toepassing, zonder hun waarde.
///
/// Het zijn er hoogstens enkele; de lijst is daarom altijd één bladzijde.
#[utoipa::path(
    tag = "Toepassingen",
    params(("id" = Id, Path, description = "Id van de toepassing"), BladParams),
    responses((status = 200, description = "De geheimen", body = Lijst<Geheim>)),
    security(("toegang" = ["toepassingen:lezen"])),
    extensions(("x-actie" = json!("toepassing.lezen"))),
)]
#[get("/toepassingen/{id}/geheimen")]
pub(crate) async fn lijst_geheimen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            van(conn, &gate, id, Action::ToepassingLezen)?;
            Ok(zonder_hash(geheimen::list(conn, id)?))
        })
        .await?;
    blad.answer::<Geheim, i64>(&gevonden, None)
}

/// Geeft één geheim, zonder zijn waarde.
#[utoipa::path(
    tag = "Toepassingen",
    params(("id" = Id, Path, description = "Id van de toepassing"), ("geheimId" = Id, Path, description = "Id van het geheim")),
    responses((status = 200, description = "Het geheim", body = Geheim)),
    security(("toegang" = ["toepassingen:lezen"])),
    extensions(("x-actie" = json!("toepassing.lezen"))),
)]
#[get("/toepassingen/{id}/geheimen/{geheimId}")]
pub(crate) async fn lees_geheim(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let ((id, geheim_id), gate) = (pad.into_inner(), app.gate(&caller));
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            van(conn, &gate, id, Action::ToepassingLezen)?;
            zonder_hash(geheimen::list(conn, id)?).into_iter().find(|geheim| geheim.id == geheim_id).ok_or_else(problem::niet_gevonden)
        })
        .await?;
    Answer::ok(&gevonden)?.done()
}

/// Maakt een geheim; de waarde staat alleen in dit antwoord.
///
/// Er mogen er twee tegelijk gelden: maak het nieuwe, zet de toepassing om, en verwijder het oude. Zonder
/// `Idempotency-Key`, want het antwoord wordt nergens bewaard.
#[utoipa::path(
    tag = "Toepassingen",
    params(("id" = Id, Path, description = "Id van de toepassing")),
    request_body = NieuwGeheim,
    responses((status = 201, description = "Het geheim met zijn waarde", body = UitgegevenGeheim)),
    security(("toegang" = ["toepassingen:schrijven"])),
    extensions(("x-actie" = json!("toepassing.beheren"))),
)]
#[post("/toepassingen/{id}/geheimen")]
pub(crate) async fn maak_geheim(app: Data<App>, caller: Caller, id: Path<Id>, body: Body<NieuwGeheim>) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    let mut bytes = [0; 32];
    app.rng.fill(&mut bytes);
    let waarde = URL_SAFE_NO_PAD.encode(bytes);
    app.write(&caller, None, move |tx, now| {
        let toepassing = van(tx.conn(), &gate, id, Action::ToepassingBeheren)?;
        let bestaand = zonder_hash(geheimen::list(tx.conn(), id)?);
        let nieuw = body.maak(tx.nieuw_id(), &toepassing, &bestaand, now)?;
        geheimen::insert(tx, &nieuw, &hashed(&waarde))?;
        tx.record(organisatie_van("geheim.gemaakt", "toepassing", id, Some(toepassing.organisatie_id), None, Some(&nieuw))?)?;
        let Geheim { id: geheim_id, toepassing_id, aangemaakt_op, verloopt_op, .. } = nieuw;
        let antwoord = UitgegevenGeheim { geheim: waarde.clone(), id: geheim_id, toepassing_id, aangemaakt_op, verloopt_op };
        Answer::created(&antwoord, format!("/toepassingen/{id}/geheimen/{geheim_id}"))?.done()
    })
    .await
}

/// Verwijdert een geheim; het werkt dan meteen niet meer. `If-Match` draagt de ETag van de toepassing.
#[utoipa::path(
    tag = "Toepassingen",
    params(("id" = Id, Path, description = "Id van de toepassing"), ("geheimId" = Id, Path, description = "Id van het geheim"), IfMatch),
    responses((status = 204, description = "Het geheim is weg")),
    security(("toegang" = ["toepassingen:schrijven"])),
    extensions(("x-actie" = json!("toepassing.beheren"))),
)]
#[delete("/toepassingen/{id}/geheimen/{geheimId}")]
pub(crate) async fn verwijder_geheim(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
    let ((id, geheim_id), gate) = (pad.into_inner(), app.gate(&caller));
    app.write(&caller, None, move |tx, now| {
        let toepassing = van(tx.conn(), &gate, id, Action::ToepassingBeheren)?;
        if !geheimen::delete(tx, id, geheim_id)? {
            return Err(problem::niet_gevonden());
        }
        if_match.check(toepassing.versie)?;
        store::toepassingen::update(tx, &toepassing.zonder_een_geheim(now), toepassing.versie)?;
        let weg = serde_json::json!({ "geheimId": geheim_id });
        tx.record(organisatie_van("geheim.verwijderd", "toepassing", id, Some(toepassing.organisatie_id), Some(&weg), None)?)?;
        Ok(Answer::no_content())
    })
    .await
}
