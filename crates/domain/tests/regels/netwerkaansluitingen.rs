//! Netwerkaansluitingen en hun tests.

use domain::organisaties::{NetwerkSoort, NetwerkStatus, NetwerkaansluitingWijziging, NieuweNetwerkaansluiting, Testresultaat};

use super::{id, nu};

#[test]
fn een_test_is_gedaan_en_heeft_een_moment() {
    let lijn = NieuweNetwerkaansluiting { soort: NetwerkSoort::Diginetwerk, status: NetwerkStatus::InAanvraag, toelichting: None }.maak(id(1), id(2));
    let geslaagd = NetwerkaansluitingWijziging { testresultaat: Some(Testresultaat::Geslaagd), ..Default::default() };
    assert_eq!(geslaagd.toepassen(&lijn, nu()).unwrap_err()[0].code, "verplicht");
    let morgen = NetwerkaansluitingWijziging { laatst_getest_op: Some("2026-12-02T09:00:00Z".parse().unwrap()), ..geslaagd.clone() };
    assert_eq!(morgen.toepassen(&lijn, nu()).unwrap_err()[0].code, "in-de-toekomst");
    let net = NetwerkaansluitingWijziging { laatst_getest_op: Some(nu()), ..geslaagd };
    assert_eq!(net.toepassen(&lijn, nu()).unwrap().testresultaat, Some(Testresultaat::Geslaagd));
}
