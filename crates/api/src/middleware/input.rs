//! Het lichaam van een verzoek: mediatype, omvang, JSON, schema.

use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::body::{BodyStream, to_bytes_limited};
use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::rt::time::timeout;
use actix_web::web::Bytes;
use serde_json::Value;

use super::negotiation;
use crate::contract::Operation;
use crate::problem::{Problem, Veldfout};

/// Zo lang mag een lichaam onderweg zijn.
const SLOWEST: Duration = Duration::from_secs(30);

/// Leest en keurt het lichaam.
pub(crate) async fn body(req: &mut ServiceRequest, operation: &Operation, limit: usize) -> Result<(Bytes, Value), Problem> {
    if operation.consumes.is_empty() {
        return Ok((Bytes::new(), Value::Null));
    }
    let limit = operation.max_body.unwrap_or(limit);
    let announced: Option<usize> = req.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let chunked = req.headers().contains_key(header::TRANSFER_ENCODING);
    let absent = announced.unwrap_or(0) == 0 && !chunked && !req.headers().contains_key(header::CONTENT_TYPE);
    if absent && !operation.body_required {
        return Ok((Bytes::new(), Value::Null));
    }
    if !absent && (!negotiation::supported(req.headers(), &operation.consumes) || req.headers().contains_key(header::CONTENT_ENCODING)) {
        return Err(unsupported(operation));
    }
    if negotiation::is_file(req.headers()) {
        // Een bestand leest de handler zelf, als stroom; zie `invoer::Bestand`.
        return Ok((Bytes::new(), Value::Null));
    }
    let reading = to_bytes_limited(BodyStream::new(req.take_payload()), limit);
    let Ok(read) = timeout(SLOWEST, reading).await else { return Err(too_slow(SLOWEST)) };
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(cause)) => {
            tracing::info!(%cause, "lichaam niet ontvangen");
            return Err(malformed("Het lichaam is niet volledig ontvangen. Stuur het verzoek opnieuw."));
        }
        Err(_) => return Err(too_large(limit)),
    };
    let value: Value = serde_json::from_slice(&bytes).map_err(|cause| match cause.line() {
        0 => malformed("Het lichaam is leeg of geen JSON. Stuur een JSON-object."),
        line => malformed(&format!("Het lichaam is geen geldige JSON: fout in regel {line}, teken {}.", cause.column())),
    })?;
    let errors = operation.check_body(&value);
    if errors.is_empty() { Ok((bytes, value)) } else { Err(errors.into()) }
}

fn malformed(detail: &str) -> Problem {
    let mut problem = Problem::new(StatusCode::BAD_REQUEST, "json-ongeldig", "Lichaam is geen JSON", detail);
    problem.errors = vec![Veldfout::body("", "json", "is geen geldige JSON")];
    problem
}

/// 408.
pub(crate) fn too_slow(limit: Duration) -> Problem {
    let detail = format!("Het lichaam was na {} seconden nog niet binnen. Stuur het verzoek opnieuw.", limit.as_secs());
    Problem::new(StatusCode::REQUEST_TIMEOUT, "te-traag", "Verzoek te traag", detail)
}

/// 413.
pub(crate) fn too_large(limit: usize) -> Problem {
    let detail = match limit {
        0 => "Het lichaam is groter dan toegestaan. Stuur minder gegevens tegelijk.".to_owned(),
        limit => format!("Het lichaam is groter dan {limit} bytes. Stuur minder gegevens tegelijk."),
    };
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "lichaam-te-groot", "Lichaam te groot", detail)
}

fn unsupported(operation: &Operation) -> Problem {
    let kinds = operation.consumes.join(", ");
    let detail = format!("Deze operatie verwacht een lichaam met Content-Type: {kinds} (in UTF-8, zonder Content-Encoding).");
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "mediatype-onbekend", "Mediatype niet ondersteund", detail).header(header::ACCEPT, &kinds)
}

/// 406.
pub(crate) fn not_acceptable(operation: &Operation) -> Problem {
    let detail = format!("Deze operatie antwoordt met: {}. Neem dat op in de kop Accept.", operation.produces.join(", "));
    Problem::new(StatusCode::NOT_ACCEPTABLE, "niet-aanvaardbaar", "Gevraagde vorm bestaat niet", detail)
}
