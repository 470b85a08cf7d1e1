//! Uitgaande post: wat er niet aankwam en waarom, voor wie bij NIPV over toegang gaat.

use domain::berichten::{Bericht, BerichtStatus};

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_berichten);
}

/// Waarop de lijst van berichten te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct BerichtFilter {
    /// Hoe ver het is; `opgegeven` is wat niet aankwam.
    #[param(inline)]
    pub status: Option<BerichtStatus>,
}

/// Geeft de uitgaande berichten van de laatste dertig dagen, nieuwste eerst, zonder hun inhoud.
#[utoipa::path(
    tag = "Aanmeldingen",
    params(BerichtFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van berichten", body = Lijst<Bericht>)),
    security(("toegang" = ["aanmeldingen:lezen"])),
    extensions(("x-actie" = json!("bericht.lezen"))),
)]
#[get("/berichten")]
pub(crate) async fn lijst_berichten(app: Data<App>, caller: Caller, filter: Query<BerichtFilter>, blad: Blad) -> Result<Answer, Problem> {
    app.gate(&caller).may_create(Action::BerichtLezen, &())?;
    let (status, page) = (filter.status, blad.page()?);
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::post::list(conn, status, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}
