//! Van configuratie naar een werkende toestand: hoofdsleutel, opslag, uitgevers en de API.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use actix_web::http::header::HeaderName;
use actix_web::web::Data;
use api::middleware::RateSettings;
use api::{App, Parts, Settings};
use provider::MasterKey;
use store::{Store, StoreConfig, StoreError};

use crate::admin::Probes;
use crate::config::Config;
use crate::proxies::Network;
use crate::{Stop, access, system};

/// De hoofdsleutel uit de configuratie.
pub(crate) fn master(config: &Config) -> Result<MasterKey, Stop> {
    let missing = || {
        Stop::config(
            "De hoofdsleutel ontbreekt; maak er een met `openssl rand -base64 32` en geef haar met `keys.master_key_file` of AANSLUITLOKET_KEYS__MASTER_KEY."
                .to_owned(),
        )
    };
    let text = config.keys.master_key.as_ref().filter(|secret| !secret.expose().is_empty()).ok_or_else(missing)?;
    MasterKey::parse(text.expose()).map_err(|_| {
        Stop::config("De hoofdsleutel is niet 32 bytes als base64; maak er een met `openssl rand -base64 32` en zet die in `keys.master_key_file`.".to_owned())
    })
}

/// Opent de opslag van de configuratie, zonder te migreren.
pub(crate) fn open_store(config: &Config, master: &MasterKey) -> Result<Store, Stop> {
    try_open(config, master).map_err(|cause| store_stop(&cause))
}

/// Hetzelfde, met de oorzaak voor wie daar verschil in maakt.
pub(crate) fn try_open(config: &Config, master: &MasterKey) -> Result<Store, StoreError> {
    if config.storage.database_url.is_none() {
        private_dir(&config.storage.data_dir).map_err(|cause| StoreError::Unavailable(format!("{}: {cause}", config.storage.data_dir.display())))?;
    }
    Store::open(StoreConfig {
        database_url: config.storage.database_url.as_ref().map(|url| url.expose().to_owned()),
        data_dir: config.storage.data_dir.clone(),
        pool_size: config.storage.pool_size,
        audit_key: master.derive("audit").map_err(StoreError::fault)?,
        rng: system::rng(),
        max_pages: None,
    })
}

/// Een fout van de opslag als zin voor de beheerder.
pub(crate) fn store_stop(cause: &StoreError) -> Stop {
    Stop::fault(match cause {
        StoreError::Locked(map) => {
            format!("De gegevensmap {map} wordt al gebruikt door een ander proces; stop dat eerst of kies een andere map bij `storage.data_dir`.")
        }
        StoreError::NewerSchema(versie) => {
            format!("De database is nieuwer dan dit programma (migratie {versie}); start de nieuwere versie of zet een oudere kopie terug.")
        }
        StoreError::PendingMigrations => {
            "De database loopt achter op dit programma; voer eerst `aansluitloket migrate` uit of zet `storage.migrate_on_start` aan.".to_owned()
        }
        StoreError::DiskFull => "De schijf van de database is vol; maak ruimte en start opnieuw.".to_owned(),
        StoreError::Unavailable(why) => {
            format!("De opslag is niet bereikbaar ({}); controleer `storage` in de configuratie en of de database draait.", one_line(why))
        }
        other => format!("De opslag geeft een fout ({}); voer `aansluitloket doctor` uit.", one_line(&other.to_string())),
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// De toestand van de API. `base_url` is de uitgever; de voorbeelddienst kent haar pas als de poort open is.
pub(crate) fn app(config: &Config, store: Store, master: &MasterKey, base_url: String) -> Result<App, Stop> {
    let settings = settings(config, &base_url)?;
    let clock = system::clock();
    let keys = access::keys(config, master);
    let issuers = access::issuers(config, &settings.audience)?;
    let cursor_secret = master.derive("cursor").map_err(|cause| Stop::fault(format!("De sleutel voor bladerwijzers is niet af te leiden ({cause}).")))?;
    let idps = access::idps(config)?;
    App::shipped(Parts { store, clock, rng: system::rng(), settings, issuers, keys, idps, cursor_secret })
        .map_err(|cause| Stop::fault(format!("De API is niet op te zetten ({cause}); dit is een fout in het programma.")))
}

fn settings(config: &Config, base_url: &str) -> Result<Settings, Stop> {
    let networks: Vec<Network> = config.server.trusted_proxies.iter().filter_map(|text| Network::parse(text)).collect();
    let header = HeaderName::try_from(config.server.client_address_header.as_str())
        .map_err(|_| Stop::config("`server.client_address_header` is geen naam van een kop; geef bijvoorbeeld \"x-forwarded-for\".".to_owned()))?;
    let certificate = config.server.client_certificate_header.as_deref().map(HeaderName::try_from).transpose();
    let certificate =
        certificate.map_err(|_| Stop::config("`server.client_certificate_header` is geen naam van een kop; geef bijvoorbeeld \"client-cert\".".to_owned()))?;
    let trusted = Arc::new(move |address| networks.iter().any(|network| network.contains(address)));
    Ok(Settings {
        audience: config.access.audience.clone().unwrap_or_else(|| format!("{base_url}/v1")),
        max_body_bytes: config.server.max_body_bytes,
        rate: RateSettings {
            caller_per_second: config.limits.caller_per_second,
            caller_burst: config.limits.caller_burst,
            address_per_second: config.limits.address_per_second,
            address_burst: config.limits.address_burst,
        },
        token_lifetime_seconds: i64::from(config.access.token_lifetime_seconds),
        leeway_seconds: i64::from(config.access.leeway_seconds),
        minimum_beheerders: usize::from(config.rules.minimum_administrators),
        security_contact: config.security_txt.contact.clone(),
        security_expires: config.security_txt.expires,
        client_certificate_header: certificate,
        egress_allow: config.egress.allow_hosts.clone(),
        proxy: (!config.server.trusted_proxies.is_empty()).then_some(api::app::Proxy { header, trusted }),
        ..Settings::new(base_url)
    })
}

/// Wat `/readyz` vraagt.
pub(crate) fn probes(app: &Data<App>) -> Probes {
    let (store, keys) = (app.clone(), app.clone());
    vec![
        (
            "opslag",
            Box::new(move || {
                let app = store.clone();
                Box::pin(async move { app.store.ping().await.map_err(|_| "niet bereikbaar".to_owned()) })
            }),
        ),
        (
            "sleutels",
            Box::new(move || {
                let app = keys.clone();
                Box::pin(async move {
                    let current = app.keys.current(&app.store, app.clock.now()).await.map_err(|_| "niet te openen".to_owned())?;
                    current.active().map(drop).ok_or_else(|| "geen actieve ondertekensleutel".to_owned())
                })
            }),
        ),
    ]
}

/// Maakt een nieuwe gegevensmap alleen toegankelijk voor de eigenaar; een bestaande blijft zoals de beheerder haar zette.
fn private_dir(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Maakt een bestand alleen leesbaar voor de eigenaar.
pub(crate) fn owner_only(path: &Path) -> Result<(), Stop> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        .map_err(|cause| Stop::fault(format!("De rechten van {} zijn niet te zetten ({cause}).", path.display())))
}

/// Wacht op iets asynchroons in een opdracht zonder server.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Stop::fault(format!("Het programma kan niet starten ({cause}); controleer de grenzen van dit proces.")))?;
    Ok(runtime.block_on(work))
}
