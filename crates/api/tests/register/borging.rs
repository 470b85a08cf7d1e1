//! Stap 6: wie live is ziet wat er te borgen is, legt vast wat gedaan is, en krijgt een taak als iets te laat is.

use domain::personen::Rol;
use serde_json::{Value, json};

use crate::afnames::{op_stand, open_afname, vragenlijst, vul_in};
use crate::huis::{Beller, Gezien, Huis};

/// Brengt het traject van het waterschap naar stap 6, met afwijkingen voor wat nog niet is vast te leggen.
pub(crate) async fn live(huis: &Huis) -> String {
    let pad = format!("/trajecten/{}", huis.traject().await);
    for stap in 1..=5 {
        let poort = huis.get(&huis.adviseur, &format!("{pad}/poorten/{stap}")).await.body;
        for v in poort["voorwaarden"].as_array().unwrap().iter().filter(|v| v["soort"] == "verplicht" && v["voldaan"] == false) {
            let afwijking = json!({ "voorwaarde": v["code"], "motivatie": "Op papier afgerond." });
            assert_eq!(op_stand(huis, &huis.adviseur, &pad, &format!("{pad}/afwijkingen"), afwijking).await.status, 201);
        }
        let verder = op_stand(huis, &huis.adviseur, &pad, &format!("{pad}/stapovergangen"), json!({ "naarStap": stap + 1 })).await;
        assert_eq!(verder.status, 201, "{}", verder.body);
    }
    pad
}

async fn leg_vast(huis: &Huis, wie: &Beller, pad: &str, moment: Value) -> Gezien {
    op_stand(huis, wie, pad, &format!("{pad}/borgingsmomenten"), moment).await
}

async fn punt(huis: &Huis, wie: &Beller, pad: &str, code: &str) -> Value {
    let punten = huis.get(wie, &format!("{pad}/borgingspunten")).await;
    punten.items().iter().find(|p| p["code"] == code).unwrap_or_else(|| panic!("{code}: {}", punten.body)).clone()
}

fn fallback(dag: &str) -> Value {
    json!({ "punt": "fallback-oefening", "gedaanDatum": dag })
}

#[actix_web::test]
async fn voor_de_go_live_is_te_lezen_wat_er_komt_en_valt_er_niets_vast_te_leggen() {
    let huis = Huis::nieuw().await;
    let pad = format!("/trajecten/{}", huis.traject().await);
    let punten = huis.get(&huis.projectleider, &format!("{pad}/borgingspunten")).await;
    assert_eq!(punten.items().len(), 9);
    assert!(punten.items().iter().all(|p| p["status"] == "nog-niet" && p["uiterlijkDatum"].is_null()), "{}", punten.body);
    leg_vast(&huis, &huis.projectleider, &pad, fallback("2027-01-01")).await.is(409, "traject-niet-live");
}

#[actix_web::test]
async fn wat_is_vastgelegd_staat_bij_het_punt_met_het_bewijs() {
    let huis = Huis::nieuw().await;
    let pad = live(&huis).await;
    assert_eq!(punt(&huis, &huis.projectleider, &pad, "overdracht-mens").await["uiterlijkDatum"], "2028-01-15", "een jaar na de go-live");
    let overdracht = json!({ "punt": "overdracht-mens", "gedaanDatum": "2027-01-10", "ontvanger": "Afdeling Opleiding", "toelichting": "Overgedragen." });
    let moment = leg_vast(&huis, &huis.projectleider, &pad, overdracht).await;
    let adres = format!("/v1{pad}/borgingsmomenten/{}", moment.id());
    assert_eq!((moment.kop("location"), moment.body["ontvanger"].as_str()), (adres.as_str(), Some("Afdeling Opleiding")));
    let overgedragen = punt(&huis, &huis.projectleider, &pad, "overdracht-mens").await;
    assert_eq!((&overgedragen["status"], &overgedragen["laatsteDatum"], &overgedragen["bewijs"]), (&json!("gedaan"), &json!("2027-01-10"), &json!(adres)));
    assert_eq!(huis.get(&huis.implementatieadviseur, adres.trim_start_matches("/v1")).await.body, moment.body, "wie het traject leest, leest het bewijs");
    assert_eq!(huis.get(&huis.projectleider, &format!("{pad}/borgingsmomenten")).await.items().len(), 1);
    let historie = huis.get(&huis.projectleider, &format!("{pad}/historie?limit=200")).await;
    assert!(historie.items().iter().any(|r| r["handeling"] == "borgingsmoment.vastgelegd"), "{}", historie.body);
    let stroom = huis.get(&huis.projectleider, "/gebeurtenissen?limit=200").await;
    assert!(stroom.items().iter().any(|g| g["type"] == "nl.crisispartners.borgingsmoment.vastgelegd.v1"), "{}", stroom.body);
}

