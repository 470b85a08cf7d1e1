//! Autorisatieplannen: welke profielen er zijn en wie ze krijgt (Bijlage 2, 'Autorisatieplan inrichten en uitvoeren').
//!
//! Een plan is een document dat als geheel wordt gelezen, vergeleken en vastgesteld. De organisatiebeheerder stelt op, LFB
//! kijkt mee, de organisatie stelt vast, en daarna voeren LFB en de organisatiebeheerder uit, regel voor regel.

mod bevindingen;
pub mod gevolgen;
mod inhoud;
mod samenwerking;
mod tabelrijen;
mod taken;
mod uitvoering;
mod verloop;
mod verschillen;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::Door;
use crate::keuze::keuze;
use crate::{Id, Moment};

pub use bevindingen::{Bevinding, Ernst, Gezien, Idspreiding, PerId, Planfeiten, bevindingen};
pub use inhoud::{Paginarecht, Planbewerking, Planinhoud, Profiel, Recht, Toewijzing, Toewijzingsleutel, zelf_toegekend};
pub use samenwerking::{NieuwSamenwerkingsprofiel, Samenwerkingsprofiel, SamenwerkingsprofielStatus};
pub use tabelrijen::{KOPPEN, uit_rijen};
pub use uitvoering::{
    Planuitvoering, Regelresultaat, Regelsoort, Regelstand, Uitvoerder, Uitvoering, Uitvoeringsfout, Uitvoeringsregel, Uitvoeringsresultaat, regels_voor,
};
pub use verloop::{NieuwAutorisatieplan, Planopmerking};
pub use verschillen::{Planverschillen, Profielverschil, Toewijzingsverschil, Verschilplaats, Verschilsoort};

keuze! {
    /// Stand van een autorisatieplan.
    Planstatus { /// Wordt opgesteld.
        Concept = "concept", /// Ligt bij LFB.
        Ingediend = "ingediend", /// LFB is akkoord; de organisatie stelt vast.
        Akkoord = "akkoord", /// Terug bij de opsteller, met opmerkingen.
        Teruggegeven = "teruggegeven", /// Vastgesteld door de organisatie.
        Vastgesteld = "vastgesteld", /// De eerste regels zijn uitgevoerd.
        Uitvoering = "uitvoering", /// Alle regels zijn uitgevoerd.
        Uitgevoerd = "uitgevoerd", /// Een nieuwere versie is uitgevoerd.
        Vervangen = "vervangen", /// Teruggetrokken door de organisatie.
        Ingetrokken = "ingetrokken" }
}
keuze! {
    /// Wat er met een plan besloten is.
    Besluitsoort { /// Naar LFB gestuurd.
        Indiening = "indiening", /// LFB is akkoord.
        Akkoord = "akkoord", /// LFB geeft terug.
        Terugwijzing = "terugwijzing", /// De organisatie stelt vast.
        Vaststelling = "vaststelling", /// De organisatie trekt terug.
        Intrekking = "intrekking" }
}

/// Een besluit over een plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Planbesluit {
    /// Identificatie.
    pub id: Id,
    /// Wat er besloten is.
    pub soort: Besluitsoort,
    /// Moment.
    pub op: Moment,
    /// Wie het besloot.
    pub door: Door,
    /// Toelichting of opmerkingen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<String>,
}

/// Onder welk nummer, wanneer en door wie er besloten wordt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beslissing {
    /// Identificatie van het besluit.
    pub id: Id,
    /// Wie beslist.
    pub door: Door,
    /// Moment.
    pub op: Moment,
}

/// Een autorisatieplan, zonder zijn inhoud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Autorisatieplan {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Versienummer binnen de organisatie, vanaf 1.
    #[schema(minimum = 1, example = 2)]
    pub volgnummer: i32,
    /// Stand.
    pub status: Planstatus,
    /// Het plan waarvan dit een nieuwe versie is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gebaseerd_op: Option<Id>,
    /// Aantal profielen.
    #[schema(minimum = 0, example = 12)]
    pub aantal_profielen: i32,
    /// Aantal toewijzingen.
    #[schema(minimum = 0, example = 80)]
    pub aantal_toewijzingen: i32,
    /// Besluiten, oudste eerst.
    pub besluiten: Vec<Planbesluit>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

impl Planstatus {
    /// Standen waarin een organisatie geen tweede plan kan beginnen.
    pub const OPEN: &'static [Self] = &[Self::Concept, Self::Ingediend, Self::Akkoord, Self::Teruggegeven, Self::Vastgesteld, Self::Uitvoering];

    /// Of de inhoud nog mag wijzigen.
    #[must_use]
    pub const fn bewerkbaar(self) -> bool {
        matches!(self, Self::Concept | Self::Teruggegeven)
    }

    /// Of het plan door de organisatie is vastgesteld en nog geldt.
    #[must_use]
    pub const fn is_vastgesteld(self) -> bool {
        matches!(self, Self::Vastgesteld | Self::Uitvoering | Self::Uitgevoerd)
    }
}
