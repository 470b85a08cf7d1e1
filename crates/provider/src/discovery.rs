//! Wat de uitgever over zichzelf zegt: alleen wat werkt.

use serde_json::{Value, json};

/// De instellingen die in discovery staan.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Uitgever: een basis-URL zonder pad en zonder schuine streep aan het einde.
    pub issuer: String,
    /// Scopes van de API die te vragen zijn.
    pub scopes: Vec<String>,
    /// De API waarvoor tokens gelden.
    pub audience: String,
}

impl ProviderSettings {
    /// Het adres waar tokens gehaald worden.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}/oidc/token", self.issuer)
    }
}

/// Het discovery-document (RFC 8414); noemt precies de mogelijkheden die er nu zijn.
#[must_use]
pub fn discovery_document(s: &ProviderSettings) -> Value {
    json!({
        "issuer": s.issuer,
        "jwks_uri": format!("{}/oidc/jwks", s.issuer),
        "token_endpoint": s.token_endpoint(),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": s.scopes,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "PS256", "RS256"],
        "service_documentation": format!("{}/v1/docs", s.issuer),
        "ui_locales_supported": ["nl"],
    })
}

/// De JWK Set met alle gepubliceerde sleutels.
#[must_use]
pub fn jwks_document(sleutels: &[Value]) -> Value {
    json!({ "keys": sleutels })
}
