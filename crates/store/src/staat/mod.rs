//! De Staat: bijdragen per organisatie en jaar, en de sommen daarvan, bijgehouden in de transactie van de sluiting.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::Id;
use domain::afnames::Meting;
use domain::staat::{Bijdrage, Cel, Celsom, Regiotype};

use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::{afname, organisatie_regiotype, regiotype, staatbijdrage, staatcel};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

mod hertelling;
mod jaren;

pub use hertelling::{Afwijkend, hertel};
pub use jaren::Jaren;

/// Nummer van het adviesslot in PostgreSQL: sommen worden na elkaar bijgewerkt.
const SLOT: i64 = 4_202_640;

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = staatbijdrage, treat_none_as_default_value = false)]
struct BijdrageRij {
    organisatie_id: String,
    vragenlijst_code: String,
    jaar: i32,
    vragenlijst_id: String,
    afname_id: String,
    sector: String,
    regiotype: String,
    scores: String,
}

impl BijdrageRij {
    fn domein(self) -> Result<Bijdrage, StoreError> {
        Ok(Bijdrage {
            afname_id: id(&self.afname_id)?,
            organisatie_id: id(&self.organisatie_id)?,
            vragenlijst_code: self.vragenlijst_code,
            vragenlijst_id: id(&self.vragenlijst_id)?,
            jaar: self.jaar,
            sector: self.sector,
            regiotype: self.regiotype,
            scores: serde_json::from_str(&self.scores)?,
        })
    }
}

/// De bijdrage van een organisatie in een jaar.
///
/// # Errors
/// Een fout van de opslag.
pub fn bijdrage(conn: &mut Conn, organisatie: Id, code: &str, jaar: i32) -> Result<Option<Bijdrage>, StoreError> {
    let gevonden = staatbijdrage::table.find((organisatie.to_string(), code, jaar)).select(BijdrageRij::as_select()).first(conn).optional()?;
    gevonden.map(BijdrageRij::domein).transpose()
}

/// Per vragenlijst de afname waarmee een organisatie voor het laatst meetelt.
///
/// # Errors
/// Een fout van de opslag.
pub fn laatste_metingen(conn: &mut Conn, organisatie: Id) -> Result<BTreeMap<String, Meting>, StoreError> {
    let rijen: Vec<(String, String, NaiveDate)> = staatbijdrage::table
        .inner_join(afname::table.on(afname::id.eq(staatbijdrage::afname_id)))
        .filter(staatbijdrage::organisatie_id.eq(organisatie.to_string()))
        .order(staatbijdrage::jaar.asc())
        .select((staatbijdrage::vragenlijst_code, afname::id, afname::begin_datum))
        .load(conn)?;
    rijen.into_iter().map(|(code, afname_id, begin_datum)| Ok((code, Meting { afname_id: id(&afname_id)?, begin_datum }))).collect()
}

/// Houdt de sommen vast tot het einde van de transactie. Wie kiest welke afname meetelt, doet dat daarna.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_slot(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    if tx.conn().is_pg() {
        tx.conn().opdracht(&format!("SELECT pg_advisory_xact_lock({SLOT})"))?;
    }
    Ok(())
}

