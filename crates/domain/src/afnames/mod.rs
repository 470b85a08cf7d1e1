//! Afnames: een organisatie laat een vragenlijst invullen door waarnemers (bron: stap 5 en 6).

pub mod antwoorden;
pub mod jaarlijks;
pub mod waarnemers;

use chrono::Datelike;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::Door;
use crate::invoer::{Veldfout, Wijziging, aanwezig, klaar, zet};
use crate::keuze::keuze;
use crate::staat::vastgesteld;
use crate::trajecten::Traject;
use crate::vragenlijsten::{Coordinatieniveau, Vragenlijst};
use crate::{Datum, Id, Moment, Ontbrekend, Weigering, vandaag};

pub use antwoorden::{Antwoord, AntwoordOntvangst, NieuwAntwoord, NieuweAntwoorden, Ontvangen, Ontvangst, ReeksOntvangen, ReeksUitkomst, Stand};
pub use jaarlijks::{Jaarafname, Meting};
pub use waarnemers::{Hoedanigheid, Indiening, NieuweWaarnemer, Waarnemer};

keuze! {
    /// Waarom wordt afgenomen.
    Aanleiding { /// De go-live oefening van stap 5.
        GoLive = "go-live", /// Een oefening.
        Oefening = "oefening", /// Een inzet bij een incident of crisis.
        Inzet = "inzet", /// De jaarlijkse meting van stap 6.
        Jaarlijks = "jaarlijks" }
}
keuze! {
    /// Stand van een afname.
    AfnameStatus { /// Nog niet in te vullen.
        Voorbereiding = "voorbereiding", /// Waarnemers vullen in.
        Open = "open", /// Ligt vast.
        Gesloten = "gesloten" }
}

/// Een afname van een vragenlijst door een organisatie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Afname {
    /// Identificatie.
    pub id: Id,
    /// De organisatie die gemeten wordt.
    pub organisatie_id: Id,
    /// De uitgave van de vragenlijst.
    pub vragenlijst_id: Id,
    /// Code van de vragenlijst.
    #[schema(example = "SNW-3")]
    pub vragenlijst_code: String,
    /// Het traject waar de afname bij hoort; de partners daarvan lezen mee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traject_id: Option<Id>,
    /// De oefening waarbij is waargenomen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oefening_id: Option<Id>,
    /// Aanleiding.
    pub aanleiding: Aanleiding,
    /// Titel.
    #[schema(example = "Go-live oefening Hoogwater")]
    pub titel: String,
    /// Het team dat wordt waargenomen; nooit een persoon.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Crisisteam")]
    pub team: Option<String>,
    /// Niveau van dat team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinatieniveau: Option<Coordinatieniveau>,
    /// Eerste dag waarop waarnemers erbij kunnen; haar jaar is dat waarin de afname in de Staat telt.
    #[schema(example = "2027-09-14")]
    pub begin_datum: Datum,
    /// Laatste dag waarop waarnemers erbij kunnen.
    #[schema(example = "2027-09-21")]
    pub eind_datum: Datum,
    /// Stand.
    pub status: AfnameStatus,
    /// Moment van sluiten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gesloten_op: Option<Moment>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een nieuwe afname.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweAfname {
    /// De organisatie die gemeten wordt.
    pub organisatie_id: Id,
    /// De gepubliceerde uitgave van de vragenlijst.
    pub vragenlijst_id: Id,
    /// Het traject; verplicht bij aanleiding `go-live`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub traject_id: Option<Id>,
    /// De oefening waarbij is waargenomen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub oefening_id: Option<Id>,
    /// Aanleiding.
    pub aanleiding: Aanleiding,
    /// Titel.
    #[schema(min_length = 1, max_length = 200, example = "Go-live oefening Hoogwater")]
    pub titel: String,
    /// Het team dat wordt waargenomen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Crisisteam")]
    pub team: Option<String>,
    /// Niveau van het team; verplicht als de lijst vragen heeft die daarvan afhangen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub coordinatieniveau: Option<Coordinatieniveau>,
    /// Eerste dag.
    #[schema(example = "2027-09-14")]
    pub begin_datum: Datum,
    /// Laatste dag.
    #[schema(example = "2027-09-21")]
    pub eind_datum: Datum,
}

