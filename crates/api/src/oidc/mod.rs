//! De uitgever: sleutels, discovery en het tokenadres. Deze adressen volgen OAuth en OIDC en staan niet in het API-document.

/// De ondertekensleutels.
#[derive(Debug)]
pub struct KeyManager;

/// Adressen buiten `/v1`.
pub(crate) fn endpoints(_cfg: &mut actix_web::web::ServiceConfig) {}
