//! Klaargelegde verzoeken (PAR), gebonden tokens (DPoP), userinfo, introspectie en intrekken.

use domain::toepassingen::{Algoritme, Profiel};
use provider::{SigningKey, access_token_hash};
use serde_json::{Value, json};

use crate::common::{Seen, call, request};
use crate::portaal::{ISSUER, Portaal, claims, kop};

/// Een DPoP-bewijs voor dit adres.
fn bewijs(p: &Portaal, key: &SigningKey, methode: &str, pad: &str, token: Option<&str>) -> String {
    let mut jwk = key.public_jwk().clone();
    jwk.as_object_mut().unwrap().retain(|naam, _| !["kid", "use", "alg"].contains(&naam.as_str()));
    let mut claims = json!({ "jti": p.nummer(), "htm": methode, "htu": format!("{ISSUER}{pad}"), "iat": p.dienst.now().timestamp() });
    if let Some(token) = token {
        claims["ath"] = json!(access_token_hash(token));
    }
    key.sign_with_header(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }), &claims).unwrap()
}

async fn leg_klaar(p: &Portaal, anders: &[(&str, &str)], dpop: Option<&str>) -> Seen {
    let velden = p.velden(anders);
    let velden: Vec<(&str, &str)> = velden.iter().map(|(naam, waarde)| (naam.as_str(), waarde.as_str())).collect();
    p.stuur("/oidc/par", &velden, dpop).await
}

fn met_uri(p: &Portaal, uri: &str) -> Vec<(String, String)> {
    vec![("client_id".to_owned(), p.toepassing.id.to_string()), ("request_uri".to_owned(), uri.to_owned())]
}

