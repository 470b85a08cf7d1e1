//! Wat al gelezen is, zolang de opslag stilstaat.
//!
//! Op SQLite is dit proces de enige schrijver en weet het of er iets is gewijzigd ([`Store::stand`]). Wat bij dezelfde stand
//! al gelezen is, hoeft dan niet opnieuw uit de opslag en niet opnieuw in JSON. Of de aanroeper het mag zien, oordeelt de
//! poortwachter ook dan iedere keer. Op PostgreSQL schrijven andere nodes mee: daar wordt altijd gelezen.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{Id, Moment};
use store::Store;

use crate::Answer;
use crate::beleid::{Action, Gate, Zaak};
use crate::problem::Problem;
use crate::toegang::Cache;

/// Zoveel antwoorden blijven bewaard, van een paar KiB elk.
const AANTAL: usize = 1_000;
const UREN: i64 = 1;

/// Bewaarde antwoorden van één soort.
pub(crate) struct Gelezen<T>(Cache<Id, Arc<Bewaard<T>>>);

struct Bewaard<T> {
    stand: u64,
    zaak: T,
    antwoord: Answer,
}

impl<T> std::fmt::Debug for Gelezen<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gelezen")
    }
}

impl<T: Zaak> Gelezen<T> {
    pub(crate) fn nieuw() -> Self {
        Self(Cache::new(AANTAL))
    }

    /// Het antwoord dat bij de stand van nu al bewaard is, als de aanroeper het mag zien.
    pub(crate) fn antwoord(&self, store: &Store, gate: &Gate, actie: Action, id: Id, now: Moment) -> Option<Result<Answer, Problem>> {
        let stand = store.stand()?;
        let bewaard = self.0.get(&id, now).filter(|bewaard| bewaard.stand == stand)?;
        Some(gate.may(actie, &bewaard.zaak).map(|()| bewaard.antwoord.clone()))
    }

    /// Bewaart wat gelezen is; `stand` is die van vóór het lezen.
    pub(crate) fn bewaar(&self, stand: Option<u64>, id: Id, zaak: T, antwoord: &Answer, now: Moment) {
        if let Some(stand) = stand {
            self.0.insert(id, Arc::new(Bewaard { stand, zaak, antwoord: antwoord.clone() }), now + TimeDelta::hours(UREN), now);
        }
    }
}
