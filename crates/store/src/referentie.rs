//! Referentiegegevens: sectoren, aansluitvormen en stappenplannen.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::referentie::{Aansluitvorm, Sector, Stappenplan};

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id};
use crate::schema::{aansluitvorm, sector, stappenplan};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = sector, treat_none_as_default_value = false)]
struct SectorRij {
    code: String,
    naam: String,
    vervallen: bool,
    versie: i64,
}

impl From<&Sector> for SectorRij {
    fn from(s: &Sector) -> Self {
        Self { code: s.code.clone(), naam: s.naam.clone(), vervallen: s.vervallen, versie: s.versie }
    }
}

impl From<SectorRij> for Sector {
    fn from(r: SectorRij) -> Self {
        Self { code: r.code, naam: r.naam, vervallen: r.vervallen, versie: r.versie }
    }
}

/// Eén sector.
///
/// # Errors
/// Een fout van de opslag.
pub fn sector(conn: &mut Conn, code: &str) -> Result<Option<Sector>, StoreError> {
    Ok(sector::table.find(code).select(SectorRij::as_select()).first(conn).optional()?.map(Sector::from))
}

/// Sectoren op code.
///
/// # Errors
/// Een fout van de opslag.
pub fn sectoren(conn: &mut Conn, page: &Page) -> Result<Bladzijde<Sector>, StoreError> {
    let mut vraag = sector::table.select(SectorRij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(sector::code.gt(na.clone()));
    }
    let rijen: Vec<SectorRij> = vraag.order(sector::code.asc()).limit(page.limit + 1).load(conn)?;
    Ok(Bladzijde::uit(rijen.into_iter().map(Sector::from).collect(), page.limit, |s: &Sector| s.code.clone()))
}

