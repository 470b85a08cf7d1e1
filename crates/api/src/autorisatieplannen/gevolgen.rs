//! Activiteiten van Bijlage 2 die vanzelf volgen uit een autorisatieplan.

use domain::autorisatieplannen::{Autorisatieplan, Planstatus};
use domain::trajecten::ActiviteitStatus;
use domain::trajecten::volgen::Gevolg;
use store::Tx;

use crate::prelude::*;
use crate::volgen;

/// Werkt de activiteiten bij: de gebruikerslijst is opgesteld als het plan is ingediend; gebruikers en plan zijn klaar als het is uitgevoerd.
/// Een tweede versie zet wat klaar is niet terug.
pub(super) fn activiteiten(tx: &mut Tx<'_>, gate: &Gate, plan: &Autorisatieplan) -> Result<(), Problem> {
    use ActiviteitStatus::{Bezig, Gereed};
    let bewijs = Some(format!("/v1/autorisatieplannen/{}", plan.id));
    let gevolg = |code, status| Gevolg { code, status, bewijs: bewijs.clone() };
    let lijst = Gevolg { code: "techniek-9", status: Gereed, bewijs: Some(format!("/v1/organisaties/{}/gebruikers", plan.organisatie_id)) };
    let gevolgen = match plan.status {
        Planstatus::Concept if plan.volgnummer == 1 => vec![gevolg("techniek-11", Bezig)],
        Planstatus::Ingediend => vec![lijst],
        Planstatus::Uitgevoerd => vec![gevolg("techniek-10", Gereed), gevolg("techniek-11", Gereed)],
        _ => return Ok(()),
    };
    volgen::activiteiten(tx, plan.organisatie_id, gate.caller().id(), &gevolgen)
}
