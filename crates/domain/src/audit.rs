//! De auditregel: wie deed wat, waaraan, wanneer, met voor en na.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Id, Moment};

/// Wie een handeling doet: een persoon of een toepassing, namens een organisatie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Door {
    /// De persoon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persoon_id: Option<Id>,
    /// De toepassing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toepassing_id: Option<Id>,
    /// De organisatie; afwezig als de dienst zelf handelt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisatie_id: Option<Id>,
}

/// Eén regel van het auditlogboek; wordt nooit gewijzigd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Auditregel {
    /// Identificatie.
    pub id: Id,
    /// Plaats in de keten; aaneengesloten vanaf 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 1042)]
    pub volgnummer: Option<i64>,
    /// Moment van de handeling.
    pub op: Moment,
    /// De handeling.
    #[schema(example = "stapovergang.vastgelegd")]
    pub handeling: String,
    /// Soort onderwerp.
    #[schema(example = "traject")]
    pub onderwerp_soort: String,
    /// Identificatie van het onderwerp.
    pub onderwerp_id: String,
    /// Het traject waar het over gaat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traject_id: Option<Id>,
    /// De organisatie waar het over gaat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisatie_id: Option<Id>,
    /// Wie het deed.
    pub door: Door,
    /// Trace-id (W3C Trace Context) van het verzoek.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// De toestand vooraf.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub voor: Option<serde_json::Value>,
    /// De toestand achteraf.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub na: Option<serde_json::Value>,
}
