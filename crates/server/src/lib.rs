//! De bedrading van Aansluitloket: configuratie, logboek, werkers en opdrachten rond de kamers `api`, `store`,
//! `provider` en `federation`. Regels van het domein staan hier niet.

mod access;
mod admin;
mod assertion;
mod commands;
mod foundation;
mod metering;
mod output;
mod requests;
mod serving;
mod stop;
mod wiring;
mod workers;

pub mod config;
pub mod demo;
pub mod logging;
mod mail;
pub mod proxies;
pub mod system;
pub mod telemetry;

pub use commands::run;
pub use stop::Stop;
