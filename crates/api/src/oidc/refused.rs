//! Antwoorden van de adressen die OAuth volgen (RFC 6749, 5).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use provider::{DpopError, Form, OAuthError};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::antwoord::JSON;
use crate::problem::Problem;

/// Een weigering volgens OAuth, of een fout die daar niets mee te maken heeft.
#[derive(Debug)]
pub(crate) enum Refused {
    OAuth(OAuthError),
    Problem(Problem),
}

impl From<OAuthError> for Refused {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<DpopError> for Refused {
    fn from(error: DpopError) -> Self {
        Self::OAuth(OAuthError::bad("invalid_dpop_proof", format!("Het DPoP-bewijs telt niet: {error}.")))
    }
}

/// Het formulier van een verzoek.
pub(super) fn form(req: &HttpRequest, body: &[u8]) -> Result<Form, Refused> {
    let kind = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Err(OAuthError::bad("invalid_request", "Stuur een formulier met Content-Type: application/x-www-form-urlencoded.").into());
    }
    Ok(Form::new(form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())?)
}

/// Een antwoord met deze status en inhoud; een weigering van OAuth in haar eigen vorm.
pub(super) fn answer(req: &HttpRequest, outcome: Result<(StatusCode, Value), Refused>) -> Result<HttpResponse, Problem> {
    match outcome {
        Ok((status, body)) => Ok(respond(status, &body)),
        Err(Refused::OAuth(error)) => {
            tracing::info!(fout = error.error, reden = error.description, "verzoek van een client geweigerd");
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            let mut response = respond(status, &json!({ "error": error.error, "error_description": error.description }));
            if status == StatusCode::UNAUTHORIZED && req.headers().contains_key(header::AUTHORIZATION) {
                // RFC 6749, 5.2: alleen wie het met de kop probeerde. Bij een ander verbergen bibliotheken achter deze kop wat er mis is.
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"aansluitloket\", charset=\"UTF-8\""));
            }
            Ok(response)
        }
        Err(Refused::Problem(problem)) => Err(problem),
    }
}

fn respond(status: StatusCode, body: &Value) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::PRAGMA, HeaderValue::from_static("no-cache")));
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(JSON)));
    response.body(body.to_string())
}