/// Wijziging van een afname die nog niet gesloten is (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AfnameWijziging {
    /// Titel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub titel: Option<String>,
    /// Het team; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub team: Wijziging<String>,
    /// De oefening; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub oefening_id: Wijziging<Id>,
    /// Eerste dag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub begin_datum: Option<Datum>,
    /// Laatste dag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub eind_datum: Option<Datum>,
}

/// Sluit een afname.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweSluiting {
    /// Sluit ook als waarnemers wel antwoorden gaven maar niet indienden; die antwoorden tellen dan niet mee.
    #[serde(default)]
    pub zonder_niet_ingediend: bool,
}

/// Heropent een gesloten afname.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweAfnameHeropening {
    /// De reden; blijft altijd zichtbaar.
    #[schema(min_length = 1, max_length = 2000, example = "Een waarnemer heeft per ongeluk het verkeerde team ingevuld.")]
    pub reden: String,
    /// De waarnemers die hun ingediende invulling weer mogen wijzigen.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub waarnemers: Vec<Id>,
}

keuze! {
    /// Soort overgang van een afname.
    AfnameOvergangSoort { /// Opengesteld.
        Opening = "opening", /// Gesloten.
        Sluiting = "sluiting", /// Heropend.
        Heropening = "heropening" }
}

/// Een overgang van een afname; verandert nooit meer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AfnameOvergang {
    /// Identificatie.
    pub id: Id,
    /// De afname.
    pub afname_id: Id,
    /// Soort.
    pub soort: AfnameOvergangSoort,
    /// De reden, bij een heropening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reden: Option<String>,
    /// Hoeveel invullingen meetellen, bij een sluiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meegeteld: Option<i64>,
    /// Hoeveel invullingen met antwoorden niet waren ingediend en niet meetellen, bij een sluiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub niet_ingediend: Option<i64>,
    /// In welk jaar van de Staat de afname meetelt, bij een sluiting; afwezig als dat jaar al vastgesteld was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 2027)]
    pub staat_jaar: Option<i32>,
    /// Wie het deed.
    pub door: Door,
    /// Wanneer.
    pub op: Moment,
}

/// Wat bij het sluiten bekend moet zijn.
#[derive(Clone, Copy, Debug)]
pub struct Sluitfeiten<'a> {
    /// De waarnemers.
    pub waarnemers: &'a [Waarnemer],
    /// De standen van alle invullingen.
    pub standen: &'a [(Id, Vec<Stand>)],
    /// De vragenlijst.
    pub vragenlijst: &'a Vragenlijst,
}

fn periode(begin: Datum, eind: Datum, fouten: &mut Vec<Veldfout>) {
    if eind < begin {
        fouten.push(Veldfout::new("/eindDatum", "einde-voor-begin", "De laatste dag ligt op of na de eerste dag."));
    } else if (eind - begin).num_days() > 366 {
        fouten.push(Veldfout::new("/eindDatum", "periode-te-lang", "Een afname duurt ten hoogste een jaar."));
    }
}

