//! De stappen van OpenID Connect Core 3.1.3.7: wat er in een ID-token moet staan, en wat er niet mag.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::diagnose::DiagnoseCode as C;
use provider::SigningKey;
use serde_json::{Value, json};

use super::idp::{CLIENT, Proef, code, nu};

fn deel(waarde: &Value) -> String {
    URL_SAFE_NO_PAD.encode(waarde.to_string())
}

#[tokio::test]
async fn een_goed_id_token_bewijst_wie_het_is() {
    let p = Proef::start();
    let wie = p.meld_aan(&p.claims()).await.unwrap();
    assert_eq!((wie.issuer(), wie.sub()), (p.idp.adres.as_str(), "p-1"));
    assert_eq!((wie.email(), wie.email_verified(), wie.naam()), (Some("noor@voorbeeld.example"), Some(true), Some("Noor Voorbeeld")));
    assert_eq!((wie.sid(), wie.auth_time().unwrap().timestamp()), (Some("s-1"), nu().timestamp() - 2));
    assert_eq!((wie.acr(), wie.amr()), ("https://refeds.org/profile/mfa", ["mfa", "otp", "pwd"].map(str::to_owned).as_slice()));
    assert_eq!((wie.organisatie_id(), wie.idp_id(), wie.versienummer()), (p.config.organisatie_id, p.config.id, 1));
    assert_eq!(wie.end_session_endpoint(), Some(format!("{}/uit", p.idp.adres).as_str()));
    assert!(wie.id_token().split('.').count() == 3 && wie.geheim_id().is_some());
}

#[tokio::test]
async fn stap_2_de_uitgever_klopt_tot_op_de_byte() {
    let p = Proef::start();
    for iss in [format!("{}/", p.idp.adres), p.idp.adres.to_uppercase(), "https://elders.example".into(), String::new()] {
        let fout = p.met_claims(json!({ "iss": iss })).await.unwrap_err();
        assert_eq!((fout.code, fout.verwacht, fout.gezien), (C::IssuerMismatch, Some(p.idp.adres.clone()), Some(iss)));
    }
    for iss in [json!(null), json!(1), json!([p.idp.adres])] {
        assert_eq!(code(p.met_claims(json!({ "iss": iss })).await), C::ClaimOntbreekt);
    }
}

#[tokio::test]
async fn stap_3_tot_5_wij_zijn_de_enige_bestemming() {
    let p = Proef::start();
    for aud in [json!(null), json!([]), json!({ "aud": CLIENT }), json!(1)] {
        assert_eq!(code(p.met_claims(json!({ "aud": aud })).await), C::ClaimOntbreekt, "{aud}");
    }
    for aud in [json!("elders"), json!([CLIENT, "elders"]), json!([CLIENT, 1])] {
        assert_eq!(code(p.met_claims(json!({ "aud": aud })).await), C::BestemmingOnjuist, "{aud}");
    }
    for azp in [json!("elders"), json!(1), json!([CLIENT])] {
        assert_eq!(code(p.met_claims(json!({ "azp": azp })).await), C::BestemmingOnjuist, "{azp}");
    }
    for goed in [json!({ "aud": [CLIENT] }), json!({ "azp": CLIENT }), json!({ "aud": [CLIENT, CLIENT], "azp": CLIENT })] {
        assert!(p.met_claims(goed.clone()).await.is_ok(), "{goed}");
    }
}

#[tokio::test]
async fn een_extra_bestemming_telt_alleen_als_de_registratie_haar_noemt_en_azp_ons() {
    let mut p = Proef::start();
    let met_project = |p: &Proef| p.claims_met(json!({ "aud": [CLIENT, "287654321098765432"], "azp": CLIENT }));
    assert_eq!(code(p.meld_aan(&met_project(&p)).await), C::BestemmingOnjuist, "zonder lijst verandert er niets");
    p.config.instellingen.extra_bestemmingen = vec!["287654321098765432".into()];
    assert!(p.meld_aan(&met_project(&p)).await.is_ok());
    assert!(p.met_claims(json!({})).await.is_ok(), "wij alleen blijft goed, ook zonder azp");
    for (aud, azp, gezien) in [
        (json!([CLIENT, "287654321098765432"]), json!(null), "zonder 'azp'"),
        (json!([CLIENT, "287654321098765432"]), json!("elders"), "azp elders"),
        (json!([CLIENT, "287654321098765432", "elders"]), json!(CLIENT), "elders"),
        (json!(["287654321098765432"]), json!(CLIENT), "287654321098765432"),
        (json!("287654321098765432"), json!(CLIENT), "287654321098765432"),
        (json!([CLIENT, "28765432109876543"]), json!(CLIENT), "28765432109876543"),
    ] {
        let fout = p.met_claims(json!({ "aud": aud, "azp": azp })).await.unwrap_err();
        assert_eq!(fout.code, C::BestemmingOnjuist, "{aud} {azp}");
        assert!(fout.gezien.unwrap().contains(gezien) && fout.verwacht.unwrap().contains("287654321098765432"), "{aud} {azp}");
    }
}

