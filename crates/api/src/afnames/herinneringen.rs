//! Herinneringen: aan waarnemers die nog niet indienden, en aan organisaties die dit jaar nog niet afnamen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days};
use domain::afnames::jaarlijks::GAAN_OVER_AFNAMES;
use domain::afnames::{Afname, Waarnemer};
use domain::organisaties::Organisatie;
use domain::personen::Persoon;
use domain::vragenlijsten::VragenlijstStatus;
use domain::{Datum, vandaag};
use store::post::{Bericht, plaats};
use store::{Actor, Conn, Page, Tx, Zicht};

use crate::app::App;
use crate::prelude::*;

/// Zoveel dagen voor het einde hoort een waarnemer dat er nog iets wacht.
const DAGEN_VOORAF: u64 = 3;
/// In deze maanden hoort een organisatie dat een jaarlijkse afname nog ontbreekt.
const MAANDEN: [u32; 2] = [10, 12];

/// Wie in een organisatie over de jaarlijkse afname gaat.
fn gaat_over_afnames(persoon: &Persoon) -> bool {
    persoon.mag_werken() && persoon.rollen.iter().any(|rol| GAAN_OVER_AFNAMES.contains(rol))
}

/// Plaatst de herinneringen die vandaag nodig zijn, elk één keer; elk uur is genoeg. Geeft hoeveel.
///
/// # Errors
/// Een fout van de opslag.
pub async fn herinner(app: &App) -> Result<usize, Problem> {
    let dag = vandaag(app.clock.now());
    let mut geplaatst = 0;
    let tot = dag.checked_add_days(Days::new(DAGEN_VOORAF)).unwrap_or(dag);
    let open = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::afnames::open_tot(conn, tot)?) }).await?;
    for afname in open.into_iter().filter(|a| a.loopt_op(dag)) {
        geplaatst += schrijf(app, move |tx| waarnemers(tx, &afname)).await?;
    }
    if MAANDEN.contains(&dag.month()) {
        let achter = app.store.read(move |conn| achterblijvers(conn, dag)).await?;
        for (organisatie, codes) in achter {
            geplaatst += schrijf(app, move |tx| jaarlijks(tx, &organisatie, &codes, dag)).await?;
        }
    }
    Ok(geplaatst)
}

async fn schrijf(app: &App, act: impl Fn(&mut Tx<'_>) -> Result<usize, Problem> + Send + 'static) -> Result<usize, Problem> {
    app.store.write(Actor::default(), app.clock.now(), None, act).await
}

fn waarnemers(tx: &mut Tx<'_>, afname: &Afname) -> Result<usize, Problem> {
    let mut geplaatst = 0;
    let wacht_op = |w: &Waarnemer| w.is_uitgenodigd() && w.ingediend_op.is_none();
    for waarnemer in store::afnames::waarnemers(tx.conn(), afname.id)?.into_iter().filter(wacht_op) {
        let Some(persoon) = store::personen::get(tx.conn(), waarnemer.persoon_id)?.filter(Persoon::mag_werken) else { continue };
        // Schuift het einde op, dan komt er een nieuwe herinnering; anders blijft het bij één.
        if !store::afnames::eerste_herinnering(tx, &format!("waarnemer:{}:{}", waarnemer.id, afname.eind_datum))? {
            continue;
        }
        let tekst = format!(
            "U bent waarnemer bij '{}' en diende uw invulling nog niet in. Dat kan tot en met {}.\n\nAdres: /v1/afnames/{}/invullingen/{}\n",
            afname.titel,
            afname.eind_datum.format("%-d-%-m-%Y"),
            afname.id,
            waarnemer.id
        );
        plaats(tx, &Bericht { aan: persoon.email, onderwerp: format!("Nog in te dienen: {}", afname.titel), tekst, ..Bericht::default() })?;
        tx.record(organisatie_van("herinnering.geplaatst", "waarnemer", waarnemer.id, Some(afname.organisatie_id), None::<&()>, None)?)?;
        geplaatst += 1;
    }
    Ok(geplaatst)
}

/// De codes van vragenlijsten waarmee vandaag afgenomen kan worden, en sinds wanneer er een uitgave van is.
pub(crate) fn bruikbare_codes(conn: &mut Conn) -> Result<BTreeMap<String, Datum>, Problem> {
    let uitgaven = store::vragenlijsten::list(conn, &store::vragenlijsten::Filter::default(), &Page { limit: 1_000, after: None })?.items;
    let mut codes = BTreeMap::new();
    for bruikbaar in uitgaven.iter().filter(|v| v.status == VragenlijstStatus::Gepubliceerd) {
        let eerste = uitgaven.iter().filter(|v| v.inhoud.code == bruikbaar.inhoud.code).filter_map(|v| v.gepubliceerd_op).min();
        codes.insert(bruikbaar.inhoud.code.clone(), vandaag(eerste.unwrap_or(bruikbaar.aangemaakt_op)));
    }
    Ok(codes)
}

/// Organisaties die live zijn, met de vragenlijsten die zij dit jaar nog niet afsloten.
fn achterblijvers(conn: &mut Conn, dag: Datum) -> Result<Vec<(Organisatie, Vec<String>)>, Problem> {
    let codes: BTreeSet<String> = bruikbare_codes(conn)?.into_keys().collect();
    let mut gedaan: BTreeSet<(String, Id)> = BTreeSet::new();
    for code in &codes {
        gedaan.extend(store::staat::deelnemers(conn, code, dag.year())?.into_iter().map(|o| (code.clone(), o)));
    }
    let live = store::organisaties::Filter { aansluitstatus: Some("live".to_owned()), ..Default::default() };
    let mut page = Page { limit: 500, after: None };
    let mut achter = Vec::new();
    loop {
        let gevonden = store::organisaties::list(conn, &live, &page)?;
        for organisatie in gevonden.items {
            let mist: Vec<String> = codes.iter().filter(|code| !gedaan.contains(&((*code).clone(), organisatie.id))).cloned().collect();
            if !mist.is_empty() {
                achter.push((organisatie, mist));
            }
        }
        page.after = gevonden.volgende;
        if page.after.is_none() {
            return Ok(achter);
        }
    }
}

fn jaarlijks(tx: &mut Tx<'_>, organisatie: &Organisatie, codes: &[String], dag: Datum) -> Result<usize, Problem> {
    let alles = Page { limit: 1_000, after: None };
    let personen = store::personen::list(tx.conn(), &store::personen::Filter::default(), &Zicht::Organisatie(organisatie.id), &alles)?.items;
    let personen: Vec<Persoon> = personen.into_iter().filter(gaat_over_afnames).collect();
    if personen.is_empty() || !store::afnames::eerste_herinnering(tx, &format!("jaarlijks:{}:{}-{}", organisatie.id, dag.year(), dag.month()))? {
        return Ok(0);
    }
    let tekst = format!(
        "{} sloot in {} nog geen afname met: {}. De Staat van Netcentrisch Werken telt een afname mee als haar eerste dag in dit jaar valt en zij in januari gesloten is.\n",
        organisatie.naam,
        dag.year(),
        codes.join(", ")
    );
    for persoon in &personen {
        let onderwerp = format!("Jaarlijkse afname {} ontbreekt nog", dag.year());
        plaats(tx, &Bericht { aan: persoon.email.clone(), onderwerp, tekst: tekst.clone(), ..Bericht::default() })?;
    }
    tx.record(organisatie_van("herinnering.geplaatst", "organisatie", organisatie.id, Some(organisatie.id), None::<&()>, None)?)?;
    Ok(personen.len())
}
