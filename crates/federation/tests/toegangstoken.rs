//! Wat een toegangstoken geldig maakt, en iedere reden om het te weigeren.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::Moment;
use federation::{ClaimMapping, MfaRule, Sterkte, TokenRefusal, TrustedIssuer, VerifiedToken, verify_access_token};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use provider::SigningKey;
use serde_json::{Value, json};

const ISS: &str = "https://hub.example";
const AUD: &str = "https://aansluitloket.example/v1";

fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

fn claims() -> Value {
    let t = nu().timestamp();
    json!({ "iss": ISS, "aud": AUD, "sub": "p1", "client_id": "c1", "exp": t + 300, "iat": t, "nbf": t, "jti": "j", "scope": "trajecten:lezen ik", "acr": "https://refeds.org/profile/mfa", "auth_time": t - 10 })
}

struct Proef {
    sleutel: SigningKey,
    issuer: TrustedIssuer,
}

impl Proef {
    fn nieuw() -> Self {
        Self { sleutel: SigningKey::generate().unwrap(), issuer: TrustedIssuer::new(ISS, AUD) }
    }

    fn jwks(&self) -> Value {
        json!({ "keys": [self.sleutel.public_jwk()] })
    }

    fn oordeel(&self, token: &str) -> Result<VerifiedToken, TokenRefusal> {
        verify_access_token(token, &self.issuer, &self.jwks(), nu())
    }

    fn met(&self, wijzig: impl FnOnce(&mut Value)) -> Result<VerifiedToken, TokenRefusal> {
        let mut c = claims();
        wijzig(&mut c);
        self.oordeel(&self.sleutel.sign("at+jwt", &c).unwrap())
    }
}

/// Een JWT met deze kop en een willekeurige handtekening.
fn los(kop: &Value, inhoud: &Value) -> String {
    let deel = |v: &Value| URL_SAFE_NO_PAD.encode(v.to_string());
    format!("{}.{}.{}", deel(kop), deel(inhoud), URL_SAFE_NO_PAD.encode([1; 64]))
}

#[test]
fn een_goed_token_zegt_wie_waarmee_en_hoe_sterk() {
    let t = Proef::nieuw().met(|_| {}).unwrap();
    assert_eq!((t.sub.as_str(), t.client_id.as_deref(), t.sterkte), ("p1", Some("c1"), Sterkte::Mfa));
    assert_eq!(t.scopes, ["trajecten:lezen", "ik"]);
}

#[test]
fn iedere_afwijking_in_de_claims_wordt_geweigerd() {
    let p = Proef::nieuw();
    let t = nu().timestamp();
    let gevallen: [(&str, Value, TokenRefusal); 14] = [
        ("iss", "https://ander.example".into(), TokenRefusal::Issuer),
        ("iss", format!("{ISS}/").into(), TokenRefusal::Issuer),
        ("aud", "https://ander.example/v1".into(), TokenRefusal::Audience),
        ("aud", Value::Null, TokenRefusal::Audience),
        ("exp", (t - 61).into(), TokenRefusal::Expired),
        ("exp", Value::Null, TokenRefusal::Claim),
        ("exp", "morgen".into(), TokenRefusal::Claim),
        ("nbf", (t + 61).into(), TokenRefusal::NotYet),
        ("iat", (t + 61).into(), TokenRefusal::NotYet),
        ("nbf", json!([t]), TokenRefusal::Claim),
        ("iat", "gisteren".into(), TokenRefusal::Claim),
        ("sub", "".into(), TokenRefusal::Claim),
        ("sub", 7.into(), TokenRefusal::Claim),
        ("auth_time", "gisteren".into(), TokenRefusal::Claim),
    ];
    for (naam, waarde, verwacht) in gevallen {
        assert_eq!(p.met(|c| c[naam] = waarde.clone()).unwrap_err(), verwacht, "{naam}={waarde}");
    }
    assert!(p.met(|c| c["aud"] = json!([AUD])).is_ok(), "aud als lijst van een mag");
    assert!(p.met(|c| c["auth_time"] = json!(1_789_999_000.5)).is_ok(), "een tijd met breuk mag");
}

