//! Warmtekaart: rijen maal kolommen, met het cijfer in iedere cel.

use std::fmt::Write;

use super::{BREEDTE, Beeld, getal, maybe_getal, regels};

/// Een rij van de kaart.
#[derive(Clone, Debug)]
pub struct Rij {
    /// Naam.
    pub naam: String,
    /// Waarde per kolom; `None` wordt onthouden of ontbreekt.
    pub waarden: Vec<Option<f64>>,
}

/// Van licht naar donker in één tint: leesbaar in zwart-wit en voor wie kleuren anders ziet.
const TINTEN: [(&str, &str); 5] = [("#f7fbff", "#1a1a1a"), ("#c6dbef", "#1a1a1a"), ("#7fb2d9", "#1a1a1a"), ("#2b6ca3", "#ffffff"), ("#08306b", "#ffffff")];
const NAAM: f64 = 118.0;

fn tint(waarde: f64) -> (&'static str, &'static str) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "waarden liggen tussen 0 en 1")]
    let plek = (waarde.clamp(0.0, 1.0) * 5.0) as usize;
    TINTEN.get(plek.min(4)).copied().unwrap_or(("#ffffff", "#1a1a1a"))
}

/// Een kaart van scores tussen 0 en 1. Kolommen krijgen een nummer met de naam in de legenda: zo past de kaart op een telefoon.
#[must_use]
pub fn warmtekaart(titel: &str, ondertitel: &str, kolommen: &[String], rijen: &[Rij]) -> String {
    let mut uitleg = String::from("Kaart met een rij per groep en een kolom per categorie; elke cel noemt de score van 0 tot 1.");
    for rij in rijen {
        let _ = write!(uitleg, " {}:", rij.naam);
        if rij.waarden.iter().all(Option::is_none) {
            uitleg.push_str(" onthouden;");
            continue;
        }
        for (kolom, waarde) in kolommen.iter().zip(&rij.waarden) {
            let _ = write!(uitleg, " {kolom} {};", waarde.map_or_else(|| "onthouden".to_owned(), |w| maybe_getal(Some(w))));
        }
    }
    let mut beeld = Beeld::nieuw(titel, ondertitel, uitleg);
    beeld.lijf.push_str(
        "<defs><pattern id=\"dicht\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"7\" height=\"7\" fill=\"#fff\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\" stroke=\"#8a8a8a\" stroke-width=\"1.5\"/></pattern></defs>",
    );
    #[expect(clippy::cast_precision_loss, reason = "het aantal kolommen is klein")]
    let breed = (BREEDTE - NAAM - 32.0) / kolommen.len().max(1) as f64;
    #[expect(clippy::cast_precision_loss, reason = "het aantal kolommen is klein")]
    let x = |kolom: usize| 16.0 + NAAM + breed * kolom as f64;
    beeld.hoogte += 18.0;
    let y = beeld.hoogte;
    for kolom in 0..kolommen.len() {
        beeld.tekst(x(kolom) + breed / 2.0, y, &(kolom + 1).to_string(), "font-size=\"15\" font-weight=\"bold\" text-anchor=\"middle\"");
    }
    beeld.hoogte += 8.0;
    for rij in rijen {
        let boven = beeld.hoogte;
        let naam = regels(&rij.naam, 14, 4);
        #[expect(clippy::cast_precision_loss, reason = "hooguit vier regels")]
        let tekst_hoog = naam.len() as f64 * 15.0;
        let hoog = (tekst_hoog + 6.0).max(36.0);
        let mut y = boven + (hoog - tekst_hoog) / 2.0 + 11.5;
        for regel in &naam {
            beeld.tekst(16.0, y, regel, "font-size=\"13.5\"");
            y += 15.0;
        }
        for (kolom, waarde) in rij.waarden.iter().enumerate() {
            let (vulling, inkt, tekst) = match waarde {
                Some(w) => (tint(*w).0, tint(*w).1, getal(*w)),
                None => ("url(#dicht)", "#1a1a1a", String::new()),
            };
            beeld.vlak((x(kolom), boven), (breed, hoog), &format!("fill=\"{vulling}\" stroke=\"#fff\" stroke-width=\"2\""));
            let _ = write!(
                beeld.lijf,
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{inkt}\" font-size=\"14\" text-anchor=\"middle\">{tekst}</text>",
                x(kolom) + breed / 2.0,
                boven + hoog / 2.0 + 5.0
            );
        }
        beeld.hoogte += hoog + 2.0;
    }
    beeld.hoogte += 24.0;
    let y = beeld.hoogte;
    beeld.vlak((16.0, y - 13.0), (22.0, 16.0), "fill=\"url(#dicht)\" stroke=\"#8a8a8a\"");
    beeld.tekst(46.0, y, "onthouden: te weinig organisaties", "font-size=\"13.5\"");
    for (i, kolom) in kolommen.iter().enumerate() {
        for (deel, regel) in regels(&format!("{}. {kolom}", i + 1), 48, 2).iter().enumerate() {
            beeld.hoogte += if deel == 0 { 21.0 } else { 17.0 };
            let y = beeld.hoogte;
            beeld.tekst(16.0, y, regel, "font-size=\"13.5\"");
        }
    }
    beeld.klaar()
}
