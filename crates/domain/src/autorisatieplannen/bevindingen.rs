//! Bevindingen: wat er aan een plan niet klopt. Fouten houden het indienen tegen, waarschuwingen niet.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Planinhoud, Profiel, Toewijzing};
use crate::inrichting::{InrichtingSoort, InrichtingStatus};
use crate::keuze::keuze;
use crate::{Datum, Id};

keuze! {
    /// Hoe zwaar een bevinding weegt.
    Ernst { /// Houdt het indienen tegen.
        Fout = "fout", /// Zegt alleen iets.
        Waarschuwing = "waarschuwing" }
}

/// Een bevinding in een plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bevinding {
    /// Vaste code.
    #[schema(example = "team-onbekend")]
    pub code: String,
    /// Weging.
    pub ernst: Ernst,
    /// JSON Pointer in de inhoud van het plan.
    #[schema(example = "/profielen/0/team")]
    pub location: String,
    /// De code of het id waar het over gaat.
    #[schema(example = "crisisteam")]
    pub onderwerp: String,
    /// Wat er mis is en wat u kunt doen.
    pub detail: String,
}

/// Wat er van een gebruiker bekend moet zijn om een plan te beoordelen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gezien {
    /// Of de gebruiker een profiel mag krijgen.
    pub actief: bool,
    /// Of de gebruiker een geregistreerde, actieve organisatiebeheerder is.
    pub beheerder: bool,
}

/// Een snelle spreiding voor ids: die maken wij zelf, met toeval, dus niemand kan ze laten botsen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Idspreiding(u64);

impl Hasher for Idspreiding {
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for blok in bytes.chunks(8) {
            let mut acht = [0_u8; 8];
            acht.iter_mut().zip(blok).for_each(|(naar, van)| *naar = *van);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(acht)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}

/// Iets per id.
pub type PerId<T> = HashMap<Id, T, BuildHasherDefault<Idspreiding>>;

/// De feiten waar een plan tegen wordt gehouden.
#[derive(Clone, Debug, Default)]
pub struct Planfeiten {
    /// Gebruikers van de organisatie die niet verwijderd zijn.
    pub gebruikers: PerId<Gezien>,
    /// Ingerichte en gewenste onderdelen.
    pub inrichting: HashMap<(InrichtingSoort, String), InrichtingStatus>,
    /// Pagina's in de sjablonen van de organisatie; leeg als zij geen sjablonen heeft.
    pub paginas: HashSet<String>,
    /// Profielen die aan een andere organisatie zijn uitgeleend.
    pub uitgeleend: HashSet<String>,
}

struct Lijst(Vec<Bevinding>);

impl Lijst {
    fn meld(&mut self, ernst: Ernst, code: &str, location: String, onderwerp: &str, detail: String) {
        self.0.push(Bevinding { code: code.to_owned(), ernst, location, onderwerp: onderwerp.to_owned(), detail });
    }
}

/// Een profiel met zijn toewijzingen, allebei met hun plaats: de inhoud is geordend, dus één keer aflopen is genoeg.
struct Groep<'a> {
    plek: usize,
    profiel: &'a Profiel,
    eerste: usize,
    toewijzingen: &'a [Toewijzing],
}

fn groepen(inhoud: &Planinhoud) -> Vec<Groep<'_>> {
    let (mut rest, mut eerste) = (inhoud.toewijzingen.as_slice(), 0);
    let groep = |(plek, profiel): (usize, &'_ Profiel)| {
        let aantal = rest.iter().take_while(|t| t.profiel == profiel.code).count();
        let (van_dit, daarna) = rest.split_at(aantal);
        rest = daarna;
        eerste += aantal;
        (plek, eerste - aantal, van_dit)
    };
    let grenzen: Vec<_> = inhoud.profielen.iter().enumerate().map(groep).collect();
    let samen = grenzen.into_iter().zip(&inhoud.profielen);
    samen.map(|((plek, eerste, toewijzingen), profiel)| Groep { plek, profiel, eerste, toewijzingen }).collect()
}

/// Alle bevindingen van een geordende inhoud, in vaste volgorde.
#[must_use]
pub fn bevindingen(inhoud: &Planinhoud, feiten: &Planfeiten, vandaag: Datum) -> Vec<Bevinding> {
    let mut lijst = Lijst(Vec::new());
    if inhoud.profielen.is_empty() {
        lijst.meld(Ernst::Fout, "plan-leeg", "/profielen".to_owned(), "", "Het plan heeft nog geen profielen. Voeg er ten minste een toe.".to_owned());
    }
    let groepen = groepen(inhoud);
    for Groep { plek, profiel, toewijzingen, .. } in &groepen {
        over_profiel(&mut lijst, *plek, profiel, feiten);
        if toewijzingen.is_empty() && !feiten.uitgeleend.contains(&profiel.code) {
            let detail = format!("Niemand heeft het profiel '{}'. Wijs het toe of haal het weg.", profiel.code);
            lijst.meld(Ernst::Waarschuwing, "profiel-zonder-gebruiker", format!("/profielen/{plek}"), &profiel.code, detail);
        }
    }
    for groep in &groepen {
        over_toewijzingen(&mut lijst, groep, feiten, vandaag);
    }
    over_gebruikers(&mut lijst, inhoud, feiten);
    over_functies(&mut lijst, &groepen, vandaag);
    lijst.0.sort();
    lijst.0
}

