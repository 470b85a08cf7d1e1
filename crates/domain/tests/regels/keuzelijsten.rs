//! Keuzelijsten heten op de draad, in de database en in code hetzelfde.

use std::collections::HashSet;

use domain::afnames::{Aanleiding, AfnameOvergangSoort, AfnameStatus, Hoedanigheid, Ontvangst};
use domain::organisaties::{Aansluitstatus, CertificeringSoort, NetwerkSoort, NetwerkStatus, OrganisatieSoort, Testresultaat};
use domain::personen::{PersoonStatus, Rol};
use domain::referentie::StappenplanStatus;
use domain::staat::Puntsoort;
use domain::toepassingen::{Profiel, Scope, SubSoort, ToepassingSoort, ToepassingStatus};
use domain::trajecten::{ActiviteitStatus, BeeindigingReden, Borging, Borgingsstand, PartijRol, Partijsoort, TrajectStatus, VoorwaardeSoort};
use domain::vragenlijsten::{Coordinatieniveau, VragenlijstStatus};

macro_rules! heen_en_terug {
    ($($soort:ty),+ $(,)?) => {
        $({
            let mut namen = HashSet::new();
            for waarde in <$soort>::ALLE {
                let tekst = waarde.as_str();
                assert_eq!(tekst.parse::<$soort>().unwrap(), *waarde);
                assert_eq!(serde_json::to_value(waarde).unwrap(), tekst);
                assert_eq!(serde_json::from_value::<$soort>(tekst.into()).unwrap(), *waarde);
                assert_eq!(waarde.to_string(), tekst);
                assert!(tekst.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b':')), "{tekst}");
                assert!(namen.insert(tekst), "{tekst} komt twee keer voor");
            }
            for vreemd in ["", "ONBEKEND", "bestaat-niet"] {
                assert!(vreemd.parse::<$soort>().is_err());
                assert!(serde_json::from_value::<$soort>(vreemd.into()).is_err());
            }
        })+
    };
}

#[test]
fn iedere_waarde_gaat_heen_en_terug_zonder_te_veranderen() {
    heen_en_terug!(
        Aansluitstatus,
        CertificeringSoort,
        NetwerkSoort,
        NetwerkStatus,
        OrganisatieSoort,
        Testresultaat,
        PersoonStatus,
        Rol,
        StappenplanStatus,
        Scope,
        ToepassingStatus,
        ToepassingSoort,
        Profiel,
        SubSoort,
        ActiviteitStatus,
        BeeindigingReden,
        PartijRol,
        Partijsoort,
        TrajectStatus,
        VoorwaardeSoort,
        Borging,
        Borgingsstand,
        Aanleiding,
        AfnameStatus,
        AfnameOvergangSoort,
        Hoedanigheid,
        Ontvangst,
        VragenlijstStatus,
        Coordinatieniveau,
        Puntsoort,
    );
    assert_eq!((Rol::ALLE.len(), Scope::ALLE.len()), (13, 31));
}