#[tokio::test]
async fn een_claim_die_mag_ontbreken_en_null_is_ontbreekt() {
    let p = Proef::start();
    for naam in ["azp", "nbf", "at_hash", "auth_time"] {
        let mut claims = p.claims();
        claims[naam] = json!(null);
        assert!(p.meld_aan(&claims).await.is_ok(), "{naam}");
    }
    for naam in ["iat", "exp"] {
        let mut claims = p.claims();
        claims[naam] = json!(null);
        let fout = p.meld_aan(&claims).await.unwrap_err();
        assert_eq!((fout.code, fout.gezien.as_deref()), (C::ClaimOntbreekt, Some("niet aanwezig")), "{naam}");
    }
}

#[tokio::test]
async fn stap_6_een_handtekening_van_een_ander_telt_niet() {
    let p = Proef::start();
    let vreemd = SigningKey::generate().unwrap();
    p.geeft(&vreemd.sign("JWT", &p.claims()).unwrap());
    assert_eq!(code(p.terug().await), C::SleutelOnbekend, "een vreemde kid");
    let goed = p.sleutel.sign("JWT", &p.claims()).unwrap();
    let (kop, rest) = goed.split_once('.').unwrap();
    let (_, handtekening) = rest.split_once('.').unwrap();
    let vervalst = format!("{kop}.{}.{handtekening}", deel(&p.claims_met(json!({ "sub": "iemand-anders" }))));
    p.geeft(&vervalst);
    assert_eq!(code(p.terug().await), C::HandtekeningOnjuist);
    // Dezelfde kid, een andere sleutel.
    let kop = deel(&json!({ "alg": "ES256", "typ": "JWT", "kid": p.sleutel.kid() }));
    let ander = vreemd.sign("JWT", &p.claims()).unwrap();
    let mut delen = ander.split('.').skip(1);
    p.geeft(&format!("{kop}.{}.{}", delen.next().unwrap(), delen.next().unwrap()));
    assert_eq!(code(p.terug().await), C::HandtekeningOnjuist);
}

#[tokio::test]
async fn stap_7_en_8_none_en_hmac_en_niet_geregistreerde_algoritmen_tellen_niet() {
    let mut p = Proef::start();
    for alg in ["none", "NONE", "None", ""] {
        p.geeft(&format!("{}.{}.", deel(&json!({ "alg": alg, "typ": "JWT" })), deel(&p.claims())));
        assert_eq!(code(p.terug().await), C::AlgoritmeNietToegestaan, "{alg}");
    }
    // HMAC met de publieke sleutel als geheim, en met ons clientgeheim.
    for geheim in [p.sleutel.public_jwk().to_string(), super::idp::GEHEIM.to_owned()] {
        for alg in [jsonwebtoken::Algorithm::HS256, jsonwebtoken::Algorithm::HS384, jsonwebtoken::Algorithm::HS512] {
            let kop = jsonwebtoken::Header { kid: Some(p.sleutel.kid().to_owned()), ..jsonwebtoken::Header::new(alg) };
            p.geeft(&jsonwebtoken::encode(&kop, &p.claims(), &jsonwebtoken::EncodingKey::from_secret(geheim.as_bytes())).unwrap());
            assert_eq!(code(p.terug().await), C::AlgoritmeNietToegestaan, "{alg:?}");
        }
    }
    p.config.instellingen.algoritmen = vec![domain::identiteitsproviders::IdpAlgoritme::Rs256];
    let fout = p.meld_aan(&p.claims()).await.unwrap_err();
    assert_eq!((fout.code, fout.verwacht.as_deref(), fout.gezien.as_deref()), (C::AlgoritmeNietToegestaan, Some("RS256"), Some("ES256")));
}

#[tokio::test]
async fn een_sleutel_of_uitbreiding_uit_de_kop_telt_niet() {
    let p = Proef::start();
    let goed = p.sleutel.sign("JWT", &p.claims()).unwrap();
    let rest = goed.split_once('.').unwrap().1;
    for (naam, waarde) in [
        ("crit", json!(["b64"])),
        ("jku", json!("https://elders.example/jwks")),
        ("jwk", p.sleutel.public_jwk().clone()),
        ("x5u", json!("https://elders.example/keten.pem")),
    ] {
        let mut kop = json!({ "alg": "ES256", "typ": "JWT", "kid": p.sleutel.kid() });
        kop[naam] = waarde;
        p.geeft(&format!("{}.{rest}", deel(&kop)));
        assert_eq!(code(p.terug().await), C::TokenkopNietToegestaan, "{naam}");
    }
    assert_eq!(p.idp.aantal("/jwks"), 1, "een kop leidt nooit tot een verzoek elders");
}

