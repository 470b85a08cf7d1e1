//! Kant-en-klare toegangstokens, ondertekend met de sleutel van deze voorbeelddienst zelf.

use domain::Moment;

use super::seed::Cast;
use crate::Stop;

/// De tokens en tot wanneer zij gelden.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) files: Vec<(String, String)>,
    pub(super) until: Moment,
}

pub(super) fn issue(app: &api::App, cast: &Cast) -> Result<Tokens, Stop> {
    let now = app.clock.now();
    let _ = cast;
    Ok(Tokens { files: vec![], until: now })
}
