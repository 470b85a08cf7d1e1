//! Wat de IdP-beheerder in de eigen aanmelddienst instelt, om over te nemen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instellingen::{BeweringBestemming, Clientauthenticatie, IdpInstellingen};
use super::recept::MfaPreset;
use super::registratie::IdpVersie;

/// De instructie bij een versie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Instructie {
    /// De versie waar de instructie bij hoort.
    #[schema(minimum = 1, example = 1)]
    pub versienummer: i32,
    /// Het adres voor het antwoord; neem het letterlijk over.
    #[schema(example = "https://aansluitloket.example/oidc/callback/0190f3a0-0000-7000-8000-000000000001")]
    pub redirect_uri: String,
    /// Waar onze publieke sleutels staan, bij `private-key-jwt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://aansluitloket.example/oidc/idp/0190f3a0-0000-7000-8000-000000000001/jwks")]
    pub jwks_uri: Option<String>,
    /// De stappen, in volgorde.
    #[schema(example = json!(["Maak een app-registratie van het type 'Web'."]))]
    pub stappen: Vec<String>,
}

const fn bestemming(bestemming: BeweringBestemming) -> &'static str {
    match bestemming {
        BeweringBestemming::Tokenadres => "het tokenadres; wil uw aanmelddienst de uitgever, zet 'beweringBestemming' dan op 'uitgever'",
        BeweringBestemming::Uitgever => "de uitgever",
    }
}

fn bekendmaken(instellingen: &IdpInstellingen, jwks_uri: &str) -> String {
    match instellingen.clientauthenticatie {
        Clientauthenticatie::PrivateKeyJwt => format!(
            "Laat de client zich bekendmaken met een ondertekende bewering (private_key_jwt, ES256) en neem onze sleutels over van {jwks_uri}. Maak eerst een sleutel met POST .../geheimen, soort 'sleutel'. De bewering is bestemd voor: {}.",
            bestemming(instellingen.bewering_bestemming)
        ),
        Clientauthenticatie::ClientSecretBasic | Clientauthenticatie::ClientSecretPost => {
            "Maak een geheim voor de client en zet het hier met POST .../geheimen, met de datum waarop het verloopt; u ziet het daarna niet terug.".to_owned()
        }
    }
}

fn waarden(instellingen: &IdpInstellingen) -> String {
    instellingen.mfa.bewijs.first().map(|bewijs| bewijs.waarden.join(", ")).unwrap_or_default()
}

fn per_preset(instellingen: &IdpInstellingen, redirect_uri: &str) -> Vec<String> {
    let waarden = waarden(instellingen);
    match instellingen.mfa.preset {
        MfaPreset::EntraV2 => vec![
            "Maak in Entra ID een app-registratie voor alleen uw eigen tenant ('single tenant').".to_owned(),
            format!("Voeg onder 'Authentication' het platform 'Web' toe met redirect URI {redirect_uri}."),
            format!("Maak onder 'Conditional Access' een authentication context met id {waarden}, en een beleid dat voor die context MFA vereist voor deze app."),
            "Voeg onder 'Token configuration' de optional claims 'acrs', 'auth_time', 'email' en 'sid' toe aan het ID-token.".to_owned(),
            "Neem als issuer https://login.microsoftonline.com/<tenant-id>/v2.0; 'common' en 'organizations' worden geweigerd.".to_owned(),
        ],
        MfaPreset::Adfs => vec![
            "Maak in AD FS een 'Application Group' met 'Server application accessing a web API'.".to_owned(),
            format!("Zet de redirect URI op {redirect_uri}."),
            "Kies bij de access control policy 'Permit everyone and require MFA'.".to_owned(),
            "Voeg een issuance transform rule toe die het e-mailadres als 'email' doorgeeft, en 'http://schemas.microsoft.com/claims/authnmethodsreferences' in het ID-token.".to_owned(),
        ],
        MfaPreset::Acr => vec![
            "Maak een vertrouwelijke client van het type OpenID Connect met alleen de authorization code flow (Keycloak: 'Client authentication' aan, alleen 'Standard flow').".to_owned(),
            format!("Zet als redirect URI alleen {redirect_uri}."),
            format!("Wij vragen in 'acr_values' om {waarden}: dwing dan een tweede factor af, en zet die waarde als 'acr' in het ID-token (Keycloak: 'ACR to LoA Mapping' en een browser flow met step-up)."),
            "Laat ook 'auth_time', het e-mailadres en de naam meegeven (Keycloak: de client scopes 'acr', 'basic', 'email' en 'profile').".to_owned(),
        ],
        MfaPreset::Amr => vec![
            "Maak een webtoepassing met de authorization code flow.".to_owned(),
            format!("Zet de redirect URI op {redirect_uri}."),
            "Dwing MFA af voor deze toepassing, en laat 'amr' als lijst opnemen in het ID-token (RFC 8176: 'mfa', of twee soorten factoren).".to_owned(),
        ],
        MfaPreset::Eidas => vec![
            "Registreer een client volgens het NL GOV-profiel voor OpenID Connect.".to_owned(),
            format!("Zet de redirect URI op {redirect_uri}."),
            format!("De aanmelddienst geeft in 'acr' het bereikte niveau; wij vragen {}.", instellingen.mfa.vraag.acr_values.join(" of ")),
        ],
        MfaPreset::Vrij => vec![
            "Maak een client van het type OpenID Connect met de authorization code flow.".to_owned(),
            format!("Zet de redirect URI op {redirect_uri}."),
            format!(
                "Dwing MFA af en laat in het ID-token een van deze claims opnemen: {}.",
                instellingen.mfa.bewijs.iter().map(|bewijs| bewijs.claim.as_str()).collect::<Vec<_>>().join(", ")
            ),
        ],
    }
}

/// De instructie bij een versie.
#[must_use]
pub fn instructie(versie: &IdpVersie, base_url: &str) -> Instructie {
    let (id, instellingen) = (versie.identiteitsprovider_id, &versie.instellingen);
    let redirect_uri = format!("{base_url}/oidc/callback/{id}");
    let jwks_uri = format!("{base_url}/oidc/idp/{id}/jwks");
    let mut stappen = per_preset(instellingen, &redirect_uri);
    stappen.push(bekendmaken(instellingen, &jwks_uri));
    stappen
        .push(format!("Controleer dat de client-id '{}' en de issuer '{}' kloppen, en doe een verbindingstest.", instellingen.client_id, instellingen.issuer));
    let met_sleutel = instellingen.clientauthenticatie == Clientauthenticatie::PrivateKeyJwt;
    Instructie { versienummer: versie.nummer, redirect_uri, jwks_uri: met_sleutel.then_some(jwks_uri), stappen }
}
