//! De registratie van organisatiebeheerders: wie tekent, in welke volgorde, en wat er dan geldt.

use domain::organisaties::{Aansluitstatus, Organisatie, OrganisatieSoort};
use domain::personen::{NieuwePersoon, Persoon, PersoonStatus, Rol};
use domain::registraties::ondertekenen::Tekenblad;
use domain::registraties::{
    Aanmeldbewijs, Artikel, Beheerafspraken, BeheerderInvoer, BeheerderStand, Grondslag, NieuweBeheerafspraken, NieuweRegistratie, NieuweTraining,
    Omstandigheden, Ondertekenaar, Registratie, RegistratieStatus, RegistratieWijziging, SharepointStand, Terugwijzing, beheerders::rechtstreeks, gevolgen,
};
use domain::taken::Voor;
use domain::trajecten::{ActiviteitStatus, Feiten, poorten::poort};
use domain::{Id, Moment};
use proptest::prelude::*;

use super::{dag, id, nu, organisatie, traject};

fn persoon(nummer: u128, van: u128, rollen: &[Rol]) -> Persoon {
    let nieuw = NieuwePersoon {
        organisatie_id: id(van),
        naam: format!("Persoon {nummer} Voorbeeld"),
        email: format!("p{nummer}@voorbeeld.example"),
        telefoon: Some("+31 20 000 00 00".to_owned()),
        functie: Some("Informatiemanager".to_owned()),
        rollen: rollen.to_vec(),
    };
    nieuw.maak(id(nummer), nu()).unwrap().activeren(nu())
}

fn afspraken() -> Beheerafspraken {
    let artikel = Artikel { kop: "Beheer".to_owned(), alineas: vec!["De beheerder houdt de gebruikers actueel.".to_owned()] };
    NieuweBeheerafspraken { titel: "Afspraken".to_owned(), artikelen: vec![artikel] }.vaststellen(id(60), 1, nu()).unwrap()
}

/// Twee beheerders (10, 11), een projectleider (12), een tekenbevoegde (13), en LFB (21, 22) bij NIPV (2).
struct Toneel {
    personen: Vec<Persoon>,
    afspraken: Beheerafspraken,
    eigen: Organisatie,
    nipv: Organisatie,
    vers: Aanmeldbewijs,
}

impl Toneel {
    fn nieuw() -> Self {
        let nipv = Organisatie { soort: OrganisatieSoort::Nipv, ..organisatie(2, Aansluitstatus::Geen) };
        let personen = vec![
            persoon(10, 1, &[]),
            persoon(11, 1, &[Rol::Tekenbevoegde]),
            persoon(12, 1, &[Rol::Projectleider]),
            persoon(13, 1, &[Rol::Tekenbevoegde]),
            persoon(21, 2, &[Rol::Lfb]),
            persoon(22, 2, &[Rol::Lfb]),
        ];
        let vers = Aanmeldbewijs { issuer: "https://uitgever.example".to_owned(), client_id: None, acr: None, amr: vec!["otp".to_owned()], auth_time: nu() };
        Self { personen, afspraken: afspraken(), eigen: organisatie(1, Aansluitstatus::Geen), nipv, vers }
    }

    fn grondslag(&self) -> Grondslag<'_> {
        Grondslag { personen: &self.personen, afspraken: &self.afspraken, vorige: None, minimum: 2 }
    }

    fn wie(&self, nummer: u128) -> &Persoon {
        self.personen.iter().find(|p| p.id == id(nummer)).unwrap()
    }

    fn teken(&self, r: &Registratie, nummer: u128) -> Result<Registratie, &'static str> {
        let persoon = self.wie(nummer);
        let organisatie = if persoon.organisatie_id == id(1) { &self.eigen } else { &self.nipv };
        let wie = Ondertekenaar { persoon, organisatie, aanmelding: &self.vers };
        r.ondertekenen(id(500), &wie, &self.personen, nu()).map(|(nieuw, _)| nieuw).map_err(|w| w.code)
    }

    fn concept(&self) -> Registratie {
        let nieuw = NieuweRegistratie { organisatie_id: id(1), beheerders: Some(vec![invoer(10), invoer(11)]) };
        nieuw.maak(id(70), 1, &self.grondslag(), nu()).unwrap()
    }

    fn actief(&self) -> Registratie {
        let ingediend = self.concept().indienen(&self.grondslag(), nu()).unwrap();
        self.teken(&self.teken(&ingediend, 13).unwrap(), 21).unwrap()
    }
}

