//! `serve`: de dienst.

use std::process::ExitCode;
use std::sync::Arc;

use actix_web::web::Data;
use api::post::Bezorger;

use crate::config::Config;
use crate::serving::{self, Ports};
use crate::{Stop, access, logging, mail, wiring};

pub(super) fn run(config: Config) -> Result<ExitCode, Stop> {
    let master = wiring::master(&config)?;
    let telemetry = logging::start(&config)?;
    let store = wiring::open_store(&config, &master)?;
    if config.storage.migrate_on_start {
        store.migrate().map_err(|cause| wiring::store_stop(&cause))?;
    }
    store.require_current().map_err(|cause| wiring::store_stop(&cause))?;
    let ports = Ports::open(config.server.listen, config.server.admin_listen)?;
    let (api, admin) = (ports.api_address()?, ports.admin_address()?);
    let bezorger = mail::Smtp::nieuw(&config.mail)?.map(|smtp| Arc::new(smtp) as Arc<dyn Bezorger>);
    actix_web::rt::System::new().block_on(async move {
        let app = Data::from(Arc::new(wiring::app(&config, store, &master, config.issuer())?));
        // Eerst een sleutel, dan verzoeken; een hoofdsleutel die niet past, stopt hier.
        app.keys.signing(&app.store, &app.rng, app.clock.now()).await.map_err(|cause| access::key_stop(&cause))?;
        serving::run(app, ports, &config.server, telemetry, bezorger, || tracing::info!(%api, %admin, uitgever = config.issuer(), "gereed")).await
    })
}
