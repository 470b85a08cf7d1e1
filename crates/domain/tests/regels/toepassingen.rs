//! Clients: sleutels, profielen en adressen.

use domain::toepassingen::{ClientAuthenticatie, NieuweToepassing, Profiel, Scope, SubSoort, Toepassing, ToepassingStatus, ToepassingWijziging, adressen};
use serde_json::{Value, json};

use super::{id, nu};

fn sleutel() -> Value {
    json!({ "kty": "EC", "crv": "P-256", "kid": "een", "x": "a".repeat(43), "y": "b".repeat(43) })
}

fn maak(jwks: Value) -> Result<Toepassing, String> {
    NieuweToepassing::machine("Script", id(1), vec![Scope::TrajectenLezen], jwks).maak(id(2), nu()).map_err(|f| f[0].code.clone())
}

#[test]
fn een_sleutel_met_een_geheim_deel_wordt_geweigerd() {
    let mut prive = sleutel();
    prive["d"] = "geheim".into();
    assert_eq!(maak(json!({ "keys": [prive] })), Err("jwk-prive".into()));
    assert_eq!(maak(json!({ "keys": [{ "kty": "oct", "kid": "x", "k": "geheim" }] })), Err("jwk-prive".into()));
}

#[test]
fn alleen_sterke_publieke_sleutels_met_een_eigen_kid_zijn_goed() {
    assert!(maak(json!({ "keys": [sleutel()] })).is_ok());
    assert_eq!(maak(json!({})), Err("jwks-ongeldig".into()));
    assert_eq!(maak(json!({ "keys": [] })), Err("jwks-aantal".into()));
    assert_eq!(maak(json!({ "keys": [sleutel(), sleutel()] })), Err("dubbel".into()));
    assert_eq!(maak(json!({ "keys": [{ "kty": "RSA", "kid": "r", "n": "kort", "e": "AQAB" }] })), Err("jwk-ongeldig".into()));
    let versleutelen = json!({ "kty": "RSA", "use": "enc", "n": "x", "e": "AQAB" });
    assert_eq!(maak(json!({ "keys": [versleutelen] })), Err("jwk-gebruik".into()));
    assert!(maak(json!({ "keys": [sleutel(), versleutelen] })).is_ok(), "een sleutel voor versleutelen mag erbij staan");
}

#[test]
fn ingetrokken_is_voorgoed() {
    let t = maak(json!({ "keys": [sleutel()] })).unwrap();
    let weg = t.met_status(ToepassingStatus::Ingetrokken, nu()).unwrap();
    assert_eq!(weg.met_status(ToepassingStatus::Actief, nu()).unwrap_err().code, "toepassing-ingetrokken");
    assert_eq!(t.met_status(ToepassingStatus::Actief, nu()).unwrap_err().code, "status-ongewijzigd");
}

fn portaal(wijzig: impl FnOnce(&mut NieuweToepassing)) -> Result<Toepassing, Vec<(String, String)>> {
    let mut nieuw = NieuweToepassing::portaal("Portaal", id(1), "https://portaal.example/callback");
    nieuw.jwks = Some(json!({ "keys": [sleutel()] }));
    wijzig(&mut nieuw);
    nieuw.maak(id(2), nu()).map_err(|f| f.into_iter().map(|f| (f.location, f.code)).collect())
}

fn mis(wijzig: impl FnOnce(&mut NieuweToepassing), plaats: &str, code: &str) {
    let fouten = portaal(wijzig).expect_err(code);
    assert!(fouten.contains(&(plaats.to_owned(), code.to_owned())), "{plaats} {code}: {fouten:?}");
}

