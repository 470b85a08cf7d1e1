//! Het discoverydocument (OpenID Connect Discovery 1.0) en de sleutels waar het naar wijst.

use domain::diagnose::{Diagnose, DiagnoseCode};
use serde::Deserialize;
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
    /// Of het antwoord de parameter `iss` draagt (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// Wijzen van bekendmaken.
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// PKCE-methoden.
    #[serde(default)]
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// Antwoordsoorten.
    #[serde(default)]
    pub response_types_supported: Option<Vec<String>>,
    /// Scopes.
    #[serde(default)]
    pub scopes_supported: Option<Vec<String>>,
    /// Claims.
    #[serde(default)]
    pub claims_supported: Option<Vec<String>>,
    /// Of de parameter `claims` werkt.
    #[serde(default)]
    pub claims_parameter_supported: Option<bool>,
    /// Waarden van `acr`.
    #[serde(default)]
    pub acr_values_supported: Option<Vec<String>>,
    /// Algoritmen van het ID-token.
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
}

/// Een fout van het netwerk als diagnose.
pub(crate) fn netwerk(fout: &EgressError, adres: &str) -> Diagnose {
    let code = match fout {
        EgressError::Url | EgressError::Private => DiagnoseCode::AdresNietToegestaan,
        EgressError::Status(_) | EgressError::TooLarge | EgressError::NotJson | EgressError::Unreachable(_) => DiagnoseCode::IdpOnbereikbaar,
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
    let discovery: Discovery = serde_json::from_value(document)
        .map_err(|fout| onjuist("issuer, authorization_endpoint, token_endpoint en jwks_uri, ieder in de goede vorm", &fout.to_string()))?;
    keur_adressen(egress, &discovery)?;
    Ok((discovery, antwoord))
}

/// Ieder adres in het document langs dezelfde regel als al het uitgaande verkeer.
fn keur_adressen(egress: &Egress, d: &Discovery) -> Result<(), Diagnose> {
    let verplicht = [("authorization_endpoint", &d.authorization_endpoint), ("token_endpoint", &d.token_endpoint), ("jwks_uri", &d.jwks_uri)];
    let mogelijk = [("userinfo_endpoint", &d.userinfo_endpoint), ("end_session_endpoint", &d.end_session_endpoint)];
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
