//! Antwoorden: alles wat ontvangen is, blijft staan.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::afnames::Antwoord;

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::{antwoord, waarnemer};
use crate::unit::Tx;

/// Een rij zegt bij elke kolom wat erin komt, ook niets: anders knipt diesel een reeks voor SQLite op.
#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = antwoord, treat_none_as_default_value = false)]
struct Rij {
    invulling_id: String,
    vraag: i32,
    gegeven_op: NaiveDateTime,
    apparaat: String,
    waarde: String,
    opmerking: Option<String>,
    gezien_op: Option<NaiveDateTime>,
    ontvangen_op: NaiveDateTime,
}

impl Rij {
    fn van(invulling: Id, antwoord: &Antwoord) -> Self {
        Self {
            invulling_id: invulling.to_string(),
            vraag: i32::from(antwoord.vraag),
            gegeven_op: antwoord.gegeven_op.naive_utc(),
            apparaat: antwoord.apparaat.clone(),
            waarde: antwoord.waarde.clone(),
            opmerking: antwoord.opmerking.clone(),
            gezien_op: antwoord.gezien_op.map(|op| op.naive_utc()),
            ontvangen_op: antwoord.ontvangen_op.naive_utc(),
        }
    }

    fn domein(self) -> Result<Antwoord, StoreError> {
        Ok(Antwoord {
            vraag: i16::try_from(self.vraag).map_err(StoreError::fault)?,
            waarde: self.waarde,
            opmerking: self.opmerking,
            gegeven_op: self.gegeven_op.and_utc(),
            apparaat: self.apparaat,
            gezien_op: self.gezien_op.map(|op| op.and_utc()),
            ontvangen_op: self.ontvangen_op.and_utc(),
        })
    }
}

/// Alle ontvangen antwoorden van een invulling, of alleen die op één vraag.
///
/// # Errors
/// Een fout van de opslag.
pub fn antwoorden(conn: &mut Conn, invulling: Id, vraag: Option<i16>) -> Result<Vec<Antwoord>, StoreError> {
    let mut rijen = antwoord::table.filter(antwoord::invulling_id.eq(invulling.to_string())).select(Rij::as_select()).into_boxed();
    if let Some(nummer) = vraag {
        rijen = rijen.filter(antwoord::vraag.eq(i32::from(nummer)));
    }
    rijen.load::<Rij>(conn)?.into_iter().map(Rij::domein).collect()
}

/// Alle ontvangen antwoorden van een afname, per invulling.
///
/// # Errors
/// Een fout van de opslag.
pub fn van_afname(conn: &mut Conn, afname: Id) -> Result<BTreeMap<Id, Vec<Antwoord>>, StoreError> {
    let invullingen = waarnemer::table.filter(waarnemer::afname_id.eq(afname.to_string())).select(waarnemer::id);
    let rijen: Vec<Rij> = antwoord::table.filter(antwoord::invulling_id.eq_any(invullingen)).select(Rij::as_select()).load(conn)?;
    let mut per_invulling: BTreeMap<Id, Vec<Antwoord>> = BTreeMap::new();
    for rij in rijen {
        per_invulling.entry(id(&rij.invulling_id)?).or_default().push(rij.domein()?);
    }
    Ok(per_invulling)
}

/// Hoeveel rijen er in één opdracht gaan: acht kolommen per rij blijft zo ruim onder de grens van beide databases.
const PER_OPDRACHT: usize = 1_000;

/// Bewaart ontvangen antwoorden van een invulling; een reeks in één opdracht, zoals bij de gebruikerslijst.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_antwoorden(tx: &mut Tx<'_>, invulling: Id, nieuw: &[Antwoord]) -> Result<(), StoreError> {
    for blok in nieuw.chunks(PER_OPDRACHT) {
        let rijen: Vec<Rij> = blok.iter().map(|antwoord| Rij::van(invulling, antwoord)).collect();
        match tx.schrijf() {
            Conn::Pg(c) => diesel::insert_into(antwoord::table).values(&rijen).execute(c)?,
            Conn::Sqlite(c) => diesel::insert_into(antwoord::table).values(&rijen).execute(c)?,
        };
    }
    Ok(())
}
