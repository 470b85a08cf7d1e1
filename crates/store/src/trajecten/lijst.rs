//! De lijst van trajecten: bladeren op sleutel, zodat bladzijde 10.000 kost wat bladzijde 1 kost.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::trajecten::{Partij, PartijRol, Traject};
use domain::{Datum, Id};

use super::{PartijRij, Rij};
use crate::connection::Conn;
use crate::organisaties::patroon;
use crate::schema::{organisatie, partij, traject};
use crate::{Bladzijde, Page, StoreError, Zicht};

/// De trajecten waarbij een organisatie op deze dag in een van deze rollen betrokken is.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn betrokken<'a>(wie: Id, rollen: &'a [PartijRol], dag: Datum) -> _ {
    let wie: String = wie.to_string();
    let namen: Vec<&'static str> = namen(rollen);
    partij::table
        .filter(partij::organisatie_id.eq(wie))
        .filter(partij::rol.eq_any(namen))
        .filter(partij::van.le(dag))
        .filter(partij::tot.is_null().or(partij::tot.assume_not_null().ge(dag)))
        .select(partij::traject_id)
}

/// Houdt een opdracht buiten de voorraad voorbereide opdrachten, zodat PostgreSQL haar voor deze aanroeper plant.
///
/// Een voorbereide opdracht krijgt na vijf keer een plan voor de gemiddelde organisatie. Voor een partner die bij bijna alle
/// trajecten betrokken is, leest dat plan ze allemaal: 700 ms voor een blad bij 100.000 trajecten, tegenover minder dan 1 ms.
pub(crate) fn per_keer_gepland() -> diesel::expression::SqlLiteral<diesel::sql_types::Bool> {
    diesel::dsl::sql("TRUE")
}

/// Of een persoon contactpersoon is van een traject waarbij deze organisatie op deze dag zelf betrokken is.
///
/// # Errors
/// Een fout van de opslag.
pub fn is_contactpersoon_voor(conn: &mut Conn, persoon: Id, organisatie: Id, dag: Datum) -> Result<bool, StoreError> {
    let als_partij: Vec<String> = partij::table
        .filter(partij::contactpersoon_id.eq(persoon.to_string()))
        .filter(partij::tot.is_null().or(partij::tot.assume_not_null().ge(dag)))
        .select(partij::traject_id)
        .load(conn)?;
    if betrokken(organisatie, PartijRol::ALLE, dag).filter(partij::traject_id.eq_any(als_partij)).first::<String>(conn).optional()?.is_some() {
        return Ok(true);
    }
    let van_traject = traject::table.filter(traject::contactpersonen.like(format!("%\"{persoon}\"%"))).filter(traject::id.eq_any(betrokken(
        organisatie,
        PartijRol::ALLE,
        dag,
    )));
    Ok(van_traject.select(traject::id).first::<String>(conn).optional()?.is_some())
}

fn namen(rollen: &[PartijRol]) -> Vec<&'static str> {
    rollen.iter().map(|rol| rol.as_str()).collect()
}

/// Waarop de lijst van trajecten te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Status.
    pub status: Option<String>,
    /// Fase 1 tot en met 3.
    pub fase: Option<i16>,
    /// Stap 1 tot en met 6.
    pub stap: Option<i16>,
    /// Sector van de crisispartner.
    pub sector_code: Option<String>,
    /// Organisatie die partij is (geweest).
    pub partij: Option<Id>,
    /// Alleen met een deadline vóór deze dag.
    pub deadline_voor: Option<Datum>,
    /// Deel van kenmerk of naam of afkorting van de organisatie.
    pub zoek: Option<String>,
}

/// Volgorde van de lijst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sortering {
    /// Nieuwste eerst.
    #[default]
    Nieuwste,
    /// Oudste eerst.
    Oudste,
    /// Kenmerk oplopend.
    Kenmerk,
}

