//! Deelname: wie deed mee, en wie is nog te laat. Alleen voor NIPV.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::prelude::*;
use crate::problem::Veldfout;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_deelname);
}

/// Over welk instrument en welk jaar.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeelnameFilter {
    /// Code van de vragenlijst.
    #[param(min_length = 1, max_length = 40, example = "SNW-3")]
    pub(crate) vragenlijst_code: String,
    /// Kalenderjaar; standaard dit jaar.
    #[param(minimum = 2000, maximum = 2200, example = 2026)]
    pub(crate) jaar: Option<i32>,
    /// Alleen organisaties in deze sector.
    #[param(max_length = 40, example = "water")]
    pub(crate) sector: Option<String>,
}

/// De deelname van één organisatie.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deelname {
    /// De organisatie.
    pub(crate) organisatie_id: Id,
    /// Haar naam.
    #[schema(example = "Waterbedrijf Voorbeeldmeer")]
    pub(crate) organisatie_naam: String,
    /// Haar sector.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "water")]
    pub(crate) sector_code: Option<String>,
    /// Of zij dit jaar een afname van deze lijst sloot.
    pub(crate) deelgenomen: bool,
    /// Of het jaar voorbij is zonder gesloten afname.
    pub(crate) te_laat: bool,
}

/// Geeft per organisatie die live is of zij meedeed; alleen voor NIPV.
#[utoipa::path(
    tag = "Staat van Netcentrisch Werken",
    params(DeelnameFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van organisaties", body = Lijst<Deelname>)),
    security(("toegang" = ["staat:lezen"])),
    extensions(("x-actie" = json!("staat.deelname-lezen"))),
)]
#[get("/staat-van-netcentrisch-werken/deelname")]
pub(crate) async fn lijst_deelname(app: Data<App>, caller: Caller, filter: Query<DeelnameFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (gate, filter, page) = (app.gate(&caller), filter.into_inner(), blad.page()?);
    gate.may_create(Action::StaatDeelnameLezen, &())?;
    let dit_jaar = gate.vandaag().year();
    let jaar = filter.jaar.unwrap_or(dit_jaar);
    if jaar > dit_jaar {
        return Err(Veldfout::query("jaar", "jaar-in-toekomst", "ligt in de toekomst").into());
    }
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let live = store::organisaties::Filter { sector_code: filter.sector, aansluitstatus: Some("live".to_owned()), zoek: None };
            let organisaties = store::organisaties::list(conn, &live, &page)?;
            let deelnemers: BTreeSet<Id> = store::staat::deelnemers(conn, &filter.vragenlijst_code, jaar)?.into_iter().collect();
            let deelname = |o: domain::organisaties::Organisatie| {
                let deelgenomen = deelnemers.contains(&o.id);
                Deelname { organisatie_id: o.id, organisatie_naam: o.naam, sector_code: o.sector_code, deelgenomen, te_laat: !deelgenomen && jaar < dit_jaar }
            };
            Ok(store::Bladzijde { items: organisaties.items.into_iter().map(deelname).collect(), volgende: organisaties.volgende })
        })
        .await?;
    blad.bladzijde(&gevonden)
}
