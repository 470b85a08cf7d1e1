//! Een ondertekensleutel: maken, publiceren, tekenen. Eén algoritme per sleutel (RFC 8725, 3.1).

use std::sync::Arc;

use aws_lc_rs::encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::toepassingen::Algoritme;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Een fout met een sleutel; zegt nooit iets over de inhoud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("de ondertekensleutel is onbruikbaar")]
pub struct KeyError;

/// Het sleutelpaar, eenmaal gelezen: bij elk token opnieuw lezen kost meer dan tekenen.
enum Paar {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// Een ondertekensleutel met haar geheime deel.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    alg: Algoritme,
    pkcs8: Zeroizing<Vec<u8>>,
    publiek: Value,
    paar: Arc<Paar>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({} {})", self.alg, self.kid)
    }
}

impl SigningKey {
    /// Maakt een nieuwe ES256-sleutel met het toeval van het besturingssysteem.
    ///
    /// # Errors
    /// [`KeyError`] als de bibliotheek weigert.
    pub fn generate() -> Result<Self, KeyError> {
        Self::generate_for(Algoritme::Es256)
    }

    /// Maakt een nieuwe sleutel voor dit algoritme: P-256, of RSA van 3072 bits.
    ///
    /// # Errors
    /// [`KeyError`] als de bibliotheek weigert.
    pub fn generate_for(alg: Algoritme) -> Result<Self, KeyError> {
        match alg {
            Algoritme::Es256 => {
                let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).map_err(|_| KeyError)?;
                Self::from_pkcs8(document.as_ref())
            }
            Algoritme::Ps256 | Algoritme::Rs256 => {
                let paar = RsaKeyPair::generate(KeySize::Rsa3072).map_err(|_| KeyError)?;
                let document: Pkcs8V1Der<'static> = paar.as_der().map_err(|_| KeyError)?;
                Self::read(alg, document.as_ref())
            }
        }
    }

    /// Leest een ES256-sleutel uit PKCS#8; de `kid` is de duimafdruk (RFC 7638).
    ///
    /// # Errors
    /// [`KeyError`] als het geen P-256-sleutel is.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        Self::read(Algoritme::Es256, pkcs8)
    }

    /// Leest een sleutel voor dit algoritme uit PKCS#8.
    ///
    /// # Errors
    /// [`KeyError`] als de sleutel niet bij het algoritme past.
    pub fn read(alg: Algoritme, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let (paar, mut publiek) = match alg {
            Algoritme::Es256 => {
                let paar = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| KeyError)?;
                let punt = paar.public_key().as_ref();
                let x = URL_SAFE_NO_PAD.encode(punt.get(1..33).ok_or(KeyError)?);
                let y = URL_SAFE_NO_PAD.encode(punt.get(33..65).ok_or(KeyError)?);
                (Paar::Ec(paar), json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }))
            }
            Algoritme::Ps256 | Algoritme::Rs256 => {
                let paar = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError)?;
                let n = URL_SAFE_NO_PAD.encode(paar.public_key().modulus().big_endian_without_leading_zero());
                let e = URL_SAFE_NO_PAD.encode(paar.public_key().exponent().big_endian_without_leading_zero());
                (Paar::Rsa(paar), json!({ "kty": "RSA", "n": n, "e": e }))
            }
        };
        let kid = thumbprint(&publiek).ok_or(KeyError)?;
        if let Some(velden) = publiek.as_object_mut() {
            velden.extend([("use", "sig"), ("alg", alg.as_str()), ("kid", &kid)].map(|(naam, waarde)| (naam.to_owned(), waarde.into())));
        }
        Ok(Self { kid, alg, pkcs8: Zeroizing::new(pkcs8.to_vec()), publiek, paar: Arc::new(paar) })
    }

    /// Het kenmerk.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Het algoritme.
    #[must_use]
    pub const fn alg(&self) -> Algoritme {
        self.alg
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

    /// De geheime JWK van een ES256-sleutel, alleen voor wie zelf een sleutelpaar voor een client maakt (de demo).
    ///
    /// # Errors
    /// [`KeyError`] als de bibliotheek weigert, of bij een RSA-sleutel.
    pub fn private_jwk(&self) -> Result<Value, KeyError> {
        let Paar::Ec(paar) = &*self.paar else { return Err(KeyError) };
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
        self.sign_with_header(&json!({ "alg": self.alg, "typ": typ, "kid": self.kid }), claims)
    }

    /// Tekent claims met een kop naar keuze: een client of een proef zet er bijvoorbeeld haar `jwk` in.
    ///
    /// # Errors
    /// [`KeyError`] als de bibliotheek weigert.
    pub fn sign_with_header<T: Serialize>(&self, header: &Value, claims: &T) -> Result<String, KeyError> {
        let claims = serde_json::to_vec(claims).map_err(|_| KeyError)?;
        let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims));
        let handtekening = self.sign_bytes(token.as_bytes())?;
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(handtekening));
        Ok(token)
    }

    fn sign_bytes(&self, bericht: &[u8]) -> Result<Vec<u8>, KeyError> {
        let rng = SystemRandom::new();
        match (&*self.paar, self.alg) {
            (Paar::Ec(paar), _) => paar.sign(&rng, bericht).map(|h| h.as_ref().to_vec()).map_err(|_| KeyError),
            (Paar::Rsa(paar), alg) => {
                let mut handtekening = vec![0; paar.public_modulus_len()];
                let vorm = if alg == Algoritme::Ps256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                paar.sign(vorm, &rng, bericht, &mut handtekening).map_err(|_| KeyError)?;
                Ok(handtekening)
            }
        }
    }
}

/// De duimafdruk van een publieke JWK (RFC 7638); niets voor een sleutel die geen EC of RSA is.
#[must_use]
pub fn thumbprint(jwk: &Value) -> Option<String> {
    let tekst = |naam: &str| jwk.get(naam).and_then(Value::as_str);
    // RFC 7638, 3.2: alleen de verplichte velden, op alfabet, zonder witruimte. Als Value, zodat aanhalingstekens ontsnapt zijn.
    let velden: &[&str] = match tekst("kty")? {
        "EC" => &["crv", "kty", "x", "y"],
        "RSA" => &["e", "kty", "n"],
        // RFC 8037, 2.
        "OKP" => &["crv", "kty", "x"],
        _ => return None,
    };
    let delen: Option<Vec<String>> = velden.iter().map(|naam| Some(format!("\"{naam}\":{}", Value::from(tekst(naam)?)))).collect();
    Some(URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{{{}}}", delen?.join(",")))))
}
