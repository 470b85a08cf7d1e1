//! Stap 6 eindigt niet: overdragen, elk jaar afnemen, en blijven oefenen; wat wacht of te laat is, volgt uit wat is vastgelegd.

use domain::Datum;
use domain::afnames::{Jaarafname, Meting};
use domain::organisaties::{Aansluitstatus, Organisatie};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::taken::{Taak, Voor, wacht_vanaf};
use domain::trajecten::{
    Borging, Borgingsfeiten, Borgingsmoment, BorgingsmomentIntrekking, Borgingspunt, Borgingsstand, NieuwBorgingsmoment, PlanningStap, Stapovergang, Traject,
    TrajectStatus, VoorwaardeSoort, borging::borgingspunten,
};
use proptest::prelude::*;

use super::{dag, door, id, nu, organisatie, traject};

const LIVE: &str = "2026-12-01";

fn live() -> Traject {
    Traject { stap: 6, fase: 3, status: TrajectStatus::Live, ..traject() }
}

fn gedaan(punt: Borging, dag_: &str) -> Borgingsmoment {
    let ontvanger = punt.is_overdracht().then(|| "Afdeling Crisisbeheersing".to_owned());
    let verzoek = NieuwBorgingsmoment { punt, gedaan_datum: dag(LIVE), ontvanger, toelichting: None };
    let (_, moment) = live().borgen(id(7), verzoek, door(), nu()).unwrap();
    Borgingsmoment { gedaan_datum: dag(dag_), ..moment }
}

fn afname(code: &str, sinds: Option<&str>, begin: Option<&str>) -> Jaarafname {
    let laatste = begin.map(|begin| Meting { afname_id: id(60), begin_datum: dag(begin) });
    Jaarafname { code: code.to_owned(), af_te_nemen_sinds: sinds.map(dag), laatste }
}

fn punt(feiten: &Borgingsfeiten<'_>, code: &str) -> Borgingspunt {
    borgingspunten(feiten).into_iter().find(|p| p.code == code).unwrap()
}

/// De stand en de uiterste dag van een punt op een dag, voor een traject dat op 1 december 2026 live ging.
fn stand(traject: &Traject, momenten: &[Borgingsmoment], code: &str, vandaag: &str) -> (Borgingsstand, Option<Datum>) {
    let feiten = Borgingsfeiten { traject, live_sinds: Some(dag(LIVE)), momenten, afnames: &[], vandaag: dag(vandaag) };
    let punt = punt(&feiten, code);
    (punt.status, punt.uiterlijk_datum)
}

#[test]
fn voor_de_go_live_is_te_zien_wat_er_komt_en_is_niets_aan_de_beurt() {
    let (t, momenten) = (Traject { stap: 4, ..traject() }, [gedaan(Borging::OtoProgramma, "2020-01-01")]);
    let afnames = [afname("SNW-1", None, None), afname("SNW-2", None, None), afname("SNW-3", Some("2020-01-01"), Some("2021-01-01"))];
    let feiten = Borgingsfeiten { traject: &t, live_sinds: None, momenten: &momenten, afnames: &afnames, vandaag: dag("2026-12-01") };
    let punten = borgingspunten(&feiten);
    let codes: Vec<&str> = punten.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "overdracht-organisatie",
            "overdracht-proces",
            "overdracht-mens",
            "overdracht-techniek",
            "jaarlijkse-afname-snw-1",
            "jaarlijkse-afname-snw-2",
            "jaarlijkse-afname-snw-3",
            "oto-programma",
            "fallback-oefening"
        ]
    );
    assert!(punten.iter().all(|p| p.status == Borgingsstand::NogNiet && p.uiterlijk_datum.is_none() && p.te_doen.is_some()));
}

#[test]
fn overdragen_en_afnemen_schrijft_de_bron_voor_oto_en_fallback_raadt_zij_aan() {
    let t = live();
    let afnames = [afname("SNW-3", None, None)];
    let feiten = Borgingsfeiten { traject: &t, live_sinds: Some(dag(LIVE)), momenten: &[], afnames: &afnames, vandaag: dag(LIVE) };
    let aangeraden: Vec<String> = borgingspunten(&feiten).into_iter().filter(|p| p.soort == VoorwaardeSoort::Aanbevolen).map(|p| p.code).collect();
    assert_eq!(aangeraden, ["oto-programma", "fallback-oefening"]);
}

