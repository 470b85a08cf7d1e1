//! Hoe wij ons bij de IdP bekendmaken, en wat er met zijn antwoord gebeurt.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Id;
use domain::diagnose::DiagnoseCode as C;
use federation::idp::{ClientAuthenticatie, ClientGeheim, ClientSleutel};
use provider::SigningKey;
use serde_json::{Value, json};

use super::idp::{CLIENT, GEHEIM, Proef, TERUG, VERIFIER, Zegt, code, fout, json_van, nu};

#[tokio::test]
async fn de_code_gaat_met_pkce_en_precies_ons_adres_naar_het_tokenadres() {
    let p = Proef::start();
    p.meld_aan(&p.claims()).await.unwrap();
    let vraag = p.idp.laatste("/token");
    for (naam, waarde) in [("grant_type", "authorization_code"), ("code", "c-1"), ("redirect_uri", TERUG), ("code_verifier", VERIFIER)] {
        assert_eq!(vraag.veld(naam).as_deref(), Some(waarde));
    }
}

#[tokio::test]
async fn basic_codeert_id_en_geheim_eerst_als_formulierwaarde() {
    let p = Proef::start();
    p.meld_aan(&p.claims()).await.unwrap();
    let vraag = p.idp.laatste("/token");
    let kop = vraag.kop("authorization").unwrap().strip_prefix("Basic ").unwrap();
    let tekst = String::from_utf8(STANDARD.decode(kop).unwrap()).unwrap();
    assert_eq!(tekst, format!("{CLIENT}:zeer+geheim%3A+%26+%3D+%25"));
    assert!(vraag.veld("client_secret").is_none(), "één wijze per verzoek");
}

#[tokio::test]
async fn post_zet_het_geheim_in_het_formulier() {
    let mut p = Proef::start();
    p.config.client = ClientAuthenticatie::Post(vec![super::idp::geheim(GEHEIM)]);
    p.meld_aan(&p.claims()).await.unwrap();
    let vraag = p.idp.laatste("/token");
    assert_eq!((vraag.veld("client_id").as_deref(), vraag.veld("client_secret").as_deref()), (Some(CLIENT), Some(GEHEIM)));
    assert!(vraag.kop("authorization").is_none());
}

#[tokio::test]
async fn private_key_jwt_tekent_een_korte_bewering_voor_precies_dit_adres() {
    let mut p = Proef::start();
    let sleutel = SigningKey::generate().unwrap();
    p.config.client = ClientAuthenticatie::PrivateKeyJwt(vec![ClientSleutel::new(Id::from_u128(9), sleutel.kid().to_owned(), sleutel.pkcs8())]);
    let wie = p.meld_aan(&p.claims()).await.unwrap();
    assert_eq!(wie.geheim_id(), Some(Id::from_u128(9)));
    let vraag = p.idp.laatste("/token");
    assert_eq!(vraag.veld("client_assertion_type").as_deref(), Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    let bewering = vraag.veld("client_assertion").unwrap();
    let adres = format!("{}/token", p.idp.adres);
    let jwks = json!({ "keys": [sleutel.public_jwk()] });
    // De strenge keuring van onze eigen uitgever is de tegenpartij.
    let bewezen = provider::verify_assertion(&bewering, CLIENT, &jwks, &[&adres], nu()).unwrap();
    p.meld_aan(&p.claims()).await.unwrap();
    let volgende = provider::verify_assertion(&p.idp.laatste("/token").veld("client_assertion").unwrap(), CLIENT, &jwks, &[&adres], nu()).unwrap();
    assert_ne!(bewezen.jti(), volgende.jti(), "iedere bewering is nieuw");
}

#[tokio::test]
async fn tijdens_een_wissel_telt_het_oude_geheim_nog() {
    let mut p = Proef::start();
    let (nieuw, oud) = (Id::from_u128(20), Id::from_u128(10));
    p.config.client =
        ClientAuthenticatie::Basic(vec![ClientGeheim::new(nieuw, "nieuw-geheim".to_owned().into()), ClientGeheim::new(oud, "oud-geheim".to_owned().into())]);
    p.geeft(&p.sleutel.sign("JWT", &p.claims()).unwrap());
    p.idp.met(|s| s.token.insert(0, fout(401, "invalid_client")));
    assert_eq!(p.terug().await.unwrap().geheim_id(), Some(oud));
    assert_eq!(p.idp.aantal("/token"), 2);
    p.idp.met(|s| s.token = vec![fout(401, "invalid_client")]);
    assert_eq!(code(p.terug().await), C::ClientGeweigerd);
    p.config.client = ClientAuthenticatie::Basic(vec![]);
    assert_eq!(code(p.terug().await), C::GeheimOntbreekt);
}

#[tokio::test]
async fn iedere_weigering_van_het_tokenadres_krijgt_haar_code() {
    let p = Proef::start();
    let id_token = p.sleutel.sign("JWT", &p.claims()).unwrap();
    let html = Zegt { status: 200, soort: "text/html".into(), inhoud: "<html>".into(), ..Zegt::default() };
    for (zegt, verwacht) in [
        (fout(400, "invalid_grant"), C::CodeGeweigerd),
        (fout(400, "unauthorized_client"), C::ClientGeweigerd),
        (fout(400, "invalid_client"), C::ClientGeweigerd),
        (fout(400, "invalid_scope"), C::IdpFoutmelding),
        (fout(503, "bezet"), C::IdpOnbereikbaar),
        (Zegt { status: 302, ..html.clone() }, C::TokenantwoordOnjuist),
        (html, C::TokenantwoordOnjuist),
        (json_van(&json!({ "token_type": "Bearer", "id_token": id_token })), C::TokenantwoordOnjuist),
        (json_van(&json!({ "access_token": "a", "id_token": id_token })), C::TokenantwoordOnjuist),
        (json_van(&json!({ "access_token": "a", "token_type": "mac", "id_token": id_token })), C::TokenantwoordOnjuist),
    ] {
        p.idp.met(|s| s.token = vec![zegt.clone()]);
        assert_eq!(code(p.terug().await), verwacht, "{zegt:?}");
    }
}

#[tokio::test]
async fn een_diagnose_bevat_nooit_een_geheim_of_een_token() {
    let p = Proef::start();
    p.idp.met(|s| s.token = vec![fout(401, "invalid_client")]);
    let tekst = serde_json::to_string(&p.terug().await.unwrap_err()).unwrap();
    let token = p.sleutel.sign("JWT", &p.claims_met(json!({ "nonce": "anders" }))).unwrap();
    p.geeft(&token);
    let tweede = serde_json::to_string(&p.terug().await.unwrap_err()).unwrap();
    for geheim in [GEHEIM, VERIFIER, "toegang-1", token.as_str(), super::idp::NONCE] {
        assert!(!tekst.contains(geheim) && !tweede.contains(geheim), "{geheim}");
    }
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
    assert_eq!(claims["nonce"], "anders");
    assert!(!format!("{:?} {:?}", p.config, p.config.client).contains("zeer geheim"));
}
