//! Wie samen wacht, wordt samen vastgelegd; ieder houdt zijn eigen uitkomst.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use domain::organisaties::Organisatie;
use store::{Actor, Dialect, Page, Store, StoreError};
use tokio::task::JoinHandle;

use super::{config, nu, op_postgresql, opslagen, organisatie, rechtstreeks, spoor, tot_er_wachten, voeg_toe};

/// De schrijvers die bezig zijn, elk met zijn teken.
type Bezet = Vec<(Sender<()>, JoinHandle<Result<(), StoreError>>)>;

/// Houdt alle schrijvers bezig tot het teken, zodat wat daarna komt samen wacht.
async fn houd_op(store: &Store) -> Bezet {
    let schrijvers = if store.dialect() == Dialect::Sqlite { 1 } else { 2 };
    let mut bezet = Bezet::new();
    for _ in 0..schrijvers {
        let (teken, wacht) = channel();
        let wacht: Arc<Mutex<Receiver<()>>> = Arc::new(Mutex::new(wacht));
        let eigen = store.clone();
        let bezig = tokio::spawn(async move {
            let act = move |_: &mut store::Tx<'_>| -> Result<(), StoreError> { wacht.lock().unwrap().recv().map_err(StoreError::fault) };
            eigen.write(Actor::default(), nu(), None, act).await
        });
        bezet.push((teken, bezig));
        in_de_rij().await;
    }
    bezet
}

