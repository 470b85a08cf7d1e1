//! Organisaties, certificeringen en netwerkaansluitingen.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::organisaties::{Certificering, CertificeringSoort, Netwerkaansluiting, Organisatie};
use domain::{Datum, Id};

use crate::connection::Conn;
use crate::schema::{certificering, netwerkaansluiting, organisatie};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

pub(crate) fn id(tekst: &str) -> Result<Id, StoreError> {
    tekst.parse().map_err(StoreError::fault)
}

pub(crate) fn maybe_id(tekst: Option<String>) -> Result<Option<Id>, StoreError> {
    tekst.map(|t| id(&t)).transpose()
}

/// Zet het aantal gewijzigde rijen om: nul betekent dat de versie achterloopt.
pub(crate) fn gewijzigd(aantal: usize, huidige: impl FnOnce() -> Result<Option<i64>, StoreError>) -> Result<(), StoreError> {
    if aantal == 0 { Err(StoreError::Stale { current: huidige()?.unwrap_or_default() }) } else { Ok(()) }
}

/// Bouwt het zoekpatroon voor `LIKE`, met letterlijke jokertekens.
pub(crate) fn patroon(zoek: &str) -> String {
    let veilig = zoek.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{veilig}%")
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = organisatie, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    naam: String,
    afkorting: Option<String>,
    oin: Option<String>,
    soort: String,
    sector_code: Option<String>,
    emaildomeinen: String,
    aansluitstatus: String,
    onderdeel_van: Option<String>,
    zoek: String,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
    aanmaken_bij_eerste_aanmelding: bool,
}

impl Rij {
    fn uit(o: &Organisatie) -> Result<Self, StoreError> {
        Ok(Self {
            id: o.id.to_string(),
            naam: o.naam.clone(),
            afkorting: o.afkorting.clone(),
            oin: o.oin.clone(),
            soort: o.soort.to_string(),
            sector_code: o.sector_code.clone(),
            emaildomeinen: serde_json::to_string(&o.emaildomeinen)?,
            aansluitstatus: o.aansluitstatus.to_string(),
            onderdeel_van: o.onderdeel_van.map(|id| id.to_string()),
            zoek: format!("{} {}", o.naam, o.afkorting.as_deref().unwrap_or_default()).to_lowercase(),
            aangemaakt_op: o.aangemaakt_op.naive_utc(),
            gewijzigd_op: o.gewijzigd_op.naive_utc(),
            versie: o.versie,
            aanmaken_bij_eerste_aanmelding: o.aanmaken_bij_eerste_aanmelding,
        })
    }

