//! Stappen zetten, pauzeren, beëindigen en heropenen.

use domain::trajecten::{
    BeeindigingReden, NieuweBeeindiging, NieuweHeropening, NieuweHervatting, NieuwePauzering, NieuweStapovergang, Traject, TrajectStatus, fase_van,
    verloop::met_hervattingen,
};
use proptest::prelude::*;

use super::{door, id, kale_poort, nu, open_poort, traject};

fn stap(traject: &Traject, naar: i16, reden: Option<&str>) -> Result<Traject, &'static str> {
    let verzoek = NieuweStapovergang { naar_stap: naar, reden: reden.map(Into::into) };
    traject.overgang(id(1), &verzoek, &open_poort(traject.stap), door(), nu()).map(|(t, _)| t).map_err(|w| w.code)
}

#[test]
fn een_dichte_poort_houdt_tegen_en_noemt_alles_wat_ontbreekt() {
    let t = traject();
    let verzoek = NieuweStapovergang { naar_stap: 2, reden: None };
    let weigering = t.overgang(id(1), &verzoek, &kale_poort(&t, 1), door(), nu()).unwrap_err();
    assert_eq!(weigering.code, "poort-niet-voldaan");
    assert_eq!(weigering.ontbreekt.iter().map(|o| o.code.as_str()).collect::<Vec<_>>(), ["verkenning-conclusie"]);
}

#[test]
fn een_traject_gaat_een_stap_vooruit_en_nooit_meer() {
    let t = traject();
    assert_eq!(stap(&t, 2, None).map(|t| (t.stap, t.fase, t.versie)), Ok((2, 1, 2)));
    for naar in [1, 3, 4, 5, 6, 0, 7, -1] {
        assert_eq!(stap(&t, naar, Some("omdat")), Err("stap-ongeldig"), "{naar}");
    }
}

#[test]
fn terug_gaan_kan_alleen_met_een_reden() {
    let t = Traject { stap: 4, fase: 2, ..traject() };
    assert_eq!(stap(&t, 2, None), Err("reden-verplicht"));
    assert_eq!(stap(&t, 2, Some("  ")), Err("reden-verplicht"));
    assert_eq!(stap(&t, 2, Some("De ambitie wordt herzien")).map(|t| (t.stap, t.fase)), Ok((2, 1)));
}

#[test]
fn wie_poort_vijf_passeert_is_live_en_stay_live_eindigt_niet() {
    let t = Traject { stap: 5, fase: 3, ..traject() };
    let live = stap(&t, 6, None).unwrap();
    assert_eq!((live.stap, live.status), (6, TrajectStatus::Live));
    assert_eq!(stap(&live, 7, None), Err("stap-ongeldig"));
    let einde = NieuweBeeindiging { reden: BeeindigingReden::Gestopt, toelichting: "stop".into() };
    assert_eq!(live.beeindigen(id(2), &einde, door(), nu()).unwrap_err().code, "traject-live");
    assert!(!kale_poort(&live, 6).open);
}

#[test]
fn een_gepauzeerd_traject_staat_stil_tot_het_hervat_wordt() {
    let (stil, _) = traject().pauzeren(id(1), &NieuwePauzering { reden: "fusie".into() }, door(), nu()).unwrap();
    assert_eq!(stap(&stil, 2, None), Err("traject-gepauzeerd"));
    assert_eq!(stil.pauzeren(id(1), &NieuwePauzering { reden: "nog eens".into() }, door(), nu()).unwrap_err().code, "traject-gepauzeerd");
    let (weer, _) = stil.hervatten(id(2), &NieuweHervatting::default(), door(), nu()).unwrap();
    assert_eq!(weer.status, TrajectStatus::Lopend);
    assert_eq!(weer.hervatten(id(2), &NieuweHervatting::default(), door(), nu()).unwrap_err().code, "traject-niet-gepauzeerd");
}

