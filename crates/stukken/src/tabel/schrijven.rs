//! Tabellen schrijven. Een cel die een rekenprogramma als formule zou lezen, wordt tekst.

use rust_xlsxwriter::{Format, Workbook};

use super::Tabelfout;

/// Tekens waarmee een formule kan beginnen (OWASP, 'CSV Injection').
pub(super) const GEVAARLIJK: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Zet een apostrof voor wat een formule kan zijn; de lezer haalt hem er weer af, dus er gaat niets verloren.
fn veilig(cel: &str) -> String {
    let dubbelzinnig = cel.strip_prefix('\'').is_some_and(|rest| rest.starts_with(GEVAARLIJK) || rest.starts_with('\''));
    if cel.starts_with(GEVAARLIJK) || dubbelzinnig { format!("'{cel}") } else { cel.to_owned() }
}

/// Schrijft CSV zoals een Nederlands rekenblad het verwacht: UTF-8 met BOM, puntkomma's, regels met CRLF.
///
/// # Errors
/// Alleen als er geen geheugen is.
pub fn naar_csv<R, C>(koppen: &[&str], rijen: R) -> Result<Vec<u8>, Tabelfout>
where
    R: IntoIterator,
    R::Item: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut schrijver = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(vec![0xEF, 0xBB, 0xBF]);
    schrijver.write_record(koppen).map_err(Tabelfout::onleesbaar)?;
    for rij in rijen {
        schrijver.write_record(rij.into_iter().map(|cel| veilig(cel.as_ref()))).map_err(Tabelfout::onleesbaar)?;
    }
    schrijver.into_inner().map_err(|fout| Tabelfout::onleesbaar(fout.error()))
}

/// Schrijft een werkmap met één blad. Iedere cel is een tekstcel: een rekenprogramma rekent er niets van uit.
///
/// # Errors
/// Een cel die langer is dan een werkblad toelaat, of te veel rijen.
pub fn naar_xlsx<R, C>(blad: &str, koppen: &[&str], rijen: R) -> Result<Vec<u8>, Tabelfout>
where
    R: IntoIterator,
    R::Item: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut werkmap = Workbook::new();
    let kop = Format::new().set_bold();
    let werkblad = werkmap.add_worksheet();
    werkblad.set_name(blad).and_then(|w| w.set_freeze_panes(1, 0)).map_err(Tabelfout::onleesbaar)?;
    for (kolom, tekst) in (0_u16..).zip(koppen) {
        werkblad.write_string_with_format(0, kolom, *tekst, &kop).map_err(Tabelfout::onleesbaar)?;
    }
    for (nummer, rij) in (1_u32..).zip(rijen) {
        for (kolom, cel) in (0_u16..).zip(rij) {
            if !cel.as_ref().is_empty() {
                werkblad.write_string(nummer, kolom, cel.as_ref()).map_err(Tabelfout::onleesbaar)?;
            }
        }
    }
    werkmap.save_to_buffer().map_err(Tabelfout::onleesbaar)
}
