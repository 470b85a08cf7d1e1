//! Vragenlijsten: gegevens van een uitgave, die vastligt zodra zij gepubliceerd is.

use domain::vragenlijsten::{Coordinatieniveau, NieuweVragenlijst, Vertaling, Vragenlijst, VragenlijstStatus, vertaling};

use super::{id, nu};

pub(crate) fn inhoud() -> NieuweVragenlijst {
    serde_json::from_str(include_str!("../../../../data/vragenlijst-3.json")).unwrap()
}

pub(crate) fn lijst(nummer: u128) -> Vragenlijst {
    inhoud().maak(id(nummer), None, nu()).unwrap().publiceren(nu()).unwrap()
}

/// Een volgende uitgave waarin vraag 1 vervalt en de rest een nummer opschuift.
pub(crate) fn volgende(nummer: u128, vorige: &Vragenlijst, uitgave: &str) -> Vragenlijst {
    let mut nieuw = vorige.inhoud.clone();
    uitgave.clone_into(&mut nieuw.uitgave);
    nieuw.volgt_op_uitgave = Some(vorige.inhoud.uitgave.clone());
    nieuw.vragen.remove(0);
    for vraag in &mut nieuw.vragen {
        vraag.vervolg_op = Some(vraag.nummer);
        vraag.nummer -= 1;
    }
    nieuw.maak(id(nummer), Some(vorige), nu()).unwrap().publiceren(nu()).unwrap()
}

#[test]
fn vragenlijst_3_heeft_35_vragen_in_zes_categorieen_met_14_kernvragen() {
    let lijst = lijst(1);
    let per_categorie: Vec<usize> = lijst.inhoud.categorieen.iter().map(|c| lijst.inhoud.vragen.iter().filter(|v| v.categorie == c.code).count()).collect();
    assert_eq!((lijst.inhoud.uitgave.as_str(), lijst.inhoud.vragen.len()), ("2.1", 35));
    assert_eq!(per_categorie, [3, 12, 5, 8, 5, 2]);
    let kern: Vec<i16> = lijst.inhoud.vragen.iter().filter(|v| v.kernvraag).map(|v| v.nummer).collect();
    assert_eq!(kern, [1, 4, 5, 6, 7, 8, 16, 21, 22, 23, 24, 29, 30, 34]);
    assert!(lijst.inhoud.antwoordschaal.voorlopig);
}

#[test]
fn vraag_32_bestaat_alleen_voor_tactische_teams() {
    let lijst = lijst(1);
    for niveau in Coordinatieniveau::ALLE {
        let heeft = lijst.vragen_voor(Some(*niveau)).any(|v| v.nummer == 32);
        assert_eq!(heeft, *niveau == Coordinatieniveau::Tactisch, "{niveau}");
    }
}

#[test]
fn een_gepubliceerde_uitgave_verandert_niet_meer() {
    let lijst = lijst(1);
    assert_eq!(lijst.te_wijzigen().unwrap_err().code, "vragenlijst-ligt-vast");
    assert_eq!(lijst.publiceren(nu()).unwrap_err().code, "vragenlijst-ligt-vast");
    let ingetrokken = lijst.intrekken(nu()).unwrap();
    assert_eq!(ingetrokken.status, VragenlijstStatus::Ingetrokken);
    assert_eq!(ingetrokken.bruikbaar().unwrap_err().code, "vragenlijst-niet-gepubliceerd");
}

#[test]
fn alle_fouten_in_een_lijst_worden_tegelijk_genoemd() {
    let mut fout = inhoud();
    fout.vragen[1].nummer = 1;
    fout.vragen[2].categorie = "bestaat-niet".to_owned();
    fout.antwoordschaal.waarden[0].score = Some(0.1234);
    fout.vragen[3].vervolg_op = Some(4);
    let codes: Vec<String> = fout.maak(id(1), None, nu()).unwrap_err().into_iter().map(|f| format!("{} {}", f.location, f.code)).collect();
    for verwacht in [
        "/vragen/1/nummer dubbel",
        "/vragen/2/categorie categorie-onbekend",
        "/antwoordschaal/waarden/0/score score-ongeldig",
        "/vragen/3/vervolgOp vorige-uitgave-ontbreekt",
    ] {
        assert!(codes.iter().any(|c| c == verwacht), "{verwacht} in {codes:?}");
    }
}

#[test]
fn een_vraag_leeft_voort_langs_het_vastgelegde_vervolg_en_anders_niet() {
    let eerste = lijst(1);
    let tweede = volgende(2, &eerste, "2.2");
    let derde = volgende(3, &tweede, "2.3");
    let alle = [eerste.clone(), tweede.clone(), derde.clone()];
    let twee_verder: Vertaling = vertaling(&eerste, &derde, &alle).unwrap();
    assert_eq!((twee_verder.get(&3), twee_verder.get(&1), twee_verder.len()), (Some(&1), None, 33));
    assert!(vertaling(&derde, &eerste, &alle).is_none(), "terug in de tijd is er geen vervolg");
    assert!(vertaling(&eerste, &derde, &[eerste.clone(), derde.clone()]).is_none(), "zonder de tussenliggende uitgave is er geen weg");
}

#[test]
fn uitkomsten_op_verschillende_schalen_komen_nooit_naast_elkaar() {
    let eerste = lijst(1);
    let mut inhoud = volgende(2, &eerste, "2.2").inhoud;
    inhoud.antwoordschaal.waarden[1].score = Some(0.4);
    let andere_schaal = inhoud.clone().maak(id(2), Some(&eerste), nu()).unwrap();
    assert!(vertaling(&eerste, &andere_schaal, &[]).is_none());
    let mut terug = volgende(3, &andere_schaal, "2.3").inhoud;
    terug.antwoordschaal = eerste.inhoud.antwoordschaal.clone();
    let terug = terug.maak(id(3), Some(&andere_schaal), nu()).unwrap();
    assert!(vertaling(&eerste, &terug, &[andere_schaal]).is_none(), "ook niet langs een uitgave met een andere schaal");
}
