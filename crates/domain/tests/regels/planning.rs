//! Planning en aansluitvorm wijzigen per veld (JSON Merge Patch), en de planning loopt in de tijd vooruit.

use domain::trajecten::{Aansluitvormkeuze, Planning, PlanningStap, Traject, TrajectWijziging};
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

fn kies(keuze: Option<(&str, &str)>, body: Value) -> Result<Option<Aansluitvormkeuze>, Vec<(String, String)>> {
    let wijziging: TrajectWijziging = serde_json::from_value(body).unwrap();
    let aansluitvorm = keuze.map(|(code, motivatie)| Aansluitvormkeuze { code: code.into(), motivatie: motivatie.into() });
    let nieuw = Traject { aansluitvorm, ..traject() }.gewijzigd(&wijziging, nu());
    nieuw.map(|t| t.aansluitvorm).map_err(|f| f.into_iter().map(|f| (f.location, f.code)).collect())
}

#[test]
fn een_weggelaten_veld_van_de_aansluitvorm_blijft_staan_en_null_maakt_de_keuze_leeg() {
    let eerst = Some(("gedeeltelijk", "alleen het crisisteam"));
    let keuze = |code: &str, motivatie: &str| Ok(Some(Aansluitvormkeuze { code: code.into(), motivatie: motivatie.into() }));
    assert_eq!(kies(eerst, json!({ "aansluitvorm": { "motivatie": "nieuw" } })), keuze("gedeeltelijk", "nieuw"));
    assert_eq!(kies(eerst, json!({ "aansluitvorm": { "code": "volledig" } })), keuze("volledig", "alleen het crisisteam"));
    assert_eq!(kies(eerst, json!({ "aansluitvorm": {} })), keuze("gedeeltelijk", "alleen het crisisteam"));
    assert_eq!(kies(eerst, json!({})), keuze("gedeeltelijk", "alleen het crisisteam"));
    assert_eq!(kies(eerst, json!({ "aansluitvorm": null })), Ok(None));
    assert_eq!(kies(None, json!({ "aansluitvorm": null })), Ok(None));
}

#[test]
fn een_eerste_keuze_van_aansluitvorm_heeft_code_en_motivatie() {
    let mist = |veld: &str| (format!("/aansluitvorm/{veld}"), "verplicht".to_owned());
    assert_eq!(kies(None, json!({ "aansluitvorm": { "motivatie": "past" } })), Err(vec![mist("code")]));
    assert_eq!(kies(None, json!({ "aansluitvorm": { "code": "volledig" } })), Err(vec![mist("motivatie")]));
    assert_eq!(kies(None, json!({ "aansluitvorm": {} })), Err(vec![mist("code"), mist("motivatie")]));
    let leeg = Err(vec![("/aansluitvorm/motivatie".to_owned(), "leeg".to_owned())]);
    assert_eq!(kies(Some(("volledig", "past")), json!({ "aansluitvorm": { "motivatie": "  " } })), leeg);
}

#[test]
fn een_contactpersoon_staat_een_keer_in_de_lijst() {
    let wijziging = TrajectWijziging { contactpersonen: Some(vec![id(1), id(2), id(1)]), ..TrajectWijziging::default() };
    let fouten = gepland().gewijzigd(&wijziging, nu()).unwrap_err();
    assert_eq!((fouten[0].location.as_str(), fouten[0].code.as_str()), ("/contactpersonen/2", "dubbel"));
}
