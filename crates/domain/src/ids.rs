//! Identiteit, tijd en toeval als argumenten.

use std::sync::Arc;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SubsecRound, Utc};

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

/// De laatste zondag van een maand met 31 dagen.
fn laatste_zondag(jaar: i32, maand: u32) -> Option<NaiveDate> {
    let laatste = NaiveDate::from_ymd_opt(jaar, maand, 31)?;
    laatste.checked_sub_days(chrono::Days::new(u64::from(laatste.weekday().num_days_from_sunday())))
}

/// De kalenderdag in Nederland (Europe/Amsterdam) op een moment.
///
/// Een certificering of betrokkenheid eindigt om middernacht in Nederland, niet in UTC. De zomertijd volgt Richtlijn
/// 2000/84/EG: van de laatste zondag van maart tot die van oktober, steeds om 01:00 UTC.
#[must_use]
pub fn vandaag(moment: Moment) -> Datum {
    in_nederland(moment).date_naive()
}

/// Een moment in de tijd van Nederland.
#[must_use]
pub fn in_nederland(moment: Moment) -> DateTime<FixedOffset> {
    let om_een_uur = |maand| laatste_zondag(moment.year(), maand).and_then(|dag| dag.and_hms_opt(1, 0, 0)).map(|m| m.and_utc());
    let zomertijd = om_een_uur(3).is_some_and(|begin| moment >= begin) && om_een_uur(10).is_some_and(|einde| moment < einde);
    let uren = if zomertijd { 2 } else { 1 };
    FixedOffset::east_opt(uren * 3_600).map_or_else(|| moment.fixed_offset(), |zone| moment.with_timezone(&zone))
}

/// Maakt een UUID versie 7 uit een moment en toeval (RFC 9562, 5.7).
#[must_use]
pub fn nieuw_id(moment: Moment, rng: &Rng) -> Id {
    let mut toeval = [0_u8; 10];
    rng.fill(&mut toeval);
    let millis = u64::try_from(moment.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &toeval).into_uuid()
}
