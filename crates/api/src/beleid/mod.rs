//! Wie wat mag: het beleid in Cedar, met een geheugen voor oordelen.
//!
//! Een oordeel hangt alleen af van handeling, rollen, verhouding en stand: een eindige tabel. Het beleid zit in het
//! programma, dus een oordeel verjaart nooit en mag onthouden worden. Uit dezelfde tabel volgt het filter voor lijsten.

mod actie;
mod gate;
mod matrix;

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use domain::personen::Rol;

pub use actie::Action;
pub use gate::{Gate, Gezien, Zaak};
pub use matrix::matrix;

const BELEID: &str = include_str!("../../policies/aansluitloket.cedar");
const SCHEMA: &str = include_str!("../../policies/aansluitloket.cedarschema");

/// De verhouding van de organisatie van de aanroeper tot een zaak, als verzameling bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Relaties(u8);

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
    const NAMEN: [(Self, &'static str); 7] = [
        (Self::NIPV, "nipv"),
        (Self::EIGEN, "eigen"),
        (Self::ZELF, "zelf"),
        (Self::CRISISPARTNER, "crisispartner"),
        (Self::IMPLEMENTATIEPARTNER, "implementatiepartner"),
        (Self::ADOPTIEPARTNER, "adoptiepartner"),
        (Self::CONTACTPERSOON, "contactpersoon"),
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
        Self::NAMEN.into_iter().filter(move |(bit, _)| self.0 & bit.0 != 0).map(|(_, naam)| naam)
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
    oordelen: RwLock<HashMap<Vraag, bool>>,
}

impl std::fmt::Debug for Beleid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Beleid")
    }
}

impl Beleid {
    /// Leest het beleid en toetst het aan het schema.
    ///
    /// # Errors
    /// Als het beleid niet klopt.
    pub fn new() -> Result<Self, String> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|e| e.to_string())?;
        let regels = PolicySet::from_str(BELEID).map_err(|e| e.to_string())?;
        let uitkomst = Validator::new(schema).validate(&regels, ValidationMode::default());
        if !uitkomst.validation_passed() {
            return Err(uitkomst.validation_errors().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        }
        Ok(Self { regels, oordelen: RwLock::new(HashMap::new()) })
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
        let uid = |soort: &str, id: &str| EntityUid::from_str(&format!("{soort}::\"{id}\"")).map_err(|e| e.to_string());
        let lijst = |namen: Vec<&str>| RestrictedExpression::new_set(namen.into_iter().map(|n| RestrictedExpression::new_string(n.to_owned())));
        let (principal, attributen) = match wie {
            Handelaar::Persoon(bits) => {
                let rollen = Rol::ALLE.iter().enumerate().filter(|(plek, _)| bits & (1 << plek) != 0).map(|(_, rol)| rol.as_str()).collect();
                (uid("Persoon", "aanroeper")?, HashMap::from([("rollen".to_owned(), lijst(rollen))]))
            }
            Handelaar::Toepassing => (uid("Toepassing", "aanroeper")?, HashMap::new()),
        };
        let entiteit = Entity::new(principal.clone(), attributen, std::collections::HashSet::new()).map_err(|e| e.to_string())?;
        let entiteiten = Entities::from_entities([entiteit], None).map_err(|e| e.to_string())?;
        let context = Context::from_pairs([
            ("relatie".to_owned(), lijst(relaties.namen().collect())),
            ("status".to_owned(), RestrictedExpression::new_string(status.to_owned())),
        ])
        .map_err(|e| e.to_string())?;
        let verzoek = Request::new(principal, uid("Action", actie.as_str())?, uid("Zaak", "zaak")?, context, None).map_err(|e| e.to_string())?;
        Ok(Authorizer::new().is_authorized(&verzoek, &self.regels, &entiteiten).decision() == Decision::Allow)
    }
}

/// Wie deze handeling mag, als tekst voor het document.
#[must_use]
pub fn wie_mag(beleid: &Beleid, actie: &str) -> String {
    let actie = Action::ALLE.iter().find(|a| a.as_str() == actie);
    actie.map(|actie| matrix::in_woorden(beleid, *actie)).unwrap_or_default()
}
