//! Borgingsmomenten: van ieder punt telt de laatste dag, en wat ingetrokken is blijft te zien.

use domain::audit::Door;
use domain::trajecten::{Borging, Borgingsmoment, Stapovergang};
use domain::{Datum, Id};
use store::trajecten::VerloopSoort;
use store::{Actor, Change, Page, Store, StoreError, Tx};

use super::opdrachten::{geteld, stappenplan, vul};
use super::{nu, opslagen};

async fn traject(store: &Store) -> Id {
    stappenplan(store).await;
    vul(store, 0, 1).await;
    let (filter, page) = (store::trajecten::Filter::default(), Page { limit: 1, after: None });
    let lees = move |c: &mut store::Conn| -> Result<_, StoreError> {
        store::trajecten::list(c, &filter, &store::Zicht::Alles, store::trajecten::Sortering::Oudste, &page)
    };
    store.read(lees).await.unwrap().items[0].id
}

fn dag(tekst: &str) -> Datum {
    tekst.parse().unwrap()
}

async fn schrijf(store: &Store, act: impl Fn(&mut Tx<'_>) -> Result<Id, StoreError> + Send + 'static) -> Id {
    let doe = move |tx: &mut Tx<'_>| -> Result<Id, StoreError> {
        let id = act(tx)?;
        tx.record(Change { handeling: "borgingsmoment.vastgelegd", onderwerp_soort: "borgingsmoment", onderwerp_id: id.to_string(), ..Change::default() })?;
        Ok(id)
    };
    store.write(Actor::default(), nu(), None, doe).await.unwrap()
}

async fn leg_vast(store: &Store, traject_id: Id, punt: Borging, gedaan: &str) -> Id {
    let (gedaan_datum, ontvanger) = (dag(gedaan), punt.is_overdracht().then(|| "Meldkamer".to_owned()));
    schrijf(store, move |tx| {
        let moment = Borgingsmoment {
            id: tx.nieuw_id(),
            traject_id,
            punt,
            gedaan_datum,
            ontvanger: ontvanger.clone(),
            toelichting: Some("'Volgens plan'; 100% geslaagd".to_owned()),
            op: nu(),
            door: Door { persoon_id: Some(traject_id), ..Door::default() },
            ingetrokken_op: None,
            intrekkingsreden: None,
        };
        store::trajecten::insert_borgingsmoment(tx, &moment)?;
        Ok(moment.id)
    })
    .await
}

async fn laatste(store: &Store, traject: Id) -> Vec<(Borging, Datum)> {
    let gelezen: Result<_, StoreError> = store.read(move |c| store::trajecten::laatste_borgingsmomenten(c, traject)).await;
    gelezen.unwrap().into_iter().map(|m| (m.punt, m.gedaan_datum)).collect()
}

#[tokio::test]
async fn van_ieder_punt_telt_de_laatste_dag_die_niet_is_ingetrokken() {
    for (_grond, store) in opslagen() {
        let traject = traject(&store).await;
        assert!(laatste(&store, traject).await.is_empty());
        let nieuwste = leg_vast(&store, traject, Borging::FallbackOefening, "2026-09-01").await;
        leg_vast(&store, traject, Borging::FallbackOefening, "2025-09-01").await;
        leg_vast(&store, traject, Borging::OverdrachtMens, "2026-05-05").await;
        assert_eq!(laatste(&store, traject).await, [(Borging::OverdrachtMens, dag("2026-05-05")), (Borging::FallbackOefening, dag("2026-09-01"))], "{store:?}");
        schrijf(&store, move |tx| {
            let moment = store::trajecten::borgingsmoment(tx.conn(), nieuwste)?.unwrap();
            let ingetrokken = Borgingsmoment { ingetrokken_op: Some(nu()), intrekkingsreden: Some("Verkeerde dag".into()), ..moment };
            store::trajecten::trek_borgingsmoment_in(tx, &ingetrokken)?;
            Ok(nieuwste)
        })
        .await;
        assert_eq!(laatste(&store, traject).await[1], (Borging::FallbackOefening, dag("2025-09-01")), "{store:?}");
        let page = Page { limit: 10, after: None };
        let alle: Result<_, StoreError> = store.read(move |c| store::trajecten::borgingsmomenten(c, traject, &page)).await;
        let alle = alle.unwrap().items;
        let ingetrokken = alle.iter().find(|m| m.id == nieuwste).unwrap();
        assert_eq!((alle.len(), ingetrokken.intrekkingsreden.as_deref(), ingetrokken.ingetrokken_op), (3, Some("Verkeerde dag"), Some(nu())));
        assert_eq!((ingetrokken.toelichting.as_deref(), ingetrokken.door.persoon_id), (Some("'Volgens plan'; 100% geslaagd"), Some(traject)));
    }
}

#[tokio::test]
async fn de_laatste_momenten_kosten_evenveel_opdrachten_hoe_lang_een_traject_ook_live_is() {
    for (_grond, store) in opslagen() {
        let traject = traject(&store).await;
        let (_, leeg) = geteld(&store, move |c| store::trajecten::laatste_borgingsmomenten(c, traject)).await;
        for jaar in 2001..2026 {
            leg_vast(&store, traject, Borging::OtoProgramma, &format!("{jaar}-02-01")).await;
        }
        let (gevonden, vol) = geteld(&store, move |c| store::trajecten::laatste_borgingsmomenten(c, traject)).await;
        assert_eq!((gevonden.len(), gevonden[0].gedaan_datum, vol), (1, dag("2025-02-01"), leeg), "{store:?}");
    }
}

#[tokio::test]
async fn bladeren_door_borgingsmomenten_slaat_niets_over() {
    for (_grond, store) in opslagen() {
        let traject = traject(&store).await;
        let mut verwacht = Vec::new();
        for maand in 1..=5 {
            verwacht.push(leg_vast(&store, traject, Borging::FallbackOefening, &format!("2026-0{maand}-01")).await);
        }
        verwacht.sort();
        let (mut gezien, mut after) = (Vec::new(), None);
        loop {
            let page = Page { limit: 2, after };
            let blad: Result<_, StoreError> = store.read(move |c| store::trajecten::borgingsmomenten(c, traject, &page)).await;
            let blad = blad.unwrap();
            gezien.extend(blad.items.iter().map(|m| m.id));
            after = blad.volgende;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(gezien, verwacht, "{store:?}");
    }
}

#[tokio::test]
async fn de_laatste_stapovergang_is_die_van_het_laatst() {
    for (_grond, store) in opslagen() {
        let traject = traject(&store).await;
        let lees = async || -> Result<_, StoreError> { store.read(move |c| store::trajecten::laatste_stapovergang(c, traject)).await };
        assert_eq!(lees().await.unwrap(), None);
        for naar_stap in [2, 3, 4] {
            schrijf(&store, move |tx| {
                let op = nu() + chrono::TimeDelta::days(i64::from(naar_stap));
                let id = domain::nieuw_id(op, &super::rng());
                let overgang =
                    Stapovergang { id, traject_id: traject, van_stap: naar_stap - 1, naar_stap, reden: None, met_afwijking: vec![], op, door: Door::default() };
                store::trajecten::insert_verloop(tx, VerloopSoort::Stapovergang, id, traject, None, &overgang)?;
                Ok(id)
            })
            .await;
        }
        assert_eq!(lees().await.unwrap().unwrap().naar_stap, 4, "{store:?}");
    }
}
