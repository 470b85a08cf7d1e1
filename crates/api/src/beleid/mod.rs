//! Wie wat mag: het beleid in Cedar, met een geheugen voor oordelen.
//!
//! Een oordeel hangt alleen af van handeling, rollen, verhouding en stand: een eindige tabel. Het beleid zit in het
//! programma, dus een oordeel verjaart nooit en mag onthouden worden. Uit dezelfde tabel volgt het filter voor lijsten.

mod actie;
mod gate;
mod matrix;

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request, RestrictedExpression};
use domain::personen::Rol;

pub use actie::Action;
pub use gate::{Gate, Gezien, VanOrganisatie, Zaak};
pub use matrix::matrix;

/// De beleidstekst zoals functioneel beheer haar leest.
pub const TEKST: &str = include_str!("../../policies/aansluitloket.cedar");
/// Het schema waaraan de beleidstekst is getoetst.
pub const SCHEMA: &str = include_str!("../../policies/aansluitloket.cedarschema");

/// De verhouding van de organisatie van de aanroeper tot een zaak, als verzameling bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Relaties(u16);

impl Relaties {
    /// Geen verhouding.
    pub const GEEN: Self = Self(0);
    /// De aanroeper werkt bij NIPV.
    pub const NIPV: Self = Self(1);
    /// De zaak is van de organisatie van de aanroeper.
    pub const EIGEN: Self = Self(2);
    /// De zaak is de aanroeper zelf.
    pub const ZELF: Self = Self(4);
    /// De organisatie is de crisispartner van het traject.
    pub const CRISISPARTNER: Self = Self(8);
    /// De organisatie is de implementatiepartner van het traject.
    pub const IMPLEMENTATIEPARTNER: Self = Self(16);
    /// De organisatie is de adoptiepartner van het traject.
    pub const ADOPTIEPARTNER: Self = Self(32);
    /// De zaak is een persoon die contactpersoon is van een traject waarbij de organisatie betrokken is.
    pub const CONTACTPERSOON: Self = Self(64);
    /// De aanroeper is voor deze afname uitgenodigd als waarnemer, en vandaag valt in haar periode.
    pub const WAARNEMER: Self = Self(128);
    const NAMEN: &'static [(Self, &'static str)] = &[
        (Self::NIPV, "nipv"),
        (Self::EIGEN, "eigen"),
        (Self::ZELF, "zelf"),
        (Self::CRISISPARTNER, "crisispartner"),
        (Self::IMPLEMENTATIEPARTNER, "implementatiepartner"),
        (Self::ADOPTIEPARTNER, "adoptiepartner"),
        (Self::CONTACTPERSOON, "contactpersoon"),
        (Self::WAARNEMER, "waarnemer"),
    ];

    /// Samen.
    #[must_use]
    pub const fn en(self, ander: Self) -> Self {
        Self(self.0 | ander.0)
    }

    /// Zonder deze.
    #[must_use]
    pub const fn zonder(self, ander: Self) -> Self {
        Self(self.0 & !ander.0)
    }

    fn namen(self) -> impl Iterator<Item = &'static str> {
        Self::NAMEN.iter().filter(move |(bit, _)| self.0 & bit.0 != 0).map(|(_, naam)| *naam)
    }
}

/// Wie er handelt: een persoon met rollen (bits), of een toepassing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handelaar {
    /// Een persoon met deze rollen.
    Persoon(u16),
    /// Een toepassing.
    Toepassing,
}

impl Handelaar {
    /// Een persoon met deze rollen.
    #[must_use]
    pub fn persoon(rollen: &[Rol]) -> Self {
        let bit = |rol: &Rol| Rol::ALLE.iter().position(|r| r == rol).map_or(0, |plek| 1 << plek);
        Self::Persoon(rollen.iter().map(bit).fold(0, |a, b| a | b))
    }
}

type Vraag = (Action, Handelaar, Relaties, &'static str);

/// Het beleid.
pub struct Beleid {
    regels: PolicySet,
    namen: Namen,
    oordelen: RwLock<HashMap<Vraag, bool>>,
}

impl std::fmt::Debug for Beleid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Beleid")
    }
}

static GEDEELD: OnceLock<Result<Arc<Beleid>, String>> = OnceLock::new();

