//! De aanmelding van clients: op de ene geregistreerde manier, en op geen andere.

use actix_web::http::header::HeaderName;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::toepassingen::{ClientAuthenticatie, NieuwGeheim, Profiel};
use provider::SigningKey;
use serde_json::{Value, json};

use crate::common::{Seen, app, call, request};
use crate::portaal::{ISSUER, Portaal, TERUG, VERIFIER};

/// Een geheim voor dit portaal, buiten de API om.
async fn geheim(p: &Portaal, waarde: &str) {
    let nieuw = NieuwGeheim::default().maak(domain::nieuw_id(p.dienst.now(), &p.dienst.app.rng), &p.toepassing, &[], p.dienst.now()).unwrap();
    let hash = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(<sha2::Sha256 as sha2::Digest>::digest(waarde.as_bytes()));
    let written: Result<(), store::StoreError> = p
        .dienst
        .app
        .store
        .write(store::Actor::default(), p.dienst.now(), None, move |tx| {
            store::toepassingen::geheimen::insert(tx, &nieuw, &hash)?;
            tx.record(store::Change { handeling: "proef", onderwerp_soort: "proef", onderwerp_id: "x".to_owned(), ..store::Change::default() })
        })
        .await;
    written.unwrap();
}

async fn met_basic(p: &Portaal, client: &str, geheim: &str) -> Seen {
    let code = p.code().await;
    let velden = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", TERUG), ("code_verifier", VERIFIER)];
    let kop = format!("Basic {}", STANDARD.encode(format!("{client}:{geheim}")));
    call(&p.dienst, request("POST", "/oidc/token").insert_header(("authorization", kop)).set_form(velden)).await
}

async fn met_post(p: &Portaal, geheim: &str) -> Seen {
    let (id, code) = (p.toepassing.id.to_string(), p.code().await);
    let velden = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", TERUG),
        ("code_verifier", VERIFIER),
        ("client_id", id.as_str()),
        ("client_secret", geheim),
    ];
    p.kaal("/oidc/token", &velden, None).await
}

#[actix_web::test]
async fn standaardsoftware_meldt_zich_met_haar_geheim_aan_in_de_kop_of_in_het_formulier() {
    let p = Portaal::nieuw(Profiel::Oidc, |_| {}).await;
    geheim(&p, "gehéim").await;
    let id = p.toepassing.id.to_string();
    let goed = met_basic(&p, &id, "geh%C3%A9im").await;
    assert_eq!(goed.status, 200, "{}", goed.text);
    let fout = met_basic(&p, &id, "ander").await;
    assert_eq!((fout.status, fout.body["error"].as_str()), (401, Some("invalid_client")));
    assert!(fout.header("www-authenticate").starts_with("Basic"), "RFC 6749, 5.2");
    assert_eq!(met_post(&p, "gehéim").await.status, 200, "hetzelfde geheim, op de andere plaats");
    let fout = met_post(&p, "ander").await;
    assert_eq!((fout.status, fout.body["error"].as_str()), (401, Some("invalid_client")));
    assert!(fout.body["error_description"].as_str().unwrap().contains("een geheim dat niet (meer) geldt"), "{}", fout.text);
    assert_eq!(fout.header("www-authenticate"), "", "wie de kop niet gebruikte, krijgt geen uitdaging");
    let post = Portaal::nieuw(Profiel::Oidc, |n| n.client_authenticatie = Some(ClientAuthenticatie::ClientSecretPost)).await;
    geheim(&post, "s").await;
    let id = post.toepassing.id.to_string();
    assert_eq!((met_post(&post, "s").await.status, met_basic(&post, &id, "s").await.status), (200, 200));
}

