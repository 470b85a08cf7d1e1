//! De kant van uitgevers buiten deze dienst: uitgaand verkeer, discovery, sleutels en het bewijs in een token.
//!
//! Kent de database niet en de eigen uitgever niet. De API vraagt hier een oordeel over een toegangstoken met sleutels
//! die zij zelf aanreikt (eigen sleutels) of die [`JwksCache`] ophaalt.

mod egress;
pub mod idp;
mod jwks;
pub mod login;
mod mfa;
mod token;

pub use egress::{Antwoord, Egress, EgressError, EgressRule};
pub use jwks::{Health, JwksCache};
pub use mfa::{MfaRule, Sterkte};
pub use token::{ClaimMapping, TokenRefusal, TrustedIssuer, VerifiedToken, issuer_of, verify_access_token};
