//! De regels van de opslag, elk op SQLite en op PostgreSQL.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

mod audit;
mod borging;
mod eenheid;
mod groep;
mod idempotentie;
mod identiteitsproviders;
mod imports;
mod leesrij;
mod lijsten;
mod migreren;
mod opdrachten;
mod openen;
mod overlap;
mod post;
mod schema;
mod staat;
mod uitgifte;
mod uitvoering;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel::{Connection, PgConnection, RunQueryDsl};
use domain::organisaties::{NieuweOrganisatie, Organisatie};
use domain::{Moment, Rng};
use store::testing::Postgres;
use store::{Actor, Change, Store, StoreConfig, StoreError, Tx};

pub(crate) fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

pub(crate) fn rng() -> Rng {
    let teller = Arc::new(AtomicU64::new(1));
    Rng::new(move |buffer| {
        for blok in buffer.chunks_mut(8) {
            let getal = teller.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            blok.copy_from_slice(&getal[..blok.len()]);
        }
    })
}

pub(crate) fn config(map: &Path, url: Option<String>) -> StoreConfig {
    StoreConfig { database_url: url, data_dir: map.to_owned(), pool_size: 4, audit_key: [7; 32], rng: rng(), max_pages: None }
}

/// Wat blijft leven zolang een opslag in gebruik is; bij PostgreSQL ook de server.
pub(crate) struct Grond {
    pub(crate) map: tempfile::TempDir,
    /// De database, bij PostgreSQL.
    pub(crate) url: Option<String>,
    _server: Option<Postgres>,
}

/// De opslagen waarop een regel bewezen wordt.
pub(crate) fn opslagen() -> Vec<(Grond, Store)> {
    let servers = [None].into_iter().chain(Postgres::start().map(Some));
    servers
        .map(|server| {
            let (map, url) = (tempfile::tempdir().unwrap(), server.as_ref().map(Postgres::database));
            let store = Store::open(config(map.path(), url.clone())).unwrap();
            store.migrate().unwrap();
            (Grond { map, url, _server: server }, store)
        })
        .collect()
}

/// De opslag op PostgreSQL, voor wat alleen daar kan gebeuren.
pub(crate) fn op_postgresql() -> Option<(Grond, Store)> {
    opslagen().into_iter().find(|(grond, _)| grond.url.is_some())
}

/// Voert buiten de opslag om een opdracht uit.
pub(crate) fn rechtstreeks(grond: &Grond, sql: &str) -> PgConnection {
    let mut conn = PgConnection::establish(&grond.url.clone().unwrap()).unwrap();
    conn.batch_execute(sql).unwrap();
    conn
}

/// Wacht tot er zoveel opdrachten op een slot van een ander staan te wachten, elk al zo lang.
pub(crate) async fn tot_er_wachten(conn: &mut PgConnection, hoeveel: usize, al: &str) {
    let wachten = format!("(SELECT count(*) >= {hoeveel} FROM pg_locks WHERE NOT granted AND waitstart < clock_timestamp() - interval '{al}')");
    let einde = Instant::now() + Duration::from_secs(20);
    while !diesel::select(sql::<Bool>(&wachten)).get_result::<bool>(conn).unwrap() {
        assert!(Instant::now() < einde, "er wacht niemand");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub(crate) fn organisatie(tx: &Tx<'_>, naam: &str) -> Organisatie {
    let nieuw = NieuweOrganisatie { naam: naam.to_owned(), afkorting: None, oin: None, sector_code: None, emaildomeinen: vec![], onderdeel_van: None };
    nieuw.maak(tx.nieuw_id(), tx.now()).unwrap()
}

pub(crate) fn spoor(o: &Organisatie) -> Change {
    Change {
        handeling: "organisatie.aangemaakt",
        onderwerp_soort: "organisatie",
        onderwerp_id: o.id.to_string(),
        organisatie_id: Some(o.id),
        na: Some(serde_json::to_value(o).unwrap()),
        ..Change::default()
    }
}

pub(crate) async fn voeg_toe(store: &Store, naam: &str) -> Organisatie {
    let naam = naam.to_owned();
    store
        .write(Actor::default(), nu(), None, move |tx| -> Result<_, StoreError> {
            let o = organisatie(tx, &naam);
            store::organisaties::insert(tx, &o)?;
            tx.record(spoor(&o))?;
            Ok(o)
        })
        .await
        .unwrap()
}
