//! Vragenlijsten en hun uitgaven.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::vragenlijsten::Vragenlijst;

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id, maybe_id};
use crate::schema::vragenlijst;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = vragenlijst, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    code: String,
    uitgave: String,
    status: String,
    inhoud: String,
    vorige_id: Option<String>,
    gepubliceerd_op: Option<NaiveDateTime>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl Rij {
    fn uit(v: &Vragenlijst) -> Result<Self, StoreError> {
        Ok(Self {
            id: v.id.to_string(),
            code: v.inhoud.code.clone(),
            uitgave: v.inhoud.uitgave.clone(),
            status: v.status.to_string(),
            inhoud: serde_json::to_string(&v.inhoud)?,
            vorige_id: v.vorige_id.map(|id| id.to_string()),
            gepubliceerd_op: v.gepubliceerd_op.map(|op| op.naive_utc()),
            aangemaakt_op: v.aangemaakt_op.naive_utc(),
            gewijzigd_op: v.gewijzigd_op.naive_utc(),
            versie: v.versie,
        })
    }

    fn domein(self) -> Result<Vragenlijst, StoreError> {
        Ok(Vragenlijst {
            id: id(&self.id)?,
            status: self.status.parse()?,
            inhoud: serde_json::from_str(&self.inhoud)?,
            vorige_id: maybe_id(self.vorige_id)?,
            gepubliceerd_op: self.gepubliceerd_op.map(|op| op.and_utc()),
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Waarop de lijst te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Code van het instrument.
    pub code: Option<String>,
    /// Stand.
    pub status: Option<String>,
    /// Of concepten meekomen.
    pub met_concepten: bool,
}

/// Eén uitgave.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, vragenlijst_id: Id) -> Result<Option<Vragenlijst>, StoreError> {
    vragenlijst::table.find(vragenlijst_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Eén uitgave bij code en aanduiding.
///
/// # Errors
/// Een fout van de opslag.
pub fn uitgave(conn: &mut Conn, code: &str, uitgave: &str) -> Result<Option<Vragenlijst>, StoreError> {
    let vraag = vragenlijst::table.filter(vragenlijst::code.eq(code)).filter(vragenlijst::uitgave.eq(uitgave));
    vraag.select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Alle uitgaven van een instrument, oudste eerst; het zijn er weinig.
///
/// # Errors
/// Een fout van de opslag.
pub fn van_code(conn: &mut Conn, code: &str) -> Result<Vec<Vragenlijst>, StoreError> {
    let rijen: Vec<Rij> = vragenlijst::table.filter(vragenlijst::code.eq(code)).order(vragenlijst::id.asc()).select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Alle uitgaven van hetzelfde instrument als deze, deze erbij; leeg als zij niet bestaat.
///
/// # Errors
/// Een fout van de opslag.
pub fn verwante(conn: &mut Conn, vragenlijst_id: Id) -> Result<Vec<Vragenlijst>, StoreError> {
    let code: Option<String> = vragenlijst::table.find(vragenlijst_id.to_string()).select(vragenlijst::code).first(conn).optional()?;
    code.map_or_else(|| Ok(Vec::new()), |code| van_code(conn, &code))
}

/// Uitgaven, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, page: &Page) -> Result<Bladzijde<Vragenlijst>, StoreError> {
    use vragenlijst::dsl as v;
    let mut vraag = v::vragenlijst.select(Rij::as_select()).into_boxed();
    if !filter.met_concepten {
        vraag = vraag.filter(v::status.ne("concept"));
    }
    if let Some(code) = &filter.code {
        vraag = vraag.filter(v::code.eq(code.clone()));
    }
    if let Some(status) = &filter.status {
        vraag = vraag.filter(v::status.eq(status.clone()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(v::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(v::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |v| v.id.to_string()))
}

/// Voegt een uitgave toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een uitgave die al bestaat.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Vragenlijst) -> Result<(), StoreError> {
    diesel::insert_into(vragenlijst::table).values(Rij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een uitgave als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Vragenlijst, versie: i64) -> Result<(), StoreError> {
    use vragenlijst::dsl as v;
    let doel = v::vragenlijst.filter(v::id.eq(nieuw.id.to_string())).filter(v::versie.eq(versie));
    let aantal = wijzig(doel, Rij::uit(nieuw)?).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|v| v.versie)))
}
