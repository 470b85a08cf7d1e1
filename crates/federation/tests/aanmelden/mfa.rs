//! MFA telt alleen als het ID-token het bewijst op de manier van de registratie.

use domain::diagnose::DiagnoseCode as C;
use domain::identiteitsproviders::{EidasNiveau, MfaKeuze, MfaPreset};
use provider::SigningKey;
use serde_json::json;

use super::idp::{Proef, code, nu, preset};

const MULTI: &str = "http://schemas.microsoft.com/claims/multipleauthn";
const SUBSTANTIAL: &str = "http://eidas.europa.eu/LoA/substantial";
const HIGH: &str = "http://eidas.europa.eu/LoA/high";
const REFEDS: &str = "https://refeds.org/profile/mfa";

#[tokio::test]
async fn entra_v2_bewijst_mfa_met_de_authentication_context() {
    let p = Proef::met_regel(preset(MfaPreset::EntraV2, &["c1"]));
    let wie = p.met_claims(json!({ "amr": null, "acrs": ["c2", "c1"] })).await.unwrap();
    assert_eq!((wie.acr(), wie.upstream_acrs()), (REFEDS, ["c2", "c1"].map(str::to_owned).as_slice()));
    assert_eq!(code(p.met_claims(json!({ "acrs": ["c2"] })).await), C::MfaNietBewezen);
    assert_eq!(code(p.met_claims(json!({ "acrs": [] })).await), C::MfaNietBewezen);
    for vorm in [json!("c1"), json!(1), json!({ "c1": true }), json!(["c1", 1]), json!(true)] {
        assert_eq!(code(p.met_claims(json!({ "acrs": vorm })).await), C::MfaClaimVormOnjuist, "{vorm}");
    }
}

#[tokio::test]
async fn zonder_acrs_noemt_de_diagnose_de_claim_en_twee_wegen() {
    let p = Proef::met_regel(preset(MfaPreset::EntraV2, &["c1"]));
    // amr met mfa helpt niet: de registratie zegt acrs.
    let fout = p.met_claims(json!({ "amr": ["mfa"] })).await.unwrap_err();
    assert_eq!(fout.code, C::AcrsClaimOntbreekt);
    assert!(fout.wat_nu.contains("optional claim") && fout.wat_nu.contains("versie 1"), "{}", fout.wat_nu);
    assert!(fout.verwacht.unwrap().contains("c1") && fout.gezien.unwrap().contains("acrs"));
}

#[tokio::test]
async fn amr_bewijst_mfa_met_mfa_of_twee_soorten_factoren() {
    let p = Proef::start();
    for genoeg in [json!(["mfa"]), json!(["pwd", "otp"]), json!(["hwk", "fpt"]), json!(["pin", "sc"]), json!(["pwd", "mfa"])] {
        assert!(p.met_claims(json!({ "amr": genoeg })).await.is_ok(), "{genoeg}");
    }
    for te_weinig in [json!([]), json!(["pwd"]), json!(["pwd", "pin"]), json!(["otp", "sms"]), json!(["pwd", "rba", "geo", "user", "pop", "mca", "wia"])] {
        assert_eq!(code(p.met_claims(json!({ "amr": te_weinig })).await), C::MfaNietBewezen, "{te_weinig}");
    }
    assert_eq!(code(p.met_claims(json!({ "amr": null })).await), C::AmrClaimOntbreekt);
}

#[tokio::test]
async fn amr_als_tekst_telt_alleen_als_de_registratie_dat_zegt() {
    let p = Proef::start();
    assert_eq!(code(p.met_claims(json!({ "amr": "mfa" })).await), C::MfaClaimVormOnjuist);
    let soepel = Proef::met_regel(MfaKeuze { tekst_toegestaan: true, ..preset(MfaPreset::Amr, &[]) });
    assert_eq!(soepel.met_claims(json!({ "amr": "mfa" })).await.unwrap().upstream_amr(), ["mfa".to_owned()]);
    assert_eq!(code(soepel.met_claims(json!({ "amr": "pwd" })).await), C::MfaNietBewezen);
    assert_eq!(code(soepel.met_claims(json!({ "amr": 1 })).await), C::MfaClaimVormOnjuist);
}

#[tokio::test]
async fn ad_fs_bewijst_mfa_met_multipleauthn_in_een_van_zijn_claims() {
    let p = Proef::met_regel(preset(MfaPreset::Adfs, &[]));
    for claim in ["amr", "authnmethodsreferences", "http://schemas.microsoft.com/claims/authnmethodsreferences"] {
        let wie = p.met_claims(json!({ "amr": ["pwd"], claim: ["urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", MULTI] })).await;
        assert!(wie.is_ok(), "{claim}");
    }
    assert_eq!(code(p.met_claims(json!({ "amr": ["mfa"] })).await), C::MfaNietBewezen);
}

