//! Het eerste antwoord op een `Idempotency-Key`, in dezelfde transactie als de wijziging; en gebruikte `jti`'s.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{Id, Moment};
use serde_json::Value;

use crate::connection::rechtstreeks;
use crate::open::Store;
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

impl Tx<'_> {
    /// Tekent in deze transactie een `jti` van een client als gebruikt; `false` als dat al zo was, op welke node ook.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub fn use_jti(&mut self, client_id: &str, jti: &str, until: Moment) -> Result<bool, StoreError> {
        use jti_gebruikt::dsl as j;
        let rij = (j::client_id.eq(client_id), j::jti.eq(jti), j::verloopt_op.eq(until.naive_utc()));
        // Een dubbele rij is hier een antwoord en geen fout: een fout zou bij PostgreSQL de hele transactie afbreken.
        let aantal = rechtstreeks!(self.conn(), |c| diesel::insert_into(j::jti_gebruikt).values(rij).on_conflict_do_nothing().execute(c))?;
        Ok(aantal == 1)
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
                // Alleen wat nog steeds verlopen is: op PostgreSQL kan een ander hier net een vers antwoord hebben gezet.
                let verlopen = i::idempotentie.find((owner.to_string(), key)).filter(i::verloopt_op.le(now.naive_utc()));
                diesel::delete(verlopen).execute(self.conn())?;
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

impl Store {
    /// Tekent een `jti` van een client als gebruikt; `false` als dat al zo was, op welke node ook.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn use_jti(&self, client_id: &str, jti: &str, until: Moment, now: Moment) -> Result<bool, StoreError> {
        let (client_id, jti) = (client_id.to_owned(), jti.to_owned());
        self.write(Actor::default(), now, None, move |tx| tx.use_jti(&client_id, &jti, until)).await
    }

    /// Ruimt verlopen sleutels en `jti`'s op; geeft hoeveel.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn cleanup(&self, now: Moment) -> Result<usize, StoreError> {
        self.write_apart(Actor::default(), now, move |tx| -> Result<usize, StoreError> {
            let nu = now.naive_utc();
            let sleutels = diesel::delete(idempotentie::table.filter(idempotentie::verloopt_op.lt(nu))).execute(tx.conn())?;
            let jtis = diesel::delete(jti_gebruikt::table.filter(jti_gebruikt::verloopt_op.lt(nu))).execute(tx.conn())?;
            Ok(sleutels + jtis + crate::autorisaties::ruim_op(tx.conn(), nu)?)
        })
        .await
    }
}
