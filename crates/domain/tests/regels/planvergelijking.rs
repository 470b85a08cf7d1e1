//! Eigenschappen van plannen: volgorde doet er niet toe, verschillen kloppen in beide richtingen, een tabel verliest niets.

use std::collections::{HashMap, HashSet};

use domain::autorisatieplannen::{Gezien, KOPPEN, Paginarecht, Planfeiten, Planinhoud, Planverschillen, Profiel, Recht, Toewijzing, bevindingen, uit_rijen};
use domain::inrichting::{InrichtingSoort, InrichtingStatus};
use proptest::prelude::*;

use super::{dag, id};

fn recht() -> impl Strategy<Value = Recht> {
    prop_oneof![Just(Recht::Lezen), Just(Recht::Schrijven), Just(Recht::Beheren)]
}

fn profiel(code: String) -> impl Strategy<Value = Profiel> {
    (".{0,12}[a-z=+@'-]", "[abc]", "[xy]", "[mn]", prop::collection::btree_map("[=+@'\"; A-Z]{0,3}[a-e]", recht(), 0..4)).prop_filter_map(
        "namen zonder stuurtekens",
        move |(naam, team, discipline, functie, rechten)| {
            let rechten = rechten.into_iter().map(|(pagina, recht)| Paginarecht { pagina, recht }).collect();
            (!naam.chars().any(char::is_control)).then(|| Profiel { code: code.clone(), naam, team, discipline, functie, rechten })
        },
    )
}

fn inhoud() -> impl Strategy<Value = Planinhoud> {
    prop::collection::btree_set("[a-h]", 0..6)
        .prop_flat_map(|codes| {
            let profielen: Vec<_> = codes.iter().cloned().map(profiel).collect();
            let codes: Vec<String> = codes.into_iter().collect();
            let toewijzingen = prop::collection::btree_map((0..codes.len().max(1), 1_u128..8), (any::<bool>(), 0_u32..3), 0..12);
            (profielen, toewijzingen, Just(codes))
        })
        .prop_map(|(profielen, toewijzingen, codes)| {
            let toewijzing = |((plek, wie), (vervanger, maanden)): ((usize, u128), (bool, u32))| {
                let profiel = codes.get(plek)?.clone();
                let tot_datum = (maanden > 0).then(|| dag("2026-12-01").checked_add_months(chrono::Months::new(maanden)).unwrap());
                Some(Toewijzing { profiel, gebruiker_id: id(wie), vervanger, van_datum: tot_datum.map(|_| dag("2026-11-15")), tot_datum })
            };
            Planinhoud { profielen, toewijzingen: toewijzingen.into_iter().filter_map(toewijzing).collect() }.geordend().unwrap()
        })
}

