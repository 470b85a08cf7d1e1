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

/// Een tekst zonder regeleinden van de bladzijde, en zonder de koppen die op elke bladzijde terugkomen.
fn aaneen(tekst: &str) -> String {
    tekst.replace("Waarnemingsvragen Toelichting", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// De vragen in de bron: nummer, of er een bullet voor staat, en vraag met toelichting aaneen.
fn vragen_in_de_bron(bron: &str) -> Vec<(i16, bool, String)> {
    let mut vragen: Vec<(i16, bool, String)> = Vec::new();
    for regel in bron.lines() {
        match regel.split_once(".\t").and_then(|(nummer, rest)| Some((nummer.parse::<i16>().ok()?, rest))) {
            // Het teken van een kernvraag is in de tekst van de bron een dubbele spatie geworden.
            Some((nummer, rest)) => vragen.push((nummer, rest.starts_with("  "), rest.to_owned())),
            None => {
                if let Some((.., tekst)) = vragen.last_mut() {
                    tekst.push('\n');
                    tekst.push_str(regel);
                }
            }
        }
    }
    vragen
}

#[test]
fn iedere_vraag_en_toelichting_van_vragenlijst_3_staat_er_zoals_in_de_bron() {
    let bron = include_str!("../bron/bijlage-3.txt");
    let inhoud = inhoud();
    let gevonden = vragen_in_de_bron(bron);
    assert_eq!(gevonden.len(), inhoud.vragen.len());
    for (vraag, (nummer, kernvraag, tekst)) in inhoud.vragen.iter().zip(gevonden) {
        let categorieen = inhoud.categorieen.iter().filter(|c| c.code != vraag.categorie);
        // Achter de laatste vraag van een categorie staat in de bron de kop van de volgende.
        let kaal = categorieen.fold(aaneen(&tekst), |tekst, c| tekst.trim_end_matches(&format!(" {} Toelichting", c.titel)).to_owned());
        // Opsommingen dragen in de bron een pijltje en bij ons een streepje, zoals Markdown ze schrijft.
        let onze = format!("{} {}", aaneen(&vraag.vraag), aaneen(&vraag.toelichting)).replace(" - ", " > ");
        assert_eq!((vraag.nummer, vraag.kernvraag, onze), (nummer, kernvraag, kaal));
    }
}

#[test]
fn inleiding_titel_datum_en_categorieen_van_vragenlijst_3_zijn_die_van_de_bron() {
    let bron = aaneen(include_str!("../bron/bijlage-3.txt"));
    let inhoud = inhoud();
    assert!(bron.starts_with(&format!("Bijlage 3: {} Versie {} (laatst bijgewerkt 16-1-2023)", inhoud.titel, inhoud.uitgave)), "{bron}");
    assert_eq!(inhoud.bijgewerkt_datum, Some(super::dag("2023-01-16")));
    let inleiding = aaneen(&inhoud.inleiding).replace(" - ", " > ").replace("met een • (bullet)", "met een (bullet)");
    assert!(bron.contains(&inleiding), "{inleiding}");
    let mut vanaf = 0;
    for categorie in &inhoud.categorieen {
        let kop = format!("{} Toelichting", categorie.titel);
        let plek = bron.get(vanaf..).unwrap().find(&kop);
        vanaf += plek.unwrap_or_else(|| panic!("{kop}")) + kop.len();
    }
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
