//! Auditregels: echt bewezen per regel, en na verzegeling geketend.
//!
//! Een regel krijgt bij het schrijven een MAC (HMAC-SHA256 over de hele inhoud), zodat wijzigen achter onze rug opvalt.
//! De verzegelaar geeft vastgelegde regels daarna onder een slot een aaneengesloten `volgnummer` en een keten over de
//! MAC's, zodat ook weglaten opvalt, en een lezer met een cursor nooit een laat vastgelegde regel mist.

mod keten;
mod schrijven;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::audit::{Auditregel, Door};
use domain::{Id, Moment};
use hmac::{Hmac, Mac};
use sha2::Sha256;

pub use keten::AuditOordeel;
pub(crate) use schrijven::schrijf;

use crate::connection::Conn;
use crate::schema::auditregel;
use crate::unit::{Actor, Change};
use crate::{Bladzijde, Page, StoreError, Zicht};

#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = auditregel, treat_none_as_default_value = false)]
pub(crate) struct Regel {
    id: String,
    volgnummer: Option<i64>,
    op: NaiveDateTime,
    handeling: String,
    onderwerp_soort: String,
    onderwerp_id: String,
    traject_id: Option<String>,
    organisatie_id: Option<String>,
    door_persoon_id: Option<String>,
    door_toepassing_id: Option<String>,
    door_organisatie_id: Option<String>,
    traceparent: Option<String>,
    voor: Option<String>,
    na: Option<String>,
    mac: String,
    keten: Option<String>,
}

fn tekst(id: Option<Id>) -> Option<String> {
    id.map(|id| id.to_string())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut uit, b| {
        let _ = write!(uit, "{b:02x}");
        uit
    })
}

/// HMAC-SHA256 over velden met hun lengte ervoor, zodat velden niet in elkaar kunnen schuiven.
fn hmac(sleutel: &[u8; 32], velden: &[Option<&str>]) -> Result<String, StoreError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(sleutel).map_err(StoreError::fault)?;
    for veld in velden {
        match veld {
            Some(veld) => {
                mac.update(&[1]);
                mac.update(&u64::try_from(veld.len()).unwrap_or(u64::MAX).to_be_bytes());
                mac.update(veld.as_bytes());
            }
            None => mac.update(&[0]),
        }
    }
    Ok(hex(&mac.finalize().into_bytes()))
}

impl Regel {
    pub(crate) fn nieuw(id: Id, op: Moment, actor: &Actor, traceparent: Option<&str>, change: Change) -> Result<Self, StoreError> {
        let json = |waarde: Option<serde_json::Value>| waarde.map(|w| serde_json::to_string(&w)).transpose();
        Ok(Self {
            id: id.to_string(),
            volgnummer: None,
            op: op.naive_utc(),
            handeling: change.handeling.to_owned(),
            onderwerp_soort: change.onderwerp_soort.to_owned(),
            onderwerp_id: change.onderwerp_id,
            traject_id: tekst(change.traject_id),
            organisatie_id: tekst(change.organisatie_id),
            door_persoon_id: tekst(actor.persoon_id),
            door_toepassing_id: tekst(actor.toepassing_id),
            door_organisatie_id: tekst(actor.organisatie_id),
            traceparent: traceparent.map(str::to_owned),
            voor: json(change.voor)?,
            na: json(change.na)?,
            mac: String::new(),
            keten: None,
        })
    }

    fn bereken_mac(&self, sleutel: &[u8; 32]) -> Result<String, StoreError> {
        let op = self.op.and_utc().timestamp_micros().to_string();
        hmac(
            sleutel,
            &[
                Some(&self.id),
                Some(&op),
                Some(&self.handeling),
                Some(&self.onderwerp_soort),
                Some(&self.onderwerp_id),
                self.traject_id.as_deref(),
                self.organisatie_id.as_deref(),
                self.door_persoon_id.as_deref(),
                self.door_toepassing_id.as_deref(),
                self.door_organisatie_id.as_deref(),
                self.traceparent.as_deref(),
                self.voor.as_deref(),
                self.na.as_deref(),
            ],
        )
    }

    fn domein(self) -> Result<Auditregel, StoreError> {
        let id = |tekst: Option<String>| tekst.map(|t| t.parse::<Id>().map_err(StoreError::fault)).transpose();
        let json = |tekst: Option<String>| tekst.map(|t| serde_json::from_str(&t)).transpose();
        Ok(Auditregel {
            id: self.id.parse().map_err(StoreError::fault)?,
            volgnummer: self.volgnummer,
            op: self.op.and_utc(),
            handeling: self.handeling,
            onderwerp_soort: self.onderwerp_soort,
            onderwerp_id: self.onderwerp_id,
            traject_id: id(self.traject_id)?,
            organisatie_id: id(self.organisatie_id)?,
            door: Door { persoon_id: id(self.door_persoon_id)?, toepassing_id: id(self.door_toepassing_id)?, organisatie_id: id(self.door_organisatie_id)? },
            trace_id: self.traceparent.and_then(|t| t.split('-').nth(1).map(str::to_owned)),
            voor: json(self.voor)?,
            na: json(self.na)?,
        })
    }
}

