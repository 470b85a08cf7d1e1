//! Samen lezen: ieder krijgt zijn eigen antwoord, en nooit een van vóór zijn vraag.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::Id;
use domain::trajecten::Traject;
use store::testing::Postgres;
use store::trajecten::{Filter, Sortering, Trajectversies};
use store::{Actor, Change, Page, Store, StoreError, Zicht};
use tokio::task::JoinHandle;

use super::opdrachten::{stappenplan, vul};
use super::{config, nu, opslagen};

/// Meer dan er in één opdracht gaan.
const VRAGERS: usize = 600;

async fn trajecten(store: &Store, aantal: usize) -> Vec<Traject> {
    stappenplan(store).await;
    vul(store, 0, aantal).await;
    let page = Page { limit: 100, after: None };
    let lees = move |c: &mut store::Conn| -> Result<_, StoreError> { store::trajecten::list(c, &Filter::default(), &Zicht::Alles, Sortering::Oudste, &page) };
    let ids: Vec<Id> = store.read(lees).await.unwrap().items.iter().map(|t| t.id).collect();
    let lees = move |c: &mut store::Conn| ids.iter().map(|id| store::trajecten::get(c, *id)).collect::<Result<Vec<_>, StoreError>>();
    store.read(lees).await.unwrap().into_iter().flatten().collect()
}

async fn wijzig(store: &Store, oud: &Traject) -> Traject {
    let (oud, nieuw) = (oud.clone(), Traject { versie: oud.versie + 1, ..oud.clone() });
    let uit = nieuw.clone();
    let act = move |tx: &mut store::Tx<'_>| -> Result<(), StoreError> {
        store::trajecten::update(tx, &nieuw, oud.versie)?;
        tx.record(Change { handeling: "traject.gewijzigd", onderwerp_soort: "traject", onderwerp_id: nieuw.id.to_string(), ..Change::default() })
    };
    store.write(Actor::default(), nu(), None, act).await.unwrap();
    uit
}

fn vraag(store: &Store, id: Id) -> JoinHandle<Result<Trajectversies, StoreError>> {
    let store = store.clone();
    tokio::spawn(async move { store.trajectversies(id).await })
}

#[tokio::test(flavor = "multi_thread")]
async fn wie_tegelijk_vraagt_krijgt_zijn_eigen_antwoord() {
    for (_grond, store) in opslagen() {
        let mut bekend = trajecten(&store, 5).await;
        bekend[2] = wijzig(&store, &bekend[2]).await;
        let vreemd = Id::from_u128(7);
        let taken: Vec<_> = (0..VRAGERS).map(|nummer| (nummer % 6, vraag(&store, bekend.get(nummer % 6).map_or(vreemd, |t| t.id)))).collect();
        for (wie, taak) in taken {
            let versies = taak.await.unwrap().unwrap();
            match bekend.get(wie) {
                Some(traject) => {
                    assert_eq!(versies.len(), traject.partijen.len(), "{store:?}");
                    assert!(versies.iter().all(|(eigen, _)| *eigen == traject.versie), "{store:?}: {versies:?}");
                }
                None => assert!(versies.is_empty(), "{store:?}: een traject dat er niet is, heeft geen versies"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn een_bevestigde_wijziging_ziet_iedere_volgende_vraag_ook_onder_belasting() {
    for (_grond, store) in opslagen() {
        let mut traject = trajecten(&store, 1).await.remove(0);
        for _ in 0..50 {
            let drukte: Vec<_> = (0..20).map(|_| vraag(&store, traject.id)).collect();
            traject = wijzig(&store, &traject).await;
            let gelezen = store.trajectversies(traject.id).await.unwrap();
            assert!(gelezen.iter().all(|(eigen, _)| *eigen == traject.versie), "{store:?}: {gelezen:?} na versie {}", traject.versie);
            for taak in drukte {
                taak.await.unwrap().unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wie_iets_anders_leest_of_vastlegt_komt_ertussen_ook_met_een_enkele_verbinding() {
    for (grond, _ruim) in opslagen() {
        let map = tempfile::tempdir().unwrap();
        let mut krap = config(map.path(), grond.url.clone());
        krap.pool_size = 1;
        let store = Store::open(krap).unwrap();
        store.migrate().unwrap();
        let traject = trajecten(&store, 1).await.remove(0);
        let klaar = Arc::new(AtomicBool::new(false));
        let vragers: Vec<_> = (0..50)
            .map(|_| {
                let (store, klaar, id) = (store.clone(), Arc::clone(&klaar), traject.id);
                tokio::spawn(async move {
                    for _ in 0..2_000 {
                        if klaar.load(Ordering::Relaxed) {
                            return true;
                        }
                        store.trajectversies(id).await.unwrap();
                    }
                    false
                })
            })
            .collect();
        for _ in 0..3 {
            store.ping().await.unwrap();
        }
        wijzig(&store, &traject).await;
        klaar.store(true, Ordering::Relaxed);
        for vrager in vragers {
            assert!(vrager.await.unwrap(), "{store:?}: de rij liet niemand voor");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn zonder_database_hoort_ieder_dat_en_daarna_gaat_het_verder() {
    let Some(mut server) = Postgres::start() else { return };
    let map = tempfile::tempdir().unwrap();
    let store = Store::open(config(map.path(), Some(server.database()))).unwrap();
    store.migrate().unwrap();
    let traject = trajecten(&store, 1).await.remove(0);
    server.stop();
    let taken: Vec<_> = (0..20).map(|_| vraag(&store, traject.id)).collect();
    for taak in taken {
        assert!(matches!(taak.await.unwrap(), Err(StoreError::Unavailable(_))));
    }
    server.herstart();
    let mut hersteld = false;
    for _ in 0..20 {
        hersteld = hersteld || store.trajectversies(traject.id).await.is_ok_and(|versies| !versies.is_empty());
    }
    assert!(hersteld, "wie later vraagt, krijgt antwoord");
}
