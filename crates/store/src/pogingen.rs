//! Lopende aanmeldingen in een browser, en de eenmalige codes daarbij. Kortlevende toestand van een protocol: zij staat in
//! de opslag zodat iedere node verder kan waar een andere begon, en krijgt geen auditregels.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use domain::aanmeldingen::EenmaligeCode;
use domain::{Id, Moment};
use serde_json::Value;

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::{id, maybe_id};
use crate::schema::{aanmeldpoging, code_verzending, eenmalige_code};
use crate::unit::Tx;
use crate::wijziging::wijzig;

/// Waar een aanmelding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// De persoon kiest een organisatie.
    Kiezen,
    /// De persoon is bij de eigen organisatie.
    Onderweg,
    /// De persoon voert de eenmalige code in.
    Code,
    /// Klaar; hier komt niets meer van.
    Klaar,
}

impl Stand {
    /// De naam in de opslag.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kiezen => "kiezen",
            Self::Onderweg => "onderweg",
            Self::Code => "code",
            Self::Klaar => "klaar",
        }
    }

    fn lees(tekst: &str) -> Result<Self, StoreError> {
        match tekst {
            "kiezen" => Ok(Self::Kiezen),
            "onderweg" => Ok(Self::Onderweg),
            "code" => Ok(Self::Code),
            "klaar" => Ok(Self::Klaar),
            anders => Err(StoreError::fault(format!("onbekende stand van een aanmeldpoging: {anders}"))),
        }
    }
}

/// Een lopende aanmelding.
#[derive(Clone, Debug, PartialEq)]
pub struct Poging {
    /// Identificatie.
    pub id: Id,
    /// De browser waaraan zij vastzit, als hash van zijn cookie; leeg zolang zij nog van geen browser is.
    pub browser_hash: String,
    /// Waar zij is.
    pub stand: Stand,
    /// Het portaal.
    pub toepassing_id: Option<Id>,
    /// Wat het portaal vroeg.
    pub verzoek: Value,
    /// De gekozen organisatie.
    pub organisatie_id: Option<Id>,
    /// De identiteitsprovider waar de persoon heen is.
    pub identiteitsprovider_id: Option<Id>,
    /// `state` van de heenweg, als hash.
    pub state_hash: Option<String>,
    /// Wat bij terugkomst verwacht wordt.
    pub heenweg: Option<Value>,
    /// Het bewijs van de identiteitsprovider, terwijl de code nog moet worden ingevoerd.
    pub bewijs: Option<Value>,
    /// De persoon aan wie de code is gestuurd.
    pub persoon_id: Option<Id>,
    /// Begin.
    pub begonnen_op: Moment,
    /// Uiterste moment.
    pub verloopt_op: Moment,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = aanmeldpoging, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    browser_hash: String,
    stand: String,
    toepassing_id: Option<String>,
    verzoek: String,
    organisatie_id: Option<String>,
    identiteitsprovider_id: Option<String>,
    state_hash: Option<String>,
    heenweg: Option<String>,
    bewijs: Option<String>,
    persoon_id: Option<String>,
    begonnen_op: NaiveDateTime,
    verloopt_op: NaiveDateTime,
}

fn tekst(id: Option<Id>) -> Option<String> {
    id.map(|id| id.to_string())
}

fn json(tekst: Option<String>) -> Result<Option<Value>, StoreError> {
    Ok(tekst.as_deref().map(serde_json::from_str).transpose()?)
}

impl Rij {
    fn uit(p: &Poging) -> Self {
        Self {
            id: p.id.to_string(),
            browser_hash: p.browser_hash.clone(),
            stand: p.stand.as_str().to_owned(),
            toepassing_id: tekst(p.toepassing_id),
            verzoek: p.verzoek.to_string(),
            organisatie_id: tekst(p.organisatie_id),
            identiteitsprovider_id: tekst(p.identiteitsprovider_id),
            state_hash: p.state_hash.clone(),
            heenweg: p.heenweg.as_ref().map(Value::to_string),
            bewijs: p.bewijs.as_ref().map(Value::to_string),
            persoon_id: tekst(p.persoon_id),
            begonnen_op: p.begonnen_op.naive_utc(),
            verloopt_op: p.verloopt_op.naive_utc(),
        }
    }

    fn domein(self) -> Result<Poging, StoreError> {
        Ok(Poging {
            id: id(&self.id)?,
            browser_hash: self.browser_hash,
            stand: Stand::lees(&self.stand)?,
            toepassing_id: maybe_id(self.toepassing_id)?,
            verzoek: serde_json::from_str(&self.verzoek)?,
            organisatie_id: maybe_id(self.organisatie_id)?,
            identiteitsprovider_id: maybe_id(self.identiteitsprovider_id)?,
            state_hash: self.state_hash,
            heenweg: json(self.heenweg)?,
            bewijs: json(self.bewijs)?,
            persoon_id: maybe_id(self.persoon_id)?,
            begonnen_op: self.begonnen_op.and_utc(),
            verloopt_op: self.verloopt_op.and_utc(),
        })
    }
}

