//! De poortwachter: het beleid, toegepast op een aanroeper en een zaak.

use std::sync::Arc;

use domain::aanmeldingen::Aanmelding;
use domain::identiteitsproviders::Identiteitsprovider;
use domain::organisaties::{Certificering, Netwerkaansluiting, Organisatie, OrganisatieSoort};
use domain::personen::Persoon;
use domain::sessies::Sessie;
use domain::toepassingen::Toepassing;
use domain::trajecten::{PartijRol, Partijsoort, Traject};
use domain::{Datum, Id};
use store::Zicht;

use super::{Action, Beleid, Handelaar, Relaties, matrix};
use crate::problem::{self, Problem};
use crate::toegang::{Caller, Wie};

/// Iets waarover het beleid kan oordelen.
pub trait Zaak {
    /// De verhouding van een organisatie (en wie daar belt) tot deze zaak.
    fn relaties(&self, organisatie: Id, wie: Id, vandaag: Datum) -> Relaties;

    /// De stand van de zaak, of leeg.
    fn status(&self) -> &'static str {
        ""
    }
}

fn eigen(van: Id, organisatie: Id) -> Relaties {
    if van == organisatie { Relaties::EIGEN } else { Relaties::GEEN }
}

/// Het register zelf: wat van niemand in het bijzonder is.
impl Zaak for () {
    fn relaties(&self, _: Id, _: Id, _: Datum) -> Relaties {
        Relaties::GEEN
    }
}

/// Iets van deze organisatie.
impl Zaak for Id {
    fn relaties(&self, organisatie: Id, _: Id, _: Datum) -> Relaties {
        eigen(*self, organisatie)
    }
}

impl Zaak for Organisatie {
    fn relaties(&self, organisatie: Id, _: Id, _: Datum) -> Relaties {
        eigen(self.id, organisatie)
    }
}

impl Zaak for Certificering {
    fn relaties(&self, organisatie: Id, _: Id, _: Datum) -> Relaties {
        eigen(self.organisatie_id, organisatie)
    }
}

impl Zaak for Netwerkaansluiting {
    fn relaties(&self, organisatie: Id, _: Id, _: Datum) -> Relaties {
        eigen(self.organisatie_id, organisatie)
    }
}

impl Zaak for Persoon {
    fn relaties(&self, organisatie: Id, wie: Id, _: Datum) -> Relaties {
        let zelf = if self.id == wie { Relaties::ZELF } else { Relaties::GEEN };
        eigen(self.organisatie_id, organisatie).en(zelf)
    }
}

/// Een persoon, met of die contactpersoon is van een traject van de aanroeper.
#[derive(Clone, Copy, Debug)]
pub struct Gezien<'a> {
    /// De persoon.
    pub persoon: &'a Persoon,
    /// Of die contactpersoon is van een traject waarbij de organisatie van de aanroeper betrokken is.
    pub contactpersoon: bool,
}

impl Zaak for Gezien<'_> {
    fn relaties(&self, organisatie: Id, wie: Id, vandaag: Datum) -> Relaties {
        let contact = if self.contactpersoon { Relaties::CONTACTPERSOON } else { Relaties::GEEN };
        self.persoon.relaties(organisatie, wie, vandaag).en(contact)
    }
}

impl Zaak for Identiteitsprovider {
    fn relaties(&self, organisatie: Id, _: Id, _: Datum) -> Relaties {
        eigen(self.organisatie_id, organisatie)
    }
}

impl Zaak for Sessie {
    fn relaties(&self, organisatie: Id, wie: Id, _: Datum) -> Relaties {
        let zelf = if self.persoon_id == wie { Relaties::ZELF } else { Relaties::GEEN };
        eigen(self.organisatie_id, organisatie).en(zelf)
    }
}

impl Zaak for Aanmelding {
    fn relaties(&self, organisatie: Id, _: Id, _: Datum) -> Relaties {
        self.organisatie_id.map_or(Relaties::GEEN, |van| eigen(van, organisatie))
    }
}

impl Zaak for Toepassing {
    fn relaties(&self, organisatie: Id, _: Id, _: Datum) -> Relaties {
        eigen(self.organisatie_id, organisatie)
    }
}

