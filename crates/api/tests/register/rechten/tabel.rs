//! De vastgelegde tabel: wat `docs/rechten.md` over iedere handeling en iedere operatie zegt.

use std::collections::BTreeMap;

use api::beleid::Action;
use domain::personen::Rol;

const TEKST: &str = include_str!("../../../../../docs/rechten.md");

/// Wie er belt, als kolom van de tabel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kolom {
    Rol(Rol),
    GeenRol,
    Toepassing,
}

impl Kolom {
    pub(super) const fn kop(self) -> &'static str {
        match self {
            Self::Rol(rol) => rol.as_str(),
            Self::GeenRol => "(geen rol)",
            Self::Toepassing => "toepassing",
        }
    }
}

/// De tabel.
pub(super) struct Tabel {
    kolommen: Vec<&'static str>,
    cellen: BTreeMap<&'static str, Vec<&'static str>>,
    /// Handeling en scope bij elke operatie.
    operaties: BTreeMap<&'static str, (&'static str, &'static str)>,
}

fn cellen(regel: &'static str) -> Vec<&'static str> {
    regel.trim_matches('|').split('|').map(|cel| cel.trim().trim_matches('`')).collect()
}

impl Tabel {
    pub(super) fn vastgelegd() -> Self {
        let (handelingen, operaties) = TEKST.split_once("\n## Operaties\n").expect("twee tabellen");
        let rijen = |deel: &'static str| deel.lines().filter(|regel| regel.starts_with("| `")).map(cellen);
        let kop = handelingen.lines().find(|regel| regel.starts_with("| handeling |")).expect("kop");
        Self {
            kolommen: cellen(kop).split_off(1),
            cellen: rijen(handelingen).map(|mut rij| (rij.remove(0), rij)).collect(),
            operaties: rijen(operaties).map(|rij| (rij[0], (rij[1], rij[2]))).collect(),
        }
    }

    /// Handeling en scope van een operatie; zonder handeling is er geen token nodig.
    pub(super) fn operatie(&self, operatie: &str) -> (Option<Action>, &'static str) {
        let (handeling, scope) = *self.operaties.get(operatie).unwrap_or_else(|| panic!("{operatie} staat niet in docs/rechten.md"));
        let actie = Action::ALLE.iter().copied().find(|actie| actie.as_str() == handeling);
        assert!(actie.is_some() || handeling == "zonder token", "{operatie}: {handeling}");
        (actie, scope)
    }

    /// Of deze kolom de handeling mag in een van deze verhoudingen (de letters van de tabel).
    pub(super) fn mag(&self, actie: Action, kolom: Kolom, verhoudingen: &str) -> bool {
        let plek = self.kolommen.iter().position(|kop| *kop == kolom.kop()).expect("kolom");
        let cel = self.cellen[actie.as_str()][plek];
        cel == "●" || cel.chars().any(|letter| verhoudingen.contains(letter))
    }
}
