//! De weg van een autorisatieplan, zijn bevindingen en zijn uitvoering.

use std::collections::{HashMap, HashSet};

use domain::Id;
use domain::autorisatieplannen::{
    Autorisatieplan, Beslissing, Bevinding, Ernst, Gezien, NieuwAutorisatieplan, NieuwSamenwerkingsprofiel, Paginarecht, Planbewerking, Planfeiten, Planinhoud,
    Planopmerking, Planstatus, Profiel, Recht, Regelresultaat, Regelstand, SamenwerkingsprofielStatus, Toewijzing, Toewijzingsleutel, Uitvoerder, Uitvoering,
    Uitvoeringsfout, Uitvoeringsregel, Uitvoeringsresultaat, bevindingen, regels_voor, zelf_toegekend,
};
use domain::inrichting::{InrichtingSoort, InrichtingStatus};
use domain::organisaties::{Aansluitstatus, Organisatie, OrganisatieSoort};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::taken::Voor;
use domain::trajecten::{Feiten, poorten::poort};

use super::{dag, door, id, nu};

pub(crate) fn profiel(code: &str, recht: Recht) -> Profiel {
    Profiel {
        code: code.into(),
        naam: format!("Profiel {code}"),
        team: "crisisteam".into(),
        discipline: "zorg".into(),
        functie: format!("functie-{code}"),
        rechten: vec![Paginarecht { pagina: "Beeld".into(), recht }],
    }
}

pub(crate) fn toewijzing(profiel: &str, gebruiker: u128) -> Toewijzing {
    Toewijzing { profiel: profiel.into(), gebruiker_id: id(gebruiker), vervanger: false, van_datum: None, tot_datum: None }
}

fn feiten(gebruikers: &[u128], codes: &[&str]) -> Planfeiten {
    let mut inrichting = HashMap::from([
        ((InrichtingSoort::Team, "crisisteam".to_owned()), InrichtingStatus::Ingericht),
        ((InrichtingSoort::Discipline, "zorg".to_owned()), InrichtingStatus::Ingericht),
    ]);
    inrichting.extend(codes.iter().map(|c| ((InrichtingSoort::Functie, format!("functie-{c}")), InrichtingStatus::Ingericht)));
    Planfeiten {
        gebruikers: gebruikers.iter().map(|g| (id(*g), Gezien { actief: true, beheerder: false })).collect(),
        inrichting,
        paginas: HashSet::new(),
        uitgeleend: HashSet::new(),
    }
}

fn inhoud(profielen: Vec<Profiel>, toewijzingen: Vec<Toewijzing>) -> Planinhoud {
    Planinhoud { profielen, toewijzingen }.geordend().unwrap()
}

/// Twee profielen met ieder twee houders: er is niets op aan te merken.
fn goed() -> (Planinhoud, Planfeiten) {
    let i = inhoud(
        vec![profiel("a", Recht::Schrijven), profiel("b", Recht::Lezen)],
        vec![toewijzing("a", 1), toewijzing("a", 2), toewijzing("b", 1), toewijzing("b", 3)],
    );
    (i, feiten(&[1, 2, 3], &["a", "b"]))
}

fn oordeel(i: &Planinhoud, f: &Planfeiten) -> Vec<Bevinding> {
    bevindingen(i, f, dag("2026-12-01"))
}

#[track_caller]
fn heeft(i: &Planinhoud, f: &Planfeiten, code: &str, ernst: Ernst, plaats: &str) {
    let gevonden = oordeel(i, f);
    assert!(gevonden.iter().any(|b| b.code == code && b.ernst == ernst && b.location == plaats), "{code} {plaats}: {gevonden:#?}");
    // De plaats is echt een plaats in de inhoud.
    let json = serde_json::to_value(i).unwrap();
    assert!(gevonden.iter().all(|b| json.pointer(&b.location).is_some() || b.location.ends_with("Datum")), "{gevonden:#?}");
}

