//! Een dag begint om middernacht in Nederland.

use domain::{Moment, vandaag};
use proptest::prelude::*;

use super::dag;

#[test]
fn de_dag_wisselt_om_middernacht_in_nederland_ook_in_de_zomer() {
    for (moment, verwacht) in [
        ("2026-12-31T22:59:59Z", "2026-12-31"),
        ("2026-12-31T23:00:00Z", "2027-01-01"),
        ("2026-07-01T21:59:59Z", "2026-07-01"),
        ("2026-07-01T22:00:00Z", "2026-07-02"),
        // De zomertijd van 2026 loopt van 29 maart tot 25 oktober.
        ("2026-03-28T22:30:00Z", "2026-03-28"),
        ("2026-03-29T22:30:00Z", "2026-03-30"),
        ("2026-10-24T22:30:00Z", "2026-10-25"),
        ("2026-10-25T22:30:00Z", "2026-10-25"),
    ] {
        assert_eq!(vandaag(moment.parse().unwrap()), dag(verwacht), "{moment}");
    }
}

proptest! {
    #[test]
    fn later_is_nooit_een_eerdere_dag(seconde in 0..4_000_000_000_i64, verder in 0..200_000_i64) {
        let op = |s| Moment::from_timestamp(s, 0).unwrap();
        prop_assert!(vandaag(op(seconde)) <= vandaag(op(seconde + verder)));
    }
}