impl NieuweAfname {
    /// Maakt de afname in voorbereiding.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn maak(self, id: Id, vragenlijst: &Vragenlijst, traject: Option<&Traject>, nu: Moment) -> Result<Afname, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        crate::invoer::verplicht(&mut fouten, "/titel", &self.titel);
        periode(self.begin_datum, self.eind_datum, &mut fouten);
        if vragenlijst.vraagt_niveau() && self.coordinatieniveau.is_none() {
            let detail = "Deze lijst heeft vragen voor teams op één niveau: noem het coördinatieniveau van het team.";
            fouten.push(Veldfout::new("/coordinatieniveau", "niveau-verplicht", detail));
        }
        match traject {
            None if self.aanleiding == Aanleiding::GoLive => {
                fouten.push(Veldfout::new("/trajectId", "traject-verplicht", "Een go-live oefening hoort bij een traject."));
            }
            Some(traject) if traject.organisatie_id != self.organisatie_id => {
                fouten.push(Veldfout::new("/trajectId", "traject-van-ander", "Dit traject is van een andere organisatie."));
            }
            _ => {}
        }
        klaar(
            fouten,
            Afname {
                id,
                organisatie_id: self.organisatie_id,
                vragenlijst_id: vragenlijst.id,
                vragenlijst_code: vragenlijst.inhoud.code.clone(),
                traject_id: self.traject_id,
                oefening_id: self.oefening_id,
                aanleiding: self.aanleiding,
                titel: self.titel.trim().to_owned(),
                team: self.team,
                coordinatieniveau: self.coordinatieniveau,
                begin_datum: self.begin_datum,
                eind_datum: self.eind_datum,
                status: AfnameStatus::Voorbereiding,
                gesloten_op: None,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
                versie: 1,
            },
        )
    }
}

impl Afname {
    fn verhoogd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    /// Of waarnemers op deze dag bij de afname kunnen.
    #[must_use]
    pub fn loopt_op(&self, dag: Datum) -> bool {
        self.begin_datum <= dag && dag <= self.eind_datum
    }

    /// Het kalenderjaar waar de afname in de Staat bij hoort: dat van haar eerste dag, hoe laat zij ook gesloten wordt.
    #[must_use]
    pub fn jaar(&self) -> i32 {
        self.begin_datum.year()
    }

    /// Weigert wijzigingen aan een gesloten afname.
    ///
    /// # Errors
    /// `afname-gesloten`.
    pub fn niet_gesloten(&self) -> Result<(), Weigering> {
        if self.status == AfnameStatus::Gesloten {
            return Err(Weigering::new("afname-gesloten", "Deze afname is gesloten en ligt vast. Alleen NIPV kan haar heropenen, met een reden."));
        }
        Ok(())
    }

    /// Weigert antwoorden buiten een open afname.
    ///
    /// # Errors
    /// `afname-niet-open`, `afname-gesloten`.
    pub fn is_open(&self) -> Result<(), Weigering> {
        self.niet_gesloten()?;
        if self.status == AfnameStatus::Open {
            return Ok(());
        }
        Err(Weigering::new("afname-niet-open", "Deze afname is nog niet opengesteld. Vraag de organisatie haar te openen."))
    }

