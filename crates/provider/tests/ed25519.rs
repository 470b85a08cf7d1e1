//! Een client mag met Ed25519 tekenen (RFC 8037; FAPI 2.0), onder de oude en de nieuwe naam (RFC 9864).
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Moment;
use provider::{AssertionError, DpopError, DpopTarget, SigningKey, thumbprint, verify_assertion, verify_dpop};
use serde_json::{Value, json};

const CLIENT: &str = "01977f6e-0000-7000-8000-000000000001";
const ISS: &str = "https://aansluitloket.example";

fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

/// Sleutel en duimafdruk van RFC 8037, bijlage A.
fn paar() -> (Ed25519KeyPair, Value) {
    let paar = Ed25519KeyPair::from_seed_unchecked(&URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap()).unwrap();
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(paar.public_key().as_ref()) });
    assert_eq!(jwk["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    (paar, jwk)
}

fn teken(kop: &Value, claims: &Value) -> String {
    let deel = |waarde: &Value| URL_SAFE_NO_PAD.encode(waarde.to_string());
    let bericht = format!("{}.{}", deel(kop), deel(claims));
    let handtekening = paar().0.sign(bericht.as_bytes());
    format!("{bericht}.{}", URL_SAFE_NO_PAD.encode(handtekening.as_ref()))
}

fn bewering(alg: &str, sleutel: &Value) -> Result<(), AssertionError> {
    let claims = json!({ "iss": CLIENT, "sub": CLIENT, "aud": ISS, "exp": nu().timestamp() + 60, "jti": "een" });
    let token = teken(&json!({ "alg": alg, "kid": sleutel["kid"] }), &claims);
    verify_assertion(&token, CLIENT, &json!({ "keys": [sleutel] }), &[ISS], nu()).map(|_| ())
}

fn met(velden: &Value) -> Value {
    let mut jwk = paar().1;
    for (naam, waarde) in velden.as_object().unwrap() {
        jwk[naam] = waarde.clone();
    }
    jwk
}

#[test]
fn de_duimafdruk_is_die_van_de_standaard() {
    assert_eq!(thumbprint(&paar().1).unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "RFC 8037, A.3");
}

#[test]
fn beide_namen_zijn_hetzelfde_algoritme_in_het_bericht_en_in_de_sleutel() {
    for alg in ["EdDSA", "Ed25519"] {
        for sleutel in [met(&json!({ "kid": "a" })), met(&json!({ "kid": "a", "alg": "EdDSA" })), met(&json!({ "kid": "a", "alg": "Ed25519" }))] {
            assert_eq!(bewering(alg, &sleutel), Ok(()), "{alg} {sleutel}");
        }
    }
}

#[test]
fn een_sleutel_tekent_alleen_met_haar_eigen_algoritme() {
    let ed = met(&json!({ "kid": "a" }));
    for alg in ["ES256", "PS256", "HS256", "Ed448", "none"] {
        assert_eq!(bewering(alg, &ed), Err(AssertionError::Algorithm), "{alg}");
    }
    assert_eq!(bewering("EdDSA", &met(&json!({ "kid": "a", "crv": "Ed448" }))), Err(AssertionError::Algorithm));
    assert_eq!(bewering("EdDSA", &met(&json!({ "kid": "a", "alg": "ES256" }))), Err(AssertionError::Algorithm));
    assert_eq!(bewering("EdDSA", SigningKey::generate().unwrap().public_jwk()), Err(AssertionError::Algorithm));
}

#[test]
fn een_andere_of_onleesbare_sleutel_bewijst_niets() {
    let ander = Ed25519KeyPair::generate().unwrap();
    let x = URL_SAFE_NO_PAD.encode(ander.public_key().as_ref());
    assert_eq!(bewering("EdDSA", &met(&json!({ "kid": "a", "x": x }))), Err(AssertionError::Signature));
    assert_eq!(bewering("EdDSA", &met(&json!({ "kid": "a", "x": "AAAA" }))), Err(AssertionError::Signature));
    assert_eq!(bewering("EdDSA", &met(&json!({ "kid": "a", "x": 1 }))), Err(AssertionError::UnknownKey));
}

#[test]
fn ook_een_bewijs_van_bezit_mag_ermee_getekend_zijn() {
    let url = "https://aansluitloket.example/v1/trajecten";
    let doel = DpopTarget { method: "GET", url, access_token: None };
    let claims = json!({ "jti": "een", "htm": "GET", "htu": url, "iat": nu().timestamp() });
    for alg in ["EdDSA", "Ed25519"] {
        let bewijs = teken(&json!({ "typ": "dpop+jwt", "alg": alg, "jwk": paar().1 }), &claims);
        assert_eq!(verify_dpop(&bewijs, &doel, nu()).unwrap().jkt, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let (bericht, _) = bewijs.rsplit_once('.').unwrap();
        let vervalst = format!("{bericht}.{}", URL_SAFE_NO_PAD.encode([7; 64]));
        assert_eq!(verify_dpop(&vervalst, &doel, nu()), Err(DpopError::Signature));
    }
    let geheim = teken(&json!({ "typ": "dpop+jwt", "alg": "EdDSA", "jwk": met(&json!({ "d": "geheim" })) }), &claims);
    assert_eq!(verify_dpop(&geheim, &doel, nu()), Err(DpopError::Key));
}