#[test]
fn een_onderdeel_wordt_een_keer_overgedragen_binnen_een_jaar_na_de_go_live() {
    let t = live();
    let code = "overdracht-mens";
    assert_eq!(stand(&t, &[], code, "2026-12-02"), (Borgingsstand::NogNiet, Some(dag("2027-12-01"))));
    assert_eq!(stand(&t, &[], code, "2027-09-01").0, Borgingsstand::NogNiet);
    assert_eq!(stand(&t, &[], code, "2027-09-02").0, Borgingsstand::Binnenkort);
    assert_eq!(stand(&t, &[], code, "2027-12-01").0, Borgingsstand::Binnenkort, "op de laatste dag kan het nog");
    assert_eq!(stand(&t, &[], code, "2027-12-02").0, Borgingsstand::TeLaat);
    let overgedragen = [gedaan(Borging::OverdrachtMens, "2027-12-05")];
    assert_eq!(stand(&t, &overgedragen, code, "2040-01-01"), (Borgingsstand::Gedaan, None), "en hoeft daarna nooit meer");
    assert_eq!(stand(&t, &overgedragen, "overdracht-proces", "2040-01-01").0, Borgingsstand::TeLaat, "ieder onderdeel apart");
}

#[test]
fn de_geplande_dag_van_stap_6_gaat_voor_de_termijn_van_een_jaar() {
    let mut t = live();
    t.planning.stappen = vec![PlanningStap { stap: 5, gereed_datum: dag("2026-12-01") }, PlanningStap { stap: 6, gereed_datum: dag("2027-02-15") }];
    let feiten = Borgingsfeiten { traject: &t, live_sinds: Some(dag(LIVE)), momenten: &[], afnames: &[], vandaag: dag("2027-02-16") };
    let overdracht = punt(&feiten, "overdracht-techniek");
    assert_eq!((overdracht.status, overdracht.uiterlijk_datum, overdracht.termijn_voorlopig), (Borgingsstand::TeLaat, Some(dag("2027-02-15")), false));
    let fallback = punt(&feiten, "fallback-oefening");
    assert_eq!((fallback.uiterlijk_datum, fallback.termijn_voorlopig), (Some(dag("2027-12-01")), true), "de planning gaat over de overdracht");
}

#[test]
fn oto_programma_en_fallback_oefening_komen_een_jaar_na_de_laatste_keer_terug() {
    let t = live();
    for (borging, code) in [(Borging::OtoProgramma, "oto-programma"), (Borging::FallbackOefening, "fallback-oefening")] {
        assert_eq!(stand(&t, &[], code, "2027-01-01"), (Borgingsstand::NogNiet, Some(dag("2027-12-01"))), "de eerste keer een jaar na de go-live");
        let momenten = [gedaan(borging, "2027-03-12")];
        assert_eq!(stand(&t, &momenten, code, "2027-12-12"), (Borgingsstand::Gedaan, Some(dag("2028-03-12"))));
        assert_eq!(stand(&t, &momenten, code, "2027-12-13").0, Borgingsstand::Binnenkort, "drie maanden van tevoren");
        assert_eq!(stand(&t, &momenten, code, "2028-03-13").0, Borgingsstand::TeLaat);
    }
}

#[test]
fn een_ingetrokken_moment_telt_niet() {
    let moment = gedaan(Borging::FallbackOefening, "2026-12-01");
    let reden = |reden: &str| BorgingsmomentIntrekking { reden: reden.into() };
    assert_eq!(moment.intrekken(&reden(" "), nu()).unwrap_err().code, "reden-verplicht");
    let ingetrokken = moment.intrekken(&reden("De oefening ging niet door."), nu()).unwrap();
    assert_eq!(ingetrokken.intrekken(&reden("nog eens"), nu()).unwrap_err().code, "borgingsmoment-ingetrokken");
    assert_eq!(stand(&live(), &[ingetrokken], "fallback-oefening", "2026-12-02").0, Borgingsstand::NogNiet);
}

