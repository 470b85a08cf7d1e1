//! Wat er van een plan te zeggen valt: bevindingen, en het verschil met een andere versie.

use domain::autorisatieplannen::{Bevinding, Ernst, Planverschillen, bevindingen};

use super::{feiten, laad};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_bevindingen).service(lees_verschillen);
}

/// Waarop bevindingen te beperken zijn.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BevindingFilter {
    /// Weging.
    #[param(inline)]
    pub ernst: Option<Ernst>,
}

/// De bevindingen van een plan, met hun aantallen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Planbevindingen {
    /// Hoeveel fouten er zijn; zij houden indienen en vaststellen tegen.
    #[schema(minimum = 0, example = 1)]
    pub aantal_fouten: usize,
    /// Hoeveel waarschuwingen er zijn.
    #[schema(minimum = 0, example = 4)]
    pub aantal_waarschuwingen: usize,
    /// De bevindingen, op code en plaats; hoogstens duizend.
    pub bevindingen: Vec<Bevinding>,
}

pub(super) const MEESTE_BEVINDINGEN: usize = 1_000;

/// Geeft wat er aan een plan niet klopt, berekend uit wat nu bekend is.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), BevindingFilter),
    responses((status = 200, description = "De bevindingen", body = Planbevindingen)),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/bevindingen")]
pub(crate) async fn lijst_bevindingen(app: Data<App>, caller: Caller, id: Path<Id>, filter: Query<BevindingFilter>) -> Result<Answer, Problem> {
    let (id, gate, ernst) = (id.into_inner(), app.gate(&caller), filter.ernst);
    let (plan, alle) = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let plan = laad(conn, &gate, Action::AutorisatieplanLezen, id)?;
            let inhoud = store::autorisatieplannen::inhoud(conn, id)?;
            let feiten = feiten(conn, plan.organisatie_id, gate.vandaag())?;
            Ok((plan, bevindingen(&inhoud, &feiten, gate.vandaag())))
        })
        .await?;
    let aantal_fouten = alle.iter().filter(|b| b.ernst == Ernst::Fout).count();
    let aantal_waarschuwingen = alle.len() - aantal_fouten;
    let getoond = alle.into_iter().filter(|b| ernst.is_none_or(|e| e == b.ernst)).take(MEESTE_BEVINDINGEN);
    Answer::ok(&Planbevindingen { aantal_fouten, aantal_waarschuwingen, bevindingen: getoond.collect() })?.etag(plan.versie).done()
}

/// Met welke versie een plan te vergelijken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Vergelijking {
    /// Id van het plan om mee te vergelijken; zonder dit met het plan waarvan dit een nieuwe versie is.
    pub met: Option<Id>,
}

/// Geeft wat er in dit plan is toegevoegd, verwijderd en gewijzigd ten opzichte van een ander plan van dezelfde organisatie.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), Vergelijking),
    responses((status = 200, description = "De verschillen", body = Planverschillen)),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/verschillen")]
pub(crate) async fn lees_verschillen(app: Data<App>, caller: Caller, id: Path<Id>, vergelijking: Query<Vergelijking>) -> Result<Answer, Problem> {
    let (id, gate, met) = (id.into_inner(), app.gate(&caller), vergelijking.met);
    let verschillen = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let plan = laad(conn, &gate, Action::AutorisatieplanLezen, id)?;
            let was = match met.or(plan.gebaseerd_op) {
                Some(ander) => {
                    laad(conn, &gate, Action::AutorisatieplanLezen, ander)?;
                    store::autorisatieplannen::inhoud(conn, ander)?
                }
                None => domain::autorisatieplannen::Planinhoud::default(),
            };
            Ok(Planverschillen::tussen(&was, &store::autorisatieplannen::inhoud(conn, id)?))
        })
        .await?;
    Answer::ok(&verschillen)?.done()
}
