//! CSV lezen: komma of puntkomma, UTF-8 (met of zonder BOM) of Windows-1252, als stroom.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::{Grenzen, Rij, Tabelfout};

/// De tekens van Windows-1252 tussen 0x80 en 0x9F; een nul bestaat niet.
const WINDOWS_1252: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

/// Zoveel rijen heeft een werkblad; ook lege regels tellen, anders kost een bestand met niets dan regeleinden toch tijd.
const MEESTE_REGELS: u32 = 1_048_576;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tekenset {
    Utf8,
    Windows1252,
}

fn teken(byte: u8) -> char {
    let los = WINDOWS_1252.get(usize::from(byte.wrapping_sub(0x80))).copied();
    los.map_or_else(|| char::from(byte), |punt| char::from_u32(u32::from(punt)).unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// Bepaalt de tekenset door het hele bestand een keer als stroom te lezen, en weigert wat geen tekst is.
fn tekenset(bestand: &mut File) -> Result<Tekenset, Tabelfout> {
    let mut lezer = BufReader::with_capacity(64 * 1024, &mut *bestand);
    let (mut blok, mut rest) = (vec![0_u8; 64 * 1024], Vec::new());
    let (mut utf8, mut bestaat, mut eerste) = (true, true, true);
    loop {
        let gelezen = lezer.read(&mut blok).map_err(Tabelfout::onleesbaar)?;
        let nieuw = blok.get(..gelezen).unwrap_or_default();
        if gelezen == 0 {
            utf8 &= rest.is_empty();
            break;
        }
        if eerste && (nieuw.starts_with(&[0xFF, 0xFE]) || nieuw.starts_with(&[0xFE, 0xFF])) {
            return Err(Tabelfout::new("tekenset-onbekend", "Dit bestand staat in UTF-16. Sla het op als CSV UTF-8."));
        }
        eerste = false;
        if nieuw.iter().any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) {
            return Err(Tabelfout::new("geen-tekst", "Dit bestand is geen tekst: er staan stuurtekens in. Stuur een CSV- of XLSX-bestand."));
        }
        bestaat &= !nieuw.iter().any(|b| matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D));
        if utf8 {
            rest.extend_from_slice(nieuw);
            match std::str::from_utf8(&rest) {
                Ok(_) => rest.clear(),
                Err(fout) if fout.error_len().is_none() => drop(rest.drain(..fout.valid_up_to())),
                Err(_) => utf8 = false,
            }
        }
    }
    match (utf8, bestaat) {
        (true, _) => Ok(Tekenset::Utf8),
        (false, true) => Ok(Tekenset::Windows1252),
        (false, false) => {
            let detail = "De tekenset van dit bestand is niet te herkennen: het is geen UTF-8 en geen Windows-1252. Sla het op als CSV UTF-8.";
            Err(Tabelfout::new("tekenset-onbekend", detail))
        }
    }
}

/// Leest een bestand als UTF-8, ook als het Windows-1252 is.
struct Vertaler {
    bron: BufReader<File>,
    tekenset: Tekenset,
    klaar: Vec<u8>,
    plek: usize,
}

impl Read for Vertaler {
    fn read(&mut self, doel: &mut [u8]) -> io::Result<usize> {
        if self.tekenset == Tekenset::Utf8 {
            return self.bron.read(doel);
        }
        if self.plek >= self.klaar.len() {
            let mut blok = [0_u8; 8 * 1024];
            let gelezen = self.bron.read(&mut blok)?;
            self.klaar.clear();
            self.plek = 0;
            let mut tekst = [0_u8; 4];
            for byte in blok.get(..gelezen).unwrap_or_default() {
                self.klaar.extend_from_slice(teken(*byte).encode_utf8(&mut tekst).as_bytes());
            }
        }
        Ok(lever(&self.klaar, &mut self.plek, doel))
    }
}

/// Het scheidingsteken: wat in de eerste regel buiten aanhalingstekens het vaakst staat.
fn scheiding(begin: &[u8]) -> u8 {
    let (mut komma, mut puntkomma, mut binnen, mut iets) = (0, 0, false, false);
    for byte in begin {
        match byte {
            b'"' => binnen = !binnen,
            // Vóór de koppen mogen lege regels staan.
            b'\n' if !binnen && iets => break,
            b',' if !binnen => komma += 1,
            b';' if !binnen => puntkomma += 1,
            _ => {}
        }
        iets |= !byte.is_ascii_whitespace();
    }
    if puntkomma > komma { b';' } else { b',' }
}

/// Waar in een CSV-bestand een byte staat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plaats {
    BeginRij,
    /// Na een `\r`: een `\n` hoort daar nog bij.
    BeginRijNaCr,
    BeginCel,
    Cel,
    TussenAanhaling,
    /// Na een aanhalingsteken tussen aanhalingstekens: het einde, of de helft van een dubbel teken.
    NaAanhaling,
}

/// Zet in een lege regel een lege cel. De lezer slaat lege regels over, een rekenblad telt ze; zo is het nummer van een rij hetzelfde.
struct LegeRegels<R> {
    bron: R,
    scheiding: u8,
    plaats: Plaats,
    klaar: Vec<u8>,
    plek: usize,
}

impl<R: Read> LegeRegels<R> {
    const fn nieuw(bron: R, scheiding: u8) -> Self {
        Self { bron, scheiding, plaats: Plaats::BeginRij, klaar: Vec::new(), plek: 0 }
    }

