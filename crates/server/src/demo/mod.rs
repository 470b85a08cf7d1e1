//! `demo`: een dienst met fictieve gegevens, alleen op deze machine, om mee te proberen en te ontwikkelen.

mod cast;
mod directory;
mod files;
mod guide;
mod inrichting;
mod registratie;
mod seed;
mod tokens;
mod traject;
mod vragenlijsten;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use actix_web::web::Data;
use store::Store;

use self::directory::Directory;
use self::seed::Seeder;
use crate::config::{Config, Source, load};
use crate::serving::{self, Ports};
use crate::{Stop, assertion, logging, output, system, wiring};

/// Start de voorbeelddienst.
pub(crate) fn run(listen: SocketAddr, data: Option<PathBuf>) -> Result<ExitCode, Stop> {
    if !listen.ip().is_loopback() {
        return Err(Stop::config(format!(
            "De voorbeelddienst draait alleen op deze machine en niet op {listen}; kies een adres als 127.0.0.1:8080 of [::1]:8080."
        )));
    }
    let directory = Directory::prepare(data)?;
    let ports = Ports::open(listen, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let (api, admin) = (ports.api_address()?, ports.admin_address()?);
    let config = directory.configure(api, admin)?;
    let telemetry = logging::start(&config)?;
    let code = actix_web::rt::System::new().block_on(async {
        let (app, guide) = fill(&config, &directory, admin).await?;
        serving::run(app, ports, &config.server, telemetry, || output::line(guide)).await
    });
    drop(directory);
    code
}

/// Vult de map van een voorbeelddienst zonder haar te starten; voor proeven, ook op PostgreSQL.
///
/// # Errors
/// Als de map niet leeg is of de opslag al gevuld.
pub fn prepare(data: PathBuf, listen: SocketAddr, database_url: Option<&str>) -> Result<(), Stop> {
    let directory = Directory::prepare(Some(data))?;
    let mut config = directory.configure(listen, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    config.storage.database_url = database_url.map(crate::config::Secret::new);
    wiring::block_on(async { fill(&config, &directory, config.server.admin_listen).await.map(drop) })?
}

/// Maakt de toestand, vult de opslag en schrijft demo.json en de tokens; levert ook wat er te proberen is.
async fn fill(config: &Config, directory: &Directory, admin: SocketAddr) -> Result<(Data<api::App>, String), Stop> {
    let master = wiring::master(config)?;
    let store = wiring::open_store(config, &master)?;
    store.migrate().map_err(|cause| wiring::store_stop(&cause))?;
    let app = wiring::app(config, store.clone(), &master, config.issuer())?;
    let jwk = assertion::generate()?;
    let cast = seed(&store, &app, &jwk).await?;
    let tokens = tokens::issue(&app, &cast).await?;
    files::write(directory, config, admin, &cast, &jwk, &tokens, app.clock.now())?;
    let guide = guide::text(directory, config, admin, &cast);
    Ok((Data::from(Arc::new(app)), guide))
}

async fn seed(store: &Store, app: &api::App, jwk: &serde_json::Value) -> Result<seed::Cast, Stop> {
    let (clock, rng) = (system::clock(), system::rng());
    Seeder { store, clock: &clock, rng: &rng, issuer: &app.settings.base_url }.fill(&assertion::public(jwk)).await
}

/// De configuratie die een voorbeelddienst in haar map achterlaat.
fn load_from(path: PathBuf) -> Result<Config, Stop> {
    load(&Source { file: Some(path), environment: Vec::new() })
}
