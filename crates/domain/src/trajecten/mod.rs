//! Het traject: de weg van één organisatie door het stappenplan.

pub mod activiteiten;
pub mod borging;
pub mod partijen;
pub mod poorten;
pub mod verloop;
pub mod volgen;

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub use activiteiten::{Actiehouder, Activiteit, ActiviteitStatus, ActiviteitWijziging, Partijsoort};
pub use borging::{Borging, Borgingsfeiten, Borgingsmoment, BorgingsmomentIntrekking, Borgingspunt, Borgingsstand, NieuwBorgingsmoment};
pub use partijen::{NieuwePartij, Partij, PartijRol, PartijWijziging};
pub use poorten::{Feiten, Poort, Voorwaarde, VoorwaardeSoort};
pub use verloop::{
    Afwijking, Beeindiging, BeeindigingReden, Heropening, Hervatting, NieuweAfwijking, NieuweBeeindiging, NieuweHeropening, NieuweHervatting, NieuwePauzering,
    NieuweStapovergang, Pauzering, Stapovergang,
};

use crate::invoer::{Veldfout, Wijziging, aanwezig, klaar, verplicht, zet};
use crate::keuze::keuze;
use crate::organisaties::Organisatie;
use crate::referentie::{Stappenplan, StappenplanStatus};
use crate::{Datum, Id, Moment, Weigering, vandaag};

keuze! {
    /// Stand van een traject.
    TrajectStatus { /// Onderweg.
        Lopend = "lopend", /// Tijdelijk stil.
        Gepauzeerd = "gepauzeerd", /// Voortijdig geëindigd.
        Beeindigd = "beeindigd", /// Go-live geweest; stap 6 eindigt nooit.
        Live = "live" }
}

/// De gekozen aansluitvorm met motivatie (stap 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Aansluitvormkeuze {
    /// Code uit `/aansluitvormen`.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 40, example = "gedeeltelijk")]
    pub code: String,
    /// Waarom deze vorm past.
    #[schema(min_length = 1, max_length = 4000, example = "Alleen het crisisteam van de hoofdlocatie sluit aan.")]
    pub motivatie: String,
}

/// Wijziging van de gekozen aansluitvorm (JSON Merge Patch): een weggelaten veld blijft staan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AansluitvormkeuzeWijziging {
    /// Code uit `/aansluitvormen`; verplicht zolang er niet gekozen is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 40, nullable = false, example = "gedeeltelijk")]
    pub code: Option<String>,
    /// Waarom deze vorm past; verplicht zolang er niet gekozen is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 4000, nullable = false, example = "Alleen het crisisteam van de hoofdlocatie sluit aan.")]
    pub motivatie: Option<String>,
}

/// De wijziging van de keuze of `null`, als één vorm: zo wijst een fout in een veld naar dat veld, en niet naar de keuze als geheel.
fn keuze_of_null() -> RefOr<Schema> {
    let mut vorm = AansluitvormkeuzeWijziging::schema();
    if let RefOr::T(Schema::Object(object)) = &mut vorm {
        object.schema_type = SchemaType::from_iter([Type::Object, Type::Null]);
        object.description = Some("De gekozen aansluitvorm (stap 2); een weggelaten veld blijft staan, `null` maakt de keuze leeg.".to_owned());
    }
    vorm
}

impl AansluitvormkeuzeWijziging {
    fn toegepast(&self, oud: Option<&Aansluitvormkeuze>, fouten: &mut Vec<Veldfout>) -> Aansluitvormkeuze {
        let mut veld = |naam: &str, nieuw: &Option<String>, staat_er: Option<&String>| {
            if nieuw.is_none() && staat_er.is_none() {
                fouten.push(Veldfout::new(format!("/aansluitvorm/{naam}"), "verplicht", "Er is nog geen aansluitvorm gekozen: geef code en motivatie."));
            }
            nieuw.as_ref().or(staat_er).cloned().unwrap_or_default()
        };
        let code = veld("code", &self.code, oud.map(|keuze| &keuze.code));
        let motivatie = veld("motivatie", &self.motivatie, oud.map(|keuze| &keuze.motivatie));
        if self.motivatie.is_some() {
            verplicht(fouten, "/aansluitvorm/motivatie", &motivatie);
        }
        Aansluitvormkeuze { code, motivatie }
    }
}

/// De geplande einddatum van een stap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanningStap {
    /// Stap 1 tot en met 6.
    #[schema(minimum = 1, maximum = 6)]
    pub stap: i16,
    /// Wanneer de stap klaar moet zijn.
    #[schema(example = "2027-03-31")]
    pub gereed_datum: Datum,
}

