//! Clientaanmelding, sleutels en hun levensloop; iedere weigering een proef.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use chrono::TimeDelta;
use domain::{Moment, Rng};
use provider::{
    ASSERTION_TYPE, AssertionError, KeyTimes, LifecycleSettings, MasterKey, MasterKeyError, SigningKey, TokenRequest, active, client_id_of, plan,
    verify_assertion,
};
use serde_json::{Value, json};

const CLIENT: &str = "0190f3a0-0000-7000-8000-000000000001";
const ISS: &str = "https://aansluitloket.example";
const TOKEN: &str = "https://aansluitloket.example/oidc/token";

fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

fn claims() -> Value {
    let t = nu().timestamp();
    json!({ "iss": CLIENT, "sub": CLIENT, "aud": ISS, "exp": t + 60, "iat": t, "jti": "een" })
}

fn oordeel(sleutel: &SigningKey, typ: &str, c: &Value) -> Result<String, AssertionError> {
    let token = sleutel.sign(typ, c).unwrap();
    assert_eq!(client_id_of(&token).unwrap_or_default(), c["sub"].as_str().unwrap_or_default());
    verify_assertion(&token, CLIENT, &json!({ "keys": [sleutel.public_jwk()] }), &[ISS, TOKEN], nu()).map(|p| p.jti().to_owned())
}

#[test]
fn een_goede_bewering_voor_uitgever_of_tokenadres_is_goed() {
    let s = SigningKey::generate().unwrap();
    assert_eq!(oordeel(&s, "JWT", &claims()), Ok("een".into()));
    let mut c = claims();
    c["aud"] = TOKEN.into();
    assert_eq!(oordeel(&s, "client-authentication+jwt", &c), Ok("een".into()));
}

#[test]
fn iedere_afwijking_in_de_bewering_wordt_geweigerd() {
    let s = SigningKey::generate().unwrap();
    let t = nu().timestamp();
    let gevallen: [(&str, Value, AssertionError); 11] = [
        ("iss", "ander".into(), AssertionError::Subject),
        ("sub", "ander".into(), AssertionError::Subject),
        ("aud", json!([ISS]), AssertionError::Audience),
        ("aud", json!([ISS, "https://vreemd.example"]), AssertionError::Audience),
        ("aud", "https://vreemd.example".into(), AssertionError::Audience),
        ("exp", (t - 61).into(), AssertionError::Expiry),
        ("exp", (t + 3_600).into(), AssertionError::Expiry),
        ("exp", Value::Null, AssertionError::Expiry),
        ("iat", (t + 61).into(), AssertionError::NotYet),
        ("jti", Value::Null, AssertionError::Jti),
        ("jti", "x".repeat(129).into(), AssertionError::Jti),
    ];
    for (naam, waarde, verwacht) in gevallen {
        let mut c = claims();
        c[naam] = waarde.clone();
        assert_eq!(oordeel(&s, "JWT", &c), Err(verwacht), "{naam}={waarde}");
    }
}

#[test]
fn de_sleutel_van_een_ander_en_een_toegangstoken_bewijzen_niets() {
    let (eigen, ander) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let token = ander.sign("JWT", &claims()).unwrap();
    let jwks = json!({ "keys": [eigen.public_jwk()] });
    assert_eq!(verify_assertion(&token, CLIENT, &jwks, &[ISS], nu()).unwrap_err(), AssertionError::UnknownKey);
    let mut vermomd = eigen.public_jwk().clone();
    vermomd["kid"] = ander.kid().into();
    assert_eq!(verify_assertion(&token, CLIENT, &json!({ "keys": [vermomd] }), &[ISS], nu()).unwrap_err(), AssertionError::Signature);
    assert_eq!(oordeel(&eigen, "at+jwt", &claims()), Err(AssertionError::Malformed));
}

fn velden(lijst: &[(&str, &str)]) -> Vec<(String, String)> {
    lijst.iter().map(|(n, w)| ((*n).to_owned(), (*w).to_owned())).collect()
}

