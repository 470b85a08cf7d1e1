//! In welke vorm de aanroeper het antwoord wil, als een operatie er meer kent.

use std::future::Ready;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::from_request;
use crate::antwoord::{CSV, JSON, SVG, XLSX};
use crate::middleware::negotiation::preferred;
use crate::problem::Problem;
use crate::tabelbestand::Tabelsoort;

/// Bij gelijke voorkeur wint wat hier het eerst staat, wat de volgorde in het document ook is.
const RANG: [&str; 3] = [JSON, CSV, SVG];

/// Het mediatype dat de aanroeper met `Accept` het liefst heeft; zonder voorkeur JSON, en waar dat er niet is CSV of een tekening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vorm(String);

impl Vorm {
    /// Of dit de gevraagde vorm is.
    #[must_use]
    pub fn is(&self, mediatype: &str) -> bool {
        self.0 == mediatype
    }

    /// De soort tabel die gevraagd is; `None` als het geen tabel moet zijn.
    pub(crate) fn tabel(&self) -> Option<Tabelsoort> {
        match self.0.as_str() {
            CSV => Some(Tabelsoort::Csv),
            XLSX => Some(Tabelsoort::Xlsx),
            _ => None,
        }
    }
}

impl FromRequest for Vorm {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        from_request(req, |verzoek| {
            let mut kinds = verzoek.operation.produces.clone();
            kinds.sort_by_key(|kind| RANG.iter().position(|eerst| eerst == kind).unwrap_or(RANG.len()));
            let index = preferred(req.headers(), &kinds).unwrap_or(0);
            Ok(Self(kinds.into_iter().nth(index).unwrap_or_default()))
        })
    }
}
