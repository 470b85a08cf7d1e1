//! De keten om elk verzoek: koppen, spoor, grenzen, toegang en keuring van de invoer, in deze volgorde:
//! spoor, grenzen van koppen en adres, route (404, 405), aanmelding (401, 403), tempo van de aanroeper (429), `Accept` (406), query (400),
//! `Content-Type` (415), omvang (413), lichaam (400), en dan pas de handler.

pub(crate) mod headers;
mod input;
pub(crate) mod negotiation;
mod panics;
mod rate;
mod trace;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};

pub(crate) use input::{too_large, too_slow};

pub use headers::{API_VERSION, API_VERSION_HEADER, TRACEPARENT};
pub use rate::{RateLimits, RateSettings};
pub use trace::Trace;

use crate::aanmelden;
use crate::app::App;
use crate::contract::{Found, Operation};
use crate::invoer::Verzoek;
use crate::problem::{self, Problem};
use crate::toegang;

/// Langste adres dat wij lezen.
const MAX_URI: usize = 4096;
/// Langste adres bij het aanmelden: een code van AD FS, een verzoekobject of de `state` van .NET is zo enkele kB.
const MAX_URI_OIDC: usize = 16 * 1024;

/// De keten. Gebruik: `actix_web::App::new().wrap(actix_web::middleware::from_fn(api::pipeline))`.
///
/// # Errors
/// Alleen als een handler in paniek raakt; ook dat antwoord is een probleem met alle koppen.
pub async fn pipeline<B: MessageBody + 'static>(mut req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let Some(app) = req.app_data::<Data<App>>().cloned() else {
        return Err(problem::fout("App ontbreekt").into());
    };
    let trace = trace_of(&req, &app);
    req.extensions_mut().insert(trace);
    // RFC 9110, 9.1 en 9.3.2: HEAD is GET, waarvan de server het lichaam niet stuurt.
    let method = req.method().clone();
    if method == Method::HEAD && req.path().starts_with("/v1/") {
        req.head_mut().method = Method::GET;
    }
    let mut operation = None;
    let prepared = prepare(&mut req, &app, (trace, &method), &mut operation).await;
    let mut response = match prepared {
        Ok(()) => match panics::caught(next.call(req)).await {
            Some(Ok(response)) => response.map_into_boxed_body(),
            Some(Err(cause)) => return Err(lost(&app, trace, cause.as_error::<Problem>().cloned())),
            None => return Err(lost(&app, trace, None)),
        },
        Err(problem) => {
            let page = aanmelden::bladzijde(&app, req.request(), &problem);
            req.into_response(page.unwrap_or_else(|| problem.placed(&app.settings.base_url, &trace.id()).response()))
        }
    };
    settle(&mut response, &app, trace);
    if let Some(operation) = operation {
        operation.measure(response.status().as_u16(), started.elapsed().as_secs_f64());
    }
    Ok(response)
}

/// Het spoor dat de server al begon, of anders een eigen begin.
fn trace_of(req: &ServiceRequest, app: &App) -> Trace {
    let begun = req.extensions().get::<Trace>().copied();
    begun.unwrap_or_else(|| {
        let mut random = [0; 24];
        app.rng.fill(&mut random);
        Trace::from_headers(req.headers(), random)
    })
}

/// Het antwoord als er geen verzoek meer is om het aan te hangen.
fn lost(app: &App, trace: Trace, problem: Option<Problem>) -> Error {
    let problem = problem.unwrap_or_else(problem::interne_fout).placed(&app.settings.base_url, &trace.id());
    problem.header(TRACEPARENT, &trace.header()).into()
}

/// Zet de koppen, en maakt van elk antwoord met een fout een probleem op zijn plaats.
fn settle(response: &mut ServiceResponse<BoxBody>, app: &App, trace: Trace) {
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let own = response.response().error().and_then(|error| error.as_error::<Problem>()).cloned();
        // Bladzijden voor mensen (het aanmelden) beschrijven hun fout zelf.
        let kinds = [problem::PROBLEM_JSON, "application/json", "text/html; charset=utf-8"];
        let described = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kinds.iter().any(|own| kind == own));
        let problem = own.or_else(|| (!described).then(|| by_status(status)));
        if let Some(problem) = problem {
            let placed = problem.placed(&app.settings.base_url, &trace.id()).response();
            *response.response_mut() = placed;
        }
    }
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        let request = response.request().clone();
        toegang::challenge::in_presented_scheme(request.headers(), response.headers_mut());
    }
    let headers = response.headers_mut();
    headers::standard(headers);
    headers.remove(header::SERVER);
    if let Some(value) = trace.header_value() {
        headers.insert(TRACEPARENT, value);
    }
}

