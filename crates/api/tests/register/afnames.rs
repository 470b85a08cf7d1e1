//! Afnames: wie is uitgenodigd vult in, gesloten is gesloten, en opmerkingen blijven binnen.

use serde_json::{Value, json};

use crate::huis::{Beller, Gezien, Huis};

/// Vragenlijst 3, geladen en gepubliceerd door NIPV.
pub(crate) async fn vragenlijst(huis: &Huis) -> String {
    let inhoud: Value = serde_json::from_str(include_str!("../../../../data/vragenlijst-3.json")).unwrap();
    let concept = huis.post(&huis.adviseur, "/vragenlijsten", inhoud).await;
    let id = concept.id();
    let gepubliceerd = huis.met(&huis.adviseur, "POST", &format!("/vragenlijsten/{id}/publicaties"), &concept.etag(), None).await;
    assert_eq!(gepubliceerd.status, 201, "{}", gepubliceerd.body);
    id
}

/// Op de stand die de bron nu heeft.
pub(crate) async fn op_stand(huis: &Huis, wie: &Beller, bron: &str, pad: &str, body: Value) -> Gezien {
    let etag = huis.get(wie, bron).await.etag();
    huis.met(wie, "POST", pad, &etag, Some(body)).await
}

/// Een open afname van het waterschap in haar traject, met deze waarnemers; geeft de afname en hun invullingen.
pub(crate) async fn open_afname(huis: &Huis, lijst: &str, traject: &str, waarnemers: &[&Beller]) -> (String, Vec<String>) {
    let body = json!({
        "organisatieId": huis.projectleider.organisatie, "vragenlijstId": lijst, "trajectId": traject, "aanleiding": "go-live",
        "titel": "Go-live oefening", "coordinatieniveau": "operationeel", "beginDatum": "2027-01-10", "eindDatum": "2027-01-20",
    });
    let afname = huis.post(&huis.projectleider, "/afnames", body).await.id();
    let pad = format!("/afnames/{afname}");
    let mut invullingen = Vec::new();
    for wie in waarnemers {
        invullingen.push(huis.post(&huis.projectleider, &format!("{pad}/waarnemers"), json!({ "persoonId": wie.id })).await.id());
    }
    let geopend = huis.met(&huis.projectleider, "POST", &format!("{pad}/openingen"), &huis.get(&huis.projectleider, &pad).await.etag(), None).await;
    assert_eq!(geopend.status, 201, "{}", geopend.body);
    (pad, invullingen)
}

pub(crate) const KERNVRAGEN: [i16; 14] = [1, 4, 5, 6, 7, 8, 16, 21, 22, 23, 24, 29, 30, 34];

/// Beantwoordt alle kernvragen en dient in.
pub(crate) async fn vul_in(huis: &Huis, wie: &Beller, pad: &str, invulling: &str, waarde: &str) {
    let antwoorden: Vec<Value> =
        KERNVRAGEN.iter().map(|v| json!({ "vraag": v, "antwoord": { "waarde": waarde, "opmerking": format!("Opmerking bij {v}") } })).collect();
    let gestuurd = huis.post(wie, &format!("{pad}/invullingen/{invulling}/antwoorden"), json!({ "antwoorden": antwoorden })).await;
    assert_eq!(gestuurd.status, 200, "{}", gestuurd.body);
    let eigen = format!("{pad}/invullingen/{invulling}");
    let ingediend = op_stand(huis, wie, &eigen, &format!("{eigen}/indieningen"), json!({})).await;
    assert_eq!(ingediend.status, 201, "{}", ingediend.body);
}

