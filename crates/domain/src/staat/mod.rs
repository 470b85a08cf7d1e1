//! De Staat van Netcentrisch Werken: optellen over organisaties, zonder er één te verraden.
//!
//! Een *bijdrage* is wat één organisatie in één kalenderjaar aan één uitgave bijdraagt. Bijdragen worden opgeteld in *cellen*
//! (sector × regiotype). Wat naar buiten gaat, zijn per vraag sommen over groepen cellen die [`onthouding`] heeft vrijgegeven;
//! alle andere cijfers (categorieën, kernvragen, totaal, trend, sterk en zwak) volgen daaruit en verraden dus niets extra's.

pub mod beeld;
pub mod onthouding;
pub mod regiotypen;

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::afnames::Afname;
use crate::resultaten::Resultaat;
use crate::{Datum, Id};

pub use beeld::{Bron, Jaarbeeld, Kader, Puntsoort, StaatBeeld, beeld};
pub use onthouding::{Atoom, DREMPEL, Groep, vrijgegeven};
pub use regiotypen::{NieuwRegiotype, Regiotype, RegiotypeVanOrganisatie};

/// Code van organisaties zonder sector of regiotype.
pub const ONBEKEND: &str = "onbekend";

/// Maand en dag waarop het jaar ervoor wordt vastgesteld: een oefening van december is zo in januari nog af te sluiten.
const VASTSTELLING: (u32, u32) = (2, 1);

/// Of een kalenderjaar op deze dag is vastgesteld. Tot dan loopt het en kan een afname uit dat jaar nog gesloten of heropend
/// worden; daarna verandert het nooit meer, want het verschil tussen voor en na zou één organisatie laten zien.
#[must_use]
pub fn vastgesteld(jaar: i32, dag: Datum) -> bool {
    Datum::from_ymd_opt(jaar.saturating_add(1), VASTSTELLING.0, VASTSTELLING.1).is_some_and(|op| dag >= op)
}

/// Het laatste jaar dat op deze dag is vastgesteld.
#[must_use]
pub fn laatst_vastgesteld(dag: Datum) -> i32 {
    let vorig = dag.year() - 1;
    if vastgesteld(vorig, dag) { vorig } else { vorig - 1 }
}

/// Wat één organisatie in een jaar bijdraagt: per vraag haar score in miljoensten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bijdrage {
    /// De afname die telt: de laatste van dat jaar, naar haar eerste dag.
    pub afname_id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Code van de vragenlijst.
    pub vragenlijst_code: String,
    /// De uitgave.
    pub vragenlijst_id: Id,
    /// Kalenderjaar van de afname.
    pub jaar: i32,
    /// Sector op het moment van sluiten.
    pub sector: String,
    /// Regiotype op het moment van sluiten.
    pub regiotype: String,
    /// Per vraag de score in miljoensten.
    pub scores: BTreeMap<i16, i64>,
}

/// De som van bijdragen op één vraag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Som {
    /// Hoeveel organisaties een score hebben.
    pub n: i64,
    /// Som van hun scores in miljoensten.
    pub som: i64,
    /// Hoeveel organisaties in elk kwart van de schaal.
    pub kwarten: [i64; 4],
}

/// De som van bijdragen in één cel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Celsom {
    /// Hoeveel organisaties bijdragen.
    pub organisaties: i64,
    /// Per vraag.
    pub vragen: BTreeMap<i16, Som>,
}

/// Een cel: organisaties met dezelfde sector en hetzelfde regiotype, in één jaar met één uitgave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cel {
    /// Sector.
    pub sector: String,
    /// Regiotype.
    pub regiotype: String,
    /// De som.
    pub som: Celsom,
}

impl Bijdrage {
    /// De bijdrage van een gesloten afname.
    #[must_use]
    pub fn van(resultaat: &Resultaat, afname: &Afname, sector: Option<&str>, regiotype: Option<&str>) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "een score ligt tussen 0 en 1")]
        let miljoensten = |score: f64| (score * 1_000_000.0).round() as i64;
        Self {
            afname_id: afname.id,
            organisatie_id: afname.organisatie_id,
            vragenlijst_code: afname.vragenlijst_code.clone(),
            vragenlijst_id: afname.vragenlijst_id,
            jaar: afname.jaar(),
            sector: sector.unwrap_or(ONBEKEND).to_owned(),
            regiotype: regiotype.unwrap_or(ONBEKEND).to_owned(),
            scores: resultaat.vragen.iter().filter_map(|v| Some((v.nummer, miljoensten(v.score?)))).collect(),
        }
    }
}

impl Som {
    fn tel(&mut self, score: i64, teken: i64) {
        self.n += teken;
        self.som += teken * score;
        let kwart = usize::try_from(score * 4 / 1_000_001).unwrap_or_default().min(3);
        if let Some(plek) = self.kwarten.get_mut(kwart) {
            *plek += teken;
        }
    }

    /// Samen met een andere som.
    pub fn plus(&mut self, ander: &Self) {
        self.n += ander.n;
        self.som += ander.som;
        for (hier, daar) in self.kwarten.iter_mut().zip(ander.kwarten) {
            *hier += daar;
        }
    }
}

impl Celsom {
    fn tel(&mut self, bijdrage: &Bijdrage, teken: i64) {
        self.organisaties += teken;
        for (vraag, score) in &bijdrage.scores {
            self.vragen.entry(*vraag).or_default().tel(*score, teken);
        }
        self.vragen.retain(|_, som| som.n != 0);
    }

    /// Telt een bijdrage erbij.
    pub fn erbij(&mut self, bijdrage: &Bijdrage) {
        self.tel(bijdrage, 1);
    }

    /// Haalt een bijdrage eraf.
    pub fn eraf(&mut self, bijdrage: &Bijdrage) {
        self.tel(bijdrage, -1);
    }
}
