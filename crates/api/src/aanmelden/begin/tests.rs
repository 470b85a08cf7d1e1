use chrono::{DateTime, TimeDelta};
use domain::Id;
use domain::sessies::{LANGST, Sessie};
use provider::authorize::{ClaimsVerzoek, GeldigVerzoek, Prompt, ResponseMode, Terugweg};

use super::{Besluit, besluit};

fn verzoek(prompt: &[Prompt], max_age: Option<i64>, acr: &[&str]) -> GeldigVerzoek {
    GeldigVerzoek {
        client_id: Id::from_u128(1),
        terugweg: Terugweg { redirect_uri: "https://portaal.example/".to_owned(), response_mode: ResponseMode::Query, state: None },
        nonce: None,
        scopes: Vec::new(),
        code_challenge: None,
        prompt: prompt.to_vec(),
        max_age,
        acr_eisen: if acr.is_empty() { Vec::new() } else { vec![acr.iter().map(ToString::to_string).collect()] },
        acr_wens: Vec::new(),
        claims: ClaimsVerzoek::default(),
        sub: None,
        id_token_hint: None,
        login_hint: None,
        organisatie: None,
        ui_locales: Vec::new(),
        audience: String::new(),
        dpop_jkt: None,
        klaargelegd: None,
    }
}

fn sessie(leeftijd: i64) -> Sessie {
    let nu = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    Sessie {
        id: Id::from_u128(1),
        persoon_id: Id::from_u128(2),
        organisatie_id: Id::from_u128(3),
        identiteitsprovider_id: None,
        issuer: String::new(),
        upstream_sub: String::new(),
        upstream_sid: None,
        acr: Some("https://refeds.org/profile/mfa".to_owned()),
        amr: Vec::new(),
        upstream_acr: None,
        upstream_amr: Vec::new(),
        auth_time: nu - TimeDelta::seconds(leeftijd),
        gestart_op: nu,
        laatst_gebruikt_op: nu,
        verloopt_op: nu + LANGST,
        beeindigd_op: None,
        einde_reden: None,
    }
}

#[test]
fn een_sessie_volstaat_alleen_als_zij_aan_alles_voldoet() {
    let nu = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let bij = |prompt: &[Prompt], max_age, acr: &[&str]| besluit(&verzoek(prompt, max_age, acr), Some(&sessie(60)), true, nu);
    let hoog = ["http://eidas.europa.eu/LoA/high"];
    assert_eq!(bij(&[], None, &[]), Besluit::Code);
    assert_eq!(bij(&[Prompt::Consent], Some(60), &["https://refeds.org/profile/mfa"]), Besluit::Code);
    assert_eq!(bij(&[Prompt::None], Some(60), &[]), Besluit::Code);
    assert_eq!(bij(&[Prompt::Login], None, &[]), Besluit::Aanmelden);
    assert_eq!(bij(&[Prompt::SelectAccount], None, &[]), Besluit::Aanmelden);
    assert_eq!(bij(&[], Some(59), &[]), Besluit::Aanmelden);
    assert_eq!(bij(&[], Some(0), &[]), Besluit::Aanmelden);
    assert_eq!(bij(&[], None, &hoog), Besluit::Aanmelden);
    assert_eq!(besluit(&verzoek(&[], None, &[]), Some(&sessie(60)), false, nu), Besluit::Aanmelden);
    assert_eq!(besluit(&verzoek(&[], None, &[]), None, true, nu), Besluit::Aanmelden);
}

#[test]
fn zonder_bladzijde_is_het_antwoord_een_fout_die_zegt_wat_er_nodig_is() {
    let nu = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let fout = |verzoek: &GeldigVerzoek, sessie: Option<&Sessie>, zelfde| match besluit(verzoek, sessie, zelfde, nu) {
        Besluit::Stil(error, _) => error,
        anders => panic!("{anders:?}"),
    };
    let stil = [Prompt::None];
    assert_eq!(fout(&verzoek(&stil, None, &[]), None, true), "login_required");
    assert_eq!(fout(&verzoek(&stil, None, &[]), Some(&sessie(60)), false), "login_required");
    assert_eq!(fout(&verzoek(&stil, Some(30), &[]), Some(&sessie(60)), true), "login_required");
    assert_eq!(fout(&verzoek(&stil, None, &["http://eidas.europa.eu/LoA/high"]), Some(&sessie(60)), true), "interaction_required");
}
