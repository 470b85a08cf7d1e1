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

/// Een cel: tekst, of een getal waar een rekenblad mee rekent.
#[derive(Clone, Debug, PartialEq)]
pub enum Cel {
    /// Tekst; ook een telefoonnummer of een code van cijfers is tekst.
    Tekst(String),
    /// Een getal.
    Getal(f64),
}

impl Cel {
    /// Een cel met niets erin.
    #[must_use]
    pub const fn leeg() -> Self {
        Self::Tekst(String::new())
    }

    fn in_csv(self) -> String {
        match self {
            Self::Tekst(tekst) => veilig(&tekst),
            Self::Getal(getal) => getal.to_string(),
        }
    }
}

impl From<&str> for Cel {
    fn from(tekst: &str) -> Self {
        Self::Tekst(tekst.to_owned())
    }
}

impl From<&String> for Cel {
    fn from(tekst: &String) -> Self {
        Self::Tekst(tekst.clone())
    }
}

impl From<String> for Cel {
    fn from(tekst: String) -> Self {
        Self::Tekst(tekst)
    }
}

impl From<f64> for Cel {
    fn from(getal: f64) -> Self {
        Self::Getal(getal)
    }
}

impl From<i32> for Cel {
    fn from(getal: i32) -> Self {
        Self::Getal(f64::from(getal))
    }
}

impl From<i16> for Cel {
    fn from(getal: i16) -> Self {
        Self::Getal(f64::from(getal))
    }
}

impl From<i64> for Cel {
    /// Wat een rekenblad niet tot op de laatste eenheid kan bewaren, blijft tekst.
    fn from(getal: i64) -> Self {
        i32::try_from(getal).map_or_else(|_| Self::Tekst(getal.to_string()), Self::from)
    }
}

impl From<bool> for Cel {
    fn from(waar: bool) -> Self {
        Self::Tekst(waar.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cel {
    fn from(waarde: Option<T>) -> Self {
        waarde.map_or_else(Self::leeg, Into::into)
    }
}

/// Schrijft CSV zoals een Nederlands rekenblad het verwacht: UTF-8 met BOM, puntkomma's, regels met CRLF. Getallen staan er met een punt.
///
/// # Errors
/// Alleen als er geen geheugen is.
pub fn naar_csv<R, C>(koppen: &[&str], rijen: R) -> Result<Vec<u8>, Tabelfout>
where
    R: IntoIterator,
    R::Item: IntoIterator<Item = C>,
    C: Into<Cel>,
{
    let mut schrijver = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(vec![0xEF, 0xBB, 0xBF]);
    schrijver.write_record(koppen).map_err(Tabelfout::onleesbaar)?;
    for rij in rijen {
        schrijver.write_record(rij.into_iter().map(|cel| cel.into().in_csv())).map_err(Tabelfout::onleesbaar)?;
    }
    schrijver.into_inner().map_err(|fout| Tabelfout::onleesbaar(fout.error()))
}

/// Breder wordt een kolom niet; langere tekst loopt door in een lege cel ernaast.
const BREEDSTE: u32 = 420;

/// Schrijft een werkmap met één blad: vaste kop met filters, kolommen zo breed als hun inhoud. Een tekst is een tekstcel: een
/// rekenprogramma rekent er niets van uit; een getal is een getal.
///
/// # Errors
/// Een cel die langer is dan een werkblad toelaat, of te veel rijen.
pub fn naar_xlsx<R, C>(blad: &str, koppen: &[&str], rijen: R) -> Result<Vec<u8>, Tabelfout>
where
    R: IntoIterator,
    R::Item: IntoIterator<Item = C>,
    C: Into<Cel>,
{
    let mut werkmap = Workbook::new();
    let kop = Format::new().set_bold();
    let werkblad = werkmap.add_worksheet();
    werkblad.set_name(blad).and_then(|w| w.set_freeze_panes(1, 0)).map_err(Tabelfout::onleesbaar)?;
    for (kolom, tekst) in (0_u16..).zip(koppen) {
        werkblad.write_string_with_format(0, kolom, *tekst, &kop).map_err(Tabelfout::onleesbaar)?;
    }
    let mut laatste = 0;
    for (nummer, rij) in (1_u32..).zip(rijen) {
        laatste = nummer;
        for (kolom, cel) in (0_u16..).zip(rij) {
            match cel.into() {
                Cel::Tekst(tekst) if tekst.is_empty() => continue,
                Cel::Tekst(tekst) => werkblad.write_string(nummer, kolom, tekst),
                Cel::Getal(getal) => werkblad.write_number(nummer, kolom, getal),
            }
            .map_err(Tabelfout::onleesbaar)?;
        }
    }
    if let Some(kolom) = u16::try_from(koppen.len()).ok().and_then(|aantal| aantal.checked_sub(1)) {
        werkblad.autofilter(0, 0, laatste, kolom).map_err(Tabelfout::onleesbaar)?;
    }
    werkblad.set_autofit_max_width(BREEDSTE).autofit();
    werkmap.save_to_buffer().map_err(Tabelfout::onleesbaar)
}
