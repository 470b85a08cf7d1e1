//! De levensloop van een dienst: luisteren, werken, en netjes stoppen.

use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use api::post::Bezorger;
use tokio::signal::unix::{SignalKind, signal};

use crate::admin::{self, Health};
use crate::config::Server;
use crate::telemetry::Telemetry;
use crate::workers::Workers;
use crate::{Stop, metering, requests, wiring};

/// De geopende poorten; openen gebeurt vóór de rest, zodat een bezette poort meteen een duidelijke zin geeft.
#[derive(Debug)]
pub(crate) struct Ports {
    api: TcpListener,
    admin: TcpListener,
}

impl Ports {
    pub(crate) fn open(listen: SocketAddr, admin: SocketAddr) -> Result<Self, Stop> {
        Ok(Self { api: bind(listen, "server.listen")?, admin: bind(admin, "server.admin_listen")? })
    }

    pub(crate) fn api_address(&self) -> Result<SocketAddr, Stop> {
        self.api.local_addr().map_err(|cause| Stop::fault(format!("Het adres van de API is niet te bepalen ({cause}); start opnieuw.")))
    }

    pub(crate) fn admin_address(&self) -> Result<SocketAddr, Stop> {
        self.admin.local_addr().map_err(|cause| Stop::fault(format!("Het adres van de beheerpoort is niet te bepalen ({cause}); start opnieuw.")))
    }
}

fn bind(address: SocketAddr, key: &str) -> Result<TcpListener, Stop> {
    TcpListener::bind(address)
        .map_err(|cause| Stop::fault(format!("`{key}` {address} is niet te openen ({cause}); kies een ander adres of stop wat daar luistert.")))
}

/// Draait tot SIGTERM of SIGINT en ruimt dan op.
pub(crate) async fn run(
    app: web::Data<api::App>,
    ports: Ports,
    settings: &Server,
    telemetry: Option<Telemetry>,
    bezorger: Option<Arc<dyn Bezorger>>,
    ready: impl FnOnce(),
) -> Result<ExitCode, Stop> {
    let metrics = metering::start()?;
    let health = Health::new(wiring::probes(&app));
    let admin = admin::listen(ports.admin, health.clone(), metrics.clone())?;
    let admin_handle = admin.handle();
    let shared = app.clone();
    let workers = if settings.workers == 0 { std::thread::available_parallelism().map_or(2, usize::from) } else { settings.workers };
    let server = HttpServer::new(move || {
        App::new().app_data(shared.clone()).wrap(from_fn(api::pipeline)).wrap(from_fn(requests::observe)).configure(api::configure(shared.clone()))
    })
    .workers(workers)
    .disable_signals()
    .shutdown_timeout(settings.shutdown_timeout_seconds)
    .client_request_timeout(Duration::from_secs(10))
    .listen(ports.api)
    .map_err(|cause| Stop::fault(format!("De API is niet te starten ({cause}); controleer `server.listen`.")))?
    .run();
    let handle = server.handle();
    let background = Workers::start(&app, &metrics, bezorger);
    match api::workers::close_abandoned_imports(&app).await {
        Ok(0) => {}
        Ok(aantal) => tracing::warn!(aantal, "imports afgesloten die een vorig proces liet liggen"),
        Err(cause) => tracing::warn!(%cause, "imports van een vorig proces zijn nog niet afgesloten"),
    }
    let mut term = signal(SignalKind::terminate()).map_err(|cause| Stop::fault(format!("Signalen zijn niet te ontvangen ({cause}).")))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|cause| Stop::fault(format!("Signalen zijn niet te ontvangen ({cause}).")))?;
    let serving = actix_web::rt::spawn(server);
    let administering = actix_web::rt::spawn(admin);
    ready();
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopsignaal ontvangen: lopende verzoeken worden afgemaakt");
    health.stop();
    handle.stop(true).await;
    background.stop(&app).await;
    admin_handle.stop(true).await;
    let _ended = serving.await;
    let _ended = administering.await;
    if let Some(telemetry) = telemetry {
        // De laatste verzending wacht op het netwerk en hoort niet op deze draad.
        let _sent = web::block(move || telemetry.flush()).await;
    }
    tracing::info!("gestopt");
    Ok(ExitCode::SUCCESS)
}
