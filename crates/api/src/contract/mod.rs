//! Het contract: het OpenAPI-document uit de handlers, en de keuring van invoer tegen datzelfde document.

mod check;
mod components;
mod document;
mod messages;
mod operation;
mod responses;
mod schemas;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use actix_web::web::Bytes;
use serde_json::Value;

use components::Components;
pub use operation::Operation;
pub(crate) use operation::{Found, Router};

/// De basis-URL in het vastgelegde document.
pub const EXAMPLE_BASE_URL: &str = "https://aansluitloket.example";

/// Het vastgelegde document, zoals het bij dit programma hoort; een proef bewijst dat het is wat de code zegt.
const SHIPPED: &str = include_str!("../../../../openapi/openapi.json");

/// Waar het document vandaan komt. Als boom kost het tien keer zoveel geheugen als tekst, en na de start vraagt bijna niemand erom.
enum Document {
    /// Uit de handlers gemaakt, als JSON.
    Built(Vec<u8>),
    /// Het vastgelegde document, voor deze basis-URL.
    Shipped(String),
}

/// Het document en alles wat eruit volgt.
pub struct Contract {
    document: Document,
    bytes: OnceLock<Bytes>,
    router: Router,
}

impl Document {
    /// Zonder wie wat mag, als het uit de handlers komt.
    fn tree(&self) -> Value {
        match self {
            Self::Built(plain) => serde_json::from_slice(plain).unwrap_or_default(),
            Self::Shipped(base_url) => {
                let mut tree = serde_json::from_str(SHIPPED).unwrap_or_default();
                document::place(&mut tree, base_url);
                tree
            }
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Built(_) => document::with_roles(&self.tree()),
            Self::Shipped(_) => self.tree(),
        }
    }
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
        let tree = document::build(base_url, routes)?;
        let plain = serde_json::to_vec(&tree).map_err(|cause| cause.to_string())?;
        Self::from_tree(Document::Built(plain), &tree)
    }

    /// Het vastgelegde document, voor deze basis-URL. Dat scheelt bij de start het beschrijven van alle operaties: tijd,
    /// geheugen, en bladzijden van het programma die daarna niemand meer nodig heeft.
    ///
    /// # Errors
    /// Als het vastgelegde document niet te lezen is; dat is een fout in het programma.
    pub fn shipped(base_url: &str) -> Result<Self, String> {
        let document = Document::Shipped(base_url.to_owned());
        let tree = document.tree();
        Self::from_tree(document, &tree)
    }

    fn from_tree(document: Document, tree: &Value) -> Result<Self, String> {
        let components = Arc::new(Components::of(tree));
        Ok(Self { document, bytes: OnceLock::new(), router: Router::new(tree, &components)? })
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
        self.document.value()
    }

    /// Het document zoals het wordt geserveerd; de eerste keer duurt dat even.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.bytes.get_or_init(|| serde_json::to_vec(&self.value()).unwrap_or_default().into()).clone()
    }

    /// Eén schema uit het document, met alles waar het naar verwijst, om los te publiceren.
    #[must_use]
    pub fn schema(&self, name: &str) -> Option<Value> {
        let tree = self.document.tree();
        let components = tree.pointer("/components/schemas")?;
        let mut schema = components.get(name)?.as_object()?.clone();
        schema.insert("$schema".to_owned(), Value::from("https://json-schema.org/draft/2020-12/schema"));
        let used = schemas::reachable(components.get(name)?, |name| components.get(name).map(Cow::Borrowed));
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