fn omstandigheden<'a>(uitgevallen: &'a [(Id, Moment)], van_kracht: Option<&'a Registratie>) -> Omstandigheden<'a> {
    Omstandigheden { organisatie_naam: "Organisatie 1", minimum: 2, uitgevallen, van_kracht }
}

fn invoer(nummer: u128) -> BeheerderInvoer {
    BeheerderInvoer { persoon_id: id(nummer), functie: None, telefoon: None, vervanger_van: None }
}

#[test]
fn pas_na_beide_handtekeningen_is_de_registratie_van_kracht() {
    let t = Toneel::nieuw();
    let ingediend = t.concept().indienen(&t.grondslag(), nu()).unwrap();
    assert_eq!(t.teken(&ingediend, 21), Err("volgorde-ondertekening"));
    let half = t.teken(&ingediend, 13).unwrap();
    assert_eq!(half.status, RegistratieStatus::OndertekendOrganisatie);
    assert_eq!(half.beheerders[0].stand, BeheerderStand::Aangewezen);
    assert_eq!(t.teken(&half, 13), Err("al-ondertekend"));
    let actief = t.teken(&half, 22).unwrap();
    assert_eq!((actief.status, actief.actief_op), (RegistratieStatus::Actief, Some(nu())));
    assert_eq!(actief.beheerders[0].stand, BeheerderStand::Geregistreerd);
    assert_eq!(t.teken(&actief, 21), Err("al-ondertekend"));
}

#[test]
fn niemand_tekent_een_formulier_waarin_hij_zelf_beheerder_is() {
    let mut t = Toneel::nieuw();
    let ingediend = t.concept().indienen(&t.grondslag(), nu()).unwrap();
    assert_eq!(t.teken(&ingediend, 11), Err("eigen-registratie-ondertekenen"));
    // Ook niet met een tweede account op hetzelfde e-mailadres, in welke schrijfwijze dan ook.
    let half = t.teken(&ingediend, 13).unwrap();
    t.personen[5].email = "P10@voorbeeld.EXAMPLE".to_owned();
    assert_eq!(t.teken(&half, 22), Err("eigen-registratie-ondertekenen"));
}

#[test]
fn wat_ontbreekt_houdt_de_indiening_tegen_en_staat_er_allemaal_bij() {
    let mut t = Toneel::nieuw();
    let nieuw = NieuweRegistratie { organisatie_id: id(1), beheerders: Some(vec![invoer(11)]) };
    let concept = nieuw.maak(id(70), 1, &t.grondslag(), nu()).unwrap();
    t.personen[3].rollen.clear();
    t.personen[1].status = PersoonStatus::Geblokkeerd;
    t.afspraken = Beheerafspraken { id: id(61), versie: 2, ..afspraken() };
    let weigering = concept.indienen(&t.grondslag(), nu()).unwrap_err();
    assert_eq!(weigering.code, "registratie-onvolledig");
    let codes: Vec<&str> = weigering.ontbreekt.iter().map(|o| o.code.as_str()).collect();
    assert_eq!(codes, ["te-weinig-beheerders", "afspraken-verouderd", "persoon-niet-actief", "tekenbevoegde-ontbreekt"]);
}