#[test]
fn bij_iedere_pauze_staat_wanneer_zij_eindigde() {
    let op = |uur: i64| nu() + chrono::TimeDelta::hours(uur);
    let pauze = |uur| traject().pauzeren(id(1), &NieuwePauzering { reden: "fusie".into() }, door(), op(uur)).unwrap().1;
    let hervatting = |uur| {
        let stil = Traject { status: TrajectStatus::Gepauzeerd, ..traject() };
        stil.hervatten(id(2), &NieuweHervatting::default(), door(), op(uur)).unwrap().1
    };
    let einden = |pauzen: &[i64], hervattingen: &[i64]| -> Vec<_> {
        let hervattingen: Vec<_> = hervattingen.iter().map(|uur| hervatting(*uur)).collect();
        met_hervattingen(pauzen.iter().map(|uur| pauze(*uur)).collect(), &hervattingen).into_iter().map(|p| p.hervat_op).collect()
    };
    assert_eq!(einden(&[1], &[]), [None]);
    assert_eq!(einden(&[1, 5, 9], &[3, 7]), [Some(op(3)), Some(op(7)), None]);
    assert_eq!(einden(&[1, 5], &[7]), [None, Some(op(7))], "de eerste pauze eindigde met het traject; de hervatting hoort bij de tweede");
}

#[test]
fn de_reden_van_een_einde_past_bij_de_stap() {
    let einde = |t: &Traject, reden| {
        t.beeindigen(id(1), &NieuweBeeindiging { reden, toelichting: "uitleg".into() }, door(), nu()).map(|(t, _)| t.status).map_err(|w| w.code)
    };
    let een = traject();
    let twee = Traject { stap: 2, ..traject() };
    assert_eq!(einde(&een, BeeindigingReden::GeenMeerwaarde), Ok(TrajectStatus::Beeindigd));
    assert_eq!(einde(&een, BeeindigingReden::GeenGeschikteAansluitvorm), Err("reden-past-niet"));
    assert_eq!(einde(&twee, BeeindigingReden::GeenGeschikteAansluitvorm), Ok(TrajectStatus::Beeindigd));
    assert_eq!(einde(&twee, BeeindigingReden::GeenMeerwaarde), Err("reden-past-niet"));
    assert_eq!(einde(&twee, BeeindigingReden::Gestopt), Ok(TrajectStatus::Beeindigd));
}

#[test]
fn een_beeindigd_traject_ligt_stil_en_is_met_reden_te_heropenen() {
    let (dood, _) = traject().beeindigen(id(1), &NieuweBeeindiging { reden: BeeindigingReden::Gestopt, toelichting: "stop".into() }, door(), nu()).unwrap();
    assert_eq!(stap(&dood, 2, None), Err("traject-beeindigd"));
    assert_eq!(dood.heropenen(id(2), &NieuweHeropening { reden: " ".into() }, door(), nu()).unwrap_err().code, "reden-verplicht");
    let (weer, _) = dood.heropenen(id(2), &NieuweHeropening { reden: "herzien".into() }, door(), nu()).unwrap();
    assert_eq!(weer.status, TrajectStatus::Lopend);
}

proptest! {
    #[test]
    fn welke_opdrachten_ook_een_traject_slaat_nooit_een_stap_over(opdrachten in prop::collection::vec((0..6_u8, -1..8_i16), 0..60)) {
        let mut t = traject();
        for (soort, naar) in opdrachten {
            let vorige = t.clone();
            let volgende = match soort {
                0 | 1 => stap(&t, naar, Some("omdat")).ok(),
                2 => t.pauzeren(id(1), &NieuwePauzering { reden: "p".into() }, door(), nu()).ok().map(|(t, _)| t),
                3 => t.hervatten(id(1), &NieuweHervatting::default(), door(), nu()).ok().map(|(t, _)| t),
                4 => t.beeindigen(id(1), &NieuweBeeindiging { reden: BeeindigingReden::Gestopt, toelichting: "b".into() }, door(), nu()).ok().map(|(t, _)| t),
                _ => t.heropenen(id(1), &NieuweHeropening { reden: "h".into() }, door(), nu()).ok().map(|(t, _)| t),
            };
            if let Some(volgende) = volgende {
                prop_assert!(volgende.stap <= vorige.stap + 1);
                prop_assert_eq!(volgende.versie, vorige.versie + 1);
                prop_assert_eq!(volgende.fase, fase_van(volgende.stap));
                prop_assert_eq!(volgende.status == TrajectStatus::Live, volgende.stap == 6 && volgende.status != TrajectStatus::Beeindigd);
                t = volgende;
            }
        }
    }
}

#[test]
fn de_poort_van_een_andere_stap_laat_niet_door() {
    let t = traject();
    let verzoek = NieuweStapovergang { naar_stap: 2, reden: None };
    assert_eq!(t.overgang(id(1), &verzoek, &open_poort(2), door(), nu()).unwrap_err().code, "poort-niet-voldaan");
}
