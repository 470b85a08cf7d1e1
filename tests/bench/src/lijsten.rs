//! Wat een lijst kost: een import van gebruikers tegen kaal lezen en invoegen in dezelfde opslag, en de bevindingen van een groot
//! autorisatieplan tegen het opschrijven ervan. Alles in dit proces, dus ook het meeste geheugen is te noemen.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection};
use domain::autorisatieplannen::{Gezien, Paginarecht, Planfeiten, Planinhoud, Profiel, Recht, Toewijzing, bevindingen};
use domain::gebruikers::{Kolommen, Lijstrij, NieuweGebruiker, Rijkeuring, verwerk};
use domain::inrichting::{InrichtingSoort, InrichtingStatus};
use domain::organisaties::NieuweOrganisatie;
use domain::{Id, Rng, nieuw_id};
use store::{Actor, Change, Store, StoreConfig, StoreError};
use stukken::tabel::{Grenzen, Lezer};

use crate::gegevens::nu;
use crate::{Uitkomst, meld, midden};

/// Meer dan zoveel keer kaal mag een import niet kosten.
const IMPORT_HOOGSTENS: f64 = 3.0;
/// Bevindingen mogen niet langer duren dan opschrijven.
const BEVINDINGEN_HOOGSTENS: f64 = 1.0;
/// Meeste geheugen, in MB.
const GEHEUGEN_HOOGSTENS: u64 = 200;

fn toeval() -> Rng {
    Rng::new(|buffer| {
        let _vol = aws_lc_rs::rand::fill(buffer);
    })
}

/// Meet en zegt of de doelen gehaald zijn.
pub(crate) fn meet(rijen: usize, rondes: usize) -> Uitkomst<()> {
    let map = tempfile::tempdir().map_err(|fout| fout.to_string())?;
    let csv = map.path().join("lijst.csv");
    schrijf_lijst(&csv, rijen)?;
    let draad = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|fout| fout.to_string())?;
    let (mut echt, mut kaal) = (Vec::new(), Vec::new());
    for ronde in 0..rondes.max(1) {
        let hier = map.path().join(ronde.to_string());
        let (store, organisatie) = draad.block_on(opslag(&hier))?;
        echt.push(draad.block_on(importeer(&store, organisatie, &csv, rijen))?);
        drop(store);
        kaal.push(kaal_invoegen(&hier.join("aansluitloket.sqlite"), organisatie, &csv, rijen)?);
    }
    let verhouding = midden(echt.clone()) / midden(kaal.clone());
    meld(&format!("import van {rijen} gebruikers: {:.0} ms, kaal {:.0} ms, verhouding {verhouding:.2}", midden(echt) * 1e3, midden(kaal) * 1e3));
    let plan = plan_tegen_opschrijven(rondes.max(5))?;
    let geheugen = meeste_geheugen();
    meld(&format!("meeste geheugen van dit proces: {geheugen} MB"));
    if verhouding > IMPORT_HOOGSTENS || plan > BEVINDINGEN_HOOGSTENS || geheugen > GEHEUGEN_HOOGSTENS {
        return Err("Niet elk doel is gehaald.".to_owned());
    }
    Ok(())
}

fn schrijf_lijst(pad: &Path, rijen: usize) -> Uitkomst<()> {
    let mut tekst = String::from("naam;e-mail;telefoon;functie\n");
    for i in 0..rijen {
        let _in_tekst = writeln!(tekst, "Gebruiker {i} Voorbeeld;g{i}@voorbeeld.example;+31 20 {i:07};Informatiemanager");
    }
    std::fs::File::create(pad).and_then(|mut bestand| bestand.write_all(tekst.as_bytes())).map_err(|fout| fout.to_string())
}

