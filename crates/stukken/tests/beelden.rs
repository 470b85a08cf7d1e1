//! Een beeld is ook te lezen voor wie het niet ziet, en tekst van gebruikers blijft tekst.
#![cfg(test)]

use stukken::svg::{Reeks, Rij, Staaf, radar, staven, trend, warmtekaart};

const STOUT: &str = "<script>alert('x')</script> & \"zo\" \u{0007}verder";

fn alle(tekst: &str, waarden: &[Option<f64>]) -> [String; 4] {
    let namen: Vec<String> = waarden.iter().map(|_| tekst.to_owned()).collect();
    let reeksen = [Reeks { naam: tekst.to_owned(), waarden: waarden.to_vec() }, Reeks { naam: "Vorige".to_owned(), waarden: waarden.to_vec() }];
    let staaf = |w: &Option<f64>| Staaf { label: tekst.to_owned(), waarde: *w, spreiding: w.map(|w| (w / 2.0, w)), kern: true };
    [
        radar(tekst, tekst, &namen, &reeksen),
        staven(tekst, tekst, &waarden.iter().map(staaf).collect::<Vec<_>>()),
        trend(tekst, tekst, &namen, &reeksen),
        warmtekaart(tekst, tekst, &namen, &[Rij { naam: tekst.to_owned(), waarden: waarden.to_vec() }]),
    ]
}

#[test]
fn elk_beeld_heeft_een_titel_een_uitleg_met_de_cijfers_en_is_een_beeld() {
    for svg in alle("Netwerkvorming", &[Some(0.25), None, Some(1.0)]) {
        assert!(svg.contains("role=\"img\"") && svg.contains("aria-labelledby=\"titel uitleg\"") && svg.contains("lang=\"nl\""), "{svg}");
        assert!(svg.contains("<title id=\"titel\">Netwerkvorming</title>"), "{svg}");
        let uitleg = &svg[svg.find("<desc").expect("desc")..svg.find("</desc>").expect("desc")];
        assert!(uitleg.contains("0,25") && uitleg.contains("1,00"), "getallen op zijn Nederlands: {uitleg}");
    }
}

#[test]
fn tekst_van_gebruikers_wordt_nooit_opmaak() {
    for svg in alle(STOUT, &[Some(0.5), Some(0.75), Some(0.1)]) {
        assert!(!svg.contains("<script") && !svg.contains('\u{0007}') && svg.contains("&lt;script&gt;"), "{svg}");
    }
}

#[test]
fn een_beeld_zonder_metingen_of_zonder_scores_is_nog_steeds_een_beeld() {
    for waarden in [vec![], vec![None, None], vec![Some(0.0)]] {
        for svg in alle("Leeg", &waarden) {
            assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
