//! De uitvoering, regel voor regel: LFB richt in, de organisatiebeheerder maakt profielen en kent ze toe.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Planinhoud, Planverschillen, Profiel, Verschilsoort};
use crate::audit::Door;
use crate::inrichting::{InrichtingSoort, InrichtingStatus};
use crate::invoer::Veldfout;
use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

keuze! {
    /// Waar een regel over gaat.
    Regelsoort { /// Een team inrichten.
        Team = "team", /// Een discipline inrichten.
        Discipline = "discipline", /// Een functie inrichten.
        Functie = "functie", /// Een profiel maken, wijzigen of verwijderen.
        Profiel = "profiel", /// Een profiel toekennen of terugnemen.
        Toewijzing = "toewijzing" }
}
keuze! {
    /// Wie een regel uitvoert.
    Uitvoerder { /// Landelijk functioneel beheer.
        Lfb = "lfb", /// De organisatiebeheerder.
        Organisatiebeheerder = "organisatiebeheerder" }
}
keuze! {
    /// Stand van een regel.
    Regelstand { /// Nog te doen.
        Open = "open", /// Gedaan.
        Gedaan = "gedaan", /// Geprobeerd en niet gelukt.
        Mislukt = "mislukt" }
}
keuze! {
    /// Uitkomst van een poging.
    Regelresultaat { /// Gedaan.
        Gedaan = "gedaan", /// Niet gelukt, met reden.
        Mislukt = "mislukt" }
}

/// Eén regel van de uitvoering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Uitvoeringsregel {
    /// Identificatie.
    pub id: Id,
    /// Het plan.
    pub plan_id: Id,
    /// Plaats in de lijst, vanaf 1.
    #[schema(minimum = 1, example = 4)]
    pub volgorde: i32,
    /// Waar de regel over gaat.
    pub soort: Regelsoort,
    /// Toevoegen, wijzigen of verwijderen.
    pub bewerking: Verschilsoort,
    /// Code van het onderdeel of profiel.
    #[schema(example = "crisisteam-im")]
    pub code: String,
    /// De gebruiker, bij een toewijzing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gebruiker_id: Option<Id>,
    /// Wie hem uitvoert.
    pub uitvoerder: Uitvoerder,
    /// Stand.
    pub stand: Regelstand,
    /// Waarom het niet lukte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reden: Option<String>,
    /// Wie de laatste poging deed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door_persoon_id: Option<Id>,
    /// Moment van de laatste poging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uitgevoerd_op: Option<Moment>,
}

/// De uitkomst van één regel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Uitvoeringsresultaat {
    /// De regel.
    pub regel_id: Id,
    /// Uitkomst.
    pub resultaat: Regelresultaat,
    /// Waarom het niet lukte; verplicht bij mislukt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000, nullable = false, example = "De functie bestaat al onder een andere naam.")]
    pub reden: Option<String>,
}

/// Uitkomsten om vast te leggen; samen of geen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Uitvoering {
    /// De uitkomsten.
    #[schema(min_items = 1, max_items = 1000)]
    pub regels: Vec<Uitvoeringsresultaat>,
}

/// Uitkomsten die zijn vastgelegd: wie, wanneer, welke regels; verandert nooit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Planuitvoering {
    /// Identificatie.
    pub id: Id,
    /// Het plan.
    pub plan_id: Id,
    /// Moment.
    pub op: Moment,
    /// Wie het deed.
    pub door: Door,
    /// De uitkomsten.
    pub regels: Vec<Uitvoeringsresultaat>,
}

type Inrichting = HashMap<(InrichtingSoort, String), InrichtingStatus>;

