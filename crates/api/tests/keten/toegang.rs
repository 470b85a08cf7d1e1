//! Wie er binnenkomt: tokens, MFA, scopes, blokkering en de eerste koppeling.

use domain::personen::{Persoon, PersoonStatus};
use domain::toepassingen::Scope;
use provider::{AccessTokenClaims, SigningKey};
use serde_json::{Value, json};

use crate::common::{Dienst, Seen, app, call, request};
use crate::seed;

const ISSUER: &str = "https://aansluitloket.example";
const AUDIENCE: &str = "https://aansluitloket.example/v1";
const MFA: &str = "https://refeds.org/profile/mfa";

pub(crate) async fn get(dienst: &Dienst, token: &str) -> Seen {
    call(dienst, request("GET", "/v1/geheim").insert_header(("authorization", format!("Bearer {token}")))).await
}

pub(crate) fn claims(dienst: &Dienst, persoon: &Persoon) -> AccessTokenClaims {
    let sub = persoon.id.to_string();
    let mut claims = AccessTokenClaims::new(ISSUER, AUDIENCE, &sub, "portaal", "trajecten:lezen", "jti-1".to_owned(), dienst.now(), 300);
    claims.acr = Some(MFA.to_owned());
    claims.auth_time = Some(dienst.now().timestamp());
    claims
}

pub(crate) async fn own_key(dienst: &Dienst) -> SigningKey {
    dienst.app.keys.signing(&dienst.app.store, &dienst.app.rng, dienst.now()).await.unwrap()
}

pub(crate) async fn actief(dienst: &Dienst) -> Persoon {
    let organisatie = seed::organisatie(dienst).await;
    seed::persoon(dienst, organisatie.id, PersoonStatus::Actief).await
}

#[actix_web::test]
async fn zonder_token_is_er_een_uitdaging_zonder_foutcode() {
    let dienst = app(|_| {});
    let seen = call(&dienst, request("GET", "/v1/geheim")).await;
    assert_eq!((seen.status, seen.header("www-authenticate")), (401, "Bearer realm=\"aansluitloket\""));
    let uitdagingen: Vec<&str> = seen.headers.get_all("www-authenticate").map(|waarde| waarde.to_str().unwrap()).collect();
    assert_eq!(uitdagingen.get(1), Some(&"DPoP realm=\"aansluitloket\", algs=\"ES256 PS256 EdDSA Ed25519\""), "wie beide kent, noemt beide (RFC 9449, 7.2)");
}

#[actix_web::test]
async fn een_persoon_met_mfa_en_scope_komt_binnen() {
    let dienst = app(|_| {});
    let persoon = actief(&dienst).await;
    let key = own_key(&dienst).await;
    let token = provider::sign_access_token(&key, &claims(&dienst, &persoon)).unwrap();
    assert_eq!(get(&dienst, &token).await.status, 200);
}

