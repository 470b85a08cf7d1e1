//! Clientaanmelding met een ondertekende bewering (`private_key_jwt`, RFC 7523, 3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Moment;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

/// De enige waarde van `client_assertion_type` (RFC 7523, 2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Toegestaan klokverschil in seconden.
const LEEWAY: i64 = 60;
/// Langste geldigheid vooruit in seconden.
const LONGEST: i64 = 300;

/// Waarom een bewering geweigerd wordt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// Geen JWT, of velden die er niet in horen.
    #[error("de client_assertion is geen geldige JWT")]
    Malformed,
    /// Een algoritme dat niet bij de sleutel hoort, of niet is toegestaan.
    #[error("gebruik ES256, PS256 of RS256, passend bij de geregistreerde sleutel")]
    Algorithm,
    /// Geen geregistreerde sleutel met deze `kid`.
    #[error("de client heeft geen geregistreerde sleutel met deze kid")]
    UnknownKey,
    /// De handtekening klopt niet.
    #[error("de handtekening klopt niet met de geregistreerde sleutel")]
    Signature,
    /// `iss` en `sub` zijn niet beide de client.
    #[error("iss en sub moeten beide de client_id zijn")]
    Subject,
    /// `aud` is niet precies de uitgever of het tokenadres.
    #[error("aud moet precies één tekst zijn: de uitgever of het tokenadres")]
    Audience,
    /// Verlopen, of te ver vooruit geldig.
    #[error("exp moet in de toekomst liggen, ten hoogste vijf minuten vooruit")]
    Expiry,
    /// `iat` of `nbf` ligt in de toekomst.
    #[error("de bewering is nog niet geldig; controleer de klok van de client")]
    NotYet,
    /// `jti` ontbreekt of is te lang.
    #[error("jti ontbreekt of is langer dan 128 tekens")]
    Jti,
}

/// Een client die bewezen heeft zijn sleutel te bezitten; de `jti` moet nog als gebruikt getekend worden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenClient {
    client_id: String,
    jti: String,
    exp: i64,
}

impl ProvenClient {
    /// De client.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Kenmerk van de bewering.
    #[must_use]
    pub fn jti(&self) -> &str {
        &self.jti
    }

    /// Tot wanneer de `jti` onthouden moet worden, in seconden sinds 1970.
    #[must_use]
    pub const fn remember_until(&self) -> i64 {
        self.exp + LEEWAY
    }
}

fn deel(token: &str, plek: usize) -> Result<Map<String, Value>, AssertionError> {
    let tekst = token.split('.').nth(plek).ok_or(AssertionError::Malformed)?;
    let bytes = URL_SAFE_NO_PAD.decode(tekst).map_err(|_| AssertionError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| AssertionError::Malformed)
}

/// De client die de bewering noemt, nog niet bewezen: alleen om de sleutels op te zoeken.
///
/// # Errors
/// [`AssertionError::Malformed`], [`AssertionError::Subject`].
pub fn client_id_of(token: &str) -> Result<String, AssertionError> {
    deel(token, 1)?.get("sub").and_then(Value::as_str).map(str::to_owned).ok_or(AssertionError::Subject)
}

fn algoritme(header: &Map<String, Value>, sleutel: &Value, jwk: &Jwk) -> Result<Algorithm, AssertionError> {
    let gevraagd = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    // RFC 8725, 3.1: het algoritme hoort bij de sleutel, niet bij het bericht.
    if sleutel.get("alg").is_some_and(|alg| alg.as_str() != Some(gevraagd)) {
        return Err(AssertionError::Algorithm);
    }
    match (&jwk.algorithm, gevraagd) {
        (AlgorithmParameters::EllipticCurve(_), "ES256") => Ok(Algorithm::ES256),
        (AlgorithmParameters::RSA(_), "PS256") => Ok(Algorithm::PS256),
        (AlgorithmParameters::RSA(_), "RS256") => Ok(Algorithm::RS256),
        _ => Err(AssertionError::Algorithm),
    }
}

/// Een goede handtekening onder iets onleesbaars is geen verkeerde handtekening.
fn onleesbaar(fout: &jsonwebtoken::errors::Error) -> AssertionError {
    if matches!(fout.kind(), ErrorKind::Json(_)) { AssertionError::Malformed } else { AssertionError::Signature }
}

