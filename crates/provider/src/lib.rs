//! De kant van portalen en scripts: sleutels, tokens en clientaanmelding. Kent geen HTTP-raamwerk en geen database.

mod assertion;
pub mod authorize;
mod detached;
mod discovery;
mod dpop;
mod grant;
mod hint;
mod jwt;
mod keys;
mod lifecycle;
mod master;
mod request;
mod token;

pub use assertion::{ASSERTION_TYPE, AssertionError, ProvenClient, client_id_of, verify_assertion};
pub use detached::{canonical, fingerprint, sign_detached, verify_detached};
pub use discovery::{ProviderSettings, discovery_document, jwks_document};
pub use dpop::{DPOP_ALGORITHMS, DpopError, DpopProof, DpopTarget, access_token_hash, verify_dpop};
pub use grant::{
    CODE_LIFETIME, ID_TOKEN_SECONDS, Inwisseling, REFRESH_IDLE, REFRESH_TOTAL, Verlening, beoordeel_inwisseling, claims_of, refresh_until, same, subject,
};
pub use hint::{KnownIdToken, read_id_token};
pub use jwt::algorithm_of;
pub use keys::{KeyError, SigningKey, thumbprint};
pub use lifecycle::{KeyTimes, LifecycleSettings, active, plan};
pub use master::{MasterKey, MasterKeyError};
pub use request::{ClientProof, Form, Grant, OAuthError, granted, granted_of};
pub use token::{AccessTokenClaims, IdTokenClaims, at_hash, sign_access_token};
