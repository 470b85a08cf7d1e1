//! De planning wijzigt per veld (JSON Merge Patch) en loopt in de tijd vooruit.

use domain::trajecten::{Planning, PlanningStap, Traject, TrajectWijziging};
use serde_json::{Value, json};

use super::{dag, id, nu, traject};

fn gepland() -> Traject {
    let stap = |stap, datum| PlanningStap { stap, gereed_datum: dag(datum) };
    let planning =
        Planning { start_datum: Some(dag("2026-12-01")), go_live_datum: Some(dag("2027-09-15")), stappen: vec![stap(1, "2027-01-31"), stap(2, "2027-03-31")] };
    Traject { planning, ..traject() }
}

fn wijzig(body: Value) -> Result<Planning, Vec<(String, String)>> {
    let wijziging: TrajectWijziging = serde_json::from_value(body).unwrap();
    gepland().gewijzigd(&wijziging, nu()).map(|t| t.planning).map_err(|f| f.into_iter().map(|f| (f.location, f.code)).collect())
}

#[test]
fn een_weggelaten_veld_van_de_planning_blijft_staan() {
    let oud = gepland().planning;
    let verzet = wijzig(json!({ "planning": { "goLiveDatum": "2027-10-01" } })).unwrap();
    assert_eq!(verzet, Planning { go_live_datum: Some(dag("2027-10-01")), ..oud.clone() });
    assert_eq!(wijzig(json!({ "planning": {} })).unwrap(), oud);
    assert_eq!(wijzig(json!({})).unwrap(), oud);
}

#[test]
fn null_maakt_een_veld_van_de_planning_leeg() {
    let oud = gepland().planning;
    assert_eq!(wijzig(json!({ "planning": { "startDatum": null } })).unwrap(), Planning { start_datum: None, ..oud.clone() });
    assert_eq!(wijzig(json!({ "planning": { "stappen": [] } })).unwrap(), Planning { stappen: vec![], ..oud });
}

#[test]
fn een_gewijzigde_planning_klopt_met_wat_er_al_stond() {
    assert_eq!(wijzig(json!({ "planning": { "startDatum": "2027-12-01" } })), Err(vec![("/planning/goLiveDatum".into(), "einde-voor-begin".into())]));
    let stappen = json!([{ "stap": 3, "gereedDatum": "2027-05-01" }, { "stap": 2, "gereedDatum": "2027-06-01" }, { "stap": 3, "gereedDatum": "2027-07-01" }]);
    let fouten = wijzig(json!({ "planning": { "stappen": stappen } })).unwrap_err();
    assert_eq!(fouten, [("/planning/stappen/1/gereedDatum".into(), "volgorde".into()), ("/planning/stappen/2/stap".into(), "dubbel".into())]);
}

#[test]
fn een_contactpersoon_staat_een_keer_in_de_lijst() {
    let wijziging = TrajectWijziging { contactpersonen: Some(vec![id(1), id(2), id(1)]), ..TrajectWijziging::default() };
    let fouten = gepland().gewijzigd(&wijziging, nu()).unwrap_err();
    assert_eq!((fouten[0].location.as_str(), fouten[0].code.as_str()), ("/contactpersonen/2", "dubbel"));
}