#[tokio::test]
async fn stap_9_en_10_tijden_zijn_verplicht_en_kloppen() {
    let p = Proef::start();
    let t = nu().timestamp();
    for (wijziging, verwacht) in [
        (json!({ "exp": null }), C::ClaimOntbreekt),
        (json!({ "iat": null }), C::ClaimOntbreekt),
        (json!({ "exp": (t + 300).to_string() }), C::ClaimOntbreekt),
        (json!({ "iat": "nu" }), C::ClaimOntbreekt),
        (json!({ "nbf": "nu" }), C::ClaimOntbreekt),
        (json!({ "exp": t - 61 }), C::TokenVerlopen),
        (json!({ "iat": t + 61 }), C::KlokLooptUit),
        (json!({ "nbf": t + 61 }), C::KlokLooptUit),
    ] {
        assert_eq!(code(p.met_claims(wijziging.clone()).await), verwacht, "{wijziging}");
    }
    for goed in [json!({ "exp": t - 59 }), json!({ "iat": t + 60 }), json!({ "nbf": t + 1 }), json!({ "exp": t as f64 + 300.5 })] {
        assert!(p.met_claims(goed.clone()).await.is_ok(), "{goed}");
    }
}

#[tokio::test]
async fn stap_11_de_nonce_is_die_van_dit_vertrek() {
    let p = Proef::start();
    for nonce in [json!(null), json!(""), json!("een-andere-nonce-van-ooit"), json!(1), json!([super::idp::NONCE])] {
        assert_eq!(code(p.met_claims(json!({ "nonce": nonce })).await), C::NonceOnjuist, "{nonce}");
    }
}

#[tokio::test]
async fn stap_13_wie_een_verse_aanmelding_vraagt_krijgt_haar_of_niets() {
    let p = Proef::start();
    let t = nu().timestamp();
    for auth_time in [json!(null), json!(0), json!(-5), json!("nu"), json!(t + 3_600)] {
        assert_eq!(code(p.vers(300, json!({ "auth_time": auth_time })).await), C::AuthTimeOntbreekt, "{auth_time}");
    }
    // Het vertrek was vijf seconden geleden.
    assert_eq!(code(p.vers(0, json!({ "auth_time": t - 30 })).await), C::AanmeldingTeOud);
    assert_eq!(code(p.vers(300, json!({ "auth_time": t - 400 })).await), C::AanmeldingTeOud);
    assert!(p.vers(0, json!({ "auth_time": t - 3 })).await.is_ok());
    assert!(p.vers(0, json!({ "auth_time": t as f64 - 2.5 })).await.is_ok(), "een gebroken getal mag");
    assert!(p.vers(0, json!({ "auth_time": (t - 3).to_string() })).await.is_ok(), "een getal als tekst ook");
    assert_eq!(code(p.vers(0, json!({ "auth_time": (t - 30).to_string() })).await), C::AanmeldingTeOud);
    for (auth_time, gezien) in [(json!(null), "geen 'auth_time'"), (json!("nu"), "'auth_time' in een andere vorm dan een getal")] {
        assert_eq!(p.vers(300, json!({ "auth_time": auth_time })).await.unwrap_err().gezien.as_deref(), Some(gezien));
    }
    assert!(p.vers(300, json!({ "auth_time": t - 300 })).await.is_ok());
}

#[tokio::test]
async fn zonder_vraag_om_een_verse_aanmelding_telt_een_onzinnig_moment_als_geen_moment() {
    let p = Proef::start();
    for auth_time in [json!(null), json!(0), json!("nu"), json!(nu().timestamp() + 3_600)] {
        assert_eq!(p.met_claims(json!({ "auth_time": auth_time })).await.unwrap().auth_time(), None, "{auth_time}");
    }
}

#[tokio::test]
async fn at_hash_hoort_bij_het_toegangstoken_als_zij_er_is() {
    use sha2::Digest as _;
    let p = Proef::start();
    let hash = |tekst: &str| URL_SAFE_NO_PAD.encode(&sha2::Sha256::digest(tekst)[..16]);
    assert!(p.met_claims(json!({ "at_hash": hash("toegang-1") })).await.is_ok());
    assert!(p.met_claims(json!({ "at_hash": "" })).await.is_ok(), "een lege hash is er niet");
    for at_hash in [json!(hash("een-ander-token")), json!(1)] {
        assert_eq!(code(p.met_claims(json!({ "at_hash": at_hash })).await), C::AtHashOnjuist, "{at_hash}");
    }
}

