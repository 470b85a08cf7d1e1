//! Vragenlijsten: de instrumenten van de Staat van Netcentrisch Werken (bron: stap 6 en Bijlage 3).
//!
//! Vragen, schaal en telregel zijn gegevens van een uitgave. Gepubliceerd verandert een uitgave nooit meer; een volgende
//! uitgave zegt per vraag van welke vraag zij het vervolg is, zodat trends blijven.

mod controle;
pub mod vertaling;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, klaar};
use crate::keuze::keuze;
use crate::{Datum, Id, Moment, Weigering};

pub use vertaling::{Vertaling, vertaling};

keuze! {
    /// Stand van een vragenlijst.
    VragenlijstStatus { /// Nog te wijzigen.
        Concept = "concept", /// Vast; hiermee wordt afgenomen.
        Gepubliceerd = "gepubliceerd", /// Niet meer voor nieuwe afnames.
        Ingetrokken = "ingetrokken" }
}
keuze! {
    /// Niveau waarop een team coördineert (Bijlage 3, vraag 31).
    Coordinatieniveau { /// Beleid en belangen.
        Strategisch = "strategisch", /// Effecten en capaciteiten.
        Tactisch = "tactisch", /// Middelen en acties.
        Operationeel = "operationeel" }
}

/// Een categorie van vragen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Categorie {
    /// Code.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 60, example = "netwerkvorming")]
    pub code: String,
    /// Titel.
    #[schema(min_length = 1, max_length = 200, example = "Netwerkvorming")]
    pub titel: String,
}

/// Een waarnemingsvraag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vraag {
    /// Nummer in de lijst.
    #[schema(minimum = 1, maximum = 500, example = 1)]
    pub nummer: i16,
    /// Code van de categorie.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 60, example = "netwerkvorming")]
    pub categorie: String,
    /// Of dit een kernvraag is.
    pub kernvraag: bool,
    /// De vraag, letterlijk.
    #[schema(min_length = 1, max_length = 1000, example = "Houdt het team een overzicht van mogelijke stakeholders bij?")]
    pub vraag: String,
    /// De toelichting, letterlijk.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(max_length = 4000)]
    pub toelichting: String,
    /// Alleen voor teams op dit niveau; bij andere teams bestaat de vraag niet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alleen_bij_niveau: Option<Coordinatieniveau>,
    /// Het nummer van de vraag in de vorige uitgave waarvan dit het vervolg is; zonder dit begint de trend opnieuw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 500, nullable = false)]
    pub vervolg_op: Option<i16>,
}

/// Een antwoord dat gegeven kan worden.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Antwoordwaarde {
    /// Code.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 40, example = "deels")]
    pub code: String,
    /// Wat de waarnemer leest.
    #[schema(min_length = 1, max_length = 100, example = "Deels")]
    pub label: String,
    /// Telt zo zwaar mee, 0 tot en met 1 in ten hoogste drie decimalen; zonder score telt het antwoord niet mee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, nullable = false, example = 0.5)]
    pub score: Option<f64>,
}

/// De antwoordschaal met haar telregel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Antwoordschaal {
    /// Code; uitkomsten op verschillende schalen worden nooit samengenomen.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 60, example = "voorlopig-ja-deels-nee")]
    pub code: String,
    /// Of NIPV deze schaal nog niet heeft vastgesteld; staat bij ieder resultaat.
    pub voorlopig: bool,
    /// Uitleg bij de schaal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(max_length = 2000)]
    pub toelichting: String,
    /// De antwoorden.
    #[schema(min_items = 2, max_items = 20)]
    pub waarden: Vec<Antwoordwaarde>,
}

