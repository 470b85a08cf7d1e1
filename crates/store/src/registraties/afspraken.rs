//! Teksten van de afspraken over beheer en controle.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::registraties::Beheerafspraken;

use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::beheerafspraken;
use crate::unit::Tx;
use crate::{Bladzijde, Page, StoreError};

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = beheerafspraken, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    versie: i32,
    titel: String,
    artikelen: String,
    vastgesteld_op: NaiveDateTime,
}

impl Rij {
    fn domein(self) -> Result<Beheerafspraken, StoreError> {
        let artikelen = serde_json::from_str(&self.artikelen)?;
        Ok(Beheerafspraken { id: id(&self.id)?, versie: self.versie, titel: self.titel, artikelen, vastgesteld_op: self.vastgesteld_op.and_utc() })
    }
}

/// Eén tekst.
///
/// # Errors
/// Een fout van de opslag.
pub fn afspraken(conn: &mut Conn, afspraken_id: Id) -> Result<Option<Beheerafspraken>, StoreError> {
    beheerafspraken::table.find(afspraken_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// De tekst die nu geldt: de laatst vastgestelde.
///
/// # Errors
/// Een fout van de opslag.
pub fn geldende_afspraken(conn: &mut Conn) -> Result<Option<Beheerafspraken>, StoreError> {
    Ok(afspraken_lijst(conn, &Page { limit: 1, after: None })?.items.pop())
}

/// Alle teksten, nieuwste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn afspraken_lijst(conn: &mut Conn, page: &Page) -> Result<Bladzijde<Beheerafspraken>, StoreError> {
    use beheerafspraken::dsl as a;
    let mut vraag = a::beheerafspraken.select(Rij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(a::versie.lt(na.parse::<i32>().map_err(StoreError::fault)?));
    }
    let rijen: Vec<Rij> = vraag.order(a::versie.desc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |a| a.versie.to_string()))
}

/// Bewaart een tekst; zij wijzigt nooit meer.
///
/// # Errors
/// [`StoreError::Conflict`] als een ander tegelijk deze versie vaststelde.
pub fn insert_afspraken(tx: &mut Tx<'_>, nieuw: &Beheerafspraken) -> Result<(), StoreError> {
    let rij = Rij {
        id: nieuw.id.to_string(),
        versie: nieuw.versie,
        titel: nieuw.titel.clone(),
        artikelen: serde_json::to_string(&nieuw.artikelen)?,
        vastgesteld_op: nieuw.vastgesteld_op.naive_utc(),
    };
    diesel::insert_into(beheerafspraken::table).values(rij).execute(tx.schrijf())?;
    Ok(())
}
