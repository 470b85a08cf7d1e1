//! Matrices om te bekijken en af te drukken, als SVG: rijen tegen kolommen, met in een cel een paar tekens.

use std::fmt::Write;

/// Een matrix; alleen gevulde cellen staan erin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Titel boven de matrix.
    pub titel: String,
    /// Wat de tekens in de cellen betekenen.
    pub uitleg: String,
    /// Namen van de kolommen.
    pub kolommen: Vec<String>,
    /// Namen van de rijen met hun gevulde cellen: kolom en tekens.
    pub rijen: Vec<(String, Vec<(usize, String)>)>,
}

const CEL: usize = 22;
const TEKEN: usize = 7;
const RAND: usize = 20;
const LANGSTE: usize = 48;

fn veilig(tekst: &str) -> String {
    let mut uit = String::with_capacity(tekst.len());
    for teken in tekst.chars() {
        match teken {
            '&' => uit.push_str("&amp;"),
            '<' => uit.push_str("&lt;"),
            '>' => uit.push_str("&gt;"),
            '"' => uit.push_str("&quot;"),
            c if c.is_control() => uit.push(' '),
            c => uit.push(c),
        }
    }
    uit
}

fn kort(tekst: &str) -> String {
    if tekst.chars().count() <= LANGSTE { veilig(tekst) } else { veilig(&format!("{}…", tekst.chars().take(LANGSTE - 1).collect::<String>())) }
}

fn breedte<'a>(namen: impl Iterator<Item = &'a String>) -> usize {
    namen.map(|naam| naam.chars().count().min(LANGSTE)).max().unwrap_or(0) * TEKEN + 12
}

/// Tekent matrices onder elkaar, met titel en beschrijving voor wie niet kijkt maar luistert. Opmaak staat in attributen:
/// een blok met stijlen houdt de browser tegen op een adres met een strenge `Content-Security-Policy`.
#[must_use]
pub fn svg(titel: &str, matrices: &[Matrix]) -> String {
    let (mut lijf, mut hoogte, mut wijdte) = (String::new(), RAND + 24, titel.chars().count() * 10 + 2 * RAND);
    for matrix in matrices {
        let (links, boven) = (breedte(matrix.rijen.iter().map(|r| &r.0)), breedte(matrix.kolommen.iter()));
        let (x0, y0) = (RAND + links, hoogte + 56 + boven);
        let _ = write!(lijf, "<g><title>{}</title>", veilig(&matrix.titel));
        let _ = write!(lijf, "<text font-size=\"14\" font-weight=\"bold\" x=\"{RAND}\" y=\"{}\">{}</text>", hoogte + 24, veilig(&matrix.titel));
        let _ = write!(lijf, "<text fill=\"#444\" x=\"{RAND}\" y=\"{}\">{}</text>", hoogte + 42, veilig(&matrix.uitleg));
        for (k, naam) in matrix.kolommen.iter().enumerate() {
            let (x, y) = (x0 + k * CEL + CEL / 2 + 4, y0 - 6);
            let _ = write!(lijf, "<text transform=\"translate({x} {y}) rotate(-90)\">{}</text>", kort(naam));
        }
        for (r, (naam, cellen)) in matrix.rijen.iter().enumerate() {
            let y = y0 + r * CEL;
            if r % 2 == 0 {
                let _ = write!(lijf, "<rect fill=\"#eef2f7\" x=\"{RAND}\" y=\"{y}\" width=\"{}\" height=\"{CEL}\"/>", links + matrix.kolommen.len() * CEL);
            }
            let _ = write!(lijf, "<text x=\"{RAND}\" y=\"{}\">{}</text>", y + 15, kort(naam));
            for (k, teken) in cellen {
                let uitleg = matrix.kolommen.get(*k).map(|kolom| format!("{naam}, {kolom}: {teken}")).unwrap_or_default();
                let x = x0 + k * CEL + CEL / 2;
                let _ = write!(
                    lijf,
                    "<text text-anchor=\"middle\" font-weight=\"bold\" x=\"{x}\" y=\"{}\"><title>{}</title>{}</text>",
                    y + 15,
                    veilig(&uitleg),
                    veilig(teken)
                );
            }
        }
        lijf.push_str("</g>");
        hoogte = y0 + matrix.rijen.len() * CEL + RAND;
        wijdte = wijdte.max(x0 + matrix.kolommen.len() * CEL + RAND);
    }
    let kop = veilig(titel);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" lang=\"nl\" viewBox=\"0 0 {wijdte} {hoogte}\" width=\"{wijdte}\" height=\"{hoogte}\">\
         <title>{kop}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><g font-family=\"sans-serif\" font-size=\"12\" fill=\"#111\">\
         <text font-size=\"18\" font-weight=\"bold\" x=\"{RAND}\" y=\"{}\">{kop}</text>{lijf}</g></svg>",
        RAND + 12
    )
}

#[cfg(test)]
mod tests {
    use super::{Matrix, svg};

    #[test]
    fn namen_worden_tekst_en_nooit_opmaak_en_elke_gevulde_cel_staat_er_eenmaal() {
        let matrix = Matrix {
            titel: "Profielen & rechten".to_owned(),
            uitleg: "L lezen".to_owned(),
            kolommen: vec!["<script>".to_owned(), "Beeld".to_owned()],
            rijen: vec![("im".to_owned(), vec![(1, "S".to_owned())]), ("leeg".to_owned(), Vec::new())],
        };
        let tekening = svg("Plan \"1\"", &[matrix]);
        assert!(!tekening.contains("<script>") && tekening.contains("&lt;script&gt;"));
        assert_eq!(tekening.matches("text-anchor=\"middle\"").count(), 1);
        assert!(tekening.contains("<title>im, Beeld: S</title>") && tekening.contains("Plan &quot;1&quot;"));
    }
}