/// Een vragenlijst zoals zij wordt uitgewisseld; ook de vorm van import en export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweVragenlijst {
    /// Code van het instrument, gelijk over alle uitgaven.
    #[schema(pattern = "^[A-Z0-9]+(-[A-Z0-9]+)*$", max_length = 40, example = "SNW-3")]
    pub code: String,
    /// Aanduiding van deze uitgave.
    #[schema(pattern = "^[0-9]+(\\.[0-9]+)*$", max_length = 20, example = "2.1")]
    pub uitgave: String,
    /// Titel.
    #[schema(min_length = 1, max_length = 300, example = "Vragenlijst 3 - Staat van Netcentrisch Werken")]
    pub titel: String,
    /// De vraag waar de lijst over gaat.
    #[schema(min_length = 1, max_length = 500, example = "Hoe worden crises op netcentrische wijze beheerst?")]
    pub onderwerp: String,
    /// Wanneer de inhoud voor het laatst is bijgewerkt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "2023-01-16")]
    pub bijgewerkt_datum: Option<Datum>,
    /// Inleiding.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(max_length = 4000)]
    pub inleiding: String,
    /// De categorieën, op volgorde.
    #[schema(min_items = 1, max_items = 50)]
    pub categorieen: Vec<Categorie>,
    /// De vragen, op volgorde.
    #[schema(min_items = 1, max_items = 300)]
    pub vragen: Vec<Vraag>,
    /// De antwoordschaal.
    pub antwoordschaal: Antwoordschaal,
    /// De aanduiding van de uitgave waarop deze volgt; `vervolgOp` bij vragen wijst daarin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9]+(\\.[0-9]+)*$", max_length = 20, nullable = false)]
    pub volgt_op_uitgave: Option<String>,
}

/// Een uitgave van een vragenlijst.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vragenlijst {
    /// Identificatie.
    pub id: Id,
    /// Stand.
    pub status: VragenlijstStatus,
    /// De inhoud.
    pub inhoud: NieuweVragenlijst,
    /// De uitgave waarop deze volgt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vorige_id: Option<Id>,
    /// Moment van publicatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gepubliceerd_op: Option<Moment>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Waarom iets wordt ingetrokken, heropend of anders besloten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VragenlijstIntrekking {
    /// De reden.
    #[schema(min_length = 1, max_length = 2000, example = "Vervangen door een volgende uitgave.")]
    pub reden: String,
}

impl NieuweVragenlijst {
    /// Maakt een concept. `vorige` is de uitgave die `volgtOpUitgave` noemt.
    ///
    /// # Errors
    /// Alle fouten in categorieën, vragen, schaal en vervolg.
    pub fn maak(self, id: Id, vorige: Option<&Vragenlijst>, nu: Moment) -> Result<Vragenlijst, Vec<Veldfout>> {
        let fouten = controle::controleer(&self, vorige);
        let vorige_id = vorige.map(|v| v.id);
        klaar(
            fouten,
            Vragenlijst {
                id,
                status: VragenlijstStatus::Concept,
                inhoud: self,
                vorige_id,
                gepubliceerd_op: None,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
                versie: 1,
            },
        )
    }
}

impl Vragenlijst {
    fn verhoogd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    fn is_concept(&self) -> Result<(), Weigering> {
        if self.status == VragenlijstStatus::Concept {
            return Ok(());
        }
        Err(Weigering::new("vragenlijst-ligt-vast", "Deze uitgave is gepubliceerd en verandert niet meer. Maak een volgende uitgave."))
    }

    /// Of de inhoud nog te wijzigen is.
    ///
    /// # Errors
    /// `vragenlijst-ligt-vast`.
    pub fn te_wijzigen(&self) -> Result<(), Weigering> {
        self.is_concept()
    }

    /// Vervangt de inhoud van een concept (vraag eerst [`Self::te_wijzigen`]).
    ///
    /// # Errors
    /// Alle fouten in de inhoud.
    pub fn vervangen(&self, inhoud: NieuweVragenlijst, vorige: Option<&Self>, nu: Moment) -> Result<Self, Vec<Veldfout>> {
        let fouten = controle::controleer(&inhoud, vorige);
        klaar(fouten, Self { inhoud, vorige_id: vorige.map(|v| v.id), ..self.verhoogd(nu) })
    }

