//! Samen vastleggen: wie op zijn beurt wacht gaat mee met wie aan de beurt is.
//!
//! Een vastlegging is pas duurzaam na een bewerking van de schijf, SQLite heeft één schrijver, en bij PostgreSQL kost
//! iedere opdracht een rondgang. Daarom voert wie aan de beurt is al het wachtende werk uit in één transactie, worden de
//! auditregels van allen samen geschreven, en krijgt niemand antwoord voordat die transactie vastligt. Gaat er iets mis met
//! de transactie, dan doet ieder zijn werk opnieuw in een eigen transactie en krijgt zijn eigen fout.
//!
//! Op SQLite heeft ieder een eigen bewaarpunt: weigert er een, dan draait alleen dat terug. Op PostgreSQL zou een bewaarpunt
//! evenveel rondgangen kosten als er te winnen zijn; daar gaat bij een weigering ieder alleen verder. Ook wie te lang op het
//! slot van een ander wacht, gaat alleen verder, zodat twee groepen nooit op elkaar blijven wachten.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use domain::Moment;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::audit::Regel;
use crate::connection::{BEGIN_SAMEN_PG, Conn};
use crate::draden::ACHTEREEN;
use crate::open::{Binnen, Store, terugdraaien, teruggedraaid, tot_wanneer};
use crate::unit::{Actor, Tx};
use crate::{StoreError, error};

/// Zoveel gaat er hoogstens samen; de rest volgt in de volgende transactie.
const SAMEN: usize = 64;

/// Werk dat op zijn beurt wacht.
pub(crate) trait Werk: Send {
    /// Voert het werk uit in de lopende transactie en onthoudt de uitkomst. Geeft de auditregels die erbij horen, of `None`
    /// als het werk is geweigerd en teruggedraaid moet worden.
    fn doe(&mut self, conn: &mut Conn, binnen: &Binnen) -> Option<Vec<Regel>>;
    /// Doet het werk in een eigen transactie, zo nodig vaker tot `tot`, en onthoudt de uitkomst.
    fn alleen(&mut self, binnen: &Binnen, tot: Instant);
    /// Onthoudt dat niet bekend is of het werk vastligt.
    fn onzeker(&mut self, fout: &StoreError);
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
    fn doe(&mut self, conn: &mut Conn, binnen: &Binnen) -> Option<Vec<Regel>> {
        let mut tx = Tx::new(conn, &self.actor, self.now, self.traceparent.as_deref(), binnen);
        let gedaan = catch_unwind(AssertUnwindSafe(|| (self.act)(&mut tx)));
        let (uitkomst, regels) = match (gedaan, tx.afsluiten()) {
            (Ok(Ok(waarde)), Ok(regels)) => (Ok(waarde), Some(regels)),
            (Ok(Ok(_)), Err(fout)) => (Err(E::from(fout)), None),
            (Ok(Err(weigering)), _) => (Err(weigering), None),
            (Err(_), _) => (Err(paniek()), None),
        };
        self.uitkomst = Some(uitkomst);
        regels
    }

    fn alleen(&mut self, binnen: &Binnen, tot: Instant) {
        let gedaan = catch_unwind(AssertUnwindSafe(|| binnen.herhaald(&self.actor, self.now, self.traceparent.as_deref(), tot, &self.act)));
        self.uitkomst = Some(gedaan.unwrap_or_else(|_| Err(paniek())));
    }

