//! De inhoud van een plan, altijd in dezelfde volgorde: zo zijn twee versies te vergelijken en blijft een plaats een plaats.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::inrichting::is_code;
use crate::invoer::{Veldfout, klaar, verplicht};
use crate::keuze::keuze;
use crate::{Datum, Id, Weigering};

keuze! {
    /// Wat iemand op een pagina mag.
    Recht { /// Zien.
        Lezen = "lezen", /// Bijhouden.
        Schrijven = "schrijven", /// Inrichten en anderen toelaten: alleen voor een geregistreerde organisatiebeheerder.
        Beheren = "beheren" }
}

/// Een recht op een pagina.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Paginarecht {
    /// Naam van de pagina, zoals in de sjablonen.
    #[schema(min_length = 1, max_length = 200, example = "Situatiebeeld")]
    pub pagina: String,
    /// Recht.
    pub recht: Recht,
}

/// Een profiel: team, discipline en functie, met rechten per pagina.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Autorisatieprofiel)]
pub struct Profiel {
    /// Code; ligt vast.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "crisisteam-im")]
    pub code: String,
    /// Naam.
    #[schema(min_length = 1, max_length = 120, example = "Informatiemanager crisisteam")]
    pub naam: String,
    /// Code van het team.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "crisisteam")]
    pub team: String,
    /// Code van de discipline.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "zorg")]
    pub discipline: String,
    /// Code van de functie.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "informatiemanager")]
    pub functie: String,
    /// Rechten per pagina.
    #[serde(default)]
    #[schema(max_items = 100, required = false)]
    pub rechten: Vec<Paginarecht>,
}

/// Een profiel voor een gebruiker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Toewijzing {
    /// Code van het profiel.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "crisisteam-im")]
    pub profiel: String,
    /// De gebruiker.
    pub gebruiker_id: Id,
    /// Of de gebruiker vervanger is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false, example = false)]
    pub vervanger: bool,
    /// Eerste dag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub van_datum: Option<Datum>,
    /// Laatste dag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tot_datum: Option<Datum>,
}

/// De inhoud van een plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Planinhoud {
    /// Profielen, op code.
    #[schema(max_items = 1000)]
    pub profielen: Vec<Profiel>,
    /// Toewijzingen, op profiel en gebruiker.
    #[schema(max_items = 20000)]
    pub toewijzingen: Vec<Toewijzing>,
}

/// Waar een toewijzing aan te herkennen is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Toewijzingsleutel {
    /// Code van het profiel.
    #[schema(max_length = 40, example = "crisisteam-im")]
    pub profiel: String,
    /// De gebruiker.
    pub gebruiker_id: Id,
}

/// Een bewerking van een deel van de inhoud: wat er staat wordt gezet, wat verwijderd is gaat weg, de rest blijft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Planbewerking {
    /// Profielen om toe te voegen of te vervangen.
    #[serde(default)]
    #[schema(max_items = 1000, required = false)]
    pub profielen: Vec<Profiel>,
    /// Toewijzingen om toe te voegen of te vervangen.
    #[serde(default)]
    #[schema(max_items = 2000, required = false)]
    pub toewijzingen: Vec<Toewijzing>,
    /// Codes van profielen om te verwijderen.
    #[serde(default)]
    #[schema(max_items = 1000, required = false)]
    pub verwijderde_profielen: Vec<String>,
    /// Toewijzingen om te verwijderen.
    #[serde(default)]
    #[schema(max_items = 2000, required = false)]
    pub verwijderde_toewijzingen: Vec<Toewijzingsleutel>,
}

impl Toewijzing {
    /// De sleutel.
    #[must_use]
    pub fn sleutel(&self) -> (&str, Id) {
        (&self.profiel, self.gebruiker_id)
    }

    /// Of de toewijzing op deze dag geldt.
    #[must_use]
    pub fn geldt_op(&self, dag: Datum) -> bool {
        self.van_datum.is_none_or(|van| van <= dag) && self.tot_datum.is_none_or(|tot| dag <= tot)
    }
}

impl Profiel {
    /// Of dit profiel ergens beheerrecht geeft.
    #[must_use]
    pub fn geeft_beheer(&self) -> bool {
        self.rechten.iter().any(|r| r.recht == Recht::Beheren)
    }

    fn fouten(&self, plaats: &str, fouten: &mut Vec<Veldfout>) {
        for (veld, code) in [("code", &self.code), ("team", &self.team), ("discipline", &self.discipline), ("functie", &self.functie)] {
            if !is_code(code) {
                let detail = "Gebruik kleine letters, cijfers en streepjes, hoogstens 40 tekens.";
                fouten.push(Veldfout::new(format!("{plaats}/{veld}"), "code-ongeldig", detail));
            }
        }
        verplicht(fouten, &format!("{plaats}/naam"), &self.naam);
        if self.naam.chars().count() > 120 || self.naam.chars().any(char::is_control) {
            fouten.push(Veldfout::new(format!("{plaats}/naam"), "te-lang", "Gebruik hoogstens 120 tekens, zonder regeleinden."));
        }
        let mut gezien = HashSet::new();
        for (plek, recht) in self.rechten.iter().enumerate() {
            let hier = format!("{plaats}/rechten/{plek}/pagina");
            verplicht(fouten, &hier, &recht.pagina);
            if recht.pagina.chars().count() > 200 || recht.pagina.chars().any(char::is_control) {
                fouten.push(Veldfout::new(&hier, "te-lang", "Gebruik hoogstens 200 tekens, zonder regeleinden."));
            }
            if !gezien.insert(recht.pagina.as_str()) {
                fouten.push(Veldfout::new(hier, "dubbel", "Deze pagina heeft in dit profiel al een recht."));
            }
        }
    }
}

