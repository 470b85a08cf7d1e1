//! De Staat op schaal: duizend organisaties, tien jaar, drie vragenlijsten, vier waarnemers; en tweeduizend waarnemers tegelijk.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use domain::afnames::antwoorden::{NieuwAntwoordInReeks, ontvang, standen};
use domain::afnames::{Aanleiding, Afname, Hoedanigheid, NieuwAntwoord, NieuweAfname, NieuweSluiting, NieuweWaarnemer, Sluitfeiten, Waarnemer};
use domain::audit::Door;
use domain::organisaties::{NieuweOrganisatie, Organisatie};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::referentie::NieuweSector;
use domain::resultaten::{Meegeteld, resultaat};
use domain::staat::{Bijdrage, Bron, Groep, Kader, StaatBeeld, beeld};
use domain::vragenlijsten::{Coordinatieniveau, NieuweVragenlijst, Vragenlijst, vertaling};
use domain::{Id, Moment, Rng};
use store::afnames::{Slot, zet_slot, zet_slot_op_invulling};
use store::staat::Jaren;
use store::{Actor, Change, Conn, Page, Store, StoreConfig, StoreError, Tx};

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
/// Het landelijke beeld kost hoogstens zoveel keer één rij op sleutel.
const HOOGSTENS: f64 = 20.0;
/// Zoveel mag de mediaan schelen en toch vlak heten.
const PLAT: f64 = 1.3;

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

fn afname(tx: &mut Tx<'_>, organisatie: Id, lijst: &Vragenlijst, toen: Moment) -> Result<Afname, StoreError> {
    let nieuw = NieuweAfname {
        organisatie_id: organisatie,
        vragenlijst_id: lijst.id,
        traject_id: None,
        oefening_id: None,
        aanleiding: Aanleiding::Jaarlijks,
        titel: "Jaarlijkse afname".to_owned(),
        team: None,
        coordinatieniveau: Some(Coordinatieniveau::Tactisch),
        begin_datum: toen.date_naive(),
        eind_datum: toen.date_naive(),
    };
    let afname = nieuw.maak(tx.nieuw_id(), lijst, None, toen).map_err(fout_in_gegevens)?;
    let (afname, _) = afname.openen(tx.nieuw_id(), Door::default(), toen).map_err(fout_in_gegevens)?;
    Ok(afname)
}

fn genodigde(tx: &mut Tx<'_>, afname: &Afname, persoon: &Persoon) -> Result<Waarnemer, StoreError> {
    NieuweWaarnemer::maak(tx.nieuw_id(), afname, persoon, Hoedanigheid::EigenOrganisatie, afname.gewijzigd_op).map_err(fout_in_gegevens)
}

fn antwoord(vraag: i16, lot: usize, op: Moment) -> NieuwAntwoordInReeks {
    let waarde = ["ja", "deels", "nee"].get(lot % 3).copied().unwrap_or("ja").to_owned();
    NieuwAntwoordInReeks { vraag, antwoord: NieuwAntwoord { waarde, opmerking: None, gegeven_op: Some(op), apparaat: None, gezien_op: None } }
}

/// Wie er in een organisatie waarneemt.
struct Deelnemer {
    nummer: usize,
    organisatie: Organisatie,
    mensen: Vec<Persoon>,
}

