//! Een stuk is toegankelijk, herhaalbaar en leest niets buiten wat het krijgt.
#![cfg(test)]

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use stukken::pdf::{Sjabloon, maak};

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("moment")
}

fn registratie() -> Value {
    json!({
        "kenmerk": "R-1", "organisatie": "Waterschap Voorbeeldland", "versie": "2", "status": "Actief",
        "geldigVanaf": "15 januari 2027", "gemaaktOp": "15 januari 2027 9:00 uur", "mededeling": null,
        "inleiding": "De organisatie wijst deze personen aan.",
        "beheerders": [{ "naam": "Otto #strong[Voorbeeld]", "functie": "Informatiemanager", "bereik": ["otto@voorbeeld.example", "030 123 45 67"], "vervangt": "niemand", "stand": "Actief" }],
        "afspraken": { "titel": "Afspraken", "versie": "1", "artikelen": [{ "kop": "Beheer", "alineas": ["De beheerder houdt bij."] }] },
        "handtekeningen": [{ "namens": "Voor de organisatie", "naam": "Tess Voorbeeld", "rol": "tekenbevoegde", "op": "15 januari 2027", "aangemeldOp": "15 januari 2027", "sterkte": "mfa", "kenmerk": "abc" }],
    })
}

fn bevat(bytes: &[u8], tekst: &str) -> bool {
    bytes.windows(tekst.len()).any(|stuk| stuk == tekst.as_bytes())
}

#[test]
fn een_registratie_is_een_pdf_met_structuur_taal_en_titel() {
    let pdf = maak(Sjabloon::REGISTRATIE, &registratie(), moment()).expect("pdf");
    assert!(pdf.starts_with(b"%PDF-"));
    if let Some(pad) = std::env::var_os("STUK") {
        std::fs::write(pad, &pdf).expect("weggeschreven");
    }
    for kenmerk in ["/StructTreeRoot", "/Marked true", "/Lang(nl", "pdfuaid:part", "Registratie organisatiebeheerders LCMS"] {
        assert!(bevat(&pdf, kenmerk), "{kenmerk}");
    }
}

#[test]
fn een_teken_dat_niet_te_zetten_is_houdt_geen_stuk_tegen() {
    let mut stuk = registratie();
    for naam in ["Haven Voorbeeld 🚢", "港口", "👍🏽 🇳🇱 👨‍👩‍👧", "\u{feff}a\u{1}\u{1b}[31m\u{0}b\u{85}", "Гавань ميناء Łódź Ḁ"]
    {
        stuk["organisatie"] = json!(naam);
        assert!(maak(Sjabloon::REGISTRATIE, &stuk, moment()).is_ok(), "{naam:?}");
    }
}

#[test]
fn hetzelfde_stuk_op_hetzelfde_moment_is_byte_voor_byte_gelijk() {
    let stuk = || maak(Sjabloon::REGISTRATIE, &registratie(), moment()).expect("pdf");
    assert_eq!(stuk(), stuk());
}

#[test]
fn ontbrekende_gegevens_geven_een_fout_en_geen_half_stuk() {
    let mut half = registratie();
    half.as_object_mut().expect("object").remove("afspraken");
    let fout = maak(Sjabloon::REGISTRATIE, &half, moment()).expect_err("onvolledig").to_string();
    assert!(fout.contains("afspraken"), "{fout}");
}
