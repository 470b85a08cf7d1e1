//! Toegankelijke PDF's: gezet door Typst, met een logische structuur, een taal, een titel en ingesloten lettertypen.
//!
//! Elk stuk voldoet aan PDF/UA-1 (ISO 14289-1); voldoet een sjabloon niet, dan mislukt het maken in plaats van stil een
//! ontoegankelijk bestand te geven. De zetter leest alleen wat hier wordt aangereikt: hij kent geen schijf en geen netwerk.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// De vorm van een stuk: een sjabloon in `sjablonen/`, dat zijn gegevens met `json("/gegevens.json")` leest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sjabloon(&'static str);

impl Sjabloon {
    /// De registratie van organisatiebeheerders, met de afspraken en de handtekeningen.
    pub const REGISTRATIE: Self = Self(include_str!("../sjablonen/registratie.typ"));
    /// Het autorisatieplan: profielen met hun rechten, en wie ze krijgt.
    pub const AUTORISATIEPLAN: Self = Self(include_str!("../sjablonen/autorisatieplan.typ"));
    /// Het resultaat van een afname, met de radar van categorieën.
    pub const RESULTAAT: Self = Self(include_str!("../sjablonen/resultaat.typ"));
}

/// Opmaak die ieder sjabloon deelt: `#import "/basis.typ": *`.
const BASIS: &str = include_str!("../sjablonen/basis.typ");

/// Waarom er geen PDF kwam; een fout in een sjabloon of in de gegevens ervoor.
#[derive(Debug, thiserror::Error)]
#[error("het stuk is niet te maken: {0}")]
pub struct PdfFout(String);

impl PdfFout {
    fn uit(meldingen: impl IntoIterator<Item = SourceDiagnostic>) -> Self {
        Self(meldingen.into_iter().map(|melding| melding.message.to_string()).collect::<Vec<_>>().join("; "))
    }
}

/// Zet een stuk; `gemaakt` is het moment dat in het stuk en in zijn metagegevens staat.
///
/// # Errors
/// [`PdfFout`] als sjabloon en gegevens niet bij elkaar passen, of het stuk niet toegankelijk zou zijn.
pub fn maak(sjabloon: Sjabloon, gegevens: &Value, gemaakt: DateTime<Utc>) -> Result<Vec<u8>, PdfFout> {
    maak_met_beelden(sjabloon, gegevens, &[], gemaakt)
}

/// Als [`maak`], met beelden (SVG, PNG) die het sjabloon bij hun naam noemt, bijvoorbeeld `image("/grafiek-1.svg", alt: ..)`.
/// Gebruik vaste namen: de zetter onthoudt elke naam zolang het proces leeft.
///
/// # Errors
/// Als [`maak`].
pub fn maak_met_beelden(sjabloon: Sjabloon, gegevens: &Value, beelden: &[(&str, &[u8])], gemaakt: DateTime<Utc>) -> Result<Vec<u8>, PdfFout> {
    let wereld = Wereld::nieuw(sjabloon, gegevens, beelden, gemaakt)?;
    let document = typst::compile::<PagedDocument>(&wereld).output.map_err(PdfFout::uit);
    let bytes = document.and_then(|document| typst_pdf::pdf(&document, &opties(wereld.moment)?).map_err(PdfFout::uit));
    // De zetter bewaart tussenuitkomsten voor een volgende keer; ieder stuk is anders, dus alleen de laatste paar blijven.
    typst::comemo::evict(2);
    bytes
}

fn opties(moment: Datetime) -> Result<PdfOptions, PdfFout> {
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|fout| PdfFout(fout.message().to_string()))?;
    let timestamp = Some(Timestamp::new_utc(moment));
    Ok(PdfOptions { creator: Smart::Custom(Some("Aansluitloket".into())), timestamp, standards, ..PdfOptions::default() })
}

