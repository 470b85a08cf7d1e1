//! In welke vorm de aanroeper het antwoord wil, als een operatie er meer kent.

use std::future::Ready;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::from_request;
use crate::middleware::negotiation::preferred;
use crate::problem::Problem;

/// Het mediatype dat de aanroeper met `Accept` het liefst heeft; zonder voorkeur JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vorm(String);

impl Vorm {
    /// Of dit de gevraagde vorm is.
    #[must_use]
    pub fn is(&self, mediatype: &str) -> bool {
        self.0 == mediatype
    }
}

impl FromRequest for Vorm {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        from_request(req, |verzoek| {
            let mut kinds = verzoek.operation.produces.clone();
            // Bij gelijke voorkeur wint de eerste: JSON, wat de volgorde in het document ook is.
            kinds.sort_by_key(|kind| kind != crate::antwoord::JSON);
            let index = preferred(req.headers(), &kinds).unwrap_or(0);
            Ok(Self(kinds.into_iter().nth(index).unwrap_or_default()))
        })
    }
}
