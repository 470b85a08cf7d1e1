//! Antwoorden van één waarnemer, ook als zij zonder verbinding gegeven zijn.
//!
//! Elk ontvangen antwoord blijft bewaard met het moment en het apparaat waarop het gegeven is. Wat geldt, is een functie van
//! die verzameling en dus onafhankelijk van de volgorde van aankomst: per vraag het laatst gegeven antwoord. Gaf een ander
//! apparaat een ander antwoord dat het laatste apparaat niet had gezien, dan is dat een strijdigheid die zichtbaar blijft.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Afname;
use crate::invoer::Veldfout;
use crate::keuze::keuze;
use crate::vragenlijsten::Vragenlijst;
use crate::{Id, Moment, kort_moment};

/// Zo ver mag de klok van een apparaat voorlopen.
const VOORLOPEN: chrono::TimeDelta = chrono::TimeDelta::hours(24);
/// Zo lang mag een opmerking zijn, in tekens.
const OPMERKING: usize = 4_000;

/// Een antwoord op één vraag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwAntwoord {
    /// Code uit de antwoordschaal.
    #[schema(min_length = 1, max_length = 40, example = "deels")]
    pub waarde: String,
    /// Opmerking bij het antwoord, ten hoogste 4.000 tekens; over een team of rol, niet over een persoon. Leeg is geen opmerking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 20_000, example = "Het overzicht werd na een uur niet meer bijgewerkt.")]
    pub opmerking: Option<String>,
    /// Het moment waarop het antwoord op het apparaat gegeven is; zonder dit het moment van ontvangst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gegeven_op: Option<Moment>,
    /// Zelfgekozen kenmerk van het apparaat, om strijdige antwoorden te herkennen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[A-Za-z0-9._-]+$", min_length = 1, max_length = 64, example = "telefoon-1")]
    pub apparaat: Option<String>,
    /// De `gegevenOp` van het antwoord dat dit apparaat voor deze vraag al kende; zo lost u een strijdigheid op.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gezien_op: Option<Moment>,
}

/// Een antwoord in een reeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwAntwoordInReeks {
    /// Nummer van de vraag.
    #[schema(minimum = 1, maximum = 32_767, example = 1)]
    pub vraag: i16,
    /// Het antwoord.
    pub antwoord: NieuwAntwoord,
}

/// Een reeks antwoorden, in willekeurige volgorde.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweAntwoorden {
    /// De antwoorden.
    #[schema(min_items = 1, max_items = 1000)]
    pub antwoorden: Vec<NieuwAntwoordInReeks>,
}

/// Een ontvangen antwoord; verandert nooit meer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Antwoord {
    /// Nummer van de vraag.
    #[schema(minimum = 1, example = 1)]
    pub vraag: i16,
    /// Code uit de antwoordschaal.
    #[schema(example = "deels")]
    pub waarde: String,
    /// Opmerking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opmerking: Option<String>,
    /// Gegeven op het apparaat.
    pub gegeven_op: Moment,
    /// Het apparaat.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    pub apparaat: String,
    /// Wat het apparaat al kende.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gezien_op: Option<Moment>,
    /// Ontvangen door deze dienst.
    pub ontvangen_op: Moment,
}

/// Wat er voor één vraag geldt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stand {
    /// Nummer van de vraag.
    #[schema(minimum = 1, example = 1)]
    pub vraag: i16,
    /// Het antwoord dat geldt: het laatst gegeven.
    pub antwoord: Antwoord,
    /// Andere antwoorden, van een ander apparaat, die het geldende antwoord niet kende. Leeg is goed.
    pub strijdig: Vec<Antwoord>,
}

