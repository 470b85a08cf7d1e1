//! Een herhaald verzoek met dezelfde `Idempotency-Key` gebeurt één keer.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::common::{DONE, Dienst, Seen, app, call, request};
use crate::toegang::{actief, claims, own_key};

async fn token(dienst: &Dienst) -> String {
    let persoon = actief(dienst).await;
    let mut claims = claims(dienst, &persoon);
    claims.scope = "trajecten:schrijven".to_owned();
    provider::sign_access_token(&own_key(dienst).await, &claims).unwrap()
}

async fn post(dienst: &Dienst, token: &str, key: &str, body: Value) -> Seen {
    let request = request("POST", "/v1/bewaard").insert_header(("authorization", format!("Bearer {token}")));
    call(dienst, request.insert_header(("idempotency-key", key)).set_json(body)).await
}

#[actix_web::test]
async fn dezelfde_sleutel_geeft_het_eerste_antwoord_en_een_ander_lichaam_is_409() {
    let dienst = app(|_| {});
    let token = token(&dienst).await;
    let before = DONE.load(Ordering::Relaxed);
    let first = post(&dienst, &token, "k1", json!({"naam": "herhaal", "aantal": 1})).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = post(&dienst, &token, "k1", json!({"naam": "herhaal", "aantal": 1})).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!((again.header("location"), again.header("etag")), (first.header("location"), first.header("etag")));
    let other = post(&dienst, &token, "k1", json!({"naam": "anders", "aantal": 1})).await;
    assert_eq!((other.status, other.body["code"].as_str()), (409, Some("idempotency-conflict")));
    assert!(DONE.load(Ordering::Relaxed) > before);
    dienst.wait(24 * 3600 + 1);
    let seen = call(&dienst, request("GET", "/v1/proeven")).await;
    assert_eq!(seen.status, 200);
}

#[actix_web::test]
async fn een_geweigerd_verzoek_wordt_niet_bewaard_en_een_andere_aanroeper_heeft_eigen_sleutels() {
    let dienst = app(|_| {});
    let (one, two) = (token(&dienst).await, token(&dienst).await);
    assert_eq!(post(&dienst, &one, "k2", json!({"naam": "weiger", "aantal": 1})).await.status, 409);
    assert_eq!(post(&dienst, &one, "k2", json!({"naam": "goed", "aantal": 1})).await.status, 201);
    assert_eq!(post(&dienst, &two, "k2", json!({"naam": "eigen", "aantal": 1})).await.status, 201);
}

#[actix_web::test]
async fn een_lege_of_te_lange_sleutel_is_400() {
    let dienst = app(|_| {});
    let token = token(&dienst).await;
    for key in ["".to_owned(), "k".repeat(201)] {
        let seen = post(&dienst, &token, &key, json!({"naam": "a", "aantal": 1})).await;
        assert_eq!((seen.status, seen.body["errors"][0]["in"].as_str()), (400, Some("header")));
    }
}
