//! Toegangstokens (RFC 9068, met de velden van het NL GOV-profiel voor OAuth).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Moment;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::keys::{KeyError, SigningKey};

/// De claims van een toegangstoken. `client_id` (RFC 9068) en `azp` (NL GOV) zijn gelijk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// Uitgever.
    pub iss: String,
    /// Voor welke API.
    pub aud: String,
    /// Persoon, of bij client_credentials de client zelf.
    pub sub: String,
    /// Client.
    pub client_id: String,
    /// Client (NL GOV).
    pub azp: String,
    /// Verloopt, in seconden sinds 1970.
    pub exp: i64,
    /// Uitgegeven.
    pub iat: i64,
    /// Niet eerder dan.
    pub nbf: i64,
    /// Uniek kenmerk.
    pub jti: String,
    /// Scopes, gescheiden door spaties.
    pub scope: String,
    /// Sterkte van de aanmelding; alleen bij personen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Middelen (RFC 8176); alleen voor onze eigen API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amr: Option<Vec<String>>,
    /// Moment van aanmelden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// Organisatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisatie: Option<String>,
    /// Sessie waaruit het token komt; alleen bij personen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Autorisatie waaruit het token komt; alleen bij personen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autorisatie: Option<String>,
    /// Sleutel of certificaat waaraan het token gebonden is (RFC 7800).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Value>,
}

impl AccessTokenClaims {
    /// De gemeenschappelijke velden, van `nu` tot `nu + seconden`.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "ieder veld is een claim van RFC 9068")]
    pub fn new(iss: &str, aud: &str, sub: &str, client_id: &str, scope: &str, jti: String, nu: Moment, seconden: i64) -> Self {
        let iat = nu.timestamp();
        Self {
            iss: iss.to_owned(),
            aud: aud.to_owned(),
            sub: sub.to_owned(),
            client_id: client_id.to_owned(),
            azp: client_id.to_owned(),
            exp: iat + seconden,
            iat,
            nbf: iat,
            jti,
            scope: scope.to_owned(),
            acr: None,
            amr: None,
            auth_time: None,
            organisatie: None,
            sid: None,
            autorisatie: None,
            cnf: None,
        }
    }
}

/// Tekent een toegangstoken met `typ: at+jwt` (RFC 9068, 2.1).
///
/// # Errors
/// [`KeyError`] als de sleutel onbruikbaar is.
pub fn sign_access_token(sleutel: &SigningKey, claims: &AccessTokenClaims) -> Result<String, KeyError> {
    sleutel.sign("at+jwt", claims)
}

/// De claims van een ID-token (OIDC Core, 2; NL GOV, OIDC 5.2).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdTokenClaims {
    /// Uitgever.
    pub iss: String,
    /// Wie de persoon voor deze client is.
    pub sub: String,
    /// De client.
    pub aud: String,
    /// De client (NL GOV).
    pub azp: String,
    /// Verloopt, in seconden sinds 1970.
    pub exp: i64,
    /// Uitgegeven.
    pub iat: i64,
    /// Niet eerder dan.
    pub nbf: i64,
    /// Uniek kenmerk.
    pub jti: String,
    /// Nonce uit het verzoek.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Moment van aanmelden; afwezig als de identiteitsvoorziening er geen noemde.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// Bewezen sterkte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Middelen; alleen als de registratie daarom vraagt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amr: Option<Vec<String>>,
    /// Hash van het toegangstoken.
    pub at_hash: String,
    /// Sessie.
    pub sid: String,
    /// Gevraagde gegevens van de persoon.
    #[serde(flatten)]
    pub persoon: Map<String, Value>,
}

/// De `at_hash` bij een toegangstoken: de linkerhelft van SHA-256, want al onze algoritmen eindigen op 256.
#[must_use]
pub fn at_hash(access_token: &str) -> String {
    let hash = Sha256::digest(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
}
