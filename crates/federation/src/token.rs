//! Het oordeel over een toegangstoken (RFC 9068, 4; RFC 8725).

use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use domain::Moment;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

use crate::mfa::{MfaRule, Sterkte};

/// Welke claim wat betekent bij deze uitgever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimMapping {
    /// Claim met de stabiele identiteit; standaard `sub`.
    pub subject: String,
    /// Claim met het e-mailadres; standaard `email`.
    pub email: String,
    /// Claim met de scopes; standaard `scope` (tekst of lijst).
    pub scope: String,
}

impl Default for ClaimMapping {
    fn default() -> Self {
        Self { subject: "sub".to_owned(), email: "email".to_owned(), scope: "scope".to_owned() }
    }
}

/// Een uitgever die wij vertrouwen, en waarvoor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// De uitgever, tot op de byte gelijk aan `iss`.
    pub issuer: String,
    /// De waarde die `aud` moet bevatten.
    pub audience: String,
    /// Algoritmen die deze uitgever mag gebruiken.
    pub algorithms: Vec<Algorithm>,
    /// Toegestaan klokverschil in seconden, ten hoogste 300.
    pub leeway: i64,
    /// Wat MFA bewijst.
    pub mfa: MfaRule,
    /// Betekenis van claims.
    pub mapping: ClaimMapping,
    /// Of `typ: at+jwt` verplicht is; alleen uit te zetten voor een hub die RFC 9068 niet volgt.
    pub require_typ: bool,
}

impl TrustedIssuer {
    /// Gewone eisen aan een uitgever.
    #[must_use]
    pub fn new(issuer: &str, audience: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            algorithms: vec![Algorithm::ES256, Algorithm::PS256, Algorithm::RS256],
            leeway: 60,
            mfa: MfaRule::default(),
            mapping: ClaimMapping::default(),
            require_typ: true,
        }
    }
}

/// Waarom een token geweigerd wordt; iedere weigering heeft haar eigen waarde.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// Geen JWT.
    #[error("geen JWT")]
    Malformed,
    /// `typ` is niet `at+jwt`: een ID-token of iets anders.
    #[error("typ is niet at+jwt")]
    Type,
    /// `crit`, `jku`, `jwk` of `x5u` in de kop.
    #[error("kop met crit, jku, jwk of x5u")]
    Header,
    /// `none`, HMAC, of een algoritme dat niet bij uitgever of sleutel hoort.
    #[error("algoritme niet toegestaan")]
    Algorithm,
    /// Uitgever niet vertrouwd.
    #[error("uitgever niet vertrouwd")]
    Issuer,
    /// Geen sleutel met deze `kid`.
    #[error("onbekende kid")]
    UnknownKey,
    /// Handtekening klopt niet.
    #[error("handtekening klopt niet")]
    Signature,
    /// Voor een andere API.
    #[error("aud is een andere API")]
    Audience,
    /// Verlopen.
    #[error("verlopen")]
    Expired,
    /// Nog niet geldig, of uitgegeven in de toekomst.
    #[error("nog niet geldig")]
    NotYet,
    /// Een verplichte claim ontbreekt of heeft het verkeerde type.
    #[error("verplichte claim ontbreekt")]
    Claim,
}

/// Een token waarvan alles klopt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedToken {
    /// Uitgever.
    pub issuer: String,
    /// Identiteit bij die uitgever.
    pub sub: String,
    /// Client.
    pub client_id: Option<String>,
    /// Scopes.
    pub scopes: Vec<String>,
    /// Sterkte volgens het token.
    pub acr: Option<String>,
    /// Middelen.
    pub amr: Vec<String>,
    /// Moment van aanmelden.
    pub auth_time: Option<Moment>,
    /// Verloopt.
    pub exp: Moment,
    /// Kenmerk.
    pub jti: Option<String>,
    /// E-mailadres, alleen als de uitgever zegt dat het bewezen is.
    pub verified_email: Option<String>,
    /// Of MFA bewezen is.
    pub sterkte: Sterkte,
    /// Alle claims, voor wie er meer van moet weten.
    pub claims: Map<String, Value>,
}

