//! Onbekende adressen en methoden.

use crate::common::{app, call, request};

#[actix_web::test]
async fn een_onbekend_adres_en_een_schuine_streep_te_veel_zijn_404_zonder_doorverwijzing() {
    let app = app(|_| {});
    for uri in ["/v1/bestaat-niet", "/v1/proeven/", "/v1/", "/v1", "/", "/proeven", "/v1//proeven", "/v1/proeven/a/b", "/v1/proeven/%00"] {
        let seen = call(&app, request("GET", uri)).await;
        assert_eq!(seen.status, 404, "{uri}");
        assert_eq!(seen.body["code"], "niet-gevonden", "{uri}");
        assert!(seen.header("location").is_empty(), "{uri}");
        assert_eq!(seen.header("content-type"), "application/problem+json", "{uri}");
        assert_eq!(seen.body["type"], "https://aansluitloket.example/v1/docs/problemen#niet-gevonden");
    }
}

#[actix_web::test]
async fn een_verkeerde_methode_is_405_met_wat_wel_kan() {
    let app = app(|_| {});
    for method in ["DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
        let seen = call(&app, request(method, "/v1/proeven")).await;
        assert_eq!((seen.status, seen.header("allow")), (405, "GET, HEAD, POST"), "{method}");
    }
    assert_eq!(call(&app, request("GET", "/v1/proeven/x")).await.header("allow"), "PUT");
    assert_eq!(call(&app, request("POST", "/v1/docs")).await.status, 405);
    assert_eq!(call(&app, request("POST", "/v1/openapi.json")).await.status, 405);
}

#[actix_web::test]
async fn head_is_get_zonder_lichaam() {
    let app = app(|_| {});
    let (get, head) = (call(&app, request("GET", "/v1/proeven")).await, call(&app, request("HEAD", "/v1/proeven")).await);
    assert_eq!((head.status, head.header("content-type")), (get.status, get.header("content-type")), "RFC 9110, 9.3.2; het lichaam laat de server weg");
    assert_eq!(call(&app, request("HEAD", "/v1/geheim")).await.status, 401);
    assert_eq!(call(&app, request("HEAD", "/v1/proeven/x")).await.status, 405, "waar geen GET is");
}

#[actix_web::test]
async fn een_id_die_geen_id_is_bestaat_niet() {
    let app = app(|_| {});
    let body = serde_json::json!({"naam": "a", "aantal": 1});
    let seen = call(&app, request("PUT", "/v1/proeven/geen-uuid").insert_header(("if-match", "\"3\"")).set_json(body)).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (404, Some("niet-gevonden")));
}
