//! Geheimen van een client: hoogstens twee tegelijk, zodat wisselen zonder onderbreking kan.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Toepassing;
use crate::{Id, Moment, Weigering};

/// Hoeveel geheimen tegelijk geldig mogen zijn.
const TEGELIJK: usize = 2;
/// Langste geldigheid van een geheim.
const LANGST: TimeDelta = TimeDelta::days(366);

/// Een geheim van een client; de waarde zelf is alleen bij het maken te zien.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Geheim {
    /// Identificatie.
    pub id: Id,
    /// De toepassing.
    pub toepassing_id: Id,
    /// Moment van maken.
    pub aangemaakt_op: Moment,
    /// Tot wanneer het geheim geldt.
    pub verloopt_op: Moment,
    /// Laatste gebruik, op het uur nauwkeurig.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub laatst_gebruikt_op: Option<Moment>,
}

/// Gegevens om een geheim te maken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwGeheim {
    /// Tot wanneer het geheim geldt, ten hoogste een jaar vooruit; zonder waarde een jaar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub verloopt_op: Option<Moment>,
}

impl NieuwGeheim {
    /// Maakt een geheim naast de geldige geheimen die er zijn.
    ///
    /// # Errors
    /// `geen-geheimen` als de toepassing zich anders aanmeldt; `te-veel-geheimen`; `verloop-ongeldig`.
    pub fn maak(&self, id: Id, van: &Toepassing, bestaand: &[Geheim], nu: Moment) -> Result<Geheim, Weigering> {
        if !van.client_authenticatie.met_geheim() {
            return Err(Weigering::new("geen-geheimen", "Deze toepassing meldt zich niet met een geheim aan. Wijzig eerst 'clientAuthenticatie'."));
        }
        if bestaand.iter().filter(|geheim| geheim.geldig(nu)).count() >= TEGELIJK {
            return Err(Weigering::new("te-veel-geheimen", "Er zijn al twee geldige geheimen. Verwijder eerst het oude."));
        }
        let verloopt_op = self.verloopt_op.unwrap_or(nu + TimeDelta::days(365));
        if verloopt_op <= nu || verloopt_op > nu + LANGST {
            return Err(Weigering::new("verloop-ongeldig", "'verlooptOp' moet in de toekomst liggen, ten hoogste een jaar vooruit."));
        }
        Ok(Geheim { id, toepassing_id: van.id, aangemaakt_op: nu, verloopt_op, laatst_gebruikt_op: None })
    }
}

impl Geheim {
    /// Of het geheim nu geldt.
    #[must_use]
    pub fn geldig(&self, nu: Moment) -> bool {
        nu < self.verloopt_op
    }
}
