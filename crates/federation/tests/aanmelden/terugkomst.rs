//! Het antwoord van de IdP hoort bij dit vertrek, komt van deze IdP, en is één code of een fout.

use domain::diagnose::{DiagnoseCode as C, Eigenaar};
use federation::{CallbackParams, Verwacht};
use serde_json::json;

use super::idp::{Proef, STATE, code, discovery, json_van};

async fn met(p: &Proef, query: &str) -> C {
    p.geeft(&p.sleutel.sign("JWT", &p.claims()).unwrap());
    let params = match CallbackParams::parse(query) {
        Ok(params) => params,
        Err(fout) => return fout.code,
    };
    code(p.terug_met(&params, &Proef::verwacht()).await)
}

#[tokio::test]
async fn een_antwoord_zonder_de_state_van_dit_vertrek_telt_niet() {
    let p = Proef::start();
    for query in ["code=c-1", "code=c-1&state=", "code=c-1&state=een-andere", "code=c-1&state=state-van-dit-vertreK", "error=access_denied&state=anders"] {
        assert_eq!(met(&p, query).await, C::StateOnjuist, "{query}");
    }
    assert_eq!(p.idp.aantal("/token"), 0, "er wordt niets ingewisseld");
}

#[tokio::test]
async fn een_herhaalde_parameter_wordt_geweigerd() {
    let p = Proef::start();
    for query in ["code=a&code=b&state=s", "state=s&code=a&state=s", "code=a&state=s&iss=x&iss=x"] {
        assert_eq!(met(&p, query).await, C::TerugkeerOnjuist, "{query}");
    }
}

#[tokio::test]
async fn de_iss_parameter_is_die_van_deze_idp_en_ontbreekt_alleen_als_hij_niet_is_aangekondigd() {
    let p = Proef::start();
    let goed = format!("code=c-1&state={STATE}&iss={}", p.idp.adres);
    p.geeft(&p.sleutel.sign("JWT", &p.claims()).unwrap());
    assert!(p.terug_met(&CallbackParams::parse(&goed).unwrap(), &Proef::verwacht()).await.is_ok());
    for iss in ["https://elders.example".to_owned(), format!("{}/", p.idp.adres)] {
        assert_eq!(met(&p, &format!("code=c-1&state={STATE}&iss={iss}")).await, C::IssParameterOnjuist);
        assert_eq!(met(&p, &format!("error=access_denied&state={STATE}&iss={iss}")).await, C::IssParameterOnjuist, "ook bij een fout");
    }
    let p = Proef::start();
    let mut document = discovery(&p.idp.adres);
    document["authorization_response_iss_parameter_supported"] = json!(true);
    p.idp.met(|s| s.discovery = json_van(&document));
    assert_eq!(met(&p, &format!("code=c-1&state={STATE}")).await, C::IssParameterOnjuist);
    assert_eq!(p.idp.aantal("/token"), 0);
}

#[tokio::test]
async fn iedere_fout_van_de_idp_krijgt_haar_code_en_eigenaar() {
    let p = Proef::start();
    for (fout, verwacht, eigenaar) in [
        ("access_denied", C::AfgebrokenBijIdp, Eigenaar::Gebruiker),
        ("login_required", C::AanmeldingNodig, Eigenaar::Gebruiker),
        // Wij vragen nooit om stil aan te melden: dit kan alleen de IdP-beheerder oplossen.
        ("interaction_required", C::IdpFoutmelding, Eigenaar::OrganisatieIdp),
        ("consent_required", C::IdpFoutmelding, Eigenaar::OrganisatieIdp),
        ("unmet_authentication_requirements", C::MfaNietBewezen, Eigenaar::OrganisatieIdp),
        ("temporarily_unavailable", C::IdpOnbereikbaar, Eigenaar::OrganisatieIdp),
        ("unauthorized_client", C::ClientGeweigerd, Eigenaar::OrganisatieIdp),
        ("invalid_scope", C::IdpFoutmelding, Eigenaar::OrganisatieIdp),
    ] {
        let query = format!("error={fout}&error_description=AADSTS50105%0A+uitleg&state={STATE}");
        let params = CallbackParams::parse(&query).unwrap();
        let diagnose = p.terug_met(&params, &Proef::verwacht()).await.unwrap_err();
        assert_eq!((diagnose.code, diagnose.eigenaar), (verwacht, eigenaar), "{fout}");
        assert_eq!(diagnose.gezien.unwrap(), format!("{fout}: AADSTS50105  uitleg"));
        assert_eq!(diagnose.verwacht.as_deref(), Some("een code"), "{fout}");
    }
    assert_eq!(met(&p, &format!("state={STATE}")).await, C::TerugkeerOnjuist);
    assert_eq!(met(&p, &format!("state={STATE}&code=")).await, C::TerugkeerOnjuist);
}

#[tokio::test]
async fn een_aanmeldvenster_dat_te_lang_openstond_is_geen_storing() {
    let p = Proef::start();
    let params = CallbackParams::parse(&format!("error=temporarily_unavailable&error_description=authentication_expired&state={STATE}")).unwrap();
    assert_eq!(code(p.terug_met(&params, &Proef::verwacht()).await), C::AfgebrokenBijIdp, "zo zegt Keycloak het");
}

#[tokio::test]
async fn wie_pkce_niet_noemt_en_het_verzoek_onjuist_vindt_hoort_dat_het_daaraan_kan_liggen() {
    let params = CallbackParams::parse(&format!("error=invalid_request&state={STATE}")).unwrap();
    for (methoden, genoemd) in [(json!(null), false), (json!(["plain"]), false), (json!(["plain", "S256"]), true)] {
        let p = Proef::start();
        p.zegt_van_zichzelf(json!({ "code_challenge_methods_supported": methoden }));
        let diagnose = p.terug_met(&params, &Proef::verwacht()).await.unwrap_err();
        assert_eq!(diagnose.code, C::IdpFoutmelding);
        assert_eq!(diagnose.verwacht.unwrap().contains("PKCE"), !genoemd, "{methoden}");
    }
}

#[tokio::test]
async fn een_bewijs_van_een_ander_vertrek_is_niet_te_gebruiken() {
    let p = Proef::start();
    p.geeft(&p.sleutel.sign("JWT", &p.claims()).unwrap());
    let ander = Verwacht { nonce: "nonce-van-een-ander-vertrek".into(), ..Proef::verwacht() };
    assert_eq!(code(p.terug_met(&Proef::params(), &ander).await), C::NonceOnjuist);
}
