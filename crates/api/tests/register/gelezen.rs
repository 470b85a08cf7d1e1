//! Wat al gelezen is, verandert mee met elke wijziging en blijft van wie het is.

use serde_json::json;

use crate::huis::Huis;

#[actix_web::test]
async fn een_eerder_gelezen_traject_toont_iedere_wijziging_direct() {
    let huis = Huis::nieuw().await;
    let pad = format!("/trajecten/{}", huis.traject().await);
    for dag in 1..=3 {
        // Twee keer: de tweede komt uit wat bewaard is, en is hetzelfde antwoord.
        let eerst = huis.get(&huis.projectleider, &pad).await;
        let nog_eens = huis.get(&huis.projectleider, &pad).await;
        assert_eq!((eerst.status, &eerst.body, eerst.etag()), (200, &nog_eens.body, nog_eens.etag()));
        let datum = format!("2030-01-{dag:02}");
        let gewijzigd = huis.met(&huis.projectleider, "PATCH", &pad, &eerst.etag(), Some(json!({ "deadlineDatum": datum }))).await;
        assert_eq!(gewijzigd.status, 200, "{}", gewijzigd.body);
        let daarna = huis.get(&huis.projectleider, &pad).await;
        assert_eq!((daarna.body["deadlineDatum"].as_str(), daarna.etag()), (Some(datum.as_str()), gewijzigd.etag()));
    }
}

#[actix_web::test]
async fn een_naam_die_elders_wijzigt_staat_meteen_in_het_traject() {
    let huis = Huis::nieuw().await;
    let pad = format!("/trajecten/{}", huis.traject().await);
    assert_eq!(huis.get(&huis.lfb, &pad).await.status, 200);
    let organisatie = format!("/organisaties/{}", huis.projectleider.organisatie);
    let etag = huis.get(&huis.lfb, &organisatie).await.etag();
    let gewijzigd = huis.met(&huis.lfb, "PATCH", &organisatie, &etag, Some(json!({ "naam": "Waterschap Nieuw Voorbeeldland" }))).await;
    assert_eq!(gewijzigd.status, 200, "{}", gewijzigd.body);
    assert_eq!(huis.get(&huis.lfb, &pad).await.body["organisatieNaam"], "Waterschap Nieuw Voorbeeldland");
}

#[actix_web::test]
async fn wat_een_ander_las_blijft_onvindbaar_voor_wie_er_niets_mee_heeft() {
    let huis = Huis::nieuw().await;
    let pad = format!("/trajecten/{}", huis.traject().await);
    assert_eq!(huis.get(&huis.projectleider, &pad).await.status, 200);
    assert_eq!(huis.get(&huis.projectleider, &pad).await.status, 200);
    assert_eq!(huis.get(&huis.buitenstaander, &pad).await.status, 404);
}
