//! Referentiegegevens van NIPV: sectoren, aansluitvormen en stappenplannen.

mod lijsten;
mod stappenplannen;

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    lijsten::routes(cfg);
    stappenplannen::routes(cfg);
}
