//! Geheimen van een client: alleen de hash wordt bewaard. Een geheim is 256 bits toeval, dus een gewone hash volstaat.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::toepassingen::Geheim;
use domain::{Id, Moment};

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::toepassing_geheim;
use crate::unit::Tx;
use crate::wijziging::wijzig;

type Rij = (String, String, String, NaiveDateTime, NaiveDateTime, Option<NaiveDateTime>);

fn domein((geheim, toepassing, hash, gemaakt, verloopt, gebruikt): Rij) -> Result<(Geheim, String), StoreError> {
    let geheim = Geheim {
        id: id(&geheim)?,
        toepassing_id: id(&toepassing)?,
        aangemaakt_op: gemaakt.and_utc(),
        verloopt_op: verloopt.and_utc(),
        laatst_gebruikt_op: gebruikt.map(|op| op.and_utc()),
    };
    Ok((geheim, hash))
}

/// Alle geheimen van een toepassing met hun hash, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, toepassing_id: Id) -> Result<Vec<(Geheim, String)>, StoreError> {
    use toepassing_geheim::dsl as g;
    let rijen: Vec<Rij> = g::toepassing_geheim.filter(g::toepassing_id.eq(toepassing_id.to_string())).order(g::id.asc()).load(conn)?;
    rijen.into_iter().map(domein).collect()
}

/// Bewaart een geheim.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Geheim, hash: &str) -> Result<(), StoreError> {
    use toepassing_geheim::dsl as g;
    diesel::insert_into(g::toepassing_geheim)
        .values((
            g::id.eq(nieuw.id.to_string()),
            g::toepassing_id.eq(nieuw.toepassing_id.to_string()),
            g::hash.eq(hash),
            g::aangemaakt_op.eq(nieuw.aangemaakt_op.naive_utc()),
            g::verloopt_op.eq(nieuw.verloopt_op.naive_utc()),
        ))
        .execute(tx.schrijf())?;
    Ok(())
}

/// Verwijdert een geheim; `false` als het er niet was.
///
/// # Errors
/// Een fout van de opslag.
pub fn delete(tx: &mut Tx<'_>, toepassing_id: Id, geheim_id: Id) -> Result<bool, StoreError> {
    use toepassing_geheim::dsl as g;
    let doel = g::toepassing_geheim.find(geheim_id.to_string()).filter(g::toepassing_id.eq(toepassing_id.to_string()));
    Ok(diesel::delete(doel).execute(tx.schrijf())? > 0)
}

/// Onthoudt wanneer een geheim het laatst gebruikt is; geen handeling van iemand, dus zonder auditregel.
///
/// # Errors
/// Een fout van de opslag.
pub fn gebruikt(tx: &mut Tx<'_>, geheim_id: Id, op: Moment) -> Result<(), StoreError> {
    use toepassing_geheim::dsl as g;
    wijzig(g::toepassing_geheim.find(geheim_id.to_string()), g::laatst_gebruikt_op.eq(op.naive_utc())).execute(tx.conn())?;
    Ok(())
}
