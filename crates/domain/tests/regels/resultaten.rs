//! Resultaten: tellen zonder norm, onafhankelijk van volgorde.

use domain::Id;
use domain::afnames::{Aanleiding, Afname, Antwoord, Hoedanigheid, NieuweAfname, NieuweAfnameHeropening, NieuweSluiting, Sluitfeiten, Stand, Waarnemer};
use domain::resultaten::{Meegeteld, resultaat};
use domain::vragenlijsten::{Coordinatieniveau, Vragenlijst, vertaling};
use proptest::prelude::*;

use super::vragenlijsten::{lijst, volgende};
use super::{dag, door, id, nu};

const WAARDEN: [&str; 5] = ["ja", "deels", "nee", "niet-waargenomen", "niet-van-toepassing"];

pub(crate) fn afname(nummer: u128, lijst: &Vragenlijst, niveau: Coordinatieniveau) -> Afname {
    let nieuw = NieuweAfname {
        organisatie_id: id(1),
        vragenlijst_id: lijst.id,
        traject_id: None,
        oefening_id: None,
        aanleiding: Aanleiding::Oefening,
        titel: "Oefening Voorbeeld".into(),
        team: None,
        coordinatieniveau: Some(niveau),
        begin_datum: dag("2026-12-01"),
        eind_datum: dag("2026-12-05"),
    };
    nieuw.maak(id(nummer), lijst, None, nu()).unwrap().openen(id(90), door(), nu()).unwrap().0
}

pub(crate) fn stand(vraag: i16, waarde: &str) -> Stand {
    let antwoord = Antwoord { vraag, waarde: waarde.into(), opmerking: None, gegeven_op: nu(), apparaat: String::new(), gezien_op: None, ontvangen_op: nu() };
    Stand { vraag, antwoord, strijdig: vec![] }
}

fn waarnemer(antwoorden: &[(i16, &str)]) -> Meegeteld {
    Meegeteld { hoedanigheid: Hoedanigheid::EigenOrganisatie, standen: antwoorden.iter().map(|(v, w)| stand(*v, w)).collect() }
}

#[test]
fn een_vraag_is_het_gemiddelde_van_wie_haar_zag_en_een_groep_dat_van_haar_vragen() {
    let lijst = lijst(1);
    let uit = resultaat(
        &afname(2, &lijst, Coordinatieniveau::Strategisch),
        &lijst,
        &[waarnemer(&[(1, "ja"), (2, "nee")]), waarnemer(&[(1, "deels"), (2, "niet-waargenomen")]), waarnemer(&[(1, "nee"), (34, "ja")])],
    );
    let vraag = |nummer: i16| uit.vragen.iter().find(|v| v.nummer == nummer).unwrap();
    assert_eq!((vraag(1).score, vraag(1).laagste, vraag(1).hoogste, vraag(1).spreiding), (Some(0.5), Some(0.0), Some(1.0), Some(0.4082)));
    assert_eq!((vraag(2).score, vraag(2).meegeteld, vraag(2).niet_meegeteld), (Some(0.0), 1, 1));
    assert_eq!((vraag(3).score, vraag(3).meegeteld), (None, 0));
    assert_eq!((uit.categorieen[0].score, uit.categorieen[0].vragen_met_score), (Some(0.25), 2));
    assert_eq!((uit.totaal.score, uit.kernvragen.score), (Some(0.5), Some(0.75)));
    assert!(uit.vragen.iter().all(|v| v.nummer != 32), "vraag 32 bestaat niet voor een strategisch team");
    assert!(uit.schaal_voorlopig);
}

