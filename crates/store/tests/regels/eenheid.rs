//! De eenheid van werk.

use diesel::connection::SimpleConnection;
use store::{Actor, Page, StoreError};

use super::{nu, op_postgresql, opslagen, organisatie, rechtstreeks, spoor, tot_er_wachten, voeg_toe};

#[tokio::test]
async fn een_wijziging_zonder_auditregel_gaat_niet_door() {
    for (_map, store) in opslagen() {
        let uitkomst = store
            .write(Actor::default(), nu(), None, |tx| -> Result<_, StoreError> {
                let o = organisatie(tx, "Stil");
                store::organisaties::insert(tx, &o)?;
                Ok(o.id)
            })
            .await;
        assert!(matches!(uitkomst, Err(StoreError::Fault(_))), "{store:?}");
        let lijst = store.read(|c| store::organisaties::list(c, &store::organisaties::Filter::default(), &Page { limit: 10, after: None })).await.unwrap();
        assert!(lijst.items.is_empty());
    }
}

#[tokio::test]
async fn wie_een_oude_versie_wijzigt_hoort_de_nieuwe() {
    for (_map, store) in opslagen() {
        let o = voeg_toe(&store, "Een").await;
        let wijzig = |versie: i64| {
            let mut nieuw = o.clone();
            nieuw.versie = versie + 1;
            store.write(Actor::default(), nu(), None, move |tx| -> Result<(), StoreError> {
                store::organisaties::update(tx, &nieuw, versie)?;
                tx.record(spoor(&nieuw))
            })
        };
        wijzig(1).await.unwrap();
        assert!(matches!(wijzig(1).await, Err(StoreError::Stale { current: 2 })));
    }
}

#[tokio::test]
async fn een_dubbele_unieke_waarde_is_een_conflict() {
    for (_map, store) in opslagen() {
        let maak = || {
            store.write(Actor::default(), nu(), None, |tx| -> Result<(), StoreError> {
                let mut o = organisatie(tx, "Met OIN");
                o.oin = Some("00000001234567890000".to_owned());
                store::organisaties::insert(tx, &o)?;
                tx.record(spoor(&o))
            })
        };
        maak().await.unwrap();
        assert!(matches!(maak().await, Err(StoreError::Conflict { .. })));
    }
}

#[tokio::test]
async fn een_jti_telt_een_keer() {
    for (_map, store) in opslagen() {
        let tot = nu() + chrono::TimeDelta::minutes(5);
        assert!(store.use_jti("client", "abc", tot, nu()).await.unwrap());
        assert!(!store.use_jti("client", "abc", tot, nu()).await.unwrap());
        assert!(store.use_jti("ander", "abc", tot, nu()).await.unwrap());
        assert_eq!(store.cleanup(tot + chrono::TimeDelta::seconds(1)).await.unwrap(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gelijktijdige_schrijvers_verliezen_niets() {
    for (_map, store) in opslagen() {
        let taken: Vec<_> = (0..40)
            .map(|i| {
                let store = store.clone();
                tokio::spawn(async move { voeg_toe(&store, &format!("Organisatie {i}")).await })
            })
            .collect();
        for taak in taken {
            taak.await.unwrap();
        }
        let lijst =
            store.read(|c| store::organisaties::list(c, &store::organisaties::Filter::default(), &store::Page { limit: 100, after: None })).await.unwrap();
        assert_eq!(lijst.items.len(), 40);
        assert_eq!(store.seal(nu()).await.unwrap(), 40);
    }
}

#[tokio::test]
async fn wie_een_organisatie_vasthoudt_mist_geen_certificering_die_een_ander_net_toevoegt() {
    let Some((grond, store)) = op_postgresql() else { return };
    let o = voeg_toe(&store, "Partner").await;
    let mut ander = rechtstreeks(
        &grond,
        &format!(
            "BEGIN; SELECT id FROM organisatie WHERE id = '{0}' FOR UPDATE; INSERT INTO certificering (id, organisatie_id, soort, geldig_van, geldig_tot, aangemaakt_op, versie) \
             VALUES ('{0}', '{0}', 'implementatiepartner', '2027-01-01', '2027-12-31', '2027-01-01', 1)",
            o.id
        ),
    );
    let lezer = store.clone();
    let gezien = tokio::spawn(async move {
        let act = move |tx: &mut store::Tx<'_>| -> Result<usize, StoreError> {
            store::organisaties::zet_slot(tx, o.id)?;
            Ok(store::organisaties::certificeringen(tx.conn(), o.id, &Page { limit: 10, after: None })?.items.len())
        };
        lezer.write(Actor::default(), nu(), None, act).await
    });
    tot_er_wachten(&mut ander, 1, "0 milliseconds").await;
    ander.batch_execute("COMMIT").unwrap();
    assert_eq!(gezien.await.unwrap().unwrap(), 1);
}
