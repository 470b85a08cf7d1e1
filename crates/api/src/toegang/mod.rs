//! Wie belt er: token, persoon of toepassing, en hoe sterk aangemeld.

mod bearer;
mod cache;
mod caller;
pub(crate) mod challenge;
mod eigen;
mod resolve;
mod verify;

pub use caller::{Aanmelding, Beller, Caller, Wie};
pub use verify::{Issuers, Trusted};

pub(crate) use bearer::{Presented, authenticate, identify};
pub(crate) use cache::Cache;
pub(crate) use eigen::{OwnToken, own_token};
