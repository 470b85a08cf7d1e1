//! Het programma `aansluitloket`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

#[global_allocator]
static GEHEUGEN: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    server::run(std::env::args_os())
}
