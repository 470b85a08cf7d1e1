//! Teams, disciplines, functies en sjablonen van een organisatie.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::inrichting::{InrichtingSoort, InrichtingStatus, Inrichtingsonderdeel, Sjabloon};

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id, maybe_id};
use crate::schema::{inrichting, sjabloon};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = inrichting, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    organisatie_id: String,
    soort: String,
    code: String,
    naam: String,
    coordinatieniveau: Option<String>,
    status: String,
    ingericht_op: Option<NaiveDateTime>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl From<&Inrichtingsonderdeel> for Rij {
    fn from(o: &Inrichtingsonderdeel) -> Self {
        Self {
            id: o.id.to_string(),
            organisatie_id: o.organisatie_id.to_string(),
            soort: o.soort.to_string(),
            code: o.code.clone(),
            naam: o.naam.clone(),
            coordinatieniveau: o.coordinatieniveau.map(|n| n.to_string()),
            status: o.status.to_string(),
            ingericht_op: o.ingericht_op.map(|op| op.naive_utc()),
            aangemaakt_op: o.aangemaakt_op.naive_utc(),
            gewijzigd_op: o.gewijzigd_op.naive_utc(),
            versie: o.versie,
        }
    }
}

impl Rij {
    fn domein(self) -> Result<Inrichtingsonderdeel, StoreError> {
        Ok(Inrichtingsonderdeel {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            soort: self.soort.parse()?,
            code: self.code,
            naam: self.naam,
            coordinatieniveau: self.coordinatieniveau.map(|n| n.parse()).transpose()?,
            status: self.status.parse()?,
            ingericht_op: self.ingericht_op.map(|op| op.and_utc()),
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén onderdeel.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, onderdeel_id: Id) -> Result<Option<Inrichtingsonderdeel>, StoreError> {
    inrichting::table.find(onderdeel_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Eén onderdeel op code.
///
/// # Errors
/// Een fout van de opslag.
pub fn by_code(conn: &mut Conn, organisatie_id: Id, soort: InrichtingSoort, code: &str) -> Result<Option<Inrichtingsonderdeel>, StoreError> {
    use inrichting::dsl as i;
    let vraag = i::inrichting.filter(i::organisatie_id.eq(organisatie_id.to_string())).filter(i::soort.eq(soort.as_str())).filter(i::code.eq(code));
    vraag.select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Onderdelen van een soort, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, organisatie_id: Id, soort: InrichtingSoort, page: &Page) -> Result<Bladzijde<Inrichtingsonderdeel>, StoreError> {
    use inrichting::dsl as i;
    let mut vraag =
        i::inrichting.filter(i::organisatie_id.eq(organisatie_id.to_string())).filter(i::soort.eq(soort.as_str())).select(Rij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(i::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(i::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |o| o.id.to_string()))
}

/// Soort en code van alle onderdelen van een organisatie, met hun stand.
///
/// # Errors
/// Een fout van de opslag.
pub fn standen(conn: &mut Conn, organisatie_id: Id) -> Result<HashMap<(InrichtingSoort, String), InrichtingStatus>, StoreError> {
    use inrichting::dsl as i;
    let rijen: Vec<(String, String, String)> =
        i::inrichting.filter(i::organisatie_id.eq(organisatie_id.to_string())).select((i::soort, i::code, i::status)).load(conn)?;
    rijen.into_iter().map(|(soort, code, status)| Ok(((soort.parse()?, code), status.parse()?))).collect()
}

/// Voegt een onderdeel toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een code die al bestaat.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Inrichtingsonderdeel) -> Result<(), StoreError> {
    diesel::insert_into(inrichting::table).values(Rij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een onderdeel als het nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Inrichtingsonderdeel, versie: i64) -> Result<(), StoreError> {
    use inrichting::dsl as i;
    let doel = i::inrichting.filter(i::id.eq(nieuw.id.to_string())).filter(i::versie.eq(versie));
    let aantal = wijzig(doel, Rij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|o| o.versie)))
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = sjabloon, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Sjabloonrij {
    id: String,
    organisatie_id: String,
    naam: String,
    voorbeeld: bool,
    kopie_van: Option<String>,
    inhoud: String,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl Sjabloonrij {
    fn uit(s: &Sjabloon) -> Result<Self, StoreError> {
        Ok(Self {
            id: s.id.to_string(),
            organisatie_id: s.organisatie_id.to_string(),
            naam: s.naam.clone(),
            voorbeeld: s.voorbeeld,
            kopie_van: s.kopie_van.map(|id| id.to_string()),
            inhoud: serde_json::to_string(&s.inhoud)?,
            aangemaakt_op: s.aangemaakt_op.naive_utc(),
            gewijzigd_op: s.gewijzigd_op.naive_utc(),
            versie: s.versie,
        })
    }

    fn domein(self) -> Result<Sjabloon, StoreError> {
        Ok(Sjabloon {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            naam: self.naam,
            voorbeeld: self.voorbeeld,
            kopie_van: maybe_id(self.kopie_van)?,
            inhoud: serde_json::from_str(&self.inhoud)?,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén sjabloon.
///
/// # Errors
/// Een fout van de opslag.
pub fn sjabloon(conn: &mut Conn, sjabloon_id: Id) -> Result<Option<Sjabloon>, StoreError> {
    sjabloon::table.find(sjabloon_id.to_string()).select(Sjabloonrij::as_select()).first(conn).optional()?.map(Sjabloonrij::domein).transpose()
}

/// Sjablonen van een organisatie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn sjablonen(conn: &mut Conn, organisatie_id: Id, page: &Page) -> Result<Bladzijde<Sjabloon>, StoreError> {
    use sjabloon::dsl as s;
    let mut vraag = s::sjabloon.filter(s::organisatie_id.eq(organisatie_id.to_string())).select(Sjabloonrij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(s::id.gt(na.clone()));
    }
    let rijen: Vec<Sjabloonrij> = vraag.order(s::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Sjabloonrij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |s| s.id.to_string()))
}

/// Voegt een sjabloon toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_sjabloon(tx: &mut Tx<'_>, nieuw: &Sjabloon) -> Result<(), StoreError> {
    diesel::insert_into(sjabloon::table).values(Sjabloonrij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een sjabloon als het nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_sjabloon(tx: &mut Tx<'_>, nieuw: &Sjabloon, versie: i64) -> Result<(), StoreError> {
    use sjabloon::dsl as s;
    let doel = s::sjabloon.filter(s::id.eq(nieuw.id.to_string())).filter(s::versie.eq(versie));
    let aantal = wijzig(doel, Sjabloonrij::uit(nieuw)?).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(sjabloon(tx.conn(), nieuw.id)?.map(|s| s.versie)))
}

/// Verwijdert een sjabloon; kopieën vergeten waar zij vandaan kwamen.
///
/// # Errors
/// Een fout van de opslag.
pub fn delete_sjabloon(tx: &mut Tx<'_>, sjabloon_id: Id) -> Result<(), StoreError> {
    use sjabloon::dsl as s;
    let wie = sjabloon_id.to_string();
    wijzig(s::sjabloon.filter(s::kopie_van.eq(&wie)), s::kopie_van.eq(None::<String>)).execute(tx.schrijf())?;
    diesel::delete(s::sjabloon.filter(s::id.eq(&wie))).execute(tx.schrijf())?;
    Ok(())
}
