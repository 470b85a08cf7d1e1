//! Beelden als SVG: met tekstalternatief, leesbaar op een telefoon, te drukken in zwart-wit en te onderscheiden voor wie kleuren
//! anders ziet (kleuren van Okabe en Ito, altijd samen met streep of cijfer).

mod radar;
mod staven;
mod trend;
mod warmtekaart;

use std::fmt::Write;

pub use radar::radar;
pub use staven::{Staaf, staven};
pub use trend::trend;
pub use warmtekaart::{Rij, warmtekaart};

/// Breedte in eenheden, ongeveer die van een telefoon: zo is de kleinste tekst daar nog 13 punten.
const BREEDTE: f64 = 400.0;
const INKT: &str = "#1a1a1a";
const LICHT: &str = "#c8c8c8";
/// Kleur en streep per reeks.
const REEKSEN: [(&str, &str); 4] = [("#0072B2", "none"), ("#D55E00", "7 4"), ("#009E73", "2 3"), ("#CC79A7", "9 3 2 3")];

/// Een reeks getallen van 0 tot en met 1; `None` is er niet.
#[derive(Clone, Debug)]
pub struct Reeks {
    /// Naam in de legenda.
    pub naam: String,
    /// De waarden.
    pub waarden: Vec<Option<f64>>,
}

/// Een getal zoals een Nederlandse lezer het schrijft.
#[must_use]
pub fn getal(waarde: f64) -> String {
    format!("{waarde:.2}").replace('.', ",")
}

fn maybe_getal(waarde: Option<f64>) -> String {
    waarde.map_or_else(|| "geen score".to_owned(), getal)
}

/// Maakt tekst veilig voor XML; tekens die XML niet kent vallen weg.
fn xml(tekst: &str) -> String {
    let mut veilig = String::with_capacity(tekst.len());
    for teken in tekst.chars() {
        match teken {
            '&' => veilig.push_str("&amp;"),
            '<' => veilig.push_str("&lt;"),
            '>' => veilig.push_str("&gt;"),
            '"' => veilig.push_str("&quot;"),
            '\n' | '\t' => veilig.push(' '),
            teken if teken.is_control() || teken == '\u{fffe}' || teken == '\u{ffff}' => {}
            teken => veilig.push(teken),
        }
    }
    veilig
}

/// Breekt tekst in regels van ten hoogste zoveel tekens, op woordgrenzen; wat niet in `regels` past wordt afgebroken met een beletselteken.
fn regels(tekst: &str, tekens: usize, regels: usize) -> Vec<String> {
    let mut uit: Vec<String> = vec![String::new()];
    // Ook na een koppelteken mag een regel eindigen: samenstellingen zijn in het Nederlands lang.
    for (woord, aaneen) in stukken(tekst).flat_map(|(woord, aaneen)| gebroken(woord, aaneen, tekens)) {
        let vol = uit.last().is_some_and(|r| !r.is_empty() && r.chars().count() + usize::from(!aaneen) + woord.chars().count() > tekens);
        if vol {
            uit.push(String::new());
        }
        if let Some(regel) = uit.last_mut() {
            if !regel.is_empty() && !aaneen {
                regel.push(' ');
            }
            regel.push_str(&woord);
        }
    }
    if uit.len() > regels {
        uit.truncate(regels);
        if let Some(laatste) = uit.last_mut() {
            laatste.push('…');
        }
    }
    uit
}

/// Een woord dat niet op een regel past, gebroken met een koppelteken.
fn gebroken(woord: &str, aaneen: bool, tekens: usize) -> Vec<(String, bool)> {
    let letters: Vec<char> = woord.chars().collect();
    if letters.len() <= tekens {
        return vec![(woord.to_owned(), aaneen)];
    }
    let delen = letters.chunks(tekens.saturating_sub(1).max(1));
    let laatste = delen.len() - 1;
    delen
        .enumerate()
        .map(|(plek, deel)| {
            let koppel = if plek == laatste { "" } else { "-" };
            (deel.iter().collect::<String>() + koppel, aaneen || plek > 0)
        })
        .collect()
}

/// De woorden van een tekst, ook gesplitst achter een koppelteken; met of het stuk aan het vorige vastzit.
fn stukken(tekst: &str) -> impl Iterator<Item = (&str, bool)> {
    tekst.split_whitespace().flat_map(|woord| {
        let einde = woord.strip_suffix('-').map_or(woord.len(), str::len);
        let mut eerder = 0;
        woord.split_inclusive('-').map(move |stuk| {
            let aaneen = eerder > 0 && eerder < einde;
            eerder += stuk.len();
            (stuk, aaneen)
        })
    })
}

