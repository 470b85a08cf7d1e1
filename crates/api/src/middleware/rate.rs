//! Hoe vaak iemand mag bellen: per aanroeper en per adres.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use domain::Id;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::problem::Problem;

/// Grenzen; de `burst` is wat iemand in één keer mag, daarna vult het aan met `per_second`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateSettings {
    /// Per aanroeper en seconde.
    pub caller_per_second: u32,
    /// In één keer per aanroeper.
    pub caller_burst: u32,
    /// Per adres en seconde.
    pub address_per_second: u32,
    /// In één keer per adres.
    pub address_burst: u32,
}

impl Default for RateSettings {
    fn default() -> Self {
        Self { caller_per_second: 50, caller_burst: 200, address_per_second: 100, address_burst: 400 }
    }
}

/// De tellers van dit proces.
pub struct RateLimits {
    callers: Limiter<Id>,
    addresses: Limiter<IpAddr>,
}

impl std::fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RateLimits")
    }
}

impl RateLimits {
    /// Begint te tellen.
    #[must_use]
    pub fn new(settings: RateSettings) -> Self {
        Self {
            callers: Limiter::new("aanroeper", settings.caller_per_second, settings.caller_burst),
            addresses: Limiter::new("adres", settings.address_per_second, settings.address_burst),
        }
    }

    pub(crate) fn caller(&self, id: Id) -> Result<(), Problem> {
        self.callers.check(id)
    }

    pub(crate) fn address(&self, address: IpAddr) -> Result<(), Problem> {
        // Een aanroeper met IPv6 heeft meestal een heel /64.
        let key = match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << 64)).into()),
            v4 => v4,
        };
        self.addresses.check(key)
    }

    /// Vergeet wie al lang niet belde.
    pub fn cleanup(&self) {
        self.callers.limiter.retain_recent();
        self.addresses.limiter.retain_recent();
    }
}

struct Limiter<K: Hash + Eq + Clone> {
    name: &'static str,
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(name: &'static str, per_second: u32, burst: u32) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
        Self { name, limiter: RateLimiter::dashmap(quota), clock: DefaultClock::default() }
    }

    fn check(&self, key: K) -> Result<(), Problem> {
        let Err(refused) = self.limiter.check_key(&key) else { return Ok(()) };
        let wait = refused.wait_time_from(self.clock.now());
        let seconds = wait.as_secs().saturating_add(u64::from(wait > Duration::from_secs(wait.as_secs()))).max(1);
        let quota = refused.quota();
        let burst = quota.burst_size();
        let window = quota.burst_size_replenished_in().as_secs().max(1);
        let name = self.name;
        let detail = format!("U doet te veel verzoeken. Wacht {seconds} s en probeer het dan opnieuw.");
        Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "te-veel-verzoeken", "Te veel verzoeken", detail)
            .header(header::RETRY_AFTER, &seconds.to_string())
            .header(HeaderName::from_static("ratelimit-policy"), &format!("\"{name}\";q={burst};w={window}"))
            .header(HeaderName::from_static("ratelimit"), &format!("\"{name}\";r=0;t={seconds}")))
    }
}

#[cfg(test)]
mod tests {
    use super::{RateLimits, RateSettings};

    #[test]
    fn wie_te_vaak_belt_hoort_hoe_lang_wachten_en_een_ander_heeft_er_geen_last_van() {
        let limits = RateLimits::new(RateSettings { caller_per_second: 1, caller_burst: 2, address_per_second: 1, address_burst: 1 });
        let first = "192.0.2.1".parse().unwrap();
        assert!(limits.address(first).is_ok());
        let refused = limits.address(first).unwrap_err();
        assert_eq!(refused.status, 429);
        let names: Vec<_> = refused.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["retry-after", "ratelimit-policy", "ratelimit"]);
        assert!(limits.address("192.0.2.2".parse().unwrap()).is_ok());
    }

    #[test]
    fn adressen_uit_hetzelfde_ipv6_netwerk_tellen_samen() {
        let limits = RateLimits::new(RateSettings { address_burst: 1, address_per_second: 1, ..RateSettings::default() });
        assert!(limits.address("2001:db8::1".parse().unwrap()).is_ok());
        assert!(limits.address("2001:db8::2".parse().unwrap()).is_err());
        assert!(limits.address("2001:db8:0:1::1".parse().unwrap()).is_ok());
    }
}
