//! De opslag openen, lezen en schrijven.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{Moment, Rng};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::audit::{self, Regel};
use crate::connection::{Beheer, Bron, Conn, GEDULD, Pool, WACHT};
use crate::draden::Draden;
use crate::groep::Werk;
use crate::leesrij::Leesrij;
use crate::lock::Slot;
use crate::unit::{Actor, Tx};
use crate::{StoreError, error, migrate};

/// Welke database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite in een bestand.
    Sqlite,
    /// PostgreSQL.
    PostgreSql,
}

/// Waar en hoe te openen.
#[derive(Clone)]
pub struct StoreConfig {
    /// `postgres://...`; zonder is het een SQLite-bestand in `data_dir`.
    pub database_url: Option<String>,
    /// Map voor het SQLite-bestand en het slot.
    pub data_dir: PathBuf,
    /// Verbindingen om te lezen (SQLite) of in totaal (PostgreSQL).
    pub pool_size: u32,
    /// Sleutel voor de echtheid van auditregels, afgeleid van de hoofdsleutel.
    pub audit_key: [u8; 32],
    /// Bron van toeval voor ids.
    pub rng: Rng,
    /// Grens aan de grootte van het SQLite-bestand in bladzijden van 4 KiB.
    pub max_pages: Option<u64>,
}

impl std::fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreConfig").field("data_dir", &self.data_dir).field("pool_size", &self.pool_size).finish_non_exhaustive()
    }
}

pub(crate) struct Binnen {
    pool: Pool,
    /// De ene schrijver van SQLite; bij PostgreSQL schrijft de voorraad.
    pub(crate) schrijver: Option<Mutex<Conn>>,
    /// De draden die op de database wachten.
    pub(crate) draden: Draden,
    /// Eerlijke rij voor wie samen wil vastleggen: één schrijver bij SQLite, enkele bij PostgreSQL.
    beurt: Semaphore,
    /// De plaatsen voor wie alleen vastlegt. Op PostgreSQL kan zo iemand lang op een slot wachten; minder plaatsen dan draden
    /// laat er altijd een over voor wie leest.
    pub(crate) apart: Arc<Semaphore>,
    /// Of de laatste vraag om een verbinding mislukte.
    weg: AtomicBool,
    /// Werk dat op een schrijver wacht.
    pub(crate) rij: Mutex<VecDeque<Box<dyn Werk>>>,
    /// Wie er op de versies van een traject wacht.
    pub(crate) leesrij: Leesrij,
    /// Telt de vastleggingen van dit proces die iets wijzigden.
    vastleggingen: AtomicU64,
    pub(crate) audit_key: [u8; 32],
    pub(crate) rng: Rng,
    _slot: Option<Slot>,
}

/// De opslag; goedkoop te klonen.
#[derive(Clone)]
pub struct Store(pub(crate) Arc<Binnen>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?})", self.dialect())
    }
}

/// Zo vaak wordt een transactie hoogstens opnieuw gedaan, en zo lang nadat zij in de rij kwam.
const POGINGEN: usize = 5;
const TOTAAL: Duration = Duration::from_secs(5);
/// Zo lang wacht de laatste poging op een slot, hoe laat het ook is: wie lang in de rij stond, krijgt toch een kans.
const MINSTENS: Duration = Duration::from_millis(100);
/// Zo lang wacht wie om een verbinding vraagt terwijl de database weg is.
const KORT: Duration = Duration::from_millis(250);

