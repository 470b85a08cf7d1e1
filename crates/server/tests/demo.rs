//! De voorbeelddienst: alleen op deze machine, alleen in een lege map, en met wat zij belooft.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "een proef mag stuklopen")]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Service, program};
use serde_json::{Value, json};

const ROLES: [&str; 11] = [
    "lfb",
    "adviseur",
    "productmanager-lcms",
    "productmanager-tgv",
    "projectleider",
    "organisatiebeheerder",
    "idp-beheerder",
    "tekenbevoegde",
    "waarnemer",
    "implementatieadviseur",
    "adoptieadviseur",
];

#[test]
fn een_adres_dat_niet_van_deze_machine_zelf_is_wordt_geweigerd() {
    for address in ["0.0.0.0:8080", "192.0.2.10:8080", "[::]:8080"] {
        let output = program().args(["demo", "--listen", address]).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains("alleen op deze machine") && error.lines().count() == 1, "{error}");
    }
}

#[test]
fn een_map_die_niet_leeg_is_wordt_geweigerd_en_blijft_zoals_zij_was() {
    let tmp = tempfile::tempdir().unwrap();
    fs::write(tmp.path().join("van-mij.txt"), "blijft").unwrap();
    let output = program().args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(tmp.path()).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("is niet leeg"), "{error}");
    assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 1);
}

#[test]
fn elke_rol_heeft_een_token_dat_werkt_en_dat_alleen_de_eigenaar_kan_lezen() {
    let tmp = tempfile::tempdir().unwrap();
    let service = Service::demo(&tmp.path().join("demo"));
    let demo: Value = serde_json::from_slice(&fs::read(service.dir.join("demo.json")).unwrap()).unwrap();
    assert_eq!(demo["basisUrl"], json!(format!("http://{}", service.api)));
    for role in ROLES {
        let file = service.dir.join("tokens").join(format!("{role}.jwt"));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{role}");
        let me = service.call(role, "GET", "/v1/ik", &[], None);
        assert_eq!(me.status, 200, "{role}: {}", me.text());
        assert!(me.text().contains(role), "{role}: {}", me.text());
        let person = demo["personen"].as_array().unwrap().iter().find(|p| p["token"] == json!(format!("tokens/{role}.jwt")));
        assert!(person.is_some(), "{role} ontbreekt in demo.json");
    }
    assert_eq!(fs::metadata(service.dir.join("demo.json")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn een_aanmelddienst_op_de_eigen_machine_is_onder_elke_naam_te_registreren() {
    let tmp = tempfile::tempdir().unwrap();
    let service = Service::demo(&tmp.path().join("demo"));
    let organisatie = service.call("idp-beheerder", "GET", "/v1/ik", &[], None).json()["organisatieId"].clone();
    let registreer = |issuer: &str| {
        let instellingen = json!({ "issuer": issuer, "clientId": "aansluitloket", "clientauthenticatie": "client-secret-basic", "mfa": { "preset": "amr" } });
        let nieuw = json!({ "organisatieId": organisatie, "naam": "Proef", "instellingen": instellingen });
        service.call("idp-beheerder", "POST", "/v1/identiteitsproviders", &[], Some(&nieuw))
    };
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let gemaakt = registreer(&format!("http://{host}:3001"));
        assert_eq!(gemaakt.status, 201, "{host}: {}", gemaakt.text());
    }
    let geweigerd = registreer("http://elders.example");
    assert!(geweigerd.status == 400 && geweigerd.text().contains("egress.allow_hosts"), "{}", geweigerd.text());
}

#[test]
fn de_trajecten_staan_op_stap_een_tot_en_met_vijf() {
    let tmp = tempfile::tempdir().unwrap();
    let service = Service::demo(&tmp.path().join("demo"));
    let list = service.call("lfb", "GET", "/v1/trajecten?limit=100", &[], None);
    assert_eq!(list.status, 200, "{}", list.text());
    let list = list.json();
    let trajecten = list["items"].as_array().unwrap();
    for stap in 1..=5 {
        assert!(trajecten.iter().any(|t| t["stap"] == json!(stap) && t["status"] == json!("lopend")), "geen lopend traject op stap {stap}");
    }
    let own = service.call("projectleider", "GET", "/v1/trajecten", &[], None).json();
    let own = own["items"].as_array().unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["stap"], json!(4));
    for role in ["organisatiebeheerder", "implementatieadviseur", "adoptieadviseur"] {
        let found = service.call(role, "GET", &format!("/v1/trajecten/{}", own[0]["id"].as_str().unwrap()), &[], None);
        assert_eq!(found.status, 200, "{role}: {}", found.text());
    }
}

#[test]
fn de_getoonde_opdrachten_noemen_een_token_en_een_machinekoppeling() {
    let tmp = tempfile::tempdir().unwrap();
    let dir = tmp.path().join("demo");
    let service = Service::demo(&dir);
    let demo: Value = serde_json::from_slice(&fs::read(dir.join("demo.json")).unwrap()).unwrap();
    let client = &demo["toepassingen"][0];
    assert!(client["clientId"].is_string() && client["jwk"]["d"].is_string(), "{client}");
    let output = program().arg("assertion").arg(dir.join("demo.json")).output().unwrap();
    let assertion = String::from_utf8(output.stdout).unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={}",
        client["clientId"].as_str().unwrap(),
        assertion.trim()
    );
    let answer = form_post(&service, "/oidc/token", &form);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let list = common::request(service.api, "GET", "/v1/trajecten", &[("authorization", &bearer)], None).unwrap();
    assert_eq!(list.status, 200, "{}", list.text());
    assert!(!list.json()["items"].as_array().unwrap().is_empty());
}

fn form_post(service: &Service, path: &str, form: &str) -> common::Answer {
    use std::io::Write as _;
    let mut stream = std::net::TcpStream::connect(service.api).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = common::head(service.api, "POST", path, &[("content-type", "application/x-www-form-urlencoded")], form.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(form.as_bytes()).unwrap();
    common::read_answer(&mut stream).unwrap()
}

#[test]
fn een_voorbeeld_zonder_map_ruimt_zijn_tijdelijke_map_op() {
    let address = common::free_address();
    let tmp = tempfile::tempdir().unwrap();
    let mut child =
        program().args(["demo", "--listen", &address.to_string()]).env("TMPDIR", tmp.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while !common::request(address, "GET", "/v1/openapi.json", &[], None).is_ok_and(|a| a.status == 200) {
        assert!(started.elapsed() < Duration::from_secs(60), "niet gereed");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 1);
    assert!(std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 0);
}