/// Eén gesloten afname met haar waarnemers, hun antwoorden en haar bijdrage, langs dezelfde regels als de dienst; geeft het aantal antwoorden.
fn gesloten_afname(tx: &mut Tx<'_>, deelnemer: &Deelnemer, lijst: &Vragenlijst, toen: Moment) -> Result<usize, StoreError> {
    let open = afname(tx, deelnemer.organisatie.id, lijst, toen)?;
    let (mut waarnemers, mut gegeven, mut meegeteld) = (Vec::new(), Vec::new(), Vec::new());
    for (i, mens) in deelnemer.mensen.iter().enumerate() {
        let lot = |vraag: i16| deelnemer.nummer * 7 + i * 5 + usize::from(vraag.unsigned_abs()) * (open.jaar().unsigned_abs() as usize);
        let reeks: Vec<_> = lijst.inhoud.vragen.iter().map(|v| antwoord(v.nummer, lot(v.nummer), toen)).collect();
        let nieuw = ontvang(&[], &reeks, toen).nieuw;
        let geldt = standen(&nieuw);
        let waarnemer = genodigde(tx, &open, mens)?.indienen(&geldt, toen).map_err(fout_in_gegevens)?;
        meegeteld.push(Meegeteld { hoedanigheid: waarnemer.hoedanigheid, standen: geldt.clone() });
        gegeven.push((waarnemer.id, geldt));
        waarnemers.push((waarnemer, nieuw));
    }
    let alle: Vec<Waarnemer> = waarnemers.iter().map(|(w, _)| w.clone()).collect();
    let feiten = Sluitfeiten { waarnemers: &alle, standen: &gegeven, vragenlijst: lijst };
    let (gesloten, _) = open.sluiten(tx.nieuw_id(), &NieuweSluiting::default(), feiten, Door::default(), toen).map_err(fout_in_gegevens)?;
    store::afnames::insert(tx, &gesloten)?;
    let mut antwoorden = 0;
    for (waarnemer, nieuw) in &waarnemers {
        store::afnames::insert_waarnemer(tx, waarnemer)?;
        store::afnames::insert_antwoorden(tx, waarnemer.id, nieuw)?;
        antwoorden += nieuw.len();
    }
    let regiotype = ["landelijk", "regionaal", "lokaal"].get(deelnemer.nummer % 3).copied();
    let bijdrage = Bijdrage::van(&resultaat(&gesloten, lijst, &meegeteld), &gesloten, deelnemer.organisatie.sector_code.as_deref(), regiotype);
    store::staat::vervang_bijdrage(tx, bijdrage.organisatie_id, &bijdrage.vragenlijst_code, bijdrage.jaar, Some(&bijdrage))?;
    Ok(antwoorden)
}

/// Eén organisatie met al haar jaren.
fn vul_organisatie(tx: &mut Tx<'_>, lijsten: &[Vragenlijst], nummer: usize) -> Result<usize, StoreError> {
    let organisatie = organisatie(tx, nummer)?;
    let mensen = (0..WAARNEMERS).map(|i| persoon(tx, organisatie.id, nummer * WAARNEMERS + i)).collect::<Result<Vec<_>, _>>()?;
    let deelnemer = Deelnemer { nummer, organisatie, mensen };
    let mut antwoorden = 0;
    for jaar in JAREN {
        let toen = NaiveDate::from_ymd_opt(jaar, 10, 6).and_then(|dag| dag.and_hms_opt(13, 30, 0)).unwrap_or_default().and_utc();
        for lijst in lijsten {
            antwoorden += gesloten_afname(tx, &deelnemer, lijst, toen)?;
        }
    }
    Ok(antwoorden)
}

fn milliseconden(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1_000.0
}

/// Het landelijke beeld over dit jaar en de jaren ervoor, zoals de dienst het maakt.
fn landelijk(conn: &mut Conn, jaren: &Jaren, lijst: Id, jaar: i32) -> Result<StaatBeeld, StoreError> {
    let uitgaven = store::vragenlijsten::verwante(conn, lijst)?;
    let lijst = uitgaven.iter().find(|v| v.id == lijst).ok_or_else(|| StoreError::fault("geen lijst"))?;
    let mut bronnen = Vec::new();
    for uitgave in &uitgaven {
        let Some(vertaling) = vertaling(uitgave, lijst, &uitgaven) else { continue };
        let bron = |(jaar, beeld)| Bron { jaar, uitgave: uitgave.inhoud.uitgave.clone(), beeld, vertaling: vertaling.clone() };
        bronnen.extend(jaren.lees(conn, uitgave.id, jaar - 5..=jaar, jaar)?.into_iter().map(bron));
    }
    let sectoren = store::referentie::sectoren(conn, &Page { limit: 1_000, after: None })?.items.into_iter().map(|s| s.code).collect();
    let kader = Kader { jaar, lopend_jaar: false, groep: Groep::Landelijk, sectoren, regiotypen: BTreeSet::new() };
    Ok(beeld(lijst, &kader, &bronnen))
}

