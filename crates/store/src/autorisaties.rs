//! Wat er aan portalen is uitgegeven: klaargelegde verzoeken, codes, verversingstokens en ingetrokken tokens.
//!
//! Van een code, token of `request_uri` staat hier alleen de hash. Het gewone gebruik ervan legt niemand als handeling
//! vast; een intrekking wel, en dat doet de aanroeper.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{Id, Moment};
use serde_json::Value;

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::{autorisatie, autorisatieverzoek, ingetrokken_token, verversingstoken};
use crate::unit::Tx;
use crate::wijziging::wijzig;

/// Eén keer toegang voor een portaal namens een persoon: begint met een code en omvat alle tokens daarna.
#[derive(Clone, Debug, PartialEq)]
pub struct Autorisatie {
    /// Identificatie.
    pub id: Id,
    /// De client.
    pub toepassing_id: Id,
    /// De sessie waaruit zij komt.
    pub sessie_id: Id,
    /// De persoon.
    pub persoon_id: Id,
    /// Wat er is toegestaan.
    pub inhoud: Value,
    /// Tot wanneer de code in te wisselen is.
    pub code_verloopt_op: Moment,
    /// Wanneer de code is ingewisseld.
    pub code_ingewisseld_op: Option<Moment>,
    /// Moment van uitgeven.
    pub aangemaakt_op: Moment,
    /// Na dit moment telt niets meer dat hieruit komt.
    pub verloopt_op: Moment,
    /// Wanneer zij is ingetrokken.
    pub ingetrokken_op: Option<Moment>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = autorisatie)]
struct Rij {
    id: String,
    toepassing_id: String,
    sessie_id: String,
    persoon_id: String,
    inhoud: String,
    code_verloopt_op: NaiveDateTime,
    code_ingewisseld_op: Option<NaiveDateTime>,
    aangemaakt_op: NaiveDateTime,
    verloopt_op: NaiveDateTime,
    ingetrokken_op: Option<NaiveDateTime>,
}

impl Rij {
    fn domein(self) -> Result<Autorisatie, StoreError> {
        Ok(Autorisatie {
            id: id(&self.id)?,
            toepassing_id: id(&self.toepassing_id)?,
            sessie_id: id(&self.sessie_id)?,
            persoon_id: id(&self.persoon_id)?,
            inhoud: serde_json::from_str(&self.inhoud)?,
            code_verloopt_op: self.code_verloopt_op.and_utc(),
            code_ingewisseld_op: self.code_ingewisseld_op.map(|op| op.and_utc()),
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            verloopt_op: self.verloopt_op.and_utc(),
            ingetrokken_op: self.ingetrokken_op.map(|op| op.and_utc()),
        })
    }
}