impl Store {
    /// Opent de opslag; migreert niet (zie [`Store::migrate`]).
    ///
    /// # Errors
    /// Niet bereikbaar, al in gebruik, of een nieuwere database dan dit programma kent.
    pub fn open(config: StoreConfig) -> Result<Self, StoreError> {
        let (bron, slot) = match &config.database_url {
            Some(url) => (Bron::Pg { url: url.clone() }, None),
            None => {
                std::fs::create_dir_all(&config.data_dir).map_err(|e| StoreError::Unavailable(format!("{}: {e}", config.data_dir.display())))?;
                let slot = Slot::neem(&config.data_dir)?;
                (Bron::Sqlite { bestand: config.data_dir.join("aansluitloket.sqlite"), max_pages: config.max_pages }, Some(slot))
            }
        };
        let mut eerste = bron.verbind()?;
        let schrijver = if eerste.is_pg() {
            migrate::niet_nieuwer(&mut eerste)?;
            None
        } else {
            // Eén keer, vóór de voorraad opengaat: per verbinding mislukt met 'database is locked'.
            eerste.opdracht("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 2000;")?;
            migrate::niet_nieuwer(&mut eerste)?;
            Some(Mutex::new(eerste))
        };
        let pool = diesel::r2d2::Pool::builder()
            .max_size(config.pool_size.max(1))
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(WACHT)
            .build(Beheer(bron))
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let verbindingen = usize::try_from(config.pool_size.max(1)).unwrap_or(1);
        let (draden, schrijvers) = if schrijver.is_some() { (verbindingen + 1, 1) } else { (verbindingen, verbindingen.div_ceil(2)) };
        Ok(Self(Arc::new(Binnen {
            pool,
            schrijver,
            draden: Draden::nieuw(draden)?,
            beurt: Semaphore::new(schrijvers),
            // Samen met de groepen laten zij vanaf vier verbindingen altijd een draad vrij.
            apart: Arc::new(Semaphore::new((verbindingen - schrijvers).saturating_sub(1).max(1))),
            weg: AtomicBool::new(false),
            rij: Mutex::default(),
            leesrij: Leesrij::default(),
            vastleggingen: AtomicU64::new(0),
            audit_key: config.audit_key,
            rng: config.rng,
            _slot: slot,
        })))
    }

    /// Welke database dit is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        if self.0.schrijver.is_some() { Dialect::Sqlite } else { Dialect::PostgreSql }
    }

    /// De stand van de opslag: zolang zij gelijk blijft, is niets gewijzigd van wat wordt vastgelegd met [`Tx::record`].
    ///
    /// Alleen SQLite kent haar, omdat dit proces daar de enige schrijver is; op PostgreSQL is het antwoord `None`. Wie met
    /// een stand iets bewaart, leest haar vóór de gegevens: een wijziging telt op voordat zij wordt bevestigd.
    #[must_use]
    pub fn stand(&self) -> Option<u64> {
        self.0.schrijver.is_some().then(|| self.0.vastleggingen.load(Ordering::Acquire))
    }

    /// Brengt de database op de versie van dit programma; geeft hoeveel migraties zijn uitgevoerd.
    ///
    /// # Errors
    /// Niet bereikbaar of een nieuwere database.
    pub fn migrate(&self) -> Result<usize, StoreError> {
        self.0.met_schrijver(migrate::migreer)
    }

    /// Weigert te starten op een database die nog gemigreerd moet worden.
    ///
    /// # Errors
    /// [`StoreError::PendingMigrations`].
    pub fn require_current(&self) -> Result<(), StoreError> {
        if self.0.met_schrijver(migrate::nog_te_doen)? { Err(StoreError::PendingMigrations) } else { Ok(()) }
    }

    /// Of de database antwoordt.
    ///
    /// # Errors
    /// Niet bereikbaar.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read(|conn| conn.opdracht("SELECT 1")).await
    }

    /// Leest op de blokkerende draden, in één momentopname van de rijen per opdracht.
    ///
    /// # Errors
    /// Wat `lees` teruggeeft, of een fout van de opslag.
    pub async fn read<T, E, F>(&self, lees: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let binnen = Arc::clone(&self.0);
        self.0.draden.doe(move || binnen.lees(lees)).await?
    }

    /// Leest één rij op sleutel. Bij SQLite gebeurt dat op de draad van de aanroeper: enkele microseconden uit de
    /// bladzijdencache, minder dan de overstap naar een andere draad kost.
    ///
    /// # Errors
    /// Wat `lees` teruggeeft, of een fout van de opslag.
    pub async fn read_point<T, E, F>(&self, lees: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if self.0.schrijver.is_some() { self.0.lees(lees) } else { self.read(lees).await }
    }

    /// Voert `act` uit in één transactie en bevestigt pas als zij duurzaam is.
    ///
    /// `act` kan vaker worden aangeroepen. Een transactie die iets wijzigt moet dat met [`Tx::record`] vastleggen.
    ///
    /// # Errors
    /// Wat `act` weigert (dan is er niets gewijzigd), of een fout van de opslag.
    pub async fn write<T, E, F>(&self, actor: Actor, now: Moment, traceparent: Option<String>, act: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.in_groep(actor, now, traceparent, act).await
    }

    /// Als [`Store::write`], voor werk dat lang duurt of een slot houdt: bij PostgreSQL in een eigen transactie op een eigen
    /// verbinding, zodat niemand meegaat die daarop zou wachten.
    pub(crate) async fn write_apart<T, E, F>(&self, actor: Actor, now: Moment, act: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if self.0.schrijver.is_some() {
            return self.in_groep(actor, now, None, act).await;
        }
        let binnen = Arc::clone(&self.0);
        let tot = tot_wanneer();
        let plaats = Arc::clone(&self.0.apart).acquire_owned().await.map_err(StoreError::fault)?;
        let werk = move || {
            let _plaats = plaats;
            binnen.herhaald(&actor, now, None, tot, &act)
        };
        self.0.draden.doe(werk).await?
    }

    /// De beurt om te schrijven, op volgorde van vragen.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        self.0.beurt.acquire().await.map_err(StoreError::fault)
    }
}

