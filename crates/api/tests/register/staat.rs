//! De Staat: wie alle vragen stelt die er te stellen zijn, leert nog niets over een groep die onthouden wordt.

use std::collections::{BTreeMap, BTreeSet};

use domain::Id;
use domain::afnames::{Aanleiding, NieuweAfname};
use domain::organisaties::NieuweOrganisatie;
use domain::referentie::NieuweSector;
use domain::staat::Bijdrage;
use serde_json::{Value, json};
use store::{Actor, Change, StoreError, Tx};

use crate::afnames::vragenlijst;
use crate::huis::{Huis, nu};

/// Sector en regiotype van iedere organisatie die meedoet. De sector 'financieel' bestaat, maar daarin doet niemand mee.
const DEELNEMERS: [(&str, &str); 13] = [
    ("water", "stroomgebied"),
    ("water", "stroomgebied"),
    ("water", "stroomgebied"),
    ("water", "stroomgebied"),
    ("water", "landelijk"),
    ("zorg", "landelijk"),
    ("zorg", "landelijk"),
    ("zorg", "landelijk"),
    ("zorg", "onbekend"),
    ("energie", "landelijk"),
    ("energie", "onbekend"),
    ("telecom", "landelijk"),
    ("transport", "onbekend"),
];
const SECTOREN: [&str; 6] = ["water", "zorg", "energie", "telecom", "transport", "financieel"];
const REGIOTYPEN: [&str; 3] = ["stroomgebied", "landelijk", "onbekend"];
const VRAGEN: std::ops::RangeInclusive<i16> = 1..=35;
/// Zoveel miljoensten kan een score schuiven zonder in een ander kwart van de schaal te komen.
const SPEELRUIMTE: i64 = 100_000;

/// De score van een deelnemer op een vraag: midden in een kwart van de schaal, en niet iedereen zag elke vraag.
fn score(deelnemer: usize, vraag: i16) -> Option<i64> {
    let vraag = usize::from(vraag.unsigned_abs());
    let kwart = i64::try_from((deelnemer * 3 + vraag) % 4).unwrap();
    (!(deelnemer * 7 + vraag).is_multiple_of(9)).then_some(125_000 + 250_000 * kwart)
}

/// Laat een organisatie in een jaar meedoen, zoals een sluiting dat zou doen.
async fn doet_mee(huis: &Huis, lijst: &str, jaar: i32, deelnemer: usize) -> Bijdrage {
    let lijst: Id = lijst.parse().unwrap();
    let (sector, regiotype) = DEELNEMERS[deelnemer];
    let uitkomst: Result<Bijdrage, StoreError> = huis
        .app
        .store
        .write(Actor::default(), nu(), None, move |tx| {
            let nieuw = NieuweOrganisatie {
                naam: format!("{sector} {}", tx.nieuw_id()),
                afkorting: None,
                oin: None,
                sector_code: Some(sector.into()),
                emaildomeinen: vec![],
                onderdeel_van: None,
            };
            let organisatie = nieuw.maak(tx.nieuw_id(), tx.now()).unwrap();
            store::organisaties::insert(tx, &organisatie)?;
            let lijst = store::vragenlijsten::get(tx.conn(), lijst)?.unwrap();
            let dag = tx.now().date_naive();
            let nieuw = NieuweAfname {
                organisatie_id: organisatie.id,
                vragenlijst_id: lijst.id,
                traject_id: None,
                oefening_id: None,
                aanleiding: Aanleiding::Jaarlijks,
                titel: "Jaarlijks".into(),
                team: None,
                coordinatieniveau: Some(domain::vragenlijsten::Coordinatieniveau::Tactisch),
                begin_datum: dag,
                eind_datum: dag,
            };
            let afname = nieuw.maak(tx.nieuw_id(), &lijst, None, tx.now()).unwrap();
            store::afnames::insert(tx, &afname)?;
            let bijdrage = Bijdrage {
                afname_id: afname.id,
                organisatie_id: organisatie.id,
                vragenlijst_code: "SNW-3".into(),
                vragenlijst_id: lijst.id,
                jaar,
                sector: sector.into(),
                regiotype: regiotype.into(),
                scores: VRAGEN.filter_map(|vraag| Some((vraag, score(deelnemer, vraag)?))).collect(),
            };
            bewaar(tx, &bijdrage)?;
            Ok(bijdrage)
        })
        .await;
    uitkomst.expect("gezaaid")
}

