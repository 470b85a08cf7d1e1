//! Kant-en-klare toegangstokens, ondertekend met de sleutel van deze voorbeelddienst zelf.

use chrono::TimeDelta;
use domain::personen::Persoon;
use domain::toepassingen::{Scope, Toepassing};
use domain::{Moment, nieuw_id};
use provider::{AccessTokenClaims, SigningKey, sign_access_token};

use super::seed::Cast;
use crate::{Stop, access};

/// Hoe lang de tokens gelden.
const HOURS: i64 = 8;
/// De toepassing waarmee de verzonnen mensen aanmelden.
const CLIENT: &str = "voorbeeldportaal";
const ACR: &str = "https://refeds.org/profile/mfa";

/// De tokens en tot wanneer zij gelden.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) files: Vec<(String, String)>,
    pub(super) until: Moment,
}

pub(super) async fn issue(app: &api::App, cast: &Cast) -> Result<Tokens, Stop> {
    let now = app.clock.now();
    let key = app.keys.signing(&app.store, &app.rng, now).await.map_err(|cause| access::key_stop(&cause))?;
    let mut files = Vec::new();
    for lid in &cast.personen {
        if let Some(name) = lid.token {
            files.push((name.to_owned(), signed(&key, &person(app, &lid.persoon, now))?));
        }
    }
    if let Some(toepassing) = &cast.toepassing {
        files.push(("toepassing".to_owned(), signed(&key, &machine(app, toepassing, now))?));
    }
    Ok(Tokens { files, until: now + TimeDelta::hours(HOURS) })
}

fn signed(key: &SigningKey, claims: &AccessTokenClaims) -> Result<String, Stop> {
    sign_access_token(key, claims).map_err(|cause| Stop::fault(format!("De voorbeeldtokens zijn niet te ondertekenen ({cause}).")))
}

fn person(app: &api::App, persoon: &Persoon, now: Moment) -> AccessTokenClaims {
    let all: Vec<_> = Scope::ALLE.iter().map(|scope| scope.as_str()).collect();
    AccessTokenClaims {
        acr: Some(ACR.to_owned()),
        amr: Some(["pwd", "otp", "mfa"].map(str::to_owned).to_vec()),
        auth_time: Some(now.timestamp()),
        organisatie: Some(persoon.organisatie_id.to_string()),
        ..claims(app, &persoon.id.to_string(), CLIENT, &all.join(" "), now)
    }
}

fn machine(app: &api::App, toepassing: &Toepassing, now: Moment) -> AccessTokenClaims {
    let scopes: Vec<_> = toepassing.scopes.iter().map(|scope| scope.as_str()).collect();
    let id = toepassing.id.to_string();
    AccessTokenClaims { organisatie: Some(toepassing.organisatie_id.to_string()), ..claims(app, &id, &id, &scopes.join(" "), now) }
}

fn claims(app: &api::App, sub: &str, client: &str, scope: &str, now: Moment) -> AccessTokenClaims {
    let jti = nieuw_id(now, &app.rng).to_string();
    AccessTokenClaims::new(&app.settings.base_url, &app.settings.audience, sub, client, scope, jti, now, HOURS * 3600)
}
