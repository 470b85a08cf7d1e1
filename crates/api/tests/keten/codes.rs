//! Van code naar tokens, en verversen: wat een portaal krijgt en wat geweigerd wordt.

use domain::personen::PersoonStatus;
use domain::toepassingen::{Algoritme, Profiel, SubSoort};
use serde_json::json;

use crate::portaal::{ISSUER, Portaal, TERUG, VERIFIER, claims, kop, sessie};

#[actix_web::test]
async fn een_code_geeft_tokens_die_zeggen_wie_vanwaar_en_hoe_sterk() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let tokens = p.tokens().await;
    assert_eq!((tokens["token_type"].as_str(), tokens["expires_in"].as_i64()), (Some("Bearer"), Some(300)));
    let (client, id) = (p.toepassing.id.to_string(), claims(tokens["id_token"].as_str().unwrap()));
    for (naam, waarde) in
        [("iss", ISSUER), ("sub", &p.persoon.id.to_string()), ("aud", &client), ("azp", &client), ("nonce", "nonce"), ("sid", &p.sessie.id.to_string())]
    {
        assert_eq!(id[naam], waarde, "{naam}");
    }
    assert_eq!((id["acr"].as_str(), id["auth_time"].as_i64()), (Some("https://refeds.org/profile/mfa"), Some(p.sessie.auth_time.timestamp())));
    assert_eq!(id["at_hash"], provider::at_hash(tokens["access_token"].as_str().unwrap()));
    assert!(id["exp"].as_i64().unwrap() - id["iat"].as_i64().unwrap() <= 300 && id["nbf"].is_i64() && id["jti"].is_string());
    assert_eq!((id.get("amr"), id.get("email"), id.get("name")), (None, None, None), "alleen wat gevraagd is");
    let access = claims(tokens["access_token"].as_str().unwrap());
    assert_eq!(kop(tokens["access_token"].as_str().unwrap())["typ"], "at+jwt");
    assert_eq!((&access["client_id"], &access["azp"], &access["acr"], &access["auth_time"]), (&json!(client), &json!(client), &id["acr"], &id["auth_time"]));
    assert_eq!(access["amr"], json!(["pwd", "otp", "mfa"]));
    let ik = p.met_token("/v1/geheim", tokens["access_token"].as_str().unwrap()).await;
    assert_eq!((ik.status, ik.body["naam"].as_str()), (200, Some("Waterschap Voorbeeldland")), "{}", ik.text);
}

#[actix_web::test]
async fn het_id_token_is_getekend_zoals_de_client_dat_registreerde() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    for alg in [Algoritme::Rs256, Algoritme::Ps256, Algoritme::Es256] {
        let key = p.dienst.app.keys.signing_for(alg, &p.dienst.app.store, &p.dienst.app.rng, p.dienst.now()).await.unwrap();
        assert_eq!(key.alg(), alg);
        let keys = crate::common::call(&p.dienst, crate::common::request("GET", "/oidc/jwks")).await.body;
        let keys = keys["keys"].as_array().unwrap();
        assert!(keys.iter().any(|published| published["kid"] == key.kid() && published["alg"] == alg.as_str()), "{alg} is gepubliceerd");
        assert!(keys.iter().all(|key| ["d", "p", "q", "dp", "dq", "qi"].iter().all(|deel| key.get(*deel).is_none())));
    }
    let p = Portaal::nieuw(Profiel::NlGov, |n| (n.id_token_algoritme, n.amr_in_id_token) = (Some(Algoritme::Ps256), true)).await;
    let id_token = p.tokens().await["id_token"].as_str().unwrap().to_owned();
    assert_eq!(kop(&id_token)["alg"], "PS256");
    assert_eq!(claims(&id_token)["amr"], json!(["pwd", "otp", "mfa"]));
}

#[actix_web::test]
async fn een_code_telt_een_keer_en_hergebruik_trekt_de_tokens_in() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let code = p.code().await;
    let eerst = p.wissel_in(&code, None).await.body;
    assert_eq!(p.met_token("/v1/geheim", eerst["access_token"].as_str().unwrap()).await.status, 200);
    let weer = p.wissel_in(&code, None).await;
    assert_eq!((weer.status, weer.body["error"].as_str()), (400, Some("invalid_grant")));
    assert_eq!(p.met_token("/v1/geheim", eerst["access_token"].as_str().unwrap()).await.body["code"], "token-ongeldig");
    let verversen = p.ververs(eerst["refresh_token"].as_str().unwrap()).await;
    assert_eq!(verversen.body["error"], "invalid_grant");
}

