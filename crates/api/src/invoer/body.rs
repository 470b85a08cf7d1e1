//! Het lichaam van een verzoek.

use std::future::Ready;
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::from_request;
use crate::problem::{Problem, Veldfout};

/// Een gekeurd JSON-lichaam als `T`.
#[derive(Debug, Clone, PartialEq)]
pub struct Body<T>(pub T);

impl<T> Body<T> {
    /// De waarde zelf.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Body<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        from_request(req, |verzoek| typed(verzoek.body.clone()).map(Body))
    }
}

/// Leest een gekeurde waarde; wat het schema doorliet en het type niet, is ook een fout in de invoer.
pub(crate) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|cause| {
        tracing::info!(%cause, "schema laat meer toe dan het type");
        Veldfout::body("", "vorm", "past niet bij de beschrijving van deze operatie; vergelijk uw invoer met de documentatie").into()
    })
}
