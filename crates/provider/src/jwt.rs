//! Een ondertekend bericht van een client lezen: een bewering, een verzoek, een bewijs van bezit.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

/// Waarom een bericht niet te lezen of te vertrouwen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JwtError {
    Malformed,
    Algorithm,
    UnknownKey,
    Signature,
}

/// Het deel op deze plek, als JSON-object.
pub(crate) fn part(token: &str, plek: usize) -> Result<Map<String, Value>, JwtError> {
    let tekst = token.split('.').nth(plek).ok_or(JwtError::Malformed)?;
    let bytes = URL_SAFE_NO_PAD.decode(tekst).map_err(|_| JwtError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| JwtError::Malformed)
}

/// Het algoritme dat een bericht noemt, nog niet bewezen.
#[must_use]
pub fn algorithm_of(token: &str) -> Option<String> {
    part(token, 0).ok()?.get("alg")?.as_str().map(str::to_owned)
}

/// Controleert de handtekening onder een bericht met een van deze sleutels; geeft de claims, nog niet beoordeeld.
pub(crate) fn open(token: &str, header: &Map<String, Value>, jwks: &Value) -> Result<Map<String, Value>, JwtError> {
    let gekozen = choose(header, jwks)?;
    verify(token, header, gekozen)
}

/// Controleert de handtekening met deze ene sleutel.
pub(crate) fn verify(token: &str, header: &Map<String, Value>, sleutel: &Value) -> Result<Map<String, Value>, JwtError> {
    let alg = algorithm(header, sleutel)?;
    if alg == Algorithm::EdDSA {
        return verify_ed25519(token, sleutel);
    }
    let jwk: Jwk = serde_json::from_value(sleutel.clone()).map_err(|_| JwtError::UnknownKey)?;
    let mut validation = Validation::new(alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoding = DecodingKey::from_jwk(&jwk).map_err(|_| JwtError::UnknownKey)?;
    // Een goede handtekening onder iets onleesbaars is geen verkeerde handtekening.
    let fout = |fout: jsonwebtoken::errors::Error| if matches!(fout.kind(), ErrorKind::Json(_)) { JwtError::Malformed } else { JwtError::Signature };
    Ok(jsonwebtoken::decode::<Map<String, Value>>(token, &decoding, &validation).map_err(fout)?.claims)
}

/// De oude en de nieuwe naam van Ed25519 (RFC 8037; RFC 9864); de bibliotheek kent de nieuwe nog niet.
const ED25519_NAMES: [&str; 2] = ["EdDSA", "Ed25519"];

/// RFC 8037, 3.1: 32 bytes sleutel en 64 bytes handtekening.
fn verify_ed25519(token: &str, sleutel: &Value) -> Result<Map<String, Value>, JwtError> {
    let publiek = sleutel.get("x").and_then(Value::as_str).and_then(|x| URL_SAFE_NO_PAD.decode(x).ok()).ok_or(JwtError::UnknownKey)?;
    let (bericht, handtekening) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
    let handtekening = URL_SAFE_NO_PAD.decode(handtekening).map_err(|_| JwtError::Signature)?;
    UnparsedPublicKey::new(&ED25519, publiek).verify(bericht.as_bytes(), &handtekening).map_err(|_| JwtError::Signature)?;
    part(token, 1)
}

fn algorithm(header: &Map<String, Value>, sleutel: &Value) -> Result<Algorithm, JwtError> {
    let gevraagd = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let tekst = |naam: &str| sleutel.get(naam).and_then(Value::as_str);
    let hetzelfde = |alg: &str| alg == gevraagd || (ED25519_NAMES.contains(&alg) && ED25519_NAMES.contains(&gevraagd));
    // RFC 8725, 3.1: het algoritme hoort bij de sleutel, niet bij het bericht.
    if sleutel.get("alg").is_some_and(|alg| !alg.as_str().is_some_and(hetzelfde)) {
        return Err(JwtError::Algorithm);
    }
    match (tekst("kty"), tekst("crv"), gevraagd) {
        (Some("EC"), Some("P-256"), "ES256") => Ok(Algorithm::ES256),
        (Some("RSA"), _, "PS256") => Ok(Algorithm::PS256),
        (Some("RSA"), _, "RS256") => Ok(Algorithm::RS256),
        (Some("OKP"), Some("Ed25519"), alg) if ED25519_NAMES.contains(&alg) => Ok(Algorithm::EdDSA),
        _ => Err(JwtError::Algorithm),
    }
}

fn choose<'a>(header: &Map<String, Value>, jwks: &'a Value) -> Result<&'a Value, JwtError> {
    let sleutels = jwks.get("keys").and_then(Value::as_array).ok_or(JwtError::UnknownKey)?;
    let mut bruikbaar = sleutels.iter().filter(|s| for_signing(s));
    let gekozen = match header.get("kid").and_then(Value::as_str) {
        Some(kid) => bruikbaar.find(|s| s.get("kid").and_then(Value::as_str) == Some(kid)),
        // Zonder kid alleen als er maar één sleutel is om mee te ondertekenen.
        None => bruikbaar.next().filter(|_| bruikbaar.next().is_none()),
    };
    gekozen.ok_or(JwtError::UnknownKey)
}

/// RFC 7517, 4.2 en 4.3: een sleutel voor versleutelen bewijst geen handtekening.
fn for_signing(sleutel: &Value) -> bool {
    let gebruik = sleutel.get("use").is_none_or(|gebruik| gebruik == "sig");
    gebruik && sleutel.get("key_ops").is_none_or(|lijst| lijst.as_array().is_some_and(|lijst| lijst.iter().any(|op| op == "verify")))
}

/// Een tijdstip in hele seconden; een gebroken getal mag (RFC 7519, 2, NumericDate).
pub(crate) fn seconds(waarde: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "een tijdstip met een breuk telt in hele seconden")]
    waarde.as_i64().or_else(|| waarde.as_f64().filter(|f| f.abs() < 1e15).map(|f| f.ceil() as i64))
}
