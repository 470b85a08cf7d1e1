//! Netwerkaansluitingen (stap 4 'Netwerken en verbindingen').

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NetwerkSoort, NetwerkStatus, Testresultaat};
use crate::invoer::{Veldfout, Wijziging, aanwezig, klaar, zet};
use crate::{Id, Moment};

/// Een netwerkaansluiting van een organisatie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Netwerkaansluiting {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Het netwerk.
    pub soort: NetwerkSoort,
    /// Stand.
    pub status: NetwerkStatus,
    /// Moment van de laatste test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laatst_getest_op: Option<Moment>,
    /// Uitkomst van de laatste test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub testresultaat: Option<Testresultaat>,
    /// Toelichting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<String>,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een nieuwe netwerkaansluiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweNetwerkaansluiting {
    /// Het netwerk.
    pub soort: NetwerkSoort,
    /// Stand.
    pub status: NetwerkStatus,
    /// Toelichting.
    #[serde(default)]
    #[schema(max_length = 2000, nullable = false, example = "Aanvraag loopt bij de koppelnetbeheerder.")]
    pub toelichting: Option<String>,
}

/// Wijziging van een netwerkaansluiting (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetwerkaansluitingWijziging {
    /// Stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<NetwerkStatus>,
    /// Moment van de laatste test; niet in de toekomst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub laatst_getest_op: Option<Moment>,
    /// Uitkomst van de laatste test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub testresultaat: Option<Testresultaat>,
    /// Toelichting; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub toelichting: Wijziging<String>,
}

impl NieuweNetwerkaansluiting {
    /// Maakt de netwerkaansluiting.
    #[must_use]
    pub fn maak(self, id: Id, organisatie_id: Id) -> Netwerkaansluiting {
        Netwerkaansluiting {
            id,
            organisatie_id,
            soort: self.soort,
            status: self.status,
            laatst_getest_op: None,
            testresultaat: None,
            toelichting: self.toelichting,
            versie: 1,
        }
    }
}

impl NetwerkaansluitingWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Als het testmoment in de toekomst ligt, of een uitkomst zonder moment is gegeven.
    pub fn toepassen(&self, oud: &Netwerkaansluiting, nu: Moment) -> Result<Netwerkaansluiting, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        if self.laatst_getest_op.is_some_and(|op| op > nu) {
            fouten.push(Veldfout::new("/laatstGetestOp", "in-de-toekomst", "Een test kan niet in de toekomst gedaan zijn."));
        }
        if self.testresultaat.is_some() && self.laatst_getest_op.or(oud.laatst_getest_op).is_none() {
            fouten.push(Veldfout::new("/laatstGetestOp", "verplicht", "Geef bij een uitkomst ook het moment van de test."));
        }
        let mut nieuw = oud.clone();
        nieuw.status = self.status.unwrap_or(oud.status);
        nieuw.laatst_getest_op = self.laatst_getest_op.or(oud.laatst_getest_op);
        nieuw.testresultaat = self.testresultaat.or(oud.testresultaat);
        zet(&mut nieuw.toelichting, &self.toelichting);
        nieuw.versie += 1;
        klaar(fouten, nieuw)
    }
}
