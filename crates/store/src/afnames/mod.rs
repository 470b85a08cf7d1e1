//! Afnames, hun waarnemers en de antwoorden.

mod antwoorden;
mod waarnemers;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::afnames::{Afname, AfnameOvergang, AfnameStatus, Waarnemer};
use domain::trajecten::poorten::Afnamefeit;
use domain::{Datum, Id};

pub use antwoorden::{antwoorden, insert_antwoorden, van_afname};
pub use waarnemers::{Slot, insert_waarnemer, is_waarnemer, update_waarnemer, waarnemer, waarnemers, zet_slot, zet_slot_op_invulling};

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id, maybe_id};
use crate::schema::{afname, afnameherinnering, afnameovergang, waarnemer as w};
use crate::trajecten::betrokken;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError, Zicht};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = afname, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    organisatie_id: String,
    vragenlijst_id: String,
    vragenlijst_code: String,
    traject_id: Option<String>,
    oefening_id: Option<String>,
    aanleiding: String,
    titel: String,
    team: Option<String>,
    coordinatieniveau: Option<String>,
    begin_datum: NaiveDate,
    eind_datum: NaiveDate,
    status: String,
    gesloten_op: Option<NaiveDateTime>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl From<&Afname> for Rij {
    fn from(a: &Afname) -> Self {
        Self {
            id: a.id.to_string(),
            organisatie_id: a.organisatie_id.to_string(),
            vragenlijst_id: a.vragenlijst_id.to_string(),
            vragenlijst_code: a.vragenlijst_code.clone(),
            traject_id: a.traject_id.map(|id| id.to_string()),
            oefening_id: a.oefening_id.map(|id| id.to_string()),
            aanleiding: a.aanleiding.to_string(),
            titel: a.titel.clone(),
            team: a.team.clone(),
            coordinatieniveau: a.coordinatieniveau.map(|n| n.to_string()),
            begin_datum: a.begin_datum,
            eind_datum: a.eind_datum,
            status: a.status.to_string(),
            gesloten_op: a.gesloten_op.map(|op| op.naive_utc()),
            aangemaakt_op: a.aangemaakt_op.naive_utc(),
            gewijzigd_op: a.gewijzigd_op.naive_utc(),
            versie: a.versie,
        }
    }
}

