//! `bootstrap`: NIPV en de eerste beheerder, eenmaal en alleen in een lege opslag.

use std::process::ExitCode;

use crate::config::Config;
use crate::foundation::{self, Beheerder};
use crate::{Stop, output, system, wiring};

/// De eerste beheerder, zoals op de opdrachtregel gegeven.
#[derive(Debug)]
pub(super) struct First {
    pub(super) naam: String,
    pub(super) email: String,
    pub(super) uitgever: String,
    pub(super) sub: Option<String>,
}

pub(super) fn run(config: &Config, first: &First) -> Result<ExitCode, Stop> {
    let Some(issuer) = config.trusted_issuers.iter().find(|issuer| issuer.issuer_text == first.uitgever) else {
        return Err(Stop::config(format!(
            "De uitgever {} staat niet in `trusted_issuers`; voeg haar daar toe, letter voor letter gelijk, en voer bootstrap dan opnieuw uit.",
            first.uitgever
        )));
    };
    if first.sub.is_none() && !issuer.link_by_email {
        return Err(Stop::config(format!(
            "Geef `--sub` (de sub van deze persoon bij {}), of zet `link_by_email` bij die uitgever aan zodat het e-mailadres bij de eerste aanmelding koppelt.",
            issuer.name
        )));
    }
    let store = wiring::open_store(config, &wiring::master(config)?)?;
    store.migrate().map_err(|cause| wiring::store_stop(&cause))?;
    let beheerder = Beheerder { naam: first.naam.clone(), email: first.email.clone(), issuer: first.uitgever.clone(), sub: first.sub.clone() };
    let (nipv, lfb) = wiring::block_on(foundation::lay(&store, &system::clock(), &system::rng(), &beheerder))??;
    output::line(format!("{} ({}) en {} ({}, rol lfb) zijn aangemaakt.", nipv.naam, nipv.id, lfb.naam, lfb.id));
    output::line(format!("Deze persoon komt binnen met een token van {} en meervoudige authenticatie.", first.uitgever));
    Ok(ExitCode::SUCCESS)
}
