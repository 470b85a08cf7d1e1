//! Sleutels en uitgevers: van configuratie naar wat de API erover moet weten.

use std::str::FromStr as _;

use actix_web::http::StatusCode;
use api::Problem;
use api::oidc::KeyManager;
use api::toegang::{Issuers, Trusted};
use chrono::TimeDelta;
use domain::Moment;
use federation::{ClaimMapping, Egress, EgressRule, IdpHub, JwksCache, MfaRule, TrustedIssuer};
use jsonwebtoken::Algorithm;
use provider::{LifecycleSettings, MasterKey};
use store::{Store, StoreError};

use crate::config::{self, Config};
use crate::{Stop, system, wiring};

/// Zo lang is een nieuwe sleutel bekend voordat zij tekent, en zo lang mogen afnemers de sleutels bewaren.
const PUBLISH_LEAD: TimeDelta = TimeDelta::hours(1);
/// De voorbeelddienst geeft tokens van acht uur uit; een oude sleutel blijft dus minstens zo lang gepubliceerd.
const LONGEST_TOKEN: TimeDelta = TimeDelta::hours(8);

/// Het beheer van de eigen ondertekensleutels.
pub(crate) fn keys(config: &Config, master: &MasterKey) -> KeyManager {
    let active_for = TimeDelta::days(i64::from(config.keys.rotate_days));
    KeyManager::new(master.clone(), LifecycleSettings { lead: PUBLISH_LEAD, active_for, longest_token: LONGEST_TOKEN })
}

const OTHER_MASTER: &str = "De hoofdsleutel past niet bij de ondertekensleutels in de database; geef de hoofdsleutel waarmee deze database is gemaakt.";

/// Een fout met de sleutels als zin. Een opslag die even niet kan, is geen verkeerde hoofdsleutel.
pub(crate) fn key_stop(cause: &Problem) -> Stop {
    tracing::debug!(?cause, "sleutels");
    if cause.status == StatusCode::SERVICE_UNAVAILABLE.as_u16() {
        return Stop::fault(
            "De ondertekensleutels zijn niet te lezen of te bewaren: de opslag is niet bereikbaar of de schijf is vol. \
             Controleer dat met `aansluitloket doctor` en start opnieuw.",
        );
    }
    Stop::fault(OTHER_MASTER)
}

/// Of de hoofdsleutel bij de database past; levert het aantal gepubliceerde sleutels.
pub(crate) async fn signing_keys(store: &Store, master: &MasterKey, now: Moment) -> Result<usize, Stop> {
    let stored = store.read(move |conn| -> Result<_, StoreError> { store::sleutels::list(conn, now) }).await;
    let stored = stored.map_err(|cause| wiring::store_stop(&cause))?;
    for key in &stored {
        master.open(&key.kid, &key.geheim).map_err(|_| Stop::fault(OTHER_MASTER))?;
    }
    Ok(stored.len())
}

/// De uitgevers buiten deze dienst.
pub(crate) fn issuers(config: &Config, audience: &str) -> Result<Issuers, Stop> {
    config.trusted_issuers.iter().enumerate().try_fold(Issuers::default(), |issuers, (number, issuer)| {
        let trusted = Trusted {
            rule: rule(config, number, issuer, audience)?,
            organisatie_id: issuer.organisation,
            link_by_email: issuer.link_by_email,
            scopes: issuer.scopes.clone(),
        };
        Ok(issuers.with(trusted, cache(config, issuer)?))
    })
}

fn egress(config: &Config) -> Result<Egress, Stop> {
    Egress::new(EgressRule { allow: config.egress.allow_hosts.clone() })
        .map_err(|cause| Stop::fault(format!("Uitgaand verkeer is niet op te zetten ({cause}); controleer de certificaten van deze machine.")))
}

/// De identiteitsproviders van organisaties, met hetzelfde uitgaande verkeer.
pub(crate) fn idps(config: &Config) -> Result<IdpHub, Stop> {
    Ok(IdpHub::new(egress(config)?, system::rng()))
}

fn cache(config: &Config, issuer: &config::TrustedIssuer) -> Result<JwksCache, Stop> {
    Ok(JwksCache::new(&issuer.issuer_text, issuer.jwks_uri.as_ref().map(ToString::to_string), egress(config)?))
}

fn rule(config: &Config, number: usize, issuer: &config::TrustedIssuer, audience: &str) -> Result<TrustedIssuer, Stop> {
    let algorithms: Result<Vec<_>, _> = issuer.algorithms.iter().map(|name| Algorithm::from_str(name)).collect();
    Ok(TrustedIssuer {
        algorithms: algorithms.map_err(|_| Stop::config(format!("`trusted_issuers.{number}.algorithms` bevat een onbekend algoritme; verwijder het.")))?,
        leeway: i64::from(config.access.leeway_seconds),
        mfa: MfaRule { acr: issuer.mfa_acr.clone(), amr: issuer.mfa_amr },
        mapping: ClaimMapping { subject: issuer.claims.subject.clone(), email: issuer.claims.email.clone(), scope: issuer.claims.scope.clone() },
        require_typ: issuer.require_at_jwt,
        ..TrustedIssuer::new(&issuer.issuer_text, issuer.audience.as_deref().unwrap_or(audience))
    })
}

/// Vraagt elke uitgever om zijn sleutels, voor `doctor`.
pub(crate) async fn reach_issuers(config: &Config, now: Moment) -> Result<Vec<(String, Result<String, String>)>, Stop> {
    let mut outcomes = Vec::new();
    for issuer in &config.trusted_issuers {
        let keys = cache(config, issuer)?;
        let outcome = match keys.get(now).await {
            Some(set) => {
                let count = set.get("keys").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
                Ok(format!("bereikbaar, {count} sleutel(s)"))
            }
            None => Err(match keys.health() {
                federation::Health::Failing { reason, .. } => {
                    format!("{reason}; controleer `issuer` en `jwks_uri`, en zet een host op een privé-adres in `egress.allow_hosts`")
                }
                _ => "geeft geen sleutels; controleer `issuer` en `jwks_uri`".to_owned(),
            }),
        };
        outcomes.push((issuer.name.clone(), outcome));
    }
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn een_volle_schijf_is_geen_verkeerde_hoofdsleutel() {
        for oorzaak in [StoreError::DiskFull, StoreError::Unavailable("weg".to_owned())] {
            let zin = key_stop(&Problem::from(oorzaak)).to_string();
            assert!(zin.contains("opslag") && !zin.contains("hoofdsleutel"), "{zin}");
        }
        assert!(key_stop(&api::problem::fout("verzegeld met een andere sleutel")).to_string().contains("hoofdsleutel"));
    }
}
