//! De eerste start: zonder bootstrap komt niemand binnen, en bootstrap kan precies één keer.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "een proef mag stuklopen")]

mod common;

use std::fs;
use std::path::Path;

use common::{Service, program, request};

const ISSUER: &str = "https://login.nipv.example";

fn configure(dir: &Path, link_by_email: bool) {
    fs::create_dir_all(dir).unwrap();
    fs::write(dir.join("hoofdsleutel"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let text = format!(
        "[server]\nbase_url = \"http://127.0.0.1:8080\"\n[storage]\ndata_dir = \"{0}/gegevens\"\n[keys]\nmaster_key_file = \"{0}/hoofdsleutel\"\n\
         [[trusted_issuers]]\nname = \"NIPV\"\nissuer = \"{ISSUER}\"\nlink_by_email = {link_by_email}\n",
        dir.display()
    );
    fs::write(dir.join("aansluitloket.toml"), text).unwrap();
}

fn bootstrap(dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let fixed = ["bootstrap", "--naam", "Lotte Voorbeeld", "--email", "lotte@nipv.example", "--uitgever"];
    let output = program().arg("--config").arg(dir.join("aansluitloket.toml")).args(fixed).args(arguments).output().unwrap();
    (output.status.code(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn bootstrap_kan_precies_een_keer() {
    let tmp = tempfile::tempdir().unwrap();
    configure(tmp.path(), false);
    let (code, text) = bootstrap(tmp.path(), &[ISSUER, "--sub", "lotte-1"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("Lotte Voorbeeld"), "{text}");
    let (code, text) = bootstrap(tmp.path(), &[ISSUER, "--sub", "lotte-2"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("al ingericht"), "{text}");
}

#[test]
fn een_uitgever_die_niet_vertrouwd_is_wordt_geweigerd() {
    let tmp = tempfile::tempdir().unwrap();
    configure(tmp.path(), false);
    let (code, text) = bootstrap(tmp.path(), &["https://login.nipv.example/", "--sub", "lotte-1"]);
    assert_eq!(code, Some(2), "een schuine streep verschil is een andere uitgever: {text}");
    assert!(text.contains("staat niet in `trusted_issuers`"), "{text}");
}

#[test]
fn zonder_sub_moet_de_uitgever_op_emailadres_mogen_koppelen() {
    let tmp = tempfile::tempdir().unwrap();
    configure(tmp.path(), false);
    let (code, text) = bootstrap(tmp.path(), &[ISSUER]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("`--sub`"), "{text}");
    configure(tmp.path(), true);
    let (code, text) = bootstrap(tmp.path(), &[ISSUER]);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn zonder_bootstrap_komt_niemand_binnen() {
    let tmp = tempfile::tempdir().unwrap();
    let demo = tmp.path().join("demo");
    let foreign = Service::demo(&demo).token("lfb");
    let empty = tmp.path().join("leeg");
    configure(&empty, false);
    let service = Service::serve(&empty, &[]);
    for headers in [vec![], vec![("authorization", format!("Bearer {foreign}"))]] {
        let headers: Vec<_> = headers.iter().map(|(name, value): &(&str, String)| (*name, value.as_str())).collect();
        let answer = request(service.api, "GET", "/v1/ik", &headers, None).unwrap();
        assert_eq!(answer.status, 401, "{}", answer.text());
    }
}
