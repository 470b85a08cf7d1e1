//! Twee mensen die tegelijk dezelfde regel van een plan uitvoeren: één uitkomst, de ander hoort dat hij te laat is.

use domain::Id;
use domain::autorisatieplannen::{NieuwAutorisatieplan, Planinhoud, Regelsoort, Regelstand, Uitvoerder, Uitvoeringsregel, Verschilsoort};
use store::{Actor, Change, Store, StoreError};

use super::{nu, opslagen, organisatie, spoor};

async fn regel(store: &Store) -> Uitvoeringsregel {
    let begin = |tx: &mut store::Tx<'_>| -> Result<Uitvoeringsregel, StoreError> {
        let o = organisatie(tx, "Voorbeeld");
        store::organisaties::insert(tx, &o)?;
        tx.record(spoor(&o))?;
        let nieuw = NieuwAutorisatieplan { organisatie_id: o.id, gebaseerd_op: None };
        let (plan, _) = nieuw.maak(tx.nieuw_id(), 1, None, nu()).unwrap();
        store::autorisatieplannen::insert(tx, &plan, &Planinhoud::default())?;
        let regel = Uitvoeringsregel {
            id: tx.nieuw_id(),
            plan_id: plan.id,
            volgorde: 1,
            soort: Regelsoort::Team,
            bewerking: Verschilsoort::Toegevoegd,
            code: "crisisteam".to_owned(),
            gebruiker_id: None,
            uitvoerder: Uitvoerder::Lfb,
            stand: Regelstand::Open,
            reden: None,
            door_persoon_id: None,
            uitgevoerd_op: None,
        };
        store::autorisatieplannen::insert_regels(tx, std::slice::from_ref(&regel))?;
        Ok(regel)
    };
    store.write(Actor::default(), nu(), None, begin).await.unwrap()
}

/// Doet de regel op grond van wat al gelezen was.
async fn doe(store: &Store, regel: &Uitvoeringsregel, reden: &str) -> Result<(), StoreError> {
    let gedaan = Uitvoeringsregel { stand: Regelstand::Gedaan, reden: Some(reden.to_owned()), uitgevoerd_op: Some(nu()), ..regel.clone() };
    let act = move |tx: &mut store::Tx<'_>| -> Result<(), StoreError> {
        store::autorisatieplannen::update_regels(tx, std::slice::from_ref(&gedaan))?;
        let id = gedaan.plan_id.to_string();
        tx.record(Change { handeling: "autorisatieplan.uitgevoerd", onderwerp_soort: "autorisatieplan", onderwerp_id: id, ..Change::default() })
    };
    store.write(Actor::default(), nu(), None, act).await
}

#[tokio::test]
async fn een_regel_wordt_een_keer_gedaan_ook_als_twee_hem_open_zagen() {
    for (_grond, store) in opslagen() {
        let regel = regel(&store).await;
        let (een, twee) = tokio::join!(doe(&store, &regel, "een"), doe(&store, &regel, "twee"));
        let gelukt = [("een", &een), ("twee", &twee)].into_iter().filter(|(_, uitkomst)| uitkomst.is_ok()).map(|(wie, _)| wie).collect::<Vec<_>>();
        assert_eq!(gelukt.len(), 1, "{een:?} {twee:?}");
        let te_laat = if een.is_ok() { twee } else { een };
        assert!(matches!(te_laat, Err(StoreError::Stale { .. })), "de tweede is te laat: {te_laat:?}");
        let plan: Id = regel.plan_id;
        let regels: Result<_, StoreError> = store.read(move |conn| store::autorisatieplannen::regels(conn, plan)).await;
        assert_eq!(regels.unwrap()[0].reden.as_deref(), Some(gelukt[0]), "de uitkomst is van wie slaagde");
    }
}