#[test]
fn wat_gedaan_is_wijst_naar_het_bewijs_en_wat_niet_gedaan_is_zegt_wat_te_doen() {
    let t = live();
    let (momenten, afnames) = ([gedaan(Borging::OtoProgramma, "2026-12-01")], [afname("SNW-3", Some("2026-01-01"), Some("2026-12-01"))]);
    let feiten = Borgingsfeiten { traject: &t, live_sinds: Some(dag(LIVE)), momenten: &momenten, afnames: &afnames, vandaag: dag("2026-12-02") };
    for p in borgingspunten(&feiten) {
        assert_eq!(p.te_doen.is_none(), p.status == Borgingsstand::Gedaan, "{}", p.code);
        assert_eq!(p.bewijs.is_some(), p.laatste_datum.is_some(), "{}", p.code);
        assert!(!p.actiehouders.is_empty(), "{}", p.code);
    }
    assert_eq!(punt(&feiten, "oto-programma").bewijs, Some(format!("/v1/trajecten/{}/borgingsmomenten/{}", t.id, id(7))));
    assert_eq!(punt(&feiten, "jaarlijkse-afname-snw-3").bewijs, Some(format!("/v1/afnames/{}/resultaat", id(60))));
}

#[test]
fn vastleggen_kan_pas_als_het_traject_live_is() {
    for status in [TrajectStatus::Lopend, TrajectStatus::Gepauzeerd, TrajectStatus::Beeindigd] {
        assert_eq!(Traject { status, ..traject() }.is_live().unwrap_err().code, "traject-niet-live", "{status}");
    }
    assert_eq!(live().is_live(), Ok(()));
}

#[test]
fn gedaan_is_niet_in_de_toekomst_en_alleen_een_overdracht_heeft_een_ontvanger() {
    let fouten = |punt, dag_: &str, ontvanger: Option<&str>| {
        let verzoek = NieuwBorgingsmoment { punt, gedaan_datum: dag(dag_), ontvanger: ontvanger.map(Into::into), toelichting: None };
        let fouten = live().borgen(id(7), verzoek, door(), nu()).err().unwrap_or_default();
        fouten.into_iter().map(|f| format!("{} {}", f.location, f.code)).collect::<Vec<_>>()
    };
    assert!(fouten(Borging::FallbackOefening, "2026-12-01", None).is_empty(), "vandaag mag");
    assert!(fouten(Borging::OverdrachtMens, "2024-01-01", Some("Afdeling Opleiding")).is_empty(), "ook van voor de go-live");
    assert_eq!(fouten(Borging::FallbackOefening, "2026-12-02", Some("Meldkamer")), ["/gedaanDatum in-de-toekomst", "/ontvanger ontvanger-past-niet"]);
    assert_eq!(fouten(Borging::OverdrachtMens, "2026-12-01", None), ["/ontvanger ontvanger-verplicht"]);
    assert_eq!(fouten(Borging::OverdrachtMens, "2026-12-01", Some("  ")), ["/ontvanger leeg"]);
}

#[test]
fn live_sinds_de_dag_in_nederland_van_de_laatste_stapovergang() {
    let op = "2026-12-31T23:30:00Z".parse().unwrap();
    let overgang = Stapovergang { id: id(3), traject_id: id(100), van_stap: 5, naar_stap: 6, reden: None, met_afwijking: vec![], op, door: door() };
    assert_eq!(live().live_sinds(Some(&overgang)), Some(dag("2027-01-01")));
    assert_eq!(traject().live_sinds(Some(&overgang)), None, "wie een stap terug ging, is niet live");
}

