//! Het beeld dat naar buiten gaat: alleen gerekend met wat vrijgegeven is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::onthouding::groepen;
use super::{Atoom, Cel, Groep, Som, vrijgegeven};
use crate::Id;
use crate::keuze::keuze;
use crate::resultaten::{afgerond, gemiddelde};
use crate::vragenlijsten::{Vertaling, Vragenlijst};

/// Hoeveel sterkste en zwakste vragen worden genoemd.
const UITERSTEN: usize = 5;

keuze! {
    /// Over welke organisaties een beeld gaat.
    Puntsoort { /// Alle.
        Landelijk = "landelijk", /// Eén sector.
        Sector = "sector", /// Eén regiotype.
        Regiotype = "regiotype" }
}

/// Een gemiddelde over organisaties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaatCijfer {
    /// Code: die van de categorie, `kernvragen` of `totaal`.
    #[schema(example = "netwerkvorming")]
    pub code: String,
    /// Titel.
    #[schema(example = "Netwerkvorming")]
    pub titel: String,
    /// Gemiddelde van de vrijgegeven vragen; afwezig als er geen is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.64)]
    pub score: Option<f64>,
}

/// Eén vraag over organisaties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaatVraag {
    /// Nummer.
    #[schema(minimum = 1, example = 1)]
    pub nummer: i16,
    /// De vraag.
    pub vraag: String,
    /// Code van de categorie.
    #[schema(example = "netwerkvorming")]
    pub categorie: String,
    /// Of dit een kernvraag is.
    pub kernvraag: bool,
    /// Of het cijfer wordt onthouden omdat het over te weinig organisaties gaat of zo'n groep zou verraden.
    pub onthouden: bool,
    /// Gemiddelde over organisaties.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.64)]
    pub score: Option<f64>,
    /// Hoeveel organisaties een score hebben.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 3, example = 24)]
    pub organisaties: Option<i64>,
    /// Hoeveel organisaties in elk kwart van de schaal, van laag naar hoog.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub verdeling: Vec<i64>,
}

/// Een sector of regiotype in het overzicht.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaatGroep {
    /// Code.
    #[schema(example = "water")]
    pub code: String,
    /// Of de groep wordt onthouden.
    pub onthouden: bool,
    /// Hoeveel organisaties bijdragen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 3, example = 8)]
    pub organisaties: Option<i64>,
    /// Het geheel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.64)]
    pub score: Option<f64>,
    /// Per categorie; leeg als de groep wordt onthouden.
    pub categorieen: Vec<StaatCijfer>,
}

/// Eén jaar in de trend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trendpunt {
    /// Jaar.
    #[schema(example = 2026)]
    pub jaar: i32,
    /// De uitgave die toen gebruikt is.
    #[schema(example = "2.1")]
    pub uitgave: String,
    /// Of het jaar voor deze groep wordt onthouden.
    pub onthouden: bool,
    /// Hoeveel organisaties bijdroegen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 3, example = 24)]
    pub organisaties: Option<i64>,
    /// Het geheel, over de vragen die in de gevraagde uitgave voortleven.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.61)]
    pub totaal: Option<f64>,
    /// De kernvragen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.66)]
    pub kernvragen: Option<f64>,
    /// Per categorie.
    pub categorieen: Vec<StaatCijfer>,
}