#[test]
fn een_minder_streng_profiel_kost_een_reden_en_alleen_daar_mag_een_geheim() {
    assert!(portaal(|_| {}).is_ok());
    mis(|n| n.profiel = Some(Profiel::Oidc), "/profielReden", "verplicht");
    mis(|n| n.client_authenticatie = Some(ClientAuthenticatie::ClientSecretBasic), "/clientAuthenticatie", "geheim-niet-toegestaan");
    let oidc = |n: &mut NieuweToepassing| (n.profiel, n.profiel_reden, n.jwks) = (Some(Profiel::Oidc), Some("standaardsoftware".into()), None);
    let gemaakt = portaal(oidc).unwrap();
    assert_eq!((gemaakt.client_authenticatie, gemaakt.id_token_algoritme.as_str()), (ClientAuthenticatie::ClientSecretBasic, "RS256"));
}

#[test]
fn fapi2_eist_par_en_tokens_aan_een_sleutel() {
    let fapi = portaal(|n| n.profiel = Some(Profiel::Fapi2)).unwrap();
    assert!(fapi.par_verplicht && fapi.dpop_verplicht);
    mis(|n| (n.profiel, n.dpop_verplicht) = (Some(Profiel::Fapi2), Some(false)), "/dpopVerplicht", "fapi2-eist-binding");
    mis(|n| (n.profiel, n.par_verplicht) = (Some(Profiel::Fapi2), Some(false)), "/parVerplicht", "fapi2-eist-par");
    let rsa = |alg: &str| json!({ "kty": "RSA", "kid": alg, "alg": alg, "n": "n".repeat(342), "e": "AQAB" });
    mis(|n| (n.profiel, n.jwks) = (Some(Profiel::Fapi2), Some(json!({ "keys": [rsa("RS256")] }))), "/jwks", "fapi2-algoritme");
    assert!(portaal(|n| (n.profiel, n.jwks) = (Some(Profiel::Fapi2), Some(json!({ "keys": [rsa("RS256"), rsa("PS256")] })))).is_ok());
    let okp = |crv: &str| json!({ "keys": [{ "kty": "OKP", "kid": "a", "crv": crv, "x": "x".repeat(43) }] });
    assert!(portaal(|n| (n.profiel, n.jwks) = (Some(Profiel::Fapi2), Some(okp("Ed25519")))).is_ok());
    mis(|n| n.jwks = Some(okp("X25519")), "/jwks/keys/0", "jwk-ongeldig");
}

#[test]
fn sleutels_staan_op_een_plaats_en_een_certificaat_noemt_zijn_onderwerp() {
    mis(|n| n.jwks_uri = Some("https://portaal.example/jwks".into()), "/jwksUri", "jwks-dubbel");
    mis(|n| n.jwks = None, "/jwks", "jwks-ongeldig");
    mis(|n| n.client_authenticatie = Some(ClientAuthenticatie::TlsClientAuth), "/tlsSubjectDn", "verplicht");
    mis(|n| (n.jwks, n.jwks_uri) = (None, Some("http://portaal.example/jwks".into())), "/jwksUri", "adres-ongeldig");
}

#[test]
fn een_redirect_uri_is_een_volledig_https_adres_of_een_programma_op_de_eigen_computer() {
    for goed in ["https://a.example/cb", "https://a.example:8443/cb?x=1", "http://127.0.0.1/cb", "http://[::1]:8000/cb"] {
        assert!(portaal(|n| n.redirect_uris = vec![goed.into()]).is_ok(), "{goed}");
    }
    for fout in [
        "http://a.example/cb",
        "http://localhost/cb",
        "https://a.example/cb#x",
        "https://u:p@a.example/cb",
        "https://*.a.example/cb",
        "/cb",
        "mijnapp://cb",
        "https:///cb",
        "https://a.example:0/cb",
        "javascript://a.example/%0aalert(1)",
        "https://a.example/c b",
        "https://a.example\\@b.example/",
        "",
    ] {
        mis(|n| n.redirect_uris = vec![fout.into()], "/redirectUris/0", "redirect-uri-ongeldig");
    }
    mis(|n| n.redirect_uris = vec![], "/redirectUris", "verplicht");
}

