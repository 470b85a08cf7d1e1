//! Het stappenplan: een concept, daarna gepubliceerd en onveranderlijk, en ooit ingetrokken.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::StappenplanStatus;
use crate::invoer::{Veldfout, klaar, verplicht};
use crate::{Id, Moment, Weigering};

/// Een fase van het stappenplan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fase {
    /// Nummer, 1 tot en met 3.
    #[schema(minimum = 1, maximum = 3)]
    pub nummer: i16,
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Verkenningsfase")]
    pub naam: String,
    /// Korte naam.
    #[schema(min_length = 1, max_length = 50, example = "Verkennen")]
    pub kort: String,
    /// De stappen.
    #[schema(min_items = 2, max_items = 2)]
    pub stappen: Vec<StapOmschrijving>,
}

/// Een stap van het stappenplan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StapOmschrijving {
    /// Nummer, 1 tot en met 6.
    #[schema(minimum = 1, maximum = 6)]
    pub nummer: i16,
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Verkennen")]
    pub naam: String,
    /// Doel in eigen woorden.
    #[schema(max_length = 2000)]
    pub doel: String,
}

/// Een groep van het processchema (Bijlage 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Processchemagroep {
    /// Code.
    #[schema(pattern = "^[a-z0-9-]+$", max_length = 40, example = "opzet")]
    pub code: String,
    /// Titel van de groep.
    #[schema(min_length = 1, max_length = 200, example = "Opzet gezamenlijk project")]
    pub groep: String,
    /// De onderdelen.
    #[schema(max_items = 100)]
    pub items: Vec<Processchemaitem>,
}

/// Een onderdeel van het processchema (Bijlage 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Processchemaitem {
    /// Code.
    #[schema(pattern = "^[A-Za-z0-9-]+$", max_length = 40, example = "opzet-1")]
    pub code: String,
    /// Letter in de bron.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2, example = "A")]
    pub letter: Option<String>,
    /// Titel, letterlijk.
    #[schema(min_length = 1, max_length = 500, example = "Plenaire start")]
    pub titel: String,
}

/// Een actie van Bijlage 2, met haar actiehouders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Techniekactie {
    /// Nummer in de volgorde van Bijlage 2.
    #[schema(minimum = 1, maximum = 999)]
    pub nummer: i16,
    /// Titel, letterlijk.
    #[schema(min_length = 1, max_length = 500, example = "Bepalen organisatiebeheerders")]
    pub titel: String,
    /// Actiehouders, letterlijk.
    #[schema(max_items = 20)]
    pub actiehouders: Vec<ActiehouderOmschrijving>,
}

/// Een actiehouder zoals Bijlage 2 hem noemt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActiehouderOmschrijving {
    /// Partij: Crisispartner, NIPV, Implementatieadviseur of Adoptiepartner.
    #[schema(pattern = "^(Crisispartner|NIPV|Implementatieadviseur|Adoptiepartner)$", example = "NIPV")]
    pub partij: String,
    /// Rol of inbreng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "LFB")]
    pub rol: Option<String>,
}

/// De inhoud van een stappenplan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stappenplaninhoud {
    /// Drie fasen met elk twee stappen.
    #[schema(min_items = 3, max_items = 3)]
    pub fasen: Vec<Fase>,
    /// Bijlage 1.
    #[schema(max_items = 50)]
    pub processchema: Vec<Processchemagroep>,
    /// Bijlage 2.
    #[schema(max_items = 100)]
    pub techniekacties: Vec<Techniekactie>,
}

/// Een versie van het stappenplan; gepubliceerd verandert zij nooit meer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stappenplan {
    /// Identificatie.
    pub id: Id,
    /// Code van de versie.
    #[schema(example = "2026")]
    pub code: String,
    /// Titel.
    #[schema(example = "Netcentrische samenwerking: Stappenplan 2026")]
    pub titel: String,
    /// Stand.
    pub status: StappenplanStatus,
    /// Inhoud.
    pub inhoud: Stappenplaninhoud,
    /// Moment van publicatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gepubliceerd_op: Option<Moment>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een nieuw stappenplan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwStappenplan {
    /// Code van de versie.
    #[schema(pattern = "^[0-9a-z][0-9a-z.-]*$", max_length = 40, example = "2027")]
    pub code: String,
    /// Titel.
    #[schema(min_length = 1, max_length = 300, example = "Netcentrische samenwerking: Stappenplan 2027")]
    pub titel: String,
    /// Inhoud.
    pub inhoud: Stappenplaninhoud,
}

/// Wijziging van een concept-stappenplan (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StappenplanWijziging {
    /// Titel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 300, nullable = false, example = "Stappenplan 2027")]
    pub titel: Option<String>,
    /// Inhoud (in haar geheel).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Stappenplaninhoud>, nullable = false)]
    pub inhoud: Option<Stappenplaninhoud>,
}

