//! Back-up en herstel van SQLite. Een levend bestand kopiëren geeft een onbruikbare kopie; `VACUUM INTO` niet.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{Connection, RunQueryDsl, SqliteConnection};

use crate::connection::Conn;
use crate::lock::Slot;
use crate::open::Store;
use crate::{StoreError, migrate};

fn sqlite(bestand: &Path) -> Result<SqliteConnection, StoreError> {
    SqliteConnection::establish(&bestand.to_string_lossy()).map_err(StoreError::fault)
}

/// Weigert een database die niet heel is. SQLite meldt schade in de rijen van het antwoord, niet als fout.
fn heel(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    let beschadigd = |wat: &dyn std::fmt::Display| StoreError::fault(format!("de kopie is beschadigd: {wat}"));
    let oordeel: Vec<String> = sql::<Text>("SELECT integrity_check FROM pragma_integrity_check").load(conn).map_err(|e| beschadigd(&e))?;
    if oordeel != ["ok"] {
        return Err(beschadigd(&oordeel.join("; ")));
    }
    let los: Vec<String> = sql::<Text>("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check").load(conn).map_err(|e| beschadigd(&e))?;
    if los.is_empty() { Ok(()) } else { Err(beschadigd(&format!("{} verwijst naar wat er niet is", los.join(", ")))) }
}

/// Schrijft een kopie van de database achter `conn` naar `doel`, en kijkt na of zij heel is.
fn kopieer(conn: &mut SqliteConnection, doel: &Path) -> Result<(), StoreError> {
    let pad = doel.to_string_lossy().replace('\'', "''");
    conn.batch_execute(&format!("VACUUM INTO '{pad}'"))?;
    heel(&mut sqlite(doel)?)
}

impl Store {
    /// Schrijft een volledige kopie naar `doel`, terwijl de dienst doorwerkt.
    ///
    /// # Errors
    /// Als `doel` al bestaat, de kopie niet heel is (zij blijft dan liggen voor onderzoek), of bij PostgreSQL (gebruik daar `pg_dump`).
    pub async fn backup(&self, doel: &Path) -> Result<(), StoreError> {
        if doel.exists() {
            return Err(StoreError::fault(format!("{} bestaat al; kies een nieuw bestand", doel.display())));
        }
        let doel = doel.to_owned();
        self.read(move |conn| match conn {
            Conn::Sqlite(c) => kopieer(c, &doel),
            Conn::Pg(_) => Err(StoreError::fault("maak van PostgreSQL een back-up met pg_dump")),
        })
        .await
    }
}

/// Schrijft een volledige kopie van de database in `data_dir`, ook terwijl een ander proces haar gebruikt: in
/// WAL-stand leest dit naast de schrijver, en het slot van dat proces blijft onaangeroerd.
///
/// # Errors
/// Als er geen database is, `doel` al bestaat, of de kopie niet heel is (zij blijft dan liggen voor onderzoek).
pub fn backup_sqlite(data_dir: &Path, doel: &Path) -> Result<(), StoreError> {
    let bestand = data_dir.join("aansluitloket.sqlite");
    if !bestand.is_file() {
        return Err(StoreError::fault(format!("{} bestaat niet", bestand.display())));
    }
    if doel.exists() {
        return Err(StoreError::fault(format!("{} bestaat al; kies een nieuw bestand", doel.display())));
    }
    let mut bron = sqlite(&bestand)?;
    bron.batch_execute("PRAGMA busy_timeout = 5000")?;
    kopieer(&mut bron, doel)
}

/// Zet een kopie terug in een map zonder database, na controle van de kopie.
///
/// # Errors
/// Als de kopie beschadigd of nieuwer is, of de map al een database heeft.
pub fn restore_sqlite(kopie: &Path, data_dir: &Path) -> Result<(), StoreError> {
    let doel = data_dir.join("aansluitloket.sqlite");
    if doel.exists() {
        return Err(StoreError::fault(format!("{} bestaat al; herstel in een lege map", doel.display())));
    }
    if !kopie.is_file() {
        return Err(StoreError::fault(format!("{} bestaat niet", kopie.display())));
    }
    std::fs::create_dir_all(data_dir).map_err(StoreError::fault)?;
    let _slot = Slot::neem(data_dir)?;
    let mut bron = sqlite(kopie)?;
    bron.batch_execute("PRAGMA query_only = ON").map_err(|e| StoreError::fault(format!("de kopie is beschadigd: {e}")))?;
    heel(&mut bron)?;
    let mut conn = Conn::Sqlite(bron);
    migrate::niet_nieuwer(&mut conn)?;
    let pad = doel.to_string_lossy().replace('\'', "''");
    conn.opdracht("PRAGMA query_only = OFF")?;
    conn.opdracht(&format!("VACUUM INTO '{pad}'"))
}
