//! Wat al gelezen is, zolang het nog klopt.
//!
//! Een antwoord dat al eens is gemaakt, hoeft niet opnieuw uit de opslag en niet opnieuw in JSON. Of het nog klopt zegt zijn
//! [`Stand`]. Of de aanroeper het mag zien, oordeelt de poortwachter iedere keer.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{Id, Moment};

use crate::Answer;
use crate::beleid::{Action, Gate, Zaak};
use crate::problem::Problem;
use crate::toegang::Cache;

/// Zoveel antwoorden blijven bewaard, van een paar KiB elk.
const AANTAL: usize = 1_000;
const UREN: i64 = 1;

/// Waaraan te zien is of wat bewaard is nog klopt. Wie leest, neemt de stand vóór de gegevens: wat daarna wijzigt, valt de
/// volgende keer op.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// Er is niets gewijzigd in de opslag: SQLite, waar dit proces de enige schrijver is ([`store::Store::stand`]).
    Opslag(u64),
    /// De versies van de rijen waar het uit bestaat: PostgreSQL, waar andere nodes meeschrijven.
    Rijen(Vec<(i64, i64)>),
}

/// Een bewaard antwoord.
pub(crate) struct Bewaard<T> {
    pub(crate) stand: Stand,
    /// Waarover de poortwachter oordeelt.
    pub(crate) zaak: T,
    pub(crate) antwoord: Answer,
}

impl<T: Zaak> Bewaard<T> {
    /// Het antwoord, als de aanroeper het mag zien.
    pub(crate) fn voor(&self, gate: &Gate, actie: Action) -> Result<Answer, Problem> {
        gate.may(actie, &self.zaak)?;
        Ok(self.antwoord.clone())
    }
}

/// Bewaarde antwoorden van één soort.
pub(crate) struct Gelezen<T>(Cache<Id, Arc<Bewaard<T>>>);

impl<T> std::fmt::Debug for Gelezen<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gelezen")
    }
}

impl<T> Gelezen<T> {
    pub(crate) fn nieuw() -> Self {
        Self(Cache::new(AANTAL))
    }

    /// Wat bewaard is; vergelijk de stand voordat u het gebruikt.
    pub(crate) fn bekend(&self, id: Id, now: Moment) -> Option<Arc<Bewaard<T>>> {
        self.0.get(&id, now)
    }

    pub(crate) fn bewaar(&self, id: Id, bewaard: Arc<Bewaard<T>>, now: Moment) {
        self.0.insert(id, bewaard, now + TimeDelta::hours(UREN), now);
    }
}