    /// De plaats na deze byte, zoals de lezer haar ziet.
    fn na(&self, byte: u8) -> Plaats {
        match (self.plaats, byte) {
            (Plaats::TussenAanhaling, b'"') => Plaats::NaAanhaling,
            (Plaats::TussenAanhaling, _) => Plaats::TussenAanhaling,
            (_, b'\r') => Plaats::BeginRijNaCr,
            (_, b'\n') => Plaats::BeginRij,
            (_, teken) if teken == self.scheiding => Plaats::BeginCel,
            (Plaats::Cel, _) => Plaats::Cel,
            (_, b'"') => Plaats::TussenAanhaling,
            _ => Plaats::Cel,
        }
    }

    fn neem(&mut self, byte: u8) {
        let leeg = match self.plaats {
            Plaats::BeginRij => matches!(byte, b'\r' | b'\n'),
            Plaats::BeginRijNaCr => byte == b'\r',
            _ => false,
        };
        if leeg {
            self.klaar.extend_from_slice(b"\"\"");
        }
        self.klaar.push(byte);
        self.plaats = self.na(byte);
    }
}

impl<R: Read> Read for LegeRegels<R> {
    fn read(&mut self, doel: &mut [u8]) -> io::Result<usize> {
        if self.plek >= self.klaar.len() {
            let mut blok = [0_u8; 8 * 1024];
            let gelezen = self.bron.read(&mut blok)?;
            self.klaar.clear();
            self.plek = 0;
            for byte in blok.get(..gelezen).unwrap_or_default() {
                self.neem(*byte);
            }
        }
        Ok(lever(&self.klaar, &mut self.plek, doel))
    }
}

/// Geeft door wat er klaarstaat en in het doel past.
fn lever(klaar: &[u8], plek: &mut usize, doel: &mut [u8]) -> usize {
    let over = klaar.get(*plek..).unwrap_or_default();
    let aantal = over.len().min(doel.len());
    doel.iter_mut().zip(over).for_each(|(naar, van)| *naar = *van);
    *plek += aantal;
    aantal
}

/// De rijen van een CSV-bestand.
pub(super) struct Rijen {
    lezer: csv::Reader<LegeRegels<Vertaler>>,
    pub(super) koppen: Vec<String>,
    /// De laatst gelezen rij; na [`Rijen::open`] die van de koppen.
    pub(super) rij: u32,
    grens: usize,
}

impl Rijen {
    pub(super) fn open(mut bestand: File, grenzen: &Grenzen) -> Result<Self, Tabelfout> {
        let tekenset = tekenset(&mut bestand)?;
        bestand.seek(SeekFrom::Start(0)).map_err(Tabelfout::onleesbaar)?;
        let mut begin = vec![0_u8; 64 * 1024];
        let gelezen = bestand.read(&mut begin).map_err(Tabelfout::onleesbaar)?;
        begin.truncate(gelezen);
        let bom = if begin.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
        bestand.seek(SeekFrom::Start(bom)).map_err(Tabelfout::onleesbaar)?;
        let (vertaler, scheiding) = (Vertaler { bron: BufReader::new(bestand), tekenset, klaar: Vec::new(), plek: 0 }, scheiding(&begin));
        let bron = LegeRegels::nieuw(vertaler, scheiding);
        let lezer = csv::ReaderBuilder::new().delimiter(scheiding).flexible(true).has_headers(false).from_reader(bron);
        let mut rijen = Self { lezer, koppen: Vec::new(), rij: 0, grens: grenzen.kolommen };
        while let Some(kop) = rijen.lees()? {
            if kop.iter().any(|cel| !cel.trim_ascii().is_empty()) {
                rijen.koppen = kop.iter().map(|cel| String::from_utf8_lossy(cel).into_owned()).take(1_000).collect();
                break;
            }
        }
        Ok(rijen)
    }

    /// Leest een rij en telt haar, zoals een rekenblad: ook een lege, en een cel met regeleinden maar één keer.
    fn lees(&mut self) -> Result<Option<csv::ByteRecord>, Tabelfout> {
        let mut rij = csv::ByteRecord::new();
        if !self.lezer.read_byte_record(&mut rij).map_err(Tabelfout::onleesbaar)? {
            return Ok(None);
        }
        self.rij = self.rij.saturating_add(1);
        if self.rij > MEESTE_REGELS {
            return Err(Tabelfout::new("te-veel-rijen", "Het bestand heeft meer regels dan een rekenblad kan tonen. Haal de lege regels weg.").op_rij(self.rij));
        }
        Ok(Some(rij))
    }

    pub(super) fn volgende(&mut self) -> Result<Option<Rij>, Tabelfout> {
        let Some(rij) = self.lees()? else { return Ok(None) };
        // Meer dan dit nemen wij niet over; de lezer ziet dan al dat er te veel cellen zijn.
        let extra = rij.iter().skip(self.grens).find(|cel| !cel.is_empty());
        let cellen = rij.iter().take(self.grens).chain(extra).map(|cel| ontsmet(&String::from_utf8_lossy(cel)));
        Ok(Some((self.rij, cellen.collect())))
    }
}

/// Haalt de apostrof weg die [`super::naar_csv`] voor een mogelijke formule zet.
fn ontsmet(cel: &str) -> String {
    match cel.strip_prefix('\'') {
        Some(rest) if rest.starts_with(super::schrijven::GEVAARLIJK) || rest.starts_with('\'') => rest.to_owned(),
        _ => cel.to_owned(),
    }
}
