//! Bewijs van bezit (DPoP) en het inwisselen van een code: iedere weigering een proef.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::toepassingen::{Algoritme, SubSoort};
use domain::{Id, Moment};
use proptest::prelude::*;
use provider::{
    DpopError, DpopTarget, Inwisseling, REFRESH_IDLE, REFRESH_TOTAL, SigningKey, Verlening, access_token_hash, at_hash, beoordeel_inwisseling, refresh_until,
    subject, thumbprint, verify_dpop,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const URL: &str = "https://aansluitloket.example/v1/trajecten";

fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

fn kop(key: &SigningKey) -> Value {
    let mut jwk = key.public_jwk().clone();
    jwk.as_object_mut().unwrap().retain(|naam, _| !["kid", "use", "alg"].contains(&naam.as_str()));
    json!({ "typ": "dpop+jwt", "alg": key.alg().as_str(), "jwk": jwk })
}

fn claims() -> Value {
    json!({ "jti": "een", "htm": "GET", "htu": URL, "iat": nu().timestamp(), "ath": access_token_hash("token") })
}

fn oordeel(bewijs: &str) -> Result<String, DpopError> {
    verify_dpop(bewijs, &DpopTarget { method: "GET", url: URL, access_token: Some("token") }, nu()).map(|bewijs| bewijs.jkt)
}

#[test]
fn een_goed_bewijs_noemt_zijn_sleutel() {
    let key = SigningKey::generate().unwrap();
    let jkt = thumbprint(key.public_jwk()).unwrap();
    assert_eq!(jkt, key.kid());
    assert_eq!(oordeel(&key.sign_with_header(&kop(&key), &claims()).unwrap()), Ok(jkt));
}

#[test]
fn de_duimafdruk_is_die_van_de_standaard() {
    let jwk = json!({ "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw" });
    assert_eq!(thumbprint(&jwk).unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "RFC 7638, 3.1");
    assert_eq!(thumbprint(&json!({ "kty": "oct", "k": "x" })), None);
}

#[test]
fn iedere_afwijking_in_het_bewijs_wordt_geweigerd() {
    let (key, ander) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let t = nu().timestamp();
    let met_claim = |naam: &str, waarde: Value| {
        let mut c = claims();
        if waarde.is_null() {
            c.as_object_mut().unwrap().remove(naam);
        } else {
            c[naam] = waarde;
        }
        oordeel(&key.sign_with_header(&kop(&key), &c).unwrap()).unwrap_err()
    };
    for (naam, waarde, verwacht) in [
        ("jti", Value::Null, DpopError::Claims),
        ("htm", Value::Null, DpopError::Claims),
        ("htu", Value::Null, DpopError::Claims),
        ("iat", Value::Null, DpopError::Claims),
        ("iat", json!("nu"), DpopError::Claims),
        ("ath", Value::Null, DpopError::Token),
        ("ath", json!("ander"), DpopError::Token),
        ("htm", json!("POST"), DpopError::Target),
        ("htu", json!("https://aansluitloket.example/v1/organisaties"), DpopError::Target),
        ("htu", json!("https://elders.example/v1/trajecten"), DpopError::Target),
        ("htu", json!("http://aansluitloket.example/v1/trajecten"), DpopError::Target),
        ("iat", json!(t - 3_600), DpopError::Time),
        ("iat", json!(t + 3_600), DpopError::Time),
        ("exp", json!(t - 120), DpopError::Time),
        ("nbf", json!(t + 120), DpopError::Time),
    ] {
        assert_eq!(met_claim(naam, waarde.clone()), verwacht, "{naam}={waarde}");
    }
    let met_kop = |wijzig: &dyn Fn(&mut Value)| {
        let mut k = kop(&key);
        wijzig(&mut k);
        oordeel(&key.sign_with_header(&k, &claims()).unwrap()).unwrap_err()
    };
    let zonder = |naam: &'static str| move |k: &mut Value| drop(k.as_object_mut().unwrap().remove(naam));
    assert_eq!(met_kop(&zonder("typ")), DpopError::Malformed);
    assert_eq!(met_kop(&zonder("alg")), DpopError::Algorithm);
    assert_eq!(met_kop(&zonder("jwk")), DpopError::Key);
    assert_eq!(met_kop(&|k| k["typ"] = json!("JWT")), DpopError::Malformed);
    assert_eq!(met_kop(&|k| k["alg"] = json!("none")), DpopError::Algorithm);
    assert_eq!(met_kop(&|k| k["alg"] = json!("HS256")), DpopError::Algorithm);
    assert_eq!(met_kop(&|k| k["jwk"]["d"] = json!("geheim")), DpopError::Key);
    assert_eq!(met_kop(&|k| k["jwk"] = ander.public_jwk().clone()), DpopError::Signature);
    for geen_jwt in ["", "x", "a.b.c", "a.b", "a.b.c.d"] {
        assert_eq!(oordeel(geen_jwt), Err(DpopError::Malformed), "{geen_jwt}");
    }
}

#[test]
fn een_bewijs_met_rs256_wordt_geweigerd_en_met_ps256_niet() {
    let rs = SigningKey::generate_for(Algoritme::Rs256).unwrap();
    assert_eq!(oordeel(&rs.sign_with_header(&kop(&rs), &claims()).unwrap()), Err(DpopError::Algorithm));
    let ps = SigningKey::read(Algoritme::Ps256, rs.pkcs8()).unwrap();
    assert!(oordeel(&ps.sign_with_header(&kop(&ps), &claims()).unwrap()).is_ok());
}

#[test]
fn wat_de_standaard_toelaat_gaat_goed() {
    let key = SigningKey::generate().unwrap();
    let t = nu().timestamp();
    let adressen =
        ["https://AANSLUITLOKET.example/v1/trajecten", "HTTPS://aansluitloket.example:443/v1/trajecten", "https://aansluitloket.example/v1/trajecten?x=1#y"];
    for adres in adressen {
        let mut c = claims();
        c["htu"] = json!(adres);
        assert!(oordeel(&key.sign_with_header(&kop(&key), &c).unwrap()).is_ok(), "{adres}");
    }
    for (naam, waarde) in [("iat", t - 10), ("iat", t + 10), ("nbf", t - 5), ("exp", t + 30), ("extra", 1)] {
        let mut c = claims();
        c[naam] = json!(waarde);
        assert!(oordeel(&key.sign_with_header(&kop(&key), &c).unwrap()).is_ok(), "{naam}={waarde}");
    }
}

proptest! {
    #[test]
    fn een_bewijs_wordt_onthouden_zolang_het_nog_kan_tellen(later in -400_i64..400) {
        let key = SigningKey::generate().unwrap();
        let bewijs = key.sign_with_header(&kop(&key), &claims()).unwrap();
        let moment = nu() + chrono::TimeDelta::seconds(later);
        if let Ok(bewezen) = verify_dpop(&bewijs, &DpopTarget { method: "GET", url: URL, access_token: None }, moment) {
            prop_assert!(bewezen.remember_until >= moment.timestamp());
        }
    }

    #[test]
    fn alleen_de_eigen_verifier_past_bij_een_challenge(verifier in "[A-Za-z0-9._~-]{43,128}", ander in "[A-Za-z0-9._~-]{1,128}") {
        let v = verlening(Some(&URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))), None);
        let met = |tekst: &str| beoordeel_inwisseling(&v, &Inwisseling { redirect_uri: Some("https://p.example/cb"), code_verifier: Some(tekst), jkt: None }).is_ok();
        prop_assert!(met(&verifier));
        prop_assert!(ander == verifier || !met(&ander));
    }

    #[test]
    fn verversen_kan_nooit_langer_dan_zes_uur_stil_en_vierentwintig_uur_in_totaal(minuten in proptest::collection::vec(1_i64..400, 1..200)) {
        let (begin, mut moment) = (nu(), nu());
        let einde = begin + REFRESH_TOTAL;
        let mut tot = refresh_until(begin, einde);
        for stap in minuten {
            moment += chrono::TimeDelta::minutes(stap);
            if moment >= tot { break; }
            prop_assert!(moment - begin < REFRESH_TOTAL);
            tot = refresh_until(moment, einde);
            prop_assert!(tot <= moment + REFRESH_IDLE && tot <= einde);
        }
    }
}

