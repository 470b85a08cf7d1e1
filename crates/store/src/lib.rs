//! Opslag: SQLite en PostgreSQL achter één verbindingstype.
//!
//! Lezen gaat met [`Store::read`] (of [`Store::read_point`] voor één rij op sleutel), schrijven met [`Store::write`]:
//! één transactie waarin de wijziging en haar auditregel samen staan. De auditregel is ook de gebeurtenis van de
//! wijzigingenstroom, zodat die twee nooit uiteenlopen.

pub mod aanmeldingen;
pub mod afnames;
mod audit;
pub mod autorisatieplannen;
pub mod autorisaties;
mod backup;
mod connection;
mod draden;
mod error;
pub mod gebruikers;
mod groep;
pub mod idempotentie;
pub mod identiteitsproviders;
pub mod inrichting;
pub mod kiezer;
mod leesrij;
mod lock;
mod migrate;
mod open;
pub mod organisaties;
pub mod personen;
pub mod pogingen;
pub mod post;
pub mod referentie;
pub mod registraties;
mod schema;
pub mod sessies;
pub mod sleutels;
pub mod staat;
#[cfg(feature = "testing")]
pub mod testing;
pub mod toepassingen;
pub mod trajecten;
mod unit;
pub mod vastleggingen;
pub mod vragenlijsten;
mod wijziging;

pub use audit::{AuditFilter, AuditOordeel, Feedregel, audit_list, feed_list};
pub use backup::{backup_sqlite, restore_sqlite};
pub use connection::Conn;
pub use error::StoreError;
pub use idempotentie::EersteAntwoord;
pub use open::{Dialect, Store, StoreConfig};
pub use unit::{Actor, Change, Tx};

/// Het punt na de laatste rij van een bladzijde; alleen te maken uit een eerdere bladzijde.
pub type Keyset = String;

/// Welke bladzijde van een lijst.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Hoeveel rijen ten hoogste.
    pub limit: i64,
    /// Na welke rij; `None` voor de eerste bladzijde.
    pub after: Option<Keyset>,
}

/// Een bladzijde van een lijst.
#[derive(Clone, Debug)]
pub struct Bladzijde<T> {
    /// De rijen.
    pub items: Vec<T>,
    /// Waar de volgende bladzijde begint; `None` op de laatste.
    pub volgende: Option<Keyset>,
}

impl<T> Bladzijde<T> {
    /// Maakt een bladzijde uit ten hoogste `limit + 1` rijen.
    pub(crate) fn uit(mut items: Vec<T>, limit: i64, sleutel: impl Fn(&T) -> Keyset) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let meer = items.len() > limit;
        items.truncate(limit);
        let volgende = if meer { items.last().map(sleutel) } else { None };
        Self { items, volgende }
    }
}

/// Wat een aanroeper van een lijst mag zien; de API leidt dit af uit hetzelfde beleid als voor één rij.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zicht {
    /// Alles.
    Alles,
    /// Niets.
    Niets,
    /// Alleen wat van deze organisatie is.
    Organisatie(domain::Id),
    /// Alleen trajecten waar deze organisatie vandaag in een van deze rollen bij betrokken is.
    Relaties {
        /// De organisatie van de aanroeper.
        organisatie: domain::Id,
        /// De rollen die het beleid laat lezen.
        rollen: Vec<domain::trajecten::PartijRol>,
        /// De dag waarop betrokkenheid geldt.
        vandaag: domain::Datum,
    },
}
