//! De inrichting van het LCMS: teams, disciplines, functies en sjablonen.

mod onderdelen;
mod sjablonen;

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    onderdelen::routes(cfg);
    sjablonen::routes(cfg);
}
