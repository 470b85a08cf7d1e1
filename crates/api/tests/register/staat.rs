//! De Staat: wie alle vragen stelt die er te stellen zijn, leert nog niets over een groep die onthouden wordt.

use std::collections::{BTreeMap, BTreeSet};

use domain::Id;
use domain::afnames::{Aanleiding, NieuweAfname};
use domain::organisaties::NieuweOrganisatie;
use domain::referentie::NieuweSector;
use domain::staat::Bijdrage;
use serde_json::json;
use store::{Actor, Change, StoreError};

use crate::afnames::vragenlijst;
use crate::huis::{Huis, nu};

/// Sector, regiotype en score van iedere organisatie die meedoet.
const DEELNEMERS: [(&str, &str, i64); 13] = [
    ("water", "stroomgebied", 500_000),
    ("water", "stroomgebied", 500_000),
    ("water", "stroomgebied", 250_000),
    ("water", "stroomgebied", 750_000),
    ("water", "landelijk", 100_000),
    ("zorg", "landelijk", 500_000),
    ("zorg", "landelijk", 1_000_000),
    ("zorg", "landelijk", 0),
    ("zorg", "onbekend", 900_000),
    ("energie", "landelijk", 987_654),
    ("energie", "onbekend", 123_456),
    ("telecom", "landelijk", 333_333),
    ("transport", "onbekend", 444_444),
];

/// Laat een organisatie in een jaar meedoen, zoals een sluiting dat zou doen.
async fn doet_mee(huis: &Huis, lijst: &str, jaar: i32, (sector, regiotype, score): (&'static str, &'static str, i64)) {
    let lijst: Id = lijst.parse().unwrap();
    let uitkomst: Result<(), StoreError> = huis
        .app
        .store
        .write(Actor::default(), nu(), None, move |tx| {
            if store::referentie::sector(tx.conn(), sector)?.is_none() {
                store::referentie::insert_sector(tx, &NieuweSector { code: sector.into(), naam: sector.into() }.maak().unwrap())?;
            }
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
                scores: (1..=35).map(|vraag| (vraag, score)).collect(),
            };
            store::staat::vervang_bijdrage(tx, organisatie.id, "SNW-3", jaar, Some(&bijdrage))?;
            tx.record(Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "zaad".into(), ..Change::default() })
        })
        .await;
    uitkomst.expect("gezaaid");
}

async fn gevuld() -> (Huis, String) {
    let huis = Huis::nieuw().await;
    let lijst = vragenlijst(&huis).await;
    for jaar in [2025, 2026] {
        for deelnemer in DEELNEMERS {
            doet_mee(&huis, &lijst, jaar, deelnemer).await;
        }
    }
    (huis, lijst)
}

/// Wat iemand leert over vraag 1: per groep hoeveel organisaties en de som van hun scores.
async fn alles_wat_te_vragen_is(huis: &Huis, lijst: &str) -> BTreeMap<String, (i64, f64)> {
    let mut geleerd = BTreeMap::new();
    let groepen = [
        "",
        "&sector=water",
        "&sector=zorg",
        "&sector=energie",
        "&sector=telecom",
        "&sector=transport",
        "&regiotype=stroomgebied",
        "&regiotype=landelijk",
        "&regiotype=onbekend",
    ];
    for groep in groepen {
        let antwoord = huis.get(&huis.buitenstaander, &format!("/staat-van-netcentrisch-werken?vragenlijstId={lijst}&jaar=2026{groep}")).await;
        assert_eq!(antwoord.status, 200, "{}", antwoord.body);
        let vraag = &antwoord.body["vragen"][0];
        if let (Some(n), Some(score)) = (vraag["organisaties"].as_i64(), vraag["score"].as_f64()) {
            geleerd.insert(groep.to_owned(), (n, score * n as f64));
        }
        // Wat onthouden wordt, laat ook elders in hetzelfde antwoord geen cijfer achter.
        for rij in antwoord.body["sectoren"].as_array().unwrap().iter().chain(antwoord.body["regiotypen"].as_array().unwrap()) {
            if rij["onthouden"] == true {
                assert!(rij["score"].is_null() && rij["organisaties"].is_null() && rij["categorieen"].as_array().unwrap().is_empty(), "{rij}");
            }
        }
        if antwoord.body["onthouden"] == true {
            assert!(
                vraag["score"].is_null()
                    && antwoord.body["totaal"]["score"].is_null()
                    && antwoord.body["trend"].as_array().unwrap().iter().all(|t| t["totaal"].is_null())
            );
        }
    }
    geleerd
}

