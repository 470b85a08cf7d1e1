//! De Staat op schaal: duizend organisaties, tien jaar, drie vragenlijsten, vier waarnemers; en tweeduizend waarnemers tegelijk.

use std::path::Path;
use std::time::Instant;

use domain::afnames::antwoorden::{NieuwAntwoordInReeks, ontvang};
use domain::afnames::{Aanleiding, Afname, Hoedanigheid, NieuwAntwoord, NieuweAfname, NieuweWaarnemer, Waarnemer};
use domain::organisaties::{NieuweOrganisatie, Organisatie};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::referentie::NieuweSector;
use domain::staat::{Bijdrage, Bron, Groep, Jaarbeeld, beeld};
use domain::vragenlijsten::{Coordinatieniveau, NieuweVragenlijst, Vragenlijst, vertaling};
use domain::{Id, Moment, Rng};
use store::afnames::{Slot, zet_slot, zet_slot_op_invulling};
use store::{Actor, Change, Store, StoreConfig, StoreError, Tx};

use crate::postgres::Postgres;
use crate::{Uitkomst, meld, midden};

const VRAGENLIJST_3: &str = include_str!("../../../data/vragenlijst-3.json");
const ORGANISATIES: usize = 1_000;
const JAREN: std::ops::Range<i32> = 2016..2026;
const CODES: [&str; 3] = ["SNW-1", "SNW-2", "SNW-3"];
const WAARNEMERS: usize = 4;
const SECTOREN: [&str; 8] = ["openbare-orde", "water", "energie", "telecom", "zorg", "transport", "chemie", "financieel"];
const TEGELIJK: usize = 2_000;
/// Metingen per getal.
const KEREN: usize = 200;

fn leesbaar(fout: impl std::fmt::Display) -> String {
    fout.to_string()
}

fn rng() -> Rng {
    Rng::new(|buffer| {
        let _vol = aws_lc_rs::rand::fill(buffer);
    })
}

fn nu() -> Moment {
    Moment::from_timestamp(1_800_000_000, 0).unwrap_or_default()
}

fn open(map: &Path, database_url: Option<String>, pool_size: u32) -> Uitkomst<Store> {
    let config = StoreConfig { database_url, data_dir: map.to_owned(), pool_size, audit_key: [7; 32], rng: rng(), max_pages: None };
    let store = Store::open(config).map_err(leesbaar)?;
    store.migrate().map_err(leesbaar)?;
    Ok(store)
}

fn spoor() -> Change {
    Change { handeling: "meting.gevuld", onderwerp_soort: "meting", onderwerp_id: "vulling".to_owned(), ..Change::default() }
}

fn fout_in_gegevens(fout: impl std::fmt::Debug) -> StoreError {
    StoreError::Fault(format!("{fout:?}"))
}

/// De drie lijsten; voor 1 en 2 de vragen van 3, want de bron kent hun vragen niet en voor de omvang maakt het niet uit.
fn lijsten(tx: &mut Tx<'_>) -> Result<Vec<Vragenlijst>, StoreError> {
    let mut lijsten = Vec::new();
    for code in CODES {
        let inhoud: NieuweVragenlijst = serde_json::from_str(VRAGENLIJST_3)?;
        let concept = NieuweVragenlijst { code: code.to_owned(), ..inhoud }.maak(tx.nieuw_id(), None, nu()).map_err(fout_in_gegevens)?;
        let lijst = Vragenlijst { versie: concept.versie, ..concept.publiceren(nu()).map_err(fout_in_gegevens)? };
        store::vragenlijsten::insert(tx, &lijst)?;
        lijsten.push(lijst);
    }
    Ok(lijsten)
}

fn organisatie(tx: &mut Tx<'_>, nummer: usize) -> Result<Organisatie, StoreError> {
    let sector = SECTOREN.get(nummer % SECTOREN.len()).copied().unwrap_or("water");
    let nieuw = NieuweOrganisatie {
        naam: format!("Organisatie {nummer}"),
        afkorting: None,
        oin: None,
        sector_code: Some(sector.to_owned()),
        emaildomeinen: Vec::new(),
        onderdeel_van: None,
    };
    let organisatie = nieuw.maak(tx.nieuw_id(), nu()).map_err(fout_in_gegevens)?;
    store::organisaties::insert(tx, &organisatie)?;
    Ok(organisatie)
}

