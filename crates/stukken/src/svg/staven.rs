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
const RECHTS: f64 = 62.0;

/// Staven van scores tussen 0 en 1, onder hun vraag.
#[must_use]
pub fn staven(titel: &str, ondertitel: &str, staven: &[Staaf]) -> String {
    let mut uitleg = String::from("Een staaf per vraag, van 0 links tot 1 rechts; de dunne streep loopt van de laagste tot de hoogste waarnemer.");
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
        for regel in regels(&label, if staaf.kern { 52 } else { 58 }, 5) {
            beeld.hoogte += 17.0;
            let y = beeld.hoogte;
            beeld.tekst(LINKS, y, &regel, if staaf.kern { "font-size=\"13.5\" font-weight=\"bold\"" } else { "font-size=\"13.5\"" });
        }
        let y = beeld.hoogte + 6.0;
        beeld.vlak((LINKS, y), (lengte, 14.0), &format!("fill=\"#f2f2f2\" stroke=\"{LICHT}\""));
        match staaf.waarde {
            Some(waarde) => {
                beeld.vlak((LINKS, y), (lengte * waarde, 14.0), "fill=\"#0072B2\"");
                beeld.tekst(BREEDTE - RECHTS + 10.0, y + 13.0, &getal(waarde), "font-size=\"15\" font-weight=\"bold\"");
            }
            None => beeld.tekst(LINKS + 6.0, y + 11.5, "geen antwoord dat meetelt", "font-size=\"12\" font-style=\"italic\""),
        }
        if let Some((laag, hoog)) = staaf.spreiding.filter(|(laag, hoog)| hoog > laag) {
            let (van, tot, midden) = (LINKS + lengte * laag, LINKS + lengte * hoog, y + 7.0);
            // Een witte rand houdt de streep zichtbaar op de staaf, ook in zwart-wit.
            for (kleur, dik) in [("#fff", 5.0), (INKT, 2.0)] {
                let opmaak = format!("stroke=\"{kleur}\" stroke-width=\"{dik}\"");
                beeld.lijn((van, midden), (tot, midden), &opmaak);
                beeld.lijn((van, y + 2.0), (van, y + 12.0), &opmaak);
                beeld.lijn((tot, y + 2.0), (tot, y + 12.0), &opmaak);
            }
        }
        beeld.hoogte = y + 16.0;
    }
    beeld.hoogte += 24.0;
    let y = beeld.hoogte;
    beeld.tekst(LINKS, y, "● kernvraag · dunne streep: laagste tot hoogste waarnemer", "font-size=\"13\"");
    beeld.klaar()
}
