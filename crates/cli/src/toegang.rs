//! Waarmee de client zich bekendmaakt: een gegeven token, of een eigen sleutel waarmee hij er zelf een haalt.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Timestamp, Uuid};

use crate::fout::Fout;

/// Hoe de client aan een toegangstoken komt.
#[derive(Clone)]
pub enum Toegang {
    /// Zonder token: alleen wat openbaar is.
    Geen,
    /// Een token dat u al hebt.
    Token(String),
    /// Een geregistreerde toepassing met haar privésleutel (`private_key_jwt`, RFC 7523).
    Toepassing {
        /// `client_id`.
        client_id: String,
        /// Privésleutel.
        sleutel: Box<Sleutel>,
    },
}

impl std::fmt::Debug for Toegang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Geen => "Geen",
            Self::Token(_) => "Token([afgeschermd])",
            Self::Toepassing { .. } => "Toepassing([afgeschermd])",
        })
    }
}

impl Toegang {
    /// Een token dat u al hebt.
    pub fn token(token: impl Into<String>) -> Self {
        Self::Token(token.into())
    }
}

/// Een privésleutel: EC P-256, ondertekent met ES256.
#[derive(Clone)]
pub struct Sleutel {
    kid: Option<String>,
    sleutel: EncodingKey,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(default)]
    crv: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    d: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

#[derive(Serialize)]
struct Verklaring<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: u64,
    nbf: u64,
    exp: u64,
}

/// Begin van een PKCS#8 `PrivateKeyInfo` voor een sleutel op P-256 (RFC 5208, RFC 5915); daarna volgt de sleutel.
const PKCS8_P256: [u8; 36] = [
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
    0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20,
];
/// Wat tussen de sleutel en haar publieke punt staat.
const PKCS8_PUNT: [u8; 6] = [0xa1, 0x44, 0x03, 0x42, 0x00, 0x04];

impl Sleutel {
    /// Leest een privésleutel in JWK-vorm (RFC 7517).
    ///
    /// # Errors
    /// Als het geen volledige EC-sleutel op P-256 is.
    pub fn uit_jwk(tekst: &str) -> Result<Self, Fout> {
        let jwk: Jwk = serde_json::from_str(tekst).map_err(|_| Fout::Instelling("Het sleutelbestand is geen JWK.".to_owned()))?;
        if jwk.kty != "EC" || jwk.crv != "P-256" {
            return Err(Fout::Instelling("Deze client ondertekent met EC P-256 (ES256); geef een sleutel van die soort.".to_owned()));
        }
        if jwk.d.is_empty() {
            return Err(Fout::Instelling("Dit is een publieke sleutel. Geef het bestand met de privésleutel (met 'd').".to_owned()));
        }
        let mut der = PKCS8_P256.to_vec();
        der.extend(getal("d", &jwk.d)?);
        der.extend(PKCS8_PUNT);
        der.extend(getal("x", &jwk.x)?);
        der.extend(getal("y", &jwk.y)?);
        Ok(Self { kid: jwk.kid, sleutel: EncodingKey::from_ec_der(&der) })
    }

    /// Een client assertion: hoogstens een minuut geldig en eenmaal bruikbaar.
    pub(crate) fn verklaring(&self, client_id: &str, uitgever: &str) -> Result<String, Fout> {
        let nu = nu();
        let nu_s = nu.as_secs();
        let verklaring = Verklaring {
            iss: client_id,
            sub: client_id,
            aud: uitgever,
            jti: eenmalig(nu),
            iat: nu_s,
            nbf: nu_s.saturating_sub(5),
            exp: nu_s.saturating_add(60),
        };
        let mut kop = Header::new(Algorithm::ES256);
        kop.kid.clone_from(&self.kid);
        jsonwebtoken::encode(&kop, &verklaring, &self.sleutel).map_err(|_| Fout::Instelling("Met deze privésleutel is niet te ondertekenen.".to_owned()))
    }
}

fn getal(naam: &str, tekst: &str) -> Result<Vec<u8>, Fout> {
    URL_SAFE_NO_PAD
        .decode(tekst)
        .ok()
        .filter(|bytes| bytes.len() == 32)
        .ok_or_else(|| Fout::Instelling(format!("Veld '{naam}' van de JWK is geen getal van 32 bytes in base64url.")))
}

/// De klok van deze machine: de client is de buitenste rand, hier begint de tijd.
#[expect(clippy::disallowed_methods, reason = "de client heeft geen aanroeper die hem een klok geeft")]
pub(crate) fn nu() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Een waarde die niet terugkomt, voor `jti` en `Idempotency-Key`.
pub(crate) fn eenmalig(nu: Duration) -> String {
    Uuid::new_v7(Timestamp::from_unix(NoContext, nu.as_secs(), nu.subsec_nanos())).to_string()
}

#[cfg(test)]
mod tests {
    use super::{Sleutel, URL_SAFE_NO_PAD};
    use base64::Engine as _;

    // Voorbeeldsleutel uit RFC 7517, bijlage A.2.
    const RFC_SLEUTEL: &str = r#"{"kty":"EC","crv":"P-256","kid":"1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}"#;

    #[test]
    fn een_verklaring_noemt_client_en_uitgever_en_geldt_hoogstens_vijf_minuten() {
        let verklaring = Sleutel::uit_jwk(RFC_SLEUTEL).unwrap().verklaring("c-1", "https://loket.example").unwrap();
        let delen: Vec<_> = verklaring.split('.').collect();
        let lees = |deel: &str| serde_json::from_slice::<serde_json::Value>(&URL_SAFE_NO_PAD.decode(deel).unwrap()).unwrap();
        let (kop, inhoud) = (lees(delen[0]), lees(delen[1]));
        assert_eq!((kop["alg"].as_str(), kop["kid"].as_str()), (Some("ES256"), Some("1")));
        assert_eq!((&inhoud["iss"], &inhoud["sub"], &inhoud["aud"]), (&"c-1".into(), &"c-1".into(), &"https://loket.example".into()));
        assert!(inhoud["exp"].as_u64().unwrap() - inhoud["iat"].as_u64().unwrap() <= 300);
        assert_eq!(URL_SAFE_NO_PAD.decode(delen[2]).unwrap().len(), 64);
    }

    #[test]
    fn een_publieke_of_andere_sleutel_wordt_met_uitleg_geweigerd() {
        let publiek = RFC_SLEUTEL.replace("\"d\":", "\"e\":");
        for (jwk, woord) in [(publiek.as_str(), "publieke"), (r#"{"kty":"RSA"}"#, "P-256"), ("geen json", "geen JWK")] {
            let fout = Sleutel::uit_jwk(jwk).err().unwrap().to_string();
            assert!(fout.contains(woord), "{fout}");
        }
    }

    #[test]
    fn de_sleutel_lekt_niet_in_een_foutmelding() {
        let toegang = super::Toegang::Toepassing { client_id: "c".to_owned(), sleutel: Box::new(Sleutel::uit_jwk(RFC_SLEUTEL).unwrap()) };
        assert!(!format!("{toegang:?}").contains("870MB6"));
    }
}
