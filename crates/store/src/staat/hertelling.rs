//! De hertelling: van antwoord tot som, langs een andere weg dan de sluiting.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use domain::afnames::antwoorden::standen;
use domain::afnames::{Afname, Waarnemer};
use domain::resultaten::{Meegeteld, resultaat};
use domain::staat::{Bijdrage, Celsom, ONBEKEND, vastgesteld};
use domain::vragenlijsten::Vragenlijst;
use domain::{Id, vandaag};

use super::BijdrageRij;
use crate::StoreError;
use crate::connection::Conn;
use crate::schema::{staatbijdrage, staatcel};

/// Een som die niet overeenkomt met de bijdragen, of een bijdrage die niet volgt uit de antwoorden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Afwijkend {
    /// De uitgave.
    pub vragenlijst_id: String,
    /// Het jaar.
    pub jaar: i32,
    /// De sector.
    pub sector: String,
    /// Het regiotype.
    pub regiotype: String,
}

impl Afwijkend {
    fn bij(bijdrage: &Bijdrage) -> Self {
        let Bijdrage { vragenlijst_id, jaar, sector, regiotype, .. } = bijdrage;
        Self { vragenlijst_id: vragenlijst_id.to_string(), jaar: *jaar, sector: sector.clone(), regiotype: regiotype.clone() }
    }
}

/// Telt alles opnieuw, van antwoord tot som, en noemt iedere som en bijdrage die afwijkt; leeg is goed.
///
/// # Errors
/// Een fout van de opslag.
pub fn hertel(conn: &mut Conn) -> Result<Vec<Afwijkend>, StoreError> {
    let rijen: Vec<BijdrageRij> = staatbijdrage::table.select(BijdrageRij::as_select()).load(conn)?;
    let bijdragen = rijen.into_iter().map(BijdrageRij::domein).collect::<Result<Vec<_>, _>>()?;
    let mut afwijkend = sommen(conn, &bijdragen)?;
    afwijkend.extend(herkomst(conn, &bijdragen)?);
    afwijkend.sort();
    afwijkend.dedup();
    Ok(afwijkend)
}

/// Sommen die niet zijn wat hun bijdragen samen zijn.
fn sommen(conn: &mut Conn, bijdragen: &[Bijdrage]) -> Result<Vec<Afwijkend>, StoreError> {
    let mut opnieuw: BTreeMap<Afwijkend, Celsom> = BTreeMap::new();
    for bijdrage in bijdragen {
        opnieuw.entry(Afwijkend::bij(bijdrage)).or_default().erbij(bijdrage);
    }
    let bewaard: Vec<(String, i32, String, String, String)> = staatcel::table.load(conn)?;
    let mut afwijkend = Vec::new();
    for (vragenlijst_id, jaar, sector, regiotype, som) in bewaard {
        let cel = Afwijkend { vragenlijst_id, jaar, sector, regiotype };
        let verwacht = opnieuw.remove(&cel).unwrap_or_default();
        if serde_json::from_str::<Celsom>(&som)? != verwacht {
            afwijkend.push(cel);
        }
    }
    afwijkend.extend(opnieuw.into_keys());
    Ok(afwijkend)
}

/// Bijdragen die niet uit hun antwoorden volgen, en afnames die hadden moeten meetellen.
///
/// Een afname die na het vaststellen van haar jaar is heropend of gesloten, verandert dat jaar niet en wordt hier dus niet geteld.
fn herkomst(conn: &mut Conn, bijdragen: &[Bijdrage]) -> Result<Vec<Afwijkend>, StoreError> {
    let gesloten = crate::afnames::gesloten(conn)?;
    let op_tijd = |afname: &&Afname| afname.gesloten_op.is_some_and(|op| !vastgesteld(afname.jaar(), vandaag(op)));
    let telt: HashMap<Id, &Afname> = gesloten.iter().filter(op_tijd).map(|afname| (afname.id, afname)).collect();
    let aanwezig: HashSet<(Id, &str, i32)> = bijdragen.iter().map(|b| (b.organisatie_id, b.vragenlijst_code.as_str(), b.jaar)).collect();
    let mut afwijkend: Vec<Afwijkend> = telt
        .values()
        .filter(|a| !aanwezig.contains(&(a.organisatie_id, a.vragenlijst_code.as_str(), a.jaar())))
        .map(|a| Afwijkend { vragenlijst_id: a.vragenlijst_id.to_string(), jaar: a.jaar(), sector: ONBEKEND.to_owned(), regiotype: ONBEKEND.to_owned() })
        .collect();
    let mut lijsten: HashMap<Id, Option<Vragenlijst>> = HashMap::new();
    for bijdrage in bijdragen {
        let Some(afname) = telt.get(&bijdrage.afname_id) else { continue };
        let gelezen = match lijsten.entry(afname.vragenlijst_id) {
            Entry::Occupied(bekend) => bekend.into_mut(),
            Entry::Vacant(nieuw) => nieuw.insert(crate::vragenlijsten::get(conn, afname.vragenlijst_id)?),
        };
        let Some(lijst) = gelezen.as_ref() else { continue };
        if opnieuw(conn, afname, lijst, bijdrage)? != *bijdrage {
            afwijkend.push(Afwijkend::bij(bijdrage));
        }
    }
    Ok(afwijkend)
}

/// De bijdrage uit de antwoorden; sector en regiotype zijn die van toen.
fn opnieuw(conn: &mut Conn, afname: &Afname, lijst: &Vragenlijst, bijdrage: &Bijdrage) -> Result<Bijdrage, StoreError> {
    let mut per_invulling = crate::afnames::van_afname(conn, afname.id)?;
    let waarnemers = crate::afnames::waarnemers(conn, afname.id)?;
    let meegeteld: Vec<Meegeteld> = waarnemers
        .iter()
        .filter(|w| Waarnemer::telt_mee(w))
        .map(|w| Meegeteld { hoedanigheid: w.hoedanigheid, standen: standen(&per_invulling.remove(&w.id).unwrap_or_default()) })
        .collect();
    Ok(Bijdrage::van(&resultaat(afname, lijst, &meegeteld), afname, Some(&bijdrage.sector), Some(&bijdrage.regiotype)))
}
