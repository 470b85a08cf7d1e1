//! Afnames: wie is uitgenodigd vult in, gesloten is gesloten, en opmerkingen blijven binnen.

use serde_json::{Value, json};
use store::StoreError;

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
    open_afname_in(huis, (lijst, traject), ("2027-01-10", "2027-01-20"), waarnemers).await
}

/// Als [`open_afname`], in deze periode.
async fn open_afname_in(huis: &Huis, (lijst, traject): (&str, &str), (begin, eind): (&str, &str), waarnemers: &[&Beller]) -> (String, Vec<String>) {
    let body = json!({
        "organisatieId": huis.projectleider.organisatie, "vragenlijstId": lijst, "trajectId": traject, "aanleiding": "go-live",
        "titel": "Go-live oefening", "coordinatieniveau": "operationeel", "beginDatum": begin, "eindDatum": eind,
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
async fn wie_afnames_van_de_eigen_organisatie_beheert_mag_dat_ook_bij_haar_traject() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let body = json!({
        "organisatieId": huis.projectleider.organisatie, "vragenlijstId": lijst, "trajectId": traject, "aanleiding": "go-live",
        "titel": "Go-live oefening", "coordinatieniveau": "operationeel", "beginDatum": "2027-01-10", "eindDatum": "2027-01-20",
    });
    for wie in [&huis.organisatiebeheerder, &huis.projectleider, &huis.implementatieadviseur, &huis.adviseur] {
        let gemaakt = huis.post(wie, "/afnames", body.clone()).await;
        assert_eq!(gemaakt.status, 201, "{}", gemaakt.body);
    }
    // Wie geen afnames beheert, hoort dat; of het traject bestaat, zegt het antwoord niet.
    huis.post(&huis.buitenstaander, "/afnames", body).await.is(403, "niet-bevoegd");
}

#[actix_web::test]
async fn voor_en_na_de_periode_bestaat_de_afname_voor_een_waarnemer_niet() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.buitenstaander]).await;
    let eigen = format!("{pad}/invullingen/{}", invullingen[0]);
    for (begin, eind) in [("2027-01-02", "2027-01-14"), ("2027-01-16", "2027-01-20")] {
        let etag = huis.get(&huis.projectleider, &pad).await.etag();
        let periode = json!({ "beginDatum": begin, "eindDatum": eind });
        assert_eq!(huis.met(&huis.projectleider, "PATCH", &pad, &etag, Some(periode)).await.status, 200);
        for dicht in [pad.clone(), eigen.clone(), format!("{pad}/invullingen"), format!("{pad}/waarnemers"), format!("{pad}/resultaat")] {
            huis.get(&huis.buitenstaander, &dicht).await.is(404, "niet-gevonden");
        }
        assert!(huis.get(&huis.buitenstaander, "/afnames").await.items().is_empty());
        huis.vraag(&huis.buitenstaander, "PUT", &format!("{eigen}/antwoorden/1"), None, Some(json!({ "waarde": "ja" }))).await.is(404, "niet-gevonden");
        let reeks = json!({ "antwoorden": [{ "vraag": 1, "antwoord": { "waarde": "ja" } }] });
        huis.post(&huis.buitenstaander, &format!("{eigen}/antwoorden"), reeks).await.is(404, "niet-gevonden");
    }
}

