//! `demo`: een dienst met fictieve gegevens, alleen op deze machine, om mee te proberen en te ontwikkelen.

mod cast;
mod directory;
mod files;
mod guide;
mod inrichting;
mod omgeving;
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
use self::omgeving::{Adressen, Ingericht, Poorten, Postvak};
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
    let poorten = Poorten::open()?;
    let code = actix_web::rt::System::new().block_on(async {
        let adressen = poorten.adressen()?;
        let Gevuld { app, guide, ingericht } = fill(&config, &directory, admin, Some(adressen)).await?;
        let postvak = Postvak::default();
        let omgeving = match &ingericht {
            Some(ingericht) => omgeving::start(poorten, ingericht, postvak.clone())?,
            None => Vec::new(),
        };
        let handles: Vec<_> = omgeving.iter().map(actix_web::dev::Server::handle).collect();
        omgeving.into_iter().for_each(|server| drop(actix_web::rt::spawn(server)));
        let code = serving::run(app, ports, &config.server, telemetry, Some(Arc::new(postvak)), || output::line(guide)).await;
        for handle in handles {
            handle.stop(false).await;
        }
        code
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
    wiring::block_on(async { fill(&config, &directory, config.server.admin_listen, None).await.map(drop) })?
}

/// Een gevulde dienst.
struct Gevuld {
    app: Data<api::App>,
    /// Wat er te proberen is.
    guide: String,
    ingericht: Option<Ingericht>,
}

/// Maakt de toestand, vult de opslag en schrijft demo.json en de tokens. Met adressen hoort daar een omgeving bij om in de
/// browser mee aan te melden.
async fn fill(config: &Config, directory: &Directory, admin: SocketAddr, adressen: Option<Adressen>) -> Result<Gevuld, Stop> {
    let master = wiring::master(config)?;
    let store = wiring::open_store(config, &master)?;
    store.migrate().map_err(|cause| wiring::store_stop(&cause))?;
    let app = wiring::app(config, store.clone(), &master, config.issuer())?;
    let jwk = assertion::generate()?;
    let cast = seed(&store, &app, &jwk).await?;
    let ingericht = match adressen {
        Some(adressen) => {
            let (clock, rng) = (system::clock(), system::rng());
            let seeder = Seeder { store: &store, clock: &clock, rng: &rng, issuer: &app.settings.base_url };
            Some(omgeving::inrichten(&seeder, &app, &cast, adressen).await?)
        }
        None => None,
    };
    let tokens = tokens::issue(&app, &cast).await?;
    let aanmelden = ingericht.as_ref().map(Ingericht::json);
    files::write(directory, config, admin, &cast, &jwk, &tokens, aanmelden, app.clock.now())?;
    let mut guide = guide::text(directory, config, admin, &cast);
    if let Some(ingericht) = &ingericht {
        guide.push_str(&ingericht.uitleg());
    }
    Ok(Gevuld { app: Data::from(Arc::new(app)), guide, ingericht })
}

async fn seed(store: &Store, app: &api::App, jwk: &serde_json::Value) -> Result<seed::Cast, Stop> {
    let (clock, rng) = (system::clock(), system::rng());
    Seeder { store, clock: &clock, rng: &rng, issuer: &app.settings.base_url }.fill(&assertion::public(jwk)).await
}

/// De configuratie die een voorbeelddienst in haar map achterlaat.
fn load_from(path: PathBuf) -> Result<Config, Stop> {
    load(&Source { file: Some(path), environment: Vec::new() })
}
