//! Een verzoek aan het tokenadres (RFC 6749, 4.4 met RFC 7523).

use crate::assertion::ASSERTION_TYPE;

/// Een fout volgens RFC 6749, 5.2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {description}")]
pub struct OAuthError {
    /// Code.
    pub error: &'static str,
    /// Wat er mis is en wat te doen.
    pub description: String,
    /// HTTP-status.
    pub status: u16,
}

impl OAuthError {
    /// `invalid_request` en andere fouten met status 400.
    #[must_use]
    pub fn bad(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into(), status: 400 }
    }

    /// `invalid_client`, met status 401.
    #[must_use]
    pub fn client(description: impl Into<String>) -> Self {
        Self { error: "invalid_client", description: description.into(), status: 401 }
    }
}

/// Een verzoek om een token dat in vorm klopt.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// De bewering van de client.
    pub assertion: String,
    /// `client_id` als die apart is meegestuurd.
    pub client_id: Option<String>,
    /// Gevraagde scopes; leeg betekent alles wat toegekend is.
    pub scopes: Vec<String>,
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenRequest").field("client_id", &self.client_id).field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

impl TokenRequest {
    /// Leest de velden van het formulier; onbekende velden tellen niet mee (RFC 6749, 3.2).
    ///
    /// # Errors
    /// `invalid_request` bij dubbele of ontbrekende velden, `unsupported_grant_type`, `invalid_client` bij een andere wijze van aanmelden.
    pub fn parse(velden: &[(String, String)]) -> Result<Self, OAuthError> {
        for (plek, (naam, _)) in velden.iter().enumerate() {
            // RFC 6749, 3.2: ieder veld ten hoogste één keer.
            if velden.iter().take(plek).any(|(eerder, _)| eerder == naam) {
                return Err(OAuthError::bad("invalid_request", format!("Het veld '{naam}' komt meer dan één keer voor.")));
            }
        }
        let veld = |naam: &str| velden.iter().find(|(n, w)| n == naam && !w.is_empty()).map(|(_, w)| w.as_str());
        match veld("grant_type") {
            Some("client_credentials") => {}
            Some(_) => return Err(OAuthError::bad("unsupported_grant_type", "Alleen grant_type=client_credentials wordt ondersteund.")),
            None => return Err(OAuthError::bad("invalid_request", "Het veld 'grant_type' ontbreekt.")),
        }
        if veld("client_secret").is_some() {
            return Err(OAuthError::client("Een client_secret wordt niet geaccepteerd. Meld de client aan met private_key_jwt."));
        }
        if veld("client_assertion_type") != Some(ASSERTION_TYPE) {
            return Err(OAuthError::client(format!("Meld de client aan met client_assertion_type={ASSERTION_TYPE}.")));
        }
        let assertion = veld("client_assertion").ok_or_else(|| OAuthError::client("Het veld 'client_assertion' ontbreekt."))?;
        Ok(Self {
            assertion: assertion.to_owned(),
            client_id: veld("client_id").map(str::to_owned),
            scopes: veld("scope").map(|s| s.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect()).unwrap_or_default(),
        })
    }

    /// De scopes die het token krijgt.
    ///
    /// # Errors
    /// `invalid_scope` als er meer gevraagd wordt dan toegekend is.
    pub fn granted(&self, toegekend: &[&str]) -> Result<String, OAuthError> {
        if let Some(vreemd) = self.scopes.iter().find(|s| !toegekend.contains(&s.as_str())) {
            return Err(OAuthError::bad("invalid_scope", format!("De scope '{vreemd}' is niet aan deze client toegekend.")));
        }
        Ok(if self.scopes.is_empty() { toegekend.join(" ") } else { self.scopes.join(" ") })
    }
}
