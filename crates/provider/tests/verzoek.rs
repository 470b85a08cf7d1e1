//! Het verzoek om een aanmelding: iedere weigering een proef, en wat standaardclients sturen gaat goed.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use domain::toepassingen::{ClientAuthenticatie, NieuweToepassing, Profiel, Scope, Toepassing, ToepassingSoort};
use domain::{Id, Moment};
use provider::authorize::{ACR_MFA, Antwoord, AuthorizeFout, Beoordeling, GeldigVerzoek, Herkomst, Prompt, ResponseMode, acr_volstaat, beoordeel};
use provider::{AssertionError, DpopError, Form, OAuthError, ProviderSettings, SigningKey, granted, read_id_token};
use serde_json::{Value, json};

const ISS: &str = "https://aansluitloket.example";
const TERUG: &str = "https://portaal.example/callback";
const UITDAGING: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const HOOG: &str = "http://eidas.europa.eu/LoA/high";
const SUBSTANTIEEL: &str = "http://eidas.europa.eu/LoA/substantial";

fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

fn portaal(profiel: Profiel, wijzig: impl FnOnce(&mut NieuweToepassing)) -> Toepassing {
    let mut nieuw = NieuweToepassing::portaal("Portaal", Id::from_u128(1), TERUG);
    let sleutel = json!({ "kty": "EC", "crv": "P-256", "kid": "een", "x": "a".repeat(43), "y": "b".repeat(43) });
    (nieuw.profiel, nieuw.profiel_reden, nieuw.jwks) = (Some(profiel), Some("proef".into()), Some(json!({ "keys": [sleutel] })));
    nieuw.scopes = vec![Scope::TrajectenLezen];
    wijzig(&mut nieuw);
    nieuw.maak(Id::from_u128(2), nu()).unwrap()
}

fn instellingen() -> ProviderSettings {
    let scopes = Scope::ALLE.iter().map(|scope| scope.as_str().to_owned()).collect();
    ProviderSettings { issuer: ISS.into(), scopes, audience: format!("{ISS}/v1"), mtls: false }
}

type Velden = Vec<(String, String)>;

fn goed() -> Velden {
    let velden = [
        ("response_type", "code"),
        ("client_id", "00000000-0000-0000-0000-000000000002"),
        ("redirect_uri", TERUG),
        ("scope", "openid"),
        ("state", "staat"),
        ("nonce", "nonce"),
        ("code_challenge", UITDAGING),
        ("code_challenge_method", "S256"),
    ];
    velden.map(|(naam, waarde)| (naam.to_owned(), waarde.to_owned())).to_vec()
}

/// Het goede verzoek met deze velden anders; een lege waarde haalt het veld weg.
fn met(anders: &[(&str, &str)]) -> Velden {
    let mut velden = goed();
    for (naam, waarde) in anders {
        velden.retain(|(n, _)| n != naam);
        if !waarde.is_empty() {
            velden.push(((*naam).to_owned(), (*waarde).to_owned()));
        }
    }
    velden
}

fn oordeel_met(client: &Toepassing, velden: &Velden, herkomst: Herkomst, jwks: &Value) -> Result<GeldigVerzoek, AuthorizeFout> {
    beoordeel(velden, &Beoordeling { client, jwks, settings: &instellingen(), herkomst, nu: nu() })
}

fn oordeel(client: &Toepassing, velden: &Velden) -> Result<GeldigVerzoek, AuthorizeFout> {
    oordeel_met(client, velden, Herkomst::Browser, &Value::Null)
}

#[track_caller]
fn terug(client: &Toepassing, anders: &[(&str, &str)], code: &str) {
    let fout = oordeel(client, &met(anders)).expect_err(code);
    assert_eq!((fout.error, fout.terug.is_some()), (code, true), "{anders:?}: {fout}");
}

#[track_caller]
fn pagina(client: &Toepassing, velden: &Velden, code: &str) {
    let fout = oordeel(client, velden).expect_err(code);
    assert_eq!((fout.error, fout.terug), (code, None));
}

