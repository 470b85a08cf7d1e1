//! Stappenplannen en organisaties.

use domain::organisaties::NieuweOrganisatie;
use domain::referentie::NieuwStappenplan;

use super::{id, inhoud, nu, stappenplan};

#[test]
fn een_gepubliceerd_stappenplan_verandert_niet_meer() {
    let plan = stappenplan();
    assert_eq!(plan.mag_wijzigen().unwrap_err().code, "stappenplan-vastgesteld");
    assert_eq!(plan.publiceren(nu()).unwrap_err().code, "stappenplan-vastgesteld");
}

#[test]
fn een_stappenplan_heeft_zes_stappen_en_unieke_codes() {
    let mut fout = inhoud();
    fout.fasen[0].stappen[1].nummer = 3;
    fout.processchema[0].items[1].code = "opzet-1".into();
    fout.techniekacties[1].nummer = 1;
    let fouten = NieuwStappenplan { code: "2027".into(), titel: " ".into(), inhoud: fout }.maak(id(1), nu()).unwrap_err();
    assert_eq!(fouten.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["leeg", "stappen-ongeldig", "dubbel", "dubbel"]);
}

#[test]
fn alle_fouten_in_een_organisatie_worden_tegelijk_gemeld() {
    let nieuw = NieuweOrganisatie {
        naam: "  ".into(),
        afkorting: None,
        oin: None,
        sector_code: None,
        emaildomeinen: vec!["goed.example".into(), "FOUT".into(), "goed.example".into(), "a@b.example".into()],
        onderdeel_van: None,
    };
    let fouten = nieuw.maak(id(1), nu()).unwrap_err();
    assert_eq!(fouten.iter().map(|f| f.location.as_str()).collect::<Vec<_>>(), ["/naam", "/emaildomeinen/1", "/emaildomeinen/2", "/emaildomeinen/3"]);
}
