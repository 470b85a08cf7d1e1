//! Wat een verbindingstest en een gezondheidsmeting zagen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::diagnose::Diagnose;
use crate::keuze::keuze;
use crate::{Id, Moment};

keuze! {
    /// Uitkomst van één controle.
    Uitkomst { /// In orde.
        Ok = "ok", /// Werkt, maar let op.
        LetOp = "let-op", /// Houdt aanmelden tegen.
        Fout = "fout", /// Niet te controleren in deze test.
        Overgeslagen = "overgeslagen" }
}
keuze! {
    /// Soort test; een proefaanmelding met een echt account krijgt hier haar eigen soort.
    TestSoort { /// Gegevens, sleutels en client, zonder dat iemand zich aanmeldt.
        Verbinding = "verbinding" }
}

/// Eén controle, in vaste volgorde.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Controle {
    /// Vaste naam van de controle.
    #[schema(example = "issuer-gelijk")]
    pub code: String,
    /// Uitkomst.
    pub uitkomst: Uitkomst,
    /// Wat de uitkomst betekent.
    #[schema(example = "Het document noemt dezelfde uitgever als de registratie.")]
    pub uitleg: String,
    /// De waarde die gezien is; nooit een geheim.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://idp.voorbeeld.example")]
    pub gezien: Option<String>,
    /// De diagnose, als aanmelden hierop zou mislukken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnose: Option<Diagnose>,
}

/// Het verslag van een test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verslag {
    /// Of geen controle fout is.
    pub geslaagd: bool,
    /// De controles, in volgorde.
    pub controles: Vec<Controle>,
}

impl Verslag {
    /// Een verslag uit controles.
    #[must_use]
    pub fn uit(controles: Vec<Controle>) -> Self {
        Self { geslaagd: !controles.is_empty() && controles.iter().all(|c| c.uitkomst != Uitkomst::Fout), controles }
    }
}

/// Een bewaarde test van een versie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verbindingstest {
    /// Identificatie.
    pub id: Id,
    /// De registratie.
    pub identiteitsprovider_id: Id,
    /// De geteste versie.
    #[schema(minimum = 1, example = 1)]
    pub versienummer: i32,
    /// Soort test.
    pub soort: TestSoort,
    /// Of geen controle fout is.
    pub geslaagd: bool,
    /// De controles, in volgorde.
    pub controles: Vec<Controle>,
    /// Wanneer getest is.
    pub getest_op: Moment,
}

keuze! {
    /// Hoe het met een identiteitsprovider gaat.
    GezondheidStand { /// Nog niet gemeten.
        Onbekend = "onbekend", /// In orde.
        Goed = "goed", /// Werkt, maar vraagt aandacht.
        Waarschuwing = "waarschuwing", /// Aanmelden lukt niet.
        Fout = "fout" }
}

/// De gezondheid van een registratie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gezondheid {
    /// De registratie.
    pub identiteitsprovider_id: Id,
    /// Stand.
    pub stand: GezondheidStand,
    /// Wanneer voor het laatst gemeten is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gemeten_op: Option<Moment>,
    /// Wanneer het voor het laatst goed ging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laatst_goed_op: Option<Moment>,
    /// Wat er mis is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnose: Option<Diagnose>,
    /// Wat aandacht vraagt, bijvoorbeeld een geheim dat gaat verlopen.
    #[serde(default)]
    pub waarschuwingen: Vec<String>,
}
