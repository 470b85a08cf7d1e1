//! Userinfo vult naam en e-mailadres aan, van dezelfde persoon, en bewijst nooit MFA.

use domain::diagnose::DiagnoseCode as C;
use domain::identiteitsproviders::Userinfogebruik;
use serde_json::{Value, json};

use super::idp::{CLIENT, Proef, Zegt, code, discovery, fout, json_van};

fn zonder_gegevens(p: &Proef) -> Value {
    p.claims_met(json!({ "email": null, "email_verified": null, "name": null }))
}

fn gemist(wie: &federation::ProvenLogin) -> Option<C> {
    wie.gemist().map(|diagnose| diagnose.code)
}

#[tokio::test]
async fn gegevens_die_alleen_in_userinfo_staan_worden_gevonden() {
    let p = Proef::start();
    p.idp.met(|s| s.userinfo = json_van(&json!({ "sub": "p-1", "email": "Noor@Voorbeeld.example", "email_verified": false, "name": "Noor" })));
    let wie = p.meld_aan(&zonder_gegevens(&p)).await.unwrap();
    assert_eq!((wie.email(), wie.email_verified(), wie.naam()), (Some("noor@voorbeeld.example"), Some(false), Some("Noor")));
    let vraag = p.idp.laatste("/userinfo");
    assert_eq!((vraag.kop("authorization"), vraag.pad.as_str()), (Some("Bearer toegang-1"), "/userinfo"), "nooit in het adres");
}

#[tokio::test]
async fn userinfo_wordt_alleen_gevraagd_als_het_nodig_of_gewenst_is() {
    let mut p = Proef::start();
    p.meld_aan(&p.claims()).await.unwrap();
    assert_eq!(p.idp.aantal("/userinfo"), 0);
    p.config.instellingen.userinfo = Userinfogebruik::Altijd;
    p.idp.met(|s| s.userinfo = json_van(&json!({ "sub": "p-1", "email": "ander@elders.example" })));
    assert_eq!(p.meld_aan(&p.claims()).await.unwrap().email(), Some("noor@voorbeeld.example"), "het ID-token gaat voor");
    assert_eq!(p.idp.aantal("/userinfo"), 1);
    p.config.instellingen.userinfo = Userinfogebruik::Nooit;
    assert_eq!(p.meld_aan(&zonder_gegevens(&p)).await.unwrap().email(), None);
    assert_eq!(p.idp.aantal("/userinfo"), 1);
}

#[tokio::test]
async fn userinfo_van_een_ander_wordt_geweigerd() {
    let p = Proef::start();
    for sub in ["p-2", "P-1"] {
        p.idp.met(|s| s.userinfo = json_van(&json!({ "sub": sub, "email": "noor@voorbeeld.example" })));
        let diagnose = p.meld_aan(&zonder_gegevens(&p)).await.unwrap_err();
        assert_eq!((diagnose.code, diagnose.gezien.as_deref()), (C::UserinfoAndereSub, Some("een andere 'sub'")), "{sub}");
        assert!(diagnose.verwacht.is_some_and(|verwacht| !verwacht.contains("p-1")), "de sub van een ander staat er niet in, en de eigen ook niet");
    }
}

#[tokio::test]
async fn userinfo_die_niet_zegt_van_wie_zij_is_telt_niet_en_houdt_niemand_tegen() {
    let p = Proef::start();
    for (sub, gezien) in [(json!(null), "geen 'sub'"), (json!(1), "'sub' is een getal"), (json!(["p-1"]), "'sub' is een lijst")] {
        p.idp.met(|s| s.userinfo = json_van(&json!({ "sub": sub, "email": "noor@voorbeeld.example" })));
        let wie = p.meld_aan(&zonder_gegevens(&p)).await.unwrap();
        assert_eq!((wie.email(), gemist(&wie)), (None, Some(C::UserinfoOnjuist)), "{sub}");
        assert_eq!(wie.gemist().and_then(|d| d.gezien.as_deref()), Some(gezien));
    }
}

#[tokio::test]
async fn mfa_die_alleen_in_userinfo_staat_bewijst_niets() {
    let mut p = Proef::start();
    p.config.instellingen.userinfo = Userinfogebruik::Altijd;
    p.idp.met(|s| s.userinfo = json_van(&json!({ "sub": "p-1", "amr": ["mfa"], "acr": "https://refeds.org/profile/mfa" })));
    assert_eq!(code(p.met_claims(json!({ "amr": null })).await), C::AmrClaimOntbreekt);
    assert_eq!(code(p.met_claims(json!({ "amr": ["pwd"] })).await), C::MfaNietBewezen);
}