#[test]
fn beheerders_zijn_eigen_actieve_mensen_en_staan_er_een_keer_in() {
    let mut t = Toneel::nieuw();
    t.personen[2].status = PersoonStatus::Verwijderd;
    let vervanger = BeheerderInvoer { vervanger_van: Some(id(99)), ..invoer(11) };
    let nieuw = NieuweRegistratie { organisatie_id: id(1), beheerders: Some(vec![invoer(10), invoer(10), vervanger, invoer(21), invoer(12)]) };
    let fouten = nieuw.maak(id(70), 1, &t.grondslag(), nu()).unwrap_err();
    let gezien: Vec<(&str, &str)> = fouten.iter().map(|f| (f.location.as_str(), f.code.as_str())).collect();
    let verwacht = [
        ("/beheerders/1/persoonId", "dubbel"),
        ("/beheerders/2/vervangerVan", "vervanger-onbekend"),
        ("/beheerders/3/persoonId", "persoon-onbekend"),
        ("/beheerders/4/persoonId", "persoon-onbekend"),
    ];
    assert_eq!(gezien, verwacht);
}

#[test]
fn een_terugwijzing_laat_handtekeningen_vervallen_en_de_tweede_ronde_begint_opnieuw() {
    let t = Toneel::nieuw();
    let half = t.teken(&t.concept().indienen(&t.grondslag(), nu()).unwrap(), 13).unwrap();
    assert_eq!(half.mag_wijzigen().unwrap_err().code, "registratie-vast");
    let terug = half.teruggeven(&Terugwijzing { opmerkingen: "De functie klopt niet.".to_owned() }, nu()).unwrap();
    assert!(terug.ondertekeningen.is_empty());
    assert_eq!(t.teken(&terug, 21), Err("registratie-status"));
    let wijziging = RegistratieWijziging { beheerders: Some(vec![invoer(10), BeheerderInvoer { functie: Some("CIO".to_owned()), ..invoer(11) }]) };
    let opnieuw = terug.gewijzigd(&wijziging, &t.grondslag(), nu()).unwrap().indienen(&t.grondslag(), nu()).unwrap();
    assert_eq!((opnieuw.ronde, opnieuw.opmerkingen.clone()), (2, None));
    assert_eq!(t.teken(&opnieuw, 21), Err("volgorde-ondertekening"));
}

#[test]
fn een_nieuwe_versie_neemt_de_zittende_beheerders_over() {
    let t = Toneel::nieuw();
    let actief = t.actief().zonder_beheerder(id(10), nu()).unwrap();
    let grondslag = Grondslag { vorige: Some(&actief), ..t.grondslag() };
    let nieuw = NieuweRegistratie { organisatie_id: id(1), beheerders: None }.maak(id(71), 2, &grondslag, nu()).unwrap();
    assert_eq!(nieuw.beheerders.iter().map(|b| b.persoon_id).collect::<Vec<Id>>(), [id(11)]);
    assert_eq!(nieuw.vervangt_id, Some(actief.id));
}

#[test]
fn actief_beheerder_is_wie_getekend_geregistreerd_en_opgeleid_is() {
    let t = Toneel::nieuw();
    let nieuwe = |gevolgd: &str| NieuweTraining { gevolgd_datum: Some(dag(gevolgd)), ..NieuweTraining::default() };
    let morgen = nieuwe("2026-12-02").maak(id(80), (id(1), id(10)), dag("2026-12-01"), nu()).unwrap_err();
    assert_eq!(morgen[0].code, "in-de-toekomst");
    let training = nieuwe("2026-12-01").maak(id(80), (id(1), id(10)), dag("2026-12-01"), nu()).unwrap();
    // Opgeleid vóór de handtekeningen is nog niet actief.
    let concept = t.concept().met_training(&training, nu()).unwrap();
    assert!(!concept.is_actief_beheerder(id(10)));
    let actief = t.actief().met_training(&training, nu()).unwrap();
    assert!(actief.is_actief_beheerder(id(10)) && !actief.is_actief_beheerder(id(11)));
    let zonder = actief.zonder_beheerder(id(10), nu()).unwrap();
    assert_eq!(zonder.beheerders[0].stand, BeheerderStand::Beeindigd);
    assert_eq!(zonder.zonder_beheerder(id(10), nu()).unwrap_err().code, "beheerder-onbekend");
    assert_eq!(zonder.met_training(&training, nu()).unwrap_err().code, "beheerder-onbekend");
}

