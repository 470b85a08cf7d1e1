//! Trainingen en toegang tot SharePoint: van een persoon bij een organisatie, over versies van de registratie heen.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::Id;
use domain::registraties::{Registratie, SharepointStand, Training};

use crate::StoreError;
use crate::connection::Conn;
use crate::organisaties::id;
use crate::schema::{beheerderstraining, sharepointtoegang};
use crate::unit::Tx;
use crate::wijziging::wijzig;

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = beheerderstraining, treat_none_as_default_value = false)]
struct Rij {
    id: String,
    organisatie_id: String,
    persoon_id: String,
    gepland: Option<NaiveDate>,
    gevolgd: Option<NaiveDate>,
    toelichting: Option<String>,
    vastgelegd_op: NaiveDateTime,
}

impl Rij {
    fn domein(self) -> Result<Training, StoreError> {
        Ok(Training {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            persoon_id: id(&self.persoon_id)?,
            gepland_datum: self.gepland,
            gevolgd_datum: self.gevolgd,
            toelichting: self.toelichting,
            vastgelegd_op: self.vastgelegd_op.and_utc(),
        })
    }
}

/// Wat er over de beheerders van een paar organisaties is vastgelegd.
pub(super) struct Opleiding {
    trainingen: Vec<Training>,
    sharepoint: HashMap<(String, String), SharepointStand>,
}

impl Opleiding {
    pub(super) fn van(conn: &mut Conn, organisaties: &[String]) -> Result<Self, StoreError> {
        use beheerderstraining::dsl as t;
        use sharepointtoegang::dsl as s;
        let rijen: Vec<Rij> = t::beheerderstraining.filter(t::organisatie_id.eq_any(organisaties)).select(Rij::as_select()).load(conn)?;
        let trainingen = rijen.into_iter().map(Rij::domein).collect::<Result<Vec<_>, _>>()?;
        let standen: Vec<(String, String, String)> =
            s::sharepointtoegang.filter(s::organisatie_id.eq_any(organisaties)).select((s::organisatie_id, s::persoon_id, s::stand)).load(conn)?;
        let mut sharepoint = HashMap::new();
        for (organisatie, persoon, stand) in standen {
            sharepoint.insert((organisatie, persoon), stand.parse()?);
        }
        Ok(Self { trainingen, sharepoint })
    }

    pub(super) fn vul(&self, registratie: &mut Registratie) {
        let organisatie = registratie.organisatie_id;
        for beheerder in &mut registratie.beheerders {
            let wie = beheerder.persoon_id;
            let stand = self.sharepoint.get(&(organisatie.to_string(), wie.to_string())).copied().unwrap_or(SharepointStand::Geen);
            beheerder.met_opleiding(self.trainingen.iter().filter(|t| t.organisatie_id == organisatie && t.persoon_id == wie), stand);
        }
    }
}

/// De trainingen van een persoon bij een organisatie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn trainingen(conn: &mut Conn, organisatie_id: Id, persoon_id: Id) -> Result<Vec<Training>, StoreError> {
    use beheerderstraining::dsl as t;
    let rijen: Vec<Rij> = t::beheerderstraining
        .filter(t::organisatie_id.eq(organisatie_id.to_string()))
        .filter(t::persoon_id.eq(persoon_id.to_string()))
        .order(t::id.asc())
        .select(Rij::as_select())
        .load(conn)?;
    rijen.into_iter().map(Rij::domein).collect()
}

/// Eén training.
///
/// # Errors
/// Een fout van de opslag.
pub fn training(conn: &mut Conn, training_id: Id) -> Result<Option<Training>, StoreError> {
    beheerderstraining::table.find(training_id.to_string()).select(Rij::as_select()).first(conn).optional()?.map(Rij::domein).transpose()
}

/// Legt een training vast.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_training(tx: &mut Tx<'_>, nieuw: &Training) -> Result<(), StoreError> {
    let rij = Rij {
        id: nieuw.id.to_string(),
        organisatie_id: nieuw.organisatie_id.to_string(),
        persoon_id: nieuw.persoon_id.to_string(),
        gepland: nieuw.gepland_datum,
        gevolgd: nieuw.gevolgd_datum,
        toelichting: nieuw.toelichting.clone(),
        vastgelegd_op: nieuw.vastgelegd_op.naive_utc(),
    };
    diesel::insert_into(beheerderstraining::table).values(rij).execute(tx.schrijf())?;
    Ok(())
}

/// Haalt een verkeerd vastgelegde training weg.
///
/// # Errors
/// Een fout van de opslag.
pub fn delete_training(tx: &mut Tx<'_>, training_id: Id) -> Result<(), StoreError> {
    diesel::delete(beheerderstraining::table.find(training_id.to_string())).execute(tx.schrijf())?;
    Ok(())
}

/// Zet de stand van de toegang tot SharePoint.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_sharepoint(tx: &mut Tx<'_>, organisatie_id: Id, persoon_id: Id, stand: SharepointStand) -> Result<(), StoreError> {
    use sharepointtoegang::dsl as s;
    let (organisatie, persoon, nu) = (organisatie_id.to_string(), persoon_id.to_string(), tx.now().naive_utc());
    let doel = s::sharepointtoegang.find((organisatie.clone(), persoon.clone()));
    let bijgewerkt = wijzig(doel, (s::stand.eq(stand.as_str()), s::gewijzigd_op.eq(nu))).execute(tx.schrijf())?;
    if bijgewerkt == 0 {
        diesel::insert_into(s::sharepointtoegang)
            .values((s::organisatie_id.eq(organisatie), s::persoon_id.eq(persoon), s::stand.eq(stand.as_str()), s::gewijzigd_op.eq(nu)))
            .execute(tx.schrijf())?;
    }
    Ok(())
}
