//! Activiteiten die vanzelf volgen uit een onderwerp dat het bewijs levert: in dezelfde transactie als de wijziging.

use domain::Id;
use domain::autorisatieplannen::gevolgen as uit_plannen;
use domain::registraties::gevolgen as uit_registraties;
use domain::trajecten::volgen::Gevolg;
use store::Tx;

use crate::prelude::*;

/// Laat de activiteiten van het open traject van deze organisatie volgen uit alles wat er nu vastligt: bij iedere wijziging van een
/// onderwerp, en als een traject begint of een activiteit weer van toepassing is.
pub(crate) fn bijwerken(tx: &mut Tx<'_>, organisatie: Id, door: Id) -> Result<(), Problem> {
    let actief = store::registraties::actief(tx.conn(), organisatie)?;
    let onderweg = store::registraties::onderweg(tx.conn(), organisatie)?;
    let gebruikers = store::gebruikers::is_er_een(tx.conn(), organisatie)?;
    let plannen = store::autorisatieplannen::alle(tx.conn(), organisatie)?;
    let registraties = uit_registraties::activiteiten(actief.as_ref(), onderweg.as_ref());
    let gevolgen: Vec<Gevolg> = registraties.into_iter().chain(uit_plannen::activiteiten(organisatie, gebruikers, &plannen)).collect();
    activiteiten(tx, organisatie, door, &gevolgen)
}

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
