//! Wat een portaal namens een persoon gekregen heeft, en het oordeel over wie een code of verversingstoken inwisselt.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::toepassingen::SubSoort;
use domain::{Id, Moment};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::authorize::ClaimsVerzoek;
use crate::request::OAuthError;

/// Hoe lang een code in te wisselen is.
pub const CODE_LIFETIME: TimeDelta = TimeDelta::seconds(60);
/// Hoe lang een verversingstoken ongebruikt mag blijven (NL GOV, OIDC 5.2.6).
pub const REFRESH_IDLE: TimeDelta = TimeDelta::hours(6);
/// Hoe lang er in totaal ververst mag worden.
pub const REFRESH_TOTAL: TimeDelta = TimeDelta::hours(24);
/// Levensduur van een ID-token, in seconden (NL GOV, OIDC 5.2: hoogstens vijf minuten).
pub const ID_TOKEN_SECONDS: i64 = 300;

/// Wat er bij de aanmelding is vastgesteld en toegestaan; verandert daarna nooit, ook niet door verversen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verlening {
    /// Het adres waar de code heen ging.
    pub redirect_uri: String,
    /// Wie de persoon voor deze client is.
    pub sub: String,
    /// Organisatie van de persoon.
    pub organisatie: Id,
    /// Nonce voor het ID-token.
    pub nonce: Option<String>,
    /// Toegestane scopes.
    pub scopes: Vec<String>,
    /// Gevraagde claims.
    pub claims: ClaimsVerzoek,
    /// De API waarvoor het toegangstoken is.
    pub audience: String,
    /// PKCE.
    pub code_challenge: Option<String>,
    /// Sleutel waaraan de code gebonden is.
    pub dpop_jkt: Option<String>,
    /// Bewezen sterkte.
    pub acr: Option<String>,
    /// Gebruikte middelen.
    pub amr: Vec<String>,
    /// Moment van aanmelden, in seconden sinds 1970; afwezig als de identiteitsvoorziening er geen noemde.
    pub auth_time: Option<i64>,
    /// Wat de identiteitsvoorziening van de organisatie zei.
    pub upstream_acr: Option<String>,
    /// Wat de identiteitsvoorziening van de organisatie zei.
    pub upstream_amr: Vec<String>,
}

impl Verlening {
    /// Of deze scope is toegestaan.
    #[must_use]
    pub fn heeft_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|eigen| eigen == scope)
    }
}

/// Wat iemand meestuurt die een code inwisselt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inwisseling<'a> {
    /// `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// `code_verifier`.
    pub code_verifier: Option<&'a str>,
    /// Duimafdruk van de DPoP-sleutel.
    pub jkt: Option<&'a str>,
}

fn ongeldig(tekst: &str) -> OAuthError {
    OAuthError::bad("invalid_grant", tekst)
}

/// Of deze inwisseling bij de code hoort (RFC 6749, 4.1.3; RFC 7636, 4.6; RFC 9449, 10).
///
/// # Errors
/// `invalid_grant`, of `invalid_request` bij een verifier die geen verifier is.
pub fn beoordeel_inwisseling(verlening: &Verlening, met: &Inwisseling<'_>) -> Result<(), OAuthError> {
    if met.redirect_uri != Some(verlening.redirect_uri.as_str()) {
        return Err(ongeldig("De redirect_uri is een andere dan bij de aanmelding."));
    }
    match (&verlening.code_challenge, met.code_verifier) {
        (None, None) => {}
        // RFC 9700, 4.8.2: een verifier bij een code zonder challenge wijst op een afgezwakte aanvraag.
        (None, Some(_)) => return Err(ongeldig("Bij deze code hoort geen code_verifier.")),
        (Some(_), None) => return Err(ongeldig("De code_verifier ontbreekt.")),
        (Some(challenge), Some(verifier)) => {
            let vorm = (43..=128).contains(&verifier.len()) && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
            let klopt = vorm && same(&URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())), challenge);
            if !klopt {
                return Err(ongeldig("De code_verifier hoort niet bij de code_challenge."));
            }
        }
    }
    match &verlening.dpop_jkt {
        Some(jkt) if met.jkt != Some(jkt.as_str()) => Err(ongeldig("De code is aan een andere sleutel gebonden.")),
        _ => Ok(()),
    }
}

/// Vergelijkt zonder te verraden tot waar het klopt.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

/// Tot wanneer een nieuw verversingstoken geldt: zes uur, en nooit langer dan de autorisatie zelf.
#[must_use]
pub fn refresh_until(nu: Moment, autorisatie_tot: Moment) -> Moment {
    (nu + REFRESH_IDLE).min(autorisatie_tot)
}

/// Wie de persoon voor een client is. Bij `pairwise` (OIDC Core, 8.1) een hash van sector en persoon met een geheim van
/// deze uitgever: stabiel, en voor twee sectoren niet aan elkaar te koppelen.
#[must_use]
pub fn subject(soort: SubSoort, sector: &str, persoon: Id, geheim: &[u8; 32]) -> String {
    match soort {
        SubSoort::Public => persoon.to_string(),
        SubSoort::Pairwise => {
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, geheim);
            URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, format!("{sector}\n{persoon}").as_bytes()).as_ref())
        }
    }
}

/// De gegevens van een persoon als claims van OpenID Connect: alleen wat met een scope of claim gevraagd is.
#[must_use]
pub fn claims_of(
    person: &BTreeMap<&'static str, serde_json::Value>,
    scopes: &[String],
    asked: impl Fn(&str) -> bool,
) -> serde_json::Map<String, serde_json::Value> {
    let by_scope = |name: &str| {
        let scope = match name {
            "email" | "email_verified" => "email",
            "phone_number" | "phone_number_verified" => "phone",
            "organisatie" => "openid",
            _ => "profile",
        };
        scopes.iter().any(|own| own == scope)
    };
    person.iter().filter(|(name, _)| by_scope(name) || asked(name)).map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}
