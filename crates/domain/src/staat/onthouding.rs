//! Wat onthouden wordt: elke groep onder de drempel, en zoveel andere groepen dat niemand haar kan uitrekenen.
//!
//! Wie alle vrijgegeven sommen kent, kan daar elke lineaire combinatie van maken (landelijk min sectoren, sector min
//! regiotype). Daarom kijkt de toets niet naar trucs maar naar alles wat af te leiden valt: is er een combinatie die alleen
//! over cellen gaat met samen minder organisaties dan de drempel, dan gaat er nog een groep dicht.

use std::collections::BTreeSet;

/// Een groep met minder organisaties dan dit wordt onthouden.
pub const DREMPEL: i64 = 3;

/// Een groep waarover gepubliceerd kan worden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Groep {
    /// Alle organisaties.
    Landelijk,
    /// Een sector.
    Sector(String),
    /// Een regiotype.
    Regiotype(String),
}

/// Een cel met het aantal organisaties daarin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atoom {
    /// Sector.
    pub sector: String,
    /// Regiotype.
    pub regiotype: String,
    /// Hoeveel organisaties.
    pub organisaties: i64,
}

impl Groep {
    /// Of de cel in deze groep valt.
    #[must_use]
    pub fn omvat(&self, sector: &str, regiotype: &str) -> bool {
        match self {
            Self::Landelijk => true,
            Self::Sector(code) => code == sector,
            Self::Regiotype(code) => code == regiotype,
        }
    }

    fn omvang(&self, atomen: &[Atoom]) -> i64 {
        atomen.iter().filter(|a| self.omvat(&a.sector, &a.regiotype)).map(|a| a.organisaties).sum()
    }
}

/// Alle groepen die in deze cellen voorkomen: landelijk, elke sector en elk regiotype.
#[must_use]
pub fn groepen(atomen: &[Atoom]) -> BTreeSet<Groep> {
    let sectoren = atomen.iter().map(|a| Groep::Sector(a.sector.clone()));
    let regiotypen = atomen.iter().map(|a| Groep::Regiotype(a.regiotype.clone()));
    sectoren.chain(regiotypen).chain([Groep::Landelijk]).collect()
}

/// De groepen die naar buiten mogen, uit `kandidaten`. Hangt alleen van de aantallen af, dus wie het ook vraagt en hoe vaak ook:
/// de uitkomst is dezelfde.
#[must_use]
pub fn vrijgegeven(atomen: &[Atoom], kandidaten: &BTreeSet<Groep>) -> BTreeSet<Groep> {
    let atomen: Vec<Atoom> = atomen.iter().filter(|a| a.organisaties > 0).cloned().collect();
    let mut open: BTreeSet<Groep> = kandidaten.iter().filter(|g| g.omvang(&atomen) >= DREMPEL).cloned().collect();
    while verraadt(&open, &atomen) {
        // De kleinste groep gaat dicht, en landelijk als allerlaatste: dat beeld missen de meesten het meest.
        let Some(kleinste) = open.iter().min_by_key(|g| (**g == Groep::Landelijk, g.omvang(&atomen), (*g).clone())).cloned() else { break };
        open.remove(&kleinste);
    }
    open
}

/// Of uit deze groepen iets volgt over minder organisaties dan de drempel.
#[must_use]
pub fn verraadt(open: &BTreeSet<Groep>, atomen: &[Atoom]) -> bool {
    let rijen: Vec<Vec<u64>> = open.iter().map(|g| atomen.iter().map(|a| u64::from(g.omvat(&a.sector, &a.regiotype))).collect()).collect();
    let rang = rang(rijen.clone());
    kleine_verzamelingen(atomen).iter().any(|klein| {
        // Een combinatie die alleen over `klein` gaat bestaat precies als de kolommen daarbuiten minder rang hebben.
        let buiten: Vec<Vec<u64>> = rijen.iter().map(|rij| rij.iter().enumerate().filter(|(i, _)| !klein.contains(i)).map(|(_, w)| *w).collect()).collect();
        self::rang(buiten) < rang
    })
}

/// Elke verzameling cellen met samen minder organisaties dan de drempel: met drempel 3 zijn dat er ten hoogste twee.
fn kleine_verzamelingen(atomen: &[Atoom]) -> Vec<BTreeSet<usize>> {
    let mut alle = Vec::new();
    for (i, a) in atomen.iter().enumerate().filter(|(_, a)| a.organisaties < DREMPEL) {
        alle.push(BTreeSet::from([i]));
        for (j, b) in atomen.iter().enumerate().skip(i + 1) {
            if a.organisaties + b.organisaties < DREMPEL {
                alle.push(BTreeSet::from([i, j]));
            }
        }
    }
    alle
}

/// Rekenen modulo een groot priemgetal is exact en loopt niet over; voor nullen en enen is de rang dezelfde als in de breuken.
const PRIEM: u64 = 2_147_483_647;

fn rang(mut rijen: Vec<Vec<u64>>) -> usize {
    let kolommen = rijen.first().map_or(0, Vec::len);
    let mut rang = 0;
    for kolom in 0..kolommen {
        let waarde = |rij: &Vec<u64>| rij.get(kolom).copied().unwrap_or_default();
        let Some(spil) = rijen.iter().enumerate().skip(rang).find(|(_, rij)| waarde(rij) != 0).map(|(i, _)| i) else { continue };
        rijen.swap(rang, spil);
        let (boven, onder) = rijen.split_at_mut(rang + 1);
        let Some(spilrij) = boven.last() else { break };
        let omgekeerde = macht(waarde(spilrij), PRIEM - 2);
        for rij in onder {
            let factor = waarde(rij) * omgekeerde % PRIEM;
            for (hier, spil) in rij.iter_mut().zip(spilrij) {
                *hier = (*hier + PRIEM - factor * spil % PRIEM) % PRIEM;
            }
        }
        rang += 1;
    }
    rang
}

fn macht(mut grondtal: u64, mut exponent: u64) -> u64 {
    let mut uitkomst = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            uitkomst = uitkomst * grondtal % PRIEM;
        }
        grondtal = grondtal * grondtal % PRIEM;
        exponent >>= 1;
    }
    uitkomst
}
