//! Invoer uit een verzoek. De vorm is al gekeurd door [`crate::middleware::pipeline`]; hier wordt hij getypeerd.

mod bestand;
mod blad;
mod body;
mod cursor;
mod kopregels;
mod query;
mod vorm;

pub(crate) use bestand::Bestand;
pub use blad::{Blad, BladParams};
pub use body::Body;
pub use cursor::CursorKey;
pub use kopregels::{IdempotencyKey, IfMatch};
pub use query::Query;
pub use vorm::Vorm;

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use serde_json::Value;

use crate::contract::Operation;
use crate::problem::{self, Problem};
use crate::toegang::Caller;

/// Wat de keten vóór de handler al weet van dit verzoek.
#[derive(Debug, Clone)]
pub(crate) struct Verzoek {
    pub(crate) operation: Arc<Operation>,
    pub(crate) caller: Option<Caller>,
    pub(crate) query: Value,
    pub(crate) body: Value,
    pub(crate) bytes: Bytes,
}

/// Voert `read` uit op de gegevens van dit verzoek, of geeft 500 als een route buiten de keten om is aangemeld.
pub(crate) fn from_request<T>(req: &HttpRequest, read: impl FnOnce(&Verzoek) -> Result<T, Problem>) -> Ready<Result<T, Problem>> {
    let extensions = req.extensions();
    ready(match extensions.get::<Verzoek>() {
        Some(verzoek) => read(verzoek),
        None => Err(problem::fout("route buiten de keten om aangemeld")),
    })
}
