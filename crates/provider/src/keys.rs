//! Een ondertekensleutel (ES256): maken, publiceren, tekenen.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Een fout met een sleutel; zegt nooit iets over de inhoud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("de ondertekensleutel is onbruikbaar")]
pub struct KeyError;

/// Een ondertekensleutel met haar geheime deel.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    pkcs8: Zeroizing<Vec<u8>>,
    publiek: Value,
    encoding: EncodingKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

impl SigningKey {
    /// Maakt een nieuwe sleutel met het toeval van het besturingssysteem.
    ///
    /// # Errors
    /// [`KeyError`] als de bibliotheek weigert.
    pub fn generate() -> Result<Self, KeyError> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).map_err(|_| KeyError)?;
        Self::from_pkcs8(document.as_ref())
    }

    /// Leest een sleutel uit PKCS#8; de `kid` is de duimafdruk (RFC 7638).
    ///
    /// # Errors
    /// [`KeyError`] als het geen P-256-sleutel is.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let paar = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| KeyError)?;
        let punt = paar.public_key().as_ref();
        let x = URL_SAFE_NO_PAD.encode(punt.get(1..33).ok_or(KeyError)?);
        let y = URL_SAFE_NO_PAD.encode(punt.get(33..65).ok_or(KeyError)?);
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)));
        let publiek = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": kid });
        Ok(Self { kid, pkcs8: Zeroizing::new(pkcs8.to_vec()), publiek, encoding: EncodingKey::from_ec_der(pkcs8) })
    }

    /// Het kenmerk.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// De publieke JWK.
    #[must_use]
    pub const fn public_jwk(&self) -> &Value {
        &self.publiek
    }

    /// Het geheime deel, om te verzegelen.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// De geheime JWK, alleen voor wie zelf een sleutelpaar voor een client maakt (de demo).
    ///
    /// # Errors
    /// [`KeyError`] als de bibliotheek weigert.
    pub fn private_jwk(&self) -> Result<Value, KeyError> {
        use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
        let paar = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.pkcs8).map_err(|_| KeyError)?;
        let d: EcPrivateKeyBin<'static> = paar.private_key().as_be_bytes().map_err(|_| KeyError)?;
        let mut jwk = self.publiek.clone();
        if let Some(object) = jwk.as_object_mut() {
            object.insert("d".to_owned(), Value::String(URL_SAFE_NO_PAD.encode(d.as_ref())));
        }
        Ok(jwk)
    }

    /// Tekent claims als JWT met dit `typ`.
    ///
    /// # Errors
    /// [`KeyError`] als de bibliotheek weigert.
    pub fn sign<T: Serialize>(&self, typ: &str, claims: &T) -> Result<String, KeyError> {
        let header = Header { typ: Some(typ.to_owned()), kid: Some(self.kid.clone()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.encoding).map_err(|_| KeyError)
    }
}
