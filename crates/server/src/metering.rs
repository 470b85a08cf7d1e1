//! Meetwaarden voor Prometheus. De API telt zelf per operatie; hier staan de verzamelaar en wat van het hele proces is.

use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::Stop;

const OPERATION_DURATION: &str = "aansluitloket_operatie_duur_seconds";
const MEMORY: &str = "process_resident_memory_bytes";
/// Antwoorden naar klasse (2xx, 4xx, 5xx), ook waar geen operatie bij hoort.
pub(crate) const ANSWERS: &str = "aansluitloket_http_antwoorden_total";
/// Verzoeken die nu lopen.
pub(crate) const IN_FLIGHT: &str = "aansluitloket_http_lopend";
/// Geslaagde en mislukte rondes van een werker.
pub(crate) const WORKER_RUNS: &str = "aansluitloket_werker_rondes_total";

/// Zet de verzamelaar aan; eenmaal per proces.
///
/// # Errors
/// Als er al een andere verzamelaar draait.
pub(crate) fn start() -> Result<PrometheusHandle, Stop> {
    let refused = |cause| Stop::fault(format!("De meetwaarden zijn niet aan te zetten ({cause}); start het programma opnieuw."));
    let buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(OPERATION_DURATION.to_owned()), &buckets)
        .map_err(refused)?
        .install_recorder()
        .map_err(refused)?;
    describe_counter!("aansluitloket_operatie_verzoeken_total", "Verzoeken naar operatie en status");
    describe_histogram!(OPERATION_DURATION, "Duur van een verzoek in seconden, naar operatie");
    describe_counter!(ANSWERS, "HTTP-antwoorden naar klasse van de status");
    describe_gauge!(IN_FLIGHT, "HTTP-verzoeken die nu lopen");
    describe_counter!(WORKER_RUNS, "Rondes van de achtergrondwerkers naar werker en uitkomst");
    describe_gauge!(api::workers::POST_MESSAGES, "Berichten die op bezorging wachten, en die in dertig dagen zijn opgegeven");
    describe_gauge!(api::workers::POST_OLDEST, "Hoe lang het oudste wachtende bericht er ligt");
    describe_gauge!(MEMORY, "Geheugen van dit proces in bytes");
    gauge!("aansluitloket_versie_info", "versie" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

/// De meetwaarden als tekst voor Prometheus.
pub(crate) fn render(handle: &PrometheusHandle) -> String {
    if let Some(bytes) = resident_bytes() {
        gauge!(MEMORY).set(bytes);
    }
    handle.render()
}

/// Geheugen volgens de kern; alleen op Linux bekend.
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u32 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(f64::from(kilobytes) * 1024.0)
}