#[tokio::test]
async fn een_storing_in_userinfo_kost_hoogstens_wat_er_ontbreekt_en_zegt_waarom() {
    let mut p = Proef::start();
    let html = Zegt { status: 200, soort: "text/html".into(), inhoud: "<html>".into(), ..Zegt::default() };
    for zegt in [fout(401, "invalid_token"), fout(500, "stuk"), html, json_van(&json!(["sub"]))] {
        p.idp.met(|s| s.userinfo = zegt.clone());
        let wie = p.meld_aan(&zonder_gegevens(&p)).await.unwrap();
        assert_eq!((wie.sub(), wie.email(), gemist(&wie)), ("p-1", None, Some(C::UserinfoOnjuist)), "{zegt:?}");
        let wie = p.met_claims(json!({ "name": null })).await.unwrap();
        assert_eq!((wie.email(), wie.naam()), (Some("noor@voorbeeld.example"), None), "alleen de naam ontbreekt");
    }
    p.config.instellingen.userinfo = Userinfogebruik::Altijd;
    assert_eq!(p.meld_aan(&p.claims()).await.unwrap().naam(), Some("Noor Voorbeeld"));
}

#[tokio::test]
async fn ondertekende_userinfo_wordt_gekeurd_met_uitgever_en_bestemming() {
    let p = Proef::start();
    let goed = json!({ "iss": p.idp.adres, "aud": CLIENT, "sub": "p-1", "email": "noor@voorbeeld.example" });
    let zegt = |token: String| Zegt { status: 200, soort: "application/jwt; charset=utf-8".into(), inhoud: token.into(), ..Zegt::default() };
    p.idp.met(|s| s.userinfo = zegt(p.sleutel.sign("JWT", &goed).unwrap()));
    assert_eq!(p.meld_aan(&zonder_gegevens(&p)).await.unwrap().email(), Some("noor@voorbeeld.example"));
    let vreemd = provider::SigningKey::generate().unwrap();
    p.idp.met(|s| s.userinfo = zegt(vreemd.sign("JWT", &goed).unwrap()));
    let wie = p.meld_aan(&zonder_gegevens(&p)).await.unwrap();
    assert_eq!((wie.email(), gemist(&wie)), (None, Some(C::UserinfoOnjuist)), "wat een ander tekende telt niet");
    assert!(wie.gemist().unwrap().gezien.as_deref().unwrap().starts_with("sleutel-onbekend: kid "));
    for (naam, waarde) in [("iss", json!("https://elders.example")), ("aud", json!("elders"))] {
        let mut slecht = goed.clone();
        slecht[naam] = waarde;
        p.idp.met(|s| s.userinfo = zegt(p.sleutel.sign("JWT", &slecht).unwrap()));
        let wie = p.meld_aan(&zonder_gegevens(&p)).await.unwrap();
        assert_eq!((wie.email(), gemist(&wie)), (None, Some(C::UserinfoOnjuist)), "{naam}");
        assert_eq!(wie.gemist().and_then(|d| d.gezien.clone()), Some(format!("een andere '{naam}'")));
        slecht.as_object_mut().unwrap().remove(naam);
        p.idp.met(|s| s.userinfo = zegt(p.sleutel.sign("JWT", &slecht).unwrap()));
        let wie = p.meld_aan(&zonder_gegevens(&p)).await.unwrap();
        assert_eq!(wie.email(), Some("noor@voorbeeld.example"), "zonder '{naam}' kan het van niemand anders zijn dan van wie het gaf");
    }
}

#[tokio::test]
async fn een_leeg_gegeven_in_het_id_token_verbergt_niet_wat_userinfo_zegt() {
    let p = Proef::start();
    p.idp.met(|s| s.userinfo = json_van(&json!({ "sub": "p-1", "email": "noor@voorbeeld.example", "email_verified": true, "name": "Noor" })));
    for leeg in [json!(null), json!(""), json!("  "), json!([]), json!([""]), json!(7), json!(["a@voorbeeld.example", "b@voorbeeld.example"])] {
        let mut claims = p.claims();
        (claims["email"], claims["name"], claims["email_verified"]) = (leeg.clone(), leeg.clone(), json!(false));
        let wie = p.meld_aan(&claims).await.unwrap();
        assert_eq!((wie.email(), wie.naam()), (Some("noor@voorbeeld.example"), Some("Noor")), "{leeg}");
        assert_eq!(wie.email_verified(), Some(true), "bewezen of niet hoort bij het adres: {leeg}");
        assert!(wie.gemist().is_none(), "{leeg}");
    }
}

