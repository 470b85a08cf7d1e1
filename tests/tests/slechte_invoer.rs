//! Slechte invoer: iedere fout heeft een eigen antwoord dat zegt wat te doen.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{Loket, Wie};
use serde_json::{Value, json};

async fn eigen_traject(loket: &Loket) -> String {
    let lijst = loket.als(Wie::Projectleider).lees("/v1/trajecten").await.ok(200);
    format!("/v1/trajecten/{}", lijst["items"][0]["id"].as_str().unwrap())
}

#[tokio::test]
async fn een_lichaam_dat_niet_klopt_noemt_alle_fouten() {
    for loket in Loket::alle() {
        let lfb = loket.als(Wie::Lfb);
        let fout = lfb.maak("/v1/organisaties", json!({ "naam": "", "oin": "12", "emaildomeinen": "x", "vreemd": 1 })).await;
        assert_eq!(fout.status, 400);
        let plaatsen: Vec<&str> = fout.json["errors"].as_array().unwrap().iter().filter_map(|e| e["location"].as_str()).collect();
        for plaats in ["/naam", "/oin", "/emaildomeinen"] {
            assert!(plaatsen.contains(&plaats), "{plaats} in {plaatsen:?}");
        }
        assert_eq!(plaatsen.len(), 4, "het onbekende veld ook: {plaatsen:?}");
        for e in fout.json["errors"].as_array().unwrap() {
            assert!(e["in"] == "body" && e["detail"].is_string() && e["code"].is_string(), "{e}");
        }
    }
}

#[tokio::test]
async fn vorm_en_omvang_van_het_lichaam_worden_bewaakt() {
    for loket in Loket::alle() {
        let lfb = loket.als(Wie::Lfb);
        let kaal = async |soort: &str, tekst: String| {
            let client = loket.als(Wie::Lfb);
            client.doe("POST", "/v1/organisaties", &[("content-type", soort), ("x-proef", "1")], None).await.status.max(u16::from(tekst.is_empty()))
        };
        assert_eq!(kaal("text/plain", String::new()).await, 415);
        let groot = lfb.maak("/v1/organisaties", json!({ "naam": "x".repeat(2 * 1024 * 1024) })).await;
        assert_eq!(groot.status, 413);
        let patch = lfb.doe("PATCH", &format!("/v1/organisaties/{}", loket.organisatie("ziekenhuis")), &[("if-match", "\"1\"")], Some(&json!([]))).await;
        assert_eq!(patch.status, 400);
        let accept = lfb.doe("GET", "/v1/ik", &[("accept", "text/html")], None).await;
        assert_eq!(accept.status, 406);
    }
}

#[tokio::test]
async fn onbekende_sleutels_en_cursors_van_elders_zijn_400() {
    for loket in Loket::alle() {
        let lfb = loket.als(Wie::Lfb);
        for pad in [
            "/v1/trajecten?onzin=1",
            "/v1/trajecten?stap=acht",
            "/v1/trajecten?limit=201",
            "/v1/trajecten?limit=0",
            "/v1/trajecten?cursor=nep",
            "/v1/trajecten?status=onbekend",
        ] {
            let fout = lfb.lees(pad).await;
            assert_eq!(fout.status, 400, "{pad}");
            assert_eq!(fout.json["errors"][0]["in"], "query", "{pad}");
        }
        let blad = lfb.lees("/v1/organisaties?limit=1").await.ok(200);
        let next = blad["_links"]["next"]["href"].as_str().unwrap();
        let cursor = next.split("cursor=").nth(1).unwrap();
        assert_eq!(lfb.lees(&format!("/v1/organisaties?limit=1&cursor={cursor}")).await.status, 200);
        assert_eq!(lfb.lees(&format!("/v1/trajecten?limit=1&cursor={cursor}")).await.status, 400, "cursor van een andere lijst");
    }
}

#[tokio::test]
async fn zonder_versie_428_en_met_een_oude_412() {
    for loket in Loket::alle() {
        let adviseur = loket.als(Wie::Adviseur);
        let t = eigen_traject(&loket).await;
        let wijziging = json!({ "deadlineDatum": "2030-01-01" });
        assert_eq!(adviseur.doe("PATCH", &t, &[], Some(&wijziging)).await.status, 428);
        let oud = adviseur.doe("PATCH", &t, &[("if-match", "\"999999\"")], Some(&wijziging)).await;
        assert_eq!(oud.status, 412);
        assert_eq!(oud.kop("etag"), adviseur.lees(&t).await.kop("etag"), "het antwoord zegt welke versie er nu is");
    }
}

#[tokio::test]
async fn een_herhaald_verzoek_geeft_het_eerste_antwoord_en_een_ander_lichaam_409() {
    for loket in Loket::alle() {
        let lfb = loket.als(Wie::Lfb);
        let post = async |naam: &str| lfb.doe("POST", "/v1/organisaties", &[("idempotency-key", "sleutel-1")], Some(&json!({ "naam": naam }))).await;
        let (een, twee) = (post("Een Voorbeeld").await, post("Een Voorbeeld").await);
        assert_eq!((een.status, twee.status), (201, 201));
        assert_eq!(een.json["id"], twee.json["id"]);
        let ander = post("Ander Voorbeeld").await;
        assert_eq!((ander.status, ander.code()), (409, "idempotency-conflict"));
    }
}