fn over_profiel(lijst: &mut Lijst, plek: usize, profiel: &Profiel, feiten: &Planfeiten) {
    let onderdelen = [
        (InrichtingSoort::Team, "Het team", "team", &profiel.team, "team-onbekend"),
        (InrichtingSoort::Discipline, "De discipline", "discipline", &profiel.discipline, "discipline-onbekend"),
        (InrichtingSoort::Functie, "De functie", "functie", &profiel.functie, "functie-onbekend"),
    ];
    for (soort, naam, veld, code, onbekend) in onderdelen {
        let plaats = || format!("/profielen/{plek}/{veld}");
        match feiten.inrichting.get(&(soort, code.clone())) {
            Some(InrichtingStatus::Ingericht) => {}
            Some(InrichtingStatus::Gewenst) => {
                let detail = format!("{naam} '{code}' is nog een wens; LFB richt '{code}' in bij de uitvoering.");
                lijst.meld(Ernst::Waarschuwing, "nog-niet-ingericht", plaats(), code, detail);
            }
            Some(InrichtingStatus::Vervallen) | None => {
                let detail = format!("{naam} '{code}' staat niet in de inrichting van uw organisatie. Voeg '{code}' toe als wens, of kies wat er wel staat.");
                lijst.meld(Ernst::Fout, onbekend, plaats(), code, detail);
            }
        }
    }
    if profiel.rechten.is_empty() {
        let detail = format!("Het profiel '{}' geeft nergens recht op.", profiel.code);
        lijst.meld(Ernst::Waarschuwing, "profiel-zonder-rechten", format!("/profielen/{plek}/rechten"), &profiel.code, detail);
    }
    for (r, recht) in profiel.rechten.iter().enumerate() {
        if !feiten.paginas.is_empty() && !feiten.paginas.contains(&recht.pagina) {
            let detail = format!("De pagina '{}' staat in geen sjabloon van uw organisatie.", recht.pagina);
            lijst.meld(Ernst::Waarschuwing, "pagina-onbekend", format!("/profielen/{plek}/rechten/{r}/pagina"), &recht.pagina, detail);
        }
    }
}

fn over_toewijzingen(lijst: &mut Lijst, groep: &Groep<'_>, feiten: &Planfeiten, vandaag: Datum) {
    let geeft_beheer = groep.profiel.geeft_beheer();
    for (na, t) in groep.toewijzingen.iter().enumerate() {
        let plek = groep.eerste + na;
        let plaats = || format!("/toewijzingen/{plek}/gebruikerId");
        let Some(gebruiker) = feiten.gebruikers.get(&t.gebruiker_id) else {
            let detail = "Deze gebruiker staat niet op de gebruikerslijst van uw organisatie. Voeg de gebruiker toe of haal de toewijzing weg.".to_owned();
            lijst.meld(Ernst::Fout, "gebruiker-onbekend", plaats(), &t.gebruiker_id.to_string(), detail);
            continue;
        };
        if !gebruiker.actief {
            let detail = "Deze gebruiker is geblokkeerd. Hef de blokkering op of haal de toewijzing weg.".to_owned();
            lijst.meld(Ernst::Fout, "gebruiker-geblokkeerd", plaats(), &t.gebruiker_id.to_string(), detail);
        }
        if geeft_beheer && !gebruiker.beheerder {
            let detail = format!("Het profiel '{}' geeft beheerrecht; dat is voor organisatiebeheerders met een actieve registratie.", t.profiel);
            lijst.meld(Ernst::Fout, "beheerrecht-niet-geregistreerd", plaats(), &t.gebruiker_id.to_string(), detail);
        }
        if t.tot_datum.is_some_and(|tot| tot < vandaag) {
            let detail = "De laatste dag van deze toewijzing is voorbij.".to_owned();
            lijst.meld(Ernst::Waarschuwing, "toewijzing-verlopen", format!("/toewijzingen/{plek}/totDatum"), &t.gebruiker_id.to_string(), detail);
        }
    }
}

fn over_gebruikers(lijst: &mut Lijst, inhoud: &Planinhoud, feiten: &Planfeiten) {
    let met_profiel: PerId<()> = inhoud.toewijzingen.iter().map(|t| (t.gebruiker_id, ())).collect();
    for (id, gebruiker) in &feiten.gebruikers {
        if gebruiker.actief && !met_profiel.contains_key(id) {
            let detail = "Deze gebruiker heeft in dit plan geen profiel.".to_owned();
            lijst.meld(Ernst::Waarschuwing, "gebruiker-zonder-profiel", "/toewijzingen".to_owned(), &id.to_string(), detail);
        }
    }
}

/// Wie een functie heeft: één mens, of meer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Houders {
    Een(Id),
    Meer,
}

/// Een functie met één houder en zonder vervanger staat stil als die ene er niet is.
fn over_functies(lijst: &mut Lijst, groepen: &[Groep<'_>], vandaag: Datum) {
    let mut houders: HashMap<&str, Houders> = HashMap::new();
    for groep in groepen {
        for t in groep.toewijzingen.iter().filter(|t| t.tot_datum.is_none_or(|tot| vandaag <= tot)) {
            let stand = houders.entry(&groep.profiel.functie).or_insert(Houders::Een(t.gebruiker_id));
            if *stand != Houders::Een(t.gebruiker_id) {
                *stand = Houders::Meer;
                break;
            }
        }
    }
    for Groep { plek, profiel, .. } in groepen {
        if matches!(houders.get(profiel.functie.as_str()), Some(Houders::Een(_))) {
            houders.remove(profiel.functie.as_str());
            let detail = format!("De functie '{}' heeft één houder en geen vervanger. Wijs een tweede gebruiker aan, desnoods als vervanger.", profiel.functie);
            lijst.meld(Ernst::Waarschuwing, "functie-een-houder", format!("/profielen/{plek}/functie"), &profiel.functie, detail);
        }
    }
}
