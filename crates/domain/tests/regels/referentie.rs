//! Stappenplannen en organisaties.

use domain::organisaties::{NieuweOrganisatie, OrganisatieWijziging};
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

#[test]
fn een_fase_telt_twee_stappen() {
    let mut fout = inhoud();
    let stap = fout.fasen[1].stappen.remove(0);
    fout.fasen[0].stappen.push(stap);
    let fouten = NieuwStappenplan { code: "2027".into(), titel: "Stappenplan 2027".into(), inhoud: fout }.maak(id(1), nu()).unwrap_err();
    assert_eq!(fouten[0].code, "stappen-ongeldig");
}

#[test]
fn een_oin_heeft_twintig_cijfers() {
    let maak = |oin: &str| {
        let kaal = serde_json::json!({ "naam": "Waterschap Voorbeeldland", "oin": oin });
        serde_json::from_value::<NieuweOrganisatie>(kaal).unwrap().maak(id(1), nu())
    };
    assert!(maak("00000001234567890000").is_ok());
    for fout in ["", "0000000123456789000", "000000012345678900000", "0000000123456789000x"] {
        assert_eq!(maak(fout).unwrap_err()[0].location, "/oin", "{fout}");
    }
}

#[test]
fn null_maakt_leeg_en_weglaten_laat_staan() {
    let nieuw = serde_json::json!({ "naam": "Waterschap Voorbeeldland", "afkorting": "WVL", "sectorCode": "water" });
    let oud = serde_json::from_value::<NieuweOrganisatie>(nieuw).unwrap().maak(id(1), nu()).unwrap();
    let wijziging: OrganisatieWijziging = serde_json::from_str(r#"{ "afkorting": null }"#).unwrap();
    let na = wijziging.toepassen(&oud, nu()).unwrap();
    assert_eq!((na.afkorting, na.sector_code.as_deref(), na.versie), (None, Some("water"), 2));
}
