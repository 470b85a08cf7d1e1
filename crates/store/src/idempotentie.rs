//! Het eerste antwoord op een `Idempotency-Key`, in dezelfde transactie als de wijziging; en gebruikte `jti`'s.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{Id, Moment};
use serde_json::Value;

use crate::connection::Conn;
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

/// `set_config(..., true)` geldt alleen voor deze ene opdracht, die haar eigen transactie is.
const NIEUW_JTI_PG: &str = "INSERT INTO jti_gebruikt (client_id, jti, verloopt_op) SELECT $1, $2, $3 \
                            FROM (SELECT set_config('synchronous_commit', 'off', true)) AS zonder_wachten ON CONFLICT DO NOTHING";
const NIEUW_JTI_SQLITE: &str = "INSERT INTO jti_gebruikt (client_id, jti, verloopt_op) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

impl Store {
    /// Tekent een `jti` van een client als gebruikt; `false` als dat al zo was, op welke node ook.
    ///
    /// Zichtbaar voor iedereen zodra dit terugkomt, maar zonder op de schijf te wachten: na stroomuitval kan een
    /// bewering van de laatste ogenblikken nog eens tellen, binnen haar eigen korte geldigheid. Wachten zou van ieder
    /// machinetoken een schijfgang maken.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn use_jti(&self, client_id: &str, jti: &str, until: Moment) -> Result<bool, StoreError> {
        use diesel::sql_types::{Text, Timestamp};
        let (client_id, jti) = (client_id.to_owned(), jti.to_owned());
        self.zonder_schijf(move |conn| {
            let sql = match conn {
                Conn::Pg(_) => NIEUW_JTI_PG,
                Conn::Sqlite(_) => NIEUW_JTI_SQLITE,
            };
            let vraag = diesel::sql_query(sql).bind::<Text, _>(client_id).bind::<Text, _>(jti).bind::<Timestamp, _>(until.naive_utc());
            let rijen = match conn {
                Conn::Pg(pg) => vraag.execute(pg),
                Conn::Sqlite(sqlite) => vraag.execute(sqlite),
            };
            Ok(rijen.map_err(StoreError::from)? == 1)
        })
        .await
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
            Ok(sleutels + jtis)
        })
        .await
    }
}
