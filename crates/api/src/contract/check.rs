//! Keuring tegen een JSON-schema: alle fouten tegelijk.

use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::components::Components;
use super::messages;
use crate::problem::Veldfout;

/// Stelt een schema op dat naar `#/components/schemas/...` mag verwijzen.
pub(crate) fn compile(schema: &Value, components: &Components) -> Option<Validator> {
    let mut root = schema.as_object().cloned()?;
    root.insert("components".to_owned(), json!({ "schemas": components.reachable(schema) }));
    let built = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_format("date-time", date_time)
        .build(&Value::Object(root));
    match built {
        Ok(validator) => Some(validator),
        Err(cause) => {
            tracing::error!(%cause, "schema uit het document klopt niet");
            None
        }
    }
}

/// RFC 3339 én ISO 8601: hoofdletters T en Z, en niet de onbekende zone -00:00.
fn date_time(text: &str) -> bool {
    let upper = !text.contains(['t', 'z', ' ']) && text.contains('T');
    upper && !text.ends_with("-00:00") && chrono::DateTime::parse_from_rfc3339(text).is_ok()
}

/// Alle fouten in een lichaam.
pub(crate) fn body(validator: Option<&Validator>, value: &Value) -> Vec<Veldfout> {
    let Some(validator) = validator else {
        return vec![Veldfout::body("", "vorm", "kan niet worden gekeurd; meld dit aan de beheerder")];
    };
    let mut errors = Vec::new();
    if !validator.is_valid(value) {
        for error in validator.iter_errors(value) {
            messages::describe(&error, &mut errors);
        }
    }
    messages::control(value, &mut String::new(), &mut errors);
    errors
}

/// Eén sleutel van de query.
pub(crate) struct QueryRule {
    pub(crate) name: String,
    pub(crate) required: bool,
    many: bool,
    kind: String,
    schema: Value,
    components: Arc<Components>,
    /// Pas bij het eerste gebruik opgesteld: het starten van de dienst wacht er niet op.
    validator: OnceLock<Option<Validator>>,
}

impl QueryRule {
    pub(crate) fn read(parameter: &Value, components: &Arc<Components>) -> Option<Self> {
        if parameter.get("in")?.as_str()? != "query" {
            return None;
        }
        let schema = parameter.get("schema")?;
        let resolved = components.resolve(schema);
        let many = resolved.get("type").and_then(Value::as_str) == Some("array");
        let item = if many { components.resolve(resolved.get("items")?) } else { resolved };
        Some(Self {
            name: parameter.get("name")?.as_str()?.to_owned(),
            required: parameter.get("required").and_then(Value::as_bool).unwrap_or(false),
            many,
            kind: item.get("type").and_then(Value::as_str).unwrap_or("string").to_owned(),
            schema: schema.clone(),
            components: Arc::clone(components),
            validator: OnceLock::new(),
        })
    }

    /// Tekst uit de query als waarde van het type in het schema; wat niet past blijft tekst en valt bij de keuring op.
    fn typed(&self, text: &str) -> Value {
        let typed = match self.kind.as_str() {
            "integer" => text.parse::<i64>().ok().map(Value::from),
            "number" => text.parse::<f64>().ok().map(Value::from),
            "boolean" => text.parse::<bool>().ok().map(Value::from),
            _ => None,
        };
        typed.unwrap_or_else(|| Value::from(text))
    }

    fn check(&self, value: &Value, errors: &mut Vec<Veldfout>) {
        let validator = self.validator.get_or_init(|| compile(&self.schema, &self.components));
        let mut found = body(validator.as_ref(), value);
        for error in &mut found {
            error.plaats = "query";
            error.location.clone_from(&self.name);
        }
        errors.append(&mut found);
    }
}

/// Keurt een hele query.
pub(crate) fn query(rules: &[QueryRule], query: &str) -> Result<Value, Vec<Veldfout>> {
    let mut values = Map::new();
    let mut errors = Vec::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let Some(rule) = rules.iter().find(|rule| rule.name == name) else {
            let known: Vec<_> = rules.iter().map(|rule| rule.name.as_str()).collect();
            let detail = if known.is_empty() {
                "is onbekend; deze operatie kent geen sleutels in de query".to_owned()
            } else {
                format!("is onbekend; bekend zijn: {}", known.join(", "))
            };
            errors.push(Veldfout::query(name.into_owned(), "onbekend", detail));
            continue;
        };
        match (rule.many, values.get_mut(&rule.name)) {
            (true, Some(Value::Array(items))) => items.push(rule.typed(&text)),
            (true, _) => drop(values.insert(rule.name.clone(), json!([rule.typed(&text)]))),
            (false, Some(_)) => errors.push(Veldfout::query(rule.name.clone(), "dubbel", "mag maar één keer voorkomen")),
            (false, None) => drop(values.insert(rule.name.clone(), rule.typed(&text))),
        }
    }
    for rule in rules {
        match values.get(&rule.name) {
            Some(value) => rule.check(value, &mut errors),
            None if rule.required => errors.push(Veldfout::query(rule.name.clone(), "verplicht", "is verplicht")),
            None => {}
        }
    }
    if errors.is_empty() { Ok(Value::Object(values)) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::date_time;

    #[test]
    fn een_tijdstip_heeft_een_zone_en_hoofdletters() {
        for good in ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.5+01:00"] {
            assert!(date_time(good), "{good}");
        }
        for bad in ["2026-03-01t12:00:00Z", "2026-03-01T12:00:00z", "2026-03-01T12:00:00-00:00", "2026-03-01 12:00:00Z", "2026-03-01T12:00:00"] {
            assert!(!date_time(bad), "{bad}");
        }
    }
}
