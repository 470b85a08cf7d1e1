//! Datums en tijden zoals een Nederlandse lezer ze schrijft, in de tijd van Nederland.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

const MAANDEN: [&str; 12] = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];

/// Een dag: `15 januari 2027`.
#[must_use]
pub fn dag(dag: NaiveDate) -> String {
    let maand = usize::try_from(dag.month0()).ok().and_then(|plek| MAANDEN.get(plek)).copied().unwrap_or_default();
    format!("{} {maand} {}", dag.day(), dag.year())
}

/// Een tijdstip: `15 januari 2027 om 09:00 uur`, in Nederlandse tijd.
#[must_use]
pub fn tijdstip(moment: DateTime<Utc>) -> String {
    let hier = domain::ids::in_nederland(moment);
    format!("{} om {} uur", dag(hier.date_naive()), hier.format("%H:%M"))
}

#[cfg(test)]
mod tests {
    use super::tijdstip;

    #[test]
    fn een_tijdstip_staat_er_in_nederlandse_tijd() {
        assert_eq!(tijdstip("2027-01-15T08:00:00Z".parse().unwrap()), "15 januari 2027 om 09:00 uur");
        assert_eq!(tijdstip("2027-07-31T22:30:00Z".parse().unwrap()), "1 augustus 2027 om 00:30 uur");
    }
}