#[actix_web::test]
async fn een_geheim_telt_niet_voor_wie_zich_met_een_sleutel_aanmeldt() {
    let p = Portaal::nieuw(Profiel::Oidc, |_| {}).await;
    geheim(&p, "s").await;
    let sleutel = SigningKey::generate().unwrap();
    let (client, jwks) = (p.toepassing.clone(), json!({ "keys": [sleutel.public_jwk()] }));
    let wijziging = domain::toepassingen::ToepassingWijziging {
        client_authenticatie: Some(ClientAuthenticatie::PrivateKeyJwt),
        jwks: Some(Some(jwks)),
        ..Default::default()
    };
    let nieuw = wijziging.toepassen(&client, p.dienst.now()).unwrap();
    let written: Result<(), store::StoreError> = p
        .dienst
        .app
        .store
        .write(store::Actor::default(), p.dienst.now(), None, move |tx| {
            store::toepassingen::update(tx, &nieuw, client.versie)?;
            tx.record(store::Change { handeling: "proef", onderwerp_soort: "proef", onderwerp_id: "x".to_owned(), ..store::Change::default() })
        })
        .await;
    written.unwrap();
    let id = p.toepassing.id.to_string();
    for seen in [met_basic(&p, &id, "s").await, met_post(&p, "s").await] {
        assert_eq!((seen.status, seen.body["error"].as_str()), (401, Some("invalid_client")));
    }
}

#[actix_web::test]
async fn gegevens_staan_in_userinfo_en_alleen_als_de_registratie_dat_zegt_ook_in_het_id_token() {
    for met in [false, true] {
        let p = Portaal::nieuw(Profiel::Oidc, |n| n.gegevens_in_id_token = met).await;
        geheim(&p, "s").await;
        let code = p.aanmelden(p.velden(&[("scope", "openid email offline_access")])).await.unwrap();
        let id = p.toepassing.id.to_string();
        let aanmelding = [("client_id", id.as_str()), ("client_secret", "s")];
        let wissel = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", TERUG), ("code_verifier", VERIFIER)];
        let eerst = p.kaal("/oidc/token", &[wissel.as_slice(), &aanmelding].concat(), None).await.body;
        let ververs = [("grant_type", "refresh_token"), ("refresh_token", eerst["refresh_token"].as_str().unwrap())];
        let later = p.kaal("/oidc/token", &[ververs.as_slice(), &aanmelding].concat(), None).await.body;
        let verwacht = met.then_some(p.persoon.email.as_str());
        for tokens in [&eerst, &later] {
            let id_token = crate::portaal::claims(tokens["id_token"].as_str().unwrap());
            assert_eq!((id_token["email"].as_str(), id_token.get("name")), (verwacht, None), "naam is niet gevraagd: {id_token}");
        }
        let userinfo = p.met_token("/oidc/userinfo", later["access_token"].as_str().unwrap()).await;
        assert_eq!(userinfo.body["email"], p.persoon.email, "{}", userinfo.text);
    }
}

#[actix_web::test]
async fn standaardsoftware_mag_bij_het_verversen_herhalen_wat_zij_vroeg_en_krijgt_nooit_meer() {
    let p = Portaal::nieuw(Profiel::Oidc, |_| {}).await;
    geheim(&p, "s").await;
    let id = p.toepassing.id.to_string();
    let eerst = met_post(&p, "s").await.body;
    let ververs = async |token: &str, scope: &str| {
        let velden = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope), ("client_id", id.as_str()), ("client_secret", "s")];
        p.kaal("/oidc/token", &velden, None).await.body
    };
    let tweede = ververs(eerst["refresh_token"].as_str().unwrap(), "openid address offline_access trajecten:schrijven").await;
    assert_eq!(tweede["scope"], "openid offline_access", "{tweede}");
    assert_eq!(ververs(tweede["refresh_token"].as_str().unwrap(), "address").await["error"], "invalid_scope", "er blijft niets over");
}

#[actix_web::test]
async fn een_geheim_verloopt_en_wordt_bij_gebruik_onthouden() {
    let p = Portaal::nieuw(Profiel::Oidc, |_| {}).await;
    geheim(&p, "s").await;
    let (id, client) = (p.toepassing.id.to_string(), p.toepassing.id);
    assert_eq!(met_basic(&p, &id, "s").await.status, 200);
    let lijst = p.dienst.app.store.read(move |conn| store::toepassingen::geheimen::list(conn, client)).await.unwrap();
    assert_eq!(lijst[0].0.laatst_gebruikt_op, Some(p.dienst.now()));
    p.dienst.wait(366 * 24 * 3_600);
    assert_eq!(met_basic(&p, &id, "s").await.body["error"], "invalid_client");
}