#[test]
fn het_tokenadres_kent_een_grant_en_een_wijze_van_aanmelden() {
    let fout = |lijst: &[(&str, &str)]| TokenRequest::parse(&velden(lijst)).unwrap_err().error;
    let (t, a) = (("client_assertion_type", ASSERTION_TYPE), ("client_assertion", "x.y.z"));
    let cc = ("grant_type", "client_credentials");
    assert!(TokenRequest::parse(&velden(&[cc, t, a])).is_ok());
    assert_eq!(fout(&[t, a]), "invalid_request");
    assert_eq!(fout(&[cc, cc, t, a]), "invalid_request");
    assert_eq!(fout(&[("grant_type", "password"), t, a]), "unsupported_grant_type");
    assert_eq!(fout(&[cc, ("client_secret", "x"), t, a]), "invalid_client");
    assert_eq!(fout(&[cc, a]), "invalid_client");
    assert_eq!(fout(&[cc, t]), "invalid_client");
    let r = TokenRequest::parse(&velden(&[cc, t, a, ("scope", "trajecten:lezen")])).unwrap();
    assert_eq!(r.granted(&["trajecten:lezen", "ik"]).unwrap(), "trajecten:lezen");
    assert_eq!(r.granted(&["ik"]).unwrap_err().error, "invalid_scope");
}

#[test]
fn een_verzegeld_geheim_gaat_alleen_open_met_dezelfde_sleutel_op_dezelfde_plaats() {
    let rng = Rng::new(|b| b.fill(9));
    let hoofd = MasterKey::new([1; 32]);
    let dicht = hoofd.seal("kid-1", b"geheim", &rng).unwrap();
    assert!(!dicht.windows(6).any(|w| w == b"geheim"));
    assert_eq!(hoofd.open("kid-1", &dicht).unwrap(), b"geheim");
    assert_eq!(hoofd.open("kid-2", &dicht), Err(MasterKeyError::Open));
    assert_eq!(MasterKey::new([2; 32]).open("kid-1", &dicht), Err(MasterKeyError::Open));
    let mut stuk = dicht.clone();
    *stuk.last_mut().unwrap() ^= 1;
    assert_eq!(hoofd.open("kid-1", &stuk), Err(MasterKeyError::Open));
    assert_eq!(hoofd.open("kid-1", &[1, 2]), Err(MasterKeyError::Open));
    assert!(!format!("{hoofd:?}").contains('1'));
}

#[test]
fn een_hoofdsleutel_is_32_bytes_in_base64_of_hexadecimaal() {
    let hoofd = MasterKey::new([0xab; 32]);
    let zelfde = |tekst: &str| MasterKey::parse(tekst).unwrap().derive("x").unwrap() == hoofd.derive("x").unwrap();
    assert!(zelfde(&hoofd.to_base64()) && zelfde(&"ab".repeat(32)) && zelfde(&format!(" {}\n", "AB".repeat(32))));
    assert_ne!(hoofd.derive("x").unwrap(), hoofd.derive("y").unwrap());
    for fout in ["", "kort", "ab", &"ab".repeat(31), &"zz".repeat(32)] {
        assert!(MasterKey::parse(fout).is_err(), "{fout}");
    }
}

#[test]
fn een_sleutel_is_gepubliceerd_voor_zij_tekent_en_tot_het_laatste_token_verlopen_is() {
    let s = LifecycleSettings { lead: TimeDelta::hours(1), active_for: TimeDelta::hours(12), longest_token: TimeDelta::hours(8) };
    let mut sleutels: Vec<KeyTimes> = Vec::new();
    let begin = nu();
    for stap in 0..2_000 {
        let moment = begin + TimeDelta::minutes(stap * 7);
        if let Some(nieuw) = plan(&sleutels, moment, &s) {
            if !sleutels.is_empty() {
                assert!(nieuw.active_from - nieuw.published_from >= s.lead);
            }
            assert!(nieuw.published_until >= nieuw.active_until + s.longest_token);
            sleutels.push(KeyTimes { kid: sleutels.len().to_string(), ..nieuw });
        }
        let tekent = active(&sleutels, moment).expect("er is altijd een sleutel die tekent");
        assert!(tekent.published_from <= moment && moment < tekent.published_until);
        assert!(sleutels.iter().filter(|k| k.published_from <= moment && moment < k.published_until).count() <= 4);
    }
    assert!(sleutels.len() > 10);
    let lang_later = begin + TimeDelta::days(365);
    assert_eq!(plan(&sleutels, lang_later, &s).unwrap().active_from, lang_later);
}
