//! Wat de aanmeldbladzijden over organisaties en personen moeten weten: welke organisaties te kiezen zijn, en wie daar wie is.

use diesel::prelude::*;
use domain::Id;
use domain::personen::{Persoon, Rol};

use crate::connection::Conn;
use crate::organisaties::{id, patroon};
use crate::schema::{identiteitsprovider, organisatie, persoon, persoon_identiteit, persoon_rol};
use crate::{Bladzijde, StoreError};

/// Een organisatie in de lijst.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keus {
    /// De organisatie.
    pub id: Id,
    /// Naam.
    pub naam: String,
    /// Afkorting.
    pub afkorting: Option<String>,
}

type Rij = (String, String, Option<String>);

fn keus((sleutel, naam, afkorting): Rij) -> Result<Keus, StoreError> {
    Ok(Keus { id: id(&sleutel)?, naam, afkorting })
}

/// Organisaties waarmee aangemeld kan worden, op naam; `na` is waar de vorige bladzijde eindigde.
///
/// # Errors
/// Een fout van de opslag.
pub fn lijst(conn: &mut Conn, zoek: &str, na: Option<&str>, hoeveel: i64) -> Result<Bladzijde<Keus>, StoreError> {
    use organisatie::dsl as o;
    let actief = identiteitsprovider::table.filter(identiteitsprovider::status.eq("actief")).select(identiteitsprovider::organisatie_id);
    let mut vraag = o::organisatie.filter(o::id.eq_any(actief)).select((o::id, o::naam, o::afkorting)).into_boxed();
    if !zoek.is_empty() {
        vraag = vraag.filter(o::zoek.like(patroon(zoek)).escape('\\'));
    }
    if let Some((naam, sleutel)) = na.and_then(|na| na.rsplit_once('\n')) {
        let (naam, sleutel) = (naam.to_owned(), sleutel.to_owned());
        vraag = vraag.filter(o::naam.gt(naam.clone()).or(o::naam.eq(naam).and(o::id.gt(sleutel))));
    }
    let rijen: Vec<Rij> = vraag.order((o::naam.asc(), o::id.asc())).limit(hoeveel + 1).load(conn)?;
    let items = rijen.into_iter().map(keus).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, hoeveel, |keus| format!("{}\n{}", keus.naam, keus.id)))
}

/// Eén organisatie, als zij te kiezen is.
///
/// # Errors
/// Een fout van de opslag.
pub fn een(conn: &mut Conn, organisatie_id: Id) -> Result<Option<Keus>, StoreError> {
    if idps_van(conn, organisatie_id)?.is_empty() {
        return Ok(None);
    }
    let rij: Option<Rij> =
        organisatie::table.find(organisatie_id.to_string()).select((organisatie::id, organisatie::naam, organisatie::afkorting)).first(conn).optional()?;
    rij.map(keus).transpose()
}

/// Alle actieve identiteitsproviders van een organisatie, met hun naam en op naam. Meestal één; zijn er meer, dan kiest de persoon.
/// Zonder grens: wie hier niet in staat, is niet te bereiken.
///
/// # Errors
/// Een fout van de opslag.
pub fn idps_van(conn: &mut Conn, organisatie_id: Id) -> Result<Vec<(Id, String)>, StoreError> {
    use identiteitsprovider::dsl as i;
    let rijen: Vec<(String, String)> = i::identiteitsprovider
        .filter(i::organisatie_id.eq(organisatie_id.to_string()))
        .filter(i::status.eq("actief"))
        .order((i::naam.asc(), i::id.asc()))
        .select((i::id, i::naam))
        .load(conn)?;
    rijen.into_iter().map(|(sleutel, naam)| Ok((id(&sleutel)?, naam))).collect()
}

/// De te kiezen organisaties met dit e-maildomein; ten hoogste twee, want meer dan één is al geen antwoord.
///
/// # Errors
/// Een fout van de opslag.
pub fn met_domein(conn: &mut Conn, domein: &str) -> Result<Vec<Id>, StoreError> {
    use organisatie::dsl as o;
    let actief = identiteitsprovider::table.filter(identiteitsprovider::status.eq("actief")).select(identiteitsprovider::organisatie_id);
    let bevat = format!("%\"{}\"%", patroon(domein).trim_matches('%'));
    let rijen: Vec<String> =
        o::organisatie.filter(o::id.eq_any(actief)).filter(o::emaildomeinen.like(bevat).escape('\\')).order(o::id.asc()).limit(2).select(o::id).load(conn)?;
    rijen.iter().map(|rij| id(rij)).collect()
}

/// Of een persoon bij deze uitgever al een identiteit heeft.
///
/// # Errors
/// Een fout van de opslag.
pub fn heeft_identiteit(conn: &mut Conn, issuer: &str, persoon_id: Id) -> Result<bool, StoreError> {
    let eigen = persoon_identiteit::table
        .filter(persoon_identiteit::issuer.eq(issuer))
        .filter(persoon_identiteit::persoon_id.eq(persoon_id.to_string()))
        .count()
        .get_result::<i64>(conn)?;
    Ok(eigen > 0)
}

/// De werkende personen van een organisatie met een rol; ten hoogste drie, om te kunnen bellen.
///
/// # Errors
/// Een fout van de opslag.
pub fn met_rol(conn: &mut Conn, organisatie_id: Id, rol: Rol) -> Result<Vec<Persoon>, StoreError> {
    let met_rol = persoon_rol::table.filter(persoon_rol::rol.eq(rol.as_str())).select(persoon_rol::persoon_id);
    let sleutels: Vec<String> = persoon::table
        .filter(persoon::organisatie_id.eq(organisatie_id.to_string()))
        .filter(persoon::status.eq("actief"))
        .filter(persoon::id.eq_any(met_rol))
        .order(persoon::id.asc())
        .limit(3)
        .select(persoon::id)
        .load(conn)?;
    let mut personen = Vec::new();
    for sleutel in sleutels {
        personen.extend(crate::personen::get(conn, id(&sleutel)?)?);
    }
    Ok(personen)
}
