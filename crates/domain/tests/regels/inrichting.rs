//! Teams, disciplines, functies en sjablonen.

use domain::inrichting::{
    Bullet, Coordinatieniveau, InrichtingSoort, InrichtingStatus, InrichtingsonderdeelWijziging, NieuwInrichtingsonderdeel, NieuwSjabloon, Pagina, Sjabloon,
    Sjablooninhoud, Thema, Veld, Verplaatsing,
};

use super::{id, nu};

fn wens(code: &str, niveau: Option<Coordinatieniveau>) -> NieuwInrichtingsonderdeel {
    NieuwInrichtingsonderdeel { code: code.to_owned(), naam: "Naam".to_owned(), coordinatieniveau: niveau }
}

#[test]
fn alleen_een_team_heeft_een_coordinatieniveau() {
    let fout = |w: NieuwInrichtingsonderdeel, soort| w.maak(id(1), id(2), soort, nu()).unwrap_err()[0].code.clone();
    assert_eq!(fout(wens("a", None), InrichtingSoort::Team), "verplicht");
    assert_eq!(fout(wens("a", Some(Coordinatieniveau::Tactisch)), InrichtingSoort::Functie), "alleen-bij-team");
    assert_eq!(fout(wens("A b", None), InrichtingSoort::Functie), "code-ongeldig");
}

#[test]
fn wat_ingericht_was_en_wijzigt_wordt_weer_een_wens() {
    let team = wens("a", Some(Coordinatieniveau::Tactisch)).maak(id(1), id(2), InrichtingSoort::Team, nu()).unwrap();
    let ingericht = team.inrichten(nu()).unwrap();
    assert_eq!(ingericht.inrichten(nu()).unwrap_err().code, "al-ingericht");
    let wijziging = InrichtingsonderdeelWijziging { naam: Some("Anders".into()), ..Default::default() };
    let weer = wijziging.toepassen(&ingericht, nu()).unwrap();
    assert_eq!((weer.status, weer.ingericht_op), (InrichtingStatus::Gewenst, None));
    assert_eq!(weer.vervallen(nu()).unwrap().inrichten(nu()).unwrap_err().code, "onderdeel-vervallen");
}

fn sjabloon() -> Sjabloon {
    let thema = |naam: &str| Thema { naam: naam.into(), bullets: vec![Bullet { tekst: format!("{naam} 1") }, Bullet { tekst: format!("{naam} 2") }] };
    let veld = |naam: &str| Veld { naam: naam.into(), themas: vec![thema(&format!("{naam} a")), thema(&format!("{naam} b"))] };
    let pagina = |naam: &str| Pagina { naam: naam.into(), velden: vec![veld(&format!("{naam} x")), veld(&format!("{naam} y"))] };
    let inhoud = Sjablooninhoud { paginas: vec![pagina("p"), pagina("q")] };
    NieuwSjabloon { naam: "S".into(), inhoud: Some(inhoud), kopie_van: None }.maak(id(1), id(2), None, nu()).unwrap()
}

fn zet(s: &Sjabloon, van: &[u16], naar: &[u16]) -> Result<Sjabloon, String> {
    s.verplaats(&Verplaatsing { van: van.to_vec(), naar: naar.to_vec() }, nu()).map_err(|f| f[0].code.clone())
}

#[test]
fn een_veld_verhuist_met_alles_wat_eronder_hangt() {
    let s = sjabloon();
    let na = zet(&s, &[0, 1], &[1, 0]).unwrap();
    assert_eq!(na.inhoud.paginas[0].velden.len(), 1);
    assert_eq!(na.inhoud.paginas[1].velden[0], s.inhoud.paginas[0].velden[1]);
    assert_eq!(zet(&na, &[1, 0], &[0, 1]).unwrap().inhoud, s.inhoud, "terugzetten geeft de oude opbouw");
}

#[test]
fn een_onderdeel_blijft_op_zijn_niveau_en_op_een_bestaande_plaats() {
    let s = sjabloon();
    for (van, naar) in [(vec![0], vec![0, 0]), (vec![5], vec![0]), (vec![0], vec![9]), (vec![0, 0, 0, 7], vec![0, 0, 0, 0]), (vec![], vec![])] {
        assert_eq!(zet(&s, &van, &naar).unwrap_err(), "plaats-onbekend", "{van:?} {naar:?}");
    }
    assert_eq!(zet(&s, &[1], &[0]).unwrap().inhoud.paginas[0].naam, "q");
}

#[test]
fn twee_onderdelen_op_een_niveau_heten_niet_hetzelfde() {
    let mut inhoud = sjabloon().inhoud;
    inhoud.paginas[1].naam = "P".into();
    let fouten = NieuwSjabloon { naam: "S".into(), inhoud: Some(inhoud), kopie_van: None }.maak(id(1), id(2), None, nu()).unwrap_err();
    assert_eq!((fouten[0].location.as_str(), fouten[0].code.as_str()), ("/inhoud/paginas/1/naam", "dubbel"));
}

#[test]
fn een_kopie_is_een_eigen_sjabloon_van_een_voorbeeld_of_van_zichzelf() {
    let bron = sjabloon();
    let kopie = NieuwSjabloon { naam: "K".into(), inhoud: None, kopie_van: Some(bron.id) }.maak(id(5), id(6), Some(&bron), nu()).unwrap();
    assert_eq!((&kopie.inhoud, kopie.kopie_van, kopie.organisatie_id), (&bron.inhoud, Some(bron.id), id(6)));
    assert_eq!(bron.mag_kopie_voor(id(6)).unwrap_err().code, "sjabloon-niet-over-te-nemen");
    assert!(Sjabloon { voorbeeld: true, ..bron.clone() }.mag_kopie_voor(id(6)).is_ok());
    assert!(bron.mag_kopie_voor(bron.organisatie_id).is_ok());
    let allebei = NieuwSjabloon { naam: "K".into(), inhoud: Some(Sjablooninhoud::default()), kopie_van: Some(bron.id) };
    assert_eq!(allebei.maak(id(5), id(6), Some(&bron), nu()).unwrap_err()[0].code, "inhoud-of-kopie");
}