#[actix_web::test]
async fn een_uitnodiging_geeft_geen_andere_afname_geen_andere_invulling_en_niets_van_de_organisatie() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.buitenstaander, &huis.adviseur]).await;
    let (andere, _) = open_afname(&huis, &lijst, &traject, &[&huis.adviseur]).await;
    for dicht in [
        andere.clone(),
        format!("{andere}/invullingen"),
        format!("{andere}/resultaat"),
        format!("{pad}/invullingen/{}", invullingen[1]),
        format!("{pad}/invullingen/{}/antwoorden", invullingen[1]),
        format!("/trajecten/{traject}"),
        format!("/organisaties/{}/personen", huis.projectleider.organisatie),
        format!("/personen/{}", huis.projectleider.id),
    ] {
        assert_eq!(huis.get(&huis.buitenstaander, &dicht).await.status, 404, "{dicht}");
    }
    assert_eq!(huis.get(&huis.buitenstaander, "/afnames").await.items().len(), 1);
    assert_eq!(huis.get(&huis.buitenstaander, &format!("{pad}/invullingen")).await.items().len(), 1, "alleen de eigen invulling");
    let etag = huis.get(&huis.projectleider, &format!("{pad}/waarnemers/{}", invullingen[0])).await.etag();
    assert_eq!(huis.met(&huis.projectleider, "DELETE", &format!("{pad}/waarnemers/{}", invullingen[0]), &etag, None).await.status, 204);
    huis.get(&huis.buitenstaander, &pad).await.is(404, "niet-gevonden");
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
async fn een_fout_antwoord_in_een_reeks_wordt_teruggemeld_en_de_rest_is_bewaard() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.adviseur]).await;
    let eigen = format!("{pad}/invullingen/{}", invullingen[0]);
    let op = "2027-01-15T07:00:00Z";
    let reeks = json!({ "antwoorden": [
        { "vraag": 1, "antwoord": { "waarde": "ja", "gegevenOp": op, "opmerking": "" } },
        { "vraag": 32, "antwoord": { "waarde": "ja", "gegevenOp": op } },
        { "vraag": 999, "antwoord": { "waarde": "ja", "gegevenOp": op } },
        { "vraag": 2, "antwoord": { "waarde": "misschien", "gegevenOp": op } },
        { "vraag": 3, "antwoord": { "waarde": "nee", "gegevenOp": op, "opmerking": "x".repeat(4_001) } },
        { "vraag": 4, "antwoord": { "waarde": "nee", "gegevenOp": op } },
    ] });
    let stuur = async || huis.post(&huis.adviseur, &format!("{eigen}/antwoorden"), reeks.clone()).await;
    let eerste = stuur().await;
    let wat = |antwoord: &Gezien| -> Vec<String> {
        let tekst = |u: &Value| format!("{} {} {}", u["vraag"], u["ontvangst"].as_str().unwrap(), u["fouten"][0]["code"].as_str().unwrap_or("-"));
        antwoord.body["uitkomsten"].as_array().unwrap().iter().map(tekst).collect()
    };
    let geweigerd = ["32 geweigerd vraag-niet-voor-niveau", "999 geweigerd vraag-onbekend", "2 geweigerd antwoord-onbekend", "3 geweigerd opmerking-te-lang"];
    assert_eq!((eerste.status, &eerste.body["nietBewaard"]), (200, &json!(4)), "{}", eerste.body);
    assert_eq!(wat(&eerste), [&["1 bewaard -"], &geweigerd[..], &["4 bewaard -"]].concat());
    assert_eq!(eerste.body["uitkomsten"][3]["fouten"][0]["location"], "/antwoord/waarde");
    assert_eq!(huis.get(&huis.adviseur, &eigen).await.body["beantwoord"], 2);
    assert_eq!(wat(&stuur().await), [&["1 al-bekend -"], &geweigerd[..], &["4 al-bekend -"]].concat(), "opnieuw sturen kan altijd");
    let een = async |vraag: i16, body: Value| huis.vraag(&huis.adviseur, "PUT", &format!("{eigen}/antwoorden/{vraag}"), None, Some(body)).await;
    een(3, json!({ "waarde": "nooit" })).await.wijst_aan("/waarde", "antwoord-onbekend");
    een(32, json!({ "waarde": "ja" })).await.wijst_aan("/vraag", "vraag-niet-voor-niveau");
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

#[actix_web::test]
async fn een_afname_telt_in_het_jaar_van_haar_eerste_dag_en_een_vastgesteld_jaar_verandert_niet_meer() {
    let huis = Huis::nieuw().await;
    let (lijst, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let wie = huis.projectleider.organisatie;
    // Gesloten op 15 januari 2027; de periode gaat eerst open en krijgt dan haar eigen dagen.
    let sluit = async |begin: &str| {
        let (pad, invullingen) = open_afname(&huis, &lijst, &traject, &[&huis.adviseur]).await;
        vul_in(&huis, &huis.adviseur, &pad, &invullingen[0], "ja").await;
        let etag = huis.get(&huis.projectleider, &pad).await.etag();
        let periode = json!({ "beginDatum": begin, "eindDatum": begin });
        assert_eq!(huis.met(&huis.projectleider, "PATCH", &pad, &etag, Some(periode)).await.status, 200);
        let gesloten = op_stand(&huis, &huis.projectleider, &pad, &format!("{pad}/sluitingen"), json!({})).await;
        assert_eq!(gesloten.status, 201, "{}", gesloten.body);
        (pad, gesloten.body["staatJaar"].clone())
    };
    let telt = async |jaar: i32| {
        let gelezen: Result<_, StoreError> = huis.app.store.read(move |conn| store::staat::bijdrage(conn, wie, "SNW-3", jaar)).await;
        gelezen.unwrap().map(|b| format!("/afnames/{}", b.afname_id))
    };
    let klopt = async || {
        let afwijkend: Result<_, StoreError> = huis.app.store.read(store::staat::hertel).await;
        assert_eq!(afwijkend.unwrap(), vec![]);
    };
    let (december, jaar) = sluit("2026-12-18").await;
    assert_eq!((jaar, telt(2026).await, telt(2027).await), (json!(2026), Some(december.clone()), None));
    let (maart, _) = sluit("2026-03-03").await;
    assert_eq!(telt(2026).await, Some(december.clone()), "de laatste van het jaar telt, niet de laatst geslotene");
    klopt().await;
    let heropen = json!({ "reden": "Verkeerde team" });
    assert_eq!(op_stand(&huis, &huis.adviseur, &december, &format!("{december}/heropeningen"), heropen).await.status, 201);
    assert_eq!(telt(2026).await, Some(maart), "een heropende telt niet mee, en een eerdere van dat jaar weer wel");
    let (_, te_laat) = sluit("2025-11-01").await;
    assert_eq!((te_laat, telt(2025).await), (Value::Null, None), "2025 is vastgesteld");
    klopt().await;
    let vorige = huis.get(&huis.projectleider, &format!("{}/resultaat", sluit("2027-01-04").await.0)).await;
    assert_eq!(vorige.body["vorige"]["beginDatum"], "2026-03-03", "vergeleken wordt met de afname die er naar haar eerste dag aan voorafging");
}

#[actix_web::test]
async fn een_organisatie_die_live_is_hoort_in_oktober_en_december_een_keer_welke_afname_ontbreekt() {
    let huis = Huis::nieuw().await;
    let _ = vragenlijst(&huis).await;
    let wie = huis.projectleider.organisatie;
    let live: Result<(), StoreError> = huis
        .app
        .store
        .write(store::Actor::default(), crate::huis::nu(), None, move |tx| {
            let oud = store::organisaties::get(tx.conn(), wie)?.unwrap();
            let nieuw = domain::organisaties::Organisatie { aansluitstatus: domain::organisaties::Aansluitstatus::Live, versie: oud.versie + 1, ..oud.clone() };
            store::organisaties::update(tx, &nieuw, oud.versie)?;
            tx.record(store::Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "zaad".into(), ..store::Change::default() })
        })
        .await;
    live.unwrap();
    // Vanaf 15 januari 2027: september, oktober, november, december.
    for (dagen, verwacht) in [(240, 0), (265, 2), (266, 0), (300, 0), (325, 2), (326, 0)] {
        huis.dagen_later(dagen);
        assert_eq!(api::workers::remind(&huis.app).await.unwrap(), verwacht, "na {dagen} dagen");
    }
}

