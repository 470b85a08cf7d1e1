//! Sleutels van een IdP: wisselen zonder uitval, met een rem tegen stormen.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::diagnose::DiagnoseCode as C;
use domain::identiteitsproviders::IdpAlgoritme;
use provider::SigningKey;
use serde_json::{Value, json};

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
    let nee = p.hub.terugkomst(&p.config, &Proef::params(), &Proef::verwacht(), later).await.unwrap_err();
    assert_eq!(nee.diagnose.code, C::SleutelOnbekend);
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
        let diagnose = verse.meld_aan(&p.claims()).await.unwrap_err();
        assert_eq!(diagnose.code, C::SleutelsOnjuist, "{naam}");
        assert!(diagnose.gezien.unwrap().ends_with("voor iets anders"), "de kid is er wel, maar niet om mee te ondertekenen");
    }
}

#[tokio::test]
async fn een_enige_sleutel_zonder_kid_hoort_ook_bij_een_token_dat_een_kid_noemt() {
    let zonder = |sleutel: &SigningKey| {
        let mut jwk = sleutel.public_jwk().clone();
        jwk.as_object_mut().unwrap().remove("kid");
        jwk
    };
    let p = Proef::start();
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [zonder(&p.sleutel)] })));
    assert!(p.meld_aan(&p.claims()).await.is_ok(), "RFC 7517, 4.5: een kid is niet verplicht");
    let vals = SigningKey::generate().unwrap();
    p.geeft(&vals.sign("JWT", &p.claims()).unwrap());
    assert_eq!(code(p.terug().await), C::HandtekeningOnjuist, "de handtekening beslist");
    let p = Proef::start();
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [zonder(&p.sleutel), zonder(&vals)] })));
    assert_eq!(code(p.meld_aan(&p.claims()).await), C::SleutelOnbekend, "bij twee is het raden");
}

#[tokio::test]
async fn een_sleutel_waarvan_het_geheime_deel_is_gepubliceerd_bewijst_niets_meer() {
    let p = Proef::start();
    let mut jwk = p.sleutel.public_jwk().clone();
    jwk["d"] = json!("AAAA");
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [jwk] })));
    let diagnose = p.meld_aan(&p.claims()).await.unwrap_err();
    assert_eq!(diagnose.code, C::SleutelsOnjuist);
    assert!(diagnose.gezien.unwrap().contains("geheime deel"));
}

#[tokio::test]
async fn wat_er_aan_de_sleutels_ontbreekt_staat_in_de_diagnose() {
    let p = Proef::start();
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [] })));
    let leeg = p.meld_aan(&p.claims()).await.unwrap_err();
    assert_eq!((leeg.code, leeg.gezien.as_deref()), (C::SleutelsOnjuist, Some("geen sleutels")));
    let ander = SigningKey::generate().unwrap();
    let p = Proef::start();
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [ander.public_jwk()] })));
    let onbekend = p.meld_aan(&p.claims()).await.unwrap_err();
    assert_eq!(onbekend.code, C::SleutelOnbekend);
    assert!(onbekend.verwacht.unwrap().contains(ander.kid()) && onbekend.gezien.unwrap().contains(p.sleutel.kid()), "wat er wel is, en wat er gevraagd werd");
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

/// De sleutel van RFC 8037, bijlage A.
const ED_GEHEIM: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const ED_PUBLIEK: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn met_ed25519(alg: &str, claims: &serde_json::Value) -> String {
    let codeer = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let geheim = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(ED_GEHEIM).unwrap();
    // PKCS#8 van een Ed25519-sleutel (RFC 8410, 7).
    let pkcs8 = [[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20].as_slice(), &geheim].concat();
    let kop = json!({ "alg": alg, "typ": "JWT", "kid": "ed" });
    let bericht = format!("{}.{}", codeer(kop.to_string().as_bytes()), codeer(claims.to_string().as_bytes()));
    let sleutel = jsonwebtoken::EncodingKey::from_ed_der(&pkcs8);
    let handtekening = jsonwebtoken::crypto::sign(bericht.as_bytes(), &sleutel, jsonwebtoken::Algorithm::EdDSA).unwrap();
    format!("{bericht}.{handtekening}")
}

