//! Wat een verbindingstest en een gezondheidsmeting zagen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::geheimen::{IdpGeheim, WAARSCHUW_DAGEN};
use crate::diagnose::Diagnose;
use crate::keuze::keuze;
use crate::{Id, Moment};

keuze! {
    /// Controleuitkomst van één controle.
    Controleuitkomst { /// In orde.
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
pub struct Testcontrole {
    /// Vaste naam van de controle.
    #[schema(example = "issuer-gelijk")]
    pub code: String,
    /// Controleuitkomst.
    pub uitkomst: Controleuitkomst,
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
pub struct Testverslag {
    /// Of geen controle fout is.
    pub geslaagd: bool,
    /// De controles, in volgorde.
    pub controles: Vec<Testcontrole>,
}

impl Testverslag {
    /// Een verslag uit controles.
    #[must_use]
    pub fn uit(controles: Vec<Testcontrole>) -> Self {
        Self { geslaagd: !controles.is_empty() && controles.iter().all(|c| c.uitkomst != Controleuitkomst::Fout), controles }
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
    pub controles: Vec<Testcontrole>,
    /// Wanneer getest is.
    pub getest_op: Moment,
}

keuze! {
    /// Hoe het met een identiteitsprovider gaat.
    IdpGezondheidStand { /// Nog niet gemeten.
        Onbekend = "onbekend", /// In orde.
        Goed = "goed", /// Werkt, maar vraagt aandacht.
        Waarschuwing = "waarschuwing", /// Aanmelden lukt niet.
        Fout = "fout" }
}

/// De gezondheid van een registratie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdpGezondheid {
    /// De registratie.
    pub identiteitsprovider_id: Id,
    /// Stand.
    pub stand: IdpGezondheidStand,
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

impl IdpGezondheid {
    /// Nog nooit gemeten.
    #[must_use]
    pub const fn onbekend(id: Id) -> Self {
        Self {
            identiteitsprovider_id: id,
            stand: IdpGezondheidStand::Onbekend,
            gemeten_op: None,
            laatst_goed_op: None,
            diagnose: None,
            waarschuwingen: Vec::new(),
        }
    }

    /// De meting van nu, met wat er aan geheimen aandacht vraagt.
    #[must_use]
    pub fn uit(id: Id, diagnose: Option<Diagnose>, geheimen: &[IdpGeheim], vorige: Option<&Self>, nu: Moment) -> Self {
        let verste = WAARSCHUW_DAGEN.iter().copied().max().unwrap_or(0);
        let aflopend = geheimen.iter().filter_map(|geheim| Some((geheim, (geheim.vervalt_op? - nu).num_days())));
        let waarschuwingen: Vec<String> = aflopend
            .filter(|(_, dagen)| *dagen <= verste)
            .map(|(geheim, dagen)| match dagen {
                ..0 => format!("Een geheim ({}) is verlopen; zet een nieuw met POST .../geheimen.", geheim.soort),
                _ => format!("Een geheim ({}) verloopt over {dagen} dagen; zet op tijd een nieuw met POST .../geheimen.", geheim.soort),
            })
            .collect();
        let stand = match (&diagnose, waarschuwingen.is_empty()) {
            (Some(_), _) => IdpGezondheidStand::Fout,
            (None, false) => IdpGezondheidStand::Waarschuwing,
            (None, true) => IdpGezondheidStand::Goed,
        };
        let laatst_goed_op = if diagnose.is_none() { Some(nu) } else { vorige.and_then(|vorige| vorige.laatst_goed_op) };
        Self { identiteitsprovider_id: id, stand, gemeten_op: Some(nu), laatst_goed_op, diagnose, waarschuwingen }
    }
}