impl TokenRefusal {
    /// Vaste code, voor logboek en handleiding.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "token-vorm",
            Self::Type => "token-soort",
            Self::Header => "token-kop",
            Self::Algorithm => "token-algoritme",
            Self::Issuer => "token-uitgever",
            Self::UnknownKey => "token-sleutel",
            Self::Signature => "token-handtekening",
            Self::Audience => "token-bestemming",
            Self::Expired => "token-verlopen",
            Self::NotYet => "token-te-vroeg",
            Self::Claim => "token-claim",
        }
    }

    /// Wie er iets aan moet doen: de aanroeper, de uitgever of de beheerder van deze dienst.
    #[must_use]
    pub const fn eigenaar(self) -> &'static str {
        match self {
            Self::Malformed | Self::Type | Self::Audience | Self::Expired => "aanroeper",
            Self::Header | Self::Algorithm | Self::UnknownKey | Self::Signature | Self::NotYet | Self::Claim => "uitgever",
            Self::Issuer => "beheerder",
        }
    }
}

pub(crate) fn deel(token: &str, plek: usize) -> Result<Map<String, Value>, TokenRefusal> {
    let tekst = token.split('.').nth(plek).ok_or(TokenRefusal::Malformed)?;
    let bytes = URL_SAFE_NO_PAD.decode(tekst).map_err(|_| TokenRefusal::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenRefusal::Malformed)
}

/// De uitgever die het token noemt, nog niet bewezen: alleen om te weten bij wie de sleutels te halen zijn.
///
/// # Errors
/// [`TokenRefusal::Malformed`].
pub fn issuer_of(token: &str) -> Result<String, TokenRefusal> {
    deel(token, 1)?.get("iss").and_then(Value::as_str).map(str::to_owned).ok_or(TokenRefusal::Malformed)
}

/// Een algoritme van een handtekening: wat de bibliotheek kent, en ES512 (RFC 7518, 3.4), dat zij niet kent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alg {
    /// Van de bibliotheek.
    Bekend(Algorithm),
    /// ECDSA op P-521 met SHA-512.
    Es512,
}

fn algoritme(header: &Map<String, Value>, toegestaan: &[Alg]) -> Result<Alg, TokenRefusal> {
    let naam = header.get("alg").and_then(Value::as_str).ok_or(TokenRefusal::Algorithm)?;
    // RFC 8725, 3.1 en 3.2: alleen asymmetrisch, en alleen wat voor deze uitgever is afgesproken.
    let alg = met_naam(naam).ok_or(TokenRefusal::Algorithm)?;
    if matches!(alg, Alg::Bekend(Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)) || !toegestaan.contains(&alg) {
        return Err(TokenRefusal::Algorithm);
    }
    Ok(alg)
}

/// De oude en de nieuwe naam van Ed25519 (RFC 8037; RFC 9864) zijn hetzelfde algoritme.
pub(crate) const ED25519: &str = "Ed25519";

fn met_naam(naam: &str) -> Option<Alg> {
    match naam {
        ED25519 => Some(Alg::Bekend(Algorithm::EdDSA)),
        "ES512" => Some(Alg::Es512),
        _ => naam.parse().ok().map(Alg::Bekend),
    }
}

/// Zoveel sleutels met dezelfde `kid` proberen wij.
const MEESTE_SLEUTELS: usize = 4;

/// De sleutels waarmee dit token getekend kan zijn. Een `kid` hoort er één aan te wijzen (RFC 7517, 4.5), maar niet iedereen doet dat.
fn sleutels<'a>(header: &Map<String, Value>, jwks: &'a Value, alg: Alg) -> Result<Vec<&'a Value>, TokenRefusal> {
    let alle = jwks.get("keys").and_then(Value::as_array).ok_or(TokenRefusal::UnknownKey)?;
    let bruikbaar = alle.iter().filter(|s| om_te_ondertekenen(s));
    let Some(kid) = aanwezig(header.get("kid")) else {
        // Geen kid mag alleen als er maar één sleutel is die past.
        let passend: Vec<&Value> = bruikbaar.filter(|s| hoort_bij(s, alg)).take(2).collect();
        return if passend.len() == 1 { Ok(passend) } else { Err(TokenRefusal::UnknownKey) };
    };
    let genoemd: Vec<&Value> = bruikbaar.clone().filter(|s| s.get("kid") == Some(kid)).collect();
    if genoemd.is_empty() {
        // Een sleutel hoeft geen kid te hebben (RFC 7517, 4.5). Past er zo precies één, dan beslist haar handtekening.
        let zonder: Vec<&Value> = bruikbaar.filter(|s| aanwezig(s.get("kid")).is_none() && hoort_bij(s, alg)).take(2).collect();
        return if zonder.len() == 1 { Ok(zonder) } else { Err(TokenRefusal::UnknownKey) };
    }
    let passend: Vec<&Value> = genoemd.into_iter().filter(|s| hoort_bij(s, alg)).take(MEESTE_SLEUTELS).collect();
    if passend.is_empty() { Err(TokenRefusal::Algorithm) } else { Ok(passend) }
}