/// De regels om van het vorige uitgevoerde plan naar dit plan te komen.
#[must_use]
pub fn regels_voor(plan_id: Id, vorige: &Planinhoud, nu: &Planinhoud, inrichting: &Inrichting, mut nieuw_id: impl FnMut() -> Id) -> Vec<Uitvoeringsregel> {
    let verschillen = Planverschillen::tussen(vorige, nu);
    let mut regels = Vec::new();
    let mut voeg = |soort: Regelsoort, bewerking: Verschilsoort, code: &str, gebruiker_id: Option<Id>| {
        let volgorde = i32::try_from(regels.len()).unwrap_or(i32::MAX).saturating_add(1);
        let uitvoerder = match soort {
            Regelsoort::Profiel | Regelsoort::Toewijzing => Uitvoerder::Organisatiebeheerder,
            _ => Uitvoerder::Lfb,
        };
        regels.push(Uitvoeringsregel {
            id: nieuw_id(),
            plan_id,
            volgorde,
            soort,
            bewerking,
            code: code.to_owned(),
            gebruiker_id,
            uitvoerder,
            stand: Regelstand::Open,
            reden: None,
            door_persoon_id: None,
            uitgevoerd_op: None,
        });
    };
    let mut onderdelen = BTreeSet::new();
    for p in &nu.profielen {
        onderdelen.extend(vereist(p));
    }
    for (soort, code) in &onderdelen {
        let (als_regel, ingericht) = (regelsoort(*soort), inrichting.get(&(*soort, code.clone())) == Some(&InrichtingStatus::Ingericht));
        if !ingericht {
            voeg(als_regel, Verschilsoort::Toegevoegd, code, None);
        }
    }
    for v in verschillen.profielen.iter().filter(|v| v.soort != Verschilsoort::Verwijderd) {
        v.na.iter().for_each(|p| voeg(Regelsoort::Profiel, v.soort, &p.code, None));
    }
    for v in &verschillen.toewijzingen {
        v.na.iter().chain(v.voor.iter().filter(|_| v.na.is_none())).for_each(|t| voeg(Regelsoort::Toewijzing, v.soort, &t.profiel, Some(t.gebruiker_id)));
    }
    for v in verschillen.profielen.iter().filter(|v| v.soort == Verschilsoort::Verwijderd) {
        v.voor.iter().for_each(|p| voeg(Regelsoort::Profiel, v.soort, &p.code, None));
    }
    regels
}

fn vereist(p: &Profiel) -> [(InrichtingSoort, String); 3] {
    [(InrichtingSoort::Team, p.team.clone()), (InrichtingSoort::Discipline, p.discipline.clone()), (InrichtingSoort::Functie, p.functie.clone())]
}

const fn regelsoort(soort: InrichtingSoort) -> Regelsoort {
    match soort {
        InrichtingSoort::Team => Regelsoort::Team,
        InrichtingSoort::Discipline => Regelsoort::Discipline,
        InrichtingSoort::Functie => Regelsoort::Functie,
    }
}

impl Regelsoort {
    /// Het onderdeel van de inrichting, als de regel daarover gaat.
    #[must_use]
    pub const fn onderdeel(self) -> Option<InrichtingSoort> {
        match self {
            Self::Team => Some(InrichtingSoort::Team),
            Self::Discipline => Some(InrichtingSoort::Discipline),
            Self::Functie => Some(InrichtingSoort::Functie),
            Self::Profiel | Self::Toewijzing => None,
        }
    }
}

/// Wie uitkomsten vastlegt.
#[derive(Clone, Debug)]
pub(super) struct Aanroeper<'a> {
    pub(super) als: &'a [Uitvoerder],
    pub(super) persoon: Option<Id>,
    pub(super) eigen: &'a [Id],
}

impl Uitvoering {
    /// Verwerkt de uitkomsten in de regels; geeft de gewijzigde regels.
    ///
    /// # Errors
    /// Een fout per regel die onbekend is of zonder reden mislukt (400), of de eerste regel van het domein die dit niet toestaat:
    /// `niet-uw-regel`, `regel-al-gedaan`, `inrichting-eerst`, `profiel-eerst`, `zelf-toekennen`.
    pub fn verwerk(
        &self,
        inhoud: &Planinhoud,
        regels: &mut [Uitvoeringsregel],
        (als, persoon, eigen): (&[Uitvoerder], Option<Id>, &[Id]),
        nu: Moment,
    ) -> Result<Vec<Uitvoeringsregel>, Uitvoeringsfout> {
        let plek: HashMap<Id, usize> = regels.iter().enumerate().map(|(plek, r)| (r.id, plek)).collect();
        let mut fouten = Vec::new();
        for (i, r) in self.regels.iter().enumerate() {
            if !plek.contains_key(&r.regel_id) {
                fouten.push(Veldfout::new(format!("/regels/{i}/regelId"), "regel-onbekend", "Deze regel hoort niet bij dit plan."));
            }
            if r.resultaat == Regelresultaat::Mislukt && r.reden.as_deref().is_none_or(|t| t.trim().is_empty()) {
                fouten.push(Veldfout::new(format!("/regels/{i}/reden"), "reden-verplicht", "Zeg waarom het niet lukte."));
            }
        }
        if !fouten.is_empty() {
            return Err(Uitvoeringsfout::Invoer(fouten));
        }
        let wie = Aanroeper { als, persoon, eigen };
        let mut volgorde: Vec<&Uitvoeringsresultaat> = self.regels.iter().collect();
        volgorde.sort_by_key(|r| plek.get(&r.regel_id));
        let mut klaar = Klaar::van(regels);
        let mut gewijzigd = Vec::with_capacity(volgorde.len());
        for resultaat in volgorde {
            let Some(regel) = plek.get(&resultaat.regel_id).and_then(|plek| regels.get_mut(*plek)) else { continue };
            regel.mag(&wie)?;
            if resultaat.resultaat == Regelresultaat::Gedaan {
                klaar.staat_toe(regel, inhoud)?;
                klaar.af(regel);
            }
            regel.zet(resultaat, &wie, nu);
            gewijzigd.push(regel.clone());
        }
        Ok(gewijzigd)
    }
}

