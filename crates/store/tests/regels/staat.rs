//! De sommen van de Staat kloppen met een volledige hertelling, en een fout daarin valt op.

use domain::afnames::{Aanleiding, NieuweAfname};
use domain::staat::Bijdrage;
use domain::vragenlijsten::{Coordinatieniveau, NieuweVragenlijst};
use store::{Actor, Store, StoreError, Tx};

use super::{nu, opslagen, organisatie, spoor};

fn doe_mee(tx: &mut Tx<'_>, keer: i64) -> Result<(), StoreError> {
    let inhoud: NieuweVragenlijst = serde_json::from_str(include_str!("../../../../data/vragenlijst-3.json"))?;
    let lijst = match store::vragenlijsten::uitgave(tx.conn(), "SNW-3", "2.1")? {
        Some(lijst) => lijst,
        None => {
            let lijst = inhoud.maak(tx.nieuw_id(), None, nu()).unwrap();
            store::vragenlijsten::insert(tx, &lijst)?;
            lijst
        }
    };
    let o = organisatie(tx, &format!("Organisatie {keer}"));
    store::organisaties::insert(tx, &o)?;
    let nieuw = NieuweAfname {
        organisatie_id: o.id,
        vragenlijst_id: lijst.id,
        traject_id: None,
        oefening_id: None,
        aanleiding: Aanleiding::Jaarlijks,
        titel: "Jaarlijks".into(),
        team: None,
        coordinatieniveau: Some(Coordinatieniveau::Tactisch),
        begin_datum: nu().date_naive(),
        eind_datum: nu().date_naive(),
    };
    let afname = nieuw.maak(tx.nieuw_id(), &lijst, None, nu()).unwrap();
    store::afnames::insert(tx, &afname)?;
    let met = |score: i64| Bijdrage {
        afname_id: afname.id,
        organisatie_id: o.id,
        vragenlijst_code: "SNW-3".into(),
        vragenlijst_id: lijst.id,
        jaar: 2026,
        sector: ["water", "zorg"][usize::try_from(keer % 2).unwrap()].into(),
        regiotype: "onbekend".into(),
        scores: (1..=35).map(|vraag| (vraag, score)).collect(),
    };
    store::staat::vervang_bijdrage(tx, o.id, "SNW-3", 2026, Some(&met(keer * 1_000)))?;
    // Een tweede afname in hetzelfde jaar vervangt de eerste, en een heropening haalt haar weg.
    if keer % 3 == 0 {
        store::staat::vervang_bijdrage(tx, o.id, "SNW-3", 2026, Some(&met(keer * 7_000)))?;
    }
    if keer % 5 == 0 {
        store::staat::vervang_bijdrage(tx, o.id, "SNW-3", 2026, None)?;
    }
    tx.record(spoor(&o))
}

async fn vul(store: &Store, keren: std::ops::Range<i64>) {
    let mut taken = tokio::task::JoinSet::new();
    for keer in keren {
        let store = store.clone();
        taken.spawn(async move { store.write(Actor::default(), nu(), None, move |tx| doe_mee(tx, keer)).await });
    }
    while let Some(klaar) = taken.join_next().await {
        klaar.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sommen_die_tegelijk_worden_bijgewerkt_zijn_die_van_een_volledige_hertelling() {
    for (_map, store) in opslagen() {
        vul(&store, 1..2).await;
        vul(&store, 2..40).await;
        let afwijkend: Result<_, StoreError> = store.read(store::staat::hertel).await;
        assert_eq!(afwijkend.unwrap(), vec![], "{store:?}");
    }
}

#[tokio::test]
async fn een_som_die_buiten_de_dienst_om_verandert_valt_op() {
    for (_map, store) in opslagen() {
        vul(&store, 1..2).await;
        vul(&store, 2..3).await;
        store.achter_de_rug("DELETE FROM staatbijdrage WHERE sector = 'zorg'").unwrap();
        let afwijkend: Result<_, StoreError> = store.read(store::staat::hertel).await;
        assert_eq!(afwijkend.unwrap().len(), 1, "{store:?}");
    }
}
