//! Wat er mis kan gaan in de opslag. De oorzaak is voor het logboek, nooit voor de aanroeper.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Een fout van de opslag.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// De database is niet bereikbaar; later opnieuw proberen heeft zin.
    #[error("de database is niet bereikbaar: {0}")]
    Unavailable(String),
    /// De schijf (of de ingestelde ruimte) is vol.
    #[error("de schijf van de database is vol; maak ruimte en probeer opnieuw")]
    DiskFull,
    /// Een ander proces gebruikt deze SQLite-database.
    #[error("{0} is al in gebruik door een ander proces; stop dat proces of kies een andere map")]
    Locked(String),
    /// De database is door een nieuwere versie gemaakt.
    #[error("de database heeft migratie {0}, die deze versie niet kent; start de nieuwere versie of zet een oudere back-up terug")]
    NewerSchema(String),
    /// De database moet nog gemigreerd worden.
    #[error("de database mist migraties; voer eerst 'aansluitloket migrate' uit")]
    PendingMigrations,
    /// Een unieke waarde bestaat al.
    #[error("unieke waarde bestaat al: {constraint}")]
    Conflict {
        /// Naam van de regel in de database, of de kolommen (SQLite).
        constraint: String,
    },
    /// De versie van de aanroeper loopt achter.
    #[error("de versie loopt achter; nu is het {current}")]
    Stale {
        /// De huidige versie.
        current: i64,
    },
    /// De database wil de transactie opnieuw.
    #[error("transactie opnieuw proberen")]
    Retry,
    /// Een fout in gegevens of programma.
    #[error("fout in de opslag: {0}")]
    Fault(String),
}

impl StoreError {
    /// Een fout in gegevens of programma.
    pub fn fault(oorzaak: impl std::fmt::Display) -> Self {
        Self::Fault(oorzaak.to_string())
    }

    /// Dezelfde fout, voor wie samen iets vastlegden.
    pub(crate) fn gedeeld(&self) -> Self {
        match self {
            Self::Unavailable(oorzaak) => Self::Unavailable(oorzaak.clone()),
            Self::DiskFull => Self::DiskFull,
            anders => Self::fault(anders),
        }
    }

    /// Of de verbinding na deze fout weg moet.
    pub(crate) const fn breekt_verbinding(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Fault(_))
    }
}

const WEG: [&str; 9] = [
    "server closed the connection",
    "terminating connection",
    "no connection to the server",
    "could not connect",
    "connection refused",
    "connection to server",
    "the database system is",
    "could not receive data",
    "SSL connection has been closed",
];

/// De transactie is teruggedraaid omdat een ander in de weg stond; opnieuw heeft zin.
const OPNIEUW_BIJ: [&str; 2] = ["deadlock detected", "due to lock timeout"];

thread_local! {
    /// Of de database op deze draad om een nieuwe poging vroeg. De fout zelf kan onderweg in het fouttype van de
    /// aanroeper zijn opgegaan; de transactie moet het toch weten.
    static OPNIEUW: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Leest en wist of de database om een nieuwe poging vroeg.
pub(crate) fn vroeg_om_nieuwe_poging() -> bool {
    OPNIEUW.take()
}

/// Vraagt om een nieuwe poging van de hele transactie.
pub(crate) fn opnieuw() -> StoreError {
    OPNIEUW.set(true);
    StoreError::Retry
}

impl From<DieselError> for StoreError {
    fn from(fout: DieselError) -> Self {
        let DieselError::DatabaseError(soort, info) = &fout else { return Self::Fault(fout.to_string()) };
        let tekst = info.message();
        match soort {
            DatabaseErrorKind::UniqueViolation => Self::Conflict { constraint: info.constraint_name().unwrap_or(tekst).to_owned() },
            DatabaseErrorKind::SerializationFailure => opnieuw(),
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => Self::Unavailable(tekst.to_owned()),
            _ if OPNIEUW_BIJ.iter().any(|teken| tekst.contains(teken)) => opnieuw(),
            _ if tekst.contains("disk is full") || tekst.contains("No space left") => Self::DiskFull,
            _ if tekst.contains("database is locked") => Self::Unavailable(tekst.to_owned()),
            _ if WEG.iter().any(|weg| tekst.contains(weg)) => Self::Unavailable(tekst.to_owned()),
            _ => Self::Fault(tekst.to_owned()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(fout: serde_json::Error) -> Self {
        Self::Fault(format!("JSON in de opslag: {fout}"))
    }
}

impl From<domain::weigering::OnbekendeWaarde> for StoreError {
    fn from(fout: domain::weigering::OnbekendeWaarde) -> Self {
        Self::Fault(fout.to_string())
    }
}