/// RFC 7517, 4.2 en 4.3: een sleutel voor versleutelen bewijst geen handtekening.
pub(crate) fn om_te_ondertekenen(sleutel: &Value) -> bool {
    let gebruik = aanwezig(sleutel.get("use")).is_none_or(|gebruik| gebruik == "sig");
    let handelingen = aanwezig(sleutel.get("key_ops")).filter(|lijst| lijst.as_array().is_none_or(|lijst| !lijst.is_empty()));
    gebruik && handelingen.is_none_or(|lijst| lijst.as_array().is_some_and(|lijst| lijst.iter().any(|op| op == "verify")))
}

/// Een veld met `null` zegt niets, en telt als een veld dat er niet is.
pub(crate) fn aanwezig(veld: Option<&Value>) -> Option<&Value> {
    veld.filter(|waarde| !waarde.is_null())
}

/// RFC 8725, 3.1: soort sleutel, kromme en (als zij het noemt) algoritme van de sleutel passen bij het algoritme van het token.
fn hoort_bij(sleutel: &Value, alg: Alg) -> bool {
    let tekst = |naam: &str| sleutel.get(naam).and_then(Value::as_str);
    let kromme = |soort: &str, naam: &str| tekst("kty") == Some(soort) && tekst("crv") == Some(naam);
    let soort = match alg {
        Alg::Es512 => kromme("EC", "P-521"),
        Alg::Bekend(Algorithm::ES256) => kromme("EC", "P-256"),
        Alg::Bekend(Algorithm::ES384) => kromme("EC", "P-384"),
        Alg::Bekend(Algorithm::EdDSA) => kromme("OKP", "Ed25519"),
        Alg::Bekend(Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) => false,
        Alg::Bekend(_) => tekst("kty") == Some("RSA"),
    };
    soort && aanwezig(sleutel.get("alg")).is_none_or(|genoemd| genoemd.as_str().and_then(met_naam) == Some(alg))
}

/// Een ID-token of afmeldtoken verraadt zich ook zonder `typ`, bij een hub die RFC 9068 niet volgt (RFC 8725, 3.11).
fn ander_soort(typ: &str, claims: &Map<String, Value>) -> bool {
    !matches!(typ, "" | "jwt" | "at+jwt" | "application/at+jwt") || ["at_hash", "c_hash", "s_hash", "events"].iter().any(|naam| claims.contains_key(*naam))
}

/// Een goede handtekening onder een claim van het verkeerde type is geen verkeerde handtekening.
fn onleesbaar(fout: &jsonwebtoken::errors::Error) -> TokenRefusal {
    if matches!(fout.kind(), ErrorKind::Json(_)) { TokenRefusal::Claim } else { TokenRefusal::Signature }
}

/// Velden die een sleutel of een uitbreiding aanwijzen waar de afzender over gaat.
pub(crate) const VERBODEN_IN_KOP: [&str; 4] = ["crit", "jku", "jwk", "x5u"];

/// RFC 8725, 3.10: geen uitbreiding die wij niet kennen, en geen sleutel uit het bericht zelf.
pub(crate) fn keur_kop(header: &Map<String, Value>) -> Result<(), TokenRefusal> {
    if VERBODEN_IN_KOP.iter().any(|veld| aanwezig(header.get(*veld)).is_some()) { Err(TokenRefusal::Header) } else { Ok(()) }
}

