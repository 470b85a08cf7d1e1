//! Van `Authorization` naar [`Caller`]: een bekend token kost één hash en één blik in het geheugen.

use std::sync::Arc;

use actix_web::http::header::{self, HeaderMap};
use chrono::TimeDelta;
use domain::Moment;
use sha2::{Digest, Sha256};

use super::caller::{Beller, Caller, Wie};
use super::{challenge, resolve};
use crate::app::App;
use crate::contract::Operation;
use crate::middleware::Trace;
use crate::problem::Problem;

/// Langste token dat wij lezen.
const MAX_TOKEN: usize = 8 * 1024;
/// Toegestaan klokverschil bij de leeftijd van een aanmelding, in seconden.
const LEEWAY: i64 = 60;

/// Stelt vast wie er belt en of diens token voor deze operatie volstaat.
pub(crate) async fn authenticate(app: &App, headers: &HeaderMap, operation: &Operation, trace: Trace) -> Result<Caller, Problem> {
    let token = bearer(headers)?;
    let key: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    let now = app.clock.now();
    let beller = match app.callers.get(&key, now) {
        Some(beller) => beller,
        None => {
            readable(token)?;
            let beller = Arc::new(resolve::resolve(app, token, now, trace).await?);
            app.callers.insert(key, Arc::clone(&beller), App::caller_until(now), now);
            beller
        }
    };
    judge(&beller, operation, now)?;
    Ok(Caller { beller, trace })
}

/// Het token uit de kop (RFC 6750, 2.1); niet uit de query of het lichaam.
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let value = match (values.next(), values.next()) {
        (None, _) => return Err(challenge::missing()),
        (Some(value), None) => value.to_str().map_err(|_| challenge::invalid("kop onleesbaar"))?,
        _ => return Err(challenge::invalid("meer dan één Authorization")),
    };
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(challenge::missing());
    }
    let token = token.trim_matches(' ');
    if token.is_empty() || token.len() > MAX_TOKEN {
        return Err(challenge::invalid("vorm van het token"));
    }
    Ok(token)
}

/// De tekens van een token (RFC 6750, 2.1); een token dat wij al kennen, is eerder bekeken.
fn readable(token: &str) -> Result<(), Problem> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=');
    if token.bytes().all(allowed) { Ok(()) } else { Err(challenge::invalid("vorm van het token")) }
}

/// Scopes en versheid voor deze operatie.
fn judge(beller: &Beller, operation: &Operation, now: Moment) -> Result<(), Problem> {
    if !operation.scopes.iter().all(|scope| beller.has_scope(scope)) {
        return Err(challenge::insufficient_scope(&operation.scopes));
    }
    let Some(max_age) = operation.max_age else { return Ok(()) };
    if matches!(beller.wie, Wie::Toepassing(_)) {
        return Ok(());
    }
    let fresh = beller.aanmelding.auth_time.is_some_and(|moment| {
        let age = now - moment;
        age <= TimeDelta::seconds(max_age.saturating_add(LEEWAY)) && age >= TimeDelta::seconds(-LEEWAY)
    });
    if fresh { Ok(()) } else { Err(challenge::step_up(Some(max_age))) }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};

    use super::{bearer, readable};

    #[test]
    fn alleen_een_bearer_token_in_de_kop_telt() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
            bearer(&headers).and_then(|token| readable(token).map(|()| token.to_owned())).map_err(|problem| problem.code.clone())
        };
        assert_eq!(with("Bearer abc.def.ghi").unwrap(), "abc.def.ghi");
        assert_eq!(with("bearer abc").unwrap(), "abc");
        assert_eq!(with("Basic abc").unwrap_err(), "token-ontbreekt");
        assert_eq!(with("Bearer").unwrap_err(), "token-ongeldig");
        assert_eq!(with("Bearer a b").unwrap_err(), "token-ongeldig");
        assert_eq!(bearer(&HeaderMap::new()).unwrap_err().code, "token-ontbreekt");
    }
}
