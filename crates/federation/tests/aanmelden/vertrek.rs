//! Wat iemand meekrijgt naar de IdP.

use std::collections::HashMap;

use domain::diagnose::DiagnoseCode as C;
use domain::identiteitsproviders::{GevraagdeClaim, MfaPreset};
use federation::Vertrek;
use serde_json::{Value, json};

use super::idp::{CLIENT, NONCE, Proef, STATE, TERUG, fout, json_van, nu, preset};

async fn vraag(p: &Proef, wens: &Vertrek) -> HashMap<String, String> {
    let url = p.hub.vertrek(&p.config, wens, nu()).await.unwrap();
    let paren: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let velden: HashMap<String, String> = paren.iter().cloned().collect();
    assert_eq!(velden.len(), paren.len(), "iedere parameter één keer");
    velden
}

#[tokio::test]
async fn iedere_vraag_heeft_code_pkce_state_en_nonce() {
    let p = Proef::start();
    let velden = vraag(&p, &Proef::vertrek()).await;
    for (naam, waarde) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", TERUG),
        ("scope", "openid email profile"),
        ("state", STATE),
        ("nonce", NONCE),
        ("code_challenge", "uitdaging"),
        ("code_challenge_method", "S256"),
        ("kanaal", "web"),
    ] {
        assert_eq!(velden.get(naam).map(String::as_str), Some(waarde), "{naam}");
    }
    for naam in ["max_age", "prompt", "login_hint", "acr_values", "claims"] {
        assert!(!velden.contains_key(naam), "{naam}");
    }
}

#[tokio::test]
async fn een_verse_aanmelding_en_een_hint_gaan_mee() {
    let p = Proef::start();
    let wens = Vertrek { max_age: Some(0), prompt_login: true, login_hint: Some("noor@voorbeeld.example".into()), ..Proef::vertrek() };
    let velden = vraag(&p, &wens).await;
    assert_eq!((velden["max_age"].as_str(), velden["prompt"].as_str(), velden["login_hint"].as_str()), ("60", "login", "noor@voorbeeld.example"));
    let wens = Vertrek { prompt_login: false, ..wens };
    assert_eq!(vraag(&p, &wens).await["max_age"], "0", "alleen met prompt=login kan het ruimer");
}

#[tokio::test]
async fn iedere_preset_vraagt_mfa_in_de_vorm_die_de_idp_begrijpt() {
    let p = Proef::met_regel(preset(MfaPreset::EntraV2, &["c1"]));
    let claims: Value = serde_json::from_str(&vraag(&p, &Proef::vertrek()).await["claims"]).unwrap();
    assert_eq!(claims, json!({ "id_token": { "acrs": { "essential": true, "values": ["c1"] } } }));
    let p = Proef::met_regel(preset(MfaPreset::Adfs, &[]));
    assert_eq!(vraag(&p, &Proef::vertrek()).await["acr_values"], "http://schemas.microsoft.com/claims/multipleauthn");
    let p = Proef::met_regel(preset(MfaPreset::Acr, &["2", "3"]));
    assert_eq!(vraag(&p, &Proef::vertrek()).await["acr_values"], "2 3");
}

#[tokio::test]
async fn een_eis_van_het_portaal_die_de_idp_kent_gaat_voor() {
    let p = Proef::met_regel(preset(MfaPreset::Eidas, &[]));
    let (laag, hoog) = ("http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high");
    assert_eq!(vraag(&p, &Proef::vertrek()).await["acr_values"], format!("{laag} {hoog}"));
    let wens = Vertrek { acr_eis: vec![hoog.into(), "https://onbekend.example".into()], ..Proef::vertrek() };
    assert_eq!(vraag(&p, &wens).await["acr_values"], hoog);
    let wens = Vertrek { acr_eis: vec!["https://onbekend.example".into()], ..Proef::vertrek() };
    assert_eq!(vraag(&p, &wens).await["acr_values"], format!("{laag} {hoog}"), "wat de IdP niet kent, gaat niet mee");
}