fn feiten() -> Planfeiten {
    let gebruikers = (1..6).map(|g| (id(g), Gezien { actief: g != 2, beheerder: g == 3 })).collect();
    let inrichting = HashMap::from([
        ((InrichtingSoort::Team, "a".to_owned()), InrichtingStatus::Ingericht),
        ((InrichtingSoort::Team, "b".to_owned()), InrichtingStatus::Gewenst),
        ((InrichtingSoort::Discipline, "x".to_owned()), InrichtingStatus::Ingericht),
        ((InrichtingSoort::Functie, "m".to_owned()), InrichtingStatus::Ingericht),
    ]);
    Planfeiten { gebruikers, inrichting, paginas: HashSet::from(["Aa".to_owned()]), uitgeleend: HashSet::new() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn bevindingen_hangen_niet_af_van_de_volgorde_van_het_document(i in inhoud(), zaad in any::<u64>()) {
        let mut door_elkaar = i.clone();
        let husselen = |n: usize| (zaad >> (n % 48)) & 0xffff;
        let mut n = 0;
        door_elkaar.profielen.sort_by_cached_key(|_| { n += 7; husselen(n) });
        door_elkaar.profielen.iter_mut().for_each(|p| p.rechten.reverse());
        door_elkaar.toewijzingen.sort_by_cached_key(|_| { n += 5; husselen(n) });
        let geordend = door_elkaar.geordend().unwrap();
        prop_assert_eq!(&geordend, &i);
        let dag = dag("2026-12-20");
        prop_assert_eq!(bevindingen(&geordend, &feiten(), dag), bevindingen(&i, &feiten(), dag));
    }

    #[test]
    fn iedere_bevinding_wijst_een_plaats_in_het_document_aan(i in inhoud()) {
        let json = serde_json::to_value(&i).unwrap();
        for b in bevindingen(&i, &feiten(), dag("2026-12-20")) {
            prop_assert!(json.pointer(&b.location).is_some(), "{:?}", b);
        }
    }

    #[test]
    fn het_verschil_toegepast_op_de_oude_geeft_de_nieuwe_en_andersom(oud in inhoud(), nieuw in inhoud()) {
        let verschil = Planverschillen::tussen(&oud, &nieuw);
        prop_assert_eq!(verschil.toepassen(&oud), nieuw.clone());
        prop_assert_eq!(verschil.clone().omgekeerd().toepassen(&nieuw), oud.clone());
        prop_assert_eq!(verschil.is_leeg(), oud == nieuw);
        let json = serde_json::to_value(&nieuw).unwrap();
        for plaats in verschil.plaatsen(&nieuw) {
            prop_assert!(json.pointer(&plaats.location).is_some());
        }
        let heen_en_weer: Planverschillen = serde_json::from_str(&serde_json::to_string(&verschil).unwrap()).unwrap();
        prop_assert_eq!(heen_en_weer, verschil);
    }

    #[test]
    fn een_plan_als_tabel_en_terug_is_hetzelfde_plan(i in inhoud()) {
        let rijen: Vec<(u32, Vec<String>)> = i.rijen(|_| None).into_iter().enumerate().map(|(n, r)| (u32::try_from(n + 2).unwrap(), r.to_vec())).collect();
        prop_assert_eq!(uit_rijen(&rijen, |_| None).unwrap(), i);
    }
}

#[test]
fn een_fout_in_een_tabel_staat_altijd_op_haar_rij_en_kolom() {
    let rij = |nummer: u32, cellen: &[(&str, &str)]| {
        let cel = |kop: &&str| cellen.iter().find(|(k, _)| k == kop).map_or_else(String::new, |(_, tekst)| (*tekst).to_owned());
        (nummer, KOPPEN.iter().map(cel).collect::<Vec<_>>())
    };
    let profiel = |nummer, code| rij(nummer, &[("soort", "profiel"), ("profiel", code), ("naam", "N"), ("team", "t"), ("discipline", "d"), ("functie", "f")]);
    let recht = |nummer, pagina| rij(nummer, &[("soort", "recht"), ("profiel", "a"), ("pagina", pagina), ("recht", "lezen")]);
    let wie = id(1).to_string();
    let toewijzing = |nummer, code, van, tot| rij(nummer, &[("soort", "toewijzing"), ("profiel", code), ("gebruiker", &wie), ("van", van), ("tot", tot)]);
    // Rij 3 en 8 zijn in het bestand leeg.
    let rijen = [
        profiel(2, "a"),
        recht(4, "Beeld"),
        recht(5, "Beeld"),
        profiel(6, "Fout!"),
        profiel(7, "a"),
        toewijzing(9, "a", "2027-02-01", "2027-01-01"),
        toewijzing(10, "b", "", ""),
        toewijzing(11, "a", "morgen", ""),
    ];
    let fouten = uit_rijen(&rijen, |_| None).unwrap_err();
    let gezien: Vec<(&str, &str)> = fouten.iter().map(|f| (f.location.as_str(), f.code.as_str())).collect();
    let verwacht = [
        ("/5/pagina", "dubbel"),
        ("/6/profiel", "code-ongeldig"),
        ("/7/profiel", "dubbel"),
        ("/9/tot", "einde-voor-begin"),
        ("/10/profiel", "profiel-onbekend"),
        ("/11/van", "datum-ongeldig"),
        ("/11/profiel", "dubbel"),
    ];
    assert_eq!(gezien, verwacht);
}

#[test]
fn een_tabel_met_alleen_een_adres_vindt_de_gebruiker_en_anders_hoort_u_waar_het_misgaat() {
    let rij = |cellen: &[(usize, &str)]| {
        let mut rij = vec![String::new(); 13];
        cellen.iter().for_each(|(plek, tekst)| rij[*plek] = (*tekst).to_owned());
        rij
    };
    let profiel = rij(&[(0, "profiel"), (1, "a"), (2, "A"), (3, "t"), (4, "d"), (5, "f")]);
    let met_adres = rij(&[(0, "toewijzing"), (1, "a"), (9, "Noor@voorbeeld.example"), (10, "ja")]);
    let zoek = |adres: &str| (adres == "noor@voorbeeld.example").then(|| id(4));
    let gelezen = uit_rijen(&[(2, profiel.clone()), (3, met_adres)], zoek).unwrap();
    assert_eq!((gelezen.toewijzingen[0].gebruiker_id, gelezen.toewijzingen[0].vervanger), (id(4), true));
    let fout = rij(&[(0, "toewijzing"), (1, "a"), (9, "x@y.example"), (10, "misschien"), (11, "1 mei")]);
    let los = rij(&[(0, "recht"), (1, "b"), (6, "p"), (7, "lezen")]);
    let fouten: Vec<String> = uit_rijen(&[(2, profiel), (3, fout), (4, los), (5, rij(&[(0, "wat")]))], zoek)
        .unwrap_err()
        .into_iter()
        .map(|f| format!("{} {}", f.location, f.code))
        .collect();
    assert_eq!(fouten, ["/3/gebruiker gebruiker-onbekend", "/3/vervanger keuze", "/3/van datum-ongeldig", "/4/profiel profiel-onbekend", "/5/soort keuze"]);
}
