//! Het document van een IdP: één code per oorzaak, en nooit naar binnen.

use domain::diagnose::{Diagnose, DiagnoseCode as C};
use federation::{Egress, EgressRule, Health, IdpHub};
use serde_json::{Value, json};

use super::idp::{Proef, Zegt, discovery, fout, json_van, nu, rng};

async fn met(document: impl FnOnce(&str) -> Zegt) -> Diagnose {
    let p = Proef::start();
    let zegt = document(&p.idp.adres);
    p.idp.met(|s| s.discovery = zegt);
    p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap_err()
}

fn zonder(adres: &str, veld: &str) -> Zegt {
    let mut document = discovery(adres);
    document.as_object_mut().unwrap().remove(veld);
    json_van(&document)
}

fn anders(adres: &str, veld: &str, waarde: Value) -> Zegt {
    let mut document = discovery(adres);
    document[veld] = waarde;
    json_van(&document)
}

#[tokio::test]
async fn een_andere_uitgever_noemt_beide_waarden() {
    let diagnose = met(|adres| anders(adres, "issuer", json!(format!("{adres}/")))).await;
    assert_eq!(diagnose.code, C::IssuerMismatch);
    assert_eq!(diagnose.gezien.unwrap(), format!("{}/", diagnose.verwacht.unwrap()));
}

#[tokio::test]
async fn een_onvolledig_document_is_geen_onbereikbare_idp() {
    for veld in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
        assert_eq!(met(|adres| zonder(adres, veld)).await.code, C::DiscoveryOnjuist, "{veld}");
        if veld != "issuer" {
            assert_eq!(met(|adres| anders(adres, veld, json!(1))).await.code, C::DiscoveryOnjuist, "{veld}");
        }
    }
    assert_eq!(met(|_| Zegt { status: 200, soort: "text/html".into(), inhoud: "<html>".into(), ..Zegt::default() }).await.code, C::DiscoveryOnjuist);
}

/// Adressen waar wij nooit heen gaan.
const NIET_TOEGESTAAN: [&str; 8] = [
    "https://10.0.0.1/x",
    "https://[fd00::1]/x",
    "https://169.254.169.254/latest",
    "http://elders.example/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "/relatief",
    "",
];

#[tokio::test]
async fn een_adres_waar_het_zonder_kan_telt_als_niet_genoemd_als_het_niet_mag() {
    let onbruikbaar = NIET_TOEGESTAAN.map(Value::from).into_iter().chain([json!(1), json!(["https://idp.example/uit"])]);
    for adres in onbruikbaar {
        let p = Proef::start();
        p.zegt_van_zichzelf(json!({ "userinfo_endpoint": adres, "end_session_endpoint": adres, "pushed_authorization_request_endpoint": adres }));
        let wie = p.met_claims(json!({ "email": null })).await.unwrap();
        assert_eq!((wie.end_session_endpoint(), wie.email()), (None, None), "{adres}");
        let gemist = wie.gemist().expect("waarom er geen e-mailadres is");
        assert!(gemist.code == C::AdresNietToegestaan && gemist.verwacht.as_deref().unwrap_or_default().starts_with("userinfo_endpoint"), "{gemist}");
        // Wie klaarleggen eist, kan niet zonder het adres daarvoor.
        let p = Proef::start();
        p.zegt_van_zichzelf(json!({ "require_pushed_authorization_requests": true, "pushed_authorization_request_endpoint": adres }));
        assert_eq!(p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap_err().code, C::AdresNietToegestaan, "{adres}");
    }
    let p = Proef::start();
    p.zegt_van_zichzelf(json!({ "end_session_endpoint": null }));
    assert_eq!(p.meld_aan(&p.claims()).await.unwrap().end_session_endpoint(), None);
}

#[tokio::test]
async fn een_adres_in_het_document_wijst_nooit_naar_binnen_of_naar_onversleuteld() {
    for veld in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for adres in NIET_TOEGESTAAN {
            assert_eq!(met(|idp| anders(idp, veld, json!(adres))).await.code, C::AdresNietToegestaan, "{veld} {adres}");
        }
    }
}

