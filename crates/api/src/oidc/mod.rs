//! De uitgever: sleutels, discovery en het tokenadres. Deze adressen volgen OAuth en OIDC en staan niet in het API-document.

mod security_txt;

use actix_web::web;

use crate::docs::only_get;

/// De ondertekensleutels.
#[derive(Debug)]
pub struct KeyManager;

/// Adressen buiten `/v1`.
pub(crate) fn endpoints(cfg: &mut web::ServiceConfig) {
    for (path, route) in [("/.well-known/security.txt", web::get().to(security_txt::security_txt))] {
        cfg.service(web::resource(path).route(route).default_service(web::to(only_get)));
    }
}
