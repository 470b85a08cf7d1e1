//! Leert utoipa onze typenamen en toetst het beleid aan zijn schema: een beleid dat niet klopt, bouwt niet.
#![allow(clippy::print_stdout, clippy::allow_attributes, reason = "een bouwscript spreekt met cargo via standaarduitvoer")]

use std::str::FromStr;

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=policies");
    utoipa_config::Config::new().alias_for("Id", "Uuid").alias_for("Moment", "DateTime<Utc>").alias_for("Datum", "NaiveDate").write_to_file();
    let (schema, _) = Schema::from_cedarschema_str(&std::fs::read_to_string("policies/aansluitloket.cedarschema")?)?;
    let beleid = PolicySet::from_str(&std::fs::read_to_string("policies/aansluitloket.cedar")?)?;
    let uitkomst = Validator::new(schema).validate(&beleid, ValidationMode::default());
    if !uitkomst.validation_passed() {
        let fouten: Vec<String> = uitkomst.validation_errors().map(ToString::to_string).collect();
        return Err(fouten.join("\n").into());
    }
    Ok(())
}