#[test]
fn vergelijken_gaat_alleen_over_vragen_die_in_beide_uitgaven_voortleven() {
    let eerste = lijst(1);
    let tweede = volgende(2, &eerste, "2.2");
    let toen = resultaat(&afname(3, &eerste, Coordinatieniveau::Tactisch), &eerste, &[waarnemer(&[(1, "nee"), (2, "nee"), (3, "deels")])]);
    // Vraag 2 van toen heet nu 1, vraag 3 heet nu 2; vraag 1 van toen bestaat niet meer.
    let nu_ = resultaat(&afname(4, &tweede, Coordinatieniveau::Tactisch), &tweede, &[waarnemer(&[(1, "ja"), (2, "deels"), (10, "ja")])]);
    let vertaling = vertaling(&eerste, &tweede, &[]).unwrap();
    let vergeleken = nu_.vergeleken(&toen, &afname(3, &eerste, Coordinatieniveau::Tactisch), &vertaling);
    let verschil = |nummer: i16| vergeleken.vragen.iter().find(|v| v.nummer == nummer).unwrap().verschil;
    assert_eq!((verschil(1), verschil(2), verschil(10)), (Some(1.0), Some(0.0), None));
    assert_eq!(vergeleken.totaal.verschil, Some(0.5));
}

fn sluit(waarnemers: &[Waarnemer], standen: &[(Id, Vec<Stand>)], verzoek: &NieuweSluiting) -> Result<Afname, &'static str> {
    let lijst = lijst(1);
    let feiten = Sluitfeiten { waarnemers, standen, vragenlijst: &lijst };
    afname(2, &lijst, Coordinatieniveau::Operationeel).sluiten(id(9), verzoek, feiten, door(), nu()).map(|(a, _)| a).map_err(|w| w.code)
}

fn genodigde(nummer: u128, ingediend: bool) -> Waarnemer {
    Waarnemer {
        id: id(nummer),
        afname_id: id(2),
        persoon_id: id(nummer + 100),
        organisatie_id: id(1),
        hoedanigheid: Hoedanigheid::EigenOrganisatie,
        ingediend_op: ingediend.then(nu),
        ingetrokken_op: None,
        uitgenodigd_op: nu(),
        versie: 1,
    }
}

fn alle_kernvragen(waarde: &str) -> Vec<Stand> {
    lijst(1).inhoud.vragen.iter().filter(|v| v.kernvraag).map(|v| stand(v.nummer, waarde)).collect()
}

#[test]
fn sluiten_vraagt_dat_iedere_kernvraag_is_beantwoord_en_ingediend() {
    let gewoon = NieuweSluiting::default();
    let mist_een: Vec<Stand> = alle_kernvragen("ja").into_iter().skip(1).collect();
    assert_eq!(sluit(&[genodigde(5, true)], &[(id(5), mist_een)], &gewoon).unwrap_err(), "kernvraag-zonder-antwoord");
    let half = [(id(5), alle_kernvragen("ja")), (id(6), vec![stand(1, "nee")])];
    assert_eq!(sluit(&[genodigde(5, true), genodigde(6, false)], &half, &gewoon).unwrap_err(), "invullingen-niet-ingediend");
    let toch = NieuweSluiting { zonder_niet_ingediend: true };
    assert!(sluit(&[genodigde(5, true), genodigde(6, false)], &half, &toch).is_ok());
    assert!(sluit(&[genodigde(5, true), genodigde(6, false)], &[(id(5), alle_kernvragen("ja"))], &gewoon).is_ok(), "wie niets invulde houdt niemand op");
}

