//! Het logboek van aanmeldingen: wat er lukte, wat er geweigerd is en waarom, voor wie het kan oplossen.

use domain::aanmeldingen::{Aanmelding, Uitkomst};
use domain::diagnose::DiagnoseCode;

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_aanmeldingen).service(lees_aanmelding);
}

/// Waarop het logboek te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AanmeldingFilter {
    /// Id van de organisatie.
    pub organisatie_id: Option<Id>,
    /// Id van de identiteitsprovider.
    pub identiteitsprovider_id: Option<Id>,
    /// Id van het portaal.
    pub toepassing_id: Option<Id>,
    /// Hoe het afliep.
    pub uitkomst: Option<Uitkomst>,
    /// De oorzaak.
    pub code: Option<DiagnoseCode>,
    /// Het kenmerk van de foutpagina.
    #[param(max_length = 32)]
    pub trace_id: Option<String>,
}

/// Geeft de aanmeldingen die u mag zien, nieuwste eerst, met de diagnose van wat niet lukte.
#[utoipa::path(
    tag = "Aanmeldingen",
    params(AanmeldingFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van aanmeldingen", body = Lijst<Aanmelding>)),
    security(("toegang" = ["aanmeldingen:lezen"])),
    extensions(("x-actie" = json!("aanmelding.lezen"))),
)]
#[get("/aanmeldingen")]
pub(crate) async fn lijst_aanmeldingen(app: Data<App>, caller: Caller, filter: Query<AanmeldingFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (zicht, page) = (app.gate(&caller).zicht(Action::AanmeldingLezen), blad.page()?);
    let filter = store::aanmeldingen::Filter {
        organisatie_id: filter.organisatie_id,
        identiteitsprovider_id: filter.identiteitsprovider_id,
        toepassing_id: filter.toepassing_id,
        uitkomst: filter.uitkomst.map(|uitkomst| uitkomst.to_string()),
        code: filter.code.map(|code| code.to_string()),
        trace_id: filter.trace_id.clone(),
    };
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::aanmeldingen::list(conn, &filter, &zicht, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één aanmelding.
#[utoipa::path(
    tag = "Aanmeldingen",
    params(("id" = Id, Path, description = "Id van de aanmelding")),
    responses((status = 200, description = "De aanmelding", body = Aanmelding)),
    security(("toegang" = ["aanmeldingen:lezen"])),
    extensions(("x-actie" = json!("aanmelding.lezen"))),
)]
#[get("/aanmeldingen/{id}")]
pub(crate) async fn lees_aanmelding(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let id = id.into_inner();
    let aanmelding = app.store.read_point(move |conn| -> Result<_, Problem> { store::aanmeldingen::get(conn, id)?.ok_or_else(problem::niet_gevonden) }).await?;
    app.gate(&caller).may(Action::AanmeldingLezen, &aanmelding)?;
    Answer::ok(&aanmelding)?.done()
}
