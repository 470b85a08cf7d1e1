//! Samen vastleggen op SQLite: wie op zijn beurt wacht gaat mee met wie aan de beurt is.
//!
//! SQLite heeft één schrijver, en een vastlegging is pas duurzaam na een bewerking van de schijf. Daarom voert wie aan de
//! beurt is al het wachtende werk uit in één transactie, elk binnen een eigen bewaarpunt, en krijgt niemand antwoord voordat
//! die transactie vastligt. Weigert een van hen, dan draait alleen zijn bewaarpunt terug. Gaat er iets mis met de
//! transactie zelf, dan doet ieder zijn werk opnieuw in een eigen transactie en krijgt zijn eigen fout.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};

use domain::Moment;
use tokio::sync::oneshot;

use crate::connection::Conn;
use crate::open::{Binnen, Store, terugdraaien};
use crate::unit::{Actor, Tx};
use crate::{StoreError, error};

/// Zoveel gaat er hoogstens samen; de rest volgt in de volgende transactie.
const SAMEN: usize = 64;

/// Wat er met het bewaarpunt van een werk moet gebeuren.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Besluit {
    /// Bewaren.
    Bewaren {
        /// Of er iets is gewijzigd wat anderen lezen.
        gewijzigd: bool,
    },
    /// Geweigerd: terugdraaien.
    Terugdraaien,
}

/// Werk dat op zijn beurt wacht.
pub(crate) trait Werk: Send {
    /// Voert het werk uit in de lopende transactie en onthoudt de uitkomst.
    fn doe(&mut self, conn: &mut Conn, binnen: &Binnen) -> Besluit;
    /// Doet het werk in een eigen transactie en onthoudt de uitkomst.
    fn alleen(&mut self, binnen: &Binnen);
    /// Meldt de onthouden uitkomst; de transactie ligt vast.
    fn meld(self: Box<Self>);
}

struct Opdracht<T, E, F> {
    actor: Actor,
    now: Moment,
    traceparent: Option<String>,
    act: F,
    uitkomst: Option<Result<T, E>>,
    antwoord: oneshot::Sender<Result<T, E>>,
}

fn paniek<E: From<StoreError>>() -> E {
    E::from(StoreError::fault("het werk raakte in paniek"))
}

impl<T, E, F> Werk for Opdracht<T, E, F>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn doe(&mut self, conn: &mut Conn, binnen: &Binnen) -> Besluit {
        let mut tx = Tx::new(conn, &self.actor, self.now, self.traceparent.as_deref(), binnen);
        let gedaan = catch_unwind(AssertUnwindSafe(|| (self.act)(&mut tx)));
        let gewijzigd = tx.is_gewijzigd();
        let uitkomst = match (gedaan, tx.afsluiten()) {
            (Ok(Ok(waarde)), Ok(())) => Ok(waarde),
            (Ok(Ok(_)), Err(fout)) => Err(E::from(fout)),
            (Ok(Err(weigering)), _) => Err(weigering),
            (Err(_), _) => Err(paniek()),
        };
        let besluit = if uitkomst.is_ok() { Besluit::Bewaren { gewijzigd } } else { Besluit::Terugdraaien };
        self.uitkomst = Some(uitkomst);
        besluit
    }

    fn alleen(&mut self, binnen: &Binnen) {
        let gedaan = catch_unwind(AssertUnwindSafe(|| binnen.herhaald(&self.actor, self.now, self.traceparent.as_deref(), &self.act)));
        self.uitkomst = Some(gedaan.unwrap_or_else(|_| Err(paniek())));
    }

    fn meld(self: Box<Self>) {
        let uitkomst = self.uitkomst.unwrap_or_else(|| Err(E::from(StoreError::fault("het werk is niet gedaan"))));
        // Wie niet meer wacht, is weg; zijn werk ligt vast.
        let _weg = self.antwoord.send(uitkomst);
    }
}

impl Store {
    /// Zet `act` in de rij en wacht tot het vastligt.
    pub(crate) async fn in_groep<T, E, F>(&self, actor: Actor, now: Moment, traceparent: Option<String>, act: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (antwoord, uitkomst) = oneshot::channel();
        let opdracht = Opdracht { actor, now, traceparent, act, uitkomst: None, antwoord };
        self.0.rij.lock().unwrap_or_else(PoisonError::into_inner).push_back(Box::new(opdracht));
        // Een eigen taak: wie voor anderen vastlegt, mag niet verdwijnen omdat zijn eigen aanroeper weggaat.
        let store = self.clone();
        tokio::spawn(async move {
            let Ok(_beurt) = store.turn().await else { return };
            let mut samen = store.0.wie_wacht();
            if samen.is_empty() {
                return;
            }
            let binnen = Arc::clone(&store.0);
            let werk = move || {
                loop {
                    binnen.samen(&mut samen);
                    // Wie intussen kwam, hoeft niet te wachten tot deze draad zijn beurt heeft teruggegeven.
                    let volgende = binnen.wie_wacht();
                    if volgende.is_empty() {
                        break;
                    }
                    std::mem::replace(&mut samen, volgende).into_iter().for_each(Werk::meld);
                }
                // Eerst loslaten, dan melden: wie zijn antwoord heeft, mag de opslag sluiten en haar opnieuw openen.
                drop(binnen);
                samen.into_iter().for_each(Werk::meld);
            };
            let _klaar = store.0.draden.doe(werk).await;
        });
        uitkomst.await.map_err(|e| E::from(StoreError::fault(e)))?
    }
}

impl Binnen {
    /// Wie er op de schrijver wacht, hoogstens [`SAMEN`], op volgorde van komst.
    fn wie_wacht(&self) -> Vec<Box<dyn Werk>> {
        let mut rij = self.rij.lock().unwrap_or_else(PoisonError::into_inner);
        let aantal = rij.len().min(SAMEN);
        rij.drain(..aantal).collect()
    }

    fn samen(&self, samen: &mut [Box<dyn Werk>]) {
        // Wie alleen is, heeft geen bewaarpunt nodig.
        if samen.len() > 1
            && let Ok(gewijzigd) = self.met_schrijver(|conn| self.een_transactie(conn, samen))
        {
            if gewijzigd {
                self.tel_op();
            }
            return;
        }
        for werk in samen {
            werk.alleen(self);
        }
    }

    /// Geeft of er iets is gewijzigd. Na een fout is er niets van vastgelegd.
    fn een_transactie(&self, conn: &mut Conn, samen: &mut [Box<dyn Werk>]) -> Result<bool, StoreError> {
        conn.opdracht("BEGIN IMMEDIATE")?;
        let mut doe = || {
            let mut iets = false;
            for werk in &mut *samen {
                let _ = error::vroeg_om_nieuwe_poging();
                conn.opdracht("SAVEPOINT werk")?;
                let besluit = werk.doe(conn, self);
                if error::vroeg_om_nieuwe_poging() {
                    return Err(StoreError::Retry);
                }
                // Een fout van de schijf kan de hele transactie al hebben teruggedraaid. Dan bestaat dit bewaarpunt niet
                // meer, en faalt de opdracht voordat iets half kan worden vastgelegd.
                match besluit {
                    Besluit::Bewaren { gewijzigd } => {
                        conn.opdracht("RELEASE werk")?;
                        iets |= gewijzigd;
                    }
                    Besluit::Terugdraaien => conn.opdracht("ROLLBACK TO werk; RELEASE werk")?,
                }
            }
            conn.opdracht("COMMIT")?;
            Ok(iets)
        };
        let uitkomst = doe();
        if uitkomst.is_err() {
            terugdraaien(conn)?;
        }
        uitkomst
    }
}