    fn domein(self) -> Result<Organisatie, StoreError> {
        Ok(Organisatie {
            id: id(&self.id)?,
            naam: self.naam,
            afkorting: self.afkorting,
            oin: self.oin,
            soort: self.soort.parse()?,
            sector_code: self.sector_code,
            emaildomeinen: serde_json::from_str(&self.emaildomeinen)?,
            aansluitstatus: self.aansluitstatus.parse()?,
            onderdeel_van: maybe_id(self.onderdeel_van)?,
            aanmaken_bij_eerste_aanmelding: self.aanmaken_bij_eerste_aanmelding,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén organisatie.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, organisatie_id: Id) -> Result<Option<Organisatie>, StoreError> {
    organisatie::table.find(organisatie_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// NIPV, zodra het bestaat.
///
/// # Errors
/// Een fout van de opslag.
pub fn nipv(conn: &mut Conn) -> Result<Option<Organisatie>, StoreError> {
    organisatie::table.filter(organisatie::soort.eq("nipv")).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Waarop de lijst van organisaties te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Sector.
    pub sector_code: Option<String>,
    /// Aansluitstatus.
    pub aansluitstatus: Option<String>,
    /// Deel van naam of afkorting.
    pub zoek: Option<String>,
}

/// Organisaties, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, page: &Page) -> Result<Bladzijde<Organisatie>, StoreError> {
    use organisatie::dsl as o;
    let mut vraag = o::organisatie.select(Rij::as_select()).into_boxed();
    if let Some(sector) = &filter.sector_code {
        vraag = vraag.filter(o::sector_code.eq(sector.clone()));
    }
    if let Some(status) = &filter.aansluitstatus {
        vraag = vraag.filter(o::aansluitstatus.eq(status.clone()));
    }
    if let Some(zoek) = &filter.zoek {
        vraag = vraag.filter(o::zoek.like(patroon(zoek)).escape('\\'));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(o::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(o::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |o| o.id.to_string()))
}

/// Voegt een organisatie toe.
///
/// # Errors
/// [`StoreError::Conflict`] bij een OIN die al bestaat.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Organisatie) -> Result<(), StoreError> {
    diesel::insert_into(organisatie::table).values(Rij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een organisatie als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`], [`StoreError::Conflict`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Organisatie, versie: i64) -> Result<(), StoreError> {
    use organisatie::dsl as o;
    let doel = o::organisatie.filter(o::id.eq(nieuw.id.to_string())).filter(o::versie.eq(versie));
    let aantal = wijzig(doel, Rij::uit(nieuw)?).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|o| o.versie)))
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = certificering, treat_none_as_null = true, treat_none_as_default_value = false)]
struct CertRij {
    id: String,
    organisatie_id: String,
    soort: String,
    geldig_van: NaiveDate,
    geldig_tot: NaiveDate,
    ingetrokken_op: Option<NaiveDateTime>,
    intrekkingsreden: Option<String>,
    aangemaakt_op: NaiveDateTime,
    versie: i64,
}

impl From<&Certificering> for CertRij {
    fn from(c: &Certificering) -> Self {
        Self {
            id: c.id.to_string(),
            organisatie_id: c.organisatie_id.to_string(),
            soort: c.soort.to_string(),
            geldig_van: c.geldig_van_datum,
            geldig_tot: c.geldig_tot_datum,
            ingetrokken_op: c.ingetrokken_op.map(|op| op.naive_utc()),
            intrekkingsreden: c.intrekkingsreden.clone(),
            aangemaakt_op: c.aangemaakt_op.naive_utc(),
            versie: c.versie,
        }
    }
}

impl CertRij {
    fn domein(self) -> Result<Certificering, StoreError> {
        Ok(Certificering {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            soort: self.soort.parse()?,
            geldig_van_datum: self.geldig_van,
            geldig_tot_datum: self.geldig_tot,
            ingetrokken_op: self.ingetrokken_op.map(|op| op.and_utc()),
            intrekkingsreden: self.intrekkingsreden,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén certificering.
///
/// # Errors
/// Een fout van de opslag.
pub fn certificering(conn: &mut Conn, certificering_id: Id) -> Result<Option<Certificering>, StoreError> {
    certificering::table.find(certificering_id.to_string()).select(CertRij::as_select()).first(conn).optional()?.map(CertRij::domein).transpose()
}

/// Certificeringen van een organisatie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn certificeringen(conn: &mut Conn, organisatie_id: Id, page: &Page) -> Result<Bladzijde<Certificering>, StoreError> {
    use certificering::dsl as c;
    let mut vraag = c::certificering.filter(c::organisatie_id.eq(organisatie_id.to_string())).select(CertRij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(c::id.gt(na.clone()));
    }
    let rijen: Vec<CertRij> = vraag.order(c::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(CertRij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |c| c.id.to_string()))
}

/// Houdt de organisatie vast tot het einde van de transactie: wie haar certificeringen leest en er een toevoegt, mist er geen
/// die een ander op hetzelfde moment toevoegt.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_slot(tx: &mut Tx<'_>, organisatie_id: Id) -> Result<(), StoreError> {
    tx.conn().houd_vast("SELECT id FROM organisatie WHERE id = $1 FOR UPDATE", organisatie_id)
}

/// Of een organisatie op deze dag een geldige certificering van deze soort heeft.
///
/// # Errors
/// Een fout van de opslag.
pub fn is_gecertificeerd(conn: &mut Conn, organisatie_id: Id, soort: CertificeringSoort, dag: Datum) -> Result<bool, StoreError> {
    use certificering::dsl as c;
    let geldig = c::certificering.filter(c::organisatie_id.eq(organisatie_id.to_string())).filter(c::soort.eq(soort.as_str())).select(CertRij::as_select());
    for rij in geldig.load(conn)? {
        if rij.domein()?.geldig_op(dag) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Voegt een certificering toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_certificering(tx: &mut Tx<'_>, nieuw: &Certificering) -> Result<(), StoreError> {
    diesel::insert_into(certificering::table).values(CertRij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een certificering als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_certificering(tx: &mut Tx<'_>, nieuw: &Certificering, versie: i64) -> Result<(), StoreError> {
    use certificering::dsl as c;
    let doel = c::certificering.filter(c::id.eq(nieuw.id.to_string())).filter(c::versie.eq(versie));
    let aantal = wijzig(doel, CertRij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(certificering(tx.conn(), nieuw.id)?.map(|c| c.versie)))
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = netwerkaansluiting, treat_none_as_null = true, treat_none_as_default_value = false)]
struct NetRij {
    id: String,
    organisatie_id: String,
    soort: String,
    status: String,
    laatst_getest_op: Option<NaiveDateTime>,
    testresultaat: Option<String>,
    toelichting: Option<String>,
    versie: i64,
}

impl From<&Netwerkaansluiting> for NetRij {
    fn from(n: &Netwerkaansluiting) -> Self {
        Self {
            id: n.id.to_string(),
            organisatie_id: n.organisatie_id.to_string(),
            soort: n.soort.to_string(),
            status: n.status.to_string(),
            laatst_getest_op: n.laatst_getest_op.map(|op| op.naive_utc()),
            testresultaat: n.testresultaat.map(|t| t.to_string()),
            toelichting: n.toelichting.clone(),
            versie: n.versie,
        }
    }
}

impl NetRij {
    fn domein(self) -> Result<Netwerkaansluiting, StoreError> {
        Ok(Netwerkaansluiting {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            soort: self.soort.parse()?,
            status: self.status.parse()?,
            laatst_getest_op: self.laatst_getest_op.map(|op| op.and_utc()),
            testresultaat: self.testresultaat.map(|t| t.parse()).transpose()?,
            toelichting: self.toelichting,
            versie: self.versie,
        })
    }
}

/// Eén netwerkaansluiting.
///
/// # Errors
/// Een fout van de opslag.
pub fn netwerkaansluiting(conn: &mut Conn, netwerk_id: Id) -> Result<Option<Netwerkaansluiting>, StoreError> {
    netwerkaansluiting::table.find(netwerk_id.to_string()).select(NetRij::as_select()).first(conn).optional()?.map(NetRij::domein).transpose()
}

/// Netwerkaansluitingen van een organisatie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn netwerkaansluitingen(conn: &mut Conn, organisatie_id: Id, page: &Page) -> Result<Bladzijde<Netwerkaansluiting>, StoreError> {
    use netwerkaansluiting::dsl as n;
    let mut vraag = n::netwerkaansluiting.filter(n::organisatie_id.eq(organisatie_id.to_string())).select(NetRij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(n::id.gt(na.clone()));
    }
    let rijen: Vec<NetRij> = vraag.order(n::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(NetRij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |n| n.id.to_string()))
}

/// Voegt een netwerkaansluiting toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_netwerkaansluiting(tx: &mut Tx<'_>, nieuw: &Netwerkaansluiting) -> Result<(), StoreError> {
    diesel::insert_into(netwerkaansluiting::table).values(NetRij::from(nieuw)).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een netwerkaansluiting als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update_netwerkaansluiting(tx: &mut Tx<'_>, nieuw: &Netwerkaansluiting, versie: i64) -> Result<(), StoreError> {
    use netwerkaansluiting::dsl as n;
    let doel = n::netwerkaansluiting.filter(n::id.eq(nieuw.id.to_string())).filter(n::versie.eq(versie));
    let aantal = wijzig(doel, NetRij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(netwerkaansluiting(tx.conn(), nieuw.id)?.map(|n| n.versie)))
}