#[tokio::test]
async fn het_traject_van_een_ander_bestaat_niet() {
    for loket in Loket::alle() {
        let alle = loket.als(Wie::Lfb).lees("/v1/trajecten?limit=200").await.ok(200);
        let eigen = loket.organisatie("ziekenhuis");
        let vreemd =
            alle["items"].as_array().unwrap().iter().find(|t| t["organisatieId"] != eigen.as_str() && t["partijen"].as_array().unwrap().len() == 1).unwrap();
        let pad = format!("/v1/trajecten/{}", vreemd["id"].as_str().unwrap());
        let leider = loket.als(Wie::Projectleider);
        for onder in
            ["", "/partijen", "/activiteiten", "/poorten", "/poorten/1", "/stapovergangen", "/afwijkingen", "/historie", "/borgingspunten", "/borgingsmomenten"]
        {
            assert_eq!(leider.lees(&format!("{pad}{onder}")).await.status, 404, "{onder}");
        }
        let zichtbaar = leider.lees("/v1/trajecten?limit=200").await.ok(200);
        assert!(zichtbaar["items"].as_array().unwrap().iter().all(|t| t["partijen"].as_array().unwrap().iter().any(|p| p["organisatieId"] == eigen.as_str())));
        assert_eq!(leider.lees("/v1/trajecten/00000000-0000-7000-8000-000000000000").await.status, 404);
        assert_eq!(leider.lees("/v1/trajecten/geen-id").await.status, 404);
    }
}

#[tokio::test]
async fn een_toepassing_doet_geen_mensenwerk() {
    for loket in Loket::alle() {
        let script = loket.als(Wie::Toepassing);
        let lijst = script.lees("/v1/trajecten").await.ok(200);
        let t = format!("/v1/trajecten/{}", lijst["items"][0]["id"].as_str().unwrap());
        let fout = script.op_versie("POST", &t, &format!("{t}/stapovergangen"), json!({ "naarStap": 5 })).await;
        assert_eq!(fout.status, 403, "{:#}", fout.json);
        assert_eq!(fout.code(), "persoon-vereist");
    }
}

#[tokio::test]
async fn een_rol_buiten_haar_organisatie_en_een_verlopen_certificering_worden_geweigerd() {
    for loket in Loket::alle() {
        let lfb = loket.als(Wie::Lfb);
        let persoon =
            json!({ "organisatieId": loket.organisatie("ziekenhuis"), "naam": "Kim Voorbeeld", "email": "kim@ziekenhuis.example", "rollen": ["lfb"] });
        assert_eq!(lfb.maak("/v1/personen", persoon).await.code(), "rol-buiten-organisatie");
        let o = lfb.maak("/v1/organisaties", json!({ "naam": "Verlopen Voorbeeld" })).await.ok(201);
        let o = o["id"].as_str().unwrap();
        let cert = json!({ "soort": "implementatiepartner", "geldigVanDatum": "2020-01-01", "geldigTotDatum": "2020-12-31" });
        let _ = lfb.maak(&format!("/v1/organisaties/{o}/certificeringen"), cert).await.ok(201);
        let nieuw = lfb.maak("/v1/organisaties", json!({ "naam": "Zoekend Voorbeeld" })).await.ok(201);
        let adviseur = loket.als(Wie::Adviseur);
        let t = adviseur.maak("/v1/trajecten", json!({ "organisatieId": nieuw["id"] })).await.ok(201);
        let t = format!("/v1/trajecten/{}", t["id"].as_str().unwrap());
        let fout = adviseur.op_versie("POST", &t, &format!("{t}/partijen"), json!({ "organisatieId": o, "rol": "implementatiepartner" })).await;
        assert_eq!((fout.status, fout.code()), (409, "certificering-ongeldig"));
    }
}

fn geknoeid(token: &str, kop: impl FnOnce(&mut Value), claims: impl FnOnce(&mut Value)) -> String {
    let delen: Vec<&str> = token.split('.').collect();
    let lees = |deel: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(deel).unwrap()).unwrap() };
    let (mut k, mut c) = (lees(delen[0]), lees(delen[1]));
    kop(&mut k);
    claims(&mut c);
    format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(k.to_string()), URL_SAFE_NO_PAD.encode(c.to_string()), delen[2])
}

#[tokio::test]
async fn een_ontbrekend_of_vervalst_token_is_401_met_een_uitdaging() {
    for loket in Loket::alle() {
        let goed = loket.token(Wie::Lfb);
        let niets = loket.als(Wie::Niemand).lees("/v1/ik").await;
        assert_eq!((niets.status, niets.code()), (401, "token-ontbreekt"));
        assert!(niets.kop("www-authenticate").starts_with("Bearer"));
        let vals = [
            geknoeid(&goed, |k| k["alg"] = "none".into(), |_| {}),
            geknoeid(&goed, |k| k["alg"] = "HS256".into(), |_| {}),
            geknoeid(&goed, |k| k["kid"] = "onbekend".into(), |_| {}),
            geknoeid(&goed, |k| k["typ"] = "JWT".into(), |_| {}),
            geknoeid(&goed, |_| {}, |c| c["sub"] = "ander".into()),
            geknoeid(&goed, |_| {}, |c| c["exp"] = 9_999_999_999_i64.into()),
            geknoeid(&goed, |_| {}, |c| c["iss"] = "https://ander.example".into()),
            geknoeid(&goed, |_| {}, |c| c["aud"] = "https://ander.example/v1".into()),
            "onzin".to_owned(),
        ];
        for token in vals {
            let fout = loket.met_token(&token).lees("/v1/ik").await;
            assert_eq!((fout.status, fout.code()), (401, "token-ongeldig"));
            assert!(fout.kop("www-authenticate").contains("invalid_token"));
        }
    }
}
