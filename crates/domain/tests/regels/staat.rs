//! De Staat: wat onthouden wordt is ook niet uit te rekenen, met welke combinatie van vragen dan ook.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::staat::beeld::{Bron, Jaarbeeld, Kader, StaatBeeld, StaatGroep, beeld};
use domain::staat::onthouding::{groepen, verraadt};
use domain::staat::{Atoom, Bijdrage, Cel, Celsom, DREMPEL, Groep, laatst_vastgesteld, vastgesteld, vrijgegeven};
use domain::vragenlijsten::{Coordinatieniveau, vertaling};
use proptest::prelude::*;

use super::vragenlijsten::{lijst, volgende};
use super::{dag, id, nu};

fn bijdrage(nummer: u128, sector: &str, regiotype: &str, scores: &[(i16, i64)]) -> Bijdrage {
    Bijdrage {
        afname_id: id(5_000 + nummer),
        organisatie_id: id(nummer),
        vragenlijst_code: "SNW-3".into(),
        vragenlijst_id: id(1),
        jaar: 2025,
        sector: sector.into(),
        regiotype: regiotype.into(),
        scores: scores.iter().copied().collect(),
    }
}

fn cellen(bijdragen: &[Bijdrage]) -> Vec<Cel> {
    let mut per_cel: BTreeMap<(String, String), Celsom> = BTreeMap::new();
    for b in bijdragen {
        per_cel.entry((b.sector.clone(), b.regiotype.clone())).or_default().erbij(b);
    }
    per_cel.into_iter().map(|((sector, regiotype), som)| Cel { sector, regiotype, som }).collect()
}

fn kijk(bijdragen: &[Bijdrage], groep: &Groep) -> StaatBeeld {
    let lijst = lijst(1);
    let vertaling = vertaling(&lijst, &lijst, &[]).unwrap();
    let bron = Bron { jaar: 2025, uitgave: "2.1".into(), beeld: Arc::new(Jaarbeeld::van(cellen(bijdragen))), vertaling };
    beeld(&lijst, &kader(2025, groep), &[bron])
}

fn kader(jaar: i32, groep: &Groep) -> Kader {
    let sectoren = ["energie", "financieel", "water", "zorg"].map(String::from).into();
    Kader { jaar, lopend_jaar: false, groep: groep.clone(), sectoren, regiotypen: BTreeSet::new() }
}

#[test]
fn een_jaar_wordt_vastgesteld_op_1_februari_daarna() {
    assert!(!vastgesteld(2026, dag("2026-12-31")) && !vastgesteld(2026, dag("2027-01-31")) && vastgesteld(2026, dag("2027-02-01")));
    assert_eq!((laatst_vastgesteld(dag("2027-01-31")), laatst_vastgesteld(dag("2027-02-01"))), (2025, 2026));
}

#[test]
fn een_afname_hoort_bij_het_jaar_van_haar_eerste_dag_ook_als_zij_later_sluit() {
    let lijst = lijst(1);
    let afname = super::resultaten::afname(2, &lijst, Coordinatieniveau::Tactisch);
    let gesloten = domain::afnames::Afname { begin_datum: dag("2026-12-18"), eind_datum: dag("2027-01-08"), gesloten_op: Some(nu()), ..afname };
    let uit = domain::resultaten::resultaat(&gesloten, &lijst, &[]);
    assert_eq!(Bijdrage::van(&uit, &gesloten, None, None).jaar, 2026);
}

#[test]
fn een_sector_waarin_niemand_meedeed_is_niet_te_onderscheiden_van_een_te_kleine() {
    let alles: Vec<Bijdrage> = [gelijk(5, 10, "water", 500_000), gelijk(3, 20, "zorg", 0), gelijk(2, 30, "energie", 0), gelijk(1, 40, "elders", 0)].concat();
    let gezien = kijk(&alles, &Groep::Landelijk);
    let sector = |code: &str| gezien.sectoren.iter().find(|s| s.code == code).map(|s| StaatGroep { code: String::new(), ..s.clone() }).unwrap();
    assert!(sector("energie").onthouden);
    assert_eq!(sector("energie"), sector("financieel"), "de opsomming verraadt niet wie meedeed");
}

