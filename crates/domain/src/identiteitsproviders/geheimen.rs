//! Geheimen van een registratie: alleen te schrijven, twee tegelijk om zonder onderbreking te wisselen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, klaar};
use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

/// Hoeveel geheimen van één soort tegelijk mogen gelden.
const TEGELIJK: usize = 2;
/// Op hoeveel dagen vóór het verlopen gewaarschuwd wordt, ver naar dichtbij.
pub const WAARSCHUW_DAGEN: [i64; 3] = [60, 30, 7];

keuze! {
    /// Soort geheim.
    GeheimSoort { /// Een geheim dat de IdP ons gaf.
        ClientSecret = "client-secret", /// Een sleutelpaar dat wij maakten; de IdP kent het publieke deel.
        Sleutel = "sleutel" }
}

/// Een geheim van een registratie, zonder het geheim zelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdpGeheim {
    /// Identificatie.
    pub id: Id,
    /// De registratie.
    pub identiteitsprovider_id: Id,
    /// Soort.
    pub soort: GeheimSoort,
    /// De publieke JWK, bij een sleutel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub publiek: Option<serde_json::Value>,
    /// Wanneer het bij de IdP verloopt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vervalt_op: Option<Moment>,
    /// Wanneer het voor het laatst gebruikt is; op een uur nauwkeurig.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laatst_gebruikt_op: Option<Moment>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
}

/// Een nieuw geheim.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwIdpGeheim {
    /// Soort; bij `sleutel` maken wij zelf een sleutelpaar.
    pub soort: GeheimSoort,
    /// Het geheim dat de IdP gaf; alleen bij `client-secret`. Komt nooit meer terug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 8, max_length = 1000, write_only, nullable = false, example = "voorbeeld-geheim-van-de-idp")]
    pub waarde: Option<String>,
    /// Wanneer het bij de IdP verloopt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub vervalt_op: Option<Moment>,
}

impl std::fmt::Debug for NieuwIdpGeheim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NieuwIdpGeheim({})", self.soort)
    }
}

impl NieuwIdpGeheim {
    /// Keurt een nieuw geheim naast wat er al geldt.
    ///
    /// # Errors
    /// Veldfouten in de opgave.
    pub fn keur(&self, nu: Moment) -> Result<(), Vec<Veldfout>> {
        let mut fouten = Vec::new();
        match (self.soort, &self.waarde) {
            (GeheimSoort::ClientSecret, None) => fouten.push(Veldfout::new("/waarde", "verplicht", "Geef het geheim dat de aanmelddienst u gaf.")),
            (GeheimSoort::ClientSecret, Some(waarde)) if waarde.trim().len() < 8 || waarde.chars().all(|t| t == '*') => {
                fouten.push(Veldfout::new("/waarde", "geheim-ongeldig", "Dit is geen geheim; geef de waarde die de aanmelddienst één keer liet zien."));
            }
            (GeheimSoort::Sleutel, Some(_)) => {
                fouten.push(Veldfout::new("/waarde", "geheim-overbodig", "Het sleutelpaar maken wij zelf; laat dit veld weg."));
            }
            _ => {}
        }
        if self.vervalt_op.is_some_and(|op| op <= nu) {
            fouten.push(Veldfout::new("/vervaltOp", "vervallen", "Dit moment ligt in het verleden."));
        }
        klaar(fouten, ())
    }

    /// Of er nog een geheim van deze soort bij mag.
    ///
    /// # Errors
    /// `te-veel-geheimen`.
    pub fn past_naast(&self, geldig: &[IdpGeheim]) -> Result<(), Weigering> {
        if geldig.iter().filter(|g| g.soort == self.soort).count() >= TEGELIJK {
            return Err(Weigering::new(
                "te-veel-geheimen",
                "Er gelden al twee geheimen van deze soort. Verwijder eerst het oude; kijk bij 'laatstGebruiktOp' welk dat is.",
            ));
        }
        Ok(())
    }
}

/// De grens (in dagen) waarvoor nu gewaarschuwd moet worden, als dat nog niet gebeurd is.
#[must_use]
pub fn te_waarschuwen(vervalt_op: Moment, gewaarschuwd: Option<i64>, nu: Moment) -> Option<i64> {
    let resterend = vervalt_op - nu;
    let grens = WAARSCHUW_DAGEN.iter().copied().rev().find(|dagen| resterend <= chrono::TimeDelta::days(*dagen))?;
    gewaarschuwd.is_none_or(|eerder| grens < eerder).then_some(grens)
}
