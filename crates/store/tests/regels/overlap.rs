//! De wijzigingenstroom mist nooit een late vastlegging: transacties die elkaar overlappen, op PostgreSQL.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use store::{Actor, AuditFilter, Page, Store, StoreError, Zicht};

use super::{nu, op_postgresql, organisatie, spoor, voeg_toe};

/// Leest de stroom verder vanaf de cursor tot het einde van nu; geeft de onderwerpen en de nieuwe cursor.
async fn verder(store: &Store, mut na: Option<String>) -> (Vec<String>, Option<String>) {
    let mut gezien = Vec::new();
    loop {
        let page = Page { limit: 3, after: na.clone() };
        let blad = store.read(move |c| -> Result<_, StoreError> { store::feed_list(c, &AuditFilter::default(), &Zicht::Alles, &page) }).await.unwrap();
        let Some(laatste) = blad.items.last() else { return (gezien, na) };
        na = Some(laatste.volgnummer.to_string());
        gezien.extend(blad.items.into_iter().map(|regel| regel.onderwerp_id));
    }
}

#[tokio::test]
async fn wie_het_einde_las_krijgt_een_eerder_begonnen_maar_later_vastgelegde_wijziging_alsnog() {
    let Some((_grond, store)) = op_postgresql() else { return };
    // Gegeven een transactie die haar auditregel al schreef, maar nog niet vastlegde.
    let (geschreven, wacht_op_geschreven) = mpsc::channel::<String>();
    let (ga_door, wacht_op_ga_door) = mpsc::channel::<()>();
    let poort = Arc::new(Mutex::new((geschreven, wacht_op_ga_door)));
    let traag = tokio::spawn({
        let store = store.clone();
        async move {
            let act = move |tx: &mut store::Tx<'_>| -> Result<(), StoreError> {
                let o = organisatie(tx, "Traag Voorbeeld");
                store::organisaties::insert(tx, &o)?;
                tx.record(spoor(&o))?;
                let poort = poort.lock().unwrap();
                poort.0.send(o.id.to_string()).unwrap();
                poort.1.recv().unwrap();
                Ok(())
            };
            store.write(Actor::default(), nu() - chrono::TimeDelta::seconds(1), None, act).await
        }
    });
    let eerste = tokio::task::spawn_blocking(move || wacht_op_geschreven.recv().unwrap()).await.unwrap();
    // En een later begonnen transactie die wel is vastgelegd, verzegeld en gelezen.
    let tweede = voeg_toe(&store, "Snel Voorbeeld").await.id.to_string();
    assert!(eerste < tweede, "de trage begon eerder en heeft het kleinste id");
    assert_eq!(store.seal(nu()).await.unwrap(), 1, "de verzegelaar wacht niet op een open transactie en ziet haar niet");
    let (gezien, cursor) = verder(&store, None).await;
    assert_eq!(gezien, [tweede]);
    // Wanneer de trage alsnog vastlegt.
    ga_door.send(()).unwrap();
    traag.await.unwrap().unwrap();
    assert_eq!(store.seal(nu()).await.unwrap(), 1);
    // Dan vindt dezelfde lezer haar na zijn cursor.
    assert_eq!(verder(&store, cursor).await.0, [eerste]);
    assert!(store.verify_audit().await.unwrap().bevindingen.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn onder_overlappende_schrijvers_en_twee_verzegelaars_komt_elke_wijziging_precies_een_keer() {
    let Some((_grond, store)) = op_postgresql() else { return };
    let klaar = Arc::new(AtomicBool::new(false));
    let schrijvers: Vec<_> = (0..4_u64)
        .map(|wie| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut eigen = Vec::new();
                for keer in 0..25_u64 {
                    let act = move |tx: &mut store::Tx<'_>| -> Result<String, StoreError> {
                        let o = organisatie(tx, &format!("Voorbeeld {wie}-{keer}"));
                        store::organisaties::insert(tx, &o)?;
                        tx.record(spoor(&o))?;
                        // Ongelijke duur: wie eerder begon, legt vaak later vast.
                        std::thread::sleep(Duration::from_millis((wie * 7 + keer * 3) % 11));
                        Ok(o.id.to_string())
                    };
                    eigen.push(store.write(Actor::default(), nu(), None, act).await.unwrap());
                }
                eigen
            })
        })
        .collect();
    let verzegelaars: Vec<_> = (0..2)
        .map(|_| {
            let (store, klaar) = (store.clone(), Arc::clone(&klaar));
            tokio::spawn(async move {
                while !klaar.load(Ordering::Acquire) {
                    store.seal(nu()).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            })
        })
        .collect();
    let lezer = {
        let (store, klaar) = (store.clone(), Arc::clone(&klaar));
        tokio::spawn(async move {
            let (mut gezien, mut cursor) = (Vec::new(), None);
            while !klaar.load(Ordering::Acquire) {
                let (nieuw, verder) = verder(&store, cursor).await;
                gezien.extend(nieuw);
                cursor = verder;
            }
            (gezien, cursor)
        })
    };
    let mut geschreven = BTreeSet::new();
    for schrijver in schrijvers {
        geschreven.extend(schrijver.await.unwrap());
    }
    klaar.store(true, Ordering::Release);
    for verzegelaar in verzegelaars {
        verzegelaar.await.unwrap();
    }
    let (mut gezien, cursor) = lezer.await.unwrap();
    assert!(!gezien.is_empty(), "de lezer las terwijl er geschreven werd");
    store.seal(nu()).await.unwrap();
    gezien.extend(verder(&store, cursor).await.0);
    assert_eq!(gezien.len(), 100);
    assert_eq!(gezien.into_iter().collect::<BTreeSet<_>>(), geschreven);
    assert!(store.verify_audit().await.unwrap().bevindingen.is_empty());
}