#[actix_web::test]
async fn totaal_min_sectoren_en_sector_min_regiotype_verraden_geen_groep_onder_de_drie() {
    let (huis, lijst) = gevuld().await;
    let geleerd = alles_wat_te_vragen_is(&huis, &lijst).await;
    assert!(geleerd.contains_key("") && geleerd.len() >= 2, "er blijft iets over om te zien: {geleerd:?}");
    let leden = |groep: &str| -> BTreeSet<usize> {
        let hoort = |d: &(&str, &str, i64)| match groep.trim_start_matches('&').split_once('=') {
            Some(("sector", code)) => d.0 == code,
            Some((_, code)) => d.1 == code,
            None => true,
        };
        DEELNEMERS.iter().enumerate().filter(|(_, d)| hoort(d)).map(|(i, _)| i).collect()
    };
    // Elke optelling en aftrekking van wat geleerd is, tot en met vier groepen tegelijk.
    let namen: Vec<&String> = geleerd.keys().collect();
    let tekens = 3_usize.pow(u32::try_from(namen.len()).unwrap());
    for keuze in 0..tekens {
        let (mut rest, mut gewicht) = (keuze, vec![0_i64; DEELNEMERS.len()]);
        for naam in &namen {
            let teken = [0, 1, -1][rest % 3];
            rest /= 3;
            leden(naam).into_iter().for_each(|i| gewicht[i] += teken);
        }
        let over: Vec<usize> = (0..gewicht.len()).filter(|i| gewicht[*i] != 0).collect();
        assert!(over.is_empty() || over.len() >= 3, "combinatie {keuze} gaat alleen over {over:?}");
    }
}

#[actix_web::test]
async fn een_doorsnede_een_lopend_jaar_en_een_andere_periode_zijn_niet_te_vragen() {
    let (huis, lijst) = gevuld().await;
    let vraag = async |wie, rest: &str| huis.get(wie, &format!("/staat-van-netcentrisch-werken?vragenlijstId={lijst}{rest}")).await;
    let fout = async |rest: &str, code: &str| {
        let antwoord = vraag(&huis.buitenstaander, rest).await;
        assert_eq!((antwoord.status, antwoord.body["errors"][0]["code"].as_str().unwrap()), (400, code), "{rest}");
    };
    fout("&sector=water&regiotype=landelijk", "sector-of-regiotype").await;
    fout("&jaar=2027", "jaar-loopt-nog").await;
    fout("&van=2026-01-01", "onbekend").await;
    assert_eq!(vraag(&huis.adviseur, "&jaar=2027").await.status, 200, "NIPV ziet het lopende jaar");
    huis.get(&huis.buitenstaander, "/staat-van-netcentrisch-werken/deelname?vragenlijstCode=SNW-3").await.is(403, "niet-bevoegd");
    assert_eq!(huis.get(&huis.lfb, "/staat-van-netcentrisch-werken/deelname?vragenlijstCode=SNW-3").await.status, 200);
}

#[actix_web::test]
async fn een_nieuwe_sluiting_verandert_niets_aan_wat_een_ander_ziet() {
    let (huis, lijst) = gevuld().await;
    let voor = alles_wat_te_vragen_is(&huis, &lijst).await;
    doet_mee(&huis, &lijst, 2027, ("water", "landelijk", 999_999)).await;
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