/// Wat de IdP zegt in plaats van een document, en wat daarvan in de diagnose staat.
fn geen_document() -> [(Zegt, &'static str); 5] {
    let html = Zegt { status: 200, soort: "text/html".into(), inhoud: "<html>".into(), ..Zegt::default() };
    [
        (fout(404, "onbekend"), "antwoord met status 404"),
        (fout(403, "niet"), "antwoord met status 403"),
        (Zegt { status: 302, ..html.clone() }, "antwoord met status 302; omleidingen worden niet gevolgd"),
        (html, "geen JSON"),
        (json_van(&json!({ "vulling": "x".repeat(1024 * 1024) })), "groter dan 1 MiB"),
    ]
}

#[tokio::test]
async fn een_idp_die_antwoordt_met_iets_anders_dan_een_document_is_niet_onbereikbaar() {
    for (zegt, gezien) in geen_document() {
        let diagnose = met(|_| zegt.clone()).await;
        assert_eq!(diagnose.code, C::DiscoveryOnjuist, "{gezien}");
        assert!(diagnose.gezien.as_deref().unwrap_or_default().contains(gezien), "{diagnose}");
        let verwacht = diagnose.verwacht.unwrap();
        assert!(verwacht.contains("klopt de uitgever") && verwacht.contains("/.well-known/openid-configuration"), "{verwacht}");
        let p = Proef::start();
        p.idp.met(|s| s.jwks = zegt);
        let diagnose = p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap_err();
        assert_eq!(diagnose.code, C::SleutelsOnjuist, "{gezien}");
        assert!(diagnose.gezien.unwrap().contains(gezien) && diagnose.verwacht.unwrap().contains("/jwks"), "{gezien}");
    }
    assert!(!met(|_| fout(404, "onbekend")).await.gezien.unwrap().contains("omleiding"));
}

#[tokio::test]
async fn een_idp_die_omvalt_of_niet_antwoordt_is_onbereikbaar() {
    assert_eq!(met(|_| fout(500, "stuk")).await.code, C::IdpOnbereikbaar);
    assert_eq!(met(|adres| anders(adres, "jwks_uri", json!("http://127.0.0.1:1/jwks"))).await.code, C::IdpOnbereikbaar);
    let p = Proef::start();
    p.idp.met(|s| s.jwks = fout(503, "weg"));
    assert_eq!(p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap_err().code, C::IdpOnbereikbaar);
}

#[tokio::test]
async fn sleutels_die_er_niet_zijn_hebben_hun_eigen_code() {
    for inhoud in [r#"{"geen":"sleutels"}"#, r#"{"keys":"x"}"#, "<html>"] {
        let p = Proef::start();
        p.idp.met(|s| s.jwks = Zegt { status: 200, soort: "application/json".into(), inhoud: inhoud.into(), ..Zegt::default() });
        assert_eq!(p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap_err().code, C::SleutelsOnjuist, "{inhoud}");
    }
}

#[tokio::test]
async fn een_idp_op_een_binnenadres_moet_op_de_lijst_staan() {
    let p = Proef::start();
    let dicht = IdpHub::new(Egress::new(EgressRule::default()).unwrap(), rng());
    assert_eq!(dicht.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap_err().code, C::AdresNietToegestaan);
    assert_eq!(p.idp.met(|s| s.gevraagd.len()), 0);
}

#[tokio::test]
async fn er_gaat_niets_naar_buiten_voordat_iemand_zich_aanmeldt_en_een_uitval_laat_de_rest_met_rust() {
    let (goed, stuk) = (Proef::start(), Proef::start());
    let hub = goed.hub.clone();
    assert_eq!(goed.idp.met(|s| s.gevraagd.len()), 0);
    assert_eq!(hub.gezondheid(&goed.idp.adres), Health::Unknown);
    stuk.idp.met(|s| s.discovery = fout(503, "weg"));
    assert_eq!(hub.vertrek(&stuk.config, &Proef::vertrek(), nu()).await.unwrap_err().code, C::IdpOnbereikbaar);
    assert!(hub.vertrek(&goed.config, &Proef::vertrek(), nu()).await.is_ok());
    assert!(matches!(hub.gezondheid(&stuk.idp.adres), Health::Failing { .. }));
    assert!(matches!(hub.gezondheid(&goed.idp.adres), Health::Good { .. }));
    // De rem: een storm op een kapotte IdP is één verzoek per minuut.
    for _ in 0..20 {
        assert_eq!(hub.vertrek(&stuk.config, &Proef::vertrek(), nu()).await.unwrap_err().code, C::IdpOnbereikbaar);
    }
    assert_eq!(stuk.idp.met(|s| s.gevraagd.len()), 1);
}

#[tokio::test]
async fn de_laatste_goede_gegevens_blijven_gelden_bij_een_uitval() {
    let p = Proef::start();
    p.meld_aan(&p.claims()).await.unwrap();
    p.idp.met(|s| s.discovery = fout(503, "weg"));
    let later = nu() + chrono::TimeDelta::minutes(30);
    assert!(p.hub.vertrek(&p.config, &Proef::vertrek(), later).await.is_ok());
    assert_eq!(p.hub.meten(&p.idp.adres, later).await.unwrap_err().code, C::IdpOnbereikbaar);
    assert!(p.hub.vertrek(&p.config, &Proef::vertrek(), later).await.is_ok());
}

#[tokio::test]
async fn een_veld_dat_alleen_iets_meldt_laat_het_document_niet_vallen() {
    let p = Proef::start();
    p.zegt_van_zichzelf(json!({
        "authorization_response_iss_parameter_supported": null,
        "claims_parameter_supported": "false",
        "require_pushed_authorization_requests": [],
        "token_endpoint_auth_methods_supported": "client_secret_basic",
        "response_types_supported": null,
        "claims_supported": ["sub", 1, null],
        "acr_values_supported": {},
    }));
    assert!(p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.is_ok());
    // Een aankondiging als tekst telt wel: dan is 'iss' in het antwoord verplicht.
    let p = Proef::start();
    p.zegt_van_zichzelf(json!({ "authorization_response_iss_parameter_supported": "true" }));
    assert_eq!(p.meld_aan(&p.claims()).await.unwrap_err().code, C::IssParameterOnjuist);
}

#[tokio::test]
async fn een_byte_order_mark_telt_niet_en_een_gebrek_staat_er_in_het_nederlands() {
    let p = Proef::start();
    let document = discovery(&p.idp.adres);
    p.idp.met(|s| s.discovery = Zegt { inhoud: format!("\u{feff}{document}").into(), ..json_van(&document) });
    assert!(p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.is_ok());
    assert_eq!(met(|adres| zonder(adres, "jwks_uri")).await.gezien.as_deref(), Some("'jwks_uri' ontbreekt of is geen tekst"));
    assert_eq!(met(|adres| anders(adres, "token_endpoint", json!(7))).await.gezien.as_deref(), Some("'token_endpoint' ontbreekt of is geen tekst"));
}
