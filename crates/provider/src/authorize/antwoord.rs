//! Hoe een antwoord naar het portaal teruggaat (OAuth 2.0 Multiple Response Types, Form Post, RFC 9207).

use serde::{Deserialize, Serialize};
use url::Url;

use crate::request::ascii;

/// Waar de velden van het antwoord staan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In de query.
    #[default]
    Query,
    /// In een formulier dat de browser verstuurt.
    FormPost,
}

/// De weg terug naar het portaal: alleen te maken voor een geregistreerd adres.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terugweg {
    /// Het adres, letter voor letter zoals gevraagd.
    pub redirect_uri: String,
    /// Vorm.
    pub response_mode: ResponseMode,
    /// Wat het portaal meegaf; gaat ongewijzigd terug.
    pub state: Option<String>,
}

/// Een antwoord voor het portaal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Antwoord {
    /// Stuur de browser hierheen, met 303.
    Redirect(String),
    /// Laat de browser dit formulier versturen.
    Formulier {
        /// Waarheen.
        actie: String,
        /// Wat erin staat.
        velden: Vec<(String, String)>,
    },
}

/// Een verzoek dat niet gaat zoals het er ligt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {description}")]
pub struct AuthorizeFout {
    /// Code (RFC 6749, 4.1.2.1; OIDC Core, 3.1.2.6).
    pub error: &'static str,
    /// Wat er mis is, voor wie het portaal bouwt.
    pub description: String,
    /// De weg terug; zonder weg terug ziet de gebruiker een pagina.
    pub terug: Option<Terugweg>,
}

impl AuthorizeFout {
    /// Een fout waarbij de browser hier blijft: het portaal of zijn adres is niet zeker.
    pub fn pagina(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into(), terug: None }
    }

    /// Een fout die het portaal te horen krijgt.
    pub fn terug(terug: &Terugweg, error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into(), terug: Some(terug.clone()) }
    }

    /// Het antwoord aan het portaal, als er een weg terug is.
    #[must_use]
    pub fn antwoord(&self, issuer: &str) -> Option<Antwoord> {
        let velden = vec![("error".to_owned(), self.error.to_owned()), ("error_description".to_owned(), ascii(&self.description))];
        self.terug.as_ref().map(|terug| terug.antwoord(issuer, velden))
    }
}

impl Terugweg {
    /// Het antwoord met deze velden, en met `state` en `iss` (RFC 9207).
    #[must_use]
    pub fn antwoord(&self, issuer: &str, mut velden: Vec<(String, String)>) -> Antwoord {
        velden.extend(self.state.clone().map(|state| ("state".to_owned(), state)));
        velden.push(("iss".to_owned(), issuer.to_owned()));
        match (self.response_mode, Url::parse(&self.redirect_uri)) {
            (ResponseMode::Query, Ok(mut url)) => {
                url.query_pairs_mut().extend_pairs(&velden);
                Antwoord::Redirect(url.into())
            }
            _ => Antwoord::Formulier { actie: self.redirect_uri.clone(), velden },
        }
    }

    /// Het antwoord met de code.
    #[must_use]
    pub fn code(&self, issuer: &str, code: &str) -> Antwoord {
        self.antwoord(issuer, vec![("code".to_owned(), code.to_owned())])
    }
}
