//! Wie wie ziet, en wat er overblijft.

use serde_json::json;

use crate::huis::Huis;

#[actix_web::test]
async fn een_persoon_van_een_andere_organisatie_bestaat_niet_en_staat_niet_in_de_lijst() {
    let huis = Huis::nieuw().await;
    let pad = format!("/personen/{}", huis.projectleider.id);
    huis.get(&huis.buitenstaander, &pad).await.is(404, "niet-gevonden");
    assert_eq!(huis.get(&huis.organisatiebeheerder, &pad).await.status, 200);
    assert_eq!(huis.get(&huis.lfb, &pad).await.status, 200);
    let lijst = huis.get(&huis.buitenstaander, "/personen").await;
    assert!(lijst.items().iter().all(|p| p["organisatieId"] == huis.buitenstaander.organisatie.to_string()));
    let gericht = huis.get(&huis.buitenstaander, &format!("/personen?organisatieId={}", huis.projectleider.organisatie)).await;
    assert!(gericht.items().is_empty());
}

#[actix_web::test]
async fn een_partner_ziet_alleen_de_contactpersonen_van_het_traject() {
    let huis = Huis::nieuw().await;
    let traject = huis.traject().await;
    let pad = format!("/personen/{}", huis.projectleider.id);
    huis.get(&huis.implementatieadviseur, &pad).await.is(404, "niet-gevonden");
    let etag = huis.get(&huis.projectleider, &format!("/trajecten/{traject}")).await.etag();
    let contact = json!({ "contactpersonen": [huis.projectleider.id] });
    assert_eq!(huis.met(&huis.projectleider, "PATCH", &format!("/trajecten/{traject}"), &etag, Some(contact)).await.status, 200);
    assert_eq!(huis.get(&huis.implementatieadviseur, &pad).await.status, 200);
    huis.get(&huis.implementatieadviseur, &format!("/personen/{}", huis.organisatiebeheerder.id)).await.is(404, "niet-gevonden");
    huis.get(&huis.buitenstaander, &pad).await.is(404, "niet-gevonden");
    huis.met(&huis.implementatieadviseur, "PATCH", &pad, "\"1\"", Some(json!({ "naam": "Anders" }))).await.is(403, "niet-bevoegd");
}

#[actix_web::test]
async fn zoeken_op_persoonsgegevens_gaat_nooit_in_het_adres() {
    let huis = Huis::nieuw().await;
    assert_eq!(huis.get(&huis.lfb, "/personen?zoek=pien").await.status, 400);
    let gevonden = huis.post(&huis.lfb, "/personen/_zoek", json!({ "zoek": "PIEN" })).await;
    assert_eq!(gevonden.items().len(), 1);
    assert!(huis.post(&huis.buitenstaander, "/personen/_zoek", json!({ "zoek": "pien" })).await.items().is_empty());
}

#[actix_web::test]
async fn verwijderen_neemt_de_persoonsgegevens_weg_ook_uit_het_auditlogboek_en_de_toegang_meteen() {
    let huis = Huis::nieuw().await;
    let weg = huis.persoon(&huis.projectleider, "Willem").await;
    let pad = format!("/personen/{}", weg.id);
    assert_eq!(huis.get(&weg, "/ik").await.status, 200);
    let etag = huis.get(&huis.organisatiebeheerder, &pad).await.etag();
    assert_eq!(huis.met(&huis.organisatiebeheerder, "DELETE", &pad, &etag, None).await.status, 204);
    assert_eq!(huis.get(&weg, "/ik").await.status, 401);
    let rest = huis.get(&huis.lfb, &pad).await;
    assert_eq!((rest.body["status"].as_str(), rest.body["rollen"].as_array().map(Vec::len)), (Some("verwijderd"), Some(0)));
    assert!(!rest.body.to_string().to_lowercase().contains("willem"), "{}", rest.body);
    let audit = huis.get(&huis.lfb, &format!("/auditregels?onderwerpId={}", weg.id)).await;
    assert!(!audit.items().is_empty());
    assert!(!audit.body.to_string().to_lowercase().contains("willem"), "{}", audit.body);
}

#[actix_web::test]
async fn wie_geblokkeerd_is_komt_er_meteen_niet_meer_in() {
    let huis = Huis::nieuw().await;
    let iemand = huis.persoon(&huis.projectleider, "Kees").await;
    let pad = format!("/personen/{}", iemand.id);
    let blokkeer = huis.met(&huis.organisatiebeheerder, "POST", &format!("{pad}/blokkeringen"), "\"2\"", Some(json!({ "reden": "Uit dienst." }))).await;
    assert_eq!(blokkeer.status, 201, "{}", blokkeer.body);
    huis.get(&iemand, "/ik").await.is(401, "geen-toegang");
    let weer = huis.met(&huis.organisatiebeheerder, "POST", &format!("{pad}/deblokkeringen"), &blokkeer.etag(), Some(json!({ "reden": "Terug." }))).await;
    assert_eq!(weer.status, 201, "{}", weer.body);
    assert_eq!(huis.get(&iemand, "/ik").await.status, 200);
}

#[actix_web::test]
async fn deblokkeren_maakt_alleen_actief_wie_zich_ooit_aanmeldde() {
    let huis = Huis::nieuw().await;
    let ob = &huis.organisatiebeheerder;
    let heen_en_weer = async |pad: &str| {
        for wat in ["blokkeringen", "deblokkeringen"] {
            let etag = huis.get(ob, pad).await.etag();
            let gedaan = huis.met(ob, "POST", &format!("{pad}/{wat}"), &etag, Some(json!({ "reden": "Vergissing." }))).await;
            assert_eq!(gedaan.status, 201, "{}", gedaan.body);
        }
        huis.get(ob, pad).await.body["status"].clone()
    };
    let nieuw = json!({ "organisatieId": ob.organisatie, "naam": "Nieuw", "email": "nieuw@voorbeeld.example" });
    let uitgenodigd = format!("/personen/{}", huis.post(ob, "/personen", nieuw).await.id());
    assert_eq!(heen_en_weer(&uitgenodigd).await, "uitgenodigd");
    // Wie bij zijn organisatie een identiteit heeft, was al eens binnen; ook als die koppeling later verviel.
    let kees = huis.persoon(ob, "Kees").await;
    let pad = format!("/personen/{}", kees.id);
    huis.zaai(move |tx| store::personen::koppel(tx, "https://idp.example", "kees", kees.id)).await;
    assert_eq!(heen_en_weer(&pad).await, "actief");
    huis.zaai(move |tx| store::personen::ontkoppel(tx, "https://idp.example", &[kees.id])).await;
    assert_eq!(heen_en_weer(&pad).await, "actief");
}

#[actix_web::test]
async fn een_persoon_registreren_bij_een_ander_is_403_met_wie_het_wel_mag() {
    let huis = Huis::nieuw().await;
    let nieuw = json!({ "organisatieId": huis.projectleider.organisatie, "naam": "Nieuw", "email": "nieuw@voorbeeld.example" });
    let geweigerd = huis.post(&huis.buitenstaander, "/personen", nieuw).await;
    geweigerd.is(403, "niet-bevoegd");
    assert!(geweigerd.body["detail"].as_str().unwrap_or_default().contains("lfb"), "{}", geweigerd.body);
}
