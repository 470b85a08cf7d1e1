//! Registraties van organisatiebeheerders, met alles wat eraan hangt.

mod afspraken;
mod handtekeningen;
mod opleiding;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::registraties::{Beheerder, BeheerderStand, OndertekeningKort, Registratie, RegistratieStatus, SharepointStand};

pub use afspraken::{afspraken, afspraken_lijst, geldende_afspraken, insert_afspraken};
pub use handtekeningen::{
    Bewaard, handtekeningsleutel, handtekeningsleutels, insert_handtekeningsleutel, insert_ondertekening, ondertekening, ondertekeningen,
};
pub use opleiding::{delete_training, insert_training, training, trainingen, zet_sharepoint};

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id, maybe_id};
use crate::schema::{registratie, registratie_beheerder, registratie_ondertekening, sharepointtoegang};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError, Zicht};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = registratie, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    organisatie_id: String,
    nummer: i32,
    status: String,
    vervangt_id: Option<String>,
    afspraken_id: String,
    afspraken_versie: i32,
    ronde: i32,
    opmerkingen: Option<String>,
    einde_reden: Option<String>,
    ingediend_op: Option<NaiveDateTime>,
    actief_op: Option<NaiveDateTime>,
    beeindigd_op: Option<NaiveDateTime>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = registratie_beheerder, treat_none_as_default_value = false)]
struct BeheerderRij {
    registratie_id: String,
    persoon_id: String,
    volgorde: i32,
    naam: String,
    functie: Option<String>,
    email: String,
    telefoon: Option<String>,
    vervanger_van: Option<String>,
    verwijderd_op: Option<NaiveDateTime>,
}

impl From<&Registratie> for Rij {
    fn from(r: &Registratie) -> Self {
        Self {
            id: r.id.to_string(),
            organisatie_id: r.organisatie_id.to_string(),
            nummer: r.nummer,
            status: r.status.to_string(),
            vervangt_id: r.vervangt_id.map(|id| id.to_string()),
            afspraken_id: r.afspraken_id.to_string(),
            afspraken_versie: r.afspraken_versie,
            ronde: r.ronde,
            opmerkingen: r.opmerkingen.clone(),
            einde_reden: r.einde_reden.clone(),
            ingediend_op: r.ingediend_op.map(|op| op.naive_utc()),
            actief_op: r.actief_op.map(|op| op.naive_utc()),
            beeindigd_op: r.beeindigd_op.map(|op| op.naive_utc()),
            aangemaakt_op: r.aangemaakt_op.naive_utc(),
            gewijzigd_op: r.gewijzigd_op.naive_utc(),
            versie: r.versie,
        }
    }
}

