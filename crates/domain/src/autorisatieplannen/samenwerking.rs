//! Het samenwerkingsprofiel: een profiel dat een organisatie uitleent aan een gebruiker van een andere. De eigenaar beslist.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, klaar, verplicht};
use crate::keuze::keuze;
use crate::{Datum, Id, Moment, Weigering};

keuze! {
    /// Stand van een samenwerkingsprofiel.
    SamenwerkingsprofielStatus { /// Wacht op de eigenaar.
        Aangevraagd = "aangevraagd", /// De eigenaar leent het uit.
        Toegekend = "toegekend", /// De eigenaar leent het niet uit.
        Geweigerd = "geweigerd", /// Beëindigd door een van beide.
        Beeindigd = "beeindigd" }
}

/// Een uitgeleend profiel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Samenwerkingsprofiel {
    /// Identificatie.
    pub id: Id,
    /// De organisatie van wie het profiel is.
    pub eigenaar_id: Id,
    /// De organisatie van de gebruiker.
    pub organisatie_id: Id,
    /// De gebruiker die het leent.
    pub gebruiker_id: Id,
    /// Code van het profiel in het plan van de eigenaar.
    #[schema(example = "liaison")]
    pub profiel: String,
    /// Waarvoor.
    pub motivatie: String,
    /// Laatste dag.
    pub tot_datum: Datum,
    /// Stand.
    pub status: SamenwerkingsprofielStatus,
    /// Wie het aanvroeg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aangevraagd_door: Option<Id>,
    /// Wie namens de eigenaar besloot, of het beëindigde.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub besloten_door: Option<Id>,
    /// Moment van dat besluit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub besloten_op: Option<Moment>,
    /// Toelichting bij dat besluit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<String>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een aanvraag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwSamenwerkingsprofiel {
    /// De organisatie van wie het profiel is.
    pub eigenaar_id: Id,
    /// De gebruiker van uw organisatie.
    pub gebruiker_id: Id,
    /// Code van het profiel in het vastgestelde plan van de eigenaar.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "liaison")]
    pub profiel: String,
    /// Waarvoor.
    #[schema(min_length = 1, max_length = 2000, example = "Inzet van de liaison tijdens het hoogwater.")]
    pub motivatie: String,
    /// Laatste dag; hoogstens een jaar vooruit.
    pub tot_datum: Datum,
}

impl NieuwSamenwerkingsprofiel {
    /// Maakt de aanvraag.
    ///
    /// # Errors
    /// Alle fouten in de velden: een einddatum in het verleden of verder dan een jaar, of een profiel van de eigen organisatie.
    pub fn maak(self, id: Id, organisatie_id: Id, door: Option<Id>, vandaag: Datum, nu: Moment) -> Result<Samenwerkingsprofiel, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/motivatie", &self.motivatie);
        if self.eigenaar_id == organisatie_id {
            fouten.push(Veldfout::new("/eigenaarId", "eigen-organisatie", "Een profiel van uw eigen organisatie kent u toe in het autorisatieplan."));
        }
        let grens = vandaag.checked_add_months(chrono::Months::new(12)).unwrap_or(vandaag);
        if self.tot_datum < vandaag || self.tot_datum > grens {
            fouten.push(Veldfout::new("/totDatum", "periode-ongeldig", "Kies een laatste dag vanaf vandaag en hoogstens een jaar vooruit."));
        }
        klaar(
            fouten,
            Samenwerkingsprofiel {
                id,
                eigenaar_id: self.eigenaar_id,
                organisatie_id,
                gebruiker_id: self.gebruiker_id,
                profiel: self.profiel,
                motivatie: self.motivatie,
                tot_datum: self.tot_datum,
                status: SamenwerkingsprofielStatus::Aangevraagd,
                aangevraagd_door: door,
                besloten_door: None,
                besloten_op: None,
                toelichting: None,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
                versie: 1,
            },
        )
    }
}

impl Samenwerkingsprofiel {
    /// Zet een besluit.
    ///
    /// # Errors
    /// `samenwerkingsprofiel-in-andere-stand`.
    pub fn besluit(&self, status: SamenwerkingsprofielStatus, door: Option<Id>, toelichting: Option<String>, nu: Moment) -> Result<Self, Weigering> {
        use SamenwerkingsprofielStatus::{Aangevraagd, Beeindigd, Geweigerd, Toegekend};
        let past = matches!((self.status, status), (Aangevraagd, Toegekend | Geweigerd | Beeindigd) | (Toegekend, Beeindigd));
        if !past {
            let detail = format!("Dit samenwerkingsprofiel is '{}' en kan niet '{status}' worden.", self.status);
            return Err(Weigering::new("samenwerkingsprofiel-in-andere-stand", detail));
        }
        Ok(Self { status, besloten_door: door, besloten_op: Some(nu), toelichting, gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() })
    }

    /// Of het profiel op deze dag is uitgeleend.
    #[must_use]
    pub fn geldt_op(&self, dag: Datum) -> bool {
        self.status == SamenwerkingsprofielStatus::Toegekend && dag <= self.tot_datum
    }
}