/// Laat de schrijvers weer gaan.
async fn laat_gaan(bezet: Bezet) {
    for (teken, bezig) in bezet {
        teken.send(()).unwrap();
        bezig.await.unwrap().unwrap();
    }
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
        let bezet = houd_op(&store).await;
        let goed = [schrijf(&store, "Een", || Ok(())), schrijf(&store, "Twee", || Ok(()))];
        let weigert = schrijf(&store, "Geweigerd", || Err(StoreError::Stale { current: 7 }));
        let valt_om = schrijf(&store, "Omgevallen", || panic!("hoort bij deze proef"));
        let laatste = schrijf(&store, "Drie", || Ok(()));
        in_de_rij().await;
        laat_gaan(bezet).await;
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

/// Wijzigt een organisatie.
fn wijzig(store: &Store, oud: &Organisatie) -> JoinHandle<Result<(), StoreError>> {
    let (store, oud) = (store.clone(), oud.clone());
    tokio::spawn(async move {
        let act = move |tx: &mut store::Tx<'_>| -> Result<(), StoreError> {
            let mut nieuw = oud.clone();
            nieuw.versie += 1;
            store::organisaties::update(tx, &nieuw, oud.versie)?;
            tx.record(spoor(&nieuw))
        };
        store.write(Actor::default(), nu(), None, act).await
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn wie_op_het_slot_van_een_ander_wacht_houdt_niemand_op() {
    let Some((grond, store)) = op_postgresql() else { return };
    let vast = voeg_toe(&store, "Vast").await;
    let mut ander = rechtstreeks(&grond, "BEGIN; SELECT id FROM organisatie WHERE naam = 'Vast' FOR UPDATE");
    let wacht = wijzig(&store, &vast);
    for nummer in 0..20 {
        voeg_toe(&store, &format!("Vrij {nummer}")).await;
    }
    assert!(!wacht.is_finished(), "het slot is nog van een ander");
    ander.batch_execute("COMMIT").unwrap();
    wacht.await.unwrap().unwrap();
    assert_eq!(store.seal(nu()).await.unwrap(), 22, "iedere wijziging staat precies één keer in het auditlogboek");
}

#[tokio::test]
async fn wie_een_fout_van_de_database_verzwijgt_draait_alleen_zichzelf_terug() {
    let Some((_grond, store)) = op_postgresql() else { return };
    let bezet = houd_op(&store).await;
    let goed = schrijf(&store, "Goed", || Ok(()));
    let verzwijgt = tokio::spawn({
        let store = store.clone();
        async move {
            let act = |tx: &mut store::Tx<'_>| -> Result<(), StoreError> {
                let o = organisatie(tx, "Twee keer");
                store::organisaties::insert(tx, &o)?;
                assert!(matches!(store::organisaties::insert(tx, &o), Err(StoreError::Conflict { .. })));
                tx.record(spoor(&o))
            };
            store.write(Actor::default(), nu(), None, act).await
        }
    });
    in_de_rij().await;
    laat_gaan(bezet).await;
    goed.await.unwrap().unwrap();
    assert!(matches!(verzwijgt.await.unwrap(), Err(StoreError::Fault(_))));
    assert_eq!(namen(&store).await, ["Goed"]);
}

#[tokio::test]
async fn als_niemand_weet_of_het_vastligt_doet_niemand_het_opnieuw() {
    let Some((grond, store)) = op_postgresql() else { return };
    // De verbinding valt weg tijdens het vastleggen van wie 'Weg' heet.
    rechtstreeks(
        &grond,
        "CREATE FUNCTION val_weg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
         CREATE CONSTRAINT TRIGGER weg AFTER INSERT ON organisatie DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.naam = 'Weg') EXECUTE FUNCTION val_weg()",
    );
    let bezet = houd_op(&store).await;
    let samen = [schrijf(&store, "Een", || Ok(())), schrijf(&store, "Weg", || Ok(())), schrijf(&store, "Twee", || Ok(()))];
    in_de_rij().await;
    laat_gaan(bezet).await;
    for taak in samen {
        assert!(matches!(taak.await.unwrap(), Err(StoreError::Onzeker(_))));
    }
    assert!(namen(&store).await.is_empty(), "niets is opnieuw gedaan");
    voeg_toe(&store, "Daarna").await;
    rechtstreeks(&grond, "CREATE CONSTRAINT TRIGGER weg AFTER INSERT ON auditketen DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION val_weg()");
    assert!(matches!(store.seal(nu()).await, Err(StoreError::Onzeker(_))), "ook wie alleen vastlegt, hoort dat");
}

#[tokio::test(flavor = "multi_thread")]
async fn wie_met_velen_op_een_slot_wacht_houdt_de_lezers_niet_op_en_geeft_het_na_enkele_seconden_op() {
    let Some((grond, store)) = op_postgresql() else { return };
    let vast = voeg_toe(&store, "Vast").await;
    let mut ander = rechtstreeks(&grond, "BEGIN; SELECT id FROM organisatie WHERE naam = 'Vast' FOR UPDATE");
    let begin = Instant::now();
    let wachters: Vec<_> = (0..20).map(|_| wijzig(&store, &vast)).collect();
    // Langer dan een groep wacht: dit zijn er die alleen verdergingen.
    tot_er_wachten(&mut ander, 1, "200 milliseconds").await;
    for _ in 0..20 {
        let gelezen = tokio::time::timeout(Duration::from_secs(1), namen(&store)).await;
        assert_eq!(gelezen.expect("een lezer wacht niet mee"), ["Vast"]);
    }
    assert!(!wachters.iter().any(JoinHandle::is_finished), "het slot is nog van een ander");
    for wachter in wachters {
        assert!(matches!(wachter.await.unwrap(), Err(StoreError::Unavailable(_))));
    }
    assert!(begin.elapsed() < Duration::from_secs(12), "samen wachtten zij {:?}", begin.elapsed());
    drop(ander);
    voeg_toe(&store, "Daarna").await;
}

#[tokio::test]
async fn een_afgebroken_opdracht_is_een_storing_en_geen_fout_in_het_programma() {
    let Some((_grond, store)) = op_postgresql() else { return };
    let afgebroken = ["SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(10)", "SET statement_timeout = 1; SELECT pg_sleep(10)"];
    for opdracht in afgebroken {
        let uitkomst = store.achter_de_rug(opdracht);
        assert!(matches!(uitkomst, Err(StoreError::Unavailable(_))), "{opdracht}: {uitkomst:?}");
    }
}