    fn onzeker(&mut self, fout: &StoreError) {
        self.uitkomst = Some(Err(E::from(fout.gedeeld())));
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
            let taken = Handle::current();
            let werk = move || {
                samen = binnen.samen(samen, &taken);
                for _ in 1..ACHTEREEN {
                    // Wie intussen kwam, hoeft niet te wachten tot deze draad zijn beurt heeft teruggegeven.
                    let volgende = binnen.wie_wacht();
                    if volgende.is_empty() {
                        break;
                    }
                    std::mem::replace(&mut samen, volgende).into_iter().for_each(Werk::meld);
                    samen = binnen.samen(samen, &taken);
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

/// Wat er met een groep moet gebeuren als ieder aan de beurt is geweest.
enum Gedaan {
    /// Vastleggen, met deze auditregels van allen.
    Vastleggen(Vec<Regel>),
    /// Het ene werk is geweigerd: terugdraaien, en die weigering melden.
    Geweigerd,
    /// Terugdraaien, en ieder doet het zijne opnieuw.
    Uiteen,
}

impl Binnen {
    /// Wie er op een schrijver wacht, hoogstens [`SAMEN`], op volgorde van komst.
    fn wie_wacht(&self) -> Vec<Box<dyn Werk>> {
        let mut rij = self.rij.lock().unwrap_or_else(PoisonError::into_inner);
        let aantal = rij.len().min(SAMEN);
        rij.drain(..aantal).collect()
    }

    /// Doet het werk; geeft terug wie zijn uitkomst nog moet horen.
    fn samen(self: &Arc<Self>, mut samen: Vec<Box<dyn Werk>>, taken: &Handle) -> Vec<Box<dyn Werk>> {
        let ieder_een_verbinding = self.schrijver.is_none();
        // Op SQLite heeft wie alleen is geen groep nodig; op PostgreSQL mag ook die de anderen niet ophouden.
        if ieder_een_verbinding || samen.len() > 1 {
            match self.met_schrijver(|conn| self.een_transactie(conn, &mut samen)) {
                Ok(true) => return samen,
                Err(fout @ StoreError::Onzeker(_)) => {
                    samen.iter_mut().for_each(|werk| werk.onzeker(&fout));
                    return samen;
                }
                _ if ieder_een_verbinding => {
                    self.uiteen(samen, taken);
                    return Vec::new();
                }
                _ => {}
            }
        }
        for werk in &mut samen {
            werk.alleen(self, tot_wanneer());
        }
        samen
    }

    /// Laat ieder alleen verdergaan op een eigen verbinding: wie op een slot wacht, houdt de groepen niet op. Er gaan er niet
    /// meer tegelijk dan er plaatsen zijn, zodat hij ook de lezers niet ophoudt.
    fn uiteen(self: &Arc<Self>, samen: Vec<Box<dyn Werk>>, taken: &Handle) {
        let tot = tot_wanneer();
        for mut werk in samen {
            let binnen = Arc::clone(self);
            taken.spawn(async move {
                let Ok(plaats) = Arc::clone(&binnen.apart).acquire_owned().await else { return };
                let eigen = Arc::clone(&binnen);
                binnen.draden.begin(move || {
                    werk.alleen(&eigen, tot);
                    drop((eigen, plaats));
                    werk.meld();
                });
            });
        }
    }

    /// Geeft of ieders uitkomst vaststaat. Zo niet, dan is er niets vastgelegd, tenzij de fout zegt dat niemand dat weet.
    fn een_transactie(&self, conn: &mut Conn, samen: &mut [Box<dyn Werk>]) -> Result<bool, StoreError> {
        conn.opdracht(if conn.is_pg() { BEGIN_SAMEN_PG } else { "BEGIN IMMEDIATE" })?;
        let gedaan = match self.ieder_het_zijne(conn, samen) {
            Ok(Gedaan::Vastleggen(regels)) => self.leg_vast(conn, regels).map(|()| true),
            Ok(anders) => return terugdraaien(conn).map(|()| matches!(anders, Gedaan::Geweigerd)),
            Err(fout) => Err(fout),
        };
        gedaan.map_err(|fout| teruggedraaid(conn, fout))
    }

    fn ieder_het_zijne(&self, conn: &mut Conn, samen: &mut [Box<dyn Werk>]) -> Result<Gedaan, StoreError> {
        let (bewaarpunten, alleen) = (!conn.is_pg(), samen.len() == 1);
        let mut regels = Vec::new();
        for werk in samen {
            let _ = error::vroeg_om_nieuwe_poging();
            if bewaarpunten {
                conn.opdracht("SAVEPOINT werk")?;
            }
            let gedaan = werk.doe(conn, self);
            if error::vroeg_om_nieuwe_poging() {
                return Ok(Gedaan::Uiteen);
            }
            // Een fout van de schijf kan de hele transactie al hebben teruggedraaid. Dan bestaat dit bewaarpunt niet meer, en
            // faalt de opdracht voordat iets half kan worden vastgelegd.
            match gedaan {
                Some(nieuw) => {
                    regels.extend(nieuw);
                    if bewaarpunten {
                        conn.opdracht("RELEASE werk")?;
                    }
                }
                None if bewaarpunten => conn.opdracht("ROLLBACK TO werk; RELEASE werk")?,
                None if alleen => return Ok(Gedaan::Geweigerd),
                None => return Ok(Gedaan::Uiteen),
            }
        }
        Ok(Gedaan::Vastleggen(regels))
    }
}
