//! Koppen op elk antwoord.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Versie van de API, gelijk aan `info.version` in het document.
pub const API_VERSION: &str = "1.0.0";
/// Naam van de kop met de versie.
pub const API_VERSION_HEADER: HeaderName = HeaderName::from_static("api-version");
/// Spoor volgens W3C Trace Context.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

const CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'");
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const DENY: HeaderValue = HeaderValue::from_static("DENY");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const PERMISSIONS: HeaderValue = HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()");
const VERSION: HeaderValue = HeaderValue::from_static(API_VERSION);
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Zet de vaste koppen. Wat een handler bewust zelf zette (cache, CSP van de documentatie) blijft staan.
pub(crate) fn standard(headers: &mut HeaderMap) {
    for (name, value) in [(header::CONTENT_SECURITY_POLICY, CSP), (header::CACHE_CONTROL, NO_STORE), (CORP, SAME_ORIGIN)] {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
    headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(header::X_FRAME_OPTIONS, DENY);
    headers.insert(header::REFERRER_POLICY, NO_REFERRER);
    headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
    headers.insert(API_VERSION_HEADER, VERSION);
}