/// De planning van een traject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Planning {
    /// Startdatum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "2026-12-01")]
    pub start_datum: Option<Datum>,
    /// Beoogde datum van de go-live oefening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "2027-09-15")]
    pub go_live_datum: Option<Datum>,
    /// Per stap.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub stappen: Vec<PlanningStap>,
}

/// Wijziging van de planning (JSON Merge Patch): een weggelaten veld blijft staan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanningWijziging {
    /// Startdatum; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Datum>, format = Date)]
    pub start_datum: Wijziging<Datum>,
    /// Beoogde datum van de go-live oefening; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Datum>, format = Date)]
    pub go_live_datum: Wijziging<Datum>,
    /// Per stap (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 6, nullable = false)]
    pub stappen: Option<Vec<PlanningStap>>,
}

impl PlanningWijziging {
    fn toegepast(&self, oud: &Planning) -> Planning {
        let mut nieuw = oud.clone();
        zet(&mut nieuw.start_datum, &self.start_datum);
        zet(&mut nieuw.go_live_datum, &self.go_live_datum);
        if let Some(stappen) = &self.stappen {
            nieuw.stappen.clone_from(stappen);
        }
        nieuw
    }
}

impl Planning {
    fn controleer(&self, fouten: &mut Vec<Veldfout>) {
        if let (Some(start), Some(einde)) = (self.start_datum, self.go_live_datum)
            && einde < start
        {
            fouten.push(Veldfout::new("/planning/goLiveDatum", "einde-voor-begin", "De go-live oefening moet op of na de start liggen."));
        }
        for (plek, stap) in self.stappen.iter().enumerate() {
            for (eerdere_plek, eerder) in self.stappen.iter().enumerate().take(plek) {
                if eerder.stap == stap.stap {
                    fouten.push(Veldfout::new(format!("/planning/stappen/{plek}/stap"), "dubbel", format!("Deze stap staat al op plek {eerdere_plek}.")));
                } else if (eerder.stap < stap.stap) != (eerder.gereed_datum <= stap.gereed_datum) && eerder.gereed_datum != stap.gereed_datum {
                    fouten.push(Veldfout::new(
                        format!("/planning/stappen/{plek}/gereedDatum"),
                        "volgorde",
                        "Een latere stap kan niet eerder klaar zijn dan een vroegere.",
                    ));
                }
            }
        }
    }
}

/// Een traject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Traject {
    /// Identificatie.
    pub id: Id,
    /// Kenmerk voor mensen.
    #[schema(example = "T-2026-0042")]
    pub kenmerk: String,
    /// De aan te sluiten organisatie (crisispartner).
    pub organisatie_id: Id,
    /// Naam van die organisatie.
    #[schema(example = "Waterschap Voorbeeldland")]
    pub organisatie_naam: String,
    /// De versie van het stappenplan waaraan het traject vastzit.
    pub stappenplan_id: Id,
    /// Stand.
    pub status: TrajectStatus,
    /// Fase, volgt uit de stap.
    #[schema(minimum = 1, maximum = 3, example = 2)]
    pub fase: i16,
    /// Huidige stap.
    #[schema(minimum = 1, maximum = 6, example = 3)]
    pub stap: i16,
    /// De gekozen aansluitvorm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aansluitvorm: Option<Aansluitvormkeuze>,
    /// Personen die aanspreekbaar zijn op dit traject.
    pub contactpersonen: Vec<Id>,
    /// Planning.
    pub planning: Planning,
    /// De eerstvolgende deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_datum: Option<Datum>,
    /// Betrokken partijen, ook beëindigde.
    pub partijen: Vec<Partij>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens om een traject te beginnen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwTraject {
    /// De aan te sluiten organisatie.
    pub organisatie_id: Id,
    /// Het gepubliceerde stappenplan; standaard het laatst gepubliceerde.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stappenplan_id: Option<Id>,
    /// Planning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Planning>, nullable = false)]
    pub planning: Option<Planning>,
}

/// Wijziging van een traject (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrajectWijziging {
    /// De gekozen aansluitvorm (stap 2); een weggelaten veld blijft staan, `null` maakt de keuze leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = keuze_of_null)]
    pub aansluitvorm: Wijziging<AansluitvormkeuzeWijziging>,
    /// Contactpersonen (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50, nullable = false)]
    pub contactpersonen: Option<Vec<Id>>,
    /// Planning; een weggelaten veld blijft staan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PlanningWijziging>, nullable = false)]
    pub planning: Option<PlanningWijziging>,
    /// De eerstvolgende deadline; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Datum>, format = Date)]
    pub deadline_datum: Wijziging<Datum>,
    /// Overzetten naar een andere gepubliceerde versie van het stappenplan; wat gedaan is blijft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stappenplan_id: Option<Id>,
}

/// De fase waarin een stap valt (Leeswijzer: drie fasen van twee stappen).
#[must_use]
pub const fn fase_van(stap: i16) -> i16 {
    (stap + 1) / 2
}