impl Stappenplaninhoud {
    fn controleer(&self, fouten: &mut Vec<Veldfout>) {
        let nummers: Vec<i16> = self.fasen.iter().flat_map(|f| f.stappen.iter().map(|s| s.nummer)).collect();
        let fasen: Vec<(i16, usize)> = self.fasen.iter().map(|f| (f.nummer, f.stappen.len())).collect();
        if nummers != [1, 2, 3, 4, 5, 6] || fasen != [(1, 2), (2, 2), (3, 2)] {
            fouten.push(Veldfout::new(
                "/inhoud/fasen",
                "stappen-ongeldig",
                "Een stappenplan heeft drie fasen van twee stappen, genummerd 1 tot en met 3 en 1 tot en met 6, in volgorde.",
            ));
        }
        let mut codes = std::collections::HashSet::new();
        for (g, groep) in self.processchema.iter().enumerate() {
            for (i, item) in groep.items.iter().enumerate() {
                if !codes.insert(item.code.clone()) {
                    fouten.push(Veldfout::new(format!("/inhoud/processchema/{g}/items/{i}/code"), "dubbel", "Iedere code komt één keer voor."));
                }
            }
        }
        for (a, actie) in self.techniekacties.iter().enumerate() {
            if !codes.insert(format!("techniek-{}", actie.nummer)) {
                fouten.push(Veldfout::new(format!("/inhoud/techniekacties/{a}/nummer"), "dubbel", "Ieder nummer komt één keer voor."));
            }
        }
    }
}

impl NieuwStappenplan {
    /// Maakt een concept.
    ///
    /// # Errors
    /// Alle fouten in de inhoud.
    pub fn maak(self, id: Id, nu: Moment) -> Result<Stappenplan, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/titel", &self.titel);
        self.inhoud.controleer(&mut fouten);
        klaar(
            fouten,
            Stappenplan {
                id,
                code: self.code,
                titel: self.titel,
                status: StappenplanStatus::Concept,
                inhoud: self.inhoud,
                gepubliceerd_op: None,
                aangemaakt_op: nu,
                versie: 1,
            },
        )
    }
}

impl Stappenplan {
    fn concept(&self) -> Result<(), Weigering> {
        if self.status == StappenplanStatus::Concept {
            Ok(())
        } else {
            Err(Weigering::new("stappenplan-vastgesteld", "Een gepubliceerd stappenplan verandert niet meer. Maak een nieuwe versie."))
        }
    }

    /// Of dit concept nog mag wijzigen.
    ///
    /// # Errors
    /// `stappenplan-vastgesteld`.
    pub fn mag_wijzigen(&self) -> Result<(), Weigering> {
        self.concept()
    }

    /// Past een wijziging toe op een concept (vraag eerst [`Self::mag_wijzigen`]).
    ///
    /// # Errors
    /// Alle fouten in de inhoud.
    pub fn gewijzigd(&self, wijziging: &StappenplanWijziging) -> Result<Self, Vec<Veldfout>> {
        let mut nieuw = self.clone();
        let mut fouten = Vec::new();
        if let Some(titel) = &wijziging.titel {
            verplicht(&mut fouten, "/titel", titel);
            nieuw.titel.clone_from(titel);
        }
        if let Some(inhoud) = &wijziging.inhoud {
            inhoud.controleer(&mut fouten);
            nieuw.inhoud = inhoud.clone();
        }
        nieuw.versie += 1;
        klaar(fouten, nieuw)
    }

    /// Publiceert het concept; daarna ligt de inhoud vast.
    ///
    /// # Errors
    /// `stappenplan-vastgesteld` als het geen concept is.
    pub fn publiceren(&self, nu: Moment) -> Result<Self, Weigering> {
        self.concept()?;
        Ok(Self { status: StappenplanStatus::Gepubliceerd, gepubliceerd_op: Some(nu), versie: self.versie + 1, ..self.clone() })
    }

    /// Trekt een gepubliceerde versie in: trajecten die ermee lopen houden haar, nieuwe beginnen er niet meer mee.
    ///
    /// # Errors
    /// `stappenplan-niet-gepubliceerd` als het een concept is, `stappenplan-ingetrokken` als dat al gebeurd is.
    pub fn intrekken(&self) -> Result<Self, Weigering> {
        match self.status {
            StappenplanStatus::Gepubliceerd => Ok(Self { status: StappenplanStatus::Ingetrokken, versie: self.versie + 1, ..self.clone() }),
            StappenplanStatus::Concept => {
                Err(Weigering::new("stappenplan-niet-gepubliceerd", "Een concept is nog niet gepubliceerd; er valt niets in te trekken."))
            }
            StappenplanStatus::Ingetrokken => Err(Weigering::new("stappenplan-ingetrokken", "Dit stappenplan is al ingetrokken.")),
        }
    }
}
