//! De eenheid van werk.

use store::{Actor, StoreError};

use super::{nu, opslagen, organisatie, spoor, voeg_toe};

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
        let lijst =
            store.read(|c| store::organisaties::list(c, &store::organisaties::Filter::default(), &store::Page { limit: 10, after: None })).await.unwrap();
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