/// Bibliotheek en lettertypen: bij iedere PDF gelijk, dus één keer gelezen.
struct Vast {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static VAST: LazyLock<Vast> = LazyLock::new(|| {
    let fonts: Vec<Font> = typst_assets::fonts().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
    let book = FontBook::from_fonts(&fonts);
    Vast { library: LazyHash::new(Library::default()), book: LazyHash::new(book), fonts }
});

/// Wat er staat voor een teken dat geen van de lettertypen kent (een emoji, Chinees): een stuk zonder zichtbaar teken zou niet
/// toegankelijk zijn, en een stuk weigeren om één teken helpt niemand. De gegevens zelf blijven zoals zij zijn.
const ONBEKEND_TEKEN: char = '\u{FFFD}';

/// Dezelfde gegevens, met alleen tekens die te zetten zijn.
fn leesbaar(gegevens: &Value) -> Value {
    match gegevens {
        Value::String(tekst) => Value::String(tekst.chars().filter_map(te_zetten).collect()),
        Value::Array(lijst) => lijst.iter().map(leesbaar).collect(),
        Value::Object(velden) => Value::Object(velden.iter().map(|(naam, waarde)| (naam.clone(), leesbaar(waarde))).collect()),
        anders => anders.clone(),
    }
}

/// Het teken waarmee dit teken gezet wordt; niets voor wat alleen de weergave van zijn buren stuurt.
fn te_zetten(teken: char) -> Option<char> {
    match teken {
        '\n' | '\t' | '\r' => Some(teken),
        _ if teken.is_control() => None,
        // Samenvoegers, richting, weergavekeuze en byte order mark: zonder eigen vorm.
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}' => None,
        _ if VAST.fonts.iter().any(|font| font.info().coverage.contains(u32::from(teken))) => Some(teken),
        _ => Some(ONBEKEND_TEKEN),
    }
}

/// De hele wereld van de zetter: één sjabloon, de gedeelde opmaak, de gegevens en de beelden.
struct Wereld {
    hoofd: Source,
    basis: Source,
    bestanden: HashMap<FileId, Bytes>,
    moment: Datetime,
}

fn adres(naam: &str) -> Result<FileId, PdfFout> {
    let pad = VirtualPath::new(naam).map_err(|_| PdfFout(format!("de naam '{naam}' is geen pad")))?;
    Ok(RootedPath::new(VirtualRoot::Project, pad).intern())
}

impl Wereld {
    fn nieuw(sjabloon: Sjabloon, gegevens: &Value, beelden: &[(&str, &[u8])], gemaakt: DateTime<Utc>) -> Result<Self, PdfFout> {
        let mut bestanden = HashMap::from([(adres("gegevens.json")?, Bytes::from_string(leesbaar(gegevens).to_string()))]);
        for (naam, inhoud) in beelden {
            bestanden.insert(adres(naam)?, Bytes::new(inhoud.to_vec()));
        }
        let klein = |getal: u32| u8::try_from(getal).unwrap_or_default();
        let (maand, dag) = (klein(gemaakt.month()), klein(gemaakt.day()));
        let (uur, minuut, seconde) = (klein(gemaakt.hour()), klein(gemaakt.minute()), klein(gemaakt.second()));
        let moment = Datetime::from_ymd_hms(gemaakt.year(), maand, dag, uur, minuut, seconde).ok_or_else(|| PdfFout("het moment is geen datum".to_owned()))?;
        let bron = |naam: &str, tekst: &str| Ok::<_, PdfFout>(Source::new(adres(naam)?, tekst.to_owned()));
        Ok(Self { hoofd: bron("stuk.typ", sjabloon.0)?, basis: bron("basis.typ", BASIS)?, bestanden, moment })
    }
}

impl World for Wereld {
    fn library(&self) -> &LazyHash<Library> {
        &VAST.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &VAST.book
    }

    fn main(&self) -> FileId {
        self.hoofd.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.hoofd, &self.basis].into_iter().find(|bron| bron.id() == id).cloned().ok_or_else(|| onbekend(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.bestanden.get(&id).cloned().ok_or_else(|| onbekend(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        VAST.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        Some(self.moment)
    }
}

fn onbekend(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_with_slash().into())
}
