//! Uitgaande post: mee met de transactie, opnieuw bij een storing, en nooit door twee nodes tegelijk.

use chrono::TimeDelta;
use store::post::{Bericht, Bezorging};
use store::{Actor, Change, Store, StoreError};

use crate::{nu, opslagen};

fn bericht() -> Bericht {
    Bericht { aan: "lotte@voorbeeldland.example".to_owned(), onderwerp: "Uw code".to_owned(), tekst: "12345678".to_owned(), verloopt_op: None }
}

/// Hoeveel berichten er wachten en zijn opgegeven.
async fn stand(store: &Store) -> (i64, i64) {
    let stand = store.post_stand().await.unwrap();
    assert_eq!(stand.oudste_wachtend.is_some(), stand.wachtend > 0);
    (stand.wachtend, stand.opgegeven)
}

async fn plaats(store: &Store, bericht: Bericht) {
    let gedaan: Result<(), StoreError> = store
        .write(Actor::default(), nu(), None, move |tx| {
            store::post::plaats(tx, &bericht)?;
            tx.record(Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "post".to_owned(), ..Change::default() })
        })
        .await;
    gedaan.unwrap();
}

#[tokio::test]
async fn een_bericht_in_een_mislukte_transactie_gaat_niet_weg() {
    for (_grond, store) in opslagen() {
        let mislukt: Result<(), StoreError> = store
            .write(Actor::default(), nu(), None, |tx| {
                store::post::plaats(tx, &bericht())?;
                Err(StoreError::fault("toch niet"))
            })
            .await;
        assert!(mislukt.is_err());
        assert!(store.post_nemen(nu(), 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn een_genomen_bericht_is_niet_nog_eens_te_nemen_tot_de_beurt_voorbij_is() {
    for (_grond, store) in opslagen() {
        plaats(&store, bericht()).await;
        let eerste = store.post_nemen(nu(), 10).await.unwrap();
        assert_eq!(eerste.len(), 1);
        assert_eq!(eerste[0].bericht, bericht());
        assert!(store.post_nemen(nu(), 10).await.unwrap().is_empty());
        // De node die het nam viel weg: een ander neemt het over, met hetzelfde kenmerk.
        let over = store.post_nemen(nu() + TimeDelta::minutes(3), 10).await.unwrap();
        assert_eq!((over[0].id, over[0].poging), (eerste[0].id, 2));
    }
}

#[tokio::test]
async fn een_storing_stelt_uit_met_oplopende_wachttijd_en_geeft_na_twaalf_pogingen_op() {
    for (_grond, store) in opslagen() {
        plaats(&store, bericht()).await;
        let (mut op, mut vorige) = (nu(), TimeDelta::zero());
        for poging in 1..=12 {
            let zending = store.post_nemen(op, 10).await.unwrap().pop().unwrap();
            assert_eq!(zending.poging, poging);
            store.post_afgehandeld(&zending, Bezorging::Later("geen verbinding".to_owned()), op).await.unwrap();
            let wacht = TimeDelta::seconds((30_i64 << (poging - 1).min(9)).min(14_400));
            assert!(wacht >= vorige);
            assert!(store.post_nemen(op + wacht - TimeDelta::seconds(1), 10).await.unwrap().is_empty());
            (op, vorige) = (op + wacht, wacht);
        }
        assert!(store.post_nemen(op + TimeDelta::days(1), 10).await.unwrap().is_empty());
        assert_eq!(stand(&store).await, (0, 1));
    }
}

#[tokio::test]
async fn een_verlopen_code_wordt_niet_meer_bezorgd() {
    for (_grond, store) in opslagen() {
        plaats(&store, Bericht { verloopt_op: Some(nu() + TimeDelta::minutes(10)), ..bericht() }).await;
        assert!(store.post_nemen(nu() + TimeDelta::minutes(10), 10).await.unwrap().is_empty());
        assert_eq!(stand(&store).await, (0, 1));
    }
}

#[tokio::test]
async fn een_bezorgd_of_geweigerd_bericht_komt_niet_terug() {
    for (_grond, store) in opslagen() {
        for uitkomst in [Bezorging::Gelukt, Bezorging::Geweigerd("adres bestaat niet".to_owned())] {
            plaats(&store, bericht()).await;
            let zending = store.post_nemen(nu(), 10).await.unwrap().pop().unwrap();
            store.post_afgehandeld(&zending, uitkomst, nu()).await.unwrap();
            assert!(store.post_nemen(nu() + TimeDelta::days(2), 10).await.unwrap().is_empty());
        }
        assert_eq!(stand(&store).await, (0, 1));
        assert_eq!(store.post_opruimen(nu() + TimeDelta::days(31)).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn wie_zijn_beurt_voorbij_liet_gaan_beslist_niet_meer_over_het_bericht() {
    for (_grond, store) in opslagen() {
        plaats(&store, bericht()).await;
        let te_laat = store.post_nemen(nu(), 1).await.unwrap().pop().unwrap();
        let later = nu() + TimeDelta::minutes(3);
        let over = store.post_nemen(later, 1).await.unwrap().pop().unwrap();
        for uitkomst in [Bezorging::Gelukt, Bezorging::Later("geen verbinding".to_owned()), Bezorging::Geweigerd("adres bestaat niet".to_owned())] {
            store.post_afgehandeld(&te_laat, uitkomst, later).await.unwrap();
            assert_eq!(stand(&store).await, (1, 0), "{store:?}");
            assert!(store.post_nemen(later + TimeDelta::minutes(1), 1).await.unwrap().is_empty(), "de beurt is nog van de ander");
        }
        store.post_afgehandeld(&over, Bezorging::Gelukt, later).await.unwrap();
        assert_eq!(stand(&store).await, (0, 0));
    }
}

#[tokio::test]
async fn wie_een_bericht_wil_slaat_over_wat_verlopen_is() {
    for (_grond, store) in opslagen() {
        let verlopen = nu() + TimeDelta::minutes(1);
        for _ in 0..2 {
            plaats(&store, Bericht { verloopt_op: Some(verlopen), ..bericht() }).await;
        }
        plaats(&store, bericht()).await;
        assert_eq!(store.post_nemen(verlopen, 1).await.unwrap()[0].bericht, bericht());
        assert_eq!(stand(&store).await, (1, 2));
    }
}