/// De mediaan van een landelijk beeld; `koud` leest ook de vastgestelde jaren telkens opnieuw uit de opslag.
fn staat(draad: &tokio::runtime::Runtime, store: &Store, lijst: Id, jaar: i32, koud: bool) -> Uitkomst<f64> {
    let jaren = Arc::new(Jaren::default());
    let mut tijden = Vec::with_capacity(KEREN);
    for _ in 0..KEREN {
        if koud {
            jaren.vergeet();
        }
        let (jaren, begin) = (Arc::clone(&jaren), Instant::now());
        let gezien = draad.block_on(store.read(move |conn| landelijk(conn, &jaren, lijst, jaar)));
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
    let lijst = lijsten.last().ok_or("geen vragenlijst")?.id;
    let eerste = draad.block_on(store.read(|conn| store::organisaties::list(conn, &store::organisaties::Filter::default(), &Page { limit: 1, after: None })));
    let organisatie = eerste.map_err(leesbaar)?.items.first().map(|o| o.id).ok_or("geen organisatie")?;
    let sleutel = sleutelread(draad, &store, organisatie)?;
    let (eerder, later) = (JAREN.start + 5, JAREN.end - 1);
    let (vroeg, laat) = (staat(draad, &store, lijst, eerder, false)?, staat(draad, &store, lijst, later, false)?);
    let (koud_vroeg, koud_laat) = (staat(draad, &store, lijst, eerder, true)?, staat(draad, &store, lijst, later, true)?);
    let keer = laat / sleutel;
    meld(&format!("één rij op sleutel {sleutel:.3} ms; Staat na zes jaar {vroeg:.3} ms, na tien jaar {laat:.3} ms: {keer:.1} keer één rij"));
    meld(&format!("zonder geheugen voor vastgestelde jaren: na zes jaar {koud_vroeg:.3} ms, na tien jaar {koud_laat:.3} ms"));
    let begin = Instant::now();
    let afwijkend = draad.block_on(store.read(store::staat::hertel)).map_err(leesbaar)?;
    meld(&format!("volledige hertelling, van antwoord tot som: {} afwijkingen in {:.0} ms", afwijkend.len(), milliseconden(begin)));
    if !afwijkend.is_empty() {
        return Err("de sommen zijn niet die van een volledige hertelling".to_owned());
    }
    if laat > vroeg * PLAT || koud_laat > koud_vroeg * PLAT {
        return Err("het beeld wordt trager met de jaren".to_owned());
    }
    if keer > HOOGSTENS { Err(format!("het landelijke beeld kost {keer:.1} keer één rij, en hoogstens {HOOGSTENS} is het doel")) } else { Ok(()) }
}

/// Wat de handler doet: sloten, lezen wat er is, beslissen, bewaren, vastleggen.
async fn geef(store: Store, afname: Id, invulling: Id, vraag: i16, lot: usize) -> Result<(), StoreError> {
    store
        .write(Actor::default(), nu(), None, move |tx| {
            zet_slot(tx, afname, Slot::Antwoorden)?;
            zet_slot_op_invulling(tx, invulling)?;
            let bekend = store::afnames::antwoorden(tx.conn(), invulling, Some(vraag))?;
            store::afnames::insert_antwoorden(tx, invulling, &ontvang(&bekend, &[antwoord(vraag, lot, nu())], nu()).nieuw)?;
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
        let afname = afname(tx, organisatie.id, &lijst, nu())?;
        store::afnames::insert(tx, &afname)?;
        let mut invullingen = Vec::with_capacity(TEGELIJK);
        for nummer in 0..TEGELIJK {
            let persoon = persoon(tx, organisatie.id, nummer)?;
            let waarnemer = genodigde(tx, &afname, &persoon)?;
            store::afnames::insert_waarnemer(tx, &waarnemer)?;
            invullingen.push(waarnemer.id);
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
