//! Wat een uitgever over zichzelf publiceert: bewaard, op tijd ververst, en bij een onbekende `kid` ten hoogste één keer per minuut opnieuw.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::Moment;
use domain::diagnose::Diagnose;
use serde_json::Value;

use crate::discovery::{Discovery, haal_discovery, haal_sleutels};
use crate::egress::Egress;

/// Hoe lang gegevens en sleutels gelden.
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

/// Gegevens en sleutels van één uitgever.
#[derive(Clone, Debug)]
pub struct Kennis {
    /// Het discoverydocument; afwezig als het adres van de sleutels vast is ingesteld.
    pub discovery: Option<Arc<Discovery>>,
    /// De sleutels.
    pub jwks: Arc<Value>,
}

#[derive(Debug)]
struct Stand {
    kennis: Option<Kennis>,
    fetched_at: Option<Moment>,
    tried_at: Option<Moment>,
    refreshed_at: Option<Moment>,
    fout: Option<Diagnose>,
    health: Health,
}

/// Wat één uitgever publiceert.
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
        let stand = Mutex::new(Stand { kennis: None, fetched_at: None, tried_at: None, refreshed_at: None, fout: None, health: Health::Unknown });
        Self { issuer: issuer.to_owned(), jwks_uri, egress, stand, turn: tokio::sync::Mutex::new(()) }
    }

    fn met<T>(&self, doe: impl FnOnce(&mut Stand) -> T) -> T {
        doe(&mut self.stand.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Of de uitgever antwoordt.
    pub fn health(&self) -> Health {
        self.met(|s| s.health.clone())
    }

    /// Waarom de laatste keer mislukte; `None` als zij lukte.
    pub fn fout(&self) -> Option<Diagnose> {
        self.met(|s| s.fout.clone())
    }

    /// De sleutels, zo nodig opgehaald. `None` als er geen zijn en ophalen (nu) niet lukt.
    pub async fn get(&self, nu: Moment) -> Option<Arc<Value>> {
        self.kennis(nu).await.map(|kennis| kennis.jwks)
    }

    /// Gegevens en sleutels, zo nodig opgehaald. `None` als er geen zijn en ophalen (nu) niet lukt.
    pub async fn kennis(&self, nu: Moment) -> Option<Kennis> {
        let (kennis, vers) = self.met(|s| (s.kennis.clone(), s.vers(nu)));
        if vers {
            return kennis;
        }
        match (self.turn.try_lock(), kennis) {
            (Ok(_turn), _) => self.bijwerken(nu).await,
            // Een ander haalt al op: wie oude gegevens heeft, wacht daar niet op.
            (Err(_), Some(kennis)) => Some(kennis),
            (Err(_), None) => {
                let _turn = self.turn.lock().await;
                self.bijwerken(nu).await
            }
        }
    }

    async fn bijwerken(&self, nu: Moment) -> Option<Kennis> {
        if !self.met(|s| s.vers(nu) || s.tried_at.is_some_and(|op| nu - op < BRAKE)) {
            self.met(|s| s.tried_at = Some(nu));
            self.fetch(nu).await;
        }
        self.met(|s| s.kennis.clone())
    }

    /// Haalt opnieuw op na een onbekende `kid`, met rem; geeft de sleutels die er dan zijn.
    pub async fn refresh(&self, nu: Moment) -> Option<Arc<Value>> {
        let _turn = self.turn.lock().await;
        if !self.met(|s| s.refreshed_at.is_some_and(|op| nu - op < BRAKE)) {
            self.met(|s| s.refreshed_at = Some(nu));
            self.fetch(nu).await;
        }
        self.met(|s| s.kennis.as_ref().map(|kennis| Arc::clone(&kennis.jwks)))
    }

    /// Leest op schema opnieuw, ook als de gegevens nog gelden.
    pub async fn meten(&self, nu: Moment) -> Health {
        let _turn = self.turn.lock().await;
        self.met(|s| s.tried_at = Some(nu));
        self.fetch(nu).await;
        self.health()
    }

    /// De ververste sleutels bewezen een handtekening: de wissel was echt, dus de rem hoeft niet te blijven staan.
    pub(crate) fn vruchtbaar(&self) {
        self.met(|s| s.refreshed_at = None);
    }

    async fn fetch(&self, nu: Moment) {
        let uitkomst = tokio::time::timeout(IN_ALL, self.haal()).await.unwrap_or_else(|_| Err(crate::discovery::te_traag("gegevens en sleutels", IN_ALL)));
        self.met(|s| match uitkomst {
            Ok(kennis) => {
                s.kennis = Some(kennis);
                s.fetched_at = Some(nu);
                s.fout = None;
                s.health = Health::Good { at: nu };
            }
            Err(fout) => {
                let reason = fout.to_string();
                tracing::warn!(issuer = self.issuer, reason, "gegevens van de uitgever ophalen mislukt; de laatste goede blijven gelden");
                s.fout = Some(fout);
                s.health = Health::Failing { at: nu, reason };
            }
        });
    }

    async fn haal(&self) -> Result<Kennis, Diagnose> {
        let (discovery, adres) = match &self.jwks_uri {
            Some(adres) => (None, adres.clone()),
            None => {
                let discovery = haal_discovery(&self.egress, &self.issuer).await?.0;
                let adres = discovery.jwks_uri.clone();
                (Some(Arc::new(discovery)), adres)
            }
        };
        Ok(Kennis { discovery, jwks: Arc::new(haal_sleutels(&self.egress, &adres).await?) })
    }
}

impl Stand {
    fn vers(&self, nu: Moment) -> bool {
        self.fetched_at.is_some_and(|op| nu - op < TTL)
    }
}
