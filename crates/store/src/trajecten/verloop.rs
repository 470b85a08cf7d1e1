//! Het verloop van een traject: vastleggingen die nooit veranderen.

use diesel::prelude::*;
use domain::Id;
use domain::trajecten::{Afwijking, Stapovergang};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::Conn;
use crate::schema::trajectverloop;
use crate::unit::Tx;
use crate::{Bladzijde, Page, StoreError};

/// Soort vastlegging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerloopSoort {
    /// [`domain::trajecten::Stapovergang`].
    Stapovergang,
    /// [`domain::trajecten::Afwijking`].
    Afwijking,
    /// [`domain::trajecten::Pauzering`].
    Pauzering,
    /// [`domain::trajecten::Hervatting`].
    Hervatting,
    /// [`domain::trajecten::Beeindiging`].
    Beeindiging,
    /// [`domain::trajecten::Heropening`].
    Heropening,
}

impl VerloopSoort {
    /// De naam in de database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stapovergang => "stapovergang",
            Self::Afwijking => "afwijking",
            Self::Pauzering => "pauzering",
            Self::Hervatting => "hervatting",
            Self::Beeindiging => "beeindiging",
            Self::Heropening => "heropening",
        }
    }
}

/// Voegt een vastlegging toe; `voorwaarde` alleen bij een afwijking.
///
/// # Errors
/// [`StoreError::Conflict`] als er voor de voorwaarde al een afwijking is.
pub fn insert_verloop<T: Serialize>(
    tx: &mut Tx<'_>,
    soort: VerloopSoort,
    id: Id,
    traject_id: Id,
    voorwaarde: Option<&str>,
    inhoud: &T,
) -> Result<(), StoreError> {
    use trajectverloop::dsl as v;
    diesel::insert_into(v::trajectverloop)
        .values((
            v::id.eq(id.to_string()),
            v::traject_id.eq(traject_id.to_string()),
            v::soort.eq(soort.as_str()),
            v::voorwaarde.eq(voorwaarde),
            v::inhoud.eq(serde_json::to_string(inhoud)?),
        ))
        .execute(tx.schrijf())?;
    Ok(())
}

/// Vastleggingen van één soort, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn verloop<T: DeserializeOwned>(conn: &mut Conn, soort: VerloopSoort, traject_id: Id, page: &Page) -> Result<Bladzijde<T>, StoreError> {
    use trajectverloop::dsl as v;
    let mut vraag =
        v::trajectverloop.filter(v::traject_id.eq(traject_id.to_string())).filter(v::soort.eq(soort.as_str())).select((v::id, v::inhoud)).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(v::id.gt(na.clone()));
    }
    let rijen: Vec<(String, String)> = vraag.order(v::id.asc()).limit(page.limit + 1).load(conn)?;
    let blad = Bladzijde::uit(rijen, page.limit, |(id, _)| id.clone());
    let items = blad.items.iter().map(|(_, inhoud)| serde_json::from_str(inhoud)).collect::<Result<Vec<T>, _>>()?;
    Ok(Bladzijde { items, volgende: blad.volgende })
}

/// Alle afwijkingen van een traject; ten hoogste één per voorwaarde.
///
/// # Errors
/// Een fout van de opslag.
pub fn afwijkingen(conn: &mut Conn, traject_id: Id) -> Result<Vec<Afwijking>, StoreError> {
    Ok(verloop(conn, VerloopSoort::Afwijking, traject_id, &Page { limit: 1_000, after: None })?.items)
}

/// De laatste stapovergang van een traject.
///
/// # Errors
/// Een fout van de opslag.
pub fn laatste_stapovergang(conn: &mut Conn, traject_id: Id) -> Result<Option<Stapovergang>, StoreError> {
    use trajectverloop::dsl as v;
    let van_traject = v::trajectverloop.filter(v::traject_id.eq(traject_id.to_string())).filter(v::soort.eq(VerloopSoort::Stapovergang.as_str()));
    let inhoud: Option<String> = van_traject.order(v::id.desc()).select(v::inhoud).first(conn).optional()?;
    Ok(inhoud.map(|inhoud| serde_json::from_str(&inhoud)).transpose()?)
}
