//! Clientaanmelding, sleutels en hun levensloop; iedere weigering een proef.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::{Moment, Rng};
use proptest::prelude::*;
use provider::{
    ASSERTION_TYPE, AccessTokenClaims, AssertionError, Form, Grant, KeyTimes, LifecycleSettings, MasterKey, MasterKeyError, ProviderSettings, SigningKey,
    active, client_id_of, discovery_document, granted, jwks_document, plan, sign_access_token, verify_assertion,
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
    let gevallen: [(&str, Value, AssertionError); 16] = [
        ("iss", "ander".into(), AssertionError::Subject),
        ("sub", "ander".into(), AssertionError::Subject),
        ("aud", json!([ISS]), AssertionError::Audience),
        ("aud", json!([ISS, "https://vreemd.example"]), AssertionError::Audience),
        ("aud", "https://vreemd.example".into(), AssertionError::Audience),
        ("exp", (t - 61).into(), AssertionError::Expiry),
        ("exp", (t + 3_661).into(), AssertionError::Expiry),
        ("exp", Value::Null, AssertionError::Expiry),
        ("iat", (t + 31).into(), AssertionError::NotYet),
        ("exp", "straks".into(), AssertionError::Expiry),
        ("iat", json!(1_790_000_061.5), AssertionError::NotYet),
        ("iat", "gisteren".into(), AssertionError::Malformed),
        ("nbf", (t + 31).into(), AssertionError::NotYet),
        ("nbf", json!([t]), AssertionError::Malformed),
        ("jti", Value::Null, AssertionError::Jti),
        ("jti", "x".repeat(257).into(), AssertionError::Jti),
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
fn een_client_meldt_zich_op_een_manier_aan_en_ieder_veld_komt_een_keer_voor() {
    let bewijs = |lijst: &[(&str, &str)], basic: Option<(&str, &str)>| {
        let basic = basic.map(|(naam, geheim)| (naam.to_owned(), geheim.to_owned()));
        Form::new(velden(lijst)).and_then(|form| form.client_proof(basic)).map(|bewijs| format!("{bewijs:?}")).map_err(|fout| fout.error)
    };
    let (t, a, id) = (("client_assertion_type", ASSERTION_TYPE), ("client_assertion", "x.y.z"), ("client_id", CLIENT));
    assert_eq!(bewijs(&[t, a], None), Ok("Assertion".into()));
    assert_eq!(bewijs(&[], Some((CLIENT, "s"))), Ok("Basic".into()));
    assert_eq!(bewijs(&[id, ("client_secret", "s")], None), Ok("Post".into()));
    assert_eq!(bewijs(&[id], None), Ok("Certificate".into()));
    assert_eq!(bewijs(&[t, a, id, ("client_secret", "s")], None), Err("invalid_request"));
    assert_eq!(bewijs(&[t, a], Some((CLIENT, "s"))), Err("invalid_request"));
    assert_eq!(bewijs(&[("client_id", "ander")], Some((CLIENT, "s"))), Err("invalid_client"));
    assert_eq!(bewijs(&[a], None), Err("invalid_client"));
    assert_eq!(bewijs(&[], None), Err("invalid_client"));
    assert_eq!(bewijs(&[id, id], None), Err("invalid_request"));
}

#[test]
fn het_tokenadres_kent_drie_grants_en_geeft_nooit_meer_scopes_dan_toegekend() {
    let grant = |lijst: &[(&str, &str)]| Form::new(velden(lijst)).unwrap().grant().map_err(|fout| fout.error);
    assert_eq!(grant(&[("grant_type", "client_credentials")]), Ok(Grant::ClientCredentials));
    assert_eq!(grant(&[("grant_type", "authorization_code")]), Ok(Grant::AuthorizationCode));
    assert_eq!(grant(&[("grant_type", "refresh_token")]), Ok(Grant::RefreshToken));
    assert_eq!(grant(&[("grant_type", "password")]), Err("unsupported_grant_type"));
    assert_eq!(grant(&[]), Err("invalid_request"));
    assert_eq!(granted(&["trajecten:lezen"], &["trajecten:lezen", "ik"]).unwrap(), "trajecten:lezen");
    assert_eq!(granted(&[], &["trajecten:lezen", "ik"]).unwrap(), "trajecten:lezen ik");
    assert_eq!(granted(&["trajecten:lezen"], &["ik"]).unwrap_err().error, "invalid_scope");
}

#[test]
fn een_verzegeld_geheim_gaat_alleen_open_met_dezelfde_sleutel_op_dezelfde_plaats() {
    let rng = Rng::new(|b| b.fill(9));
    let hoofd = MasterKey::new([1; 32]);
    let dicht = hoofd.seal("kid-1", b"geheim", &rng).unwrap();
    assert!(!dicht.windows(6).any(|w| w == b"geheim"));
    assert_eq!(hoofd.open("kid-1", &dicht).unwrap().as_slice(), b"geheim");
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
        let tekent = active(&sleutels, moment, &s).expect("er is altijd een sleutel die tekent");
        assert!(tekent.published_from <= moment && moment < tekent.published_until);
        assert!(sleutels.iter().filter(|k| k.published_from <= moment && moment < k.published_until).count() <= 4);
    }
    assert!(sleutels.len() > 10);
    let lang_later = begin + TimeDelta::days(365);
    assert_eq!(plan(&sleutels, lang_later, &s).unwrap().active_from, lang_later);
}

#[test]
fn een_bewering_met_een_vreemde_kop_of_een_ongeschikte_sleutel_wordt_geweigerd() {
    let s = SigningKey::generate().unwrap();
    let met_kop = |kop: Value| {
        let deel = |v: &Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let token = format!("{}.{}.{}", deel(&kop), deel(&claims()), URL_SAFE_NO_PAD.encode([1; 64]));
        verify_assertion(&token, CLIENT, &json!({ "keys": [s.public_jwk()] }), &[ISS], nu()).unwrap_err()
    };
    for alg in ["none", "HS256", "RS256", "ES384", "onzin"] {
        assert_eq!(met_kop(json!({ "alg": alg, "kid": s.kid() })), AssertionError::Algorithm, "{alg}");
    }
    for veld in ["crit", "jku", "jwk", "x5u"] {
        assert_eq!(met_kop(json!({ "alg": "ES256", "kid": s.kid(), veld: ["x"] })), AssertionError::Malformed, "{veld}");
    }
    assert_eq!(met_kop(json!({ "alg": "ES256", "kid": s.kid() })), AssertionError::Signature);
    let met_sleutel = |veld: &str, waarde: Value| {
        let mut jwk = s.public_jwk().clone();
        jwk[veld] = waarde;
        verify_assertion(&s.sign("JWT", &claims()).unwrap(), CLIENT, &json!({ "keys": [jwk] }), &[ISS], nu()).unwrap_err()
    };
    assert_eq!(met_sleutel("use", "enc".into()), AssertionError::UnknownKey);
    assert_eq!(met_sleutel("key_ops", json!(["deriveKey"])), AssertionError::UnknownKey);
    assert_eq!(met_sleutel("alg", "ES384".into()), AssertionError::Algorithm);
}

#[test]
fn een_jti_wordt_onthouden_zolang_de_bewering_nog_geldig_kan_zijn() {
    let s = SigningKey::generate().unwrap();
    let token = s.sign("JWT", &claims()).unwrap();
    let jwks = json!({ "keys": [s.public_jwk()] });
    for later in -400..=400 {
        let moment = nu() + TimeDelta::seconds(later);
        if let Ok(bewezen) = verify_assertion(&token, CLIENT, &jwks, &[ISS], moment) {
            assert!((-60..120).contains(&later), "{later}");
            assert!(bewezen.remember_until() > moment.timestamp(), "{later}");
        }
    }
}

#[test]
fn een_toegangstoken_draagt_de_velden_van_rfc_9068_en_van_het_profiel() {
    let s = SigningKey::generate().unwrap();
    let mut c = AccessTokenClaims::new(ISS, "https://aansluitloket.example/v1", CLIENT, CLIENT, "trajecten:lezen", "j1".into(), nu(), 300);
    c.organisatie = Some("o1".into());
    let token = sign_access_token(&s, &c).unwrap();
    let deel = |plek: usize| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(plek).unwrap()).unwrap()).unwrap() };
    assert_eq!(deel(0), json!({ "alg": "ES256", "typ": "at+jwt", "kid": s.kid() }));
    let t = nu().timestamp();
    assert_eq!(
        deel(1),
        json!({
            "iss": ISS, "aud": "https://aansluitloket.example/v1", "sub": CLIENT, "client_id": CLIENT, "azp": CLIENT, "exp": t + 300, "iat": t, "nbf": t,
            "jti": "j1", "scope": "trajecten:lezen", "organisatie": "o1"
        })
    );
}