    /// Past een wijziging toe (vraag eerst [`Self::niet_gesloten`]).
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn gewijzigd(&self, wijziging: &AfnameWijziging, nu: Moment) -> Result<Self, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = self.verhoogd(nu);
        if let Some(titel) = &wijziging.titel {
            crate::invoer::verplicht(&mut fouten, "/titel", titel);
            titel.trim().clone_into(&mut nieuw.titel);
        }
        zet(&mut nieuw.team, &wijziging.team);
        zet(&mut nieuw.oefening_id, &wijziging.oefening_id);
        nieuw.begin_datum = wijziging.begin_datum.unwrap_or(self.begin_datum);
        nieuw.eind_datum = wijziging.eind_datum.unwrap_or(self.eind_datum);
        periode(nieuw.begin_datum, nieuw.eind_datum, &mut fouten);
        klaar(fouten, nieuw)
    }

    fn overgang(&self, id: Id, soort: AfnameOvergangSoort, door: Door, nu: Moment) -> AfnameOvergang {
        AfnameOvergang { id, afname_id: self.id, soort, reden: None, meegeteld: None, niet_ingediend: None, staat_jaar: None, door, op: nu }
    }

    /// Stelt de afname open.
    ///
    /// # Errors
    /// `afname-al-open`, `afname-gesloten`.
    pub fn openen(&self, id: Id, door: Door, nu: Moment) -> Result<(Self, AfnameOvergang), Weigering> {
        self.niet_gesloten()?;
        if self.status == AfnameStatus::Open {
            return Err(Weigering::new("afname-al-open", "Deze afname is al open."));
        }
        let overgang = self.overgang(id, AfnameOvergangSoort::Opening, door, nu);
        Ok((Self { status: AfnameStatus::Open, ..self.verhoogd(nu) }, overgang))
    }

    /// Sluit de afname: vanaf nu ligt zij vast.
    ///
    /// # Errors
    /// `afname-niet-open`, `afname-nog-niet-begonnen`, `kernvraag-zonder-antwoord`, `invullingen-niet-ingediend`.
    pub fn sluiten(&self, id: Id, verzoek: &NieuweSluiting, feiten: Sluitfeiten<'_>, door: Door, nu: Moment) -> Result<(Self, AfnameOvergang), Weigering> {
        self.is_open()?;
        let dag = vandaag(nu);
        if dag < self.begin_datum {
            let detail = "De eerste dag van deze afname moet nog komen. Sluit haar daarna, of zet eerst de eerste dag goed.";
            return Err(Weigering::new("afname-nog-niet-begonnen", detail));
        }
        let ingediend = |invulling: &Id| feiten.waarnemers.iter().any(|w| w.id == *invulling && w.telt_mee());
        let achter = feiten.standen.iter().filter(|(invulling, standen)| !standen.is_empty() && !ingediend(invulling)).count();
        if achter > 0 && !verzoek.zonder_niet_ingediend {
            let detail = format!("{achter} waarnemer(s) gaven antwoorden maar dienden niet in. Wacht, of sluit met 'zonderNietIngediend'.");
            return Err(Weigering::new("invullingen-niet-ingediend", detail));
        }
        let beantwoord = |nummer: i16| feiten.standen.iter().any(|(i, standen)| ingediend(i) && standen.iter().any(|s| s.vraag == nummer));
        let ontbreekt: Vec<Ontbrekend> = feiten
            .vragenlijst
            .vragen_voor(self.coordinatieniveau)
            .filter(|v| v.kernvraag && !beantwoord(v.nummer))
            .map(|v| Ontbrekend { code: format!("vraag-{}", v.nummer), omschrijving: v.vraag.clone() })
            .collect();
        if !ontbreekt.is_empty() {
            let detail = "Iedere kernvraag moet door ten minste één waarnemer zijn beantwoord en ingediend.".to_owned();
            return Err(Weigering { code: "kernvraag-zonder-antwoord", detail, ontbreekt });
        }
        let mee = feiten.waarnemers.iter().filter(|w| w.telt_mee()).count();
        let overgang = AfnameOvergang {
            meegeteld: i64::try_from(mee).ok(),
            niet_ingediend: i64::try_from(achter).ok(),
            staat_jaar: (!vastgesteld(self.jaar(), dag)).then(|| self.jaar()),
            ..self.overgang(id, AfnameOvergangSoort::Sluiting, door, nu)
        };
        Ok((Self { status: AfnameStatus::Gesloten, gesloten_op: Some(nu), ..self.verhoogd(nu) }, overgang))
    }

    /// Heropent een gesloten afname.
    ///
    /// # Errors
    /// `afname-niet-gesloten`.
    pub fn heropenen(&self, id: Id, verzoek: &NieuweAfnameHeropening, door: Door, nu: Moment) -> Result<(Self, AfnameOvergang), Weigering> {
        if self.status != AfnameStatus::Gesloten {
            return Err(Weigering::new("afname-niet-gesloten", "Alleen een gesloten afname kan heropend worden."));
        }
        let overgang = AfnameOvergang { reden: Some(verzoek.reden.clone()), ..self.overgang(id, AfnameOvergangSoort::Heropening, door, nu) };
        Ok((Self { status: AfnameStatus::Open, gesloten_op: None, ..self.verhoogd(nu) }, overgang))
    }
}