keuze! {
    /// Wat er met een ontvangen antwoord gebeurde.
    Ontvangst { /// Nieuw en bewaard.
        Bewaard = "bewaard", /// Hetzelfde antwoord was er al.
        AlBekend = "al-bekend", /// Bewaard, maar er is een later antwoord dat geldt.
        Ingehaald = "ingehaald", /// Bewaard, en in strijd met een antwoord van een ander apparaat.
        Strijdig = "strijdig", /// Niet bewaard: dit apparaat gaf op hetzelfde moment een ander antwoord.
        ZelfdeMoment = "zelfde-moment", /// Niet bewaard: `fouten` zegt waarom.
        Geweigerd = "geweigerd" }
}

/// Wat er met één antwoord gebeurde en wat nu geldt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AntwoordOntvangst {
    /// Wat er met dit antwoord gebeurde.
    pub ontvangst: Ontvangst,
    /// Wat er nu voor deze vraag geldt.
    pub stand: Stand,
}

/// Wat er met één antwoord uit een reeks gebeurde.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReeksUitkomst {
    /// Nummer van de vraag.
    #[schema(minimum = 1, example = 1)]
    pub vraag: i16,
    /// Wat er met dit antwoord gebeurde.
    pub ontvangst: Ontvangst,
    /// Wat er nu voor deze vraag geldt; afwezig als dit antwoord geweigerd is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stand: Option<Stand>,
    /// Waarom dit antwoord geweigerd is; plaatsen tellen vanaf het antwoord in de reeks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub fouten: Vec<Veldfout>,
}

impl ReeksUitkomst {
    /// Of dit antwoord hier niet staat: het apparaat houdt het en laat het zien.
    #[must_use]
    pub fn is_niet_bewaard(&self) -> bool {
        matches!(self.ontvangst, Ontvangst::Geweigerd | Ontvangst::ZelfdeMoment)
    }
}

/// De uitkomst van een reeks: wat erbij komt, en per antwoord wat ermee gebeurde.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReeksOntvangen {
    /// Te bewaren antwoorden.
    pub nieuw: Vec<Antwoord>,
    /// Per antwoord, in de volgorde van het verzoek.
    pub uitkomsten: Vec<ReeksUitkomst>,
}

/// De uitkomst van ontvangen: wat erbij komt, en wat er dan geldt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ontvangen {
    /// Te bewaren antwoorden.
    pub nieuw: Vec<Antwoord>,
    /// Per ontvangen antwoord, in de volgorde van het verzoek.
    pub uitkomsten: Vec<AntwoordOntvangst>,
}

impl Antwoord {
    fn zelfde_inhoud(&self, ander: &Self) -> bool {
        self.waarde == ander.waarde && self.opmerking == ander.opmerking
    }

    fn sleutel(&self) -> (Moment, &str) {
        (self.gegeven_op, &self.apparaat)
    }

    /// Of dit eerdere antwoord in strijd is met het geldende: een ander apparaat, een andere inhoud, en ongezien.
    fn in_strijd_met(&self, geldend: &Self) -> bool {
        self.apparaat != geldend.apparaat && !self.zelfde_inhoud(geldend) && geldend.gezien_op.is_none_or(|gezien| gezien < self.gegeven_op)
    }
}

/// Wat per vraag geldt, gegeven alle ontvangen antwoorden in willekeurige volgorde.
#[must_use]
pub fn standen(antwoorden: &[Antwoord]) -> Vec<Stand> {
    let mut per_vraag: BTreeMap<i16, Vec<&Antwoord>> = BTreeMap::new();
    for antwoord in antwoorden {
        per_vraag.entry(antwoord.vraag).or_default().push(antwoord);
    }
    per_vraag.into_iter().filter_map(|(vraag, van_vraag)| stand(vraag, &van_vraag)).collect()
}

