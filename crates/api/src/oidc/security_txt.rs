//! `/.well-known/security.txt` (RFC 9116).

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;

use crate::app::App;

/// Waar men een kwetsbaarheid meldt.
pub(crate) async fn security_txt(app: Data<App>) -> HttpResponse {
    let settings = &app.settings;
    let text = format!(
        "Contact: {}\nExpires: {}T00:00:00Z\nPreferred-Languages: nl, en\nCanonical: {}/.well-known/security.txt\n",
        settings.security_contact, settings.security_expires, settings.base_url
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")))
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")))
        .body(text)
}
