//! `/v1/sessies` en `/v1/aanmeldingen`: wie wat ziet, en afmelden van een afstand.

use serde_json::json;

use crate::huis::{Browser, Huis};

#[actix_web::test]
async fn ieder_ziet_en_beeindigt_de_eigen_sessies_en_een_buitenstaander_niets() {
    let huis = Huis::nieuw().await;
    let buiten = huis.uitgenodigd(huis.ander.id, "Bo", "bo@netbeheer.example").await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    let (_, eigen) = huis.api(huis.persoon.id, "GET", "/v1/sessies", None).await;
    let id = eigen["items"][0]["id"].as_str().unwrap().to_owned();
    let (_, niets) = huis.api(buiten.id, "GET", "/v1/sessies", None).await;
    assert!(niets["items"].as_array().unwrap().is_empty());
    assert_eq!(huis.api(buiten.id, "GET", &format!("/v1/sessies/{id}"), None).await.0, 404);
    assert_eq!(huis.api(buiten.id, "POST", &format!("/v1/sessies/{id}/beeindigingen"), Some(json!({ "reden": "niet van mij" }))).await.0, 404);
    let (status, af) = huis.api(huis.persoon.id, "POST", &format!("/v1/sessies/{id}/beeindigingen"), Some(json!({ "reden": "telefoon kwijt" }))).await;
    assert_eq!((status, af["eindeReden"].as_str()), (201, Some("ingetrokken")), "{af}");
    let (status, nog) = huis.api(huis.persoon.id, "POST", &format!("/v1/sessies/{id}/beeindigingen"), Some(json!({ "reden": "nog eens" }))).await;
    assert_eq!((status, nog["code"].as_str()), (409, Some("sessie-al-beeindigd")));
    assert_eq!(browser.get(huis.app(), &huis.vraag(&[("prompt", "none")])).await.param("error").as_deref(), Some("login_required"));
}

#[actix_web::test]
async fn alle_sessies_van_een_organisatie_zijn_in_een_keer_te_beeindigen_door_wie_daarover_gaat() {
    let huis = Huis::nieuw().await;
    huis.uitgenodigd(huis.organisatie.id, "Otto", "otto@waterschap.example").await;
    let (mut een, mut twee) = (Browser::default(), Browser::default());
    huis.aangemeld(&mut een, "sub-1", "pien@waterschap.example").await;
    huis.aangemeld(&mut twee, "sub-2", "otto@waterschap.example").await;
    let pad = format!("/v1/organisaties/{}/sessiebeeindigingen", huis.organisatie.id);
    let reden = Some(json!({ "reden": "accounts gelekt" }));
    assert_eq!(huis.api(huis.persoon.id, "POST", &pad, reden.clone()).await.0, 403);
    let (status, gedaan) = huis.api(huis.idp_beheerder, "POST", &pad, reden).await;
    assert_eq!((status, gedaan["aantal"].as_i64()), (201, Some(2)), "{gedaan}");
    for browser in [&mut een, &mut twee] {
        assert_eq!(browser.get(huis.app(), &huis.vraag(&[("prompt", "none")])).await.param("error").as_deref(), Some("login_required"));
    }
}

#[actix_web::test]
async fn het_logboek_is_voor_de_idp_beheerder_van_de_eigen_organisatie_en_voor_nipv() {
    let huis = Huis::nieuw().await;
    huis.aangemeld(&mut Browser::default(), "sub-1", "pien@waterschap.example").await;
    for (wie, hoeveel) in [(huis.idp_beheerder, 1), (huis.lfb, 1), (huis.persoon.id, 0)] {
        let (_, logboek) = huis.api(wie, "GET", "/v1/aanmeldingen", None).await;
        assert_eq!(logboek["items"].as_array().map(Vec::len), Some(hoeveel), "{logboek}");
    }
    let (_, logboek) = huis.api(huis.lfb, "GET", "/v1/aanmeldingen", None).await;
    let id = logboek["items"][0]["id"].as_str().unwrap();
    assert_eq!(huis.api(huis.persoon.id, "GET", &format!("/v1/aanmeldingen/{id}"), None).await.0, 404);
}
