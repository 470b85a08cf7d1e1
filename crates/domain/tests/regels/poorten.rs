//! Poorten worden berekend, en een afwijking laat zichtbaar door.

use domain::organisaties::{Aansluitstatus, NetwerkSoort, NetwerkStatus, Netwerkaansluiting};
use domain::personen::{NieuwePersoon, Rol};
use domain::trajecten::{
    Aansluitvormkeuze, Afwijking, Feiten, NieuweAfwijking, NieuwePartij, PartijRol, Poort, VoorwaardeSoort,
    poorten::{codes, poort},
};

use proptest::prelude::*;

use super::{certificering, dag, door, id, kale_poort, nu, organisatie, traject};

fn voldaan(p: &Poort, code: &str) -> bool {
    p.voorwaarden.iter().find(|v| v.code == code).unwrap().voldaan
}

#[test]
fn wat_ontbreekt_staat_erbij_en_wat_er_is_wijst_naar_het_bewijs() {
    for stap in 1..=5 {
        for v in kale_poort(&traject(), stap).voorwaarden {
            assert_ne!(v.bewijs.is_some(), v.ontbreekt.is_some(), "{}", v.code);
            assert_eq!(v.voldaan, v.bewijs.is_some());
        }
    }
}

#[test]
fn de_aangeraden_voorwaarden_van_de_bron_houden_niet_tegen() {
    let aanbevolen: Vec<String> =
        (1..=5).flat_map(|s| kale_poort(&traject(), s).voorwaarden).filter(|v| v.soort == VoorwaardeSoort::Aanbevolen).map(|v| v.code).collect();
    assert_eq!(
        aanbevolen,
        ["nulmeting-gehouden", "demonstratie-gegeven", "commitment-per-niveau", "besloten-netwerk", "adoptiepartner-betrokken", "vragenlijst-1-doorgenomen"]
    );
}

#[test]
fn een_gekozen_aansluitvorm_opent_de_poort_van_stap_twee() {
    let mut t = traject();
    assert!(!kale_poort(&t, 2).open);
    t.aansluitvorm = Some(Aansluitvormkeuze { code: "volledig".into(), motivatie: "past".into() });
    assert!(kale_poort(&t, 2).open);
}

#[test]
fn een_implementatiepartner_telt_alleen_met_een_vandaag_geldige_certificering() {
    let cert = [certificering(2, "2026-01-01", "2026-12-31")];
    let nieuw = NieuwePartij { organisatie_id: id(2), rol: PartijRol::Implementatiepartner, contactpersoon_id: None };
    let (t, _) = traject().met_partij(id(3), &nieuw, &organisatie(2, Aansluitstatus::Geen), &cert, nu()).unwrap();
    let op = |vandaag| poort(3, &Feiten { certificeringen: &cert, ..Feiten::van(&t, vandaag) });
    assert!(voldaan(&op(dag("2026-12-31")), "implementatiepartner-gecertificeerd"));
    assert!(!voldaan(&op(dag("2027-01-01")), "implementatiepartner-gecertificeerd"));
}

#[test]
fn een_projectleider_van_een_andere_organisatie_telt_niet() {
    let t = traject();
    let persoon = |organisatie| {
        NieuwePersoon {
            organisatie_id: id(organisatie),
            naam: "Lotte Voorbeeld".into(),
            email: "l@voorbeeld.example".into(),
            telefoon: None,
            functie: None,
            rollen: vec![Rol::Projectleider],
        }
        .maak(id(9), nu())
        .unwrap()
    };
    for (van, verwacht) in [(1, true), (2, false)] {
        let p = poort(3, &Feiten { personen: &[persoon(van)], ..Feiten::van(&t, nu().date_naive()) });
        assert_eq!(voldaan(&p, "projectleider-aangewezen"), verwacht);
    }
}

#[test]
fn alleen_een_actief_besloten_netwerk_telt_als_besloten() {
    let t = traject();
    for (soort, status, verwacht) in [
        (NetwerkSoort::Diginetwerk, NetwerkStatus::Actief, true),
        (NetwerkSoort::IctVerkeersplein, NetwerkStatus::Actief, true),
        (NetwerkSoort::Diginetwerk, NetwerkStatus::InAanvraag, false),
        (NetwerkSoort::Internet, NetwerkStatus::Actief, false),
    ] {
        let n =
            Netwerkaansluiting { id: id(1), organisatie_id: id(1), soort, status, laatst_getest_op: None, testresultaat: None, toelichting: None, versie: 1 };
        let p = poort(4, &Feiten { netwerkaansluitingen: &[n], ..Feiten::van(&t, nu().date_naive()) });
        assert_eq!(voldaan(&p, "besloten-netwerk"), verwacht, "{soort} {status}");
    }
}