/// Een fout die actix zelf maakte, als probleem.
fn by_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => problem::niet_gevonden(),
        StatusCode::PAYLOAD_TOO_LARGE => input::too_large(0),
        status if status.is_client_error() => {
            Problem::new(status, "verzoek-onbegrijpelijk", "Verzoek onbegrijpelijk", "Dit verzoek is niet te lezen. Controleer adres, koppen en lichaam.")
        }
        _ => problem::interne_fout(),
    }
}

async fn prepare(req: &mut ServiceRequest, app: &App, (trace, method): (Trace, &Method), found: &mut Option<Arc<Operation>>) -> Result<(), Problem> {
    limits(req, app)?;
    if let Some(address) = client_address(req, app) {
        app.rate.address(address)?;
    }
    let operation = match app.contract.find(req.method(), req.match_info().unprocessed()) {
        Found::Operation(operation) => Arc::clone(operation),
        Found::OtherMethod(allow) => return Err(crate::routes::other_method(&allow)),
        // Buiten het document staan onder /v1 alleen de bladzijden voor mensen.
        Found::Nothing if req.path().starts_with("/v1/") && !req.path().starts_with("/v1/docs") => return Err(problem::niet_gevonden()),
        Found::Nothing => return Ok(()),
    };
    *found = Some(Arc::clone(&operation));
    let caller = match operation.secured {
        true => {
            let peer = req.peer_addr().map(|peer| peer.ip());
            let presented = toegang::Presented { headers: req.headers(), method: method.as_str(), path: req.path(), peer };
            Some(toegang::authenticate(app, &presented, &operation, trace).await?)
        }
        false => None,
    };
    if let Some(caller) = &caller {
        app.rate.caller(caller.id())?;
    }
    if !negotiation::acceptable(req.headers(), &operation.produces) {
        return Err(input::not_acceptable(&operation));
    }
    let query = operation.check_query(req.query_string())?;
    let (bytes, body) = input::body(req, &operation, app.settings.max_body_bytes).await?;
    req.extensions_mut().insert(Verzoek { operation, caller, query, body, bytes });
    Ok(())
}

/// Grenzen aan adres en koppen.
fn limits(req: &ServiceRequest, app: &App) -> Result<(), Problem> {
    let uri = req.uri();
    let longest = if uri.path().starts_with("/oidc/") { MAX_URI_OIDC } else { MAX_URI };
    if uri.path().len() + uri.query().map_or(0, str::len) > longest {
        let detail = format!("Het adres is langer dan {longest} tekens. Kort de query in.");
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "adres-te-lang", "Adres te lang", detail));
    }
    if uri.path().contains("%00") {
        return Err(problem::niet_gevonden());
    }
    let size: usize = req.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > app.settings.max_header_bytes {
        let detail = format!("De koppen zijn samen groter dan {} bytes. Stuur minder of kortere koppen.", app.settings.max_header_bytes);
        return Err(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "koppen-te-groot", "Koppen te groot", detail));
    }
    Ok(())
}

/// Het adres van de aanroeper; een kop telt alleen als een vertrouwde proxy hem zette, en dan het laatste adres daarin.
fn client_address(req: &ServiceRequest, app: &App) -> Option<IpAddr> {
    let peer = req.peer_addr()?.ip();
    let Some(proxy) = &app.settings.proxy else { return Some(peer) };
    if !(proxy.trusted)(peer) {
        return Some(peer);
    }
    let listed = req.headers().get_all(&proxy.header).filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    let addresses: Vec<IpAddr> = listed.filter_map(|text| text.trim().parse().ok()).collect();
    Some(addresses.into_iter().rev().find(|address| !(proxy.trusted)(*address)).unwrap_or(peer))
}
