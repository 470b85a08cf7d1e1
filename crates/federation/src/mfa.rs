//! Of een token bewijst dat iemand zich met een tweede factor aanmeldde.

use serde_json::{Map, Value};

/// Hoe een uitgever MFA bewijst: `acr` uit een afgesproken verzameling, of `amr` volgens RFC 8176.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MfaRule {
    /// Waarden van `acr` die MFA bewijzen.
    pub acr: Vec<String>,
    /// Of `amr` (met `mfa`, of twee verschillende soorten factoren) ook bewijs is.
    pub amr: bool,
}

impl Default for MfaRule {
    fn default() -> Self {
        Self { acr: vec!["https://refeds.org/profile/mfa".to_owned()], amr: true }
    }
}

/// Hoe sterk de aanmelding bewezen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sterkte {
    /// Niet meer dan een eerste factor.
    Zwak,
    /// MFA is bewezen.
    Mfa,
}

/// Soort factor van een middel (RFC 8176): weten, hebben of zijn. `pop`, `user`, `rba`, `geo`, `wia` en `mca` zijn geen factor.
fn soort(middel: &str) -> Option<u8> {
    match middel {
        "pwd" | "pin" | "kba" => Some(1),
        "otp" | "hwk" | "swk" | "sc" | "sms" | "tel" => Some(2),
        "face" | "fpt" | "iris" | "retina" | "vbm" => Some(3),
        _ => None,
    }
}

impl MfaRule {
    /// Oordeelt over de claims; een claim van het verkeerde type bewijst niets.
    #[must_use]
    pub fn oordeel(&self, claims: &Map<String, Value>) -> Sterkte {
        let acr = claims.get("acr").and_then(Value::as_str);
        if acr.is_some_and(|acr| self.acr.iter().any(|goed| goed == acr)) {
            return Sterkte::Mfa;
        }
        let Some(amr) = claims.get("amr").and_then(Value::as_array).filter(|_| self.amr) else { return Sterkte::Zwak };
        let middelen: Option<Vec<&str>> = amr.iter().map(Value::as_str).collect();
        if middelen.is_some_and(|middelen| twee_factoren(&middelen)) { Sterkte::Mfa } else { Sterkte::Zwak }
    }
}

/// RFC 8176: `mfa`, of twee verschillende soorten factoren.
pub(crate) fn twee_factoren(middelen: &[&str]) -> bool {
    let mut soorten: Vec<u8> = middelen.iter().filter_map(|m| soort(m)).collect();
    soorten.sort_unstable();
    soorten.dedup();
    middelen.contains(&"mfa") || soorten.len() >= 2
}
