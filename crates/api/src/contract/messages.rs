//! Wat er mis is, in het Nederlands; nooit met de waarde van de aanroeper erin.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::problem::Veldfout;

/// Zet één fout van de keuring om; een onbekend of ontbrekend veld wijst naar dat veld zelf.
pub(crate) fn describe(error: &ValidationError<'_>, errors: &mut Vec<Veldfout>) {
    let at = error.instance_path().to_string();
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            errors.push(Veldfout::body(child(&at, name), "verplicht", "is verplicht"));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                errors.push(Veldfout::body(child(&at, name), "onbekend", "is een onbekend veld"));
            }
        }
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            // Als maar één vorm het juiste type heeft, zijn dat de fouten die de aanroeper verder helpen.
            let mut close = context.iter().filter(|branch| !branch.iter().any(|error| wrong_shape(error)));
            match (close.next(), close.next()) {
                (Some(branch), None) => branch.iter().for_each(|error| describe(error, errors)),
                _ => errors.push(Veldfout::body(at, "vorm", "past bij geen van de toegestane vormen")),
            }
        }
        kind => {
            let (code, detail) = text(kind);
            errors.push(Veldfout::body(at, code, detail));
        }
    }
}

fn wrong_shape(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), Kind::Type { .. } | Kind::Constant { .. } | Kind::Enum { .. })
}

fn child(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn text(kind: &Kind) -> (&'static str, String) {
    match kind {
        Kind::Type { kind } => ("type", format!("moet {} zijn", kind_name(kind))),
        Kind::Enum { options } => ("keuze", format!("moet een van deze waarden zijn: {}", choices(options))),
        Kind::Constant { expected_value } => ("keuze", format!("moet {expected_value} zijn")),
        Kind::Format { format } => ("formaat", format!("moet {} zijn", format_name(format))),
        Kind::Pattern { pattern } => ("patroon", format!("heeft niet de juiste vorm (patroon {pattern})")),
        Kind::MinLength { limit: 1 } => ("te-kort", "mag niet leeg zijn".to_owned()),
        Kind::MinLength { limit } => ("te-kort", format!("moet ten minste {limit} tekens hebben")),
        Kind::MaxLength { limit } => ("te-lang", format!("mag ten hoogste {limit} tekens hebben")),
        Kind::Minimum { limit } => ("te-klein", format!("moet ten minste {limit} zijn")),
        Kind::ExclusiveMinimum { limit } => ("te-klein", format!("moet groter dan {limit} zijn")),
        Kind::Maximum { limit } => ("te-groot", format!("mag ten hoogste {limit} zijn")),
        Kind::ExclusiveMaximum { limit } => ("te-groot", format!("moet kleiner dan {limit} zijn")),
        Kind::MinItems { limit } => ("te-weinig", format!("moet ten minste {limit} regels hebben")),
        Kind::MaxItems { limit } => ("te-veel", format!("mag ten hoogste {limit} regels hebben")),
        Kind::MinProperties { limit } => ("te-weinig", format!("moet ten minste {limit} velden hebben")),
        Kind::MaxProperties { limit } => ("te-veel", format!("mag ten hoogste {limit} velden hebben")),
        Kind::UniqueItems => ("dubbel", "mag geen dubbele regels hebben".to_owned()),
        _ => ("vorm", "past niet bij de beschrijving in de documentatie".to_owned()),
    }
}

fn choices(options: &Value) -> String {
    let values = options.as_array().into_iter().flatten();
    let names: Vec<_> = values.map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)).collect();
    names.join(", ")
}

fn kind_name(kind: &TypeKind) -> &'static str {
    let TypeKind::Single(kind) = kind else { return "van een ander type" };
    match kind.to_string().as_str() {
        "string" => "tekst",
        "integer" => "een geheel getal",
        "number" => "een getal",
        "boolean" => "true of false",
        "array" => "een lijst",
        "object" => "een object",
        _ => "null",
    }
}

fn format_name(format: &str) -> &str {
    match format {
        "date" => "een datum zoals 2026-03-01",
        "date-time" => "een tijdstip met zone zoals 2026-03-01T09:30:00Z",
        "uuid" => "een UUID",
        "email" => "een e-mailadres",
        "uri" | "uri-reference" => "een adres (URL)",
        other => other,
    }
}

/// Of er een besturingsteken in deze tekst staat dat geen tab of regeleinde is: geldig in JSON, maar NUL past niet in een
/// tekstkolom, en geen ervan is ergens te tonen.
fn has_control(text: &str) -> bool {
    text.chars().any(|teken| teken.is_control() && !matches!(teken, '\t' | '\n' | '\r'))
}

/// Wijst elke tekst met zo'n besturingsteken aan.
pub(crate) fn control(value: &Value, at: &mut String, errors: &mut Vec<Veldfout>) {
    let refuse = |at: &str| Veldfout::body(at, "teken", "bevat een besturingsteken; alleen een tab en een regeleinde zijn toegestaan");
    match value {
        Value::String(text) if has_control(text) => errors.push(refuse(at)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let length = at.len();
                at.push_str(&format!("/{index}"));
                control(item, at, errors);
                at.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                let length = at.len();
                *at = child(at, name);
                if has_control(name) {
                    errors.push(refuse(at));
                }
                control(item, at, errors);
                at.truncate(length);
            }
        }
        _ => {}
    }
}
