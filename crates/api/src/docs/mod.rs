//! Het document en de documentatie; alles komt van deze dienst zelf, want een gesloten netwerk heeft geen CDN.

mod problems;

use std::sync::Arc;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, Path};
use actix_web::{HttpResponse, get};

use crate::app::App;
use crate::problem::{self, Problem};
use crate::routes::ServiceConfig;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// Alles van deze dienst zelf; de plaatjes in de stijl van Swagger UI zijn `data:`.
const CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
);
const INDEX: &str = include_str!("index.html");
const START: &str = include_str!("start.js");
const STYLE: &str = include_str!("stijl.css");
/// Wat de pagina van Swagger UI nodig heeft.
const SWAGGER_FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/// Operaties in het document.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_document);
}

/// Bladzijden voor mensen, onder `/v1`.
pub(crate) fn pages(cfg: &mut web::ServiceConfig) {
    for (path, route) in [("/docs", web::get().to(index)), ("/docs/problemen", web::get().to(problem_page)), ("/docs/bestanden/{naam}", web::get().to(file))] {
        cfg.service(web::resource(path).route(route).default_service(web::to(only_get)));
    }
}

/// Geeft het OpenAPI-document van deze dienst.
///
/// Zonder token, voor iedereen, ook vanuit een andere website.
#[utoipa::path(
    tag = "Documentatie",
    responses((status = 200, description = "Het OpenAPI-document", body = serde_json::Value, content_type = "application/json")),
    security(()),
)]
#[get("/openapi.json")]
pub(crate) async fn lees_document(app: Data<App>) -> Result<HttpResponse, Problem> {
    let document = web::block(move || app.contract.bytes()).await.map_err(problem::fout)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/json")))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")))
        .insert_header(("cross-origin-resource-policy", HeaderValue::from_static("cross-origin")))
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")))
        .body(document))
}

fn page(body: impl Into<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, HTML)).insert_header((header::CONTENT_SECURITY_POLICY, CSP)).body(body.into())
}

pub(crate) async fn only_get() -> Result<HttpResponse, Problem> {
    Err(crate::routes::other_method("GET"))
}

async fn index() -> HttpResponse {
    page(INDEX)
}

async fn problem_page() -> HttpResponse {
    page(problems::page())
}

async fn file(name: Path<String>) -> Result<HttpResponse, Problem> {
    let (kind, bytes) = match name.as_str() {
        "start.js" => ("text/javascript; charset=utf-8", web::Bytes::from_static(START.as_bytes())),
        "stijl.css" => ("text/css; charset=utf-8", web::Bytes::from_static(STYLE.as_bytes())),
        name if SWAGGER_FILES.contains(&name) => {
            let found = utoipa_swagger_ui::serve(name, Arc::new(utoipa_swagger_ui::Config::default())).map_err(problem::fout)?;
            let file = found.ok_or_else(problem::niet_gevonden)?;
            let kind = if name.to_ascii_lowercase().ends_with("js") { "text/javascript; charset=utf-8" } else { "text/css; charset=utf-8" };
            (kind, web::Bytes::from(file.bytes.into_owned()))
        }
        _ => return Err(problem::niet_gevonden()),
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static(kind)))
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")))
        .body(bytes))
}
