//! Activiteiten die vanzelf volgen uit een onderwerp dat het bewijs levert: in dezelfde transactie als de wijziging.

use domain::Id;
use domain::trajecten::volgen::Gevolg;
use store::Tx;

use crate::prelude::*;

/// Werkt de activiteiten van het open traject van deze organisatie bij; zonder open traject gebeurt er niets.
pub(crate) fn activiteiten(tx: &mut Tx<'_>, organisatie_id: Id, door: Id, gevolgen: &[Gevolg]) -> Result<(), Problem> {
    let Some(traject_id) = store::trajecten::open_van(tx.conn(), organisatie_id)? else { return Ok(()) };
    let Some(traject) = store::trajecten::get(tx.conn(), traject_id)? else { return Ok(()) };
    let now = tx.now();
    for oud in store::trajecten::activiteiten(tx.conn(), traject_id)? {
        let Some(nieuw) = gevolgen.iter().find_map(|gevolg| oud.volgt(gevolg, Some(door), now)) else { continue };
        store::trajecten::update_activiteit(tx, &nieuw, oud.versie)?;
        tx.record(van_traject("activiteit.gevolgd", "activiteit", oud.id, &traject, Some(&oud), Some(&nieuw))?)?;
    }
    Ok(())
}
