//! Tijdelijk.
use crate::Stop;
use crate::config::Config;
use crate::wiring::Master;
use api::oidc::KeyManager;
use api::toegang::Issuers;
use store::Store;
pub(crate) async fn keys(_c: &Config, _s: &Store, _m: &Master) -> Result<KeyManager, Stop> { Ok(KeyManager) }
pub(crate) fn issuers(_c: &Config) -> Result<Issuers, Stop> { Ok(Issuers::default()) }
pub(crate) async fn signing_keys(_c: &Config, _s: &Store, _m: &Master, _n: domain::Moment) -> Result<usize, Stop> { Ok(0) }
pub(crate) async fn reach_issuers(_c: &Config) -> Result<Vec<(String, Result<String, String>)>, Stop> { Ok(vec![]) }