async fn uri(p: &Portaal) -> String {
    let seen = leg_klaar(p, &[], None).await;
    assert_eq!((seen.status, seen.body["expires_in"].as_i64()), (201, Some(90)), "{}", seen.text);
    seen.body["request_uri"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn een_klaargelegd_verzoek_geldt_een_keer_kort_en_alleen_voor_wie_het_klaarlegde() {
    let p = Portaal::nieuw(Profiel::Fapi2, |_| {}).await;
    assert_eq!(p.aanmelden(p.velden(&[])).await, Err("invalid_request".to_owned()), "niet buiten PAR om");
    let eerste = uri(&p).await;
    let los = [met_uri(&p, &eerste), vec![("state".to_owned(), "anders".to_owned()), ("redirect_uri".to_owned(), "https://boos.example/".to_owned())]].concat();
    for velden in [los.clone(), met_uri(&p, &eerste)] {
        let (_, verzoek) = api::oidc::lees(&p.dienst.app, velden, p.dienst.now()).await.unwrap();
        assert_eq!(
            (verzoek.terugweg.state.as_deref(), verzoek.klaargelegd.is_some()),
            (Some("staat"), true),
            "twee keer openen mag, losse parameters tellen niet"
        );
    }
    assert!(p.aanmelden(met_uri(&p, &eerste)).await.is_ok());
    assert_eq!(p.aanmelden(met_uri(&p, &eerste)).await, Err("invalid_request_uri".to_owned()), "na gebruik");
    let tweede = uri(&p).await;
    p.dienst.wait(90);
    assert_eq!(p.aanmelden(met_uri(&p, &tweede)).await, Err("invalid_request_uri".to_owned()), "verlopen");
    let derde = uri(&p).await;
    let mut ander = domain::toepassingen::NieuweToepassing::portaal("Ander", p.toepassing.organisatie_id, crate::portaal::TERUG);
    ander.jwks = Some(json!({ "keys": [p.key.public_jwk()] }));
    let ander = crate::seed::client(&p.dienst, ander).await;
    let gestolen = vec![("client_id".to_owned(), ander.id.to_string()), ("request_uri".to_owned(), derde)];
    assert_eq!(p.aanmelden(gestolen).await, Err("invalid_request_uri".to_owned()), "van een ander");
    assert_eq!(p.aanmelden(met_uri(&p, "https://portaal.example/verzoek")).await, Err("request_uri_not_supported".to_owned()));
}

#[actix_web::test]
async fn het_klaarleggen_weigert_wat_de_aanmelding_ook_zou_weigeren() {
    let p = Portaal::nieuw(Profiel::Fapi2, |_| {}).await;
    for (anders, code) in [
        (("redirect_uri", "https://boos.example/"), "invalid_request"),
        (("redirect_uri", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("response_type", "code id_token"), "unsupported_response_type"),
        (("response_type", "token"), "unsupported_response_type"),
        (("request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"),
        (("scope", "openid trajecten:schrijven"), "invalid_scope"),
        (("client_id", "0190a000-0000-7000-8000-000000000001"), "invalid_client"),
    ] {
        let seen = leg_klaar(&p, &[anders], None).await;
        assert_eq!(seen.body["error"], code, "{anders:?}: {}", seen.text);
    }
    assert_eq!(call(&p.dienst, request("GET", "/oidc/par")).await.header("allow"), "POST");
    let lang = "s".repeat(384);
    assert_eq!(leg_klaar(&p, &[("state", &lang), ("nonce", "")], None).await.status, 201);
}

#[actix_web::test]
async fn een_code_en_token_zijn_aan_de_sleutel_van_het_bewijs_gebonden() {
    let p = Portaal::nieuw(Profiel::Fapi2, |_| {}).await;
    let (key, ander) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let klaar = async || {
        let seen = leg_klaar(&p, &[], Some(&bewijs(&p, &key, "POST", "/oidc/par", None))).await;
        p.aanmelden(met_uri(&p, seen.body["request_uri"].as_str().unwrap())).await.unwrap()
    };
    let mis = leg_klaar(&p, &[("dpop_jkt", ander.kid())], Some(&bewijs(&p, &key, "POST", "/oidc/par", None))).await;
    assert_eq!(mis.body["error"], "invalid_dpop_proof");
    assert_eq!(p.wissel_in(&klaar().await, Some(&bewijs(&p, &ander, "POST", "/oidc/token", None))).await.body["error"], "invalid_grant", "andere sleutel");
    assert_eq!(p.wissel_in(&klaar().await, None).await.body["error"], "invalid_request", "zonder bewijs");
    assert_eq!(p.wissel_in(&klaar().await, Some(&bewijs(&p, &key, "POST", "/oidc/par", None))).await.body["error"], "invalid_dpop_proof", "ander adres");
    let code = klaar().await;
    let eenmalig = bewijs(&p, &key, "POST", "/oidc/token", None);
    let tokens = p.wissel_in(&code, Some(&eenmalig)).await;
    assert_eq!((tokens.status, tokens.body["token_type"].as_str()), (200, Some("DPoP")), "{}", tokens.text);
    assert_eq!(p.wissel_in(&klaar().await, Some(&eenmalig)).await.body["error"], "invalid_dpop_proof", "bewijs telt één keer");
    let token = tokens.body["access_token"].as_str().unwrap();
    assert_eq!(claims(token)["cnf"]["jkt"], key.kid());
    let refresh = tokens.body["refresh_token"].as_str().unwrap();
    let velden = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(p.stuur("/oidc/token", &velden, None).await.body["error"], "invalid_request", "verversen zonder bewijs");
    let ververst = p.stuur("/oidc/token", &velden, Some(&bewijs(&p, &key, "POST", "/oidc/token", None))).await;
    assert_eq!(ververst.body["refresh_token"], refresh, "fapi2 wisselt het verversingstoken niet: {}", ververst.text);
}

#[actix_web::test]
async fn een_gebonden_token_telt_bij_de_api_alleen_met_een_vers_bewijs_van_zijn_sleutel() {
    let p = Portaal::nieuw(Profiel::NlGov, |n| n.dpop_verplicht = Some(true)).await;
    let (key, ander) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let tokens = p.wissel_in(&p.code().await, Some(&bewijs(&p, &key, "POST", "/oidc/token", None))).await.body;
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    let pad = "/v1/geheim";
    let met = async |schema: &str, bewijzen: &[String]| {
        let mut verzoek = request("GET", pad).insert_header(("authorization", format!("{schema} {token}")));
        for bewijs in bewijzen {
            verzoek = verzoek.append_header(("dpop", bewijs.clone()));
        }
        call(&p.dienst, verzoek).await
    };
    let goed = || bewijs(&p, &key, "GET", pad, Some(&token));
    for schema in ["DPoP", "dpop", "DPOP"] {
        let seen = met(schema, &[goed()]).await;
        assert_eq!(seen.status, 200, "{schema}: {}", seen.text);
    }
    let gebruikt = goed();
    assert_eq!(met("DPoP", std::slice::from_ref(&gebruikt)).await.status, 200);
    for (wat, schema, bewijzen) in [
        ("herhaald", "DPoP", vec![gebruikt]),
        ("geen bewijs", "DPoP", vec![]),
        ("twee bewijzen", "DPoP", vec![goed(), goed()]),
        ("geen jwt", "DPoP", vec!["onzin".to_owned()]),
        ("als Bearer", "Bearer", vec![goed()]),
        ("als Bearer zonder bewijs", "Bearer", vec![]),
        ("andere sleutel", "DPoP", vec![bewijs(&p, &ander, "GET", pad, Some(&token))]),
        ("ander token", "DPoP", vec![bewijs(&p, &key, "GET", pad, Some("ander"))]),
        ("zonder ath", "DPoP", vec![bewijs(&p, &key, "GET", pad, None)]),
        ("andere methode", "DPoP", vec![bewijs(&p, &key, "POST", pad, Some(&token))]),
        ("ander adres", "DPoP", vec![bewijs(&p, &key, "GET", "/v1/ik", Some(&token))]),
    ] {
        let seen = met(schema, &bewijzen).await;
        assert_eq!((seen.status, seen.body["code"].as_str()), (401, Some("bewijs-ongeldig")), "{wat}");
        assert!(
            seen.header("www-authenticate").starts_with("DPoP ") && seen.header("www-authenticate").contains("algs=\"ES256 PS256 EdDSA Ed25519\""),
            "{wat}"
        );
    }
    let los = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let vrij = los.tokens().await["access_token"].as_str().unwrap().to_owned();
    let verzoek =
        request("GET", pad).insert_header(("authorization", format!("DPoP {vrij}"))).insert_header(("dpop", bewijs(&los, &key, "GET", pad, Some(&vrij))));
    assert_eq!(call(&los.dienst, verzoek).await.body["code"], "bewijs-ongeldig", "een token zonder binding is geen DPoP-token");
}

#[actix_web::test]
async fn userinfo_volgt_scope_claims_en_registratie() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let vraag = async |anders: &[(&str, &str)]| {
        let tokens = p.wissel_in(&p.aanmelden(p.velden(anders)).await.unwrap(), None).await.body;
        p.met_token("/oidc/userinfo", tokens["access_token"].as_str().unwrap()).await
    };
    let kaal = vraag(&[("scope", "openid")]).await;
    assert_eq!(kaal.body, json!({ "sub": p.persoon.id, "organisatie": p.persoon.organisatie_id }));
    let profiel = vraag(&[("scope", "openid profile email")]).await.body;
    assert_eq!((&profiel["name"], &profiel["email"], &profiel["email_verified"]), (&json!("Lotte Voorbeeld"), &json!(p.persoon.email), &json!(true)));
    assert!(profiel["updated_at"].is_number());
    let gevraagd = json!({ "userinfo": { "name": { "essential": true }, "onbekend": null }, "id_token": { "email": null } }).to_string();
    let met_claims = vraag(&[("scope", "openid"), ("claims", &gevraagd)]).await.body;
    assert_eq!((&met_claims["name"], met_claims.get("email")), (&json!("Lotte Voorbeeld"), None));
    let zonder_openid = vraag(&[("scope", "trajecten:lezen")]).await;
    assert_eq!((zonder_openid.status, zonder_openid.body["code"].as_str()), (403, Some("scope-ontbreekt")));
    let token = p.tokens().await["access_token"].as_str().unwrap().to_owned();
    let kop = call(&p.dienst, request("HEAD", "/oidc/userinfo").insert_header(("authorization", format!("Bearer {token}")))).await;
    assert_eq!((kop.status, kop.header("content-type")), (200, "application/json"), "HEAD hoort bij GET (RFC 9110, 9.3.2)");
    let post = call(&p.dienst, request("POST", "/oidc/userinfo").insert_header(("authorization", format!("Bearer {token}")))).await;
    let in_formulier = call(&p.dienst, request("POST", "/oidc/userinfo").set_form([("access_token", token.as_str())])).await;
    assert_eq!((post.body["sub"].clone(), in_formulier.body["sub"].clone()), (json!(p.persoon.id), json!(p.persoon.id)));
    let dubbel = request("POST", "/oidc/userinfo").insert_header(("authorization", format!("Bearer {token}"))).set_form([("access_token", token.as_str())]);
    let dubbel = call(&p.dienst, dubbel).await;
    assert_eq!((dubbel.status, dubbel.header("www-authenticate")), (400, "Bearer error=\"invalid_request\""), "op twee plaatsen (RFC 6750, 3.1)");
    let in_query = call(&p.dienst, request("GET", &format!("/oidc/userinfo?access_token={token}"))).await;
    assert_eq!((in_query.status, in_query.body["code"].as_str()), (401, Some("token-ontbreekt")));
}

#[actix_web::test]
async fn userinfo_kan_getekend_zijn() {
    let p = Portaal::nieuw(Profiel::NlGov, |n| n.userinfo_algoritme = Some(Algoritme::Es256)).await;
    let seen = p.met_token("/oidc/userinfo", p.tokens().await["access_token"].as_str().unwrap()).await;
    assert_eq!(seen.header("content-type"), "application/jwt");
    let (inhoud, client) = (claims(&seen.text), p.toepassing.id.to_string());
    assert_eq!(
        (kop(&seen.text)["alg"].as_str(), &inhoud["iss"], &inhoud["aud"], &inhoud["sub"]),
        (Some("ES256"), &json!(ISSUER), &json!(client), &json!(p.persoon.id))
    );
}

async fn stand(p: &Portaal, token: &str) -> Value {
    let seen = p.stuur("/oidc/introspect", &[("token", token)], None).await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    seen.body
}

#[actix_web::test]
async fn introspectie_zegt_de_eigen_client_wat_geldt_en_een_ander_niets() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let tokens = p.tokens().await;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let gezien = stand(&p, access).await;
    assert_eq!((&gezien["active"], &gezien["client_id"], &gezien["token_type"]), (&json!(true), &json!(p.toepassing.id), &json!("Bearer")));
    assert_eq!((&gezien["upstream_acr"], &gezien["upstream_amr"]), (&json!("urn:voorbeeld:mfa"), &json!(["mfa"])));
    assert!(["scope", "exp", "iat", "sub", "aud", "iss", "jti", "acr", "auth_time", "sid"].iter().all(|veld| gezien.get(*veld).is_some()), "{gezien}");
    assert_eq!(stand(&p, refresh).await["active"], true);
    for onbekend in ["onzin", "a.b.c", tokens["id_token"].as_str().unwrap()] {
        assert_eq!(stand(&p, onbekend).await, json!({ "active": false }), "{onbekend}");
    }
    let ander = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    assert_eq!(stand(&ander, access).await, json!({ "active": false }));
    p.beeindig_sessie();
    assert_eq!((stand(&p, access).await, stand(&p, refresh).await), (json!({ "active": false }), json!({ "active": false })));
    assert_eq!(p.kaal("/oidc/introspect", &[("token", access)], None).await.status, 401, "zonder aanmelding");
}

#[actix_web::test]
async fn intrekken_werkt_meteen_en_alleen_door_de_eigen_client() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let eerste = p.tokens().await;
    let access = eerste["access_token"].as_str().unwrap();
    assert_eq!(p.met_token("/v1/geheim", access).await.status, 200);
    let seen = p.stuur("/oidc/revoke", &[("token", access)], None).await;
    assert_eq!((seen.status, seen.text.as_str()), (200, "{}"), "ook wie het lichaam leest, leest JSON");
    assert_eq!(p.met_token("/v1/geheim", access).await.body["code"], "token-ongeldig");
    assert_eq!(p.stuur("/oidc/revoke", &[("token", access)], None).await.status, 200, "nog eens is geen fout");
    assert_eq!(p.ververs(eerste["refresh_token"].as_str().unwrap()).await.status, 200, "het verversingstoken leeft nog");
    let tweede = p.tokens().await;
    assert_eq!(p.stuur("/oidc/revoke", &[("token", tweede["refresh_token"].as_str().unwrap()), ("token_type_hint", "access_token")], None).await.status, 200);
    assert_eq!(p.met_token("/v1/geheim", tweede["access_token"].as_str().unwrap()).await.status, 401, "met alles wat eruit kwam");
    assert_eq!(p.ververs(tweede["refresh_token"].as_str().unwrap()).await.body["error"], "invalid_grant");
    assert_eq!(p.stuur("/oidc/revoke", &[("token", "onbekend")], None).await.status, 200, "RFC 7009, 2.2");
    let (derde, bij) = (p.tokens().await, p.toepassing.organisatie_id);
    let mut nieuw = domain::toepassingen::NieuweToepassing::portaal("Ander", bij, crate::portaal::TERUG);
    nieuw.jwks = Some(json!({ "keys": [p.key.public_jwk()] }));
    let ander = crate::seed::client(&p.dienst, nieuw).await.id.to_string();
    let bewering = p.bewering(|c| (c["iss"], c["sub"]) = (json!(ander), json!(ander)));
    let velden = [("token", derde["access_token"].as_str().unwrap()), ("client_assertion_type", provider::ASSERTION_TYPE), ("client_assertion", &bewering)];
    assert_eq!(p.kaal("/oidc/revoke", &velden, None).await.body["error"], "invalid_grant");
    assert_eq!(p.met_token("/v1/geheim", derde["access_token"].as_str().unwrap()).await.status, 200);
}
