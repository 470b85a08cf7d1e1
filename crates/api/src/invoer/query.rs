//! De query van een verzoek.

use std::future::Ready;
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::from_request;
use crate::problem::{Problem, Veldfout};

/// De gekeurde sleutels van de query als `T`; onbekende sleutels zijn dan al geweigerd.
#[derive(Debug, Clone, PartialEq)]
pub struct Query<T>(pub T);

impl<T> Query<T> {
    /// De waarde zelf.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        from_request(req, |verzoek| {
            serde_json::from_value(verzoek.query.clone()).map(Query).map_err(|cause| {
                tracing::info!(%cause, "schema van de query laat meer toe dan het type");
                Veldfout::query("", "vorm", "past niet bij de beschrijving van deze operatie; vergelijk uw query met de documentatie").into()
            })
        })
    }
}
