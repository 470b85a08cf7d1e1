//! Losse handtekeningen: een JWS waarvan de inhoud apart reist (RFC 7515, bijlage F), over canonieke JSON (RFC 8785).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::keys::{KeyError, SigningKey};

/// Canonieke JSON (RFC 8785): dezelfde waarde geeft altijd dezelfde bytes.
///
/// # Errors
/// [`KeyError`] als de waarde niet in JSON past.
pub fn canonical<T: Serialize>(waarde: &T) -> Result<String, KeyError> {
    serde_json_canonicalizer::to_string(waarde).map_err(|_| KeyError)
}

/// SHA-256 als base64url, om naar een handtekening te verwijzen.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

/// Wat er volgens RFC 7515 (5.1, stap 8) getekend wordt: kop en inhoud, beide base64url.
fn signing_input(header: &str, payload: &[u8]) -> String {
    format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload))
}

/// Tekent `payload` met ES256; geeft `kop..handtekening`.
///
/// # Errors
/// [`KeyError`] als de bibliotheek weigert.
pub fn sign_detached(key: &SigningKey, payload: &[u8]) -> Result<String, KeyError> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.pkcs8()).map_err(|_| KeyError)?;
    let header = URL_SAFE_NO_PAD.encode(canonical(&json!({ "alg": "ES256", "kid": key.kid(), "typ": "JOSE" }))?);
    let signature = pair.sign(&SystemRandom::new(), signing_input(&header, payload).as_bytes()).map_err(|_| KeyError)?;
    Ok(format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Controleert een losse handtekening met een publieke JWK (RFC 7515, 5.2).
///
/// # Errors
/// [`KeyError`] als vorm, algoritme, sleutel of handtekening niet klopt.
pub fn verify_detached(jws: &str, payload: &[u8], jwk: &Value) -> Result<(), KeyError> {
    let mut parts = jws.split('.');
    let (Some(header), Some(""), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else { return Err(KeyError) };
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError);
    let fields: Value = serde_json::from_slice(&decode(header)?).map_err(|_| KeyError)?;
    // Alleen wat wij zelf zetten: een vast algoritme, geen `crit`, geen sleutel uit de kop.
    if fields.get("alg") != Some(&json!("ES256")) || fields.get("crit").is_some() || fields.get("kid") != jwk.get("kid") {
        return Err(KeyError);
    }
    let coordinate = |name: &str| jwk.get(name).and_then(Value::as_str).ok_or(KeyError).and_then(decode);
    let point = [&[4_u8], coordinate("x")?.as_slice(), coordinate("y")?.as_slice()].concat();
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    public.verify(signing_input(header, payload).as_bytes(), &decode(signature)?).map_err(|_| KeyError)
}
