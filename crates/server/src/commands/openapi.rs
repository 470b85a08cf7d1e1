//! `openapi`: het document tonen, schrijven of vergelijken.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use api::contract::{Contract, EXAMPLE_BASE_URL};

use crate::{Stop, output};

pub(super) fn run(out: Option<&Path>, check: Option<&Path>) -> Result<ExitCode, Stop> {
    let document = Contract::build(EXAMPLE_BASE_URL)
        .map(|contract| contract.pretty())
        .map_err(|cause| Stop::fault(format!("Het OpenAPI-document is niet te maken ({cause}).")))?;
    if let Some(path) = out {
        fs::write(path, &document).map_err(|cause| Stop::fault(format!("{} is niet te schrijven ({cause}); kies een ander bestand.", path.display())))?;
        output::line(format!("Het document staat in {}.", path.display()));
    } else if let Some(path) = check {
        let known = fs::read_to_string(path).map_err(|cause| Stop::fault(format!("{} is niet te lezen ({cause}); controleer het pad.", path.display())))?;
        if known.trim_end() != document.trim_end() {
            let line = known.lines().zip(document.lines()).position(|(a, b)| a != b).unwrap_or_else(|| known.lines().count().min(document.lines().count())) + 1;
            return Err(Stop::fault(format!(
                "{} wijkt vanaf regel {line} af van dit programma; werk het bij met `aansluitloket openapi --out {}`.",
                path.display(),
                path.display()
            )));
        }
        output::line(format!("{} klopt met dit programma.", path.display()));
    } else {
        output::line(document.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
