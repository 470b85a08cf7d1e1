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

#[tokio::test]
async fn de_laatste_meting_is_de_afname_van_het_laatste_jaar_dat_meetelt() {
    for (_map, store) in opslagen() {
        vul(&store, 1..2).await;
        let deelnemers: Result<_, StoreError> = store.read(|conn| store::staat::deelnemers(conn, "SNW-3", 2026)).await;
        let organisatie = deelnemers.unwrap()[0];
        let metingen = async || -> Result<_, StoreError> { store.read(move |conn| store::staat::laatste_metingen(conn, organisatie)).await };
        let van_2026 = metingen().await.unwrap()["SNW-3"];
        let jaar_eerder = move |tx: &mut Tx<'_>| -> Result<(), StoreError> {
            let nu_mee = store::staat::bijdrage(tx.conn(), organisatie, "SNW-3", 2026)?.unwrap();
            let afname = store::afnames::get(tx.conn(), nu_mee.afname_id)?.unwrap();
            let vorig = nu().date_naive() - chrono::Days::new(365);
            let eerder = domain::afnames::Afname { id: tx.nieuw_id(), begin_datum: vorig, eind_datum: vorig, ..afname };
            store::afnames::insert(tx, &eerder)?;
            let bijdrage = Bijdrage { afname_id: eerder.id, jaar: 2025, ..nu_mee };
            store::staat::vervang_bijdrage(tx, organisatie, "SNW-3", 2025, Some(&bijdrage))?;
            let o = store::organisaties::get(tx.conn(), organisatie)?.unwrap();
            tx.record(spoor(&o))
        };
        store.write(Actor::default(), nu(), None, jaar_eerder).await.unwrap();
        assert_eq!(metingen().await.unwrap()["SNW-3"], van_2026, "een eerder jaar erbij verandert niets: {store:?}");
        let weg = move |tx: &mut Tx<'_>| -> Result<(), StoreError> {
            store::staat::vervang_bijdrage(tx, organisatie, "SNW-3", 2026, None)?;
            let o = store::organisaties::get(tx.conn(), organisatie)?.unwrap();
            tx.record(spoor(&o))
        };
        store.write(Actor::default(), nu(), None, weg).await.unwrap();
        assert_eq!(metingen().await.unwrap()["SNW-3"].begin_datum, nu().date_naive() - chrono::Days::new(365), "{store:?}");
    }
}
