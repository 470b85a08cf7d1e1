//! Antwoorden in een andere vorm dan JSON.

use actix_web::{HttpRequest, HttpResponse, Responder};

use crate::antwoord::Answer;
use crate::problem::{self, Problem};
use crate::tabelbestand::Tabelbestand;
pub(crate) use crate::tabelbestand::Vorm;
pub(crate) use crate::tabelbestand::{CSV, XLSX};

/// Mediatype van beelden.
pub(crate) const SVG: &str = "image/svg+xml";
/// Mediatype van stukken.
pub(crate) const PDF: &str = "application/pdf";

/// Een gewoon antwoord als reactie, voor operaties die ook andere vormen geven.
pub(crate) fn antwoord(req: &HttpRequest, answer: Answer) -> HttpResponse {
    answer.respond_to(req)
}

/// Een tabel als CSV of werkmap; de eerste rij draagt de koppen.
pub(crate) fn tabel(req: &HttpRequest, soort: Vorm, naam: &str, rijen: &[Vec<String>]) -> Result<HttpResponse, Problem> {
    let (koppen, rijen) = rijen.split_first().ok_or_else(|| problem::fout("een tabel zonder koppen"))?;
    let koppen: Vec<&str> = koppen.iter().map(String::as_str).collect();
    Ok(Tabelbestand::maak(soort, naam, &koppen, rijen)?.respond_to(req))
}
