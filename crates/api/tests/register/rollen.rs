//! Rollen passen bij de organisatie, en niemand geeft ze zichzelf.

use serde_json::json;

use crate::huis::Huis;

#[actix_web::test]
async fn een_rol_buiten_de_organisatie_wordt_geweigerd() {
    let huis = Huis::nieuw().await;
    let pad = format!("/personen/{}/rollen", huis.projectleider.id);
    let etag = huis.get(&huis.lfb, &format!("/personen/{}", huis.projectleider.id)).await.etag();
    for rol in ["lfb", "implementatieadviseur", "adoptieadviseur"] {
        huis.met(&huis.lfb, "POST", &pad, &etag, Some(json!({ "rol": rol }))).await.is(409, "rol-buiten-organisatie");
    }
    let nieuw = json!({ "organisatieId": huis.projectleider.organisatie, "naam": "N", "email": "n@voorbeeld.example", "rollen": ["adviseur"] });
    huis.post(&huis.lfb, "/personen", nieuw).await.is(409, "rol-buiten-organisatie");
    assert_eq!(huis.met(&huis.lfb, "POST", &pad, &etag, Some(json!({ "rol": "tekenbevoegde" }))).await.status, 201);
}

#[actix_web::test]
async fn de_rol_organisatiebeheerder_volgt_uit_de_registratie_en_is_niet_te_geven() {
    let huis = Huis::nieuw().await;
    let iemand = huis.persoon(&huis.projectleider, "Ria").await;
    let pad = format!("/personen/{}", iemand.id);
    let etag = huis.get(&huis.lfb, &pad).await.etag();
    for wie in [&huis.lfb, &huis.projectleider, &huis.organisatiebeheerder] {
        let geweigerd = huis.met(wie, "POST", &format!("{pad}/rollen"), &etag, Some(json!({ "rol": "organisatiebeheerder" }))).await;
        geweigerd.is(409, "rol-uit-registratie");
        assert!(geweigerd.body["detail"].as_str().unwrap().contains("laat haar door beide partijen ondertekenen"), "{}", geweigerd.body);
        let rollen = json!(["waarnemer", "organisatiebeheerder"]);
        let nieuw = json!({ "organisatieId": iemand.organisatie, "naam": "N", "email": "n@voorbeeld.example", "rollen": rollen });
        huis.post(wie, "/personen", nieuw).await.is(409, "rol-uit-registratie");
    }
    assert_eq!(huis.get(&iemand, "/ik").await.body["rollen"], json!([]));
}

#[actix_web::test]
async fn niemand_geeft_zichzelf_een_rol() {
    let huis = Huis::nieuw().await;
    for wie in [&huis.lfb, &huis.organisatiebeheerder, &huis.projectleider] {
        let eigen = huis.get(wie, &format!("/personen/{}", wie.id)).await;
        huis.met(wie, "POST", &format!("/personen/{}/rollen", wie.id), &eigen.etag(), Some(json!({ "rol": "waarnemer" }))).await.is(403, "niet-bevoegd");
    }
}

#[actix_web::test]
async fn een_rol_geven_en_terugnemen_werkt_meteen() {
    let huis = Huis::nieuw().await;
    let iemand = huis.persoon(&huis.projectleider, "Ria").await;
    let pad = format!("/personen/{}/rollen", iemand.id);
    let gegeven = huis.met(&huis.organisatiebeheerder, "POST", &pad, "\"2\"", Some(json!({ "rol": "waarnemer" }))).await;
    assert_eq!(gegeven.status, 201, "{}", gegeven.body);
    assert_eq!(huis.get(&iemand, "/ik").await.body["rollen"], json!(["waarnemer"]));
    let terug = format!("{pad}/waarnemer");
    huis.vraag(&huis.organisatiebeheerder, "DELETE", &terug, None, None).await.is(428, "if-match-verplicht");
    huis.met(&huis.organisatiebeheerder, "DELETE", &terug, "\"2\"", None).await.is(412, "versie-verouderd");
    assert_eq!(huis.met(&huis.organisatiebeheerder, "DELETE", &terug, &gegeven.etag(), None).await.status, 204);
    assert_eq!(huis.get(&iemand, "/ik").await.body["rollen"], json!([]));
}

#[actix_web::test]
async fn de_adviseur_registreert_personen_maar_geeft_geen_rollen() {
    let huis = Huis::nieuw().await;
    let mut nieuw = json!({ "organisatieId": huis.projectleider.organisatie, "naam": "N", "email": "n@voorbeeld.example" });
    assert_eq!(huis.post(&huis.adviseur, "/personen", nieuw.clone()).await.status, 201);
    nieuw["email"] = json!("m@voorbeeld.example");
    nieuw["rollen"] = json!(["projectleider"]);
    huis.post(&huis.adviseur, "/personen", nieuw).await.is(403, "niet-bevoegd");
}