/// Trajecten die het filter en het zicht doorlaten; altijd twee opdrachten, hoeveel rijen ook.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, zicht: &Zicht, sortering: Sortering, page: &Page) -> Result<Bladzijde<Traject>, StoreError> {
    use traject::dsl as t;
    let mut vraag = t::traject.select(Rij::as_select()).into_boxed();
    match zicht {
        Zicht::Alles => {}
        Zicht::Niets => return Ok(Bladzijde { items: Vec::new(), volgende: None }),
        Zicht::Organisatie(organisatie) => vraag = vraag.filter(t::organisatie_id.eq(organisatie.to_string())),
        Zicht::Relaties { organisatie, rollen, vandaag } => {
            vraag = vraag.filter(t::id.eq_any(betrokken(*organisatie, rollen, *vandaag))).filter(per_keer_gepland())
        }
    }
    if let Some(status) = &filter.status {
        vraag = vraag.filter(t::status.eq(status.clone()));
    }
    if let Some(fase) = filter.fase {
        let fase = i32::from(fase);
        vraag = vraag.filter(t::stap.between(fase * 2 - 1, fase * 2));
    }
    if let Some(stap) = filter.stap {
        vraag = vraag.filter(t::stap.eq(i32::from(stap)));
    }
    if let Some(sector) = &filter.sector_code {
        vraag = vraag.filter(t::organisatie_id.eq_any(organisatie::table.filter(organisatie::sector_code.eq(sector.clone())).select(organisatie::id)));
    }
    if let Some(wie) = filter.partij {
        vraag = vraag.filter(t::id.eq_any(partij::table.filter(partij::organisatie_id.eq(wie.to_string())).select(partij::traject_id)));
    }
    if let Some(dag) = filter.deadline_voor {
        vraag = vraag.filter(t::deadline.lt(dag)).filter(t::status.eq_any(["lopend", "gepauzeerd"]));
    }
    if let Some(zoek) = &filter.zoek {
        let organisaties = organisatie::table.filter(organisatie::zoek.like(patroon(zoek)).escape('\\')).select(organisatie::id);
        vraag = vraag.filter(t::kenmerk.like(patroon(zoek).to_uppercase()).escape('\\').or(t::organisatie_id.eq_any(organisaties)));
    }
    let na = page.after.clone();
    vraag = match (sortering, na) {
        (Sortering::Nieuwste, Some(na)) => vraag.filter(t::id.lt(na)),
        (Sortering::Oudste, Some(na)) => vraag.filter(t::id.gt(na)),
        (Sortering::Kenmerk, Some(na)) => vraag.filter(t::kenmerk.gt(na)),
        (_, None) => vraag,
    };
    vraag = match sortering {
        Sortering::Nieuwste => vraag.order(t::id.desc()),
        Sortering::Oudste => vraag.order(t::id.asc()),
        Sortering::Kenmerk => vraag.order(t::kenmerk.asc()),
    };
    let rijen: Vec<Rij> = vraag.limit(page.limit + 1).load(conn)?;
    let items = met_partijen(conn, rijen)?;
    Ok(Bladzijde::uit(items, page.limit, |t| if sortering == Sortering::Kenmerk { t.kenmerk.clone() } else { t.id.to_string() }))
}

fn met_partijen(conn: &mut Conn, rijen: Vec<Rij>) -> Result<Vec<Traject>, StoreError> {
    let ids: Vec<&str> = rijen.iter().map(|r| r.id.as_str()).collect();
    // De naam als deelvraag en niet als koppeling: PostgreSQL zou voor een koppeling de hele tabel van organisaties lezen,
    // en dan kost een blad meer naarmate er meer organisaties zijn.
    let naam = organisatie::table.filter(organisatie::id.eq(partij::organisatie_id)).select(organisatie::naam).single_value();
    let gevonden: Vec<(PartijRij, Option<String>)> =
        partij::table.filter(partij::traject_id.eq_any(ids)).order(partij::id.asc()).select((PartijRij::as_select(), naam)).load(conn)?;
    let mut partijen: HashMap<String, Vec<Partij>> = HashMap::new();
    for (rij, naam) in gevonden {
        partijen.entry(rij.traject_id.clone()).or_default().push(rij.domein(naam.unwrap_or_default())?);
    }
    rijen
        .into_iter()
        .map(|rij| {
            let van_traject = partijen.remove(&rij.id).unwrap_or_default();
            rij.domein(van_traject)
        })
        .collect()
}
