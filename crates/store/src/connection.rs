//! Eén verbindingstype voor beide databases, en hoe een verbinding ontstaat.

use std::path::PathBuf;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::ManageConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection};
use domain::Id;

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

    /// Houdt met deze opdracht een rij vast tot het einde van de transactie. Bij SQLite schrijft er altijd maar één tegelijk, en
    /// is dit niets.
    pub(crate) fn houd_vast(&mut self, opdracht: &str, rij: Id) -> Result<(), StoreError> {
        if let Self::Pg(c) = self {
            diesel::sql_query(opdracht).bind::<diesel::sql_types::Text, _>(rij.to_string()).execute(c)?;
        }
        Ok(())
    }

    /// Begint een transactie die alleen gaat, en bij PostgreSQL zo lang op een slot wacht.
    pub(crate) fn begin(&mut self, geduld: Duration) -> Result<(), StoreError> {
        match self {
            Self::Pg(c) => c.batch_execute(&format!("BEGIN; SET LOCAL lock_timeout = {}", geduld.as_millis())),
            Self::Sqlite(c) => c.batch_execute("BEGIN IMMEDIATE"),
        }
        .map_err(StoreError::from)
    }
}

/// De instellingen van een verbinding met PostgreSQL. Wie leest wacht alleen op een migratie, en heeft daarbij meer geduld dan
/// zij zelf ([`crate::migrate`]).
pub(crate) const INSTELLINGEN_PG: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = '3s'";
/// Zo begint een groep. Op het slot van een ander wacht zij kort: een gewone vastlegging duurt enkele milliseconden, en wie
/// langer zou wachten houdt de anderen niet op ([`crate::groep`]).
pub(crate) const BEGIN_SAMEN_PG: &str = "BEGIN; SET LOCAL lock_timeout = '100ms'";
/// Zo lang wacht een transactie die niemand ophoudt ten hoogste op een slot.
pub(crate) const GEDULD: Duration = Duration::from_secs(3);

/// Wanneer een server die niet meer antwoordt als weg geldt. Zonder dit wacht wie verbinding zoekt of op antwoord wacht zo lang
/// als het besturingssysteem wil: een kwartier of meer. Ruimer dan `statement_timeout`.
const GRENZEN: [(&str, &str); 5] =
    [("connect_timeout", "5"), ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "35000")];

/// Zet de [`GRENZEN`] voor wat de beheerder opgaf: bij libpq geldt van twee gelijke namen de laatste, dus de zijne.
fn met_grenzen(url: &str) -> String {
    let grenzen = |tussen: &str| GRENZEN.map(|(naam, waarde)| format!("{naam}={waarde}")).join(tussen);
    let Some((schema, rest)) = url.split_once("://").filter(|(schema, _)| ["postgres", "postgresql"].contains(schema)) else {
        return format!("{} {url}", grenzen(" "));
    };
    // In een wachtwoord mag een vraagteken staan; de instellingen beginnen dus pas na de server.
    let (wie, server) = rest.split_at(rest.split_once('@').filter(|(wie, _)| !wie.contains('/')).map_or(0, |(wie, _)| wie.len()));
    match server.split_once('?') {
        Some((adres, eigen)) => format!("{schema}://{wie}{adres}?{}&{eigen}", grenzen("&")),
        None => format!("{url}?{}", grenzen("&")),
    }
}

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
                let mut c = PgConnection::establish(&met_grenzen(url)).map_err(|e| StoreError::Unavailable(e.to_string()))?;
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

#[cfg(test)]
mod tests {
    use super::met_grenzen;

    #[test]
    fn een_verbinding_zonder_eigen_grenzen_krijgt_de_onze_en_wat_de_beheerder_opgaf_gaat_voor() {
        let (url, woorden) = (
            "connect_timeout=5&keepalives_idle=10&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=35000",
            "connect_timeout=5 keepalives_idle=10 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=35000",
        );
        for (gegeven, verwacht) in [
            ("postgres://loket@db/loket", format!("postgres://loket@db/loket?{url}")),
            ("postgresql://db", format!("postgresql://db?{url}")),
            ("postgres://db/loket?connect_timeout=9", format!("postgres://db/loket?{url}&connect_timeout=9")),
            ("postgres://loket:wat?@db/loket?sslmode=require", format!("postgres://loket:wat?@db/loket?{url}&sslmode=require")),
            ("host=db dbname=loket connect_timeout = 9", format!("{woorden} host=db dbname=loket connect_timeout = 9")),
            ("", format!("{woorden} ")),
        ] {
            assert_eq!(met_grenzen(gegeven), verwacht);
        }
    }
}
