//! De regels van het stappenplan; ieder bestand is een onderwerp, iedere proef een regel.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

mod aanmeldingen;
mod activiteiten;
mod antwoorden;
mod autorisatieplannen;
mod borging;
mod dag_in_nederland;
mod gebruikers;
mod identiteitsproviders;
mod inrichting;
mod keuzelijsten;
mod namen_van_velden;
mod netwerkaansluitingen;
mod partijen;
mod personen;
mod planning;
mod planvergelijking;
mod poorten;
mod referentie;
mod registraties;
mod resultaten;
mod staat;
mod stappen;
mod toepassingen;
mod vragenlijsten;

use domain::audit::Door;
use domain::organisaties::{Aansluitstatus, Certificering, CertificeringSoort, NieuweOrganisatie, Organisatie};
use domain::referentie::{NieuwStappenplan, Stappenplan, Stappenplaninhoud};
use domain::trajecten::{Feiten, NieuwTraject, Poort, Traject, poorten::poort};
use domain::{Datum, Id, Moment};

pub(crate) fn nu() -> Moment {
    "2026-12-01T09:00:00Z".parse().unwrap()
}

pub(crate) fn dag(tekst: &str) -> Datum {
    tekst.parse().unwrap()
}

pub(crate) fn id(nummer: u128) -> Id {
    Id::from_u128(nummer)
}

pub(crate) fn door() -> Door {
    Door { persoon_id: Some(id(900)), toepassing_id: None, organisatie_id: Some(id(901)) }
}

pub(crate) fn organisatie(nummer: u128, status: Aansluitstatus) -> Organisatie {
    let nieuw =
        NieuweOrganisatie { naam: format!("Organisatie {nummer}"), afkorting: None, oin: None, sector_code: None, emaildomeinen: vec![], onderdeel_van: None };
    Organisatie { aansluitstatus: status, ..nieuw.maak(id(nummer), nu()).unwrap() }
}

/// Het stappenplan zoals het meegeleverd wordt.
pub(crate) fn inhoud() -> Stappenplaninhoud {
    let alles: serde_json::Value = serde_json::from_str(include_str!("../../../../data/stappenplan-2026.json")).unwrap();
    serde_json::from_value(serde_json::json!({ "fasen": alles["fasen"], "processchema": alles["processchema"], "techniekacties": alles["techniekacties"] }))
        .unwrap()
}

pub(crate) fn stappenplan() -> Stappenplan {
    let concept = NieuwStappenplan { code: "2026".into(), titel: "Stappenplan 2026".into(), inhoud: inhoud() }.maak(id(50), nu()).unwrap();
    concept.publiceren(nu()).unwrap()
}

pub(crate) fn traject() -> Traject {
    let nieuw = NieuwTraject { organisatie_id: id(1), stappenplan_id: None, planning: None };
    nieuw.maak(id(100), id(101), "T-2026-0001".into(), &organisatie(1, Aansluitstatus::Geen), &stappenplan(), nu()).unwrap()
}

pub(crate) fn certificering(organisatie: u128, van: &str, tot: &str) -> Certificering {
    Certificering {
        id: id(700 + organisatie),
        organisatie_id: id(organisatie),
        soort: CertificeringSoort::Implementatiepartner,
        geldig_van_datum: dag(van),
        geldig_tot_datum: dag(tot),
        ingetrokken_op: None,
        intrekkingsreden: None,
        aangemaakt_op: nu(),
        versie: 1,
    }
}

/// De poort van een traject zonder verdere feiten.
pub(crate) fn kale_poort(traject: &Traject, stap: i16) -> Poort {
    poort(stap, &Feiten::van(traject, nu().date_naive()))
}

/// Een poort die open staat, wat er ook in staat.
pub(crate) fn open_poort(stap: i16) -> Poort {
    Poort { stap, titel: String::new(), open: true, voorwaarden: vec![] }
}
