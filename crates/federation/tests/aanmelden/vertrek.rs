//! Wat iemand meekrijgt naar de IdP.

use std::collections::HashMap;

use domain::identiteitsproviders::MfaPreset;
use federation::Vertrek;
use serde_json::{Value, json};

use super::idp::{CLIENT, NONCE, Proef, STATE, TERUG, nu, preset};

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
    assert_eq!((velden["max_age"].as_str(), velden["prompt"].as_str(), velden["login_hint"].as_str()), ("0", "login", "noor@voorbeeld.example"));
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
