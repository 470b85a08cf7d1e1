//! Het contract: het OpenAPI-document uit de handlers, en de keuring van invoer tegen datzelfde document.

mod check;
mod document;
mod messages;
mod operation;
mod responses;
mod schemas;

use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use actix_web::web::Bytes;
use serde_json::Value;

pub use operation::Operation;
pub(crate) use operation::{Found, Router};

/// De basis-URL in het vastgelegde document.
pub const EXAMPLE_BASE_URL: &str = "https://aansluitloket.example";

/// Het document en alles wat eruit volgt.
pub struct Contract {
    /// Het document als JSON: als boom kost het tien keer zoveel geheugen, en daarna vraagt bijna niemand erom.
    plain: Vec<u8>,
    bytes: OnceLock<Bytes>,
    router: Router,
}

impl std::fmt::Debug for Contract {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contract")
    }
}

impl Contract {
    /// Bouwt het document van alle routes voor deze basis-URL (zonder pad).
    ///
    /// # Errors
    /// Als een route iets belooft dat niet kan: dubbele operationId, twee routes voor één adres, een scope die niet bestaat.
    pub fn build(base_url: &str) -> Result<Self, String> {
        Self::of(base_url, crate::routes)
    }

    /// Als [`Contract::build`], voor deze routes.
    ///
    /// # Errors
    /// Als [`Contract::build`].
    pub fn of(base_url: &str, routes: crate::Routes) -> Result<Self, String> {
        let document = document::build(base_url, routes)?;
        let components = Arc::new(schemas::strict(&document));
        let router = Router::new(&document, &components)?;
        let plain = serde_json::to_vec(&document).map_err(|cause| cause.to_string())?;
        Ok(Self { plain, bytes: OnceLock::new(), router })
    }

    /// Het document als JSON, leesbaar opgemaakt, zoals het in `openapi/openapi.json` staat.
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.value()).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Het document als waarde.
    #[must_use]
    pub fn value(&self) -> Value {
        document::with_roles(&self.tree())
    }

    fn tree(&self) -> Value {
        serde_json::from_slice(&self.plain).unwrap_or_default()
    }

    /// Het document zoals het wordt geserveerd; de eerste keer duurt dat even.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.bytes.get_or_init(|| serde_json::to_vec(&self.value()).unwrap_or_default().into()).clone()
    }

    /// Eén schema uit het document, met alles waar het naar verwijst, om los te publiceren.
    #[must_use]
    pub fn schema(&self, name: &str) -> Option<Value> {
        let tree = self.tree();
        let components = tree.pointer("/components/schemas")?;
        let mut schema = components.get(name)?.as_object()?.clone();
        schema.insert("$schema".to_owned(), Value::from("https://json-schema.org/draft/2020-12/schema"));
        let used = schemas::reachable(components.get(name)?, components);
        schema.insert("components".to_owned(), serde_json::json!({ "schemas": used }));
        Some(Value::Object(schema))
    }

    /// Alle operaties.
    pub fn operations(&self) -> impl Iterator<Item = &Arc<Operation>> {
        self.router.operations.iter()
    }

    pub(crate) fn find(&self, method: &Method, path: &str) -> Found<'_> {
        self.router.find(method, path)
    }
}
