//! Samen lezen: wie op zijn beurt wacht, leest mee met wie aan de beurt is.
//!
//! Bij PostgreSQL kost iedere lezing een rondgang, een overstap naar een andere draad en een opdracht die op de kernen wacht,
//! hoe weinig er ook te lezen is. Wat veel verzoeken tegelijk vragen, gaat daarom samen in één opdracht. Zij begint pas nadat
//! de laatste vrager erbij kwam: niemand krijgt iets van vóór zijn vraag.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Id;
use tokio::sync::oneshot;

use crate::draden::ACHTEREEN;
use crate::open::{Binnen, Store};
use crate::trajecten::{self, Trajectversies};
use crate::{Conn, StoreError};

/// Zoveel gaat er hoogstens samen; de rest volgt in de volgende opdracht.
const SAMEN: usize = 256;
/// Zoveel opdrachten lopen er hoogstens tegelijk: terwijl de ene op de database wacht, verdeelt de andere haar antwoorden.
const BANEN: usize = 2;

type Antwoord = oneshot::Sender<Result<Trajectversies, StoreError>>;

/// Wie er wacht, en hoeveel opdrachten er lopen.
#[derive(Default)]
pub(crate) struct Leesrij(Mutex<Stand>);

#[derive(Default)]
struct Stand {
    wachtend: Vec<(Id, Antwoord)>,
    lopend: usize,
}

impl Leesrij {
    fn met<T>(&self, doe: impl FnOnce(&mut Stand) -> T) -> T {
        doe(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Zet een vraag in de rij; geeft of er een opdracht bij moet.
    fn erbij(&self, id: Id, antwoord: Antwoord) -> bool {
        self.met(|stand| {
            stand.wachtend.push((id, antwoord));
            let nieuw = stand.lopend < BANEN;
            stand.lopend += usize::from(nieuw);
            nieuw
        })
    }
}

/// Wie leest voor de rij; geeft haar plaats ook terug als het lezen in paniek raakt.
struct Baan {
    binnen: Arc<Binnen>,
    vrij: bool,
}

impl Drop for Baan {
    fn drop(&mut self) {
        if !self.vrij {
            self.binnen.leesrij.met(|stand| {
                stand.lopend -= 1;
                if stand.lopend == 0 {
                    // Niemand leest meer: wie nog wacht, hoort dat nu.
                    stand.wachtend.clear();
                }
            });
        }
    }
}

impl Baan {
    /// Wie er nu wacht. Wacht er niemand, dan is deze baan vrij: in dezelfde greep, zodat niemand tussen wal en schip valt.
    fn volgende(&mut self) -> Vec<(Id, Antwoord)> {
        let vrij = &mut self.vrij;
        self.binnen.leesrij.met(|stand| {
            if stand.wachtend.is_empty() {
                stand.lopend -= 1;
                *vrij = true;
            }
            let aantal = stand.wachtend.len().min(SAMEN);
            stand.wachtend.drain(..aantal).collect()
        })
    }

    fn lees(mut self) {
        for _ in 0..ACHTEREEN {
            let samen = self.volgende();
            if samen.is_empty() {
                return;
            }
            let gelezen = self.binnen.lees(|conn| lees(conn, &samen));
            for (id, antwoord) in samen {
                let versies = match &gelezen {
                    Ok(gelezen) => Ok(gelezen.get(&id).cloned().unwrap_or_default()),
                    Err(fout) => Err(fout.gedeeld()),
                };
                // Wie niet meer wacht, is weg.
                let _weg = antwoord.send(versies);
            }
        }
        let binnen = Arc::clone(&self.binnen);
        binnen.draden.begin(move || self.lees());
    }
}

impl Store {
    /// De versies van het traject en van elke organisatie die erbij hoort; leeg als het traject er niet is.
    ///
    /// Zolang zij gelijk blijven geeft [`trajecten::get`] hetzelfde: een partij wijzigt nooit zonder het traject, en een naam
    /// niet zonder zijn organisatie. Wie hier tegelijk om vraagt, leest in één opdracht.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn trajectversies(&self, id: Id) -> Result<Trajectversies, StoreError> {
        let (antwoord, uitkomst) = oneshot::channel();
        if self.0.leesrij.erbij(id, antwoord) {
            let baan = Baan { binnen: Arc::clone(&self.0), vrij: false };
            self.0.draden.begin(move || baan.lees());
        }
        uitkomst.await.map_err(StoreError::fault)?
    }
}

fn lees(conn: &mut Conn, samen: &[(Id, Antwoord)]) -> Result<HashMap<Id, Trajectversies>, StoreError> {
    let mut ids: Vec<Id> = samen.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    trajecten::versies(conn, &ids)
}
