//! Een tabel als CSV of werkmap, naar keuze van de aanroeper.

use actix_web::body::BoxBody;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use stukken::tabel::{Grenzen, Lezer, Tabelfout};

use crate::invoer::Bestand;
use crate::middleware::negotiation;
use crate::problem::{self, Problem, Veldfout};

/// Mediatype van CSV.
pub(crate) const CSV: &str = "text/csv";
/// Mediatype van een werkmap.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// In welke vorm de aanroeper een antwoord wil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vorm {
    /// JSON.
    Json,
    /// CSV.
    Csv,
    /// Werkmap.
    Xlsx,
}

impl Vorm {
    /// De liefste van deze vormen; zonder voorkeur de eerste.
    pub(crate) fn kies(req: &HttpRequest, vormen: &[Self]) -> Self {
        let namen: Vec<String> = vormen.iter().map(|vorm| vorm.mediatype().to_owned()).collect();
        let plek = negotiation::preferred(req.headers(), &namen).unwrap_or(0);
        vormen.get(plek).or(vormen.first()).copied().unwrap_or(Self::Json)
    }

    const fn mediatype(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => CSV,
            Self::Xlsx => XLSX,
        }
    }
}

/// Een bestand om op te slaan.
#[derive(Debug)]
pub(crate) struct Tabelbestand {
    vorm: Vorm,
    naam: String,
    bytes: Vec<u8>,
}

impl Tabelbestand {
    /// Schrijft een tabel; `naam` is de bestandsnaam zonder uitgang.
    pub(crate) fn maak(vorm: Vorm, naam: &str, koppen: &[&str], rijen: &[impl AsRef<[String]>]) -> Result<Self, Problem> {
        let cellen = rijen.iter().map(|rij| rij.as_ref().iter());
        let (bytes, uitgang) = match vorm {
            Vorm::Xlsx => (stukken::tabel::naar_xlsx(naam, koppen, cellen), "xlsx"),
            Vorm::Csv | Vorm::Json => (stukken::tabel::naar_csv(koppen, cellen), "csv"),
        };
        Ok(Self { vorm, naam: format!("{naam}.{uitgang}"), bytes: bytes.map_err(problem::fout)? })
    }
}

impl Responder for Tabelbestand {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        let soort = if self.vorm == Vorm::Xlsx { HeaderValue::from_static(XLSX) } else { HeaderValue::from_static("text/csv; charset=utf-8; header=present") };
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
