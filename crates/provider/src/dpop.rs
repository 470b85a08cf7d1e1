//! Bewijs van bezit van een sleutel (DPoP, RFC 9449).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Moment;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use crate::jwt::{self, JwtError};
use crate::keys::thumbprint;

/// Algoritmen waarmee een bewijs getekend mag zijn.
pub const DPOP_ALGORITHMS: [&str; 4] = ["ES256", "PS256", "EdDSA", "Ed25519"];
/// Hoe ver `iat` van onze klok af mag liggen, in seconden.
const WINDOW: i64 = 60;
const GEHEIME_DELEN: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// Waarom een bewijs niet telt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DpopError {
    /// Niet precies één kop `DPoP`.
    #[error("stuur precies één kop DPoP")]
    Headers,
    /// Geen JWT, of `typ` is niet `dpop+jwt`.
    #[error("het bewijs is geen JWT met typ dpop+jwt")]
    Malformed,
    /// Algoritme ontbreekt, is symmetrisch, `none` of staat niet op de lijst.
    #[error("het bewijs moet met ES256, PS256 of EdDSA (Ed25519) getekend zijn")]
    Algorithm,
    /// `jwk` ontbreekt, bevat een geheim deel of is onbruikbaar.
    #[error("de kop van het bewijs moet een publieke sleutel in jwk hebben")]
    Key,
    /// De handtekening klopt niet.
    #[error("de handtekening van het bewijs klopt niet")]
    Signature,
    /// `jti`, `iat`, `htm` of `htu` ontbreekt.
    #[error("het bewijs mist jti, iat, htm of htu")]
    Claims,
    /// Voor een andere methode of een ander adres.
    #[error("htm of htu hoort niet bij dit verzoek")]
    Target,
    /// Te oud of te ver vooruit.
    #[error("iat, nbf of exp ligt te ver van onze klok")]
    Time,
    /// `ath` hoort niet bij het toegangstoken.
    #[error("ath hoort niet bij het toegangstoken")]
    Token,
    /// Een andere sleutel dan waaraan het token of de code gebonden is.
    #[error("het bewijs is met een andere sleutel getekend")]
    OtherKey,
    /// Al gebruikt.
    #[error("dit bewijs is al gebruikt")]
    Replay,
}

/// Een bewijs dat klopt; de `jti` moet nog als gebruikt getekend worden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DpopProof {
    /// Duimafdruk van de sleutel (RFC 7638).
    pub jkt: String,
    /// Kenmerk van het bewijs.
    pub jti: String,
    /// Tot wanneer het kenmerk onthouden moet worden, in seconden sinds 1970.
    pub remember_until: i64,
}

/// Waarvoor een bewijs moet gelden.
#[derive(Clone, Copy, Debug)]
pub struct DpopTarget<'a> {
    /// HTTP-methode.
    pub method: &'a str,
    /// Adres zonder query.
    pub url: &'a str,
    /// Het toegangstoken, bij een aanroep van een API.
    pub access_token: Option<&'a str>,
}

fn leesfout(fout: JwtError) -> DpopError {
    match fout {
        JwtError::Malformed => DpopError::Malformed,
        JwtError::Algorithm => DpopError::Algorithm,
        JwtError::UnknownKey => DpopError::Key,
        JwtError::Signature => DpopError::Signature,
    }
}

/// RFC 9449, 4.3: schema en host in kleine letters, standaardpoort weg, query en fragment tellen niet mee.
fn zelfde_adres(genoemd: &str, werkelijk: &str) -> bool {
    let kaal = |tekst: &str| {
        let mut url = Url::parse(tekst).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    kaal(genoemd).is_some_and(|genoemd| kaal(werkelijk) == Some(genoemd))
}

/// De `ath` bij een toegangstoken.
#[must_use]
pub fn access_token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// Controleert een bewijs volgens de stappen van RFC 9449, 4.3.
///
/// # Errors
/// Zie [`DpopError`]; iedere weigering heeft haar eigen waarde.
pub fn verify_dpop(proof: &str, target: &DpopTarget<'_>, nu: Moment) -> Result<DpopProof, DpopError> {
    // Stap 2: een JWT in drie delen.
    if proof.split('.').count() != 3 {
        return Err(DpopError::Malformed);
    }
    let header = jwt::part(proof, 0).map_err(leesfout)?;
    // Stap 4: typ.
    if header.get("typ").and_then(Value::as_str) != Some("dpop+jwt") || header.contains_key("crit") {
        return Err(DpopError::Malformed);
    }
    // Stap 5: asymmetrisch en toegestaan.
    if !header.get("alg").and_then(Value::as_str).is_some_and(|alg| DPOP_ALGORITHMS.contains(&alg)) {
        return Err(DpopError::Algorithm);
    }
    // Stap 7: geen geheim deel.
    let jwk = header.get("jwk").filter(|jwk| jwk.is_object() && !GEHEIME_DELEN.iter().any(|deel| jwk.get(deel).is_some())).ok_or(DpopError::Key)?;
    let jkt = thumbprint(jwk).ok_or(DpopError::Key)?;
    // Stap 6: handtekening met die sleutel.
    let claims = jwt::verify(proof, &header, jwk).map_err(leesfout)?;
    // Stap 3: verplichte claims.
    let tekst = |naam: &str| claims.get(naam).and_then(Value::as_str);
    let jti = tekst("jti").filter(|jti| !jti.is_empty() && jti.len() <= 256).ok_or(DpopError::Claims)?;
    let (htm, htu) = tekst("htm").zip(tekst("htu")).ok_or(DpopError::Claims)?;
    let tijd = |naam: &str| claims.get(naam).map(|waarde| jwt::seconds(waarde).ok_or(DpopError::Claims)).transpose();
    let iat = tijd("iat")?.ok_or(DpopError::Claims)?;
    // Stappen 8 en 9: dit verzoek.
    if htm != target.method || !zelfde_adres(htu, target.url) {
        return Err(DpopError::Target);
    }
    // Stap 11: niet te oud en niet te ver vooruit; nbf en exp tellen als zij er staan.
    let nu = nu.timestamp();
    let te_vroeg = tijd("nbf")?.is_some_and(|nbf| nbf > nu + WINDOW);
    let te_laat = tijd("exp")?.is_some_and(|exp| exp <= nu - WINDOW);
    if (nu - iat).abs() > WINDOW || te_vroeg || te_laat {
        return Err(DpopError::Time);
    }
    // Stap 12: bij een token hoort zijn hash.
    if target.access_token.is_some_and(|token| tekst("ath") != Some(access_token_hash(token).as_str())) {
        return Err(DpopError::Token);
    }
    Ok(DpopProof { jkt, jti: jti.to_owned(), remember_until: iat + 2 * WINDOW })
}
