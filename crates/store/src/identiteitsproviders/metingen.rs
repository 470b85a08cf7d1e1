//! Tests en gezondheid van een registratie.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::identiteitsproviders::{IdpGezondheid, Verbindingstest};

use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::{identiteitsprovider_gezondheid, identiteitsprovider_test};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = identiteitsprovider_test, treat_none_as_default_value = false)]
struct Test {
    id: String,
    identiteitsprovider_id: String,
    versienummer: i32,
    soort: String,
    geslaagd: bool,
    controles: String,
    getest_op: NaiveDateTime,
}

impl Test {
    fn domein(self) -> Result<Verbindingstest, StoreError> {
        Ok(Verbindingstest {
            id: id(&self.id)?,
            identiteitsprovider_id: id(&self.identiteitsprovider_id)?,
            versienummer: self.versienummer,
            soort: self.soort.parse()?,
            geslaagd: self.geslaagd,
            controles: serde_json::from_str(&self.controles)?,
            getest_op: self.getest_op.and_utc(),
        })
    }
}

/// Bewaart een test.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_test(tx: &mut Tx<'_>, test: &Verbindingstest) -> Result<(), StoreError> {
    let rij = Test {
        id: test.id.to_string(),
        identiteitsprovider_id: test.identiteitsprovider_id.to_string(),
        versienummer: test.versienummer,
        soort: test.soort.to_string(),
        geslaagd: test.geslaagd,
        controles: serde_json::to_string(&test.controles)?,
        getest_op: test.getest_op.naive_utc(),
    };
    diesel::insert_into(identiteitsprovider_test::table).values(rij).execute(tx.schrijf())?;
    Ok(())
}

/// Tests van een registratie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn tests(conn: &mut Conn, idp_id: Id, page: &Page) -> Result<Bladzijde<Verbindingstest>, StoreError> {
    use identiteitsprovider_test::dsl as t;
    let mut vraag = t::identiteitsprovider_test.filter(t::identiteitsprovider_id.eq(idp_id.to_string())).select(Test::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(t::id.gt(na.clone()));
    }
    let rijen: Vec<Test> = vraag.order(t::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Test::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |test| test.id.to_string()))
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = identiteitsprovider_gezondheid, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Meting {
    identiteitsprovider_id: String,
    stand: String,
    gemeten_op: NaiveDateTime,
    laatst_goed_op: Option<NaiveDateTime>,
    diagnose: Option<String>,
    waarschuwingen: String,
}

/// De laatste meting van een registratie.
///
/// # Errors
/// Een fout van de opslag.
pub fn gezondheid(conn: &mut Conn, idp_id: Id) -> Result<Option<IdpGezondheid>, StoreError> {
    let rij: Option<Meting> = identiteitsprovider_gezondheid::table.find(idp_id.to_string()).select(Meting::as_select()).first(conn).optional()?;
    rij.map(|m| {
        Ok(IdpGezondheid {
            identiteitsprovider_id: id(&m.identiteitsprovider_id)?,
            stand: m.stand.parse()?,
            gemeten_op: Some(m.gemeten_op.and_utc()),
            laatst_goed_op: m.laatst_goed_op.map(|op| op.and_utc()),
            diagnose: m.diagnose.map(|tekst| serde_json::from_str(&tekst)).transpose()?,
            waarschuwingen: serde_json::from_str(&m.waarschuwingen)?,
        })
    })
    .transpose()
}

/// Bewaart een meting. Dit is bijhouden; wie de stand ziet veranderen, legt dat zelf vast.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_gezondheid(tx: &mut Tx<'_>, meting: &IdpGezondheid) -> Result<(), StoreError> {
    use identiteitsprovider_gezondheid::dsl as m;
    let rij = Meting {
        identiteitsprovider_id: meting.identiteitsprovider_id.to_string(),
        stand: meting.stand.to_string(),
        gemeten_op: meting.gemeten_op.unwrap_or(tx.now()).naive_utc(),
        laatst_goed_op: meting.laatst_goed_op.map(|op| op.naive_utc()),
        diagnose: meting.diagnose.as_ref().map(serde_json::to_string).transpose()?,
        waarschuwingen: serde_json::to_string(&meting.waarschuwingen)?,
    };
    let doel = m::identiteitsprovider_gezondheid.filter(m::identiteitsprovider_id.eq(&rij.identiteitsprovider_id));
    if wijzig(doel, &rij).execute(tx.conn())? == 0 {
        diesel::insert_into(identiteitsprovider_gezondheid::table).values(&rij).execute(tx.conn())?;
    }
    Ok(())
}
