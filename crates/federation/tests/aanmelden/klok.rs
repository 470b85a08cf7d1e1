//! Klokverschil: ruimte aan beide kanten, en nooit meer dan afgesproken.

use chrono::TimeDelta;
use domain::diagnose::DiagnoseCode as C;
use proptest::prelude::*;
use serde_json::json;

use super::idp::{Proef, nu};

/// Een aanmelding bij een IdP waarvan de klok `verschil` seconden voorloopt, met een token van `duur` seconden.
fn uitkomst(p: &Proef, verschil: i64, duur: i64) -> Result<(), C> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let t = nu().timestamp() + verschil;
    let claims = p.claims_met(json!({ "iat": t, "nbf": t, "exp": t + duur, "auth_time": t - 1 }));
    runtime.block_on(p.meld_aan(&claims)).map(drop).map_err(|fout| fout.code)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn binnen_het_klokverschil_lukt_iedere_aanmelding_en_erbuiten_geen(speling in 0_i64..=300, verschil in -700_i64..=700, duur in 1_i64..=600) {
        let mut p = Proef::start();
        p.config.instellingen.klokverschil_seconden = speling;
        let verwacht = if verschil > speling {
            Err(C::KlokLooptUit)
        } else if verschil + duur + speling <= 0 {
            // Het vertrek was vijf seconden geleden. Wie zegt het token daar ruim voor te hebben uitgegeven, loopt achter.
            Err(if -5 - verschil > speling + 5 { C::KlokLooptUit } else { C::TokenVerlopen })
        } else {
            Ok(())
        };
        prop_assert_eq!(uitkomst(&p, verschil, duur), verwacht);
    }

    #[test]
    fn een_klok_die_gelijkmatig_afwijkt_verandert_niets_aan_een_verse_aanmelding(verschil in -60_i64..=60, oud in 0_i64..=600, max_age in 0_u64..=300) {
        let p = Proef::start();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // Vertrek was vijf seconden geleden, aangemeld `oud` seconden vóór het vertrek; alles op de klok van de IdP.
        let t = nu().timestamp() + verschil;
        let claims = json!({ "iat": t, "exp": t + 300, "auth_time": t - 5 - oud });
        let gelukt = runtime.block_on(p.vers(max_age, claims)).is_ok();
        let toegestaan = i64::try_from(max_age).unwrap();
        prop_assert_eq!(gelukt, oud <= toegestaan + 5, "oud {} max_age {}", oud, max_age);
    }
}

#[test]
fn de_diagnose_noemt_het_gemeten_verschil() {
    let p = Proef::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let t = nu().timestamp();
    let voor = runtime.block_on(p.met_claims(json!({ "iat": t + 137 }))).unwrap_err();
    assert!(voor.gezien.unwrap().contains("137 seconden"));
    let achter = runtime.block_on(p.met_claims(json!({ "iat": t - 500, "exp": t - 200 }))).unwrap_err();
    assert_eq!(achter.code, C::KlokLooptUit);
    assert!(achter.gezien.as_ref().unwrap().contains("495 seconden vóór het vertrek"), "{achter:?}");
    let kort = runtime.block_on(p.met_claims(json!({ "iat": t - 65, "exp": t - 62 }))).unwrap_err();
    assert_eq!(kort.code, C::TokenVerlopen);
    assert!(kort.gezien.as_ref().unwrap().contains("62 seconden geleden verlopen, bij een levensduur van 3 seconden"), "{kort:?}");
    let van_een_ander = runtime.block_on(p.met_claims(json!({ "iat": t - 500, "exp": t - 200, "nonce": "van een eerder vertrek" }))).unwrap_err();
    assert_eq!(van_een_ander.code, C::TokenVerlopen, "een oud token zegt niets over de klok");
}

#[test]
fn een_klok_die_achterloopt_heet_niet_een_oude_aanmelding() {
    let p = Proef::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let t = nu().timestamp() - 600;
    let achter = runtime.block_on(p.vers(60, json!({ "iat": t, "exp": t + 3_600, "auth_time": t - 2 }))).unwrap_err();
    assert_eq!(achter.code, C::KlokLooptUit);
    let oud = runtime.block_on(p.vers(60, json!({ "auth_time": t }))).unwrap_err();
    assert_eq!(oud.code, C::AanmeldingTeOud);
}

#[test]
fn meer_dan_driehonderd_seconden_is_nooit_toegestaan() {
    let mut p = Proef::start();
    p.config.instellingen.klokverschil_seconden = 9_999;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let t = (nu() + TimeDelta::seconds(301)).timestamp();
    assert_eq!(runtime.block_on(p.met_claims(json!({ "iat": t }))).map(drop).unwrap_err().code, C::KlokLooptUit);
}
