//! Migraties: ingebouwd, onder een slot, en nooit over een nieuwere database heen.

use std::time::Duration;

use diesel::RunQueryDsl;
use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::StoreError;
use crate::connection::{Conn, INSTELLINGEN_PG};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRESQL: EmbeddedMigrations = embed_migrations!("../../migrations/postgresql");
/// Nummer van het adviesslot in PostgreSQL: nodes migreren na elkaar.
const SLOT: i64 = 4_202_601;
/// Een index op een grote tabel mag lang duren, en wie na een ander migreert, wacht op hem.
const GEDULDIG: &str = "SET statement_timeout = 0; SET lock_timeout = '5min'";
/// Op het slot van een tabel wacht een migratie kort, want zolang zij wacht, wacht iedere lezer van die tabel achter haar.
const KORT: &str = "SET lock_timeout = '2s'";
/// Zo vaak probeert zij het, en zoveel krijgen de anderen ertussen.
const POGINGEN: u32 = 30;
const ADEM: Duration = Duration::from_millis(500);

/// Voert `f` uit op de migratiekant van de verbinding.
macro_rules! met_migraties {
    ($conn:expr, |$c:ident, $bron:ident| $lijf:expr) => {
        match $conn {
            Conn::Pg($c) => {
                let $bron = POSTGRESQL;
                $lijf
            }
            Conn::Sqlite($c) => {
                let $bron = SQLITE;
                $lijf
            }
        }
    };
}

fn bekende(bron: EmbeddedMigrations, pg: bool) -> Result<Vec<String>, StoreError> {
    use diesel::migration::MigrationSource;
    let versies = if pg {
        MigrationSource::<diesel::pg::Pg>::migrations(&bron).map_err(StoreError::fault)?.iter().map(|m| m.name().version().to_string()).collect()
    } else {
        MigrationSource::<diesel::sqlite::Sqlite>::migrations(&bron).map_err(StoreError::fault)?.iter().map(|m| m.name().version().to_string()).collect()
    };
    Ok(versies)
}

/// Of hier ooit is gemigreerd. Diesel zou de tabel van de migraties anders aanmaken, en twee die dat tegelijk doen botsen.
fn begonnen(conn: &mut Conn) -> Result<bool, StoreError> {
    match conn {
        Conn::Pg(c) => Ok(diesel::select(sql::<Bool>("to_regclass('__diesel_schema_migrations') IS NOT NULL")).get_result(c)?),
        // Hier is er maar één tegelijk: het slot op de map.
        Conn::Sqlite(_) => Ok(true),
    }
}

fn toegepast(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    if !begonnen(conn)? {
        return Ok(Vec::new());
    }
    met_migraties!(conn, |c, _bron| Ok(c.applied_migrations().map_err(StoreError::uit_tekst)?.iter().map(ToString::to_string).collect()))
}

/// Weigert een database die nieuwer is dan dit programma.
pub(crate) fn niet_nieuwer(conn: &mut Conn) -> Result<(), StoreError> {
    let pg = conn.is_pg();
    let bekend = bekende(if pg { POSTGRESQL } else { SQLITE }, pg)?;
    match toegepast(conn)?.into_iter().find(|versie| !bekend.contains(versie)) {
        Some(versie) => Err(StoreError::NewerSchema(versie)),
        None => Ok(()),
    }
}

/// Of er nog migraties te doen zijn.
pub(crate) fn nog_te_doen(conn: &mut Conn) -> Result<bool, StoreError> {
    if !begonnen(conn)? {
        return Ok(true);
    }
    met_migraties!(conn, |c, bron| c.has_pending_migration(bron).map_err(StoreError::uit_tekst))
}

/// Brengt de database op de versie van dit programma; geeft hoeveel migraties zijn uitgevoerd.
pub(crate) fn migreer(conn: &mut Conn) -> Result<usize, StoreError> {
    let pg = conn.is_pg();
    if pg {
        conn.opdracht(&format!("{GEDULDIG}; SELECT pg_advisory_lock({SLOT}); {KORT}"))?;
    }
    let uitkomst = herhaald(conn);
    if pg {
        conn.opdracht(&format!("SELECT pg_advisory_unlock({SLOT}); {INSTELLINGEN_PG}"))?;
    }
    uitkomst
}

/// Voert uit wat er nog te doen is, opnieuw zolang een ander een tabel vasthoudt. Wat al gelukt is, blijft.
fn herhaald(conn: &mut Conn) -> Result<usize, StoreError> {
    let mut gedaan = 0;
    for _ in 0..POGINGEN {
        match niet_nieuwer(conn).and_then(|()| ronde(conn, &mut gedaan)) {
            Err(StoreError::Retry) => std::thread::sleep(ADEM),
            anders => return anders.map(|()| gedaan),
        }
    }
    Err(StoreError::Unavailable("een ander houdt een tabel vast die de migratie nodig heeft".to_owned()))
}

fn ronde(conn: &mut Conn, gedaan: &mut usize) -> Result<(), StoreError> {
    met_migraties!(conn, |c, bron| {
        for migratie in c.pending_migrations(bron).map_err(StoreError::uit_tekst)? {
            c.run_migration(&migratie).map_err(StoreError::uit_tekst)?;
            *gedaan += 1;
        }
        Ok(())
    })
}

/// Draait alle migraties terug; alleen om te bewijzen dat dat kan.
#[cfg(feature = "testing")]
pub(crate) fn terug(conn: &mut Conn) -> Result<(), StoreError> {
    met_migraties!(conn, |c, bron| c.revert_all_migrations(bron).map(|_| ()).map_err(StoreError::fault))
}
