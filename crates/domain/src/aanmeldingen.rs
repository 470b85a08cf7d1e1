//! Aanmeldingen: het logboek van geslaagde en geweigerde aanmeldingen, en de eenmalige code van de eerste keer.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::diagnose::Diagnose;
use crate::keuze::keuze;
use crate::{Id, Moment, Rng};

/// Zo lang geldt een eenmalige code.
pub const CODE_GELDIG: TimeDelta = TimeDelta::minutes(10);
/// Zo vaak mag een eenmalige code worden geprobeerd; daarna is zij dood, ook als zij klopt.
pub const CODE_POGINGEN: i64 = 5;
/// Zoveel codes gaan er per etmaal naar één adres.
pub const CODES_PER_DAG: i64 = 8;
/// Zo lang mag een aanmelding duren, van portaal tot portaal.
pub const POGING_GELDIG: TimeDelta = TimeDelta::minutes(30);
/// Zo lang blijft het logboek van aanmeldingen bewaard.
pub const LOGBOEK_BEWAREN: TimeDelta = TimeDelta::days(180);

keuze! {
    /// Hoe een aanmelding afliep.
    Uitkomst { /// De persoon is aangemeld.
        Geslaagd = "geslaagd", /// De aanmelding is geweigerd of mislukt.
        Geweigerd = "geweigerd" }
}

/// Eén regel in het logboek van aanmeldingen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Aanmelding {
    /// Identificatie.
    pub id: Id,
    /// Moment.
    pub op: Moment,
    /// Hoe het afliep.
    pub uitkomst: Uitkomst,
    /// De gekozen organisatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisatie_id: Option<Id>,
    /// De identiteitsprovider van die organisatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identiteitsprovider_id: Option<Id>,
    /// Het portaal waar de persoon heen wilde.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toepassing_id: Option<Id>,
    /// De persoon, als die bekend was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persoon_id: Option<Id>,
    /// De sessie die begon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessie_id: Option<Id>,
    /// Waarom het niet lukte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnose: Option<Diagnose>,
    /// De bewezen sterkte.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://refeds.org/profile/mfa")]
    pub acr: Option<String>,
    /// De sterkte zoals de identiteitsprovider haar noemde.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream_acr: Option<String>,
    /// De middelen zoals de identiteitsprovider ze noemde.
    pub upstream_amr: Vec<String>,
    /// Kenmerk in het logboek van de dienst; staat ook op de foutpagina.
    #[schema(example = "4bf92f3577b34da6a3ce929d0e0e4736")]
    pub trace_id: String,
}

/// Een uitstaande eenmalige code; de code zelf wordt nergens bewaard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EenmaligeCode {
    /// Voor wie.
    pub persoon_id: Id,
    /// De aanmelding in de browser die haar vroeg.
    pub poging_id: Id,
    /// De code, gehasht met een sleutel van de dienst.
    pub code_hash: String,
    /// Hoe vaak zij is geprobeerd.
    pub pogingen: i64,
    /// Tot wanneer zij geldt.
    pub verloopt_op: Moment,
}

/// Het oordeel over een ingevoerde code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeOordeel {
    /// Zij klopt.
    Goed,
    /// Zij klopt niet; zoveel pogingen blijven over.
    Fout {
        /// Hoeveel keer er nog geprobeerd mag worden.
        over: i64,
    },
    /// Er is geen code meer om in te voeren: verlopen, opgebruikt of vervangen.
    Dood,
}

impl EenmaligeCode {
    /// Oordeelt over een ingevoerde code; `klopt` zegt of de hash overeenkomt.
    ///
    /// Na de laatste poging is de code dood, ook als zij alsnog goed wordt ingevoerd.
    #[must_use]
    pub fn oordeel(&self, poging_id: Id, klopt: bool, nu: Moment) -> CodeOordeel {
        if nu >= self.verloopt_op || self.pogingen >= CODE_POGINGEN || poging_id != self.poging_id {
            return CodeOordeel::Dood;
        }
        if klopt { CodeOordeel::Goed } else { CodeOordeel::Fout { over: CODE_POGINGEN - self.pogingen - 1 } }
    }
}

/// Maakt een code van acht cijfers.
#[must_use]
pub fn nieuwe_code(rng: &Rng) -> String {
    let mut toeval = [0; 16];
    rng.fill(&mut toeval);
    format!("{:08}", u128::from_be_bytes(toeval) % 100_000_000)
}

/// De cijfers uit wat iemand typte: spaties en streepjes tussen de cijfers mogen.
#[must_use]
pub fn cijfers(ingevoerd: &str) -> Option<String> {
    let kaal: String = ingevoerd.chars().filter(|teken| !teken.is_whitespace() && *teken != '-').collect();
    (kaal.len() == 8 && kaal.bytes().all(|teken| teken.is_ascii_digit())).then_some(kaal)
}

/// Of een e-mailadres binnen de geregistreerde domeinen van een organisatie valt; zonder domeinen valt niets erbinnen.
#[must_use]
pub fn binnen_domeinen(email: &str, domeinen: &[String]) -> bool {
    email.rsplit_once('@').is_some_and(|(_, domein)| domeinen.iter().any(|eigen| eigen.eq_ignore_ascii_case(domein)))
}
