//! De hele weg van een traject: beginnen, stappen met afwijkingen, live, en wat iedereen daarvan ziet.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use e2e::{Loket, Wie};
use serde_json::{Value, json};

async fn stap(loket: &Loket, traject: &str, naar: i16) -> e2e::Antwoord {
    loket.als(Wie::Adviseur).op_versie("POST", traject, &format!("{traject}/stapovergangen"), json!({ "naarStap": naar })).await
}

async fn afwijken(loket: &Loket, traject: &str, stap: i16) {
    let poort = loket.als(Wie::Adviseur).lees(&format!("{traject}/poorten/{stap}")).await.ok(200);
    for v in poort["voorwaarden"].as_array().unwrap() {
        if v["soort"] == "verplicht" && v["voldaan"] == false && v.get("afwijkingId").is_none() {
            let verzoek = json!({ "voorwaarde": v["code"], "motivatie": "Buiten dit systeem vastgesteld." });
            let _ = loket.als(Wie::Adviseur).op_versie("POST", traject, &format!("{traject}/afwijkingen"), verzoek).await.ok(201);
        }
    }
}

#[tokio::test]
async fn een_organisatie_gaat_van_stap_een_naar_live() {
    for loket in Loket::alle() {
        let (lfb, adviseur) = (loket.als(Wie::Lfb), loket.als(Wie::Adviseur));
        let o = lfb.maak("/v1/organisaties", json!({ "naam": "Omroep Voorbeeld", "emaildomeinen": ["omroep.example"] })).await.ok(201);
        let traject = adviseur.maak("/v1/trajecten", json!({ "organisatieId": o["id"] })).await.ok(201);
        assert_eq!((traject["stap"].as_i64(), traject["fase"].as_i64(), &traject["status"]), (Some(1), Some(1), &json!("lopend")));
        let t = format!("/v1/trajecten/{}", traject["id"].as_str().unwrap());
        let dubbel = adviseur.maak("/v1/trajecten", json!({ "organisatieId": o["id"] })).await;
        assert_eq!((dubbel.status, dubbel.code()), (409, "traject-loopt-al"), "{}", loket.database);

        let activiteiten = adviseur.lees(&format!("{t}/activiteiten?limit=200")).await.ok(200);
        assert_eq!(activiteiten["items"].as_array().unwrap().len(), 32);

        let dicht = stap(&loket, &t, 2).await;
        assert_eq!((dicht.status, dicht.code()), (409, "poort-niet-voldaan"));
        assert!(dicht.json.to_string().contains("verkenning-conclusie"), "{:#}", dicht.json);

        afwijken(&loket, &t, 1).await;
        let _ = stap(&loket, &t, 2).await.ok(201);
        let _ = adviseur.op_versie("PATCH", &t, &t, json!({ "aansluitvorm": { "code": "volledig", "motivatie": "past" } })).await.ok(200);
        let _ = stap(&loket, &t, 3).await.ok(201);

        let partner = json!({ "organisatieId": loket.organisatie("netwerkhuis"), "rol": "implementatiepartner" });
        let _ = adviseur.op_versie("POST", &t, &format!("{t}/partijen"), partner).await.ok(201);
        let leider = json!({ "organisatieId": o["id"], "naam": "Daan Voorbeeld", "email": "daan@omroep.example", "rollen": ["projectleider"] });
        let _ = lfb.maak("/v1/personen", leider).await.ok(201);
        let poort = adviseur.lees(&format!("{t}/poorten/3")).await.ok(200);
        let open: Vec<&Value> = poort["voorwaarden"].as_array().unwrap().iter().filter(|v| v["voldaan"] == false).map(|v| &v["code"]).collect();
        assert_eq!(open, [&json!("plan-van-aanpak-vastgesteld")]);
        for nu in 3..=5 {
            afwijken(&loket, &t, nu).await;
            let _ = stap(&loket, &t, nu + 1).await.ok(201);
        }

        let live = adviseur.lees(&t).await.ok(200);
        assert_eq!((&live["status"], live["stap"].as_i64()), (&json!("live"), Some(6)));
        let o = lfb.lees(&format!("/v1/organisaties/{}", o["id"].as_str().unwrap())).await.ok(200);
        assert_eq!(o["aansluitstatus"], "live");
        let overgangen = adviseur.lees(&format!("{t}/stapovergangen")).await.ok(200);
        assert_eq!(overgangen["items"].as_array().unwrap().len(), 5);
        let historie = adviseur.lees(&format!("{t}/historie?limit=200")).await.ok(200);
        assert!(historie["items"].as_array().unwrap().iter().any(|r| r["handeling"] == "afwijking.verleend"));

        // Stay-live: wat is vastgelegd staat bij het punt, en wat een jaar niet gedaan is, is te laat.
        let stand = async |code: &str| {
            let punten = adviseur.lees(&format!("{t}/borgingspunten")).await.ok(200);
            punten["items"].as_array().unwrap().iter().find(|p| p["code"] == code).unwrap()["status"].as_str().unwrap().to_owned()
        };
        assert_eq!(stand("fallback-oefening").await, "nog-niet");
        for (moment, verwacht) in [
            (json!({ "punt": "overdracht-techniek", "gedaanDatum": "2026-01-05", "ontvanger": "Afdeling ICT" }), "gedaan"),
            (json!({ "punt": "fallback-oefening", "gedaanDatum": "2020-01-05" }), "te-laat"),
        ] {
            let vastgelegd = adviseur.op_versie("POST", &t, &format!("{t}/borgingsmomenten"), moment).await.ok(201);
            assert_eq!(stand(vastgelegd["punt"].as_str().unwrap()).await, verwacht, "{}", loket.database);
        }

        // Terug van live: ook de organisatie is dan niet meer live.
        let terug = json!({ "naarStap": 5, "reden": "De inrichting wordt opnieuw getest." });
        let _ = adviseur.op_versie("POST", &t, &format!("{t}/stapovergangen"), terug).await.ok(201);
        let o = lfb.lees(&format!("/v1/organisaties/{}", o["id"].as_str().unwrap())).await.ok(200);
        assert_eq!(o["aansluitstatus"], "in-traject");
        assert_eq!(stand("fallback-oefening").await, "nog-niet", "wie niet live is, is niet te laat");
    }
}

