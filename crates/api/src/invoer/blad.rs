//! Een blad van een lijst: `limit` en `cursor` in, `_links` en `Link` uit.

use std::future::Ready;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded;
use utoipa::IntoParams;

use super::{CursorKey, Verzoek, from_request};
use crate::antwoord::{Answer, Links, Verwijzing};
use crate::app::App;
use crate::problem::{self, Problem, Veldfout};

/// Aantal regels zonder `limit`.
const DEFAULT_LIMIT: u32 = 50;

/// De sleutels die elke lijst kent; alleen voor het document.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct BladParams {
    /// Hoeveel regels er op een blad komen.
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    pub limit: Option<u32>,
    /// Waar het blad begint: de waarde uit `_links.next` van het vorige blad, ongewijzigd.
    #[param(max_length = 1000)]
    pub cursor: Option<String>,
}

/// Het gevraagde blad, met een gekeurde cursor.
#[derive(Debug, Clone)]
pub struct Blad {
    /// Aantal regels, 1 tot en met 200.
    pub limit: u32,
    after: Option<Value>,
    key: CursorKey,
    binding: String,
    path: String,
    query: String,
}

#[derive(Serialize)]
struct Page<'a, T> {
    items: &'a [T],
    #[serde(rename = "_links")]
    links: Links,
}

impl Blad {
    /// Waar de vorige bladzijde eindigde, als sleutelwaarden van de opslag.
    ///
    /// # Errors
    /// 400 als de cursor niet bij deze lijst hoort.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let keyset = self.after.clone().map(serde_json::from_value).transpose();
        keyset.map_err(|_| foreign_cursor())
    }

    /// Dit blad, voor een lijst uit de opslag.
    ///
    /// # Errors
    /// 400 als de cursor niet bij deze lijst hoort.
    pub fn page(&self) -> Result<store::Page, Problem> {
        Ok(store::Page { limit: i64::from(self.limit), after: self.after()? })
    }

    /// Het antwoord met een bladzijde uit de opslag.
    ///
    /// # Errors
    /// Alleen als de regels niet in JSON passen.
    pub fn bladzijde<T: Serialize>(&self, bladzijde: &store::Bladzijde<T>) -> Result<Answer, Problem> {
        self.answer(&bladzijde.items, bladzijde.volgende.as_ref())
    }

    /// Het antwoord met deze regels; `next` is waar het volgende blad begint.
    ///
    /// # Errors
    /// Alleen als de regels niet in JSON passen.
    pub fn uit_geheugen<T: Serialize>(&self, alles: &[T], sleutel: impl Fn(&T) -> domain::Id) -> Result<Answer, Problem> {
        let na: Option<String> = self.after()?;
        let begin = na.and_then(|na| alles.iter().position(|rij| sleutel(rij).to_string() == na)).map_or(0, |plek| plek + 1);
        let rest = alles.get(begin..).unwrap_or_default();
        let einde = usize::try_from(self.limit).unwrap_or(usize::MAX).min(rest.len());
        let items = rest.get(..einde).unwrap_or_default();
        let next = if einde < rest.len() { items.last().map(|rij| sleutel(rij).to_string()) } else { None };
        self.answer(items, next.as_ref())
    }

    /// Antwoordt met deze regels en, als er meer is, een verwijzing naar het volgende blad.
    ///
    /// # Errors
    /// Als de regels niet te schrijven zijn.
    pub fn answer<T: Serialize, K: Serialize>(&self, items: &[T], next: Option<&K>) -> Result<Answer, Problem> {
        let zelf = Verwijzing { href: href(&self.path, &self.query) };
        let Some(next) = next else {
            return Answer::ok(&Page { items, links: Links { zelf, next: None } });
        };
        let keyset = serde_json::to_value(next).map_err(problem::fout)?;
        let cursor = self.key.seal(&self.binding, &keyset);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(form_urlencoded::parse(self.query.as_bytes()).filter(|(name, _)| name != "cursor"));
        query.append_pair("cursor", &cursor);
        let href = href(&self.path, &query.finish());
        let link = format!("<{href}>; rel=\"next\"");
        Ok(Answer::ok(&Page { items, links: Links { zelf, next: Some(Verwijzing { href }) } })?.link(link))
    }

    fn read(verzoek: &Verzoek, req: &HttpRequest) -> Result<Self, Problem> {
        let app = req.app_data::<Data<App>>().ok_or_else(|| problem::fout("App ontbreekt"))?;
        let mut filters = verzoek.query.clone();
        let mut cursor = None;
        if let Value::Object(fields) = &mut filters {
            cursor = fields.remove("cursor");
            fields.remove("limit");
        }
        let organisatie = verzoek.caller.as_ref().map(|caller| caller.organisatie_id().to_string()).unwrap_or_default();
        let binding = format!("{}|{}|{filters}|{organisatie}", verzoek.operation.id, req.uri().path());
        let after = match cursor.as_ref().and_then(Value::as_str) {
            Some(text) => Some(app.cursor_key.open(&binding, text).ok_or_else(foreign_cursor)?),
            None => None,
        };
        let limit = verzoek.query.get("limit").and_then(Value::as_u64).and_then(|limit| u32::try_from(limit).ok());
        Ok(Self {
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            after,
            key: app.cursor_key.clone(),
            binding,
            path: req.uri().path().to_owned(),
            query: req.uri().query().unwrap_or_default().to_owned(),
        })
    }
}

fn href(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn foreign_cursor() -> Problem {
    let detail = "hoort niet bij deze lijst met deze filters, of is veranderd; begin opnieuw zonder cursor";
    Veldfout::query("cursor", "cursor-ongeldig", detail).into()
}

impl FromRequest for Blad {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        from_request(req, |verzoek| Self::read(verzoek, req))
    }
}
