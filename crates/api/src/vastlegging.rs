//! Wat er in auditregel en gebeurtenis komt.

use domain::Id;
use domain::audit::Door;
use domain::trajecten::Traject;
use serde::Serialize;
use serde_json::Value;
use store::{Change, StoreError};

use crate::toegang::Caller;

fn json<T: Serialize>(waarde: Option<&T>) -> Result<Option<Value>, StoreError> {
    Ok(waarde.map(serde_json::to_value).transpose()?)
}

/// Een wijziging van iets dat bij een organisatie hoort.
pub(crate) fn organisatie_van<T: Serialize>(
    handeling: &'static str,
    soort: &'static str,
    id: impl ToString,
    organisatie_id: Option<Id>,
    voor: Option<&T>,
    na: Option<&T>,
) -> Result<Change, StoreError> {
    Ok(Change { handeling, onderwerp_soort: soort, onderwerp_id: id.to_string(), traject_id: None, organisatie_id, voor: json(voor)?, na: json(na)? })
}

/// Een wijziging binnen een traject.
pub(crate) fn van_traject<T: Serialize>(
    handeling: &'static str,
    soort: &'static str,
    id: impl ToString,
    traject: &Traject,
    voor: Option<&T>,
    na: Option<&T>,
) -> Result<Change, StoreError> {
    let change = organisatie_van(handeling, soort, id, Some(traject.organisatie_id), voor, na)?;
    Ok(Change { traject_id: Some(traject.id), ..change })
}

impl Caller {
    /// Wie er handelt, zoals het domein dat vastlegt.
    #[must_use]
    pub fn door(&self) -> Door {
        let actor = self.actor();
        Door { persoon_id: actor.persoon_id, toepassing_id: actor.toepassing_id, organisatie_id: actor.organisatie_id }
    }
}
