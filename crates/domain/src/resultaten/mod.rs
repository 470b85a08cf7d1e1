//! Resultaten: tellen wat waarnemers zagen. Een antwoord zonder score ('niet waargenomen') telt nooit mee.
//!
//! Een vraag krijgt het gemiddelde van de antwoorden die meetellen; een groep vragen (categorie, kernvragen, totaal) het
//! gemiddelde van haar vragen die een score hebben. Er is geen norm en geen geslaagd of gezakt: dat kent de bron niet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::afnames::{Afname, AfnameStatus, Hoedanigheid, Stand};
use crate::vragenlijsten::{Coordinatieniveau, Vertaling, Vraag, Vragenlijst};
use crate::{Datum, Id, Moment};

/// De invulling van één waarnemer die meetelt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meegeteld {
    /// Namens wie.
    pub hoedanigheid: Hoedanigheid,
    /// Wat per vraag geldt.
    pub standen: Vec<Stand>,
}

/// Hoe vaak een antwoord gegeven is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Telling {
    /// Code van het antwoord.
    #[schema(example = "deels")]
    pub waarde: String,
    /// Hoe vaak.
    #[schema(minimum = 0, example = 2)]
    pub aantal: i64,
}

/// Een opmerking bij een vraag, zonder naam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opmerking {
    /// Namens wie de waarnemer er was.
    pub hoedanigheid: Hoedanigheid,
    /// De opmerking.
    #[schema(example = "Het overzicht werd na een uur niet meer bijgewerkt.")]
    pub tekst: String,
}

/// Het resultaat van één vraag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VraagResultaat {
    /// Nummer.
    #[schema(minimum = 1, example = 1)]
    pub nummer: i16,
    /// De vraag.
    #[schema(example = "Houdt het team een overzicht van mogelijke stakeholders bij?")]
    pub vraag: String,
    /// Code van de categorie.
    #[schema(example = "netwerkvorming")]
    pub categorie: String,
    /// Of dit een kernvraag is.
    pub kernvraag: bool,
    /// Score van 0 tot en met 1; afwezig als geen antwoord meetelt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.75)]
    pub score: Option<f64>,
    /// Hoeveel antwoorden meetellen.
    #[schema(minimum = 0, example = 4)]
    pub meegeteld: i64,
    /// Hoeveel antwoorden niet meetellen, zoals 'niet waargenomen'.
    #[schema(minimum = 0, example = 1)]
    pub niet_meegeteld: i64,
    /// Hoe vaak ieder antwoord gegeven is.
    pub tellingen: Vec<Telling>,
    /// Laagste score van een waarnemer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.5)]
    pub laagste: Option<f64>,
    /// Hoogste score van een waarnemer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 1.0)]
    pub hoogste: Option<f64>,
    /// Spreiding tussen waarnemers: de standaardafwijking van hun scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.25)]
    pub spreiding: Option<f64>,
    /// Verschil met de vorige afname.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -1, maximum = 1, example = 0.1)]
    pub verschil: Option<f64>,
    /// Opmerkingen; afwezig voor wie ze niet mag lezen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opmerkingen: Option<Vec<Opmerking>>,
}

/// Het resultaat van een groep vragen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroepResultaat {
    /// Code: die van de categorie, `kernvragen` of `totaal`.
    #[schema(example = "netwerkvorming")]
    pub code: String,
    /// Titel.
    #[schema(example = "Netwerkvorming")]
    pub titel: String,
    /// Gemiddelde van de vragen met een score.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 0.6667)]
    pub score: Option<f64>,
    /// Hoeveel vragen een score hebben.
    #[schema(minimum = 0, example = 3)]
    pub vragen_met_score: i64,
    /// Hoeveel vragen de groep voor dit team heeft.
    #[schema(minimum = 0, example = 3)]
    pub vragen: i64,
    /// Verschil met de vorige afname, over de vragen die in beide bestaan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -1, maximum = 1, example = -0.05)]
    pub verschil: Option<f64>,
}

/// De afname waarmee vergeleken wordt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vergelijking {
    /// De vorige afname.
    pub afname_id: Id,
    /// De uitgave waarmee zij is afgenomen.
    #[schema(example = "2.1")]
    pub uitgave: String,
    /// Haar eerste dag.
    #[schema(example = "2026-09-15")]
    pub begin_datum: Datum,
    /// Wanneer zij gesloten is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gesloten_op: Option<Moment>,
}

