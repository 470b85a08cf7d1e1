//! Wat er met een registratie of een plan gebeurde: vastleggingen die nooit veranderen.

use diesel::prelude::*;
use domain::Id;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::Conn;
use crate::schema::vastlegging;
use crate::unit::Tx;
use crate::{Bladzijde, Page, StoreError};

/// Soort vastlegging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soort {
    /// Een registratie is ingediend.
    Indiening,
    /// Een registratie is teruggegeven.
    Terugwijzing,
    /// Een registratie is ingetrokken.
    Intrekking,
    /// Regels van een autorisatieplan zijn uitgevoerd.
    Uitvoering,
}

impl Soort {
    /// De naam in de database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Indiening => "indiening",
            Self::Terugwijzing => "terugwijzing",
            Self::Intrekking => "intrekking",
            Self::Uitvoering => "uitvoering",
        }
    }
}

/// Voegt een vastlegging toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert<T: Serialize>(tx: &mut Tx<'_>, soort: Soort, id: Id, onderwerp: Id, inhoud: &T) -> Result<(), StoreError> {
    use vastlegging::dsl as v;
    diesel::insert_into(v::vastlegging)
        .values((
            v::id.eq(id.to_string()),
            v::onderwerp_id.eq(onderwerp.to_string()),
            v::soort.eq(soort.as_str()),
            v::inhoud.eq(serde_json::to_string(inhoud)?),
        ))
        .execute(tx.schrijf())?;
    Ok(())
}

/// Vastleggingen van één soort, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list<T: DeserializeOwned>(conn: &mut Conn, soort: Soort, onderwerp: Id, page: &Page) -> Result<Bladzijde<T>, StoreError> {
    use vastlegging::dsl as v;
    let mut vraag =
        v::vastlegging.filter(v::onderwerp_id.eq(onderwerp.to_string())).filter(v::soort.eq(soort.as_str())).select((v::id, v::inhoud)).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(v::id.gt(na.clone()));
    }
    let rijen: Vec<(String, String)> = vraag.order(v::id.asc()).limit(page.limit + 1).load(conn)?;
    let blad = Bladzijde::uit(rijen, page.limit, |(id, _)| id.clone());
    let items = blad.items.iter().map(|(_, inhoud)| serde_json::from_str(inhoud)).collect::<Result<Vec<T>, _>>()?;
    Ok(Bladzijde { items, volgende: blad.volgende })
}

/// Eén vastlegging van een onderwerp.
///
/// # Errors
/// Een fout van de opslag.
pub fn get<T: DeserializeOwned>(conn: &mut Conn, soort: Soort, onderwerp: Id, id: Id) -> Result<Option<T>, StoreError> {
    use vastlegging::dsl as v;
    let vraag = v::vastlegging.find(id.to_string()).filter(v::onderwerp_id.eq(onderwerp.to_string())).filter(v::soort.eq(soort.as_str()));
    let inhoud: Option<String> = vraag.select(v::inhoud).first(conn).optional()?;
    Ok(inhoud.map(|tekst| serde_json::from_str(&tekst)).transpose()?)
}