fn besluit() -> Beslissing {
    Beslissing { id: id(950), door: door(), op: nu() }
}

#[test]
fn een_plan_zonder_gebreken_heeft_geen_bevindingen() {
    let (i, f) = goed();
    assert_eq!(oordeel(&i, &f), []);
}

#[test]
fn een_profiel_met_onbekend_team_discipline_of_functie_is_een_fout() {
    let (mut i, f) = goed();
    i.profielen[0].team = "weg".into();
    i.profielen[0].discipline = "weg".into();
    i.profielen[0].functie = "weg".into();
    heeft(&i, &f, "team-onbekend", Ernst::Fout, "/profielen/0/team");
    heeft(&i, &f, "discipline-onbekend", Ernst::Fout, "/profielen/0/discipline");
    heeft(&i, &f, "functie-onbekend", Ernst::Fout, "/profielen/0/functie");
}

#[test]
fn een_vervallen_onderdeel_is_onbekend_en_een_wens_een_waarschuwing() {
    let (i, mut f) = goed();
    f.inrichting.insert((InrichtingSoort::Team, "crisisteam".into()), InrichtingStatus::Vervallen);
    heeft(&i, &f, "team-onbekend", Ernst::Fout, "/profielen/1/team");
    f.inrichting.insert((InrichtingSoort::Team, "crisisteam".into()), InrichtingStatus::Gewenst);
    heeft(&i, &f, "nog-niet-ingericht", Ernst::Waarschuwing, "/profielen/1/team");
}

#[test]
fn een_profiel_zonder_gebruiker_en_een_gebruiker_zonder_profiel_zijn_waarschuwingen() {
    let (mut i, mut f) = goed();
    i.toewijzingen.retain(|t| t.profiel != "b");
    heeft(&i, &f, "profiel-zonder-gebruiker", Ernst::Waarschuwing, "/profielen/1");
    heeft(&i, &f, "gebruiker-zonder-profiel", Ernst::Waarschuwing, "/toewijzingen");
    f.uitgeleend.insert("b".into());
    assert!(!oordeel(&i, &f).iter().any(|b| b.code == "profiel-zonder-gebruiker"), "een uitgeleend profiel is in gebruik");
}

#[test]
fn een_functie_met_een_houder_zonder_vervanger_is_een_waarschuwing() {
    let (mut i, f) = goed();
    i.toewijzingen.retain(|t| t.sleutel() != ("a", id(2)));
    heeft(&i, &f, "functie-een-houder", Ernst::Waarschuwing, "/profielen/0/functie");
    let mut vervanger = toewijzing("a", 3);
    vervanger.vervanger = true;
    i.toewijzingen.push(vervanger);
    assert!(!oordeel(&i.geordend().unwrap(), &f).iter().any(|b| b.code == "functie-een-houder"));
}

#[test]
fn een_geblokkeerde_of_onbekende_gebruiker_is_een_fout() {
    let (i, mut f) = goed();
    f.gebruikers.insert(id(1), Gezien { actief: false, beheerder: false });
    heeft(&i, &f, "gebruiker-geblokkeerd", Ernst::Fout, "/toewijzingen/0/gebruikerId");
    f.gebruikers.remove(&id(1));
    heeft(&i, &f, "gebruiker-onbekend", Ernst::Fout, "/toewijzingen/0/gebruikerId");
}

#[test]
fn beheerrecht_is_alleen_voor_een_geregistreerde_beheerder() {
    let (mut i, mut f) = goed();
    i.profielen[0].rechten[0].recht = Recht::Beheren;
    heeft(&i, &f, "beheerrecht-niet-geregistreerd", Ernst::Fout, "/toewijzingen/0/gebruikerId");
    for g in [1, 2] {
        f.gebruikers.insert(id(g), Gezien { actief: true, beheerder: true });
    }
    assert_eq!(oordeel(&i, &f), []);
}

