//! Het eerste antwoord op een `Idempotency-Key`, in dezelfde transactie als de wijziging; en gebruikte `jti`'s.

use std::sync::PoisonError;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{Id, Moment};
use serde_json::Value;

use crate::connection::Conn;
use crate::open::{Dialect, Store};
use crate::schema::{idempotentie, jti_gebruikt};
use crate::unit::Tx;
use crate::{Actor, StoreError};

/// Het bewaarde eerste antwoord.
#[derive(Clone, Debug)]
pub struct EersteAntwoord {
    /// Vingerafdruk van het eerste verzoek.
    pub fingerprint: String,
    /// Het antwoord.
    pub answer: Value,
}

/// Een kenmerk dat op vastlegging wacht.
pub(crate) struct Wachtend {
    client_id: String,
    jti: String,
    until: Moment,
    answer: tokio::sync::oneshot::Sender<Result<bool, StoreError>>,
}

/// Dezelfde fout voor wie samen wachtten.
fn shared(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(cause) => StoreError::Unavailable(cause.clone()),
        StoreError::DiskFull => StoreError::DiskFull,
        other => StoreError::fault(other),
    }
}

impl Tx<'_> {
    /// Tekent in deze transactie een `jti` van een client als gebruikt; `false` als dat al zo was, op welke node ook.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub fn use_jti(&mut self, client_id: &str, jti: &str, until: Moment) -> Result<bool, StoreError> {
        insert_jti(self.conn(), client_id, jti, until)
    }

    /// Het eerste antwoord bij deze sleutel, als dat nog geldt.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub fn idempotent_get(&mut self, owner: Id, key: &str, now: Moment) -> Result<Option<EersteAntwoord>, StoreError> {
        use idempotentie::dsl as i;
        let rij: Option<(String, String, NaiveDateTime)> =
            i::idempotentie.find((owner.to_string(), key)).select((i::vingerafdruk, i::antwoord, i::verloopt_op)).first(self.conn()).optional()?;
        match rij {
            Some((fingerprint, antwoord, tot)) if tot > now.naive_utc() => Ok(Some(EersteAntwoord { fingerprint, answer: serde_json::from_str(&antwoord)? })),
            Some(_) => {
                diesel::delete(i::idempotentie.find((owner.to_string(), key))).execute(self.conn())?;
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Bewaart het eerste antwoord. Wie tegelijk dezelfde sleutel gebruikt, begint opnieuw en vindt dan dit antwoord.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub fn idempotent_put(&mut self, owner: Id, key: &str, fingerprint: &str, answer: &Value, until: Moment) -> Result<(), StoreError> {
        use idempotentie::dsl as i;
        let uitkomst = diesel::insert_into(i::idempotentie)
            .values((
                i::eigenaar.eq(owner.to_string()),
                i::sleutel.eq(key),
                i::vingerafdruk.eq(fingerprint),
                i::antwoord.eq(serde_json::to_string(answer)?),
                i::verloopt_op.eq(until.naive_utc()),
            ))
            .execute(self.conn());
        match uitkomst.map_err(StoreError::from) {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict { .. }) => Err(crate::error::opnieuw()),
            Err(fout) => Err(fout),
        }
    }
}

/// Een dubbele rij is hier een antwoord en geen fout: een fout zou bij PostgreSQL de hele transactie afbreken.
fn insert_jti(conn: &mut Conn, client_id: &str, jti: &str, until: Moment) -> Result<bool, StoreError> {
    use diesel::sql_types::{Text, Timestamp};
    const SQL: [&str; 2] = [
        "INSERT INTO jti_gebruikt (client_id, jti, verloopt_op) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        "INSERT INTO jti_gebruikt (client_id, jti, verloopt_op) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ];
    let until = until.naive_utc();
    let count = match conn {
        Conn::Pg(c) => diesel::sql_query(SQL[0]).bind::<Text, _>(client_id).bind::<Text, _>(jti).bind::<Timestamp, _>(until).execute(c)?,
        Conn::Sqlite(c) => diesel::sql_query(SQL[1]).bind::<Text, _>(client_id).bind::<Text, _>(jti).bind::<Timestamp, _>(until).execute(c)?,
    };
    Ok(count == 1)
}

impl Store {
    /// Tekent een `jti` van een client als gebruikt; `false` als dat al zo was, op welke node ook.
    ///
    /// Een token voor een machine legt verder niets vast, en een vastlegging kost een schijfbewerking. Wie op zijn beurt
    /// wacht, gaat daarom mee met wie aan de beurt is: één vastlegging voor allen, en pas daarna hun antwoord. Op SQLite gaat
    /// alles wat schrijft al samen; hier is het voor PostgreSQL geregeld.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn use_jti(&self, client_id: &str, jti: &str, until: Moment, now: Moment) -> Result<bool, StoreError> {
        if self.dialect() == Dialect::Sqlite {
            let (client_id, jti) = (client_id.to_owned(), jti.to_owned());
            return self.write(Actor::default(), now, None, move |tx| tx.use_jti(&client_id, &jti, until)).await;
        }
        let (answer, outcome) = tokio::sync::oneshot::channel();
        self.0.wachtend.lock().unwrap_or_else(PoisonError::into_inner).push(Wachtend { client_id: client_id.to_owned(), jti: jti.to_owned(), until, answer });
        // Een eigen taak: wie voor anderen vastlegt, mag niet verdwijnen omdat zijn eigen aanroeper weggaat.
        let store = self.clone();
        tokio::spawn(async move {
            let turn = store.turn().await;
            let together = std::mem::take(&mut *store.0.wachtend.lock().unwrap_or_else(PoisonError::into_inner));
            if turn.is_ok() && !together.is_empty() {
                store.use_together(together, now).await;
            }
        });
        outcome.await.map_err(StoreError::fault)?
    }

    async fn use_together(&self, together: Vec<Wachtend>, now: Moment) {
        let rows: Vec<(String, String, Moment)> = together.iter().map(|one| (one.client_id.clone(), one.jti.clone(), one.until)).collect();
        let act = move |tx: &mut Tx<'_>| -> Result<Vec<bool>, StoreError> { rows.iter().map(|(client, jti, until)| tx.use_jti(client, jti, *until)).collect() };
        match self.repeated(Actor::default(), now, None, act).await {
            Ok(fresh) => together.into_iter().zip(fresh).for_each(|(one, fresh)| drop(one.answer.send(Ok(fresh)))),
            Err(error) => together.into_iter().for_each(|one| drop(one.answer.send(Err(shared(&error))))),
        }
    }

    /// Ruimt verlopen sleutels en `jti`'s op; geeft hoeveel.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn cleanup(&self, now: Moment) -> Result<usize, StoreError> {
        self.write(Actor::default(), now, None, move |tx| -> Result<usize, StoreError> {
            let nu = now.naive_utc();
            let sleutels = diesel::delete(idempotentie::table.filter(idempotentie::verloopt_op.lt(nu))).execute(tx.conn())?;
            let jtis = diesel::delete(jti_gebruikt::table.filter(jti_gebruikt::verloopt_op.lt(nu))).execute(tx.conn())?;
            Ok(sleutels + jtis + crate::autorisaties::ruim_op(tx.conn(), nu)?)
        })
        .await
    }
}