#[test]
fn iedere_vragenlijst_wordt_ieder_kalenderjaar_afgenomen() {
    let uiterlijk = |begin, vandaag: &str| afname("SNW-3", Some("2023-01-16"), begin).uiterlijk(dag("2024-05-01"), dag(vandaag));
    assert_eq!(uiterlijk(None, "2024-06-01"), Some(dag("2024-12-31")), "het eerste jaar is dat van de go-live");
    assert_eq!(uiterlijk(Some("2024-03-03"), "2024-06-01"), Some(dag("2025-12-31")), "de go-live oefening van dat jaar telt mee");
    assert_eq!(uiterlijk(Some("2026-11-01"), "2027-06-01"), Some(dag("2027-12-31")));
    assert_eq!(uiterlijk(Some("2025-11-01"), "2027-06-01"), Some(dag("2026-12-31")), "vorig jaar overgeslagen: te laat");
    assert_eq!(uiterlijk(None, "2030-06-01"), Some(dag("2029-12-31")), "wat verder terug ligt, is niet meer in te halen");
    assert_eq!(uiterlijk(Some("2030-01-02"), "2030-06-01"), Some(dag("2031-12-31")), "en wie dit jaar afneemt, is weer bij");
}

#[test]
fn een_vragenlijst_zonder_gepubliceerde_uitgave_hoeft_niet_en_een_nieuwe_pas_in_het_jaar_van_publicatie() {
    assert_eq!(afname("SNW-1", None, None).uiterlijk(dag("2020-01-01"), dag("2027-06-01")), None);
    assert_eq!(afname("SNW-1", Some("2027-04-01"), None).uiterlijk(dag("2020-01-01"), dag("2027-06-01")), Some(dag("2027-12-31")));
    assert!(afname("SNW-1", None, None).te_doen(None, dag("2027-06-01")).contains("NIPV publiceert haar"));
}

#[test]
fn een_gemist_jaar_is_tot_februari_nog_te_sluiten_en_daarna_niet_meer() {
    let gemist = afname("SNW-3", Some("2023-01-16"), None);
    let tekst = |vandaag: &str| gemist.te_doen(gemist.uiterlijk(dag("2024-05-01"), dag(vandaag)), dag(vandaag));
    assert_eq!(tekst("2027-01-31"), "SNW-3 is in 2026 niet afgenomen. Sluit vóór 1 februari een afname die in 2026 begon, of neem SNW-3 dit jaar af.");
    assert_eq!(tekst("2027-02-01"), "SNW-3 is in 2026 niet afgenomen. Neem SNW-3 dit jaar af en sluit de afname.");
}

#[test]
fn de_jaarlijkse_afname_wacht_vanaf_oktober() {
    assert_eq!(wacht_vanaf(dag("2027-12-31")), dag("2027-10-01"));
    let stand = |vandaag: &str| {
        let (t, afnames) = (live(), [afname("SNW-3", Some("2023-01-16"), Some("2026-12-01"))]);
        punt(&Borgingsfeiten { traject: &t, live_sinds: Some(dag(LIVE)), momenten: &[], afnames: &afnames, vandaag: dag(vandaag) }, "jaarlijkse-afname-snw-3")
            .status
    };
    assert_eq!(
        [stand("2027-09-30"), stand("2027-10-01"), stand("2027-12-31"), stand("2028-01-01")],
        [Borgingsstand::Gedaan, Borgingsstand::Binnenkort, Borgingsstand::Binnenkort, Borgingsstand::TeLaat]
    );
}

fn persoon(organisatie: u128, rol: Rol) -> Persoon {
    let nieuw = NieuwePersoon {
        organisatie_id: id(organisatie),
        naam: "Kim Voorbeeld".into(),
        email: "kim@voorbeeld.example".into(),
        telefoon: None,
        functie: None,
        rollen: vec![rol],
    };
    nieuw.maak(id(9), nu()).unwrap()
}

fn codes(taken: &[Taak]) -> Vec<&str> {
    taken.iter().map(|t| t.soort.as_str()).collect()
}

