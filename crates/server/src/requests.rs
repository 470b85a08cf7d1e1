//! Om elk verzoek: één spoornummer voor logboek, verzamelaar en antwoord, en de telling van wat er loopt.

use std::sync::OnceLock;

use actix_web::HttpMessage as _;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use api::middleware::{TRACEPARENT, Trace};
use metrics::{Counter, Gauge, counter, gauge};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::metering::{ANSWERS, IN_FLIGHT};
use crate::telemetry::Telemetry;

/// Zet het spoor en meet; in het logboek komt nooit een query, een lichaam of een token.
///
/// # Errors
/// Geeft de fout van het verzoek zelf door.
pub(crate) async fn observe<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, actix_web::Error> {
    let mut random = [0; 24];
    if let Some(app) = req.app_data::<Data<api::App>>() {
        app.rng.fill(&mut random);
    }
    let trace = Trace::from_headers(req.headers(), random);
    let span = tracing::info_span!("verzoek", trace_id = %trace.id(), otel.kind = "server", status = tracing::field::Empty);
    let collected = Telemetry::is_active() && !span.is_disabled();
    if collected {
        let caller = req.headers().get(TRACEPARENT).and_then(|value| value.to_str().ok());
        if let Some(parent) = parent(caller, &trace) {
            let _no_collector = span.set_parent(opentelemetry::Context::new().with_remote_span_context(parent));
        }
    }
    // De API gaat verder op dit spoor, zodat alle drie hetzelfde nummer dragen.
    req.extensions_mut().insert(trace);
    let running = in_flight();
    running.increment(1.0);
    let outcome = next.call(req).instrument(span.clone()).await;
    running.decrement(1.0);
    let status = match &outcome {
        Ok(answer) => answer.status().as_u16(),
        Err(cause) => cause.as_response_error().status_code().as_u16(),
    };
    if collected {
        span.record("status", status);
    }
    answered(status).increment(1);
    span.in_scope(|| tracing::debug!(status, "afgehandeld"));
    outcome
}

/// De span van de aanroeper als die er is, en anders het begin van ons eigen spoor.
fn parent(caller: Option<&str>, trace: &Trace) -> Option<SpanContext> {
    let own = trace.header();
    let id = trace.id();
    let given = caller.filter(|text| text.get(3..35) == Some(id.as_str())).unwrap_or(&own);
    let trace_id = TraceId::from_hex(&id).ok()?;
    let span_id = SpanId::from_hex(given.get(36..52)?).ok()?;
    Some(SpanContext::new(trace_id, span_id, TraceFlags::SAMPLED, true, TraceState::default()))
}

fn in_flight() -> &'static Gauge {
    static RUNNING: OnceLock<Gauge> = OnceLock::new();
    RUNNING.get_or_init(|| gauge!(IN_FLIGHT))
}

fn answered(status: u16) -> &'static Counter {
    static CLASSES: OnceLock<[Counter; 4]> = OnceLock::new();
    let [success, redirect, client, server] = CLASSES.get_or_init(|| ["2xx", "3xx", "4xx", "5xx"].map(|class| counter!(ANSWERS, "klasse" => class)));
    match status {
        0..=299 => success,
        300..=399 => redirect,
        400..=499 => client,
        _ => server,
    }
}
