//! Samenwerkingsprofielen.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::autorisatieplannen::{Samenwerkingsprofiel, SamenwerkingsprofielStatus};
use domain::{Datum, Id};

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id, maybe_id};
use crate::schema::samenwerkingsprofiel;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError, Zicht};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = samenwerkingsprofiel, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    eigenaar_id: String,
    organisatie_id: String,
    gebruiker_id: String,
    profiel: String,
    motivatie: String,
    tot_datum: NaiveDate,
    status: String,
    aangevraagd_door: Option<String>,
    besloten_door: Option<String>,
    besloten_op: Option<NaiveDateTime>,
    toelichting: Option<String>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl From<&Samenwerkingsprofiel> for Rij {
    fn from(s: &Samenwerkingsprofiel) -> Self {
        Self {
            id: s.id.to_string(),
            eigenaar_id: s.eigenaar_id.to_string(),
            organisatie_id: s.organisatie_id.to_string(),
            gebruiker_id: s.gebruiker_id.to_string(),
            profiel: s.profiel.clone(),
            motivatie: s.motivatie.clone(),
            tot_datum: s.tot_datum,
            status: s.status.to_string(),
            aangevraagd_door: s.aangevraagd_door.map(|id| id.to_string()),
            besloten_door: s.besloten_door.map(|id| id.to_string()),
            besloten_op: s.besloten_op.map(|op| op.naive_utc()),
            toelichting: s.toelichting.clone(),
            aangemaakt_op: s.aangemaakt_op.naive_utc(),
            gewijzigd_op: s.gewijzigd_op.naive_utc(),
            versie: s.versie,
        }
    }
}

impl Rij {
    fn domein(self) -> Result<Samenwerkingsprofiel, StoreError> {
        Ok(Samenwerkingsprofiel {
            id: id(&self.id)?,
            eigenaar_id: id(&self.eigenaar_id)?,
            organisatie_id: id(&self.organisatie_id)?,
            gebruiker_id: id(&self.gebruiker_id)?,
            profiel: self.profiel,
            motivatie: self.motivatie,
            tot_datum: self.tot_datum,
            status: self.status.parse()?,
            aangevraagd_door: maybe_id(self.aangevraagd_door)?,
            besloten_door: maybe_id(self.besloten_door)?,
            besloten_op: self.besloten_op.map(|op| op.and_utc()),
            toelichting: self.toelichting,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén samenwerkingsprofiel.
///
/// # Errors
/// Een fout van de opslag.
pub fn get_samenwerking(conn: &mut Conn, samenwerking_id: Id) -> Result<Option<Samenwerkingsprofiel>, StoreError> {
    samenwerkingsprofiel::table.find(samenwerking_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Samenwerkingsprofielen waar een organisatie eigenaar of lener van is, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list_samenwerking(conn: &mut Conn, status: Option<&str>, zicht: &Zicht, page: &Page) -> Result<Bladzijde<Samenwerkingsprofiel>, StoreError> {
    use samenwerkingsprofiel::dsl as s;
    let mut vraag = s::samenwerkingsprofiel.select(Rij::as_select()).into_boxed();
    match zicht {
        Zicht::Alles => {}
        Zicht::Niets => return Ok(Bladzijde { items: Vec::new(), volgende: None }),
        Zicht::Organisatie(organisatie) | Zicht::Relaties { organisatie, .. } => {
            vraag = vraag.filter(s::eigenaar_id.eq(organisatie.to_string()).or(s::organisatie_id.eq(organisatie.to_string())));
        }
    }
    if let Some(status) = status {
        vraag = vraag.filter(s::status.eq(status.to_owned()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(s::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(s::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |s| s.id.to_string()))
}

/// De profielen die een eigenaar op deze dag heeft uitgeleend.
///
/// # Errors
/// Een fout van de opslag.
pub fn uitgeleend(conn: &mut Conn, eigenaar: Id, dag: Datum) -> Result<HashSet<String>, StoreError> {
    use samenwerkingsprofiel::dsl as s;
    let vraag = s::samenwerkingsprofiel
        .filter(s::eigenaar_id.eq(eigenaar.to_string()))
        .filter(s::status.eq(SamenwerkingsprofielStatus::Toegekend.as_str()))
        .filter(s::tot_datum.ge(dag));
    let codes: Vec<String> = vraag.select(s::profiel).load(conn)?;
    Ok(codes.into_iter().collect())
}

/// Voegt een aanvraag toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_samenwerking(tx: &mut Tx<'_>, nieuw: &Samenwerkingsprofiel) -> Result<(), StoreError> {
    diesel::insert_into(samenwerkingsprofiel::table).values(Rij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een samenwerkingsprofiel als het nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_samenwerking(tx: &mut Tx<'_>, nieuw: &Samenwerkingsprofiel, versie: i64) -> Result<(), StoreError> {
    use samenwerkingsprofiel::dsl as s;
    let doel = s::samenwerkingsprofiel.filter(s::id.eq(nieuw.id.to_string())).filter(s::versie.eq(versie));
    let aantal = wijzig(doel, Rij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get_samenwerking(tx.conn(), nieuw.id)?.map(|s| s.versie)))
}
