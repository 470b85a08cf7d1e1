//! Bouwt opnieuw als een migratie verandert: zij zitten in het programma.
#![allow(clippy::print_stdout, clippy::allow_attributes, reason = "een bouwscript spreekt met cargo via standaarduitvoer")]

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
