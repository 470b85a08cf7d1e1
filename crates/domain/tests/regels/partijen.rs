//! Partijen van een traject.

use domain::organisaties::{Aansluitstatus, Certificering, CertificeringSoort, NieuweCertificering, Organisatie, OrganisatieSoort};
use domain::trajecten::{NieuwePartij, PartijRol, PartijWijziging, Traject};

use super::{certificering, dag, id, nu, organisatie, traject};

fn voeg(t: &Traject, nummer: u128, rol: PartijRol, status: Aansluitstatus, cert: (&str, &str)) -> Result<Traject, &'static str> {
    let nieuw = NieuwePartij { organisatie_id: id(nummer), rol, contactpersoon_id: None };
    t.met_partij(id(300 + nummer), &nieuw, &organisatie(nummer, status), &[certificering(nummer, cert.0, cert.1)], nu()).map(|(t, _)| t).map_err(|w| w.code)
}

const GELDIG: (&str, &str) = ("2026-01-01", "2027-01-01");

#[test]
fn een_implementatiepartner_is_vandaag_gecertificeerd() {
    assert!(voeg(&traject(), 2, PartijRol::Implementatiepartner, Aansluitstatus::Geen, GELDIG).is_ok());
    for verlopen in [("2025-01-01", "2026-11-30"), ("2026-12-02", "2027-12-01")] {
        assert_eq!(voeg(&traject(), 2, PartijRol::Implementatiepartner, Aansluitstatus::Geen, verlopen), Err("certificering-ongeldig"));
    }
}

#[test]
fn een_ingetrokken_certificering_geldt_niet() {
    let c = certificering(2, "2026-01-01", "2027-01-01");
    assert!(c.geldig_op(dag("2026-12-01")));
    let weg = c.intrekken("op verzoek", nu()).unwrap();
    assert!(!weg.geldig_op(dag("2026-12-01")));
    assert_eq!(weg.intrekken("nog eens", nu()).unwrap_err().code, "al-ingetrokken");
}

#[test]
fn van_een_soort_loopt_een_certificering_tegelijk_en_nipv_heeft_er_geen() {
    let organisatie = organisatie(2, Aansluitstatus::Geen);
    let lopend = certificering(2, "2026-01-01", "2026-12-31");
    let verleen = |soort, van: &str, tot: &str, naast: &[Certificering]| {
        let nieuw = NieuweCertificering { soort, geldig_van_datum: dag(van), geldig_tot_datum: dag(tot) };
        nieuw.verleenbaar(&organisatie, naast).map_err(|w| w.code)
    };
    use CertificeringSoort::{Implementatiepartner, Opleidingspartner};
    for (van, tot) in [("2026-06-01", "2027-06-01"), ("2025-01-01", "2026-01-01"), ("2026-12-31", "2026-12-31"), ("2025-01-01", "2028-01-01")] {
        assert_eq!(verleen(Implementatiepartner, van, tot, std::slice::from_ref(&lopend)), Err("certificering-overlapt"), "{van} {tot}");
        assert_eq!(verleen(Opleidingspartner, van, tot, std::slice::from_ref(&lopend)), Ok(()), "een andere soort");
    }
    assert_eq!(verleen(Implementatiepartner, "2027-01-01", "2028-12-31", std::slice::from_ref(&lopend)), Ok(()), "aansluitend");
    let ingetrokken = lopend.intrekken("op verzoek", nu()).unwrap();
    assert_eq!(verleen(Implementatiepartner, "2026-06-01", "2027-06-01", &[ingetrokken]), Ok(()));
    let nipv = Organisatie { soort: OrganisatieSoort::Nipv, ..organisatie.clone() };
    let nieuw = NieuweCertificering { soort: Opleidingspartner, geldig_van_datum: dag("2026-01-01"), geldig_tot_datum: dag("2026-12-31") };
    assert_eq!(nieuw.verleenbaar(&nipv, &[]).unwrap_err().code, "nipv-niet-certificeerbaar");
}

#[test]
fn een_adoptiepartner_is_zelf_live() {
    assert!(voeg(&traject(), 3, PartijRol::Adoptiepartner, Aansluitstatus::Live, GELDIG).is_ok());
    assert_eq!(voeg(&traject(), 3, PartijRol::Adoptiepartner, Aansluitstatus::InTraject, GELDIG), Err("adoptiepartner-niet-live"));
}

#[test]
fn de_aan_te_sluiten_organisatie_begeleidt_zichzelf_niet_en_ligt_vast() {
    assert_eq!(voeg(&traject(), 1, PartijRol::Adoptiepartner, Aansluitstatus::Live, GELDIG), Err("partij-is-crisispartner"));
    assert_eq!(voeg(&traject(), 4, PartijRol::Crisispartner, Aansluitstatus::Geen, GELDIG), Err("partij-rol-vast"));
    let einde = PartijWijziging { tot_datum: Some(dag("2027-01-01")), contactpersoon_id: None };
    assert_eq!(traject().met_gewijzigde_partij(id(101), &einde, nu()).unwrap_err().code, "partij-rol-vast");
}

#[test]
fn per_rol_is_er_een_partij_tegelijk() {
    let t = voeg(&traject(), 2, PartijRol::Implementatiepartner, Aansluitstatus::Geen, GELDIG).unwrap();
    assert_eq!(voeg(&t, 5, PartijRol::Implementatiepartner, Aansluitstatus::Geen, GELDIG), Err("partij-al-betrokken"));
    let einde = PartijWijziging { tot_datum: Some(dag("2026-12-01")), contactpersoon_id: None };
    let (t, _) = t.met_gewijzigde_partij(id(302), &einde, nu()).unwrap().unwrap();
    assert!(t.rollen_van(id(2), dag("2026-12-01")).contains(&PartijRol::Implementatiepartner));
    assert!(t.rollen_van(id(2), dag("2026-12-02")).is_empty());
}

#[test]
fn een_beeindigde_betrokkenheid_herleeft_niet() {
    let t = voeg(&traject(), 2, PartijRol::Implementatiepartner, Aansluitstatus::Geen, GELDIG).unwrap();
    let tot = |t: &Traject, datum, nu| t.met_gewijzigde_partij(id(302), &PartijWijziging { tot_datum: Some(dag(datum)), contactpersoon_id: None }, nu);
    let (t, _) = tot(&t, "2026-12-05", nu()).unwrap().unwrap();
    let (t, _) = tot(&t, "2026-12-03", nu()).unwrap().unwrap();
    let later = "2026-12-04T09:00:00Z".parse().unwrap();
    assert_eq!(tot(&t, "2027-06-01", later).unwrap_err().code, "partij-al-beeindigd");
    assert_eq!(tot(&t, "2026-11-30", nu()).unwrap_err().code, "partij-einde-ongeldig");
}

#[test]
fn een_certificering_verloopt_om_middernacht_in_nederland() {
    let nieuw = NieuwePartij { organisatie_id: id(2), rol: PartijRol::Implementatiepartner, contactpersoon_id: None };
    let cert = [certificering(2, "2026-01-01", "2026-11-30")];
    let op = |moment: &str| traject().met_partij(id(3), &nieuw, &organisatie(2, Aansluitstatus::Geen), &cert, moment.parse().unwrap()).map(|_| ());
    assert!(op("2026-11-30T22:59:59Z").is_ok());
    assert_eq!(op("2026-11-30T23:00:00Z").unwrap_err().code, "certificering-ongeldig");
}