#[actix_web::test]
async fn een_code_is_van_een_client_een_adres_en_een_verifier_en_leeft_een_minuut() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let poging = async |velden: &[(&str, &str)]| {
        let code = p.code().await;
        let mut alles = vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", TERUG), ("code_verifier", VERIFIER)];
        alles.retain(|(naam, _)| !velden.iter().any(|(anders, _)| anders == naam));
        alles.extend(velden.iter().filter(|(_, waarde)| !waarde.is_empty()));
        let seen = p.stuur("/oidc/token", &alles, None).await;
        (seen.status, seen.body["error"].as_str().unwrap_or_default().to_owned())
    };
    let ander = "a".repeat(43);
    for velden in [
        [("redirect_uri", "https://portaal.example/callback2")],
        [("redirect_uri", "")],
        [("code_verifier", &ander)],
        [("code_verifier", "")],
        [("code", "onzin")],
    ] {
        assert_eq!(poging(&velden).await, (400, "invalid_grant".to_owned()), "{velden:?}");
    }
    assert_eq!(poging(&[("code", "")]).await, (400, "invalid_request".to_owned()));
    assert_eq!(poging(&[("resource", "https://elders.example")]).await, (400, "invalid_target".to_owned()));
    assert_eq!(poging(&[("grant_type", "client_credentials")]).await, (400, "unauthorized_client".to_owned()));
    let code = p.code().await;
    p.dienst.wait(60);
    assert_eq!(p.wissel_in(&code, None).await.body["error"], "invalid_grant", "na een minuut");
}

#[actix_web::test]
async fn de_code_van_een_ander_portaal_is_niets_waard_en_blijft_heel() {
    let een = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let code = een.code().await;
    let twee = crate::seed::client(&een.dienst, {
        let mut nieuw = domain::toepassingen::NieuweToepassing::portaal("Ander", een.toepassing.organisatie_id, TERUG);
        nieuw.jwks = Some(json!({ "keys": [een.key.public_jwk()] }));
        nieuw
    })
    .await;
    let (id, t) = (twee.id.to_string(), een.dienst.now().timestamp());
    let bewering = een.key.sign("JWT", &json!({ "iss": id, "sub": id, "aud": ISSUER, "exp": t + 60, "jti": "ander" })).unwrap();
    let velden = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", TERUG),
        ("code_verifier", VERIFIER),
        ("client_assertion_type", provider::ASSERTION_TYPE),
        ("client_assertion", bewering.as_str()),
    ];
    assert_eq!(een.kaal("/oidc/token", &velden, None).await.body["error"], "invalid_grant");
    let eigen = een.toepassing.id.to_string();
    let vermomd = [velden.as_slice(), &[("client_id", eigen.as_str())]].concat();
    assert_eq!(een.kaal("/oidc/token", &vermomd, None).await.body["error"], "invalid_client", "client_id van een ander");
    assert_eq!(een.wissel_in(&code, None).await.status, 200);
}

#[actix_web::test]
async fn verversen_wisselt_het_token_en_hergebruik_trekt_de_hele_familie_in() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let eerst = p.tokens().await;
    p.dienst.wait(3_600);
    let tweede = p.ververs(eerst["refresh_token"].as_str().unwrap()).await;
    assert_eq!(tweede.status, 200, "{}", tweede.text);
    let (oud, nieuw) = (claims(eerst["id_token"].as_str().unwrap()), claims(tweede.body["id_token"].as_str().unwrap()));
    for naam in ["iss", "sub", "aud", "auth_time", "sid", "acr"] {
        assert_eq!(oud[naam], nieuw[naam], "{naam} verandert niet door verversen");
    }
    assert_eq!(nieuw.get("nonce"), None);
    assert!(nieuw["iat"].as_i64() > oud["iat"].as_i64());
    let derde = p.ververs(tweede.body["refresh_token"].as_str().unwrap()).await;
    assert_eq!(p.met_token("/v1/geheim", derde.body["access_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(p.ververs(eerst["refresh_token"].as_str().unwrap()).await.body["error"], "invalid_grant", "hergebruik");
    assert_eq!(p.ververs(derde.body["refresh_token"].as_str().unwrap()).await.body["error"], "invalid_grant", "de familie is weg");
    p.dienst.app.forget_callers();
    assert_eq!(p.met_token("/v1/geheim", derde.body["access_token"].as_str().unwrap()).await.status, 401);
}

#[actix_web::test]
async fn verversen_is_gebonden_aan_client_scope_stilte_sessie_en_persoon() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let tokens = p.tokens().await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let meer = p.stuur("/oidc/token", &[("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", "openid trajecten:schrijven")], None).await;
    assert_eq!(meer.body["error"], "invalid_scope");
    let minder = p.stuur("/oidc/token", &[("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", "openid")], None).await;
    assert_eq!((minder.body["scope"].as_str(), minder.status), (Some("openid"), 200), "{}", minder.text);
    let stil = p.tokens().await;
    p.dienst.wait(6 * 3_600);
    assert_eq!(p.ververs(stil["refresh_token"].as_str().unwrap()).await.body["error"], "invalid_grant", "zes uur stil");
    let geblokkeerd = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let tokens = geblokkeerd.tokens().await;
    crate::seed::zet(&geblokkeerd.dienst, &geblokkeerd.persoon, PersoonStatus::Geblokkeerd).await;
    assert_eq!(geblokkeerd.ververs(tokens["refresh_token"].as_str().unwrap()).await.body["error"], "invalid_grant");
    let beeindigd = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let (tokens, code) = (beeindigd.tokens().await, beeindigd.code().await);
    beeindigd.beeindig_sessie();
    assert_eq!(beeindigd.ververs(tokens["refresh_token"].as_str().unwrap()).await.body["error"], "invalid_grant");
    assert_eq!(beeindigd.wissel_in(&code, None).await.body["error"], "invalid_grant");
    assert_eq!(beeindigd.met_token("/v1/geheim", tokens["access_token"].as_str().unwrap()).await.body["code"], "token-ongeldig");
}

#[actix_web::test]
async fn zonder_offline_access_is_er_geen_verversingstoken() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let code = p.aanmelden(p.velden(&[("scope", "openid")])).await.unwrap();
    let tokens = p.wissel_in(&code, None).await.body;
    assert_eq!((tokens.get("refresh_token"), tokens["scope"].as_str()), (None, Some("openid")));
    assert_eq!(claims(tokens["access_token"].as_str().unwrap()).get("amr"), None, "zonder scope van onze API geen amr");
}

