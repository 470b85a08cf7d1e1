//! De verbindingstest wijst de goede oorzaak aan, met wat er gezien is.

use chrono::TimeDelta;
use domain::Id;
use domain::diagnose::DiagnoseCode as C;
use domain::identiteitsproviders::{Controleuitkomst, MfaPreset, Testverslag};
use federation::idp::{ClientAuthenticatie, ClientGeheim};
use federation::{Proef as Test, verbindingstest};
use serde_json::{Value, json};

use super::idp::{Proef, TERUG, Zegt, discovery, egress, fout, json_van, nu, preset, rng};

async fn doe(p: &Proef) -> Testverslag {
    let test = Test { instellingen: &p.config.instellingen, idp: Some(&p.config), redirect_uri: TERUG };
    verbindingstest(&egress(), &rng(), &test, nu()).await
}

fn uitkomst(verslag: &Testverslag, code: &str) -> (Controleuitkomst, Option<C>) {
    let c = verslag.controles.iter().find(|c| c.code == code).unwrap_or_else(|| panic!("geen {code}: {verslag:?}"));
    (c.uitkomst, c.diagnose.as_ref().map(|d| d.code))
}

async fn met(veld: &str, waarde: Value) -> Testverslag {
    let p = Proef::start();
    let mut document = discovery(&p.idp.adres);
    document[veld] = waarde;
    p.idp.met(|s| s.discovery = json_van(&document));
    doe(&p).await
}

#[tokio::test]
async fn een_goede_registratie_slaagt_in_vaste_volgorde() {
    let p = Proef::start();
    let verslag = doe(&p).await;
    assert!(verslag.geslaagd, "{verslag:?}");
    let codes: Vec<&str> = verslag.controles.iter().map(|c| c.code.as_str()).collect();
    assert_eq!(codes[..3], ["discovery-bereikbaar", "issuer-gelijk", "adressen-toegestaan"]);
    assert_eq!(codes.last(), Some(&"client"));
    assert_eq!(uitkomst(&verslag, "client").0, Controleuitkomst::Ok);
    assert!(!serde_json::to_string(&verslag).unwrap().contains("geheim:"));
}

#[tokio::test]
async fn iedere_oorzaak_heeft_haar_eigen_controle() {
    for (veld, waarde, controle, diagnose) in [
        ("issuer", json!("https://elders.example"), "issuer-gelijk", C::IssuerMismatch),
        ("jwks_uri", json!("https://10.0.0.1/"), "adressen-toegestaan", C::AdresNietToegestaan),
        ("token_endpoint", json!(null), "discovery-leesbaar", C::DiscoveryOnjuist),
        ("response_types_supported", json!(["id_token"]), "code-stroom", C::DiscoveryOnjuist),
        ("id_token_signing_alg_values_supported", json!(["HS256", "none"]), "algoritmen", C::AlgoritmeNietToegestaan),
    ] {
        let verslag = met(veld, waarde).await;
        assert!(!verslag.geslaagd, "{veld}");
        assert_eq!(uitkomst(&verslag, controle), (Controleuitkomst::Fout, Some(diagnose)), "{veld}");
    }
    let p = Proef::start();
    p.idp.met(|s| s.discovery = fout(503, "weg"));
    assert_eq!(uitkomst(&doe(&p).await, "discovery-bereikbaar"), (Controleuitkomst::Fout, Some(C::IdpOnbereikbaar)));
    let p = Proef::start();
    p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [{ "kty": "RSA", "use": "enc" }] })));
    assert_eq!(uitkomst(&doe(&p).await, "sleutels"), (Controleuitkomst::Fout, Some(C::SleutelsOnjuist)));
}