    /// Publiceert: vanaf nu ligt de uitgave vast.
    ///
    /// # Errors
    /// `vragenlijst-ligt-vast`.
    pub fn publiceren(&self, nu: Moment) -> Result<Self, Weigering> {
        self.is_concept()?;
        Ok(Self { status: VragenlijstStatus::Gepubliceerd, gepubliceerd_op: Some(nu), ..self.verhoogd(nu) })
    }

    /// Trekt de uitgave in: geen nieuwe afnames meer; wat gemeten is blijft.
    ///
    /// # Errors
    /// `vragenlijst-niet-gepubliceerd`.
    pub fn intrekken(&self, nu: Moment) -> Result<Self, Weigering> {
        self.bruikbaar()?;
        Ok(Self { status: VragenlijstStatus::Ingetrokken, ..self.verhoogd(nu) })
    }

    /// Of hiermee een afname mag beginnen.
    ///
    /// # Errors
    /// `vragenlijst-niet-gepubliceerd`.
    pub fn bruikbaar(&self) -> Result<(), Weigering> {
        if self.status == VragenlijstStatus::Gepubliceerd {
            return Ok(());
        }
        Err(Weigering::new("vragenlijst-niet-gepubliceerd", "Kies een uitgave die gepubliceerd en niet ingetrokken is."))
    }

    /// Een vraag bij nummer.
    #[must_use]
    pub fn vraag(&self, nummer: i16) -> Option<&Vraag> {
        self.inhoud.vragen.iter().find(|v| v.nummer == nummer)
    }

    /// De vragen die voor een team op dit niveau bestaan.
    pub fn vragen_voor(&self, niveau: Option<Coordinatieniveau>) -> impl Iterator<Item = &Vraag> {
        self.inhoud.vragen.iter().filter(move |v| v.geldt_voor(niveau))
    }

    /// Of de lijst vragen heeft die van het niveau van het team afhangen.
    #[must_use]
    pub fn vraagt_niveau(&self) -> bool {
        self.inhoud.vragen.iter().any(|v| v.alleen_bij_niveau.is_some())
    }
}

impl Vraag {
    /// Of de vraag voor een team op dit niveau bestaat.
    #[must_use]
    pub fn geldt_voor(&self, niveau: Option<Coordinatieniveau>) -> bool {
        self.alleen_bij_niveau.is_none_or(|eis| niveau == Some(eis))
    }
}

impl Antwoordschaal {
    /// Een antwoord bij code.
    #[must_use]
    pub fn waarde(&self, code: &str) -> Option<&Antwoordwaarde> {
        self.waarden.iter().find(|w| w.code == code)
    }

    /// Of uitkomsten op deze schaal naast die op een andere mogen: dezelfde code en dezelfde scores.
    #[must_use]
    pub fn telt_als(&self, ander: &Self) -> bool {
        let scores = |schaal: &Self| schaal.waarden.iter().map(|w| (w.code.clone(), w.score.and_then(in_duizendsten))).collect::<Vec<_>>();
        self.code == ander.code && scores(self) == scores(ander)
    }

    /// De score van een antwoord in duizendsten, zodat tellen exact is; `None` telt niet mee.
    #[must_use]
    pub fn duizendsten(&self, code: &str) -> Option<i64> {
        self.waarde(code)?.score.and_then(in_duizendsten)
    }
}

/// Een score in hele duizendsten; `None` als zij niet in 0 tot en met 1 met drie decimalen past.
#[must_use]
pub fn in_duizendsten(score: f64) -> Option<i64> {
    let gehele = (score * 1_000.0).round();
    let past = (0.0..=1_000.0).contains(&gehele) && (gehele / 1_000.0 - score).abs() < 1e-9;
    #[expect(clippy::cast_possible_truncation, reason = "net getoetst: 0 tot en met 1000")]
    past.then_some(gehele as i64)
}
