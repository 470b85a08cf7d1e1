//! PostgreSQL over TLS: alleen met een server die bewijst wie hij is. Bestaat alleen in een bouw met `postgres-tls`.
#![allow(clippy::allow_attributes, clippy::unwrap_used, reason = "in een proef is een fout een mislukte proef")]

use std::path::Path;

use diesel::RunQueryDsl as _;
use diesel::dsl::sql;
use diesel::sql_types::Bool;
use domain::Rng;
use store::testing::Postgres;
use store::{Conn, Store, StoreConfig, StoreError};

fn open(database: &str, host: &str, wortel: &Path) -> Result<Store, StoreError> {
    let url = format!("{}?sslmode=verify-full&sslrootcert={}", database.replace("127.0.0.1", host), wortel.display());
    let rng = Rng::new(|buffer| buffer.fill(7));
    Store::open(StoreConfig { database_url: Some(url), data_dir: "/nergens".into(), pool_size: 2, audit_key: [7; 32], rng, max_pages: None })
}

fn geweigerd(uitkomst: Result<Store, StoreError>) -> String {
    match uitkomst {
        Err(StoreError::Unavailable(oorzaak)) => oorzaak,
        anders => panic!("verwacht een weigering, geen {anders:?}"),
    }
}

#[tokio::test]
async fn de_verbinding_is_versleuteld_als_de_server_bewijst_wie_hij_is() {
    let Some(server) = Postgres::start_met_tls() else { return };
    let store = open(&server.database(), "127.0.0.1", &server.certificaat()).unwrap();
    store.migrate().unwrap();
    let versleuteld = |conn: &mut Conn| -> Result<bool, StoreError> {
        let vraag = diesel::select(sql::<Bool>("(SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())"));
        Ok(vraag.get_result(conn)?)
    };
    assert!(store.read(versleuteld).await.unwrap());
}

#[test]
fn een_server_met_het_certificaat_van_een_ander_wordt_geweigerd() {
    let (Some(server), Some(ander)) = (Postgres::start_met_tls(), Postgres::start_met_tls()) else { return };
    let oorzaak = geweigerd(open(&server.database(), "127.0.0.1", &ander.certificaat()));
    assert!(oorzaak.contains("certificate verify failed"), "{oorzaak}");
}

#[test]
fn een_server_met_een_andere_naam_dan_gevraagd_wordt_geweigerd() {
    let Some(server) = Postgres::start_met_tls() else { return };
    let oorzaak = geweigerd(open(&server.database(), "localhost", &server.certificaat()));
    assert!(oorzaak.contains("does not match host name"), "{oorzaak}");
}

#[test]
fn een_server_zonder_tls_wordt_geweigerd() {
    let (Some(met), Some(zonder)) = (Postgres::start_met_tls(), Postgres::start()) else { return };
    let oorzaak = geweigerd(open(&zonder.database(), "127.0.0.1", &met.certificaat()));
    assert!(oorzaak.contains("does not support SSL"), "{oorzaak}");
}