#[test]
fn alg_none_en_hmac_met_de_publieke_sleutel_worden_geweigerd() {
    let p = Proef::nieuw();
    let kid = p.sleutel.kid();
    for alg in ["none", "None", "HS256", "HS512", "ES512", "onzin"] {
        assert_eq!(p.oordeel(&los(&json!({ "alg": alg, "typ": "at+jwt", "kid": kid }), &claims())).unwrap_err(), TokenRefusal::Algorithm, "{alg}");
    }
    let kop = Header { typ: Some("at+jwt".into()), kid: Some(kid.into()), ..Header::new(Algorithm::HS256) };
    let publiek = p.sleutel.public_jwk().to_string();
    let token = jsonwebtoken::encode(&kop, &claims(), &EncodingKey::from_secret(publiek.as_bytes())).unwrap();
    assert_eq!(p.oordeel(&token).unwrap_err(), TokenRefusal::Algorithm);
    assert_eq!(
        p.oordeel(&los(&json!({ "alg": "RS256", "typ": "at+jwt", "kid": kid }), &claims())).unwrap_err(),
        TokenRefusal::Algorithm,
        "algoritme past niet bij de sleutel"
    );
}

#[test]
fn een_id_token_is_geen_toegangstoken() {
    let p = Proef::nieuw();
    for typ in ["JWT", "logout+jwt", "dpop+jwt"] {
        assert_eq!(p.oordeel(&p.sleutel.sign(typ, &claims()).unwrap()).unwrap_err(), TokenRefusal::Type);
    }
}

#[test]
fn een_kop_die_eigen_sleutels_of_onbekende_eisen_meebrengt_wordt_geweigerd() {
    let p = Proef::nieuw();
    for veld in ["crit", "jku", "jwk", "x5u"] {
        let mut kop = json!({ "alg": "ES256", "typ": "at+jwt", "kid": p.sleutel.kid() });
        kop[veld] = json!(["x"]);
        assert_eq!(p.oordeel(&los(&kop, &claims())).unwrap_err(), TokenRefusal::Header, "{veld}");
    }
}

#[test]
fn een_onbekende_of_verkeerde_sleutel_wordt_geweigerd() {
    let p = Proef::nieuw();
    let vreemd = SigningKey::generate().unwrap();
    assert_eq!(p.oordeel(&vreemd.sign("at+jwt", &claims()).unwrap()).unwrap_err(), TokenRefusal::UnknownKey);
    let nep = los(&json!({ "alg": "ES256", "typ": "at+jwt", "kid": p.sleutel.kid() }), &claims());
    assert_eq!(p.oordeel(&nep).unwrap_err(), TokenRefusal::Signature);
    let mut versleutelen = p.sleutel.public_jwk().clone();
    versleutelen["use"] = "enc".into();
    let token = p.sleutel.sign("at+jwt", &claims()).unwrap();
    assert_eq!(verify_access_token(&token, &p.issuer, &json!({ "keys": [versleutelen] }), nu()).unwrap_err(), TokenRefusal::UnknownKey);
}

#[test]
fn een_zin_zonder_punten_is_geen_token() {
    let p = Proef::nieuw();
    for tekst in ["", "a", "a.b.c", "e30.e30", "!!.!!.!!"] {
        assert!(p.oordeel(tekst).is_err(), "{tekst}");
    }
}

#[test]
fn het_klokverschil_verruimt_beide_kanten_en_niet_meer() {
    let p = Proef::nieuw();
    let token = p.sleutel.sign("at+jwt", &claims()).unwrap();
    for verschil in -400..=400 {
        let uitkomst = verify_access_token(&token, &p.issuer, &p.jwks(), nu() + TimeDelta::seconds(verschil));
        assert_eq!(uitkomst.is_ok(), (-60..360).contains(&verschil), "{verschil}");
    }
}

