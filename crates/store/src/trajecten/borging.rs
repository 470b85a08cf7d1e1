//! Borgingsmomenten van een traject: toevoegen en intrekken, verder verandert er niets aan.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::Id;
use domain::trajecten::{Borging, Borgingsmoment};

use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::borgingsmoment;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = borgingsmoment, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    traject_id: String,
    punt: String,
    gedaan_datum: NaiveDate,
    ontvanger: Option<String>,
    toelichting: Option<String>,
    op: NaiveDateTime,
    door: String,
    ingetrokken_op: Option<NaiveDateTime>,
    intrekkingsreden: Option<String>,
}

impl Rij {
    fn uit(m: &Borgingsmoment) -> Result<Self, StoreError> {
        Ok(Self {
            id: m.id.to_string(),
            traject_id: m.traject_id.to_string(),
            punt: m.punt.to_string(),
            gedaan_datum: m.gedaan_datum,
            ontvanger: m.ontvanger.clone(),
            toelichting: m.toelichting.clone(),
            op: m.op.naive_utc(),
            door: serde_json::to_string(&m.door)?,
            ingetrokken_op: m.ingetrokken_op.map(|op| op.naive_utc()),
            intrekkingsreden: m.intrekkingsreden.clone(),
        })
    }

    fn domein(self) -> Result<Borgingsmoment, StoreError> {
        Ok(Borgingsmoment {
            id: id(&self.id)?,
            traject_id: id(&self.traject_id)?,
            punt: self.punt.parse()?,
            gedaan_datum: self.gedaan_datum,
            ontvanger: self.ontvanger,
            toelichting: self.toelichting,
            op: self.op.and_utc(),
            door: serde_json::from_str(&self.door)?,
            ingetrokken_op: self.ingetrokken_op.map(|op| op.and_utc()),
            intrekkingsreden: self.intrekkingsreden,
        })
    }
}

/// Eén borgingsmoment.
///
/// # Errors
/// Een fout van de opslag.
pub fn borgingsmoment(conn: &mut Conn, moment_id: Id) -> Result<Option<Borgingsmoment>, StoreError> {
    borgingsmoment::table.find(moment_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Alle borgingsmomenten van een traject, ook ingetrokken, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn borgingsmomenten(conn: &mut Conn, traject_id: Id, page: &Page) -> Result<Bladzijde<Borgingsmoment>, StoreError> {
    use borgingsmoment::dsl as b;
    let mut vraag = b::borgingsmoment.filter(b::traject_id.eq(traject_id.to_string())).select(Rij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(b::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(b::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |m| m.id.to_string()))
}

/// Per punt het moment met de laatste dag dat niet is ingetrokken: één rij op sleutel per punt, hoe lang een traject ook al live is.
///
/// # Errors
/// Een fout van de opslag.
pub fn laatste_borgingsmomenten(conn: &mut Conn, traject_id: Id) -> Result<Vec<Borgingsmoment>, StoreError> {
    use borgingsmoment::dsl as b;
    let mut laatste = Vec::new();
    for punt in Borging::ALLE {
        let van_punt = b::borgingsmoment.filter(b::traject_id.eq(traject_id.to_string())).filter(b::punt.eq(punt.as_str())).filter(b::ingetrokken_op.is_null());
        let rij: Option<Rij> = van_punt.order((b::gedaan_datum.desc(), b::id.desc())).select(Rij::as_select()).first(conn).optional()?;
        laatste.extend(rij.map(Rij::domein).transpose()?);
    }
    Ok(laatste)
}

/// Voegt een borgingsmoment toe; de versie bewaakt het traject.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_borgingsmoment(tx: &mut Tx<'_>, nieuw: &Borgingsmoment) -> Result<(), StoreError> {
    diesel::insert_into(borgingsmoment::table).values(Rij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Legt vast dat een borgingsmoment is ingetrokken; de rest van de rij blijft zoals zij was.
///
/// # Errors
/// Een fout van de opslag.
pub fn trek_borgingsmoment_in(tx: &mut Tx<'_>, ingetrokken: &Borgingsmoment) -> Result<(), StoreError> {
    use borgingsmoment::dsl as b;
    wijzig(
        b::borgingsmoment.find(ingetrokken.id.to_string()),
        (b::ingetrokken_op.eq(ingetrokken.ingetrokken_op.map(|op| op.naive_utc())), b::intrekkingsreden.eq(&ingetrokken.intrekkingsreden)),
    )
    .execute(tx.schrijf())?;
    Ok(())
}