/// Voegt een sector toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een code die al bestaat.
pub fn insert_sector(tx: &mut Tx<'_>, nieuw: &Sector) -> Result<(), StoreError> {
    diesel::insert_into(sector::table).values(SectorRij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een sector als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_sector(tx: &mut Tx<'_>, nieuw: &Sector, versie: i64) -> Result<(), StoreError> {
    let doel = sector::table.filter(sector::code.eq(&nieuw.code)).filter(sector::versie.eq(versie));
    let aantal = wijzig(doel, SectorRij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(sector(tx.conn(), &nieuw.code)?.map(|s| s.versie)))
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = aansluitvorm, treat_none_as_default_value = false)]
struct VormRij {
    code: String,
    naam: String,
    omschrijving: String,
    vervallen: bool,
    versie: i64,
}

impl From<&Aansluitvorm> for VormRij {
    fn from(a: &Aansluitvorm) -> Self {
        Self { code: a.code.clone(), naam: a.naam.clone(), omschrijving: a.omschrijving.clone(), vervallen: a.vervallen, versie: a.versie }
    }
}

impl From<VormRij> for Aansluitvorm {
    fn from(r: VormRij) -> Self {
        Self { code: r.code, naam: r.naam, omschrijving: r.omschrijving, vervallen: r.vervallen, versie: r.versie }
    }
}

/// Eén aansluitvorm.
///
/// # Errors
/// Een fout van de opslag.
pub fn aansluitvorm(conn: &mut Conn, code: &str) -> Result<Option<Aansluitvorm>, StoreError> {
    Ok(aansluitvorm::table.find(code).select(VormRij::as_select()).first(conn).optional()?.map(Aansluitvorm::from))
}

/// Aansluitvormen op code.
///
/// # Errors
/// Een fout van de opslag.
pub fn aansluitvormen(conn: &mut Conn, page: &Page) -> Result<Bladzijde<Aansluitvorm>, StoreError> {
    let mut vraag = aansluitvorm::table.select(VormRij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(aansluitvorm::code.gt(na.clone()));
    }
    let rijen: Vec<VormRij> = vraag.order(aansluitvorm::code.asc()).limit(page.limit + 1).load(conn)?;
    Ok(Bladzijde::uit(rijen.into_iter().map(Aansluitvorm::from).collect(), page.limit, |a: &Aansluitvorm| a.code.clone()))
}

/// Voegt een aansluitvorm toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een code die al bestaat.
pub fn insert_aansluitvorm(tx: &mut Tx<'_>, nieuw: &Aansluitvorm) -> Result<(), StoreError> {
    diesel::insert_into(aansluitvorm::table).values(VormRij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een aansluitvorm als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_aansluitvorm(tx: &mut Tx<'_>, nieuw: &Aansluitvorm, versie: i64) -> Result<(), StoreError> {
    let doel = aansluitvorm::table.filter(aansluitvorm::code.eq(&nieuw.code)).filter(aansluitvorm::versie.eq(versie));
    let aantal = wijzig(doel, VormRij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(aansluitvorm(tx.conn(), &nieuw.code)?.map(|a| a.versie)))
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = stappenplan, treat_none_as_null = true, treat_none_as_default_value = false)]
struct PlanRij {
    id: String,
    code: String,
    titel: String,
    status: String,
    inhoud: String,
    gepubliceerd_op: Option<NaiveDateTime>,
    aangemaakt_op: NaiveDateTime,
    versie: i64,
}

impl PlanRij {
    fn uit(s: &Stappenplan) -> Result<Self, StoreError> {
        Ok(Self {
            id: s.id.to_string(),
            code: s.code.clone(),
            titel: s.titel.clone(),
            status: s.status.to_string(),
            inhoud: serde_json::to_string(&s.inhoud)?,
            gepubliceerd_op: s.gepubliceerd_op.map(|op| op.naive_utc()),
            aangemaakt_op: s.aangemaakt_op.naive_utc(),
            versie: s.versie,
        })
    }

    fn domein(self) -> Result<Stappenplan, StoreError> {
        Ok(Stappenplan {
            id: id(&self.id)?,
            code: self.code,
            titel: self.titel,
            status: self.status.parse()?,
            inhoud: serde_json::from_str(&self.inhoud)?,
            gepubliceerd_op: self.gepubliceerd_op.map(|op| op.and_utc()),
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén stappenplan.
///
/// # Errors
/// Een fout van de opslag.
pub fn stappenplan(conn: &mut Conn, plan_id: Id) -> Result<Option<Stappenplan>, StoreError> {
    stappenplan::table.find(plan_id.to_string()).select(PlanRij::as_select()).first(conn).optional()?.map(PlanRij::domein).transpose()
}

/// Het laatst gepubliceerde stappenplan.
///
/// # Errors
/// Een fout van de opslag.
pub fn laatst_gepubliceerd(conn: &mut Conn) -> Result<Option<Stappenplan>, StoreError> {
    use stappenplan::dsl as s;
    s::stappenplan
        .filter(s::status.eq("gepubliceerd"))
        .order(s::gepubliceerd_op.desc())
        .select(PlanRij::as_select())
        .first(conn)
        .optional()?
        .map(PlanRij::domein)
        .transpose()
}

/// Stappenplannen, oudste eerst; zonder concepten tenzij gevraagd.
///
/// # Errors
/// Een fout van de opslag.
pub fn stappenplannen(conn: &mut Conn, met_concepten: bool, page: &Page) -> Result<Bladzijde<Stappenplan>, StoreError> {
    use stappenplan::dsl as s;
    let mut vraag = s::stappenplan.select(PlanRij::as_select()).into_boxed();
    if !met_concepten {
        vraag = vraag.filter(s::status.ne("concept"));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(s::id.gt(na.clone()));
    }
    let rijen: Vec<PlanRij> = vraag.order(s::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(PlanRij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |s| s.id.to_string()))
}

/// Voegt een stappenplan toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een code die al bestaat.
pub fn insert_stappenplan(tx: &mut Tx<'_>, nieuw: &Stappenplan) -> Result<(), StoreError> {
    diesel::insert_into(stappenplan::table).values(PlanRij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een stappenplan als het nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_stappenplan(tx: &mut Tx<'_>, nieuw: &Stappenplan, versie: i64) -> Result<(), StoreError> {
    use stappenplan::dsl as s;
    let doel = s::stappenplan.filter(s::id.eq(nieuw.id.to_string())).filter(s::versie.eq(versie));
    let aantal = wijzig(doel, PlanRij::uit(nieuw)?).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(stappenplan(tx.conn(), nieuw.id)?.map(|s| s.versie)))
}