#[tokio::test]
async fn een_verkeerd_geheim_komt_aan_het_licht_zonder_dat_iemand_zich_aanmeldt() {
    let p = Proef::start();
    p.idp.met(|s| s.token = vec![fout(401, "invalid_client")]);
    let verslag = doe(&p).await;
    assert_eq!(uitkomst(&verslag, "client"), (Controleuitkomst::Fout, Some(C::ClientGeweigerd)));
    assert!(!verslag.geslaagd);
    p.idp.met(|s| s.token = vec![fout(400, "invalid_request")]);
    assert_eq!(uitkomst(&doe(&p).await, "client").0, Controleuitkomst::LetOp);
    p.idp.met(|s| s.token = vec![fout(404, "invalid_request")]);
    assert_eq!(uitkomst(&doe(&p).await, "client").0, Controleuitkomst::LetOp, "een vreemde status, maar wel een tokenadres");
    let mut zonder = Proef::start();
    zonder.config.client = ClientAuthenticatie::Basic(vec![]);
    assert_eq!(uitkomst(&doe(&zonder).await, "client"), (Controleuitkomst::Fout, Some(C::GeheimOntbreekt)));
}

#[tokio::test]
async fn een_tokenadres_dat_er_geen_is_laat_de_test_mislukken() {
    let p = Proef::start();
    let html = |status| Zegt { status, soort: "text/html".into(), inhoud: "<html>".into(), ..Zegt::default() };
    for (status, code) in
        [(302, C::TokenantwoordOnjuist), (404, C::IdpFoutmelding), (405, C::IdpFoutmelding), (501, C::IdpOnbereikbaar), (200, C::TokenantwoordOnjuist)]
    {
        p.idp.met(|s| s.token = vec![html(status)]);
        let verslag = doe(&p).await;
        assert_eq!(uitkomst(&verslag, "client"), (Controleuitkomst::Fout, Some(code)), "{status}");
        assert!(!verslag.geslaagd);
    }
    p.idp.met(|s| s.token = vec![html(500)]);
    assert_eq!(uitkomst(&doe(&p).await, "client").0, Controleuitkomst::LetOp, "wie op een onbekende code omvalt, kan op een echte goed antwoorden");
}

#[tokio::test]
async fn een_nieuw_geheim_dat_de_aanmelddienst_niet_kent_valt_op_ook_als_het_oude_nog_werkt() {
    let mut p = Proef::start();
    let geheim = |id: u128, waarde: &str| ClientGeheim::new(Id::from_u128(id), waarde.to_owned().into());
    p.config.client = ClientAuthenticatie::Basic(vec![geheim(20, "nieuw-geheim"), geheim(10, "oud-geheim")]);
    p.idp.met(|s| s.token = vec![fout(401, "invalid_client"), fout(400, "invalid_grant")]);
    let verslag = doe(&p).await;
    assert!(verslag.geslaagd, "aanmelden lukt nog");
    assert_eq!(uitkomst(&verslag, "client").0, Controleuitkomst::LetOp);
    p.idp.met(|s| s.token = vec![fout(400, "invalid_grant")]);
    assert_eq!(uitkomst(&doe(&p).await, "client").0, Controleuitkomst::Ok);
}