#[test]
fn sharepoint_is_er_alleen_voor_geregistreerde_beheerders() {
    let t = Toneel::nieuw();
    let zet = |r: &Registratie, stand| r.met_sharepoint(id(10), stand, nu()).map(|r| r.beheerders[0].sharepoint).map_err(|w| w.code);
    assert_eq!(zet(&t.concept(), SharepointStand::Verleend), Err("sharepoint-alleen-beheerders"));
    assert_eq!(zet(&t.actief(), SharepointStand::Ingetrokken), Err("sharepoint-ongewijzigd"));
    assert_eq!(zet(&t.actief(), SharepointStand::Verleend), Ok(SharepointStand::Verleend));
}

#[test]
fn organisatiebeheerder_wordt_men_door_het_getekende_formulier_en_niet_rechtstreeks() {
    let t = Toneel::nieuw();
    let geef = |rol, wie, van_kracht: Option<&Registratie>| rechtstreeks(rol, id(wie), van_kracht).map_err(|w| w.code);
    let half = t.teken(&t.concept().indienen(&t.grondslag(), nu()).unwrap(), 13).unwrap();
    let (actief, zonder) = (t.actief(), t.actief().zonder_beheerder(id(10), nu()).unwrap());
    for van_kracht in [None, Some(&half), Some(&zonder)] {
        assert_eq!(geef(Rol::Organisatiebeheerder, 10, van_kracht), Err("rol-uit-registratie"));
    }
    assert_eq!(geef(Rol::Organisatiebeheerder, 12, Some(&actief)), Err("rol-uit-registratie"), "staat er niet in");
    assert_eq!(geef(Rol::Organisatiebeheerder, 10, Some(&actief)), Ok(()), "een rol die bij vergissing is teruggenomen");
    assert!(Rol::ALLE.iter().filter(|rol| **rol != Rol::Organisatiebeheerder).all(|rol| geef(*rol, 12, None).is_ok()));
}

#[test]
fn de_poort_van_stap_vier_telt_alleen_beheerders_die_de_rol_hebben_en_mogen_werken() {
    let (t, traject) = (Toneel::nieuw(), traject());
    let actief = t.actief();
    let ontbreekt = |registratie: Option<&Registratie>, personen: &[Persoon]| {
        let feiten = Feiten { registratie, personen, ..Feiten::van(&traject, nu().date_naive()) };
        let poort = poort(4, &feiten);
        poort.voorwaarden.into_iter().find(|v| v.code == "registratie-organisatiebeheerders-actief").unwrap().ontbreekt
    };
    let beheerder = |nummer| persoon(nummer, 1, &[Rol::Organisatiebeheerder]);
    assert_eq!(ontbreekt(Some(&actief), &[beheerder(10)]), None);
    let nieuwe_versie = |personen: &[Persoon]| {
        ontbreekt(Some(&actief), personen).unwrap().contains("Maak een nieuwe versie van de registratie met beheerders die mogen werken")
    };
    assert!(nieuwe_versie(&[]));
    assert!(nieuwe_versie(&[persoon(10, 1, &[])]), "zonder de rol");
    assert!(nieuwe_versie(&[beheerder(10).blokkeren(nu()).unwrap()]), "geblokkeerd");
    assert!(nieuwe_versie(&[beheerder(12)]), "niet in het formulier");
    let zonder = actief.zonder_beheerder(id(10), nu()).unwrap();
    assert_eq!((ontbreekt(Some(&zonder), &[beheerder(10)]).is_some(), ontbreekt(Some(&zonder), &[beheerder(11)])), (true, None));
    assert!(ontbreekt(None, &[beheerder(10)]).unwrap().contains("ondertekenen"), "nog niet getekend");
}

