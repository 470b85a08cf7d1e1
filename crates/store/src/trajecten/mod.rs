//! Trajecten met hun partijen.

mod activiteiten;
mod borging;
mod lijst;
mod verloop;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::Id;
use domain::trajecten::{Aansluitvormkeuze, Partij, PartijRol, Traject, fase_van};

pub use activiteiten::{activiteit, activiteiten, delete_activiteit, insert_activiteit, update_activiteit};
pub use borging::{borgingsmoment, borgingsmomenten, insert_borgingsmoment, laatste_borgingsmomenten, trek_borgingsmoment_in};
pub use lijst::{Filter, Sortering, is_contactpersoon_voor, list};
pub(crate) use lijst::{betrokken, per_keer_gepland};
pub use verloop::{VerloopSoort, afwijkingen, insert_verloop, laatste_stapovergang, verloop};

use crate::StoreError;
use crate::connection::{Conn, rechtstreeks};
use crate::organisaties::{gewijzigd, id, maybe_id};
use crate::schema::{organisatie, partij, traject, trajectnummer};
use crate::unit::Tx;
use crate::wijziging::wijzig;

#[derive(Queryable, Insertable, AsChangeset, Selectable, Clone)]
#[diesel(table_name = traject, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    kenmerk: String,
    organisatie_id: String,
    stappenplan_id: String,
    status: String,
    stap: i32,
    aansluitvorm_code: Option<String>,
    aansluitvorm_motivatie: Option<String>,
    contactpersonen: String,
    planning: String,
    deadline: Option<NaiveDate>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = partij, treat_none_as_null = true, treat_none_as_default_value = false)]
struct PartijRij {
    id: String,
    traject_id: String,
    organisatie_id: String,
    rol: String,
    van: NaiveDate,
    tot: Option<NaiveDate>,
    contactpersoon_id: Option<String>,
}

impl PartijRij {
    fn uit(traject_id: Id, p: &Partij) -> Self {
        Self {
            id: p.id.to_string(),
            traject_id: traject_id.to_string(),
            organisatie_id: p.organisatie_id.to_string(),
            rol: p.rol.to_string(),
            van: p.van_datum,
            tot: p.tot_datum,
            contactpersoon_id: p.contactpersoon_id.map(|id| id.to_string()),
        }
    }

    fn domein(self, naam: String) -> Result<Partij, StoreError> {
        Ok(Partij {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            organisatie_naam: naam,
            rol: self.rol.parse()?,
            van_datum: self.van,
            tot_datum: self.tot,
            contactpersoon_id: maybe_id(self.contactpersoon_id)?,
        })
    }
}

impl Rij {
    fn uit(t: &Traject) -> Result<Self, StoreError> {
        Ok(Self {
            id: t.id.to_string(),
            kenmerk: t.kenmerk.clone(),
            organisatie_id: t.organisatie_id.to_string(),
            stappenplan_id: t.stappenplan_id.to_string(),
            status: t.status.to_string(),
            stap: i32::from(t.stap),
            aansluitvorm_code: t.aansluitvorm.as_ref().map(|a| a.code.clone()),
            aansluitvorm_motivatie: t.aansluitvorm.as_ref().map(|a| a.motivatie.clone()),
            contactpersonen: serde_json::to_string(&t.contactpersonen)?,
            planning: serde_json::to_string(&t.planning)?,
            deadline: t.deadline_datum,
            aangemaakt_op: t.aangemaakt_op.naive_utc(),
            gewijzigd_op: t.gewijzigd_op.naive_utc(),
            versie: t.versie,
        })
    }

