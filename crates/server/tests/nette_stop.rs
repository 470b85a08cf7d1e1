//! Een nette stop neemt niets nieuws aan, maakt af wat loopt en eindigt met code 0.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "een proef mag stuklopen")]

mod common;

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use common::{Service, head, read_answer, request};
use serde_json::json;

#[test]
fn een_lopend_verzoek_wordt_afgemaakt_voordat_de_dienst_stopt() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    let mut service = Service::demo(&dir);
    let body = json!({ "naam": "Net op tijd", "emaildomeinen": ["optijd.example"] }).to_string();
    let bearer = format!("Bearer {}", service.token("lfb"));
    let mut stream = TcpStream::connect(service.api).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(head(service.api, "POST", "/v1/organisaties", &[("authorization", &bearer)], body.len()).as_bytes()).unwrap();
    let (first, second) = body.split_at(body.len() / 2);
    stream.write_all(first.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(200));

    service.signal("TERM");
    thread::sleep(Duration::from_millis(400));
    assert!(service.child.try_wait().unwrap().is_none(), "de dienst wacht op het lopende verzoek");
    assert!(request(service.api, "GET", "/v1/openapi.json", &[], None).is_err(), "de dienst neemt niets nieuws aan");

    stream.write_all(second.as_bytes()).unwrap();
    let answer = read_answer(&mut stream).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(service.wait_exit(Duration::from_secs(20)), Some(0), "{}", service.log());
}

#[test]
fn sigint_zonder_werk_stopt_meteen_met_code_nul() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    let mut service = Service::demo(&dir);
    service.signal("INT");
    assert_eq!(service.wait_exit(Duration::from_secs(10)), Some(0), "{}", service.log());
}

#[test]
fn de_beheerpoort_zegt_of_de_dienst_leeft_en_gereed_is() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    drop(Service::demo(&dir));
    let service = Service::serve(&dir, &[]);
    let admin = service.admin.unwrap();
    assert_eq!(request(admin, "GET", "/livez", &[], None).unwrap().status, 200);
    let ready = request(admin, "GET", "/readyz", &[], None).unwrap();
    assert_eq!((ready.status, ready.json()["gereed"].clone()), (200, json!(true)), "{}", ready.text());
    service.call("lfb", "GET", "/v1/ik", &[], None);
    let metrics = request(admin, "GET", "/metrics", &[], None).unwrap().text();
    assert!(metrics.contains("aansluitloket_http_antwoorden_total{klasse=\"2xx\"}"), "{metrics}");
    assert!(metrics.contains("aansluitloket_operatie_verzoeken_total"), "{metrics}");
    assert!(metrics.contains("process_resident_memory_bytes"), "{metrics}");
    assert!(metrics.contains("aansluitloket_werker_rondes_total{werker=\"meetwaarden\",uitkomst=\"gelukt\"}"), "{metrics}");
    assert_ne!(request(service.api, "GET", "/metrics", &[], None).unwrap().status, 200, "meetwaarden horen niet op de API");
    let log = service.log();
    assert!(!log.contains(&service.token("lfb")), "een token hoort niet in het logboek");
}
