//! Toepassingen: alleen publieke sleutels, alleen door NIPV, en nooit in de plaats van een mens.

use serde_json::json;

use crate::huis::Huis;

#[actix_web::test]
async fn een_sleutel_met_een_geheim_deel_wordt_geweigerd_en_niet_herhaald() {
    let huis = Huis::nieuw().await;
    let geheim = "c2xldXRlbC1kaWUtbmllbWFuZC1tYWctemllbi0xMjM0NQ";
    let mut jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "k1", "x": "a".repeat(43), "y": "b".repeat(43), "d": geheim });
    let body = |jwk: &serde_json::Value| json!({ "naam": "Script", "organisatieId": huis.implementatieadviseur.organisatie, "scopes": ["trajecten:lezen"], "jwks": { "keys": [jwk] } });
    let geweigerd = huis.post(&huis.lfb, "/toepassingen", body(&jwk)).await;
    geweigerd.wijst_aan("/jwks/keys/0", "jwk-prive");
    assert!(!geweigerd.body.to_string().contains(geheim));
    jwk.as_object_mut().unwrap().remove("d");
    assert_eq!(huis.post(&huis.lfb, "/toepassingen", body(&jwk)).await.status, 201);
    jwk["crv"] = json!("P-521");
    huis.post(&huis.lfb, "/toepassingen", body(&jwk)).await.wijst_aan("/jwks/keys/0", "jwk-ongeldig");
    let symmetrisch = json!({ "kty": "oct", "kid": "k1", "k": geheim });
    huis.post(&huis.lfb, "/toepassingen", body(&symmetrisch)).await.wijst_aan("/jwks/keys/0", "jwk-prive");
}

#[actix_web::test]
async fn alleen_nipv_registreert_toepassingen_en_een_ander_ziet_ze_niet() {
    let huis = Huis::nieuw().await;
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    let pad = format!("/toepassingen/{}", script.id);
    assert_eq!(huis.get(&huis.implementatieadviseur, &pad).await.status, 200);
    huis.get(&huis.buitenstaander, &pad).await.is(404, "niet-gevonden");
    assert!(huis.get(&huis.buitenstaander, "/toepassingen").await.items().is_empty());
    let body = json!({ "naam": "S", "organisatieId": huis.implementatieadviseur.organisatie, "scopes": ["trajecten:lezen"], "jwks": { "keys": [] } });
    huis.post(&huis.implementatieadviseur, "/toepassingen", body).await.is(403, "niet-bevoegd");
}

#[actix_web::test]
async fn een_toepassing_doet_nooit_wat_een_mens_moet_doen() {
    let huis = Huis::nieuw().await;
    let traject = huis.traject().await;
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    let pad = format!("/trajecten/{traject}");
    let etag = huis.get(&script, &pad).await.etag();
    let reden = Some(json!({ "reden": "Het script wil het." }));
    huis.met(&script, "POST", &format!("{pad}/stapovergangen"), &etag, Some(json!({ "naarStap": 2 }))).await.is(403, "persoon-vereist");
    huis.met(&script, "POST", &format!("{pad}/pauzeringen"), &etag, reden).await.is(403, "persoon-vereist");
    let organisatie = huis.implementatieadviseur.organisatie;
    huis.post(&script, "/personen", json!({ "organisatieId": organisatie, "naam": "N", "email": "n@voorbeeld.example" })).await.is(403, "persoon-vereist");
    huis.post(&script, "/organisaties", json!({ "naam": "N" })).await.is(403, "persoon-vereist");
    huis.post(&script, "/sectoren", json!({ "code": "n", "naam": "N" })).await.is(403, "persoon-vereist");
    huis.get(&script, "/auditregels").await.is(403, "persoon-vereist");
    huis.get(&script, &format!("/personen/{}", huis.implementatieadviseur.id)).await.is(404, "niet-gevonden");
}

#[actix_web::test]
async fn een_geblokkeerde_toepassing_komt_er_meteen_niet_meer_in_en_intrekken_is_voorgoed() {
    let huis = Huis::nieuw().await;
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    let pad = format!("/toepassingen/{}", script.id);
    assert_eq!(huis.get(&script, "/ik").await.body["soort"], "toepassing");
    let reden = || Some(json!({ "reden": "Sleutel kwijt." }));
    let geblokkeerd = huis.met(&huis.lfb, "POST", &format!("{pad}/blokkeringen"), "\"1\"", reden()).await;
    assert_eq!(geblokkeerd.status, 201, "{}", geblokkeerd.body);
    huis.get(&script, "/ik").await.is(401, "geen-toegang");
    let ingetrokken = huis.met(&huis.lfb, "POST", &format!("{pad}/intrekkingen"), &geblokkeerd.etag(), reden()).await;
    assert_eq!(ingetrokken.status, 201, "{}", ingetrokken.body);
    huis.met(&huis.lfb, "POST", &format!("{pad}/deblokkeringen"), &ingetrokken.etag(), reden()).await.is(409, "toepassing-ingetrokken");
}