fn stand(vraag: i16, antwoorden: &[&Antwoord]) -> Option<Stand> {
    let geldend = *antwoorden.iter().max_by_key(|a| a.sleutel())?;
    // Van elk ander apparaat telt alleen zijn laatste woord: wat het zelf heeft overschreven, is geen strijd meer.
    let mut laatste: BTreeMap<&str, &Antwoord> = BTreeMap::new();
    for antwoord in antwoorden {
        let plek = laatste.entry(&antwoord.apparaat).or_insert(antwoord);
        if plek.gegeven_op < antwoord.gegeven_op {
            *plek = antwoord;
        }
    }
    let strijdig = laatste.into_values().filter(|a| a.in_strijd_met(geldend)).cloned().collect();
    Some(Stand { vraag, antwoord: geldend.clone(), strijdig })
}

/// Alle fouten in één antwoord, gegeven lijst en niveau van het team; plaatsen tellen vanaf het antwoord in zijn reeks.
#[must_use]
pub fn controleer(nieuw: &NieuwAntwoordInReeks, afname: &Afname, lijst: &Vragenlijst, nu: Moment) -> Vec<Veldfout> {
    let NieuwAntwoordInReeks { vraag, antwoord } = nieuw;
    let mut fouten = Vec::new();
    match lijst.vraag(*vraag) {
        None => fouten.push(Veldfout::new("/vraag", "vraag-onbekend", "Deze vraag staat niet in de vragenlijst.")),
        Some(v) if !v.geldt_voor(afname.coordinatieniveau) => {
            fouten.push(Veldfout::new("/vraag", "vraag-niet-voor-niveau", "Deze vraag bestaat niet voor een team op dit niveau."));
        }
        Some(_) => {}
    }
    if lijst.inhoud.antwoordschaal.waarde(&antwoord.waarde).is_none() {
        let codes: Vec<&str> = lijst.inhoud.antwoordschaal.waarden.iter().map(|w| w.code.as_str()).collect();
        fouten.push(Veldfout::new("/antwoord/waarde", "antwoord-onbekend", format!("Kies uit: {}.", codes.join(", "))));
    }
    if antwoord.opmerking.as_ref().is_some_and(|tekst| tekst.chars().count() > OPMERKING) {
        fouten.push(Veldfout::new("/antwoord/opmerking", "opmerking-te-lang", format!("Een opmerking is ten hoogste {OPMERKING} tekens; kort haar in.")));
    }
    if antwoord.gegeven_op.is_some_and(|op| op > nu + VOORLOPEN) {
        let detail = "Dit moment ligt meer dan een dag in de toekomst. Zet de klok van het apparaat goed.";
        fouten.push(Veldfout::new("/antwoord/gegevenOp", "moment-in-toekomst", detail));
    }
    fouten
}

/// Neemt van een reeks aan wat goed is, en zegt bij elk ander antwoord waarom niet: één fout houdt de rest niet tegen.
#[must_use]
pub fn ontvang_reeks(bekend: &[Antwoord], reeks: &[NieuwAntwoordInReeks], fouten: Vec<Vec<Veldfout>>, nu: Moment) -> ReeksOntvangen {
    let goed: Vec<NieuwAntwoordInReeks> = reeks.iter().zip(&fouten).filter(|(_, fouten)| fouten.is_empty()).map(|(een, _)| een.clone()).collect();
    let Ontvangen { nieuw, uitkomsten } = ontvang(bekend, &goed, nu);
    let mut aangenomen = uitkomsten.into_iter();
    let uitkomsten = reeks
        .iter()
        .zip(fouten)
        .map(|(een, fouten)| match if fouten.is_empty() { aangenomen.next() } else { None } {
            Some(AntwoordOntvangst { ontvangst, stand }) => ReeksUitkomst { vraag: een.vraag, ontvangst, stand: Some(stand), fouten },
            None => ReeksUitkomst { vraag: een.vraag, ontvangst: Ontvangst::Geweigerd, stand: None, fouten },
        })
        .collect();
    ReeksOntvangen { nieuw, uitkomsten }
}

