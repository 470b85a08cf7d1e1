//! Wat de API geeft, voor zover deze client het leest. Keuzewaarden blijven tekst: een nieuwe waarde is geen fout.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Een voorstelling met de versie waarop u haar las.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gelezen<T> {
    /// De voorstelling.
    pub waarde: T,
    /// Waarde voor `If-Match`.
    pub etag: Option<String>,
}

/// Wie de aanroeper is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ik {
    /// `persoon` of `toepassing`.
    pub soort: String,
    /// Naam.
    pub naam: String,
    /// Identificatie van de organisatie waarvoor de aanroeper handelt.
    pub organisatie_id: String,
    /// Naam van die organisatie.
    pub organisatie_naam: String,
    /// Rollen; leeg bij een toepassing.
    #[serde(default)]
    pub rollen: Vec<String>,
    /// Scopes van het token.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Alles wat de dienst verder vertelt.
    #[serde(flatten)]
    pub overig: serde_json::Map<String, Value>,
}

/// Een traject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Traject {
    /// Identificatie.
    pub id: String,
    /// Kenmerk, bijvoorbeeld `T-2026-0042`.
    pub kenmerk: String,
    /// Identificatie van de organisatie.
    pub organisatie_id: String,
    /// Naam van de organisatie.
    pub organisatie_naam: String,
    /// `lopend`, `gepauzeerd`, `beeindigd` of `live`.
    pub status: String,
    /// Fase 1 tot en met 3.
    pub fase: u8,
    /// Stap 1 tot en met 6.
    pub stap: u8,
    /// De gekozen aansluitvorm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aansluitvorm: Option<Aansluitvorm>,
    /// Deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_datum: Option<String>,
    /// Betrokken partijen.
    #[serde(default)]
    pub partijen: Vec<Partij>,
    /// Versie.
    pub versie: i64,
}

/// Een gekozen aansluitvorm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aansluitvorm {
    /// Code.
    pub code: String,
    /// Motivatie.
    pub motivatie: String,
}

/// Een partij in een traject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partij {
    /// Rol in het traject.
    pub rol: String,
    /// Naam van de organisatie.
    pub organisatie_naam: String,
    /// Eerste dag.
    pub van_datum: String,
    /// Laatste dag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tot_datum: Option<String>,
}

/// De poort aan het einde van een stap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poort {
    /// Stap.
    pub stap: u8,
    /// Titel.
    #[serde(default)]
    pub titel: String,
    /// Of het traject erdoor kan.
    pub open: bool,
    /// Voorwaarden.
    #[serde(default)]
    pub voorwaarden: Vec<Voorwaarde>,
}

/// Een voorwaarde van een poort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Voorwaarde {
    /// Code.
    pub code: String,
    /// Omschrijving.
    pub omschrijving: String,
    /// `verplicht` of `aanbevolen`.
    pub soort: String,
    /// Of eraan is voldaan.
    pub voldaan: bool,
    /// Identificatie van de afwijking waarmee zij mag worden gepasseerd.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afwijking_id: Option<String>,
    /// Wat er nog ontbreekt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ontbreekt: Option<String>,
}

/// Een vastgelegde stapovergang.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stapovergang {
    /// Identificatie.
    pub id: String,
    /// Stap vooraf.
    pub van_stap: u8,
    /// Stap achteraf.
    pub naar_stap: u8,
    /// Reden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reden: Option<String>,
    /// Moment.
    pub op: String,
}

/// Een activiteit van een traject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activiteit {
    /// Identificatie.
    pub id: String,
    /// Code in het stappenplan.
    pub code: String,
    /// Bijlage 1 of 2.
    pub bijlage: u8,
    /// Groep.
    #[serde(default)]
    pub groep: String,
    /// Titel.
    pub titel: String,
    /// Stand.
    pub status: String,
    /// Wie haar moet doen.
    #[serde(default)]
    pub actiehouders: Vec<Actiehouder>,
    /// Deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_datum: Option<String>,
    /// Versie.
    pub versie: i64,
}

/// Een actiehouder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actiehouder {
    /// Partij.
    pub partij: String,
    /// Rol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rol: Option<String>,
}

/// Een gebeurtenis (CloudEvents 1.0).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gebeurtenis {
    /// Identificatie; gelijk bij opnieuw lezen.
    pub id: String,
    /// Soort.
    #[serde(rename = "type")]
    pub soort: String,
    /// Onderwerp.
    #[serde(default)]
    pub subject: String,
    /// Moment.
    pub time: String,
    /// Volgnummer.
    #[serde(default)]
    pub sequence: String,
    /// Adres van de inhoud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataref: Option<String>,
    /// Waarover het gaat.
    #[serde(default)]
    pub data: GebeurtenisGegevens,
}

/// Waarover een gebeurtenis gaat.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GebeurtenisGegevens {
    /// De velden zoals de dienst ze geeft.
    #[serde(flatten)]
    pub velden: serde_json::Map<String, Value>,
}