#[test]
fn mfa_is_een_bewijs_en_geen_bewering() {
    let regel = MfaRule::default();
    let sterk = |c: Value| regel.oordeel(c.as_object().unwrap()) == Sterkte::Mfa;
    assert!(sterk(json!({ "acr": "https://refeds.org/profile/mfa" })));
    assert!(sterk(json!({ "amr": ["mfa"] })));
    assert!(sterk(json!({ "amr": ["pwd", "otp"] })));
    assert!(!sterk(json!({})));
    assert!(!sterk(json!({ "amr": ["pwd"] })));
    assert!(!sterk(json!({ "amr": ["pwd", "pin"] })), "twee keer weten is een factor");
    assert!(!sterk(json!({ "amr": ["pwd", "user", "geo", "rba", "wia", "pop", "mca"] })));
    assert!(!sterk(json!({ "amr": "mfa" })), "amr is een lijst");
    assert!(!sterk(json!({ "amr": ["pwd", 7, "otp"] })), "een lijst met iets anders dan tekst bewijst niets");
    assert!(!sterk(json!({ "acr": ["https://refeds.org/profile/mfa"] })));
    let alleen_acr = MfaRule { acr: vec!["http://eidas.europa.eu/LoA/substantial".into()], amr: false };
    assert_eq!(alleen_acr.oordeel(json!({ "amr": ["mfa"] }).as_object().unwrap()), Sterkte::Zwak);
}

#[test]
fn een_sleutel_tekent_alleen_met_haar_eigen_algoritme() {
    let p = Proef::nieuw();
    let token = p.sleutel.sign("at+jwt", &claims()).unwrap();
    let met = |veld: &str, waarde: Value| {
        let mut jwk = p.sleutel.public_jwk().clone();
        jwk[veld] = waarde;
        verify_access_token(&token, &p.issuer, &json!({ "keys": [jwk] }), nu()).unwrap_err()
    };
    assert_eq!(met("alg", "ES384".into()), TokenRefusal::Algorithm);
    assert_eq!(met("alg", "RSA-OAEP".into()), TokenRefusal::Algorithm);
    assert_eq!(met("crv", "P-384".into()), TokenRefusal::Algorithm);
    assert_eq!(met("kty", "oct".into()), TokenRefusal::Algorithm);
    assert_eq!(met("key_ops", json!(["encrypt"])), TokenRefusal::UnknownKey);
    let alleen_rsa = TrustedIssuer { algorithms: vec![Algorithm::PS256], ..p.issuer.clone() };
    assert_eq!(verify_access_token(&token, &alleen_rsa, &p.jwks(), nu()).unwrap_err(), TokenRefusal::Algorithm);
}

#[test]
fn zonder_kid_mag_alleen_als_er_een_sleutel_past() {
    let p = Proef::nieuw();
    let pem_vrij = EncodingKey::from_ec_der(p.sleutel.pkcs8());
    let kop = Header { typ: Some("at+jwt".into()), ..Header::new(Algorithm::ES256) };
    let token = jsonwebtoken::encode(&kop, &claims(), &pem_vrij).unwrap();
    let met = |anderen: &[Value]| {
        let sleutels: Vec<&Value> = anderen.iter().chain([p.sleutel.public_jwk()]).collect();
        verify_access_token(&token, &p.issuer, &json!({ "keys": sleutels }), nu()).map(|t| t.sub)
    };
    assert!(met(&[]).is_ok());
    assert!(met(&[json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "r" })]).is_ok(), "een sleutel van een andere soort telt niet mee");
    assert_eq!(met(&[SigningKey::generate().unwrap().public_jwk().clone()]).unwrap_err(), TokenRefusal::UnknownKey);
}

#[test]
fn een_hub_zonder_at_jwt_krijgt_toch_geen_id_token_of_afmeldtoken_binnen() {
    let mut p = Proef::nieuw();
    p.issuer.require_typ = false;
    assert!(p.oordeel(&p.sleutel.sign("JWT", &claims()).unwrap()).is_ok());
    assert_eq!(p.oordeel(&p.sleutel.sign("logout+jwt", &claims()).unwrap()).unwrap_err(), TokenRefusal::Type);
    for veld in ["at_hash", "c_hash", "s_hash", "events"] {
        let mut c = claims();
        c[veld] = "x".into();
        assert_eq!(p.oordeel(&p.sleutel.sign("JWT", &c).unwrap()).unwrap_err(), TokenRefusal::Type, "{veld}");
    }
}

#[test]
fn een_klokverschil_van_meer_dan_vijf_minuten_is_niet_in_te_stellen() {
    let mut p = Proef::nieuw();
    p.issuer.leeway = 86_400;
    let t = nu().timestamp();
    assert!(p.met(|c| c["exp"] = (t - 299).into()).is_ok());
    assert_eq!(p.met(|c| c["exp"] = (t - 300).into()).unwrap_err(), TokenRefusal::Expired);
}

