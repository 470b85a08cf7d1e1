//! Handtekeningen en de sleutels waarmee zij gezet zijn. Niets hiervan wordt ooit verwijderd: een handtekening moet ook na
//! jaren te controleren zijn.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::registraties::Ondertekenpartij;
use domain::{Id, Moment};

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::{handtekeningsleutel, registratie_ondertekening};
use crate::unit::Tx;

/// Een handtekening zoals zij bewaard wordt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bewaard {
    /// Identificatie.
    pub id: Id,
    /// De registratie.
    pub registratie_id: Id,
    /// De hoeveelste indiening.
    pub ronde: i32,
    /// Namens wie.
    pub partij: Ondertekenpartij,
    /// Wie tekende.
    pub persoon_id: Id,
    /// Kenmerk van de sleutel.
    pub kid: String,
    /// De getekende bytes: canonieke JSON (RFC 8785).
    pub inhoud: String,
    /// De losse handtekening (RFC 7515, bijlage F).
    pub jws: String,
    /// Wanneer.
    pub ondertekend_op: Moment,
}

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = registratie_ondertekening, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    registratie_id: String,
    ronde: i32,
    partij: String,
    persoon_id: String,
    kid: String,
    inhoud: String,
    jws: String,
    ondertekend_op: NaiveDateTime,
}

impl Rij {
    fn domein(self) -> Result<Bewaard, StoreError> {
        Ok(Bewaard {
            id: id(&self.id)?,
            registratie_id: id(&self.registratie_id)?,
            ronde: self.ronde,
            partij: self.partij.parse()?,
            persoon_id: id(&self.persoon_id)?,
            kid: self.kid,
            inhoud: self.inhoud,
            jws: self.jws,
            ondertekend_op: self.ondertekend_op.and_utc(),
        })
    }
}

/// Alle handtekeningen van een registratie, ook die van eerdere rondes, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn ondertekeningen(conn: &mut Conn, registratie_id: Id) -> Result<Vec<Bewaard>, StoreError> {
    use registratie_ondertekening::dsl as o;
    let rijen: Vec<Rij> = o::registratie_ondertekening
        .filter(o::registratie_id.eq(registratie_id.to_string()))
        .order((o::ronde.asc(), o::ondertekend_op.asc()))
        .select(Rij::as_select())
        .load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Eén handtekening.
///
/// # Errors
/// Een fout van de opslag.
pub fn ondertekening(conn: &mut Conn, ondertekening_id: Id) -> Result<Option<Bewaard>, StoreError> {
    registratie_ondertekening::table.find(ondertekening_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Bewaart een handtekening.
///
/// # Errors
/// [`StoreError::Conflict`] als deze partij in deze ronde al tekende.
pub fn insert_ondertekening(tx: &mut Tx<'_>, nieuw: &Bewaard) -> Result<(), StoreError> {
    let rij = Rij {
        id: nieuw.id.to_string(),
        registratie_id: nieuw.registratie_id.to_string(),
        ronde: nieuw.ronde,
        partij: nieuw.partij.to_string(),
        persoon_id: nieuw.persoon_id.to_string(),
        kid: nieuw.kid.clone(),
        inhoud: nieuw.inhoud.clone(),
        jws: nieuw.jws.clone(),
        ondertekend_op: nieuw.ondertekend_op.naive_utc(),
    };
    diesel::insert_into(registratie_ondertekening::table).values(rij).execute(tx.schrijf())?;
    Ok(())
}

type Sleutel = (String, String, Vec<u8>, NaiveDateTime);

/// De nieuwste sleutel om mee te tekenen, met haar verzegelde geheim en het moment van maken.
///
/// # Errors
/// Een fout van de opslag.
pub fn handtekeningsleutel(conn: &mut Conn) -> Result<Option<(String, Vec<u8>, Moment)>, StoreError> {
    use handtekeningsleutel::dsl as h;
    let rij: Option<Sleutel> = h::handtekeningsleutel.order((h::aangemaakt_op.desc(), h::kid.asc())).first(conn).optional()?;
    Ok(rij.map(|(kid, _, geheim, op)| (kid, geheim, op.and_utc())))
}

/// Alle publieke sleutels die ooit tekenden (JWK als JSON), oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn handtekeningsleutels(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    use handtekeningsleutel::dsl as h;
    Ok(h::handtekeningsleutel.order((h::aangemaakt_op.asc(), h::kid.asc())).select(h::publiek).load(conn)?)
}

/// Bewaart een sleutel; het geheime deel is al verzegeld.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_handtekeningsleutel(tx: &mut Tx<'_>, kid: &str, publiek: &str, geheim: &[u8]) -> Result<(), StoreError> {
    use handtekeningsleutel::dsl as h;
    let nu = tx.now().naive_utc();
    diesel::insert_into(h::handtekeningsleutel)
        .values((h::kid.eq(kid), h::publiek.eq(publiek), h::geheim.eq(geheim), h::aangemaakt_op.eq(nu)))
        .execute(tx.schrijf())?;
    Ok(())
}
