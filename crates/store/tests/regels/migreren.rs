//! Migreren terwijl anderen werken: nodes na elkaar, en geen lezer die erop stukloopt.

use std::sync::{Arc, Barrier};

use diesel::connection::SimpleConnection;
use domain::Id;
use store::Store;
use store::testing::Postgres;

use super::{config, op_postgresql, rechtstreeks, tot_er_wachten, voeg_toe};

#[test]
fn nodes_die_tegelijk_voor_het_eerst_starten_slagen_allemaal() {
    let Some(server) = Postgres::start() else { return };
    for _ in 0..3 {
        let (url, samen) = (server.database(), Arc::new(Barrier::new(6)));
        let nodes: Vec<_> = (0..6)
            .map(|_| {
                let (url, samen) = (url.clone(), Arc::clone(&samen));
                std::thread::spawn(move || {
                    let map = tempfile::tempdir().unwrap();
                    let mut krap = config(map.path(), Some(url));
                    krap.pool_size = 1;
                    samen.wait();
                    let store = Store::open(krap).unwrap();
                    let gedaan = store.migrate().unwrap();
                    store.require_current().unwrap();
                    gedaan
                })
            })
            .collect();
        let gedaan: Vec<usize> = nodes.into_iter().map(|node| node.join().unwrap()).collect();
        assert_eq!(gedaan.iter().filter(|aantal| **aantal > 0).count(), 1, "één node migreert: {gedaan:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn een_lezer_wacht_op_een_tabel_die_even_vast_zit() {
    let Some((grond, store)) = op_postgresql() else { return };
    let o = voeg_toe(&store, "Er is er een").await;
    let mut ander = rechtstreeks(&grond, "BEGIN; LOCK TABLE organisatie, traject IN ACCESS EXCLUSIVE MODE");
    let (een, samen) = (store.clone(), store.clone());
    let gelezen = tokio::spawn(async move { een.read(move |c| store::organisaties::get(c, o.id)).await });
    let versies = tokio::spawn(async move { samen.trajectversies(Id::from_u128(7)).await });
    tot_er_wachten(&mut ander, 2, "300 milliseconds").await;
    ander.batch_execute("COMMIT").unwrap();
    assert!(gelezen.await.unwrap().unwrap().is_some());
    assert!(versies.await.unwrap().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn een_migratie_die_op_een_tabel_wacht_laat_de_lezers_voor_en_slaagt_daarna() {
    let Some((grond, store)) = op_postgresql() else { return };
    // De laatste migratie op de trajecten, teruggedraaid.
    let terug = "ALTER TABLE traject RESET (fillfactor); CREATE INDEX traject_deadline ON traject (deadline, id);
                 DELETE FROM __diesel_schema_migrations WHERE version = '0056'";
    store.achter_de_rug(terug).unwrap();
    let mut ander = rechtstreeks(&grond, "BEGIN; SELECT count(*) FROM traject");
    let node = store.clone();
    let migratie = tokio::task::spawn_blocking(move || node.migrate());
    tot_er_wachten(&mut ander, 1, "0 seconds").await;
    for _ in 0..3 {
        assert!(store.trajectversies(Id::from_u128(7)).await.unwrap().is_empty());
    }
    assert!(!migratie.is_finished(), "de tabel is nog van een ander");
    ander.batch_execute("COMMIT").unwrap();
    assert_eq!(migratie.await.unwrap().unwrap(), 1);
}
