//! Sessies van personen bij de hub.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::sessies::{EindeReden, Sessie};
use domain::{Id, Moment};

use crate::connection::Conn;
use crate::organisaties::{id, maybe_id};
use crate::schema::sessie;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError, Zicht};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessie, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    persoon_id: String,
    organisatie_id: String,
    identiteitsprovider_id: Option<String>,
    issuer: String,
    upstream_sub: String,
    upstream_sid: Option<String>,
    acr: Option<String>,
    amr: String,
    upstream_acr: Option<String>,
    upstream_amr: String,
    auth_time: NaiveDateTime,
    gestart_op: NaiveDateTime,
    laatst_gebruikt_op: NaiveDateTime,
    verloopt_op: NaiveDateTime,
    beeindigd_op: Option<NaiveDateTime>,
    einde_reden: Option<String>,
}

impl Rij {
    fn uit(s: &Sessie) -> Result<Self, StoreError> {
        Ok(Self {
            id: s.id.to_string(),
            persoon_id: s.persoon_id.to_string(),
            organisatie_id: s.organisatie_id.to_string(),
            identiteitsprovider_id: s.identiteitsprovider_id.map(|id| id.to_string()),
            issuer: s.issuer.clone(),
            upstream_sub: s.upstream_sub.clone(),
            upstream_sid: s.upstream_sid.clone(),
            acr: s.acr.clone(),
            amr: serde_json::to_string(&s.amr)?,
            upstream_acr: s.upstream_acr.clone(),
            upstream_amr: serde_json::to_string(&s.upstream_amr)?,
            auth_time: s.auth_time.naive_utc(),
            gestart_op: s.gestart_op.naive_utc(),
            laatst_gebruikt_op: s.laatst_gebruikt_op.naive_utc(),
            verloopt_op: s.verloopt_op.naive_utc(),
            beeindigd_op: s.beeindigd_op.map(|op| op.naive_utc()),
            einde_reden: s.einde_reden.map(|reden| reden.to_string()),
        })
    }

    fn domein(self) -> Result<Sessie, StoreError> {
        Ok(Sessie {
            id: id(&self.id)?,
            persoon_id: id(&self.persoon_id)?,
            organisatie_id: id(&self.organisatie_id)?,
            identiteitsprovider_id: maybe_id(self.identiteitsprovider_id)?,
            issuer: self.issuer,
            upstream_sub: self.upstream_sub,
            upstream_sid: self.upstream_sid,
            acr: self.acr,
            amr: serde_json::from_str(&self.amr)?,
            upstream_acr: self.upstream_acr,
            upstream_amr: serde_json::from_str(&self.upstream_amr)?,
            auth_time: self.auth_time.and_utc(),
            gestart_op: self.gestart_op.and_utc(),
            laatst_gebruikt_op: self.laatst_gebruikt_op.and_utc(),
            verloopt_op: self.verloopt_op.and_utc(),
            beeindigd_op: self.beeindigd_op.map(|op| op.and_utc()),
            einde_reden: self.einde_reden.map(|reden| reden.parse()).transpose()?,
        })
    }
}

/// Wat nodig is om de persoon ook bij de eigen organisatie af te melden; verlaat de dienst alleen daarheen.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Afmeldgegevens {
    /// Het ID-token van de aanmelding, als `id_token_hint`.
    pub id_token: Option<String>,
    /// Het afmeldadres van de uitgever.
    pub end_session_endpoint: Option<String>,
}

impl std::fmt::Debug for Afmeldgegevens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Afmeldgegevens").field("end_session_endpoint", &self.end_session_endpoint).finish_non_exhaustive()
    }
}

