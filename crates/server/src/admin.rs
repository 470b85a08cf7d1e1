//! De beheerpoort: leeft het proces, kan het werk aan, en de meetwaarden. Los van de API, voor de beheerder alleen.

use std::future::Future;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER};
use actix_web::{App, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use crate::Stop;

/// Eén vraag aan de omgeving: `Ok` of waarom niet (voor de beheerder, zonder geheimen).
pub(crate) type Probe = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// De vragen met hun naam in `/readyz`.
pub(crate) type Probes = Vec<(&'static str, Box<dyn Fn() -> Probe + Send + Sync>)>;

/// Wat er moet werken voordat verzoeken zin hebben.
#[derive(Clone)]
pub(crate) struct Health(Arc<Inner>);

struct Inner {
    stopping: AtomicBool,
    probes: Probes,
}

impl std::fmt::Debug for Health {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Health").field("stopping", &self.0.stopping).finish_non_exhaustive()
    }
}

impl Health {
    /// Een gezondheidstoestand met deze vragen.
    #[must_use]
    pub(crate) fn new(probes: Probes) -> Self {
        Self(Arc::new(Inner { stopping: AtomicBool::new(false), probes }))
    }

    /// Vanaf nu niet meer gereed: de verdeler ervoor stuurt niets nieuws.
    pub(crate) fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    async fn report(&self) -> (bool, serde_json::Value) {
        let mut ready = !self.0.stopping.load(Ordering::Relaxed);
        let mut parts = serde_json::Map::new();
        for (name, probe) in &self.0.probes {
            let outcome = tokio::time::timeout(Duration::from_secs(2), probe()).await.unwrap_or_else(|_| Err("antwoordt niet binnen 2 seconden".to_owned()));
            ready &= outcome.is_ok();
            parts.insert((*name).to_owned(), outcome.err().map_or_else(|| json!("goed"), |why| json!(why)));
        }
        (ready, json!({ "gereed": ready, "stopt": self.0.stopping.load(Ordering::Relaxed), "onderdelen": parts }))
    }
}

/// Start de beheerpoort op een al geopende luisteraar.
pub(crate) fn listen(listener: TcpListener, health: Health, metrics: PrometheusHandle) -> Result<Server, Stop> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(health.clone()))
            .app_data(web::Data::new(metrics.clone()))
            .route("/livez", web::get().to(livez))
            .route("/readyz", web::get().to(readyz))
            .route("/metrics", web::get().to(scrape))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)
    .map_err(|cause| Stop::fault(format!("De beheerpoort is niet te openen ({cause}); kies een ander adres bij `server.admin_listen`.")))?;
    Ok(server.run())
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body("leeft\n")
}

async fn readyz(health: web::Data<Health>) -> HttpResponse {
    let (ready, report) = health.report().await;
    if ready {
        HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(report)
    } else {
        HttpResponse::ServiceUnavailable().insert_header((CACHE_CONTROL, "no-store")).insert_header((RETRY_AFTER, "5")).json(report)
    }
}

async fn scrape(metrics: web::Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(crate::metering::render(&metrics))
}