/// Vervangt de bijdrage van een organisatie in een jaar, en werkt de sommen mee bij. `None` haalt haar weg.
///
/// # Errors
/// Een fout van de opslag.
pub fn vervang_bijdrage(tx: &mut Tx<'_>, organisatie: Id, code: &str, jaar: i32, nieuw: Option<&Bijdrage>) -> Result<(), StoreError> {
    zet_slot(tx)?;
    if let Some(oud) = bijdrage(tx.conn(), organisatie, code, jaar)? {
        tel(tx, &oud, |som| som.eraf(&oud))?;
        diesel::delete(staatbijdrage::table.find((organisatie.to_string(), code, jaar))).execute(tx.schrijf())?;
    }
    if let Some(nieuw) = nieuw {
        tel(tx, nieuw, |som| som.erbij(nieuw))?;
        insert(tx, nieuw)?;
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, nieuw: &Bijdrage) -> Result<(), StoreError> {
    let rij = BijdrageRij {
        organisatie_id: nieuw.organisatie_id.to_string(),
        vragenlijst_code: nieuw.vragenlijst_code.clone(),
        jaar: nieuw.jaar,
        vragenlijst_id: nieuw.vragenlijst_id.to_string(),
        afname_id: nieuw.afname_id.to_string(),
        sector: nieuw.sector.clone(),
        regiotype: nieuw.regiotype.clone(),
        scores: serde_json::to_string(&nieuw.scores)?,
    };
    diesel::insert_into(staatbijdrage::table).values(rij).execute(tx.schrijf())?;
    Ok(())
}

fn tel(tx: &mut Tx<'_>, bijdrage: &Bijdrage, tel: impl FnOnce(&mut Celsom)) -> Result<(), StoreError> {
    use staatcel::dsl as c;
    let sleutel = (bijdrage.vragenlijst_id.to_string(), bijdrage.jaar, bijdrage.sector.clone(), bijdrage.regiotype.clone());
    let gevonden: Option<String> = c::staatcel.find(sleutel.clone()).select(c::som).first(tx.conn()).optional()?;
    let mut som: Celsom = gevonden.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    tel(&mut som);
    let tekst = serde_json::to_string(&som)?;
    if gevonden.is_some() {
        wijzig(c::staatcel.find(sleutel), c::som.eq(tekst)).execute(tx.schrijf())?;
    } else {
        let (lijst, jaar, sector, regiotype) = sleutel;
        let rij = (c::vragenlijst_id.eq(lijst), c::jaar.eq(jaar), c::sector.eq(sector), c::regiotype.eq(regiotype), c::som.eq(tekst));
        diesel::insert_into(c::staatcel).values(rij).execute(tx.schrijf())?;
    }
    Ok(())
}

/// De cellen van een uitgave, per jaar.
///
/// # Errors
/// Een fout van de opslag.
pub fn cellen(conn: &mut Conn, vragenlijst: Id, tot_en_met: i32, van: i32) -> Result<BTreeMap<i32, Vec<Cel>>, StoreError> {
    let rijen: Vec<(i32, String, String, String)> = staatcel::table
        .filter(staatcel::vragenlijst_id.eq(vragenlijst.to_string()))
        .filter(staatcel::jaar.between(van, tot_en_met))
        .order((staatcel::jaar.asc(), staatcel::sector.asc(), staatcel::regiotype.asc()))
        .select((staatcel::jaar, staatcel::sector, staatcel::regiotype, staatcel::som))
        .load(conn)?;
    let mut per_jaar: BTreeMap<i32, Vec<Cel>> = BTreeMap::new();
    for (jaar, sector, regiotype, som) in rijen {
        let som: Celsom = serde_json::from_str(&som)?;
        if som.organisaties > 0 {
            per_jaar.entry(jaar).or_default().push(Cel { sector, regiotype, som });
        }
    }
    Ok(per_jaar)
}

/// Welke organisaties in een jaar bijdroegen, voor de deelname.
///
/// # Errors
/// Een fout van de opslag.
pub fn deelnemers(conn: &mut Conn, code: &str, jaar: i32) -> Result<Vec<Id>, StoreError> {
    let rijen: Vec<String> = staatbijdrage::table
        .filter(staatbijdrage::vragenlijst_code.eq(code))
        .filter(staatbijdrage::jaar.eq(jaar))
        .select(staatbijdrage::organisatie_id)
        .load(conn)?;
    rijen.iter().map(|o| id(o)).collect()
}

/// De regiotypen, op code.
///
/// # Errors
/// Een fout van de opslag.
pub fn regiotypen(conn: &mut Conn, page: &Page) -> Result<Bladzijde<Regiotype>, StoreError> {
    let mut vraag = regiotype::table.select((regiotype::code, regiotype::naam)).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(regiotype::code.gt(na.clone()));
    }
    let rijen: Vec<(String, String)> = vraag.order(regiotype::code.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(|(code, naam)| Regiotype { code, naam }).collect();
    Ok(Bladzijde::uit(items, page.limit, |r: &Regiotype| r.code.clone()))
}

/// Of een regiotype bestaat.
///
/// # Errors
/// Een fout van de opslag.
pub fn heeft_regiotype(conn: &mut Conn, code: &str) -> Result<bool, StoreError> {
    Ok(regiotype::table.find(code).select(regiotype::code).first::<String>(conn).optional()?.is_some())
}

/// Voegt een regiotype toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een code die al bestaat.
pub fn insert_regiotype(tx: &mut Tx<'_>, nieuw: &Regiotype) -> Result<(), StoreError> {
    let rij = (regiotype::code.eq(&nieuw.code), regiotype::naam.eq(&nieuw.naam), regiotype::versie.eq(1_i64));
    diesel::insert_into(regiotype::table).values(rij).execute(tx.schrijf())?;
    Ok(())
}

/// Het regiotype van een organisatie.
///
/// # Errors
/// Een fout van de opslag.
pub fn regiotype_van(conn: &mut Conn, organisatie: Id) -> Result<Option<String>, StoreError> {
    use organisatie_regiotype::dsl as o;
    Ok(o::organisatie_regiotype.find(organisatie.to_string()).select(o::regiotype_code).first(conn).optional()?)
}

/// Geeft een organisatie een regiotype.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_regiotype(tx: &mut Tx<'_>, organisatie: Id, code: &str) -> Result<(), StoreError> {
    use organisatie_regiotype::dsl as o;
    diesel::delete(o::organisatie_regiotype.find(organisatie.to_string())).execute(tx.schrijf())?;
    diesel::insert_into(o::organisatie_regiotype).values((o::organisatie_id.eq(organisatie.to_string()), o::regiotype_code.eq(code))).execute(tx.schrijf())?;
    Ok(())
}
