//! Antwoorden zonder verbinding: de volgorde van aankomst doet er niet toe, en strijd tussen apparaten blijft zichtbaar.

use chrono::TimeDelta;
use domain::Moment;
use domain::afnames::antwoorden::{NieuwAntwoordInReeks, controleer, ontvang, ontvang_reeks, standen};
use domain::afnames::{Antwoord, NieuwAntwoord, Ontvangst};
use domain::vragenlijsten::Coordinatieniveau;
use proptest::prelude::*;

use super::nu;

fn op(minuut: i64) -> Moment {
    nu() + TimeDelta::minutes(minuut)
}

fn geef(vraag: i16, waarde: &str, apparaat: &str, minuut: i64) -> NieuwAntwoordInReeks {
    let antwoord =
        NieuwAntwoord { waarde: waarde.to_owned(), opmerking: None, gegeven_op: Some(op(minuut)), apparaat: Some(apparaat.to_owned()), gezien_op: None };
    NieuwAntwoordInReeks { vraag, antwoord }
}

fn na_gezien(mut antwoord: NieuwAntwoordInReeks, minuut: i64) -> NieuwAntwoordInReeks {
    antwoord.antwoord.gezien_op = Some(op(minuut));
    antwoord
}

/// Alles achter elkaar ontvangen, elk in een eigen verzoek.
fn achter_elkaar(reeks: &[NieuwAntwoordInReeks]) -> (Vec<Antwoord>, Vec<Ontvangst>) {
    let (mut bekend, mut uitkomsten) = (Vec::new(), Vec::new());
    for (i, een) in reeks.iter().enumerate() {
        let ontvangen = ontvang(&bekend, std::slice::from_ref(een), op(1_000 + i as i64));
        bekend.extend(ontvangen.nieuw);
        uitkomsten.extend(ontvangen.uitkomsten.into_iter().map(|u| u.ontvangst));
    }
    (bekend, uitkomsten)
}

#[test]
fn hetzelfde_antwoord_twee_keer_gestuurd_is_een_antwoord() {
    let (bekend, uitkomsten) = achter_elkaar(&[geef(1, "ja", "a", 1), geef(1, "ja", "a", 1)]);
    assert_eq!((bekend.len(), uitkomsten), (1, vec![Ontvangst::Bewaard, Ontvangst::AlBekend]));
}

#[test]
fn een_ouder_antwoord_dat_later_aankomt_haalt_het_nieuwere_niet_in() {
    let (bekend, uitkomsten) = achter_elkaar(&[geef(1, "ja", "a", 5), geef(1, "nee", "a", 1)]);
    assert_eq!(uitkomsten, [Ontvangst::Bewaard, Ontvangst::Ingehaald]);
    assert_eq!(standen(&bekend)[0].antwoord.waarde, "ja");
}

#[test]
fn twee_apparaten_die_elkaar_tegenspreken_worden_gemeld_en_niets_gaat_verloren() {
    let (bekend, uitkomsten) = achter_elkaar(&[geef(1, "ja", "telefoon", 1), geef(1, "nee", "tablet", 2)]);
    assert_eq!(uitkomsten[1], Ontvangst::Strijdig);
    let stand = &standen(&bekend)[0];
    assert_eq!((stand.antwoord.waarde.as_str(), stand.strijdig[0].waarde.as_str(), bekend.len()), ("nee", "ja", 2));
}

#[test]
fn wie_het_andere_antwoord_gezien_heeft_lost_de_strijd_op() {
    let (bekend, _) = achter_elkaar(&[geef(1, "ja", "telefoon", 1), geef(1, "nee", "tablet", 2), na_gezien(geef(1, "deels", "telefoon", 3), 2)]);
    let stand = &standen(&bekend)[0];
    assert_eq!((stand.antwoord.waarde.as_str(), stand.strijdig.len()), ("deels", 0));
}

#[test]
fn een_ander_antwoord_van_hetzelfde_apparaat_op_hetzelfde_moment_wordt_geweigerd_en_gemeld() {
    let (bekend, uitkomsten) = achter_elkaar(&[geef(1, "ja", "a", 1), geef(1, "nee", "a", 1)]);
    assert_eq!((bekend.len(), uitkomsten[1]), (1, Ontvangst::ZelfdeMoment));
}

#[test]
fn zonder_moment_telt_het_moment_van_ontvangst_en_is_herhalen_geen_nieuw_antwoord() {
    let los = |waarde: &str| NieuwAntwoordInReeks {
        vraag: 1,
        antwoord: NieuwAntwoord { waarde: waarde.to_owned(), opmerking: None, gegeven_op: None, apparaat: None, gezien_op: None },
    };
    let (bekend, uitkomsten) = achter_elkaar(&[los("ja"), los("ja"), los("nee"), los("ja")]);
    assert_eq!(uitkomsten, [Ontvangst::Bewaard, Ontvangst::AlBekend, Ontvangst::Bewaard, Ontvangst::Bewaard]);
    assert_eq!((bekend.len(), standen(&bekend)[0].antwoord.waarde.as_str()), (3, "ja"));
}