#[test]
fn een_leeg_plan_een_profiel_zonder_rechten_een_onbekende_pagina_en_een_verlopen_toewijzing_vallen_op() {
    let (mut i, mut f) = goed();
    heeft(&Planinhoud::default(), &f, "plan-leeg", Ernst::Fout, "/profielen");
    f.paginas.insert("Anders".into());
    heeft(&i, &f, "pagina-onbekend", Ernst::Waarschuwing, "/profielen/0/rechten/0/pagina");
    i.profielen[0].rechten.clear();
    heeft(&i, &f, "profiel-zonder-rechten", Ernst::Waarschuwing, "/profielen/0/rechten");
    i.toewijzingen[0].tot_datum = Some(dag("2026-11-30"));
    heeft(&i, &f, "toewijzing-verlopen", Ernst::Waarschuwing, "/toewijzingen/0/totDatum");
}

#[test]
fn de_vorm_van_een_plan_wordt_gekeurd_met_alle_fouten_op_hun_plaats() {
    let mut dubbel = profiel("a", Recht::Lezen);
    dubbel.rechten.push(Paginarecht { pagina: "Beeld".into(), recht: Recht::Beheren });
    let mut achterstevoren = toewijzing("a", 1);
    (achterstevoren.van_datum, achterstevoren.tot_datum) = (Some(dag("2026-02-01")), Some(dag("2026-01-01")));
    let fout = Planinhoud { profielen: vec![profiel("a", Recht::Lezen), dubbel], toewijzingen: vec![toewijzing("b", 1), achterstevoren, toewijzing("a", 1)] };
    let fouten: Vec<String> = fout.geordend().unwrap_err().into_iter().map(|f| format!("{} {}", f.location, f.code)).collect();
    assert_eq!(
        fouten,
        [
            "/profielen/1/rechten/1/pagina dubbel",
            "/profielen/1/code dubbel",
            "/toewijzingen/0/profiel profiel-onbekend",
            "/toewijzingen/1/totDatum einde-voor-begin",
            "/toewijzingen/2 dubbel"
        ]
    );
}

#[test]
fn een_bewerking_laat_de_rest_staan_en_neemt_toewijzingen_mee_met_hun_profiel() {
    let (i, _) = goed();
    let bewerking = Planbewerking { verwijderde_profielen: vec!["b".into()], toewijzingen: vec![toewijzing("a", 9)], ..Default::default() };
    let na = i.bewerkt(&bewerking).unwrap();
    assert_eq!((na.profielen.len(), na.toewijzingen.len()), (1, 3));
    let weg = Planbewerking { verwijderde_toewijzingen: vec![Toewijzingsleutel { profiel: "a".into(), gebruiker_id: id(77) }], ..Default::default() };
    assert_eq!(i.bewerkt(&weg).unwrap_err()[0].code, "niet-in-plan");
}

#[test]
fn niemand_kent_zichzelf_een_profiel_toe() {
    let (i, _) = goed();
    let ik = [id(2)];
    let met = |verander: &dyn Fn(&mut Planinhoud)| {
        let mut na = i.clone();
        verander(&mut na);
        zelf_toegekend(&i, &na.geordend().unwrap(), &ik).map_err(|w| w.code)
    };
    assert_eq!(met(&|p| p.toewijzingen.push(toewijzing("b", 2))), Err("zelf-toekennen"), "een profiel erbij");
    assert_eq!(met(&|p| p.profielen[0].rechten[0].recht = Recht::Beheren), Err("zelf-toekennen"), "het eigen profiel verruimen");
    assert_eq!(met(&|p| p.profielen[0].team = "ander".into()), Err("zelf-toekennen"), "het eigen profiel verplaatsen");
    assert_eq!(met(&|p| p.toewijzingen[1].vervanger = true), Err("zelf-toekennen"), "de eigen toewijzing veranderen");
    assert_eq!(met(&|p| p.toewijzingen.push(toewijzing("b", 7))), Ok(()), "een ander mag");
    assert_eq!(met(&|p| p.profielen[0].rechten[0].recht = Recht::Lezen), Ok(()), "minder mag");
    assert_eq!(met(&|p| p.toewijzingen.retain(|t| t.gebruiker_id != id(2))), Ok(()), "inleveren mag");
}