/// Waarop de lijst van auditregels te beperken is.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Alleen over dit traject.
    pub traject_id: Option<Id>,
    /// Alleen over deze organisatie.
    pub organisatie_id: Option<Id>,
    /// Alleen over dit onderwerp.
    pub onderwerp_id: Option<String>,
    /// Alleen deze handeling.
    pub handeling: Option<String>,
    /// Nieuwste eerst.
    pub nieuwste_eerst: bool,
}

fn na_volgnummer(page: &Page) -> Result<Option<i64>, StoreError> {
    page.after.as_deref().map(|t| t.parse().map_err(StoreError::fault)).transpose()
}

fn vraag(conn: &mut Conn, filter: &AuditFilter, zicht: &Zicht, page: &Page) -> Result<Vec<Regel>, StoreError> {
    use auditregel::dsl as a;
    let mut vraag = a::auditregel.filter(a::volgnummer.is_not_null()).select(Regel::as_select()).into_boxed();
    match zicht {
        Zicht::Alles => {}
        Zicht::Niets => return Ok(Vec::new()),
        Zicht::Organisatie(organisatie) => vraag = vraag.filter(a::organisatie_id.eq(organisatie.to_string())),
        Zicht::Relaties { organisatie, rollen, vandaag } => {
            let eigen_of_betrokken = a::organisatie_id.eq(organisatie.to_string()).or(a::traject_id.assume_not_null().eq_any(crate::trajecten::betrokken(
                *organisatie,
                rollen,
                *vandaag,
            )));
            vraag = vraag.filter(eigen_of_betrokken).filter(crate::trajecten::per_keer_gepland());
        }
    }
    if let Some(id) = filter.traject_id {
        vraag = vraag.filter(a::traject_id.eq(id.to_string()));
    }
    if let Some(id) = filter.organisatie_id {
        vraag = vraag.filter(a::organisatie_id.eq(id.to_string()));
    }
    if let Some(id) = &filter.onderwerp_id {
        vraag = vraag.filter(a::onderwerp_id.eq(id.clone()));
    }
    if let Some(handeling) = &filter.handeling {
        vraag = vraag.filter(a::handeling.eq(handeling.clone()));
    }
    let na = na_volgnummer(page)?;
    let vraag = if filter.nieuwste_eerst {
        if let Some(na) = na {
            vraag = vraag.filter(a::volgnummer.lt(na));
        }
        vraag.order(a::volgnummer.desc())
    } else {
        if let Some(na) = na {
            vraag = vraag.filter(a::volgnummer.gt(na));
        }
        vraag.order(a::volgnummer.asc())
    };
    Ok(vraag.limit(page.limit + 1).load(conn)?)
}

/// Auditregels op volgnummer.
///
/// # Errors
/// Een fout van de opslag.
pub fn audit_list(conn: &mut Conn, filter: &AuditFilter, zicht: &Zicht, page: &Page) -> Result<Bladzijde<Auditregel>, StoreError> {
    let regels = vraag(conn, filter, zicht, page)?.into_iter().map(Regel::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(regels, page.limit, |r| r.volgnummer.unwrap_or_default().to_string()))
}

/// Wat de wijzigingenstroom van een auditregel laat zien: geen voor en na, en niet wie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedregel {
    /// Identificatie.
    pub id: Id,
    /// Volgnummer.
    pub volgnummer: i64,
    /// Moment.
    pub op: Moment,
    /// Handeling.
    pub handeling: String,
    /// Soort onderwerp.
    pub onderwerp_soort: String,
    /// Identificatie van het onderwerp.
    pub onderwerp_id: String,
    /// Het traject.
    pub traject_id: Option<Id>,
    /// De organisatie.
    pub organisatie_id: Option<Id>,
    /// W3C Trace Context.
    pub traceparent: Option<String>,
}

/// De wijzigingenstroom, oudste eerst; zonder volgende bladzijde wijst `volgende` naar het einde van nu.
///
/// # Errors
/// Een fout van de opslag.
pub fn feed_list(conn: &mut Conn, filter: &AuditFilter, zicht: &Zicht, page: &Page) -> Result<Bladzijde<Feedregel>, StoreError> {
    let mut regels = Vec::new();
    for mut regel in vraag(conn, filter, zicht, page)? {
        let traceparent = regel.traceparent.clone();
        (regel.voor, regel.na) = (None, None);
        let regel = regel.domein()?;
        regels.push(Feedregel {
            id: regel.id,
            volgnummer: regel.volgnummer.unwrap_or_default(),
            op: regel.op,
            handeling: regel.handeling,
            onderwerp_soort: regel.onderwerp_soort,
            onderwerp_id: regel.onderwerp_id,
            traject_id: regel.traject_id,
            organisatie_id: regel.organisatie_id,
            traceparent,
        });
    }
    Ok(Bladzijde::uit(regels, page.limit, |r| r.volgnummer.to_string()))
}
