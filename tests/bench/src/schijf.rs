//! Kale vastlegging in SQLite: één rij van dezelfde grootte per transactie, met dezelfde instellingen.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use crate::Uitkomst;

/// Vastleggingen per seconde.
pub(crate) fn vastleggingen(map: &Path, seconden: u32, inhoud: &str) -> Uitkomst<f64> {
    let fout = |fout: diesel::result::Error| fout.to_string();
    let bestand = map.join("kaal.sqlite");
    let mut conn = SqliteConnection::establish(&bestand.to_string_lossy()).map_err(|fout| fout.to_string())?;
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000; CREATE TABLE IF NOT EXISTS proef (id INTEGER PRIMARY KEY, inhoud TEXT NOT NULL);")
        .map_err(fout)?;
    let begin = Instant::now();
    let mut aantal = 0_u32;
    while begin.elapsed() < Duration::from_secs(seconden.into()) {
        conn.batch_execute("BEGIN IMMEDIATE").map_err(fout)?;
        sql_query("INSERT INTO proef (inhoud) VALUES (?)").bind::<Text, _>(inhoud).execute(&mut conn).map_err(fout)?;
        conn.batch_execute("COMMIT").map_err(fout)?;
        aantal += 1;
    }
    Ok(f64::from(aantal) / begin.elapsed().as_secs_f64())
}
