//! Een ondertekend bericht van een client lezen: een bewering, een verzoek, een bewijs van bezit.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
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
    let jwk: Jwk = serde_json::from_value(sleutel.clone()).map_err(|_| JwtError::UnknownKey)?;
    let alg = algorithm(header, sleutel, &jwk)?;
    let mut validation = Validation::new(alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoding = DecodingKey::from_jwk(&jwk).map_err(|_| JwtError::UnknownKey)?;
    // Een goede handtekening onder iets onleesbaars is geen verkeerde handtekening.
    let fout = |fout: jsonwebtoken::errors::Error| if matches!(fout.kind(), ErrorKind::Json(_)) { JwtError::Malformed } else { JwtError::Signature };
    Ok(jsonwebtoken::decode::<Map<String, Value>>(token, &decoding, &validation).map_err(fout)?.claims)
}

fn algorithm(header: &Map<String, Value>, sleutel: &Value, jwk: &Jwk) -> Result<Algorithm, JwtError> {
    let gevraagd = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    // RFC 8725, 3.1: het algoritme hoort bij de sleutel, niet bij het bericht.
    if sleutel.get("alg").is_some_and(|alg| alg.as_str() != Some(gevraagd)) {
        return Err(JwtError::Algorithm);
    }
    match (&jwk.algorithm, gevraagd) {
        (AlgorithmParameters::EllipticCurve(_), "ES256") => Ok(Algorithm::ES256),
        (AlgorithmParameters::RSA(_), "PS256") => Ok(Algorithm::PS256),
        (AlgorithmParameters::RSA(_), "RS256") => Ok(Algorithm::RS256),
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
