//! De schema's om invoer mee te keuren, elk als tekst: een operatie heeft er maar enkele nodig, en pas bij haar eerste verzoek.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::schemas;

/// De schema's van het document, streng: een veld dat het document niet kent, is een fout.
pub(crate) struct Components(BTreeMap<String, Box<str>>);

impl Components {
    pub(crate) fn of(document: &Value) -> Self {
        let found = document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten();
        Self(found.map(|(name, schema)| (name.clone(), schemas::strict(schema.clone()).to_string().into_boxed_str())).collect())
    }

    fn get(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.0.get(name)?).ok()
    }

    /// Volgt verwijzingen tot een echt schema.
    pub(crate) fn resolve(&self, schema: &Value) -> Value {
        let mut current = schema.clone();
        for _ in 0..8 {
            let Some(next) = schemas::reference(&current).and_then(|name| self.get(name)) else { break };
            current = next;
        }
        current
    }

    /// Wat vanuit een schema te bereiken is.
    pub(crate) fn reachable(&self, schema: &Value) -> Value {
        schemas::reachable(schema, |name| self.get(name).map(Cow::Owned))
    }
}