/// De Staat van Netcentrisch Werken voor één groep in één jaar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaatBeeld {
    /// De uitgave.
    pub vragenlijst_id: Id,
    /// Code van de vragenlijst.
    #[schema(example = "SNW-3")]
    pub vragenlijst_code: String,
    /// Aanduiding van de uitgave.
    #[schema(example = "2.1")]
    pub uitgave: String,
    /// Code van de antwoordschaal.
    #[schema(example = "voorlopig-ja-deels-nee")]
    pub antwoordschaal: String,
    /// Of NIPV de schaal nog niet heeft vastgesteld.
    pub schaal_voorlopig: bool,
    /// Kalenderjaar van de afnames, naar hun eerste dag.
    #[schema(example = 2026)]
    pub jaar: i32,
    /// Of het jaar nog niet is vastgesteld (dat gebeurt op 1 februari daarna); dan ziet alleen NIPV het.
    pub lopend_jaar: bool,
    /// Over welke organisaties dit beeld gaat.
    pub groep: Puntsoort,
    /// Code van de sector of het regiotype.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "water")]
    pub groep_code: Option<String>,
    /// Of dit beeld wordt onthouden: minder dan drie organisaties, of af te leiden uit andere beelden.
    pub onthouden: bool,
    /// Hoeveel organisaties bijdragen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 3, example = 24)]
    pub organisaties: Option<i64>,
    /// Het geheel.
    pub totaal: StaatCijfer,
    /// De kernvragen.
    pub kernvragen: StaatCijfer,
    /// Per categorie.
    pub categorieen: Vec<StaatCijfer>,
    /// Per vraag.
    pub vragen: Vec<StaatVraag>,
    /// Nummers van de vragen met de hoogste score, hoogste eerst.
    pub sterkste: Vec<i16>,
    /// Nummers van de vragen met de laagste score, laagste eerst: de ontwikkelpunten.
    pub zwakste: Vec<i16>,
    /// Over de jaren, oudste eerst.
    pub trend: Vec<Trendpunt>,
    /// Per sector.
    pub sectoren: Vec<StaatGroep>,
    /// Per regiotype.
    pub regiotypen: Vec<StaatGroep>,
}

/// Wat er over één jaar met één uitgave naar buiten mag.
#[derive(Clone, Debug)]
pub struct Jaarbeeld {
    cellen: Vec<Cel>,
    open: BTreeSet<Groep>,
    per_vraag: BTreeMap<i16, BTreeSet<Groep>>,
}

impl Jaarbeeld {
    /// Bepaalt uit de cellen wat vrijgegeven wordt: eerst per groep, dan per vraag binnen de vrijgegeven groepen.
    #[must_use]
    pub fn van(cellen: Vec<Cel>) -> Self {
        let atomen = |aantal: &dyn Fn(&Cel) -> i64| -> Vec<Atoom> {
            cellen.iter().map(|c| Atoom { sector: c.sector.clone(), regiotype: c.regiotype.clone(), organisaties: aantal(c) }).collect()
        };
        let alle = atomen(&|c| c.som.organisaties);
        let open = vrijgegeven(&alle, &groepen(&alle));
        let nummers: BTreeSet<i16> = cellen.iter().flat_map(|c| c.som.vragen.keys().copied()).collect();
        // De meeste vragen hebben overal dezelfde aantallen; dan is het oordeel ook hetzelfde.
        let mut bekend: HashMap<Vec<i64>, BTreeSet<Groep>> = HashMap::new();
        let per_vraag = nummers
            .into_iter()
            .map(|nummer| {
                let van_vraag = atomen(&|c| c.som.vragen.get(&nummer).map_or(0, |s| s.n));
                let aantallen = van_vraag.iter().map(|a| a.organisaties).collect();
                (nummer, bekend.entry(aantallen).or_insert_with(|| vrijgegeven(&van_vraag, &open)).clone())
            })
            .collect();
        Self { cellen, open, per_vraag }
    }

    /// Hoeveel organisaties een vrijgegeven groep telt.
    #[must_use]
    pub fn organisaties(&self, groep: &Groep) -> Option<i64> {
        self.open.contains(groep).then(|| self.in_groep(groep).map(|c| c.som.organisaties).sum())
    }

    /// De som van een vraag over een groep, als zij vrijgegeven is.
    #[must_use]
    pub fn som(&self, groep: &Groep, vraag: i16) -> Option<Som> {
        self.per_vraag.get(&vraag).filter(|open| open.contains(groep))?;
        let mut som = Som::default();
        self.in_groep(groep).filter_map(|c| c.som.vragen.get(&vraag)).for_each(|s| som.plus(s));
        (som.n > 0).then_some(som)
    }

