//! Radar: een reeks per omtrek, een as per categorie.

use std::fmt::Write;

use super::{BREEDTE, Beeld, LICHT, Reeks, maybe_getal, regels, stijl};

const STRAAL: f64 = 98.0;

#[expect(clippy::cast_precision_loss, reason = "het aantal assen is klein")]
fn punt(as_nummer: usize, assen: usize, afstand: f64, midden: (f64, f64)) -> (f64, f64) {
    let hoek = std::f64::consts::TAU * (as_nummer as f64) / (assen as f64) - std::f64::consts::FRAC_PI_2;
    (midden.0 + afstand * hoek.cos(), midden.1 + afstand * hoek.sin())
}

fn veelhoek(punten: &[(f64, f64)]) -> String {
    punten.iter().fold(String::new(), |mut tekst, (x, y)| {
        let _ = write!(tekst, "{x:.1},{y:.1} ");
        tekst
    })
}

/// Een radar van scores tussen 0 en 1.
#[must_use]
pub fn radar(titel: &str, ondertitel: &str, assen: &[String], reeksen: &[Reeks]) -> String {
    let mut uitleg = String::from("Radar met een as per categorie, van 0 in het midden tot 1 aan de rand.");
    for reeks in reeksen {
        let _ = write!(uitleg, " {}:", reeks.naam);
        for (naam, waarde) in assen.iter().zip(&reeks.waarden) {
            let _ = write!(uitleg, " {naam} {};", maybe_getal(*waarde));
        }
    }
    let mut beeld = Beeld::nieuw(titel, ondertitel, uitleg);
    // Boven en onder zoveel ruimte als het opschrift daar vraagt; onder staat alleen bij een even aantal assen een opschrift.
    #[expect(clippy::cast_precision_loss, reason = "hooguit vijf regels")]
    let ruimte = |naam: Option<&String>| naam.map_or(1, |naam| regels(naam, 14, 4).len() + 1) as f64 * 15.0 + 16.0;
    let boven = ruimte(assen.first());
    let onder = ruimte(assen.get(assen.len() / 2)).max(46.0);
    let midden = (BREEDTE / 2.0, beeld.hoogte + STRAAL + boven);
    for ring in 1..=4_u8 {
        let straal = STRAAL * f64::from(ring) / 4.0;
        let punten: Vec<_> = (0..assen.len()).map(|i| punt(i, assen.len(), straal, midden)).collect();
        let _ = write!(beeld.lijf, "<polygon points=\"{}\" fill=\"none\" stroke=\"{LICHT}\"/>", veelhoek(&punten));
    }
    for (i, naam) in assen.iter().enumerate() {
        beeld.lijn(midden, punt(i, assen.len(), STRAAL, midden), &format!("stroke=\"{LICHT}\""));
        let (x, y) = punt(i, assen.len(), STRAAL + 12.0, midden);
        let anker = if (x - midden.0).abs() < 20.0 {
            "middle"
        } else if x > midden.0 {
            "start"
        } else {
            "end"
        };
        // De score staat bij de naam: een radar is op het oog niet af te lezen, en in zwart-wit nog minder.
        let score = reeksen.first().and_then(|r| r.waarden.get(i).copied()).map(maybe_getal);
        let tekst: Vec<String> = regels(naam, 14, 4).into_iter().chain(score).collect();
        #[expect(clippy::cast_precision_loss, reason = "hooguit vijf regels")]
        let hoog = tekst.len() as f64 * 15.0;
        let mut y = if y < midden.1 - STRAAL {
            y - hoog + 12.0
        } else if y > midden.1 + STRAAL {
            y + 10.0
        } else {
            y - hoog / 2.0 + 11.0
        };
        let laatste = tekst.len() - 1;
        for (plek, regel) in tekst.iter().enumerate() {
            let gewicht = if plek == laatste { "bold" } else { "normal" };
            beeld.tekst(x, y, regel, &format!("font-size=\"13\" font-weight=\"{gewicht}\" text-anchor=\"{anker}\""));
            y += 15.0;
        }
    }
    for (i, reeks) in reeksen.iter().enumerate().rev() {
        let (kleur, streep) = stijl(i);
        let punten: Vec<_> = reeks.waarden.iter().enumerate().filter_map(|(as_nummer, w)| Some(punt(as_nummer, assen.len(), STRAAL * (*w)?, midden))).collect();
        let vulling = if i == 0 { 0.15 } else { 0.0 };
        let _ = write!(
            beeld.lijf,
            "<polygon points=\"{}\" fill=\"{kleur}\" fill-opacity=\"{vulling}\" stroke=\"{kleur}\" stroke-width=\"2.5\" stroke-dasharray=\"{streep}\"/>",
            veelhoek(&punten)
        );
        punten.into_iter().for_each(|p| beeld.merk(p, i));
    }
    for (waarde, tekst) in [(0.5, "0,5"), (1.0, "1")] {
        // De witte rand houdt het cijfer leesbaar waar een reeks erlangs loopt.
        let opmaak = "font-size=\"12\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"";
        beeld.tekst(midden.0 + 5.0, midden.1 - STRAAL * waarde - 2.0, tekst, opmaak);
    }
    beeld.hoogte = midden.1 + STRAAL + onder + 4.0;
    beeld.legenda(reeksen);
    beeld.klaar()
}