fn verlening(challenge: Option<&str>, jkt: Option<&str>) -> Verlening {
    Verlening {
        redirect_uri: "https://p.example/cb".into(),
        sub: "s".into(),
        organisatie: Id::from_u128(1),
        nonce: None,
        scopes: vec!["openid".into()],
        claims: provider::authorize::ClaimsVerzoek::default(),
        audience: "a".into(),
        code_challenge: challenge.map(str::to_owned),
        dpop_jkt: jkt.map(str::to_owned),
        acr: None,
        amr: vec![],
        auth_time: None,
        upstream_acr: None,
        upstream_amr: vec![],
    }
}

#[test]
fn een_code_is_gebonden_aan_adres_verifier_en_sleutel() {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest("v".repeat(43)));
    let oordeel = |v: &Verlening, redirect_uri: Option<&str>, code_verifier: Option<&str>, jkt: Option<&str>| {
        beoordeel_inwisseling(v, &Inwisseling { redirect_uri, code_verifier, jkt }).map_err(|fout| fout.error)
    };
    let (terug, verifier) = (Some("https://p.example/cb"), "v".repeat(43));
    let v = verlening(Some(&challenge), Some("jkt"));
    assert_eq!(oordeel(&v, terug, Some(&verifier), Some("jkt")), Ok(()));
    assert_eq!(oordeel(&v, None, Some(&verifier), Some("jkt")), Err("invalid_grant"));
    assert_eq!(oordeel(&v, Some("https://p.example/cb/"), Some(&verifier), Some("jkt")), Err("invalid_grant"));
    assert_eq!(oordeel(&v, terug, None, Some("jkt")), Err("invalid_grant"));
    assert_eq!(oordeel(&v, terug, Some(&challenge), Some("jkt")), Err("invalid_grant"));
    assert_eq!(oordeel(&v, terug, Some(&verifier), None), Err("invalid_grant"));
    assert_eq!(oordeel(&v, terug, Some(&verifier), Some("ander")), Err("invalid_grant"));
    assert_eq!(oordeel(&verlening(None, None), terug, Some(&verifier), None), Err("invalid_grant"), "geen afgezwakte aanvraag");
}