fn bewaar(tx: &mut Tx<'_>, bijdrage: &Bijdrage) -> Result<(), StoreError> {
    store::staat::vervang_bijdrage(tx, bijdrage.organisatie_id, &bijdrage.vragenlijst_code, bijdrage.jaar, Some(bijdrage))?;
    tx.record(Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "zaad".into(), ..Change::default() })
}

/// Vervangt wat organisaties bijdroegen en vergeet wat de dienst onthield.
async fn vervang(huis: &Huis, bijdragen: &[Bijdrage]) {
    let bijdragen = bijdragen.to_vec();
    let uitkomst: Result<(), StoreError> =
        huis.app.store.write(Actor::default(), nu(), None, move |tx| bijdragen.iter().try_for_each(|bijdrage| bewaar(tx, bijdrage))).await;
    uitkomst.expect("vervangen");
    huis.app.forget_staat();
}

/// Een huis met twee vastgestelde jaren; geeft de lijst en de bijdragen van het laatste.
async fn gevuld() -> (Huis, String, Vec<Bijdrage>) {
    let huis = Huis::nieuw().await;
    let lijst = vragenlijst(&huis).await;
    let sectoren: Result<(), StoreError> = huis
        .app
        .store
        .write(Actor::default(), nu(), None, move |tx| {
            for sector in SECTOREN {
                store::referentie::insert_sector(tx, &NieuweSector { code: sector.into(), naam: sector.into() }.maak().unwrap())?;
            }
            tx.record(Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "zaad".into(), ..Change::default() })
        })
        .await;
    sectoren.expect("gezaaid");
    let mut laatste = Vec::new();
    for jaar in [2024, 2025] {
        laatste.clear();
        for deelnemer in 0..DEELNEMERS.len() {
            laatste.push(doet_mee(&huis, &lijst, jaar, deelnemer).await);
        }
    }
    (huis, lijst, laatste)
}

/// Elke groep die te vragen is, ook een die niet bestaat.
fn groepen() -> Vec<String> {
    let sectoren = SECTOREN.iter().chain(&["onbekend", "bestaat-niet"]).map(|code| format!("&sector={code}"));
    let regiotypen = REGIOTYPEN.iter().map(|code| format!("&regiotype={code}"));
    [String::new()].into_iter().chain(sectoren).chain(regiotypen).collect()
}

fn leden(groep: &str) -> Vec<usize> {
    let hoort = |(sector, regiotype): &(&str, &str)| match groep.trim_start_matches('&').split_once('=') {
        Some(("sector", code)) => *sector == code,
        Some((_, code)) => *regiotype == code,
        None => true,
    };
    DEELNEMERS.iter().enumerate().filter(|(_, d)| hoort(d)).map(|(i, _)| i).collect()
}

/// Letter voor letter alles wat een buitenstaander over 2025 kan opvragen: elke groep, in elke vorm en als elk beeld.
async fn alles_wat_te_vragen_is(huis: &Huis, lijst: &str) -> BTreeMap<String, String> {
    let mut gezien = BTreeMap::new();
    for groep in groepen() {
        let vraag = format!("vragenlijstId={lijst}&jaar=2025{groep}");
        for (pad, soort) in [("", "application/json"), ("", "text/csv"), ("/warmtekaart", "image/svg+xml"), ("/trend", "image/svg+xml")] {
            let adres = format!("/staat-van-netcentrisch-werken{pad}?{vraag}");
            let (kreeg, bytes) = huis.haal(&huis.buitenstaander, &adres, soort).await;
            assert!(kreeg.starts_with(soort), "{adres} als {soort}: {kreeg}");
            gezien.insert(format!("{pad}{groep} als {soort}"), String::from_utf8(bytes).unwrap());
        }
    }
    gezien
}

