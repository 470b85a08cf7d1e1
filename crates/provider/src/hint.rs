//! Een ID-token dat wij zelf gaven en dat terugkomt: als aanwijzing wie er verwacht wordt, of bij het afmelden.

use serde_json::Value;

use crate::jwt;

/// Een eigen ID-token, mogelijk verlopen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownIdToken {
    /// Wie de persoon voor die client is.
    pub sub: String,
    /// De client.
    pub aud: String,
    /// De sessie.
    pub sid: Option<String>,
}

/// Leest een eigen ID-token. De handtekening en de uitgever moeten kloppen; verlopen mag (OIDC Core, 3.1.2.1;
/// RP-Initiated Logout, 2). Een toegangs- of afmeldtoken is geen ID-token.
#[must_use]
pub fn read_id_token(token: &str, jwks: &Value, issuer: &str) -> Option<KnownIdToken> {
    let header = jwt::part(token, 0).ok()?;
    if header.get("typ").and_then(Value::as_str) != Some("JWT") || header.contains_key("crit") {
        return None;
    }
    let claims = jwt::open(token, &header, jwks).ok()?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    if text("iss").as_deref() != Some(issuer) || claims.contains_key("events") || !claims.contains_key("at_hash") {
        return None;
    }
    Some(KnownIdToken { sub: text("sub")?, aud: text("aud")?, sid: text("sid") })
}
