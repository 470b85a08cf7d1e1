//! Sporen naar een OTLP-verzamelaar (http/protobuf), alleen als die is ingesteld.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Registry;

use crate::Stop;
use crate::config;

/// De laag die spannes omzet in sporen.
pub type SpanLayer = OpenTelemetryLayer<Registry, SdkTracer>;

/// Of er in dit proces sporen worden verstuurd.
static ACTIVE: AtomicBool = AtomicBool::new(false);

/// De lopende verzending; [`Telemetry::flush`] stuurt het laatste restje.
#[derive(Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
}

impl Telemetry {
    /// Maakt de laag die spannes omzet in sporen; `None` zonder verzamelaar.
    ///
    /// # Errors
    /// Als de verzending niet in te stellen is.
    pub fn start(config: &config::Telemetry) -> Result<Option<(Self, SpanLayer)>, Stop> {
        let Some(endpoint) = &config.otlp_endpoint else { return Ok(None) };
        let refused = |cause: &dyn std::fmt::Display| {
            Stop::config(format!("`telemetry.otlp_endpoint` is niet te gebruiken ({cause}); controleer het adres of haal de regel weg."))
        };
        let client = Collector::new().map_err(|cause| refused(&cause))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_endpoint(endpoint.as_str())
            .with_timeout(Duration::from_secs(10))
            .build()
            .map_err(|cause| refused(&cause))?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::TraceIdRatioBased(config.sample_ratio))
            .with_resource(
                Resource::builder_empty()
                    .with_service_name(config.service_name.clone())
                    .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
                    .build(),
            )
            .build();
        let layer = OpenTelemetryLayer::new(provider.tracer("aansluitloket"));
        ACTIVE.store(true, Ordering::Relaxed);
        Ok(Some((Self { provider }, layer)))
    }

    /// Of er een verzamelaar is. Zonder hoeft een span alleen het spoornummer van het logboek te dragen.
    pub(crate) fn is_active() -> bool {
        ACTIVE.load(Ordering::Relaxed)
    }

    /// Verstuurt wat er nog ligt en sluit af.
    pub fn flush(&self) {
        if let Err(cause) = self.provider.shutdown() {
            tracing::warn!(%cause, "laatste sporen niet verstuurd");
        }
    }
}

/// De HTTP-client voor de verzamelaar. De verzending loopt op een eigen draad zonder reactor,
/// dus het werk zelf gebeurt op een klein eigen looppunt.
#[derive(Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Collector {
    fn new() -> Result<Self, HttpError> {
        #[expect(clippy::disallowed_methods, reason = "de verzamelaar staat in de configuratie van de beheerder, vaak op een privé-adres")]
        let builder = reqwest::Client::builder();
        let client = builder.redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(10)).build()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("otlp").enable_all().build()?;
        Ok(Self { client, runtime })
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(request).await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        });
        let (status, body) = sent.await??;
        Ok(http::Response::builder().status(status.as_u16()).body(body)?)
    }
}
