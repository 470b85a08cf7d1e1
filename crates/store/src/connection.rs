//! Eén verbindingstype voor beide databases, en hoe een verbinding ontstaat.

use std::path::PathBuf;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::ManageConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::StoreError;

/// Een verbinding met SQLite of PostgreSQL.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Voert een vaste opdracht uit op de verbinding van de database zelf.
///
/// Langs [`Conn`] bouwt Diesel bij iedere aanroep de tekst van de opdracht opnieuw, om haar in de voorraad voorbereide
/// opdrachten te vinden; rechtstreeks is het type van de opdracht de sleutel. Gemeten: de helft van een lezing op sleutel.
macro_rules! rechtstreeks {
    ($conn:expr, |$c:ident| $opdracht:expr) => {
        match $conn {
            crate::connection::Conn::Pg($c) => $opdracht,
            crate::connection::Conn::Sqlite($c) => $opdracht,
        }
    };
}
pub(crate) use rechtstreeks;

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_pg() { "Conn(PostgreSQL)" } else { "Conn(SQLite)" })
    }
}

impl Conn {
    /// Of dit PostgreSQL is: de enkele plaatsen waar SQL verschilt vragen het hier.
    #[must_use]
    pub const fn is_pg(&self) -> bool {
        matches!(self, Self::Pg(_))
    }

    /// Voert opdrachten uit die in beide databases gelijk zijn.
    pub(crate) fn opdracht(&mut self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Pg(c) => c.batch_execute(sql),
            Self::Sqlite(c) => c.batch_execute(sql),
        }
        .map_err(StoreError::from)
    }
}

/// De instellingen van een verbinding met PostgreSQL. Zo lang wacht een groep hoogstens op het slot van een ander: een gewone
/// vastlegging duurt enkele milliseconden, en wie langer zou wachten houdt de anderen niet op ([`crate::groep`]).
pub(crate) const INSTELLINGEN_PG: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = '100ms'";
/// Zo begint een transactie die niemand ophoudt: zij heeft meer geduld.
pub(crate) const BEGIN_ALLEEN_PG: &str = "BEGIN; SET LOCAL lock_timeout = '3s'";

/// Waar verbindingen vandaan komen.
#[derive(Clone, Debug)]
pub(crate) enum Bron {
    Pg { url: String },
    Sqlite { bestand: PathBuf, max_pages: Option<u64> },
}

impl Bron {
    /// Maakt een nieuwe verbinding, klaar voor gebruik.
    pub(crate) fn verbind(&self) -> Result<Conn, StoreError> {
        match self {
            Self::Pg { url } => {
                let mut c = PgConnection::establish(url).map_err(|e| StoreError::Unavailable(e.to_string()))?;
                c.batch_execute(INSTELLINGEN_PG).map_err(StoreError::from)?;
                Ok(Conn::Pg(c))
            }
            Self::Sqlite { bestand, max_pages } => {
                let mut c = SqliteConnection::establish(&bestand.to_string_lossy()).map_err(|e| StoreError::Unavailable(e.to_string()))?;
                c.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -512; PRAGMA temp_store = MEMORY;",
                )
                .map_err(StoreError::from)?;
                if let Some(grens) = max_pages {
                    c.batch_execute(&format!("PRAGMA max_page_count = {grens}")).map_err(StoreError::from)?;
                }
                Ok(Conn::Sqlite(c))
            }
        }
    }
}

/// Een verbinding in de voorraad, met het oordeel of zij nog deugt.
pub(crate) struct Pooled {
    pub(crate) conn: Conn,
    pub(crate) gebroken: bool,
}

/// Beheert de voorraad: geen controle vóór gebruik (die kost een rondgang), wel weg na een fout.
#[derive(Debug)]
pub(crate) struct Beheer(pub(crate) Bron);

impl ManageConnection for Beheer {
    type Connection = Pooled;
    type Error = StoreError;

    fn connect(&self) -> Result<Pooled, StoreError> {
        Ok(Pooled { conn: self.0.verbind()?, gebroken: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        pooled.conn.opdracht("SELECT 1")
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.gebroken || std::thread::panicking()
    }
}

pub(crate) type Pool = diesel::r2d2::Pool<Beheer>;
pub(crate) const WACHT: Duration = Duration::from_secs(5);