#[test]
fn discovery_noemt_alleen_wat_er_is_en_de_jwks_alleen_publieke_delen() {
    let d = discovery_document(&ProviderSettings { issuer: ISS.into(), scopes: vec!["trajecten:lezen".into()], audience: format!("{ISS}/v1"), mtls: false });
    assert_eq!((&d["issuer"], &d["token_endpoint"]), (&json!(ISS), &json!(TOKEN)));
    assert_eq!(d["jwks_uri"], json!(format!("{ISS}/oidc/jwks")));
    assert_eq!((&d["response_types_supported"], &d["code_challenge_methods_supported"]), (&json!(["code"]), &json!(["S256"])));
    assert!(d["id_token_signing_alg_values_supported"].as_array().unwrap().contains(&json!("RS256")), "OIDC Discovery, 3");
    assert!(d["scopes_supported"].as_array().unwrap().contains(&json!("openid")));
    assert_eq!(d["authorization_response_iss_parameter_supported"], true);
    let methoden = |mtls| {
        discovery_document(&ProviderSettings { issuer: ISS.into(), scopes: vec![], audience: String::new(), mtls })["token_endpoint_auth_methods_supported"]
            .clone()
    };
    assert!(!methoden(false).as_array().unwrap().contains(&json!("tls_client_auth")) && methoden(true).as_array().unwrap().contains(&json!("tls_client_auth")));
    for later in ["registration_endpoint", "device_authorization_endpoint", "backchannel_logout_supported", "check_session_iframe"] {
        assert!(d.get(later).is_none(), "{later} bestaat nog niet");
    }
    let s = SigningKey::generate().unwrap();
    let velden: Vec<String> = jwks_document(&[s.public_jwk().clone()])["keys"][0].as_object().unwrap().keys().cloned().collect();
    for veld in &velden {
        assert!(["kty", "crv", "x", "y", "use", "alg", "kid"].contains(&veld.as_str()), "{veld}");
    }
    assert_eq!(velden.len(), 7);
}

