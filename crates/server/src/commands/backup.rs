//! `backup` en `restore` voor SQLite; voor PostgreSQL zeggen zij hoe het moet.

use std::path::Path;
use std::process::ExitCode;

use store::StoreError;

use crate::config::Config;
use crate::{Stop, output, wiring};

pub(super) fn backup(config: &Config, out: &Path) -> Result<ExitCode, Stop> {
    if config.storage.database_url.is_some() {
        return Err(Stop::fault(
            "Deze dienst draait op PostgreSQL; maak de kopie met `pg_dump --format=custom --no-owner --file KOPIE.dump DATABASE` (zie docs/beheer.md).",
        ));
    }
    store::backup_sqlite(&config.storage.data_dir, out).map_err(|cause| failed("De reservekopie is niet gemaakt", &cause))?;
    wiring::owner_only(out)?;
    output::line(format!("De reservekopie staat in {}.", out.display()));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(config: &Config, from: &Path) -> Result<ExitCode, Stop> {
    if config.storage.database_url.is_some() {
        return Err(Stop::fault(
            "Deze dienst draait op PostgreSQL; zet de kopie terug met `pg_restore --exit-on-error --no-owner --dbname DATABASE KOPIE.dump` (zie docs/beheer.md).",
        ));
    }
    store::restore_sqlite(from, &config.storage.data_dir).map_err(|cause| failed("De kopie is niet teruggezet", &cause))?;
    output::line(format!("De kopie staat in {}. Controleer haar met `doctor` en `audit verify`, en start dan.", config.storage.data_dir.display()));
    Ok(ExitCode::SUCCESS)
}

fn failed(what: &str, cause: &StoreError) -> Stop {
    match cause {
        StoreError::Fault(why) => Stop::fault(format!("{what}: {why}.")),
        other => wiring::store_stop(other),
    }
}