#[test]
fn wie_sinds_de_indiening_is_uitgevallen_wordt_door_niemand_meer_aangesteld() {
    let mut t = Toneel::nieuw();
    let ingediend = t.concept().indienen(&t.grondslag(), nu()).unwrap();
    let half = t.teken(&ingediend, 13).unwrap();
    t.personen[0] = t.personen[0].blokkeren(nu()).unwrap();
    for (registratie, nummer) in [(&ingediend, 13), (&half, 21)] {
        let (persoon, organisatie) = (t.wie(nummer), if nummer == 13 { &t.eigen } else { &t.nipv });
        let wie = Ondertekenaar { persoon, organisatie, aanmelding: &t.vers };
        let weigering = registratie.ondertekenen(id(500), &wie, &t.personen, nu()).unwrap_err();
        assert_eq!(weigering.code, "beheerder-uitgevallen");
        assert!(weigering.detail.contains("Persoon 10 Voorbeeld") && weigering.detail.contains("Geef de registratie terug"), "{}", weigering.detail);
        assert!(!weigering.detail.contains("Persoon 11"), "{}", weigering.detail);
    }
    t.personen[0] = t.personen[0].verwijderen(nu()).unwrap();
    assert_eq!(t.teken(&half, 21), Err("beheerder-uitgevallen"));
    t.personen.remove(0);
    assert_eq!(t.teken(&half, 21), Err("beheerder-uitgevallen"), "wie er niet meer is, mag ook niet werken");
    let terug = half.teruggeven(&Terugwijzing { opmerkingen: "Wijs iemand anders aan.".to_owned() }, nu()).unwrap();
    let anders = RegistratieWijziging { beheerders: Some(vec![invoer(11), invoer(12)]) };
    let opnieuw = terug.gewijzigd(&anders, &t.grondslag(), nu()).unwrap().indienen(&t.grondslag(), nu()).unwrap();
    assert!(t.teken(&opnieuw, 13).is_ok());
}

#[test]
fn sharepoint_vraagt_alleen_werk_van_lfb_dat_er_is() {
    let t = Toneel::nieuw();
    let taken = |r: &Registratie, uitgevallen: &[(Id, Moment)], van_kracht: Option<&Registratie>| -> Vec<String> {
        let voor = Voor { persoon: t.wie(21), organisatie: &t.nipv, vandaag: dag("2026-12-01") };
        let taken = r.taken(&omstandigheden(uitgevallen, van_kracht), &voor);
        taken
            .into_iter()
            .filter(|taak| taak.soort.starts_with("sharepoint-"))
            .map(|taak| format!("{} {}", taak.soort, taak.titel.contains("Persoon 10")))
            .collect()
    };
    let actief = t.actief();
    assert_eq!(taken(&actief, &[], Some(&actief)), ["sharepoint-verlenen true", "sharepoint-verlenen false"]);
    assert_eq!(taken(&actief, &[(id(10), nu())], Some(&actief)), ["sharepoint-verlenen false"], "wie geblokkeerd of verwijderd is, krijgt niets");
    // Verwijderd met toegang: intrekken, tot deze persoon weer in de registratie zit die van kracht is.
    let mut zonder = actief.zonder_beheerder(id(10), nu()).unwrap();
    zonder.beheerders[0].sharepoint = SharepointStand::InTeTrekken;
    assert_eq!(taken(&zonder, &[], Some(&zonder)), ["sharepoint-intrekken true", "sharepoint-verlenen false"]);
    assert!(taken(&zonder.vervangen(nu()), &[], Some(&actief)).is_empty());
    assert_eq!(taken(&zonder.vervangen(nu()), &[], None), ["sharepoint-intrekken true"]);
}

