//! Verkeerde invoer is 400, en noemt alle fouten tegelijk.

use crate::common::{app, call, request};
use serde_json::json;

#[actix_web::test]
async fn alle_fouten_in_een_lichaam_komen_in_een_keer() {
    let app = app(|_| {});
    let body = json!({"naam": "", "aantal": "veel", "startDatum": "gisteren", "kleur": "rood"});
    let seen = call(&app, request("POST", "/v1/proeven").set_json(body)).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (400, Some("invoer-ongeldig")));
    let mut found: Vec<_> = seen.body["errors"].as_array().unwrap().iter().map(|e| (e["location"].as_str().unwrap(), e["code"].as_str().unwrap())).collect();
    found.sort_unstable();
    assert_eq!(found, [("/aantal", "type"), ("/kleur", "onbekend"), ("/naam", "te-kort"), ("/startDatum", "formaat")]);
    assert!(seen.body["errors"].as_array().unwrap().iter().all(|error| error["in"] == "body"));
    assert!(!seen.text.contains("gisteren") && !seen.text.contains("veel"), "geen waarden van de aanroeper: {}", seen.text);
}

#[actix_web::test]
async fn wat_ontbreekt_wijst_naar_het_veld_zelf() {
    let app = app(|_| {});
    let seen = call(&app, request("POST", "/v1/proeven").set_json(json!({}))).await;
    let places: Vec<_> = seen.body["errors"].as_array().unwrap().iter().map(|e| e["location"].as_str().unwrap()).collect();
    assert_eq!(places, ["/naam", "/aantal"]);
}

#[actix_web::test]
async fn null_en_nul_tekens_zijn_geen_waarde() {
    let app = app(|_| {});
    let seen = call(&app, request("POST", "/v1/proeven").set_json(json!({"naam": "a", "aantal": 1, "startDatum": null}))).await;
    assert_eq!(seen.body["errors"][0]["code"], "type");
    let seen = call(&app, request("POST", "/v1/proeven").set_json(json!({"naam": "a\u{0}b", "aantal": 1}))).await;
    assert_eq!((seen.status, seen.body["errors"][0]["code"].as_str()), (400, Some("teken")));
    for teken in ['\u{1}', '\u{1b}', '\u{7f}', '\u{85}'] {
        let seen = call(&app, request("POST", "/v1/proeven").set_json(json!({"naam": format!("a{teken}b"), "aantal": 1}))).await;
        assert_eq!((seen.status, seen.body["errors"][0]["code"].as_str()), (400, Some("teken")), "{teken:?} is nergens te tonen");
    }
    assert_eq!(call(&app, request("POST", "/v1/proeven").set_json(json!({"naam": "a\tb\r\nc", "aantal": 1}))).await.status, 201);
}

#[actix_web::test]
async fn kapotte_json_is_400_met_de_plaats() {
    let app = app(|_| {});
    for body in ["{", "", "[1,]", "{\"naam\": tru}", "\u{feff}{}"] {
        let seen = call(&app, request("POST", "/v1/proeven").insert_header(("content-type", "application/json")).set_payload(body)).await;
        assert_eq!((seen.status, seen.body["code"].as_str()), (400, Some("json-ongeldig")), "{body:?}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(call(&app, request("POST", "/v1/proeven").insert_header(("content-type", "application/json")).set_payload(deep)).await.status, 400);
}

#[actix_web::test]
async fn een_ander_mediatype_is_415() {
    let app = app(|_| {});
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "application/merge-patch+json"] {
        let seen = call(&app, request("POST", "/v1/proeven").insert_header(("content-type", kind)).set_payload("{}")).await;
        assert_eq!((seen.status, seen.header("accept")), (415, "application/json"), "{kind}");
    }
    let seen = call(&app, request("POST", "/v1/proeven").set_json(json!({})).insert_header(("content-encoding", "gzip"))).await;
    assert_eq!(seen.status, 415);
}

#[actix_web::test]
async fn een_te_groot_lichaam_is_413_ook_zonder_aankondiging() {
    let app = app(|settings| settings.max_body_bytes = 100);
    let big = format!("{{\"naam\":\"{}\"}}", "a".repeat(200));
    let seen = call(&app, request("POST", "/v1/proeven").insert_header(("content-type", "application/json")).set_payload(big.clone())).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (413, Some("lichaam-te-groot")));
    let announced = request("POST", "/v1/proeven").insert_header(("content-type", "application/json")).set_payload("{}");
    assert_eq!(call(&app, announced.insert_header(("content-length", "101"))).await.status, 413);
}

#[actix_web::test]
async fn elke_verkeerde_sleutel_in_de_query_staat_erbij() {
    let app = app(|_| {});
    let seen = call(&app, request("GET", "/v1/proeven?kleur=veel-te-lang&alleenOud=misschien&limit=201&limit=3&onzin=1")).await;
    assert_eq!(seen.status, 400);
    let mut found: Vec<_> = seen.body["errors"].as_array().unwrap().iter().map(|e| (e["location"].as_str().unwrap(), e["code"].as_str().unwrap())).collect();
    found.sort_unstable();
    assert_eq!(found, [("alleenOud", "type"), ("kleur", "te-lang"), ("limit", "dubbel"), ("limit", "te-groot"), ("onzin", "onbekend")]);
    assert!(seen.body["errors"].as_array().unwrap().iter().all(|error| error["in"] == "query"));
}

#[actix_web::test]
async fn een_operatie_zonder_sleutels_weigert_elke_query() {
    let app = app(|_| {});
    let seen = call(&app, request("POST", "/v1/proeven?x=1").set_json(json!({"naam": "a", "aantal": 1}))).await;
    assert_eq!((seen.status, seen.body["errors"][0]["code"].as_str()), (400, Some("onbekend")));
}

#[actix_web::test]
async fn een_onaanvaardbare_accept_is_406() {
    let app = app(|_| {});
    let seen = call(&app, request("GET", "/v1/proeven").insert_header(("accept", "text/html"))).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (406, Some("niet-aanvaardbaar")));
    assert_eq!(call(&app, request("GET", "/v1/proeven").insert_header(("accept", "text/html, */*;q=0.1"))).await.status, 200);
}

#[actix_web::test]
async fn te_grote_koppen_en_een_te_lang_adres_worden_geweigerd() {
    let app = app(|_| {});
    let seen = call(&app, request("GET", "/v1/proeven").insert_header(("x-groot", "a".repeat(20_000)))).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (431, Some("koppen-te-groot")));
    let seen = call(&app, request("GET", &format!("/v1/proeven?kleur={}", "a".repeat(5_000)))).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (414, Some("adres-te-lang")));
    // Bij het aanmelden is een adres van enkele kB gewoon: de code van een ander, een verzoekobject.
    for (lang, te_lang) in [(12_000, false), (17_000, true)] {
        for path in ["/oidc/authorize?request=", "/oidc/callback/0190a000-0000-7000-8000-000000000001?code=", "/oidc/logout?id_token_hint="] {
            let seen = call(&app, request("GET", &format!("{path}{}", "a".repeat(lang)))).await;
            assert_eq!(seen.status == 414, te_lang, "{path} {lang}: {}", seen.text);
        }
    }
}