fn persoon(tx: &mut Tx<'_>, organisatie: Id, nummer: usize) -> Result<Persoon, StoreError> {
    let nieuw = NieuwePersoon {
        organisatie_id: organisatie,
        naam: format!("Waarnemer {nummer}"),
        email: format!("w{nummer}@meting.example"),
        telefoon: None,
        functie: None,
        rollen: vec![Rol::Waarnemer],
    };
    let persoon = nieuw.maak(tx.nieuw_id(), nu()).map_err(fout_in_gegevens)?.activeren(nu());
    store::personen::insert(tx, &persoon)?;
    Ok(persoon)
}

fn afname(tx: &mut Tx<'_>, organisatie: Id, lijst: &Vragenlijst) -> Result<Afname, StoreError> {
    let dag = nu().date_naive();
    let nieuw = NieuweAfname {
        organisatie_id: organisatie,
        vragenlijst_id: lijst.id,
        traject_id: None,
        oefening_id: None,
        aanleiding: Aanleiding::Jaarlijks,
        titel: "Jaarlijkse afname".to_owned(),
        team: None,
        coordinatieniveau: Some(Coordinatieniveau::Tactisch),
        begin_datum: dag,
        eind_datum: dag,
    };
    let afname = nieuw.maak(tx.nieuw_id(), lijst, None, nu()).map_err(fout_in_gegevens)?;
    let door = domain::audit::Door::default();
    let (afname, _) = afname.openen(tx.nieuw_id(), door, nu()).map_err(fout_in_gegevens)?;
    store::afnames::insert(tx, &afname)?;
    Ok(afname)
}

fn waarnemer(tx: &mut Tx<'_>, afname: &Afname, persoon: &Persoon) -> Result<Waarnemer, StoreError> {
    let waarnemer = NieuweWaarnemer::maak(tx.nieuw_id(), afname, persoon, Hoedanigheid::EigenOrganisatie, nu()).map_err(fout_in_gegevens)?;
    store::afnames::insert_waarnemer(tx, &waarnemer)?;
    Ok(waarnemer)
}

fn antwoord(vraag: i16, lot: usize) -> NieuwAntwoordInReeks {
    let waarde = ["ja", "deels", "nee"].get(lot % 3).copied().unwrap_or("ja").to_owned();
    NieuwAntwoordInReeks { vraag, antwoord: NieuwAntwoord { waarde, opmerking: None, gegeven_op: Some(nu()), apparaat: None, gezien_op: None } }
}

/// Eén organisatie met al haar jaren: afnames, waarnemers, antwoorden en bijdragen.
fn vul_organisatie(tx: &mut Tx<'_>, lijsten: &[Vragenlijst], nummer: usize) -> Result<usize, StoreError> {
    let organisatie = organisatie(tx, nummer)?;
    let mensen = (0..WAARNEMERS).map(|i| persoon(tx, organisatie.id, nummer * WAARNEMERS + i)).collect::<Result<Vec<_>, _>>()?;
    let regiotype = ["landelijk", "regionaal", "lokaal"].get(nummer % 3).copied().unwrap_or("lokaal");
    let mut antwoorden = 0;
    for jaar in JAREN {
        for lijst in lijsten {
            let afname = afname(tx, organisatie.id, lijst)?;
            for (i, mens) in mensen.iter().enumerate() {
                let waarnemer = waarnemer(tx, &afname, mens)?;
                let reeks: Vec<_> = lijst.inhoud.vragen.iter().map(|v| antwoord(v.nummer, nummer + i + usize::from(v.nummer.unsigned_abs()))).collect();
                for gegeven in ontvang(&[], &reeks, nu()).nieuw {
                    store::afnames::insert_antwoord(tx, waarnemer.id, &gegeven)?;
                    antwoorden += 1;
                }
            }
            let scores =
                lijst.inhoud.vragen.iter().map(|v| (v.nummer, i64::from(v.nummer) * 7_919 * i64::try_from(nummer + 1).unwrap_or(1) % 1_000_001)).collect();
            let bijdrage = Bijdrage {
                afname_id: afname.id,
                organisatie_id: organisatie.id,
                vragenlijst_code: lijst.inhoud.code.clone(),
                vragenlijst_id: lijst.id,
                jaar,
                sector: organisatie.sector_code.clone().unwrap_or_default(),
                regiotype: regiotype.to_owned(),
                scores,
            };
            store::staat::vervang_bijdrage(tx, organisatie.id, &lijst.inhoud.code, jaar, Some(&bijdrage))?;
        }
    }
    Ok(antwoorden)
}