#[tokio::test]
async fn een_idp_die_de_parameter_claims_kent_wordt_vrijwillig_om_het_bewijs_gevraagd() {
    let gevraagd = async |p: &Proef| -> Option<Value> { vraag(p, &Proef::vertrek()).await.get("claims").map(|tekst| serde_json::from_str(tekst).unwrap()) };
    let p = Proef::start();
    p.zegt_van_zichzelf(json!({ "claims_parameter_supported": true, "claims_supported": ["sub", "amr", "auth_time"] }));
    assert_eq!(gevraagd(&p).await, Some(json!({ "id_token": { "amr": null, "auth_time": null } })));
    // Wat de IdP niet kent, vragen wij niet; en zonder de parameter vragen wij zo niets.
    let p = Proef::start();
    p.zegt_van_zichzelf(json!({ "claims_parameter_supported": true, "claims_supported": ["sub", "email"] }));
    assert_eq!(gevraagd(&p).await, None);
    let p = Proef::start();
    p.zegt_van_zichzelf(json!({ "claims_supported": ["amr"] }));
    assert_eq!(gevraagd(&p).await, None);
    // Met acr_values is om acr al gevraagd, en wat de regel eist blijft een eis.
    let p = Proef::met_regel(preset(MfaPreset::Acr, &["2"]));
    p.zegt_van_zichzelf(json!({ "claims_parameter_supported": true, "claims_supported": ["acr"] }));
    assert_eq!(gevraagd(&p).await, None);
    let p = Proef::met_regel(preset(MfaPreset::EntraV2, &["c1"]));
    p.zegt_van_zichzelf(json!({ "claims_parameter_supported": true, "claims_supported": ["acrs"] }));
    assert_eq!(gevraagd(&p).await, Some(json!({ "id_token": { "acrs": { "essential": true, "values": ["c1"] } } })));
}

#[tokio::test]
async fn een_geeiste_claim_zonder_waarden_noemt_geen_lege_lijst() {
    let mut p = Proef::start();
    p.config.instellingen.mfa.vraag.claims = vec![GevraagdeClaim { claim: "amr".into(), waarden: Vec::new() }];
    assert_eq!(vraag(&p, &Proef::vertrek()).await["claims"], json!({ "id_token": { "amr": { "essential": true } } }).to_string());
}

fn met_par(p: &Proef) {
    p.zegt_van_zichzelf(json!({ "require_pushed_authorization_requests": true, "pushed_authorization_request_endpoint": format!("{}/par", p.idp.adres) }));
}

#[tokio::test]
async fn eist_de_idp_klaarleggen_dan_gaat_de_vraag_met_onze_bekendmaking_vooraf() {
    let p = Proef::start();
    met_par(&p);
    let velden = vraag(&p, &Proef::vertrek()).await;
    let verwacht = [("client_id", CLIENT), ("request_uri", "urn:ietf:params:oauth:request_uri:1"), ("kanaal", "web")];
    assert_eq!(velden, verwacht.map(|(naam, waarde)| (naam.to_owned(), waarde.to_owned())).into_iter().collect::<HashMap<_, _>>(), "niets anders");
    let klaargelegd = p.idp.laatste("/par");
    for (naam, waarde) in [("response_type", "code"), ("client_id", CLIENT), ("redirect_uri", TERUG), ("state", STATE), ("nonce", NONCE)] {
        assert_eq!(klaargelegd.veld(naam).as_deref(), Some(waarde), "{naam}");
    }
    assert!(klaargelegd.kop("authorization").is_some_and(|kop| kop.starts_with("Basic ")));
}

#[tokio::test]
async fn klaarleggen_lukt_met_201_en_ook_met_200() {
    let p = Proef::start();
    met_par(&p);
    for status in [201, 200] {
        p.idp.met(|s| s.par.status = status);
        assert_eq!(vraag(&p, &Proef::vertrek()).await["request_uri"], "urn:ietf:params:oauth:request_uri:1", "{status}");
    }
    p.idp.met(|s| s.par.status = 202);
    assert!(p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.is_err());
}

#[tokio::test]
async fn een_geheim_in_het_formulier_en_een_vraag_noemen_de_client_samen_een_keer() {
    let mut p = Proef::start();
    p.config.client = federation::idp::ClientAuthenticatie::Post(vec![super::idp::geheim("s")]);
    met_par(&p);
    vraag(&p, &Proef::vertrek()).await;
    let inhoud = p.idp.laatste("/par").inhoud;
    assert_eq!((inhoud.matches("client_id=").count(), inhoud.matches("client_secret=").count()), (1, 1), "{inhoud}");
}

#[tokio::test]
async fn lukt_klaarleggen_niet_dan_heeft_dat_een_eigen_oorzaak() {
    let p = Proef::start();
    met_par(&p);
    for (zegt, verwacht) in [
        (fout(401, "invalid_client"), C::ClientGeweigerd),
        (fout(400, "invalid_request"), C::IdpFoutmelding),
        (fout(503, "weg"), C::IdpOnbereikbaar),
        (super::idp::Zegt { status: 201, ..json_van(&json!({})) }, C::IdpFoutmelding),
    ] {
        p.idp.met(|s| s.par = zegt);
        assert_eq!(p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap_err().code, verwacht);
    }
    let p = Proef::start();
    p.zegt_van_zichzelf(json!({ "require_pushed_authorization_requests": true }));
    assert_eq!(p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap_err().code, C::DiscoveryOnjuist);
}
