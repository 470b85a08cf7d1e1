//! Operaties uit het document, en het vinden van een operatie bij methode en pad zonder geheugen te vragen.

use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use jsonschema::Validator;
use metrics::{Counter, Histogram};
use serde_json::Value;

use super::check::{self, QueryRule};
use super::components::Components;
use crate::problem::Veldfout;

/// Eén operatie uit het document.
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// HTTP-methode.
    pub method: Method,
    /// Pad in het document, dus onder `/v1`.
    pub path: String,
    /// Scopes die het token alle moet hebben.
    pub scopes: Vec<String>,
    /// Of een token nodig is.
    pub secured: bool,
    /// De handeling in het beleid (`x-actie`).
    pub actie: Option<String>,
    /// Hoe oud de aanmelding van een persoon mag zijn, in seconden (`x-max-age`).
    pub max_age: Option<i64>,
    /// Grootste lichaam in bytes, als deze operatie een eigen grens heeft (`x-max-body`).
    pub max_body: Option<usize>,
    /// Mediatypen van het antwoord.
    pub produces: Vec<String>,
    /// Mediatypen van het lichaam; leeg als er geen lichaam is.
    pub consumes: Vec<String>,
    /// Of het lichaam er moet zijn.
    pub body_required: bool,
    query: Vec<QueryRule>,
    body_schema: Value,
    body_validator: OnceLock<Option<Validator>>,
    components: Arc<Components>,
    duration: OnceLock<Histogram>,
    succeeded: OnceLock<Counter>,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Operation({} {} {})", self.id, self.method, self.path)
    }
}

impl Operation {
    fn read(path: &str, method: Method, operation: &Value, components: &Arc<Components>) -> Self {
        let text = |pointer: &str| operation.pointer(pointer).and_then(Value::as_str).map(ToOwned::to_owned);
        let security = operation.get("security").and_then(Value::as_array);
        let schemes = || security.into_iter().flatten().filter_map(Value::as_object).flatten();
        let scopes = schemes().filter_map(|(_, scopes)| scopes.as_array()).flatten().filter_map(Value::as_str);
        let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        Self {
            id: text("/operationId").unwrap_or_default(),
            method,
            path: path.to_owned(),
            scopes: scopes.map(ToOwned::to_owned).collect(),
            secured: schemes().next().is_some(),
            actie: text("/x-actie"),
            max_age: operation.get("x-max-age").and_then(Value::as_i64),
            max_body: operation.get("x-max-body").and_then(Value::as_u64).and_then(|bytes| usize::try_from(bytes).ok()),
            produces: produces(operation),
            consumes: content.into_iter().flatten().map(|(kind, _)| kind.clone()).collect(),
            body_required: operation.pointer("/requestBody/required").and_then(Value::as_bool).unwrap_or(false),
            query: parameters.filter_map(|parameter| QueryRule::read(parameter, components)).collect(),
            body_schema: content.and_then(|content| content.values().next()).and_then(|media| media.get("schema")).cloned().unwrap_or(Value::Null),
            body_validator: OnceLock::new(),
            components: Arc::clone(components),
            duration: OnceLock::new(),
            succeeded: OnceLock::new(),
        }
    }

