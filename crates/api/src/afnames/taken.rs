//! Wat er rond afnames op iemand wacht: invullen, sluiten, en de jaarlijkse afname.

use std::collections::BTreeSet;

use domain::afnames::jaarlijks::{GAAN_OVER_AFNAMES, VRAGENLIJSTEN};
use domain::afnames::{Afname, AfnameStatus, Jaarafname};
use domain::organisaties::Aansluitstatus;
use domain::taken::Taak;
use domain::vandaag;
use store::afnames::{Filter, Kijker};
use store::{Conn, Page, Zicht};

use super::herinneringen::bruikbare_codes;
use crate::prelude::*;
use crate::taken::Vraag;
use crate::trajecten::borging::live_van;

/// De taken van deze persoon.
pub(crate) fn taken(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let mut taken = invullen(conn, vraag)?;
    let eigen = vraag.voor.organisatie.id;
    if vraag.voor.bij(eigen, GAAN_OVER_AFNAMES) {
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

/// De vragenlijsten die de eigen organisatie binnenkort moet afnemen, of vorig jaar niet afnam.
fn jaarlijks(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let organisatie = vraag.voor.organisatie;
    if organisatie.aansluitstatus != Aansluitstatus::Live {
        return Ok(Vec::new());
    }
    // Wie live is zonder traject hier, kan pas te laat zijn sinds wij haar kennen.
    let sinds = live_van(conn, organisatie.id)?.into_iter().map(|(_, sinds)| sinds).min().unwrap_or_else(|| vandaag(organisatie.aangemaakt_op));
    Ok(jaarafnames(conn, organisatie.id)?.iter().filter_map(|afname| afname.taak(organisatie, sinds, &vraag.voor)).collect())
}

/// Wat er bij een organisatie over de jaarlijkse afname van iedere vragenlijst bekend is: die van de bron, en wat NIPV meer publiceerde.
pub(crate) fn jaarafnames(conn: &mut Conn, organisatie: Id) -> Result<Vec<Jaarafname>, Problem> {
    let bruikbaar = bruikbare_codes(conn)?;
    let metingen = store::staat::laatste_metingen(conn, organisatie)?;
    let codes: BTreeSet<&str> = VRAGENLIJSTEN.into_iter().chain(bruikbaar.keys().map(String::as_str)).collect();
    let afname = |code: &str| Jaarafname { code: code.to_owned(), af_te_nemen_sinds: bruikbaar.get(code).copied(), laatste: metingen.get(code).copied() };
    Ok(codes.into_iter().map(afname).collect())
}