#[test]
fn een_sub_per_sector_is_stabiel_en_niet_te_koppelen() {
    let (een, twee) = (Id::from_u128(1), Id::from_u128(2));
    let sub = |sector: &str, persoon, geheim: u8| subject(SubSoort::Pairwise, sector, persoon, &[geheim; 32]);
    assert_eq!(sub("a.example", een, 1), sub("a.example", een, 1));
    for ander in [sub("b.example", een, 1), sub("a.example", twee, 1), sub("a.example", een, 2)] {
        assert_ne!(sub("a.example", een, 1), ander);
    }
    assert!(!sub("a.example", een, 1).contains(&een.to_string()));
    assert_eq!(subject(SubSoort::Public, "a.example", een, &[0; 32]), een.to_string());
}

#[test]
fn een_sleutel_tekent_met_haar_eigen_algoritme_en_anderen_kunnen_dat_nagaan() {
    for alg in [Algoritme::Es256, Algoritme::Ps256, Algoritme::Rs256] {
        let key = SigningKey::generate_for(alg).unwrap();
        assert_eq!((key.public_jwk()["alg"].as_str(), key.public_jwk()["kid"].as_str()), (Some(alg.as_str()), Some(key.kid())));
        assert!(["d", "p", "q"].iter().all(|deel| key.public_jwk().get(*deel).is_none()));
        let token = key.sign("JWT", &json!({ "sub": "s" })).unwrap();
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.public_jwk().clone()).unwrap();
        let mut regel = jsonwebtoken::Validation::new(alg.as_str().parse().unwrap());
        regel.required_spec_claims.clear();
        regel.validate_exp = false;
        jsonwebtoken::decode::<Value>(&token, &jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap(), &regel).unwrap();
        let weer = SigningKey::read(alg, key.pkcs8()).unwrap();
        assert_eq!(weer.kid(), key.kid());
    }
}

#[test]
fn de_hash_van_het_toegangstoken_is_de_linkerhelft() {
    assert_eq!(at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ", "OIDC Core, voorbeeld A.3");
}