#[actix_web::test]
async fn een_bewering_telt_alleen_zoals_het_profiel_haar_wil() {
    let nl = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let fapi = Portaal::nieuw(Profiel::Fapi2, |_| {}).await;
    let vraag = async |p: &Portaal, pad: &str, wijzig: &dyn Fn(&mut Value)| {
        let bewering = p.bewering(wijzig);
        let velden = [("token", "x"), ("client_assertion_type", provider::ASSERTION_TYPE), ("client_assertion", bewering.as_str())];
        p.kaal(pad, &velden, None).await.body["error"].as_str().unwrap_or("goed").to_owned()
    };
    let t = nl.dienst.now().timestamp();
    let tokenadres = format!("{ISSUER}/oidc/token");
    for pad in ["/oidc/introspect", "/oidc/revoke", "/oidc/par"] {
        // RFC 9126, 2: de uitgever, het tokenadres of het adres zelf; bij klaarleggen komt daarna pas het verzoek aan bod.
        for aud in [ISSUER.to_owned(), tokenadres.clone(), format!("{ISSUER}{pad}")] {
            assert_ne!(vraag(&nl, pad, &|c| c["aud"] = json!(aud)).await, "invalid_client", "{pad}: {aud}");
        }
        let elders = if pad == "/oidc/par" { "/oidc/revoke" } else { "/oidc/par" };
        for aud in [json!([ISSUER]), json!(format!("{ISSUER}{elders}"))] {
            assert_eq!(vraag(&nl, pad, &|c| c["aud"] = aud.clone()).await, "invalid_client", "{pad}: {aud}");
        }
    }
    assert_eq!(vraag(&fapi, "/oidc/introspect", &|_| {}).await, "goed");
    for aud in [json!(tokenadres), json!([ISSUER]), json!(format!("{ISSUER}/oidc/introspect")), json!([ISSUER, tokenadres])] {
        assert_eq!(vraag(&fapi, "/oidc/introspect", &|c| c["aud"] = aud.clone()).await, "invalid_client", "{aud}");
    }
    for p in [&nl, &fapi] {
        assert_eq!(vraag(p, "/oidc/introspect", &|c| c["nbf"] = json!(t + 8)).await, "goed");
        assert_eq!(vraag(p, "/oidc/introspect", &|c| c["nbf"] = json!(t + 90)).await, "invalid_client");
        assert_eq!(vraag(p, "/oidc/introspect", &|c| c["exp"] = json!(t - 300)).await, "invalid_client");
        assert_eq!(vraag(p, "/oidc/introspect", &|c| drop(c.as_object_mut().unwrap().remove("sub"))).await, "invalid_client");
    }
    assert_eq!(vraag(&nl, "/oidc/introspect", &|c| c["exp"] = json!(t + 3_600)).await, "goed", "sommige standaardclients zetten een uur");
    assert_eq!(vraag(&fapi, "/oidc/introspect", &|c| c["exp"] = json!(t + 3_600)).await, "invalid_client");
}

#[actix_web::test]
async fn fapi2_weigert_een_bewering_met_rs256() {
    let rsa = SigningKey::generate_for(domain::toepassingen::Algoritme::Rs256).unwrap();
    let mut jwk = rsa.public_jwk().clone();
    jwk.as_object_mut().unwrap().remove("alg");
    for (profiel, verwacht) in [(Profiel::Fapi2, Some("invalid_client")), (Profiel::NlGov, None)] {
        let p = Portaal::nieuw(profiel, |n| n.jwks = Some(json!({ "keys": [jwk] }))).await;
        let (client, t) = (p.toepassing.id.to_string(), p.dienst.now().timestamp());
        let bewering = rsa.sign("JWT", &json!({ "iss": client, "sub": client, "aud": ISSUER, "exp": t + 60, "jti": "een" })).unwrap();
        let velden = [("token", "x"), ("client_assertion_type", provider::ASSERTION_TYPE), ("client_assertion", bewering.as_str())];
        assert_eq!(p.kaal("/oidc/introspect", &velden, None).await.body["error"].as_str(), verwacht, "{profiel}");
    }
}

