//! `audit verify`: de hele keten narekenen.

use std::process::ExitCode;

use crate::config::Config;
use crate::{Stop, output, system, wiring};

pub(super) fn run(config: &Config) -> Result<ExitCode, Stop> {
    let store = wiring::open_store(config, &wiring::master(config)?)?;
    store.require_current().map_err(|cause| wiring::store_stop(&cause))?;
    let verdict = wiring::block_on(async {
        // Wat bevestigd is maar nog niet verzegeld (na een harde stop) hoort er ook bij.
        store.seal(system::clock().now()).await?;
        store.verify_audit().await
    })?
    .map_err(|cause| wiring::store_stop(&cause))?;
    if verdict.bevindingen.is_empty() {
        output::line(format!("De auditketen is heel: {} regels.", verdict.regels));
        return Ok(ExitCode::SUCCESS);
    }
    for finding in &verdict.bevindingen {
        output::line(format!("fout    {finding}"));
    }
    output::line("Bewaar de database en de kopieën, wijzig niets, en volg uw procedure voor beveiligingsincidenten.");
    Ok(ExitCode::FAILURE)
}
