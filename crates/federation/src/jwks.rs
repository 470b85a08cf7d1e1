//! Sleutels van een uitgever: bewaard, op tijd ververst, en bij een onbekende `kid` ten hoogste één keer per minuut opnieuw.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::Moment;
use serde_json::Value;

use crate::egress::{Egress, EgressError};

/// Hoe lang sleutels gelden.
const TTL: TimeDelta = TimeDelta::minutes(10);
/// Hoe vaak een onbekende kid of een mislukking tot ophalen leidt, ook als ophalen mislukt.
const BRAKE: TimeDelta = TimeDelta::minutes(1);

/// Of de uitgever antwoordt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Nog nooit gevraagd: bij het opstarten gaat er niets naar buiten.
    Unknown,
    /// Laatste keer gelukt.
    Good {
        /// Wanneer.
        at: Moment,
    },
    /// Laatste keer mislukt; met oude sleutels wordt doorgewerkt zolang die er zijn.
    Failing {
        /// Wanneer.
        at: Moment,
        /// Waarom.
        reason: String,
    },
}

/// Langste duur van discovery en sleutels samen.
const IN_ALL: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Stand {
    jwks: Option<Arc<Value>>,
    fetched_at: Option<Moment>,
    tried_at: Option<Moment>,
    health: Health,
}

/// De sleutels van één uitgever.
#[derive(Debug)]
pub struct JwksCache {
    issuer: String,
    jwks_uri: Option<String>,
    egress: Egress,
    stand: Mutex<Stand>,
    turn: tokio::sync::Mutex<()>,
}

impl JwksCache {
    /// Sleutels via discovery, of van een vast adres als dat is ingesteld.
    #[must_use]
    pub fn new(issuer: &str, jwks_uri: Option<String>, egress: Egress) -> Self {
        let stand = Mutex::new(Stand { jwks: None, fetched_at: None, tried_at: None, health: Health::Unknown });
        Self { issuer: issuer.to_owned(), jwks_uri, egress, stand, turn: tokio::sync::Mutex::new(()) }
    }

    fn met<T>(&self, doe: impl FnOnce(&mut Stand) -> T) -> T {
        doe(&mut self.stand.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Of de uitgever antwoordt.
    pub fn health(&self) -> Health {
        self.met(|s| s.health.clone())
    }

    /// De sleutels, zo nodig opgehaald. `None` als er geen zijn en ophalen (nu) niet lukt.
    pub async fn get(&self, nu: Moment) -> Option<Arc<Value>> {
        let (jwks, vers) = self.met(|s| (s.jwks.clone(), s.fetched_at.is_some_and(|op| nu - op < TTL)));
        if vers {
            return jwks;
        }
        match (self.turn.try_lock(), jwks) {
            (Ok(turn), _) => self.fetch_once(nu, turn).await,
            // Een ander haalt al op: wie oude sleutels heeft, wacht daar niet op.
            (Err(_), Some(jwks)) => Some(jwks),
            (Err(_), None) => self.refresh(nu).await,
        }
    }

    /// Haalt sleutels opnieuw na een onbekende `kid`, met rem; geeft de sleutels die er dan zijn.
    pub async fn refresh(&self, nu: Moment) -> Option<Arc<Value>> {
        let turn = self.turn.lock().await;
        self.fetch_once(nu, turn).await
    }

    async fn fetch_once(&self, nu: Moment, _turn: tokio::sync::MutexGuard<'_, ()>) -> Option<Arc<Value>> {
        if self.met(|s| s.tried_at.is_some_and(|op| nu - op < BRAKE)) {
            return self.met(|s| s.jwks.clone());
        }
        self.met(|s| s.tried_at = Some(nu));
        let uitkomst = tokio::time::timeout(IN_ALL, self.fetch()).await.unwrap_or_else(|_| Err("niet klaar binnen tien seconden".to_owned()));
        self.met(|s| {
            match uitkomst {
                Ok(jwks) => {
                    s.jwks = Some(Arc::new(jwks));
                    s.fetched_at = Some(nu);
                    s.health = Health::Good { at: nu };
                }
                Err(reason) => {
                    tracing::warn!(issuer = self.issuer, reason, "sleutels ophalen mislukt; de laatste goede blijven gelden");
                    s.health = Health::Failing { at: nu, reason };
                }
            }
            s.jwks.clone()
        })
    }

    async fn fetch(&self) -> Result<Value, String> {
        let tekst = |e: EgressError| e.to_string();
        let adres = match &self.jwks_uri {
            Some(adres) => adres.clone(),
            None => {
                let discovery =
                    self.egress.get_json(&format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'))).await.map_err(tekst)?;
                let genoemd = discovery.get("issuer").and_then(Value::as_str).unwrap_or_default();
                // OIDC Discovery, 4.3: tot op de byte gelijk.
                if genoemd != self.issuer {
                    let genoemd: String = genoemd.chars().take(200).collect();
                    return Err(format!("discovery noemt uitgever '{genoemd}', ingesteld is '{}'", self.issuer));
                }
                discovery.get("jwks_uri").and_then(Value::as_str).map(str::to_owned).ok_or("discovery noemt geen jwks_uri")?
            }
        };
        let jwks = self.egress.get_json(&adres).await.map_err(tekst)?;
        if jwks.get("keys").and_then(Value::as_array).is_none() {
            return Err("de JWKS heeft geen lijst 'keys'".to_owned());
        }
        Ok(jwks)
    }
}