impl Beleid {
    /// Het beleid van dit programma, één keer gelezen; oordelen worden door allen onthouden.
    ///
    /// # Errors
    /// Als de beleidstekst niet te lezen is.
    pub fn gedeeld() -> Result<Arc<Self>, String> {
        GEDEELD.get_or_init(|| Self::new().map(Arc::new)).clone()
    }

    /// Leest het beleid. Het bouwscript heeft dezelfde tekst al aan het schema getoetst.
    ///
    /// # Errors
    /// Als de beleidstekst niet te lezen is.
    pub fn new() -> Result<Self, String> {
        let regels = PolicySet::from_str(TEKST).map_err(|e| e.to_string())?;
        Ok(Self { regels, namen: Namen::new()?, oordelen: RwLock::default() })
    }

    /// Of dit mag.
    #[must_use]
    pub fn mag(&self, actie: Action, wie: Handelaar, relaties: Relaties, status: &'static str) -> bool {
        let vraag = (actie, wie, relaties, status);
        if let Some(oordeel) = self.oordelen.read().unwrap_or_else(PoisonError::into_inner).get(&vraag) {
            return *oordeel;
        }
        // Een vraag die Cedar niet begrijpt, is geen toestemming.
        let oordeel = self.oordeel(vraag).unwrap_or_else(|fout| {
            tracing::error!(fout, "het beleid kon niet oordelen");
            false
        });
        self.oordelen.write().unwrap_or_else(PoisonError::into_inner).insert(vraag, oordeel);
        oordeel
    }

    fn oordeel(&self, (actie, wie, relaties, status): Vraag) -> Result<bool, String> {
        let uid = |soort: &EntityTypeName, id: &str| EntityUid::from_type_name_and_id(soort.clone(), EntityId::new(id));
        let lijst = |namen: Vec<&str>| RestrictedExpression::new_set(namen.into_iter().map(|n| RestrictedExpression::new_string(n.to_owned())));
        let (principal, attributen) = match wie {
            Handelaar::Persoon(bits) => {
                let rollen = Rol::ALLE.iter().enumerate().filter(|(plek, _)| bits & (1 << plek) != 0).map(|(_, rol)| rol.as_str()).collect();
                (uid(&self.namen.persoon, "aanroeper"), HashMap::from([("rollen".to_owned(), lijst(rollen))]))
            }
            Handelaar::Toepassing => (uid(&self.namen.toepassing, "aanroeper"), HashMap::new()),
        };
        let entiteit = Entity::new(principal.clone(), attributen, HashSet::new()).map_err(|e| e.to_string())?;
        let entiteiten = Entities::from_entities([entiteit], None).map_err(|e| e.to_string())?;
        let context = [("relatie".to_owned(), lijst(relaties.namen().collect())), ("status".to_owned(), RestrictedExpression::new_string(status.to_owned()))];
        let context = Context::from_pairs(context).map_err(|e| e.to_string())?;
        let (handeling, zaak) = (uid(&self.namen.handeling, actie.as_str()), uid(&self.namen.zaak, "zaak"));
        let verzoek = Request::new(principal, handeling, zaak, context, None).map_err(|e| e.to_string())?;
        Ok(Authorizer::new().is_authorized(&verzoek, &self.regels, &entiteiten).decision() == Decision::Allow)
    }
}

/// De soorten in het schema.
struct Namen {
    persoon: EntityTypeName,
    toepassing: EntityTypeName,
    handeling: EntityTypeName,
    zaak: EntityTypeName,
}

impl Namen {
    fn new() -> Result<Self, String> {
        let naam = |tekst: &str| EntityTypeName::from_str(tekst).map_err(|e| e.to_string());
        Ok(Self { persoon: naam("Persoon")?, toepassing: naam("Toepassing")?, handeling: naam("Action")?, zaak: naam("Zaak")? })
    }
}

/// Wie deze handeling mag, als tekst voor het document.
#[must_use]
pub fn wie_mag(actie: &str) -> String {
    let Some(actie) = Action::ALLE.iter().find(|a| a.as_str() == actie) else { return String::new() };
    Beleid::gedeeld().map(|beleid| matrix::in_woorden(&beleid, *actie)).unwrap_or_default()
}