fn gelijk(aantal: usize, vanaf: u128, sector: &str, score: i64) -> Vec<Bijdrage> {
    (0..aantal as u128).map(|i| bijdrage(vanaf + i, sector, "onbekend", &[(1, score)])).collect()
}

#[test]
fn een_groep_onder_de_drie_wordt_onthouden_en_met_haar_zoveel_als_nodig() {
    let alles: Vec<Bijdrage> = [gelijk(5, 10, "water", 500_000), gelijk(4, 20, "zorg", 250_000), gelijk(2, 30, "energie", 1_000_000)].concat();
    let landelijk = kijk(&alles, &Groep::Landelijk);
    let onthouden: BTreeSet<&str> = landelijk.sectoren.iter().filter(|s| s.onthouden).map(|s| s.code.as_str()).collect();
    // Zou alleen energie dicht zijn, dan was zij landelijk min water min zorg. Daarom gaat ook de kleinste andere dicht.
    // In de sector financieel deed niemand mee; dat is niet te zien.
    assert_eq!(onthouden, BTreeSet::from(["energie", "financieel", "zorg"]));
    assert_eq!((landelijk.onthouden, landelijk.organisaties), (false, Some(11)));
    assert!(kijk(&alles, &Groep::Sector("zorg".into())).onthouden);
    assert_eq!(kijk(&alles, &Groep::Sector("water".into())).totaal.score, Some(0.5));
}

#[test]
fn twee_kleine_groepen_die_samen_groot_genoeg_zijn_houden_niets_anders_dicht() {
    let alles: Vec<Bijdrage> = [gelijk(5, 10, "water", 0), gelijk(2, 20, "zorg", 0), gelijk(1, 30, "energie", 0)].concat();
    let landelijk = kijk(&alles, &Groep::Landelijk);
    assert_eq!(landelijk.sectoren.iter().filter(|s| !s.onthouden).map(|s| s.code.as_str()).collect::<Vec<_>>(), ["water"]);
    assert!(!landelijk.onthouden);
}

#[test]
fn een_sector_min_een_regiotype_verraadt_geen_enkele_organisatie() {
    // Alle waterschappen zijn van het type stroomgebied, op één waterbedrijf na: sector min type zou dat ene bedrijf zijn.
    let mut alles: Vec<Bijdrage> = (0..4).map(|i| bijdrage(10 + i, "water", "stroomgebied", &[(1, 0)])).collect();
    alles.push(bijdrage(20, "water", "landelijk", &[(1, 1_000_000)]));
    alles.extend((0..5).map(|i| bijdrage(30 + i, "zorg", "landelijk", &[(1, 0)])));
    let (water, stroom) = (kijk(&alles, &Groep::Sector("water".into())), kijk(&alles, &Groep::Regiotype("stroomgebied".into())));
    assert!(water.onthouden || stroom.onthouden);
}

#[test]
fn een_vraag_die_weinig_organisaties_beantwoordden_wordt_apart_onthouden() {
    let mut alles = gelijk(6, 10, "water", 500_000);
    alles[0].scores.insert(32, 1_000_000);
    let water = kijk(&alles, &Groep::Sector("water".into()));
    let vraag = |nummer: i16| water.vragen.iter().find(|v| v.nummer == nummer).unwrap().clone();
    assert!(!water.onthouden && vraag(1).score == Some(0.5));
    assert!(vraag(32).onthouden && vraag(32).score.is_none() && vraag(32).verdeling.is_empty());
    assert_eq!(water.totaal.score, Some(0.5), "het totaal telt alleen wat vrijgegeven is");
}

#[test]
fn erbij_en_eraf_is_hetzelfde_als_nooit_meegedaan() {
    let (een, twee) = (bijdrage(1, "water", "x", &[(1, 333_333), (2, 1_000_000)]), bijdrage(2, "water", "x", &[(1, 500_000)]));
    let mut som = Celsom::default();
    som.erbij(&een);
    let alleen_een = som.clone();
    som.erbij(&twee);
    som.eraf(&twee);
    assert_eq!(som, alleen_een);
}

