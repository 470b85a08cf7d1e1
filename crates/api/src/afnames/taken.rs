//! Wat er rond afnames op iemand wacht: invullen, sluiten, en de jaarlijkse afname.

use chrono::Datelike;
use domain::Datum;
use domain::afnames::{Afname, AfnameStatus};
use domain::organisaties::Aansluitstatus;
use domain::personen::Rol;
use domain::taken::Taak;
use store::afnames::{Filter, Kijker};
use store::{Conn, Page, Zicht};

use super::herinneringen::bruikbare_codes;
use crate::prelude::*;
use crate::taken::Vraag;

/// Vanaf deze maand wacht de jaarlijkse afname.
const VANAF_MAAND: u32 = 10;
const BEHEERT: [Rol; 3] = [Rol::Projectleider, Rol::Organisatiebeheerder, Rol::Informatiefunctionaris];

/// De taken van deze persoon.
pub(crate) fn taken(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let mut taken = invullen(conn, vraag)?;
    let eigen = vraag.voor.organisatie.id;
    if vraag.voor.bij(eigen, &BEHEERT) {
        taken.extend(sluiten(conn, vraag)?);
        taken.extend(jaarlijks(conn, vraag)?);
    }
    Ok(taken)
}

fn open(conn: &mut Conn, kijker: &Kijker) -> Result<Vec<Afname>, Problem> {
    let filter = Filter { status: Some(AfnameStatus::Open.to_string()), ..Filter::default() };
    Ok(store::afnames::list(conn, &filter, kijker, &Page { limit: 200, after: None })?.items)
}

fn taak(conn: &mut Conn, afname: &Afname, soort: &str, titel: String, pad: String) -> Result<Taak, Problem> {
    let organisatie_naam = store::organisaties::get(conn, afname.organisatie_id)?.map(|o| o.naam).unwrap_or_default();
    Ok(Taak {
        soort: soort.to_owned(),
        titel,
        onderwerp: pad,
        organisatie_id: afname.organisatie_id,
        organisatie_naam,
        sinds_op: afname.gewijzigd_op,
        uiterlijk_datum: Some(afname.eind_datum),
    })
}

/// Afnames waarvoor deze persoon is uitgenodigd en nog niet indiende.
fn invullen(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let persoon = vraag.voor.persoon.id;
    let kijker = Kijker { zicht: Zicht::Niets, eigen: None, persoon: Some(persoon), vandaag: vraag.voor.vandaag };
    let mut taken = Vec::new();
    for afname in open(conn, &kijker)? {
        let waarnemers = store::afnames::waarnemers(conn, afname.id)?;
        let Some(mij) = waarnemers.iter().find(|w| w.persoon_id == persoon && w.is_uitgenodigd() && w.ingediend_op.is_none()) else { continue };
        let pad = format!("/v1/afnames/{}/invullingen/{}", afname.id, mij.id);
        taken.push(taak(conn, &afname, "invulling-indienen", format!("Dien uw waarneming in: {}.", afname.titel), pad)?);
    }
    Ok(taken)
}

/// Afnames van de eigen organisatie waarvan de periode voorbij is.
fn sluiten(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let kijker = Kijker { zicht: Zicht::Niets, eigen: Some(vraag.voor.organisatie.id), persoon: None, vandaag: vraag.voor.vandaag };
    let voorbij = open(conn, &kijker)?.into_iter().filter(|a| a.eind_datum < vraag.voor.vandaag);
    voorbij.map(|a| taak(conn, &a, "afname-sluiten", format!("Sluit de afname {}.", a.titel), format!("/v1/afnames/{}", a.id))).collect()
}

/// De vragenlijsten die de eigen organisatie dit jaar nog niet afsloot, vanaf oktober.
fn jaarlijks(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let (organisatie, vandaag) = (vraag.voor.organisatie, vraag.voor.vandaag);
    if organisatie.aansluitstatus != Aansluitstatus::Live || vandaag.month() < VANAF_MAAND {
        return Ok(Vec::new());
    }
    let wacht_sinds = Datum::from_ymd_opt(vandaag.year(), VANAF_MAAND, 1).unwrap_or(vandaag);
    let mut taken = Vec::new();
    for code in bruikbare_codes(conn)? {
        if store::staat::bijdrage(conn, organisatie.id, &code, vandaag.year())?.is_none() {
            taken.push(Taak {
                soort: "jaarlijkse-afname".to_owned(),
                titel: format!("Neem {code} dit jaar af en sluit de afname."),
                onderwerp: format!("/v1/afnames?organisatieId={}&vragenlijstCode={code}", organisatie.id),
                organisatie_id: organisatie.id,
                organisatie_naam: organisatie.naam.clone(),
                sinds_op: wacht_sinds.and_time(chrono::NaiveTime::MIN).and_utc(),
                uiterlijk_datum: Datum::from_ymd_opt(vandaag.year(), 12, 31),
            });
        }
    }
    Ok(taken)
}