fn als_json(gezien: &BTreeMap<String, String>, groep: &str) -> Value {
    serde_json::from_str(&gezien[&format!("{groep} als application/json")]).unwrap()
}

/// Een basis van alle verschuivingen van scores die geen enkele vrijgegeven som veranderen.
fn onzichtbaar(rijen: &[Vec<f64>], breedte: usize) -> Vec<Vec<f64>> {
    let (mut rijen, mut spillen) = (rijen.to_vec(), Vec::new());
    for kolom in 0..breedte {
        let rang = spillen.len();
        let Some(spil) = (rang..rijen.len()).find(|i| rijen[*i][kolom].abs() > 1e-9) else { continue };
        rijen.swap(rang, spil);
        let deler = rijen[rang][kolom];
        rijen[rang].iter_mut().for_each(|w| *w /= deler);
        let bron = rijen[rang].clone();
        for (_, rij) in rijen.iter_mut().enumerate().filter(|(i, _)| *i != rang) {
            let factor = rij[kolom];
            rij.iter_mut().zip(&bron).for_each(|(hier, daar)| *hier -= factor * daar);
        }
        spillen.push(kolom);
    }
    let vrij = (0..breedte).filter(|kolom| !spillen.contains(kolom));
    vrij.map(|kolom| {
        let mut richting = vec![0.0; breedte];
        richting[kolom] = 1.0;
        spillen.iter().enumerate().for_each(|(rij, spil)| richting[*spil] = -rijen[rij][kolom]);
        richting
    })
    .collect()
}

/// De vrijgegeven groepen van een vraag, als rij over wie haar beantwoordde.
fn vrijgegeven(gezien: &BTreeMap<String, String>, vraag: i16) -> Vec<Vec<f64>> {
    let telt = |i: usize| score(i, vraag).is_some();
    let mut rijen = Vec::new();
    for groep in groepen() {
        let antwoord = als_json(gezien, &groep);
        let rij = antwoord["vragen"].as_array().unwrap().iter().find(|v| v["nummer"] == vraag).unwrap().clone();
        if rij["score"].is_number() {
            let binnen: BTreeSet<usize> = leden(&groep).into_iter().filter(|i| telt(*i)).collect();
            assert_eq!(rij["organisaties"].as_u64().unwrap() as usize, binnen.len(), "vraag {vraag}{groep}");
            assert!(binnen.len() >= 3, "vraag {vraag}{groep} gaat over {binnen:?}");
            rijen.push((0..DEELNEMERS.len()).map(|i| f64::from(u8::from(binnen.contains(&i)))).collect());
        }
    }
    rijen
}

#[actix_web::test]
async fn uit_alles_wat_te_vragen_is_volgt_geen_som_of_verschil_over_minder_dan_drie_organisaties() {
    let (huis, lijst, _) = gevuld().await;
    let gezien = alles_wat_te_vragen_is(&huis, &lijst).await;
    for vraag in VRAGEN {
        let rijen = vrijgegeven(&gezien, vraag);
        assert!(!rijen.is_empty(), "van vraag {vraag} blijft iets over om te zien");
        let vrij = onzichtbaar(&rijen, DEELNEMERS.len());
        let wie: Vec<usize> = (0..DEELNEMERS.len()).filter(|i| score(*i, vraag).is_some()).collect();
        for (a, b) in wie.iter().flat_map(|a| wie.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b) {
            // Ligt een optelling of aftrekking over alleen deze twee vast, dan kunnen zij niet los van elkaar schuiven.
            let los = vrij.iter().enumerate().any(|(i, u)| vrij[..i].iter().any(|v| (u[a] * v[b] - u[b] * v[a]).abs() > 1e-9));
            assert!(los, "over {a} en {b} is bij vraag {vraag} iets uit te rekenen");
        }
    }
}