#[tokio::test]
async fn een_lijst_met_een_adres_is_dat_adres_en_een_langere_is_er_geen() {
    let p = Proef::start();
    let wie = p.met_claims(json!({ "email": ["Noor@Voorbeeld.example"], "name": ["Noor"] })).await.unwrap();
    assert_eq!((wie.email(), wie.naam(), wie.email_verified()), (Some("noor@voorbeeld.example"), Some("Noor"), Some(true)));
    assert_eq!(p.idp.aantal("/userinfo"), 0);
    p.idp.met(|s| s.userinfo = json_van(&json!({ "sub": "p-1" })));
    let wie = p.met_claims(json!({ "email": ["a@voorbeeld.example", "b@voorbeeld.example"] })).await.unwrap();
    let gemist = wie.gemist().expect("waarom er geen adres is");
    assert_eq!((wie.email(), gemist.code, gemist.gezien.as_deref()), (None, C::EMailOntbreekt, Some("'email' is een lijst van 2")));
    assert_eq!(gemist.verwacht.as_deref(), Some("'email' als één tekst"));
}

#[tokio::test]
async fn wie_geen_adres_geeft_hoort_welke_claim_het_had_moeten_zijn() {
    let mut p = Proef::start();
    p.idp.met(|s| s.userinfo = json_van(&json!({ "sub": "p-1", "emails": ["noor@voorbeeld.example"] })));
    let claims = json!({ "email": null, "preferred_username": "noor" });
    let wie = p.met_claims(claims.clone()).await.unwrap();
    let gemist = wie.gemist().expect("waarom er geen adres is");
    assert_eq!((gemist.code, gemist.verwacht.as_deref()), (C::EMailOntbreekt, Some("'email' in het ID-token of in userinfo")));
    assert_eq!(gemist.gezien.as_deref(), Some("geen 'email'; wel 'emails', 'preferred_username'"), "de namen, niet wat erin staat");
    p.config.instellingen.userinfo = Userinfogebruik::Nooit;
    p.config.instellingen.claims.email = "upn".into();
    let wie = p.met_claims(json!({ "email": null })).await.unwrap();
    let gemist = wie.gemist().expect("waarom er geen adres is");
    assert_eq!(gemist.verwacht.as_deref(), Some("'upn' in het ID-token (userinfo lezen wij niet: 'userinfo' is 'nooit')"));
    assert_eq!(gemist.gezien.as_deref(), Some("geen 'upn'"));
}

#[tokio::test]
async fn bewezen_of_niet_mag_ook_een_tekst_zijn() {
    let p = Proef::start();
    for (waarde, verwacht) in [(json!("true"), Some(true)), (json!("false"), Some(false)), (json!("ja"), None), (json!(1), None), (json!(true), Some(true))] {
        assert_eq!(p.met_claims(json!({ "email_verified": waarde })).await.unwrap().email_verified(), verwacht, "{waarde}");
    }
}

#[tokio::test]
async fn verwezen_claims_worden_niet_opgehaald() {
    let p = Proef::start();
    let bron = json!({ "_claim_names": { "email": "b" }, "_claim_sources": { "b": { "endpoint": format!("{}/elders", p.idp.adres) } }, "sub": "p-1" });
    p.idp.met(|s| s.userinfo = json_van(&bron));
    assert_eq!(p.meld_aan(&zonder_gegevens(&p)).await.unwrap().email(), None);
    assert_eq!(p.idp.aantal("/elders"), 0);
}

#[tokio::test]
async fn zonder_userinfo_adres_gaat_de_aanmelding_door() {
    let p = Proef::start();
    let mut document = discovery(&p.idp.adres);
    document.as_object_mut().unwrap().remove("userinfo_endpoint");
    p.idp.met(|s| s.discovery = json_van(&document));
    assert_eq!(p.meld_aan(&zonder_gegevens(&p)).await.unwrap().email(), None);
}