#[tokio::test]
async fn pauzeren_beeindigen_en_heropenen_volgen_de_regels() {
    for loket in Loket::alle() {
        let adviseur = loket.als(Wie::Adviseur);
        let o = loket.als(Wie::Lfb).maak("/v1/organisaties", json!({ "naam": "Haven Voorbeeld" })).await.ok(201);
        let t = adviseur.maak("/v1/trajecten", json!({ "organisatieId": o["id"] })).await.ok(201);
        let t = format!("/v1/trajecten/{}", t["id"].as_str().unwrap());
        let doe = async |naam: &str, lichaam: Value| adviseur.op_versie("POST", &t, &format!("{t}/{naam}"), lichaam).await;
        let _ = doe("pauzeringen", json!({ "reden": "fusie" })).await.ok(201);
        assert_eq!(doe("stapovergangen", json!({ "naarStap": 2 })).await.code(), "traject-gepauzeerd");
        let _ = doe("hervattingen", json!({})).await.ok(201);
        assert_eq!(doe("beeindigingen", json!({ "reden": "geen-geschikte-aansluitvorm", "toelichting": "x" })).await.code(), "reden-past-niet");
        let _ = doe("beeindigingen", json!({ "reden": "geen-meerwaarde", "toelichting": "De knelpunten liggen elders." })).await.ok(201);
        assert_eq!(doe("stapovergangen", json!({ "naarStap": 2 })).await.code(), "traject-beeindigd");
        let nieuw = adviseur.maak("/v1/trajecten", json!({ "organisatieId": o["id"] })).await.ok(201);
        assert_eq!(doe("heropeningen", json!({ "reden": "herzien" })).await.code(), "traject-loopt-al", "{}", nieuw["kenmerk"]);
    }
}

#[tokio::test]
async fn de_stroom_van_gebeurtenissen_laat_elke_wijziging_een_keer_zien() {
    for loket in Loket::alle() {
        let lfb = loket.als(Wie::Lfb);
        let mut gezien: Vec<i64> = Vec::new();
        let mut pad = "/v1/gebeurtenissen?limit=7".to_owned();
        loop {
            let blad = lfb.lees(&pad).await.ok(200);
            for g in blad["items"].as_array().unwrap() {
                assert_eq!(g["specversion"], "1.0");
                assert!(g["source"].as_str().unwrap().starts_with("urn:nld:oin:"));
                assert!(!g.to_string().contains("@nipv.example"), "geen persoonsgegevens: {g}");
                gezien.push(g["sequence"].as_str().unwrap().parse().unwrap());
            }
            let Some(next) = blad["_links"]["next"]["href"].as_str() else { break };
            pad = next.strip_prefix("http").map_or_else(|| next.to_owned(), |rest| rest[rest.find("/v1").unwrap()..].to_owned());
        }
        assert_eq!(gezien, (1..=i64::try_from(gezien.len()).unwrap()).collect::<Vec<_>>());
        let laatste = gezien.last().unwrap();
        let _ = lfb.maak("/v1/organisaties", json!({ "naam": "Nieuw Voorbeeld" })).await.ok(201);
        let verder = lfb.lees(&format!("/v1/gebeurtenissen?naVolgnummer={laatste}")).await.ok(200);
        assert_eq!(verder["items"][0]["type"], "nl.crisispartners.organisatie.aangemaakt.v1");
    }
}
