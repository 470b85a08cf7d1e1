//! Het eerste antwoord op een `Idempotency-Key`: één keer, tot het verloopt.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use domain::{Id, Moment};
use serde_json::{Value, json};
use store::{Actor, Store, StoreError};
use tokio::task::JoinHandle;

use super::{nu, op_postgresql, opslagen, rechtstreeks, tot_er_wachten};

const EIGENAAR: Id = Id::from_u128(7);

/// Geeft het antwoord dat er al is, en bewaart anders het eigen antwoord voor een uur.
fn antwoord(store: &Store, op: Moment, eigen: &'static str) -> JoinHandle<Result<Value, StoreError>> {
    let store = store.clone();
    tokio::spawn(async move {
        let act = move |tx: &mut store::Tx<'_>| -> Result<Value, StoreError> {
            if let Some(eerste) = tx.idempotent_get(EIGENAAR, "sleutel", op)? {
                return Ok(eerste.answer);
            }
            tx.idempotent_put(EIGENAAR, "sleutel", "afdruk", &json!(eigen), op + TimeDelta::hours(1))?;
            Ok(json!(eigen))
        };
        store.write(Actor::default(), op, None, act).await
    })
}

#[tokio::test]
async fn een_sleutel_geeft_het_eerste_antwoord_tot_zij_verloopt() {
    for (_grond, store) in opslagen() {
        let later = nu() + TimeDelta::hours(1);
        for (op, eigen, verwacht) in
            [(nu(), "eerste", "eerste"), (later - TimeDelta::seconds(1), "tweede", "eerste"), (later, "derde", "derde"), (later, "vierde", "derde")]
        {
            assert_eq!(antwoord(&store, op, eigen).await.unwrap().unwrap(), json!(verwacht), "{store:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wie_een_verlopen_sleutel_opruimt_neemt_het_verse_antwoord_van_een_ander_niet_mee() {
    let Some((grond, store)) = op_postgresql() else { return };
    antwoord(&store, nu(), "verlopen").await.unwrap().unwrap();
    // De tabel is te lezen, maar wie wil opruimen wacht tot de ander zijn verse antwoord heeft vastgelegd.
    let mut ander = rechtstreeks(&grond, "BEGIN; LOCK TABLE idempotentie IN SHARE MODE");
    let eigen = antwoord(&store, nu() + TimeDelta::hours(2), "dubbel");
    tot_er_wachten(&mut ander, 1, "0 seconds").await;
    ander.batch_execute("UPDATE idempotentie SET antwoord = '\"vers\"', verloopt_op = verloopt_op + interval '9 hours'; COMMIT").unwrap();
    assert_eq!(eigen.await.unwrap().unwrap(), json!("vers"), "het is één keer gedaan");
}
