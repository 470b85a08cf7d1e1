//! Bewerkingen op schema's: verwijzingen volgen, `null` weghalen, namen rechtzetten, onbekende velden weren.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const PREFIX: &str = "#/components/schemas/";

/// Naam van het schema waarnaar `value` rechtstreeks verwijst.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix(PREFIX)
}

/// Voert `act` uit op elk object in de boom, van binnen naar buiten.
pub(crate) fn walk(value: &mut Value, act: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, act)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|item| walk(item, act));
            act(fields);
        }
        _ => {}
    }
}

fn names(value: &Value, found: &mut BTreeSet<String>) {
    if let Some(name) = reference(value) {
        found.insert(name.to_owned());
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Object(fields) => fields.values().for_each(|item| names(item, found)),
        _ => {}
    }
}

/// Namen van alle schema's die vanuit `value` te bereiken zijn.
pub(crate) fn reachable_names<'a>(value: &Value, schema: impl Fn(&str) -> Option<Cow<'a, Value>>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    names(value, &mut seen);
    let mut queue: Vec<String> = seen.iter().cloned().collect();
    while let Some(name) = queue.pop() {
        let Some(found) = schema(&name) else { continue };
        let mut more = BTreeSet::new();
        names(&found, &mut more);
        for name in more {
            if seen.insert(name.clone()) {
                queue.push(name);
            }
        }
    }
    seen
}

/// De bereikbare schema's zelf.
pub(crate) fn reachable<'a>(value: &Value, schema: impl Fn(&str) -> Option<Cow<'a, Value>>) -> Value {
    let names = reachable_names(value, &schema);
    let found = names.into_iter().filter_map(|name| Some((name.clone(), schema(&name)?.into_owned())));
    Value::Object(found.collect())
}

/// Afwezig is iets anders dan null, en null komt in deze API niet voor: haalt `null` uit types en keuzes.
pub(crate) fn without_null(value: &mut Value) {
    walk(value, &mut |fields| {
        if let Some(Value::Array(kinds)) = fields.get_mut("type") {
            kinds.retain(|kind| kind != "null");
            if let [only] = kinds.as_slice() {
                let only = only.clone();
                fields.insert("type".to_owned(), only);
            }
        }
        for choice in ["oneOf", "anyOf"] {
            let Some(Value::Array(options)) = fields.get_mut(choice) else { continue };
            let before = options.len();
            options.retain(|option| option.get("type").and_then(Value::as_str) != Some("null"));
            if before > options.len() && options.len() == 1 {
                let Some(Value::Object(only)) = options.pop() else { continue };
                fields.remove(choice);
                for (name, item) in only {
                    fields.entry(name).or_insert(item);
                }
            }
        }
    });
}

/// `Lijst_Organisatie` heet in het document `OrganisatieLijst`.
pub(crate) fn rename_generics(document: &mut Value) {
    let rename = |name: &str| name.split('_').rev().collect::<String>();
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        *schemas = std::mem::take(schemas).into_iter().map(|(name, schema)| (rename(&name), schema)).collect();
    }
    walk(document, &mut |fields| {
        let Some(Value::String(target)) = fields.get_mut("$ref") else { return };
        if let Some(name) = target.strip_prefix(PREFIX) {
            *target = format!("{PREFIX}{}", rename(name));
        }
    });
}

/// Een lijst verwijst naar het schema van haar regels, in plaats van het nog eens uit te schrijven.
pub(crate) fn list_items(document: &mut Value) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    let lists: Vec<String> = schemas.keys().filter(|name| name.ends_with("Lijst")).cloned().collect();
    for list in lists {
        let item = list.trim_end_matches("Lijst").to_owned();
        let Some(slot) = schemas.get_mut(&list).and_then(|schema| schema.pointer_mut("/properties/items/items")) else { continue };
        if slot.get("$ref").is_some() {
            continue;
        }
        let written_out = std::mem::replace(slot, json!({ "$ref": format!("{PREFIX}{item}") }));
        schemas.entry(item).or_insert(written_out);
    }
}

/// Een id in een pad komt als verwijzing naar `String` uit de macro's (een bijnaam van een UUID); hier wordt het wat het is.
pub(crate) fn ids(document: &mut Value) {
    walk(document, &mut |fields| {
        if fields.get("$ref").and_then(Value::as_str) == Some("#/components/schemas/String") {
            fields.remove("$ref");
            fields.insert("type".to_owned(), json!("string"));
            fields.insert("format".to_owned(), json!("uuid"));
        }
    });
}

fn close(fields: &mut Map<String, Value>) {
    if fields.get("type").and_then(Value::as_str) == Some("object") && fields.contains_key("properties") {
        fields.entry("additionalProperties").or_insert(Value::Bool(false));
    }
}

/// Een schema zoals wij invoer keuren: een veld dat het document niet kent, is een fout.
pub(crate) fn strict(mut schema: Value) -> Value {
    walk(&mut schema, &mut |fields| {
        let composed = fields.get("allOf").is_some();
        if let Some(Value::Array(parts)) = fields.get_mut("allOf") {
            // Samengevoegde delen kennen elkaars velden niet; de som wordt gekeurd.
            for part in parts.iter_mut().filter_map(Value::as_object_mut) {
                part.remove("additionalProperties");
            }
        }
        if composed {
            fields.entry("unevaluatedProperties").or_insert(Value::Bool(false));
        } else {
            close(fields);
        }
    });
    schema
}

/// Sluit in het document de schema's die alleen als invoer dienen.
pub(crate) fn close_inputs(document: &mut Value) {
    let components = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let known = |name: &str| components.get(name).map(Cow::Borrowed);
    let (mut inputs, mut outputs) = (BTreeSet::new(), BTreeSet::new());
    for operation in super::document::operations(document) {
        inputs.extend(operation.get("requestBody").map(|body| reachable_names(body, known)).unwrap_or_default());
        outputs.extend(operation.get("responses").map(|found| reachable_names(found, known)).unwrap_or_default());
    }
    for name in inputs.difference(&outputs) {
        if let Some(Value::Object(schema)) = document.pointer_mut(&format!("/components/schemas/{name}")) {
            close(schema);
        }
    }
}

/// Laat alleen de schema's staan die ergens gebruikt worden.
pub(crate) fn drop_unused(document: &mut Value) {
    let components = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let known = |name: &str| components.get(name).map(Cow::Borrowed);
    let mut used = document.get("paths").map(|paths| reachable_names(paths, known)).unwrap_or_default();
    used.extend(document.pointer("/components/responses").map(|found| reachable_names(found, known)).unwrap_or_default());
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.retain(|name, _| used.contains(name));
    }
}
