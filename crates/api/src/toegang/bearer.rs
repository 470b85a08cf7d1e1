//! Van `Authorization` naar [`Caller`]: een bekend token kost één hash en één blik in het geheugen.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::http::header::{self, HeaderMap};
use chrono::{DateTime, TimeDelta};
use domain::Moment;
use provider::{DpopError, DpopTarget};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::caller::{Beller, Caller, Wie};
use super::{challenge, resolve};
use crate::app::App;
use crate::contract::Operation;
use crate::middleware::Trace;
use crate::oidc::{certificate, proof_of};
use crate::problem::Problem;

/// Langste token dat wij lezen.
const MAX_TOKEN: usize = 8 * 1024;
/// Toegestaan klokverschil bij de leeftijd van een aanmelding, in seconden.
const LEEWAY: i64 = 60;

/// Wat een verzoek over zijn afzender laat zien.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Presented<'a> {
    /// Koppen.
    pub(crate) headers: &'a HeaderMap,
    /// Methode.
    pub(crate) method: &'a str,
    /// Pad, zoals het op de lijn staat.
    pub(crate) path: &'a str,
    /// Adres van de verbinding.
    pub(crate) peer: Option<IpAddr>,
}

/// Hoe het token is meegestuurd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Bearer,
    Dpop,
}

/// Stelt vast wie er belt en of diens token voor deze operatie volstaat.
pub(crate) async fn authenticate(app: &App, presented: &Presented<'_>, operation: &Operation, trace: Trace) -> Result<Caller, Problem> {
    let now = app.clock.now();
    let beller = identify(app, presented, now, trace).await?;
    judge(&beller, operation, now)?;
    Ok(Caller { beller, trace })
}

/// Stelt vast wie er belt.
pub(crate) async fn identify(app: &App, presented: &Presented<'_>, now: Moment, trace: Trace) -> Result<Arc<Beller>, Problem> {
    let (scheme, token) = credentials(presented.headers)?;
    let key: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    let beller = match app.callers.get(&key, now) {
        Some(beller) => beller,
        None => {
            readable(token)?;
            let beller = Arc::new(resolve::resolve(app, token, now, trace).await?);
            app.callers.insert(key, Arc::clone(&beller), App::caller_until(now), now);
            beller
        }
    };
    match &beller.aanmelding.cnf {
        None if scheme == Scheme::Bearer => {}
        None => return Err(challenge::dpop("invalid_token", "token is niet aan een sleutel gebonden")),
        Some(cnf) => bound(app, presented, scheme, token, cnf)?,
    }
    Ok(beller)
}

/// Een gebonden token telt alleen met het bewijs van zijn sleutel (RFC 9449, 7) of certificaat (RFC 8705, 3).
fn bound(app: &App, presented: &Presented<'_>, scheme: Scheme, token: &str, cnf: &Value) -> Result<(), Problem> {
    let member = |name: &str| cnf.get(name).and_then(Value::as_str);
    match (member("jkt"), member("x5t#S256"), scheme) {
        (Some(jkt), None, Scheme::Dpop) => proven(app, presented, token, jkt).map_err(|reason| challenge::dpop("invalid_dpop_proof", &reason.to_string())),
        (None, Some(thumbprint), Scheme::Bearer) => {
            let certificate = certificate::of(app, presented.headers, presented.peer);
            let same = certificate.is_some_and(|certificate| provider::same(&certificate.thumbprint, thumbprint));
            if same { Ok(()) } else { Err(challenge::invalid("token van een ander certificaat")) }
        }
        (Some(_), ..) => Err(challenge::dpop("invalid_token", "gebonden token zonder bewijs meegestuurd")),
        _ => Err(challenge::invalid("token met een binding die wij niet kennen")),
    }
}

fn proven(app: &App, presented: &Presented<'_>, token: &str, jkt: &str) -> Result<(), DpopError> {
    let now = app.clock.now();
    let proof = proof_of(presented.headers)?.ok_or(DpopError::Headers)?;
    let url = format!("{}{}", app.settings.base_url, presented.path);
    let proof = provider::verify_dpop(proof, &DpopTarget { method: presented.method, url: &url, access_token: Some(token) }, now)?;
    if !provider::same(&proof.jkt, jkt) {
        return Err(DpopError::OtherKey);
    }
    // Een rij per aanroep zou iedere aanroep een schijfbewerking kosten: elke node onthoudt zelf wat zij zag.
    let seen: [u8; 32] = Sha256::digest(format!("{jkt} {}", proof.jti)).into();
    let until = DateTime::from_timestamp(proof.remember_until, 0).ok_or(DpopError::Time)?;
    if app.proofs.insert_new(seen, (), until, now) { Ok(()) } else { Err(DpopError::Replay) }
}

/// Het token uit de kop (RFC 6750, 2.1; RFC 9449, 7.1); niet uit de query of het lichaam.
fn credentials(headers: &HeaderMap) -> Result<(Scheme, &str), Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let value = match (values.next(), values.next()) {
        (None, _) => return Err(challenge::missing()),
        (Some(value), None) => value.to_str().map_err(|_| challenge::invalid("kop onleesbaar"))?,
        _ => return Err(challenge::invalid("meer dan één Authorization")),
    };
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    let scheme = match scheme {
        scheme if scheme.eq_ignore_ascii_case("bearer") => Scheme::Bearer,
        scheme if scheme.eq_ignore_ascii_case("dpop") => Scheme::Dpop,
        _ => return Err(challenge::missing()),
    };
    let token = token.trim_matches(' ');
    if token.is_empty() || token.len() > MAX_TOKEN {
        return Err(challenge::invalid("vorm van het token"));
    }
    Ok((scheme, token))
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

    use super::{Scheme, credentials, readable};

    #[test]
    fn alleen_een_token_in_de_kop_telt() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
            credentials(&headers).and_then(|(scheme, token)| readable(token).map(|()| (scheme, token.to_owned()))).map_err(|problem| problem.code.clone())
        };
        assert_eq!(with("Bearer abc.def.ghi").unwrap(), (Scheme::Bearer, "abc.def.ghi".to_owned()));
        assert_eq!(with("bearer abc").unwrap(), (Scheme::Bearer, "abc".to_owned()));
        assert_eq!(with("dPoP abc").unwrap(), (Scheme::Dpop, "abc".to_owned()));
        assert_eq!(with("Basic abc").unwrap_err(), "token-ontbreekt");
        assert_eq!(with("Bearer").unwrap_err(), "token-ongeldig");
        assert_eq!(with("Bearer a b").unwrap_err(), "token-ongeldig");
        assert_eq!(credentials(&HeaderMap::new()).unwrap_err().code, "token-ontbreekt");
    }
}
