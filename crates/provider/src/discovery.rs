//! Wat de uitgever over zichzelf zegt: alleen wat werkt.

use serde_json::{Value, json};

use crate::authorize::ACR_VALUES;
use crate::dpop::DPOP_ALGORITHMS;

/// De instellingen die in discovery staan.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Uitgever: een basis-URL zonder pad en zonder schuine streep aan het einde.
    pub issuer: String,
    /// Scopes van de API die te vragen zijn.
    pub scopes: Vec<String>,
    /// De API waarvoor tokens gelden.
    pub audience: String,
    /// Of een proxy clientcertificaten doorgeeft.
    pub mtls: bool,
}

impl ProviderSettings {
    /// Het adres waar tokens gehaald worden.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}/oidc/token", self.issuer)
    }
}

/// Waarmee wij tekenen.
const ALGORITHMS: [&str; 3] = ["ES256", "PS256", "RS256"];
/// Waarmee een client mag tekenen; Ed25519 onder haar oude en haar nieuwe naam (RFC 9864).
const CLIENT_ALGORITHMS: [&str; 5] = ["ES256", "PS256", "RS256", "EdDSA", "Ed25519"];

/// Het discovery-document (OIDC Discovery, 3; RFC 8414); noemt precies de mogelijkheden die er nu zijn.
#[must_use]
pub fn discovery_document(s: &ProviderSettings) -> Value {
    let at = |path: &str| format!("{}{path}", s.issuer);
    let mut methods = vec!["private_key_jwt", "client_secret_basic", "client_secret_post"];
    if s.mtls {
        methods.push("tls_client_auth");
    }
    let scopes: Vec<&str> = crate::authorize::OIDC_SCOPES.iter().copied().chain(s.scopes.iter().map(String::as_str)).collect();
    json!({
        "issuer": s.issuer,
        "authorization_endpoint": at("/oidc/authorize"),
        "token_endpoint": s.token_endpoint(),
        "userinfo_endpoint": at("/oidc/userinfo"),
        "jwks_uri": at("/oidc/jwks"),
        "pushed_authorization_request_endpoint": at("/oidc/par"),
        "introspection_endpoint": at("/oidc/introspect"),
        "revocation_endpoint": at("/oidc/revoke"),
        "end_session_endpoint": at("/oidc/logout"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ALGORITHMS,
        "userinfo_signing_alg_values_supported": ALGORITHMS,
        "request_object_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "introspection_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "dpop_signing_alg_values_supported": DPOP_ALGORITHMS,
        "tls_client_certificate_bound_access_tokens": s.mtls,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "acr_values_supported": ACR_VALUES,
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nbf", "jti", "auth_time", "acr", "amr", "nonce", "at_hash", "sid", "azp", "organisatie", "name", "email",
            "email_verified", "phone_number", "phone_number_verified", "updated_at"
        ],
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": false,
        "require_request_uri_registration": false,
        "require_pushed_authorization_requests": false,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "display_values_supported": ["page", "popup", "touch"],
        "service_documentation": at("/v1/docs"),
        "ui_locales_supported": ["nl", "en"],
    })
}

/// De JWK Set met alle gepubliceerde sleutels.
#[must_use]
pub fn jwks_document(sleutels: &[Value]) -> Value {
    json!({ "keys": sleutels })
}
