//! De opmaak van de bladzijden: uit onszelf, want een besloten netwerk heeft geen internet.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};

const NL_DESIGN_SYSTEM: &str = include_str!("stijl/nl-design-system.css");
const LOKET: &str = include_str!("stijl/loket.css");

fn css(inhoud: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")))
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")))
        .body(inhoud)
}

pub(super) async fn nl_design_system() -> HttpResponse {
    css(NL_DESIGN_SYSTEM)
}

pub(super) async fn loket() -> HttpResponse {
    css(LOKET)
}
