//! Ondertekende verzoeken (JAR, RFC 9101; OIDC Core, 6).

use domain::toepassingen::Profiel;
use serde_json::{Map, Value};

use super::Beoordeling;
use crate::jwt;

/// Langste geldigheid van een verzoek vooruit, in seconden.
const LONGEST: i64 = 3600;
/// Toegestaan klokverschil in seconden.
const LEEWAY: i64 = 60;

/// Waarom een ondertekend verzoek niet telt; de code en wat er mis is.
pub(super) type Mis = (&'static str, &'static str);

const ONGELDIG: &str = "invalid_request_object";

/// Leest de parameters uit een ondertekend verzoek.
///
/// Bij `oidc` vult het object de losse parameters aan en gaat het voor (OIDC Core, 6.1); bij de andere profielen telt
/// alleen wat in het object staat (RFC 9101, 6.3; NL GOV).
pub(super) fn open(token: &str, los: &[(String, String)], bij: &Beoordeling<'_>) -> Result<Vec<(String, String)>, Mis> {
    let header = jwt::part(token, 0).map_err(|_| (ONGELDIG, "Het verzoek in 'request' is geen JWT."))?;
    // RFC 9101, 10.8 en RFC 8725: geen bericht van een andere soort, geen sleutel uit het bericht zelf.
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or("JWT");
    if !["JWT", "jwt", "oauth-authz-req+jwt"].contains(&typ) || ["crit", "jku", "jwk", "x5u"].iter().any(|veld| header.contains_key(*veld)) {
        return Err((ONGELDIG, "De kop van het verzoek in 'request' heeft een ander typ, of velden die er niet in horen."));
    }
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    if alg == "none" {
        return Err(("request_not_supported", "Een verzoek in 'request' moet ondertekend zijn."));
    }
    if bij.client.profiel == Profiel::Fapi2 && alg == "RS256" {
        return Err((ONGELDIG, "Teken het verzoek in 'request' met ES256, PS256 of EdDSA."));
    }
    let claims = jwt::open(token, &header, bij.jwks).map_err(|_| (ONGELDIG, "De handtekening onder 'request' klopt niet met een geregistreerde sleutel."))?;
    keur(&claims, bij)?;
    let mut velden =
        if bij.client.profiel == Profiel::Oidc { los.iter().filter(|(naam, _)| !claims.contains_key(naam)).cloned().collect() } else { Vec::new() };
    velden.retain(|(naam, _)| naam != "request");
    let over = ["iss", "aud", "exp", "iat", "nbf", "jti", "sub"];
    velden.extend(claims.into_iter().filter(|(naam, _)| !over.contains(&naam.as_str())).filter_map(|(naam, waarde)| Some((naam, tekst(&waarde)?))));
    Ok(velden)
}

/// Een veld als de tekst die het als losse parameter zou zijn.
fn tekst(waarde: &Value) -> Option<String> {
    match waarde {
        Value::Null => None,
        Value::String(tekst) => Some(tekst.clone()),
        anders => Some(anders.to_string()),
    }
}

fn keur(claims: &Map<String, Value>, bij: &Beoordeling<'_>) -> Result<(), Mis> {
    let (client, oidc) = (bij.client.id.to_string(), bij.client.profiel == Profiel::Oidc);
    let is = |naam: &str, waarde: &str| claims.get(naam).map(|c| c.as_str() == Some(waarde));
    // RFC 9101, 4: geen verzoek in een verzoek; client_id en iss zijn de client.
    if claims.contains_key("request") || claims.contains_key("request_uri") {
        return Err((ONGELDIG, "In het verzoek in 'request' staat weer een verzoek."));
    }
    if is("client_id", &client) == Some(false) || !is("iss", &client).unwrap_or(oidc) {
        return Err((ONGELDIG, "iss en client_id in het verzoek moeten de client zijn."));
    }
    // RFC 9101, 4: aud is deze uitgever.
    let aud = match claims.get("aud") {
        None => oidc,
        Some(Value::String(aud)) => *aud == bij.settings.issuer,
        Some(Value::Array(lijst)) => lijst.iter().any(|aud| aud.as_str() == Some(&bij.settings.issuer)),
        Some(_) => false,
    };
    if !aud {
        return Err((ONGELDIG, "aud in het verzoek moet deze uitgever zijn."));
    }
    let nu = bij.nu.timestamp();
    let tijd = |naam: &str| claims.get(naam).map(|waarde| jwt::seconds(waarde).ok_or((ONGELDIG, "exp, nbf en iat zijn getallen."))).transpose();
    let exp = tijd("exp")?;
    if exp.is_none() && !oidc {
        return Err((ONGELDIG, "exp ontbreekt in het verzoek; alleen bij profiel oidc mag dat."));
    }
    if exp.is_some_and(|exp| exp <= nu - LEEWAY || exp > nu + LONGEST + LEEWAY) {
        return Err((ONGELDIG, "exp in het verzoek moet in de toekomst liggen, ten hoogste een uur vooruit."));
    }
    if tijd("nbf")?.is_some_and(|nbf| nbf > nu + LEEWAY) || tijd("iat")?.is_some_and(|iat| iat > nu + LEEWAY) {
        return Err((ONGELDIG, "Het verzoek is nog niet geldig; controleer de klok van het portaal."));
    }
    Ok(())
}
