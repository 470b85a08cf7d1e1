//! Het document houdt zich aan de API Design Rules waar de linter niet kijkt.

#![cfg(test)]

use api::contract::{Contract, EXAMPLE_BASE_URL};
use serde_json::Value;

fn document() -> Value {
    Contract::build(EXAMPLE_BASE_URL).expect("het document klopt").value()
}

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let all = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().expect("pad").iter().map(move |(method, operation)| (path.clone(), method.clone(), operation.clone())));
    all.collect()
}

#[test]
fn het_vastgelegde_document_is_wat_de_code_zegt_op_ieder_adres() {
    for base_url in [EXAMPLE_BASE_URL, "https://loket.elders.example"] {
        let (vastgelegd, gemaakt) = (Contract::shipped(base_url).expect("het document klopt"), Contract::build(base_url).expect("het document klopt"));
        assert_eq!(vastgelegd.value(), gemaakt.value(), "maak openapi/openapi.json opnieuw: just openapi");
        let gelijk = |contract: &Contract| contract.operations().map(|operation| format!("{operation:?} {:?}", operation.scopes)).collect::<Vec<_>>();
        assert_eq!(gelijk(&vastgelegd), gelijk(&gemaakt));
    }
}

#[test]
fn elke_operatie_is_beschreven_en_zegt_wie_erbij_mag() {
    for (path, method, operation) in operations(&document()) {
        let text = |name: &str| operation[name].as_str().unwrap_or_default().to_owned();
        assert!(!text("summary").is_empty(), "{method} {path}: summary");
        assert!(text("description").contains("**Scopes:**") || text("description").contains("**Toegang:**"), "{method} {path}: toegang");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{method} {path}: tag");
        assert!(operation["security"].is_array(), "{method} {path}: security, ook als er geen token nodig is");
    }
}

#[test]
fn alleen_het_document_en_de_controlesleutels_zijn_zonder_token() {
    let open: Vec<_> = operations(&document())
        .into_iter()
        .filter(|(_, _, operation)| {
            operation["security"].as_array().is_some_and(|list| list.iter().all(|entry| entry.as_object().is_some_and(|entry| entry.is_empty())))
        })
        .map(|(path, _, _)| path)
        .collect();
    assert_eq!(open, ["/handtekeningsleutels", "/openapi.json"]);
}

#[test]
fn elke_status_is_uitgeschreven_en_elke_fout_is_een_probleem() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            assert!(status.parse::<u16>().is_ok(), "{method} {path}: {status}");
            assert_ne!(status, "422", "{method} {path}");
            let target = response["$ref"].as_str().and_then(|target| document.pointer(target.trim_start_matches('#')));
            let response = target.unwrap_or(response);
            assert!(response["headers"]["API-Version"].is_object(), "{method} {path} {status}: API-Version");
            if status.starts_with(['4', '5']) {
                assert!(response["content"]["application/problem+json"].is_object(), "{method} {path} {status}");
            }
        }
        for status in ["400", "406", "429", "500", "503"] {
            assert!(operation["responses"][status].is_object(), "{method} {path}: {status}");
        }
    }
}

#[test]
fn alleen_gewone_methoden_en_sleutels_in_camel_case() {
    for (path, method, operation) in operations(&document()) {
        assert!(["get", "post", "put", "patch", "delete"].contains(&method.as_str()), "{method} {path}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            if parameter["in"] == "query" {
                assert!(name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric()), "{method} {path}: {name}");
            }
        }
    }
}

#[test]
fn elk_lichaam_dat_een_operatie_leest_weert_onbekende_velden() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let Some(content) = operation["requestBody"]["content"].as_object() else { continue };
        // Een bestand is geen JSON; de handler kijkt naar de bytes.
        for media in content.iter().filter(|(kind, _)| kind.contains("json")).map(|(_, media)| media) {
            let reference = media["schema"]["$ref"].as_str().unwrap_or_else(|| panic!("{method} {path}: schema met een naam"));
            let schema = document.pointer(reference.trim_start_matches('#')).expect("schema");
            assert_eq!(schema["additionalProperties"], Value::Bool(false), "{method} {path}: {reference}");
        }
    }
}

#[test]
fn elke_keuring_uit_het_document_is_op_te_stellen() {
    let contract = Contract::build(EXAMPLE_BASE_URL).expect("het document klopt");
    for operation in contract.operations().filter(|operation| !operation.consumes.is_empty()) {
        let errors = operation.check_body(&Value::Bool(true));
        assert!(errors.iter().all(|error| !error.detail.contains("gekeurd")), "{operation:?}");
    }
}

#[test]
fn elk_veld_en_elke_sleutel_is_beschreven() {
    let document = document();
    let mut missing = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            if property["description"].as_str().unwrap_or_default().is_empty() && property["$ref"].is_null() {
                missing.push(format!("{name}.{field}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn elke_verwijzing_in_het_document_komt_uit() {
    fn walk(value: &Value, root: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(item, root)),
            Value::Object(fields) => {
                if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                    assert!(root.pointer(target.trim_start_matches('#')).is_some(), "{target}");
                }
                fields.values().for_each(|item| walk(item, root));
            }
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
}
