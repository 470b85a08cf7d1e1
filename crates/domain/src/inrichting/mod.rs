//! De inrichting van het LCMS: teams, disciplines en functies (stap 4, 'Inrichting'). De organisatie wenst, LFB richt in.

mod sjablonen;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, Wijziging, aanwezig, klaar, verplicht, zet};
use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

pub use crate::vragenlijsten::Coordinatieniveau;
pub use sjablonen::{Bullet, NieuwSjabloon, Pagina, Sjabloon, SjabloonWijziging, Sjablooninhoud, Thema, Veld, Verplaatsing};

keuze! {
    /// Wat er wordt ingericht.
    InrichtingSoort { /// Een team.
        Team = "team", /// Een discipline.
        Discipline = "discipline", /// Een functie.
        Functie = "functie" }
}
keuze! {
    /// Of LFB het onderdeel al heeft ingericht.
    InrichtingStatus { /// Wens van de organisatie.
        Gewenst = "gewenst", /// Door LFB ingericht.
        Ingericht = "ingericht", /// Niet meer in gebruik.
        Vervallen = "vervallen" }
}

/// Een team, discipline of functie van een organisatie in het LCMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Inrichtingsonderdeel {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Soort.
    pub soort: InrichtingSoort,
    /// Code waarmee profielen ernaar verwijzen; ligt vast.
    #[schema(example = "crisisteam")]
    pub code: String,
    /// Naam zoals in het LCMS.
    #[schema(example = "Crisisteam")]
    pub naam: String,
    /// Niveau; alleen bij een team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinatieniveau: Option<Coordinatieniveau>,
    /// Stand.
    pub status: InrichtingStatus,
    /// Moment waarop LFB het inrichtte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingericht_op: Option<Moment>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een nieuw team, een nieuwe discipline of functie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwInrichtingsonderdeel {
    /// Code: kleine letters, cijfers en streepjes.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "crisisteam")]
    pub code: String,
    /// Naam.
    #[schema(min_length = 1, max_length = 120, example = "Crisisteam")]
    pub naam: String,
    /// Niveau; verplicht bij een team en alleen daar.
    #[serde(default)]
    #[schema(nullable = false)]
    pub coordinatieniveau: Option<Coordinatieniveau>,
}

/// Wijziging van een wens (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InrichtingsonderdeelWijziging {
    /// Naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 120, nullable = false, example = "Crisisteam")]
    pub naam: Option<String>,
    /// Niveau; alleen bij een team.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^(strategisch|tactisch|operationeel)$", example = "tactisch")]
    pub coordinatieniveau: Wijziging<Coordinatieniveau>,
}

/// Of een tekst een code is: kleine letters, cijfers en streepjes, hoogstens 40.
#[must_use]
pub fn is_code(tekst: &str) -> bool {
    (1..=40).contains(&tekst.len()) && !tekst.starts_with('-') && tekst.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn controleer_niveau(fouten: &mut Vec<Veldfout>, soort: InrichtingSoort, niveau: Option<Coordinatieniveau>) {
    match (soort, niveau) {
        (InrichtingSoort::Team, None) => {
            fouten.push(Veldfout::new("/coordinatieniveau", "verplicht", "Kies het niveau waarop dit team coördineert."));
        }
        (InrichtingSoort::Discipline | InrichtingSoort::Functie, Some(_)) => {
            fouten.push(Veldfout::new("/coordinatieniveau", "alleen-bij-team", "Alleen een team heeft een coördinatieniveau; laat dit veld weg."));
        }
        _ => {}
    }
}

impl NieuwInrichtingsonderdeel {
    /// Maakt de wens.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn maak(self, id: Id, organisatie_id: Id, soort: InrichtingSoort, nu: Moment) -> Result<Inrichtingsonderdeel, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        if !is_code(&self.code) {
            fouten.push(Veldfout::new("/code", "code-ongeldig", "Gebruik kleine letters, cijfers en streepjes, hoogstens 40 tekens."));
        }
        verplicht(&mut fouten, "/naam", &self.naam);
        controleer_niveau(&mut fouten, soort, self.coordinatieniveau);
        klaar(
            fouten,
            Inrichtingsonderdeel {
                id,
                organisatie_id,
                soort,
                code: self.code,
                naam: self.naam.trim().to_owned(),
                coordinatieniveau: self.coordinatieniveau,
                status: InrichtingStatus::Gewenst,
                ingericht_op: None,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
                versie: 1,
            },
        )
    }
}

impl InrichtingsonderdeelWijziging {
    /// Past de wijziging toe: wat al ingericht was, wordt weer een wens.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn toepassen(&self, oud: &Inrichtingsonderdeel, nu: Moment) -> Result<Inrichtingsonderdeel, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = oud.verhoogd(nu);
        if let Some(naam) = &self.naam {
            verplicht(&mut fouten, "/naam", naam);
            naam.trim().clone_into(&mut nieuw.naam);
        }
        zet(&mut nieuw.coordinatieniveau, &self.coordinatieniveau);
        controleer_niveau(&mut fouten, oud.soort, nieuw.coordinatieniveau);
        nieuw.status = InrichtingStatus::Gewenst;
        nieuw.ingericht_op = None;
        klaar(fouten, nieuw)
    }
}

impl Inrichtingsonderdeel {
    fn verhoogd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    /// LFB heeft het ingericht.
    ///
    /// # Errors
    /// `al-ingericht`, `onderdeel-vervallen`.
    pub fn inrichten(&self, nu: Moment) -> Result<Self, Weigering> {
        match self.status {
            InrichtingStatus::Gewenst => Ok(Self { status: InrichtingStatus::Ingericht, ingericht_op: Some(nu), ..self.verhoogd(nu) }),
            InrichtingStatus::Ingericht => Err(Weigering::new("al-ingericht", "Dit onderdeel is al ingericht.")),
            InrichtingStatus::Vervallen => Err(Weigering::new("onderdeel-vervallen", "Dit onderdeel is vervallen. Vraag de organisatie om een nieuwe wens.")),
        }
    }

    /// De organisatie gebruikt het niet meer.
    ///
    /// # Errors
    /// `onderdeel-vervallen` als dat al zo is.
    pub fn vervallen(&self, nu: Moment) -> Result<Self, Weigering> {
        if self.status == InrichtingStatus::Vervallen {
            return Err(Weigering::new("onderdeel-vervallen", "Dit onderdeel is al vervallen."));
        }
        Ok(Self { status: InrichtingStatus::Vervallen, ..self.verhoogd(nu) })
    }
}
