//! Aanmelden bij de IdP van een organisatie: wat geweigerd wordt, wat aangenomen wordt, en met welke diagnose.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in een proef is een fout een mislukte proef"
)]

mod client;
mod discovery;
mod id_token;
mod idp;
mod klok;
mod mfa;
mod sleutels;
mod terugkomst;
mod uitpakken;
mod userinfo;
mod verbindingstest;
mod vertrek;
