//! Een formulier aan het tokenadres en zijn buren: velden, aanmelding van de client, en wat er gevraagd wordt.

use crate::assertion::ASSERTION_TYPE;

/// Een fout volgens RFC 6749, 5.2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {description}")]
pub struct OAuthError {
    /// Code.
    pub error: &'static str,
    /// Wat er mis is en wat te doen; alleen de tekens die OAuth toelaat.
    pub description: String,
    /// HTTP-status.
    pub status: u16,
}

impl OAuthError {
    /// `invalid_request` en andere fouten met status 400.
    #[must_use]
    pub fn bad(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: ascii(&description.into()), status: 400 }
    }

    /// `invalid_client`, met status 401.
    #[must_use]
    pub fn client(description: impl Into<String>) -> Self {
        Self { error: "invalid_client", description: ascii(&description.into()), status: 401 }
    }
}

/// RFC 6749, 4.1.2.1 en 5.2: een omschrijving heeft alleen leesbare ASCII, zonder aanhalingsteken en backslash; ook als er iets
/// van de aanroeper in staat.
pub(crate) fn ascii(tekst: &str) -> String {
    let teken = |teken: char| match teken {
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'á' | 'à' | 'ä' => 'a',
        'ï' | 'í' => 'i',
        'ö' | 'ó' => 'o',
        'ü' | 'ú' => 'u',
        '"' | '\\' => '\'',
        teken if teken.is_ascii_graphic() || teken == ' ' => teken,
        _ => '?',
    };
    tekst.chars().map(teken).collect()
}

/// De velden van een formulier; ieder veld komt ten hoogste één keer voor, leeg telt als afwezig.
#[derive(Clone, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(naam, _)| naam)).finish()
    }
}

impl Form {
    /// Leest de velden; onbekende velden tellen niet mee (RFC 6749, 3.2).
    ///
    /// # Errors
    /// `invalid_request` bij een veld dat dubbel voorkomt; `resource` mag dat (RFC 8707).
    pub fn new(velden: Vec<(String, String)>) -> Result<Self, OAuthError> {
        for (plek, (naam, _)) in velden.iter().enumerate() {
            // RFC 6749, 3.2: ieder veld ten hoogste één keer.
            if naam != "resource" && velden.iter().take(plek).any(|(eerder, _)| eerder == naam) {
                return Err(OAuthError::bad("invalid_request", format!("Het veld '{naam}' komt meer dan één keer voor.")));
            }
        }
        Ok(Self(velden))
    }

    /// De waarde van een veld.
    #[must_use]
    pub fn get(&self, naam: &str) -> Option<&str> {
        self.0.iter().find(|(n, waarde)| n == naam && !waarde.is_empty()).map(|(_, waarde)| waarde.as_str())
    }

