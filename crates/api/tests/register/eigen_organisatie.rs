//! Alleen NIPV certificeert; een organisatie houdt haar eigen gegevens bij.

use serde_json::json;

use crate::huis::Huis;

#[actix_web::test]
async fn alleen_nipv_certificeert_en_trekt_in() {
    let huis = Huis::nieuw().await;
    let pad = format!("/organisaties/{}/certificeringen", huis.projectleider.organisatie);
    let body = json!({ "soort": "implementatiepartner", "geldigVanDatum": "2027-01-01", "geldigTotDatum": "2029-01-01" });
    for wie in [&huis.projectleider, &huis.organisatiebeheerder, &huis.buitenstaander] {
        huis.post(wie, &pad, body.clone()).await.is(403, "niet-bevoegd");
    }
    let gegeven = huis.post(&huis.lfb, &pad, body).await;
    let intrekken = format!("{pad}/{}/intrekkingen", gegeven.id());
    let reden = json!({ "reden": "Op verzoek." });
    huis.met(&huis.projectleider, "POST", &intrekken, &gegeven.etag(), Some(reden.clone())).await.is(403, "niet-bevoegd");
    let ingetrokken = huis.met(&huis.lfb, "POST", &intrekken, &gegeven.etag(), Some(reden)).await;
    assert!(ingetrokken.body["ingetrokkenOp"].is_string(), "{}", ingetrokken.body);
}

#[actix_web::test]
async fn een_organisatie_is_per_soort_een_keer_tegelijk_gecertificeerd_en_nipv_nooit() {
    let huis = Huis::nieuw().await;
    let pad = format!("/organisaties/{}/certificeringen", huis.projectleider.organisatie);
    let periode = |soort: &str, van: &str, tot: &str| json!({ "soort": soort, "geldigVanDatum": van, "geldigTotDatum": tot });
    let eerste = huis.post(&huis.lfb, &pad, periode("implementatiepartner", "2027-01-01", "2028-12-31")).await;
    let dubbel = huis.post(&huis.lfb, &pad, periode("implementatiepartner", "2028-12-31", "2029-12-31")).await;
    dubbel.is(409, "certificering-overlapt");
    assert!(dubbel.body["detail"].as_str().unwrap().contains("Trek die certificering eerst in"), "{}", dubbel.body);
    huis.post(&huis.lfb, &pad, periode("opleidingspartner", "2028-12-31", "2029-12-31")).await.id();
    let intrekken = format!("{pad}/{}/intrekkingen", eerste.id());
    assert_eq!(huis.met(&huis.lfb, "POST", &intrekken, &eerste.etag(), Some(json!({ "reden": "Vervangen." }))).await.status, 201);
    huis.post(&huis.lfb, &pad, periode("implementatiepartner", "2028-12-31", "2029-12-31")).await.id();
    let nipv = format!("/organisaties/{}/certificeringen", huis.lfb.organisatie);
    huis.post(&huis.lfb, &nipv, periode("opleidingspartner", "2027-01-01", "2027-12-31")).await.is(409, "nipv-niet-certificeerbaar");
}

#[actix_web::test]
async fn een_certificering_hoort_bij_haar_eigen_organisatie() {
    let huis = Huis::nieuw().await;
    let lijst = huis.get(&huis.lfb, &format!("/organisaties/{}/certificeringen", huis.implementatieadviseur.organisatie)).await;
    let id = lijst.items()[0]["id"].as_str().unwrap().to_owned();
    huis.get(&huis.lfb, &format!("/organisaties/{}/certificeringen/{id}", huis.projectleider.organisatie)).await.is(404, "niet-gevonden");
}

#[actix_web::test]
async fn een_organisatie_wijzigt_haar_naam_maar_niet_haar_sector_of_domeinen() {
    let huis = Huis::nieuw().await;
    let pad = format!("/organisaties/{}", huis.projectleider.organisatie);
    let etag = huis.get(&huis.projectleider, &pad).await.etag();
    huis.met(&huis.projectleider, "PATCH", &pad, &etag, Some(json!({ "emaildomeinen": ["elders.example"] }))).await.is(403, "niet-bevoegd");
    huis.met(&huis.buitenstaander, "PATCH", &pad, &etag, Some(json!({ "naam": "Van ons" }))).await.is(403, "niet-bevoegd");
    let gewijzigd = huis.met(&huis.projectleider, "PATCH", &pad, &etag, Some(json!({ "naam": "Waterschap Nieuw" }))).await;
    assert_eq!((gewijzigd.status, gewijzigd.body["naam"].as_str()), (200, Some("Waterschap Nieuw")));
    huis.met(&huis.projectleider, "PATCH", &pad, &etag, Some(json!({ "naam": "Nogmaals" }))).await.is(412, "versie-verouderd");
}

#[actix_web::test]
async fn netwerkaansluitingen_zijn_van_de_organisatie_zelf() {
    let huis = Huis::nieuw().await;
    let pad = format!("/organisaties/{}/netwerkaansluitingen", huis.projectleider.organisatie);
    let gemaakt = huis.post(&huis.projectleider, &pad, json!({ "soort": "diginetwerk", "status": "gewenst" })).await;
    assert_eq!(gemaakt.status, 201, "{}", gemaakt.body);
    huis.get(&huis.buitenstaander, &pad).await.is(404, "niet-gevonden");
    huis.get(&huis.buitenstaander, &format!("{pad}/{}", gemaakt.id())).await.is(404, "niet-gevonden");
    assert_eq!(huis.get(&huis.adviseur, &pad).await.items().len(), 1);
}
