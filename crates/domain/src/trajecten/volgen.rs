//! Activiteiten waarvan de stand vanzelf volgt uit een ander onderdeel dat het bewijs levert.

use super::{Activiteit, ActiviteitStatus};
use crate::{Id, Moment};

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