#[actix_web::test]
async fn wat_onthouden_wordt_kan_elke_waarde_hebben_zonder_dat_een_buitenstaander_een_letter_verschil_ziet() {
    let (huis, lijst, bijdragen) = gevuld().await;
    let voor = alles_wat_te_vragen_is(&huis, &lijst).await;
    for keer in 1..=3_i64 {
        let mut anders = bijdragen.clone();
        let mut verschoven = BTreeSet::new();
        for vraag in VRAGEN {
            let vrij = onzichtbaar(&vrijgegeven(&voor, vraag), DEELNEMERS.len());
            let mut stap = vec![0.0; DEELNEMERS.len()];
            for (i, richting) in (1_i64..).zip(&vrij) {
                #[expect(clippy::cast_precision_loss, reason = "kleine getallen")]
                let maat = ((i * 37 + keer * 101 + i64::from(vraag) * 13) % 41 - 20) as f64;
                stap.iter_mut().zip(richting).for_each(|(s, r)| *s += maat * r);
            }
            let grootste = stap.iter().fold(1.0_f64, |a, b| a.max(b.abs()));
            #[expect(clippy::cast_precision_loss, reason = "kleine getallen")]
            let factor = (SPEELRUIMTE as f64 / grootste).floor();
            for (i, bijdrage) in anders.iter_mut().enumerate() {
                let schuif = stap[i] * factor;
                assert!((schuif - schuif.round()).abs() < 1e-6, "hele miljoensten: {schuif}");
                if let Some(hier) = bijdrage.scores.get_mut(&vraag).filter(|_| schuif != 0.0) {
                    #[expect(clippy::cast_possible_truncation, reason = "hooguit de speelruimte")]
                    let geheel = schuif.round() as i64;
                    *hier += geheel;
                    verschoven.insert(i);
                }
            }
        }
        assert_eq!(verschoven.len(), DEELNEMERS.len(), "van ieder schuift er iets");
        vervang(&huis, &anders).await;
        for (wat, na) in alles_wat_te_vragen_is(&huis, &lijst).await {
            assert_eq!(na, voor[&wat], "{wat}");
        }
    }
    // Anders zou de proef niets bewijzen: wat wel vrijgegeven is, verandert zichtbaar.
    let mut anders = bijdragen.clone();
    anders[0].scores.values_mut().for_each(|score| *score += SPEELRUIMTE);
    vervang(&huis, &anders).await;
    assert_ne!(alles_wat_te_vragen_is(&huis, &lijst).await, voor);
}

#[actix_web::test]
async fn een_onthouden_groep_laat_nergens_een_cijfer_achter_en_is_niet_te_onderscheiden_van_een_lege() {
    let (huis, lijst, _) = gevuld().await;
    let gezien = alles_wat_te_vragen_is(&huis, &lijst).await;
    let landelijk = als_json(&gezien, "");
    let genoemd: BTreeSet<&str> = landelijk["sectoren"].as_array().unwrap().iter().map(|s| s["code"].as_str().unwrap()).collect();
    assert_eq!(genoemd, SECTOREN.into_iter().chain(["onbekend"]).collect(), "ook een sector waarin niemand meedeed");
    for rij in landelijk["sectoren"].as_array().unwrap().iter().chain(landelijk["regiotypen"].as_array().unwrap()) {
        if rij["onthouden"] == true {
            assert!(rij["score"].is_null() && rij["organisaties"].is_null() && rij["categorieen"].as_array().unwrap().is_empty(), "{rij}");
        }
    }
    // Beelden noemen geen groep, dus een te kleine sector geeft letterlijk hetzelfde beeld als een lege.
    let klein = SECTOREN.iter().find(|code| als_json(&gezien, &format!("&sector={code}"))["onthouden"] == true).unwrap();
    assert_ne!(*klein, "financieel");
    for wat in ["/warmtekaart", "/trend"] {
        let beeld = |code: &str| gezien[&format!("{wat}&sector={code} als image/svg+xml")].clone();
        assert_eq!(beeld(klein), beeld("financieel"), "{wat}");
    }
    let zonder_code = |code: &str| gezien[&format!("&sector={code} als application/json")].replace(&format!("\"groepCode\":\"{code}\""), "");
    assert_eq!(zonder_code(klein), zonder_code("financieel"));
}

