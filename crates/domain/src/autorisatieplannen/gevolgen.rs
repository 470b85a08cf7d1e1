//! Wat uit gebruikerslijst en autorisatieplannen volgt voor de acties 9, 10 en 11 van Bijlage 2.

use super::{Autorisatieplan, Besluitsoort, Planstatus};
use crate::Id;
use crate::trajecten::ActiviteitStatus;
use crate::trajecten::volgen::Gevolg;

/// De stand van de acties, uit alle plannen van de organisatie en of er gebruikers op de lijst staan. De lijst is opgesteld als er een plan op
/// is ingediend; gebruikers en plan zijn klaar als er een plan is uitgevoerd. Een tweede versie zet wat klaar is niet terug.
#[must_use]
pub fn activiteiten(organisatie_id: Id, heeft_gebruikers: bool, plannen: &[Autorisatieplan]) -> [Gevolg; 3] {
    use ActiviteitStatus::{Bezig, Gereed, Open};
    let ingediend = plannen.iter().find(|plan| plan.besluiten.iter().any(|b| b.soort == Besluitsoort::Indiening));
    let uitgevoerd = plannen.iter().rfind(|plan| matches!(plan.status, Planstatus::Uitgevoerd | Planstatus::Vervangen));
    let bewijs_plan = uitgevoerd.or(plannen.last()).map(|plan| format!("/v1/autorisatieplannen/{}", plan.id));
    let bewijs_lijst = heeft_gebruikers.then(|| format!("/v1/organisaties/{organisatie_id}/gebruikers"));
    let stand = |gereed: bool, begonnen: bool| {
        if gereed {
            Gereed
        } else if begonnen {
            Bezig
        } else {
            Open
        }
    };
    [
        Gevolg { code: "techniek-9", status: stand(ingediend.is_some(), heeft_gebruikers), bewijs: bewijs_lijst.clone() },
        Gevolg {
            code: "techniek-10",
            status: stand(uitgevoerd.is_some(), heeft_gebruikers),
            bewijs: if uitgevoerd.is_some() { bewijs_plan.clone() } else { bewijs_lijst },
        },
        Gevolg { code: "techniek-11", status: stand(uitgevoerd.is_some(), !plannen.is_empty()), bewijs: bewijs_plan },
    ]
}
