//! Onze ondertekensleutels: uit de opslag, hoogstens tien seconden oud, gepubliceerd vóór gebruik.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::toepassingen::Algoritme;
use domain::{Moment, Rng};
use provider::{KeyTimes, LifecycleSettings, MasterKey, SigningKey};
use serde_json::{Value, json};
use store::sleutels::{self, BewaardeSleutel};
use store::{Actor, Change, Store, StoreError, Tx};
use zeroize::Zeroizing;

use crate::problem::{self, Problem};

/// Hoe lang de sleutels van een andere node onopgemerkt mogen blijven.
const CACHE_SECONDS: i64 = 10;
/// Hoe lang wij op de opslag wachten als wij al sleutels kennen.
const PATIENCE: Duration = Duration::from_secs(1);

/// De gepubliceerde sleutels van dit moment.
#[derive(Debug)]
pub struct KeySet {
    jwks: Value,
    active: Vec<SigningKey>,
    times: Vec<(Algoritme, KeyTimes)>,
}

impl KeySet {
    /// De JWK Set.
    #[must_use]
    pub const fn jwks(&self) -> &Value {
        &self.jwks
    }

    /// De sleutel die nu toegangstokens tekent.
    #[must_use]
    pub fn active(&self) -> Option<&SigningKey> {
        self.active_for(Algoritme::Es256)
    }

    /// De sleutel die nu met dit algoritme tekent.
    #[must_use]
    pub fn active_for(&self, alg: Algoritme) -> Option<&SigningKey> {
        self.active.iter().find(|key| key.alg() == alg)
    }

    /// Algoritmen waarvoor een sleutel in gebruik is; ES256 altijd.
    fn in_use(&self) -> impl Iterator<Item = Algoritme> {
        Algoritme::ALLE.iter().copied().filter(|alg| *alg == Algoritme::Es256 || self.times.iter().any(|(own, _)| own == alg))
    }

    fn times_of(&self, alg: Algoritme) -> Vec<KeyTimes> {
        self.times.iter().filter(|(own, _)| *own == alg).map(|(_, times)| times.clone()).collect()
    }

    fn read(master: &MasterKey, lifecycle: &LifecycleSettings, stored: &[BewaardeSleutel], now: Moment) -> Result<Self, Problem> {
        let times = stored.iter().map(|key| (key.alg, times(key))).collect();
        let public: Vec<Value> = stored.iter().filter_map(|key| serde_json::from_str(&key.publiek).ok()).collect();
        let mut set = Self { jwks: provider::jwks_document(&public), active: Vec::new(), times };
        for alg in Algoritme::ALLE {
            let own = set.times_of(*alg);
            let current = provider::active(&own, now, lifecycle).map(|times| times.kid.as_str());
            let sealed = current.and_then(|kid| stored.iter().find(|key| key.kid == kid));
            set.active.extend(sealed.map(|key| open(master, key)).transpose()?);
        }
        Ok(set)
    }
}

fn times(key: &BewaardeSleutel) -> KeyTimes {
    KeyTimes {
        kid: key.kid.clone(),
        published_from: key.aangemaakt_op,
        active_from: key.actief_vanaf,
        active_until: key.actief_tot,
        published_until: key.publiceren_tot,
    }
}

fn open(master: &MasterKey, key: &BewaardeSleutel) -> Result<SigningKey, Problem> {
    let pkcs8 = master.open(&key.kid, &key.geheim).map_err(problem::fout)?;
    SigningKey::read(key.alg, &pkcs8).map_err(problem::fout)
}

/// Beheert de sleutels van deze instantie; elke node tekent met dezelfde.
pub struct KeyManager {
    master: MasterKey,
    lifecycle: LifecycleSettings,
    cached: Mutex<Option<(Moment, Arc<KeySet>)>>,
}

impl std::fmt::Debug for KeyManager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyManager")
    }
}

impl KeyManager {
    /// Sleutels die met deze hoofdsleutel verzegeld zijn.
    #[must_use]
    pub const fn new(master: MasterKey, lifecycle: LifecycleSettings) -> Self {
        Self { master, lifecycle, cached: Mutex::new(None) }
    }

    /// De hoofdsleutel, om andere geheimen mee te verzegelen.
    #[must_use]
    pub(crate) const fn master(&self) -> &MasterKey {
        &self.master
    }

