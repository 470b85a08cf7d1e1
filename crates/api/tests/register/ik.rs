//! Wie ben ik, en hoe sterk aangemeld.

use serde_json::json;

use crate::huis::{BASIS, Huis};

#[actix_web::test]
async fn ik_zegt_wie_voor_welke_organisatie_met_welke_rollen_en_hoe_sterk() {
    let huis = Huis::nieuw().await;
    let ik = huis.get(&huis.projectleider, "/ik").await;
    assert_eq!(ik.status, 200, "{}", ik.body);
    assert_eq!(ik.body["id"], json!(huis.projectleider.id));
    assert_eq!(ik.body["organisatieId"], json!(huis.projectleider.organisatie));
    assert_eq!(ik.body["rollen"], json!(["projectleider"]));
    assert_eq!(ik.body["uitgever"], BASIS);
    assert_eq!(ik.body["acr"], "https://refeds.org/profile/mfa");
    assert_eq!(ik.body["amr"], json!(["pwd", "otp"]));
    assert!(ik.body["aangemeldOp"].is_string());
    assert!(ik.body["scopes"].as_array().is_some_and(|scopes| scopes.contains(&json!("trajecten:lezen"))));
}
