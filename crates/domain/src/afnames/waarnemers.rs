//! Waarnemers: uitgenodigd voor één afname en voor haar periode. De invulling van een waarnemer draagt het id van de waarnemer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Afname, Stand};
use crate::keuze::keuze;
use crate::organisaties::{Organisatie, OrganisatieSoort};
use crate::personen::Persoon;
use crate::trajecten::{PartijRol, Traject};
use crate::{Datum, Id, Moment, Ontbrekend, Weigering};

keuze! {
    /// Namens wie iemand waarneemt; volgt uit organisatie en traject, wordt nooit ingevuld.
    Hoedanigheid { /// Een collega.
        EigenOrganisatie = "eigen-organisatie", /// Een buurorganisatie.
        Buurorganisatie = "buurorganisatie", /// De adoptiepartner van het traject.
        Adoptiepartner = "adoptiepartner", /// NIPV.
        Nipv = "nipv" }
}

/// Een waarnemer bij een afname, met de stand van diens invulling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waarnemer {
    /// Identificatie; ook die van de invulling.
    pub id: Id,
    /// De afname.
    pub afname_id: Id,
    /// Wie waarneemt.
    pub persoon_id: Id,
    /// Diens organisatie.
    pub organisatie_id: Id,
    /// Namens wie.
    pub hoedanigheid: Hoedanigheid,
    /// Moment van indienen; daarna ligt de invulling vast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingediend_op: Option<Moment>,
    /// Moment waarop de uitnodiging is ingetrokken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingetrokken_op: Option<Moment>,
    /// Moment van uitnodigen.
    pub uitgenodigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Nodigt een waarnemer uit: een persoon bij id, of bij organisatie en e-mailadres.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweWaarnemer {
    /// De persoon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub persoon_id: Option<Id>,
    /// De organisatie van de waarnemer, samen met `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub organisatie_id: Option<Id>,
    /// E-mailadres van de waarnemer bij die organisatie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 3, max_length = 254, example = "jip@ziekenhuis.example")]
    pub email: Option<String>,
}

/// Dient een invulling in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Indiening {}

impl Hoedanigheid {
    /// Namens wie iemand van deze organisatie bij deze afname waarneemt.
    #[must_use]
    pub fn van(organisatie: &Organisatie, afname: &Afname, traject: Option<&Traject>, dag: Datum) -> Self {
        if organisatie.soort == OrganisatieSoort::Nipv {
            Self::Nipv
        } else if organisatie.id == afname.organisatie_id {
            Self::EigenOrganisatie
        } else if traject.is_some_and(|t| t.rollen_van(organisatie.id, dag).contains(&PartijRol::Adoptiepartner)) {
            Self::Adoptiepartner
        } else {
            Self::Buurorganisatie
        }
    }
}

impl NieuweWaarnemer {
    /// Nodigt deze persoon uit.
    ///
    /// # Errors
    /// `afname-gesloten`, `persoon-kan-niet-waarnemen`.
    pub fn maak(id: Id, afname: &Afname, persoon: &Persoon, hoedanigheid: Hoedanigheid, nu: Moment) -> Result<Waarnemer, Weigering> {
        afname.niet_gesloten()?;
        if !persoon.mag_werken() || persoon.rollen.is_empty() {
            let detail = "Deze persoon is niet actief of heeft nog geen rol. Laat diens organisatie eerst de rol waarnemer geven.";
            return Err(Weigering::new("persoon-kan-niet-waarnemen", detail));
        }
        Ok(Waarnemer {
            id,
            afname_id: afname.id,
            persoon_id: persoon.id,
            organisatie_id: persoon.organisatie_id,
            hoedanigheid,
            ingediend_op: None,
            ingetrokken_op: None,
            uitgenodigd_op: nu,
            versie: 1,
        })
    }
}

impl Waarnemer {
    /// Of deze invulling in het resultaat meetelt.
    #[must_use]
    pub const fn telt_mee(&self) -> bool {
        self.ingediend_op.is_some() && self.ingetrokken_op.is_none()
    }

    /// Of de uitnodiging nog geldt.
    #[must_use]
    pub const fn is_uitgenodigd(&self) -> bool {
        self.ingetrokken_op.is_none()
    }

    /// Weigert antwoorden als de invulling vastligt.
    ///
    /// # Errors
    /// `invulling-ingediend`, `uitnodiging-ingetrokken`.
    pub fn mag_invullen(&self) -> Result<(), Weigering> {
        if self.ingetrokken_op.is_some() {
            return Err(Weigering::new("uitnodiging-ingetrokken", "Uw uitnodiging voor deze afname is ingetrokken."));
        }
        if self.ingediend_op.is_some() {
            return Err(Weigering::new("invulling-ingediend", "Deze invulling is ingediend en verandert niet meer."));
        }
        Ok(())
    }

    /// Dient in. Een strijdigheid tussen twee apparaten moet eerst opgelost zijn.
    ///
    /// # Errors
    /// `invulling-ingediend`, `invulling-leeg`, `antwoorden-in-strijd`.
    pub fn indienen(&self, standen: &[Stand], nu: Moment) -> Result<Self, Weigering> {
        self.mag_invullen()?;
        if standen.is_empty() {
            return Err(Weigering::new("invulling-leeg", "Beantwoord ten minste één vraag voordat u indient."));
        }
        let strijdig: Vec<Ontbrekend> = standen
            .iter()
            .filter(|s| !s.strijdig.is_empty())
            .map(|s| Ontbrekend {
                code: format!("vraag-{}", s.vraag),
                omschrijving: "Op twee apparaten staat een verschillend antwoord; kies er één.".to_owned(),
            })
            .collect();
        if !strijdig.is_empty() {
            let detail = "Op twee apparaten zijn verschillende antwoorden gegeven. Kies per vraag welk antwoord geldt.".to_owned();
            return Err(Weigering { code: "antwoorden-in-strijd", detail, ontbreekt: strijdig });
        }
        Ok(Self { ingediend_op: Some(nu), versie: self.versie + 1, ..self.clone() })
    }

    /// Opent een ingediende invulling weer, als de afname heropend is.
    #[must_use]
    pub fn teruggegeven(&self) -> Self {
        Self { ingediend_op: None, versie: self.versie + 1, ..self.clone() }
    }

    /// Trekt de uitnodiging in; gegeven antwoorden tellen dan niet mee.
    ///
    /// # Errors
    /// `uitnodiging-ingetrokken` als dat al gebeurd is.
    pub fn intrekken(&self, nu: Moment) -> Result<Self, Weigering> {
        if self.ingetrokken_op.is_some() {
            return Err(Weigering::new("uitnodiging-ingetrokken", "Deze uitnodiging is al ingetrokken."));
        }
        Ok(Self { ingetrokken_op: Some(nu), versie: self.versie + 1, ..self.clone() })
    }
}
