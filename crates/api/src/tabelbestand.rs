//! Een tabel als CSV of werkmap, naar keuze van de aanroeper.

use actix_web::body::BoxBody;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use stukken::tabel::{Cel, Grenzen, Lezer, Tabelfout};

use crate::antwoord::XLSX;
use crate::invoer::Bestand;
use crate::problem::{self, Problem, Veldfout};

/// Waarin een tabel komt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tabelsoort {
    /// CSV.
    Csv,
    /// Werkmap.
    Xlsx,
}

/// Een bestand om op te slaan.
#[derive(Debug)]
pub(crate) struct Tabelbestand {
    soort: Tabelsoort,
    naam: String,
    bytes: Vec<u8>,
}

impl Tabelbestand {
    /// Schrijft een tabel; `naam` is de bestandsnaam zonder uitgang.
    pub(crate) fn maak<R, C>(soort: Tabelsoort, naam: &str, koppen: &[&str], rijen: R) -> Result<Self, Problem>
    where
        R: IntoIterator,
        R::Item: IntoIterator<Item = C>,
        C: Into<Cel>,
    {
        let (bytes, uitgang) = match soort {
            Tabelsoort::Xlsx => (stukken::tabel::naar_xlsx(naam, koppen, rijen), "xlsx"),
            Tabelsoort::Csv => (stukken::tabel::naar_csv(koppen, rijen), "csv"),
        };
        Ok(Self { soort, naam: format!("{naam}.{uitgang}"), bytes: bytes.map_err(problem::fout)? })
    }
}

impl Responder for Tabelbestand {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        let soort =
            if self.soort == Tabelsoort::Xlsx { HeaderValue::from_static(XLSX) } else { HeaderValue::from_static("text/csv; charset=utf-8; header=present") };
        response.insert_header((header::CONTENT_TYPE, soort));
        response.insert_header((header::VARY, HeaderValue::from_static("accept")));
        response.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.naam)));
        response.body(self.bytes)
    }
}

/// Een tekening (SVG). Zij draagt geen script en geen verwijzingen naar buiten.
#[derive(Debug)]
pub(crate) struct Tekening(pub(crate) String);

impl Responder for Tekening {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml; charset=utf-8"))).body(self.0)
    }
}

/// Een bestand dat geen bruikbare tabel is, als probleem.
pub(crate) fn geweigerd(fout: Tabelfout) -> Problem {
    let plaats = fout.rij.map(|rij| format!("/{rij}")).unwrap_or_default();
    Veldfout::body(plaats, fout.code, fout.detail).into()
}

/// Opent een ontvangen bestand als tabel, buiten de draden die verzoeken afhandelen.
pub(crate) async fn open(bestand: std::sync::Arc<Bestand>) -> Result<Lezer, Problem> {
    actix_web::web::block(move || Lezer::open(bestand.pad(), Grenzen::default())).await.map_err(problem::fout)?.map_err(geweigerd)
}