/// Het resultaat van een afname.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resultaat {
    /// De afname.
    pub afname_id: Id,
    /// Titel van de afname.
    #[schema(example = "Go-live oefening Hoogwater")]
    pub titel: String,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Eerste dag van de afname.
    #[schema(example = "2027-09-14")]
    pub begin_datum: Datum,
    /// Het team dat is waargenomen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Crisisteam")]
    pub team: Option<String>,
    /// Niveau van dat team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinatieniveau: Option<Coordinatieniveau>,
    /// Code van de vragenlijst.
    #[schema(example = "SNW-3")]
    pub vragenlijst_code: String,
    /// De uitgave.
    #[schema(example = "2.1")]
    pub uitgave: String,
    /// Code van de antwoordschaal.
    #[schema(example = "voorlopig-ja-deels-nee")]
    pub antwoordschaal: String,
    /// Of NIPV de schaal nog niet heeft vastgesteld.
    pub schaal_voorlopig: bool,
    /// Of de afname nog open is en het resultaat nog kan veranderen.
    pub tussenstand: bool,
    /// Hoeveel waarnemers meetellen.
    #[schema(minimum = 0, example = 5)]
    pub waarnemers: i64,
    /// Het geheel.
    pub totaal: GroepResultaat,
    /// De kernvragen.
    pub kernvragen: GroepResultaat,
    /// Per categorie.
    pub categorieen: Vec<GroepResultaat>,
    /// Per vraag.
    pub vragen: Vec<VraagResultaat>,
    /// Waarmee vergeleken is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vorige: Option<Vergelijking>,
}

/// Rondt af op vier decimalen; meer zegt een waarneming niet.
#[must_use]
pub fn afgerond(getal: f64) -> f64 {
    (getal * 10_000.0).round() / 10_000.0
}

#[expect(clippy::cast_precision_loss, reason = "aantallen en duizendsten blijven ver onder 2^52")]
fn deel(som: i64, aantal: i64) -> Option<f64> {
    (aantal > 0).then(|| som as f64 / aantal as f64)
}

fn aantal(lengte: usize) -> i64 {
    i64::try_from(lengte).unwrap_or(i64::MAX)
}

/// Rekent het resultaat uit; de volgorde van waarnemers en antwoorden doet er niet toe.
#[must_use]
pub fn resultaat(afname: &Afname, lijst: &Vragenlijst, meegeteld: &[Meegeteld]) -> Resultaat {
    let vragen: Vec<VraagResultaat> = lijst.vragen_voor(afname.coordinatieniveau).map(|vraag| van_vraag(vraag, lijst, meegeteld)).collect();
    let categorieen = lijst.inhoud.categorieen.iter().map(|c| groep(&c.code, &c.titel, vragen.iter().filter(|v| v.categorie == c.code))).collect();
    Resultaat {
        afname_id: afname.id,
        titel: afname.titel.clone(),
        organisatie_id: afname.organisatie_id,
        begin_datum: afname.begin_datum,
        team: afname.team.clone(),
        coordinatieniveau: afname.coordinatieniveau,
        vragenlijst_code: lijst.inhoud.code.clone(),
        uitgave: lijst.inhoud.uitgave.clone(),
        antwoordschaal: lijst.inhoud.antwoordschaal.code.clone(),
        schaal_voorlopig: lijst.inhoud.antwoordschaal.voorlopig,
        tussenstand: afname.status != AfnameStatus::Gesloten,
        waarnemers: aantal(meegeteld.len()),
        totaal: groep("totaal", "Totaal", vragen.iter()),
        kernvragen: groep("kernvragen", "Kernvragen", vragen.iter().filter(|v| v.kernvraag)),
        categorieen,
        vragen,
        vorige: None,
    }
}

