//! Het resultaat van een afname is een toegankelijke PDF met de radar erin.
#![cfg(test)]

use chrono::DateTime;
use serde_json::{Value, json};
use stukken::pdf::{Sjabloon, maak_met_beelden};
use stukken::svg::{Reeks, radar};

fn gegevens() -> Value {
    let vraag = |nummer: i32| json!({ "nummer": format!("{nummer} •"), "vraag": "Houdt het team een overzicht van mogelijke #stakeholders bij?", "score": "0,75", "spreiding": "0,50 tot 1,00", "telt": "4 van 5", "verschil": "+0,10" });
    json!({
        "titel": "Go-live oefening", "organisatie": "Waterschap Voorbeeldland", "datum": "14 januari 2027", "team": "Crisisteam (tactisch)", "lijst": "SNW-3 uitgave 2.1", "stand": "gesloten", "waarnemers": "5",
        "schaal": "voorlopig", "vorige": "geen eerdere afname", "gemaaktOp": "15 januari 2027", "mededeling": "Er is geen norm.", "radarTekst": "Radar: Netwerkvorming 0,75.",
        "groepen": [{ "titel": "Totaal", "score": "0,75", "verschil": "geen", "vragen": "35 van 35" }],
        "vragen": [json!({ "titel": "Netwerkvorming", "vragen": (1..=35).map(vraag).collect::<Vec<_>>() })],
        "opmerkingen": [{ "vraag": "1", "wie": "NIPV", "tekst": "Het overzicht *werd* niet bijgewerkt." }],
    })
}

#[test]
fn een_resultaat_is_een_pdf_met_structuur_taal_titel_en_beeld() {
    let assen: Vec<String> = ["Netwerkvorming", "Eigen beelden", "Rolinvulling"].map(str::to_owned).to_vec();
    let beeld = radar("Categorieën", "SNW-3", &assen, &[Reeks { naam: "Nu".to_owned(), waarden: vec![Some(0.5), Some(0.75), None] }]);
    let moment = DateTime::from_timestamp(1_800_000_000, 0).expect("moment");
    let pdf = maak_met_beelden(Sjabloon::RESULTAAT, &gegevens(), &[("radar.svg", beeld.as_bytes())], moment).expect("pdf");
    if let Some(pad) = std::env::var_os("STUK") {
        std::fs::write(pad, &pdf).expect("weggeschreven");
    }
    for kenmerk in ["/StructTreeRoot", "/Lang(nl", "pdfuaid:part", "Go-live oefening"] {
        assert!(pdf.windows(kenmerk.len()).any(|stuk| stuk == kenmerk.as_bytes()), "{kenmerk}");
    }
}
