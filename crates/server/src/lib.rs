//! De bedrading van Aansluitloket: configuratie, logboek, werkers en opdrachten rond de kamers `api`, `store`,
//! `provider` en `federation`. Regels van het domein staan hier niet.

mod admin;
mod metering;
mod output;
mod stop;

pub mod config;
pub mod logging;
pub mod proxies;
pub mod telemetry;

pub use stop::Stop;

/// Stub.
pub fn run(_a: impl IntoIterator<Item = std::ffi::OsString>) -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