#[test]
fn een_afwijking_opent_de_poort_maar_maakt_de_voorwaarde_niet_voldaan() {
    let t = traject();
    let verzoek = NieuweAfwijking { voorwaarde: "verkenning-conclusie".into(), motivatie: "verslag bekend".into() };
    let (t, afwijking) = t.afwijking(id(5), &verzoek, |s| kale_poort(&t, s), door(), nu()).unwrap();
    let p = poort(1, &Feiten { afwijkingen: &[afwijking], ..Feiten::van(&t, nu().date_naive()) });
    assert!(p.open);
    assert!(!voldaan(&p, "verkenning-conclusie"));
    let weer = t.afwijking(id(6), &verzoek, |_| p.clone(), door(), nu()).unwrap_err();
    assert_eq!(weer.code, "afwijking-bestaat-al");
}

#[test]
fn een_afwijking_is_er_alleen_voor_wat_tegenhoudt() {
    let t = traject();
    let vraag = |code: &str, motivatie: &str| {
        t.afwijking(id(5), &NieuweAfwijking { voorwaarde: code.into(), motivatie: motivatie.into() }, |s| kale_poort(&t, s), door(), nu()).unwrap_err().code
    };
    assert_eq!(vraag("bestaat-niet", "m"), "voorwaarde-onbekend");
    assert_eq!(vraag("nulmeting-gehouden", "m"), "afwijking-niet-nodig");
    assert_eq!(vraag("verkenning-conclusie", "  "), "reden-verplicht");
}

#[test]
fn iedere_voorwaarde_heeft_een_eigen_code() {
    let alle: Vec<_> = (1..=6).flat_map(codes).collect();
    let uniek: std::collections::HashSet<_> = alle.iter().collect();
    assert_eq!((alle.len(), uniek.len()), (25, 25));
}

#[test]
fn een_geblokkeerde_projectleider_telt_niet() {
    let t = traject();
    let kaal = serde_json::json!({ "organisatieId": id(1), "naam": "Lotte Voorbeeld", "email": "l@voorbeeld.example", "rollen": ["projectleider"] });
    let persoon = serde_json::from_value::<NieuwePersoon>(kaal).unwrap().maak(id(9), nu()).unwrap();
    let dicht = persoon.blokkeren(nu()).unwrap();
    for (persoon, verwacht) in [(persoon, true), (dicht, false)] {
        let feiten = Feiten { personen: &[persoon], ..Feiten::van(&t, nu().date_naive()) };
        assert_eq!(voldaan(&poort(3, &feiten), "projectleider-aangewezen"), verwacht);
    }
}

proptest! {
    #[test]
    fn dezelfde_feiten_geven_altijd_dezelfde_poort(stap in 0..8_i16, gekozen in any::<bool>(), dagen in 0..400_u64, codes_met in prop::collection::vec(0..25_usize, 0..6)) {
        let mut t = traject();
        t.aansluitvorm = gekozen.then(|| Aansluitvormkeuze { code: "volledig".into(), motivatie: "past".into() });
        let alle: Vec<_> = (1..=5).flat_map(codes).collect();
        let afwijking = |plek: usize| Afwijking { id: id(1), traject_id: t.id, voorwaarde: alle[plek].into(), stap: 1, motivatie: "m".into(), op: nu(), door: door() };
        let afwijkingen: Vec<_> = codes_met.into_iter().map(afwijking).collect();
        let vandaag = nu().date_naive() + chrono::Days::new(dagen);
        let feiten = Feiten { afwijkingen: &afwijkingen, ..Feiten::van(&t, vandaag) };
        let p = poort(stap, &feiten);
        prop_assert_eq!(&p, &poort(stap, &feiten));
        prop_assert_eq!(p.voorwaarden.iter().map(|v| v.code.as_str()).collect::<Vec<_>>(), codes(stap));
        if (1..=5).contains(&stap) {
            prop_assert_eq!(p.open, p.ontbreekt().is_empty());
        }
    }
}

#[test]
fn vragenlijst_3_is_pas_bewijs_met_waarnemers_van_adoptiepartner_en_nipv_bij_de_go_live() {
    use domain::afnames::{Aanleiding, Hoedanigheid};
    use domain::trajecten::poorten::Afnamefeit;
    let t = traject();
    let goed = Afnamefeit {
        id: id(40),
        vragenlijst_code: "SNW-3".into(),
        aanleiding: Aanleiding::GoLive,
        gesloten: true,
        waarnemers: vec![Hoedanigheid::Nipv, Hoedanigheid::Adoptiepartner],
    };
    let met = |afname: &Afnamefeit| {
        let afnames = std::slice::from_ref(afname);
        let feiten = Feiten { afnames, ..Feiten::van(&t, nu().date_naive()) };
        voldaan(&poort(5, &feiten), "vragenlijst-3-gesloten")
    };
    assert!(met(&goed));
    assert!(!met(&Afnamefeit { gesloten: false, ..goed.clone() }));
    assert!(!met(&Afnamefeit { aanleiding: Aanleiding::Oefening, ..goed.clone() }));
    assert!(!met(&Afnamefeit { vragenlijst_code: "SNW-1".into(), ..goed.clone() }));
    for een in [Hoedanigheid::Nipv, Hoedanigheid::Adoptiepartner, Hoedanigheid::Buurorganisatie] {
        assert!(!met(&Afnamefeit { waarnemers: vec![een], ..goed.clone() }), "{een}");
    }
}