#[tokio::test]
async fn keycloak_bewijst_mfa_met_een_afgesproken_niveau() {
    let p = Proef::met_regel(preset(MfaPreset::Acr, &["2", "gold"]));
    assert_eq!(p.met_claims(json!({ "acr": "gold" })).await.unwrap().upstream_acr(), Some("gold"));
    assert_eq!(code(p.met_claims(json!({ "acr": "1" })).await), C::MfaNietBewezen);
    assert_eq!(code(p.met_claims(json!({ "acr": "2 gold" })).await), C::MfaNietBewezen);
    assert_eq!(code(p.met_claims(json!({ "acr": 2 })).await), C::MfaClaimVormOnjuist);
    assert_eq!(code(p.met_claims(json!({ "acr": ["2"] })).await), C::MfaClaimVormOnjuist);
    assert_eq!(code(p.met_claims(json!({})).await), C::AcrClaimOntbreekt);
}

#[tokio::test]
async fn eidas_is_geordend_en_wordt_zonder_beoordeling_nooit_doorgegeven() {
    let mut p = Proef::met_regel(preset(MfaPreset::Eidas, &[]));
    assert_eq!(code(p.met_claims(json!({ "acr": "http://eidas.europa.eu/LoA/low" })).await), C::MfaNietBewezen);
    assert_eq!(code(p.met_claims(json!({ "acr": "http://eidas.europa.eu/LoA/supreme" })).await), C::MfaNietBewezen);
    assert_eq!(p.met_claims(json!({ "acr": HIGH })).await.unwrap().acr(), REFEDS);
    p.config.plafond = Some(EidasNiveau::Substantieel);
    assert_eq!(p.met_claims(json!({ "acr": HIGH })).await.unwrap().acr(), SUBSTANTIAL, "niet boven het plafond");
    assert_eq!(p.met_claims(json!({ "acr": SUBSTANTIAL })).await.unwrap().acr(), SUBSTANTIAL);
    p.config.plafond = Some(EidasNiveau::Hoog);
    assert_eq!(p.met_claims(json!({ "acr": SUBSTANTIAL })).await.unwrap().acr(), SUBSTANTIAL, "nooit meer dan gezegd");
    assert_eq!(p.met_claims(json!({ "acr": HIGH })).await.unwrap().acr(), HIGH);
    let hoog = Proef::met_regel(preset(MfaPreset::Eidas, &[HIGH]));
    assert_eq!(code(hoog.met_claims(json!({ "acr": SUBSTANTIAL })).await), C::MfaNietBewezen);
}

#[tokio::test]
async fn een_eigen_regel_toetst_een_eigen_claim() {
    let keuze: MfaKeuze = serde_json::from_value(json!({
        "preset": "vrij",
        "bewijs": [{ "claim": "zekerheid", "toets": "niveau", "waarden": ["laag", "midden", "hoog"], "minimum": "midden" }],
    }))
    .unwrap();
    let p = Proef::met_regel(keuze);
    assert!(p.met_claims(json!({ "zekerheid": "hoog" })).await.is_ok());
    assert_eq!(code(p.met_claims(json!({ "zekerheid": "laag" })).await), C::MfaNietBewezen);
    assert_eq!(code(p.met_claims(json!({})).await), C::MfaClaimOntbreekt);
}

#[tokio::test]
async fn wat_wij_doorgeven_is_nooit_meer_dan_rfc_8176_kent() {
    let p = Proef::start();
    let wie = p.met_claims(json!({ "amr": ["mfa", "leverancier-eigen", "rsa"] })).await.unwrap();
    assert_eq!(wie.amr(), ["mfa".to_owned()]);
    assert_eq!(wie.upstream_amr(), ["mfa", "leverancier-eigen", "rsa"].map(str::to_owned));
}

#[tokio::test]
async fn een_weigering_draagt_wat_een_echt_token_zei_en_niets_van_een_token_dat_niet_echt_is() {
    let p = Proef::start();
    let zwak = p.claims_met(json!({ "acr": "laag", "amr": ["pwd"] }));
    p.geeft(&p.sleutel.sign("JWT", &zwak).unwrap());
    let echt = p.hub.terugkomst(&p.config, &Proef::params(), &Proef::verwacht(), nu()).await.unwrap_err();
    let gezegd = echt.gezegd.unwrap();
    assert_eq!((echt.diagnose.code, gezegd.acr.as_deref(), gezegd.amr), (C::MfaNietBewezen, Some("laag"), vec!["pwd".to_owned()]));
    p.geeft(&SigningKey::generate().unwrap().sign("JWT", &zwak).unwrap());
    let vals = p.hub.terugkomst(&p.config, &Proef::params(), &Proef::verwacht(), nu()).await.unwrap_err();
    assert_eq!((vals.diagnose.code, vals.gezegd), (C::SleutelOnbekend, None));
}

#[tokio::test]
async fn wat_een_idp_zegt_wordt_begrensd_bewaard_en_zonder_besturingstekens() {
    let p = Proef::start();
    let veel: Vec<String> = (0..5_000).map(|n| format!("m{n}")).chain(["mfa".to_owned()]).collect();
    p.geeft(&p.sleutel.sign("JWT", &p.claims_met(json!({ "acr": format!("a\u{0}b\n{}", "x".repeat(10_000)), "amr": veel }))).unwrap());
    let wie = p.terug().await.unwrap();
    assert!(wie.upstream_acr().unwrap().starts_with("a b x") && wie.upstream_acr().unwrap().len() == 200);
    assert_eq!(wie.upstream_amr().len(), 50);
    assert_eq!(wie.amr(), ["mfa".to_owned()], "MFA is beoordeeld over alles wat er stond");
}
