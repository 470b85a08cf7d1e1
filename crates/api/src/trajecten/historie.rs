//! De historie van een traject: uit het auditlogboek, voor iedereen die het traject mag lezen.

use domain::audit::Auditregel;
use store::{AuditFilter, Bladzijde, Zicht};

use super::laad;
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_historie);
}

/// Eén regel van de historie.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Historieregel {
    /// Volgnummer in het logboek.
    #[schema(minimum = 1, example = 1042)]
    pub volgnummer: i64,
    /// Moment.
    pub op: Moment,
    /// Wat er gebeurde.
    #[schema(example = "stapovergang.vastgelegd")]
    pub handeling: String,
    /// Soort onderwerp.
    #[schema(example = "stapovergang")]
    pub onderwerp_soort: String,
    /// Id van het onderwerp.
    pub onderwerp_id: String,
    /// Wie het deed.
    pub door: domain::audit::Door,
    /// Wat is vastgelegd.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub inhoud: Option<serde_json::Value>,
}

impl From<Auditregel> for Historieregel {
    fn from(r: Auditregel) -> Self {
        Self {
            volgnummer: r.volgnummer.unwrap_or_default(),
            op: r.op,
            handeling: r.handeling,
            onderwerp_soort: r.onderwerp_soort,
            onderwerp_id: r.onderwerp_id,
            door: r.door,
            inhoud: r.na,
        }
    }
}

/// Geeft de historie van een traject, nieuwste eerst.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), BladParams),
    responses((status = 200, description = "Een bladzijde van de historie", body = Lijst<Historieregel>)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/historie")]
pub(crate) async fn lijst_historie(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    app.store.seal(app.clock.now()).await?;
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::TrajectLezen, id)?;
            let filter = AuditFilter { traject_id: Some(id), nieuwste_eerst: true, ..AuditFilter::default() };
            Ok(store::audit_list(conn, &filter, &Zicht::Alles, &page)?)
        })
        .await?;
    blad.bladzijde(&Bladzijde { items: gevonden.items.into_iter().map(Historieregel::from).collect(), volgende: gevonden.volgende })
}
