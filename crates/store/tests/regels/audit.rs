//! De auditketen en de wijzigingenstroom.

use store::{AuditFilter, Page, StoreError, Zicht};

use super::{nu, op_postgresql, opslagen, rechtstreeks, voeg_toe};

#[tokio::test]
async fn een_gave_keten_heeft_geen_bevindingen() {
    for (_map, store) in opslagen() {
        for i in 0..5 {
            voeg_toe(&store, &format!("O{i}")).await;
        }
        assert_eq!(store.seal(nu()).await.unwrap(), 5);
        assert_eq!(store.seal(nu()).await.unwrap(), 0);
        let oordeel = store.verify_audit().await.unwrap();
        assert_eq!((oordeel.regels, oordeel.bevindingen), (5, vec![]));
    }
}

#[tokio::test]
async fn wijzigen_of_weglaten_achter_de_rug_valt_op() {
    let ingrepen = [
        "UPDATE auditregel SET na = '{}' WHERE volgnummer = 2",
        "UPDATE auditregel SET door_persoon_id = 'iemand-anders' WHERE volgnummer = 3",
        "DELETE FROM auditregel WHERE volgnummer = 3",
        "DELETE FROM auditregel WHERE volgnummer = 5",
        "UPDATE auditketen SET volgnummer = 4",
    ];
    for (_grond, store) in opslagen() {
        for i in 0..5 {
            voeg_toe(&store, &format!("O{i}")).await;
        }
        store.seal(nu()).await.unwrap();
        assert!(store.verify_audit().await.unwrap().bevindingen.is_empty());
        store.achter_de_rug("CREATE TABLE regel AS SELECT * FROM auditregel; CREATE TABLE keten AS SELECT * FROM auditketen").unwrap();
        for ingreep in ingrepen {
            store.achter_de_rug(ingreep).unwrap();
            assert!(!store.verify_audit().await.unwrap().bevindingen.is_empty(), "{ingreep} op {store:?}");
            let terug =
                "DELETE FROM auditregel; INSERT INTO auditregel SELECT * FROM regel; DELETE FROM auditketen; INSERT INTO auditketen SELECT * FROM keten";
            store.achter_de_rug(terug).unwrap();
        }
    }
}

#[tokio::test]
async fn een_lezer_met_een_cursor_ziet_elke_wijziging_precies_een_keer() {
    for (_map, store) in opslagen() {
        let mut gezien = Vec::new();
        let mut na = None;
        for ronde in 0..4 {
            for i in 0..3 {
                voeg_toe(&store, &format!("O{ronde}-{i}")).await;
            }
            store.seal(nu()).await.unwrap();
            loop {
                let page = Page { limit: 2, after: na.clone() };
                let blad = store.read(move |c| -> Result<_, StoreError> { store::feed_list(c, &AuditFilter::default(), &Zicht::Alles, &page) }).await.unwrap();
                let Some(laatste) = blad.items.last() else { break };
                na = Some(laatste.volgnummer.to_string());
                gezien.extend(blad.items.iter().map(|r| r.volgnummer));
            }
        }
        assert_eq!(gezien, (1..=12).collect::<Vec<i64>>());
    }
}

#[tokio::test]
async fn de_keten_is_na_te_gaan_terwijl_een_ander_verzegelt() {
    let Some((grond, store)) = op_postgresql() else { return };
    voeg_toe(&store, "Een").await;
    store.seal(nu()).await.unwrap();
    let _verzegelaar = rechtstreeks(&grond, "BEGIN; SELECT pg_advisory_xact_lock(4202602)");
    let oordeel = store.verify_audit().await.unwrap();
    assert_eq!((oordeel.regels, oordeel.bevindingen), (1, vec![]));
}
