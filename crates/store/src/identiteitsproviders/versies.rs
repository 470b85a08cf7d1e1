//! Versies van een registratie; de instellingen van een versie veranderen nooit, haar stand wel.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::identiteitsproviders::{IdpInstellingen, IdpStatus, IdpVersie, Onderscheid, VersieStatus};

use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::{identiteitsprovider, identiteitsprovider_versie};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = identiteitsprovider_versie, treat_none_as_default_value = false)]
struct Rij {
    identiteitsprovider_id: String,
    nummer: i32,
    status: String,
    issuer: String,
    instellingen: String,
    aangemaakt_op: NaiveDateTime,
}

impl Rij {
    fn domein(self) -> Result<IdpVersie, StoreError> {
        Ok(IdpVersie {
            identiteitsprovider_id: id(&self.identiteitsprovider_id)?,
            nummer: self.nummer,
            status: self.status.parse()?,
            instellingen: serde_json::from_str(&self.instellingen)?,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
        })
    }
}

/// Eén versie.
///
/// # Errors
/// Een fout van de opslag.
pub fn get_versie(conn: &mut Conn, idp_id: Id, nummer: i32) -> Result<Option<IdpVersie>, StoreError> {
    let rij = identiteitsprovider_versie::table.find((idp_id.to_string(), nummer)).select(Rij::as_select()).first(conn).optional()?;
    rij.map(Rij::domein).transpose()
}

/// Versies, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn versies(conn: &mut Conn, idp_id: Id, page: &Page) -> Result<Bladzijde<IdpVersie>, StoreError> {
    use identiteitsprovider_versie::dsl as v;
    let na: i32 = page.after.as_deref().map(|tekst| tekst.parse().map_err(StoreError::fault)).transpose()?.unwrap_or(0);
    let vraag = v::identiteitsprovider_versie.filter(v::identiteitsprovider_id.eq(idp_id.to_string())).filter(v::nummer.gt(na));
    let rijen: Vec<Rij> = vraag.order(v::nummer.asc()).limit(page.limit + 1).select(Rij::as_select()).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |versie| versie.nummer.to_string()))
}

/// Voegt een versie toe.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_versie(tx: &mut Tx<'_>, nieuw: &IdpVersie) -> Result<(), StoreError> {
    let rij = Rij {
        identiteitsprovider_id: nieuw.identiteitsprovider_id.to_string(),
        nummer: nieuw.nummer,
        status: nieuw.status.to_string(),
        issuer: nieuw.instellingen.issuer.clone(),
        instellingen: serde_json::to_string(&nieuw.instellingen)?,
        aangemaakt_op: nieuw.aangemaakt_op.naive_utc(),
    };
    diesel::insert_into(identiteitsprovider_versie::table).values(rij).execute(tx.schrijf())?;
    Ok(())
}

/// Zet de stand van een versie; wordt zij actief, dan is de vorige vervangen.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_versiestatus(tx: &mut Tx<'_>, versie: &IdpVersie) -> Result<(), StoreError> {
    use identiteitsprovider_versie::dsl as v;
    let van = || v::identiteitsprovider_versie.filter(v::identiteitsprovider_id.eq(versie.identiteitsprovider_id.to_string()));
    if versie.status == VersieStatus::Actief {
        let vorige = van().filter(v::status.eq(VersieStatus::Actief.as_str()));
        wijzig(vorige, v::status.eq(VersieStatus::Vervangen.as_str())).execute(tx.schrijf())?;
    }
    wijzig(van().filter(v::nummer.eq(versie.nummer)), v::status.eq(versie.status.as_str())).execute(tx.schrijf())?;
    Ok(())
}

/// Neemt het slot waaronder één node tegelijk beoordeelt of een uitgever te delen is; duurt tot het einde van de transactie.
///
/// # Errors
/// Een fout van de opslag.
pub fn lock_issuers(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    if tx.conn().is_pg() { tx.conn().opdracht("SELECT pg_advisory_xact_lock(4202610)") } else { Ok(()) }
}

/// Hoe andere organisaties die deze uitgever nu gebruiken, zich onderscheiden. Een opgeschorte registratie telt mee: zij kan hervat worden.
///
/// # Errors
/// Een fout van de opslag.
pub fn actieve_andere_organisaties(conn: &mut Conn, issuer: &str, organisatie_id: Id) -> Result<Vec<Option<Onderscheid>>, StoreError> {
    use identiteitsprovider::dsl as i;
    use identiteitsprovider_versie::dsl as v;
    let dienend = [IdpStatus::Actief.as_str(), IdpStatus::Opgeschort.as_str()];
    let rijen: Vec<String> = v::identiteitsprovider_versie
        .inner_join(i::identiteitsprovider)
        .filter(v::issuer.eq(issuer))
        .filter(v::status.eq(VersieStatus::Actief.as_str()))
        .filter(i::status.eq_any(dienend))
        .filter(i::organisatie_id.ne(organisatie_id.to_string()))
        .select(v::instellingen)
        .load(conn)?;
    rijen.into_iter().map(|tekst| Ok(serde_json::from_str::<IdpInstellingen>(&tekst)?.onderscheid)).collect()
}