/// Het kenmerk van het zoveelste traject van een jaar.
#[must_use]
pub fn kenmerk(jaar: i32, nummer: i64) -> String {
    format!("T-{jaar}-{nummer:04}")
}

impl NieuwTraject {
    /// De planning waarmee het traject begint.
    ///
    /// # Errors
    /// Alle fouten in de planning.
    pub fn gekeurde_planning(&self) -> Result<Planning, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let planning = self.planning.clone().unwrap_or_default();
        planning.controleer(&mut fouten);
        klaar(fouten, planning)
    }

    /// Begint het traject bij stap 1, met de crisispartner als partij.
    ///
    /// # Errors
    /// Alle fouten in de planning.
    pub fn maak(
        self,
        id: Id,
        partij_id: Id,
        kenmerk: String,
        organisatie: &Organisatie,
        stappenplan: &Stappenplan,
        nu: Moment,
    ) -> Result<Traject, Vec<Veldfout>> {
        Ok(Traject {
            id,
            kenmerk,
            organisatie_id: organisatie.id,
            organisatie_naam: organisatie.naam.clone(),
            stappenplan_id: stappenplan.id,
            status: TrajectStatus::Lopend,
            fase: 1,
            stap: 1,
            aansluitvorm: None,
            contactpersonen: Vec::new(),
            planning: self.gekeurde_planning()?,
            deadline_datum: None,
            partijen: vec![Partij {
                id: partij_id,
                organisatie_id: organisatie.id,
                organisatie_naam: organisatie.naam.clone(),
                rol: PartijRol::Crisispartner,
                van_datum: vandaag(nu),
                tot_datum: None,
                contactpersoon_id: None,
            }],
            aangemaakt_op: nu,
            gewijzigd_op: nu,
            versie: 1,
        })
    }
}

/// Of met dit stappenplan een traject mag lopen.
///
/// # Errors
/// `stappenplan-niet-gepubliceerd`.
pub fn stappenplan_bruikbaar(stappenplan: &Stappenplan) -> Result<(), Weigering> {
    if stappenplan.status == StappenplanStatus::Gepubliceerd {
        Ok(())
    } else {
        Err(Weigering::new("stappenplan-niet-gepubliceerd", "Kies een gepubliceerde versie van het stappenplan."))
    }
}

impl Traject {
    /// Een volgende versie van dit traject.
    #[must_use]
    pub fn verhoogd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    /// Weigert wijzigingen aan een traject dat beëindigd is.
    ///
    /// # Errors
    /// `traject-beeindigd`.
    pub fn niet_beeindigd(&self) -> Result<(), Weigering> {
        if self.status == TrajectStatus::Beeindigd {
            return Err(Weigering::new("traject-beeindigd", "Dit traject is beëindigd. Laat NIPV het eerst heropenen."));
        }
        Ok(())
    }

    /// Past een wijziging toe (vraag eerst [`Self::niet_beeindigd`]).
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn gewijzigd(&self, wijziging: &TrajectWijziging, nu: Moment) -> Result<Self, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = self.verhoogd(nu);
        if let Some(keuze) = &wijziging.aansluitvorm {
            nieuw.aansluitvorm = keuze.as_ref().map(|keuze| keuze.toegepast(self.aansluitvorm.as_ref(), &mut fouten));
        }
        if let Some(personen) = &wijziging.contactpersonen {
            for (plek, persoon) in personen.iter().enumerate() {
                if personen.iter().take(plek).any(|eerder| eerder == persoon) {
                    fouten.push(Veldfout::new(format!("/contactpersonen/{plek}"), "dubbel", "Deze persoon staat al in de lijst."));
                }
            }
            nieuw.contactpersonen.clone_from(personen);
        }
        if let Some(planning) = &wijziging.planning {
            nieuw.planning = planning.toegepast(&self.planning);
            nieuw.planning.controleer(&mut fouten);
        }
        zet(&mut nieuw.deadline_datum, &wijziging.deadline_datum);
        if let Some(stappenplan) = wijziging.stappenplan_id {
            nieuw.stappenplan_id = stappenplan;
        }
        klaar(fouten, nieuw)
    }

    /// De partij die deze rol nu vervult.
    #[must_use]
    pub fn actieve_partij(&self, rol: PartijRol, dag: Datum) -> Option<&Partij> {
        self.partijen.iter().find(|p| p.rol == rol && p.actief_op(dag))
    }

    /// De rollen waarin een organisatie op deze dag bij het traject betrokken is.
    #[must_use]
    pub fn rollen_van(&self, organisatie: Id, dag: Datum) -> Vec<PartijRol> {
        self.partijen.iter().filter(|p| p.organisatie_id == organisatie && p.actief_op(dag)).map(|p| p.rol).collect()
    }
}