/// Waarom uitkomsten niet zijn vastgelegd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uitvoeringsfout {
    /// De invoer klopt niet.
    Invoer(Vec<Veldfout>),
    /// Een regel staat het niet toe.
    Geweigerd(Weigering),
}

impl From<Weigering> for Uitvoeringsfout {
    fn from(weigering: Weigering) -> Self {
        Self::Geweigerd(weigering)
    }
}

impl Uitvoeringsregel {
    fn mag(&self, wie: &Aanroeper<'_>) -> Result<(), Weigering> {
        if !wie.als.contains(&self.uitvoerder) {
            return Err(Weigering::new("niet-uw-regel", format!("Regel {} voert de {} uit.", self.volgorde, self.uitvoerder)));
        }
        if self.stand == Regelstand::Gedaan {
            return Err(Weigering::new("regel-al-gedaan", format!("Regel {} is al gedaan.", self.volgorde)));
        }
        let voor_zichzelf = self.gebruiker_id.is_some_and(|g| wie.eigen.contains(&g)) && self.bewerking != Verschilsoort::Verwijderd;
        if voor_zichzelf {
            let detail = format!("Regel {} kent een profiel aan uzelf toe. Laat een andere organisatiebeheerder dit doen.", self.volgorde);
            return Err(Weigering::new("zelf-toekennen", detail));
        }
        Ok(())
    }

    fn zet(&mut self, resultaat: &Uitvoeringsresultaat, wie: &Aanroeper<'_>, nu: Moment) {
        let mislukt = resultaat.resultaat == Regelresultaat::Mislukt;
        self.stand = if mislukt { Regelstand::Mislukt } else { Regelstand::Gedaan };
        self.reden = resultaat.reden.clone().filter(|_| mislukt);
        self.door_persoon_id = wie.persoon;
        self.uitgevoerd_op = Some(nu);
    }
}

/// Wat er nog open staat, om de volgorde te bewaken.
struct Klaar {
    open: BTreeSet<(Regelsoort, String)>,
}

impl Klaar {
    fn van(regels: &[Uitvoeringsregel]) -> Self {
        let open = regels.iter().filter(|r| r.stand != Regelstand::Gedaan && r.bewerking != Verschilsoort::Verwijderd && r.soort != Regelsoort::Toewijzing);
        Self { open: open.map(|r| (r.soort, r.code.clone())).collect() }
    }

    fn af(&mut self, regel: &Uitvoeringsregel) {
        if regel.soort != Regelsoort::Toewijzing {
            self.open.remove(&(regel.soort, regel.code.clone()));
        }
    }

    fn staat_toe(&self, regel: &Uitvoeringsregel, inhoud: &Planinhoud) -> Result<(), Weigering> {
        if regel.bewerking == Verschilsoort::Verwijderd {
            return Ok(());
        }
        if regel.soort == Regelsoort::Toewijzing && self.open.contains(&(Regelsoort::Profiel, regel.code.clone())) {
            return Err(Weigering::new("profiel-eerst", format!("Maak eerst het profiel '{}' (regel {} wacht daarop).", regel.code, regel.volgorde)));
        }
        let profiel = inhoud.profielen.iter().find(|p| regel.soort == Regelsoort::Profiel && p.code == regel.code);
        let wacht_op = profiel.into_iter().flat_map(vereist).find(|(soort, code)| self.open.contains(&(regelsoort(*soort), code.clone())));
        match wacht_op {
            Some((soort, code)) => {
                let lidwoord = if soort == InrichtingSoort::Team { "het" } else { "de" };
                let detail = format!("LFB moet eerst {lidwoord} {soort} '{code}' inrichten; regel {} wacht daarop.", regel.volgorde);
                Err(Weigering::new("inrichting-eerst", detail))
            }
            None => Ok(()),
        }
    }
}