    fn in_groep<'a>(&'a self, groep: &'a Groep) -> impl Iterator<Item = &'a Cel> {
        self.cellen.iter().filter(move |c| groep.omvat(&c.sector, &c.regiotype))
    }

    fn scores(&self, groep: &Groep) -> BTreeMap<i16, f64> {
        self.per_vraag.keys().filter_map(|nummer| Some((*nummer, self.som(groep, *nummer)?.gemiddelde()?))).collect()
    }

    fn codes(&self, bestaand: &BTreeSet<String>, code: impl Fn(&Cel) -> &String) -> BTreeSet<String> {
        self.cellen.iter().map(|c| code(c).clone()).chain(bestaand.iter().cloned()).collect()
    }

    /// Of er dat jaar niemand meedeed.
    #[must_use]
    pub const fn is_leeg(&self) -> bool {
        self.cellen.is_empty()
    }
}

impl Som {
    #[expect(clippy::cast_precision_loss, reason = "sommen van miljoensten blijven ver onder 2^52")]
    fn gemiddelde(&self) -> Option<f64> {
        (self.n > 0).then(|| afgerond(self.som as f64 / (self.n as f64 * 1_000_000.0)))
    }
}

/// Een jaar met de uitgave waarmee toen gemeten is, en de vertaling naar de gevraagde uitgave.
#[derive(Clone, Debug)]
pub struct Bron {
    /// Jaar.
    pub jaar: i32,
    /// Aanduiding van de uitgave.
    pub uitgave: String,
    /// Wat vrijgegeven is.
    pub beeld: Arc<Jaarbeeld>,
    /// Van de vragen van toen naar die van de gevraagde uitgave.
    pub vertaling: Vertaling,
}

/// Gemiddelden per categorie, kernvragen en totaal uit scores per vraag.
fn cijfers(lijst: &Vragenlijst, scores: &BTreeMap<i16, f64>) -> (StaatCijfer, StaatCijfer, Vec<StaatCijfer>) {
    let over = |code: &str, titel: &str, hoort: &dyn Fn(&crate::vragenlijsten::Vraag) -> bool| StaatCijfer {
        code: code.to_owned(),
        titel: titel.to_owned(),
        score: gemiddelde(lijst.inhoud.vragen.iter().filter(|v| hoort(v)).filter_map(|v| scores.get(&v.nummer).copied())),
    };
    let categorieen = lijst.inhoud.categorieen.iter().map(|c| over(&c.code, &c.titel, &|v| v.categorie == c.code)).collect();
    (over("totaal", "Totaal", &|_| true), over("kernvragen", "Kernvragen", &|v| v.kernvraag), categorieen)
}

/// Waarover een beeld gaat, en welke groepen er bestaan.
#[derive(Clone, Debug)]
pub struct Kader {
    /// Kalenderjaar.
    pub jaar: i32,
    /// Of dat jaar nog niet is vastgesteld.
    pub lopend_jaar: bool,
    /// Over welke organisaties.
    pub groep: Groep,
    /// Alle sectoren. Ook een sector waarin niemand meedeed wordt genoemd, als onthouden: anders verraadt de opsomming wie meedeed.
    pub sectoren: BTreeSet<String>,
    /// Alle regiotypen, om dezelfde reden.
    pub regiotypen: BTreeSet<String>,
}

