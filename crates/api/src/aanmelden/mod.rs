//! Aanmelden in de browser: van portaal naar de eigen organisatie en terug.
//!
//! Een aanmelding is een keten van standen, en elke stand staat in de opslag, zodat iedere node verder kan:
//!
//! 1. [`begin`]: het portaal stuurt de browser naar `/oidc/authorize`. Voldoet een lopende sessie, dan volgt meteen de code.
//! 2. [`kiezen`]: de persoon kiest een organisatie.
//! 3. [`heen`]: de browser gaat naar de identiteitsprovider van die organisatie.
//! 4. [`terug`]: de identiteitsprovider antwoordt; `federation` bewijst de aanmelding, of zegt waarom niet.
//! 5. [`code`]: alleen de eerste keer: een eenmalige code per e-mail koppelt de identiteit aan de geregistreerde persoon.
//! 6. [`afronden`]: de sessie begint en het portaal krijgt zijn code.
//!
//! Een sessie ontstaat alleen uit een [`bewijs::Bewijs`], en dat alleen uit een `federation::ProvenLogin`.
//! Wat niet doorgaat, wordt een bladzijde met een code, een eigenaar en een kenmerk, en een regel in het logboek.

mod afbreken;
mod afmelden;
mod afronden;
mod begin;
mod bewijs;
mod bezoek;
mod code;
mod engels;
mod fout;
mod geheimen;
mod heen;
mod keuze;
mod kiezen;
mod poging;
mod portaal;
mod stijl;
mod tekst;
mod terug;

use actix_web::http::header;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::App;
use crate::docs::only_get;
use crate::problem::Problem;

/// Grootste formulier van een bladzijde of portaal.
const MAX_FORM: usize = 64 * 1024;

/// Wat het aanmelden deelt.
#[derive(Debug)]
pub(crate) struct Staat {
    pub(crate) geheimen: geheimen::Geheimen,
}

impl Staat {
    pub(crate) fn nieuw(bron: &[u8; 32], base_url: &str) -> Self {
        Self { geheimen: geheimen::Geheimen::nieuw(bron, base_url) }
    }
}

async fn get_of_post() -> Result<HttpResponse, Problem> {
    Err(crate::routes::other_method("GET, POST"))
}

/// Een weigering vóór de bladzijde zelf (te veel verzoeken, een te lang adres) als bladzijde, voor wie er met een browser staat.
pub(crate) fn bladzijde(app: &Data<App>, req: &HttpRequest, problem: &Problem) -> Option<HttpResponse> {
    let pad = req.path();
    let van_ons =
        matches!(pad, "/oidc/authorize" | "/oidc/logout" | "/oidc/afgemeld") || pad.starts_with("/oidc/aanmelden/") || pad.starts_with("/oidc/callback/");
    let accept = req.headers().get(header::ACCEPT).and_then(|kop| kop.to_str().ok()).unwrap_or_default();
    if !van_ons || !accept.contains("text/html") {
        return None;
    }
    fout::geweigerd(bezoek::Bezoek::nieuw(app, req), problem)
}

/// De adressen van het aanmelden.
pub(crate) fn endpoints(cfg: &mut web::ServiceConfig) {
    let formulier = || web::PayloadConfig::new(MAX_FORM);
    for (pad, get, post) in [
        ("/oidc/authorize", web::get().to(begin::authorize), web::post().to(begin::authorize_formulier)),
        ("/oidc/aanmelden/code", web::get().to(code::toon), web::post().to(code::bevestig)),
        ("/oidc/logout", web::get().to(afmelden::vraag), web::post().to(afmelden::formulier)),
        ("/oidc/callback/{idp}", web::get().to(terug::callback), web::post().to(terug::formulier)),
    ] {
        cfg.service(web::resource(pad).app_data(formulier()).route(get).route(post).default_service(web::to(get_of_post)));
    }
    for (pad, route) in [
        ("/oidc/aanmelden/verder", web::get().to(begin::verder)),
        ("/oidc/aanmelden/kiezen", web::get().to(kiezen::kiezen)),
        ("/oidc/aanmelden/heen", web::get().to(heen::gekozen)),
        ("/oidc/aanmelden/afbreken", web::get().to(afbreken::afbreken)),
        ("/oidc/aanmelden/keuze-wissen", web::get().to(kiezen::wissen)),
        ("/oidc/afgemeld", web::get().to(afmelden::afgemeld)),
        ("/oidc/stijl/nl-design-system.css", web::get().to(stijl::nl_design_system)),
        ("/oidc/stijl/loket.css", web::get().to(stijl::loket)),
    ] {
        cfg.service(web::resource(pad).route(route).default_service(web::to(only_get)));
    }
    let opnieuw = web::resource("/oidc/aanmelden/code/opnieuw").app_data(formulier()).route(web::post().to(code::opnieuw));
    cfg.service(opnieuw.default_service(web::to(crate::oidc::only_post)));
}
