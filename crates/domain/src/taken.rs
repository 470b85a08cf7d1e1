//! Taken: wat er op iemand wacht. Altijd berekend uit de stand van de onderwerpen, nooit opgeslagen.
//!
//! Ieder onderwerp levert zijn eigen taken met een pure functie (`registraties::Registratie::taken` is het voorbeeld); de API
//! verzamelt ze in `api::taken`.

use chrono::{Months, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organisaties::{Organisatie, OrganisatieSoort};
use crate::personen::{Persoon, Rol};
use crate::{Datum, Id, Moment};

/// Iets dat op de aanroeper wacht.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Taak {
    /// Soort taak; clients negeren wat zij niet kennen.
    #[schema(example = "registratie-ondertekenen")]
    pub soort: String,
    /// Wat er te doen is, als zin.
    #[schema(example = "Onderteken de registratie van organisatiebeheerders.")]
    pub titel: String,
    /// Adres van het onderwerp.
    #[schema(format = "uri-reference", example = "/v1/organisatiebeheerder-registraties/0190f3a0-0000-7000-8000-000000000001")]
    pub onderwerp: String,
    /// De organisatie waar het over gaat.
    pub organisatie_id: Id,
    /// De naam van die organisatie.
    #[schema(example = "Waterschap Voorbeeldland")]
    pub organisatie_naam: String,
    /// Sinds wanneer dit wacht.
    pub sinds_op: Moment,
    /// Wanneer het klaar moet zijn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uiterlijk_datum: Option<Datum>,
}

/// Voor wie taken worden gezocht.
#[derive(Clone, Copy, Debug)]
pub struct Voor<'a> {
    /// De persoon.
    pub persoon: &'a Persoon,
    /// Diens organisatie.
    pub organisatie: &'a Organisatie,
    /// De dag van vandaag.
    pub vandaag: Datum,
}

impl Voor<'_> {
    /// Of de persoon bij NIPV werkt met een van deze rollen.
    #[must_use]
    pub fn bij_nipv(&self, rollen: &[Rol]) -> bool {
        self.organisatie.soort == OrganisatieSoort::Nipv && self.heeft(rollen)
    }

    /// Of de persoon bij deze organisatie werkt met een van deze rollen.
    #[must_use]
    pub fn bij(&self, organisatie_id: Id, rollen: &[Rol]) -> bool {
        self.organisatie.id == organisatie_id && self.heeft(rollen)
    }

    fn heeft(&self, rollen: &[Rol]) -> bool {
        rollen.iter().any(|rol| self.persoon.rollen.contains(rol))
    }
}

/// Zoveel van tevoren wacht iets dat op een vaste dag klaar moet zijn.
const AANLOOP: Months = Months::new(3);

/// De eerste dag waarop iets wacht dat uiterlijk op deze dag moet.
#[must_use]
pub fn wacht_vanaf(uiterlijk: Datum) -> Datum {
    uiterlijk.checked_sub_months(AANLOOP).and_then(|dag| dag.succ_opt()).unwrap_or(uiterlijk)
}

/// Het begin van een dag, als moment.
#[must_use]
pub fn begin_van(dag: Datum) -> Moment {
    dag.and_time(NaiveTime::MIN).and_utc()
}

/// Zet taken op volgorde: wat het eerst klaar moet zijn vooraan, daarna wat het langst wacht.
pub fn sorteer(taken: &mut [Taak]) {
    taken.sort_by(|a, b| {
        let dag = |t: &Taak| t.uiterlijk_datum.unwrap_or(Datum::MAX);
        dag(a).cmp(&dag(b)).then(a.sinds_op.cmp(&b.sinds_op)).then_with(|| a.onderwerp.cmp(&b.onderwerp)).then_with(|| a.soort.cmp(&b.soort))
    });
}
