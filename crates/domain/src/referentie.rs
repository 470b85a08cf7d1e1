//! Referentiegegevens van NIPV: sectoren, aansluitvormen en het stappenplan.

mod stappenplannen;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, klaar, verplicht};
use crate::keuze::keuze;

pub use stappenplannen::*;

keuze! {
    /// Stand van een stappenplan.
    StappenplanStatus { /// In bewerking.
        Concept = "concept", /// Vastgesteld en onveranderlijk.
        Gepubliceerd = "gepubliceerd", /// Niet meer voor nieuwe trajecten.
        Ingetrokken = "ingetrokken" }
}

/// Een sector. De bron geeft geen vaste lijst: NIPV beheert haar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sector {
    /// Code, kebab-case.
    #[schema(example = "water")]
    pub code: String,
    /// Naam.
    #[schema(example = "Water en drinkwater")]
    pub naam: String,
    /// Of de sector niet meer gekozen kan worden.
    pub vervallen: bool,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Een vorm van aansluiten (stap 2, 'Eerste inschatting en keuze van aansluitvorm').
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Aansluitvorm {
    /// Code, kebab-case.
    #[schema(example = "gedeeltelijk")]
    pub code: String,
    /// Naam.
    #[schema(example = "Gedeeltelijke aansluiting")]
    pub naam: String,
    /// Omschrijving.
    #[schema(example = "Een deel van de organisatie werkt netcentrisch.")]
    pub omschrijving: String,
    /// Of de vorm niet meer gekozen kan worden.
    pub vervallen: bool,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een nieuwe sector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweSector {
    /// Code, kebab-case.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 40, example = "water")]
    pub code: String,
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Water en drinkwater")]
    pub naam: String,
}

/// Wijziging van een sector (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SectorWijziging {
    /// Naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Water en drinkwater")]
    pub naam: Option<String>,
    /// Of de sector niet meer gekozen kan worden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub vervallen: Option<bool>,
}

/// Gegevens van een nieuwe aansluitvorm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweAansluitvorm {
    /// Code, kebab-case.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 40, example = "gedeeltelijk")]
    pub code: String,
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Gedeeltelijke aansluiting")]
    pub naam: String,
    /// Omschrijving.
    #[schema(min_length = 1, max_length = 4000, example = "Een deel van de organisatie werkt netcentrisch.")]
    pub omschrijving: String,
}

/// Wijziging van een aansluitvorm (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AansluitvormWijziging {
    /// Naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Gedeeltelijke aansluiting")]
    pub naam: Option<String>,
    /// Omschrijving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 4000, nullable = false, example = "Een deel van de organisatie werkt netcentrisch.")]
    pub omschrijving: Option<String>,
    /// Of de vorm niet meer gekozen kan worden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub vervallen: Option<bool>,
}

impl NieuweSector {
    /// Maakt de sector.
    ///
    /// # Errors
    /// Als de naam leeg is.
    pub fn maak(self) -> Result<Sector, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        klaar(fouten, Sector { code: self.code, naam: self.naam, vervallen: false, versie: 1 })
    }
}

impl SectorWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Als de naam leeg is.
    pub fn toepassen(&self, oud: &Sector) -> Result<Sector, Vec<Veldfout>> {
        let nieuw = Sector {
            code: oud.code.clone(),
            naam: self.naam.clone().unwrap_or_else(|| oud.naam.clone()),
            vervallen: self.vervallen.unwrap_or(oud.vervallen),
            versie: oud.versie + 1,
        };
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &nieuw.naam);
        klaar(fouten, nieuw)
    }
}

impl NieuweAansluitvorm {
    /// Maakt de aansluitvorm.
    ///
    /// # Errors
    /// Als naam of omschrijving leeg is.
    pub fn maak(self) -> Result<Aansluitvorm, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        verplicht(&mut fouten, "/omschrijving", &self.omschrijving);
        klaar(fouten, Aansluitvorm { code: self.code, naam: self.naam, omschrijving: self.omschrijving, vervallen: false, versie: 1 })
    }
}

impl AansluitvormWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Als naam of omschrijving leeg is.
    pub fn toepassen(&self, oud: &Aansluitvorm) -> Result<Aansluitvorm, Vec<Veldfout>> {
        let nieuw = Aansluitvorm {
            code: oud.code.clone(),
            naam: self.naam.clone().unwrap_or_else(|| oud.naam.clone()),
            omschrijving: self.omschrijving.clone().unwrap_or_else(|| oud.omschrijving.clone()),
            vervallen: self.vervallen.unwrap_or(oud.vervallen),
            versie: oud.versie + 1,
        };
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &nieuw.naam);
        verplicht(&mut fouten, "/omschrijving", &nieuw.omschrijving);
        klaar(fouten, nieuw)
    }
}
