//! Wat er mis kan gaan in de opslag. De oorzaak is voor het logboek, nooit voor de aanroeper.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Een fout van de opslag.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// De database is niet bereikbaar; later opnieuw proberen heeft zin.
    #[error("de database is niet bereikbaar: {0}")]
    Unavailable(String),
    /// De database antwoordde niet op het vastleggen: misschien ligt de wijziging vast, misschien niet.
    #[error("onbekend of de wijziging vastligt: {0}")]
    Onzeker(String),
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
            Self::Onzeker(oorzaak) => Self::Onzeker(oorzaak.clone()),
            Self::DiskFull => Self::DiskFull,
            Self::Retry => Self::Retry,
            anders => Self::fault(anders),
        }
    }

    /// Een fout waarvan alleen de tekst bekend is.
    pub(crate) fn uit_tekst(tekst: impl std::fmt::Display) -> Self {
        let tekst = tekst.to_string();
        let staat = |tekens: &[&str]| tekens.iter().any(|teken| tekst.contains(teken));
        match () {
            () if staat(&OPNIEUW_BIJ) => opnieuw(),
            () if staat(&VOL) => Self::DiskFull,
            () if staat(&WEG) => Self::Unavailable(tekst),
            () => Self::Fault(tekst),
        }
    }

    /// Of de verbinding na deze fout weg moet.
    pub(crate) const fn breekt_verbinding(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Onzeker(_) | Self::Fault(_))
    }
}

const VOL: [&str; 2] = ["disk is full", "No space left"];

/// De database is weg, of doet dit nu niet: een beheerder brak het af, of het duurde te lang.
const WEG: [&str; 12] = [
    "database is locked",
    "canceling statement due to user request",
    "canceling statement due to statement timeout",
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
            _ => Self::uit_tekst(tekst),
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

#[cfg(test)]
mod tests {
    use super::StoreError;

    #[test]
    fn wie_samen_wachtte_hoort_of_opnieuw_zin_heeft_en_of_het_misschien_vastligt() {
        assert!(matches!(StoreError::Retry.gedeeld(), StoreError::Retry));
        assert!(matches!(StoreError::Onzeker("weg".to_owned()).gedeeld(), StoreError::Onzeker(zin) if zin == "weg"));
        assert!(matches!(StoreError::Unavailable("weg".to_owned()).gedeeld(), StoreError::Unavailable(zin) if zin == "weg"));
    }
}