#[actix_web::test]
async fn een_bewering_telt_op_elk_adres_samen_een_keer() {
    let p = Portaal::nieuw(Profiel::NlGov, |_| {}).await;
    let bewering = p.bewering(|_| {});
    let velden = [("token", "x"), ("client_assertion_type", provider::ASSERTION_TYPE), ("client_assertion", bewering.as_str())];
    assert_eq!(p.kaal("/oidc/introspect", &velden, None).await.status, 200);
    for pad in ["/oidc/introspect", "/oidc/revoke"] {
        assert_eq!(p.kaal(pad, &velden, None).await.body["error"], "invalid_client", "{pad}");
    }
    let twee = [velden.as_slice(), &[("client_secret", "s")]].concat();
    assert_eq!(p.kaal("/oidc/introspect", &twee, None).await.body["error"], "invalid_request", "twee manieren tegelijk");
    assert_eq!(p.kaal("/oidc/introspect", &[("token", "x")], None).await.body["error"], "invalid_client");
}

/// Een zelfgetekend proefcertificaat: `C=NL, O=Voorbeeld, CN=portaal.voorbeeld.example`.
const CERTIFICAAT: &str = include_str!("certificaat.pem");

#[actix_web::test]
async fn een_certificaat_telt_alleen_van_de_vertrouwde_proxy_en_bindt_het_token() {
    let trusted = |settings: &mut api::Settings| {
        settings.client_certificate_header = Some(HeaderName::from_static("x-client-cert"));
        let trusted = std::sync::Arc::new(|address: std::net::IpAddr| address == std::net::IpAddr::from([10, 0, 0, 1]));
        settings.proxy = Some(api::app::Proxy { header: HeaderName::from_static("x-forwarded-for"), trusted });
    };
    let p = Portaal::bij(app(trusted), Profiel::Fapi2, |n| {
        n.client_authenticatie = Some(ClientAuthenticatie::TlsClientAuth);
        n.tls_subject_dn = Some("CN=portaal.voorbeeld.example, O=Voorbeeld, C=NL".to_owned());
    })
    .await;
    let (id, pem) = (p.toepassing.id.to_string(), CERTIFICAAT.replace('\n', "%0A"));
    let peer = |laatste: u8| std::net::SocketAddr::from(([10, 0, 0, laatste], 443));
    let vraag = async |pad: &str, velden: Vec<(String, String)>, kop: &str, laatste: u8| {
        call(&p.dienst, request("POST", pad).peer_addr(peer(laatste)).insert_header(("x-client-cert", kop.to_owned())).set_form(velden)).await
    };
    let par = vraag("/oidc/par", p.velden(&[]), &pem, 1).await;
    assert_eq!(par.status, 201, "{}", par.text);
    for (kop, laatste) in [(pem.as_str(), 2), ("onzin", 1)] {
        assert_eq!(vraag("/oidc/par", p.velden(&[]), kop, laatste).await.body["error"], "invalid_client");
    }
    let code = p.aanmelden(vec![("client_id".into(), id.clone()), ("request_uri".into(), par.body["request_uri"].as_str().unwrap().into())]).await.unwrap();
    let velden =
        [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", TERUG), ("code_verifier", VERIFIER), ("client_id", id.as_str())];
    let velden = velden.map(|(naam, waarde)| (naam.to_owned(), waarde.to_owned())).to_vec();
    let tokens = vraag("/oidc/token", velden, &pem, 1).await;
    assert_eq!((tokens.status, tokens.body["token_type"].as_str()), (200, Some("Bearer")), "{}", tokens.text);
    let token = tokens.body["access_token"].as_str().unwrap().to_owned();
    assert!(crate::portaal::claims(&token)["cnf"]["x5t#S256"].is_string());
    let met = |laatste: u8| {
        request("GET", "/v1/geheim")
            .peer_addr(peer(laatste))
            .insert_header(("authorization", format!("Bearer {token}")))
            .insert_header(("x-client-cert", pem.clone()))
    };
    assert_eq!(call(&p.dienst, met(1)).await.status, 200);
    assert_eq!(call(&p.dienst, met(2)).await.body["code"], "token-ongeldig", "niet van de proxy");
    assert_eq!(p.met_token("/v1/geheim", &token).await.body["code"], "token-ongeldig", "zonder certificaat");
}

#[actix_web::test]
async fn zonder_instelling_bestaat_een_certificaat_niet() {
    let p = Portaal::nieuw(Profiel::NlGov, |n| {
        n.client_authenticatie = Some(ClientAuthenticatie::TlsClientAuth);
        n.tls_subject_dn = Some("CN=portaal.voorbeeld.example,O=Voorbeeld,C=NL".to_owned());
    })
    .await;
    let id = p.toepassing.id.to_string();
    let verzoek = request("POST", "/oidc/introspect")
        .insert_header(("x-client-cert", CERTIFICAAT.replace('\n', "%0A")))
        .set_form([("token", "x"), ("client_id", id.as_str())]);
    assert_eq!(call(&p.dienst, verzoek).await.body["error"], "invalid_client");
}

/// Een adres met sleutels die van buiten te wisselen zijn; telt hoe vaak het gelezen is.
fn adres(sleutels: &std::sync::Arc<std::sync::Mutex<Value>>) -> (String, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let (sleutels, gelezen) = (std::sync::Arc::clone(sleutels), std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0)));
    let teller = std::sync::Arc::clone(&gelezen);
    std::thread::spawn(move || {
        for stroom in listener.incoming() {
            let mut stroom = stroom.unwrap();
            let _ = stroom.read(&mut [0; 4096]);
            teller.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let inhoud = sleutels.lock().unwrap().to_string();
            let _ =
                write!(stroom, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{inhoud}", inhoud.len());
        }
    });
    (url, gelezen)
}

