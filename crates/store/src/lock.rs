//! Eén proces per SQLite-map.

use std::fs::{File, OpenOptions};
use std::path::Path;

use crate::StoreError;

/// Houdt de map bezet zolang dit leeft; het besturingssysteem geeft vrij als het proces sterft.
#[derive(Debug)]
pub(crate) struct Slot {
    _bestand: File,
}

impl Slot {
    pub(crate) fn neem(map: &Path) -> Result<Self, StoreError> {
        let pad = map.join("aansluitloket.lock");
        let bestand =
            OpenOptions::new().create(true).truncate(false).write(true).open(&pad).map_err(|e| StoreError::Unavailable(format!("{}: {e}", pad.display())))?;
        match bestand.try_lock() {
            Ok(()) => Ok(Self { _bestand: bestand }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Locked(map.display().to_string())),
            Err(std::fs::TryLockError::Error(e)) => Err(StoreError::Unavailable(format!("{}: {e}", pad.display()))),
        }
    }
}