#[test]
fn een_afname_die_nog_moet_beginnen_is_niet_te_sluiten_en_een_sluiting_noemt_het_jaar_van_de_staat() {
    let lijst = lijst(1);
    let (waarnemers, standen) = ([genodigde(5, true)], [(id(5), alle_kernvragen("ja"))]);
    let feiten = Sluitfeiten { waarnemers: &waarnemers, standen: &standen, vragenlijst: &lijst };
    let sluit = |begin: &str, op: &str| {
        let afname = Afname { begin_datum: dag(begin), eind_datum: dag(begin), ..afname(2, &lijst, Coordinatieniveau::Operationeel) };
        afname.sluiten(id(9), &NieuweSluiting::default(), feiten, door(), op.parse().unwrap()).map(|(_, o)| o.staat_jaar).map_err(|w| w.code)
    };
    assert_eq!(sluit("2026-12-20", "2026-12-19T12:00:00Z"), Err("afname-nog-niet-begonnen"));
    assert_eq!(sluit("2026-12-20", "2027-01-31T12:00:00Z"), Ok(Some(2026)), "in januari telt zij nog mee in het jaar van de oefening");
    assert_eq!(sluit("2026-12-20", "2027-02-01T12:00:00Z"), Ok(None), "een vastgesteld jaar verandert niet meer");
}

#[test]
fn gesloten_is_definitief_tot_nipv_met_een_reden_heropent() {
    let gesloten = sluit(&[genodigde(5, true)], &[(id(5), alle_kernvragen("deels"))], &NieuweSluiting::default()).unwrap();
    assert_eq!(gesloten.is_open().unwrap_err().code, "afname-gesloten");
    assert_eq!(gesloten.openen(id(8), door(), nu()).unwrap_err().code, "afname-gesloten");
    let verzoek = NieuweAfnameHeropening { reden: "Verkeerd team".into(), waarnemers: vec![] };
    let (open, overgang) = gesloten.heropenen(id(8), &verzoek, door(), nu()).unwrap();
    assert!(open.is_open().is_ok() && open.gesloten_op.is_none());
    assert_eq!(overgang.reden.as_deref(), Some("Verkeerd team"));
    assert_eq!(genodigde(5, true).mag_invullen().unwrap_err().code, "invulling-ingediend");
}

fn invullingen() -> impl Strategy<Value = Vec<Vec<(i16, usize)>>> {
    let antwoorden = proptest::collection::btree_map(1..36_i16, 0..5_usize, 0..20).prop_map(|m| m.into_iter().collect());
    proptest::collection::vec(antwoorden, 0..5)
}

fn meegeteld(invullingen: &[Vec<(i16, usize)>]) -> Vec<Meegeteld> {
    invullingen.iter().map(|i| waarnemer(&i.iter().map(|(vraag, waarde)| (*vraag, WAARDEN[*waarde])).collect::<Vec<_>>())).collect()
}

proptest! {
    #[test]
    fn tellen_hangt_niet_af_van_de_volgorde((een, ander) in invullingen().prop_flat_map(|i| (Just(i.clone()), Just(i).prop_shuffle()))) {
        let lijst = lijst(1);
        let afname = afname(2, &lijst, Coordinatieniveau::Tactisch);
        let omgekeerd: Vec<Meegeteld> = meegeteld(&ander).into_iter().map(|mut m| { m.standen.reverse(); m }).collect();
        prop_assert_eq!(resultaat(&afname, &lijst, &meegeteld(&een)), resultaat(&afname, &lijst, &omgekeerd));
    }

    #[test]
    fn niet_waargenomen_verandert_nooit_een_score(invullingen in invullingen(), vraag in 1..36_i16, waarde in 3..5_usize) {
        let lijst = lijst(1);
        let afname = afname(2, &lijst, Coordinatieniveau::Tactisch);
        let zonder = resultaat(&afname, &lijst, &meegeteld(&invullingen));
        let mut meer = invullingen.clone();
        meer.push(vec![(vraag, waarde)]);
        let met = resultaat(&afname, &lijst, &meegeteld(&meer));
        prop_assert_eq!((zonder.totaal, zonder.kernvragen, zonder.categorieen), (met.totaal, met.kernvragen, met.categorieen));
        for (a, b) in zonder.vragen.iter().zip(&met.vragen) {
            prop_assert_eq!((a.score, a.laagste, a.hoogste, a.spreiding, a.meegeteld), (b.score, b.laagste, b.hoogste, b.spreiding, b.meegeteld));
        }
    }
}