#[actix_web::test]
async fn wie_niet_is_uitgenodigd_ziet_de_afname_niet_en_wie_wel_is_uitgenodigd_alleen_deze() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, _) = open_afname(&huis, &lijst, &traject, &[]).await;
    huis.get(&huis.buitenstaander, &pad).await.is(404, "niet-gevonden");
    assert!(huis.get(&huis.buitenstaander, "/afnames").await.items().is_empty());
    let invulling = huis.post(&huis.projectleider, &format!("{pad}/waarnemers"), json!({ "persoonId": huis.buitenstaander.id })).await;
    assert_eq!(invulling.body["hoedanigheid"], "buurorganisatie");
    assert_eq!(huis.get(&huis.buitenstaander, &pad).await.status, 200);
    assert_eq!(huis.get(&huis.buitenstaander, "/afnames").await.items().len(), 1);
    huis.get(&huis.buitenstaander, &format!("/trajecten/{traject}")).await.is(404, "niet-gevonden");
    huis.get(&huis.buitenstaander, &format!("{pad}/resultaat")).await.is(403, "niet-bevoegd");
    huis.met(&huis.buitenstaander, "PATCH", &pad, "\"2\"", Some(json!({ "titel": "Anders" }))).await.is(403, "niet-bevoegd");
}

#[actix_web::test]
async fn buiten_de_periode_bestaat_de_afname_voor_een_waarnemer_niet_meer() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.buitenstaander]).await;
    let etag = huis.get(&huis.projectleider, &pad).await.etag();
    let eerder = json!({ "beginDatum": "2027-01-02", "eindDatum": "2027-01-03" });
    assert_eq!(huis.met(&huis.projectleider, "PATCH", &pad, &etag, Some(eerder)).await.status, 200);
    huis.get(&huis.buitenstaander, &pad).await.is(404, "niet-gevonden");
    assert!(huis.get(&huis.buitenstaander, "/afnames").await.items().is_empty());
    let antwoord = format!("{pad}/invullingen/{}/antwoorden/1", invullingen[0]);
    huis.vraag(&huis.buitenstaander, "PUT", &antwoord, None, Some(json!({ "waarde": "ja" }))).await.is(404, "niet-gevonden");
}

#[actix_web::test]
async fn een_waarnemer_vult_alleen_de_eigen_invulling_en_de_manager_geen_enkele() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.organisatiebeheerder, &huis.adviseur]).await;
    let geef = async |wie: &Beller, invulling: &str| {
        huis.vraag(wie, "PUT", &format!("{pad}/invullingen/{invulling}/antwoorden/1"), None, Some(json!({ "waarde": "ja" }))).await
    };
    assert_eq!(geef(&huis.organisatiebeheerder, &invullingen[0]).await.status, 200);
    geef(&huis.organisatiebeheerder, &invullingen[1]).await.is(404, "niet-gevonden");
    geef(&huis.projectleider, &invullingen[0]).await.is(403, "niet-bevoegd");
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    assert_eq!(geef(&script, &invullingen[0]).await.status, 404);
    huis.get(&huis.projectleider, &format!("{pad}/invullingen/{}", invullingen[0])).await.is(404, "niet-gevonden");
}

#[actix_web::test]
async fn fouten_in_antwoorden_worden_aangewezen_en_dan_is_niets_bewaard() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.adviseur]).await;
    let eigen = format!("{pad}/invullingen/{}", invullingen[0]);
    let fout = json!({ "antwoorden": [
        { "vraag": 1, "antwoord": { "waarde": "ja" } }, { "vraag": 32, "antwoord": { "waarde": "ja" } },
        { "vraag": 99, "antwoord": { "waarde": "ja" } }, { "vraag": 2, "antwoord": { "waarde": "misschien" } },
    ] });
    let antwoord = huis.post(&huis.adviseur, &format!("{eigen}/antwoorden"), fout).await;
    antwoord.wijst_aan("/antwoorden/1/vraag", "vraag-niet-voor-niveau");
    antwoord.wijst_aan("/antwoorden/2/vraag", "vraag-onbekend");
    antwoord.wijst_aan("/antwoorden/3/antwoord/waarde", "antwoord-onbekend");
    assert_eq!(huis.get(&huis.adviseur, &eigen).await.body["beantwoord"], 0);
    let een = huis.vraag(&huis.adviseur, "PUT", &format!("{eigen}/antwoorden/3"), None, Some(json!({ "waarde": "nooit" }))).await;
    een.wijst_aan("/waarde", "antwoord-onbekend");
}