/// Neemt antwoorden aan bij wat er al is. Wat er dan geldt, hangt niet af van de volgorde van aankomst.
#[must_use]
pub fn ontvang(bekend: &[Antwoord], reeks: &[NieuwAntwoordInReeks], nu: Moment) -> Ontvangen {
    let mut alles = bekend.to_vec();
    let mut nieuw = Vec::new();
    let mut gedaan = Vec::with_capacity(reeks.len());
    for NieuwAntwoordInReeks { vraag, antwoord } in reeks {
        let kandidaat = Antwoord {
            vraag: *vraag,
            waarde: antwoord.waarde.clone(),
            opmerking: antwoord.opmerking.clone().filter(|tekst| !tekst.trim().is_empty()),
            gegeven_op: kort_moment(antwoord.gegeven_op.unwrap_or(nu)),
            apparaat: antwoord.apparaat.clone().unwrap_or_default(),
            gezien_op: antwoord.gezien_op.map(kort_moment),
            ontvangen_op: nu,
        };
        let eerder = eerder(&alles, &kandidaat, antwoord.gegeven_op.is_some());
        gedaan.push((kandidaat.clone(), eerder));
        if eerder.is_none() {
            alles.push(kandidaat.clone());
            nieuw.push(kandidaat);
        }
    }
    let standen = standen(&alles);
    let uitkomsten = gedaan.iter().filter_map(|(a, eerder)| uitkomst(&standen, a, *eerder)).collect();
    Ontvangen { nieuw, uitkomsten }
}

/// Of dit antwoord er al is: hetzelfde apparaat op hetzelfde moment, of zonder moment dezelfde inhoud als wat al geldt.
fn eerder(alles: &[Antwoord], kandidaat: &Antwoord, met_moment: bool) -> Option<Ontvangst> {
    let mut van_apparaat = alles.iter().filter(|a| a.vraag == kandidaat.vraag && a.apparaat == kandidaat.apparaat);
    if !met_moment {
        let laatste = van_apparaat.clone().max_by_key(|a| a.gegeven_op);
        if laatste.is_some_and(|a| a.zelfde_inhoud(kandidaat) && kandidaat.gezien_op.is_none()) {
            return Some(Ontvangst::AlBekend);
        }
    }
    let zelfde = van_apparaat.find(|a| a.gegeven_op == kandidaat.gegeven_op)?;
    Some(if zelfde.zelfde_inhoud(kandidaat) { Ontvangst::AlBekend } else { Ontvangst::ZelfdeMoment })
}

fn uitkomst(standen: &[Stand], antwoord: &Antwoord, eerder: Option<Ontvangst>) -> Option<AntwoordOntvangst> {
    let stand = standen.iter().find(|s| s.vraag == antwoord.vraag)?.clone();
    let ontvangst = eerder.unwrap_or({
        if stand.strijdig.is_empty() {
            if stand.antwoord.sleutel() == antwoord.sleutel() { Ontvangst::Bewaard } else { Ontvangst::Ingehaald }
        } else {
            Ontvangst::Strijdig
        }
    });
    Some(AntwoordOntvangst { ontvangst, stand })
}

/// De invulling van een waarnemer: wat per vraag geldt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invulling {
    /// Identificatie; gelijk aan die van de waarnemer.
    pub id: Id,
    /// De afname.
    pub afname_id: Id,
    /// De waarnemer.
    pub persoon_id: Id,
    /// Moment van indienen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingediend_op: Option<Moment>,
    /// Hoeveel vragen voor dit team bestaan.
    #[schema(minimum = 0, example = 35)]
    pub aantal_vragen: i64,
    /// Hoeveel daarvan beantwoord zijn.
    #[schema(minimum = 0, example = 12)]
    pub beantwoord: i64,
    /// Hoeveel vragen op twee apparaten een verschillend antwoord hebben.
    #[schema(minimum = 0, example = 0)]
    pub strijdig: i64,
    /// Wat per vraag geldt.
    pub antwoorden: Vec<Stand>,
    /// Versie van de waarnemer; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}
