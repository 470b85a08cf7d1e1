//! Liggende staven met spreiding: een staaf per vraag, met de laagste en hoogste waarnemer als streep.

use std::fmt::Write;

use super::{BREEDTE, Beeld, INKT, LICHT, getal, maybe_getal, regels};

/// Een staaf.
#[derive(Clone, Debug)]
pub struct Staaf {
    /// Wat er gemeten is.
    pub label: String,
    /// Score van 0 tot en met 1.
    pub waarde: Option<f64>,
    /// Laagste en hoogste.
    pub spreiding: Option<(f64, f64)>,
    /// Of de staaf een kernvraag is.
    pub kern: bool,
}

const LINKS: f64 = 16.0;
const RECHTS: f64 = 58.0;
const HOOG: f64 = 13.0;

/// Staven van scores tussen 0 en 1, onder hun vraag.
#[must_use]
pub fn staven(titel: &str, ondertitel: &str, staven: &[Staaf]) -> String {
    let mut uitleg = String::from("Een staaf per vraag, van 0 links tot 1 rechts; de streep eronder loopt van de laagste tot de hoogste waarnemer.");
    for staaf in staven {
        let _ = write!(uitleg, " {}: {}", staaf.label, maybe_getal(staaf.waarde));
        if let Some((laag, hoog)) = staaf.spreiding {
            let _ = write!(uitleg, " ({} tot {})", getal(laag), getal(hoog));
        }
        uitleg.push(';');
    }
    let mut beeld = Beeld::nieuw(titel, ondertitel, uitleg);
    let lengte = BREEDTE - LINKS - RECHTS;
    for staaf in staven {
        beeld.hoogte += 6.0;
        let label = if staaf.kern { format!("● {}", staaf.label) } else { staaf.label.clone() };
        for regel in regels(&label, if staaf.kern { 46 } else { 50 }, 6) {
            beeld.hoogte += 17.0;
            let y = beeld.hoogte;
            beeld.tekst(LINKS, y, &regel, if staaf.kern { "font-size=\"13.5\" font-weight=\"bold\"" } else { "font-size=\"13.5\"" });
        }
        let y = beeld.hoogte + 6.0;
        beeld.vlak((LINKS, y), (lengte, HOOG), &format!("fill=\"#f2f2f2\" stroke=\"{LICHT}\""));
        match staaf.waarde {
            Some(waarde) => {
                beeld.vlak((LINKS, y), (lengte * waarde, HOOG), "fill=\"#0072B2\"");
                beeld.tekst(BREEDTE - RECHTS + 10.0, y + 12.0, &getal(waarde), "font-size=\"15\" font-weight=\"bold\"");
            }
            None => beeld.tekst(LINKS + 6.0, y + 10.5, "geen antwoord dat meetelt", "font-size=\"12\" font-style=\"italic\""),
        }
        beeld.hoogte = y + HOOG + 2.0;
        if let Some((laag, hoog)) = staaf.spreiding.filter(|(laag, hoog)| hoog > laag) {
            // Onder de staaf en niet erop: zo blijft van beide het einde te zien.
            let (van, tot, midden) = (LINKS + lengte * laag, LINKS + lengte * hoog, y + HOOG + 6.0);
            let opmaak = format!("stroke=\"{INKT}\" stroke-width=\"2\"");
            beeld.lijn((van, midden), (tot, midden), &opmaak);
            beeld.lijn((van, midden - 3.5), (van, midden + 3.5), &opmaak);
            beeld.lijn((tot, midden - 3.5), (tot, midden + 3.5), &opmaak);
            beeld.hoogte += 9.0;
        }
    }
    beeld.hoogte += 24.0;
    let y = beeld.hoogte;
    beeld.tekst(LINKS, y, "● kernvraag", "font-size=\"13.5\"");
    for regel in regels("Streep onder de staaf: laagste tot hoogste waarnemer", 46, 2) {
        beeld.hoogte += 18.0;
        let y = beeld.hoogte;
        beeld.tekst(LINKS, y, &regel, "font-size=\"13.5\"");
    }
    beeld.klaar()
}