#[test]
fn wie_opnieuw_beheerder_wordt_houdt_de_toegang_die_nog_niet_was_ingetrokken() {
    let t = Toneel::nieuw();
    let mut half = t.teken(&t.concept().indienen(&t.grondslag(), nu()).unwrap(), 13).unwrap();
    half.beheerders[0].sharepoint = SharepointStand::InTeTrekken;
    half.beheerders[1].sharepoint = SharepointStand::Ingetrokken;
    let standen = |r: &Registratie| r.beheerders.iter().map(|b| b.sharepoint).collect::<Vec<_>>();
    assert_eq!(standen(&t.teken(&half, 21).unwrap()), [SharepointStand::Verleend, SharepointStand::Ingetrokken]);
}

#[test]
fn een_aanmelding_is_ten_hoogste_vijftien_minuten_vers() {
    let bewijs = |seconden| Aanmeldbewijs { auth_time: nu() - chrono::TimeDelta::seconds(seconden), ..Toneel::nieuw().vers };
    assert!(bewijs(900).is_vers(nu()));
    assert!(!bewijs(901).is_vers(nu()));
}

#[test]
fn de_acties_van_bijlage_2_volgen_vanzelf() {
    let t = Toneel::nieuw();
    let standen = |actief: Option<&Registratie>, onderweg: Option<&Registratie>| gevolgen::activiteiten(actief, onderweg).map(|g| g.status);
    use ActiviteitStatus::{Bezig, Gereed, Open};
    assert_eq!(standen(None, None), [Open, Open, Open]);
    let concept = t.concept();
    assert_eq!(standen(None, Some(&concept)), [Bezig, Bezig, Open]);
    let ingediend = concept.indienen(&t.grondslag(), nu()).unwrap();
    assert_eq!(standen(None, Some(&ingediend)), [Gereed, Bezig, Open]);
    let mut actief = t.actief();
    assert_eq!(standen(Some(&actief), None), [Gereed, Gereed, Open]);
    for (nummer, stand) in [(10, Bezig), (11, Gereed)] {
        let training = NieuweTraining { gevolgd_datum: Some(dag("2026-12-01")), ..NieuweTraining::default() };
        actief = actief.met_training(&training.maak(id(80 + nummer), (id(1), id(nummer)), dag("2026-12-01"), nu()).unwrap(), nu()).unwrap();
        assert_eq!(standen(Some(&actief), None)[2], stand);
    }
}

