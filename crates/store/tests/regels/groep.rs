//! Wie samen wacht, wordt samen vastgelegd; ieder houdt zijn eigen uitkomst.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use store::{Actor, Dialect, Page, Store, StoreError};
use tokio::task::JoinHandle;

use super::{config, nu, opslagen, organisatie, spoor, voeg_toe};

/// Houdt de schrijver bezig tot het teken, zodat wat daarna komt samen wacht.
fn houd_op(store: &Store) -> (Sender<()>, JoinHandle<Result<(), StoreError>>) {
    let (teken, wacht) = channel();
    let wacht: Arc<Mutex<Receiver<()>>> = Arc::new(Mutex::new(wacht));
    let store = store.clone();
    let bezig = tokio::spawn(async move {
        let act = move |_: &mut store::Tx<'_>| -> Result<(), StoreError> { wacht.lock().unwrap().recv().map_err(StoreError::fault) };
        store.write(Actor::default(), nu(), None, act).await
    });
    (teken, bezig)
}

/// Schrijft een organisatie en doet daarna `verder`.
fn schrijf(store: &Store, naam: &str, verder: fn() -> Result<(), StoreError>) -> JoinHandle<Result<(), StoreError>> {
    let (store, naam) = (store.clone(), naam.to_owned());
    tokio::spawn(async move {
        store
            .write(Actor::default(), nu(), None, move |tx| -> Result<(), StoreError> {
                let o = organisatie(tx, &naam);
                store::organisaties::insert(tx, &o)?;
                tx.record(spoor(&o))?;
                verder()
            })
            .await
    })
}

/// Laat wat klaarstaat in de rij komen.
async fn in_de_rij() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

async fn namen(store: &Store) -> Vec<String> {
    let page = Page { limit: 10_000, after: None };
    let lijst = store.read(move |c| store::organisaties::list(c, &store::organisaties::Filter::default(), &page)).await.unwrap();
    lijst.items.into_iter().map(|o| o.naam).collect()
}

#[tokio::test]
async fn wie_weigert_of_omvalt_neemt_de_anderen_niet_mee() {
    for (_grond, store) in opslagen() {
        let (teken, bezig) = houd_op(&store);
        in_de_rij().await;
        let goed = [schrijf(&store, "Een", || Ok(())), schrijf(&store, "Twee", || Ok(()))];
        let weigert = schrijf(&store, "Geweigerd", || Err(StoreError::Stale { current: 7 }));
        let valt_om = schrijf(&store, "Omgevallen", || panic!("hoort bij deze proef"));
        let laatste = schrijf(&store, "Drie", || Ok(()));
        in_de_rij().await;
        teken.send(()).unwrap();
        bezig.await.unwrap().unwrap();
        for taak in goed {
            taak.await.unwrap().unwrap();
        }
        laatste.await.unwrap().unwrap();
        assert!(matches!(weigert.await.unwrap(), Err(StoreError::Stale { current: 7 })), "{store:?}");
        assert!(matches!(valt_om.await.unwrap(), Err(StoreError::Fault(_))), "{store:?}");
        let mut gevonden = namen(&store).await;
        gevonden.sort();
        assert_eq!(gevonden, ["Drie", "Een", "Twee"], "{store:?}");
        assert_eq!(store.seal(nu()).await.unwrap(), 3, "alleen wie slaagde staat in het auditlogboek");
    }
}

#[tokio::test]
async fn na_een_volle_schijf_staat_er_precies_wat_is_bevestigd() {
    let map = tempfile::tempdir().unwrap();
    let mut krap = config(map.path(), None);
    krap.max_pages = Some(420);
    let store = Store::open(krap).unwrap();
    store.migrate().unwrap();
    let (mut bevestigd, mut vol) = (Vec::new(), 0);
    for ronde in 0.. {
        let namen: Vec<String> = (0..20).map(|nummer| format!("{ronde}-{nummer}-{}", "x".repeat(150))).collect();
        let taken: Vec<_> = namen.iter().map(|naam| schrijf(&store, naam, || Ok(()))).collect();
        for (naam, taak) in namen.into_iter().zip(taken) {
            match taak.await.unwrap() {
                Ok(()) => bevestigd.push(naam),
                Err(StoreError::DiskFull) => vol += 1,
                Err(fout) => panic!("{fout}"),
            }
        }
        if vol > 0 {
            break;
        }
    }
    let mut gevonden = namen(&store).await;
    gevonden.sort();
    bevestigd.sort();
    assert_eq!(gevonden, bevestigd);
}

#[tokio::test]
async fn de_stand_telt_elke_bevestigde_wijziging_en_verder_niets() {
    for (_grond, store) in opslagen() {
        if store.dialect() == Dialect::PostgreSql {
            assert_eq!(store.stand(), None, "andere nodes schrijven mee");
            continue;
        }
        let begin = store.stand().unwrap();
        namen(&store).await;
        let _geweigerd = schrijf(&store, "Geweigerd", || Err(StoreError::Stale { current: 1 })).await.unwrap();
        assert_eq!(store.stand(), Some(begin), "lezen en weigeren wijzigen niets");
        voeg_toe(&store, "Alleen").await;
        let na_een = store.stand().unwrap();
        assert!(na_een > begin);
        let samen: Vec<_> = ["Samen", "Ook samen"].map(|naam| schrijf(&store, naam, || Ok(()))).into();
        for taak in samen {
            taak.await.unwrap().unwrap();
        }
        assert!(store.stand().unwrap() > na_een);
    }
}