#[test]
fn alleen_standaardsoftware_mag_localhost_noemen_en_gegevens_in_het_id_token_krijgen() {
    let oidc = |n: &mut NieuweToepassing| (n.profiel, n.profiel_reden) = (Some(Profiel::Oidc), Some("standaardsoftware".into()));
    let gemaakt = portaal(|n| {
        oidc(n);
        (n.redirect_uris, n.gegevens_in_id_token) = (vec!["http://localhost:3000/cb".into()], true);
    })
    .unwrap();
    assert!(gemaakt.gegevens_in_id_token && gemaakt.kent_redirect_uri("http://localhost:3000/cb"));
    assert!(!gemaakt.kent_redirect_uri("http://localhost:3001/cb"), "de poort mag alleen bij een adres in cijfers verschillen");
    for profiel in [Profiel::NlGov, Profiel::Fapi2] {
        mis(|n| (n.profiel, n.gegevens_in_id_token) = (Some(profiel), true), "/gegevensInIdToken", "gegevens-niet-toegestaan");
        mis(|n| (n.profiel, n.redirect_uris) = (Some(profiel), vec!["http://localhost/cb".into()]), "/redirectUris/0", "redirect-uri-ongeldig");
    }
    let https = |n: &mut NieuweToepassing| n.redirect_uris = vec!["https://localhost:8443/cb".into()];
    mis(https, "/redirectUris/0", "redirect-uri-ongeldig");
    portaal(|n| (n.profiel, n.redirect_uris) = (Some(Profiel::Fapi2), vec!["https://localhost:8443/cb".into()])).unwrap();
    assert!(!portaal(oidc).unwrap().gegevens_in_id_token, "zonder vraag niet (OIDC Core, 5.4)");
}

#[test]
fn een_adres_past_letter_voor_letter_en_alleen_op_de_eigen_computer_met_elke_poort() {
    let vast = "https://a.example/cb";
    for anders in
        ["https://a.example/cb/", "https://A.example/cb", "https://a.example:443/cb", "https://a.example/cb?x", "http://a.example/cb", "https://a.example/CB"]
    {
        assert!(!adressen::past(vast, anders), "{anders}");
    }
    assert!(adressen::past(vast, vast));
    assert!(adressen::past("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb"));
    for anders in [
        "http://127.0.0.1:51234/ander",
        "http://localhost:51234/cb",
        "http://[::1]:51234/cb",
        "https://127.0.0.1:51234/cb",
        "http://127.0.0.1@a.example/cb",
        "http://127.0.0.1:x/cb",
    ] {
        assert!(!adressen::past("http://127.0.0.1/cb", anders), "{anders}");
    }
}

#[test]
fn een_machine_heeft_geen_browser_en_een_sub_per_sector_een_sector() {
    mis(|n| n.soort = None, "/redirectUris", "machine-zonder-browser");
    mis(|n| (n.soort, n.offline_toegang) = (None, true), "/offlineToegang", "machine-zonder-browser");
    mis(
        |n| (n.sub_soort, n.redirect_uris) = (Some(SubSoort::Pairwise), vec!["https://a.example/cb".into(), "https://b.example/cb".into()]),
        "/subSoort",
        "sector-onduidelijk",
    );
}

#[test]
fn een_wijziging_wordt_gekeurd_zoals_een_registratie() {
    let oud = portaal(|_| {}).unwrap();
    let leeg = ToepassingWijziging { jwks: Some(None), ..Default::default() };
    assert_eq!(leeg.toepassen(&oud, nu()).unwrap_err()[0].code, "jwks-ongeldig");
    let anders = ToepassingWijziging { naam: Some(" Nieuw ".into()), ..Default::default() };
    let nieuw = anders.toepassen(&oud, nu()).unwrap();
    assert_eq!((nieuw.naam.as_str(), nieuw.versie), ("Nieuw", 2));
}
