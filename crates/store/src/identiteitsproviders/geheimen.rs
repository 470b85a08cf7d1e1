//! Geheimen van een registratie; het geheime deel is al versleuteld als het hier komt.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use domain::identiteitsproviders::{IdpGeheim, WAARSCHUW_DAGEN};
use domain::{Id, Moment};

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::identiteitsprovider_geheim;
use crate::unit::Tx;
use crate::wijziging::wijzig;

/// Op hoe lang `laatst_gebruikt_op` nauwkeurig is: niet iedere aanmelding hoeft te schrijven.
const NAUWKEURIG: TimeDelta = TimeDelta::hours(1);

/// Een geheim met zijn versleutelde deel.
#[derive(Clone, PartialEq, Eq)]
pub struct BewaardGeheim {
    /// Wat iedereen mag zien.
    pub geheim: IdpGeheim,
    /// Het versleutelde deel.
    pub verzegeld: Vec<u8>,
    /// Voor welke grens (in dagen) al gewaarschuwd is.
    pub gewaarschuwd: Option<i64>,
}

impl std::fmt::Debug for BewaardGeheim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BewaardGeheim({})", self.geheim.id)
    }
}

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = identiteitsprovider_geheim, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    identiteitsprovider_id: String,
    soort: String,
    geheim: Vec<u8>,
    publiek: Option<String>,
    vervalt_op: Option<NaiveDateTime>,
    gewaarschuwd: Option<i64>,
    laatst_gebruikt_op: Option<NaiveDateTime>,
    aangemaakt_op: NaiveDateTime,
}

impl Rij {
    fn domein(self) -> Result<BewaardGeheim, StoreError> {
        let geheim = IdpGeheim {
            id: id(&self.id)?,
            identiteitsprovider_id: id(&self.identiteitsprovider_id)?,
            soort: self.soort.parse()?,
            publiek: self.publiek.map(|tekst| serde_json::from_str(&tekst)).transpose()?,
            vervalt_op: self.vervalt_op.map(|op| op.and_utc()),
            laatst_gebruikt_op: self.laatst_gebruikt_op.map(|op| op.and_utc()),
            aangemaakt_op: self.aangemaakt_op.and_utc(),
        };
        Ok(BewaardGeheim { geheim, verzegeld: self.geheim, gewaarschuwd: self.gewaarschuwd })
    }
}

/// Alle geheimen van een registratie, nieuwste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn geheimen(conn: &mut Conn, idp_id: Id) -> Result<Vec<BewaardGeheim>, StoreError> {
    use identiteitsprovider_geheim::dsl as g;
    let vraag = g::identiteitsprovider_geheim.filter(g::identiteitsprovider_id.eq(idp_id.to_string())).order(g::id.desc());
    let rijen: Vec<Rij> = vraag.select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Eén geheim van een registratie.
///
/// # Errors
/// Een fout van de opslag.
pub fn get_geheim(conn: &mut Conn, idp_id: Id, geheim_id: Id) -> Result<Option<BewaardGeheim>, StoreError> {
    use identiteitsprovider_geheim::dsl as g;
    let vraag = g::identiteitsprovider_geheim.find(geheim_id.to_string()).filter(g::identiteitsprovider_id.eq(idp_id.to_string()));
    vraag.select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Bewaart een geheim.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_geheim(tx: &mut Tx<'_>, nieuw: &BewaardGeheim) -> Result<(), StoreError> {
    let g = &nieuw.geheim;
    let rij = Rij {
        id: g.id.to_string(),
        identiteitsprovider_id: g.identiteitsprovider_id.to_string(),
        soort: g.soort.to_string(),
        geheim: nieuw.verzegeld.clone(),
        publiek: g.publiek.as_ref().map(ToString::to_string),
        vervalt_op: g.vervalt_op.map(|op| op.naive_utc()),
        gewaarschuwd: nieuw.gewaarschuwd,
        laatst_gebruikt_op: g.laatst_gebruikt_op.map(|op| op.naive_utc()),
        aangemaakt_op: g.aangemaakt_op.naive_utc(),
    };
    diesel::insert_into(identiteitsprovider_geheim::table).values(rij).execute(tx.schrijf())?;
    Ok(())
}

/// Verwijdert een geheim voorgoed.
///
/// # Errors
/// Een fout van de opslag.
pub fn verwijder_geheim(tx: &mut Tx<'_>, geheim_id: Id) -> Result<(), StoreError> {
    diesel::delete(identiteitsprovider_geheim::table.find(geheim_id.to_string())).execute(tx.schrijf())?;
    Ok(())
}

/// Onthoudt dat een geheim gebruikt is, op een uur nauwkeurig. Dit is bijhouden, geen wijziging: er hoort geen auditregel bij.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_gebruikt(tx: &mut Tx<'_>, geheim_id: Id) -> Result<(), StoreError> {
    use identiteitsprovider_geheim::dsl as g;
    let (nu, grens) = (tx.now().naive_utc(), (tx.now() - NAUWKEURIG).naive_utc());
    let doel =
        g::identiteitsprovider_geheim.filter(g::id.eq(geheim_id.to_string())).filter(g::laatst_gebruikt_op.is_null().or(g::laatst_gebruikt_op.lt(grens)));
    wijzig(doel, g::laatst_gebruikt_op.eq(nu)).execute(tx.conn())?;
    Ok(())
}

/// Geheimen die binnen de verste grens verlopen, eerst wat het eerst verloopt.
///
/// # Errors
/// Een fout van de opslag.
pub fn te_waarschuwen(conn: &mut Conn, nu: Moment) -> Result<Vec<BewaardGeheim>, StoreError> {
    use identiteitsprovider_geheim::dsl as g;
    let verste = WAARSCHUW_DAGEN.iter().copied().max().unwrap_or(0);
    let vraag = g::identiteitsprovider_geheim.filter(g::vervalt_op.le((nu + TimeDelta::days(verste)).naive_utc())).order(g::vervalt_op.asc());
    let rijen: Vec<Rij> = vraag.limit(1_000).select(Rij::as_select()).load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Onthoudt voor welke grens gewaarschuwd is; geeft of een ander dat niet al deed.
///
/// # Errors
/// Een fout van de opslag.
pub fn waarschuwing_gegeven(tx: &mut Tx<'_>, geheim_id: Id, dagen: i64) -> Result<bool, StoreError> {
    use identiteitsprovider_geheim::dsl as g;
    let doel = g::identiteitsprovider_geheim.filter(g::id.eq(geheim_id.to_string())).filter(g::gewaarschuwd.is_null().or(g::gewaarschuwd.gt(dagen)));
    Ok(wijzig(doel, g::gewaarschuwd.eq(dagen)).execute(tx.conn())? > 0)
}