#[test]
fn een_fout_antwoord_houdt_de_rest_van_een_reeks_niet_tegen() {
    let lijst = super::vragenlijsten::lijst(1);
    let afname = super::resultaten::afname(2, &lijst, Coordinatieniveau::Operationeel);
    let mut te_lang = geef(2, "ja", "a", 1);
    te_lang.antwoord.opmerking = Some("x".repeat(4_001));
    let reeks = [
        geef(1, "ja", "a", 1),
        geef(32, "ja", "a", 1),
        geef(99, "ja", "a", 1),
        geef(3, "misschien", "a", 1),
        te_lang,
        geef(1, "nee", "a", 1),
        geef(4, "nee", "a", 2),
    ];
    let fouten = reeks.iter().map(|een| controleer(een, &afname, &lijst, op(5))).collect();
    let ontvangen = ontvang_reeks(&[], &reeks, fouten, op(5));
    assert_eq!(ontvangen.nieuw.iter().map(|a| a.vraag).collect::<Vec<_>>(), [1, 4], "wat goed is, is bewaard");
    let gezien: Vec<(Ontvangst, &str)> = ontvangen.uitkomsten.iter().map(|u| (u.ontvangst, u.fouten.first().map_or("", |f| f.code.as_str()))).collect();
    let verwacht = [
        (Ontvangst::Bewaard, ""),
        (Ontvangst::Geweigerd, "vraag-niet-voor-niveau"),
        (Ontvangst::Geweigerd, "vraag-onbekend"),
        (Ontvangst::Geweigerd, "antwoord-onbekend"),
        (Ontvangst::Geweigerd, "opmerking-te-lang"),
        (Ontvangst::ZelfdeMoment, ""),
        (Ontvangst::Bewaard, ""),
    ];
    assert_eq!(gezien, verwacht);
    assert_eq!(ontvangen.uitkomsten.iter().filter(|u| u.is_niet_bewaard()).count(), 5);
}

#[test]
fn een_lege_opmerking_is_geen_opmerking() {
    let mut leeg = geef(1, "ja", "a", 1);
    leeg.antwoord.opmerking = Some("  ".into());
    assert_eq!(ontvang(&[], &[leeg], op(2)).nieuw[0].opmerking, None);
}

fn reeks() -> impl Strategy<Value = Vec<NieuwAntwoordInReeks>> {
    let een = (1..4_i16, 0..3_usize, 0..3_usize, 0..40_i64, proptest::option::of(0..40_i64)).prop_map(|(vraag, waarde, apparaat, minuut, gezien)| {
        let antwoord = geef(vraag, ["ja", "deels", "nee"][waarde], ["", "telefoon", "tablet"][apparaat], minuut);
        gezien.map_or_else(|| antwoord.clone(), |gezien| na_gezien(antwoord.clone(), gezien))
    });
    // Eén apparaat geeft op één moment één antwoord: dat is de enige aanname over wat er binnenkomt.
    proptest::collection::vec(een, 0..14).prop_map(|alle| {
        let mut uniek: Vec<NieuwAntwoordInReeks> = Vec::new();
        for een in alle {
            let zelfde = |a: &NieuwAntwoordInReeks| {
                a.vraag == een.vraag && a.antwoord.apparaat == een.antwoord.apparaat && a.antwoord.gegeven_op == een.antwoord.gegeven_op
            };
            if !uniek.iter().any(zelfde) {
                uniek.push(een);
            }
        }
        uniek
    })
}

proptest! {
    #[test]
    fn wat_geldt_hangt_niet_af_van_volgorde_van_aankomst_of_herhaling((eerst, dan) in reeks().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())), dubbel in 0..14_usize) {
        let mut dan = dan;
        if let Some(nog_eens) = dan.get(dubbel).cloned() {
            dan.push(nog_eens);
        }
        let kaal = |antwoorden: Vec<Antwoord>| {
            let mut gelijk: Vec<Antwoord> = antwoorden.into_iter().map(|a| Antwoord { ontvangen_op: nu(), ..a }).collect();
            gelijk.sort_by(|a, b| (a.vraag, a.gegeven_op, &a.apparaat).cmp(&(b.vraag, b.gegeven_op, &b.apparaat)));
            gelijk
        };
        let (een, twee) = (kaal(achter_elkaar(&eerst).0), kaal(achter_elkaar(&dan).0));
        prop_assert_eq!(&een, &twee, "alles is bewaard");
        prop_assert_eq!(standen(&een), standen(&twee));
        let in_een_keer = kaal(ontvang(&[], &dan, nu()).nieuw);
        prop_assert_eq!(standen(&in_een_keer), standen(&een));
    }
}
