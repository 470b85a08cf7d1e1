//! Uitgevers buiten deze dienst: eigen sleutels, eigen organisatie, en wie er voor het eerst komt.

use actix_web::{App, HttpResponse, HttpServer, web};
use api::toegang::{Issuers, Trusted};
use domain::personen::{Persoon, PersoonStatus};
use federation::{Egress, EgressRule, JwksCache, TrustedIssuer};
use provider::SigningKey;
use serde_json::{Value, json};

use crate::common::{Dienst, app_with, call, request};
use crate::seed;
use crate::toegang::get;

const HUB: &str = "https://hub.example";
const AUDIENCE: &str = "https://aansluitloket.example/v1";

/// Een hub die op dit adres zijn sleutels publiceert.
fn hub(key: &SigningKey) -> std::net::SocketAddr {
    let jwks = json!({ "keys": [key.public_jwk()] });
    let server = HttpServer::new(move || {
        let jwks = jwks.clone();
        App::new().route("/jwks", web::get().to(move || std::future::ready(HttpResponse::Ok().json(&jwks))))
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    address
}

fn dienst(key: &SigningKey, change: impl FnOnce(&mut Trusted)) -> Dienst {
    let address = hub(key);
    let egress = Egress::new(EgressRule { allow: vec!["127.0.0.1".to_owned()] }).unwrap();
    let mut trusted = Trusted { rule: TrustedIssuer::new(HUB, AUDIENCE), organisatie_id: None, link_by_email: false, scopes: None };
    change(&mut trusted);
    let keys = JwksCache::new(HUB, Some(format!("http://{address}/jwks")), egress);
    app_with(Issuers::default().with(trusted, keys), |_| {})
}

fn token(dienst: &Dienst, key: &SigningKey, sub: &str, change: impl FnOnce(&mut Value)) -> String {
    let now = dienst.now().timestamp();
    let mut claims = json!({
        "iss": HUB, "aud": AUDIENCE, "sub": sub, "client_id": "portaal", "iat": now, "exp": now + 300, "jti": "j",
        "scope": "trajecten:lezen", "acr": "https://refeds.org/profile/mfa", "auth_time": now,
    });
    change(&mut claims);
    key.sign("at+jwt", &claims).unwrap()
}

async fn uitgenodigd(dienst: &Dienst) -> Persoon {
    let organisatie = seed::organisatie(dienst).await;
    seed::persoon(dienst, organisatie.id, PersoonStatus::Uitgenodigd).await
}

#[actix_web::test]
async fn wie_niet_gekoppeld_is_komt_er_niet_in_ook_niet_met_een_bewezen_adres() {
    let key = SigningKey::generate().unwrap();
    let dienst = dienst(&key, |_| {});
    let persoon = uitgenodigd(&dienst).await;
    let token = token(&dienst, &key, "ext-1", |claims| {
        claims["email"] = json!(persoon.email);
        claims["email_verified"] = json!(true);
    });
    let seen = get(&dienst, &token).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (401, Some("geen-toegang")));
}

#[actix_web::test]
async fn een_bewezen_adres_koppelt_een_geregistreerde_persoon_voorgoed_als_dat_is_ingesteld() {
    let key = SigningKey::generate().unwrap();
    let dienst = dienst(&key, |trusted| trusted.link_by_email = true);
    let persoon = uitgenodigd(&dienst).await;
    let unproven = token(&dienst, &key, "ext-1", |claims| claims["email"] = json!(persoon.email));
    assert_eq!(get(&dienst, &unproven).await.status, 401, "adres niet bewezen");
    let stranger = token(&dienst, &key, "ext-2", |claims| {
        claims["email"] = json!("vreemd@voorbeeld.example");
        claims["email_verified"] = json!(true);
    });
    assert_eq!(get(&dienst, &stranger).await.status, 401, "niemand wordt aangemaakt");
    let first = token(&dienst, &key, "ext-1", |claims| {
        claims["email"] = json!(persoon.email);
        claims["email_verified"] = json!(true);
    });
    assert_eq!(get(&dienst, &first).await.status, 200);
    let later = token(&dienst, &key, "ext-1", |claims| claims["jti"] = json!("later"));
    assert_eq!(get(&dienst, &later).await.status, 200, "de koppeling blijft, zonder adres");
    let taken = token(&dienst, &key, "ext-9", |claims| {
        claims["email"] = json!(persoon.email);
        claims["email_verified"] = json!(true);
    });
    assert_eq!(get(&dienst, &taken).await.status, 401, "een tweede identiteit neemt de persoon niet over");
}

#[actix_web::test]
async fn een_uitgever_spreekt_alleen_voor_zijn_eigen_organisatie() {
    let key = SigningKey::generate().unwrap();
    let dienst = dienst(&key, |trusted| {
        trusted.link_by_email = true;
        trusted.organisatie_id = Some(domain::Id::from_u128(1));
    });
    let persoon = uitgenodigd(&dienst).await;
    let token = token(&dienst, &key, "ext-1", |claims| {
        claims["email"] = json!(persoon.email);
        claims["email_verified"] = json!(true);
    });
    assert_eq!(get(&dienst, &token).await.body["code"], "geen-toegang");
}

#[actix_web::test]
async fn een_token_van_buiten_zonder_mfa_of_met_een_andere_sleutel_telt_niet() {
    let key = SigningKey::generate().unwrap();
    let dienst = dienst(&key, |trusted| trusted.link_by_email = true);
    let weak = token(&dienst, &key, "ext-1", |claims| claims["acr"] = json!("1"));
    assert_eq!(get(&dienst, &weak).await.body["code"], "aanmelding-te-zwak");
    let forged = token(&dienst, &SigningKey::generate().unwrap(), "ext-1", |_| {});
    assert_eq!(get(&dienst, &forged).await.body["code"], "token-ongeldig");
    assert_eq!(call(&dienst, request("GET", "/v1/proeven")).await.status, 200);
}