/// Eén sessie.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, sessie_id: Id) -> Result<Option<Sessie>, StoreError> {
    sessie::table.find(sessie_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// De sessie bij het geheim in een cookie, gegeven als hash.
///
/// # Errors
/// Een fout van de opslag.
pub fn by_geheim(conn: &mut Conn, geheim_hash: &str) -> Result<Option<Sessie>, StoreError> {
    sessie::table.filter(sessie::geheim_hash.eq(geheim_hash)).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Waarmee de persoon bij de eigen organisatie is af te melden.
///
/// # Errors
/// Een fout van de opslag.
pub fn afmeldgegevens(conn: &mut Conn, sessie_id: Id) -> Result<Afmeldgegevens, StoreError> {
    let rij: Option<(Option<String>, Option<String>)> =
        sessie::table.find(sessie_id.to_string()).select((sessie::id_token, sessie::end_session_endpoint)).first(conn).optional()?;
    Ok(rij.map(|(id_token, end_session_endpoint)| Afmeldgegevens { id_token, end_session_endpoint }).unwrap_or_default())
}

/// Bewaart een nieuwe sessie. Roep dit alleen aan met een bewezen aanmelding in de hand.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Sessie, geheim_hash: &str, afmelden: &Afmeldgegevens) -> Result<(), StoreError> {
    let bij = (
        sessie::geheim_hash.eq(geheim_hash),
        sessie::id_token.eq(afmelden.id_token.clone()),
        sessie::end_session_endpoint.eq(afmelden.end_session_endpoint.clone()),
    );
    diesel::insert_into(sessie::table).values((Rij::uit(nieuw)?, bij)).execute(tx.schrijf())?;
    Ok(())
}

/// Vernieuwt een sessie na een nieuw bewijs van dezelfde persoon: het geheim in de browser wisselt mee.
///
/// # Errors
/// Een fout van de opslag.
pub fn vernieuw(tx: &mut Tx<'_>, nieuw: &Sessie, geheim_hash: &str, afmelden: &Afmeldgegevens) -> Result<(), StoreError> {
    let bij = (
        sessie::geheim_hash.eq(geheim_hash),
        sessie::id_token.eq(afmelden.id_token.clone()),
        sessie::end_session_endpoint.eq(afmelden.end_session_endpoint.clone()),
    );
    wijzig(sessie::table.find(nieuw.id.to_string()), (Rij::uit(nieuw)?, bij)).execute(tx.schrijf())?;
    Ok(())
}

/// Tekent aan dat de sessie is gebruikt; geen wijziging om vast te leggen.
///
/// # Errors
/// Een fout van de opslag.
pub fn gebruikt(tx: &mut Tx<'_>, sessie_id: Id) -> Result<(), StoreError> {
    let nu = tx.now().naive_utc();
    wijzig(sessie::table.find(sessie_id.to_string()), sessie::laatst_gebruikt_op.eq(nu)).execute(tx.conn())?;
    Ok(())
}

/// Beëindigt een sessie die nog loopt; `false` als zij al beëindigd was. Het bewaarde ID-token verdwijnt.
///
/// # Errors
/// Een fout van de opslag.
pub fn beeindig(tx: &mut Tx<'_>, sessie_id: Id, reden: EindeReden) -> Result<bool, StoreError> {
    let nu = tx.now().naive_utc();
    let doel = sessie::table.filter(sessie::id.eq(sessie_id.to_string())).filter(sessie::beeindigd_op.is_null());
    let einde = (sessie::beeindigd_op.eq(Some(nu)), sessie::einde_reden.eq(Some(reden.as_str())), sessie::id_token.eq(None::<String>));
    Ok(wijzig(doel, einde).execute(tx.schrijf())? == 1)
}

/// Beëindigt alle lopende sessies van een organisatie; geeft hoeveel.
///
/// # Errors
/// Een fout van de opslag.
pub fn beeindig_organisatie(tx: &mut Tx<'_>, organisatie_id: Id, reden: EindeReden) -> Result<i64, StoreError> {
    let nu = tx.now().naive_utc();
    let doel = sessie::table.filter(sessie::organisatie_id.eq(organisatie_id.to_string())).filter(sessie::beeindigd_op.is_null());
    let einde = (sessie::beeindigd_op.eq(Some(nu)), sessie::einde_reden.eq(Some(reden.as_str())), sessie::id_token.eq(None::<String>));
    Ok(i64::try_from(wijzig(doel, einde).execute(tx.schrijf())?).unwrap_or(i64::MAX))
}

/// Waarop de lijst van sessies te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Van deze organisatie.
    pub organisatie_id: Option<Id>,
    /// Van deze persoon.
    pub persoon_id: Option<Id>,
    /// Alleen sessies die op dit moment tellen.
    pub lopend_op: Option<Moment>,
}

/// Sessies, oudste eerst. Wie niets van een organisatie mag zien, ziet nog de eigen sessies.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, zicht: &Zicht, zelf: Option<Id>, page: &Page) -> Result<Bladzijde<Sessie>, StoreError> {
    use sessie::dsl as s;
    let mut vraag = s::sessie.select(Rij::as_select()).into_boxed();
    let zelf = zelf.map(|id| id.to_string()).unwrap_or_default();
    vraag = match zicht {
        Zicht::Alles => vraag,
        Zicht::Niets => vraag.filter(s::persoon_id.eq(zelf)),
        Zicht::Organisatie(organisatie) | Zicht::Relaties { organisatie, .. } => {
            vraag.filter(s::organisatie_id.eq(organisatie.to_string()).or(s::persoon_id.eq(zelf)))
        }
    };
    if let Some(organisatie) = filter.organisatie_id {
        vraag = vraag.filter(s::organisatie_id.eq(organisatie.to_string()));
    }
    if let Some(persoon) = filter.persoon_id {
        vraag = vraag.filter(s::persoon_id.eq(persoon.to_string()));
    }
    if let Some(op) = filter.lopend_op {
        let stil = (op - domain::sessies::STIL).naive_utc();
        vraag = vraag.filter(s::beeindigd_op.is_null()).filter(s::verloopt_op.gt(op.naive_utc())).filter(s::laatst_gebruikt_op.gt(stil));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(s::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(s::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |s| s.id.to_string()))
}