#[test]
fn wat_wacht_of_te_laat_is_wordt_een_taak_van_wie_aan_zet_is() {
    let (t, o) = (live(), organisatie(1, Aansluitstatus::Live));
    let momenten = [gedaan(Borging::OverdrachtOrganisatie, "2027-01-05"), gedaan(Borging::OtoProgramma, "2027-11-01")];
    let taken = |vandaag: &str, persoon: &Persoon, organisatie: &Organisatie| {
        let afnames = [afname("SNW-3", Some("2023-01-16"), None)];
        let feiten = Borgingsfeiten { traject: &t, live_sinds: Some(dag(LIVE)), momenten: &momenten, afnames: &afnames, vandaag: dag(vandaag) };
        t.borgingstaken(&borgingspunten(&feiten), &Voor { persoon, organisatie, vandaag: dag(vandaag) })
    };
    let leider = persoon(1, Rol::Projectleider);
    assert!(taken("2027-08-31", &leider, &o).is_empty(), "nog niets aan de beurt");
    let gevonden = taken("2027-12-02", &leider, &o);
    assert_eq!(codes(&gevonden), ["overdracht-proces", "overdracht-mens", "overdracht-techniek", "fallback-oefening"], "de afname heeft haar eigen taak");
    assert_eq!((gevonden[0].uiterlijk_datum, gevonden[0].sinds_op.date_naive()), (Some(dag("2027-12-01")), dag("2027-09-02")));
    assert_eq!(codes(&taken("2027-12-02", &persoon(1, Rol::Informatiefunctionaris), &o)), ["fallback-oefening"], "overdragen doet de projectleider");
    assert!(taken("2027-12-02", &persoon(1, Rol::Waarnemer), &o).is_empty());
    assert!(taken("2027-12-02", &persoon(2, Rol::Projectleider), &organisatie(2, Aansluitstatus::Live)).is_empty(), "niet van een ander");
}

#[test]
fn de_jaarlijkse_afname_is_een_taak_vanaf_oktober_en_blijft_dat_als_het_jaar_voorbij_is() {
    let o = organisatie(1, Aansluitstatus::Live);
    let taak = |vandaag: &str, rol| {
        let wie = persoon(1, rol);
        afname("SNW-3", Some("2023-01-16"), Some("2026-12-01")).taak(&o, dag(LIVE), &Voor { persoon: &wie, organisatie: &o, vandaag: dag(vandaag) })
    };
    assert_eq!(taak("2027-09-30", Rol::Organisatiebeheerder), None);
    let oktober = taak("2027-10-01", Rol::Organisatiebeheerder).unwrap();
    assert_eq!((oktober.soort.as_str(), oktober.uiterlijk_datum), ("jaarlijkse-afname", Some(dag("2027-12-31"))));
    assert_eq!(taak("2028-05-01", Rol::Projectleider).unwrap().uiterlijk_datum, Some(dag("2027-12-31")), "te laat");
    assert_eq!(taak("2027-10-01", Rol::Tekenbevoegde), None);
}

proptest! {
    #[test]
    fn vooruit_in_de_tijd_wordt_een_punt_zonder_iets_te_doen_alleen_dringender(dagen in prop::collection::vec(0..1_500_u64, 2..20), gedaan_voor in prop::option::of(0..400_u64)) {
        let (t, begin) = (live(), dag(LIVE));
        let momenten: Vec<Borgingsmoment> = gedaan_voor
            .map(|d| Borgingsmoment { gedaan_datum: begin - chrono::Days::new(d), ..gedaan(Borging::FallbackOefening, LIVE) })
            .into_iter()
            .collect();
        let afnames = [afname("SNW-3", Some("2023-01-16"), None)];
        let mut dagen = dagen;
        dagen.sort_unstable();
        let rang = |stand| match stand { Borgingsstand::Gedaan | Borgingsstand::NogNiet => 0, Borgingsstand::Binnenkort => 1, Borgingsstand::TeLaat => 2 };
        let mut vorige = vec![0; 7];
        for d in dagen {
            let feiten = Borgingsfeiten { traject: &t, live_sinds: Some(begin), momenten: &momenten, afnames: &afnames, vandaag: begin + chrono::Days::new(d) };
            let nu: Vec<i32> = borgingspunten(&feiten).iter().map(|p| rang(p.status)).collect();
            prop_assert!(nu.iter().zip(&vorige).all(|(n, v)| n >= v), "{vorige:?} -> {nu:?}");
            vorige = nu;
        }
    }
}