    /// De waarde van een veld dat er moet zijn.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn required(&self, naam: &str) -> Result<&str, OAuthError> {
        self.get(naam).ok_or_else(|| OAuthError::bad("invalid_request", format!("Het veld '{naam}' ontbreekt.")))
    }

    /// De velden van een verzoek om een aanmelding: alles wat niet bij de aanmelding van de client zelf hoort.
    #[must_use]
    pub fn authorization(&self) -> Vec<(String, String)> {
        let eigen = ["client_secret", "client_assertion", "client_assertion_type"];
        self.0.iter().filter(|(naam, _)| !eigen.contains(&naam.as_str())).cloned().collect()
    }

    /// RFC 8707, 2.2: een token is voor één API.
    ///
    /// # Errors
    /// `invalid_target` bij een andere API dan deze.
    pub fn target(&self, audience: &str) -> Result<(), OAuthError> {
        let vreemd = self.0.iter().any(|(naam, waarde)| naam == "resource" && !waarde.is_empty() && waarde != audience);
        if vreemd { Err(OAuthError::bad("invalid_target", "De gevraagde resource is hier niet bekend.")) } else { Ok(()) }
    }

    /// De gevraagde scopes.
    #[must_use]
    pub fn scopes(&self) -> Vec<&str> {
        self.get("scope").unwrap_or_default().split(' ').filter(|scope| !scope.is_empty()).collect()
    }

    /// Welke grant gevraagd is.
    ///
    /// # Errors
    /// `invalid_request` zonder grant; `unsupported_grant_type` bij een andere.
    pub fn grant(&self) -> Result<Grant, OAuthError> {
        match self.required("grant_type")? {
            "authorization_code" => Ok(Grant::AuthorizationCode),
            "refresh_token" => Ok(Grant::RefreshToken),
            "client_credentials" => Ok(Grant::ClientCredentials),
            _ => Err(OAuthError::bad("unsupported_grant_type", "Alleen authorization_code, refresh_token en client_credentials worden ondersteund.")),
        }
    }

    /// Hoe de client zich in het formulier aanmeldt; `basic` is de inhoud van `Authorization: Basic`, als die er is.
    ///
    /// # Errors
    /// `invalid_request` bij meer dan één wijze tegelijk (RFC 6749, 2.3), `invalid_client` bij een halve of onbekende.
    pub fn client_proof(&self, basic: Option<(String, String)>) -> Result<ClientProof, OAuthError> {
        let assertion = self.get("client_assertion");
        let (client_id, secret) = (self.get("client_id"), self.get("client_secret"));
        if usize::from(basic.is_some()) + usize::from(assertion.is_some()) + usize::from(secret.is_some()) > 1 {
            return Err(OAuthError::bad("invalid_request", "Meld de client op één manier aan, niet op meer tegelijk."));
        }
        if let Some((basic_id, secret)) = basic {
            if client_id.is_some_and(|given| given != basic_id) {
                return Err(OAuthError::client("client_id en de kop Authorization noemen een andere client."));
            }
            return Ok(ClientProof::Basic { client_id: basic_id, secret });
        }
        if let Some(assertion) = assertion {
            if self.get("client_assertion_type") != Some(ASSERTION_TYPE) {
                return Err(OAuthError::client(format!("Meld de client aan met client_assertion_type={ASSERTION_TYPE}.")));
            }
            return Ok(ClientProof::Assertion { assertion: assertion.to_owned(), client_id: client_id.map(str::to_owned) });
        }
        let client_id = client_id.ok_or_else(|| OAuthError::client("De client meldt zich niet aan: stuur een client_assertion."))?.to_owned();
        Ok(match secret {
            Some(secret) => ClientProof::Post { client_id, secret: secret.to_owned() },
            None => ClientProof::Certificate { client_id },
        })
    }
}

/// Wat er gevraagd wordt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Een code inwisselen.
    AuthorizationCode,
    /// Verversen.
    RefreshToken,
    /// Een token voor de client zelf.
    ClientCredentials,
}

/// Hoe een client zich aanmeldt; nog niet bewezen.
#[derive(Clone, PartialEq, Eq)]
pub enum ClientProof {
    /// Een ondertekende bewering.
    Assertion {
        /// De bewering.
        assertion: String,
        /// `client_id` als die apart is meegestuurd.
        client_id: Option<String>,
    },
    /// Een geheim in `Authorization: Basic`.
    Basic {
        /// De client.
        client_id: String,
        /// Het geheim.
        secret: String,
    },
    /// Een geheim in het formulier.
    Post {
        /// De client.
        client_id: String,
        /// Het geheim.
        secret: String,
    },
    /// Alleen de naam: dan moet de verbinding een clientcertificaat hebben.
    Certificate {
        /// De client.
        client_id: String,
    },
}

impl std::fmt::Debug for ClientProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Assertion { .. } => "Assertion",
            Self::Basic { .. } => "Basic",
            Self::Post { .. } => "Post",
            Self::Certificate { .. } => "Certificate",
        })
    }
}

/// De scopes die een token krijgt: wat gevraagd is, of zonder vraag alles wat is toegekend.
///
/// # Errors
/// `invalid_scope` als er meer gevraagd wordt dan toegekend is.
pub fn granted(asked: &[&str], toegekend: &[&str]) -> Result<String, OAuthError> {
    if let Some(vreemd) = asked.iter().find(|scope| !toegekend.contains(scope)) {
        return Err(OAuthError::bad("invalid_scope", format!("De scope '{vreemd}' is niet aan deze client toegekend.")));
    }
    Ok(if asked.is_empty() { toegekend.join(" ") } else { asked.join(" ") })
}

/// Als [`granted`], voor software die bij het verversen herhaalt wat zij in het begin vroeg: wat toen niet is toegekend, telt
/// niet mee (RFC 6749, 3.3). Wat overblijft is nooit meer dan toegekend.
///
/// # Errors
/// `invalid_scope` als er niets overblijft.
pub fn granted_of(asked: &[&str], toegekend: &[&str]) -> Result<String, OAuthError> {
    let over: Vec<&str> = asked.iter().copied().filter(|scope| toegekend.contains(scope)).collect();
    granted(if over.is_empty() { asked } else { &over }, toegekend)
}
