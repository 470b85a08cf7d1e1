//! Wie ben ik, voor welke organisatie, met welke rollen, en hoe sterk aangemeld.

use domain::personen::Rol;
use domain::toepassingen::Scope;

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_ik);
}

/// De aanroeper.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ik {
    /// `persoon` of `toepassing`.
    #[schema(example = "persoon")]
    pub soort: String,
    /// Id van de persoon of toepassing.
    pub id: Id,
    /// Naam.
    #[schema(example = "Lotte Voorbeeld")]
    pub naam: String,
    /// Id van de organisatie.
    pub organisatie_id: Id,
    /// Naam van de organisatie.
    #[schema(example = "Waterschap Voorbeeldland")]
    pub organisatie_naam: String,
    /// Functionele rollen; leeg voor een toepassing.
    pub rollen: Vec<Rol>,
    /// Scopes die dit token hier heeft.
    pub scopes: Vec<Scope>,
    /// Uitgever van het token.
    #[schema(example = "https://aansluitloket.example")]
    pub uitgever: String,
    /// Sterkte van de aanmelding volgens het token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://refeds.org/profile/mfa")]
    pub acr: Option<String>,
    /// Gebruikte middelen (RFC 8176).
    pub amr: Vec<String>,
    /// Moment van aanmelden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aangemeld_op: Option<Moment>,
    /// Tot wanneer het token geldt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geldig_tot_op: Option<Moment>,
}

/// Vertelt wie u bent.
///
/// Rollen en organisatie komen uit onze opslag, de sterkte van de aanmelding uit het token.
#[utoipa::path(
    tag = "Ik",
    responses((status = 200, description = "De aanroeper", body = Ik)),
    security(("toegang" = [])),
    extensions(("x-actie" = json!("ik.lezen"))),
)]
#[get("/ik")]
pub(crate) async fn lees_ik(caller: Caller) -> Result<Answer, Problem> {
    let (soort, naam) = match &caller.wie {
        Wie::Persoon(persoon) => ("persoon", persoon.naam.clone()),
        Wie::Toepassing(toepassing) => ("toepassing", toepassing.naam.clone()),
    };
    let aanmelding = caller.aanmelding.clone();
    Answer::ok(&Ik {
        soort: soort.to_owned(),
        id: caller.id(),
        naam,
        organisatie_id: caller.organisatie_id(),
        organisatie_naam: caller.organisatie.naam.clone(),
        rollen: caller.rollen().to_vec(),
        scopes: caller.scopes.iter().filter_map(|s| s.parse().ok()).collect(),
        uitgever: aanmelding.issuer,
        acr: aanmelding.acr,
        amr: aanmelding.amr,
        aangemeld_op: aanmelding.auth_time,
        geldig_tot_op: aanmelding.exp,
    })?
    .done()
}