/// De claims onder een handtekening die met een van deze sleutels en algoritmen klopt; tijden en bestemming zijn nog niet beoordeeld.
pub(crate) fn bewezen_claims(token: &str, header: &Map<String, Value>, jwks: &Value, toegestaan: &[Alg]) -> Result<Map<String, Value>, TokenRefusal> {
    let alg = algoritme(header, toegestaan)?;
    let mut uitkomst = Err(TokenRefusal::UnknownKey);
    for sleutel in sleutels(header, jwks, alg)? {
        uitkomst = met_sleutel(token, header, sleutel, alg);
        if !matches!(uitkomst, Err(TokenRefusal::Signature | TokenRefusal::UnknownKey)) {
            break;
        }
    }
    uitkomst
}

/// Waarom de gepubliceerde sleutel van dit token niet te lezen is; `None` als het daar niet aan ligt.
pub(crate) fn onleesbare_sleutel(header: &Map<String, Value>, jwks: &Value, toegestaan: &[Alg]) -> Option<String> {
    let alg = algoritme(header, toegestaan).ok()?;
    sleutels(header, jwks, alg).ok()?.into_iter().find_map(|sleutel| lees_sleutel(sleutel).err())
}

/// Het algoritme waarvoor de sleutel met de `kid` van dit token is, als het token een ander noemt dat wel is afgesproken.
pub(crate) fn ander_algoritme(header: &Map<String, Value>, jwks: &Value, toegestaan: &[Alg]) -> Option<String> {
    algoritme(header, toegestaan).ok()?;
    let kid = header.get("kid")?;
    let sleutel = jwks.get("keys")?.as_array()?.iter().find(|sleutel| om_te_ondertekenen(sleutel) && sleutel.get("kid") == Some(kid))?;
    let tekst = |naam: &str| sleutel.get(naam).and_then(Value::as_str);
    let soort = || [tekst("kty").unwrap_or("geen 'kty'"), tekst("crv").unwrap_or_default()].join(" ").trim_end().to_owned();
    Some(tekst("alg").map_or_else(soort, str::to_owned))
}

/// Een publieke sleutel, klaar om een handtekening mee na te rekenen.
pub(crate) enum Publiek {
    /// Voor de bibliotheek.
    Bekend(DecodingKey),
    /// De punt van een P-521-sleutel, onverkort (SEC 1, 2.3.3).
    P521(Vec<u8>),
}

/// Leest een sleutel (RFC 7518, 6), of zegt waarom dat niet gaat.
pub(crate) fn lees_sleutel(sleutel: &Value) -> Result<Publiek, String> {
    if aanwezig(sleutel.get("d")).is_some() {
        // RFC 7518, 6.2.2 en 6.3.2: wie haar geheime deel kan lezen, kan er ook mee tekenen. Zij bewijst niets meer.
        return Err("haar geheime deel ('d') is gepubliceerd; iedereen kan ermee tekenen".to_owned());
    }
    let tekst = |naam: &str| sleutel.get(naam).and_then(Value::as_str);
    match (tekst("kty"), tekst("crv")) {
        (Some("RSA"), _) => rsa(sleutel),
        (Some("EC"), Some("P-256")) => Ok(Publiek::Bekend(DecodingKey::from_ec_der(&punt(sleutel, 32)?))),
        (Some("EC"), Some("P-384")) => Ok(Publiek::Bekend(DecodingKey::from_ec_der(&punt(sleutel, 48)?))),
        (Some("EC"), Some("P-521")) => Ok(Publiek::P521(punt(sleutel, 66)?)),
        (Some("OKP"), Some("Ed25519")) => Ok(Publiek::Bekend(DecodingKey::from_ed_der(&van_lengte(sleutel, "x", 32)?))),
        (kty, crv) => Err(format!("een sleutel van de soort {} {} kennen wij niet", kty.unwrap_or("zonder 'kty'"), crv.unwrap_or_default())),
    }
}

/// Een getal of coördinaat in base64url, zonder opvulling (RFC 7515, 2).
fn bytes(sleutel: &Value, naam: &str) -> Result<Vec<u8>, String> {
    let Some(tekst) = sleutel.get(naam).and_then(Value::as_str) else {
        let keten = if sleutel.get("x5c").is_some() { "; een sleutel die alleen in 'x5c' staat, lezen wij niet" } else { "" };
        return Err(format!("'{naam}' ontbreekt of is geen tekst{keten}"));
    };
    URL_SAFE_NO_PAD.decode(tekst).map_err(|_| format!("'{naam}' is geen base64url zonder '='"))
}

