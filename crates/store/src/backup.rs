//! Back-up en herstel van SQLite. Een levend bestand kopiëren geeft een onbruikbare kopie; `VACUUM INTO` niet.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::connection::{Bron, Conn};
use crate::lock::Slot;
use crate::open::Store;
use crate::{StoreError, migrate};

fn sqlite(bestand: &Path) -> Result<SqliteConnection, StoreError> {
    SqliteConnection::establish(&bestand.to_string_lossy()).map_err(StoreError::fault)
}

impl Store {
    /// Schrijft een volledige kopie naar `doel`, terwijl de dienst doorwerkt.
    ///
    /// # Errors
    /// Als `doel` al bestaat, of bij PostgreSQL (gebruik daar `pg_dump`).
    pub async fn backup(&self, doel: &Path) -> Result<(), StoreError> {
        if matches!(self.0.bron, Bron::Pg { .. }) {
            return Err(StoreError::fault("maak van PostgreSQL een back-up met pg_dump"));
        }
        if doel.exists() {
            return Err(StoreError::fault(format!("{} bestaat al; kies een nieuw bestand", doel.display())));
        }
        let pad = doel.to_string_lossy().replace('\'', "''");
        self.read(move |conn| conn.opdracht(&format!("VACUUM INTO '{pad}'"))).await
    }
}

/// Schrijft een volledige kopie van de database in `data_dir`, ook terwijl een ander proces haar gebruikt: in
/// WAL-stand leest dit naast de schrijver, en het slot van dat proces blijft onaangeroerd.
///
/// # Errors
/// Als er geen database is of `doel` al bestaat.
pub fn backup_sqlite(data_dir: &Path, doel: &Path) -> Result<(), StoreError> {
    let bestand = data_dir.join("aansluitloket.sqlite");
    if !bestand.is_file() {
        return Err(StoreError::fault(format!("{} bestaat niet", bestand.display())));
    }
    if doel.exists() {
        return Err(StoreError::fault(format!("{} bestaat al; kies een nieuw bestand", doel.display())));
    }
    let pad = doel.to_string_lossy().replace('\'', "''");
    sqlite(&bestand)?.batch_execute(&format!("PRAGMA busy_timeout = 5000; VACUUM INTO '{pad}'")).map_err(StoreError::from)
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
    bron.batch_execute("PRAGMA query_only = ON; PRAGMA integrity_check").map_err(|e| StoreError::fault(format!("de kopie is beschadigd: {e}")))?;
    let mut conn = Conn::Sqlite(bron);
    migrate::niet_nieuwer(&mut conn)?;
    let pad = doel.to_string_lossy().replace('\'', "''");
    conn.opdracht("PRAGMA query_only = OFF")?;
    conn.opdracht(&format!("VACUUM INTO '{pad}'"))
}
