//! Clientaanmelding met een ondertekende bewering (`private_key_jwt`, RFC 7523, 3).

use domain::Moment;
use serde_json::Value;

use crate::jwt::{self, JwtError};

/// De enige waarde van `client_assertion_type` (RFC 7523, 2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Toegestaan klokverschil in seconden.
const LEEWAY: i64 = 60;
/// Hoe ver `iat` en `nbf` vooruit mogen liggen, in seconden. FAPI 2.0 (5.3.2.1) laat 10 toe en weigert na 60; halverwege maakt een
/// traag verzoek geen verschil.
const AHEAD: i64 = 30;
/// Langste geldigheid vooruit in seconden. Vijf minuten volstaan; sommige standaardclients zetten een uur, en de `jti`
/// wordt toch onthouden tot `exp`.
const LONGEST: i64 = 3600;

/// Waarom een bewering geweigerd wordt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// Geen JWT, of velden die er niet in horen.
    #[error("de client_assertion is geen geldige JWT")]
    Malformed,
    /// Een algoritme dat niet bij de sleutel hoort, of niet is toegestaan.
    #[error("gebruik ES256, PS256 of EdDSA (bij de profielen nl-gov en oidc ook RS256), passend bij de geregistreerde sleutel")]
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
    /// `aud` is niet precies een van de toegestane bestemmingen.
    #[error("aud moet precies één tekst zijn: de uitgever, of bij de profielen nl-gov en oidc het tokenadres of het adres waar de bewering heen gaat")]
    Audience,
    /// Verlopen, of te ver vooruit geldig.
    #[error("exp moet in de toekomst liggen, ten hoogste een uur vooruit; bij profiel fapi2 vijf minuten")]
    Expiry,
    /// `iat` of `nbf` ligt in de toekomst.
    #[error("de bewering is nog niet geldig; controleer de klok van de client")]
    NotYet,
    /// `jti` ontbreekt of is te lang.
    #[error("jti ontbreekt of is langer dan 256 tekens")]
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

impl From<JwtError> for AssertionError {
    fn from(fout: JwtError) -> Self {
        match fout {
            JwtError::Malformed => Self::Malformed,
            JwtError::Algorithm => Self::Algorithm,
            JwtError::UnknownKey => Self::UnknownKey,
            JwtError::Signature => Self::Signature,
        }
    }
}

/// De client die de bewering noemt, nog niet bewezen: alleen om de sleutels op te zoeken.
///
/// # Errors
/// [`AssertionError::Malformed`], [`AssertionError::Subject`].
pub fn client_id_of(token: &str) -> Result<String, AssertionError> {
    jwt::part(token, 1)?.get("sub").and_then(Value::as_str).map(str::to_owned).ok_or(AssertionError::Subject)
}

/// Controleert een bewering tegen de geregistreerde sleutels van de client.
///
/// # Errors
/// Zie [`AssertionError`]; iedere weigering heeft haar eigen waarde.
pub fn verify_assertion(token: &str, client_id: &str, jwks: &Value, audiences: &[&str], nu: Moment) -> Result<ProvenClient, AssertionError> {
    let header = jwt::part(token, 0)?;
    // RFC 7515, 4.1.11 en RFC 8725, 3.10: geen crit die wij niet kennen, geen sleutel uit het bericht zelf.
    if ["crit", "jku", "jwk", "x5u"].iter().any(|veld| header.contains_key(*veld)) {
        return Err(AssertionError::Malformed);
    }
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or("JWT");
    if !["JWT", "jwt", "client-authentication+jwt"].contains(&typ) {
        return Err(AssertionError::Malformed);
    }
    let claims = jwt::open(token, &header, jwks)?;

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
    // RFC 7523, 3, punt 4; een gebroken getal mag (RFC 7519, 2).
    let exp = claims.get("exp").and_then(jwt::seconds).filter(|exp| *exp > nu - LEEWAY && *exp <= nu + LONGEST + LEEWAY).ok_or(AssertionError::Expiry)?;
    // RFC 7523, 3, punten 5 en 6.
    for moment in ["nbf", "iat"].iter().filter_map(|naam| claims.get(*naam)) {
        // Een gebroken getal mag (RFC 7519, 2, NumericDate); wat geen getal is bewijst niets.
        #[expect(clippy::cast_precision_loss, reason = "seconden sinds 1970 passen ruim in een f64")]
        if moment.as_f64().ok_or(AssertionError::Malformed)? > (nu + AHEAD) as f64 {
            return Err(AssertionError::NotYet);
        }
    }
    // RFC 7523, 3, punt 7; NL GOV eist een jti.
    let jti = tekst("jti").filter(|jti| !jti.is_empty() && jti.len() <= 256).ok_or(AssertionError::Jti)?;
    Ok(ProvenClient { client_id: client_id.to_owned(), jti: jti.to_owned(), exp })
}
