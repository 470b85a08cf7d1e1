//! Leert utoipa onze typenamen: `Id` is een UUID, `Moment` een tijdstip, `Datum` een dag.
#![allow(clippy::print_stdout, clippy::allow_attributes, reason = "een bouwscript spreekt met cargo via standaarduitvoer")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    utoipa_config::Config::new().alias_for("Id", "Uuid").alias_for("Moment", "DateTime<Utc>").alias_for("Datum", "NaiveDate").write_to_file();
}
