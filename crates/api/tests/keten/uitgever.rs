//! De uitgever: tokens voor toepassingen, sleutels en wat hij over zichzelf zegt.

use crate::common::{Dienst, Seen, app, call, request};
use domain::toepassingen::{Scope, Toepassing};
use provider::SigningKey;
use serde_json::{Value, json};

const ISSUER: &str = "https://aansluitloket.example";

fn assertion(key: &SigningKey, client: &str, jti: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut claims =
        json!({ "iss": client, "sub": client, "aud": ISSUER, "exp": crate::common::at(60).timestamp(), "iat": crate::common::at(0).timestamp(), "jti": jti });
    change(&mut claims);
    key.sign("JWT", &claims).unwrap()
}

async fn ask(dienst: &Dienst, assertion: &str, scope: &str) -> Seen {
    let form = [("grant_type", "client_credentials"), ("client_assertion_type", provider::ASSERTION_TYPE), ("client_assertion", assertion), ("scope", scope)];
    call(dienst, request("POST", "/oidc/token").set_form(form)).await
}

async fn client(dienst: &Dienst) -> (SigningKey, Toepassing) {
    let key = SigningKey::generate().unwrap();
    let organisatie = crate::seed::organisatie(dienst).await;
    let toepassing = crate::seed::toepassing(dienst, organisatie.id, &key, &[Scope::TrajectenLezen]).await;
    (key, toepassing)
}

#[actix_web::test]
async fn een_toepassing_krijgt_met_haar_sleutel_een_token_en_de_bewering_telt_een_keer() {
    let dienst = app(|_| {});
    let (key, toepassing) = client(&dienst).await;
    let proof = assertion(&key, &toepassing.id.to_string(), "een", |_| {});
    let seen = ask(&dienst, &proof, "").await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    assert_eq!((seen.body["token_type"].as_str(), seen.body["scope"].as_str()), (Some("Bearer"), Some("trajecten:lezen")));
    assert_eq!(seen.header("cache-control"), "no-store");
    let token = seen.body["access_token"].as_str().unwrap().to_owned();
    let used = call(&dienst, request("GET", "/v1/geheim").insert_header(("authorization", format!("Bearer {token}")))).await;
    assert_eq!((used.status, used.body["naam"].as_str()), (200, Some("Waterschap Voorbeeldland")), "{}", used.text);
    let again = ask(&dienst, &proof, "").await;
    assert_eq!((again.status, again.body["error"].as_str()), (401, Some("invalid_client")));
}

#[actix_web::test]
async fn een_verkeerde_bewering_of_scope_wordt_geweigerd_zoals_oauth_het_zegt() {
    let dienst = app(|_| {});
    let (key, toepassing) = client(&dienst).await;
    let id = toepassing.id.to_string();
    let other = SigningKey::generate().unwrap();
    let cases = [
        ("vreemde sleutel", assertion(&other, &id, "a", |_| {}), "", "invalid_client"),
        ("verlopen", assertion(&key, &id, "b", |claims| claims["exp"] = json!(crate::common::at(-90).timestamp())), "", "invalid_client"),
        ("te lang geldig", assertion(&key, &id, "c", |claims| claims["exp"] = json!(crate::common::at(3_661).timestamp())), "", "invalid_client"),
        ("aud als lijst", assertion(&key, &id, "d", |claims| claims["aud"] = json!([ISSUER, "https://elders.example"])), "", "invalid_client"),
        ("vreemde aud", assertion(&key, &id, "e", |claims| claims["aud"] = json!("https://elders.example")), "", "invalid_client"),
        ("andere sub", assertion(&key, &id, "f", |claims| claims["iss"] = json!("iemand")), "", "invalid_client"),
        ("onbekende client", assertion(&key, "0190a000-0000-7000-8000-000000000001", "g", |_| {}), "", "invalid_client"),
        ("geen jwt", "x.y.z".to_owned(), "", "invalid_client"),
        ("te veel gevraagd", assertion(&key, &id, "h", |_| {}), "trajecten:schrijven", "invalid_scope"),
    ];
    for (what, proof, scope, error) in cases {
        let seen = ask(&dienst, &proof, scope).await;
        assert_eq!(seen.body["error"], error, "{what}: {}", seen.text);
        assert_eq!(seen.status, if error == "invalid_client" { 401 } else { 400 }, "{what}");
        assert!(seen.body["error_description"].is_string());
    }
    let seen = call(&dienst, request("POST", "/oidc/token").set_form([("grant_type", "password")])).await;
    assert_eq!((seen.status, seen.body["error"].as_str()), (400, Some("unsupported_grant_type")));
    let seen = call(&dienst, request("POST", "/oidc/token").set_json(json!({"grant_type": "client_credentials"}))).await;
    assert_eq!((seen.status, seen.body["error"].as_str()), (400, Some("invalid_request")));
    let twice = "grant_type=client_credentials&grant_type=client_credentials";
    let seen = call(&dienst, request("POST", "/oidc/token").insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(twice)).await;
    assert_eq!((seen.status, seen.body["error"].as_str()), (400, Some("invalid_request")));
    assert_eq!(call(&dienst, request("GET", "/oidc/token")).await.header("allow"), "POST");
}

