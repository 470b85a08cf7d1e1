//! Wat uit de registratie volgt voor de acties 5, 6 en 8 van Bijlage 2.

use super::{Registratie, RegistratieStatus};
use crate::trajecten::ActiviteitStatus;
use crate::trajecten::volgen::Gevolg;

/// De stand van de acties, uit de registratie die van kracht is en die onderweg is.
#[must_use]
pub fn activiteiten(actief: Option<&Registratie>, onderweg: Option<&Registratie>) -> [Gevolg; 3] {
    let laatste = onderweg.or(actief);
    let bewijs = |r: &Registratie| format!("/v1/organisatiebeheerder-registraties/{}", r.id);
    let gevolg = |code, status| Gevolg { code, status, bewijs: actief.or(laatste).map(bewijs) };
    [
        gevolg("techniek-5", aanwijzen(actief, onderweg)),
        gevolg("techniek-6", if actief.is_some() { ActiviteitStatus::Gereed } else { bezig(laatste.is_some()) }),
        gevolg("techniek-8", training(actief, laatste)),
    ]
}

const fn bezig(begonnen: bool) -> ActiviteitStatus {
    if begonnen { ActiviteitStatus::Bezig } else { ActiviteitStatus::Open }
}

/// De beheerders zijn bepaald zodra de organisatie haar formulier voor het eerst indiende.
fn aanwijzen(actief: Option<&Registratie>, onderweg: Option<&Registratie>) -> ActiviteitStatus {
    if actief.is_some() || onderweg.is_some_and(|r| r.status != RegistratieStatus::Concept) { ActiviteitStatus::Gereed } else { bezig(onderweg.is_some()) }
}

/// De training is gereed als iedere zittende beheerder van de actieve registratie haar volgde.
fn training(actief: Option<&Registratie>, laatste: Option<&Registratie>) -> ActiviteitStatus {
    let iedereen = |r: &Registratie| r.zittende().count() > 0 && r.zittende().all(|b| b.training_gevolgd_datum.is_some());
    if actief.is_some_and(iedereen) {
        return ActiviteitStatus::Gereed;
    }
    bezig(laatste.is_some_and(|r| r.zittende().any(|b| b.training_gepland_datum.is_some() || b.training_gevolgd_datum.is_some())))
}
