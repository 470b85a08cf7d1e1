//! De eenheid van werk: één transactie met haar auditregels.

use domain::{Id, Moment};
use serde_json::Value;

use crate::StoreError;
use crate::audit::Regel;
use crate::connection::Conn;
use crate::open::Binnen;

/// Wie een wijziging doet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// De persoon.
    pub persoon_id: Option<Id>,
    /// De toepassing.
    pub toepassing_id: Option<Id>,
    /// De organisatie; afwezig als de dienst zelf handelt.
    pub organisatie_id: Option<Id>,
}

/// Wat er verandert, voor auditregel en gebeurtenis.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// De handeling: `<onderwerp>.<voltooid deelwoord>`, bijvoorbeeld `stapovergang.vastgelegd`.
    pub handeling: &'static str,
    /// Soort onderwerp, enkelvoud: `traject`.
    pub onderwerp_soort: &'static str,
    /// Identificatie van het onderwerp.
    pub onderwerp_id: String,
    /// Het traject waar het over gaat.
    pub traject_id: Option<Id>,
    /// De organisatie waar het over gaat.
    pub organisatie_id: Option<Id>,
    /// De toestand vooraf.
    pub voor: Option<Value>,
    /// De toestand achteraf.
    pub na: Option<Value>,
}

/// Een lopende transactie.
pub struct Tx<'a> {
    conn: &'a mut Conn,
    actor: &'a Actor,
    now: Moment,
    traceparent: Option<&'a str>,
    binnen: &'a Binnen,
    gewijzigd: bool,
    regels: Vec<Regel>,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("now", &self.now).finish_non_exhaustive()
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: &'a mut Conn, actor: &'a Actor, now: Moment, traceparent: Option<&'a str>, binnen: &'a Binnen) -> Self {
        Self { conn, actor, now, traceparent, binnen, gewijzigd: false, regels: Vec::new() }
    }

    /// De verbinding, om in deze transactie te lezen.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// De verbinding, om te schrijven: deze transactie moet daarna iets vastleggen.
    pub(crate) fn schrijf(&mut self) -> &mut Conn {
        self.gewijzigd = true;
        self.conn
    }

    /// Het moment van deze transactie.
    #[must_use]
    pub const fn now(&self) -> Moment {
        self.now
    }

    /// Een nieuw id.
    #[must_use]
    pub fn nieuw_id(&self) -> Id {
        domain::nieuw_id(self.now, &self.binnen.rng)
    }

    /// Legt de wijziging vast als auditregel, en daarmee als gebeurtenis. De regel wordt geschreven vlak voor het einde van
    /// de transactie, samen met die van wie er in meegaat.
    ///
    /// # Errors
    /// De toestand vooraf of achteraf is niet als JSON te schrijven.
    pub fn record(&mut self, change: Change) -> Result<(), StoreError> {
        self.regels.push(Regel::nieuw(self.nieuw_id(), self.now, self.actor, self.traceparent, change)?);
        Ok(())
    }

    /// De auditregels die nog geschreven moeten worden. Een wijziging zonder auditregel is een fout in het programma.
    pub(crate) fn afsluiten(self) -> Result<Vec<Regel>, StoreError> {
        if self.gewijzigd && self.regels.is_empty() {
            return Err(StoreError::fault("een transactie wijzigde iets zonder het vast te leggen"));
        }
        Ok(self.regels)
    }
}
