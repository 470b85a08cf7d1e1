//! Gebruikers van een organisatie, en de imports van gebruikerslijsten.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::gebruikers::{Gebruiker, Gebruikersimport, Lijstwijziging};
use domain::{Id, Moment};

use crate::connection::Conn;
use crate::open::Store;
use crate::organisaties::{gewijzigd, id, maybe_id, patroon};
use crate::schema::{gebruiker, gebruikersimport};
use crate::unit::Tx;
use crate::{Actor, Bladzijde, Page, StoreError};

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
    let aantal = diesel::update(doel).set(Rij::from(nieuw)).execute(tx.schrijf())?;
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

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = gebruikersimport, treat_none_as_null = true)]
struct Importrij {
    id: String,
    organisatie_id: String,
    status: String,
    proef: bool,
    sha256: String,
    gelezen: i64,
    nieuw: i64,
    gewijzigd: i64,
    ongewijzigd: i64,
    aantal_fouten: i64,
    fouten: String,
    door_persoon_id: Option<String>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
}

impl Importrij {
    fn uit(i: &Gebruikersimport) -> Result<Self, StoreError> {
        Ok(Self {
            id: i.id.to_string(),
            organisatie_id: i.organisatie_id.to_string(),
            status: i.status.to_string(),
            proef: i.proef,
            sha256: i.sha256.clone(),
            gelezen: i.gelezen,
            nieuw: i.nieuw,
            gewijzigd: i.gewijzigd,
            ongewijzigd: i.ongewijzigd,
            aantal_fouten: i.aantal_fouten,
            fouten: serde_json::to_string(&i.fouten)?,
            door_persoon_id: i.door_persoon_id.map(|id| id.to_string()),
            aangemaakt_op: i.aangemaakt_op.naive_utc(),
            gewijzigd_op: i.gewijzigd_op.naive_utc(),
        })
    }

    fn domein(self) -> Result<Gebruikersimport, StoreError> {
        Ok(Gebruikersimport {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            status: self.status.parse()?,
            proef: self.proef,
            sha256: self.sha256,
            gelezen: self.gelezen,
            nieuw: self.nieuw,
            gewijzigd: self.gewijzigd,
            ongewijzigd: self.ongewijzigd,
            aantal_fouten: self.aantal_fouten,
            fouten: serde_json::from_str(&self.fouten)?,
            door_persoon_id: maybe_id(self.door_persoon_id)?,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
        })
    }
}

/// Eén import.
///
/// # Errors
/// Een fout van de opslag.
pub fn get_import(conn: &mut Conn, import_id: Id) -> Result<Option<Gebruikersimport>, StoreError> {
    gebruikersimport::table.find(import_id.to_string()).select(Importrij::as_select()).first(conn).optional()?.map(Importrij::domein).transpose()
}

/// Imports van een organisatie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list_imports(conn: &mut Conn, organisatie_id: Id, page: &Page) -> Result<Bladzijde<Gebruikersimport>, StoreError> {
    use gebruikersimport::dsl as i;
    let mut vraag = i::gebruikersimport.filter(i::organisatie_id.eq(organisatie_id.to_string())).select(Importrij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(i::id.gt(na.clone()));
    }
    let rijen: Vec<Importrij> = vraag.order(i::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Importrij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |i| i.id.to_string()))
}

/// De import van een organisatie die nog loopt.
///
/// # Errors
/// Een fout van de opslag.
pub fn lopende_import(conn: &mut Conn, organisatie_id: Id) -> Result<Option<Gebruikersimport>, StoreError> {
    use gebruikersimport::dsl as i;
    let vraag = i::gebruikersimport.filter(i::organisatie_id.eq(organisatie_id.to_string())).filter(i::status.eq("bezig"));
    vraag.select(Importrij::as_select()).first(conn).optional()?.map(Importrij::domein).transpose()
}

/// Begint een import.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_import(tx: &mut Tx<'_>, nieuw: &Gebruikersimport) -> Result<(), StoreError> {
    diesel::insert_into(gebruikersimport::table).values(Importrij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Sluit een lopende import af; `false` als hij niet meer liep.
///
/// # Errors
/// Een fout van de opslag.
pub fn sluit_import(tx: &mut Tx<'_>, nieuw: &Gebruikersimport) -> Result<bool, StoreError> {
    use gebruikersimport::dsl as i;
    let doel = i::gebruikersimport.filter(i::id.eq(nieuw.id.to_string())).filter(i::status.eq("bezig"));
    Ok(diesel::update(doel).set(Importrij::uit(nieuw)?).execute(tx.schrijf())? > 0)
}

impl Store {
    /// Houdt bij hoe ver een import is. Dit is geen wijziging van iets: het staat niet in de audit.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn import_voortgang(&self, import_id: Id, gelezen: i64, now: Moment) -> Result<(), StoreError> {
        self.write(Actor::default(), now, None, move |tx| -> Result<(), StoreError> {
            use gebruikersimport::dsl as i;
            let doel = i::gebruikersimport.filter(i::id.eq(import_id.to_string())).filter(i::status.eq("bezig"));
            diesel::update(doel).set((i::gelezen.eq(gelezen), i::gewijzigd_op.eq(now.naive_utc()))).execute(tx.conn())?;
            Ok(())
        })
        .await
    }
}