async fn opslag(map: &Path) -> Uitkomst<(Store, Id)> {
    let config = StoreConfig { database_url: None, data_dir: map.to_owned(), pool_size: 2, audit_key: [7; 32], rng: toeval(), max_pages: None };
    let store = Store::open(config).map_err(|fout| fout.to_string())?;
    store.migrate().map_err(|fout| fout.to_string())?;
    let organisatie = store
        .write(Actor::default(), nu(), None, |tx| -> Result<Id, StoreError> {
            let nieuw = NieuweOrganisatie { naam: "Meting".into(), afkorting: None, oin: None, sector_code: None, emaildomeinen: vec![], onderdeel_van: None };
            let o = nieuw.maak(tx.nieuw_id(), tx.now()).map_err(|_| StoreError::fault("organisatie"))?;
            store::organisaties::insert(tx, &o)?;
            tx.record(Change { handeling: "organisatie.aangemaakt", onderwerp_soort: "organisatie", onderwerp_id: o.id.to_string(), ..Change::default() })?;
            Ok(o.id)
        })
        .await
        .map_err(|fout| fout.to_string())?;
    Ok((store, organisatie))
}

/// Zoals de dienst het doet: bestand keuren, rijen keuren, vergelijken met wat er is, en vastleggen met auditregel.
async fn importeer(store: &Store, organisatie: Id, csv: &Path, rijen: usize) -> Uitkomst<f64> {
    let begin = Instant::now();
    let mut lezer = Lezer::open(csv, Grenzen::default()).map_err(|fout| fout.to_string())?;
    let mut keuring = Rijkeuring::default();
    while let Some((rij, cellen)) = lezer.volgende().map_err(|fout| fout.to_string())? {
        let cel = |plek: usize| cellen.get(plek).cloned().unwrap_or_default();
        let gegevens = NieuweGebruiker { naam: cel(0), email: cel(1), telefoon: Some(cel(2)), functie: Some(cel(3)), beoogd_profiel: None };
        keuring.neem(Lijstrij { rij, gegevens });
    }
    if keuring.rijen.len() != rijen {
        return Err(format!("{} rijen gekeurd, {} fouten", keuring.rijen.len(), keuring.aantal_fouten));
    }
    let kolommen = Kolommen { telefoon: true, functie: true, beoogd_profiel: false };
    store
        .write(Actor::default(), nu(), None, move |tx| -> Result<(), StoreError> {
            let (moment, bestaand) = (tx.now(), store::gebruikers::alle(tx.conn(), organisatie)?);
            let wijziging = verwerk(&bestaand, keuring.rijen.clone(), kolommen, |g| g.gekeurd(tx.nieuw_id(), organisatie, moment), moment);
            store::gebruikers::leg_vast(tx, &wijziging)?;
            tx.record(Change {
                handeling: "gebruikersimport.afgerond",
                onderwerp_soort: "gebruikersimport",
                onderwerp_id: organisatie.to_string(),
                ..Change::default()
            })
        })
        .await
        .map_err(|fout| fout.to_string())?;
    Ok(begin.elapsed().as_secs_f64())
}

/// Kaal: splitsen op puntkomma en invoegen, vijfhonderd rijen per opdracht, in één transactie.
fn kaal_invoegen(bestand: &Path, organisatie: Id, csv: &Path, rijen: usize) -> Uitkomst<f64> {
    let mut c = SqliteConnection::establish(&bestand.to_string_lossy()).map_err(|fout| fout.to_string())?;
    c.batch_execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; DELETE FROM gebruiker;").map_err(|fout| fout.to_string())?;
    let (rng, begin) = (toeval(), Instant::now());
    let tekst = std::fs::read_to_string(csv).map_err(|fout| fout.to_string())?;
    let regels: Vec<&str> = tekst.lines().skip(1).collect();
    let gedaan = c.transaction(|c| -> diesel::QueryResult<usize> {
        let mut gedaan = 0;
        for blok in regels.chunks(500) {
            let waarden: Vec<String> = blok
                .iter()
                .map(|regel| {
                    let cellen: Vec<&str> = regel.split(';').collect();
                    let cel = |plek: usize| cellen.get(plek).copied().unwrap_or_default();
                    let id = nieuw_id(nu(), &rng);
                    format!(
                        "('{id}','{organisatie}','{}','{}','{}','{}',NULL,'actief','2026-01-01 00:00:00','2026-01-01 00:00:00',1)",
                        cel(0),
                        cel(1),
                        cel(2),
                        cel(3)
                    )
                })
                .collect();
            gedaan += diesel::sql_query(format!("INSERT INTO gebruiker VALUES {}", waarden.join(","))).execute(c)?;
        }
        Ok(gedaan)
    });
    match gedaan {
        Ok(aantal) if aantal == rijen => Ok(begin.elapsed().as_secs_f64()),
        Ok(aantal) => Err(format!("kaal: {aantal} rijen")),
        Err(fout) => Err(fout.to_string()),
    }
}

