//! De kant van uitgevers buiten deze dienst: uitgaand verkeer, discovery, sleutels en het bewijs in een token.
//!
//! Kent de database niet en de eigen uitgever niet. Twee dingen worden hier bewezen:
//! * een toegangstoken van een vertrouwde uitgever ([`verify_access_token`]), met sleutels die de API aanreikt;
//! * een aanmelding bij de identiteitsprovider van een organisatie ([`IdpHub`]), van vertrek tot [`login::ProvenLogin`].
//!
//! Een `ProvenLogin` heeft alleen eigen velden en ontstaat op één plaats: na alle stappen van OpenID Connect Core
//! 3.1.3.7 (`id_token`), de onderscheidende claim van de organisatie en de MFA-regel van de registratie (`recept`).

mod discovery;
mod egress;
mod hub;
mod id_token;
pub mod idp;
mod inwisselen;
mod jwks;
pub mod login;
mod mfa;
mod recept;
mod token;
mod userinfo;
mod verbindingstest;
mod vraag;

pub use discovery::Discovery;
pub use egress::{Antwoord, Egress, EgressError, EgressRule};
pub use hub::IdpHub;
pub use jwks::{Health, JwksCache, Kennis};
pub use login::{CallbackParams, Geweigerd, ProvenLogin, Upstream, Vertrek, Verwacht};
pub use mfa::{MfaRule, Sterkte};
pub use recept::bewijst_mfa;
pub use token::{ClaimMapping, TokenRefusal, TrustedIssuer, VerifiedToken, issuer_of, verify_access_token};
pub use verbindingstest::{Proef, verbindingstest};