#[tokio::test]
async fn ed25519_telt_onder_de_oude_en_de_nieuwe_naam_en_alleen_als_dat_is_afgesproken() {
    let mut p = Proef::start();
    p.config.instellingen.algoritmen = vec![domain::identiteitsproviders::IdpAlgoritme::EdDsa];
    let at_hash = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&<sha2::Sha512 as sha2::Digest>::digest("toegang-1")[..32]);
    let claims = p.claims_met(json!({ "at_hash": at_hash }));
    for (kop, jwk) in [("EdDSA", "EdDSA"), ("Ed25519", "Ed25519"), ("Ed25519", "EdDSA"), ("EdDSA", "Ed25519")] {
        let sleutel = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "ed", "alg": jwk, "x": ED_PUBLIEK });
        p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [sleutel] })));
        let hub = federation::IdpHub::new(super::idp::egress(), super::idp::rng());
        let p = Proef { hub, idp: p.idp.clone(), config: p.config.clone(), sleutel: p.sleutel.clone() };
        p.geeft(&met_ed25519(kop, &claims));
        assert!(p.terug().await.is_ok(), "{kop} {jwk}");
        let goed = met_ed25519(kop, &claims);
        let vals = met_ed25519(kop, &p.claims_met(json!({ "sub": "p-2" })));
        let (bericht, _) = vals.rsplit_once('.').unwrap();
        p.geeft(&format!("{bericht}.{}", goed.rsplit_once('.').unwrap().1));
        assert_eq!(code(p.terug().await), C::HandtekeningOnjuist, "{kop}");
    }
    p.config.instellingen.algoritmen = vec![domain::identiteitsproviders::IdpAlgoritme::Es256];
    p.geeft(&met_ed25519("Ed25519", &claims));
    assert_eq!(code(p.terug().await), C::AlgoritmeNietToegestaan);
}

#[tokio::test]
async fn delen_twee_sleutels_een_kid_dan_telt_die_waarmee_getekend_is() {
    let p = Proef::start();
    let mut ander = SigningKey::generate().unwrap().public_jwk().clone();
    ander["kid"] = json!(p.sleutel.kid());
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [ander, p.sleutel.public_jwk()] })));
    assert!(p.meld_aan(&p.claims()).await.is_ok());
}

/// Een sleutel op P-521, met haar publieke deel als JWK.
fn p521() -> (EcdsaKeyPair, Value) {
    let paar = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).unwrap();
    let punt = paar.public_key().as_ref().to_vec();
    let deel = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({ "kty": "EC", "crv": "P-521", "kid": "p521", "alg": "ES512", "use": "sig", "x": deel(&punt[1..67]), "y": deel(&punt[67..]) });
    (paar, jwk)
}

fn met_es512(paar: &EcdsaKeyPair, claims: &Value) -> String {
    let kop = json!({ "alg": "ES512", "kid": "p521", "typ": "JWT" });
    let bericht = format!("{}.{}", URL_SAFE_NO_PAD.encode(kop.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let handtekening = paar.sign(&SystemRandom::new(), bericht.as_bytes()).unwrap();
    format!("{bericht}.{}", URL_SAFE_NO_PAD.encode(handtekening))
}

/// Een proef bij een IdP die alleen deze sleutel publiceert en met deze algoritmen geregistreerd is.
fn met_alleen(jwk: &Value, algoritmen: &[IdpAlgoritme]) -> Proef {
    let mut p = Proef::start();
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [jwk] })));
    p.config.instellingen.algoritmen = algoritmen.to_vec();
    p
}

