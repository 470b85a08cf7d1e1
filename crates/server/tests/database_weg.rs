//! Valt PostgreSQL weg, dan zegt de dienst dat, en zij herstelt vanzelf als de database terug is.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "een proef mag stuklopen")]

mod common;

use std::time::{Duration, Instant};

use common::{Service, request};
use serde_json::json;
use store::testing::Postgres;

#[test]
fn een_verloren_database_geeft_503_en_komt_vanzelf_terug() {
    let Some(mut postgres) = Postgres::start() else { return };
    let database = postgres.database();
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    common::seed(&dir, &database);
    let mut service = Service::serve(&dir, &[("AANSLUITLOKET_STORAGE__DATABASE_URL", database.as_str())]);
    let admin = service.admin.unwrap();
    assert_eq!(service.call("lfb", "GET", "/v1/trajecten", &[], None).status, 200);

    postgres.stop();
    let answer = service.call("lfb", "GET", "/v1/trajecten", &[], None);
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.header("retry-after").is_some(), "{}", answer.head);
    let ready = request(admin, "GET", "/readyz", &[], None).unwrap();
    assert_eq!(ready.status, 503, "{}", ready.text());
    assert_ne!(ready.json()["onderdelen"]["opslag"], json!("goed"), "{}", ready.text());
    assert_eq!(request(admin, "GET", "/livez", &[], None).unwrap().status, 200, "herstarten helpt hier niet");
    assert!(service.child.try_wait().unwrap().is_none(), "de dienst blijft draaien");

    postgres.herstart();
    let started = Instant::now();
    loop {
        let (answer, ready) = (service.call("lfb", "GET", "/v1/trajecten", &[], None), request(admin, "GET", "/readyz", &[], None).unwrap());
        if (answer.status, ready.status) == (200, 200) {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{} {}", answer.text(), ready.text());
        std::thread::sleep(Duration::from_millis(100));
    }
}