#[actix_web::test]
async fn een_doorsnede_een_lopend_jaar_en_een_andere_periode_zijn_niet_te_vragen() {
    let (huis, lijst, _) = gevuld().await;
    let vraag = async |wie, rest: &str| huis.get(wie, &format!("/staat-van-netcentrisch-werken?vragenlijstId={lijst}{rest}")).await;
    let fout = async |rest: &str, code: &str| {
        let antwoord = vraag(&huis.buitenstaander, rest).await;
        assert_eq!((antwoord.status, antwoord.body["errors"][0]["code"].as_str().unwrap()), (400, code), "{rest}");
    };
    fout("&sector=water&regiotype=landelijk", "sector-of-regiotype").await;
    fout("&jaar=2027", "jaar-loopt-nog").await;
    // Het is januari: een afname van december kan nog sluiten, dus ook 2026 loopt nog.
    fout("&jaar=2026", "jaar-loopt-nog").await;
    fout("&van=2025-01-01", "onbekend").await;
    fout("&sector=water&sector=zorg", "dubbel").await;
    assert_eq!(vraag(&huis.buitenstaander, "").await.body["jaar"], 2025, "het laatste dat is vastgesteld");
    for jaar in [2026, 2027] {
        let nipv = vraag(&huis.adviseur, &format!("&jaar={jaar}")).await;
        assert_eq!((nipv.status, &nipv.body["lopendJaar"]), (200, &Value::Bool(true)), "NIPV ziet het lopende jaar");
    }
    huis.get(&huis.buitenstaander, "/staat-van-netcentrisch-werken/deelname?vragenlijstCode=SNW-3").await.is(403, "niet-bevoegd");
    assert_eq!(huis.get(&huis.lfb, "/staat-van-netcentrisch-werken/deelname?vragenlijstCode=SNW-3").await.status, 200);
}

#[actix_web::test]
async fn een_nieuwe_sluiting_verandert_niets_aan_wat_een_ander_ziet() {
    let (huis, lijst, _) = gevuld().await;
    let voor = alles_wat_te_vragen_is(&huis, &lijst).await;
    for jaar in [2026, 2027] {
        let _ = doet_mee(&huis, &lijst, jaar, 4).await;
    }
    huis.app.forget_staat();
    assert_eq!(alles_wat_te_vragen_is(&huis, &lijst).await, voor);
    let afwijkend: Result<_, StoreError> = huis.app.store.read(store::staat::hertel).await;
    assert_eq!(afwijkend.unwrap(), vec![], "de sommen kloppen met een volledige hertelling");
}

#[actix_web::test]
async fn een_organisatie_indelen_vraagt_de_versie_die_u_las() {
    let huis = Huis::nieuw().await;
    let pad = format!("/organisaties/{}", huis.projectleider.organisatie);
    for code in ["kust", "rivier"] {
        assert_eq!(huis.post(&huis.lfb, "/regiotypen", json!({ "code": code, "naam": code })).await.status, 201);
    }
    huis.get(&huis.lfb, &format!("{pad}/regiotype")).await.is(404, "niet-gevonden");
    let etag = huis.get(&huis.lfb, &pad).await.etag();
    huis.vraag(&huis.lfb, "PUT", &format!("{pad}/regiotype"), None, Some(json!({ "code": "kust" }))).await.is(428, "if-match-verplicht");
    let gezet = huis.met(&huis.lfb, "PUT", &format!("{pad}/regiotype"), &etag, Some(json!({ "code": "kust" }))).await;
    assert_eq!(gezet.status, 200, "{}", gezet.body);
    huis.met(&huis.lfb, "PUT", &format!("{pad}/regiotype"), &etag, Some(json!({ "code": "rivier" }))).await.is(412, "versie-verouderd");
    let nu = huis.get(&huis.lfb, &format!("{pad}/regiotype")).await;
    assert_eq!((&nu.body["code"], nu.etag()), (&json!("kust"), gezet.etag()));
    assert_eq!(huis.get(&huis.lfb, &pad).await.etag(), gezet.etag(), "de ETag is die van de organisatie");
}
