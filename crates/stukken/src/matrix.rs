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
const RAND: usize = 16;
/// Langere namen worden afgekapt; de hele naam staat in de titel van iedere cel.
const LANGSTE: usize = 78;
/// Na zoveel rijen komen de namen van de kolommen terug: wie door een lang overzicht schuift of bladert, ziet ze steeds.
const PER_BLOK: usize = 40;

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

/// Hoe breed een naam wordt, ruim gemeten: 6,2 punten per teken.
fn breedte<'a>(namen: impl Iterator<Item = &'a String>) -> usize {
    namen.map(|naam| naam.chars().count().min(LANGSTE)).max().unwrap_or(0) * 62 / 10 + 12
}

/// De maten van één matrix.
struct Maat {
    links: usize,
    boven: usize,
    x0: usize,
}

/// Tekent matrices onder elkaar, met titel en beschrijving voor wie niet kijkt maar luistert. Opmaak staat in attributen:
/// een blok met stijlen houdt de browser tegen op een adres met een strenge `Content-Security-Policy`.
#[must_use]
pub fn svg(titel: &str, onder: &str, matrices: &[Matrix]) -> String {
    let (mut lijf, mut hoogte) = (String::new(), RAND + 44);
    let mut wijdte = (titel.chars().count() * 11).max(onder.chars().count() * 62 / 10) + 2 * RAND;
    for matrix in matrices {
        let links = breedte(matrix.rijen.iter().map(|r| &r.0)).max(matrix.uitleg.chars().count() * 62 / 10 + 12);
        let maat = Maat { links, boven: breedte(matrix.kolommen.iter()), x0: RAND + links };
        let _ = write!(lijf, "<g><title>{}</title>", veilig(&matrix.titel));
        let _ = write!(lijf, "<text font-size=\"14\" font-weight=\"bold\" x=\"{RAND}\" y=\"{}\">{}</text>", hoogte + 24, veilig(&matrix.titel));
        hoogte += 34;
        let blokken = matrix.rijen.chunks(PER_BLOK).map(Some).chain(matrix.rijen.is_empty().then_some(None));
        for rijen in blokken {
            hoogte = blok(&mut lijf, matrix, rijen.unwrap_or_default(), &maat, hoogte);
        }
        lijf.push_str("</g>");
        wijdte = wijdte.max(maat.x0 + matrix.kolommen.len() * CEL + RAND);
    }
    let (kop, onder) = (veilig(titel), veilig(onder));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" lang=\"nl\" viewBox=\"0 0 {wijdte} {hoogte}\" width=\"{wijdte}\" height=\"{hoogte}\">\
         <title>{kop}: {onder}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><g font-family=\"sans-serif\" font-size=\"12\" fill=\"#111\">\
         <text font-size=\"18\" font-weight=\"bold\" x=\"{RAND}\" y=\"{}\">{kop}</text><text fill=\"#444\" x=\"{RAND}\" y=\"{}\">{onder}</text>{lijf}</g></svg>",
        RAND + 14,
        RAND + 34
    )
}

/// Tekent een blok rijen met de namen van de kolommen erboven; geeft waar het volgende begint.
fn blok(lijf: &mut String, matrix: &Matrix, rijen: &[(String, Vec<(usize, String)>)], maat: &Maat, begin: usize) -> usize {
    let y0 = begin + maat.boven + 4;
    let einde = y0 + rijen.len() * CEL;
    let _ = write!(lijf, "<text fill=\"#444\" x=\"{RAND}\" y=\"{}\">{}</text>", y0 - 6, veilig(&matrix.uitleg));
    for (k, naam) in matrix.kolommen.iter().enumerate() {
        let x = maat.x0 + k * CEL + CEL / 2 + 4;
        let _ = write!(lijf, "<text transform=\"translate({x} {}) rotate(-90)\">{}</text>", y0 - 6, kort(naam));
    }
    for (r, (naam, cellen)) in rijen.iter().enumerate() {
        let y = y0 + r * CEL;
        if r % 2 == 0 {
            let _ = write!(lijf, "<rect fill=\"#eef2f7\" x=\"{RAND}\" y=\"{y}\" width=\"{}\" height=\"{CEL}\"/>", maat.links + matrix.kolommen.len() * CEL);
        }
        let _ = write!(lijf, "<text x=\"{}\" y=\"{}\">{}</text>", RAND + 4, y + 15, kort(naam));
        for (k, teken) in cellen {
            let uitleg = matrix.kolommen.get(*k).map(|kolom| format!("{naam}, {kolom}: {teken}")).unwrap_or_default();
            let _ = write!(
                lijf,
                "<text text-anchor=\"middle\" font-weight=\"bold\" x=\"{}\" y=\"{}\"><title>{}</title>{}</text>",
                maat.x0 + k * CEL + CEL / 2,
                y + 15,
                veilig(&uitleg),
                veilig(teken)
            );
        }
    }
    // Lijnen tussen de kolommen, om in een brede matrix de goede te volgen.
    let lijnen: String = (0..=matrix.kolommen.len()).map(|k| format!("M{} {y0}V{einde}", maat.x0 + k * CEL)).collect();
    let _ = write!(lijf, "<path stroke=\"#c5d0dc\" stroke-width=\"0.5\" fill=\"none\" d=\"{lijnen}\"/>");
    einde + RAND
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
        let tekening = svg("Plan \"1\"", "Ziekenhuis", &[matrix]);
        assert!(!tekening.contains("<script>") && tekening.contains("&lt;script&gt;"));
        assert_eq!(tekening.matches("text-anchor=\"middle\"").count(), 1);
        assert!(tekening.contains("<title>im, Beeld: S</title>") && tekening.contains("Plan &quot;1&quot;"));
    }

    #[test]
    fn in_een_lang_overzicht_komen_de_namen_van_de_kolommen_terug() {
        let rijen = |hoeveel: usize| (0..hoeveel).map(|i| (format!("rij {i}"), vec![(0, "X".to_owned())])).collect();
        let koppen = |hoeveel| {
            let matrix = Matrix { titel: "T".to_owned(), uitleg: "X houder".to_owned(), kolommen: vec!["kolom".to_owned()], rijen: rijen(hoeveel) };
            svg("Plan", "O", &[matrix]).matches("rotate(-90)").count()
        };
        assert_eq!([koppen(0), koppen(40), koppen(41), koppen(100)], [1, 1, 2, 3]);
    }
}
