//! Activiteiten waarvan de stand vanzelf volgt uit een ander onderdeel dat het bewijs levert.

use super::{Activiteit, ActiviteitStatus};
use crate::{Id, Moment, Weigering};

/// De activiteiten van Bijlage 2 waarvan een ander onderdeel de stand bepaalt, met waar die stand vandaan komt. `techniek-7` staat er niet
/// bij: met het eerste sjabloon begint zij vanzelf, maar of de formats af zijn, zeggen mensen.
const BRONNEN: [(&str, &str); 6] = [
    ("techniek-5", "de registratie van organisatiebeheerders (/v1/organisatiebeheerder-registraties): dien haar in"),
    ("techniek-6", "de registratie van organisatiebeheerders (/v1/organisatiebeheerder-registraties): laat beide partijen tekenen"),
    ("techniek-8", "de trainingen bij de actieve registratie (/v1/organisatiebeheerder-registraties): LFB legt ze per beheerder vast"),
    ("techniek-9", "de gebruikerslijst en het autorisatieplan (/v1/autorisatieplannen): dien het plan in"),
    ("techniek-10", "de gebruikerslijst en de uitvoering van het autorisatieplan (/v1/autorisatieplannen): voer alle regels uit"),
    ("techniek-11", "de uitvoering van het autorisatieplan (/v1/autorisatieplannen): voer alle regels uit"),
];

/// De stand die een activiteit moet krijgen, met het bewijs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gevolg {
    /// Code in het stappenplan.
    pub code: &'static str,
    /// Stand.
    pub status: ActiviteitStatus,
    /// Verwijzing naar het bewijs.
    pub bewijs: Option<String>,
}

impl Activiteit {
    /// Of de stand van deze activiteit met de hand te zetten is. Een activiteit met een bron volgt die bron; mensen zeggen alleen of zij van
    /// toepassing is. Is zij dat weer, dan is de nieuwe stand `open` en wordt die meteen die van de bron.
    ///
    /// # Errors
    /// `activiteit-volgt-vanzelf`, met wat de stand wel verandert.
    pub fn stand_met_de_hand(&self, status: ActiviteitStatus) -> Result<(), Weigering> {
        let Some((_, bron)) = BRONNEN.iter().find(|(code, _)| *code == self.code) else { return Ok(()) };
        let terug = self.status == ActiviteitStatus::NietVanToepassing && status == ActiviteitStatus::Open;
        if status == self.status || status == ActiviteitStatus::NietVanToepassing || terug {
            return Ok(());
        }
        let detail =
            format!("De stand van deze activiteit volgt vanzelf uit {bron}. Met de hand is zij alleen niet van toepassing te verklaren, of weer open.");
        Err(Weigering::new("activiteit-volgt-vanzelf", detail))
    }

    /// De activiteit met de stand die volgt; `None` als er niets verandert. Wat niet van toepassing is verklaard, blijft dat.
    #[must_use]
    pub fn volgt(&self, gevolg: &Gevolg, door: Option<Id>, nu: Moment) -> Option<Self> {
        if self.code != gevolg.code || self.status == ActiviteitStatus::NietVanToepassing {
            return None;
        }
        let mut nieuw = self.clone();
        if let Some(bewijs) = gevolg.bewijs.as_ref().filter(|bewijs| !self.bewijs.contains(bewijs)) {
            nieuw.bewijs.push(bewijs.clone());
        }
        nieuw.status = gevolg.status;
        if nieuw == *self {
            return None;
        }
        if gevolg.status != self.status {
            let gereed = gevolg.status == ActiviteitStatus::Gereed;
            nieuw.gereed_op = gereed.then_some(nu);
            nieuw.gereed_door = if gereed { door } else { None };
        }
        nieuw.versie += 1;
        Some(nieuw)
    }
}
