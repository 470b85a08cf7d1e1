//! Ondertekensleutels van de uitgever; het geheime deel is al versleuteld als het hier komt.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Moment;
use domain::toepassingen::Algoritme;

use crate::StoreError;
use crate::connection::Conn;
use crate::schema::ondertekensleutel;
use crate::unit::Tx;

/// Een bewaarde ondertekensleutel.
#[derive(Clone, PartialEq, Eq)]
pub struct BewaardeSleutel {
    /// Kenmerk van de sleutel.
    pub kid: String,
    /// Publieke JWK als JSON.
    pub publiek: String,
    /// Versleuteld geheim deel.
    pub geheim: Vec<u8>,
    /// Moment van maken en publiceren.
    pub aangemaakt_op: Moment,
    /// Vanaf wanneer de sleutel tekent.
    pub actief_vanaf: Moment,
    /// Tot wanneer de sleutel tekent.
    pub actief_tot: Moment,
    /// Tot wanneer de sleutel gepubliceerd blijft.
    pub publiceren_tot: Moment,
    /// Het ene algoritme waarvoor de sleutel is.
    pub alg: Algoritme,
    /// Waarvoor de sleutel tekent; `tokens` voor tokens.
    pub doel: String,
}

/// Het doel van een sleutel die tokens tekent.
pub const TOKENS: &str = "tokens";

impl std::fmt::Debug for BewaardeSleutel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BewaardeSleutel({})", self.kid)
    }
}

type Rij = (String, String, Vec<u8>, NaiveDateTime, NaiveDateTime, NaiveDateTime, NaiveDateTime, String, String);

/// Alle sleutels met dit doel die op dit moment nog gepubliceerd zijn, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list_voor(conn: &mut Conn, doel: &str, now: Moment) -> Result<Vec<BewaardeSleutel>, StoreError> {
    use ondertekensleutel::dsl as o;
    let rijen: Vec<Rij> =
        o::ondertekensleutel.filter(o::doel.eq(doel)).filter(o::publiceren_tot.gt(now.naive_utc())).order(o::aangemaakt_op.asc()).load(conn)?;
    rijen.into_iter().map(sleutel).collect()
}

/// Alle sleutels voor tokens die op dit moment nog gepubliceerd zijn, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, now: Moment) -> Result<Vec<BewaardeSleutel>, StoreError> {
    list_voor(conn, TOKENS, now)
}

fn sleutel((kid, publiek, geheim, gemaakt, van, tot, publiek_tot, alg, doel): Rij) -> Result<BewaardeSleutel, StoreError> {
    Ok(BewaardeSleutel {
        kid,
        publiek,
        geheim,
        aangemaakt_op: gemaakt.and_utc(),
        actief_vanaf: van.and_utc(),
        actief_tot: tot.and_utc(),
        publiceren_tot: publiek_tot.and_utc(),
        alg: alg.parse()?,
        doel,
    })
}

/// Bewaart een nieuwe sleutel.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, sleutel: &BewaardeSleutel) -> Result<(), StoreError> {
    use ondertekensleutel::dsl as o;
    diesel::insert_into(o::ondertekensleutel)
        .values((
            o::kid.eq(&sleutel.kid),
            o::publiek.eq(&sleutel.publiek),
            o::geheim.eq(&sleutel.geheim),
            o::aangemaakt_op.eq(sleutel.aangemaakt_op.naive_utc()),
            o::actief_vanaf.eq(sleutel.actief_vanaf.naive_utc()),
            o::actief_tot.eq(sleutel.actief_tot.naive_utc()),
            o::publiceren_tot.eq(sleutel.publiceren_tot.naive_utc()),
            o::alg.eq(sleutel.alg.as_str()),
            o::doel.eq(&sleutel.doel),
        ))
        .execute(tx.schrijf())?;
    Ok(())
}

/// Neemt het slot waaronder één node tegelijk sleutels draait; duurt tot het einde van de transactie.
///
/// # Errors
/// Een fout van de opslag.
pub fn lock(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    if tx.conn().is_pg() { tx.conn().opdracht("SELECT pg_advisory_xact_lock(4202603)") } else { Ok(()) }
}
