//! Gebruikers van een organisatie, en de imports van gebruikerslijsten.

mod imports;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::gebruikers::{Gebruiker, Lijstwijziging};

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id, patroon};
use crate::schema::gebruiker;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

pub use imports::{get_import, insert_import, list_imports, lopende_import, sluit_import};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = gebruiker, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    organisatie_id: String,
    naam: String,
    email: String,
    telefoon: Option<String>,
    functie: Option<String>,
    beoogd_profiel: Option<String>,
    status: String,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl From<&Gebruiker> for Rij {
    fn from(g: &Gebruiker) -> Self {
        Self {
            id: g.id.to_string(),
            organisatie_id: g.organisatie_id.to_string(),
            naam: g.naam.clone(),
            email: g.email.clone(),
            telefoon: g.telefoon.clone(),
            functie: g.functie.clone(),
            beoogd_profiel: g.beoogd_profiel.clone(),
            status: g.status.to_string(),
            aangemaakt_op: g.aangemaakt_op.naive_utc(),
            gewijzigd_op: g.gewijzigd_op.naive_utc(),
            versie: g.versie,
        }
    }
}

impl Rij {
    fn domein(self) -> Result<Gebruiker, StoreError> {
        Ok(Gebruiker {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            naam: self.naam,
            email: self.email,
            telefoon: self.telefoon,
            functie: self.functie,
            beoogd_profiel: self.beoogd_profiel,
            status: self.status.parse()?,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén gebruiker.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, gebruiker_id: Id) -> Result<Option<Gebruiker>, StoreError> {
    gebruiker::table.find(gebruiker_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// De gebruiker van een organisatie met dit e-mailadres.
///
/// # Errors
/// Een fout van de opslag.
pub fn by_email(conn: &mut Conn, organisatie_id: Id, email: &str) -> Result<Option<Gebruiker>, StoreError> {
    use gebruiker::dsl as g;
    let vraag = g::gebruiker.filter(g::organisatie_id.eq(organisatie_id.to_string())).filter(g::email.eq(email.to_lowercase()));
    vraag.select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Waarop de lijst te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Status.
    pub status: Option<String>,
    /// Deel van naam of e-mailadres.
    pub zoek: Option<String>,
}

/// Gebruikers van een organisatie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, organisatie_id: Id, filter: &Filter, page: &Page) -> Result<Bladzijde<Gebruiker>, StoreError> {
    use gebruiker::dsl as g;
    let mut vraag = g::gebruiker.filter(g::organisatie_id.eq(organisatie_id.to_string())).select(Rij::as_select()).into_boxed();
    if let Some(status) = &filter.status {
        vraag = vraag.filter(g::status.eq(status.clone()));
    }
    if let Some(zoek) = &filter.zoek {
        let patroon = patroon(zoek);
        let naam = diesel::dsl::sql::<diesel::sql_types::Text>("lower(naam)");
        vraag = vraag.filter(naam.like(patroon.clone()).escape('\\').or(g::email.like(patroon).escape('\\')));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(g::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(g::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |g| g.id.to_string()))
}

/// Alle gebruikers van een organisatie die niet verwijderd zijn, op e-mailadres.
///
/// # Errors
/// Een fout van de opslag.
pub fn alle(conn: &mut Conn, organisatie_id: Id) -> Result<HashMap<String, Gebruiker>, StoreError> {
    use gebruiker::dsl as g;
    let vraag = g::gebruiker.filter(g::organisatie_id.eq(organisatie_id.to_string())).filter(g::status.ne("verwijderd"));
    let rijen: Vec<Rij> = vraag.select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(|rij| Ok((rij.email.clone(), rij.domein()?))).collect()
}

/// Of de organisatie een gebruiker heeft die niet verwijderd is.
///
/// # Errors
/// Een fout van de opslag.
pub fn is_er_een(conn: &mut Conn, organisatie_id: Id) -> Result<bool, StoreError> {
    use gebruiker::dsl as g;
    let vraag = g::gebruiker.filter(g::organisatie_id.eq(organisatie_id.to_string())).filter(g::status.ne("verwijderd"));
    Ok(vraag.select(g::id).first::<String>(conn).optional()?.is_some())
}

/// Voegt een gebruiker toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een e-mailadres dat in de organisatie al bestaat.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Gebruiker) -> Result<(), StoreError> {
    diesel::insert_into(gebruiker::table).values(Rij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een gebruiker als die nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`], [`StoreError::Conflict`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Gebruiker, versie: i64) -> Result<(), StoreError> {
    use gebruiker::dsl as g;
    let doel = g::gebruiker.filter(g::id.eq(nieuw.id.to_string())).filter(g::versie.eq(versie));
    let aantal = wijzig(doel, Rij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|g| g.versie)))
}

/// Hoeveel rijen er in één opdracht gaan: 11 kolommen per rij blijft zo ruim onder de grens van beide databases.
const PER_OPDRACHT: usize = 500;

/// Legt een hele lijst vast. Een reeks in één opdracht is een van de weinige plaatsen waar de databases verschillen; een rij zegt daarvoor
/// bij elke kolom wat erin komt (ook niets), anders knipt diesel de reeks voor SQLite op in een transactie van zichzelf.
///
/// # Errors
/// Als bij [`insert`] en [`update`].
pub fn leg_vast(tx: &mut Tx<'_>, wijziging: &Lijstwijziging) -> Result<(), StoreError> {
    for blok in wijziging.nieuw.chunks(PER_OPDRACHT) {
        let rijen: Vec<Rij> = blok.iter().map(Rij::from).collect();
        match tx.schrijf() {
            Conn::Pg(c) => diesel::insert_into(gebruiker::table).values(&rijen).execute(c)?,
            Conn::Sqlite(c) => diesel::insert_into(gebruiker::table).values(&rijen).execute(c)?,
        };
    }
    for (versie, nieuw) in &wijziging.gewijzigd {
        update(tx, nieuw, *versie)?;
    }
    Ok(())
}
