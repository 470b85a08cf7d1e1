//! Trend: een lijn per reeks over opeenvolgende metingen.

use std::fmt::Write;

use super::{BREEDTE, Beeld, LICHT, Reeks, getal, maybe_getal, stijl};

const LINKS: f64 = 52.0;
/// Ruimte tussen de as en het eerste punt, zodat cijfers elkaar niet raken.
const INSPRINGEN: f64 = 26.0;
const HOOG: f64 = 200.0;
/// Zo breed is een cijfer in een opschrift.
const LETTER: f64 = 7.3;

/// Lijnen van scores tussen 0 en 1 over metingen; waar een waarde ontbreekt, is de lijn onderbroken.
#[must_use]
pub fn trend(titel: &str, ondertitel: &str, metingen: &[String], reeksen: &[Reeks]) -> String {
    let mut uitleg = String::from("Lijnen over opeenvolgende metingen, van 0 onder tot 1 boven.");
    for reeks in reeksen {
        let _ = write!(uitleg, " {}:", reeks.naam);
        for (meting, waarde) in metingen.iter().zip(&reeks.waarden) {
            let _ = write!(uitleg, " {meting} {};", maybe_getal(*waarde));
        }
    }
    let mut beeld = Beeld::nieuw(titel, ondertitel, uitleg);
    let boven = beeld.hoogte + 16.0;
    let breed = BREEDTE - LINKS - 40.0;
    for stap in 0..=4_u8 {
        let waarde = f64::from(stap) / 4.0;
        let y = boven + HOOG * (1.0 - waarde);
        beeld.lijn((LINKS, y), (LINKS + breed, y), &format!("stroke=\"{LICHT}\""));
        beeld.tekst(LINKS - 8.0, y + 5.0, &getal(waarde), "font-size=\"13\" text-anchor=\"end\"");
    }
    #[expect(clippy::cast_precision_loss, reason = "het aantal metingen is klein")]
    let x = |i: usize| {
        let ruimte = breed - 2.0 * INSPRINGEN;
        LINKS + INSPRINGEN + if metingen.len() > 1 { ruimte * i as f64 / (metingen.len() - 1) as f64 } else { ruimte / 2.0 }
    };
    // Passen niet alle opschriften, dan staat om de zoveel metingen een opschrift: zij raken elkaar nooit.
    let langste = metingen.iter().map(|m| m.chars().count()).max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "een opschrift is kort")]
    let nodig = langste as f64 * LETTER + 6.0;
    let om_de = (1..metingen.len()).find(|stap| x(*stap) - x(0) >= nodig).unwrap_or_else(|| metingen.len().max(1));
    for (i, meting) in metingen.iter().enumerate().filter(|(i, _)| (metingen.len() - 1 - i).is_multiple_of(om_de)) {
        beeld.tekst(x(i), boven + HOOG + 22.0, meting, "font-size=\"13\" text-anchor=\"middle\"");
    }
    for (nummer, reeks) in reeksen.iter().enumerate() {
        let (kleur, streep) = stijl(nummer);
        let plek = |(i, w): (usize, &Option<f64>)| Some((x(i), boven + HOOG * (1.0 - (*w)?)));
        let punten: Vec<Option<(f64, f64)>> = reeks.waarden.iter().enumerate().map(plek).collect();
        for paar in punten.windows(2) {
            if let [Some(van), Some(tot)] = paar {
                beeld.lijn(*van, *tot, &format!("stroke=\"{kleur}\" stroke-width=\"3\" stroke-dasharray=\"{streep}\""));
            }
        }
        punten.iter().flatten().for_each(|p| beeld.merk(*p, nummer));
        if nummer == 0 {
            // Alleen de eerste reeks draagt cijfers; van de andere staan zij in de tekst bij het beeld.
            let bij = punten.iter().zip(&reeks.waarden).enumerate().filter(|(i, _)| (metingen.len() - 1 - i).is_multiple_of(om_de));
            for (i, (x, y), waarde) in bij.filter_map(|(i, (p, w))| Some((i, *p.as_ref()?, (*w)?))).collect::<Vec<_>>() {
                let ander = reeksen.get(1).and_then(|r| r.waarden.get(i).copied().flatten());
                let naast = if ander.is_some_and(|a| a > waarde) { 22.0 } else { -11.0 };
                beeld.tekst(x, y + naast, &getal(waarde), "font-size=\"14\" font-weight=\"bold\" text-anchor=\"middle\"");
            }
        }
    }
    beeld.hoogte = boven + HOOG + 34.0;
    beeld.legenda(reeksen);
    beeld.klaar()
}
