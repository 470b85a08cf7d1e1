//! Antwoorden op een ontbrekend, ongeldig of te zwak token (RFC 6750, RFC 9449 en RFC 9470).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};

use crate::problem::Problem;

/// De sterkte die wij vragen: MFA volgens REFEDS.
pub(crate) const ACR_MFA: &str = "https://refeds.org/profile/mfa";
const REALM: &str = "aansluitloket";

fn unauthorized(code: &str, title: &str, detail: &str, challenge: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, title, detail).header(header::WWW_AUTHENTICATE, challenge)
}

/// Geen token: alleen de vorm van de uitdaging, zonder foutcode (RFC 6750, 3.1).
pub(crate) fn missing() -> Problem {
    let detail = "Meld u aan en stuur het toegangstoken mee in de kop Authorization: Bearer.";
    let problem = unauthorized("token-ontbreekt", "Niet aangemeld", detail, &format!("Bearer realm=\"{REALM}\""));
    // RFC 9449, 7.2: wie beide kent, noemt beide.
    problem.header(header::WWW_AUTHENTICATE, &format!("DPoP realm=\"{REALM}\", {}", algs()))
}

fn algs() -> String {
    format!("algs=\"{}\"", provider::DPOP_ALGORITHMS.join(" "))
}

/// Wie een token met DPoP stuurde, krijgt ook de uitdaging in dat schema (RFC 9449, 7.1): een andere leest zijn client niet.
pub(crate) fn in_presented_scheme(sent: &HeaderMap, answer: &mut HeaderMap) {
    let scheme = sent.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.split(' ').next());
    if !scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("dpop")) {
        return;
    }
    let bearer = answer.get(header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let own = bearer.and_then(|parameters| HeaderValue::from_str(&format!("DPoP {parameters}, {}", algs())).ok());
    if let Some(own) = own {
        answer.insert(header::WWW_AUTHENTICATE, own);
    }
}

/// Het token deugt niet. De reden staat in het logboek en helpt een aanvaller niet.
pub(crate) fn invalid(reason: &str) -> Problem {
    tracing::info!(reason, "token geweigerd");
    let detail = "Het toegangstoken is niet (meer) geldig voor deze dienst. Vraag een nieuw token aan.";
    let challenge = format!("Bearer realm=\"{REALM}\", error=\"invalid_token\", error_description=\"The access token is invalid or expired\"");
    unauthorized("token-ongeldig", "Toegangstoken ongeldig", detail, &challenge)
}

/// Het token is aan een sleutel gebonden en het bewijs daarvan deugt niet, of andersom (RFC 9449, 7.1).
pub(crate) fn dpop(error: &str, reason: &str) -> Problem {
    tracing::info!(error, reason, "token zonder geldig bewijs geweigerd");
    let detail = "Dit toegangstoken telt alleen met een geldig bewijs van de sleutel waaraan het gebonden is. Stuur Authorization: DPoP en een nieuw bewijs in de kop DPoP.";
    let challenge = format!("DPoP realm=\"{REALM}\", error=\"{error}\", {}", algs());
    unauthorized("bewijs-ongeldig", "Bewijs van de sleutel ongeldig", detail, &challenge)
}

/// Wel een geldig token, maar deze persoon of toepassing heeft hier (nu) geen toegang.
pub(crate) fn no_access(reason: &str) -> Problem {
    tracing::info!(reason, "aanroeper heeft geen toegang");
    let detail = "Dit account heeft geen toegang. Vraag de organisatiebeheerder van uw organisatie of dit account bekend en actief is.";
    let challenge = format!("Bearer realm=\"{REALM}\", error=\"invalid_token\", error_description=\"The account has no access\"");
    unauthorized("geen-toegang", "Geen toegang", detail, &challenge)
}

/// De aanmelding is te zwak of te oud voor deze operatie (RFC 9470, 3).
pub(crate) fn step_up(max_age: Option<i64>) -> Problem {
    let mut challenge = format!(
        "Bearer realm=\"{REALM}\", error=\"insufficient_user_authentication\", \
         error_description=\"A stronger or more recent authentication is required\", acr_values=\"{ACR_MFA}\""
    );
    let detail = match max_age {
        Some(seconds) => {
            challenge.push_str(&format!(", max_age=\"{seconds}\""));
            format!("Voor deze handeling moet u zich korter dan {} minuten geleden met een tweede factor hebben aangemeld.", seconds / 60)
        }
        None => "Meld u opnieuw aan met een tweede factor (MFA).".to_owned(),
    };
    unauthorized("aanmelding-te-zwak", "Aanmelding te zwak", &detail, &challenge)
}

/// Het token mist een scope (RFC 6750, 3.1).
pub(crate) fn insufficient_scope(scopes: &[String]) -> Problem {
    let scopes = scopes.join(" ");
    let detail = format!("Het toegangstoken mist een scope. Vraag een token aan met: {scopes}.");
    let challenge = format!("Bearer realm=\"{REALM}\", error=\"insufficient_scope\", scope=\"{scopes}\"");
    Problem::new(StatusCode::FORBIDDEN, "scope-ontbreekt", "Scope ontbreekt", detail).header(header::WWW_AUTHENTICATE, &challenge)
}
