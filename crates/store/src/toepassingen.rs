//! Toepassingen: clients en hun geheimen.

pub mod geheimen;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::toepassingen::Toepassing;
use serde_json::Value;

use crate::connection::Conn;
use crate::organisaties::gewijzigd;
use crate::schema::toepassing;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError, Zicht};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = toepassing, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    naam: String,
    organisatie_id: String,
    scopes: String,
    jwks: String,
    status: String,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
    soort: String,
    profiel: String,
    instellingen: String,
}

/// Velden met een eigen kolom; de andere staan samen in `instellingen`.
const KOLOMMEN: [&str; 11] = ["id", "naam", "organisatieId", "scopes", "jwks", "status", "aangemaaktOp", "gewijzigdOp", "versie", "soort", "profiel"];

impl Rij {
    fn uit(t: &Toepassing) -> Result<Self, StoreError> {
        let mut instellingen = serde_json::to_value(t)?;
        if let Some(velden) = instellingen.as_object_mut() {
            velden.retain(|naam, _| !KOLOMMEN.contains(&naam.as_str()));
        }
        Ok(Self {
            id: t.id.to_string(),
            naam: t.naam.clone(),
            organisatie_id: t.organisatie_id.to_string(),
            scopes: serde_json::to_string(&t.scopes)?,
            jwks: serde_json::to_string(&t.jwks)?,
            status: t.status.to_string(),
            aangemaakt_op: t.aangemaakt_op.naive_utc(),
            gewijzigd_op: t.gewijzigd_op.naive_utc(),
            versie: t.versie,
            soort: t.soort.to_string(),
            profiel: t.profiel.to_string(),
            instellingen: instellingen.to_string(),
        })
    }

    fn domein(self) -> Result<Toepassing, StoreError> {
        let mut velden: serde_json::Map<String, Value> = serde_json::from_str(&self.instellingen)?;
        let tekst = Value::String;
        let kolommen: [Value; 11] = [
            tekst(self.id),
            tekst(self.naam),
            tekst(self.organisatie_id),
            serde_json::from_str(&self.scopes)?,
            serde_json::from_str(&self.jwks)?,
            tekst(self.status),
            serde_json::to_value(self.aangemaakt_op.and_utc())?,
            serde_json::to_value(self.gewijzigd_op.and_utc())?,
            self.versie.into(),
            tekst(self.soort),
            tekst(self.profiel),
        ];
        velden.extend(KOLOMMEN.iter().map(|naam| (*naam).to_owned()).zip(kolommen));
        Ok(serde_json::from_value(Value::Object(velden))?)
    }
}

/// Eén toepassing.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, toepassing_id: Id) -> Result<Option<Toepassing>, StoreError> {
    toepassing::table.find(toepassing_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Toepassingen, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, organisatie_id: Option<Id>, zicht: &Zicht, page: &Page) -> Result<Bladzijde<Toepassing>, StoreError> {
    use toepassing::dsl as t;
    let mut vraag = t::toepassing.select(Rij::as_select()).into_boxed();
    match zicht {
        Zicht::Alles => {}
        Zicht::Niets => return Ok(Bladzijde { items: Vec::new(), volgende: None }),
        Zicht::Organisatie(organisatie) | Zicht::Relaties { organisatie, .. } => vraag = vraag.filter(t::organisatie_id.eq(organisatie.to_string())),
    }
    if let Some(organisatie) = organisatie_id {
        vraag = vraag.filter(t::organisatie_id.eq(organisatie.to_string()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(t::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(t::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |t| t.id.to_string()))
}

/// Voegt een toepassing toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Toepassing) -> Result<(), StoreError> {
    diesel::insert_into(toepassing::table).values(Rij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een toepassing als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Toepassing, versie: i64) -> Result<(), StoreError> {
    use toepassing::dsl as t;
    let doel = t::toepassing.filter(t::id.eq(nieuw.id.to_string())).filter(t::versie.eq(versie));
    let aantal = wijzig(doel, Rij::uit(nieuw)?).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|t| t.versie)))
}
