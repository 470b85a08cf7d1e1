//! Identiteit, tijd en toeval als argumenten.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

/// Een identificatie: UUID versie 7, voor clients zonder betekenis.
pub type Id = uuid::Uuid;
/// Een moment in UTC, op de microseconde (de fijnste maat die beide databases bewaren).
pub type Moment = DateTime<Utc>;
/// Een kalenderdag in Nederland.
pub type Datum = NaiveDate;

/// De klok van de aanroeper: in de dienst de systeemklok, in tests een vaste of verzetbare.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// Een klok uit een functie.
    pub fn new(nu: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(nu))
    }

    /// Het moment nu, op de microseconde.
    #[must_use]
    pub fn now(&self) -> Moment {
        kort_moment((self.0)())
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

type Vulling = dyn Fn(&mut [u8]) + Send + Sync;

/// De bron van toeval van de aanroeper: vult een buffer.
#[derive(Clone)]
pub struct Rng(Arc<Vulling>);

impl Rng {
    /// Een bron uit een functie die de buffer vult.
    pub fn new(vul: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(vul))
    }

    /// Vult de buffer met toeval.
    pub fn fill(&self, buffer: &mut [u8]) {
        (self.0)(buffer);
    }
}

impl std::fmt::Debug for Rng {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rng")
    }
}

/// Kapt een moment af op microseconden.
#[must_use]
pub fn kort_moment(moment: Moment) -> Moment {
    moment.trunc_subsecs(6)
}

/// Maakt een UUID versie 7 uit een moment en toeval (RFC 9562, 5.7).
#[must_use]
pub fn nieuw_id(moment: Moment, rng: &Rng) -> Id {
    let mut toeval = [0_u8; 10];
    rng.fill(&mut toeval);
    let millis = u64::try_from(moment.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &toeval).into_uuid()
}
