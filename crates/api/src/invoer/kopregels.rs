//! Koppen met een regel: `If-Match` en `Idempotency-Key`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::from_request;
use crate::problem::{self, Problem, Veldfout};

/// Naam van de kop waarmee een herhaald verzoek hetzelfde antwoord krijgt.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// De versies die de aanroeper wil wijzigen. Zonder deze kop: 428.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Vec<i64>);

impl IfMatch {
    /// Keurt de versie die nu in de opslag staat.
    ///
    /// # Errors
    /// 412 met de huidige ETag als de aanroeper een oudere versie las.
    pub fn check(&self, versie: i64) -> Result<(), Problem> {
        match self.0.as_slice() {
            // Niets dat wij ooit gaven: opnieuw lezen helpt deze aanroeper niet.
            [] => Err(problem::geen_etag(versie)),
            gelezen if gelezen.contains(&versie) => Ok(()),
            _ => Err(problem::verouderd(Some(versie))),
        }
    }

    /// De nieuwste versie die de aanroeper zegt te hebben gelezen.
    #[must_use]
    pub fn newest(&self) -> Option<i64> {
        self.0.iter().copied().max()
    }

    fn parse(text: &str) -> Self {
        // Een zwakke ETag (W/...) is volgens RFC 9110 (13.1.1) nooit gelijk; `*` zou blind overschrijven zijn.
        let tags = text.split(',').filter_map(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        Self(tags.collect())
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = req.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        ready(value.map(Self::parse).ok_or_else(problem::if_match_ontbreekt))
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            ParameterBuilder::new()
                .name("If-Match")
                .parameter_in(ParameterIn::Header)
                // Verplicht, maar het ontbreken geeft 428 en geen 400; daarom staat hier niet `required`.
                .required(Required::False)
                .description(Some("De `ETag` van de versie die u hebt gelezen. Zonder deze kop: 428; is er intussen iets gewijzigd: 412."))
                .schema(Some(ObjectBuilder::new().schema_type(Type::String).examples([serde_json::json!("\"3\"")])))
                .build(),
        ]
    }
}

/// De sleutel waarmee een herhaald verzoek herkend wordt; leeg als de aanroeper er geen stuurt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    key: Option<String>,
    fingerprint: String,
}

impl IdempotencyKey {
    /// De sleutel zelf.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Vingerafdruk van methode, pad en lichaam.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = req.headers().get(IDEMPOTENCY_KEY) else {
            return ready(Ok(Self { key: None, fingerprint: String::new() }));
        };
        let key = value.to_str().ok().filter(|text| (1..=200).contains(&text.len())).map(ToOwned::to_owned);
        let Some(key) = key else {
            return ready(Err(Veldfout::header(IDEMPOTENCY_KEY, "lengte", "moet 1 tot en met 200 leesbare tekens hebben").into()));
        };
        from_request(req, |verzoek| {
            let mut hash = Sha256::new();
            hash.update(req.method().as_str());
            hash.update([0]);
            hash.update(req.uri().path());
            hash.update([0]);
            hash.update(&verzoek.bytes);
            let fingerprint = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(Self { key: Some(key), fingerprint })
        })
    }
}

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "Eigen kenmerk van dit verzoek. Hetzelfde kenmerk met hetzelfde lichaam geeft 24 uur lang het eerste antwoord opnieuw; \
                           met een ander lichaam: 409.";
        vec![
            ParameterBuilder::new()
                .name(IDEMPOTENCY_KEY)
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some(description))
                .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(200))))
                .build(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::IfMatch;

    #[test]
    fn alleen_een_sterke_etag_met_de_juiste_versie_past() {
        assert!(IfMatch::parse("\"3\"").check(3).is_ok());
        assert!(IfMatch::parse("\"2\", \"3\"").check(3).is_ok());
        for stale in ["\"2\"", "W/\"3\"", "*", "3", ""] {
            assert_eq!(IfMatch::parse(stale).check(3).unwrap_err().status, 412, "{stale}");
        }
    }
}