/// De poging met dit id.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, poging_id: Id) -> Result<Option<Poging>, StoreError> {
    aanmeldpoging::table.find(poging_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// De poging die met deze `state` onderweg is.
///
/// # Errors
/// Een fout van de opslag.
pub fn by_state(conn: &mut Conn, state_hash: &str) -> Result<Option<Poging>, StoreError> {
    aanmeldpoging::table.filter(aanmeldpoging::state_hash.eq(state_hash)).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// De laatste poging van deze browser die bij deze identiteitsprovider onderweg is.
///
/// # Errors
/// Een fout van de opslag.
pub fn onderweg(conn: &mut Conn, browser_hash: &str, identiteitsprovider_id: Id, nu: Moment) -> Result<Option<Poging>, StoreError> {
    aanmeldpoging::table
        .filter(aanmeldpoging::browser_hash.eq(browser_hash))
        .filter(aanmeldpoging::stand.eq(Stand::Onderweg.as_str()))
        .filter(aanmeldpoging::identiteitsprovider_id.eq(identiteitsprovider_id.to_string()))
        .filter(aanmeldpoging::verloopt_op.gt(nu.naive_utc()))
        .order(aanmeldpoging::id.desc())
        .select(Rij::as_select())
        .first(conn)
        .optional()?
        .map(Rij::domein)
        .transpose()
}

/// Begint een poging.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, poging: &Poging) -> Result<(), StoreError> {
    diesel::insert_into(aanmeldpoging::table).values(Rij::uit(poging)).execute(tx.conn())?;
    Ok(())
}

/// Zet een poging verder, als zij nog is zoals `oud`; `false` als een ander verzoek haar al verder zette. Zo telt een
/// terugkomst of een code hooguit één keer, op welke node ook.
///
/// # Errors
/// Een fout van de opslag.
pub fn verder(tx: &mut Tx<'_>, oud: &Poging, nieuw: &Poging) -> Result<bool, StoreError> {
    let doel = aanmeldpoging::table
        .filter(aanmeldpoging::id.eq(oud.id.to_string()))
        .filter(aanmeldpoging::stand.eq(oud.stand.as_str()))
        .filter(aanmeldpoging::browser_hash.eq(oud.browser_hash.clone()));
    let aantal = match &oud.state_hash {
        Some(state) => wijzig(doel.filter(aanmeldpoging::state_hash.eq(state.clone())), Rij::uit(nieuw)).execute(tx.conn())?,
        None => wijzig(doel.filter(aanmeldpoging::state_hash.is_null()), Rij::uit(nieuw)).execute(tx.conn())?,
    };
    Ok(aantal == 1)
}

/// De uitstaande code van een persoon.
///
/// # Errors
/// Een fout van de opslag.
pub fn code_get(conn: &mut Conn, persoon_id: Id) -> Result<Option<EenmaligeCode>, StoreError> {
    let rij: Option<(String, String, String, i64, NaiveDateTime)> = eenmalige_code::table.find(persoon_id.to_string()).first(conn).optional()?;
    rij.map(|(persoon, poging, code_hash, pogingen, tot)| {
        Ok(EenmaligeCode { persoon_id: id(&persoon)?, poging_id: id(&poging)?, code_hash, pogingen, verloopt_op: tot.and_utc() })
    })
    .transpose()
}

/// Zet de ene levende code van een persoon; een eerdere vervalt.
///
/// # Errors
/// Een fout van de opslag.
pub fn code_zet(tx: &mut Tx<'_>, code: &EenmaligeCode) -> Result<(), StoreError> {
    use eenmalige_code::dsl as c;
    diesel::delete(c::eenmalige_code.find(code.persoon_id.to_string())).execute(tx.conn())?;
    diesel::insert_into(c::eenmalige_code)
        .values((
            c::persoon_id.eq(code.persoon_id.to_string()),
            c::poging_id.eq(code.poging_id.to_string()),
            c::code_hash.eq(&code.code_hash),
            c::pogingen.eq(code.pogingen),
            c::verloopt_op.eq(code.verloopt_op.naive_utc()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Telt een poging met een code, als die nog zo vaak geprobeerd is als `code` zegt; anders was een ander verzoek eerder.
///
/// # Errors
/// Een fout van de opslag.
pub fn code_tel(tx: &mut Tx<'_>, code: &EenmaligeCode) -> Result<bool, StoreError> {
    use eenmalige_code::dsl as c;
    let doel = c::eenmalige_code
        .filter(c::persoon_id.eq(code.persoon_id.to_string()))
        .filter(c::code_hash.eq(code.code_hash.clone()))
        .filter(c::pogingen.eq(code.pogingen));
    Ok(wijzig(doel, c::pogingen.eq(code.pogingen + 1)).execute(tx.conn())? == 1)
}

/// Verbruikt een code; `false` als een ander verzoek haar al verbruikte.
///
/// # Errors
/// Een fout van de opslag.
pub fn code_verbruik(tx: &mut Tx<'_>, code: &EenmaligeCode) -> Result<bool, StoreError> {
    use eenmalige_code::dsl as c;
    let doel = c::eenmalige_code
        .filter(c::persoon_id.eq(code.persoon_id.to_string()))
        .filter(c::code_hash.eq(code.code_hash.clone()))
        .filter(c::pogingen.eq(code.pogingen));
    Ok(diesel::delete(doel).execute(tx.conn())? == 1)
}

/// Hoeveel codes er in het afgelopen etmaal naar dit adres gingen.
///
/// # Errors
/// Een fout van de opslag.
pub fn codes_verstuurd(conn: &mut Conn, adres_hash: &str, nu: Moment) -> Result<i64, StoreError> {
    use code_verzending::dsl as v;
    let sinds = (nu - TimeDelta::days(1)).naive_utc();
    Ok(v::code_verzending.filter(v::adres_hash.eq(adres_hash)).filter(v::op.gt(sinds)).count().get_result(conn)?)
}

/// Tekent aan dat er een code naar dit adres gaat.
///
/// # Errors
/// Een fout van de opslag.
pub fn code_verstuurd(tx: &mut Tx<'_>, adres_hash: &str) -> Result<(), StoreError> {
    use code_verzending::dsl as v;
    let rij = (v::id.eq(tx.nieuw_id().to_string()), v::adres_hash.eq(adres_hash), v::op.eq(tx.now().naive_utc()));
    diesel::insert_into(v::code_verzending).values(rij).execute(tx.conn())?;
    Ok(())
}
