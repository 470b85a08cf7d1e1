//! Van token naar persoon of toepassing.

use domain::Moment;

use super::caller::Beller;
use super::challenge;
use crate::app::App;
use crate::middleware::Trace;
use crate::problem::Problem;

/// Uitgevers buiten deze dienst.
#[derive(Debug, Default)]
pub struct Issuers;

pub(crate) async fn resolve(_app: &App, _token: &str, _now: Moment, _trace: Trace) -> Result<Beller, Problem> {
    Err(challenge::invalid("nog niet"))
}
