//! Besluiten over een plan teruglezen: iedere indiening, elk akkoord, elke terugwijzing.

use domain::autorisatieplannen::{Besluitsoort, Planbesluit};

use super::laad;
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_plan_indieningen).service(lees_plan_indiening);
    cfg.service(lijst_plan_akkoorden).service(lees_plan_akkoord);
    cfg.service(lijst_plan_terugwijzingen).service(lees_plan_terugwijzing);
    cfg.service(lijst_plan_vaststellingen).service(lees_plan_vaststelling);
    cfg.service(lijst_plan_intrekkingen).service(lees_plan_intrekking);
}

/// Onder welk pad de besluiten van een soort staan.
pub(super) const fn pad(soort: Besluitsoort) -> &'static str {
    match soort {
        Besluitsoort::Indiening => "indieningen",
        Besluitsoort::Akkoord => "akkoorden",
        Besluitsoort::Terugwijzing => "terugwijzingen",
        Besluitsoort::Vaststelling => "vaststellingen",
        Besluitsoort::Intrekking => "intrekkingen",
    }
}

async fn lijst(app: Data<App>, caller: Caller, id: Id, soort: Besluitsoort, blad: Blad) -> Result<Answer, Problem> {
    let gate = app.gate(&caller);
    let mut besluiten = app.store.read_point(move |conn| laad(conn, &gate, Action::AutorisatieplanLezen, id)).await?.besluiten;
    besluiten.retain(|besluit| besluit.soort == soort);
    blad.uit_geheugen(&besluiten, |besluit| besluit.id)
}

async fn een(app: Data<App>, caller: Caller, (id, besluit): (Id, Id), soort: Besluitsoort) -> Result<Answer, Problem> {
    let gate = app.gate(&caller);
    let besluiten = app.store.read_point(move |conn| laad(conn, &gate, Action::AutorisatieplanLezen, id)).await?.besluiten;
    let gevonden = besluiten.into_iter().find(|b| b.id == besluit && b.soort == soort);
    Answer::ok(&gevonden.ok_or_else(problem::niet_gevonden)?)?.done()
}

#[rustfmt::skip]
macro_rules! lezen {
    ($lijst:ident, $een:ident, $soort:ident, $pad:literal, $pad_een:literal, $uitleg:literal, $uitleg_een:literal) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Autorisatieplannen",
            params(("id" = Id, Path, description = "Id van het autorisatieplan"), BladParams),
            responses((status = 200, description = "Een bladzijde, oudste eerst", body = Lijst<Planbesluit>)),
            security(("toegang" = ["autorisatieplannen:lezen"])),
            extensions(("x-actie" = json!("autorisatieplan.lezen"))),
        )]
        #[get($pad)]
        pub(crate) async fn $lijst(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
            lijst(app, caller, id.into_inner(), Besluitsoort::$soort, blad).await
        }

        #[doc = $uitleg_een]
        #[utoipa::path(
            tag = "Autorisatieplannen",
            params(("id" = Id, Path, description = "Id van het autorisatieplan"), ("besluitId" = Id, Path, description = "Id van het besluit")),
            responses((status = 200, description = "Het besluit", body = Planbesluit)),
            security(("toegang" = ["autorisatieplannen:lezen"])),
            extensions(("x-actie" = json!("autorisatieplan.lezen"))),
        )]
        #[get($pad_een)]
        pub(crate) async fn $een(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
            een(app, caller, pad.into_inner(), Besluitsoort::$soort).await
        }
    };
}

lezen!(
    lijst_plan_indieningen,
    lees_plan_indiening,
    Indiening,
    "/autorisatieplannen/{id}/indieningen",
    "/autorisatieplannen/{id}/indieningen/{besluitId}",
    "Geeft wanneer en door wie een plan is ingediend.",
    "Geeft één indiening van een plan."
);
lezen!(
    lijst_plan_akkoorden,
    lees_plan_akkoord,
    Akkoord,
    "/autorisatieplannen/{id}/akkoorden",
    "/autorisatieplannen/{id}/akkoorden/{besluitId}",
    "Geeft de akkoorden van LFB op een plan.",
    "Geeft één akkoord op een plan."
);
lezen!(
    lijst_plan_terugwijzingen,
    lees_plan_terugwijzing,
    Terugwijzing,
    "/autorisatieplannen/{id}/terugwijzingen",
    "/autorisatieplannen/{id}/terugwijzingen/{besluitId}",
    "Geeft de terugwijzingen van een plan met hun opmerkingen.",
    "Geeft één terugwijzing van een plan."
);
lezen!(
    lijst_plan_vaststellingen,
    lees_plan_vaststelling,
    Vaststelling,
    "/autorisatieplannen/{id}/vaststellingen",
    "/autorisatieplannen/{id}/vaststellingen/{besluitId}",
    "Geeft de vaststelling van een plan, als die er is.",
    "Geeft één vaststelling van een plan."
);
lezen!(
    lijst_plan_intrekkingen,
    lees_plan_intrekking,
    Intrekking,
    "/autorisatieplannen/{id}/intrekkingen",
    "/autorisatieplannen/{id}/intrekkingen/{besluitId}",
    "Geeft de intrekking van een plan, als die er is.",
    "Geeft één intrekking van een plan."
);
