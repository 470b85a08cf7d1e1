//! Openen, vergrendelen, volle schijf, uitval en back-up.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use store::testing::Postgres;
use store::{Dialect, Store, StoreError};

use super::{config, nu, opslagen, voeg_toe};

#[tokio::test]
async fn een_tweede_proces_op_dezelfde_map_wordt_geweigerd() {
    let map = tempfile::tempdir().unwrap();
    let eerste = Store::open(config(map.path(), None)).unwrap();
    assert!(matches!(Store::open(config(map.path(), None)), Err(StoreError::Locked(_))));
    drop(eerste);
    assert!(Store::open(config(map.path(), None)).is_ok());
}

#[tokio::test]
async fn een_nieuwere_database_wordt_geweigerd() {
    for (grond, store) in opslagen() {
        store.achter_de_rug("INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('9999', '2030-01-01 00:00:00')").unwrap();
        if store.dialect() == Dialect::Sqlite {
            drop(store);
            assert!(matches!(Store::open(config(grond.map.path(), None)), Err(StoreError::NewerSchema(v)) if v == "9999"));
        } else {
            assert!(matches!(store.migrate(), Err(StoreError::NewerSchema(_))));
        }
    }
}

#[tokio::test]
async fn een_volle_schijf_wordt_zo_genoemd_en_beschadigt_niets() {
    let map = tempfile::tempdir().unwrap();
    let mut krap = config(map.path(), None);
    krap.max_pages = Some(400);
    let store = Store::open(krap).unwrap();
    store.migrate().unwrap();
    let mut bevestigd = 0;
    let fout = loop {
        let naam = "x".repeat(190);
        let uitkomst = store
            .write(store::Actor::default(), nu(), None, move |tx| -> Result<(), StoreError> {
                let o = super::organisatie(tx, &naam);
                store::organisaties::insert(tx, &o)?;
                tx.record(super::spoor(&o))
            })
            .await;
        match uitkomst {
            Ok(()) => bevestigd += 1,
            Err(fout) => break fout,
        }
    };
    assert!(matches!(fout, StoreError::DiskFull), "{fout}");
    let lijst =
        store.read(|c| store::organisaties::list(c, &store::organisaties::Filter::default(), &store::Page { limit: 10_000, after: None })).await.unwrap();
    assert_eq!(lijst.items.len(), bevestigd);
}

#[tokio::test]
async fn na_uitval_van_postgresql_herstelt_de_opslag_zichzelf() {
    let Some(mut server) = Postgres::start() else { return };
    let map = tempfile::tempdir().unwrap();
    let store = Store::open(config(map.path(), Some(server.database()))).unwrap();
    store.migrate().unwrap();
    voeg_toe(&store, "Voor de uitval").await;
    server.stop();
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    server.herstart();
    let mut hersteld = false;
    for _ in 0..20 {
        if store.ping().await.is_ok() {
            hersteld = true;
            break;
        }
    }
    assert!(hersteld, "de opslag herstelt niet");
    voeg_toe(&store, "Na de uitval").await;
    let lijst = store.read(|c| store::organisaties::list(c, &store::organisaties::Filter::default(), &store::Page { limit: 10, after: None })).await.unwrap();
    assert_eq!(lijst.items.len(), 2);
}

#[tokio::test]
async fn een_back_up_is_in_een_lege_map_terug_te_zetten() {
    let (bron, doel) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Store::open(config(bron.path(), None)).unwrap();
    store.migrate().unwrap();
    let o = voeg_toe(&store, "Bewaard").await;
    let kopie = bron.path().join("kopie.sqlite");
    store.backup(&kopie).await.unwrap();
    assert!(store.backup(&kopie).await.is_err(), "een bestaande kopie wordt niet overschreven");
    store::restore_sqlite(&kopie, doel.path()).unwrap();
    assert!(store::restore_sqlite(&kopie, doel.path()).is_err(), "een bestaande database wordt niet overschreven");
    let hersteld = Store::open(config(doel.path(), None)).unwrap();
    hersteld.require_current().unwrap();
    let terug = hersteld.read(move |c| store::organisaties::get(c, o.id)).await.unwrap();
    assert_eq!(terug.map(|o| o.naam), Some("Bewaard".to_owned()));
    assert!(hersteld.verify_audit().await.unwrap().bevindingen.is_empty());
}

#[tokio::test]
async fn een_beschadigde_kopie_wordt_niet_teruggezet_en_niet_voor_goed_gegeven() {
    const OIN: &[u8] = b"00000001234567890000";
    let (bron, doel) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Store::open(config(bron.path(), None)).unwrap();
    store.migrate().unwrap();
    let o = voeg_toe(&store, "Bewaard").await;
    store.achter_de_rug(&format!("UPDATE organisatie SET oin = '{}' WHERE id = '{}'", String::from_utf8_lossy(OIN), o.id)).unwrap();
    let geweigerd = |uitkomst: Result<(), StoreError>| assert!(matches!(&uitkomst, Err(StoreError::Fault(zin)) if zin.contains("beschadigd")), "{uitkomst:?}");

    // Een omgevallen bit: de rij en haar index zijn het niet meer eens.
    let kopie = bron.path().join("kopie.sqlite");
    store.backup(&kopie).await.unwrap();
    let mut bytes = std::fs::read(&kopie).unwrap();
    let plek = bytes.windows(OIN.len()).position(|stuk| stuk == OIN).unwrap();
    bytes[plek] ^= 1;
    std::fs::write(&kopie, bytes).unwrap();
    geweigerd(store::restore_sqlite(&kopie, doel.path()));

    // Een verwijzing naar wat er niet is, in de kopie en in de database waar zij van komt.
    let los = "PRAGMA foreign_keys = OFF; UPDATE organisatie SET sector_code = 'weg'; PRAGMA foreign_keys = ON";
    let tweede = bron.path().join("tweede.sqlite");
    store.backup(&tweede).await.unwrap();
    SqliteConnection::establish(&tweede.to_string_lossy()).unwrap().batch_execute(los).unwrap();
    geweigerd(store::restore_sqlite(&tweede, doel.path()));
    store.achter_de_rug(los).unwrap();
    geweigerd(store.backup(&bron.path().join("derde.sqlite")).await);
    geweigerd(store::backup_sqlite(bron.path(), &bron.path().join("vierde.sqlite")));
    assert!(!doel.path().join("aansluitloket.sqlite").exists(), "er is niets teruggezet");
}

#[tokio::test]
async fn een_verbinding_met_postgresql_mag_ook_als_woorden_en_houdt_wat_de_beheerder_opgaf() {
    let Some(server) = Postgres::start() else { return };
    let (url, map) = (server.database(), tempfile::tempdir().unwrap());
    let (adres, naam) = url.strip_prefix("postgres://postgres@127.0.0.1:").and_then(|rest| rest.split_once('/')).unwrap();
    let woorden = format!("host=127.0.0.1 port={adres} user=postgres dbname={naam}");
    for goed in [url.clone(), woorden.clone()] {
        Store::open(config(map.path(), Some(goed))).unwrap().ping().await.unwrap();
    }
    for eigen in [format!("{url}?connect_timeout=straks"), format!("{woorden} connect_timeout=straks")] {
        assert!(matches!(Store::open(config(map.path(), Some(eigen))), Err(StoreError::Unavailable(zin)) if zin.contains("straks")));
    }
}