    fn domein(self, partijen: Vec<Partij>) -> Result<Traject, StoreError> {
        let stap = i16::try_from(self.stap).map_err(StoreError::fault)?;
        let naam = partijen.iter().find(|p| p.rol == PartijRol::Crisispartner).map(|p| p.organisatie_naam.clone()).unwrap_or_default();
        Ok(Traject {
            id: id(&self.id)?,
            kenmerk: self.kenmerk,
            organisatie_id: id(&self.organisatie_id)?,
            organisatie_naam: naam,
            stappenplan_id: id(&self.stappenplan_id)?,
            status: self.status.parse()?,
            fase: fase_van(stap),
            stap,
            aansluitvorm: self.aansluitvorm_code.map(|code| Aansluitvormkeuze { code, motivatie: self.aansluitvorm_motivatie.unwrap_or_default() }),
            contactpersonen: serde_json::from_str(&self.contactpersonen)?,
            planning: serde_json::from_str(&self.planning)?,
            deadline_datum: self.deadline,
            partijen,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén traject met zijn partijen, in één opdracht aan de database.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, traject_id: Id) -> Result<Option<Traject>, StoreError> {
    let rijen: Vec<(Rij, PartijRij, String)> = rechtstreeks!(conn, |c| traject::table
        .inner_join(partij::table.inner_join(organisatie::table))
        .filter(traject::id.eq(traject_id.to_string()))
        .order(partij::id.asc())
        .select((Rij::as_select(), PartijRij::as_select(), organisatie::naam))
        .load(c))?;
    let mut eerste = None;
    let mut partijen = Vec::with_capacity(rijen.len());
    for (rij, partij, naam) in rijen {
        eerste.get_or_insert(rij);
        partijen.push(partij.domein(naam)?);
    }
    eerste.map(|rij| rij.domein(partijen)).transpose()
}

/// De versie van het traject met die van een organisatie die erbij hoort, voor iedere partij.
pub type Trajectversies = Vec<(i64, i64)>;

/// De versies van deze trajecten, in één opdracht; wat er niet is, ontbreekt.
pub(crate) fn versies(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, Trajectversies>, StoreError> {
    let ids: Vec<String> = ids.iter().map(Id::to_string).collect();
    let rijen: Vec<(String, i64, i64)> = rechtstreeks!(conn, |c| traject::table
        .inner_join(partij::table.inner_join(organisatie::table))
        .filter(traject::id.eq_any(ids))
        .order(partij::id.asc())
        .select((traject::id, traject::versie, organisatie::versie))
        .load(c))?;
    let mut gevonden = HashMap::<Id, Trajectversies>::new();
    for (traject_id, eigen, organisatie) in rijen {
        gevonden.entry(id(&traject_id)?).or_default().push((eigen, organisatie));
    }
    Ok(gevonden)
}

/// Het open traject van een organisatie, als dat er is.
///
/// # Errors
/// Een fout van de opslag.
pub fn open_van(conn: &mut Conn, organisatie_id: Id) -> Result<Option<Id>, StoreError> {
    let gevonden: Option<String> = traject::table
        .filter(traject::organisatie_id.eq(organisatie_id.to_string()))
        .filter(traject::status.eq_any(["lopend", "gepauzeerd"]))
        .select(traject::id)
        .first(conn)
        .optional()?;
    maybe_id(gevonden)
}

/// Of een organisatie met een van haar trajecten live is.
///
/// # Errors
/// Een fout van de opslag.
pub fn is_live(conn: &mut Conn, organisatie_id: Id) -> Result<bool, StoreError> {
    let live = traject::table.filter(traject::organisatie_id.eq(organisatie_id.to_string())).filter(traject::status.eq("live"));
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(conn)?)
}

/// Het volgende nummer voor een kenmerk in dit jaar.
///
/// # Errors
/// Een fout van de opslag.
pub fn volgend_nummer(tx: &mut Tx<'_>, jaar: i32) -> Result<i64, StoreError> {
    use trajectnummer::dsl as n;
    let bijgewerkt = wijzig(n::trajectnummer.find(jaar), n::laatste.eq(n::laatste + 1)).execute(tx.schrijf())?;
    if bijgewerkt == 0 {
        match diesel::insert_into(n::trajectnummer).values((n::jaar.eq(jaar), n::laatste.eq(1_i64))).execute(tx.schrijf()).map_err(StoreError::from) {
            Ok(_) => {}
            Err(StoreError::Conflict { .. }) => return Err(crate::error::opnieuw()),
            Err(fout) => return Err(fout),
        }
    }
    Ok(n::trajectnummer.find(jaar).select(n::laatste).first(tx.conn())?)
}

/// Voegt een traject met zijn partijen toe.
///
/// # Errors
/// [`StoreError::Conflict`] als de organisatie al een open traject heeft.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Traject) -> Result<(), StoreError> {
    diesel::insert_into(traject::table).values(Rij::uit(nieuw)?).execute(tx.schrijf())?;
    for p in &nieuw.partijen {
        insert_partij(tx, nieuw.id, p)?;
    }
    Ok(())
}

/// Wijzigt een traject (zonder partijen) als het nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`], [`StoreError::Conflict`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Traject, versie: i64) -> Result<(), StoreError> {
    use traject::dsl as t;
    let (doel, rij) = (t::traject.filter(t::id.eq(nieuw.id.to_string())).filter(t::versie.eq(versie)), Rij::uit(nieuw)?);
    let aantal = rechtstreeks!(tx.schrijf(), |c| wijzig(doel, rij).execute(c))?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|t| t.versie)))
}

/// Voegt een partij toe.
///
/// # Errors
/// [`StoreError::Conflict`] als de rol al vervuld is.
pub fn insert_partij(tx: &mut Tx<'_>, traject_id: Id, nieuw: &Partij) -> Result<(), StoreError> {
    diesel::insert_into(partij::table).values(PartijRij::uit(traject_id, nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een partij; de versie bewaakt het traject.
///
/// # Errors
/// Een fout van de opslag.
pub fn update_partij(tx: &mut Tx<'_>, traject_id: Id, nieuw: &Partij) -> Result<(), StoreError> {
    wijzig(partij::table.find(nieuw.id.to_string()), PartijRij::uit(traject_id, nieuw)).execute(tx.schrijf())?;
    Ok(())
}