fn milliseconden(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1_000.0
}

/// De mediaan van een landelijk beeld over dit jaar en de jaren ervoor.
fn staat(draad: &tokio::runtime::Runtime, store: &Store, lijst: &Vragenlijst, jaar: i32) -> Uitkomst<f64> {
    let mut tijden = Vec::with_capacity(KEREN);
    for _ in 0..KEREN {
        let (lijst, begin) = (lijst.clone(), Instant::now());
        let gezien = draad.block_on(store.read(move |conn| -> Result<_, StoreError> {
            let vertaling = vertaling(&lijst, &lijst, &[]).unwrap_or_default();
            let per_jaar = store::staat::cellen(conn, lijst.id, jaar, jaar - 5)?;
            let bron = |(jaar, cellen)| Bron { jaar, uitgave: lijst.inhoud.uitgave.clone(), beeld: Jaarbeeld::van(cellen), vertaling: vertaling.clone() };
            let bronnen: Vec<Bron> = per_jaar.into_iter().map(bron).collect();
            Ok(beeld(&lijst, jaar, false, &Groep::Landelijk, &bronnen))
        }));
        tijden.push(milliseconden(begin));
        if gezien.map_err(leesbaar)?.organisaties.is_none() {
            return Err("het landelijke beeld is leeg".to_owned());
        }
    }
    Ok(midden(tijden))
}

fn sleutelread(draad: &tokio::runtime::Runtime, store: &Store, organisatie: Id) -> Uitkomst<f64> {
    let mut tijden = Vec::with_capacity(KEREN);
    for _ in 0..KEREN {
        let begin = Instant::now();
        draad.block_on(store.read(move |conn| store::organisaties::get(conn, organisatie))).map_err(leesbaar)?;
        tijden.push(milliseconden(begin));
    }
    Ok(midden(tijden))
}

fn op_schaal(map: &Path, draad: &tokio::runtime::Runtime, organisaties: usize) -> Uitkomst<()> {
    let store = open(map, None, 4)?;
    let begin = Instant::now();
    let lijsten = draad.block_on(store.write(Actor::default(), nu(), None, |tx| -> Result<_, StoreError> {
        for sector in SECTOREN {
            let sector = NieuweSector { code: sector.to_owned(), naam: sector.to_owned() }.maak().map_err(fout_in_gegevens)?;
            store::referentie::insert_sector(tx, &sector)?;
        }
        let lijsten = lijsten(tx)?;
        tx.record(spoor())?;
        Ok(lijsten)
    }));
    let lijsten = lijsten.map_err(leesbaar)?;
    let mut antwoorden = 0;
    for eerste in (0..organisaties).step_by(50) {
        let alle = lijsten.clone();
        let erbij = draad.block_on(store.write(Actor::default(), nu(), None, move |tx| -> Result<usize, StoreError> {
            let mut erbij = 0;
            for nummer in eerste..(eerste + 50).min(organisaties) {
                erbij += vul_organisatie(tx, &alle, nummer)?;
            }
            tx.record(spoor())?;
            Ok(erbij)
        }));
        antwoorden += erbij.map_err(leesbaar)?;
    }
    meld(&format!("{organisaties} organisaties, {antwoorden} antwoorden in {:.0} s", begin.elapsed().as_secs_f64()));
    let lijst = lijsten.last().ok_or("geen vragenlijst")?;
    let eerste =
        draad.block_on(store.read(|conn| store::organisaties::list(conn, &store::organisaties::Filter::default(), &store::Page { limit: 1, after: None })));
    let organisatie = eerste.map_err(leesbaar)?.items.first().map(|o| o.id).ok_or("geen organisatie")?;
    let sleutel = sleutelread(draad, &store, organisatie)?;
    let (vroeg, laat) = (staat(draad, &store, lijst, JAREN.start + 5)?, staat(draad, &store, lijst, JAREN.end - 1)?);
    meld(&format!("één rij op sleutel {sleutel:.3} ms; Staat na zes jaar {vroeg:.3} ms, na tien jaar {laat:.3} ms: {:.1} keer één rij", laat / sleutel));
    let begin = Instant::now();
    let afwijkend = draad.block_on(store.read(store::staat::hertel)).map_err(leesbaar)?;
    meld(&format!("volledige hertelling: {} afwijkingen in {:.0} ms", afwijkend.len(), milliseconden(begin)));
    let gehaald = afwijkend.is_empty() && laat < vroeg * 1.3;
    if gehaald { Ok(()) } else { Err("de sommen kloppen niet, of het beeld wordt trager met de jaren".to_owned()) }
}

