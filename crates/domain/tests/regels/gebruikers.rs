//! De gebruikerslijst.

use std::collections::HashMap;

use domain::gebruikers::{Gebruiker, GebruikerStatus, GebruikerWijziging, Kolommen, Lijstrij, NieuweGebruiker, Rijkeuring, verwerk};
use proptest::prelude::*;

use super::{id, nu};

fn gegevens(naam: &str, email: &str) -> NieuweGebruiker {
    NieuweGebruiker { naam: naam.to_owned(), email: email.to_owned(), ..NieuweGebruiker::default() }
}

fn codes(g: &NieuweGebruiker) -> Vec<String> {
    g.fouten().into_iter().map(|f| format!("{} {}", f.location, f.code)).collect()
}

#[test]
fn een_rij_uit_een_bestand_noemt_al_haar_fouten_tegelijk() {
    let slecht = NieuweGebruiker {
        naam: " ".into(),
        email: "geen-adres".into(),
        telefoon: Some("bel mij".into()),
        functie: Some("x".repeat(201)),
        beoogd_profiel: None,
    };
    assert_eq!(codes(&slecht), ["/naam leeg", "/email email-ongeldig", "/telefoon telefoon-ongeldig", "/functie te-lang"]);
}

#[test]
fn een_burgerservicenummer_hoort_niet_op_de_lijst() {
    let mut g = gegevens("Noor Voorbeeld", "noor@voorbeeld.example");
    g.functie = Some("medewerker 111222333".into());
    assert_eq!(codes(&g), ["/functie burgerservicenummer"]);
    g.functie = Some("medewerker 111222334".into());
    assert!(codes(&g).is_empty(), "negen cijfers die niet aan de elfproef voldoen zijn geen burgerservicenummer");
}

#[test]
fn verwijderen_laat_geen_persoonsgegeven_over() {
    let g = NieuweGebruiker {
        telefoon: Some("+31 20 000 00 00".into()),
        functie: Some("f".into()),
        beoogd_profiel: Some("p".into()),
        ..gegevens("Noor", "noor@voorbeeld.example")
    };
    let weg = g.maak(id(1), id(2), nu()).unwrap().verwijderen(nu()).unwrap();
    assert_eq!((weg.status, weg.telefoon.is_none(), weg.functie.is_none(), weg.beoogd_profiel.is_none()), (GebruikerStatus::Verwijderd, true, true, true));
    let tekst = serde_json::to_string(&weg).unwrap();
    assert!(!tekst.contains("Noor") && !tekst.contains("noor@"), "{tekst}");
    assert_eq!(weg.blokkeren(nu()).unwrap_err().code, "gebruiker-verwijderd");
    assert_eq!(weg.verwijderen(nu()).unwrap_err().code, "gebruiker-verwijderd");
}

#[test]
fn blokkeren_en_deblokkeren_wisselen_elkaar_af() {
    let g = gegevens("Noor", "noor@voorbeeld.example").maak(id(1), id(2), nu()).unwrap();
    assert_eq!(g.deblokkeren(nu()).unwrap_err().code, "niet-geblokkeerd");
    let dicht = g.blokkeren(nu()).unwrap();
    assert_eq!(dicht.blokkeren(nu()).unwrap_err().code, "al-geblokkeerd");
    assert!(dicht.deblokkeren(nu()).unwrap().is_actief());
}

#[test]
fn een_wijziging_wordt_net_zo_streng_gekeurd_als_een_nieuwe() {
    let g = gegevens("Noor", "noor@voorbeeld.example").maak(id(1), id(2), nu()).unwrap();
    let fouten = GebruikerWijziging { email: Some("kapot".into()), naam: Some("".into()), ..Default::default() }.toepassen(&g, nu()).unwrap_err();
    assert_eq!(fouten.len(), 2);
}

#[test]
fn een_adres_dat_twee_keer_in_een_bestand_staat_is_een_fout_op_de_tweede_rij() {
    let mut keuring = Rijkeuring::default();
    keuring.neem(Lijstrij { rij: 2, gegevens: gegevens("A", "a@voorbeeld.example") });
    keuring.neem(Lijstrij { rij: 3, gegevens: gegevens("B", "A@voorbeeld.example") });
    assert_eq!((keuring.aantal_fouten, keuring.fouten[0].rij, keuring.fouten[0].code.as_str()), (1, 3, "dubbel"));
    assert!(keuring.fouten[0].detail.contains("rij 2"));
}

fn lijst(rijen: &[(String, Option<String>)]) -> Vec<Lijstrij> {
    let rij = |(plek, (naam, functie)): (usize, &(String, Option<String>))| Lijstrij {
        rij: u32::try_from(plek + 2).unwrap(),
        gegevens: NieuweGebruiker { functie: functie.clone(), ..gegevens(naam, &format!("u{plek}@voorbeeld.example")) },
    };
    rijen.iter().enumerate().map(rij).collect()
}

fn nieuw(teller: &mut u128, g: NieuweGebruiker) -> Gebruiker {
    *teller += 1;
    g.maak(id(*teller), id(9), nu()).unwrap()
}

proptest! {
    #[test]
    fn dezelfde_lijst_twee_keer_verandert_de_tweede_keer_niets(rijen in prop::collection::vec(("[A-Z][a-z]{1,8}", prop::option::of("[a-z]{1,8}")), 0..40)) {
        let kolommen = Kolommen { functie: true, ..Kolommen::default() };
        let (mut teller, mut bestaand) = (0, HashMap::new());
        let eerst = verwerk(&bestaand, lijst(&rijen), kolommen, |g| nieuw(&mut teller, g), nu());
        prop_assert_eq!(eerst.nieuw.len(), rijen.len());
        bestaand.extend(eerst.nieuw.into_iter().map(|g| (g.email.clone(), g)));
        let weer = verwerk(&bestaand, lijst(&rijen), kolommen, |g| nieuw(&mut teller, g), nu());
        prop_assert!(weer.nieuw.is_empty() && weer.gewijzigd.is_empty());
        prop_assert_eq!(usize::try_from(weer.ongewijzigd).unwrap(), rijen.len());
    }
}

#[test]
fn een_kolom_die_het_bestand_niet_heeft_blijft_zoals_hij_was() {
    let oud = NieuweGebruiker { functie: Some("Arts".into()), telefoon: Some("020 000 00 00".into()), ..gegevens("A", "u0@voorbeeld.example") };
    let bestaand = HashMap::from([("u0@voorbeeld.example".to_owned(), oud.maak(id(1), id(9), nu()).unwrap())]);
    let rijen = || lijst(&[("B".to_owned(), None)]);
    let zonder = verwerk(&bestaand, rijen(), Kolommen::default(), |_| unreachable!(), nu());
    assert_eq!(zonder.gewijzigd[0].1.functie.as_deref(), Some("Arts"));
    let met = verwerk(&bestaand, rijen(), Kolommen { functie: true, ..Kolommen::default() }, |_| unreachable!(), nu());
    assert_eq!((met.gewijzigd[0].1.functie.as_deref(), met.gewijzigd[0].1.telefoon.as_deref()), (None, Some("020 000 00 00")));
}