impl Binnen {
    /// Een verbinding uit de voorraad. Zolang de database weg is, hoeft niet iedereen opnieuw zo lang te wachten.
    fn verbinding(&self) -> Result<diesel::r2d2::PooledConnection<Beheer>, StoreError> {
        let verbinding = self.pool.get_timeout(if self.weg.load(Ordering::Relaxed) { KORT } else { WACHT });
        self.weg.store(verbinding.is_err(), Ordering::Relaxed);
        verbinding.map_err(|e| StoreError::Unavailable(e.to_string()))
    }

    pub(crate) fn lees<T, E: From<StoreError>>(&self, lees: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut pooled = self.verbinding()?;
        // Een fout van de aanroeper zegt niet of de verbinding nog deugt; bij PostgreSQL nemen we na iedere fout een proef.
        let uitkomst = lees(&mut pooled.conn);
        if uitkomst.is_err() && pooled.conn.is_pg() && pooled.conn.opdracht("SELECT 1").is_err() {
            pooled.gebroken = true;
        }
        uitkomst
    }

    pub(crate) fn met_schrijver<T>(&self, doe: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match &self.schrijver {
            Some(schrijver) => doe(&mut schrijver.lock().unwrap_or_else(PoisonError::into_inner)),
            None => {
                let mut pooled = self.verbinding()?;
                let uitkomst = doe(&mut pooled.conn);
                pooled.gebroken = uitkomst.as_ref().is_err_and(StoreError::breekt_verbinding);
                uitkomst
            }
        }
    }

    /// Schrijft de auditregels van een transactie en legt haar vast.
    ///
    /// Is op PostgreSQL een opdracht mislukt, dan antwoordt `COMMIT` zonder fout en draait alles terug. De opdracht ervoor
    /// mislukt dan: het schrijven van de auditregels, of anders een lege vraag in dezelfde rondgang.
    pub(crate) fn leg_vast(&self, conn: &mut Conn, regels: Vec<Regel>) -> Result<(), StoreError> {
        let gewijzigd = !regels.is_empty();
        audit::schrijf(conn, regels, &self.audit_key)?;
        conn.opdracht(if conn.is_pg() && !gewijzigd { "SELECT 1; COMMIT" } else { "COMMIT" }).map_err(|fout| bij_vastleggen(conn, fout))?;
        if gewijzigd {
            self.vastleggingen.fetch_add(1, Ordering::AcqRel);
        }
        Ok(())
    }

