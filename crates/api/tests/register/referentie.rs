//! Referentiegegevens: NIPV beheert, iedereen leest, gepubliceerd verandert niet.

use serde_json::json;

use crate::huis::{Huis, inhoud};

#[actix_web::test]
async fn een_gepubliceerd_stappenplan_verandert_nooit_meer() {
    let huis = Huis::nieuw().await;
    let plan = huis.post(&huis.lfb, "/stappenplannen", json!({ "code": "2027", "titel": "Plan", "inhoud": inhoud() })).await;
    let pad = format!("/stappenplannen/{}", plan.id());
    huis.get(&huis.projectleider, &pad).await.is(404, "niet-gevonden");
    assert!(huis.get(&huis.projectleider, "/stappenplannen").await.items().is_empty());
    let gewijzigd = huis.met(&huis.adviseur, "PATCH", &pad, &plan.etag(), Some(json!({ "titel": "Plan 2027" }))).await;
    assert_eq!(gewijzigd.status, 200, "{}", gewijzigd.body);
    huis.met(&huis.projectleider, "POST", &format!("{pad}/publicaties"), &gewijzigd.etag(), None).await.is(404, "niet-gevonden");
    let gepubliceerd = huis.met(&huis.lfb, "POST", &format!("{pad}/publicaties"), &gewijzigd.etag(), None).await;
    assert_eq!((gepubliceerd.status, gepubliceerd.body["status"].as_str()), (201, Some("gepubliceerd")));
    huis.met(&huis.lfb, "PATCH", &pad, &gepubliceerd.etag(), Some(json!({ "titel": "Toch anders" }))).await.is(409, "stappenplan-vastgesteld");
    huis.met(&huis.lfb, "POST", &format!("{pad}/publicaties"), &gepubliceerd.etag(), None).await.is(409, "stappenplan-vastgesteld");
    assert_eq!(huis.get(&huis.projectleider, &pad).await.body["titel"], "Plan 2027");
}

#[actix_web::test]
async fn een_ingetrokken_stappenplan_blijft_voor_lopende_trajecten_en_begint_geen_nieuwe() {
    let huis = Huis::nieuw().await;
    let traject = huis.traject().await;
    let plan_id = huis.get(&huis.lfb, &format!("/trajecten/{traject}")).await.body["stappenplanId"].as_str().unwrap().to_owned();
    let pad = format!("/stappenplannen/{plan_id}");
    let plan = huis.get(&huis.lfb, &pad).await;
    let reden = Some(json!({ "reden": "Vervangen door de versie van 2027." }));
    huis.met(&huis.projectleider, "POST", &format!("{pad}/intrekkingen"), &plan.etag(), reden.clone()).await.is(403, "niet-bevoegd");
    let ingetrokken = huis.met(&huis.lfb, "POST", &format!("{pad}/intrekkingen"), &plan.etag(), reden.clone()).await;
    assert_eq!((ingetrokken.status, ingetrokken.body["status"].as_str()), (201, Some("ingetrokken")));
    huis.met(&huis.lfb, "POST", &format!("{pad}/intrekkingen"), &ingetrokken.etag(), reden.clone()).await.is(409, "stappenplan-ingetrokken");
    // Het lopende traject leest zijn versie nog.
    assert_eq!(huis.get(&huis.projectleider, &pad).await.body["status"], "ingetrokken");
    assert_eq!(huis.get(&huis.projectleider, &format!("/trajecten/{traject}/poorten")).await.status, 200);
    // Een nieuw traject begint er niet mee, ook niet vanzelf.
    let nieuw = json!({ "organisatieId": huis.buitenstaander.organisatie, "stappenplanId": plan_id });
    huis.post(&huis.lfb, "/trajecten", nieuw).await.is(409, "stappenplan-niet-gepubliceerd");
    huis.post(&huis.lfb, "/trajecten", json!({ "organisatieId": huis.buitenstaander.organisatie })).await.is(409, "stappenplan-niet-gepubliceerd");
    // Een concept is niet in te trekken.
    let concept = huis.post(&huis.lfb, "/stappenplannen", json!({ "code": "2027", "titel": "Plan", "inhoud": inhoud() })).await;
    let concept_pad = format!("/stappenplannen/{}/intrekkingen", concept.id());
    huis.met(&huis.lfb, "POST", &concept_pad, &concept.etag(), reden).await.is(409, "stappenplan-niet-gepubliceerd");
}

#[actix_web::test]
async fn een_stappenplan_met_fouten_noemt_ze_allemaal() {
    let huis = Huis::nieuw().await;
    let mut fout = inhoud();
    fout["fasen"][0]["stappen"][0]["nummer"] = json!(2);
    fout["processchema"][0]["items"] = json!([{ "code": "a", "titel": "A" }, { "code": "a", "titel": "B" }]);
    let geweigerd = huis.post(&huis.lfb, "/stappenplannen", json!({ "code": "2027", "titel": "  ", "inhoud": fout })).await;
    geweigerd.wijst_aan("/titel", "leeg");
    geweigerd.wijst_aan("/inhoud/fasen", "stappen-ongeldig");
    geweigerd.wijst_aan("/inhoud/processchema/0/items/1/code", "dubbel");
}

#[actix_web::test]
async fn nipv_beheert_de_codelijsten_en_iedereen_leest_ze() {
    let huis = Huis::nieuw().await;
    huis.post(&huis.projectleider, "/sectoren", json!({ "code": "water", "naam": "Water" })).await.is(403, "niet-bevoegd");
    let sector = huis.post(&huis.lfb, "/sectoren", json!({ "code": "water", "naam": "Water" })).await;
    assert_eq!(sector.status, 201, "{}", sector.body);
    huis.post(&huis.lfb, "/sectoren", json!({ "code": "water", "naam": "Nog eens" })).await.is(409, "bestaat-al");
    let vervallen = huis.met(&huis.lfb, "PATCH", "/sectoren/water", &sector.etag(), Some(json!({ "vervallen": true }))).await;
    assert_eq!(vervallen.body["vervallen"], true);
    assert_eq!(huis.get(&huis.buitenstaander, "/sectoren").await.items().len(), 1);
    huis.post(&huis.lfb, "/organisaties", json!({ "naam": "N", "sectorCode": "water" })).await.wijst_aan("/sectorCode", "sector-onbekend");
    let vorm = json!({ "code": "volledig", "naam": "Volledig", "omschrijving": "De hele organisatie." });
    assert_eq!(huis.post(&huis.lfb, "/aansluitvormen", vorm).await.status, 201);
    assert_eq!(huis.get(&huis.buitenstaander, "/aansluitvormen/volledig").await.status, 200);
    huis.get(&huis.buitenstaander, "/aansluitvormen/niets").await.is(404, "niet-gevonden");
}