#[test]
fn een_taak_ligt_bij_wie_aan_de_beurt_is_en_bij_niemand_anders() {
    let t = Toneel::nieuw();
    let zonder = |r: &Registratie, uitgevallen: &[(Id, Moment)], nummer: u128| {
        let persoon = t.wie(nummer);
        let organisatie = if persoon.organisatie_id == id(1) { &t.eigen } else { &t.nipv };
        let voor = Voor { persoon, organisatie, vandaag: dag("2026-12-01") };
        r.taken(&omstandigheden(uitgevallen, Some(r)), &voor).into_iter().map(|taak| taak.soort).collect::<Vec<_>>()
    };
    let bij = |r: &Registratie, nummer| zonder(r, &[], nummer);
    let concept = t.concept();
    assert_eq!(bij(&concept, 12), ["registratie-indienen"]);
    assert!(bij(&concept, 21).is_empty());
    let ingediend = concept.indienen(&t.grondslag(), nu()).unwrap();
    assert_eq!(bij(&ingediend, 13), ["registratie-ondertekenen"]);
    assert!(bij(&ingediend, 11).is_empty(), "een tekenbevoegde die zelf beheerder is, kan niet tekenen");
    assert!(bij(&ingediend, 12).is_empty() && bij(&ingediend, 21).is_empty());
    let half = t.teken(&ingediend, 13).unwrap();
    assert_eq!(bij(&half, 21), ["registratie-ondertekenen"]);
    assert!(bij(&half, 13).is_empty());
    let actief = t.actief();
    assert_eq!(bij(&actief, 21), ["beheerder-trainen", "sharepoint-verlenen", "beheerder-trainen", "sharepoint-verlenen"]);
    assert_eq!(bij(&actief.zonder_beheerder(id(10), nu()).unwrap(), 12), ["registratie-aanvullen"]);
    // Een beheerder die geblokkeerd of verwijderd is, is werk voor de organisatie en voor LFB tot hij uit de registratie is.
    let weg = [(id(10), nu())];
    assert_eq!(zonder(&actief, &weg, 12), ["registratie-aanvullen", "beheerder-uitgevallen"]);
    assert_eq!(zonder(&actief, &weg, 21)[0], "beheerder-uitgevallen");
    assert!(!zonder(&actief.zonder_beheerder(id(10), nu()).unwrap(), &weg, 12).contains(&"beheerder-uitgevallen".to_owned()));
    assert!(zonder(&ingediend, &weg, 12).is_empty(), "zolang er niet getekend is, verandert de organisatie het formulier zelf");
}

#[test]
fn wat_getekend_wordt_bevat_het_hele_formulier_en_de_aanmelding() {
    let t = Toneel::nieuw();
    let ingediend = t.concept().indienen(&t.grondslag(), nu()).unwrap();
    let wie = Ondertekenaar { persoon: t.wie(13), organisatie: &t.eigen, aanmelding: &t.vers };
    let (nieuw, kort) = ingediend.ondertekenen(id(500), &wie, &t.personen, nu()).unwrap();
    let inhoud = nieuw.te_tekenen(&kort, &wie, &Tekenblad { organisatie: &t.eigen, afspraken: &t.afspraken, vorige_sha256: None });
    assert_eq!(inhoud["registratie"]["beheerders"][1]["email"], "p11@voorbeeld.example");
    assert_eq!(inhoud["registratie"]["afspraken"]["artikelen"][0]["kop"], "Beheer");
    assert_eq!(inhoud["ondertekening"]["aanmelding"]["amr"][0], "otp");
    assert_eq!(inhoud["ondertekening"]["aanmelding"]["authTime"], "2026-12-01T09:00:00Z");
    assert_eq!(inhoud["ondertekening"]["partij"], "organisatie");
}

proptest! {
    /// In welke volgorde wie ook probeert te tekenen: actief wordt het alleen met eerst een tekenbevoegde van de organisatie en
    /// dan LFB, nooit dezelfde persoon, en nooit een beheerder uit het formulier.
    #[test]
    fn geen_enkele_volgorde_van_handtekeningen_omzeilt_de_regels(pogingen in proptest::collection::vec(prop_oneof![Just(10_u128), Just(11), Just(13), Just(21), Just(22)], 0..12)) {
        let t = Toneel::nieuw();
        let mut r = t.concept().indienen(&t.grondslag(), nu()).unwrap();
        let mut gelukt = Vec::new();
        for nummer in pogingen {
            if let Ok(nieuw) = t.teken(&r, nummer) {
                gelukt.push(nummer);
                prop_assert_eq!(nieuw.versie, r.versie + 1);
                r = nieuw;
            }
        }
        prop_assert!(gelukt.len() <= 2);
        prop_assert!(gelukt.first().is_none_or(|eerste| *eerste == 13));
        prop_assert!(gelukt.get(1).is_none_or(|tweede| [21, 22].contains(tweede)));
        prop_assert_eq!(r.status == RegistratieStatus::Actief, gelukt.len() == 2);
        prop_assert!(r.ondertekeningen.iter().all(|o| !r.noemt(o.persoon_id)));
    }
}