fn plan(inhoud: &Planinhoud) -> Autorisatieplan {
    let nieuw = NieuwAutorisatieplan { organisatie_id: id(50), gebaseerd_op: None };
    nieuw.maak(id(51), 1, None, nu()).unwrap().0.met_inhoud(inhoud, nu()).unwrap()
}

fn zonder() -> Planopmerking {
    Planopmerking { toelichting: None }
}

fn met_tekst() -> Planopmerking {
    Planopmerking { toelichting: Some("Omdat.".into()) }
}

#[test]
fn fouten_houden_indienen_tegen_en_waarschuwingen_niet() {
    let (i, mut f) = goed();
    let p = plan(&i);
    f.gebruikers.insert(id(8), Gezien { actief: true, beheerder: false });
    assert!(p.indienen(&oordeel(&i, &f), &zonder(), besluit()).is_ok());
    f.gebruikers.remove(&id(1));
    let weigering = p.indienen(&oordeel(&i, &f), &zonder(), besluit()).unwrap_err();
    assert_eq!(weigering.code, "bevindingen-blokkeren");
    assert_eq!(weigering.ontbreekt[0].code, "gebruiker-onbekend");
}

#[test]
fn een_plan_gaat_zijn_weg_in_vaste_volgorde() {
    let (i, _) = goed();
    let concept = plan(&i);
    for (naam, uitkomst) in [
        ("akkoord", concept.akkoord(&zonder(), besluit())),
        ("teruggeven", concept.teruggeven(&met_tekst(), besluit())),
        ("vaststellen", concept.vaststellen(&[], &zonder(), besluit())),
    ] {
        assert_eq!(uitkomst.unwrap_err().code, "plan-in-andere-stand", "{naam}");
    }
    let ingediend = concept.indienen(&[], &zonder(), besluit()).unwrap();
    assert_eq!(ingediend.met_inhoud(&i, nu()).unwrap_err().code, "plan-niet-te-wijzigen");
    assert_eq!(ingediend.teruggeven(&zonder(), besluit()).unwrap_err().code, "toelichting-verplicht");
    let terug = ingediend.teruggeven(&met_tekst(), besluit()).unwrap();
    assert!(terug.met_inhoud(&i, nu()).is_ok());
    let akkoord = terug.indienen(&[], &zonder(), besluit()).unwrap().akkoord(&zonder(), besluit()).unwrap();
    assert_eq!(akkoord.teruggeven(&met_tekst(), besluit()).unwrap().status, Planstatus::Teruggegeven);
    let vast = akkoord.vaststellen(&[], &zonder(), besluit()).unwrap();
    assert_eq!((vast.status, vast.besluiten.len()), (Planstatus::Vastgesteld, 5));
    assert_eq!(vast.intrekken(&zonder(), besluit()).unwrap_err().code, "toelichting-verplicht");
    assert_eq!(vast.met_stand(Planstatus::Uitgevoerd, nu()).intrekken(&met_tekst(), besluit()).unwrap_err().code, "plan-in-andere-stand");
}

#[test]
fn een_nieuwe_versie_neemt_alleen_een_plan_van_dezelfde_organisatie_over() {
    let (i, _) = goed();
    let oud = plan(&i);
    let zelfde = NieuwAutorisatieplan { organisatie_id: id(50), gebaseerd_op: Some(oud.id) };
    let (nieuw, over) = zelfde.maak(id(60), 2, Some((&oud, &i)), nu()).unwrap();
    assert_eq!((nieuw.gebaseerd_op, over, nieuw.aantal_toewijzingen), (Some(oud.id), i.clone(), 4));
    let ander = NieuwAutorisatieplan { organisatie_id: id(99), gebaseerd_op: Some(oud.id) };
    assert_eq!(ander.maak(id(60), 2, Some((&oud, &i)), nu()).unwrap_err().code, "plan-van-ander");
}

