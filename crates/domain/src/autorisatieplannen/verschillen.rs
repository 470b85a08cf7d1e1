//! Het verschil tussen twee versies: toegevoegd, verwijderd, gewijzigd. Toegepast op de oude geeft het de nieuwe.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Planinhoud, Profiel, Toewijzing};
use crate::keuze::keuze;

keuze! {
    /// Wat er met een onderdeel gebeurde.
    Verschilsoort { /// Nieuw.
        Toegevoegd = "toegevoegd", /// Weg.
        Verwijderd = "verwijderd", /// Anders.
        Gewijzigd = "gewijzigd" }
}

macro_rules! verschil {
    ($(#[$meta:meta])* $naam:ident, $kind:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub struct $naam {
            /// Wat er gebeurde.
            pub soort: Verschilsoort,
            /// Hoe het was.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub voor: Option<$kind>,
            /// Hoe het wordt.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub na: Option<$kind>,
        }
    };
}

verschil!(
    /// Een verschil in een profiel.
    Profielverschil, Profiel
);
verschil!(
    /// Een verschil in een toewijzing.
    Toewijzingsverschil, Toewijzing
);

/// Alle verschillen tussen twee versies van een plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Planverschillen {
    /// In de profielen.
    pub profielen: Vec<Profielverschil>,
    /// In de toewijzingen.
    pub toewijzingen: Vec<Toewijzingsverschil>,
}

/// Waar iets veranderde, als plaats in de inhoud van nu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verschilplaats {
    /// JSON Pointer in de inhoud van nu; van iets dat weg is de lijst waar het in stond.
    #[schema(example = "/profielen/3")]
    pub location: String,
    /// Wat er gebeurde.
    pub soort: Verschilsoort,
    /// Code van het profiel.
    #[schema(example = "crisisteam-im")]
    pub profiel: String,
}

/// Loopt twee gesorteerde rijen samen af.
fn vergelijk<'a, T: PartialEq>(
    oud: &'a [T],
    nieuw: &'a [T],
    volgorde: impl Fn(&T, &T) -> Ordering,
    mut verschil: impl FnMut(Verschilsoort, Option<&'a T>, Option<&'a T>),
) {
    let (mut links, mut rechts) = (oud.iter().peekable(), nieuw.iter().peekable());
    loop {
        let stand = match (links.peek(), rechts.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(l), Some(r)) => volgorde(l, r),
        };
        match stand {
            Ordering::Less => verschil(Verschilsoort::Verwijderd, links.next(), None),
            Ordering::Greater => verschil(Verschilsoort::Toegevoegd, None, rechts.next()),
            Ordering::Equal => {
                let (l, r) = (links.next(), rechts.next());
                if l != r {
                    verschil(Verschilsoort::Gewijzigd, l, r);
                }
            }
        }
    }
}

/// Past verschillen toe op een gesorteerde rij.
fn toegepast<T: Clone>(oud: &[T], verschillen: impl Iterator<Item = (Option<T>, Option<T>)>, volgorde: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut lijst = oud.to_vec();
    let mut nieuw = Vec::new();
    for (voor, na) in verschillen {
        if let Some(plek) = voor.as_ref().and_then(|v| lijst.binary_search_by(|x| volgorde(x, v)).ok()) {
            lijst.remove(plek);
        }
        nieuw.extend(na);
    }
    lijst.extend(nieuw);
    lijst.sort_by(|a, b| volgorde(a, b));
    lijst
}

fn op_code(a: &Profiel, b: &Profiel) -> Ordering {
    a.code.cmp(&b.code)
}

fn op_sleutel(a: &Toewijzing, b: &Toewijzing) -> Ordering {
    a.sleutel().cmp(&b.sleutel())
}

impl Planverschillen {
    /// Het verschil tussen twee geordende inhouden.
    #[must_use]
    pub fn tussen(oud: &Planinhoud, nieuw: &Planinhoud) -> Self {
        let mut uit = Self::default();
        vergelijk(&oud.profielen, &nieuw.profielen, op_code, |soort, voor, na| {
            uit.profielen.push(Profielverschil { soort, voor: voor.cloned(), na: na.cloned() });
        });
        vergelijk(&oud.toewijzingen, &nieuw.toewijzingen, op_sleutel, |soort, voor, na| {
            uit.toewijzingen.push(Toewijzingsverschil { soort, voor: voor.cloned(), na: na.cloned() });
        });
        uit
    }

    /// De nieuwe inhoud, uit de oude.
    #[must_use]
    pub fn toepassen(&self, oud: &Planinhoud) -> Planinhoud {
        Planinhoud {
            profielen: toegepast(&oud.profielen, self.profielen.iter().map(|v| (v.voor.clone(), v.na.clone())), op_code),
            toewijzingen: toegepast(&oud.toewijzingen, self.toewijzingen.iter().map(|v| (v.voor.clone(), v.na.clone())), op_sleutel),
        }
    }

    /// Dezelfde verschillen de andere kant op: toegepast op de nieuwe geven ze de oude.
    #[must_use]
    pub fn omgekeerd(self) -> Self {
        let om = |soort: Verschilsoort| match soort {
            Verschilsoort::Toegevoegd => Verschilsoort::Verwijderd,
            Verschilsoort::Verwijderd => Verschilsoort::Toegevoegd,
            Verschilsoort::Gewijzigd => Verschilsoort::Gewijzigd,
        };
        Self {
            profielen: self.profielen.into_iter().map(|v| Profielverschil { soort: om(v.soort), voor: v.na, na: v.voor }).collect(),
            toewijzingen: self.toewijzingen.into_iter().map(|v| Toewijzingsverschil { soort: om(v.soort), voor: v.na, na: v.voor }).collect(),
        }
    }

    /// Of er geen verschil is.
    #[must_use]
    pub fn is_leeg(&self) -> bool {
        self.profielen.is_empty() && self.toewijzingen.is_empty()
    }

    /// Waar deze verschillen nu te vinden zijn.
    #[must_use]
    pub fn plaatsen(&self, nu: &Planinhoud) -> Vec<Verschilplaats> {
        let profielen = self.profielen.iter().filter_map(|v| {
            let profiel = v.na.as_ref().or(v.voor.as_ref())?;
            let plek = nu.profielen.binary_search_by(|p| op_code(p, profiel)).ok();
            let location = plek.map_or_else(|| "/profielen".to_owned(), |plek| format!("/profielen/{plek}"));
            Some(Verschilplaats { location, soort: v.soort, profiel: profiel.code.clone() })
        });
        let toewijzingen = self.toewijzingen.iter().filter_map(|v| {
            let t = v.na.as_ref().or(v.voor.as_ref())?;
            let plek = nu.toewijzingen.binary_search_by(|x| op_sleutel(x, t)).ok();
            let location = plek.map_or_else(|| "/toewijzingen".to_owned(), |plek| format!("/toewijzingen/{plek}"));
            Some(Verschilplaats { location, soort: v.soort, profiel: t.profiel.clone() })
        });
        profielen.chain(toewijzingen).collect()
    }
}