#[tokio::test]
async fn een_klok_die_te_veel_afwijkt_wordt_gemeten_en_genoemd() {
    let p = Proef::start();
    for (seconden, verwacht) in [(0, Controleuitkomst::Ok), (45, Controleuitkomst::LetOp), (-90, Controleuitkomst::Fout), (3_600, Controleuitkomst::Fout)] {
        let datum = (nu() + TimeDelta::seconds(seconden)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        p.idp.met(|s| s.datum = Some(datum));
        let verslag = doe(&p).await;
        assert_eq!(uitkomst(&verslag, "klok").0, verwacht, "{seconden}");
        let gezien = verslag.controles.iter().find(|c| c.code == "klok").unwrap().gezien.clone().unwrap();
        assert!(gezien.contains(&seconden.to_string()), "{gezien}");
    }
}

#[tokio::test]
async fn wat_alleen_aandacht_vraagt_houdt_niet_tegen() {
    let p = Proef::met_regel(preset(MfaPreset::EntraV2, &["c1"]));
    let verslag = doe(&p).await;
    assert!(verslag.geslaagd);
    assert_eq!(uitkomst(&verslag, "mfa-vraag").0, Controleuitkomst::LetOp);
    assert_eq!(uitkomst(&verslag, "mfa-claim").0, Controleuitkomst::Overgeslagen, "Entra ID noemt 'acrs' nooit");
    let p = Proef::met_regel(preset(MfaPreset::Adfs, &[]));
    p.zegt_van_zichzelf(json!({ "claims_supported": ["sub"] }));
    assert_eq!(uitkomst(&doe(&p).await, "mfa-claim").0, Controleuitkomst::LetOp);
    for (veld, controle) in [("code_challenge_methods_supported", "pkce"), ("scopes_supported", "scopes")] {
        let verslag = met(veld, json!(["iets-anders"])).await;
        assert!(verslag.geslaagd && uitkomst(&verslag, controle).0 == Controleuitkomst::LetOp, "{veld}");
    }
}

#[tokio::test]
async fn een_concept_is_te_testen_zonder_geheim() {
    let p = Proef::start();
    let test = Test { instellingen: &p.config.instellingen, idp: None, redirect_uri: TERUG };
    let verslag = verbindingstest(&egress(), &rng(), &test, nu()).await;
    assert!(verslag.geslaagd && uitkomst(&verslag, "client").0 == Controleuitkomst::Overgeslagen);
    assert_eq!(p.idp.aantal("/token"), 0);
}

#[tokio::test]
async fn eist_de_aanmelddienst_klaarleggen_dan_blijkt_bij_de_test_of_dat_lukt() {
    let p = Proef::start();
    let par = format!("{}/par", p.idp.adres);
    p.zegt_van_zichzelf(json!({ "require_pushed_authorization_requests": true, "pushed_authorization_request_endpoint": par }));
    let verslag = doe(&p).await;
    assert!(verslag.geslaagd && uitkomst(&verslag, "aanmeldverzoek").0 == Controleuitkomst::Ok, "{verslag:?}");
    assert_eq!(p.idp.laatste("/par").veld("redirect_uri").as_deref(), Some(TERUG), "een verkeerde redirect URI komt zo aan het licht");
    p.idp.met(|s| s.par = fout(400, "invalid_request"));
    assert_eq!(uitkomst(&doe(&p).await, "aanmeldverzoek"), (Controleuitkomst::Fout, Some(C::IdpFoutmelding)));
    for wijziging in [json!({ "require_pushed_authorization_requests": true }), json!({ "require_signed_request_object": true })] {
        p.zegt_van_zichzelf(wijziging);
        assert_eq!(uitkomst(&doe(&p).await, "aanmeldverzoek"), (Controleuitkomst::Fout, Some(C::DiscoveryOnjuist)));
    }
    assert_eq!(uitkomst(&doe(&Proef::start()).await, "aanmeldverzoek").0, Controleuitkomst::Ok);
}

#[tokio::test]
async fn een_aanmelddienst_die_haar_geheime_sleutel_publiceert_hoort_dat() {
    let p = Proef::start();
    for geheim in [p.sleutel.private_jwk().unwrap(), json!({ "kty": "oct", "kid": "k", "k": "c2V0" })] {
        p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [p.sleutel.public_jwk(), geheim] })));
        let verslag = doe(&p).await;
        assert_eq!(uitkomst(&verslag, "sleutels"), (Controleuitkomst::Fout, Some(C::SleutelsOnjuist)));
        assert!(!verslag.geslaagd && !serde_json::to_string(&verslag).unwrap().contains("c2V0"));
    }
}

#[tokio::test]
async fn ed25519_heet_ook_eddsa() {
    let mut p = Proef::start();
    p.config.instellingen.algoritmen = vec![domain::identiteitsproviders::IdpAlgoritme::EdDsa];
    for (namen, verwacht) in [(json!(["Ed25519"]), Controleuitkomst::Ok), (json!(["EdDSA"]), Controleuitkomst::Ok), (json!(["Ed448"]), Controleuitkomst::Fout)]
    {
        p.zegt_van_zichzelf(json!({ "id_token_signing_alg_values_supported": namen }));
        assert_eq!(uitkomst(&doe(&p).await, "algoritmen").0, verwacht, "{namen}");
    }
}