/// Controleert een bewering tegen de geregistreerde sleutels van de client.
///
/// # Errors
/// Zie [`AssertionError`]; iedere weigering heeft haar eigen waarde.
pub fn verify_assertion(token: &str, client_id: &str, jwks: &Value, audiences: &[&str], nu: Moment) -> Result<ProvenClient, AssertionError> {
    let header = deel(token, 0)?;
    // RFC 7515, 4.1.11 en RFC 8725, 3.10: geen crit die wij niet kennen, geen sleutel uit het bericht zelf.
    if ["crit", "jku", "jwk", "x5u"].iter().any(|veld| header.contains_key(*veld)) {
        return Err(AssertionError::Malformed);
    }
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or("JWT");
    if !["JWT", "jwt", "client-authentication+jwt"].contains(&typ) {
        return Err(AssertionError::Malformed);
    }
    let gekozen = sleutel(&header, jwks)?;
    let jwk: Jwk = serde_json::from_value(gekozen.clone()).map_err(|_| AssertionError::UnknownKey)?;
    let alg = algoritme(&header, gekozen, &jwk)?;
    let mut validation = Validation::new(alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoding = DecodingKey::from_jwk(&jwk).map_err(|_| AssertionError::UnknownKey)?;
    let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &decoding, &validation).map_err(|fout| onleesbaar(&fout))?.claims;

    let tekst = |naam: &str| claims.get(naam).and_then(Value::as_str);
    // RFC 7523, 3, punten 1 en 2: iss en sub zijn de client.
    if tekst("iss") != Some(client_id) || tekst("sub") != Some(client_id) {
        return Err(AssertionError::Subject);
    }
    // RFC 7523, 3, punt 3; opvolger rfc7523bis: precies één tekst.
    if !tekst("aud").is_some_and(|aud| audiences.contains(&aud)) {
        return Err(AssertionError::Audience);
    }
    let nu = nu.timestamp();
    // RFC 7523, 3, punt 4.
    let exp = claims.get("exp").and_then(Value::as_i64).filter(|exp| *exp > nu - LEEWAY && *exp <= nu + LONGEST + LEEWAY).ok_or(AssertionError::Expiry)?;
    // RFC 7523, 3, punten 5 en 6.
    for moment in ["nbf", "iat"].iter().filter_map(|naam| claims.get(*naam)) {
        // Een gebroken getal mag (RFC 7519, 2, NumericDate); wat geen getal is bewijst niets.
        #[expect(clippy::cast_precision_loss, reason = "seconden sinds 1970 passen ruim in een f64")]
        if moment.as_f64().ok_or(AssertionError::Malformed)? > (nu + LEEWAY) as f64 {
            return Err(AssertionError::NotYet);
        }
    }
    // RFC 7523, 3, punt 7; NL GOV eist een jti.
    let jti = tekst("jti").filter(|jti| !jti.is_empty() && jti.len() <= 128).ok_or(AssertionError::Jti)?;
    Ok(ProvenClient { client_id: client_id.to_owned(), jti: jti.to_owned(), exp })
}

fn sleutel<'a>(header: &Map<String, Value>, jwks: &'a Value) -> Result<&'a Value, AssertionError> {
    let sleutels = jwks.get("keys").and_then(Value::as_array).ok_or(AssertionError::UnknownKey)?;
    let gekozen = match header.get("kid").and_then(Value::as_str) {
        Some(kid) => sleutels.iter().find(|s| s.get("kid").and_then(Value::as_str) == Some(kid)),
        None if sleutels.len() == 1 => sleutels.first(),
        None => None,
    };
    gekozen.filter(|s| om_te_ondertekenen(s)).ok_or(AssertionError::UnknownKey)
}

/// RFC 7517, 4.2 en 4.3: een sleutel voor versleutelen bewijst geen handtekening.
fn om_te_ondertekenen(sleutel: &Value) -> bool {
    let gebruik = sleutel.get("use").is_none_or(|gebruik| gebruik == "sig");
    gebruik && sleutel.get("key_ops").is_none_or(|lijst| lijst.as_array().is_some_and(|lijst| lijst.iter().any(|op| op == "verify")))
}