#[actix_web::test]
async fn discovery_zegt_wat_werkt_en_mag_zo_lang_bewaard_als_een_sleutel_vooraf_zichtbaar_is() {
    let dienst = app(|_| {});
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let seen = call(&dienst, request("GET", path)).await;
        assert_eq!((seen.status, seen.header("cache-control")), (200, "public, max-age=300"), "{path}");
        assert_eq!(seen.body["issuer"], ISSUER);
        assert_eq!(seen.body["token_endpoint"], "https://aansluitloket.example/oidc/token");
    }
    assert_eq!(call(&dienst, request("GET", "/oidc/jwks")).await.header("cache-control"), "public, max-age=300");
}

#[actix_web::test]
async fn een_nieuwe_sleutel_is_zichtbaar_voordat_hij_tekent_en_de_oude_blijft_tot_het_laatste_token_verlopen_is() {
    let dienst = app(|_| {});
    let kids = async || -> Vec<String> {
        let seen = call(&dienst, request("GET", "/oidc/jwks")).await;
        seen.body["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    };
    assert!(api::workers::rotate_keys(&dienst.app).await.unwrap());
    assert!(!api::workers::rotate_keys(&dienst.app).await.unwrap(), "niet zonder noodzaak");
    let first = kids().await;
    assert_eq!(first.len(), 1);
    dienst.wait(24 * 3600 - 600 + 1);
    assert!(api::workers::rotate_keys(&dienst.app).await.unwrap());
    let both = kids().await;
    assert_eq!((both.len(), both.first()), (2, first.first()));
    let signing = dienst.app.keys.signing(&dienst.app.store, &dienst.app.rng, dienst.now()).await.unwrap();
    assert_eq!(signing.kid(), first[0], "de nieuwe tekent nog niet");
    dienst.wait(600);
    let signing = dienst.app.keys.signing(&dienst.app.store, &dienst.app.rng, dienst.now()).await.unwrap();
    assert_eq!(signing.kid(), both[1]);
    assert_eq!(kids().await.len(), 2, "tokens van de oude gelden nog");
    dienst.wait(700);
    assert_eq!(kids().await, both[1..]);
}

#[actix_web::test]
async fn security_txt_zegt_waar_men_een_kwetsbaarheid_meldt() {
    let dienst = app(|settings| settings.security_expires = chrono::NaiveDate::from_ymd_opt(2027, 6, 1).unwrap());
    let seen = call(&dienst, request("GET", "/.well-known/security.txt")).await;
    assert_eq!(seen.header("content-type"), "text/plain; charset=utf-8");
    assert!(seen.text.contains("Contact: mailto:") && seen.text.contains("Expires: 2027-06-01T00:00:00Z"));
    assert!(seen.text.contains("Canonical: https://aansluitloket.example/.well-known/security.txt"));
}

#[actix_web::test]
async fn de_documentatie_komt_helemaal_van_deze_dienst() {
    let dienst = app(|_| {});
    let page = call(&dienst, request("GET", "/v1/docs")).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.header("content-security-policy").contains("unsafe"));
    let mut links = 0;
    for part in page.text.split(['"']).filter(|part| part.starts_with('/') || part.contains("://")) {
        assert!(part.starts_with("/v1/"), "{part}");
        let seen = call(&dienst, request("GET", part)).await;
        assert_eq!(seen.status, 200, "{part}");
        assert!(!seen.text.is_empty());
        links += 1;
    }
    assert!(links >= 5);
    let codes = call(&dienst, request("GET", "/v1/docs/problemen")).await;
    assert!(codes.text.contains("id=\"niet-gevonden\""));
}

fn toegang() -> Value {
    serde_json::from_str(include_str!("../../../../openapi/toegang.json")).unwrap()
}

#[actix_web::test]
async fn het_document_over_toegang_noemt_elk_adres_en_elke_waarde_uit_discovery() {
    let document = toegang();
    let discovery = call(&app(|_| {}), request("GET", "/.well-known/openid-configuration")).await.body;
    let issuer = discovery["issuer"].as_str().unwrap();
    for (name, address) in discovery.as_object().unwrap().iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri") {
        let path = address.as_str().unwrap().strip_prefix(issuer).unwrap();
        assert!(document["paths"][path].is_object(), "{name}: {path}");
    }
    let parameters = document["paths"]["/oidc/authorize"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
    for supported in ["claims", "request", "request_uri", "prompt", "display", "acr_values", "ui_locales", "code_challenge", "dpop_jkt", "id_token_hint"] {
        assert!(names.contains(&supported), "{supported}");
    }
    let values = |name: &str| parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["schema"]["enum"].clone();
    for (name, key) in [
        ("response_type", "response_types_supported"),
        ("response_mode", "response_modes_supported"),
        ("code_challenge_method", "code_challenge_methods_supported"),
        ("display", "display_values_supported"),
    ] {
        assert_eq!(values(name), discovery[key], "{name}");
    }
    let form = &document["paths"]["/oidc/token"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"];
    assert_eq!(form["grant_type"]["enum"], discovery["grant_types_supported"]);
}

#[actix_web::test]
async fn het_document_over_toegang_noemt_elk_adres_dat_een_ander_dan_onze_eigen_bladzijden_gebruikt() {
    let document = toegang();
    for path in ["/oidc/callback/{idp}", "/oidc/idp/{id}/jwks", "/oidc/afgemeld", "/oidc/aanmelden/keuze-wissen"] {
        assert!(document["paths"][path]["get"].is_object(), "{path}");
    }
}

#[actix_web::test]
async fn alleen_wat_openbaar_is_mag_een_script_van_een_ander_domein_lezen() {
    let dienst = app(|_| {});
    let from = |method: &str, path: &str| request(method, path).insert_header(("origin", "https://portaal.example"));
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oidc/jwks"] {
        assert_eq!(call(&dienst, from("GET", path)).await.header("access-control-allow-origin"), "*", "{path}");
    }
    for (method, path) in [("GET", "/oidc/authorize"), ("POST", "/oidc/token"), ("OPTIONS", "/oidc/token"), ("GET", "/oidc/userinfo"), ("POST", "/oidc/par")] {
        assert_eq!(call(&dienst, from(method, path)).await.header("access-control-allow-origin"), "", "{method} {path}");
    }
}

#[actix_web::test]
async fn elk_adres_in_het_document_over_toegang_bestaat() {
    let document = toegang();
    let dienst = app(|_| {});
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let path = path.replace("{idp}", "0190a000-0000-7000-8000-000000000001");
            if path.contains('{') {
                // Sleutels van een registratie die hier niet bestaat.
                continue;
            }
            let seen = call(&dienst, request(&method.to_uppercase(), &path)).await;
            assert!(![404, 405].contains(&seen.status), "{method} {path}: {}", seen.status);
        }
    }
}

#[actix_web::test]
async fn wat_openbaar_is_antwoordt_ook_op_head() {
    let dienst = app(|_| {});
    for path in ["/.well-known/openid-configuration", "/oidc/jwks", "/.well-known/security.txt"] {
        assert_eq!(call(&dienst, request("HEAD", path)).await.status, 200, "{path}");
        assert_eq!(call(&dienst, request("POST", path)).await.status, 405, "{path}");
    }
}