struct Gang {
    inhoud: Planinhoud,
    regels: Vec<Uitvoeringsregel>,
}

impl Gang {
    fn nieuw() -> Self {
        let (inhoud, mut f) = goed();
        f.inrichting.insert((InrichtingSoort::Team, "crisisteam".into()), InrichtingStatus::Gewenst);
        let mut teller = 100;
        let regels = regels_voor(id(51), &Planinhoud::default(), &inhoud, &f.inrichting, || {
            teller += 1;
            id(teller)
        });
        Self { inhoud, regels }
    }

    fn doe(&mut self, plek: usize, als: Uitvoerder, eigen: &[Id]) -> Result<(), &'static str> {
        self.leg(plek, als, eigen, Regelresultaat::Gedaan, None)
    }

    fn leg(&mut self, plek: usize, als: Uitvoerder, eigen: &[Id], resultaat: Regelresultaat, reden: Option<&str>) -> Result<(), &'static str> {
        let een = Uitvoeringsresultaat { regel_id: self.regels[plek].id, resultaat, reden: reden.map(Into::into) };
        match (Uitvoering { regels: vec![een] }).verwerk(&self.inhoud, &mut self.regels, (&[als], Some(id(7)), eigen), nu()) {
            Ok(_) => Ok(()),
            Err(Uitvoeringsfout::Geweigerd(w)) => Err(w.code),
            Err(Uitvoeringsfout::Invoer(_)) => Err("invoer"),
        }
    }
}

use Uitvoerder::{Lfb, Organisatiebeheerder};

#[test]
fn wie_te_vroeg_is_leest_in_goed_nederlands_waarop_hij_wacht() {
    let mut gang = Gang::nieuw();
    let een = Uitvoeringsresultaat { regel_id: gang.regels[1].id, resultaat: Regelresultaat::Gedaan, reden: None };
    match (Uitvoering { regels: vec![een] }).verwerk(&gang.inhoud, &mut gang.regels, (&[Organisatiebeheerder], Some(id(7)), &[]), nu()) {
        Err(Uitvoeringsfout::Geweigerd(w)) => assert!(w.detail.starts_with("LFB moet eerst het team 'crisisteam' inrichten"), "{}", w.detail),
        anders => panic!("{anders:?}"),
    }
}

#[test]
fn lfb_richt_in_en_de_organisatiebeheerder_maakt_profielen_en_kent_toe() {
    let mut gang = Gang::nieuw();
    let wie: Vec<(&str, &str)> = gang.regels.iter().map(|r| (r.soort.as_str(), r.uitvoerder.as_str())).collect();
    assert_eq!(wie[..3], [("team", "lfb"), ("profiel", "organisatiebeheerder"), ("profiel", "organisatiebeheerder")]);
    assert_eq!(gang.doe(0, Organisatiebeheerder, &[]), Err("niet-uw-regel"));
    assert_eq!(gang.doe(1, Lfb, &[]), Err("niet-uw-regel"));
    assert_eq!(gang.doe(1, Organisatiebeheerder, &[]), Err("inrichting-eerst"));
    assert_eq!(gang.doe(3, Organisatiebeheerder, &[]), Err("profiel-eerst"));
    assert_eq!(gang.leg(0, Lfb, &[], Regelresultaat::Mislukt, None), Err("invoer"), "mislukt vraagt een reden");
    assert_eq!(gang.leg(0, Lfb, &[], Regelresultaat::Mislukt, Some("Dicht.")), Ok(()));
    assert_eq!((gang.regels[0].stand, gang.regels[0].reden.as_deref()), (Regelstand::Mislukt, Some("Dicht.")));
    assert_eq!(gang.doe(0, Lfb, &[]), Ok(()), "wat mislukte kan opnieuw");
    assert_eq!(gang.regels[0].reden, None);
    assert_eq!(gang.doe(0, Lfb, &[]), Err("regel-al-gedaan"));
    assert_eq!(gang.doe(1, Organisatiebeheerder, &[]), Ok(()));
    assert_eq!(gang.doe(3, Organisatiebeheerder, &[id(1)]), Err("zelf-toekennen"));
    assert_eq!(gang.doe(3, Organisatiebeheerder, &[id(2)]), Ok(()));
    assert_eq!((gang.regels[3].door_persoon_id, gang.regels[3].uitgevoerd_op), (Some(id(7)), Some(nu())));
}