    /// Eén transactie, opnieuw als de database dat wil en het nog geen `tot` is.
    pub(crate) fn herhaald<T, E: From<StoreError>>(
        &self,
        actor: &Actor,
        now: Moment,
        traceparent: Option<&str>,
        tot: Instant,
        act: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        for _ in 0..POGINGEN {
            let over = tot.saturating_duration_since(Instant::now());
            match self.eenheid(actor, now, traceparent, over.clamp(MINSTENS, GEDULD), act) {
                Ok(klaar) => return klaar,
                Err(StoreError::Retry) if Instant::now() < tot => {}
                Err(StoreError::Retry) => break,
                Err(fout) => return Err(E::from(fout)),
            }
        }
        Err(E::from(StoreError::Unavailable("transactie bleef botsen".to_owned())))
    }

    /// Buitenste fout: de transactie zelf; binnenste: wat de handeling weigert. Wacht bij PostgreSQL zo lang op een slot als
    /// `geduld` zegt.
    fn eenheid<T, E: From<StoreError>>(
        &self,
        actor: &Actor,
        now: Moment,
        traceparent: Option<&str>,
        geduld: Duration,
        act: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<Result<T, E>, StoreError> {
        self.met_schrijver(|conn| {
            conn.begin(geduld)?;
            let _ = error::vroeg_om_nieuwe_poging();
            let mut tx = Tx::new(conn, actor, now, traceparent, self);
            let uitkomst = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| act(&mut tx)));
            let regels = tx.afsluiten();
            match uitkomst {
                Ok(Ok(waarde)) => match regels.and_then(|regels| self.leg_vast(conn, regels)) {
                    Ok(()) => Ok(Ok(waarde)),
                    Err(fout) => Err(teruggedraaid(conn, fout)),
                },
                Ok(Err(weigering)) => {
                    terugdraaien(conn)?;
                    if error::vroeg_om_nieuwe_poging() { Err(StoreError::Retry) } else { Ok(Err(weigering)) }
                }
                Err(paniek) => {
                    let _ = terugdraaien(conn);
                    std::panic::resume_unwind(paniek)
                }
            }
        })
    }
}

/// Tot wanneer wie nu in de rij komt het blijft proberen.
pub(crate) fn tot_wanneer() -> Instant {
    Instant::now() + TOTAAL
}

/// Of een mislukt `COMMIT` zeker niets vastlegde. Antwoordde de database niet, dan weet niemand het: opnieuw doen zou de
/// transactie twee keer kunnen doen.
fn bij_vastleggen(conn: &Conn, fout: StoreError) -> StoreError {
    let geweigerd = match &fout {
        StoreError::Retry | StoreError::Conflict { .. } => true,
        StoreError::Fault(tekst) => tekst.contains("current transaction is aborted"),
        _ => false,
    };
    if geweigerd || !conn.is_pg() { fout } else { StoreError::Onzeker(fout.to_string()) }
}

/// Draait terug na `fout`, en geeft de fout die dan geldt: lukt terugdraaien niet, dan is de verbinding weg. Wie niet weet of
/// het vastligt, weet dat ook dan niet.
pub(crate) fn teruggedraaid(conn: &mut Conn, fout: StoreError) -> StoreError {
    match terugdraaien(conn) {
        Err(weg) if !matches!(fout, StoreError::Onzeker(_)) => weg,
        _ => fout,
    }
}

/// Draait terug; lukt dat niet, dan is de verbinding weg en doet de database het zelf.
pub(crate) fn terugdraaien(conn: &mut Conn) -> Result<(), StoreError> {
    match conn.opdracht("ROLLBACK") {
        Err(StoreError::Fault(tekst)) if tekst.contains("no transaction is active") => Ok(()),
        Err(fout) => Err(StoreError::Unavailable(fout.to_string())),
        Ok(()) => Ok(()),
    }
}
