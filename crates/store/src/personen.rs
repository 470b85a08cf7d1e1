//! Personen, hun rollen en hun identiteiten bij uitgevers.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::identiteitsproviders::Gekoppeld;
use domain::personen::{Persoon, Rol};

use crate::connection::{Conn, rechtstreeks};
use crate::organisaties::{gewijzigd, id, patroon};
use crate::schema::{persoon, persoon_identiteit, persoon_identiteit_vervallen, persoon_rol};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError, Zicht};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = persoon, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    organisatie_id: String,
    naam: String,
    email: String,
    telefoon: Option<String>,
    functie: Option<String>,
    status: String,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl From<&Persoon> for Rij {
    fn from(p: &Persoon) -> Self {
        Self {
            id: p.id.to_string(),
            organisatie_id: p.organisatie_id.to_string(),
            naam: p.naam.clone(),
            email: p.email.clone(),
            telefoon: p.telefoon.clone(),
            functie: p.functie.clone(),
            status: p.status.to_string(),
            aangemaakt_op: p.aangemaakt_op.naive_utc(),
            gewijzigd_op: p.gewijzigd_op.naive_utc(),
            versie: p.versie,
        }
    }
}

impl Rij {
    fn domein(self, mut rollen: Vec<Rol>) -> Result<Persoon, StoreError> {
        rollen.sort_unstable();
        Ok(Persoon {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            naam: self.naam,
            email: self.email,
            telefoon: self.telefoon,
            functie: self.functie,
            rollen,
            status: self.status.parse()?,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

fn met_rollen(conn: &mut Conn, rijen: Vec<Rij>) -> Result<Vec<Persoon>, StoreError> {
    let ids: Vec<&str> = rijen.iter().map(|r| r.id.as_str()).collect();
    let paren: Vec<(String, String)> =
        persoon_rol::table.filter(persoon_rol::persoon_id.eq_any(ids)).select((persoon_rol::persoon_id, persoon_rol::rol)).load(conn)?;
    let mut rollen: HashMap<String, Vec<Rol>> = HashMap::new();
    for (wie, rol) in paren {
        rollen.entry(wie).or_default().push(rol.parse()?);
    }
    let persoon = |rij: Rij| {
        let van_persoon = rollen.remove(&rij.id).unwrap_or_default();
        rij.domein(van_persoon)
    };
    rijen.into_iter().map(persoon).collect()
}

/// Eén persoon uit zijn rij bij iedere rol.
fn een(rijen: Vec<(Rij, Option<String>)>) -> Result<Option<Persoon>, StoreError> {
    let mut eerste = None;
    let mut rollen = Vec::new();
    for (rij, rol) in rijen {
        eerste.get_or_insert(rij);
        rollen.extend(rol.map(|rol| rol.parse::<Rol>()).transpose()?);
    }
    eerste.map(|rij| rij.domein(rollen)).transpose()
}

/// Eén persoon.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, persoon_id: Id) -> Result<Option<Persoon>, StoreError> {
    een(rechtstreeks!(conn, |c| persoon::table
        .left_join(persoon_rol::table)
        .filter(persoon::id.eq(persoon_id.to_string()))
        .select((Rij::as_select(), persoon_rol::rol.nullable()))
        .load(c))?)
}

/// De persoon achter een identiteit bij een uitgever.
///
/// # Errors
/// Een fout van de opslag.
pub fn by_identiteit(conn: &mut Conn, issuer: &str, sub: &str) -> Result<Option<Persoon>, StoreError> {
    een(rechtstreeks!(conn, |c| persoon_identiteit::table
        .inner_join(persoon::table.left_join(persoon_rol::table))
        .filter(persoon_identiteit::issuer.eq(issuer))
        .filter(persoon_identiteit::sub.eq(sub))
        .select((Rij::as_select(), persoon_rol::rol.nullable()))
        .load(c))?)
}

/// De persoon met dit e-mailadres bij een organisatie.
///
/// # Errors
/// Een fout van de opslag.
pub fn met_email(conn: &mut Conn, organisatie: Id, email: &str) -> Result<Option<Persoon>, StoreError> {
    een(rechtstreeks!(conn, |c| persoon::table
        .left_join(persoon_rol::table)
        .filter(persoon::organisatie_id.eq(organisatie.to_string()))
        .filter(persoon::email.eq(email.to_lowercase()))
        .select((Rij::as_select(), persoon_rol::rol.nullable()))
        .load(c))?)
}

/// Personen met dit e-mailadres die bij deze uitgever nog geen identiteit hebben.
///
/// # Errors
/// Een fout van de opslag.
pub fn zonder_identiteit(conn: &mut Conn, issuer: &str, email: &str) -> Result<Vec<Persoon>, StoreError> {
    let gekoppeld = persoon_identiteit::table.filter(persoon_identiteit::issuer.eq(issuer)).select(persoon_identiteit::persoon_id);
    let rijen: Vec<Rij> = persoon::table
        .filter(persoon::email.eq(email.to_lowercase()))
        .filter(persoon::status.eq("uitgenodigd").or(persoon::status.eq("actief")))
        .filter(diesel::dsl::not(persoon::id.eq_any(gekoppeld)))
        .select(Rij::as_select())
        .load(conn)?;
    met_rollen(conn, rijen)
}

/// Koppelt een identiteit voorgoed aan een persoon.
///
/// # Errors
/// [`StoreError::Conflict`] als identiteit of persoon bij deze uitgever al gekoppeld is.
pub fn koppel(tx: &mut Tx<'_>, issuer: &str, sub: &str, persoon_id: Id) -> Result<(), StoreError> {
    use persoon_identiteit::dsl as i;
    let nu = tx.now().naive_utc();
    diesel::insert_into(i::persoon_identiteit)
        .values((i::issuer.eq(issuer), i::sub.eq(sub), i::persoon_id.eq(persoon_id.to_string()), i::gekoppeld_op.eq(nu)))
        .execute(tx.schrijf())?;
    Ok(())
}

/// Of deze persoon zich ooit bewezen heeft aangemeld: er is een identiteit gekoppeld, ook als die later verviel.
///
/// # Errors
/// Een fout van de opslag.
pub fn ooit_gekoppeld(conn: &mut Conn, persoon_id: Id) -> Result<bool, StoreError> {
    let wie = persoon_id.to_string();
    let nu: i64 = persoon_identiteit::table.filter(persoon_identiteit::persoon_id.eq(&wie)).count().get_result(conn)?;
    if nu > 0 {
        return Ok(true);
    }
    let eerder: i64 = persoon_identiteit_vervallen::table.filter(persoon_identiteit_vervallen::persoon_id.eq(&wie)).count().get_result(conn)?;
    Ok(eerder > 0)
}

/// Mensen van een organisatie die bij deze uitgever gekoppeld zijn; met `alleen` beperkt tot die personen.
///
/// # Errors
/// Een fout van de opslag.
pub fn gekoppeld(conn: &mut Conn, issuer: &str, organisatie: Id, alleen: Option<&[Id]>) -> Result<Vec<Gekoppeld>, StoreError> {
    let mut vraag = persoon_identiteit::table
        .inner_join(persoon::table.on(persoon::id.eq(persoon_identiteit::persoon_id)))
        .filter(persoon_identiteit::issuer.eq(issuer.to_owned()))
        .filter(persoon::organisatie_id.eq(organisatie.to_string()))
        .order(persoon::id.asc())
        .select((persoon::id, persoon::email, persoon::status))
        .into_boxed();
    if let Some(alleen) = alleen {
        vraag = vraag.filter(persoon::id.eq_any(alleen.iter().map(Id::to_string).collect::<Vec<_>>()));
    }
    let rijen: Vec<(String, String, String)> = vraag.load(conn)?;
    rijen.into_iter().map(|(wie, email, status)| Ok(Gekoppeld { persoon_id: id(&wie)?, email, geblokkeerd: status == "geblokkeerd" })).collect()
}

/// Laat de koppelingen van deze personen bij deze uitgever vervallen; wat er was, blijft bewaard.
///
/// # Errors
/// Een fout van de opslag.
pub fn ontkoppel(tx: &mut Tx<'_>, issuer: &str, personen: &[Id]) -> Result<(), StoreError> {
    use persoon_identiteit::dsl as i;
    use persoon_identiteit_vervallen::dsl as v;
    let nu = tx.now().naive_utc();
    for wie in personen {
        let doel = i::persoon_identiteit.filter(i::issuer.eq(issuer)).filter(i::persoon_id.eq(wie.to_string()));
        let rij: Option<(String, NaiveDateTime)> = doel.select((i::sub, i::gekoppeld_op)).first(tx.conn()).optional()?;
        let Some((sub, gekoppeld_op)) = rij else { continue };
        let nieuw = tx.nieuw_id().to_string();
        let was = (
            v::id.eq(nieuw),
            v::issuer.eq(issuer),
            v::sub.eq(&sub),
            v::persoon_id.eq(wie.to_string()),
            v::gekoppeld_op.eq(gekoppeld_op),
            v::vervallen_op.eq(nu),
        );
        diesel::insert_into(v::persoon_identiteit_vervallen).values(was).execute(tx.schrijf())?;
        diesel::delete(i::persoon_identiteit.find((issuer, &sub))).execute(tx.schrijf())?;
    }
    Ok(())
}

/// Waarop de lijst van personen te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Organisatie.
    pub organisatie_id: Option<Id>,
    /// Rol.
    pub rol: Option<String>,
    /// Status.
    pub status: Option<String>,
    /// Deel van naam of e-mailadres.
    pub zoek: Option<String>,
}

/// Personen, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, zicht: &Zicht, page: &Page) -> Result<Bladzijde<Persoon>, StoreError> {
    use persoon::dsl as p;
    let mut vraag = p::persoon.select(Rij::as_select()).into_boxed();
    match zicht {
        Zicht::Alles => {}
        Zicht::Niets => return Ok(Bladzijde { items: Vec::new(), volgende: None }),
        Zicht::Organisatie(organisatie) | Zicht::Relaties { organisatie, .. } => vraag = vraag.filter(p::organisatie_id.eq(organisatie.to_string())),
    }
    if let Some(organisatie) = filter.organisatie_id {
        vraag = vraag.filter(p::organisatie_id.eq(organisatie.to_string()));
    }
    if let Some(rol) = &filter.rol {
        vraag = vraag.filter(p::id.eq_any(persoon_rol::table.filter(persoon_rol::rol.eq(rol.clone())).select(persoon_rol::persoon_id)));
    }
    if let Some(status) = &filter.status {
        vraag = vraag.filter(p::status.eq(status.clone()));
    }
    if let Some(zoek) = &filter.zoek {
        let patroon = patroon(zoek);
        let naam = diesel::dsl::sql::<diesel::sql_types::Text>("lower(naam)");
        vraag = vraag.filter(naam.like(patroon.clone()).escape('\\').or(p::email.like(patroon).escape('\\')));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(p::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(p::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = met_rollen(conn, rijen)?;
    Ok(Bladzijde::uit(items, page.limit, |p| p.id.to_string()))
}

fn zet_rollen(tx: &mut Tx<'_>, p: &Persoon) -> Result<(), StoreError> {
    let wie = p.id.to_string();
    diesel::delete(persoon_rol::table.filter(persoon_rol::persoon_id.eq(&wie))).execute(tx.schrijf())?;
    for rol in &p.rollen {
        diesel::insert_into(persoon_rol::table).values((persoon_rol::persoon_id.eq(&wie), persoon_rol::rol.eq(rol.as_str()))).execute(tx.schrijf())?;
    }
    Ok(())
}

/// Voegt een persoon toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een e-mailadres dat in de organisatie al bestaat.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Persoon) -> Result<(), StoreError> {
    diesel::insert_into(persoon::table).values(Rij::from(nieuw)).execute(tx.schrijf())?;
    zet_rollen(tx, nieuw)
}

/// Wijzigt een persoon als die nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`], [`StoreError::Conflict`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Persoon, versie: i64) -> Result<(), StoreError> {
    use persoon::dsl as p;
    let doel = p::persoon.filter(p::id.eq(nieuw.id.to_string())).filter(p::versie.eq(versie));
    let aantal = wijzig(doel, Rij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|p| p.versie)))?;
    zet_rollen(tx, nieuw)
}
