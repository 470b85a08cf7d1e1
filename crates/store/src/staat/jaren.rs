//! Vastgestelde jaren in het geheugen: zij veranderen nooit meer, dus een keer lezen en beoordelen is genoeg.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Id;
use domain::staat::Jaarbeeld;

use super::cellen;
use crate::StoreError;
use crate::connection::Conn;

type Bekend = HashMap<(Id, i32), Arc<Jaarbeeld>>;

/// Wat dit proces van vastgestelde jaren weet: een beeld per uitgave en jaar, dus ten hoogste honderden.
#[derive(Debug, Default)]
pub struct Jaren(Mutex<Bekend>);

impl Jaren {
    fn bekend(&self) -> MutexGuard<'_, Bekend> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Vergeet alles.
    pub fn vergeet(&self) {
        self.bekend().clear();
    }

    /// De beelden van een uitgave in deze jaren; een jaar tot en met `vast` wordt onthouden.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub fn lees(&self, conn: &mut Conn, vragenlijst: Id, jaren: RangeInclusive<i32>, vast: i32) -> Result<BTreeMap<i32, Arc<Jaarbeeld>>, StoreError> {
        let mut beelden: BTreeMap<i32, Arc<Jaarbeeld>> = {
            let bekend = self.bekend();
            jaren.clone().filter_map(|jaar| Some((jaar, Arc::clone(bekend.get(&(vragenlijst, jaar))?)))).collect()
        };
        let nieuw: Vec<i32> = jaren.filter(|jaar| !beelden.contains_key(jaar)).collect();
        let (Some(eerste), Some(laatste)) = (nieuw.first(), nieuw.last()) else { return Ok(beelden) };
        let mut gelezen = cellen(conn, vragenlijst, *laatste, *eerste)?;
        for jaar in nieuw {
            let beeld = Arc::new(Jaarbeeld::van(gelezen.remove(&jaar).unwrap_or_default()));
            if jaar <= vast {
                self.bekend().insert((vragenlijst, jaar), Arc::clone(&beeld));
            }
            beelden.insert(jaar, beeld);
        }
        Ok(beelden)
    }
}
