//! Het verzoek om een aanmelding: wat een portaal vraagt, beoordeeld tegen wat het mag vragen.
//!
//! [`beoordeel`] geeft een [`GeldigVerzoek`], of een [`AuthorizeFout`] die zegt of de browser terug mag naar het portaal
//! (alleen naar een geregistreerd adres) of een pagina moet zien.

mod antwoord;
mod claims;
mod keuring;
mod verzoekobject;

use domain::toepassingen::Toepassing;
use domain::{Id, Moment};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use antwoord::{Antwoord, AuthorizeFout, ResponseMode, Terugweg};
pub use claims::{ClaimEis, ClaimsVerzoek};
pub(crate) use keuring::OIDC_SCOPES;
pub use keuring::beoordeel;

use crate::discovery::ProviderSettings;

/// De sterkte die iedere aanmelding bij ons heeft: MFA volgens REFEDS.
pub const ACR_MFA: &str = "https://refeds.org/profile/mfa";
/// De niveaus van eIDAS, van laag naar hoog.
const EIDAS: [&str; 3] = ["http://eidas.europa.eu/LoA/low", "http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high"];
/// Sterktes die te vragen zijn.
pub const ACR_VALUES: [&str; 3] = [ACR_MFA, "http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high"];

/// Hoe het verzoek hier komt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Herkomst {
    /// In de browser, op het autorisatieadres.
    Browser,
    /// Het portaal legt het klaar op het PAR-adres, met de duimafdruk van zijn DPoP-sleutel als die meekwam.
    Klaarleggen {
        /// Duimafdruk uit de kop `DPoP`.
        jkt: Option<String>,
    },
    /// In de browser, met een verzoek dat eerder is klaargelegd.
    Klaargelegd {
        /// Hash van de `request_uri`.
        kenmerk: String,
        /// Duimafdruk waaraan het gebonden is.
        jkt: Option<String>,
    },
}

/// Waartegen een verzoek beoordeeld wordt.
#[derive(Clone, Debug)]
pub struct Beoordeling<'a> {
    /// De client.
    pub client: &'a Toepassing,
    /// De sleutels van de client; leeg als zij die niet heeft.
    pub jwks: &'a Value,
    /// Wat deze uitgever kan.
    pub settings: &'a ProviderSettings,
    /// Hoe het verzoek hier komt.
    pub herkomst: Herkomst,
    /// Nu.
    pub nu: Moment,
}

/// Wat de gebruiker te zien moet krijgen (OIDC Core, 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Niets: meteen een antwoord, ook als dat een fout is.
    None,
    /// Opnieuw aanmelden.
    Login,
    /// Toestemming; de organisatie gaf die al, dus er is niets te vragen.
    Consent,
    /// Een andere organisatie of een ander account kiezen.
    SelectAccount,
}

/// Een verzoek waarvan alles klopt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeldigVerzoek {
    /// De client.
    pub client_id: Id,
    /// Waar het antwoord heen gaat.
    pub terugweg: Terugweg,
    /// Nonce voor het ID-token.
    pub nonce: Option<String>,
    /// Toegestane scopes, in de gevraagde volgorde.
    pub scopes: Vec<String>,
    /// PKCE, altijd S256.
    pub code_challenge: Option<String>,
    /// Wat de gebruiker te zien moet krijgen.
    pub prompt: Vec<Prompt>,
    /// Hoe oud de aanmelding mag zijn, in seconden.
    pub max_age: Option<i64>,
    /// Sterktes waarvan er telkens één moet zijn bereikt; iedere lijst is een eis.
    pub acr_eisen: Vec<Vec<String>>,
    /// Sterktes die graag gezien zijn.
    pub acr_wens: Vec<String>,
    /// Gevraagde claims.
    pub claims: ClaimsVerzoek,
    /// Wie de gebruiker moet zijn (de `sub` zoals deze client hem kent), uit `claims`.
    pub sub: Option<String>,
    /// Het ID-token waarmee het portaal zegt wie het verwacht; nog niet gecontroleerd.
    pub id_token_hint: Option<String>,
    /// E-mailadres of domein van de gebruiker.
    pub login_hint: Option<String>,
    /// Organisatie die het portaal al kent.
    pub organisatie: Option<String>,
    /// Talen, voorkeur eerst.
    pub ui_locales: Vec<String>,
    /// De API waarvoor het token is (RFC 8707).
    pub audience: String,
    /// Sleutel waaraan code en token gebonden zijn (RFC 9449, 10).
    pub dpop_jkt: Option<String>,
    /// Hash van de `request_uri`, als het verzoek was klaargelegd.
    pub klaargelegd: Option<String>,
}

/// Of sterkte `heeft` minstens `vraagt` is. Alleen binnen eIDAS is er een volgorde; substantieel en hoog zijn ook MFA.
#[must_use]
pub fn acr_volstaat(vraagt: &str, heeft: &str) -> bool {
    let plek = |acr: &str| EIDAS.iter().position(|niveau| *niveau == acr);
    match (plek(vraagt), plek(heeft)) {
        (Some(vraagt), Some(heeft)) => heeft >= vraagt,
        (None, Some(heeft)) if vraagt == ACR_MFA => heeft >= 1,
        _ => vraagt == heeft,
    }
}

impl GeldigVerzoek {
    /// Of er geen pagina getoond mag worden.
    #[must_use]
    pub fn stil(&self) -> bool {
        self.prompt.contains(&Prompt::None)
    }

    /// Of de gebruiker zich hoe dan ook opnieuw moet aanmelden.
    #[must_use]
    pub fn opnieuw_aanmelden(&self) -> bool {
        self.prompt.contains(&Prompt::Login)
    }

    /// Of deze scope gevraagd en toegestaan is.
    #[must_use]
    pub fn heeft_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|eigen| eigen == scope)
    }

    /// Of een aanmelding op dit moment vers genoeg is; bij `max_age=0` nooit.
    #[must_use]
    pub fn vers_genoeg(&self, auth_time: Moment, nu: Moment) -> bool {
        self.max_age.is_none_or(|max_age| max_age > 0 && (nu - auth_time).num_seconds() <= max_age)
    }

    /// Of deze sterkte aan alle eisen voldoet.
    #[must_use]
    pub fn sterk_genoeg(&self, acr: Option<&str>) -> bool {
        self.acr_eisen.iter().all(|eis| acr.is_some_and(|heeft| eis.iter().any(|vraagt| acr_volstaat(vraagt, heeft))))
    }

    /// Alle sterktes die gevraagd zijn, om door te geven aan de identiteitsvoorziening van de organisatie.
    #[must_use]
    pub fn gevraagde_acr(&self) -> Vec<&str> {
        let mut alle: Vec<&str> = Vec::new();
        for acr in self.acr_eisen.iter().flatten().chain(&self.acr_wens).map(String::as_str) {
            if !alle.contains(&acr) {
                alle.push(acr);
            }
        }
        alle
    }

    /// De sterkte die het token noemt: de gevraagde als die bewezen is, anders wat bewezen is. Nooit meer.
    #[must_use]
    pub fn acr_in_token(&self, bewezen: Option<&str>) -> Option<String> {
        let heeft = bewezen?;
        let gevraagd = self.gevraagde_acr();
        let gekozen = gevraagd.iter().find(|vraagt| **vraagt == heeft).or_else(|| gevraagd.iter().find(|vraagt| acr_volstaat(vraagt, heeft)));
        Some((*gekozen.unwrap_or(&heeft)).to_owned())
    }
}
