//! Identiteitsproviders van organisaties: registraties, versies, geheimen, tests en gezondheid.

mod geheimen;
mod metingen;
mod versies;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::identiteitsproviders::{Identiteitsprovider, IdpStatus};

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id};
use crate::schema::identiteitsprovider;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError, Zicht};

pub use geheimen::{BewaardGeheim, geheimen, get_geheim, insert_geheim, te_waarschuwen, verwijder_geheim, waarschuwing_gegeven, zet_gebruikt};
pub use metingen::{gezondheid, insert_test, tests, zet_gezondheid};
pub use versies::{actieve_andere_organisaties, get_versie, insert_versie, lock_issuers, versies, zet_versiestatus};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = identiteitsprovider, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    organisatie_id: String,
    naam: String,
    status: String,
    actieve_versie: Option<i32>,
    nieuwste_versie: i32,
    beoordeling: Option<String>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl Rij {
    fn uit(idp: &Identiteitsprovider) -> Result<Self, StoreError> {
        Ok(Self {
            id: idp.id.to_string(),
            organisatie_id: idp.organisatie_id.to_string(),
            naam: idp.naam.clone(),
            status: idp.status.to_string(),
            actieve_versie: idp.actieve_versie,
            nieuwste_versie: idp.nieuwste_versie,
            beoordeling: idp.beoordeling.as_ref().map(serde_json::to_string).transpose()?,
            aangemaakt_op: idp.aangemaakt_op.naive_utc(),
            gewijzigd_op: idp.gewijzigd_op.naive_utc(),
            versie: idp.versie,
        })
    }

    fn domein(self) -> Result<Identiteitsprovider, StoreError> {
        Ok(Identiteitsprovider {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            naam: self.naam,
            status: self.status.parse()?,
            actieve_versie: self.actieve_versie,
            nieuwste_versie: self.nieuwste_versie,
            beoordeling: self.beoordeling.map(|tekst| serde_json::from_str(&tekst)).transpose()?,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Waarop de lijst te beperken is.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdpFilter {
    /// Alleen van deze organisatie.
    pub organisatie_id: Option<Id>,
    /// Alleen met deze stand.
    pub status: Option<IdpStatus>,
}

/// Eén registratie.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, idp_id: Id) -> Result<Option<Identiteitsprovider>, StoreError> {
    identiteitsprovider::table.find(idp_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Registraties, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: IdpFilter, zicht: &Zicht, page: &Page) -> Result<Bladzijde<Identiteitsprovider>, StoreError> {
    use identiteitsprovider::dsl as i;
    let mut vraag = i::identiteitsprovider.select(Rij::as_select()).into_boxed();
    match zicht {
        Zicht::Alles => {}
        Zicht::Niets => return Ok(Bladzijde { items: Vec::new(), volgende: None }),
        Zicht::Organisatie(organisatie) | Zicht::Relaties { organisatie, .. } => vraag = vraag.filter(i::organisatie_id.eq(organisatie.to_string())),
    }
    if let Some(organisatie) = filter.organisatie_id {
        vraag = vraag.filter(i::organisatie_id.eq(organisatie.to_string()));
    }
    if let Some(status) = filter.status {
        vraag = vraag.filter(i::status.eq(status.as_str()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(i::id.gt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(i::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |idp| idp.id.to_string()))
}

/// Alle registraties van een organisatie, oudste eerst; een organisatie heeft er een handvol.
///
/// # Errors
/// Een fout van de opslag.
pub fn van_organisatie(conn: &mut Conn, organisatie_id: Id) -> Result<Vec<Identiteitsprovider>, StoreError> {
    use identiteitsprovider::dsl as i;
    let rijen: Vec<Rij> =
        i::identiteitsprovider.filter(i::organisatie_id.eq(organisatie_id.to_string())).order(i::id.asc()).select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// De actieve registraties van een organisatie: waarmee haar mensen zich nu kunnen aanmelden.
///
/// # Errors
/// Een fout van de opslag.
pub fn actief_voor(conn: &mut Conn, organisatie_id: Id) -> Result<Vec<Identiteitsprovider>, StoreError> {
    Ok(van_organisatie(conn, organisatie_id)?.into_iter().filter(|idp| idp.status == IdpStatus::Actief).collect())
}

/// Voegt een registratie toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Identiteitsprovider) -> Result<(), StoreError> {
    diesel::insert_into(identiteitsprovider::table).values(Rij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt een registratie als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Identiteitsprovider, versie: i64) -> Result<(), StoreError> {
    use identiteitsprovider::dsl as i;
    let doel = i::identiteitsprovider.filter(i::id.eq(nieuw.id.to_string())).filter(i::versie.eq(versie));
    let aantal = wijzig(doel, Rij::uit(nieuw)?).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|idp| idp.versie)))
}