impl Rij {
    fn domein(self) -> Result<Afname, StoreError> {
        Ok(Afname {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            vragenlijst_id: id(&self.vragenlijst_id)?,
            vragenlijst_code: self.vragenlijst_code,
            traject_id: maybe_id(self.traject_id)?,
            oefening_id: maybe_id(self.oefening_id)?,
            aanleiding: self.aanleiding.parse()?,
            titel: self.titel,
            team: self.team,
            coordinatieniveau: self.coordinatieniveau.map(|n| n.parse()).transpose()?,
            begin_datum: self.begin_datum,
            eind_datum: self.eind_datum,
            status: self.status.parse()?,
            gesloten_op: self.gesloten_op.map(|op| op.and_utc()),
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Waarop de lijst van afnames te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Organisatie.
    pub organisatie_id: Option<Id>,
    /// Traject.
    pub traject_id: Option<Id>,
    /// Oefening.
    pub oefening_id: Option<Id>,
    /// Code van de vragenlijst.
    pub vragenlijst_code: Option<String>,
    /// Aanleiding.
    pub aanleiding: Option<String>,
    /// Stand.
    pub status: Option<String>,
}

/// Wie er kijkt, voor de lijst: wat zijn organisatie mag zien, en de afnames waarvoor hijzelf nu is uitgenodigd.
#[derive(Clone, Debug)]
pub struct Kijker {
    /// Wat van trajecten en eigen organisatie zichtbaar is.
    pub zicht: Zicht,
    /// Of de afnames van de eigen organisatie zichtbaar zijn.
    pub eigen: Option<Id>,
    /// De persoon, als uitgenodigde waarnemer.
    pub persoon: Option<Id>,
    /// De dag waarop een uitnodiging geldt.
    pub vandaag: Datum,
}

/// Eén afname.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, afname_id: Id) -> Result<Option<Afname>, StoreError> {
    afname::table.find(afname_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Afnames die het filter en de kijker doorlaten, nieuwste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, kijker: &Kijker, page: &Page) -> Result<Bladzijde<Afname>, StoreError> {
    use afname::dsl as a;
    let mut vraag = a::afname.select(Rij::as_select()).into_boxed();
    if kijker.zicht != Zicht::Alles {
        let uitgenodigd = w::table
            .filter(w::persoon_id.eq(kijker.persoon.map(|p| p.to_string()).unwrap_or_default()))
            .filter(w::ingetrokken_op.is_null())
            .select(w::afname_id);
        let als_waarnemer = a::id.eq_any(uitgenodigd).and(a::begin_datum.le(kijker.vandaag)).and(a::eind_datum.ge(kijker.vandaag));
        let eigen = a::organisatie_id.eq(kijker.eigen.map(|o| o.to_string()).unwrap_or_default());
        vraag = match &kijker.zicht {
            Zicht::Relaties { organisatie, rollen, vandaag } => {
                let partner = a::traject_id.assume_not_null().eq_any(betrokken(*organisatie, rollen, *vandaag));
                vraag.filter(eigen.or(als_waarnemer).or(a::traject_id.is_not_null().and(partner)))
            }
            _ => vraag.filter(eigen.or(als_waarnemer)),
        };
    }
    if let Some(organisatie) = filter.organisatie_id {
        vraag = vraag.filter(a::organisatie_id.eq(organisatie.to_string()));
    }
    if let Some(traject) = filter.traject_id {
        vraag = vraag.filter(a::traject_id.eq(traject.to_string()));
    }
    if let Some(oefening) = filter.oefening_id {
        vraag = vraag.filter(a::oefening_id.eq(oefening.to_string()));
    }
    if let Some(code) = &filter.vragenlijst_code {
        vraag = vraag.filter(a::vragenlijst_code.eq(code.clone()));
    }
    if let Some(aanleiding) = &filter.aanleiding {
        vraag = vraag.filter(a::aanleiding.eq(aanleiding.clone()));
    }
    if let Some(status) = &filter.status {
        vraag = vraag.filter(a::status.eq(status.clone()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(a::id.lt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(a::id.desc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |a| a.id.to_string()))
}

/// De gesloten afname van dezelfde lijst, door dezelfde organisatie en op hetzelfde niveau, die hier naar haar eerste dag aan voorafgaat.
///
/// # Errors
/// Een fout van de opslag.
pub fn vorige(conn: &mut Conn, van: &Afname) -> Result<Option<Afname>, StoreError> {
    use afname::dsl as a;
    let mut vraag = a::afname
        .filter(a::organisatie_id.eq(van.organisatie_id.to_string()))
        .filter(a::vragenlijst_code.eq(van.vragenlijst_code.clone()))
        .filter(a::status.eq("gesloten"))
        .filter(a::id.ne(van.id.to_string()))
        .select(Rij::as_select())
        .into_boxed();
    vraag = match van.coordinatieniveau {
        Some(niveau) => vraag.filter(a::coordinatieniveau.eq(niveau.to_string())),
        None => vraag.filter(a::coordinatieniveau.is_null()),
    };
    vraag = match van.gesloten_op {
        // Op dezelfde dag begonnen: dan is wie het eerst sloot de vorige.
        Some(op) => vraag.filter(a::begin_datum.lt(van.begin_datum).or(a::begin_datum.eq(van.begin_datum).and(a::gesloten_op.lt(op.naive_utc())))),
        None => vraag.filter(a::begin_datum.le(van.begin_datum)),
    };
    vraag.order((a::begin_datum.desc(), a::gesloten_op.desc(), a::id.desc())).first(conn).optional()?.map(Rij::domein).transpose()
}

/// De gesloten afname waarmee een organisatie in een kalenderjaar meetelt: die met de laatste eerste dag.
///
/// # Errors
/// Een fout van de opslag.
pub fn telt_in_jaar(conn: &mut Conn, organisatie: Id, code: &str, jaar: i32) -> Result<Option<Afname>, StoreError> {
    use afname::dsl as a;
    let (begin, eind) = (NaiveDate::from_yo_opt(jaar, 1), NaiveDate::from_ymd_opt(jaar, 12, 31));
    let Some((begin, eind)) = begin.zip(eind) else { return Ok(None) };
    a::afname
        .filter(a::organisatie_id.eq(organisatie.to_string()))
        .filter(a::vragenlijst_code.eq(code))
        .filter(a::status.eq("gesloten"))
        .filter(a::begin_datum.between(begin, eind))
        .order((a::begin_datum.desc(), a::gesloten_op.desc(), a::id.desc()))
        .select(Rij::as_select())
        .first(conn)
        .optional()?
        .map(Rij::domein)
        .transpose()
}

/// Alle gesloten afnames, voor de hertelling.
///
/// # Errors
/// Een fout van de opslag.
pub fn gesloten(conn: &mut Conn) -> Result<Vec<Afname>, StoreError> {
    let rijen: Vec<Rij> = afname::table.filter(afname::status.eq("gesloten")).order(afname::id.asc()).select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// De afnames bij een traject, met namens wie er meetellende waarnemers zijn, voor de poort.
///
/// # Errors
/// Een fout van de opslag.
pub fn feiten_van_traject(conn: &mut Conn, traject: Id) -> Result<Vec<Afnamefeit>, StoreError> {
    let rijen: Vec<Rij> = afname::table.filter(afname::traject_id.eq(traject.to_string())).order(afname::id.asc()).select(Rij::as_select()).load(conn)?;
    rijen
        .into_iter()
        .map(|rij| {
            let afname = rij.domein()?;
            let waarnemers = waarnemers::waarnemers(conn, afname.id)?.into_iter().filter(Waarnemer::telt_mee).map(|w| w.hoedanigheid).collect();
            let gesloten = afname.status == AfnameStatus::Gesloten;
            Ok(Afnamefeit { id: afname.id, vragenlijst_code: afname.vragenlijst_code, aanleiding: afname.aanleiding, gesloten, waarnemers })
        })
        .collect()
}

/// Open afnames die uiterlijk op deze dag eindigen, voor herinneringen.
///
/// # Errors
/// Een fout van de opslag.
pub fn open_tot(conn: &mut Conn, dag: Datum) -> Result<Vec<Afname>, StoreError> {
    let vraag = afname::table.filter(afname::status.eq("open")).filter(afname::eind_datum.le(dag)).order(afname::id.asc());
    let rijen: Vec<Rij> = vraag.limit(1_000).select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Voegt een afname toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Afname) -> Result<(), StoreError> {
    diesel::insert_into(afname::table).values(Rij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een afname als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Afname, versie: i64) -> Result<(), StoreError> {
    use afname::dsl as a;
    let doel = a::afname.filter(a::id.eq(nieuw.id.to_string())).filter(a::versie.eq(versie));
    let aantal = wijzig(doel, Rij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|a| a.versie)))
}

/// Legt een overgang vast.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_overgang(tx: &mut Tx<'_>, overgang: &AfnameOvergang) -> Result<(), StoreError> {
    use afnameovergang::dsl as o;
    diesel::insert_into(o::afnameovergang)
        .values((
            o::id.eq(overgang.id.to_string()),
            o::afname_id.eq(overgang.afname_id.to_string()),
            o::soort.eq(overgang.soort.as_str()),
            o::inhoud.eq(serde_json::to_string(overgang)?),
        ))
        .execute(tx.schrijf())?;
    Ok(())
}

/// Overgangen van één soort, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn overgangen(conn: &mut Conn, afname_id: Id, soort: &str, page: &Page) -> Result<Bladzijde<AfnameOvergang>, StoreError> {
    use afnameovergang::dsl as o;
    let mut vraag = o::afnameovergang.filter(o::afname_id.eq(afname_id.to_string())).filter(o::soort.eq(soort.to_owned())).select(o::inhoud).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(o::id.gt(na.clone()));
    }
    let rijen: Vec<String> = vraag.order(o::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.iter().map(|inhoud| serde_json::from_str(inhoud)).collect::<Result<Vec<AfnameOvergang>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |o| o.id.to_string()))
}

/// Onthoudt dat een herinnering verstuurd is; `false` als dat al zo was.
///
/// # Errors
/// Een fout van de opslag.
pub fn eerste_herinnering(tx: &mut Tx<'_>, sleutel: &str) -> Result<bool, StoreError> {
    use afnameherinnering::dsl as h;
    if h::afnameherinnering.find(sleutel).select(h::sleutel).first::<String>(tx.conn()).optional()?.is_some() {
        return Ok(false);
    }
    let nu = tx.now().naive_utc();
    match diesel::insert_into(h::afnameherinnering).values((h::sleutel.eq(sleutel), h::verstuurd_op.eq(nu))).execute(tx.schrijf()).map_err(StoreError::from) {
        Ok(_) => Ok(true),
        Err(StoreError::Conflict { .. }) => Err(crate::error::opnieuw()),
        Err(fout) => Err(fout),
    }
}
