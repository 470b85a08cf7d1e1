//! Wat er mis kan gaan, en wat de gebruiker dan kan doen.

use serde::{Deserialize, Serialize};

/// Een aanroep die niet lukte.
#[derive(Debug, thiserror::Error)]
pub enum Fout {
    /// De dienst weigerde met een probleemdocument (RFC 9457).
    #[error("{0}")]
    Probleem(Box<Probleem>),
    /// Instelling of argument klopt niet; er is niets verstuurd.
    #[error("{0}")]
    Instelling(String),
    /// De dienst is niet bereikbaar, ook niet na herhalen.
    #[error("De dienst is niet bereikbaar: {0}")]
    Verbinding(String),
    /// De tokenuitgifte weigerde (RFC 6749, 5.2).
    #[error("Geen toegangstoken gekregen ({code}): {uitleg}")]
    Token {
        /// Code van OAuth, bijvoorbeeld `invalid_client`.
        code: String,
        /// Uitleg van de dienst.
        uitleg: String,
    },
    /// Het antwoord is niet wat de API belooft.
    #[error("Onbegrijpelijk antwoord: {0}")]
    Antwoord(String),
}

/// Een probleemdocument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probleem {
    /// Adres van de uitleg.
    #[serde(rename = "type", default)]
    pub soort: String,
    /// Korte omschrijving.
    #[serde(default)]
    pub title: String,
    /// HTTP-status.
    pub status: u16,
    /// Wat er mis is en wat nu te doen.
    #[serde(default)]
    pub detail: String,
    /// Kenmerk van dit geval.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instance: String,
    /// Vaste code van de soort fout.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Alle fouten in de invoer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Veldfout>,
    /// Wat er nog moet zijn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ontbreekt: Vec<Ontbrekend>,
}

/// Eén fout in de invoer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Veldfout {
    /// `body`, `query`, `header` of `path`.
    #[serde(rename = "in")]
    pub plaats: String,
    /// JSON Pointer of naam.
    #[serde(default)]
    pub location: String,
    /// Wat er mis is.
    pub detail: String,
    /// Code.
    #[serde(default)]
    pub code: String,
}

/// Iets dat er nog moet zijn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ontbrekend {
    /// Code van de voorwaarde.
    pub code: String,
    /// Omschrijving.
    pub omschrijving: String,
}

impl std::fmt::Display for Probleem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.title)?;
        if !self.detail.is_empty() {
            write!(f, "\n  {}", self.detail)?;
        }
        for fout in &self.errors {
            write!(f, "\n  - {} {}: {}", fout.plaats, fout.location, fout.detail)?;
        }
        for ontbrekend in &self.ontbreekt {
            write!(f, "\n  - ontbreekt: {} ({})", ontbrekend.omschrijving, ontbrekend.code)?;
        }
        if !self.soort.is_empty() {
            write!(f, "\n  Uitleg: {}", self.soort)?;
        }
        if !self.instance.is_empty() {
            write!(f, "\n  Kenmerk bij een melding: {}", self.instance)?;
        }
        Ok(())
    }
}

impl Fout {
    /// Code waarmee de opdracht eindigt.
    ///
    /// | code | betekenis |
    /// | --- | --- |
    /// | 0 | gelukt |
    /// | 1 | fout van de dienst, of een antwoord dat niet klopt |
    /// | 2 | aanroep of instelling klopt niet |
    /// | 3 | niet of te zwak aangemeld, of geen recht |
    /// | 4 | bestaat niet, of niet voor u |
    /// | 5 | een regel of iemand anders houdt het tegen (409, 412, 428) |
    /// | 6 | de invoer is afgekeurd |
    /// | 7 | niet bereikbaar of te druk; later opnieuw |
    #[must_use]
    pub fn afsluitcode(&self) -> u8 {
        match self {
            Self::Instelling(_) => 2,
            Self::Token { .. } => 3,
            Self::Verbinding(_) => 7,
            Self::Antwoord(_) => 1,
            Self::Probleem(probleem) => match probleem.status {
                401 | 403 => 3,
                404 | 410 => 4,
                409 | 412 | 428 => 5,
                429 | 502..=504 => 7,
                400..=499 => 6,
                _ => 1,
            },
        }
    }

    /// Wat de gebruiker van de opdracht nu kan doen, als dat meer is dan de dienst zelf al zegt.
    #[must_use]
    pub fn raad(&self) -> Option<&'static str> {
        match (self, self.afsluitcode()) {
            (Self::Token { .. }, _) => Some("Controleer LOKET_CLIENT_ID en LOKET_SLEUTEL, en of de toepassing bij NIPV actief is."),
            (Self::Probleem(p), _) if p.status == 401 => {
                Some("Het token ontbreekt, is verlopen of is te zwak. Meld u opnieuw aan en geef het nieuwe token in LOKET_TOKEN of LOKET_TOKEN_BESTAND.")
            }
            (Self::Probleem(p), _) if p.status == 412 => Some("Lees de laatste stand (`loket trajecten toon`) en probeer het opnieuw."),
            (Self::Probleem(p), _) if p.status == 409 && !p.ontbreekt.is_empty() => {
                Some("`loket poort` toont alle voorwaarden. Alleen een adviseur van NIPV kan een afwijking verlenen.")
            }
            (_, 7) => Some("Probeer het later opnieuw. Er is niets dubbel uitgevoerd."),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fout, Ontbrekend, Probleem, Veldfout};

    fn probleem(status: u16) -> Probleem {
        Probleem {
            soort: "https://aansluitloket.example/v1/docs/problemen#poort-niet-voldaan".to_owned(),
            title: "Dit kan nu niet".to_owned(),
            status,
            detail: "De poort van stap 3 is nog dicht.".to_owned(),
            instance: "urn:spoor:1".to_owned(),
            code: "poort-niet-voldaan".to_owned(),
            errors: vec![Veldfout {
                plaats: "body".to_owned(),
                location: "/naarStap".to_owned(),
                detail: "is verplicht".to_owned(),
                code: "verplicht".to_owned(),
            }],
            ontbreekt: vec![Ontbrekend {
                code: "plan-van-aanpak-vastgesteld".to_owned(),
                omschrijving: "Een vastgesteld plan van aanpak ontbreekt.".to_owned(),
            }],
        }
    }

    #[test]
    fn elke_soort_fout_heeft_een_eigen_afsluitcode() {
        let code = |status| Fout::Probleem(Box::new(probleem(status))).afsluitcode();
        assert_eq!([401, 403, 404, 409, 412, 428, 400, 413, 429, 503, 500].map(code), [3, 3, 4, 5, 5, 5, 6, 6, 7, 7, 1]);
    }

    #[test]
    fn een_probleem_leest_als_tekst_met_alle_fouten_en_wat_ontbreekt() {
        let tekst = probleem(409).to_string();
        for deel in
            ["Dit kan nu niet", "poort van stap 3", "body /naarStap: is verplicht", "plan van aanpak ontbreekt", "problemen#poort-niet-voldaan", "urn:spoor:1"]
        {
            assert!(tekst.contains(deel), "{deel} ontbreekt in:\n{tekst}");
        }
    }
}
