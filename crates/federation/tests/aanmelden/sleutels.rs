//! Sleutels van een IdP: wisselen zonder uitval, met een rem tegen stormen.

use chrono::TimeDelta;
use domain::diagnose::DiagnoseCode as C;
use provider::SigningKey;
use serde_json::json;

use super::idp::{Proef, code, json_van, nu};

#[tokio::test]
async fn een_wissel_vlak_voor_het_tekenen_werkt_na_een_keer_verversen() {
    let mut p = Proef::start();
    p.meld_aan(&p.claims()).await.unwrap();
    for ronde in 0..3 {
        p.sleutel = SigningKey::generate().unwrap();
        p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [p.sleutel.public_jwk()] })));
        assert!(p.meld_aan(&p.claims()).await.is_ok(), "wissel {ronde}, in dezelfde minuut");
    }
    assert_eq!(p.idp.aantal("/jwks"), 4);
}

#[tokio::test]
async fn een_storm_van_onbekende_sleutels_leidt_tot_een_verzoek_per_minuut() {
    let p = Proef::start();
    p.meld_aan(&p.claims()).await.unwrap();
    for _ in 0..20 {
        let vreemd = SigningKey::generate().unwrap();
        p.geeft(&vreemd.sign("JWT", &p.claims()).unwrap());
        assert_eq!(code(p.terug().await), C::SleutelOnbekend);
    }
    assert_eq!(p.idp.aantal("/jwks"), 2, "één keer gewoon, één keer voor de storm");
    // Een minuut later mag het weer.
    let vreemd = SigningKey::generate().unwrap();
    p.geeft(&vreemd.sign("JWT", &p.claims()).unwrap());
    let later = nu() + TimeDelta::minutes(1);
    assert_eq!(code(p.hub.terugkomst(&p.config, &Proef::params(), &Proef::verwacht(), later).await), C::SleutelOnbekend);
    assert_eq!(p.idp.aantal("/jwks"), 3);
}

#[tokio::test]
async fn dezelfde_kid_met_een_nieuwe_sleutel_wordt_ook_ververst() {
    let p = Proef::start();
    p.meld_aan(&p.claims()).await.unwrap();
    let nieuw = SigningKey::generate().unwrap();
    let mut jwk = nieuw.public_jwk().clone();
    jwk["kid"] = json!(p.sleutel.kid());
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [jwk] })));
    let kop = jsonwebtoken::Header { kid: Some(p.sleutel.kid().to_owned()), ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256) };
    p.geeft(&jsonwebtoken::encode(&kop, &p.claims(), &jsonwebtoken::EncodingKey::from_ec_der(nieuw.pkcs8())).unwrap());
    assert!(p.terug().await.is_ok());
}

#[tokio::test]
async fn zonder_kid_telt_de_enige_sleutel_die_past() {
    let p = Proef::start();
    let kop = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256);
    let token = jsonwebtoken::encode(&kop, &p.claims(), &jsonwebtoken::EncodingKey::from_ec_der(p.sleutel.pkcs8())).unwrap();
    p.geeft(&token);
    assert!(p.terug().await.is_ok());
    let p2 = Proef::start();
    p2.idp.met(|s| s.jwks = json_van(&json!({ "keys": [SigningKey::generate().unwrap().public_jwk(), p2.sleutel.public_jwk()] })));
    p2.geeft(&jsonwebtoken::encode(&kop, &p2.claims(), &jsonwebtoken::EncodingKey::from_ec_der(p2.sleutel.pkcs8())).unwrap());
    assert_eq!(code(p2.terug().await), C::SleutelOnbekend, "bij meer dan één wordt er niet gegokt");
}

#[tokio::test]
async fn een_sleutel_om_te_versleutelen_bewijst_geen_handtekening() {
    let p = Proef::start();
    for (naam, waarde) in [("use", json!("enc")), ("key_ops", json!(["encrypt"]))] {
        let mut jwk = p.sleutel.public_jwk().clone();
        jwk.as_object_mut().unwrap().remove("use");
        jwk[naam] = waarde;
        p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [jwk] })));
        let verse = Proef {
            hub: federation::IdpHub::new(super::idp::egress(), super::idp::rng()),
            idp: p.idp.clone(),
            config: p.config.clone(),
            sleutel: p.sleutel.clone(),
        };
        assert_eq!(code(verse.meld_aan(&p.claims()).await), C::SleutelOnbekend, "{naam}");
    }
}

#[tokio::test]
async fn rs256_wordt_aangenomen_en_een_sleutel_tekent_alleen_haar_eigen_algoritme() {
    use domain::toepassingen::Algoritme;
    let mut p = Proef::start();
    p.sleutel = SigningKey::generate_for(Algoritme::Rs256).unwrap();
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [p.sleutel.public_jwk()] })));
    assert!(p.meld_aan(&p.claims()).await.is_ok());
    // Dezelfde sleutel, die zegt voor RS256 te zijn, onder een PS256-handtekening.
    p.sleutel = SigningKey::read(Algoritme::Ps256, p.sleutel.pkcs8()).unwrap();
    assert_eq!(code(p.meld_aan(&p.claims()).await), C::AlgoritmeNietToegestaan);
}
