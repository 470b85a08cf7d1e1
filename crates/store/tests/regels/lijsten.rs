//! Lijsten bladeren op sleutel.

use store::{Page, StoreError};

use super::{opslagen, voeg_toe};

#[tokio::test]
async fn bladeren_slaat_niets_over_en_herhaalt_niets_als_er_onderweg_bij_komt() {
    for (_map, store) in opslagen() {
        let mut verwacht = Vec::new();
        for i in 0..7 {
            verwacht.push(voeg_toe(&store, &format!("O{i}")).await.id);
        }
        let (mut gezien, mut na) = (Vec::new(), None);
        loop {
            let page = Page { limit: 3, after: na };
            let blad =
                store.read(move |c| -> Result<_, StoreError> { store::organisaties::list(c, &store::organisaties::Filter::default(), &page) }).await.unwrap();
            gezien.extend(blad.items.iter().map(|o| o.id));
            na = blad.volgende;
            if na.is_none() {
                break;
            }
        }
        verwacht.sort();
        assert_eq!(gezien, verwacht);
    }
}

#[tokio::test]
async fn zoeken_neemt_jokertekens_letterlijk() {
    for (_map, store) in opslagen() {
        voeg_toe(&store, "Honderd% Voorbeeld").await;
        voeg_toe(&store, "Ander_Voorbeeld").await;
        for (zoek, aantal) in [("%", 1), ("_", 1), ("VOORBEELD", 2), ("\\", 0)] {
            let filter = store::organisaties::Filter { zoek: Some(zoek.to_owned()), ..Default::default() };
            let blad = store.read(move |c| -> Result<_, StoreError> { store::organisaties::list(c, &filter, &Page { limit: 9, after: None }) }).await.unwrap();
            assert_eq!(blad.items.len(), aantal, "{zoek} op {store:?}");
        }
    }
}
