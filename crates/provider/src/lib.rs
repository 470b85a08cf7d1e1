//! De kant van portalen en scripts: sleutels, tokens en clientaanmelding. Kent geen HTTP-raamwerk en geen database.

mod assertion;
mod detached;
mod discovery;
mod keys;
mod lifecycle;
mod master;
mod request;
mod token;

pub use assertion::{ASSERTION_TYPE, AssertionError, ProvenClient, client_id_of, verify_assertion};
pub use detached::{canonical, fingerprint, sign_detached, verify_detached};
pub use discovery::{ProviderSettings, discovery_document, jwks_document};
pub use keys::{KeyError, SigningKey};
pub use lifecycle::{KeyTimes, LifecycleSettings, active, plan};
pub use master::{MasterKey, MasterKeyError};
pub use request::{OAuthError, TokenRequest};
pub use token::{AccessTokenClaims, sign_access_token};