/// Vijfduizend gebruikers, driehonderd profielen met elk tien rechten, iedereen een profiel.
fn groot_plan() -> Uitkomst<(Planinhoud, Planfeiten)> {
    let (rng, mut feiten) = (toeval(), Planfeiten::default());
    let profielen: Vec<Profiel> = (0..300)
        .map(|p| Profiel {
            code: format!("profiel-{p}"),
            naam: format!("Profiel {p}"),
            team: format!("team-{}", p % 40),
            discipline: format!("discipline-{}", p % 12),
            functie: format!("functie-{}", p % 60),
            rechten: (0..10).map(|r| Paginarecht { pagina: format!("Pagina {r}"), recht: Recht::Schrijven }).collect(),
        })
        .collect();
    for p in &profielen {
        for (soort, code) in [(InrichtingSoort::Team, &p.team), (InrichtingSoort::Discipline, &p.discipline), (InrichtingSoort::Functie, &p.functie)] {
            feiten.inrichting.insert((soort, code.clone()), InrichtingStatus::Ingericht);
        }
    }
    feiten.paginas = (0..10).map(|r| format!("Pagina {r}")).collect();
    let mut toewijzingen = Vec::new();
    for g in 0..5_000 {
        let id = nieuw_id(nu(), &rng);
        feiten.gebruikers.insert(id, Gezien { actief: true, beheerder: false });
        toewijzingen.push(Toewijzing { profiel: format!("profiel-{}", g % 300), gebruiker_id: id, vervanger: g % 7 == 0, van_datum: None, tot_datum: None });
    }
    let inhoud = Planinhoud { profielen, toewijzingen }.geordend().map_err(|fouten| format!("{} fouten in het plan", fouten.len()))?;
    Ok((inhoud, feiten))
}

fn plan_tegen_opschrijven(rondes: usize) -> Uitkomst<f64> {
    let (inhoud, feiten) = groot_plan()?;
    let vandaag = domain::vandaag(nu());
    let (mut gevonden, mut geschreven) = (Vec::new(), Vec::new());
    for _ in 0..rondes {
        let begin = Instant::now();
        let aantal = bevindingen(&inhoud, &feiten, vandaag).len();
        gevonden.push(begin.elapsed().as_secs_f64());
        let begin = Instant::now();
        let bytes = serde_json::to_vec(&inhoud).map_err(|fout| fout.to_string())?.len();
        geschreven.push(begin.elapsed().as_secs_f64());
        if aantal > 0 || bytes == 0 {
            return Err(format!("het grote plan hoort geen bevindingen te hebben, en heeft er {aantal}"));
        }
    }
    let verhouding = midden(gevonden.clone()) / midden(geschreven.clone());
    meld(&format!(
        "bevindingen van 5.000 gebruikers en 300 profielen: {:.2} ms, opschrijven {:.2} ms, verhouding {verhouding:.2}",
        midden(gevonden) * 1e3,
        midden(geschreven) * 1e3
    ));
    Ok(verhouding)
}

fn meeste_geheugen() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let regel = status.lines().find(|regel| regel.starts_with("VmHWM:")).unwrap_or_default();
    regel.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}