fn van_vraag(vraag: &Vraag, lijst: &Vragenlijst, meegeteld: &[Meegeteld]) -> VraagResultaat {
    let schaal = &lijst.inhoud.antwoordschaal;
    let gegeven: Vec<(&Meegeteld, &Stand)> = meegeteld.iter().filter_map(|m| m.standen.iter().find(|s| s.vraag == vraag.nummer).map(|s| (m, s))).collect();
    let mut scores: Vec<i64> = gegeven.iter().filter_map(|(_, s)| schaal.duizendsten(&s.antwoord.waarde)).collect();
    scores.sort_unstable();
    let (n, som) = (aantal(scores.len()), scores.iter().sum::<i64>());
    let kwadraten: i64 = scores.iter().map(|s| s * s).sum();
    // Geheel gerekend tot de laatste deling: n·Σx² − (Σx)² is nooit negatief en hangt niet van volgorde af.
    let spreiding = deel(n * kwadraten - som * som, n * n).map(|variantie| afgerond(variantie.sqrt() / 1_000.0));
    let mut opmerkingen: Vec<Opmerking> =
        gegeven.iter().filter_map(|(m, s)| s.antwoord.opmerking.clone().map(|tekst| Opmerking { hoedanigheid: m.hoedanigheid, tekst })).collect();
    // Gesorteerd, zodat de volgorde niet verraadt wie van de waarnemers iets schreef.
    opmerkingen.sort_by(|a, b| (a.hoedanigheid, &a.tekst).cmp(&(b.hoedanigheid, &b.tekst)));
    VraagResultaat {
        nummer: vraag.nummer,
        vraag: vraag.vraag.clone(),
        categorie: vraag.categorie.clone(),
        kernvraag: vraag.kernvraag,
        score: deel(som, n * 1_000).map(afgerond),
        meegeteld: n,
        niet_meegeteld: aantal(gegeven.len()) - n,
        tellingen: schaal
            .waarden
            .iter()
            .map(|w| Telling { waarde: w.code.clone(), aantal: aantal(gegeven.iter().filter(|(_, s)| s.antwoord.waarde == w.code).count()) })
            .collect(),
        laagste: deel(scores.first().copied().unwrap_or_default(), if n > 0 { 1_000 } else { 0 }),
        hoogste: deel(scores.last().copied().unwrap_or_default(), if n > 0 { 1_000 } else { 0 }),
        spreiding,
        verschil: None,
        opmerkingen: Some(opmerkingen),
    }
}

fn groep<'a>(code: &str, titel: &str, vragen: impl Iterator<Item = &'a VraagResultaat>) -> GroepResultaat {
    let vragen: Vec<&VraagResultaat> = vragen.collect();
    let score = gemiddelde(vragen.iter().filter_map(|v| v.score));
    let met_score = vragen.iter().filter(|v| v.score.is_some()).count();
    GroepResultaat { code: code.to_owned(), titel: titel.to_owned(), score, vragen_met_score: aantal(met_score), vragen: aantal(vragen.len()), verschil: None }
}

/// Het gemiddelde in een vaste volgorde, afgerond; `None` zonder getallen.
pub fn gemiddelde(getallen: impl Iterator<Item = f64>) -> Option<f64> {
    let (som, n) = getallen.fold((0.0, 0.0), |(som, n), getal| (som + getal, n + 1.0));
    (n > 0.0).then(|| afgerond(som / n))
}

impl Resultaat {
    /// Laat de opmerkingen weg, voor wie ze niet mag lezen.
    #[must_use]
    pub fn zonder_opmerkingen(mut self) -> Self {
        self.vragen.iter_mut().for_each(|v| v.opmerkingen = None);
        self
    }

    /// Vergelijkt met een vorig resultaat, langs de vertaling van vragen. Alleen wat in beide een score heeft, telt.
    #[must_use]
    pub fn vergeleken(mut self, vorig: &Self, vorige: &Afname, vertaling: &Vertaling) -> Self {
        let toen: BTreeMap<i16, f64> = vorig.vragen.iter().filter_map(|v| Some((*vertaling.get(&v.nummer)?, v.score?))).collect();
        for vraag in &mut self.vragen {
            vraag.verschil = vraag.score.zip(toen.get(&vraag.nummer)).map(|(nu, toen)| afgerond(nu - toen));
        }
        let vragen = &self.vragen;
        let verschil = |hoort: &dyn Fn(&VraagResultaat) -> bool| {
            let paren = || vragen.iter().filter(|v| hoort(v)).filter_map(|v| v.score.zip(toen.get(&v.nummer).copied()));
            gemiddelde(paren().map(|(nu, _)| nu)).zip(gemiddelde(paren().map(|(_, toen)| toen))).map(|(nu, toen)| afgerond(nu - toen))
        };
        self.totaal.verschil = verschil(&|_| true);
        self.kernvragen.verschil = verschil(&|v| v.kernvraag);
        for categorie in &mut self.categorieen {
            let code = categorie.code.clone();
            categorie.verschil = verschil(&|v| v.categorie == code);
        }
        self.vorige =
            Some(Vergelijking { afname_id: vorige.id, uitgave: vorig.uitgave.clone(), begin_datum: vorige.begin_datum, gesloten_op: vorige.gesloten_op });
        self
    }
}
