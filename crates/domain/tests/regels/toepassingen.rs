//! Machineclients en hun sleutels.

use domain::toepassingen::{NieuweToepassing, Scope, Toepassing, ToepassingStatus};
use serde_json::{Value, json};

use super::{id, nu};

fn sleutel() -> Value {
    json!({ "kty": "EC", "crv": "P-256", "kid": "een", "x": "a".repeat(43), "y": "b".repeat(43) })
}

fn maak(jwks: Value) -> Result<Toepassing, String> {
    NieuweToepassing { naam: "Script".into(), organisatie_id: id(1), scopes: vec![Scope::TrajectenLezen], jwks }
        .maak(id(2), nu())
        .map_err(|f| f[0].code.clone())
}

#[test]
fn een_sleutel_met_een_geheim_deel_wordt_geweigerd() {
    let mut prive = sleutel();
    prive["d"] = "geheim".into();
    assert_eq!(maak(json!({ "keys": [prive] })), Err("jwk-prive".into()));
    assert_eq!(maak(json!({ "keys": [{ "kty": "oct", "kid": "x", "k": "geheim" }] })), Err("jwk-prive".into()));
}

#[test]
fn alleen_sterke_publieke_sleutels_met_een_eigen_kid_zijn_goed() {
    assert!(maak(json!({ "keys": [sleutel()] })).is_ok());
    assert_eq!(maak(json!({})), Err("jwks-ongeldig".into()));
    assert_eq!(maak(json!({ "keys": [] })), Err("jwks-aantal".into()));
    assert_eq!(maak(json!({ "keys": [sleutel(), sleutel()] })), Err("dubbel".into()));
    assert_eq!(maak(json!({ "keys": [{ "kty": "RSA", "kid": "r", "n": "kort", "e": "AQAB" }] })), Err("jwk-ongeldig".into()));
    let mut versleutelen = sleutel();
    versleutelen["use"] = "enc".into();
    assert_eq!(maak(json!({ "keys": [versleutelen] })), Err("jwk-gebruik".into()));
}

#[test]
fn ingetrokken_is_voorgoed() {
    let t = maak(json!({ "keys": [sleutel()] })).unwrap();
    let weg = t.met_status(ToepassingStatus::Ingetrokken, nu()).unwrap();
    assert_eq!(weg.met_status(ToepassingStatus::Actief, nu()).unwrap_err().code, "toepassing-ingetrokken");
    assert_eq!(t.met_status(ToepassingStatus::Actief, nu()).unwrap_err().code, "status-ongewijzigd");
}