#[actix_web::test]
async fn een_geblokkeerd_of_ingetrokken_portaal_stopt_met_al_zijn_tokens() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let tokens = p.tokens().await;
    let (oud, nieuw) = (p.toepassing.versie, p.toepassing.met_status(domain::toepassingen::ToepassingStatus::Geblokkeerd, p.dienst.now()).unwrap());
    let written: Result<(), store::StoreError> = p
        .dienst
        .app
        .store
        .write(store::Actor::default(), p.dienst.now(), None, move |tx| {
            store::toepassingen::update(tx, &nieuw, oud)?;
            tx.record(store::Change { handeling: "proef", onderwerp_soort: "proef", onderwerp_id: "x".to_owned(), ..store::Change::default() })
        })
        .await;
    written.unwrap();
    p.dienst.wait(6);
    assert_eq!(p.met_token("/v1/geheim", tokens["access_token"].as_str().unwrap()).await.status, 401);
    assert_eq!(p.ververs(tokens["refresh_token"].as_str().unwrap()).await.body["error"], "invalid_client");
    assert_eq!(p.aanmelden(p.velden(&[])).await, Err("unauthorized_client".to_owned()));
}

#[actix_web::test]
async fn een_sub_per_sector_werkt_overal_hetzelfde() {
    let p = Portaal::nieuw(Profiel::NlGov, |n| n.sub_soort = Some(SubSoort::Pairwise)).await;
    let tokens = p.tokens().await;
    let (id, access) = (claims(tokens["id_token"].as_str().unwrap()), claims(tokens["access_token"].as_str().unwrap()));
    assert_eq!(id["sub"], access["sub"]);
    assert_ne!(id["sub"], p.persoon.id.to_string());
    assert!(!tokens.to_string().contains(&p.persoon.id.to_string()));
    assert_eq!(p.met_token("/v1/geheim", tokens["access_token"].as_str().unwrap()).await.status, 200, "onze API weet toch wie het is");
    assert_eq!(p.met_token("/oidc/userinfo", tokens["access_token"].as_str().unwrap()).await.body["sub"], id["sub"]);
}

#[actix_web::test]
async fn een_aanmelding_van_een_ander_of_te_zwak_geeft_geen_code() {
    let mut p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    assert_eq!(p.aanmelden(p.velden(&[("acr_values", "http://eidas.europa.eu/LoA/high")])).await, Err("unmet_authentication_requirements".to_owned()));
    let hint = p.tokens().await["id_token"].as_str().unwrap().to_owned();
    p.dienst.wait(3_600);
    assert!(p.aanmelden(p.velden(&[("id_token_hint", &hint), ("prompt", "none")])).await.is_ok(), "verlopen mag");
    let ander = crate::seed::persoon(&p.dienst, p.persoon.organisatie_id, PersoonStatus::Actief).await;
    p.sessie = sessie(&p.dienst, &ander);
    assert_eq!(p.aanmelden(p.velden(&[("id_token_hint", &hint)])).await, Err("login_required".to_owned()));
    let vals = p.key.sign("JWT", &claims(&hint)).unwrap();
    assert_eq!(p.aanmelden(p.velden(&[("id_token_hint", &vals)])).await, Err("invalid_request".to_owned()));
}