#[test]
fn de_trend_vertaalt_naar_de_gevraagde_uitgave_en_mengt_uitgaven_niet() {
    let (eerste, tweede) = (lijst(1), volgende(2, &lijst(1), "2.2"));
    let toen: Vec<Bijdrage> = (0..3).map(|i| bijdrage(10 + i, "water", "x", &[(1, 1_000_000), (2, 0)])).collect();
    let nu: Vec<Bijdrage> = (0..3).map(|i| bijdrage(10 + i, "water", "x", &[(1, 500_000)])).collect();
    let bron = |jaar, uitgave: &str, bijdragen: &[Bijdrage], vertaling| Bron {
        jaar,
        uitgave: uitgave.into(),
        beeld: Arc::new(Jaarbeeld::van(cellen(bijdragen))),
        vertaling,
    };
    let jaren = [bron(2025, "2.1", &toen, vertaling(&eerste, &tweede, &[]).unwrap()), bron(2026, "2.2", &nu, vertaling(&tweede, &tweede, &[]).unwrap())];
    let gezien = beeld(&tweede, &kader(2026, &Groep::Landelijk), &jaren);
    // Vraag 1 van toen vervalt; vraag 2 van toen is nu vraag 1.
    assert_eq!(gezien.trend.iter().map(|t| t.totaal).collect::<Vec<_>>(), [Some(0.0), Some(0.5)]);
    assert_eq!((gezien.totaal.score, gezien.organisaties), (Some(0.5), Some(3)));
}

/// Een tweede, onafhankelijke toets in breuken op organisatieniveau: ligt er iets over hooguit twee organisaties in de ruimte
/// van alles wat vrijgegeven is?
fn af_te_leiden(open: &BTreeSet<Groep>, wie: &[(String, String)]) -> Option<Vec<usize>> {
    let rijen: Vec<Vec<f64>> = open.iter().map(|g| wie.iter().map(|(s, r)| f64::from(u8::from(g.omvat(s, r)))).collect()).collect();
    let rang = |rijen: Vec<Vec<f64>>| -> usize {
        let (mut rijen, mut rang) = (rijen, 0);
        for kolom in 0..rijen.first().map_or(0, Vec::len) {
            let Some(spil) = (rang..rijen.len()).max_by(|a, b| rijen[*a][kolom].abs().total_cmp(&rijen[*b][kolom].abs())) else { break };
            if rijen[spil][kolom].abs() < 1e-9 {
                continue;
            }
            rijen.swap(rang, spil);
            let bron = rijen[rang].clone();
            for rij in rijen.iter_mut().skip(rang + 1) {
                let factor = rij[kolom] / bron[kolom];
                rij.iter_mut().zip(&bron).for_each(|(hier, daar)| *hier -= factor * daar);
            }
            rang += 1;
        }
        rang
    };
    let geheel = rang(rijen.clone());
    let klein = (0..wie.len()).map(|i| vec![i]).chain((0..wie.len()).flat_map(|i| (i + 1..wie.len()).map(move |j| vec![i, j])));
    klein.into_iter().find(|klein| {
        let zonder = |rij: &Vec<f64>| rij.iter().enumerate().filter(|(i, _)| !klein.contains(i)).map(|(_, w)| *w).collect();
        rang(rijen.iter().map(zonder).collect()) < geheel
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn uit_alles_wat_vrijgegeven_is_volgt_nooit_iets_over_minder_dan_drie_organisaties(wie in proptest::collection::vec((0..5_u8, 0..4_u8), 0..28)) {
        let wie: Vec<(String, String)> = wie.into_iter().map(|(s, r)| (format!("s{s}"), format!("r{r}"))).collect();
        let mut aantallen: BTreeMap<(String, String), i64> = BTreeMap::new();
        wie.iter().for_each(|w| *aantallen.entry(w.clone()).or_default() += 1);
        let atomen: Vec<Atoom> = aantallen.into_iter().map(|((sector, regiotype), organisaties)| Atoom { sector, regiotype, organisaties }).collect();
        let open = vrijgegeven(&atomen, &groepen(&atomen));
        prop_assert_eq!(af_te_leiden(&open, &wie), None);
        for groep in &open {
            prop_assert!(wie.iter().filter(|(s, r)| groep.omvat(s, r)).count() as i64 >= DREMPEL);
        }
        prop_assert!(!verraadt(&open, &atomen));
    }
}
