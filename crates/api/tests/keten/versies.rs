//! Wijzigen vraagt de versie die de aanroeper las.

use crate::common::{app, call, request};
use serde_json::json;

#[actix_web::test]
async fn zonder_if_match_428_en_met_een_oude_412_met_de_huidige_etag() {
    let app = app(|_| {});
    let put = || request("PUT", "/v1/proeven/01977f6e-0000-7000-8000-000000000000").set_json(json!({"naam": "a", "aantal": 1}));
    assert_eq!(call(&app, put()).await.status, 428);
    let seen = call(&app, put().insert_header(("if-match", "\"2\""))).await;
    assert_eq!((seen.status, seen.header("etag")), (412, "\"3\""));
    for geen_etag in ["*", "3", "W/\"3\"", "\"abc\"", ""] {
        let seen = call(&app, put().insert_header(("if-match", geen_etag))).await;
        assert_eq!(
            (seen.status, seen.body["code"].as_str(), seen.header("etag")),
            (412, Some("etag-onbekend"), "\"3\""),
            "{geen_etag}: opnieuw lezen helpt hier niet"
        );
    }
    let seen = call(&app, put().insert_header(("if-match", "\"3\""))).await;
    assert_eq!((seen.status, seen.header("etag")), (200, "\"4\""));
}