#[test]
fn een_goed_verzoek_is_geldig_in_elke_volgorde_en_onbekende_parameters_tellen_niet_mee() {
    let client = portaal(Profiel::NlGov, |_| {});
    let verzoek = oordeel(&client, &goed()).unwrap();
    assert_eq!(
        (verzoek.terugweg.state.as_deref(), verzoek.nonce.as_deref(), verzoek.code_challenge.as_deref()),
        (Some("staat"), Some("nonce"), Some(UITDAGING))
    );
    let mut anders = met(&[("scope", "trajecten:lezen openid"), ("onbekend", "x"), ("display", "popup"), ("ui_locales", "nl en"), ("claims_locales", "nl")]);
    anders.reverse();
    let verzoek = oordeel(&client, &anders).unwrap();
    assert_eq!((verzoek.scopes, verzoek.ui_locales), (vec!["trajecten:lezen".to_owned(), "openid".into()], vec!["nl".to_owned(), "en".into()]));
}

#[test]
fn zonder_geregistreerd_adres_gaat_er_niemand_terug() {
    let client = portaal(Profiel::Oidc, |_| {});
    for adres in [
        "",
        "https://portaal.example/callback/",
        "https://portaal.example/callback?x=1",
        "https://PORTAAL.example/callback",
        "https://boos.example/",
        "javascript:alert(1)",
    ] {
        pagina(&client, &met(&[("redirect_uri", adres)]), "invalid_request");
    }
    for dubbel in ["redirect_uri", "client_id", "state", "response_mode"] {
        let mut velden = met(&[("response_mode", "query")]);
        velden.push((dubbel.into(), TERUG.into()));
        pagina(&client, &velden, "invalid_request");
    }
    let machine =
        NieuweToepassing::machine("Script", Id::from_u128(1), vec![Scope::TrajectenLezen], client.jwks.clone().unwrap()).maak(Id::from_u128(3), nu()).unwrap();
    assert_eq!(machine.soort, ToepassingSoort::Machine);
    pagina(&machine, &goed(), "unauthorized_client");
}

#[test]
fn een_programma_op_de_eigen_computer_kiest_zelf_zijn_poort() {
    let client = portaal(Profiel::NlGov, |n| n.redirect_uris = vec!["http://127.0.0.1/klaar".into()]);
    assert!(oordeel(&client, &met(&[("redirect_uri", "http://127.0.0.1:53412/klaar")])).is_ok());
    pagina(&client, &met(&[("redirect_uri", "http://localhost:53412/klaar")]), "invalid_request");
}

#[test]
fn alleen_de_code_flow_en_alleen_query_of_formulier() {
    let client = portaal(Profiel::Oidc, |_| {});
    terug(&client, &[("response_type", "")], "invalid_request");
    for soort in ["token", "id_token", "code id_token", "code token", "none", "CODE"] {
        terug(&client, &[("response_type", soort)], "unsupported_response_type");
    }
    for vorm in ["fragment", "jwt", "onzin"] {
        terug(&client, &[("response_mode", vorm)], "invalid_request");
    }
    assert_eq!(oordeel(&client, &met(&[("response_mode", "form_post")])).unwrap().terugweg.response_mode, ResponseMode::FormPost);
    terug(&client, &[("registration", "{}")], "registration_not_supported");
    terug(&client, &[("request_uri", "https://portaal.example/verzoek")], "request_uri_not_supported");
}

#[test]
fn een_dubbele_parameter_wordt_geweigerd() {
    let client = portaal(Profiel::NlGov, |_| {});
    for naam in ["nonce", "scope", "code_challenge", "prompt"] {
        let mut velden = met(&[("prompt", "login")]);
        velden.push((naam.into(), "x".into()));
        assert_eq!(oordeel(&client, &velden).unwrap_err().error, "invalid_request", "{naam}");
    }
}

#[test]
fn pkce_is_verplicht_met_s256_en_alleen_standaardsoftware_mag_zonder() {
    for profiel in [Profiel::NlGov, Profiel::Fapi2] {
        let client = portaal(profiel, |_| {});
        let klaar = |anders: &[(&str, &str)]| oordeel_met(&client, &met(anders), Herkomst::Klaarleggen { jkt: None }, &Value::Null);
        for anders in [
            [("code_challenge", ""), ("code_challenge_method", "")],
            [("code_challenge", ""), ("code_challenge_method", "S256")],
            [("code_challenge", UITDAGING), ("code_challenge_method", "plain")],
            [("code_challenge", UITDAGING), ("code_challenge_method", "")],
            [("code_challenge", "kort"), ("code_challenge_method", "S256")],
        ] {
            assert_eq!(klaar(&anders).unwrap_err().error, "invalid_request", "{profiel} {anders:?}");
        }
    }
    let oidc = portaal(Profiel::Oidc, |_| {});
    assert!(oordeel(&oidc, &met(&[("code_challenge", ""), ("code_challenge_method", "")])).is_ok());
    terug(&oidc, &[("code_challenge_method", "plain")], "invalid_request");
}

