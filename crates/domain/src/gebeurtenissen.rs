//! De gebeurtenis: iedere wijziging als CloudEvent (NL GOV-profiel 1.1), zonder persoonsgegevens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Moment};

/// Verwijzing naar wat er veranderde; de inhoud haalt de afnemer op met het eigen token (claim check).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GebeurtenisGegevens {
    /// Soort onderwerp.
    #[schema(example = "traject")]
    pub onderwerp_soort: String,
    /// Identificatie van het onderwerp.
    pub onderwerp_id: String,
    /// Het traject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traject_id: Option<Id>,
    /// De organisatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisatie_id: Option<Id>,
}

/// Een gebeurtenis in de vorm van CloudEvents 1.0 (JSON).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gebeurtenis {
    /// Versie van CloudEvents.
    #[schema(example = "1.0")]
    pub specversion: String,
    /// Identificatie; blijft gelijk bij opnieuw bezorgen.
    pub id: Id,
    /// Bron als URN met NID `nld`.
    #[schema(example = "urn:nld:oin:00000000000000000000:systeem:aansluitloket")]
    pub source: String,
    /// Soort gebeurtenis.
    #[serde(rename = "type")]
    #[schema(example = "nl.crisispartners.stapovergang.vastgelegd.v1")]
    pub soort: String,
    /// Identificatie van het onderwerp; nooit een persoonsgegeven.
    pub subject: String,
    /// Moment van vastleggen.
    pub time: Moment,
    /// Soort inhoud.
    #[schema(example = "application/json")]
    pub datacontenttype: String,
    /// Volgnummer bij deze bron, oplopend met één.
    #[schema(example = "1042")]
    pub sequence: String,
    /// Soort volgnummer.
    #[schema(example = "Integer")]
    pub sequencetype: String,
    /// Verwijzing naar de inhoud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataref: Option<String>,
    /// W3C Trace Context van het verzoek.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Wat er veranderde.
    pub data: GebeurtenisGegevens,
}
