//! De onthouden keuze: per portaal welke organisatie op dit apparaat het laatst gekozen is, in een getekende cookie.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::{Id, Moment};
use serde::{Deserialize, Serialize};

use super::geheimen::Geheimen;

const DOEL: &str = "keuze";
/// Van zoveel portalen onthouden wij de keuze; de oudste valt af.
const HOOGSTENS: usize = 10;
const BEWAREN: TimeDelta = TimeDelta::days(90);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Keuze(Id, Id, i64);

/// De keuzes in een cookie; een cookie die niet klopt is geen cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keuzes(Vec<Keuze>);

impl Keuzes {
    pub(crate) fn lees(cookie: Option<&str>, geheimen: &Geheimen, nu: Moment) -> Self {
        let gelezen = cookie.and_then(|cookie| {
            let (inhoud, teken) = cookie.split_once('.')?;
            let bytes = geheimen.klopt(DOEL, &[inhoud], teken).then(|| URL_SAFE_NO_PAD.decode(inhoud).ok())??;
            serde_json::from_slice::<Vec<Keuze>>(&bytes).ok()
        });
        let mut keuzes = gelezen.unwrap_or_default();
        keuzes.retain(|keuze| keuze.2 > nu.timestamp());
        Self(keuzes)
    }

    /// De organisatie die voor dit portaal gekozen is.
    pub(crate) fn voor(&self, portaal: Id) -> Option<Id> {
        self.0.iter().find(|keuze| keuze.0 == portaal).map(|keuze| keuze.1)
    }

    /// De cookie met deze keuze erbij.
    pub(crate) fn met(mut self, portaal: Id, organisatie: Id, geheimen: &Geheimen, nu: Moment) -> String {
        self.0.retain(|keuze| keuze.0 != portaal);
        self.0.insert(0, Keuze(portaal, organisatie, (nu + BEWAREN).timestamp()));
        self.0.truncate(HOOGSTENS);
        let inhoud = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&self.0).unwrap_or_default());
        format!("{inhoud}.{}", geheimen.teken(DOEL, &[&inhoud]))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use domain::Id;

    use super::{Geheimen, Keuzes};

    #[test]
    fn een_keuze_geldt_per_portaal_negentig_dagen_en_alleen_met_onze_handtekening() {
        let geheimen = Geheimen::nieuw(&[1; 32], "https://aansluitloket.example");
        let nu = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (portaal, ander, organisatie) = (Id::from_u128(1), Id::from_u128(2), Id::from_u128(3));
        let cookie = Keuzes::default().met(portaal, organisatie, &geheimen, nu);
        let lees = |cookie: &str, op| Keuzes::lees(Some(cookie), &geheimen, op);
        assert_eq!(lees(&cookie, nu).voor(portaal), Some(organisatie));
        assert_eq!(lees(&cookie, nu).voor(ander), None);
        assert_eq!(lees(&cookie, nu + TimeDelta::days(90)).voor(portaal), None);
        assert_eq!(lees(&cookie.replacen('W', "X", 1), nu), Keuzes::default());
        assert_eq!(lees("onzin", nu), Keuzes::default());
    }

    #[test]
    fn van_ten_hoogste_tien_portalen_blijft_de_keuze_bewaard() {
        let geheimen = Geheimen::nieuw(&[1; 32], "https://aansluitloket.example");
        let nu = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut cookie = String::new();
        for portaal in 1..=12 {
            cookie = Keuzes::lees(Some(&cookie), &geheimen, nu).met(Id::from_u128(portaal), Id::from_u128(99), &geheimen, nu);
        }
        let keuzes = Keuzes::lees(Some(&cookie), &geheimen, nu);
        assert_eq!((keuzes.voor(Id::from_u128(2)), keuzes.voor(Id::from_u128(3))), (None, Some(Id::from_u128(99))));
        assert!(cookie.len() < 2048);
    }
}
