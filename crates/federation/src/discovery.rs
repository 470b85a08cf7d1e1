//! Het discoverydocument (OpenID Connect Discovery 1.0) en de sleutels waar het naar wijst.

use std::time::Duration;

use domain::diagnose::{Diagnose, DiagnoseCode};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::egress::{Antwoord, Egress, EgressError};
use crate::token::aanwezig;

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
    /// Adressen die niet te gebruiken zijn en waar het zonder kan, met hun naam: zij tellen als niet genoemd.
    #[serde(skip)]
    pub genegeerd: Vec<(&'static str, Diagnose)>,
}

impl Discovery {
    /// Of zij PKCE met S256 noemt (RFC 8414, 2).
    #[must_use]
    pub fn noemt_pkce(&self) -> bool {
        self.code_challenge_methods_supported.as_ref().is_some_and(|methoden| methoden.iter().any(|methode| methode == "S256"))
    }

    /// Waarom dit adres niet te gebruiken is, als de IdP het wel noemt.
    #[must_use]
    pub fn genegeerd(&self, naam: &str) -> Option<&Diagnose> {
        self.genegeerd.iter().find(|(welk, _)| *welk == naam).map(|(_, waarom)| waarom)
    }
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
/// De adressen waar het zonder kan.
const MOGELIJK: [&str; 3] = ["userinfo_endpoint", "end_session_endpoint", "pushed_authorization_request_endpoint"];

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

/// Een adres dat wel antwoordt, maar niet met het document dat er hoort, is bereikbaar: dan klopt het adres niet, of wat er staat.
fn geen_document(fout: &EgressError, adres: &str, (code, verwacht): (DiagnoseCode, &str)) -> Diagnose {
    match fout {
        EgressError::Status(500..) | EgressError::Url | EgressError::Private | EgressError::Unreachable(_) => netwerk(fout, adres),
        EgressError::Status(_) | EgressError::TooLarge | EgressError::Encoding(_) | EgressError::NotJson => {
            Diagnose::new(code).verwacht(format!("{verwacht} op {adres}")).gezien(fout.to_string())
        }
    }
}

/// Dit duurde langer dan het mag.
pub(crate) fn te_traag(wat: &str, grens: Duration) -> Diagnose {
    let binnen = format!("binnen {} seconden", grens.as_secs());
    Diagnose::new(DiagnoseCode::IdpOnbereikbaar).verwacht(format!("{wat} {binnen}")).gezien(format!("niet klaar {binnen}"))
}

/// Het adres van het document.
pub(crate) fn adres(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

/// Haalt het document op en keurt het; geeft ook het antwoord, om de klok te vergelijken.
pub(crate) async fn haal_discovery(egress: &Egress, issuer: &str) -> Result<(Discovery, Antwoord), Diagnose> {
    let adres = adres(issuer);
    let hoort = (DiagnoseCode::DiscoveryOnjuist, "(klopt de uitgever in de registratie?) een discoverydocument");
    let antwoord = egress.get(&adres, None).await.and_then(Antwoord::geslaagd).map_err(|fout| geen_document(&fout, &adres, hoort))?;
    let onjuist = |verwacht: &str, gezien: &str| Diagnose::new(DiagnoseCode::DiscoveryOnjuist).verwacht(verwacht).gezien(gezien);
    let geen_json = |fout: EgressError| {
        let diagnose = geen_document(&fout, &adres, hoort);
        diagnose.gezien(format!("{fout} ({})", antwoord.soort))
    };
    let mut document = antwoord.json().map_err(geen_json)?;
    // OIDC Discovery, 4.3: tot op de byte gelijk. Vóór al het andere, zodat dit niet op een leesfout lijkt.
    let genoemd = document.get("issuer").and_then(Value::as_str).ok_or_else(|| onjuist("issuer", "geen 'issuer' in het document"))?;
    if genoemd != issuer {
        return Err(Diagnose::new(DiagnoseCode::IssuerMismatch).verwacht(issuer).gezien(genoemd));
    }
    let genegeerd = negeer_onbruikbaar(egress, &mut document);
    let discovery: Discovery = Discovery::deserialize(&document)
        .map_err(|_| onjuist("issuer, authorization_endpoint, token_endpoint en jwks_uri, ieder in de goede vorm", &gebrek(&document)))?;
    let discovery = Discovery { genegeerd, ..discovery };
    keur_adressen(egress, &discovery)?;
    Ok((discovery, antwoord))
}

/// Een adres langs dezelfde regel als al het uitgaande verkeer.
fn keur_adres(egress: &Egress, naam: &str, adres: &Value) -> Result<(), Diagnose> {
    let niet = |waarom: String, gezien: String| Diagnose::new(DiagnoseCode::AdresNietToegestaan).verwacht(format!("{naam}: {waarom}")).gezien(gezien);
    let Some(tekst) = adres.as_str() else { return Err(niet("een adres als tekst".to_owned(), adres.to_string())) };
    egress.keur(tekst).map(drop).map_err(|fout| niet(fout.to_string(), if tekst.is_empty() { "een leeg adres".to_owned() } else { tekst.to_owned() }))
}

/// Haalt de adressen uit het document die niet te gebruiken zijn en waar het zonder kan; geeft waarom.
fn negeer_onbruikbaar(egress: &Egress, document: &mut Value) -> Vec<(&'static str, Diagnose)> {
    let Some(velden) = document.as_object_mut() else { return Vec::new() };
    let onbruikbaar = |naam: &'static str| Some((naam, keur_adres(egress, naam, aanwezig(velden.get(naam))?).err()?));
    let genegeerd: Vec<(&'static str, Diagnose)> = MOGELIJK.into_iter().filter_map(onbruikbaar).collect();
    velden.retain(|naam, _| genegeerd.iter().all(|(weg, _)| weg != naam));
    genegeerd
}

/// De adressen waar wij niet zonder kunnen, en dat voor klaarleggen als de IdP klaarleggen eist.
fn keur_adressen(egress: &Egress, d: &Discovery) -> Result<(), Diagnose> {
    for (naam, adres) in VERPLICHT.into_iter().zip([&d.authorization_endpoint, &d.token_endpoint, &d.jwks_uri]) {
        keur_adres(egress, naam, &Value::from(adres.as_str()))?;
    }
    match d.genegeerd("pushed_authorization_request_endpoint").filter(|_| d.require_pushed_authorization_requests) {
        Some(waarom) => Err(waarom.clone()),
        None => Ok(()),
    }
}

/// Haalt de sleutels op.
pub(crate) async fn haal_sleutels(egress: &Egress, adres: &str) -> Result<Value, Diagnose> {
    let jwks = egress.get_json(adres).await.map_err(|fout| geen_document(&fout, adres, (DiagnoseCode::SleutelsOnjuist, "een JWK Set")))?;
    if jwks.get("keys").and_then(Value::as_array).is_none() {
        return Err(Diagnose::new(DiagnoseCode::SleutelsOnjuist).verwacht("een lijst 'keys'").gezien("geen lijst 'keys'"));
    }
    Ok(jwks)
}
