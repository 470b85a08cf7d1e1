//! Koppen op elk antwoord, hoe het ook afloopt.

use crate::common::{Seen, app, call, request};
use serde_json::json;

fn assert_headers(seen: &Seen, what: &str) {
    assert_eq!(seen.header("api-version"), api::middleware::API_VERSION, "{what}");
    assert_eq!(seen.header("strict-transport-security"), "max-age=31536000; includeSubDomains", "{what}");
    assert!(seen.header("content-security-policy").contains("frame-ancestors 'none'"), "{what}");
    assert!(seen.header("content-security-policy").contains("object-src 'none'"), "{what}");
    assert_eq!(seen.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(seen.header("x-frame-options"), "DENY", "{what}");
    assert_eq!(seen.header("referrer-policy"), "no-referrer", "{what}");
    assert!(!seen.header("cache-control").is_empty(), "{what}");
    assert_eq!(seen.header("traceparent").len(), 55, "{what}");
    assert!(seen.header("server").is_empty() && seen.header("x-powered-by").is_empty(), "{what}");
    if seen.status >= 400 {
        assert_eq!(seen.header("content-type"), "application/problem+json", "{what}");
        for field in ["type", "title", "status", "detail", "instance", "code"] {
            assert!(!seen.body[field].is_null(), "{what}: {field}");
        }
    }
}

#[actix_web::test]
async fn elk_antwoord_draagt_versie_spoor_en_beveiliging() {
    let app = app(|_| {});
    let cases = [
        (200, request("GET", "/v1/proeven")),
        (201, request("POST", "/v1/proeven").set_json(json!({"naam": "a", "aantal": 1}))),
        (400, request("GET", "/v1/proeven?x=1")),
        (401, request("GET", "/v1/geheim")),
        (404, request("GET", "/v1/niets")),
        (404, request("GET", "/oidc/niets")),
        (405, request("DELETE", "/v1/proeven")),
        (406, request("GET", "/v1/proeven").insert_header(("accept", "image/png"))),
        (415, request("POST", "/v1/proeven").set_payload("x")),
        (428, request("PUT", "/v1/proeven/01977f6e-0000-7000-8000-000000000000").set_json(json!({"naam": "a", "aantal": 1}))),
        (500, request("GET", "/v1/paniek")),
        (200, request("GET", "/v1/openapi.json")),
        (200, request("GET", "/v1/docs")),
        (200, request("GET", "/.well-known/security.txt")),
    ];
    for (status, request) in cases {
        let seen = call(&app, request).await;
        assert_eq!(seen.status, status, "{}", seen.text);
        assert_headers(&seen, &status.to_string());
    }
}

#[actix_web::test]
async fn een_paniek_lekt_niets() {
    let seen = call(&app(|_| {}), request("GET", "/v1/paniek")).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (500, Some("interne-fout")));
    assert!(!seen.text.contains("nooit in een antwoord"));
}

#[actix_web::test]
async fn het_spoor_van_de_aanroeper_gaat_verder() {
    let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let seen = call(&app(|_| {}), request("GET", "/v1/niets").insert_header(("traceparent", given))).await;
    assert!(seen.header("traceparent").starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    assert_ne!(seen.header("traceparent"), given);
    assert_eq!(seen.body["instance"], "urn:spoor:4bf92f3577b34da6a3ce929d0e0e4736");
}

#[actix_web::test]
async fn alleen_het_document_is_voor_elke_website() {
    let app = app(|_| {});
    let seen = call(&app, request("GET", "/v1/openapi.json").insert_header(("origin", "https://elders.example"))).await;
    assert_eq!(seen.header("access-control-allow-origin"), "*");
    assert_eq!(seen.body["servers"][0]["url"], "https://aansluitloket.example/v1");
    let seen = call(&app, request("GET", "/v1/proeven").insert_header(("origin", "https://elders.example"))).await;
    assert!(seen.header("access-control-allow-origin").is_empty());
}