#[test]
fn een_nonce_is_verplicht_bij_nl_gov_en_gaat_ongekort_mee() {
    terug(&portaal(Profiel::NlGov, |_| {}), &[("nonce", "")], "invalid_request");
    for profiel in [Profiel::Oidc, Profiel::Fapi2] {
        let client = portaal(profiel, |_| {});
        let klaar = |anders: &[(&str, &str)]| oordeel_met(&client, &met(anders), Herkomst::Klaarleggen { jkt: None }, &Value::Null);
        assert_eq!(klaar(&[("nonce", ""), ("state", "")]).unwrap().nonce, None);
        for lengte in [64, 384] {
            let lang = "n".repeat(lengte);
            let verzoek = klaar(&[("nonce", &lang), ("state", &lang)]).unwrap();
            assert_eq!((verzoek.nonce, verzoek.terugweg.state), (Some(lang.clone()), Some(lang)));
        }
        assert_eq!(klaar(&[("nonce", &"n".repeat(2000))]).unwrap_err().error, "invalid_request");
        // Een portaal mag zijn hele toestand in state zetten.
        let toestand = "s".repeat(8 * 1024);
        assert_eq!(klaar(&[("state", &toestand)]).unwrap().terugweg.state.as_deref(), Some(toestand.as_str()));
        assert_eq!(klaar(&[("state", &format!("{toestand}s"))]).unwrap_err().error, "invalid_request");
    }
}

#[test]
fn wie_moet_klaarleggen_komt_niet_rechtstreeks_binnen() {
    let client = portaal(Profiel::Fapi2, |_| {});
    terug(&client, &[], "invalid_request");
    let klaargelegd = Herkomst::Klaargelegd { kenmerk: "k".into(), jkt: None };
    assert_eq!(oordeel_met(&client, &goed(), klaargelegd, &Value::Null).unwrap().klaargelegd.as_deref(), Some("k"));
    let binnen = oordeel_met(&client, &met(&[("request_uri", "urn:x")]), Herkomst::Klaarleggen { jkt: None }, &Value::Null);
    assert_eq!(binnen.unwrap_err().error, "invalid_request");
}

#[test]
fn een_sleutel_in_het_verzoek_is_de_sleutel_van_het_bewijs() {
    let client = portaal(Profiel::Fapi2, |_| {});
    let met_sleutel = |jkt: Option<&str>, gevraagd: &str| {
        let herkomst = Herkomst::Klaarleggen { jkt: jkt.map(str::to_owned) };
        oordeel_met(&client, &met(&[("dpop_jkt", gevraagd)]), herkomst, &Value::Null).map(|verzoek| verzoek.dpop_jkt).map_err(|fout| fout.error)
    };
    assert_eq!(met_sleutel(Some(UITDAGING), ""), Ok(Some(UITDAGING.into())));
    assert_eq!(met_sleutel(Some(UITDAGING), UITDAGING), Ok(Some(UITDAGING.into())));
    assert_eq!(met_sleutel(Some("ander"), UITDAGING), Err("invalid_dpop_proof"));
    assert_eq!(met_sleutel(None, "kort"), Err("invalid_request"));
}

