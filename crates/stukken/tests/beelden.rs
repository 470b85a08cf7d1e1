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
fn een_groep_die_onthouden_wordt_is_in_de_uitleg_een_woord_en_in_het_beeld_gearceerd() {
    let rij = |naam: &str, waarden: Vec<Option<f64>>| Rij { naam: naam.to_owned(), waarden };
    let rijen = [rij("Zorg", vec![None, None]), rij("Water", vec![Some(0.5), None])];
    let svg = warmtekaart("Kaart", "2026", &["Een".to_owned(), "Twee".to_owned()], &rijen);
    assert!(svg.contains("Zorg: onthouden; Water: Een 0,50; Twee onthouden;"), "{svg}");
    assert_eq!(svg.matches("url(#dicht)").count(), 4, "drie cellen en de legenda");
}

#[test]
fn opschriften_en_legenda_blijven_binnen_het_beeld_ook_met_lange_namen() {
    let lang = "Informatie-ondersteunde oordeels- en besluitvorming in een regionaal operationeel team met vertegenwoordigers van vier organisaties";
    for svg in alle(lang, &[Some(0.25), None, Some(1.0)]) {
        for stuk in svg.split("<text ").skip(1) {
            let (kop, rest) = stuk.split_once('>').expect("text");
            let tekst = rest.split('<').next().unwrap_or_default();
            // De opschriften van een trend zijn dagen of jaren en worden niet afgebroken.
            if tekst == lang {
                continue;
            }
            let getal = |naam: &str| kop.split(naam).nth(1).and_then(|r| r.split('"').next()).and_then(|r| r.parse::<f64>().ok());
            let (x, punten) = (getal("x=\"").expect("x"), getal("font-size=\"").expect("font-size"));
            // Een letter is gemiddeld hooguit 0,6 keer zo breed als zijn punten; dat is een breed lettertype.
            #[expect(clippy::cast_precision_loss, reason = "een regel is kort")]
            let breed = tekst.chars().count() as f64 * punten * 0.6;
            let (links, rechts) = match kop {
                kop if kop.contains("\"middle\"") => (x - breed / 2.0, x + breed / 2.0),
                kop if kop.contains("\"end\"") => (x - breed, x),
                _ => (x, x + breed),
            };
            assert!(links >= -14.0 && rechts <= 414.0, "{tekst}: {links:.0} tot {rechts:.0}");
        }
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