fn van_lengte(sleutel: &Value, naam: &str, lengte: usize) -> Result<Vec<u8>, String> {
    let bytes = bytes(sleutel, naam)?;
    if bytes.len() == lengte { Ok(bytes) } else { Err(format!("'{naam}' is {} bytes en geen {lengte}", bytes.len())) }
}

/// Beide coördinaten van precies deze lengte (RFC 7518, 6.2.1.2), onverkort achter elkaar.
fn punt(sleutel: &Value, lengte: usize) -> Result<Vec<u8>, String> {
    Ok([vec![4], van_lengte(sleutel, "x", lengte)?, van_lengte(sleutel, "y", lengte)?].concat())
}

/// Een RSA-sleutel; nullen vooraan horen er niet (RFC 7518, 2), maar veranderen het getal niet.
fn rsa(sleutel: &Value) -> Result<Publiek, String> {
    let getal = |naam: &str| bytes(sleutel, naam).map(|bytes| bytes.into_iter().skip_while(|byte| *byte == 0).collect::<Vec<_>>());
    let (n, e) = (getal("n")?, getal("e")?);
    // RFC 7518, 3.3: ten minste 2048 bits.
    if !(256..=1024).contains(&n.len()) || e.is_empty() {
        return Err(format!("een RSA-sleutel van {} bits; ten minste 2048 en ten hoogste 8192 bits", n.len() * 8));
    }
    Ok(Publiek::Bekend(DecodingKey::from_rsa_raw_components(&n, &e)))
}

fn met_es512(token: &str, punt: &[u8]) -> Result<Map<String, Value>, TokenRefusal> {
    let (bericht, handtekening) = token.rsplit_once('.').ok_or(TokenRefusal::Malformed)?;
    let handtekening = URL_SAFE_NO_PAD.decode(handtekening).map_err(|_| TokenRefusal::Signature)?;
    let klopt = UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, punt).verify(bericht.as_bytes(), &handtekening).is_ok();
    if klopt { deel(token, 1).map_err(|_| TokenRefusal::Claim) } else { Err(TokenRefusal::Signature) }
}