#[tokio::test]
async fn es512_op_p521_telt_als_het_is_afgesproken_en_de_handtekening_klopt() {
    let (paar, jwk) = p521();
    let p = met_alleen(&jwk, &[IdpAlgoritme::Es512]);
    let at_hash = URL_SAFE_NO_PAD.encode(&<sha2::Sha512 as sha2::Digest>::digest("toegang-1")[..32]);
    p.geeft(&met_es512(&paar, &p.claims_met(json!({ "at_hash": at_hash }))));
    assert_eq!(p.terug().await.unwrap().sub(), "p-1");
    // Dezelfde handtekening onder andere claims, en die van een andere sleutel.
    let goed = met_es512(&paar, &p.claims());
    let vals = met_es512(&paar, &p.claims_met(json!({ "sub": "p-2" })));
    let samen = format!("{}.{}", vals.rsplit_once('.').unwrap().0, goed.rsplit_once('.').unwrap().1);
    for token in [samen, met_es512(&p521().0, &p.claims()), format!("{}AA", goed)] {
        p.geeft(&token);
        assert_eq!(code(p.terug().await), C::HandtekeningOnjuist);
    }
    p.geeft(&goed);
    assert!(p.terug().await.is_ok());
}

#[tokio::test]
async fn es512_telt_niet_met_een_andere_kromme_of_zonder_afspraak() {
    let (paar, jwk) = p521();
    let niet_afgesproken = met_alleen(&jwk, &[IdpAlgoritme::Es256, IdpAlgoritme::Es384]);
    niet_afgesproken.geeft(&met_es512(&paar, &niet_afgesproken.claims()));
    let diagnose = niet_afgesproken.terug().await.unwrap_err();
    assert_eq!((diagnose.code, diagnose.gezien.as_deref()), (C::AlgoritmeNietToegestaan, Some("ES512")));
    let met = |veld: &str, waarde: Value| {
        let mut anders = jwk.clone();
        anders[veld] = waarde;
        anders
    };
    let x = jwk["x"].as_str().unwrap();
    for (sleutel, verwacht) in [
        (met("crv", json!("P-256")), C::AlgoritmeNietToegestaan),
        (met("alg", json!("ES256")), C::AlgoritmeNietToegestaan),
        (met("kty", json!("RSA")), C::AlgoritmeNietToegestaan),
        (met("x", json!(&x[..40])), C::SleutelsOnjuist),
        (met("x", jwk["y"].clone()), C::HandtekeningOnjuist),
    ] {
        let p = met_alleen(&sleutel, &[IdpAlgoritme::Es512]);
        p.geeft(&met_es512(&paar, &p.claims()));
        assert_eq!(code(p.terug().await), verwacht, "{sleutel}");
    }
}

/// Een RSA-sleutel van de IdP, en haar publieke deel.
fn rsa() -> (SigningKey, Value) {
    let sleutel = SigningKey::generate_for(domain::toepassingen::Algoritme::Rs256).unwrap();
    let jwk = sleutel.public_jwk().clone();
    (sleutel, jwk)
}

/// Dezelfde JWK met een wijziging; `null` haalt weg.
fn gewijzigd(jwk: &Value, wijziging: Value) -> Value {
    let mut anders = jwk.clone();
    for (naam, waarde) in wijziging.as_object().unwrap() {
        anders[naam] = waarde.clone();
        if waarde.is_null() {
            anders.as_object_mut().unwrap().remove(naam);
        }
    }
    anders
}

