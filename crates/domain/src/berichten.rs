//! Uitgaande post, zoals het beheer haar ziet: of zij aankwam, en zo niet waarom. De inhoud staat hier nooit.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::keuze::keuze;
use crate::{Id, Moment};

keuze! {
    /// Hoe ver een bericht is.
    BerichtStatus { /// Nog niet bezorgd; wordt (opnieuw) geprobeerd.
        Wachtend = "wachtend", /// Door de mailserver aangenomen.
        Verzonden = "verzonden", /// Niet bezorgd en niet meer geprobeerd.
        Opgegeven = "opgegeven" }
}

/// Een uitgaand bericht.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bericht {
    /// Identificatie; staat ook in `Message-ID`.
    pub id: Id,
    /// Geadresseerde.
    #[schema(example = "lotte@voorbeeldland.example")]
    pub aan: String,
    /// Onderwerp.
    #[schema(example = "Uw code voor het Aansluitloket")]
    pub onderwerp: String,
    /// Hoe ver het is.
    pub status: BerichtStatus,
    /// Hoe vaak het is aangeboden.
    #[schema(minimum = 0, example = 1)]
    pub pogingen: i64,
    /// Wat de mailserver het laatst zei.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "550 onbekend adres")]
    pub laatste_fout: Option<String>,
    /// Wanneer het weer wordt aangeboden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volgende_poging_op: Option<Moment>,
    /// Moment van plaatsen.
    pub aangemaakt_op: Moment,
    /// Wanneer de mailserver het aannam.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verzonden_op: Option<Moment>,
}
