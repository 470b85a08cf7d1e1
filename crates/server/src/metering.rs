//! Meetwaarden voor Prometheus: de verzamelaar, en wat de HTTP-kant meet.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::Stop;

const REQUESTS: &str = "aansluitloket_http_verzoeken_total";
const DURATION: &str = "aansluitloket_http_duur_seconds";
const IN_FLIGHT: &str = "aansluitloket_http_lopend";
const MEMORY: &str = "process_resident_memory_bytes";
/// Geslaagde en mislukte rondes van een werker.
pub(crate) const WORKER_RUNS: &str = "aansluitloket_werker_rondes_total";

/// Zet de verzamelaar aan; eenmaal per proces.
///
/// # Errors
/// Als er al een andere verzamelaar draait.
pub fn start() -> Result<PrometheusHandle, Stop> {
    let refused = |cause| Stop::fault(format!("De meetwaarden zijn niet aan te zetten ({cause}); start het programma opnieuw."));
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0])
        .map_err(refused)?
        .install_recorder()
        .map_err(refused)?;
    describe_counter!(REQUESTS, "HTTP-verzoeken naar methode, route en status");
    describe_histogram!(DURATION, "Duur van een HTTP-verzoek in seconden");
    describe_gauge!(IN_FLIGHT, "HTTP-verzoeken die nu lopen");
    describe_counter!(WORKER_RUNS, "Rondes van de achtergrondwerkers naar werker en uitkomst");
    describe_gauge!(MEMORY, "Geheugen van dit proces in bytes");
    gauge!("aansluitloket_versie_info", "versie" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

/// De meetwaarden als tekst voor Prometheus.
#[must_use]
pub fn render(handle: &PrometheusHandle) -> String {
    if let Some(bytes) = resident_bytes() {
        gauge!(MEMORY).set(bytes);
    }
    handle.run_upkeep();
    handle.render()
}

/// Geheugen volgens de kern; alleen op Linux bekend.
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u32 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(f64::from(kilobytes) * 1024.0)
}

/// Meet elk verzoek en schrijft er één regel over in het logboek, met het spoornummer en zonder query of token.
///
/// # Errors
/// Geeft de fout van het verzoek zelf door.
pub async fn request<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, actix_web::Error> {
    let started = Instant::now();
    let method = req.method().clone();
    gauge!(IN_FLIGHT).increment(1.0);
    let outcome = next.call(req).await;
    gauge!(IN_FLIGHT).decrement(1.0);
    let seconds = started.elapsed().as_secs_f64();
    let (status, route, trace) = match &outcome {
        Ok(answer) => {
            (answer.status().as_u16(), answer.request().match_pattern().unwrap_or_else(|| "onbekend".to_owned()), trace_id(answer.headers()))
        }
        Err(cause) => (cause.as_response_error().status_code().as_u16(), "onbekend".to_owned(), String::new()),
    };
    counter!(REQUESTS, "methode" => method.to_string(), "route" => route.clone(), "status" => status.to_string()).increment(1);
    histogram!(DURATION, "methode" => method.to_string(), "route" => route.clone()).record(seconds);
    if status >= 500 {
        tracing::error!(%method, route, status, seconds, trace_id = trace, "verzoek");
    } else {
        tracing::debug!(%method, route, status, seconds, trace_id = trace, "verzoek");
    }
    outcome
}

/// Het spoornummer uit `traceparent` (W3C): het tweede veld.
fn trace_id(headers: &HeaderMap) -> String {
    let value = headers.get("traceparent").and_then(|value| value.to_str().ok());
    value.and_then(|text| text.split('-').nth(1)).unwrap_or_default().to_owned()
}
