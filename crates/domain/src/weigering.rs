//! Waarom een regel iets weigert.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Een onderdeel dat ontbreekt om verder te mogen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ontbrekend {
    /// Code van de voorwaarde, bijvoorbeeld `aansluitvorm-gekozen`.
    #[schema(example = "aansluitvorm-gekozen")]
    pub code: String,
    /// Wat er nog moet gebeuren.
    #[schema(example = "Kies een aansluitvorm en motiveer die keuze.")]
    pub omschrijving: String,
}

/// Een regel van het domein staat deze handeling niet toe.
///
/// Wordt in de API een probleem met status 409 en deze `code`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Weigering {
    /// Vaste code van de regel, kebab-case.
    pub code: &'static str,
    /// Nederlandse tekst die zegt wat de aanroeper nu kan doen.
    pub detail: String,
    /// Wat er ontbreekt, als dat op te sommen is.
    pub ontbreekt: Vec<Ontbrekend>,
}

impl Weigering {
    /// Een weigering zonder lijst van ontbrekende onderdelen.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), ontbreekt: Vec::new() }
    }
}

/// Een tekst die geen waarde van de keuzelijst is (komt alleen uit een beschadigde opslag).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("onbekende waarde voor {soort}")]
pub struct OnbekendeWaarde {
    /// De keuzelijst.
    pub soort: &'static str,
}
