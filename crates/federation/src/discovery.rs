//! Het discoverydocument (OpenID Connect Discovery 1.0) en de sleutels waar het naar wijst.

use domain::diagnose::{Diagnose, DiagnoseCode};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::egress::{Antwoord, Egress, EgressError};

/// Wat wij van het document gebruiken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Discovery {
    /// De uitgever.
    pub issuer: String,
    /// Waar men zich aanmeldt.
    pub authorization_endpoint: String,
    /// Waar de code wordt ingewisseld.
    pub token_endpoint: String,
    /// Waar de sleutels staan.
    pub jwks_uri: String,
    /// Waar gegevens van de persoon staan.
    #[serde(default)]
    pub userinfo_endpoint: Option<String>,
    /// Waar men zich afmeldt.
    #[serde(default)]
    pub end_session_endpoint: Option<String>,
    /// Waar een verzoek vooraf wordt klaargelegd (RFC 9126).
    #[serde(default)]
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Of een verzoek eerst klaargelegd moet worden (RFC 9126, 5).
    #[serde(default, deserialize_with = "waar")]
    pub require_pushed_authorization_requests: bool,
    /// Of een verzoek ondertekend moet zijn (RFC 9101, 10.5).
    #[serde(default, deserialize_with = "waar")]
    pub require_signed_request_object: bool,
    /// Of het antwoord de parameter `iss` draagt (RFC 9207).
    #[serde(default, deserialize_with = "waar")]
    pub authorization_response_iss_parameter_supported: bool,
    /// Wijzen van bekendmaken.
    #[serde(default, deserialize_with = "teksten")]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// PKCE-methoden.
    #[serde(default, deserialize_with = "teksten")]
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// Antwoordsoorten.
    #[serde(default, deserialize_with = "teksten")]
    pub response_types_supported: Option<Vec<String>>,
    /// Scopes.
    #[serde(default, deserialize_with = "teksten")]
    pub scopes_supported: Option<Vec<String>>,
    /// Claims.
    #[serde(default, deserialize_with = "teksten")]
    pub claims_supported: Option<Vec<String>>,
    /// Of de parameter `claims` werkt.
    #[serde(default, deserialize_with = "waar")]
    pub claims_parameter_supported: bool,
    /// Waarden van `acr`.
    #[serde(default, deserialize_with = "teksten")]
    pub acr_values_supported: Option<Vec<String>>,
    /// Algoritmen van het ID-token.
    #[serde(default, deserialize_with = "teksten")]
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
}

/// Ja of nee; ook als tekst. Iets anders zegt niets: een document dat verder klopt, valt daar niet om.
fn waar<'de, D: Deserializer<'de>>(invoer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(invoer)? {
        Value::Bool(waarde) => waarde,
        Value::String(tekst) => tekst.eq_ignore_ascii_case("true"),
        _ => false,
    })
}