impl Planinhoud {
    /// Keurt de vorm en zet alles in de vaste volgorde.
    ///
    /// # Errors
    /// Alle fouten, op hun plaats in de gegeven volgorde: codes, dubbele profielen en toewijzingen, en toewijzingen van een profiel dat er niet is.
    pub fn geordend(mut self) -> Result<Self, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut codes = HashSet::with_capacity(self.profielen.len());
        for (plek, profiel) in self.profielen.iter().enumerate() {
            profiel.fouten(&format!("/profielen/{plek}"), &mut fouten);
            if !codes.insert(profiel.code.as_str()) {
                fouten.push(Veldfout::new(format!("/profielen/{plek}/code"), "dubbel", "Deze code komt al voor in het plan."));
            }
        }
        let mut gezien = HashSet::with_capacity(self.toewijzingen.len());
        for (plek, t) in self.toewijzingen.iter().enumerate() {
            if !codes.contains(t.profiel.as_str()) {
                fouten.push(Veldfout::new(format!("/toewijzingen/{plek}/profiel"), "profiel-onbekend", "Dit profiel staat niet in het plan."));
            }
            if !gezien.insert(t.sleutel()) {
                fouten.push(Veldfout::new(format!("/toewijzingen/{plek}"), "dubbel", "Deze gebruiker heeft dit profiel al in het plan."));
            }
            if t.van_datum.zip(t.tot_datum).is_some_and(|(van, tot)| tot < van) {
                fouten.push(Veldfout::new(format!("/toewijzingen/{plek}/totDatum"), "einde-voor-begin", "De laatste dag moet op of na de eerste dag liggen."));
            }
        }
        drop((codes, gezien));
        self.profielen.sort_by(|a, b| a.code.cmp(&b.code));
        self.profielen.iter_mut().for_each(|p| p.rechten.sort());
        self.toewijzingen.sort_by(|a, b| a.sleutel().cmp(&b.sleutel()));
        klaar(fouten, self)
    }

    /// Past een bewerking toe.
    ///
    /// # Errors
    /// Als bij [`Planinhoud::geordend`]; en `niet-in-plan` voor iets dat weg moet en er niet is.
    pub fn bewerkt(&self, bewerking: &Planbewerking) -> Result<Self, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut profielen: BTreeMap<&str, &Profiel> = self.profielen.iter().map(|p| (p.code.as_str(), p)).collect();
        let mut toewijzingen: BTreeMap<(&str, Id), &Toewijzing> = self.toewijzingen.iter().map(|t| (t.sleutel(), t)).collect();
        let weg = |plaats: String| Veldfout::new(plaats, "niet-in-plan", "Dit staat niet in het plan; haal het uit uw verzoek.");
        for (plek, sleutel) in bewerking.verwijderde_toewijzingen.iter().enumerate() {
            if toewijzingen.remove(&(sleutel.profiel.as_str(), sleutel.gebruiker_id)).is_none() {
                fouten.push(weg(format!("/verwijderdeToewijzingen/{plek}")));
            }
        }
        for (plek, code) in bewerking.verwijderde_profielen.iter().enumerate() {
            if profielen.remove(code.as_str()).is_none() {
                fouten.push(weg(format!("/verwijderdeProfielen/{plek}")));
            }
            toewijzingen.retain(|(profiel, _), _| profiel != code);
        }
        profielen.extend(bewerking.profielen.iter().map(|p| (p.code.as_str(), p)));
        toewijzingen.extend(bewerking.toewijzingen.iter().map(|t| (t.sleutel(), t)));
        let nieuw = Self { profielen: profielen.into_values().cloned().collect(), toewijzingen: toewijzingen.into_values().cloned().collect() };
        match nieuw.geordend() {
            Ok(nieuw) => klaar(fouten, nieuw),
            Err(meer) => Err(fouten.into_iter().chain(meer).collect()),
        }
    }
}

/// Niemand kent zichzelf een profiel toe: niet met een nieuwe toewijzing, niet met een langere, en niet door een profiel dat
/// men al heeft meer te laten mogen. `eigen` zijn de gebruikers die de aanroeper zelf is.
///
/// # Errors
/// `zelf-toekennen`.
pub fn zelf_toegekend(oud: &Planinhoud, nieuw: &Planinhoud, eigen: &[Id]) -> Result<(), Weigering> {
    let van_mij = |inhoud: &Planinhoud| inhoud.toewijzingen.iter().filter(|t| eigen.contains(&t.gebruiker_id)).cloned().collect::<Vec<_>>();
    let (eerst, daarna) = (van_mij(oud), van_mij(nieuw));
    let nieuwe = daarna.iter().any(|t| !eerst.contains(t));
    let mijn_codes: BTreeSet<&str> = daarna.iter().map(|t| t.profiel.as_str()).collect();
    let vind = |inhoud: &'_ Planinhoud, code: &str| inhoud.profielen.iter().find(|p| p.code == code).cloned();
    let ruimer = mijn_codes.iter().any(|code| {
        let (Some(voor), Some(na)) = (vind(oud, code), vind(nieuw, code)) else { return false };
        let zelfde_plek = voor.team == na.team && voor.discipline == na.discipline && voor.functie == na.functie;
        let had = |r: &Paginarecht| voor.rechten.iter().any(|v| v.pagina == r.pagina && v.recht >= r.recht);
        !zelfde_plek || !na.rechten.iter().all(had)
    });
    if nieuwe || ruimer {
        let detail = "Niemand kent zichzelf een profiel toe of verruimt een profiel dat men zelf heeft. Laat een andere organisatiebeheerder dit doen.";
        return Err(Weigering::new("zelf-toekennen", detail));
    }
    Ok(())
}