pub(super) const fn relatie_van(rol: PartijRol) -> Relaties {
    match rol {
        PartijRol::Crisispartner => Relaties::CRISISPARTNER,
        PartijRol::Implementatiepartner => Relaties::IMPLEMENTATIEPARTNER,
        PartijRol::Adoptiepartner => Relaties::ADOPTIEPARTNER,
    }
}

impl Zaak for Traject {
    fn relaties(&self, organisatie: Id, _: Id, vandaag: Datum) -> Relaties {
        self.partijen.iter().filter(|p| p.organisatie_id == organisatie && p.actief_op(vandaag)).fold(Relaties::GEEN, |r, p| r.en(relatie_van(p.rol)))
    }

    fn status(&self) -> &'static str {
        self.status.as_str()
    }
}

/// Iets van een organisatie, met het traject dat zij nu loopt: zo telt ook haar implementatiepartner mee.
#[derive(Clone, Debug)]
pub struct VanOrganisatie {
    /// De organisatie.
    pub organisatie: Id,
    /// Haar open traject.
    pub traject: Option<Traject>,
    /// Of de zaak de aanroeper zelf is.
    pub zelf: bool,
}

impl VanOrganisatie {
    /// Iets van deze organisatie.
    #[must_use]
    pub const fn new(organisatie: Id, traject: Option<Traject>) -> Self {
        Self { organisatie, traject, zelf: false }
    }
}

impl Zaak for VanOrganisatie {
    fn relaties(&self, organisatie: Id, wie: Id, vandaag: Datum) -> Relaties {
        let zelf = if self.zelf { Relaties::ZELF } else { Relaties::GEEN };
        let als_partij = self.traject.as_ref().map_or(Relaties::GEEN, |traject| traject.relaties(organisatie, wie, vandaag));
        eigen(self.organisatie, organisatie).en(als_partij).en(zelf)
    }
}

const VERLOPEN: &str = "De certificering van uw organisatie is vandaag niet geldig. Neem contact op met NIPV.";

/// De poortwachter voor één aanroeper op één dag; goedkoop te klonen en mee te nemen in een transactie.
#[derive(Clone, Debug)]
pub struct Gate {
    beleid: Arc<Beleid>,
    caller: Caller,
    vandaag: Datum,
}

impl Gate {
    /// Een poortwachter.
    #[must_use]
    pub fn new(beleid: Arc<Beleid>, caller: Caller, vandaag: Datum) -> Self {
        Self { beleid, caller, vandaag }
    }

    /// De dag waarop geoordeeld wordt.
    #[must_use]
    pub const fn vandaag(&self) -> Datum {
        self.vandaag
    }

    /// De aanroeper.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Of de aanroeper bij NIPV werkt.
    #[must_use]
    pub fn is_nipv(&self) -> bool {
        self.caller.organisatie.soort == OrganisatieSoort::Nipv
    }

    fn handelaar(&self) -> Handelaar {
        match &self.caller.wie {
            Wie::Persoon(persoon) => Handelaar::persoon(&persoon.rollen),
            Wie::Toepassing(_) => Handelaar::Toepassing,
        }
    }

    /// Een toepassing is alleen implementatiepartner zolang de certificering van haar organisatie geldt.
    fn nu_geldig(&self, relaties: Relaties) -> Relaties {
        if self.caller.toepassing().is_some() && !self.caller.gecertificeerd { relaties.zonder(Relaties::IMPLEMENTATIEPARTNER) } else { relaties }
    }

    fn relaties(&self, zaak: &impl Zaak) -> Relaties {
        let basis = if self.is_nipv() { Relaties::NIPV } else { Relaties::GEEN };
        basis.en(zaak.relaties(self.caller.organisatie_id(), self.caller.id(), self.vandaag))
    }