#[test]
fn prompt_en_max_age_hebben_alleen_waarden_die_iets_betekenen() {
    let client = portaal(Profiel::Oidc, |_| {});
    terug(&client, &[("prompt", "none login")], "invalid_request");
    terug(&client, &[("prompt", "toveren")], "invalid_request");
    for fout in ["-1", "veel", "1.5", "99999999999999999999"] {
        terug(&client, &[("max_age", fout)], "invalid_request");
    }
    let verzoek = oordeel(&client, &met(&[("prompt", "login consent"), ("max_age", "60")])).unwrap();
    assert_eq!(verzoek.prompt, [Prompt::Login, Prompt::Consent]);
    let lang = |seconden| nu() - chrono::TimeDelta::seconds(seconden);
    assert!(verzoek.vers_genoeg(lang(60), nu()) && !verzoek.vers_genoeg(lang(61), nu()) && verzoek.opnieuw_aanmelden() && !verzoek.stil());
    assert!(!oordeel(&client, &met(&[("max_age", "0")])).unwrap().vers_genoeg(nu(), nu()), "0 vraagt altijd een nieuwe aanmelding");
}

#[test]
fn een_scope_die_niet_is_toegekend_wordt_geweigerd_behalve_bij_standaardsoftware() {
    let client = portaal(Profiel::NlGov, |_| {});
    terug(&client, &[("scope", "openid trajecten:schrijven")], "invalid_scope");
    terug(&client, &[("scope", "openid offline_access")], "invalid_scope");
    terug(&client, &[("scope", "")], "invalid_scope");
    assert_eq!(oordeel(&client, &met(&[("scope", "openid helemaal-onbekend")])).unwrap().scopes, ["openid"]);
    let oidc = portaal(Profiel::Oidc, |n| n.offline_toegang = true);
    let verzoek = oordeel(&oidc, &met(&[("scope", "openid profile email address phone offline_access trajecten:schrijven")])).unwrap();
    assert_eq!(verzoek.scopes, ["openid", "profile", "email", "phone", "offline_access"]);
}

#[test]
fn een_token_is_alleen_voor_deze_api() {
    let client = portaal(Profiel::NlGov, |_| {});
    assert_eq!(oordeel(&client, &met(&[("resource", "https://aansluitloket.example/v1")])).unwrap().audience, "https://aansluitloket.example/v1");
    terug(&client, &[("resource", "https://elders.example/api")], "invalid_target");
}

#[test]
fn de_parameter_claims_wordt_gelezen_of_geweigerd() {
    let client = portaal(Profiel::Oidc, |_| {});
    let claims = json!({ "userinfo": { "name": { "essential": true }, "vreemd": null }, "id_token": { "email": null, "sub": { "value": "s" } }, "ander": 1 });
    let verzoek = oordeel(&client, &met(&[("claims", &claims.to_string())])).unwrap();
    assert!(verzoek.claims.userinfo["name"].essential && verzoek.claims.id_token.contains_key("email"));
    assert_eq!(verzoek.sub.as_deref(), Some("s"));
    for fout in [
        "{",
        "[]",
        r#"{"id_token":1}"#,
        r#"{"id_token":{"acr":"x"}}"#,
        r#"{"id_token":{"acr":{"essential":"ja"}}}"#,
        r#"{"id_token":{"sub":{"values":["a","b"]}}}"#,
    ] {
        terug(&client, &[("claims", fout)], "invalid_request");
    }
}

#[test]
fn de_sterkste_eis_telt_en_het_token_zegt_nooit_meer_dan_bewezen_is() {
    let acr = |profiel, waarden: &[&str], anders: &[(&str, &str)]| {
        let client = portaal(profiel, |n| n.acr_waarden = waarden.iter().map(|w| (*w).to_owned()).collect());
        oordeel(&client, &met(anders)).unwrap()
    };
    let eis = acr(Profiel::NlGov, &[], &[("acr_values", HOOG)]);
    assert!(!eis.sterk_genoeg(Some(ACR_MFA)) && !eis.sterk_genoeg(None) && eis.sterk_genoeg(Some(HOOG)));
    let wens = acr(Profiel::Oidc, &[], &[("acr_values", HOOG)]);
    assert!(wens.sterk_genoeg(Some(ACR_MFA)));
    assert_eq!(wens.acr_in_token(Some(ACR_MFA)).as_deref(), Some(ACR_MFA));
    let essentieel = acr(Profiel::Oidc, &[], &[("claims", &json!({ "id_token": { "acr": { "essential": true, "values": [SUBSTANTIEEL] } } }).to_string())]);
    assert!(!essentieel.sterk_genoeg(Some(ACR_MFA)) && essentieel.sterk_genoeg(Some(HOOG)));
    assert_eq!(essentieel.acr_in_token(Some(HOOG)).as_deref(), Some(SUBSTANTIEEL));
    let samen = acr(Profiel::NlGov, &[SUBSTANTIEEL], &[("acr_values", ACR_MFA)]);
    assert!(!samen.sterk_genoeg(Some(ACR_MFA)) && samen.sterk_genoeg(Some(SUBSTANTIEEL)), "registratie en verzoek gelden allebei");
    assert_eq!(acr(Profiel::NlGov, &[], &[]).acr_in_token(None), None);
    assert!(acr_volstaat(ACR_MFA, SUBSTANTIEEL) && !acr_volstaat(ACR_MFA, "http://eidas.europa.eu/LoA/low") && !acr_volstaat(SUBSTANTIEEL, ACR_MFA));
}

