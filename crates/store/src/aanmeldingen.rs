//! Het logboek van aanmeldingen.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::aanmeldingen::{Aanmelding, LOGBOEK_BEWAREN};
use domain::{Id, Moment};

use crate::connection::Conn;
use crate::open::Store;
use crate::organisaties::{id, maybe_id};
use crate::schema::aanmelding;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Actor, Bladzijde, Page, StoreError, Zicht};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = aanmelding, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    op: NaiveDateTime,
    uitkomst: String,
    organisatie_id: Option<String>,
    identiteitsprovider_id: Option<String>,
    toepassing_id: Option<String>,
    persoon_id: Option<String>,
    sessie_id: Option<String>,
    code: Option<String>,
    diagnose: Option<String>,
    acr: Option<String>,
    upstream_acr: Option<String>,
    upstream_amr: String,
    trace_id: String,
}

fn tekst(id: Option<Id>) -> Option<String> {
    id.map(|id| id.to_string())
}

impl Rij {
    fn uit(a: &Aanmelding) -> Result<Self, StoreError> {
        Ok(Self {
            id: a.id.to_string(),
            op: a.op.naive_utc(),
            uitkomst: a.uitkomst.to_string(),
            organisatie_id: tekst(a.organisatie_id),
            identiteitsprovider_id: tekst(a.identiteitsprovider_id),
            toepassing_id: tekst(a.toepassing_id),
            persoon_id: tekst(a.persoon_id),
            sessie_id: tekst(a.sessie_id),
            code: a.diagnose.as_ref().map(|d| d.code.to_string()),
            diagnose: a.diagnose.as_ref().map(serde_json::to_string).transpose()?,
            acr: a.acr.clone(),
            upstream_acr: a.upstream_acr.clone(),
            upstream_amr: serde_json::to_string(&a.upstream_amr)?,
            trace_id: a.trace_id.clone(),
        })
    }

    fn domein(self) -> Result<Aanmelding, StoreError> {
        Ok(Aanmelding {
            id: id(&self.id)?,
            op: self.op.and_utc(),
            uitkomst: self.uitkomst.parse()?,
            organisatie_id: maybe_id(self.organisatie_id)?,
            identiteitsprovider_id: maybe_id(self.identiteitsprovider_id)?,
            toepassing_id: maybe_id(self.toepassing_id)?,
            persoon_id: maybe_id(self.persoon_id)?,
            sessie_id: maybe_id(self.sessie_id)?,
            diagnose: self.diagnose.as_deref().map(serde_json::from_str).transpose()?,
            acr: self.acr,
            upstream_acr: self.upstream_acr,
            upstream_amr: serde_json::from_str(&self.upstream_amr)?,
            trace_id: self.trace_id,
        })
    }
}

/// Schrijft een regel. Een logboek is zelf al een spoor: er hoort geen auditregel bij.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert(tx: &mut Tx<'_>, regel: &Aanmelding) -> Result<(), StoreError> {
    diesel::insert_into(aanmelding::table).values(Rij::uit(regel)?).execute(tx.conn())?;
    Ok(())
}

/// Eén regel.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, aanmelding_id: Id) -> Result<Option<Aanmelding>, StoreError> {
    aanmelding::table.find(aanmelding_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Waarop het logboek te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Van deze organisatie.
    pub organisatie_id: Option<Id>,
    /// Via deze identiteitsprovider.
    pub identiteitsprovider_id: Option<Id>,
    /// Naar dit portaal.
    pub toepassing_id: Option<Id>,
    /// Met deze uitkomst.
    pub uitkomst: Option<String>,
    /// Met deze oorzaak.
    pub code: Option<String>,
    /// Met dit kenmerk, zoals het op de foutpagina staat.
    pub trace_id: Option<String>,
}

/// Regels van het logboek, nieuwste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, zicht: &Zicht, page: &Page) -> Result<Bladzijde<Aanmelding>, StoreError> {
    use aanmelding::dsl as a;
    let mut vraag = a::aanmelding.select(Rij::as_select()).into_boxed();
    match zicht {
        Zicht::Alles => {}
        Zicht::Niets => return Ok(Bladzijde { items: Vec::new(), volgende: None }),
        Zicht::Organisatie(organisatie) | Zicht::Relaties { organisatie, .. } => vraag = vraag.filter(a::organisatie_id.eq(organisatie.to_string())),
    }
    if let Some(organisatie) = filter.organisatie_id {
        vraag = vraag.filter(a::organisatie_id.eq(organisatie.to_string()));
    }
    if let Some(idp) = filter.identiteitsprovider_id {
        vraag = vraag.filter(a::identiteitsprovider_id.eq(idp.to_string()));
    }
    if let Some(portaal) = filter.toepassing_id {
        vraag = vraag.filter(a::toepassing_id.eq(portaal.to_string()));
    }
    if let Some(uitkomst) = &filter.uitkomst {
        vraag = vraag.filter(a::uitkomst.eq(uitkomst.clone()));
    }
    if let Some(code) = &filter.code {
        vraag = vraag.filter(a::code.eq(code.clone()));
    }
    if let Some(kenmerk) = &filter.trace_id {
        vraag = vraag.filter(a::trace_id.eq(kenmerk.clone()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(a::id.lt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(a::id.desc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |a| a.id.to_string()))
}

impl Store {
    /// Ruimt op wat zijn tijd heeft gehad: oude regels van het logboek, verlopen pogingen en codes, en lang beëindigde sessies.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn aanmelden_opruimen(&self, now: Moment) -> Result<usize, StoreError> {
        use crate::schema::{aanmeldpoging, code_verzending, eenmalige_code, sessie};
        self.write(Actor::default(), now, None, move |tx| {
            let nu = now.naive_utc();
            let dag = nu - chrono::TimeDelta::days(1);
            let oud = (now - LOGBOEK_BEWAREN).naive_utc();
            let c = tx.conn();
            let mut weg = diesel::delete(aanmelding::table.filter(aanmelding::op.lt(oud))).execute(c)?;
            weg += diesel::delete(aanmeldpoging::table.filter(aanmeldpoging::verloopt_op.lt(nu))).execute(c)?;
            weg += diesel::delete(eenmalige_code::table.filter(eenmalige_code::verloopt_op.lt(nu))).execute(c)?;
            weg += diesel::delete(code_verzending::table.filter(code_verzending::op.lt(dag))).execute(c)?;
            // Een verlopen sessie bewaart geen ID-token meer; de rij zelf blijft zo lang als het logboek.
            let klaar = sessie::table.filter(sessie::verloopt_op.lt(nu)).filter(sessie::id_token.is_not_null());
            wijzig(klaar, sessie::id_token.eq(None::<String>)).execute(c)?;
            weg += diesel::delete(sessie::table.filter(sessie::verloopt_op.lt(oud))).execute(c)?;
            Ok(weg)
        })
        .await
    }
}