#[tokio::test]
async fn een_wijze_van_bekendmaken_die_niet_genoemd_wordt_maar_wel_werkt_vraagt_alleen_aandacht() {
    let p = Proef::start();
    p.zegt_van_zichzelf(json!({ "token_endpoint_auth_methods_supported": ["none"] }));
    let verslag = doe(&p).await;
    assert!(verslag.geslaagd && uitkomst(&verslag, "clientauthenticatie").0 == Controleuitkomst::LetOp, "{verslag:?}");
    p.idp.met(|s| s.token = vec![fout(401, "invalid_client")]);
    let verslag = doe(&p).await;
    assert_eq!(uitkomst(&verslag, "clientauthenticatie"), (Controleuitkomst::Fout, Some(C::ClientGeweigerd)));
    assert!(!verslag.geslaagd);
    // Zolang er niets te proberen is, telt wat de aanmelddienst noemt.
    let test = Test { instellingen: &p.config.instellingen, idp: None, redirect_uri: TERUG };
    assert_eq!(uitkomst(&verbindingstest(&egress(), &rng(), &test, nu()).await, "clientauthenticatie").0, Controleuitkomst::Fout);
}

#[tokio::test]
async fn iedere_sleutel_wordt_gelezen_zoals_bij_een_aanmelding() {
    let p = Proef::start();
    let rsa = provider::SigningKey::generate_for(domain::toepassingen::Algoritme::Rs256).unwrap();
    for (stuk, waarom) in super::sleutels::onleesbaar(rsa.public_jwk()) {
        let verwacht = format!("kid {}: {waarom}", rsa.kid());
        p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [stuk] })));
        let verslag = doe(&p).await;
        assert_eq!(uitkomst(&verslag, "sleutels"), (Controleuitkomst::Fout, Some(C::SleutelsOnjuist)), "{waarom}");
        assert!(verslag.controles.iter().any(|c| c.code == "sleutels" && c.gezien.as_deref().unwrap_or_default().contains(&verwacht)), "{verslag:?}");
        p.idp.met(|s| s.jwks = json_van(&json!({ "keys": [p.sleutel.public_jwk(), stuk] })));
        let verslag = doe(&p).await;
        assert!(verslag.geslaagd && uitkomst(&verslag, "sleutels").0 == Controleuitkomst::LetOp, "{waarom}");
        assert!(verslag.controles.iter().any(|c| c.code == "sleutels" && c.uitleg.contains(&verwacht)), "{verslag:?}");
    }
}

#[tokio::test]
async fn een_adres_waar_het_zonder_kan_vraagt_alleen_aandacht_en_wordt_genoemd() {
    for naam in ["end_session_endpoint", "userinfo_endpoint", "pushed_authorization_request_endpoint"] {
        for adres in [json!(""), json!("/uit"), json!("https://10.0.0.1/uit"), json!(1)] {
            let verslag = met(naam, adres.clone()).await;
            assert!(verslag.geslaagd && uitkomst(&verslag, "adressen-toegestaan").0 == Controleuitkomst::LetOp, "{naam} {adres}");
            assert!(verslag.controles.iter().any(|c| c.code == "adressen-toegestaan" && c.uitleg.contains(naam)), "{naam} {adres}");
        }
    }
    // Wie userinfo bij iedere aanmelding wil lezen, kan niet zonder.
    let mut p = Proef::start();
    p.config.instellingen.userinfo = domain::identiteitsproviders::Userinfogebruik::Altijd;
    p.zegt_van_zichzelf(json!({ "userinfo_endpoint": "" }));
    assert_eq!(uitkomst(&doe(&p).await, "adressen-toegestaan"), (Controleuitkomst::Fout, Some(C::AdresNietToegestaan)));
}

#[tokio::test]
async fn een_adres_zonder_document_is_te_bereiken_maar_niet_te_lezen() {
    let p = Proef::start();
    p.idp.met(|s| s.discovery = fout(404, "onbekend"));
    assert_eq!(uitkomst(&doe(&p).await, "discovery-leesbaar"), (Controleuitkomst::Fout, Some(C::DiscoveryOnjuist)));
    let p = Proef::start();
    p.idp.met(|s| s.jwks = fout(404, "onbekend"));
    assert_eq!(uitkomst(&doe(&p).await, "sleutels"), (Controleuitkomst::Fout, Some(C::SleutelsOnjuist)));
}