/// Het beeld van één groep in één jaar. `jaren` bevat ook dat jaar zelf, met de gevraagde uitgave.
#[must_use]
pub fn beeld(lijst: &Vragenlijst, kader: &Kader, jaren: &[Bron]) -> StaatBeeld {
    let Kader { jaar, lopend_jaar, groep, .. } = kader;
    let leeg = Jaarbeeld::van(Vec::new());
    let nu: &Jaarbeeld = jaren.iter().find(|b| b.jaar == *jaar && b.uitgave == lijst.inhoud.uitgave).map_or(&leeg, |b| &b.beeld);
    let scores = nu.scores(groep);
    let (totaal, kernvragen, categorieen) = cijfers(lijst, &scores);
    let (soort, groep_code) = match groep {
        Groep::Landelijk => (Puntsoort::Landelijk, None),
        Groep::Sector(code) => (Puntsoort::Sector, Some(code.clone())),
        Groep::Regiotype(code) => (Puntsoort::Regiotype, Some(code.clone())),
    };
    let mut op_score: Vec<(i16, f64)> = scores.iter().map(|(nummer, score)| (*nummer, *score)).collect();
    op_score.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    StaatBeeld {
        vragenlijst_id: lijst.id,
        vragenlijst_code: lijst.inhoud.code.clone(),
        uitgave: lijst.inhoud.uitgave.clone(),
        antwoordschaal: lijst.inhoud.antwoordschaal.code.clone(),
        schaal_voorlopig: lijst.inhoud.antwoordschaal.voorlopig,
        jaar: *jaar,
        lopend_jaar: *lopend_jaar,
        groep: soort,
        groep_code,
        onthouden: nu.organisaties(groep).is_none(),
        organisaties: nu.organisaties(groep),
        totaal,
        kernvragen,
        categorieen,
        vragen: lijst.inhoud.vragen.iter().map(|vraag| staatvraag(vraag, nu.som(groep, vraag.nummer))).collect(),
        zwakste: op_score.iter().take(UITERSTEN).map(|(nummer, _)| *nummer).collect(),
        sterkste: op_score.iter().rev().take(UITERSTEN).map(|(nummer, _)| *nummer).collect(),
        trend: jaren.iter().map(|bron| trendpunt(lijst, groep, bron)).collect(),
        sectoren: nu.codes(&kader.sectoren, |c| &c.sector).into_iter().map(|code| staatgroep(lijst, nu, Groep::Sector(code))).collect(),
        regiotypen: nu.codes(&kader.regiotypen, |c| &c.regiotype).into_iter().map(|code| staatgroep(lijst, nu, Groep::Regiotype(code))).collect(),
    }
}

fn staatvraag(vraag: &crate::vragenlijsten::Vraag, som: Option<Som>) -> StaatVraag {
    StaatVraag {
        nummer: vraag.nummer,
        vraag: vraag.vraag.clone(),
        categorie: vraag.categorie.clone(),
        kernvraag: vraag.kernvraag,
        onthouden: som.is_none(),
        score: som.as_ref().and_then(Som::gemiddelde),
        organisaties: som.as_ref().map(|s| s.n),
        verdeling: som.map(|s| s.kwarten.to_vec()).unwrap_or_default(),
    }
}

fn staatgroep(lijst: &Vragenlijst, nu: &Jaarbeeld, groep: Groep) -> StaatGroep {
    let organisaties = nu.organisaties(&groep);
    let (totaal, _, categorieen) = cijfers(lijst, &nu.scores(&groep));
    let code = match groep {
        Groep::Landelijk => String::new(),
        Groep::Sector(code) | Groep::Regiotype(code) => code,
    };
    let categorieen = if organisaties.is_some() { categorieen } else { Vec::new() };
    StaatGroep { code, onthouden: organisaties.is_none(), organisaties, score: totaal.score, categorieen }
}

fn trendpunt(lijst: &Vragenlijst, groep: &Groep, bron: &Bron) -> Trendpunt {
    let toen = bron.beeld.scores(groep);
    let scores = toen.iter().filter_map(|(nummer, score)| Some((*bron.vertaling.get(nummer)?, *score))).collect();
    let (totaal, kernvragen, categorieen) = cijfers(lijst, &scores);
    let organisaties = bron.beeld.organisaties(groep);
    Trendpunt {
        jaar: bron.jaar,
        uitgave: bron.uitgave.clone(),
        onthouden: organisaties.is_none(),
        organisaties,
        totaal: totaal.score,
        kernvragen: kernvragen.score,
        categorieen: if organisaties.is_some() { categorieen } else { Vec::new() },
    }
}
