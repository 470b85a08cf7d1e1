//! Waarnemers van een afname.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::afnames::Waarnemer;

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id};
use crate::schema::waarnemer;
use crate::unit::Tx;
use crate::wijziging::wijzig;

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = waarnemer, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    afname_id: String,
    persoon_id: String,
    organisatie_id: String,
    hoedanigheid: String,
    ingediend_op: Option<NaiveDateTime>,
    ingetrokken_op: Option<NaiveDateTime>,
    uitgenodigd_op: NaiveDateTime,
    versie: i64,
}

impl From<&Waarnemer> for Rij {
    fn from(w: &Waarnemer) -> Self {
        Self {
            id: w.id.to_string(),
            afname_id: w.afname_id.to_string(),
            persoon_id: w.persoon_id.to_string(),
            organisatie_id: w.organisatie_id.to_string(),
            hoedanigheid: w.hoedanigheid.to_string(),
            ingediend_op: w.ingediend_op.map(|op| op.naive_utc()),
            ingetrokken_op: w.ingetrokken_op.map(|op| op.naive_utc()),
            uitgenodigd_op: w.uitgenodigd_op.naive_utc(),
            versie: w.versie,
        }
    }
}

impl Rij {
    fn domein(self) -> Result<Waarnemer, StoreError> {
        Ok(Waarnemer {
            id: id(&self.id)?,
            afname_id: id(&self.afname_id)?,
            persoon_id: id(&self.persoon_id)?,
            organisatie_id: id(&self.organisatie_id)?,
            hoedanigheid: self.hoedanigheid.parse()?,
            ingediend_op: self.ingediend_op.map(|op| op.and_utc()),
            ingetrokken_op: self.ingetrokken_op.map(|op| op.and_utc()),
            uitgenodigd_op: self.uitgenodigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Hoe lang een afname of invulling van een ander afblijft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Een antwoord: anderen mogen tegelijk antwoorden, sluiten moet wachten.
    Antwoorden,
    /// Sluiten of heropenen: niemand anders.
    Sluiten,
}

/// Houdt de afname vast tot het einde van de transactie, zodat geen antwoord tussen tellen en sluiten valt.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_slot(tx: &mut Tx<'_>, afname_id: Id, slot: Slot) -> Result<(), StoreError> {
    let opdracht = match slot {
        Slot::Antwoorden => "SELECT id FROM afname WHERE id = $1 FOR SHARE",
        Slot::Sluiten => "SELECT id FROM afname WHERE id = $1 FOR UPDATE",
    };
    tx.conn().houd_vast(opdracht, afname_id)
}

/// Houdt één invulling vast: twee apparaten van dezelfde waarnemer schrijven na elkaar.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_slot_op_invulling(tx: &mut Tx<'_>, invulling: Id) -> Result<(), StoreError> {
    tx.conn().houd_vast("SELECT id FROM waarnemer WHERE id = $1 FOR UPDATE", invulling)
}

/// Eén waarnemer.
///
/// # Errors
/// Een fout van de opslag.
pub fn waarnemer(conn: &mut Conn, waarnemer_id: Id) -> Result<Option<Waarnemer>, StoreError> {
    waarnemer::table.find(waarnemer_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// De waarnemers van een afname, oudste eerst; het zijn er ten hoogste honderden.
///
/// # Errors
/// Een fout van de opslag.
pub fn waarnemers(conn: &mut Conn, afname_id: Id) -> Result<Vec<Waarnemer>, StoreError> {
    let vraag = waarnemer::table.filter(waarnemer::afname_id.eq(afname_id.to_string())).order(waarnemer::id.asc());
    let rijen: Vec<Rij> = vraag.select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Of deze persoon nu is uitgenodigd voor de afname.
///
/// # Errors
/// Een fout van de opslag.
pub fn is_waarnemer(conn: &mut Conn, afname_id: Id, persoon: Id) -> Result<bool, StoreError> {
    let vraag = waarnemer::table
        .filter(waarnemer::afname_id.eq(afname_id.to_string()))
        .filter(waarnemer::persoon_id.eq(persoon.to_string()))
        .filter(waarnemer::ingetrokken_op.is_null());
    Ok(vraag.select(waarnemer::id).first::<String>(conn).optional()?.is_some())
}

/// Voegt een waarnemer toe.
///
/// # Errors
/// [`StoreError::Conflict`] als deze persoon al is uitgenodigd.
pub fn insert_waarnemer(tx: &mut Tx<'_>, nieuw: &Waarnemer) -> Result<(), StoreError> {
    diesel::insert_into(waarnemer::table).values(Rij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een waarnemer als die nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_waarnemer(tx: &mut Tx<'_>, nieuw: &Waarnemer, versie: i64) -> Result<(), StoreError> {
    let doel = waarnemer::table.filter(waarnemer::id.eq(nieuw.id.to_string())).filter(waarnemer::versie.eq(versie));
    let aantal = wijzig(doel, Rij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(waarnemer(tx.conn(), nieuw.id)?.map(|w| w.versie)))
}