#[actix_web::test]
async fn elk_token_dat_niet_klopt_is_401_invalid_token() {
    let dienst = app(|_| {});
    let persoon = actief(&dienst).await;
    let key = own_key(&dienst).await;
    let good = || serde_json::to_value(claims(&dienst, &persoon)).unwrap();
    let signed = |typ: &str, change: &dyn Fn(&mut Value)| {
        let mut claims = good();
        change(&mut claims);
        key.sign(typ, &claims).unwrap()
    };
    let part = |value: &Value| {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
    };
    let foreign = SigningKey::generate().unwrap();
    let valid = signed("at+jwt", &|_| {});
    let cases = [
        ("verlopen", signed("at+jwt", &|claims| claims["exp"] = json!(dienst.now().timestamp() - 61))),
        ("nog niet geldig", signed("at+jwt", &|claims| claims["nbf"] = json!(dienst.now().timestamp() + 61))),
        ("in de toekomst uitgegeven", signed("at+jwt", &|claims| claims["iat"] = json!(dienst.now().timestamp() + 61))),
        ("andere aud", signed("at+jwt", &|claims| claims["aud"] = json!("https://elders.example/v1"))),
        ("andere iss", signed("at+jwt", &|claims| claims["iss"] = json!("https://elders.example"))),
        ("iss met schuine streep", signed("at+jwt", &|claims| claims["iss"] = json!("https://aansluitloket.example/"))),
        ("ID-token", signed("JWT", &|_| {})),
        ("onbekende kid", foreign.sign("at+jwt", &good()).unwrap()),
        ("alg none", format!("{}.{}.", part(&json!({"alg": "none", "typ": "at+jwt"})), part(&good()))),
        ("HS256", format!("{}.{}.AAAA", part(&json!({"alg": "HS256", "typ": "at+jwt", "kid": key.kid()})), part(&good()))),
        ("andere handtekening", {
            let (text, signature) = valid.rsplit_once('.').unwrap();
            let first = if signature.starts_with('A') { 'B' } else { 'A' };
            format!("{text}.{first}{}", &signature[1..])
        }),
        ("onzin", "abc".to_owned()),
    ];
    for (what, token) in cases {
        let seen = get(&dienst, &token).await;
        assert_eq!((seen.status, seen.body["code"].as_str()), (401, Some("token-ongeldig")), "{what}");
        assert!(seen.header("www-authenticate").contains("error=\"invalid_token\""), "{what}");
    }
}

#[actix_web::test]
async fn zonder_tweede_factor_vraagt_de_dienst_om_een_sterkere_aanmelding() {
    let dienst = app(|_| {});
    let persoon = actief(&dienst).await;
    let key = own_key(&dienst).await;
    let mut weak = claims(&dienst, &persoon);
    weak.acr = None;
    weak.amr = Some(vec!["pwd".to_owned()]);
    let seen = get(&dienst, &provider::sign_access_token(&key, &weak).unwrap()).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (401, Some("aanmelding-te-zwak")));
    let challenge = seen.header("www-authenticate");
    assert!(challenge.contains("error=\"insufficient_user_authentication\"") && challenge.contains(&format!("acr_values=\"{MFA}\"")), "{challenge}");
    weak.amr = Some(vec!["pwd".to_owned(), "otp".to_owned()]);
    assert_eq!(get(&dienst, &provider::sign_access_token(&key, &weak).unwrap()).await.status, 200);
}

#[actix_web::test]
async fn een_ontbrekende_scope_is_403_met_welke() {
    let dienst = app(|_| {});
    let persoon = actief(&dienst).await;
    let key = own_key(&dienst).await;
    let mut narrow = claims(&dienst, &persoon);
    narrow.scope = "personen:lezen".to_owned();
    let seen = get(&dienst, &provider::sign_access_token(&key, &narrow).unwrap()).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (403, Some("scope-ontbreekt")));
    assert!(seen.header("www-authenticate").contains("error=\"insufficient_scope\", scope=\"trajecten:lezen\""));
}

#[actix_web::test]
async fn wie_met_dpop_komt_krijgt_de_uitdaging_in_dat_schema() {
    let dienst = app(|_| {});
    let persoon = actief(&dienst).await;
    let key = own_key(&dienst).await;
    let met = |schema: &'static str, token: String| call(&dienst, request("GET", "/v1/geheim").insert_header(("authorization", format!("{schema} {token}"))));
    for (schema, begin) in [("DPoP", "DPoP realm=\"aansluitloket\", error=\"invalid_token\""), ("dpop", "DPoP "), ("Bearer", "Bearer ")] {
        let seen = met(schema, "abc".to_owned()).await;
        assert_eq!(seen.status, 401);
        assert!(seen.header("www-authenticate").starts_with(begin), "{schema}: {}", seen.header("www-authenticate"));
        assert_eq!(seen.header("www-authenticate").contains("algs="), schema != "Bearer", "RFC 9449, 7.1");
    }
    let mut weak = claims(&dienst, &persoon);
    (weak.acr, weak.amr) = (None, Some(vec!["pwd".to_owned()]));
    let seen = met("DPoP", provider::sign_access_token(&key, &weak).unwrap()).await;
    let challenge = seen.header("www-authenticate");
    assert!(
        challenge.starts_with("DPoP ") && challenge.contains("error=\"insufficient_user_authentication\"") && challenge.contains("acr_values="),
        "{challenge}"
    );
}

