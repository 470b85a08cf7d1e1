//! XLSX lezen: eerst kijken of het bestand te vertrouwen is, dan cel voor cel.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use calamine::{DataRef, Reader, Xlsx};

use super::{Grenzen, Rij, Tabelfout, cel_te_lang};

/// Meer onderdelen heeft een gewone werkmap niet.
const MEESTE_ONDERDELEN: u16 = 500;

fn geen_werkmap() -> Tabelfout {
    Tabelfout::new("bestandssoort-onbekend", "Dit is een zipbestand maar geen Excel-werkmap. Stuur een CSV- of XLSX-bestand.")
}

/// Telt de onderdelen in de inhoudsopgave aan het eind van het bestand, zonder die op te bouwen.
fn onderdelen(bestand: &mut File) -> Result<u16, Tabelfout> {
    let lengte = bestand.seek(SeekFrom::End(0)).map_err(Tabelfout::onleesbaar)?;
    bestand.seek(SeekFrom::Start(lengte.saturating_sub(66_000))).map_err(Tabelfout::onleesbaar)?;
    let mut staart = Vec::new();
    bestand.take(66_000).read_to_end(&mut staart).map_err(Tabelfout::onleesbaar)?;
    let plek = staart.windows(4).rposition(|w| w == b"PK\x05\x06").ok_or_else(|| Tabelfout::onleesbaar("geen inhoudsopgave"))?;
    let getal = |bij: usize| staart.get(plek + bij).copied().unwrap_or(0xFF);
    Ok(u16::from_le_bytes([getal(10), getal(11)]))
}

/// Pakt alles uit zonder het te bewaren: de opgegeven maten kunnen liegen, de bytes niet.
fn keur(bestand: &File, grenzen: &Grenzen) -> Result<(), Tabelfout> {
    let mut archief = zip::ZipArchive::new(BufReader::new(bestand)).map_err(Tabelfout::onleesbaar)?;
    let (mut uitgepakt, mut werkmap) = (0_u64, false);
    for plek in 0..archief.len() {
        let onderdeel = archief.by_index(plek).map_err(Tabelfout::onleesbaar)?;
        let naam = onderdeel.name().map_err(Tabelfout::onleesbaar)?.to_lowercase();
        if naam.ends_with("vbaproject.bin") || naam.contains("macrosheets/") {
            return Err(Tabelfout::new("macro", "Deze werkmap bevat macro's. Sla haar op als gewone werkmap (.xlsx) zonder macro's."));
        }
        werkmap |= naam == "xl/workbook.xml";
        let over = grenzen.uitgepakt - uitgepakt;
        uitgepakt += std::io::copy(&mut onderdeel.take(over + 1), &mut std::io::sink()).map_err(Tabelfout::onleesbaar)?;
        if uitgepakt > grenzen.uitgepakt {
            let detail = format!("Uitgepakt is deze werkmap groter dan {} MB. Stuur alleen het werkblad met de lijst.", grenzen.uitgepakt / 1024 / 1024);
            return Err(Tabelfout::new("uitgepakt-te-groot", detail));
        }
    }
    if werkmap { Ok(()) } else { Err(geen_werkmap()) }
}

fn tekst(waarde: &DataRef<'_>) -> String {
    match waarde {
        DataRef::String(tekst) | DataRef::DateTimeIso(tekst) | DataRef::DurationIso(tekst) => tekst.clone(),
        DataRef::SharedString(tekst) => (*tekst).to_owned(),
        DataRef::Int(getal) => getal.to_string(),
        DataRef::Float(getal) => getal.to_string(),
        DataRef::Bool(true) => "ja".to_owned(),
        DataRef::Bool(false) => "nee".to_owned(),
        DataRef::DateTime(dag) => {
            let (jaar, maand, dag, ..) = dag.to_ymd_hms_milli();
            format!("{jaar:04}-{maand:02}-{dag:02}")
        }
        _ => String::new(),
    }
}

fn lengte(waarde: &DataRef<'_>) -> usize {
    match waarde {
        DataRef::String(tekst) | DataRef::DateTimeIso(tekst) | DataRef::DurationIso(tekst) => tekst.len(),
        DataRef::SharedString(tekst) => tekst.len(),
        _ => 0,
    }
}

/// Leest het eerste werkblad: de rij met koppen en de rijen daaronder.
pub(super) fn lees(mut bestand: File, grenzen: &Grenzen) -> Result<(Rij, Vec<Rij>), Tabelfout> {
    if onderdelen(&mut bestand)? > MEESTE_ONDERDELEN {
        return Err(Tabelfout::new("uitgepakt-te-groot", "Deze werkmap heeft ongewoon veel onderdelen. Stuur alleen het werkblad met de lijst."));
    }
    bestand.seek(SeekFrom::Start(0)).map_err(Tabelfout::onleesbaar)?;
    keur(&bestand, grenzen)?;
    bestand.seek(SeekFrom::Start(0)).map_err(Tabelfout::onleesbaar)?;
    let mut werkmap: Xlsx<_> = Xlsx::new(BufReader::new(bestand)).map_err(|_| geen_werkmap())?;
    let blad = werkmap.sheet_names().first().cloned().ok_or_else(geen_werkmap)?;
    let mut cellen = werkmap.worksheet_cells_reader(&blad).map_err(Tabelfout::onleesbaar)?;
    let mut rijen: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    while let Some(cel) = cellen.next_cell().map_err(Tabelfout::onleesbaar)? {
        let ((rij, kolom), waarde) = (cel.get_position(), cel.get_value());
        let kolom = usize::try_from(kolom).unwrap_or(usize::MAX);
        if lengte(waarde) > grenzen.cel * 4 {
            return Err(cel_te_lang(grenzen, rij + 1));
        }
        let inhoud = tekst(waarde);
        if inhoud.trim().is_empty() {
            continue;
        }
        if kolom >= grenzen.kolommen {
            let detail = format!("Het werkblad gebruikt meer dan {} kolommen. Laat alleen de kolommen staan die nodig zijn.", grenzen.kolommen);
            return Err(Tabelfout::new("te-veel-kolommen", detail).op_rij(rij + 1));
        }
        let doel = rijen.entry(rij).or_default();
        if doel.len() <= kolom {
            doel.resize(kolom + 1, String::new());
        }
        if let Some(plek) = doel.get_mut(kolom) {
            *plek = inhoud;
        }
        if rijen.len() > usize::try_from(grenzen.rijen).unwrap_or(usize::MAX).saturating_add(1) {
            return Err(Tabelfout::new("te-veel-rijen", format!("Het werkblad heeft meer dan {} rijen. Splits het in delen.", grenzen.rijen)).op_rij(rij + 1));
        }
    }
    let mut rijen = rijen.into_iter().map(|(nummer, cellen)| (nummer + 1, cellen));
    let koppen = rijen.next().unwrap_or((1, Vec::new()));
    Ok((koppen, rijen.collect()))
}