/// Wat de handler doet: sloten, lezen wat er is, beslissen, bewaren, vastleggen.
async fn geef(store: Store, afname: Id, invulling: Id, vraag: i16, lot: usize) -> Result<(), StoreError> {
    store
        .write(Actor::default(), nu(), None, move |tx| {
            zet_slot(tx, afname, Slot::Antwoorden)?;
            zet_slot_op_invulling(tx, invulling)?;
            let bekend = store::afnames::antwoorden(tx.conn(), invulling, Some(vraag))?;
            for nieuw in ontvang(&bekend, &[antwoord(vraag, lot)], nu()).nieuw {
                store::afnames::insert_antwoord(tx, invulling, &nieuw)?;
            }
            tx.record(spoor())
        })
        .await
}

/// Tweeduizend waarnemers slaan tegelijk antwoorden op; wat bevestigd is, moet er daarna zijn.
fn tegelijk(map: &Path, url: String, draad: &tokio::runtime::Runtime) -> Uitkomst<()> {
    let store = open(map, Some(url), 24)?;
    let klaar = draad.block_on(store.write(Actor::default(), nu(), None, |tx| -> Result<_, StoreError> {
        store::referentie::insert_sector(
            tx,
            &NieuweSector { code: "openbare-orde".to_owned(), naam: "Openbare orde".to_owned() }.maak().map_err(fout_in_gegevens)?,
        )?;
        let lijst = lijsten(tx)?.pop().ok_or_else(|| StoreError::fault("geen lijst"))?;
        let organisatie = organisatie(tx, 0)?;
        let afname = afname(tx, organisatie.id, &lijst)?;
        let mut invullingen = Vec::with_capacity(TEGELIJK);
        for nummer in 0..TEGELIJK {
            let persoon = persoon(tx, organisatie.id, nummer)?;
            invullingen.push(waarnemer(tx, &afname, &persoon)?.id);
        }
        tx.record(spoor())?;
        Ok((afname.id, invullingen))
    }));
    let (afname, invullingen) = klaar.map_err(leesbaar)?;
    let begin = Instant::now();
    let bevestigd = draad.block_on(async {
        let mut taken = tokio::task::JoinSet::new();
        for (lot, invulling) in invullingen.iter().copied().enumerate() {
            for vraag in [1_i16, 2, 3] {
                let store = store.clone();
                taken.spawn(async move { geef(store, afname, invulling, vraag, lot).await.map(|()| (invulling, vraag)) });
            }
        }
        let mut bevestigd = Vec::new();
        while let Some(klaar) = taken.join_next().await {
            if let Ok(Ok(paar)) = klaar {
                bevestigd.push(paar);
            }
        }
        bevestigd
    });
    let duur = begin.elapsed().as_secs_f64();
    let bewaard = draad.block_on(store.read(move |conn| store::afnames::van_afname(conn, afname))).map_err(leesbaar)?;
    let weg = bevestigd.iter().filter(|(i, vraag)| !bewaard.get(i).is_some_and(|a| a.iter().any(|a| a.vraag == *vraag))).count();
    let totaal = TEGELIJK * 3;
    meld(&format!("{TEGELIJK} waarnemers tegelijk: {} van {totaal} antwoorden bevestigd in {duur:.1} s, {weg} daarvan zoek", bevestigd.len()));
    if weg == 0 && bevestigd.len() == totaal { Ok(()) } else { Err("niet ieder bevestigd antwoord is er, of niet elk antwoord is bevestigd".to_owned()) }
}

/// De ronde.
pub(crate) fn meet(organisaties: Option<usize>, alleen_sqlite: bool) -> Uitkomst<()> {
    let draad = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(leesbaar)?;
    let map = tempfile::Builder::new().prefix("bench-staat.").tempdir_in("/var/tmp").map_err(leesbaar)?;
    op_schaal(&map.path().join("sqlite"), &draad, organisaties.unwrap_or(ORGANISATIES))?;
    if alleen_sqlite {
        return Ok(());
    }
    let pg = tempfile::Builder::new().prefix("bench-pg.").tempdir_in("/var/tmp").map_err(leesbaar)?;
    crate::ronde::open_voor_iedereen(pg.path())?;
    let server = Postgres::start(&pg.path().join("server"))?;
    tegelijk(&map.path().join("pg"), server.url(), &draad)
}