/// Bewaart een autorisatie met de hash van haar code.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Autorisatie, code_hash: &str) -> Result<(), StoreError> {
    use autorisatie::dsl as a;
    diesel::insert_into(a::autorisatie)
        .values((
            a::id.eq(nieuw.id.to_string()),
            a::toepassing_id.eq(nieuw.toepassing_id.to_string()),
            a::sessie_id.eq(nieuw.sessie_id.to_string()),
            a::persoon_id.eq(nieuw.persoon_id.to_string()),
            a::inhoud.eq(nieuw.inhoud.to_string()),
            a::code_hash.eq(code_hash),
            a::code_verloopt_op.eq(nieuw.code_verloopt_op.naive_utc()),
            a::aangemaakt_op.eq(nieuw.aangemaakt_op.naive_utc()),
            a::verloopt_op.eq(nieuw.verloopt_op.naive_utc()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Eén autorisatie.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, autorisatie_id: Id) -> Result<Option<Autorisatie>, StoreError> {
    autorisatie::table.find(autorisatie_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// De autorisatie waar een code bij hoort.
///
/// # Errors
/// Een fout van de opslag.
pub fn by_code(conn: &mut Conn, code_hash: &str) -> Result<Option<Autorisatie>, StoreError> {
    use autorisatie::dsl as a;
    a::autorisatie.filter(a::code_hash.eq(code_hash)).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Wisselt de code in; `false` als dat al gebeurd is. Van twee tegelijk, op welke node ook, krijgt er één `true`.
///
/// # Errors
/// Een fout van de opslag.
pub fn wissel_code_in(tx: &mut Tx<'_>, autorisatie_id: Id) -> Result<bool, StoreError> {
    use autorisatie::dsl as a;
    let nu = tx.now().naive_utc();
    let doel = a::autorisatie.find(autorisatie_id.to_string()).filter(a::code_ingewisseld_op.is_null());
    Ok(wijzig(doel, a::code_ingewisseld_op.eq(nu)).execute(tx.conn())? == 1)
}

/// Trekt een autorisatie in, met alles wat eruit kwam; `false` als dat al gebeurd is. De aanroeper legt het vast.
///
/// # Errors
/// Een fout van de opslag.
pub fn trek_in(tx: &mut Tx<'_>, autorisatie_id: Id, reden: &str) -> Result<bool, StoreError> {
    use autorisatie::dsl as a;
    let nu = tx.now().naive_utc();
    let doel = a::autorisatie.find(autorisatie_id.to_string()).filter(a::ingetrokken_op.is_null());
    let aantal = wijzig(doel, (a::ingetrokken_op.eq(nu), a::intrekkingsreden.eq(reden))).execute(tx.conn())?;
    if aantal == 1 {
        let _ = tx.schrijf();
    }
    Ok(aantal == 1)
}

/// Een verversingstoken zoals bewaard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verversing {
    /// De autorisatie waar het bij hoort.
    pub autorisatie_id: Id,
    /// Tot wanneer het te gebruiken is.
    pub verloopt_op: Moment,
    /// Wanneer het gebruikt is.
    pub gebruikt_op: Option<Moment>,
}

/// Bewaart een verversingstoken.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_verversing(tx: &mut Tx<'_>, hash: &str, autorisatie_id: Id, verloopt_op: Moment) -> Result<(), StoreError> {
    use verversingstoken::dsl as v;
    let nu = tx.now().naive_utc();
    diesel::insert_into(v::verversingstoken)
        .values((v::hash.eq(hash), v::autorisatie_id.eq(autorisatie_id.to_string()), v::aangemaakt_op.eq(nu), v::verloopt_op.eq(verloopt_op.naive_utc())))
        .execute(tx.conn())?;
    Ok(())
}

/// Eén verversingstoken.
///
/// # Errors
/// Een fout van de opslag.
pub fn verversing(conn: &mut Conn, hash: &str) -> Result<Option<Verversing>, StoreError> {
    use verversingstoken::dsl as v;
    let rij: Option<(String, NaiveDateTime, Option<NaiveDateTime>)> =
        v::verversingstoken.find(hash).select((v::autorisatie_id, v::verloopt_op, v::gebruikt_op)).first(conn).optional()?;
    rij.map(|(van, tot, gebruikt)| Ok(Verversing { autorisatie_id: id(&van)?, verloopt_op: tot.and_utc(), gebruikt_op: gebruikt.map(|op| op.and_utc()) }))
        .transpose()
}

/// Gebruikt een verversingstoken; `false` als dat al gebeurd is.
///
/// # Errors
/// Een fout van de opslag.
pub fn gebruik_verversing(tx: &mut Tx<'_>, hash: &str) -> Result<bool, StoreError> {
    use verversingstoken::dsl as v;
    let nu = tx.now().naive_utc();
    let doel = v::verversingstoken.find(hash).filter(v::gebruikt_op.is_null());
    Ok(wijzig(doel, v::gebruikt_op.eq(nu)).execute(tx.conn())? == 1)
}

/// Laat een verversingstoken langer gelden, voor wie niet wisselt (FAPI 2.0).
///
/// # Errors
/// Een fout van de opslag.
pub fn verleng_verversing(tx: &mut Tx<'_>, hash: &str, verloopt_op: Moment) -> Result<(), StoreError> {
    use verversingstoken::dsl as v;
    wijzig(v::verversingstoken.find(hash), v::verloopt_op.eq(verloopt_op.naive_utc())).execute(tx.conn())?;
    Ok(())
}

/// Een klaargelegd verzoek (PAR).
#[derive(Clone, Debug, PartialEq)]
pub struct Klaargelegd {
    /// De client die het klaarlegde.
    pub toepassing_id: Id,
    /// De parameters en waaraan zij gebonden zijn.
    pub inhoud: Value,
    /// Tot wanneer het te gebruiken is.
    pub verloopt_op: Moment,
}

/// Legt een verzoek klaar.
///
/// # Errors
/// Een fout van de opslag.
pub fn leg_klaar(tx: &mut Tx<'_>, hash: &str, nieuw: &Klaargelegd) -> Result<(), StoreError> {
    use autorisatieverzoek::dsl as k;
    diesel::insert_into(k::autorisatieverzoek)
        .values((
            k::hash.eq(hash),
            k::toepassing_id.eq(nieuw.toepassing_id.to_string()),
            k::inhoud.eq(nieuw.inhoud.to_string()),
            k::verloopt_op.eq(nieuw.verloopt_op.naive_utc()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Eén klaargelegd verzoek.
///
/// # Errors
/// Een fout van de opslag.
pub fn klaargelegd(conn: &mut Conn, hash: &str) -> Result<Option<Klaargelegd>, StoreError> {
    use autorisatieverzoek::dsl as k;
    let rij: Option<(String, String, NaiveDateTime)> =
        k::autorisatieverzoek.find(hash).select((k::toepassing_id, k::inhoud, k::verloopt_op)).first(conn).optional()?;
    rij.map(|(van, inhoud, tot)| Ok(Klaargelegd { toepassing_id: id(&van)?, inhoud: serde_json::from_str(&inhoud)?, verloopt_op: tot.and_utc() })).transpose()
}

/// Verbruikt een klaargelegd verzoek; `false` als dat al gebeurd is.
///
/// # Errors
/// Een fout van de opslag.
pub fn verbruik_klaargelegd(tx: &mut Tx<'_>, hash: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(autorisatieverzoek::table.find(hash)).execute(tx.conn())? == 1)
}

/// Trekt één toegangstoken in, tot het vanzelf verlopen zou zijn. De aanroeper legt het vast.
///
/// # Errors
/// Een fout van de opslag.
pub fn trek_token_in(tx: &mut Tx<'_>, jti: &str, verloopt_op: Moment) -> Result<(), StoreError> {
    use ingetrokken_token::dsl as t;
    if token_ingetrokken(tx.conn(), jti)? {
        return Ok(());
    }
    diesel::insert_into(t::ingetrokken_token).values((t::jti.eq(jti), t::verloopt_op.eq(verloopt_op.naive_utc()))).execute(tx.schrijf())?;
    Ok(())
}

/// Of een toegangstoken is ingetrokken.
///
/// # Errors
/// Een fout van de opslag.
pub fn token_ingetrokken(conn: &mut Conn, jti: &str) -> Result<bool, StoreError> {
    Ok(ingetrokken_token::table.find(jti).select(ingetrokken_token::jti).first::<String>(conn).optional()?.is_some())
}

/// Ruimt op wat verlopen is; geeft hoeveel.
pub(crate) fn ruim_op(conn: &mut Conn, nu: NaiveDateTime) -> Result<usize, StoreError> {
    let oud = autorisatie::table.filter(autorisatie::verloopt_op.lt(nu)).select(autorisatie::id);
    let tokens = diesel::delete(verversingstoken::table.filter(verversingstoken::autorisatie_id.eq_any(oud))).execute(conn)?;
    let autorisaties = diesel::delete(autorisatie::table.filter(autorisatie::verloopt_op.lt(nu))).execute(conn)?;
    // Een verzoek dat op tijd is opgehaald, hoort bij een aanmelding die nog bezig kan zijn; pas bij de code wordt het verbruikt.
    let lang_geleden = nu - chrono::TimeDelta::hours(1);
    let verzoeken = diesel::delete(autorisatieverzoek::table.filter(autorisatieverzoek::verloopt_op.lt(lang_geleden))).execute(conn)?;
    let ingetrokken = diesel::delete(ingetrokken_token::table.filter(ingetrokken_token::verloopt_op.lt(nu))).execute(conn)?;
    Ok(tokens + autorisaties + verzoeken + ingetrokken)
}

/// Of een sessie nog loopt: niet beëindigd en niet verlopen. Stilte in de browser telt hier niet: een portaal dat ververst,
/// is geen stilte.
///
/// # Errors
/// Een fout van de opslag.
pub fn sessie_loopt(conn: &mut Conn, sessie_id: Id, nu: Moment) -> Result<bool, StoreError> {
    use crate::schema::sessie::dsl as s;
    let rij: Option<(Option<NaiveDateTime>, NaiveDateTime)> =
        s::sessie.find(sessie_id.to_string()).select((s::beeindigd_op, s::verloopt_op)).first(conn).optional()?;
    Ok(rij.is_some_and(|(einde, tot)| einde.is_none() && nu < tot.and_utc()))
}