#[actix_web::test]
async fn strijd_tussen_twee_apparaten_houdt_indienen_tegen_tot_de_waarnemer_kiest() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.adviseur]).await;
    let eigen = format!("{pad}/invullingen/{}", invullingen[0]);
    let geef = async |body: Value| huis.vraag(&huis.adviseur, "PUT", &format!("{eigen}/antwoorden/1"), None, Some(body)).await;
    geef(json!({ "waarde": "ja", "apparaat": "telefoon", "gegevenOp": "2027-01-15T07:00:00Z" })).await;
    let strijd = geef(json!({ "waarde": "nee", "apparaat": "tablet", "gegevenOp": "2027-01-15T07:01:00Z" })).await;
    assert_eq!((strijd.status, &strijd.body["ontvangst"]), (200, &json!("strijdig")));
    let indienen = async || op_stand(&huis, &huis.adviseur, &eigen, &format!("{eigen}/indieningen"), json!({})).await;
    indienen().await.is(409, "antwoorden-in-strijd");
    geef(json!({ "waarde": "deels", "apparaat": "telefoon", "gegevenOp": "2027-01-15T07:02:00Z", "gezienOp": "2027-01-15T07:01:00Z" })).await;
    assert_eq!(indienen().await.status, 201);
    geef(json!({ "waarde": "ja" })).await.is(409, "invulling-ingediend");
    assert_eq!(huis.get(&huis.adviseur, &format!("{eigen}/antwoorden")).await.body["items"].as_array().unwrap().len(), 3, "niets is verloren");
}

#[actix_web::test]
async fn sluiten_legt_vast_en_alleen_nipv_heropent_met_een_reden() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.adviseur, &huis.buitenstaander]).await;
    let sluiten = async |wie: &Beller| op_stand(&huis, wie, &pad, &format!("{pad}/sluitingen"), json!({})).await;
    let dicht = sluiten(&huis.projectleider).await;
    dicht.is(409, "kernvraag-zonder-antwoord");
    assert_eq!(dicht.body["ontbreekt"].as_array().unwrap().len(), 14);
    vul_in(&huis, &huis.adviseur, &pad, &invullingen[0], "deels").await;
    assert_eq!(sluiten(&huis.projectleider).await.status, 201);
    let antwoord = format!("{pad}/invullingen/{}/antwoorden/1", invullingen[1]);
    huis.vraag(&huis.buitenstaander, "PUT", &antwoord, None, Some(json!({ "waarde": "ja" }))).await.is(409, "afname-gesloten");
    let heropen = json!({ "reden": "Verkeerde team", "waarnemers": [invullingen[0]] });
    op_stand(&huis, &huis.projectleider, &pad, &format!("{pad}/heropeningen"), heropen.clone()).await.is(403, "niet-bevoegd");
    assert_eq!(op_stand(&huis, &huis.adviseur, &pad, &format!("{pad}/heropeningen"), heropen).await.status, 201);
    assert_eq!(huis.vraag(&huis.buitenstaander, "PUT", &antwoord, None, Some(json!({ "waarde": "ja" }))).await.status, 200);
    let weer = format!("{pad}/invullingen/{}/antwoorden/2", invullingen[0]);
    assert_eq!(huis.vraag(&huis.adviseur, "PUT", &weer, None, Some(json!({ "waarde": "ja" }))).await.status, 200, "de genoemde waarnemer mag weer");
    assert_eq!(huis.get(&huis.projectleider, &format!("{pad}/heropeningen")).await.items()[0]["reden"], "Verkeerde team");
}

