//! De inhoud van een plan: lezen, vervangen, bewerken. Wie op een oudere versie werkte, hoort wat er intussen veranderde.

use std::collections::HashMap;

use actix_web::Either;
use domain::autorisatieplannen::{Autorisatieplan, KOPPEN, Planbewerking, Planinhoud, Planverschillen, zelf_toegekend};
use store::{Conn, Tx};

use super::laad;
use crate::gebruikers::Tabel;
use crate::invoer::Vorm;
use crate::prelude::*;
use crate::tabelbestand::Tabelbestand;
use crate::van_organisatie::{self, eigen_gebruikers};

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_planinhoud).service(vervang_planinhoud).service(bewerk_plan);
}

/// Hoeveel veranderde plaatsen een 412 hoogstens noemt.
const MEESTE_PLAATSEN: usize = 200;

/// Geeft de inhoud van een plan: profielen en toewijzingen, in vaste volgorde.
///
/// Als JSON, of als tabel (CSV of werkmap) met één rij per profiel, recht en toewijzing. De tabel noemt e-mailadressen als u de
/// gebruikerslijst mag zien, en is zonder verlies weer te importeren.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan")),
    responses((status = 200, description = "De inhoud", content(
        (Planinhoud = "application/json"),
        (Tabel = "text/csv"),
        (Tabel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/inhoud")]
pub(crate) async fn lees_planinhoud(app: Data<App>, caller: Caller, id: Path<Id>, vorm: Vorm) -> Result<Either<Answer, Tabelbestand>, Problem> {
    let (id, gate, soort) = (id.into_inner(), app.gate(&caller), vorm.tabel());
    app.store
        .read(move |conn| -> Result<_, Problem> {
            let plan = laad(conn, &gate, Action::AutorisatieplanLezen, id)?;
            let inhoud = store::autorisatieplannen::inhoud(conn, id)?;
            let Some(soort) = soort else { return Ok(Either::Left(Answer::ok(&inhoud)?.etag(plan.versie))) };
            let adressen: HashMap<Id, String> = adressen(conn, &gate, plan.organisatie_id)?.into_iter().map(|(email, id)| (id, email)).collect();
            let rijen = inhoud.rijen(|gebruiker| adressen.get(&gebruiker).cloned());
            Ok(Either::Right(Tabelbestand::maak(soort, "autorisatieplan", &KOPPEN, rijen)?))
        })
        .await
}

/// De adressen van de gebruikers, voor wie de gebruikerslijst mag zien.
pub(super) fn adressen(conn: &mut Conn, gate: &Gate, organisatie: Id) -> Result<HashMap<String, Id>, Problem> {
    if gate.may(Action::GebruikerLezen, &van_organisatie::laad(conn, organisatie)?).is_err() {
        return Ok(HashMap::new());
    }
    Ok(store::gebruikers::alle(conn, organisatie)?.into_iter().map(|(email, g)| (email, g.id)).collect())
}

/// Vervangt de hele inhoud van een plan.
///
/// Is het plan intussen gewijzigd, dan noemt het antwoord (412) in `gewijzigd` wat er sinds uw versie veranderde.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), IfMatch),
    request_body = Planinhoud,
    responses((status = 200, description = "Het plan met de nieuwe inhoud", body = Autorisatieplan)),
    security(("toegang" = ["autorisatieplannen:schrijven"])),
    extensions(("x-actie" = json!("autorisatieplan.opstellen")), ("x-max-body" = json!(8388608))),
)]
#[put("/autorisatieplannen/{id}/inhoud")]
pub(crate) async fn vervang_planinhoud(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, body: Body<Planinhoud>) -> Result<Answer, Problem> {
    let (id, gate, nieuw) = (id.into_inner(), app.gate(&caller), body.into_inner().geordend()?);
    app.write(&caller, None, move |tx, _| {
        let plan = zet(tx, &gate, id, &if_match, |_| Ok(nieuw.clone()))?;
        Answer::ok(&plan)?.etag(plan.versie).done()
    })
    .await
}

/// Bewerkt een deel van een plan: profielen en toewijzingen zetten of verwijderen, de rest blijft.
///
/// Met een profiel verdwijnen zijn toewijzingen. Is het plan intussen gewijzigd, dan noemt het antwoord (412) wat er veranderde.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), IfMatch, IdempotencyKey),
    request_body = Planbewerking,
    responses((status = 201, description = "Het bewerkte plan", body = Autorisatieplan)),
    security(("toegang" = ["autorisatieplannen:schrijven"])),
    extensions(("x-actie" = json!("autorisatieplan.opstellen"))),
)]
#[post("/autorisatieplannen/{id}/bewerkingen")]
pub(crate) async fn bewerk_plan(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Planbewerking>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, _| {
        let plan = zet(tx, &gate, id, &if_match, |oud| Ok(oud.bewerkt(&body)?))?;
        Answer::created(&plan, format!("/autorisatieplannen/{id}"))?.etag(plan.versie).done()
    })
    .await
}

