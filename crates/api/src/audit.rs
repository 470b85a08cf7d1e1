//! Het auditlogboek, om te lezen.

use domain::audit::Auditregel;
use store::AuditFilter;

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_auditregels);
}

/// Waarop het auditlogboek te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AuditregelFilter {
    /// Alleen over dit traject.
    pub traject_id: Option<Id>,
    /// Alleen over deze organisatie.
    pub organisatie_id: Option<Id>,
    /// Alleen over dit onderwerp.
    #[param(max_length = 80)]
    pub onderwerp_id: Option<String>,
    /// Alleen deze handeling.
    #[param(max_length = 80, example = "stapovergang.vastgelegd")]
    pub handeling: Option<String>,
}

/// Geeft auditregels, nieuwste eerst.
///
/// Landelijk functioneel beheer ziet alles; een organisatiebeheerder wat over de eigen organisatie gaat.
#[utoipa::path(
    tag = "Audit",
    params(AuditregelFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van auditregels", body = Lijst<Auditregel>)),
    security(("toegang" = ["audit:lezen"])),
    extensions(("x-actie" = json!("audit.lezen"))),
)]
#[get("/auditregels")]
pub(crate) async fn lijst_auditregels(app: Data<App>, caller: Caller, filter: Query<AuditregelFilter>, blad: Blad) -> Result<Answer, Problem> {
    let gate = app.gate(&caller);
    gate.may(Action::AuditLezen, &caller.organisatie_id())?;
    let filter = filter.into_inner();
    let filter = AuditFilter {
        traject_id: filter.traject_id,
        organisatie_id: filter.organisatie_id,
        onderwerp_id: filter.onderwerp_id,
        handeling: filter.handeling,
        nieuwste_eerst: true,
    };
    let (zicht, page) = (gate.zicht(Action::AuditLezen), blad.page()?);
    app.store.seal(app.clock.now()).await?;
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::audit_list(conn, &filter, &zicht, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}