/// Een beeld in opbouw.
struct Beeld {
    titel: String,
    uitleg: String,
    lijf: String,
    hoogte: f64,
}

impl Beeld {
    /// Begint met de titel bovenaan.
    fn nieuw(titel: &str, ondertitel: &str, uitleg: String) -> Self {
        let mut beeld = Self { titel: titel.to_owned(), uitleg, lijf: String::new(), hoogte: 16.0 };
        for regel in regels(titel, 32, 4) {
            beeld.hoogte += 22.0;
            let y = beeld.hoogte;
            beeld.tekst(16.0, y, &regel, "font-size=\"19\" font-weight=\"bold\"");
        }
        beeld.hoogte += 3.0;
        for regel in regels(ondertitel, 43, 3) {
            beeld.hoogte += 19.0;
            let y = beeld.hoogte;
            beeld.tekst(16.0, y, &regel, "font-size=\"15\"");
        }
        beeld.hoogte += 12.0;
        beeld
    }

    fn tekst(&mut self, x: f64, y: f64, tekst: &str, opmaak: &str) {
        let _ = write!(self.lijf, "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{INKT}\" {opmaak}>{}</text>", xml(tekst));
    }

    fn lijn(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), opmaak: &str) {
        let _ = write!(self.lijf, "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" {opmaak}/>");
    }

    fn vlak(&mut self, (x, y): (f64, f64), (breedte, hoogte): (f64, f64), opmaak: &str) {
        let _ = write!(self.lijf, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{breedte:.1}\" height=\"{hoogte:.1}\" {opmaak}/>");
    }

    /// Een merkteken per reeks: rond, ruit, vierkant, driehoek; zo verschilt een reeks ook zonder kleur.
    fn merk(&mut self, (x, y): (f64, f64), reeks: usize) {
        let (kleur, _) = stijl(reeks);
        let _ = match reeks % 4 {
            0 => write!(self.lijf, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{kleur}\"/>"),
            1 => write!(self.lijf, "<path d=\"M{x:.1} {:.1}l6 6l-6 6l-6 -6z\" fill=\"#fff\" stroke=\"{kleur}\" stroke-width=\"2\"/>", y - 6.0),
            2 => write!(self.lijf, "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\" fill=\"{kleur}\"/>", x - 4.5, y - 4.5),
            _ => write!(self.lijf, "<path d=\"M{x:.1} {:.1}l6 10h-12z\" fill=\"{kleur}\"/>", y - 6.0),
        };
    }

    /// Legenda onder het beeld, een regel per reeks.
    fn legenda(&mut self, reeksen: &[Reeks]) {
        for (i, reeks) in reeksen.iter().enumerate() {
            self.hoogte += 22.0;
            let y = self.hoogte;
            let (kleur, streep) = stijl(i);
            self.lijn((16.0, y - 5.0), (52.0, y - 5.0), &format!("stroke=\"{kleur}\" stroke-width=\"3\" stroke-dasharray=\"{streep}\""));
            self.merk((34.0, y - 5.0), i);
            for (deel, regel) in regels(&reeks.naam, 38, 3).iter().enumerate() {
                self.hoogte += if deel == 0 { 0.0 } else { 18.0 };
                self.tekst(62.0, self.hoogte, regel, "font-size=\"15\"");
            }
        }
    }

    fn klaar(self) -> String {
        let hoogte = self.hoogte + 18.0;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {BREEDTE} {hoogte:.0}\" width=\"{BREEDTE}\" height=\"{hoogte:.0}\" role=\"img\" \
             aria-labelledby=\"titel uitleg\" lang=\"nl\" font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\">\
             <title id=\"titel\">{}</title><desc id=\"uitleg\">{}</desc><rect width=\"{BREEDTE}\" height=\"{hoogte:.0}\" fill=\"#fff\"/>{}</svg>\n",
            xml(&self.titel),
            xml(&self.uitleg),
            self.lijf
        )
    }
}

fn stijl(reeks: usize) -> (&'static str, &'static str) {
    REEKSEN.get(reeks % REEKSEN.len()).copied().unwrap_or((INKT, "none"))
}
