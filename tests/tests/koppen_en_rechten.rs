//! Wat voor iedere operatie geldt: zonder token niets, koppen overal, en niemand ziet of doet meer dan het beleid zegt.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use e2e::{Loket, Wie};
use serde_json::{Value, json};

/// Alle operaties van het document: methode, pad en operatie.
async fn operaties(loket: &Loket) -> Vec<(String, String, Value)> {
    let document = loket.als(Wie::Niemand).lees("/v1/openapi.json").await.ok(200);
    let paden = document["paths"].as_object().unwrap().clone();
    paden
        .into_iter()
        .flat_map(|(pad, operaties)| {
            let pad = format!("/v1{pad}");
            operaties
                .as_object()
                .unwrap()
                .clone()
                .into_iter()
                .map(move |(methode, operatie)| (methode.to_uppercase(), pad.clone(), operatie))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[tokio::test]
async fn zonder_token_geeft_iedere_operatie_met_beveiliging_401() {
    for loket in Loket::alle() {
        let niemand = loket.als(Wie::Niemand);
        let mut beveiligd = 0;
        for (methode, pad, operatie) in operaties(&loket).await {
            let open = operatie["security"].as_array().is_some_and(|s| s.iter().all(|eis| eis.as_object().unwrap().is_empty()));
            let antwoord = niemand.doe(&methode, &pad.replace(['{', '}'], ""), &[], None).await;
            if !open {
                assert_eq!(antwoord.status, 401, "{methode} {pad}");
                beveiligd += 1;
            }
            for kop in ["api-version", "strict-transport-security", "x-content-type-options", "content-security-policy", "traceparent", "cache-control"] {
                assert_ne!(antwoord.kop(kop), "", "{kop} bij {methode} {pad}");
            }
            assert_eq!(antwoord.kop("server"), "");
        }
        assert!(beveiligd >= 60, "{beveiligd} operaties");
    }
}

#[tokio::test]
async fn een_schrijvende_operatie_op_een_vreemd_traject_bestaat_voor_niemand_buiten_het_traject() {
    for loket in Loket::alle() {
        let o = loket.als(Wie::Lfb).maak("/v1/organisaties", json!({ "naam": "Geheim Voorbeeld" })).await.ok(201);
        let t = loket.als(Wie::Adviseur).maak("/v1/trajecten", json!({ "organisatieId": o["id"] })).await.ok(201);
        let t = format!("/v1/trajecten/{}", t["id"].as_str().unwrap());
        let verzoeken = [
            ("PATCH", String::new(), json!({ "deadlineDatum": "2030-01-01" })),
            ("POST", "/partijen".into(), json!({ "organisatieId": o["id"], "rol": "adoptiepartner" })),
            ("POST", "/stapovergangen".into(), json!({ "naarStap": 2 })),
            ("POST", "/afwijkingen".into(), json!({ "voorwaarde": "verkenning-conclusie", "motivatie": "m" })),
            ("POST", "/pauzeringen".into(), json!({ "reden": "r" })),
            ("POST", "/beeindigingen".into(), json!({ "reden": "gestopt", "toelichting": "t" })),
            ("POST", "/heropeningen".into(), json!({ "reden": "r" })),
            ("POST", "/borgingsmomenten".into(), json!({ "punt": "oto-programma", "gedaanDatum": "2026-01-01" })),
        ];
        for wie in Wie::ALLEN {
            let nipv = matches!(wie, Wie::Lfb | Wie::Adviseur | Wie::ProductmanagerLcms | Wie::ProductmanagerTgv);
            for (methode, onder, lichaam) in &verzoeken {
                // Een oude versie: wie mag krijgt 412, wie leest maar niet mag 403, en voor de rest bestaat het niet.
                let status = loket.als(wie).doe(methode, &format!("{t}{onder}"), &[("if-match", "\"999\"")], Some(lichaam)).await.status;
                let verwacht = match wie {
                    Wie::Adviseur => 412,
                    _ if nipv => 403,
                    _ => 404,
                };
                assert_eq!(status, verwacht, "{wie:?} {methode} {onder} op {}", loket.database);
            }
        }
    }
}

#[tokio::test]
async fn op_het_eigen_traject_doet_iedere_rol_precies_wat_het_beleid_zegt() {
    for loket in Loket::alle() {
        let lijst = loket.als(Wie::Projectleider).lees("/v1/trajecten").await.ok(200);
        let t = format!("/v1/trajecten/{}", lijst["items"][0]["id"].as_str().unwrap());
        for wie in Wie::ALLEN {
            let beller = loket.als(wie);
            assert_eq!(beller.lees(&t).await.status, 200, "{wie:?} leest");
            let doe = async |methode: &str, onder: &str, lichaam: Value| {
                beller.doe(methode, &format!("{t}{onder}"), &[("if-match", "\"999\"")], Some(&lichaam)).await.status
            };
            let regie = matches!(wie, Wie::Adviseur | Wie::Projectleider);
            let bijhouden = regie || matches!(wie, Wie::Implementatieadviseur | Wie::Toepassing);
            let mag = |ja: bool| if ja { 412 } else { 403 };
            assert_eq!(doe("PATCH", "", json!({ "deadlineDatum": "2030-01-01" })).await, mag(bijhouden), "{wie:?} wijzigt");
            assert_eq!(doe("POST", "/stapovergangen", json!({ "naarStap": 5 })).await, mag(regie), "{wie:?} zet een stap");
            assert_eq!(doe("POST", "/pauzeringen", json!({ "reden": "r" })).await, mag(regie), "{wie:?} pauzeert");
            let afwijking = json!({ "voorwaarde": "blauwdruk-vastgesteld", "motivatie": "m" });
            assert_eq!(doe("POST", "/afwijkingen", afwijking).await, mag(wie == Wie::Adviseur), "{wie:?} wijkt af");
            let borgt = regie || wie == Wie::Organisatiebeheerder;
            let moment = json!({ "punt": "oto-programma", "gedaanDatum": "2026-01-01" });
            assert_eq!(doe("POST", "/borgingsmomenten", moment).await, mag(borgt), "{wie:?} borgt");
        }
    }
}

#[tokio::test]
async fn een_geblokkeerde_persoon_komt_er_niet_meer_in_en_niemand_blokkeert_zichzelf() {
    for loket in Loket::alle() {
        let waarnemer = loket.als(Wie::Waarnemer).lees("/v1/ik").await.ok(200);
        let pad = format!("/v1/personen/{}", waarnemer["id"].as_str().unwrap());
        let beheerder = loket.als(Wie::Organisatiebeheerder);
        let _ = beheerder.op_versie("POST", &pad, &format!("{pad}/blokkeringen"), json!({ "reden": "proef" })).await.ok(201);
        let dicht = loket.als(Wie::Waarnemer).lees("/v1/ik").await;
        assert_eq!((dicht.status, dicht.code()), (401, "geen-toegang"));
        let ik = beheerder.lees("/v1/ik").await.ok(200);
        let eigen = format!("/v1/personen/{}", ik["id"].as_str().unwrap());
        assert_eq!(beheerder.op_versie("POST", &eigen, &format!("{eigen}/blokkeringen"), json!({ "reden": "proef" })).await.status, 403);
        assert_eq!(beheerder.op_versie("POST", &eigen, &format!("{eigen}/rollen"), json!({ "rol": "tekenbevoegde" })).await.status, 403);
    }
}
