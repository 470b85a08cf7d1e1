//! Waarom het programma stopt: één zin voor de beheerder en een uitgangscode.

use std::fmt;

/// Een reden om niet te starten of niet door te gaan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    sentence: String,
    code: u8,
}

impl Stop {
    /// De configuratie of de aanroep klopt niet (uitgangscode 2).
    #[must_use]
    pub fn config(sentence: String) -> Self {
        Self { sentence, code: 2 }
    }

    /// De omgeving werkt niet mee: opslag, netwerk, bestanden (uitgangscode 1).
    #[must_use]
    pub fn fault(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 1 }
    }

    /// De uitgangscode.
    #[must_use]
    pub const fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Stop {}
