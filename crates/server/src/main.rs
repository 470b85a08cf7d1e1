//! Het programma `aansluitloket`.

use std::process::ExitCode;

use libmimalloc_sys::{mi_option_set_default, mi_option_t};
use mimalloc::MiMalloc;

#[global_allocator]
static GEHEUGEN: MiMalloc = MiMalloc;

/// `mi_option_purge_delay`: zoveel milliseconden houdt mimalloc vrijgekomen geheugen vast voor het aan het systeem teruggaat.
const PURGE_DELAY: mi_option_t = 15;

fn main() -> ExitCode {
    geef_geheugen_snel_terug();
    server::run(std::env::args_os())
}

/// Na tien milliseconden in plaats van een seconde: anders houdt de dienst na een drukke minuut een zesde van al haar geheugen
/// vast zonder het nodig te hebben. Wie `MIMALLOC_PURGE_DELAY` zet, kiest zelf.
#[expect(unsafe_code, reason = "mimalloc biedt haar instellingen alleen als C-functie aan")]
fn geef_geheugen_snel_terug() {
    // SAFETY: de functie zet een getal, neemt elke waarde aan en mag op elk moment, ook terwijl er geheugen wordt uitgedeeld.
    unsafe { mi_option_set_default(PURGE_DELAY, 10) }
}
