//! De uitgever: sleutels, discovery en de adressen waar portalen en scripts hun tokens halen. Deze adressen volgen OAuth en OIDC en staan niet in het API-document.

mod binding;
pub(crate) mod certificate;
mod client;
mod clients;
mod introspect;
mod keys;
mod par;
mod refused;
mod security_txt;
mod token;
mod uitgifte;
mod userinfo;
mod verzoek;

use actix_web::HttpResponse;
use actix_web::guard;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::toepassingen::Scope;
use provider::ProviderSettings;
use sha2::{Digest as _, Sha256};

pub(crate) use binding::proof_of;
pub(crate) use client::ClientKeys;
pub(crate) use clients::Clients;
pub use keys::{KeyManager, KeySet};
pub(crate) use refused::Refused;
/// Of een sessie nog loopt.
pub(crate) use store::autorisaties::sessie_loopt;
pub use uitgifte::{geef_code, sub_van};
pub use verzoek::{Afgewezen, lees};

use crate::antwoord::JSON;
use crate::app::App;
use crate::docs::only_get;
use crate::problem::Problem;

/// Grootste formulier dat het tokenadres leest.
const MAX_FORM: usize = 64 * 1024;

/// Adressen buiten `/v1`.
pub(crate) fn endpoints(cfg: &mut web::ServiceConfig) {
    // Zonder pad in de uitgever vallen beide bekende adressen samen (OIDC Discovery, 4; RFC 8414, 3).
    for (path, route) in [
        ("/.well-known/openid-configuration", web::route().to(discovery)),
        ("/.well-known/oauth-authorization-server", web::route().to(discovery)),
        ("/.well-known/security.txt", web::route().to(security_txt::security_txt)),
        ("/oidc/jwks", web::route().to(jwks)),
        ("/oidc/idp/{id}/jwks", web::route().to(crate::identiteitsproviders::jwks_van_registratie)),
    ] {
        // HEAD hoort bij GET (RFC 9110, 9.3.2): proxy's en bewakers gebruiken het.
        let get_or_head = guard::Any(guard::Get()).or(guard::Head());
        cfg.service(web::resource(path).route(route.guard(get_or_head)).default_service(web::to(only_get)));
    }
    let form = |path: &str| web::resource(path.to_owned()).app_data(web::PayloadConfig::new(MAX_FORM)).default_service(web::to(only_post));
    cfg.service(form(token::PATH).route(web::post().to(token::token)));
    cfg.service(form(par::PATH).route(web::post().to(par::par)));
    cfg.service(form("/oidc/introspect").route(web::post().to(introspect::introspect)));
    cfg.service(form("/oidc/revoke").route(web::post().to(introspect::revoke)));
    let userinfo =
        form(userinfo::PATH).route(web::get().to(userinfo::userinfo)).route(web::head().to(userinfo::userinfo)).route(web::post().to(userinfo::userinfo));
    cfg.service(userinfo.default_service(web::to(get_or_post)));
}

async fn get_or_post() -> Result<HttpResponse, Problem> {
    Err(crate::routes::other_method("GET, POST"))
}

/// De hash waaronder een geheim, code of token bewaard wordt: de waarde zelf staat nergens.
pub(crate) fn hashed(value: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(value.as_bytes()))
}

pub(crate) async fn only_post() -> Result<HttpResponse, Problem> {
    Err(crate::routes::other_method("POST"))
}

pub(crate) fn provider_settings(app: &App) -> ProviderSettings {
    let scopes = Scope::ALLE.iter().map(|scope| scope.as_str().to_owned()).collect();
    ProviderSettings { issuer: app.settings.base_url.clone(), scopes, audience: app.settings.audience.clone(), mtls: app.settings.mtls() }
}

/// Wie dit bewaart, mag dat precies zo lang als een nieuwe sleutel vooraf gepubliceerd is.
fn published(app: &App, body: String) -> HttpResponse {
    let age = app.keys.lead_seconds();
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(JSON)));
    response.insert_header((header::CACHE_CONTROL, format!("public, max-age={age}")));
    response.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")));
    response.body(body)
}

async fn discovery(app: Data<App>) -> HttpResponse {
    published(&app, provider::discovery_document(&provider_settings(&app)).to_string())
}

async fn jwks(app: Data<App>) -> Result<HttpResponse, Problem> {
    let keys = app.keys.current(&app.store, app.clock.now()).await?;
    Ok(published(&app, keys.jwks().to_string()))
}
