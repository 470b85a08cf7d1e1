//! Een import die door een gestopt proces is achtergelaten, heet bij de start afgebroken; een die nog leeft niet.

use chrono::TimeDelta;
use domain::gebruikers::{Gebruikersimport, ImportStatus};
use domain::{Id, Moment};
use store::{Actor, Dialect, Store, StoreError};

use super::{nu, opslagen, organisatie, spoor};

async fn begonnen(store: &Store, op: Moment) -> Id {
    let begin = move |tx: &mut store::Tx<'_>| -> Result<Id, StoreError> {
        let o = organisatie(tx, &format!("Voorbeeld {}", tx.nieuw_id()));
        store::organisaties::insert(tx, &o)?;
        tx.record(spoor(&o))?;
        let import = Gebruikersimport {
            id: tx.nieuw_id(),
            organisatie_id: o.id,
            status: ImportStatus::Bezig,
            proef: false,
            sha256: "0".repeat(64),
            gelezen: 3_000,
            nieuw: 0,
            gewijzigd: 0,
            ongewijzigd: 0,
            aantal_fouten: 0,
            fouten: Vec::new(),
            door_persoon_id: None,
            aangemaakt_op: op,
            gewijzigd_op: op,
        };
        store::gebruikers::insert_import(tx, &import)?;
        Ok(import.id)
    };
    store.write(Actor::default(), op, None, begin).await.unwrap()
}

async fn stand(store: &Store, import: Id, nu: Moment) -> ImportStatus {
    let gelezen: Result<_, StoreError> = store.read(move |conn| store::gebruikers::get_import(conn, import)).await;
    gelezen.unwrap().unwrap().op(nu).status
}

#[tokio::test]
async fn een_achtergelaten_import_is_bij_de_start_afgebroken() {
    for (_grond, store) in opslagen() {
        let (oud, vers) = (begonnen(&store, nu() - TimeDelta::seconds(31)).await, begonnen(&store, nu()).await);
        assert_eq!(stand(&store, oud, nu()).await, ImportStatus::Afgebroken, "wie geen teken van leven geeft, is dat al voordat iemand opruimt");
        assert_eq!(stand(&store, vers, nu()).await, ImportStatus::Bezig);
        let gesloten = store.sluit_verlaten_imports(nu()).await.unwrap();
        // Op SQLite is er één proces: wat volgens de opslag loopt, loopt niet meer. Op PostgreSQL kan een andere node bezig zijn.
        let (aantal, nog) = if store.dialect() == Dialect::Sqlite { (2, ImportStatus::Afgebroken) } else { (1, ImportStatus::Bezig) };
        assert_eq!((gesloten, stand(&store, vers, nu()).await), (aantal, nog));
        assert_eq!(store.sluit_verlaten_imports(nu()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn een_teken_van_leven_houdt_een_import_levend_en_wekt_een_afgebroken_import_niet() {
    for (_grond, store) in opslagen() {
        let import = begonnen(&store, nu()).await;
        let later = nu() + TimeDelta::seconds(25);
        store.import_leeft(import, later).await.unwrap();
        assert_eq!(stand(&store, import, later + TimeDelta::seconds(25)).await, ImportStatus::Bezig);
        assert_eq!(store.sluit_verlaten_imports(later + TimeDelta::seconds(31)).await.unwrap(), 1);
        store.import_leeft(import, later + TimeDelta::seconds(60)).await.unwrap();
        assert_eq!(stand(&store, import, later + TimeDelta::seconds(60)).await, ImportStatus::Afgebroken);
    }
}