#[test]
fn een_nieuwe_versie_voert_alleen_uit_wat_verandert() {
    let (oud, f) = goed();
    let mut nieuw = oud.clone();
    nieuw.profielen.remove(1);
    nieuw.toewijzingen.retain(|t| t.profiel == "a" && t.gebruiker_id != id(2));
    let mut teller = 0;
    let regels = regels_voor(id(51), &oud, &nieuw, &f.inrichting, || {
        teller += 1;
        id(teller)
    });
    let kort: Vec<String> = regels.iter().map(|r| format!("{} {} {}", r.soort, r.bewerking, r.code)).collect();
    assert_eq!(kort, ["toewijzing verwijderd a", "toewijzing verwijderd b", "toewijzing verwijderd b", "profiel verwijderd b"]);
    assert!(regels_voor(id(51), &oud, &oud, &f.inrichting, || id(1)).is_empty());
}

#[test]
fn een_samenwerkingsprofiel_heeft_een_eigenaar_een_lener_en_een_einde() {
    let nieuw = |eigenaar, tot| NieuwSamenwerkingsprofiel {
        eigenaar_id: id(eigenaar),
        gebruiker_id: id(3),
        profiel: "a".into(),
        motivatie: "m".into(),
        tot_datum: dag(tot),
    };
    let fout = |n: NieuwSamenwerkingsprofiel| n.maak(id(1), id(2), None, dag("2026-12-01"), nu()).unwrap_err()[0].code.clone();
    assert_eq!(fout(nieuw(2, "2027-01-01")), "eigen-organisatie");
    assert_eq!(fout(nieuw(9, "2026-11-30")), "periode-ongeldig");
    assert_eq!(fout(nieuw(9, "2027-12-02")), "periode-ongeldig");
    let s = nieuw(9, "2027-01-01").maak(id(1), id(2), Some(id(4)), dag("2026-12-01"), nu()).unwrap();
    let toegekend = s.besluit(SamenwerkingsprofielStatus::Toegekend, Some(id(5)), None, nu()).unwrap();
    assert_eq!((toegekend.aangevraagd_door, toegekend.besloten_door), (Some(id(4)), Some(id(5))));
    assert!(toegekend.geldt_op(dag("2027-01-01")) && !toegekend.geldt_op(dag("2027-01-02")));
    assert_eq!(toegekend.besluit(SamenwerkingsprofielStatus::Geweigerd, None, None, nu()).unwrap_err().code, "samenwerkingsprofiel-in-andere-stand");
    assert!(toegekend.besluit(SamenwerkingsprofielStatus::Beeindigd, None, None, nu()).is_ok());
}

/// Het plan van een organisatie in een stand.
fn in_stand(organisatie: u128, volgnummer: i32, status: Planstatus) -> Autorisatieplan {
    let nieuw = NieuwAutorisatieplan { organisatie_id: id(organisatie), gebaseerd_op: None };
    let (plan, _) = nieuw.maak(id(500 + u128::try_from(volgnummer).unwrap()), volgnummer, None, nu()).unwrap();
    plan.met_stand(status, nu())
}

