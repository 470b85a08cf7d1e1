//! `config`: het geannoteerde voorbeeld, of een controle van de eigen configuratie.

use std::process::ExitCode;

use crate::config::{EXAMPLE, Source, load};
use crate::{Stop, output};

pub(super) fn run(check: bool, source: &Source) -> Result<ExitCode, Stop> {
    if check {
        load(source)?;
        output::line("De configuratie klopt.");
    } else {
        output::line(EXAMPLE.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