/// Wat er zou veranderen: het plan en zijn inhoud zoals die waren en zoals die worden.
pub(super) struct Voornemen {
    pub(super) oud: Autorisatieplan,
    pub(super) plan: Autorisatieplan,
    pub(super) wordt: Planinhoud,
    pub(super) verschillen: Planverschillen,
}

/// Keurt nieuwe inhoud, gemaakt uit de oude, zonder iets vast te leggen.
pub(super) fn keur(
    conn: &mut Conn,
    gate: &Gate,
    id: Id,
    if_match: &IfMatch,
    nu: Moment,
    maak: impl FnOnce(&Planinhoud) -> Result<Planinhoud, Problem>,
) -> Result<Voornemen, Problem> {
    let oud = laad(conn, gate, Action::AutorisatieplanOpstellen, id)?;
    let was = store::autorisatieplannen::inhoud(conn, id)?;
    bij_de_tijd(conn, if_match, &oud, &was)?;
    let wordt = maak(&was)?;
    let plan = oud.met_inhoud(&wordt, nu)?;
    zelf_toegekend(&was, &wordt, &eigen_gebruikers(conn, gate, oud.organisatie_id)?)?;
    Ok(Voornemen { verschillen: Planverschillen::tussen(&was, &wordt), oud, plan, wordt })
}

/// Zet nieuwe inhoud, gemaakt uit de oude.
pub(super) fn zet(
    tx: &mut Tx<'_>,
    gate: &Gate,
    id: Id,
    if_match: &IfMatch,
    maak: impl FnOnce(&Planinhoud) -> Result<Planinhoud, Problem>,
) -> Result<Autorisatieplan, Problem> {
    let now = tx.now();
    let Voornemen { oud, plan, wordt, verschillen } = keur(tx.conn(), gate, id, if_match, now, maak)?;
    store::autorisatieplannen::update(tx, &plan, oud.versie)?;
    store::autorisatieplannen::zet_inhoud(tx, &plan, &wordt, &verschillen, gate.caller().persoon().map(|p| p.id))?;
    tx.record(organisatie_van("autorisatieplan.gewijzigd", "autorisatieplan", id, Some(oud.organisatie_id), None, Some(&verschillen))?)?;
    Ok(plan)
}

/// 412 voor wie op een oudere versie werkte, met wat er sindsdien veranderde.
fn bij_de_tijd(conn: &mut Conn, if_match: &IfMatch, plan: &Autorisatieplan, nu: &Planinhoud) -> Result<(), Problem> {
    let Err(mut verouderd) = if_match.check(plan.versie) else { return Ok(()) };
    if let Some(gelezen) = if_match.newest().filter(|gelezen| (1..plan.versie).contains(gelezen)) {
        let toen = store::autorisatieplannen::inhoud_bij(conn, plan.id, gelezen)?;
        verouderd.gewijzigd = Planverschillen::tussen(&toen, nu).plaatsen(nu);
        verouderd.gewijzigd.truncate(MEESTE_PLAATSEN);
    }
    Err(verouderd)
}
