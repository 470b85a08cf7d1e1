//! Personen en hun rollen.

use domain::organisaties::{Aansluitstatus, OrganisatieSoort};
use domain::personen::{NieuwePersoon, Persoon, PersoonStatus, Rol};

use super::{id, nu};

fn persoon(email: &str) -> Result<Persoon, Vec<domain::Veldfout>> {
    NieuwePersoon {
        organisatie_id: id(1),
        naam: "Lotte Voorbeeld".into(),
        email: email.into(),
        telefoon: None,
        functie: None,
        rollen: vec![Rol::Waarnemer, Rol::Waarnemer],
    }
    .maak(id(9), nu())
}

#[test]
fn een_rol_buiten_haar_organisatie_wordt_geweigerd() {
    use OrganisatieSoort::{Crisispartner, Nipv};
    for rol in Rol::ALLE {
        let bij_nipv = rol.past_bij(Nipv, true, Aansluitstatus::Live).is_ok();
        let bij_partner = rol.past_bij(Crisispartner, true, Aansluitstatus::Live).is_ok();
        assert_eq!(bij_nipv, rol.is_van_nipv() || *rol == Rol::Waarnemer, "{rol}");
        assert_eq!(bij_partner, !rol.is_van_nipv(), "{rol}");
    }
    assert_eq!(Rol::Implementatieadviseur.past_bij(Crisispartner, false, Aansluitstatus::Live).unwrap_err().code, "rol-buiten-organisatie");
    assert_eq!(Rol::Adoptieadviseur.past_bij(Crisispartner, true, Aansluitstatus::InTraject).unwrap_err().code, "rol-buiten-organisatie");
}

#[test]
fn een_persoon_begint_uitgenodigd_met_een_klein_geschreven_adres_en_zonder_dubbele_rollen() {
    let p = persoon("Lotte@Voorbeeld.Example").unwrap();
    assert_eq!((p.status, p.email.as_str(), p.rollen.len()), (PersoonStatus::Uitgenodigd, "lotte@voorbeeld.example", 1));
    for fout in ["lotte", "@voorbeeld.example", "a@b", "a b@c.example", "a@b@c.example", "a@b..example", "a@-b.example", "a@b.example."] {
        assert_eq!(persoon(fout).unwrap_err()[0].code, "email-ongeldig", "{fout}");
    }
}

#[test]
fn verwijderen_wist_persoonsgegevens_en_rollen_voorgoed() {
    let weg = persoon("l@voorbeeld.example").unwrap().verwijderen(nu()).unwrap();
    let tekst = serde_json::to_string(&weg).unwrap();
    assert!(!tekst.contains("Lotte") && !tekst.contains("l@voorbeeld"));
    assert!(weg.rollen.is_empty());
    assert_eq!(weg.blokkeren(nu()).unwrap_err().code, "persoon-verwijderd");
    assert_eq!(weg.met_rol(Rol::Waarnemer, nu()).unwrap_err().code, "persoon-verwijderd");
}

#[test]
fn blokkeren_en_deblokkeren_gaan_om_en_om() {
    let p = persoon("l@voorbeeld.example").unwrap().activeren(nu());
    let dicht = p.blokkeren(nu()).unwrap();
    assert!(!dicht.mag_werken());
    assert_eq!(dicht.blokkeren(nu()).unwrap_err().code, "al-geblokkeerd");
    let open = dicht.deblokkeren(true, nu()).unwrap();
    assert!(open.mag_werken());
    assert_eq!(open.deblokkeren(true, nu()).unwrap_err().code, "niet-geblokkeerd");
}

#[test]
fn deblokkeren_maakt_niemand_actief_die_zich_nog_nooit_aanmeldde() {
    let dicht = persoon("l@voorbeeld.example").unwrap().blokkeren(nu()).unwrap();
    let open = dicht.deblokkeren(false, nu()).unwrap();
    assert_eq!((open.status, open.mag_werken()), (PersoonStatus::Uitgenodigd, false));
    assert!(open.activeren(nu()).mag_werken(), "de eerste aanmelding doet dat");
}

#[test]
fn alleen_een_uitgenodigde_persoon_wordt_actief_door_zich_aan_te_melden() {
    let p = persoon("l@voorbeeld.example").unwrap();
    assert_eq!(p.activeren(nu()).status, PersoonStatus::Actief);
    for ander in [p.blokkeren(nu()).unwrap(), p.verwijderen(nu()).unwrap()] {
        assert_eq!(ander.activeren(nu()), ander);
    }
}
