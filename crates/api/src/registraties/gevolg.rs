//! Wat een besluit over een registratie meeneemt: opslag, audit, rollen, SharePoint-toegang en de activiteiten van het traject.

use domain::personen::Rol;
use domain::registraties::{Registratie, SharepointStand};
use store::Tx;

use super::{SOORT, beheerders_van, spoor};
use crate::prelude::*;
use crate::{personen, volgen};

/// Bewaart een besluit met zijn auditregel, en laat de activiteiten volgen.
pub(super) fn bewaar(tx: &mut Tx<'_>, gate: &Gate, handeling: &'static str, oud: &Registratie, nieuw: &Registratie) -> Result<(), Problem> {
    store::registraties::update(tx, nieuw, oud.versie)?;
    tx.record(organisatie_van(handeling, SOORT, nieuw.id, Some(nieuw.organisatie_id), Some(&spoor(oud)), Some(&spoor(nieuw)))?)?;
    volgen::bijwerken(tx, nieuw.organisatie_id, gate.caller().id())
}

/// Bewaart de stand van de toegang tot SharePoint voor wie die door het besluit veranderde.
pub(super) fn zet_toegang(tx: &mut Tx<'_>, oud: &Registratie, nieuw: &Registratie) -> Result<(), Problem> {
    for beheerder in &nieuw.beheerders {
        if oud.beheerders.iter().any(|b| b.persoon_id == beheerder.persoon_id && b.sharepoint != beheerder.sharepoint) {
            store::registraties::zet_sharepoint(tx, nieuw.organisatie_id, beheerder.persoon_id, beheerder.sharepoint)?;
        }
    }
    Ok(())
}

/// Geeft iedere zittende beheerder de rol; de twee handtekeningen zijn de toekenning.
pub(super) fn geef_rollen(tx: &mut Tx<'_>, registratie: &Registratie) -> Result<(), Problem> {
    for oud in beheerders_van(tx.conn(), registratie)? {
        if oud.rollen.contains(&Rol::Organisatiebeheerder) {
            continue;
        }
        let nieuw = oud.met_rol(Rol::Organisatiebeheerder, tx.now())?;
        store::personen::update(tx, &nieuw, oud.versie)?;
        let (voor, na) = (personen::spoor(&oud), personen::spoor(&nieuw));
        tx.record(organisatie_van("rol.gegeven", "persoon", oud.id, Some(oud.organisatie_id), Some(&voor), Some(&na))?)?;
    }
    Ok(())
}

/// Maakt meteen een einde aan het beheer door deze persoon: de rol vervalt, en verleende toegang tot SharePoint moet eruit.
pub(super) fn einde_beheer(tx: &mut Tx<'_>, organisatie_id: Id, persoon_id: Id, sharepoint: SharepointStand) -> Result<(), Problem> {
    if sharepoint == SharepointStand::Verleend {
        store::registraties::zet_sharepoint(tx, organisatie_id, persoon_id, SharepointStand::InTeTrekken)?;
    }
    let Some(oud) = store::personen::get(tx.conn(), persoon_id)? else { return Ok(()) };
    let Some(nieuw) = oud.zonder_rol(Rol::Organisatiebeheerder, tx.now()) else { return Ok(()) };
    store::personen::update(tx, &nieuw, oud.versie)?;
    let (voor, na) = (personen::spoor(&oud), personen::spoor(&nieuw));
    Ok(tx.record(organisatie_van("rol.teruggenomen", "persoon", oud.id, Some(oud.organisatie_id), Some(&voor), Some(&na))?)?)
}

/// Beëindigt het beheer van wie in `oud` zat en niet in `blijvend`.
pub(super) fn einde_voor_vertrokkenen(tx: &mut Tx<'_>, oud: &Registratie, blijvend: Option<&Registratie>) -> Result<(), Problem> {
    for beheerder in oud.zittende().filter(|b| blijvend.is_none_or(|nieuw| nieuw.zittend(b.persoon_id).is_none())) {
        einde_beheer(tx, oud.organisatie_id, beheerder.persoon_id, beheerder.sharepoint)?;
    }
    Ok(())
}
