//! De regels van de uitvoering.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::autorisatieplannen::{Regelstand, Uitvoeringsregel};

use crate::connection::Conn;
use crate::organisaties::{id, maybe_id};
use crate::schema::uitvoeringsregel;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = uitvoeringsregel, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    plan_id: String,
    volgorde: i32,
    soort: String,
    bewerking: String,
    code: String,
    gebruiker_id: Option<String>,
    uitvoerder: String,
    stand: String,
    reden: Option<String>,
    door_persoon_id: Option<String>,
    uitgevoerd_op: Option<NaiveDateTime>,
}

impl From<&Uitvoeringsregel> for Rij {
    fn from(r: &Uitvoeringsregel) -> Self {
        Self {
            id: r.id.to_string(),
            plan_id: r.plan_id.to_string(),
            volgorde: r.volgorde,
            soort: r.soort.to_string(),
            bewerking: r.bewerking.to_string(),
            code: r.code.clone(),
            gebruiker_id: r.gebruiker_id.map(|id| id.to_string()),
            uitvoerder: r.uitvoerder.to_string(),
            stand: r.stand.to_string(),
            reden: r.reden.clone(),
            door_persoon_id: r.door_persoon_id.map(|id| id.to_string()),
            uitgevoerd_op: r.uitgevoerd_op.map(|op| op.naive_utc()),
        }
    }
}

impl Rij {
    fn domein(self) -> Result<Uitvoeringsregel, StoreError> {
        Ok(Uitvoeringsregel {
            id: id(&self.id)?,
            plan_id: id(&self.plan_id)?,
            volgorde: self.volgorde,
            soort: self.soort.parse()?,
            bewerking: self.bewerking.parse()?,
            code: self.code,
            gebruiker_id: maybe_id(self.gebruiker_id)?,
            uitvoerder: self.uitvoerder.parse()?,
            stand: self.stand.parse()?,
            reden: self.reden,
            door_persoon_id: maybe_id(self.door_persoon_id)?,
            uitgevoerd_op: self.uitgevoerd_op.map(|op| op.and_utc()),
        })
    }
}

/// Alle regels van een plan, in volgorde.
///
/// # Errors
/// Een fout van de opslag.
pub fn regels(conn: &mut Conn, plan_id: Id) -> Result<Vec<Uitvoeringsregel>, StoreError> {
    use uitvoeringsregel::dsl as r;
    let rijen: Vec<Rij> = r::uitvoeringsregel.filter(r::plan_id.eq(plan_id.to_string())).order(r::volgorde.asc()).select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Een bladzijde van de regels, in volgorde; `stand` en `uitvoerder` beperken haar.
///
/// # Errors
/// Een fout van de opslag.
pub fn list_regels(
    conn: &mut Conn,
    plan_id: Id,
    stand: Option<&str>,
    uitvoerder: Option<&str>,
    page: &Page,
) -> Result<Bladzijde<Uitvoeringsregel>, StoreError> {
    use uitvoeringsregel::dsl as r;
    let mut vraag = r::uitvoeringsregel.filter(r::plan_id.eq(plan_id.to_string())).select(Rij::as_select()).into_boxed();
    if let Some(stand) = stand {
        vraag = vraag.filter(r::stand.eq(stand.to_owned()));
    }
    if let Some(uitvoerder) = uitvoerder {
        vraag = vraag.filter(r::uitvoerder.eq(uitvoerder.to_owned()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(r::volgorde.gt(na.parse::<i32>().map_err(StoreError::fault)?));
    }
    let rijen: Vec<Rij> = vraag.order(r::volgorde.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |r| r.volgorde.to_string()))
}

/// Hoeveel regels van een uitvoerder in een plan nog niet gedaan zijn.
///
/// # Errors
/// Een fout van de opslag.
pub fn tel_open(conn: &mut Conn, plan_id: Id, uitvoerder: &str) -> Result<i64, StoreError> {
    use uitvoeringsregel::dsl as r;
    let vraag =
        r::uitvoeringsregel.filter(r::plan_id.eq(plan_id.to_string())).filter(r::uitvoerder.eq(uitvoerder)).filter(r::stand.ne(Regelstand::Gedaan.as_str()));
    Ok(vraag.count().get_result(conn)?)
}

/// Voegt de regels van een plan toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_regels(tx: &mut Tx<'_>, nieuw: &[Uitvoeringsregel]) -> Result<(), StoreError> {
    for blok in nieuw.chunks(500) {
        let rijen: Vec<Rij> = blok.iter().map(Rij::from).collect();
        match tx.schrijf() {
            Conn::Pg(c) => diesel::insert_into(uitvoeringsregel::table).values(&rijen).execute(c)?,
            Conn::Sqlite(c) => diesel::insert_into(uitvoeringsregel::table).values(&rijen).execute(c)?,
        };
    }
    Ok(())
}

/// Legt uitkomsten vast van regels die nog niet gedaan zijn.
///
/// # Errors
/// [`StoreError::Stale`] als een ander een van deze regels intussen deed.
pub fn update_regels(tx: &mut Tx<'_>, gewijzigd: &[Uitvoeringsregel]) -> Result<(), StoreError> {
    use uitvoeringsregel::dsl as r;
    for regel in gewijzigd {
        let doel = r::uitvoeringsregel.filter(r::id.eq(regel.id.to_string())).filter(r::stand.ne(Regelstand::Gedaan.as_str()));
        let aantal = wijzig(
            doel,
            (
                r::stand.eq(regel.stand.as_str()),
                r::reden.eq(regel.reden.clone()),
                r::door_persoon_id.eq(regel.door_persoon_id.map(|id| id.to_string())),
                r::uitgevoerd_op.eq(regel.uitgevoerd_op.map(|op| op.naive_utc())),
            ),
        )
        .execute(tx.schrijf())?;
        if aantal == 0 {
            return Err(StoreError::Stale { current: 0 });
        }
    }
    Ok(())
}