#[test]
fn claims_van_een_andere_hub_worden_vertaald_en_een_adres_telt_alleen_als_het_bewezen_is() {
    let mut p = Proef::nieuw();
    p.issuer.mapping = ClaimMapping { subject: "oid".into(), email: "upn".into(), scope: "scp".into() };
    let met = |bewezen: Value| {
        p.met(|c| {
            c["oid"] = "o1".into();
            c["upn"] = "jan@voorbeeld.example".into();
            c["scp"] = json!(["trajecten:lezen"]);
            c["email_verified"] = bewezen;
        })
        .unwrap()
    };
    let t = met(true.into());
    assert_eq!((t.sub.as_str(), t.scopes.as_slice()), ("o1", ["trajecten:lezen".to_owned()].as_slice()));
    assert_eq!(t.verified_email.as_deref(), Some("jan@voorbeeld.example"));
    for niet in [Value::Null, false.into(), "true".into(), 1.into()] {
        assert_eq!(met(niet.clone()).verified_email, None, "{niet}");
    }
}

#[test]
fn iedere_weigering_heeft_haar_eigen_code_en_een_eigenaar() {
    use TokenRefusal::{Algorithm, Audience, Claim, Expired, Header, Issuer, Malformed, NotYet, Signature, Type, UnknownKey};
    let alle = [Malformed, Type, Header, Algorithm, Issuer, UnknownKey, Signature, Audience, Expired, NotYet, Claim];
    let codes: std::collections::BTreeSet<&str> = alle.iter().map(|w| w.code()).collect();
    assert_eq!(codes.len(), alle.len());
    assert!(alle.iter().all(|w| ["aanroeper", "uitgever", "beheerder"].contains(&w.eigenaar())));
}

fn kop(p: &Proef, alg: &str) -> Value {
    json!({ "alg": alg, "typ": "at+jwt", "kid": p.sleutel.kid() })
}

fn met_claim(p: &Proef, naam: &str, waarde: impl Into<Value>) -> String {
    let mut claims = claims();
    claims[naam] = waarde.into();
    p.sleutel.sign("at+jwt", &claims).unwrap()
}

/// Per reden een token dat precies daarom geweigerd wordt. Een nieuwe reden vertaalt niet zonder haar token.
macro_rules! elke_reden {
    ($($reden:ident => |$p:ident| $token:expr;)+) => {
        const REDENEN: &[TokenRefusal] = &[$(TokenRefusal::$reden),+];

        fn lok_uit(p: &Proef, reden: TokenRefusal) -> String {
            match reden {
                $(TokenRefusal::$reden => {
                    let $p = p;
                    $token
                })+
            }
        }
    };
}

elke_reden! {
    Malformed => |_p| "geen.jwt".to_owned();
    Type => |p| p.sleutel.sign("JWT", &claims()).unwrap();
    Header => |p| {
        let mut kop = kop(p, "ES256");
        kop["jku"] = json!("https://elders.example/jwks");
        los(&kop, &claims())
    };
    Algorithm => |p| los(&kop(p, "none"), &claims());
    Issuer => |p| met_claim(p, "iss", "https://elders.example");
    UnknownKey => |_p| SigningKey::generate().unwrap().sign("at+jwt", &claims()).unwrap();
    Signature => |p| los(&kop(p, "ES256"), &claims());
    Audience => |p| met_claim(p, "aud", "https://elders.example/v1");
    Expired => |p| met_claim(p, "exp", nu().timestamp() - 3600);
    NotYet => |p| met_claim(p, "nbf", nu().timestamp() + 3600);
    Claim => |p| met_claim(p, "sub", 7);
}

#[test]
fn elke_reden_van_weigeren_is_uit_te_lokken_en_heeft_een_eigen_code() {
    let p = Proef::nieuw();
    let mut codes = std::collections::BTreeSet::new();
    for reden in REDENEN.iter().copied() {
        assert_eq!(p.oordeel(&lok_uit(&p, reden)).unwrap_err(), reden, "{reden}");
        assert!(codes.insert(reden.code()), "{reden}");
        assert!(["aanroeper", "uitgever", "beheerder"].contains(&reden.eigenaar()), "{reden}");
    }
}
