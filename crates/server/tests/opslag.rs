//! Eén proces per SQLite-bestand, geen database die nieuwer is, en een kopie die terug te zetten is.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "een proef mag stuklopen")]

mod common;

use std::fs;
use std::path::Path;

use common::{Service, program};
use serde_json::json;

fn run(dir: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = program().arg("--config").arg(dir.join("aansluitloket.toml")).args(arguments).envs(environment.iter().copied()).output().unwrap();
    (output.status.code(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn een_tweede_proces_op_dezelfde_database_wordt_geweigerd() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    let _service = Service::demo(&dir);
    let address = common::free_address().to_string();
    let (code, text) = run(&dir, &["serve"], &[("AANSLUITLOKET_SERVER__LISTEN", &address)]);
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("al gebruikt door een ander proces"), "{text}");
}

#[test]
fn een_reservekopie_van_de_draaiende_dienst_is_terug_te_zetten_in_een_lege() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    let service = Service::demo(&dir);
    let body = json!({ "naam": "Voor de kopie", "emaildomeinen": ["kopie.example"] });
    let made = service.call("lfb", "POST", "/v1/organisaties", &[], Some(&body));
    assert_eq!(made.status, 201, "{}", made.text());
    let copy = tmp.path().join("kopie.sqlite");
    let (code, text) = run(&dir, &["backup", "--out", copy.to_str().unwrap()], &[]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = run(&dir, &["backup", "--out", copy.to_str().unwrap()], &[]);
    assert_eq!(code, Some(1), "een bestaande kopie wordt niet overschreven: {text}");
    drop(service);

    let (code, text) = run(&dir, &["restore", "--from", copy.to_str().unwrap()], &[]);
    assert_eq!(code, Some(1), "een gevulde map wordt niet overschreven: {text}");

    let fresh = tmp.path().join("leeg");
    let environment = [("AANSLUITLOKET_STORAGE__DATA_DIR", fresh.to_str().unwrap())];
    let (code, text) = run(&dir, &["restore", "--from", copy.to_str().unwrap()], &environment);
    assert_eq!(code, Some(0), "{text}");
    let restored = Service::serve(&dir, &environment);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let found = restored.call("lfb", "GET", &format!("/v1/organisaties/{id}"), &[], None);
    assert_eq!((found.status, found.json()["naam"].clone()), (200, json!("Voor de kopie")), "{}", found.text());
    drop(restored);
    let (code, text) = run(&dir, &["audit", "verify"], &environment);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn wat_geen_database_is_wordt_niet_teruggezet() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    drop(Service::demo(&dir));
    let nonsense = tmp.path().join("onzin.sqlite");
    fs::write(&nonsense, "dit is geen database").unwrap();
    let fresh = tmp.path().join("leeg");
    let (code, text) = run(&dir, &["restore", "--from", nonsense.to_str().unwrap()], &[("AANSLUITLOKET_STORAGE__DATA_DIR", fresh.to_str().unwrap())]);
    assert_eq!(code, Some(1), "{text}");
    assert!(!fresh.join("aansluitloket.sqlite").exists(), "{text}");
}

#[test]
fn doctor_noemt_wat_goed_is_en_wat_niet() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    drop(Service::demo(&dir));
    let (code, text) = run(&dir, &["doctor"], &[]);
    assert_eq!(code, Some(0), "{text}");
    for point in ["ok      configuratie", "ok      opslag", "ok      sleutels"] {
        assert!(text.contains(point), "{point} ontbreekt in:\n{text}");
    }
    let other = tmp.path().join("andere-sleutel");
    fs::write(&other, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let (code, text) = run(&dir, &["doctor"], &[("AANSLUITLOKET_KEYS__MASTER_KEY_FILE", other.to_str().unwrap())]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("fout    sleutels"), "{text}");
}

#[test]
fn een_database_die_nieuwer_is_dan_het_programma_wordt_geweigerd() {
    use diesel::connection::SimpleConnection as _;
    use diesel::{Connection as _, SqliteConnection};

    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    drop(Service::demo(&dir));
    let file = dir.join("gegevens/aansluitloket.sqlite");
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')").unwrap();
    drop(conn);
    for command in ["serve", "migrate", "doctor"] {
        let (code, text) = run(&dir, &[command], &[]);
        assert_eq!(code, Some(1), "{command}: {text}");
        assert!(text.contains("nieuwer dan dit programma"), "{command}: {text}");
    }
    let copy = tmp.path().join("kopie.sqlite");
    assert_eq!(run(&dir, &["backup", "--out", copy.to_str().unwrap()], &[]).0, Some(0));
    let fresh = tmp.path().join("leeg");
    let (code, text) = run(&dir, &["restore", "--from", copy.to_str().unwrap()], &[("AANSLUITLOKET_STORAGE__DATA_DIR", fresh.to_str().unwrap())]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("nieuwer dan dit programma"), "{text}");
}