impl Rij {
    fn domein(self) -> Result<Registratie, StoreError> {
        Ok(Registratie {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            nummer: self.nummer,
            status: self.status.parse()?,
            vervangt_id: maybe_id(self.vervangt_id)?,
            afspraken_id: id(&self.afspraken_id)?,
            afspraken_versie: self.afspraken_versie,
            ronde: self.ronde,
            beheerders: Vec::new(),
            ondertekeningen: Vec::new(),
            opmerkingen: self.opmerkingen,
            einde_reden: self.einde_reden,
            ingediend_op: self.ingediend_op.map(|op| op.and_utc()),
            actief_op: self.actief_op.map(|op| op.and_utc()),
            beeindigd_op: self.beeindigd_op.map(|op| op.and_utc()),
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

impl BeheerderRij {
    fn uit(registratie_id: Id, volgorde: usize, b: &Beheerder) -> Self {
        Self {
            registratie_id: registratie_id.to_string(),
            persoon_id: b.persoon_id.to_string(),
            volgorde: i32::try_from(volgorde).unwrap_or(i32::MAX),
            naam: b.naam.clone(),
            functie: b.functie.clone(),
            email: b.email.clone(),
            telefoon: b.telefoon.clone(),
            vervanger_van: b.vervanger_van.map(|id| id.to_string()),
            verwijderd_op: b.verwijderd_op.map(|op| op.naive_utc()),
        }
    }

    fn domein(self) -> Result<Beheerder, StoreError> {
        Ok(Beheerder {
            persoon_id: id(&self.persoon_id)?,
            naam: self.naam,
            functie: self.functie,
            email: self.email,
            telefoon: self.telefoon,
            vervanger_van: maybe_id(self.vervanger_van)?,
            stand: BeheerderStand::Aangewezen,
            training_gepland_datum: None,
            training_gevolgd_datum: None,
            sharepoint: SharepointStand::Geen,
            verwijderd_op: self.verwijderd_op.map(|op| op.and_utc()),
        })
    }
}

type Kort = (String, i32, String, String, String, NaiveDateTime);

/// Vult beheerders, handtekeningen en opleiding aan, met een vast aantal vragen aan de database.
fn volledig(conn: &mut Conn, rijen: Vec<Rij>) -> Result<Vec<Registratie>, StoreError> {
    use registratie_beheerder::dsl as b;
    use registratie_ondertekening::dsl as o;
    let ids: Vec<&str> = rijen.iter().map(|r| r.id.as_str()).collect();
    let namen: Vec<BeheerderRij> =
        b::registratie_beheerder.filter(b::registratie_id.eq_any(&ids)).order(b::volgorde.asc()).select(BeheerderRij::as_select()).load(conn)?;
    let tekens: Vec<(String, Kort)> = o::registratie_ondertekening
        .filter(o::registratie_id.eq_any(&ids))
        .order(o::ondertekend_op.asc())
        .select((o::registratie_id, (o::id, o::ronde, o::partij, o::persoon_id, o::kid, o::ondertekend_op)))
        .load(conn)?;
    let mut beheerders: HashMap<String, Vec<Beheerder>> = HashMap::new();
    for rij in namen {
        beheerders.entry(rij.registratie_id.clone()).or_default().push(rij.domein()?);
    }
    let organisaties: Vec<String> = rijen.iter().map(|r| r.organisatie_id.clone()).collect();
    let opleiding = opleiding::Opleiding::van(conn, &organisaties)?;
    let mut uit = Vec::with_capacity(rijen.len());
    for rij in rijen {
        let sleutel = rij.id.clone();
        let mut registratie = rij.domein()?;
        registratie.beheerders = beheerders.remove(&sleutel).unwrap_or_default();
        opleiding.vul(&mut registratie);
        for (_, (o_id, _, partij, persoon, _, op)) in tekens.iter().filter(|(van, kort)| *van == sleutel && kort.1 == registratie.ronde) {
            registratie.ondertekeningen.push(OndertekeningKort {
                id: id(o_id)?,
                partij: partij.parse()?,
                persoon_id: id(persoon)?,
                ondertekend_op: op.and_utc(),
            });
        }
        if registratie.status == RegistratieStatus::Teruggegeven {
            registratie.ondertekeningen.clear();
        }
        uit.push(registratie.herleid());
    }
    Ok(uit)
}

/// Eén registratie.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, registratie_id: Id) -> Result<Option<Registratie>, StoreError> {
    let rijen: Vec<Rij> = registratie::table.find(registratie_id.to_string()).select(Rij::as_select()).load(conn)?;
    Ok(volledig(conn, rijen)?.pop())
}

/// Waarop de lijst te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Organisatie.
    pub organisatie_id: Option<Id>,
    /// Standen; leeg is alle.
    pub status: Vec<RegistratieStatus>,
    /// Alleen met een beheerder wiens toegang tot SharePoint nog ingetrokken moet worden.
    pub met_in_te_trekken: bool,
}

/// Registraties, nieuwste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, zicht: &Zicht, page: &Page) -> Result<Bladzijde<Registratie>, StoreError> {
    use registratie::dsl as r;
    let mut vraag = r::registratie.select(Rij::as_select()).into_boxed();
    match zicht {
        Zicht::Alles => {}
        Zicht::Niets => return Ok(Bladzijde { items: Vec::new(), volgende: None }),
        Zicht::Organisatie(organisatie) | Zicht::Relaties { organisatie, .. } => vraag = vraag.filter(r::organisatie_id.eq(organisatie.to_string())),
    }
    if let Some(organisatie) = filter.organisatie_id {
        vraag = vraag.filter(r::organisatie_id.eq(organisatie.to_string()));
    }
    if !filter.status.is_empty() {
        let standen: Vec<&str> = filter.status.iter().map(|s| s.as_str()).collect();
        vraag = vraag.filter(r::status.eq_any(standen));
    }
    if filter.met_in_te_trekken {
        let personen = sharepointtoegang::table.filter(sharepointtoegang::stand.eq("in-te-trekken")).select(sharepointtoegang::persoon_id);
        let genoemd = registratie_beheerder::table.filter(registratie_beheerder::persoon_id.eq_any(personen)).select(registratie_beheerder::registratie_id);
        vraag = vraag.filter(r::id.eq_any(genoemd));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(r::id.lt(na.clone()));
    }
    let rijen: Vec<Rij> = vraag.order(r::id.desc()).limit(page.limit + 1).load(conn)?;
    let items = volledig(conn, rijen)?;
    Ok(Bladzijde::uit(items, page.limit, |r| r.id.to_string()))
}

fn een(conn: &mut Conn, organisatie_id: Id, standen: &[RegistratieStatus]) -> Result<Option<Registratie>, StoreError> {
    let filter = Filter { organisatie_id: Some(organisatie_id), status: standen.to_vec(), ..Filter::default() };
    Ok(list(conn, &filter, &Zicht::Alles, &Page { limit: 1, after: None })?.items.pop())
}

/// De registratie die van kracht is.
///
/// # Errors
/// Een fout van de opslag.
pub fn actief(conn: &mut Conn, organisatie_id: Id) -> Result<Option<Registratie>, StoreError> {
    een(conn, organisatie_id, &[RegistratieStatus::Actief])
}

/// De registratie die onderweg is.
///
/// # Errors
/// Een fout van de opslag.
pub fn onderweg(conn: &mut Conn, organisatie_id: Id) -> Result<Option<Registratie>, StoreError> {
    een(conn, organisatie_id, &RegistratieStatus::ONDERWEG)
}

/// Het nummer van de volgende registratie van een organisatie.
///
/// # Errors
/// Een fout van de opslag.
pub fn volgend_nummer(conn: &mut Conn, organisatie_id: Id) -> Result<i32, StoreError> {
    use registratie::dsl as r;
    let hoogste: Option<i32> = r::registratie.filter(r::organisatie_id.eq(organisatie_id.to_string())).select(diesel::dsl::max(r::nummer)).first(conn)?;
    Ok(hoogste.unwrap_or(0) + 1)
}

fn zet_beheerders(tx: &mut Tx<'_>, r: &Registratie) -> Result<(), StoreError> {
    use registratie_beheerder::dsl as b;
    diesel::delete(b::registratie_beheerder.filter(b::registratie_id.eq(r.id.to_string()))).execute(tx.schrijf())?;
    for (volgorde, beheerder) in r.beheerders.iter().enumerate() {
        diesel::insert_into(b::registratie_beheerder).values(BeheerderRij::uit(r.id, volgorde, beheerder)).execute(tx.schrijf())?;
    }
    Ok(())
}

/// Voegt een registratie toe.
///
/// # Errors
/// [`StoreError::Conflict`] als er al een registratie onderweg is.
pub fn insert(tx: &mut Tx<'_>, nieuw: &Registratie) -> Result<(), StoreError> {
    diesel::insert_into(registratie::table).values(Rij::from(nieuw)).execute(tx.schrijf())?;
    zet_beheerders(tx, nieuw)
}

/// Wijzigt een registratie als zij nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`], [`StoreError::Conflict`].
pub fn update(tx: &mut Tx<'_>, nieuw: &Registratie, versie: i64) -> Result<(), StoreError> {
    use registratie::dsl as r;
    let doel = r::registratie.filter(r::id.eq(nieuw.id.to_string())).filter(r::versie.eq(versie));
    let aantal = wijzig(doel, Rij::from(nieuw)).execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), nieuw.id)?.map(|r| r.versie)))?;
    zet_beheerders(tx, nieuw)
}