#[actix_web::test]
async fn de_staande_organisatie_en_de_adviseur_borgen_en_een_ander_niet() {
    let huis = Huis::nieuw().await;
    let pad = live(&huis).await;
    let informatiefunctionaris = huis.persoon_met(&huis.projectleider, "Ilse", &[Rol::Informatiefunctionaris]).await;
    for wie in [&huis.projectleider, &huis.organisatiebeheerder, &informatiefunctionaris, &huis.adviseur] {
        assert_eq!(leg_vast(&huis, wie, &pad, fallback("2027-01-02")).await.status, 201);
    }
    let waarnemer = huis.persoon_met(&huis.projectleider, "Wim", &[Rol::Waarnemer]).await;
    for wie in [&huis.lfb, &huis.implementatieadviseur, &waarnemer] {
        leg_vast(&huis, wie, &pad, fallback("2027-01-02")).await.is(403, "niet-bevoegd");
    }
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    leg_vast(&huis, &script, &pad, fallback("2027-01-02")).await.is(403, "persoon-vereist");
    let etag = huis.get(&huis.adviseur, &pad).await.etag();
    for onder in ["borgingspunten", "borgingsmomenten"] {
        huis.get(&huis.buitenstaander, &format!("{pad}/{onder}")).await.is(404, "niet-gevonden");
    }
    let vreemd = huis.met(&huis.buitenstaander, "POST", &format!("{pad}/borgingsmomenten"), &etag, Some(fallback("2027-01-02"))).await;
    vreemd.is(404, "niet-gevonden");
}

#[actix_web::test]
async fn een_moment_dat_niet_klopt_wordt_geweigerd_met_alle_fouten_tegelijk() {
    let huis = Huis::nieuw().await;
    let pad = live(&huis).await;
    let fout = leg_vast(&huis, &huis.projectleider, &pad, json!({ "punt": "oto-programma", "gedaanDatum": "2027-01-16", "ontvanger": "Meldkamer" })).await;
    fout.wijst_aan("/gedaanDatum", "in-de-toekomst");
    fout.wijst_aan("/ontvanger", "ontvanger-past-niet");
    leg_vast(&huis, &huis.projectleider, &pad, json!({ "punt": "overdracht-proces", "gedaanDatum": "2027-01-15" }))
        .await
        .wijst_aan("/ontvanger", "ontvanger-verplicht");
    let afname = leg_vast(&huis, &huis.projectleider, &pad, json!({ "punt": "jaarlijkse-afname-snw-3", "gedaanDatum": "2027-01-15" })).await;
    afname.wijst_aan("/punt", "keuze");
    let naar = format!("{pad}/borgingsmomenten");
    huis.post(&huis.projectleider, &naar, fallback("2027-01-15")).await.is(428, "if-match-verplicht");
    huis.met(&huis.projectleider, "POST", &naar, "\"1\"", Some(fallback("2027-01-15"))).await.is(412, "versie-verouderd");
    assert!(huis.get(&huis.projectleider, &naar).await.items().is_empty());
}

