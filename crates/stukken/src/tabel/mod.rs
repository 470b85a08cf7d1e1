//! Tabellen in en uit: CSV en XLSX, gelezen binnen vaste grenzen en geschreven zonder formules.
//!
//! Een bestand van buiten kan liegen: het is een zip-bom, draagt macro's, heet CSV en is het niet. De lezer kijkt naar de bytes,
//! nooit naar naam of mediatype, en weigert met een code voordat er geheugen aan opgaat.

mod csv;
mod schrijven;
mod xlsx;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

pub use schrijven::{Cel, naar_csv, naar_xlsx};

/// De grenzen waarbinnen gelezen wordt.
#[derive(Clone, Copy, Debug)]
pub struct Grenzen {
    /// Meeste rijen onder de kop.
    pub rijen: u32,
    /// Meeste kolommen.
    pub kolommen: usize,
    /// Langste cel in tekens.
    pub cel: usize,
    /// Meeste bytes na uitpakken van een XLSX.
    pub uitgepakt: u64,
}

impl Default for Grenzen {
    fn default() -> Self {
        Self { rijen: 50_000, kolommen: 50, cel: 4_000, uitgepakt: 32 * 1024 * 1024 }
    }
}

/// Waarom een bestand niet gelezen wordt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Tabelfout {
    /// Vaste code.
    pub code: &'static str,
    /// Wat er mis is en wat wel kan, voor de gebruiker.
    pub detail: String,
    /// De rij waar het misgaat, als dat te zeggen is.
    pub rij: Option<u32>,
}

impl Tabelfout {
    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), rij: None }
    }

    fn op_rij(mut self, rij: u32) -> Self {
        self.rij = Some(rij);
        self
    }

    fn onleesbaar(oorzaak: impl std::fmt::Display) -> Self {
        let _ = oorzaak;
        Self::new("bestand-onleesbaar", "Dit bestand is beschadigd of niet volledig. Sla het opnieuw op en probeer het nog eens.")
    }
}

enum Bron {
    Csv(Box<csv::Rijen>),
    Xlsx(std::vec::IntoIter<Rij>),
}

/// Een rij: haar nummer, zoals een rekenblad dat bij het bestand toont, en haar cellen, evenveel als er koppen zijn.
pub type Rij = (u32, Vec<String>);

/// Leest een tabel rij voor rij.
pub struct Lezer {
    koppen: Vec<String>,
    koprij: u32,
    bron: Bron,
    over: u32,
    grenzen: Grenzen,
}

impl std::fmt::Debug for Lezer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lezer").field("koppen", &self.koppen).finish_non_exhaustive()
    }
}