#[test]
fn de_poorten_volgen_uit_het_nieuwste_plan_van_de_organisatie_zelf() {
    let t = super::traject();
    let bewijs = |plannen: &[Autorisatieplan], stap, code: &str| {
        let poort = poort(stap, &Feiten { autorisatieplannen: plannen, ..Feiten::van(&t, nu().date_naive()) });
        poort.voorwaarden.into_iter().find(|v| v.code == code).unwrap().bewijs
    };
    let (vast, uit) = ("autorisatieplan-vastgesteld", "autorisatieplan-uitgevoerd");
    for status in [Planstatus::Concept, Planstatus::Ingediend, Planstatus::Akkoord, Planstatus::Teruggegeven] {
        assert_eq!(bewijs(&[in_stand(1, 1, status)], 4, vast), None, "{status}");
    }
    assert!(bewijs(&[in_stand(1, 1, Planstatus::Vastgesteld)], 4, vast).is_some());
    assert_eq!(bewijs(&[in_stand(1, 1, Planstatus::Uitvoering)], 5, uit), None);
    assert_eq!(bewijs(&[in_stand(2, 1, Planstatus::Uitgevoerd)], 5, uit), None, "een plan van een ander telt niet");
    let beide = [in_stand(1, 1, Planstatus::Uitgevoerd), in_stand(1, 2, Planstatus::Vastgesteld)];
    assert_eq!(bewijs(&beide, 4, vast), Some(format!("/v1/autorisatieplannen/{}", beide[1].id)));
    assert_eq!(bewijs(&beide, 5, uit), Some(format!("/v1/autorisatieplannen/{}", beide[0].id)), "het oude plan geldt tot het nieuwe is uitgevoerd");
}

#[test]
fn een_taak_is_er_voor_wie_aan_de_beurt_is_en_voor_niemand_anders() {
    let wie = |organisatie: u128, soort, rol| {
        let o = Organisatie { soort, ..super::organisatie(organisatie, Aansluitstatus::Geen) };
        let nieuw =
            NieuwePersoon { organisatie_id: o.id, naam: "N".into(), email: "n@voorbeeld.example".into(), telefoon: None, functie: None, rollen: vec![rol] };
        (o, nieuw.maak(id(77), nu()).unwrap().activeren(nu()))
    };
    let lfb = wie(9, OrganisatieSoort::Nipv, Rol::Lfb);
    let (beheerder, leider) = (wie(1, OrganisatieSoort::Crisispartner, Rol::Organisatiebeheerder), wie(1, OrganisatieSoort::Crisispartner, Rol::Projectleider));
    let ander = wie(2, OrganisatieSoort::Crisispartner, Rol::Organisatiebeheerder);
    let taken = |status, open, (organisatie, persoon): &(Organisatie, Persoon)| {
        let voor = Voor { persoon, organisatie, vandaag: dag("2026-12-01") };
        in_stand(1, 1, status).taken("Organisatie 1", open, &voor).into_iter().map(|t| t.soort).collect::<Vec<_>>().join(" ")
    };
    use Planstatus::{Akkoord, Concept, Ingediend, Teruggegeven, Uitgevoerd, Vastgesteld};
    assert_eq!(taken(Concept, (0, 0), &beheerder), "autorisatieplan-indienen");
    assert_eq!(taken(Teruggegeven, (0, 0), &beheerder), "autorisatieplan-verbeteren");
    assert_eq!(taken(Ingediend, (0, 0), &lfb), "autorisatieplan-beoordelen");
    assert_eq!(taken(Akkoord, (0, 0), &leider), "autorisatieplan-vaststellen");
    assert_eq!(taken(Vastgesteld, (2, 5), &lfb), "autorisatieplan-inrichten");
    assert_eq!(taken(Vastgesteld, (0, 5), &lfb), "");
    assert_eq!(taken(Vastgesteld, (0, 5), &beheerder), "autorisatieplan-uitvoeren");
    for (status, niet) in [(Concept, &leider), (Ingediend, &beheerder), (Akkoord, &lfb), (Uitgevoerd, &lfb)] {
        assert_eq!(taken(status, (1, 1), niet), "", "{status}");
    }
    for status in Planstatus::ALLE {
        assert_eq!(taken(*status, (1, 1), &ander), "", "{status}");
    }
}
