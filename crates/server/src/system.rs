//! De echte klok en het echte toeval; alleen hier komen zij binnen.

use chrono::Utc;
use domain::{Clock, Rng};

/// De klok van deze machine.
#[must_use]
pub fn clock() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "de ene plek waar de echte klok binnenkomt; verder is tijd een argument")]
    Clock::new(Utc::now)
}

/// Toeval van het besturingssysteem.
#[must_use]
pub fn rng() -> Rng {
    Rng::new(|buffer| {
        if aws_lc_rs::rand::fill(buffer).is_err() {
            // Zonder toeval is elk id en elke sleutel te raden: liever geen dienst.
            std::process::abort();
        }
    })
}