#[tokio::test]
async fn zonder_sub_is_er_niemand() {
    let p = Proef::start();
    for sub in [json!(null), json!(""), json!(7), json!("x".repeat(256))] {
        assert_eq!(code(p.met_claims(json!({ "sub": sub })).await), C::ClaimOntbreekt, "{sub}");
    }
}

#[tokio::test]
async fn een_afmeldtoken_of_toegangstoken_is_geen_id_token() {
    let p = Proef::start();
    for typ in ["logout+jwt", "at+jwt", "application/at+jwt", "secevent+jwt", "dpop+jwt"] {
        p.geeft(&p.sleutel.sign(typ, &p.claims()).unwrap());
        assert_eq!(code(p.terug().await), C::TokenSoortOnjuist, "{typ}");
    }
    let events = json!({ "events": { "http://schemas.openid.net/event/backchannel-logout": {} } });
    assert_eq!(code(p.met_claims(events).await), C::TokenSoortOnjuist);
}

#[tokio::test]
async fn wat_geen_ondertekende_jwt_is_wordt_geweigerd() {
    let p = Proef::start();
    for onzin in ["geen token", "a.b", "a.b.c", "a.b.c.d.e", "..", "eyJhbGciOiJFUzI1NiJ9.e30."] {
        p.geeft(onzin);
        assert!(matches!(code(p.terug().await), C::IdTokenOnleesbaar | C::HandtekeningOnjuist), "{onzin}");
    }
    p.idp.met(|s| s.token = vec![super::idp::json_van(&json!({ "access_token": "a", "token_type": "Bearer" }))]);
    assert_eq!(code(p.terug().await), C::IdTokenOntbreekt);
}

#[tokio::test]
async fn een_idp_voor_meer_organisaties_spreekt_alleen_voor_de_eigen() {
    let mut p = Proef::start();
    p.config.instellingen.onderscheid = Some(domain::identiteitsproviders::Onderscheid { claim: "tid".into(), waarde: "t-1".into() });
    assert!(p.met_claims(json!({ "tid": "t-1" })).await.is_ok());
    for tid in [json!(null), json!("t-2"), json!("T-1"), json!(["t-1"])] {
        assert_eq!(code(p.met_claims(json!({ "tid": tid })).await), C::AndereOrganisatie, "{tid}");
    }
    for (tid, gezien) in [(json!(null), "geen claim 'tid'"), (json!("t-2"), "t-2"), (json!(["t-1"]), "'tid' is een lijst")] {
        assert_eq!(p.met_claims(json!({ "tid": tid })).await.unwrap_err().gezien.as_deref(), Some(gezien));
    }
}

#[tokio::test]
async fn gegevens_die_geen_opslag_aankan_komen_niet_binnen() {
    let p = Proef::start();
    for sub in ["a\u{0}b", "a\nb"] {
        assert_eq!(code(p.met_claims(json!({ "sub": sub })).await), C::ClaimOntbreekt, "{sub:?}");
    }
    assert!(p.met_claims(json!({ "sub": "é".repeat(255) })).await.is_ok(), "255 tekens, geen bytes");
    for email in
        ["noor", "@voorbeeld.example", "noor@", "no\u{0}or@voorbeeld.example", "noor @voorbeeld.example", &format!("{}@voorbeeld.example", "x".repeat(250))]
    {
        let wie = p.met_claims(json!({ "email": email })).await.unwrap();
        assert_eq!((wie.email(), wie.gemist().unwrap().gezien.as_deref()), (None, Some("'email' is geen e-mailadres")), "{email:?}");
    }
    assert_eq!(p.met_claims(json!({ "name": "No\u{0}or\r\n Voorbeeld" })).await.unwrap().naam(), Some("Noor Voorbeeld"));
}

#[tokio::test]
async fn een_kop_die_zegt_dat_het_een_jws_is_of_die_niets_zegt_mag() {
    let p = Proef::start();
    let alg = p.sleutel.alg().as_str();
    for kop in [json!({ "alg": alg, "kid": p.sleutel.kid(), "typ": "JOSE" }), json!({ "alg": alg, "kid": p.sleutel.kid(), "typ": null, "jku": null })] {
        p.geeft(&p.sleutel.sign_with_header(&kop, &p.claims()).unwrap());
        assert!(p.terug().await.is_ok(), "{kop}");
    }
}
