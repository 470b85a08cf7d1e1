//! Regiotypen: indeling van organisaties naar gebied, door NIPV bijgehouden.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, klaar, verplicht};

/// Een regiotype.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Regiotype {
    /// Code.
    #[schema(example = "landelijk")]
    pub code: String,
    /// Naam.
    #[schema(example = "Landelijk werkend")]
    pub naam: String,
}

/// Gegevens van een nieuw regiotype.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwRegiotype {
    /// Code.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 40, example = "landelijk")]
    pub code: String,
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Landelijk werkend")]
    pub naam: String,
}

/// Het regiotype van een organisatie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegiotypeVanOrganisatie {
    /// Code uit `/regiotypen`.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 40, example = "landelijk")]
    pub code: String,
}

impl NieuwRegiotype {
    /// Maakt het regiotype.
    ///
    /// # Errors
    /// Als de naam leeg is, of de code al een betekenis heeft.
    pub fn maak(self) -> Result<Regiotype, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        if self.code == super::ONBEKEND {
            fouten.push(Veldfout::new("/code", "code-gereserveerd", "Deze code staat voor organisaties zonder regiotype. Kies een andere."));
        }
        klaar(fouten, Regiotype { code: self.code, naam: self.naam })
    }
}