#[actix_web::test]
async fn opmerkingen_zijn_voor_de_organisatie_haar_partners_en_nipv_en_niet_voor_een_buur() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.adviseur, &huis.buitenstaander]).await;
    vul_in(&huis, &huis.adviseur, &pad, &invullingen[0], "nee").await;
    vul_in(&huis, &huis.buitenstaander, &pad, &invullingen[1], "ja").await;
    assert_eq!(op_stand(&huis, &huis.projectleider, &pad, &format!("{pad}/sluitingen"), json!({})).await.status, 201);
    for wie in [&huis.projectleider, &huis.implementatieadviseur, &huis.adviseur, &huis.lfb] {
        let gezien = huis.get(wie, &format!("{pad}/resultaat")).await;
        assert_eq!(gezien.body["vragen"][0]["opmerkingen"].as_array().map(Vec::len), Some(2), "{}", gezien.body);
        assert_eq!((&gezien.body["totaal"]["score"], &gezien.body["schaalVoorlopig"]), (&json!(0.5), &json!(true)));
    }
    let buur = huis.get(&huis.buitenstaander, &format!("{pad}/resultaat")).await;
    assert_eq!((buur.status, &buur.body["vragen"][0]["opmerkingen"]), (200, &Value::Null));
    assert!(!buur.body.to_string().contains("Opmerking bij"));
    huis.get(&huis.buitenstaander, &format!("{pad}/antwoorden")).await.is(403, "niet-bevoegd");
    let poort = huis.get(&huis.projectleider, &format!("/trajecten/{traject}/poorten/5")).await;
    let regel = poort.body["voorwaarden"].as_array().unwrap().iter().find(|v| v["code"] == "vragenlijst-3-gesloten").unwrap().clone();
    assert_eq!((&regel["voldaan"], regel["ontbreekt"].as_str().unwrap().contains("adoptiepartner")), (&json!(false), true));
}

#[actix_web::test]
async fn nipv_laadt_vragenlijst_1_zonder_een_regel_programma_en_een_ander_ziet_het_concept_niet() {
    let huis = Huis::nieuw().await;
    let lijst = json!({
        "code": "SNW-1", "uitgave": "1.0", "titel": "Vragenlijst 1", "onderwerp": "Hoe is de werkwijze geborgd?",
        "categorieen": [{ "code": "borging", "titel": "Borging" }],
        "vragen": [{ "nummer": 1, "categorie": "borging", "kernvraag": true, "vraag": "Is er een beheerplan?" }],
        "antwoordschaal": { "code": "ja-nee", "voorlopig": false, "waarden": [{ "code": "ja", "label": "Ja", "score": 1 }, { "code": "nee", "label": "Nee", "score": 0 }] },
    });
    huis.post(&huis.projectleider, "/vragenlijsten", lijst.clone()).await.is(403, "niet-bevoegd");
    let concept = huis.post(&huis.lfb, "/vragenlijsten", lijst.clone()).await;
    let pad = format!("/vragenlijsten/{}", concept.id());
    huis.get(&huis.projectleider, &pad).await.is(404, "niet-gevonden");
    let afname = json!({ "organisatieId": huis.projectleider.organisatie, "vragenlijstId": concept.body["id"], "aanleiding": "jaarlijks", "titel": "2027", "beginDatum": "2027-01-10", "eindDatum": "2027-01-20" });
    huis.post(&huis.projectleider, "/afnames", afname.clone()).await.is(409, "vragenlijst-niet-gepubliceerd");
    assert_eq!(huis.met(&huis.lfb, "POST", &format!("{pad}/publicaties"), &concept.etag(), None).await.status, 201);
    assert_eq!(huis.get(&huis.projectleider, &format!("{pad}/export")).await.body["vragen"], lijst["vragen"]);
    huis.met(&huis.lfb, "PUT", &pad, "\"2\"", Some(lijst)).await.is(409, "vragenlijst-ligt-vast");
    assert_eq!(huis.post(&huis.projectleider, "/afnames", afname).await.status, 201);
    let schema = huis.get(&huis.projectleider, "/vragenlijsten/_schema").await;
    assert_eq!(schema.body["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[actix_web::test]
async fn een_waarnemer_die_niet_indiende_krijgt_vlak_voor_het_einde_een_keer_bericht() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.adviseur, &huis.buitenstaander]).await;
    vul_in(&huis, &huis.adviseur, &pad, &invullingen[0], "ja").await;
    assert_eq!(api::workers::remind(&huis.app).await.unwrap(), 0, "het einde is nog niet in zicht");
    let etag = huis.get(&huis.projectleider, &pad).await.etag();
    assert_eq!(huis.met(&huis.projectleider, "PATCH", &pad, &etag, Some(json!({ "eindDatum": "2027-01-17" }))).await.status, 200);
    assert_eq!(api::workers::remind(&huis.app).await.unwrap(), 1, "alleen wie nog niet indiende");
    assert_eq!(api::workers::remind(&huis.app).await.unwrap(), 0, "en maar een keer");
}
