//! Toepassingen: machines en portalen, alleen door NIPV, en nooit in de plaats van een mens.

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

fn portaal(huis: &Huis, profiel: &str) -> serde_json::Value {
    json!({
        "naam": "Portaal", "organisatieId": huis.projectleider.organisatie, "soort": "portaal", "profiel": profiel, "profielReden": "Standaardsoftware.",
        "redirectUris": ["https://portaal.example/callback"], "postLogoutRedirectUris": ["https://portaal.example/afgemeld"], "offlineToegang": true,
    })
}

#[actix_web::test]
async fn een_portaal_wordt_gekeurd_aangevuld_en_gewijzigd() {
    let huis = Huis::nieuw().await;
    let mut slecht = portaal(&huis, "nl-gov");
    slecht["redirectUris"] = json!(["http://portaal.example/callback", "https://portaal.example/x#y"]);
    slecht["clientAuthenticatie"] = json!("client_secret_basic");
    let geweigerd = huis.post(&huis.lfb, "/toepassingen", slecht).await;
    geweigerd.wijst_aan("/redirectUris/0", "redirect-uri-ongeldig");
    geweigerd.wijst_aan("/redirectUris/1", "redirect-uri-ongeldig");
    geweigerd.wijst_aan("/clientAuthenticatie", "geheim-niet-toegestaan");
    let mut zonder_reden = portaal(&huis, "oidc");
    zonder_reden.as_object_mut().unwrap().remove("profielReden");
    huis.post(&huis.lfb, "/toepassingen", zonder_reden).await.wijst_aan("/profielReden", "verplicht");
    let gemaakt = huis.post(&huis.lfb, "/toepassingen", portaal(&huis, "oidc")).await;
    let (pad, etag) = (format!("/toepassingen/{}", gemaakt.id()), gemaakt.etag());
    for (veld, waarde) in [
        ("clientAuthenticatie", json!("client_secret_basic")),
        ("idTokenAlgoritme", json!("RS256")),
        ("parVerplicht", json!(false)),
        ("subSoort", json!("public")),
    ] {
        assert_eq!(gemaakt.body[veld], waarde, "{veld}");
    }
    let rs256 = huis.app.keys.current(&huis.app.store, crate::huis::nu()).await.unwrap();
    assert!(rs256.active_for(domain::toepassingen::Algoritme::Rs256).is_some(), "de sleutel staat klaar voor de eerste aanmelding");
    let gewijzigd = huis
        .met(
            &huis.lfb,
            "PATCH",
            &pad,
            &etag,
            Some(json!({ "redirectUris": ["https://portaal.example/nieuw"], "acrWaarden": ["https://refeds.org/profile/mfa"] })),
        )
        .await;
    assert_eq!(
        (gewijzigd.status, &gewijzigd.body["redirectUris"], &gewijzigd.body["offlineToegang"]),
        (200, &json!(["https://portaal.example/nieuw"]), &json!(true)),
        "{}",
        gewijzigd.body
    );
    assert_eq!(huis.get(&huis.lfb, &pad).await.body, gewijzigd.body);
    huis.met(&huis.lfb, "PATCH", &pad, &gewijzigd.etag(), Some(json!({ "redirectUris": [] }))).await.wijst_aan("/redirectUris", "verplicht");
}

#[actix_web::test]
async fn een_geheim_is_eenmaal_te_zien_en_er_gelden_er_twee() {
    let huis = Huis::nieuw().await;
    let pad = format!("/toepassingen/{}", huis.post(&huis.lfb, "/toepassingen", portaal(&huis, "oidc")).await.id());
    let geheimen = format!("{pad}/geheimen");
    let eerste = huis.post(&huis.lfb, &geheimen, json!({})).await;
    assert!(eerste.body["geheim"].as_str().is_some_and(|waarde| waarde.len() == 43), "{}", eerste.body);
    huis.post(&huis.lfb, &geheimen, json!({})).await.id();
    huis.post(&huis.lfb, &geheimen, json!({})).await.is(409, "te-veel-geheimen");
    let lijst = huis.get(&huis.lfb, &geheimen).await;
    assert_eq!(lijst.items().len(), 2);
    assert!(!lijst.body.to_string().contains(eerste.body["geheim"].as_str().unwrap()));
    let een = format!("{geheimen}/{}", eerste.id());
    assert_eq!(huis.get(&huis.lfb, &een).await.body.get("geheim"), None);
    huis.get(&huis.buitenstaander, &geheimen).await.is(404, "niet-gevonden");
    huis.post(&huis.organisatiebeheerder, &geheimen, json!({})).await.is(403, "niet-bevoegd");
    let etag = huis.get(&huis.lfb, &pad).await.etag();
    huis.vraag(&huis.lfb, "DELETE", &een, None, None).await.is(428, "if-match-verplicht");
    assert_eq!(huis.met(&huis.lfb, "DELETE", &een, &etag, None).await.status, 204);
    huis.met(&huis.lfb, "DELETE", &een, &etag, None).await.is(404, "niet-gevonden");
    // Wie het andere wil weghalen op grond van wat hij eerder zag, kijkt eerst wat er over is.
    let over = lijst.items().iter().map(|g| g["id"].as_str().unwrap()).find(|id| !een.ends_with(id)).unwrap();
    huis.met(&huis.lfb, "DELETE", &format!("{geheimen}/{over}"), &etag, None).await.is(412, "versie-verouderd");
    huis.post(&huis.lfb, &geheimen, json!({ "verlooptOp": "2020-01-01T00:00:00Z" })).await.is(409, "verloop-ongeldig");
    let streng = json!({ "naam": "S", "organisatieId": huis.projectleider.organisatie, "scopes": ["trajecten:lezen"], "jwks": { "keys": [huis.publiek()] } });
    let streng = huis.post(&huis.lfb, "/toepassingen", streng).await.id();
    huis.post(&huis.lfb, &format!("/toepassingen/{streng}/geheimen"), json!({})).await.is(409, "geen-geheimen");
}
