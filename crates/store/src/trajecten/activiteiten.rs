//! Activiteiten van een traject.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::Id;
use domain::trajecten::Activiteit;

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id, maybe_id};
use crate::schema::activiteit;
use crate::unit::Tx;
use crate::wijziging::wijzig;

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = activiteit, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    traject_id: String,
    code: String,
    bijlage: i32,
    groep: String,
    titel: String,
    volgorde: i32,
    status: String,
    reden: Option<String>,
    actiehouders: String,
    deadline: Option<NaiveDate>,
    notities: Option<String>,
    bewijs: String,
    gereed_op: Option<NaiveDateTime>,
    gereed_door: Option<String>,
    versie: i64,
}

impl Rij {
    fn uit(a: &Activiteit) -> Result<Self, StoreError> {
        Ok(Self {
            id: a.id.to_string(),
            traject_id: a.traject_id.to_string(),
            code: a.code.clone(),
            bijlage: i32::from(a.bijlage),
            groep: a.groep.clone(),
            titel: a.titel.clone(),
            volgorde: a.volgorde,
            status: a.status.to_string(),
            reden: a.reden.clone(),
            actiehouders: serde_json::to_string(&a.actiehouders)?,
            deadline: a.deadline_datum,
            notities: a.notities.clone(),
            bewijs: serde_json::to_string(&a.bewijs)?,
            gereed_op: a.gereed_op.map(|op| op.naive_utc()),
            gereed_door: a.gereed_door.map(|id| id.to_string()),
            versie: a.versie,
        })
    }

    fn domein(self) -> Result<Activiteit, StoreError> {
        Ok(Activiteit {
            id: id(&self.id)?,
            traject_id: id(&self.traject_id)?,
            code: self.code,
            bijlage: i16::try_from(self.bijlage).map_err(StoreError::fault)?,
            groep: self.groep,
            titel: self.titel,
            volgorde: self.volgorde,
            status: self.status.parse()?,
            reden: self.reden,
            actiehouders: serde_json::from_str(&self.actiehouders)?,
            deadline_datum: self.deadline,
            notities: self.notities,
            bewijs: serde_json::from_str(&self.bewijs)?,
            gereed_op: self.gereed_op.map(|op| op.and_utc()),
            gereed_door: maybe_id(self.gereed_door)?,
            versie: self.versie,
        })
    }
}

/// Eén activiteit.
///
/// # Errors
/// Een fout van de opslag.
pub fn activiteit(conn: &mut Conn, activiteit_id: Id) -> Result<Option<Activiteit>, StoreError> {
    activiteit::table.find(activiteit_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Alle activiteiten van een traject, in volgorde; hun aantal ligt vast in het stappenplan.
///
/// # Errors
/// Een fout van de opslag.
pub fn activiteiten(conn: &mut Conn, traject_id: Id) -> Result<Vec<Activiteit>, StoreError> {
    use activiteit::dsl as a;
    let rijen: Vec<Rij> = a::activiteit.filter(a::traject_id.eq(traject_id.to_string())).order(a::volgorde.asc()).select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Voegt een activiteit toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_activiteit(tx: &mut Tx<'_>, nieuw: &Activiteit) -> Result<(), StoreError> {
    diesel::insert_into(activiteit::table).values(Rij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een activiteit als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_activiteit(tx: &mut Tx<'_>, nieuw: &Activiteit, versie: i64) -> Result<(), StoreError> {
    use activiteit::dsl as a;
    let doel = a::activiteit.filter(a::id.eq(nieuw.id.to_string())).filter(a::versie.eq(versie));
    let aantal = wijzig(doel, Rij::uit(nieuw)?).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(activiteit(tx.conn(), nieuw.id)?.map(|a| a.versie)))
}

/// Haalt een onaangeraakte activiteit weg die in een nieuwe versie van het stappenplan ontbreekt.
///
/// # Errors
/// Een fout van de opslag.
pub fn delete_activiteit(tx: &mut Tx<'_>, activiteit_id: Id) -> Result<(), StoreError> {
    diesel::delete(activiteit::table.find(activiteit_id.to_string())).execute(tx.schrijf())?;
    Ok(())
}
