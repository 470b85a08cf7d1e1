//! De levensloop van ondertekensleutels: eerst publiceren, dan tekenen, en pas weg als het laatste token verlopen is.

use chrono::TimeDelta;
use domain::Moment;

/// De momenten van een sleutel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyTimes {
    /// Kenmerk; leeg bij een sleutel die nog gemaakt moet worden.
    pub kid: String,
    /// Gepubliceerd vanaf.
    pub published_from: Moment,
    /// Tekent vanaf.
    pub active_from: Moment,
    /// Tekent tot.
    pub active_until: Moment,
    /// Gepubliceerd tot.
    pub published_until: Moment,
}

/// Hoe lang iets duurt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifecycleSettings {
    /// Hoe lang een sleutel gepubliceerd is vóór zij tekent; gelijk aan de `max-age` van de JWKS.
    pub lead: TimeDelta,
    /// Hoe lang een sleutel tekent.
    pub active_for: TimeDelta,
    /// Langste levensduur van een token.
    pub longest_token: TimeDelta,
}

/// De sleutel die nu tekent: de nieuwste die actief is.
///
/// Is haar opvolger te laat gemaakt (de dienst stond stil), dan tekent de vorige door tot de opvolger lang genoeg
/// gepubliceerd is, zolang ieder token dat zij nog tekent verloopt vóór zij uit de JWKS verdwijnt.
#[must_use]
pub fn active<'a>(sleutels: &'a [KeyTimes], nu: Moment, s: &LifecycleSettings) -> Option<&'a KeyTimes> {
    let nieuwste = |tekent: &dyn Fn(&KeyTimes) -> bool| sleutels.iter().filter(|k| k.active_from <= nu && tekent(k)).max_by_key(|k| k.active_from);
    nieuwste(&|k| nu < k.active_until).or_else(|| nieuwste(&|k| nu + s.longest_token <= k.published_until))
}

/// De sleutel die nu gemaakt moet worden, als dat nodig is.
///
/// De allereerste tekent meteen: er is nog niemand die een oudere JWKS bewaart. Is de laatste verlopen (de dienst stond
/// lang stil), dan tekent een nieuwe ook meteen; afnemers halen de JWKS opnieuw bij een onbekende `kid`.
#[must_use]
pub fn plan(sleutels: &[KeyTimes], nu: Moment, s: &LifecycleSettings) -> Option<KeyTimes> {
    let laatste = sleutels.iter().map(|s| s.active_until).max();
    let active_from = match laatste {
        Some(einde) if einde > nu => {
            if nu < einde - s.lead - s.lead {
                return None;
            }
            einde.max(nu + s.lead)
        }
        _ => nu,
    };
    let active_until = active_from + s.active_for;
    Some(KeyTimes { kid: String::new(), published_from: nu, active_from, active_until, published_until: active_until + s.longest_token + s.lead })
}