#[actix_web::test]
async fn een_geblokkeerde_persoon_komt_er_binnen_tien_seconden_niet_meer_in() {
    let dienst = app(|_| {});
    let persoon = actief(&dienst).await;
    let key = own_key(&dienst).await;
    let token = provider::sign_access_token(&key, &claims(&dienst, &persoon)).unwrap();
    assert_eq!(get(&dienst, &token).await.status, 200);
    seed::zet(&dienst, &persoon, PersoonStatus::Geblokkeerd).await;
    dienst.wait(6);
    let seen = get(&dienst, &token).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (401, Some("geen-toegang")));
}

#[actix_web::test]
async fn de_eerste_aanmelding_maakt_een_uitgenodigde_persoon_actief() {
    let dienst = app(|_| {});
    let organisatie = seed::organisatie(&dienst).await;
    let persoon = seed::persoon(&dienst, organisatie.id, PersoonStatus::Uitgenodigd).await;
    let key = own_key(&dienst).await;
    assert_eq!(get(&dienst, &provider::sign_access_token(&key, &claims(&dienst, &persoon)).unwrap()).await.status, 200);
    let id = persoon.id;
    let now: Result<_, store::StoreError> = dienst.app.store.read(move |conn| store::personen::get(conn, id)).await;
    assert_eq!(now.unwrap().unwrap().status, PersoonStatus::Actief);
}

#[actix_web::test]
async fn een_scope_die_de_toepassing_niet_meer_heeft_telt_niet() {
    let dienst = app(|_| {});
    let organisatie = seed::organisatie(&dienst).await;
    let own = SigningKey::generate().unwrap();
    let toepassing = seed::toepassing(&dienst, organisatie.id, &own, &[Scope::PersonenLezen]).await;
    let key = own_key(&dienst).await;
    let id = toepassing.id.to_string();
    let wide = AccessTokenClaims::new(ISSUER, AUDIENCE, &id, &id, "trajecten:lezen personen:lezen", "jti".to_owned(), dienst.now(), 300);
    assert_eq!(get(&dienst, &provider::sign_access_token(&key, &wide).unwrap()).await.status, 403);
}

#[actix_web::test]
async fn een_oude_aanmelding_is_te_zwak_voor_een_handeling_die_een_verse_vraagt() {
    let dienst = app(|_| {});
    let persoon = actief(&dienst).await;
    let key = own_key(&dienst).await;
    let mut old = claims(&dienst, &persoon);
    old.scope = "trajecten:schrijven".to_owned();
    old.auth_time = Some(dienst.now().timestamp() - 961);
    let post =
        |token: String| request("POST", "/v1/bewaard").insert_header(("authorization", format!("Bearer {token}"))).set_json(json!({"naam": "a", "aantal": 1}));
    let seen = call(&dienst, post(provider::sign_access_token(&key, &old).unwrap())).await;
    assert_eq!(seen.status, 401);
    assert!(seen.header("www-authenticate").contains("insufficient_user_authentication") && seen.header("www-authenticate").contains("max_age=\"900\""));
    for auth_time in [None, Some(0), Some(dienst.now().timestamp() + 3600)] {
        old.auth_time = auth_time;
        assert_eq!(call(&dienst, post(provider::sign_access_token(&key, &old).unwrap())).await.status, 401, "{auth_time:?}");
    }
    old.auth_time = Some(dienst.now().timestamp() - 899);
    assert_eq!(call(&dienst, post(provider::sign_access_token(&key, &old).unwrap())).await.status, 201);
}