#[test]
fn geheimen_verschijnen_niet_in_een_logboek() {
    let s = SigningKey::generate().unwrap();
    assert_eq!(format!("{s:?}"), format!("SigningKey(ES256 {})", s.kid()));
    let verzoek = [("grant_type", "client_credentials"), ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", "kop.inhoud.handtekening")];
    let form = Form::new(velden(&verzoek)).unwrap();
    assert!(!format!("{form:?} {:?}", form.client_proof(None).unwrap()).contains("handtekening"));
}

proptest! {
    /// De werker komt wanneer hij komt, ook na een lange stilstand; tussendoor worden er tokens getekend.
    #[test]
    fn ook_met_stilstand_is_er_altijd_een_sleutel_die_mag_tekenen(stappen in prop::collection::vec(1_i64..2_000, 1..120)) {
        let s = LifecycleSettings { lead: TimeDelta::hours(1), active_for: TimeDelta::hours(12), longest_token: TimeDelta::hours(8) };
        let mut sleutels: Vec<KeyTimes> = Vec::new();
        let mut moment = nu();
        for stap in stappen {
            moment += TimeDelta::minutes(stap);
            let laatste = sleutels.iter().map(|k| k.active_until).max();
            if let Some(nieuw) = plan(&sleutels, moment, &s) {
                // Alleen zonder sleutel die nog tekent, mag een nieuwe meteen.
                prop_assert!(nieuw.active_from - nieuw.published_from >= s.lead || laatste.is_none_or(|einde| einde <= moment));
                sleutels.push(KeyTimes { kid: sleutels.len().to_string(), ..nieuw });
            }
            // Ook vlak erna, zolang de laatste niet is uitgewerkt.
            for later in (0..90).map(|minuten| moment + TimeDelta::minutes(minuten)) {
                if later < sleutels.iter().map(|k| k.active_until).max().unwrap() {
                    let tekent = active(&sleutels, later, &s);
                    prop_assert!(tekent.is_some(), "geen sleutel op {later}");
                    let tekent = tekent.unwrap();
                    prop_assert!(tekent.published_from <= later && tekent.active_from <= later);
                    prop_assert!(later + s.longest_token <= tekent.published_until, "een token overleeft zijn sleutel");
                }
            }
        }
    }
}

#[test]
fn tijden_in_een_bewering_mogen_gebroken_getallen_zijn() {
    let sleutel = SigningKey::generate().unwrap();
    let mut c = claims();
    let t = nu().timestamp() as f64;
    (c["exp"], c["iat"], c["nbf"]) = ((t + 60.5).into(), (t - 0.25).into(), (t - 0.25).into());
    assert!(oordeel(&sleutel, "JWT", &c).is_ok());
    c["exp"] = (t - 61.5).into();
    assert_eq!(oordeel(&sleutel, "JWT", &c), Err(AssertionError::Expiry));
}