/// Een lijst van teksten; één tekst is een lijst van één. Iets anders telt als niet genoemd.
fn teksten<'de, D: Deserializer<'de>>(invoer: D) -> Result<Option<Vec<String>>, D::Error> {
    Ok(match Value::deserialize(invoer)? {
        Value::String(tekst) => Some(vec![tekst]),
        Value::Array(lijst) => Some(lijst.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    })
}

/// De adressen waar wij niet zonder kunnen.
const VERPLICHT: [&str; 3] = ["authorization_endpoint", "token_endpoint", "jwks_uri"];

/// Wat er aan de adressen mankeert: het eerste dat ontbreekt of geen tekst is.
fn gebrek(document: &Value) -> String {
    let tekst = |naam: &str| document.get(naam).is_some_and(Value::is_string);
    let naam = VERPLICHT.iter().find(|naam| !tekst(naam));
    naam.map_or_else(|| "een adres dat geen tekst is".to_owned(), |naam| format!("'{naam}' ontbreekt of is geen tekst"))
}

/// Een fout van het netwerk als diagnose.
pub(crate) fn netwerk(fout: &EgressError, adres: &str) -> Diagnose {
    let code = match fout {
        EgressError::Url | EgressError::Private => DiagnoseCode::AdresNietToegestaan,
        EgressError::Status(_) | EgressError::TooLarge | EgressError::Encoding(_) | EgressError::NotJson | EgressError::Unreachable(_) => {
            DiagnoseCode::IdpOnbereikbaar
        }
    };
    // Zonder query: daar kan iets persoonlijks in staan.
    let kaal = adres.split(['?', '#']).next().unwrap_or_default();
    Diagnose::new(code).verwacht(format!("een antwoord van {kaal}")).gezien(fout.to_string())
}

pub(crate) fn te_traag() -> Diagnose {
    Diagnose::new(DiagnoseCode::IdpOnbereikbaar).verwacht("gegevens en sleutels binnen tien seconden").gezien("niet klaar binnen tien seconden")
}

/// Het adres van het document.
pub(crate) fn adres(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

/// Haalt het document op en keurt het; geeft ook het antwoord, om de klok te vergelijken.
pub(crate) async fn haal_discovery(egress: &Egress, issuer: &str) -> Result<(Discovery, Antwoord), Diagnose> {
    let adres = adres(issuer);
    let antwoord = egress.get(&adres, None).await.and_then(Antwoord::geslaagd).map_err(|fout| netwerk(&fout, &adres))?;
    let onjuist = |verwacht: &str, gezien: &str| Diagnose::new(DiagnoseCode::DiscoveryOnjuist).verwacht(verwacht).gezien(gezien);
    let document = antwoord.json().map_err(|_| onjuist("een JSON-document", &antwoord.soort))?;
    // OIDC Discovery, 4.3: tot op de byte gelijk. Vóór al het andere, zodat dit niet op een leesfout lijkt.
    let genoemd = document.get("issuer").and_then(Value::as_str).ok_or_else(|| onjuist("issuer", "geen 'issuer' in het document"))?;
    if genoemd != issuer {
        return Err(Diagnose::new(DiagnoseCode::IssuerMismatch).verwacht(issuer).gezien(genoemd));
    }
    let discovery: Discovery = Discovery::deserialize(&document)
        .map_err(|_| onjuist("issuer, authorization_endpoint, token_endpoint en jwks_uri, ieder in de goede vorm", &gebrek(&document)))?;
    keur_adressen(egress, &discovery)?;
    Ok((discovery, antwoord))
}

/// Ieder adres in het document langs dezelfde regel als al het uitgaande verkeer.
fn keur_adressen(egress: &Egress, d: &Discovery) -> Result<(), Diagnose> {
    let verplicht = [("authorization_endpoint", &d.authorization_endpoint), ("token_endpoint", &d.token_endpoint), ("jwks_uri", &d.jwks_uri)];
    let mogelijk = [
        ("userinfo_endpoint", &d.userinfo_endpoint),
        ("end_session_endpoint", &d.end_session_endpoint),
        ("pushed_authorization_request_endpoint", &d.pushed_authorization_request_endpoint),
    ];
    let alle = verplicht.into_iter().chain(mogelijk.into_iter().filter_map(|(naam, adres)| Some((naam, adres.as_ref()?))));
    for (naam, adres) in alle {
        egress.keur(adres).map_err(|fout| Diagnose::new(DiagnoseCode::AdresNietToegestaan).verwacht(format!("{naam}: {fout}")).gezien(adres))?;
    }
    Ok(())
}

/// Haalt de sleutels op.
pub(crate) async fn haal_sleutels(egress: &Egress, adres: &str) -> Result<Value, Diagnose> {
    let jwks = egress.get_json(adres).await.map_err(|fout| match fout {
        EgressError::NotJson => Diagnose::new(DiagnoseCode::SleutelsOnjuist).verwacht("een JWK Set").gezien(fout.to_string()),
        fout => netwerk(&fout, adres),
    })?;
    if jwks.get("keys").and_then(Value::as_array).is_none() {
        return Err(Diagnose::new(DiagnoseCode::SleutelsOnjuist).verwacht("een lijst 'keys'").gezien("geen lijst 'keys'"));
    }
    Ok(jwks)
}
