//! `migrate`: de database naar de versie van dit programma.

use std::process::ExitCode;

use crate::config::Config;
use crate::{Stop, output, wiring};

pub(super) fn run(config: &Config) -> Result<ExitCode, Stop> {
    let store = wiring::open_store(config, &wiring::master(config)?)?;
    let done = store.migrate().map_err(|cause| wiring::store_stop(&cause))?;
    output::line(match done {
        0 => "De database was al bij.".to_owned(),
        1 => "Er is 1 migratie uitgevoerd.".to_owned(),
        more => format!("Er zijn {more} migraties uitgevoerd."),
    });
    Ok(ExitCode::SUCCESS)
}