#[actix_web::test]
async fn sleutels_op_een_adres_worden_bij_een_onbekende_kid_hoogstens_eens_per_minuut_opnieuw_gelezen() {
    let (oud, nieuw) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let set = |key: &SigningKey| json!({ "keys": [key.public_jwk()] });
    let sleutels = std::sync::Arc::new(std::sync::Mutex::new(set(&oud)));
    let (url, gelezen) = adres(&sleutels);
    let p = Portaal::bij(app(|settings| settings.egress_allow = vec!["127.0.0.1".to_owned()]), Profiel::NlGov, |n| {
        (n.jwks, n.jwks_uri) = (None, Some(url.clone()))
    })
    .await;
    let vraag = async |key: &SigningKey| {
        let (client, t) = (p.toepassing.id.to_string(), p.dienst.now().timestamp());
        let bewering = key.sign("JWT", &json!({ "iss": client, "sub": client, "aud": ISSUER, "exp": t + 60, "jti": p.nummer() })).unwrap();
        let velden = [("token", "x"), ("client_assertion_type", provider::ASSERTION_TYPE), ("client_assertion", bewering.as_str())];
        p.kaal("/oidc/introspect", &velden, None).await.status
    };
    assert_eq!((vraag(&oud).await, vraag(&oud).await), (200, 200));
    assert_eq!(gelezen.load(std::sync::atomic::Ordering::SeqCst), 1, "bewaard");
    *sleutels.lock().unwrap() = set(&nieuw);
    assert_eq!(vraag(&nieuw).await, 200, "een onbekende kid leest één keer opnieuw");
    let derde = SigningKey::generate().unwrap();
    *sleutels.lock().unwrap() = set(&derde);
    assert_eq!(vraag(&derde).await, 401, "binnen een minuut niet nog eens");
    assert_eq!(gelezen.load(std::sync::atomic::Ordering::SeqCst), 2);
    p.dienst.wait(61);
    assert_eq!(vraag(&derde).await, 200, "gewisseld");
    assert_eq!(vraag(&oud).await, 401);
    assert_eq!(gelezen.load(std::sync::atomic::Ordering::SeqCst), 3);
    let dicht = Portaal::nieuw(Profiel::NlGov, |n| (n.jwks, n.jwks_uri) = (None, Some(url.clone()))).await;
    let seen = dicht.stuur("/oidc/introspect", &[("token", "x")], None).await;
    assert_eq!(seen.body["error"], "invalid_client", "een binnenadres alleen als de beheerder het toelaat");
    assert_eq!(gelezen.load(std::sync::atomic::Ordering::SeqCst), 3);
}