#[actix_web::test]
async fn een_ingetrokken_moment_telt_niet_meer_en_blijft_te_zien() {
    let huis = Huis::nieuw().await;
    let pad = live(&huis).await;
    let goed = leg_vast(&huis, &huis.projectleider, &pad, fallback("2026-12-20")).await.id();
    let fout = leg_vast(&huis, &huis.projectleider, &pad, fallback("2027-01-14")).await.id();
    let intrekken = async |wie: &Beller, id: &str| {
        op_stand(&huis, wie, &pad, &format!("{pad}/borgingsmomenten/{id}/intrekkingen"), json!({ "reden": "Ging niet door." })).await
    };
    intrekken(&huis.implementatieadviseur, &fout).await.is(403, "niet-bevoegd");
    intrekken(&huis.projectleider, &huis.projectleider.id.to_string()).await.is(404, "niet-gevonden");
    assert_eq!(intrekken(&huis.organisatiebeheerder, &fout).await.body["intrekkingsreden"], "Ging niet door.");
    intrekken(&huis.projectleider, &fout).await.is(409, "borgingsmoment-ingetrokken");
    let geldt = punt(&huis, &huis.projectleider, &pad, "fallback-oefening").await;
    assert!(geldt["bewijs"].as_str().unwrap().ends_with(&goed), "{geldt}");
    assert_eq!(huis.get(&huis.projectleider, &format!("{pad}/borgingsmomenten")).await.items().len(), 2);
}

#[actix_web::test]
async fn wat_te_laat_is_wordt_een_taak_van_wie_aan_zet_is() {
    let huis = Huis::nieuw().await;
    let pad = live(&huis).await;
    let taken = async |wie: &Beller| -> Vec<String> {
        huis.get(wie, "/taken")
            .await
            .items()
            .iter()
            .map(|t| format!("{} {}", t["soort"].as_str().unwrap(), t["uiterlijkDatum"].as_str().unwrap_or("-")))
            .collect()
    };
    assert!(taken(&huis.projectleider).await.is_empty());
    leg_vast(&huis, &huis.projectleider, &pad, fallback("2025-06-01")).await.id();
    for wie in [&huis.projectleider, &huis.organisatiebeheerder] {
        assert_eq!(taken(wie).await, ["fallback-oefening 2026-06-01"]);
    }
    assert_eq!(punt(&huis, &huis.projectleider, &pad, "fallback-oefening").await["status"], "te-laat");
    assert!(taken(&huis.adviseur).await.is_empty() && taken(&huis.buitenstaander).await.is_empty() && taken(&huis.implementatieadviseur).await.is_empty());
    leg_vast(&huis, &huis.projectleider, &pad, fallback("2027-01-15")).await.id();
    assert!(taken(&huis.projectleider).await.is_empty(), "geoefend");
}

#[actix_web::test]
async fn een_gesloten_afname_is_het_bewijs_van_de_jaarlijkse_afname() {
    let huis = Huis::nieuw().await;
    let pad = live(&huis).await;
    let snw_3 = async || punt(&huis, &huis.projectleider, &pad, "jaarlijkse-afname-snw-3").await;
    assert!(snw_3().await["teDoen"].as_str().unwrap().contains("NIPV publiceert haar"), "zonder uitgave hoeft het niet");
    let lijst = vragenlijst(&huis).await;
    assert_eq!((&snw_3().await["status"], &snw_3().await["uiterlijkDatum"]), (&json!("nog-niet"), &json!("2027-12-31")));
    let (afname, invullingen) = open_afname(&huis, &lijst, pad.trim_start_matches("/trajecten/"), &[&huis.adviseur]).await;
    vul_in(&huis, &huis.adviseur, &afname, &invullingen[0], "ja").await;
    assert_eq!(op_stand(&huis, &huis.projectleider, &afname, &format!("{afname}/sluitingen"), json!({})).await.status, 201);
    let gedaan = snw_3().await;
    assert_eq!((&gedaan["status"], &gedaan["uiterlijkDatum"], &gedaan["laatsteDatum"]), (&json!("gedaan"), &json!("2028-12-31"), &json!("2027-01-10")));
    assert_eq!(gedaan["bewijs"], format!("/v1{afname}/resultaat"));
    assert_eq!(punt(&huis, &huis.projectleider, &pad, "jaarlijkse-afname-snw-1").await["status"], "nog-niet");
}