fn met_sleutel(token: &str, header: &Map<String, Value>, sleutel: &Value, alg: Alg) -> Result<Map<String, Value>, TokenRefusal> {
    let (decoding, alg) = match (lees_sleutel(sleutel).map_err(|_| TokenRefusal::UnknownKey)?, alg) {
        (Publiek::P521(punt), Alg::Es512) => return met_es512(token, &punt),
        (Publiek::Bekend(decoding), Alg::Bekend(alg)) => (decoding, alg),
        _ => return Err(TokenRefusal::Algorithm),
    };
    if header.get("alg").and_then(Value::as_str) == Some(ED25519) {
        // De bibliotheek kent deze naam nog niet: zij rekent de handtekening na, wij lezen de claims.
        let (bericht, handtekening) = token.rsplit_once('.').ok_or(TokenRefusal::Malformed)?;
        let klopt = jsonwebtoken::crypto::verify(handtekening, bericht.as_bytes(), &decoding, alg).is_ok_and(|klopt| klopt);
        return if klopt { deel(token, 1).map_err(|_| TokenRefusal::Claim) } else { Err(TokenRefusal::Signature) };
    }
    let mut validation = Validation::new(alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    Ok(jsonwebtoken::decode::<Map<String, Value>>(token, &decoding, &validation).map_err(|fout| onleesbaar(&fout))?.claims)
}

/// Oordeelt over een toegangstoken met de sleutels van deze uitgever.
///
/// # Errors
/// Zie [`TokenRefusal`].
pub fn verify_access_token(token: &str, issuer: &TrustedIssuer, jwks: &Value, nu: Moment) -> Result<VerifiedToken, TokenRefusal> {
    let header = deel(token, 0)?;
    // RFC 9068, 4, stap 1 (typ): een ID-token is geen toegangstoken.
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    if issuer.require_typ && typ != "at+jwt" && typ != "application/at+jwt" {
        return Err(TokenRefusal::Type);
    }
    keur_kop(&header)?;
    let toegestaan: Vec<Alg> = issuer.algorithms.iter().copied().map(Alg::Bekend).collect();
    algoritme(&header, &toegestaan)?;
    // RFC 9068, 4, stap 3 (iss), vóór de handtekening: sleutels horen bij precies deze uitgever.
    if issuer_of(token)? != issuer.issuer {
        return Err(TokenRefusal::Issuer);
    }
    // Stap 5 (handtekening).
    let claims = bewezen_claims(token, &header, jwks, &toegestaan)?;
    if ander_soort(&typ, &claims) {
        return Err(TokenRefusal::Type);
    }
    bestemming(&claims, issuer)?;
    let exp = tijd(&claims, issuer, nu)?;
    uit(claims, issuer, exp)
}

/// RFC 9068, 4, stap 4 (aud): wij zijn genoemd.
fn bestemming(claims: &Map<String, Value>, issuer: &TrustedIssuer) -> Result<(), TokenRefusal> {
    let genoemd = match claims.get("aud") {
        Some(Value::String(aud)) => *aud == issuer.audience,
        Some(Value::Array(lijst)) => lijst.iter().any(|aud| aud.as_str() == Some(&issuer.audience)),
        _ => false,
    };
    if genoemd { Ok(()) } else { Err(TokenRefusal::Audience) }
}

/// Een tijdstip in seconden; een gebroken getal mag, een tekst niet.
pub(crate) fn seconden(claims: &Map<String, Value>, naam: &str) -> Result<Option<i64>, TokenRefusal> {
    match aanwezig(claims.get(naam)) {
        None => Ok(None),
        Some(waarde) => {
            #[expect(clippy::cast_possible_truncation, reason = "een tijdstip met een breuk telt in hele seconden")]
            let heel = waarde.as_i64().or_else(|| waarde.as_f64().filter(|f| f.abs() < 1e15).map(|f| f as i64));
            heel.map(Some).ok_or(TokenRefusal::Claim)
        }
    }
}

/// RFC 9068, 4, stap 6 (exp), en nbf en iat; het klokverschil verruimt beide kanten.
fn tijd(claims: &Map<String, Value>, issuer: &TrustedIssuer, nu: Moment) -> Result<i64, TokenRefusal> {
    let (nu, leeway) = (nu.timestamp(), issuer.leeway.clamp(0, 300));
    let exp = seconden(claims, "exp")?.ok_or(TokenRefusal::Claim)?;
    if exp.saturating_add(leeway) <= nu {
        return Err(TokenRefusal::Expired);
    }
    for naam in ["nbf", "iat"] {
        if seconden(claims, naam)?.is_some_and(|moment| moment > nu.saturating_add(leeway)) {
            return Err(TokenRefusal::NotYet);
        }
    }
    Ok(exp)
}

fn uit(claims: Map<String, Value>, issuer: &TrustedIssuer, exp: i64) -> Result<VerifiedToken, TokenRefusal> {
    let tekst = |naam: &str| claims.get(naam).and_then(Value::as_str).map(str::to_owned);
    let scopes = match claims.get(&issuer.mapping.scope) {
        Some(Value::String(tekst)) => tekst.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect(),
        Some(Value::Array(lijst)) => lijst.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let amr = claims.get("amr").and_then(Value::as_array).map(|l| l.iter().filter_map(Value::as_str).map(str::to_owned).collect()).unwrap_or_default();
    let auth_time = seconden(&claims, "auth_time")?.filter(|t| *t > 0).and_then(|t| DateTime::from_timestamp(t, 0));
    let bewezen = claims.get("email_verified").and_then(Value::as_bool) == Some(true);
    Ok(VerifiedToken {
        issuer: issuer.issuer.clone(),
        sub: tekst(&issuer.mapping.subject).filter(|s| !s.is_empty()).ok_or(TokenRefusal::Claim)?,
        client_id: tekst("client_id").or_else(|| tekst("azp")),
        scopes,
        acr: tekst("acr"),
        amr,
        auth_time,
        exp: DateTime::from_timestamp(exp, 0).ok_or(TokenRefusal::Claim)?,
        jti: tekst("jti"),
        verified_email: tekst(&issuer.mapping.email).filter(|_| bewezen),
        sterkte: issuer.mfa.oordeel(&claims),
        claims,
    })
}