impl Lezer {
    /// Opent een bestand en leest de koppen; wat er in de bytes staat bepaalt of het CSV of XLSX is.
    ///
    /// # Errors
    /// Een bestand dat geen tabel is, liegt, of buiten de grenzen valt.
    pub fn open(pad: &Path, grenzen: Grenzen) -> Result<Self, Tabelfout> {
        let mut bestand = File::open(pad).map_err(Tabelfout::onleesbaar)?;
        let mut begin = [0_u8; 8];
        let gelezen = bestand.read(&mut begin).map_err(Tabelfout::onleesbaar)?;
        bestand.seek(SeekFrom::Start(0)).map_err(Tabelfout::onleesbaar)?;
        let begin = begin.get(..gelezen).unwrap_or_default();
        let (koprij, koppen, bron) = if begin.starts_with(b"PK") {
            let ((koprij, koppen), rijen) = xlsx::lees(bestand, &grenzen)?;
            (koprij, koppen, Bron::Xlsx(rijen.into_iter()))
        } else if begin.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            let detail = "Dit is een oud Excel-bestand (.xls) of een beveiligd bestand. Sla het op als .xlsx of CSV, zonder wachtwoord.";
            return Err(Tabelfout::new("bestandssoort-onbekend", detail));
        } else if begin.starts_with(b"%PDF") {
            return Err(Tabelfout::new("bestandssoort-onbekend", "Dit is een PDF. Stuur een CSV- of XLSX-bestand."));
        } else {
            let rijen = csv::Rijen::open(bestand, &grenzen)?;
            (rijen.rij, rijen.koppen.clone(), Bron::Csv(Box::new(rijen)))
        };
        Ok(Self { koprij, koppen: gekeurd(koppen, &grenzen)?, bron, over: grenzen.rijen, grenzen })
    }

    /// De koppen, in kleine letters en zonder spaties eromheen.
    #[must_use]
    pub fn koppen(&self) -> &[String] {
        &self.koppen
    }

    /// De rij waarin de koppen staan.
    #[must_use]
    pub const fn koprij(&self) -> u32 {
        self.koprij
    }

    /// De volgende rij die niet leeg is.
    ///
    /// # Errors
    /// Een rij die buiten de grenzen valt.
    pub fn volgende(&mut self) -> Result<Option<Rij>, Tabelfout> {
        loop {
            let rij = match &mut self.bron {
                Bron::Csv(rijen) => rijen.volgende()?,
                Bron::Xlsx(rijen) => rijen.next(),
            };
            let Some((nummer, mut cellen)) = rij else { return Ok(None) };
            if cellen.iter().all(|cel| cel.trim().is_empty()) {
                continue;
            }
            if self.over == 0 {
                let detail = format!("Het bestand heeft meer dan {} rijen. Splits het in delen.", self.grenzen.rijen);
                return Err(Tabelfout::new("te-veel-rijen", detail).op_rij(nummer));
            }
            self.over -= 1;
            if cellen.iter().skip(self.koppen.len()).any(|cel| !cel.trim().is_empty()) {
                let detail = format!("Deze rij heeft meer cellen dan er kolommen zijn ({}). Staat er een los scheidingsteken in de tekst?", self.koppen.len());
                return Err(Tabelfout::new("te-veel-cellen", detail).op_rij(nummer));
            }
            if cellen.iter().any(|cel| cel.len() > self.grenzen.cel && cel.chars().count() > self.grenzen.cel) {
                return Err(cel_te_lang(&self.grenzen, nummer));
            }
            cellen.resize(self.koppen.len(), String::new());
            return Ok(Some((nummer, cellen)));
        }
    }
}

fn cel_te_lang(grenzen: &Grenzen, rij: u32) -> Tabelfout {
    Tabelfout::new("cel-te-lang", format!("Een cel heeft meer dan {} tekens. Kort de tekst in.", grenzen.cel)).op_rij(rij)
}

/// Keurt de koppen: niet te veel, niet leeg, niet dubbel.
fn gekeurd(koppen: Vec<String>, grenzen: &Grenzen) -> Result<Vec<String>, Tabelfout> {
    let mut koppen: Vec<String> = koppen.into_iter().map(|kop| kop.trim().to_lowercase()).collect();
    while koppen.last().is_some_and(String::is_empty) {
        koppen.pop();
    }
    if koppen.is_empty() {
        return Err(Tabelfout::new("bestand-leeg", "Het bestand heeft geen rij met kolomnamen. Zet die in de eerste rij."));
    }
    if koppen.len() > grenzen.kolommen {
        let detail = format!("Het bestand heeft {} kolommen; hoogstens {} kan. Laat alleen de kolommen staan die nodig zijn.", koppen.len(), grenzen.kolommen);
        return Err(Tabelfout::new("te-veel-kolommen", detail));
    }
    for (plek, kop) in koppen.iter().enumerate() {
        if kop.is_empty() {
            return Err(Tabelfout::new("kolom-zonder-naam", format!("Kolom {} heeft geen naam. Geef haar een naam of haal haar weg.", plek + 1)));
        }
        if kop.chars().count() > 100 {
            return Err(Tabelfout::new("kolomnaam-te-lang", format!("De naam van kolom {} is te lang. Is de eerste rij wel de rij met kolomnamen?", plek + 1)));
        }
        if koppen.iter().take(plek).any(|eerder| eerder == kop) {
            return Err(Tabelfout::new("kolom-dubbel", format!("De kolom '{kop}' komt twee keer voor. Laat er één staan.")));
        }
    }
    Ok(koppen)
}