    /// Laat door of weigert: 404 wie de zaak niet mag lezen, 403 wie haar wel mag lezen maar dit niet mag.
    ///
    /// # Errors
    /// Het probleem voor de aanroeper.
    pub fn may(&self, actie: Action, zaak: &impl Zaak) -> Result<(), Problem> {
        let (wie, volledig) = (self.handelaar(), self.relaties(zaak));
        let relaties = self.nu_geldig(volledig);
        if self.beleid.mag(actie, wie, relaties, zaak.status()) {
            return Ok(());
        }
        if !self.beleid.mag(actie.lezen(), wie, relaties, zaak.status()) && actie.lezen() != Action::AuditLezen {
            // Wie hier alleen door een verlopen certificering buiten staat, hoort dat, en niet dat het traject er niet is.
            let verlopen = relaties != volledig && self.beleid.mag(actie.lezen(), wie, volledig, zaak.status());
            return Err(if verlopen { problem::verboden("certificering-ongeldig", VERLOPEN) } else { problem::niet_gevonden() });
        }
        Err(self.niet_bevoegd(actie))
    }

    /// Als [`Gate::may`] voor iets dat nog niet bestaat: er is niets te verbergen, dus nooit 404.
    ///
    /// # Errors
    /// 403.
    pub fn may_create(&self, actie: Action, zaak: &impl Zaak) -> Result<(), Problem> {
        let relaties = self.nu_geldig(self.relaties(zaak));
        if self.beleid.mag(actie, self.handelaar(), relaties, zaak.status()) { Ok(()) } else { Err(self.niet_bevoegd(actie)) }
    }

    fn niet_bevoegd(&self, actie: Action) -> Problem {
        if self.caller.toepassing().is_some() {
            return problem::verboden("persoon-vereist", "Dit kan alleen een persoon doen, met een eigen aanmelding; een toepassing niet.");
        }
        problem::verboden("niet-bevoegd", format!("U bent hiervoor niet bevoegd. Wel bevoegd: {}.", matrix::in_woorden(&self.beleid, actie)))
    }

    /// Welke trajecten in een lijst zichtbaar zijn: dezelfde regel, per verhouding beoordeeld.
    #[must_use]
    pub fn zicht_op_trajecten(&self) -> Zicht {
        self.zicht_langs_trajecten(Action::TrajectLezen)
    }

    /// Of de aanroeper dit mag als dit zijn enige verhouding tot de zaak is.
    #[must_use]
    pub fn mag_als(&self, actie: Action, relatie: Relaties) -> bool {
        self.beleid.mag(actie, self.handelaar(), self.nu_geldig(relatie), "")
    }

    /// Wat in een lijst zichtbaar is van zaken die bij een traject horen.
    #[must_use]
    pub fn zicht_langs_trajecten(&self, actie: Action) -> Zicht {
        let wie = self.handelaar();
        if self.is_nipv() && self.beleid.mag(actie, wie, Relaties::NIPV, "") {
            return Zicht::Alles;
        }
        let rollen: Vec<PartijRol> = PartijRol::ALLE.iter().copied().filter(|rol| self.beleid.mag(actie, wie, self.nu_geldig(relatie_van(*rol)), "")).collect();
        if rollen.is_empty() { Zicht::Niets } else { Zicht::Relaties { organisatie: self.caller.organisatie_id(), rollen, vandaag: self.vandaag } }
    }

    /// Wat in een lijst zichtbaar is van zaken die bij één organisatie horen.
    #[must_use]
    pub fn zicht(&self, actie: Action) -> Zicht {
        let wie = self.handelaar();
        if self.is_nipv() && self.beleid.mag(actie, wie, Relaties::NIPV, "") {
            Zicht::Alles
        } else if self.beleid.mag(actie, wie, Relaties::EIGEN, "") {
            Zicht::Organisatie(self.caller.organisatie_id())
        } else {
            Zicht::Niets
        }
    }

    /// Als welke partijen de aanroeper in dit traject handelt.
    #[must_use]
    pub fn partijen(&self, traject: &Traject) -> Vec<Partijsoort> {
        let mut als: Vec<Partijsoort> = traject
            .rollen_van(self.caller.organisatie_id(), self.vandaag)
            .into_iter()
            .map(|rol| match rol {
                PartijRol::Crisispartner => Partijsoort::Crisispartner,
                PartijRol::Implementatiepartner => Partijsoort::Implementatiepartner,
                PartijRol::Adoptiepartner => Partijsoort::Adoptiepartner,
            })
            .collect();
        if self.is_nipv() {
            als.push(Partijsoort::Nipv);
        }
        als
    }
}