/// Waarom een sleutel niet te lezen is, met de JWK die zo gepubliceerd wordt.
pub(crate) fn onleesbaar(jwk: &Value) -> [(Value, &'static str); 6] {
    let n = jwk["n"].as_str().unwrap();
    let gewoon = base64::engine::general_purpose::STANDARD.encode(URL_SAFE_NO_PAD.decode(n).unwrap());
    [
        (gewijzigd(jwk, json!({ "n": format!("{n}==") })), "'n' is geen base64url zonder '='"),
        (gewijzigd(jwk, json!({ "n": gewoon })), "'n' is geen base64url zonder '='"),
        (gewijzigd(jwk, json!({ "n": null, "e": null, "x5c": ["MII"] })), "'n' ontbreekt of is geen tekst; een sleutel die alleen in 'x5c' staat"),
        (gewijzigd(jwk, json!({ "n": null, "x5c": "MII" })), "'n' ontbreekt of is geen tekst; een sleutel die alleen in 'x5c' staat"),
        (gewijzigd(jwk, json!({ "e": 65537 })), "'e' ontbreekt of is geen tekst"),
        (gewijzigd(jwk, json!({ "n": URL_SAFE_NO_PAD.encode([0xc5; 128]) })), "een RSA-sleutel van 1024 bits"),
    ]
}

#[tokio::test]
async fn een_gepubliceerde_sleutel_die_niet_te_lezen_is_heet_niet_onbekend() {
    let (sleutel, jwk) = rsa();
    for (stuk, waarom) in onleesbaar(&jwk) {
        let mut p = met_alleen(&stuk, &[IdpAlgoritme::Rs256]);
        p.sleutel = sleutel.clone();
        let diagnose = p.meld_aan(&p.claims()).await.unwrap_err();
        let gezien = diagnose.gezien.unwrap();
        assert_eq!(diagnose.code, C::SleutelsOnjuist, "{gezien}");
        assert!(gezien.starts_with(&format!("kid {}: {waarom}", sleutel.kid())) && diagnose.verwacht.is_some(), "{gezien}");
        // Wordt zij hersteld, dan werkt zij een minuut later.
        p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [jwk] })));
        let later = nu() + TimeDelta::minutes(1);
        assert!(p.hub.terugkomst(&p.config, &Proef::params(), &Proef::verwacht(), later).await.is_ok(), "{waarom}");
    }
}

#[tokio::test]
async fn wat_een_sleutel_niet_zegt_en_wat_wij_niet_gebruiken_staat_niet_in_de_weg() {
    let (sleutel, jwk) = rsa();
    let nul = [vec![0], URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap()].concat();
    let mut zonder = jwk.clone();
    (zonder["use"], zonder["alg"], zonder["key_ops"]) = (json!(null), json!(null), json!(null));
    for goed in [
        zonder,
        gewijzigd(&jwk, json!({ "key_ops": [] })),
        gewijzigd(&jwk, json!({ "x5c": "MII", "x5t": 1 })),
        gewijzigd(&jwk, json!({ "n": URL_SAFE_NO_PAD.encode(nul) })),
    ] {
        let mut p = met_alleen(&goed, &[IdpAlgoritme::Rs256]);
        p.sleutel = sleutel.clone();
        assert!(p.meld_aan(&p.claims()).await.is_ok(), "{goed}");
    }
}

#[tokio::test]
async fn zegt_de_sleutel_een_ander_algoritme_dan_het_token_dan_staan_beide_in_de_diagnose() {
    use domain::toepassingen::Algoritme;
    let (rs256, jwk) = rsa();
    let ps256 = SigningKey::read(Algoritme::Ps256, rs256.pkcs8()).unwrap();
    for (gepubliceerd, verwacht) in [(jwk.clone(), "RS256"), (gewijzigd(&jwk, json!({ "alg": null, "kty": "EC", "crv": "P-256" })), "EC P-256")] {
        let mut p = met_alleen(&gepubliceerd, &[IdpAlgoritme::Rs256, IdpAlgoritme::Ps256]);
        p.sleutel = ps256.clone();
        let diagnose = p.meld_aan(&p.claims()).await.unwrap_err();
        assert_eq!((diagnose.code, diagnose.gezien.as_deref()), (C::AlgoritmeNietToegestaan, Some("PS256 in de kop van het token")));
        assert_eq!(diagnose.verwacht.unwrap(), format!("{verwacht}, volgens de sleutel met kid {}", ps256.kid()));
    }
}