fn object(key: &SigningKey, typ: &str, wijzig: impl FnOnce(&mut Value)) -> String {
    let mut claims = json!({
        "iss": "00000000-0000-0000-0000-000000000002", "aud": ISS, "exp": nu().timestamp() + 60, "client_id": "00000000-0000-0000-0000-000000000002",
        "response_type": "code", "redirect_uri": TERUG, "scope": "openid", "nonce": "uit-object", "state": "uit-object", "max_age": 30,
        "code_challenge": UITDAGING, "code_challenge_method": "S256",
    });
    wijzig(&mut claims);
    key.sign(typ, &claims).unwrap()
}

#[test]
fn een_ondertekend_verzoek_telt_in_plaats_van_losse_parameters() {
    let key = SigningKey::generate().unwrap();
    let jwks = json!({ "keys": [key.public_jwk()] });
    let streng = portaal(Profiel::NlGov, |_| {});
    let los = met(&[("request", &object(&key, "oauth-authz-req+jwt", |_| {})), ("prompt", "login")]);
    let verzoek = oordeel_met(&streng, &los, Herkomst::Browser, &jwks).unwrap();
    assert_eq!((verzoek.nonce.as_deref(), verzoek.terugweg.state.as_deref(), verzoek.max_age), (Some("uit-object"), Some("uit-object"), Some(30)));
    assert!(verzoek.prompt.is_empty(), "een losse parameter telt niet mee");
    let oidc = portaal(Profiel::Oidc, |n| n.client_authenticatie = Some(ClientAuthenticatie::PrivateKeyJwt));
    let verzoek = oordeel_met(&oidc, &los, Herkomst::Browser, &jwks).unwrap();
    assert_eq!((verzoek.nonce.as_deref(), verzoek.prompt.len()), (Some("uit-object"), 1), "bij oidc vult het object aan en gaat het voor");
}

#[test]
fn een_ondertekend_verzoek_dat_niet_klopt_wordt_geweigerd() {
    let (key, ander) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let jwks = json!({ "keys": [key.public_jwk()] });
    let client = portaal(Profiel::NlGov, |_| {});
    let t = nu().timestamp();
    let anders = |naam: &'static str, waarde: Value| object(&key, "JWT", |claims| claims[naam] = waarde);
    let gevallen = [
        ("vreemde sleutel", object(&ander, "JWT", |_| {})),
        ("ander typ", object(&key, "at+jwt", |_| {})),
        ("vreemde aud", anders("aud", json!("https://elders.example"))),
        ("andere iss", anders("iss", json!("ander"))),
        ("andere client", anders("client_id", json!("ander"))),
        ("verlopen", anders("exp", json!(t - 61))),
        ("te lang", anders("exp", json!(t + 7_200))),
        ("nog niet", anders("nbf", json!(t + 61))),
        ("genest", anders("request", json!("x.y.z"))),
        ("verwijzing", anders("request_uri", json!("urn:x"))),
        ("geen jwt", "onzin".to_owned()),
    ];
    for (wat, token) in gevallen {
        let fout = oordeel_met(&client, &met(&[("request", &token)]), Herkomst::Browser, &jwks).expect_err(wat);
        assert_eq!((fout.error, fout.terug.is_some()), ("invalid_request_object", true), "{wat}");
    }
    let kop = |alg: &str| key.sign_with_header(&json!({ "alg": alg }), &json!({})).unwrap();
    let zonder = format!("{}.", kop("none").rsplit_once('.').unwrap().0);
    let fout = oordeel_met(&client, &met(&[("request", &zonder)]), Herkomst::Browser, &jwks).unwrap_err();
    assert_eq!(fout.error, "request_not_supported");
    let boos = object(&key, "JWT", |claims| claims["redirect_uri"] = json!("https://boos.example/"));
    assert_eq!(
        oordeel_met(&client, &met(&[("request", &boos)]), Herkomst::Browser, &jwks).unwrap_err().terug,
        None,
        "het adres in het object wint, en is onbekend"
    );
}

