//! De eenmalige code en de sessie.

use chrono::TimeDelta;
use domain::aanmeldingen::{CODE_POGINGEN, CodeOordeel, EenmaligeCode, binnen_domeinen, cijfers, nieuwe_code};
use domain::sessies::{EindeReden, LANGST, STIL, Sessie};
use domain::{Id, Moment, Rng};
use proptest::prelude::*;

fn nu() -> Moment {
    Moment::from_timestamp(1_800_000_000, 0).unwrap()
}

fn code(pogingen: i64) -> EenmaligeCode {
    EenmaligeCode {
        persoon_id: Id::from_u128(1),
        poging_id: Id::from_u128(2),
        code_hash: "hash".to_owned(),
        pogingen,
        verloopt_op: nu() + TimeDelta::minutes(10),
    }
}

#[test]
fn een_code_telt_vijf_keer_tien_minuten_en_alleen_in_de_eigen_aanmelding() {
    let eigen = Id::from_u128(2);
    assert_eq!(code(0).oordeel(eigen, true, nu()), CodeOordeel::Goed);
    assert_eq!(code(0).oordeel(eigen, false, nu()), CodeOordeel::Fout { over: 4 });
    assert_eq!(code(4).oordeel(eigen, false, nu()), CodeOordeel::Fout { over: 0 });
    assert_eq!(code(4).oordeel(eigen, true, nu()), CodeOordeel::Goed);
    assert_eq!(code(CODE_POGINGEN).oordeel(eigen, true, nu()), CodeOordeel::Dood, "ook goed is na vijf keer te laat");
    assert_eq!(code(0).oordeel(eigen, true, nu() + TimeDelta::minutes(10)), CodeOordeel::Dood);
    assert_eq!(code(0).oordeel(Id::from_u128(3), true, nu()), CodeOordeel::Dood, "een andere browser");
}

proptest! {
    #[test]
    fn een_code_heeft_altijd_acht_cijfers(byte in any::<u8>()) {
        let gemaakt = nieuwe_code(&Rng::new(move |buffer| buffer.fill(byte)));
        prop_assert_eq!(cijfers(&gemaakt), Some(gemaakt));
    }
}

#[test]
fn een_code_mag_met_spaties_of_streepjes_worden_getypt() {
    assert_eq!(cijfers(" 1234 5678 ").as_deref(), Some("12345678"));
    assert_eq!(cijfers("1234-5678").as_deref(), Some("12345678"));
    for fout in ["1234567", "123456789", "1234567a", "", "\u{0661}2345678"] {
        assert_eq!(cijfers(fout), None, "{fout}");
    }
}

#[test]
fn een_adres_valt_alleen_binnen_een_geregistreerd_domein() {
    let eigen = ["voorbeeld.example".to_owned()];
    assert!(binnen_domeinen("lotte@Voorbeeld.example", &eigen));
    for buiten in ["lotte@sub.voorbeeld.example", "lotte@voorbeeld.example.kwaad.example", "lotte", "lotte@", "voorbeeld.example"] {
        assert!(!binnen_domeinen(buiten, &eigen), "{buiten}");
    }
    assert!(!binnen_domeinen("lotte@voorbeeld.example", &[]), "zonder domeinen valt niets erbinnen");
}

fn sessie() -> Sessie {
    Sessie {
        id: Id::from_u128(1),
        persoon_id: Id::from_u128(2),
        organisatie_id: Id::from_u128(3),
        identiteitsprovider_id: None,
        issuer: "https://idp.voorbeeld.example".to_owned(),
        upstream_sub: "u1".to_owned(),
        upstream_sid: None,
        acr: None,
        amr: Vec::new(),
        upstream_acr: None,
        upstream_amr: Vec::new(),
        auth_time: nu(),
        gestart_op: nu(),
        laatst_gebruikt_op: nu(),
        verloopt_op: nu() + LANGST,
        beeindigd_op: None,
        einde_reden: None,
    }
}

#[test]
fn een_sessie_telt_tot_zij_stil_ligt_verloopt_of_eindigt() {
    assert!(sessie().geldt(nu() + STIL - TimeDelta::seconds(1)));
    assert!(!sessie().geldt(nu() + STIL));
    let gebruikt = Sessie { laatst_gebruikt_op: nu() + LANGST - TimeDelta::minutes(1), ..sessie() };
    assert!(gebruikt.geldt(nu() + LANGST - TimeDelta::seconds(1)));
    assert!(!gebruikt.geldt(nu() + LANGST));
    let af = sessie().beeindigen(EindeReden::Afgemeld, nu()).unwrap();
    assert!(!af.geldt(nu()));
    assert_eq!(af.beeindigen(EindeReden::Afgemeld, nu()).unwrap_err().code, "sessie-al-beeindigd");
}

#[test]
fn max_age_meet_vanaf_de_aanmelding_bij_de_organisatie() {
    assert!(sessie().jong_genoeg(None, nu() + LANGST));
    assert!(sessie().jong_genoeg(Some(60), nu() + TimeDelta::seconds(60)));
    assert!(!sessie().jong_genoeg(Some(60), nu() + TimeDelta::seconds(61)));
    assert!(!sessie().jong_genoeg(Some(0), nu()), "nul vraagt altijd een nieuwe aanmelding");
}

#[test]
fn een_sessie_toont_niet_wie_iemand_bij_de_eigen_organisatie_is() {
    let json = serde_json::to_value(sessie()).unwrap();
    assert!(json.get("upstreamSub").is_none() && json.get("upstreamSid").is_none());
    assert_eq!(json["aangemeldOp"], "2027-01-15T08:00:00Z");
}
