//! Hoe wij ons bij de IdP bekendmaken, en wat er met zijn antwoord gebeurt.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Id;
use domain::diagnose::DiagnoseCode as C;
use domain::identiteitsproviders::BeweringBestemming;
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
async fn een_bewering_is_voor_de_uitgever_als_de_registratie_dat_zegt_en_voor_niemand_anders() {
    let mut p = Proef::start();
    let sleutel = SigningKey::generate().unwrap();
    p.config.client = ClientAuthenticatie::PrivateKeyJwt(vec![ClientSleutel::new(Id::from_u128(9), sleutel.kid().to_owned(), sleutel.pkcs8())]);
    p.config.instellingen.bewering_bestemming = BeweringBestemming::Uitgever;
    p.zegt_van_zichzelf(json!({ "require_pushed_authorization_requests": true, "pushed_authorization_request_endpoint": format!("{}/par", p.idp.adres) }));
    p.hub.vertrek(&p.config, &Proef::vertrek(), nu()).await.unwrap();
    p.meld_aan(&p.claims()).await.unwrap();
    let jwks = json!({ "keys": [sleutel.public_jwk()] });
    for pad in ["/par", "/token"] {
        let bewering = p.idp.laatste(pad).veld("client_assertion").unwrap();
        assert!(provider::verify_assertion(&bewering, CLIENT, &jwks, &[&p.idp.adres], nu()).is_ok(), "{pad}");
        assert!(provider::verify_assertion(&bewering, CLIENT, &jwks, &[&format!("{}/token", p.idp.adres)], nu()).is_err(), "{pad}");
    }
    // Wordt zij niet aangenomen, dan proberen wij het niet met de andere bestemming.
    p.idp.met(|s| s.token = vec![fout(401, "invalid_client")]);
    let eerder = p.idp.aantal("/token");
    assert_eq!(code(p.terug().await), C::ClientGeweigerd);
    assert_eq!(p.idp.aantal("/token"), eerder + 1);
}

#[tokio::test]
async fn een_weigering_van_ons_houdt_wat_de_idp_erbij_zegt() {
    let p = Proef::start();
    let met = |status, waarde: Value| Zegt { status, ..json_van(&waarde) };
    for (zegt, verwacht, gezien) in [
        (
            met(401, json!({ "error": "invalid_client", "error_description": "AADSTS7000222: The provided client secret keys are expired." })),
            C::ClientGeweigerd,
            "invalid_client: AADSTS7000222: The provided client secret keys are expired.",
        ),
        (
            met(401, json!({ "errorCode": "E1", "errorSummary": "Invalid value for 'client_id'." })),
            C::ClientGeweigerd,
            "status 401: Invalid value for 'client_id'.",
        ),
        (met(401, json!({ "error": "", "errorSummary": "Weg." })), C::ClientGeweigerd, "status 401: Weg."),
        (met(400, json!({ "error": "invalid_scope", "errorSummary": "Niet getoond." })), C::IdpFoutmelding, "invalid_scope"),
        (
            met(400, json!({ "error": "invalid_grant", "suberror": "consent_required", "error_description": "AADSTS65001: geen toestemming" })),
            C::CodeGeweigerd,
            "invalid_grant (consent_required): AADSTS65001: geen toestemming",
        ),
        (Zegt { status: 401, soort: "text/html".into(), ..Zegt::default() }, C::ClientGeweigerd, "status 401"),
    ] {
        p.idp.met(|s| s.token = vec![zegt]);
        let diagnose = p.terug().await.unwrap_err();
        assert_eq!((diagnose.code, diagnose.gezien.as_deref()), (verwacht, Some(gezien)));
        assert!(diagnose.verwacht.is_some(), "{gezien}");
    }
}

#[tokio::test]
async fn een_aanmelddienst_die_herhaalt_wat_wij_stuurden_zet_geen_geheim_in_de_diagnose() {
    let mut p = Proef::start();
    let basic = STANDARD.encode(format!("{CLIENT}:zeer+geheim%3A+%26+%3D+%25"));
    let herhaald = format!("client {CLIENT} met {GEHEIM}, zeer+geheim%3A+%26+%3D+%25 of {basic}; code=c-1 verifier={VERIFIER} naar {TERUG}");
    for post in [false, true] {
        if post {
            p.config.client = ClientAuthenticatie::Post(vec![super::idp::geheim(GEHEIM)]);
        }
        for fout in ["invalid_client", "invalid_request"] {
            let zegt = Zegt { status: 400, ..json_van(&json!({ "error": fout, "error_description": herhaald })) };
            p.idp.met(|s| s.token = vec![zegt]);
            let gezien = p.terug().await.unwrap_err().gezien.unwrap();
            assert_eq!(gezien, format!("{fout}: client {CLIENT} met …, … of …; code=… verifier=… naar {TERUG}"));
        }
    }
}

#[tokio::test]
async fn een_foutmelding_in_plaats_van_tokens_staat_in_de_diagnose() {
    let p = Proef::start();
    p.idp.met(|s| s.token = vec![json_van(&json!({ "error": "invalid_grant" }))]);
    let diagnose = p.terug().await.unwrap_err();
    assert_eq!((diagnose.code, diagnose.gezien.as_deref()), (C::TokenantwoordOnjuist, Some("status 200 met 'error': invalid_grant")));
}

#[tokio::test]
async fn een_code_gaat_alleen_een_tweede_keer_mee_als_de_weigering_over_ons_gaat() {
    let mut p = Proef::start();
    let geheimen = [20, 10].map(|id| ClientGeheim::new(Id::from_u128(id), format!("geheim-{id}").into()));
    p.config.client = ClientAuthenticatie::Basic(geheimen.to_vec());
    for (zegt, verwacht, keer) in [
        (fout(401, "invalid_grant"), C::CodeGeweigerd, 1),
        (fout(400, "unauthorized_client"), C::ClientGeweigerd, 1),
        // Keycloak zegt zo dat het geheim niet klopt.
        (fout(401, "unauthorized_client"), C::ClientGeweigerd, 2),
        (fout(401, "invalid_request"), C::IdpFoutmelding, 1),
        (fout(400, "invalid_client"), C::ClientGeweigerd, 2),
        (Zegt { status: 401, ..json_van(&json!({})) }, C::ClientGeweigerd, 2),
    ] {
        p.idp.met(|s| s.token = vec![zegt]);
        let eerder = p.idp.aantal("/token");
        assert_eq!((code(p.terug().await), p.idp.aantal("/token") - eerder), (verwacht, keer));
    }
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
    let diagnose = p.terug().await.unwrap_err();
    assert!(diagnose.code == C::GeheimOntbreekt && diagnose.verwacht.is_some() && diagnose.gezien.is_some(), "{diagnose}");
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