#[test]
fn een_antwoord_heeft_state_en_iss_en_kapt_niets_af() {
    let client = portaal(Profiel::Oidc, |n| n.redirect_uris = vec!["https://portaal.example/cb?vast=1".into()]);
    let verzoek = oordeel(&client, &met(&[("redirect_uri", "https://portaal.example/cb?vast=1"), ("state", "a b&c=d")])).unwrap();
    let Antwoord::Redirect(url) = verzoek.terugweg.code(ISS, "geheim") else { panic!("query") };
    assert_eq!(url, "https://portaal.example/cb?vast=1&code=geheim&state=a+b%26c%3Dd&iss=https%3A%2F%2Faansluitloket.example");
    let fout =
        oordeel(&client, &met(&[("redirect_uri", "https://portaal.example/cb?vast=1"), ("prompt", "toveren"), ("response_mode", "form_post")])).unwrap_err();
    let Some(Antwoord::Formulier { actie, velden }) = fout.antwoord(ISS) else { panic!("formulier") };
    assert_eq!(actie, "https://portaal.example/cb?vast=1");
    assert_eq!(velden.iter().map(|(naam, _)| naam.as_str()).collect::<Vec<_>>(), ["error", "error_description", "state", "iss"]);
}

#[test]
fn een_eigen_id_token_is_te_herkennen_en_iets_anders_niet() {
    let (key, ander) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let jwks = json!({ "keys": [key.public_jwk()] });
    let claims = json!({ "iss": ISS, "sub": "s", "aud": "c", "sid": "z", "at_hash": "h", "exp": 1 });
    let lees = |token: &str| read_id_token(token, &jwks, ISS);
    let bekend = lees(&key.sign("JWT", &claims).unwrap()).unwrap();
    assert_eq!((bekend.sub.as_str(), bekend.aud.as_str(), bekend.sid.as_deref()), ("s", "c", Some("z")));
    assert_eq!(lees(&key.sign("at+jwt", &claims).unwrap()), None);
    assert_eq!(lees(&ander.sign("JWT", &claims).unwrap()), None);
    assert_eq!(lees(&key.sign("JWT", &json!({ "iss": "https://elders.example", "sub": "s", "aud": "c", "at_hash": "h" })).unwrap()), None);
    assert_eq!(lees(&key.sign("JWT", &json!({ "iss": ISS, "sub": "s", "aud": "c", "at_hash": "h", "events": {} })).unwrap()), None);
    let none = format!("{}.", key.sign_with_header(&json!({ "alg": "none", "typ": "JWT", "kid": key.kid() }), &claims).unwrap().rsplit_once('.').unwrap().0);
    assert_eq!(lees(&none), None);
}

/// RFC 6749, 5.2: de tekens van `error_description`.
fn leesbaar(tekst: &str) -> bool {
    tekst.bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

#[test]
fn een_omschrijving_heeft_alleen_de_tekens_die_oauth_toelaat() {
    let dubbel = Form::new(vec![("één\\\"".into(), "1".into()), ("één\\\"".into(), "2".into())]).unwrap_err();
    let fouten = [
        dubbel,
        granted(&["ü\"\\€"], &[]).unwrap_err(),
        OAuthError::client(AssertionError::Audience.to_string()),
        OAuthError::bad("invalid_dpop_proof", DpopError::Replay.to_string()),
        OAuthError::bad("invalid_grant", "De sessie is beëindigd."),
    ];
    for fout in fouten {
        assert!(leesbaar(&fout.description) && !fout.description.is_empty(), "{}", fout.description);
    }
    assert_eq!(OAuthError::bad("x", "precies één keer").description, "precies een keer");
}