    /// Hoe lang een sleutel gepubliceerd is vóór zij tekent, in seconden.
    #[must_use]
    pub const fn lead_seconds(&self) -> i64 {
        self.lifecycle.lead.num_seconds()
    }

    /// Verzegelt een geheim met de hoofdsleutel, gebonden aan zijn plaats.
    ///
    /// # Errors
    /// Als de bibliotheek weigert.
    pub fn seal(&self, plaats: &str, geheim: &[u8], rng: &Rng) -> Result<Vec<u8>, Problem> {
        self.master.seal(plaats, geheim, rng).map_err(problem::fout)
    }

    /// Opent een verzegeld geheim; het wordt gewist als het niet meer nodig is.
    ///
    /// # Errors
    /// Een geheim dat niet bij de hoofdsleutel of deze plaats past.
    pub fn open(&self, plaats: &str, verzegeld: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
        self.master.open(plaats, verzegeld).map_err(problem::fout)
    }

    /// Een geheim van deze instantie voor één doel.
    pub(crate) fn derive(&self, doel: &str) -> Result<[u8; 32], Problem> {
        self.master.derive(doel).map_err(problem::fout)
    }

    /// De sleutels van nu.
    ///
    /// # Errors
    /// Een fout van de opslag, of een geheim dat niet bij de hoofdsleutel past.
    pub async fn current(&self, store: &Store, now: Moment) -> Result<Arc<KeySet>, Problem> {
        if let Some((until, keys)) = &*self.cached.lock().unwrap_or_else(PoisonError::into_inner)
            && *until > now
        {
            return Ok(Arc::clone(keys));
        }
        let read = store.read_point(move |conn| -> Result<_, StoreError> { sleutels::list(conn, now) });
        let stored = match self.patiently(read).await {
            Ok(stored) => stored,
            Err(cause) => return self.last_known(cause, now),
        };
        let keys = Arc::new(KeySet::read(&self.master, &self.lifecycle, &stored, now)?);
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = Some((now + TimeDelta::seconds(CACHE_SECONDS), Arc::clone(&keys)));
        Ok(keys)
    }

    /// De sleutels van nu en van zo lang geleden als een sessie duurt: een ID-token van een lopende sessie blijft te herkennen,
    /// ook als zijn sleutel niet meer gepubliceerd is (RP-Initiated Logout, 2).
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn recent_jwks(&self, store: &Store, now: Moment) -> Result<Value, Problem> {
        let since = now - domain::sessies::LANGST;
        let stored = store.read_point(move |conn| -> Result<_, StoreError> { sleutels::list(conn, since) }).await?;
        let public: Vec<Value> = stored.iter().filter_map(|key| serde_json::from_str(&key.publiek).ok()).collect();
        Ok(provider::jwks_document(&public))
    }

    /// Wie al sleutels kent, wacht niet zo lang op een opslag die weg is dat een portaal het opgeeft.
    async fn patiently<T>(&self, read: impl Future<Output = Result<T, StoreError>>) -> Result<T, Problem> {
        let known = self.cached.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if !known {
            return Ok(read.await?);
        }
        match actix_web::rt::time::timeout(PATIENCE, read).await {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(problem::niet_beschikbaar()),
        }
    }

    /// Is de opslag even weg, dan blijven de laatst gelezen sleutels gelden: portalen controleren er tokens mee die al zijn
    /// uitgegeven. Nieuwe tokens komen er dan niet, want die vragen de opslag.
    fn last_known(&self, cause: Problem, now: Moment) -> Result<Arc<KeySet>, Problem> {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((until, keys)) = &mut *cached else { return Err(cause) };
        // Niet ieder verzoek hoeft opnieuw op de opslag te wachten.
        *until = now + TimeDelta::seconds(CACHE_SECONDS);
        Ok(Arc::clone(keys))
    }

    /// De sleutels van nu, opnieuw gelezen als een token een sleutel noemt die wij nog niet kennen; hoogstens eens per seconde.
    ///
    /// # Errors
    /// Als [`KeyManager::current`].
    pub async fn refreshed(&self, store: &Store, now: Moment) -> Result<Arc<KeySet>, Problem> {
        {
            let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((until, _)) = &mut *cached
                && *until - now < TimeDelta::seconds(CACHE_SECONDS - 1)
            {
                *until = now;
            }
        }
        self.current(store, now).await
    }