    /// Keurt de query; geeft de waarden met hun type, of alle fouten.
    ///
    /// # Errors
    /// Elke onbekende, dubbele, ontbrekende of verkeerde sleutel.
    pub fn check_query(&self, query: &str) -> Result<Value, Vec<Veldfout>> {
        if query.is_empty() && self.query.iter().all(|rule| !rule.required) {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        check::query(&self.query, query)
    }

    /// Keurt het lichaam en noemt alle fouten.
    #[must_use]
    pub fn check_body(&self, value: &Value) -> Vec<Veldfout> {
        let validator = self.body_validator.get_or_init(|| check::compile(&self.body_schema, &self.components));
        check::body(validator.as_ref(), value)
    }

    /// Telt een afgehandeld verzoek.
    pub(crate) fn measure(&self, status: u16, seconds: f64) {
        let duration = self.duration.get_or_init(|| metrics::histogram!("aansluitloket_operatie_duur_seconds", "operatie" => self.id.clone()));
        duration.record(seconds);
        if status == 200 {
            self.succeeded.get_or_init(|| self.counter(200)).increment(1);
        } else {
            self.counter(status).increment(1);
        }
    }

    fn counter(&self, status: u16) -> Counter {
        metrics::counter!("aansluitloket_operatie_verzoeken_total", "operatie" => self.id.clone(), "status" => status.to_string())
    }
}

fn produces(operation: &Value) -> Vec<String> {
    let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    let success = responses.filter(|(status, _)| status.starts_with('2'));
    let kinds = success.filter_map(|(_, response)| response.get("content")?.as_object()).flatten();
    let mut kinds: Vec<_> = kinds.map(|(kind, _)| kind.clone()).collect();
    kinds.dedup();
    kinds
}

/// Wat er op een adres staat.
pub(crate) enum Found<'a> {
    Operation(&'a Arc<Operation>),
    /// Het adres bestaat, de methode niet; met de waarde voor `Allow`.
    OtherMethod(String),
    Nothing,
}

#[derive(Default)]
struct Node {
    fixed: Vec<(String, Node)>,
    variable: Option<Box<Node>>,
    operations: Vec<Arc<Operation>>,
}

/// De paden van het document als boom.
pub(crate) struct Router {
    root: Node,
    pub(crate) operations: Vec<Arc<Operation>>,
}

impl Router {
    pub(crate) fn new(document: &Value, components: &Arc<Components>) -> Result<Self, String> {
        let mut router = Self { root: Node::default(), operations: Vec::new() };
        let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        for (path, item) in paths {
            for (name, operation) in item.as_object().into_iter().flatten() {
                let Ok(method) = Method::from_bytes(name.to_ascii_uppercase().as_bytes()) else { continue };
                let operation = Arc::new(Operation::read(path, method, operation, components));
                router.root.insert(path.trim_start_matches('/'), &operation)?;
                router.operations.push(operation);
            }
        }
        Ok(router)
    }

    pub(crate) fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let Some(path) = path.strip_prefix("/v1/") else { return Found::Nothing };
        let mut allow = Vec::new();
        if let Some(operation) = self.root.find(method, path, &mut allow) {
            return Found::Operation(operation);
        }
        if allow.is_empty() {
            return Found::Nothing;
        }
        if allow.contains(&"GET") {
            allow.push("HEAD");
        }
        allow.sort_unstable();
        allow.dedup();
        Found::OtherMethod(allow.join(", "))
    }
}

impl Node {
    fn insert(&mut self, path: &str, operation: &Arc<Operation>) -> Result<(), String> {
        let (segment, rest) = match path.split_once('/') {
            Some((segment, rest)) => (segment, Some(rest)),
            None => (path, None),
        };
        let node = if segment.starts_with('{') {
            &mut **self.variable.get_or_insert_default()
        } else {
            let index = self.fixed.iter().position(|(name, _)| name == segment).unwrap_or_else(|| {
                self.fixed.push((segment.to_owned(), Self::default()));
                self.fixed.len() - 1
            });
            match self.fixed.get_mut(index) {
                Some((_, node)) => node,
                None => return Err(format!("pad {} past niet", operation.path)),
            }
        };
        if let Some(rest) = rest {
            return node.insert(rest, operation);
        }
        if node.operations.iter().any(|other| other.method == operation.method) {
            return Err(format!("twee operaties op {} {}", operation.method, operation.path));
        }
        node.operations.push(Arc::clone(operation));
        Ok(())
    }

    fn find<'a>(&'a self, method: &Method, path: &str, allow: &mut Vec<&'a str>) -> Option<&'a Arc<Operation>> {
        let (segment, rest) = match path.split_once('/') {
            Some((segment, rest)) => (segment, Some(rest)),
            None => (path, None),
        };
        if segment.is_empty() {
            return None;
        }
        let fixed = self.fixed.iter().find(|(name, _)| name == segment).map(|(_, node)| node);
        for node in fixed.into_iter().chain(self.variable.as_deref()) {
            let found = match rest {
                Some(rest) => node.find(method, rest, allow),
                None => node.operations.iter().find(|operation| operation.method == *method),
            };
            if found.is_some() {
                return found;
            }
            if rest.is_none() && !node.operations.is_empty() {
                // Een letterlijk adres gaat voor een adres met een id: `_zoek` is geen persoon.
                allow.extend(node.operations.iter().map(|operation| operation.method.as_str()));
                return None;
            }
        }
        None
    }
}