#[actix_web::test]
async fn een_volgende_uitgave_die_haar_vragen_vertaalt_houdt_het_verschil_met_de_vorige_afname() {
    let huis = Huis::nieuw().await;
    let (eerste, traject) = (vragenlijst(&huis).await, huis.traject().await);
    let sluit = async |lijst: &str, begin: &str, waarde: &str| {
        let (pad, invullingen) = open_afname_in(&huis, (lijst, &traject), (begin, "2027-01-20"), &[&huis.adviseur]).await;
        vul_in(&huis, &huis.adviseur, &pad, &invullingen[0], waarde).await;
        assert_eq!(op_stand(&huis, &huis.projectleider, &pad, &format!("{pad}/sluitingen"), json!({})).await.status, 201);
        pad
    };
    let _ = sluit(&eerste, "2027-01-09", "nee").await;
    let mut inhoud = huis.get(&huis.lfb, &format!("/vragenlijsten/{eerste}/export")).await.body;
    inhoud["uitgave"] = json!("2.2");
    inhoud["vragen"][3]["vervolgOp"] = json!(4);
    huis.post(&huis.lfb, "/vragenlijsten", inhoud.clone()).await.wijst_aan("/vragen/3/vervolgOp", "vorige-uitgave-ontbreekt");
    inhoud["volgtOpUitgave"] = json!("2.1");
    inhoud["vragen"][4]["vervolgOp"] = json!(400);
    huis.post(&huis.lfb, "/vragenlijsten", inhoud.clone()).await.wijst_aan("/vragen/4/vervolgOp", "vraag-onbekend");
    inhoud["vragen"][4]["vervolgOp"] = json!(5);
    let tweede = huis.post(&huis.lfb, "/vragenlijsten", inhoud).await;
    let gepubliceerd = huis.met(&huis.lfb, "POST", &format!("/vragenlijsten/{}/publicaties", tweede.id()), &tweede.etag(), None).await;
    assert_eq!(gepubliceerd.status, 201, "{}", gepubliceerd.body);
    let bron = format!("/vragenlijsten/{eerste}");
    let ingetrokken = op_stand(&huis, &huis.lfb, &bron, &format!("{bron}/intrekkingen"), json!({ "reden": "Vervangen door 2.2." })).await;
    assert_eq!(ingetrokken.status, 201, "{}", ingetrokken.body);
    let nog_eens = json!({
        "organisatieId": huis.projectleider.organisatie, "vragenlijstId": eerste, "aanleiding": "oefening", "titel": "Te laat",
        "coordinatieniveau": "tactisch", "beginDatum": "2027-01-10", "eindDatum": "2027-01-20",
    });
    huis.post(&huis.projectleider, "/afnames", nog_eens).await.is(409, "vragenlijst-niet-gepubliceerd");
    let pad = sluit(&tweede.id(), "2027-01-12", "ja").await;
    let uit = huis.get(&huis.projectleider, &format!("{pad}/resultaat")).await.body;
    let verschil = |vraag: usize| uit["vragen"][vraag - 1]["verschil"].clone();
    assert_eq!((&uit["uitgave"], &uit["vorige"]["uitgave"]), (&json!("2.2"), &json!("2.1")));
    assert_eq!((verschil(4), verschil(5), verschil(1)), (json!(1.0), json!(1.0), Value::Null), "alleen wat vertaald is, wordt vergeleken");
    assert_eq!(uit["totaal"]["verschil"], 1.0);
}