    /// De sleutel om nu mee te tekenen; maakt de eerste als er nog geen is.
    ///
    /// # Errors
    /// Als [`KeyManager::current`].
    pub async fn signing(&self, store: &Store, rng: &Rng, now: Moment) -> Result<SigningKey, Problem> {
        self.signing_for(Algoritme::Es256, store, rng, now).await
    }

    /// De sleutel om nu met dit algoritme te tekenen; maakt de eerste als er nog geen is.
    ///
    /// # Errors
    /// Als [`KeyManager::current`].
    pub async fn signing_for(&self, alg: Algoritme, store: &Store, rng: &Rng, now: Moment) -> Result<SigningKey, Problem> {
        if let Some(key) = self.current(store, now).await?.active_for(alg) {
            return Ok(key.clone());
        }
        self.rotate_for(alg, store, rng, now).await?;
        let keys = self.current(store, now).await?;
        keys.active_for(alg).cloned().ok_or_else(|| problem::fout("er is geen actieve ondertekensleutel"))
    }

    /// Maakt de volgende sleutel als het tijd is; geeft of dat zo was. Eén node tegelijk.
    ///
    /// # Errors
    /// Een fout van de opslag of de bibliotheek.
    pub async fn rotate(&self, store: &Store, rng: &Rng, now: Moment) -> Result<bool, Problem> {
        let mut made = false;
        for alg in self.current(store, now).await?.in_use() {
            made |= self.rotate_for(alg, store, rng, now).await?;
        }
        Ok(made)
    }

    async fn rotate_for(&self, alg: Algoritme, store: &Store, rng: &Rng, now: Moment) -> Result<bool, Problem> {
        let current = self.current(store, now).await?;
        if provider::plan(&current.times_of(alg), now, &self.lifecycle).is_none() {
            return Ok(false);
        }
        let (master, lifecycle, rng) = (self.master.clone(), self.lifecycle, rng.clone());
        // Een RSA-sleutel maken duurt lang: buiten de transactie, en niet op de draad van de aanroeper.
        let key = actix_web::web::block(move || SigningKey::generate_for(alg)).await.map_err(problem::fout)?.map_err(problem::fout)?;
        let made = store.write(Actor::default(), now, None, move |tx| make_next(tx, &key, &master, &lifecycle, &rng)).await?;
        if let Some((until, _)) = &mut *self.cached.lock().unwrap_or_else(PoisonError::into_inner) {
            *until = now;
        }
        Ok(made)
    }
}

fn make_next(tx: &mut Tx<'_>, key: &SigningKey, master: &MasterKey, lifecycle: &LifecycleSettings, rng: &Rng) -> Result<bool, Problem> {
    sleutels::lock(tx)?;
    let now = tx.now();
    // Onder het slot opnieuw kijken: een andere node kan voor zijn geweest.
    let stored = sleutels::list(tx.conn(), now)?;
    let own: Vec<_> = stored.iter().filter(|stored| stored.alg == key.alg()).map(times).collect();
    let Some(next) = provider::plan(&own, now, lifecycle) else { return Ok(false) };
    let geheim = master.seal(key.kid(), key.pkcs8(), rng).map_err(problem::fout)?;
    sleutels::insert(
        tx,
        &BewaardeSleutel {
            kid: key.kid().to_owned(),
            publiek: key.public_jwk().to_string(),
            geheim,
            aangemaakt_op: next.published_from,
            actief_vanaf: next.active_from,
            actief_tot: next.active_until,
            publiceren_tot: next.published_until,
            alg: key.alg(),
            doel: sleutels::TOKENS.to_owned(),
        },
    )?;
    tx.record(Change {
        handeling: "ondertekensleutel.gemaakt",
        onderwerp_soort: "ondertekensleutel",
        onderwerp_id: key.kid().to_owned(),
        na: Some(json!({ "kid": key.kid(), "alg": key.alg(), "actiefVanaf": next.active_from, "actiefTot": next.active_until })),
        ..Change::default()
    })?;
    tracing::info!(kid = key.kid(), actief_vanaf = %next.active_from, "nieuwe ondertekensleutel");
    Ok(true)
}
