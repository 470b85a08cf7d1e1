//! Autorisatieplannen: het plan met zijn inhoud, wat er per versie veranderde, en de regels van de uitvoering.

mod samenwerking;
mod uitvoering;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::Id;
use domain::autorisatieplannen::{Autorisatieplan, Planinhoud, Planstatus, Planverschillen};

use crate::connection::Conn;
use crate::organisaties::{gewijzigd, id, maybe_id};
use crate::schema::{autorisatieplan, autorisatieplan_revisie};
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Bladzijde, Page, StoreError};

pub use samenwerking::{get_samenwerking, insert_samenwerking, list_samenwerking, uitgeleend, update_samenwerking};
pub use uitvoering::{insert_regels, list_regels, regels, tel_open, update_regels};

/// Het plan zonder zijn inhoud: lijsten hoeven die niet te lezen.
#[derive(Queryable, Selectable)]
#[diesel(table_name = autorisatieplan)]
struct Kort {
    id: String,
    organisatie_id: String,
    volgnummer: i32,
    status: String,
    gebaseerd_op: Option<String>,
    aantal_profielen: i32,
    aantal_toewijzingen: i32,
    besluiten: String,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
    versie: i64,
}

impl Kort {
    fn domein(self) -> Result<Autorisatieplan, StoreError> {
        Ok(Autorisatieplan {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            volgnummer: self.volgnummer,
            status: self.status.parse()?,
            gebaseerd_op: maybe_id(self.gebaseerd_op)?,
            aantal_profielen: self.aantal_profielen,
            aantal_toewijzingen: self.aantal_toewijzingen,
            besluiten: serde_json::from_str(&self.besluiten)?,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
            versie: self.versie,
        })
    }
}

/// Eén plan.
///
/// # Errors
/// Een fout van de opslag.
pub fn get(conn: &mut Conn, plan_id: Id) -> Result<Option<Autorisatieplan>, StoreError> {
    autorisatieplan::table.find(plan_id.to_string()).select(Kort::as_select()).first(conn).optional()?.map(Kort::domein).transpose()
}

/// De inhoud van een plan; leeg als het plan er niet is.
///
/// # Errors
/// Een fout van de opslag.
pub fn inhoud(conn: &mut Conn, plan_id: Id) -> Result<Planinhoud, StoreError> {
    let tekst: Option<String> = autorisatieplan::table.find(plan_id.to_string()).select(autorisatieplan::inhoud).first(conn).optional()?;
    Ok(tekst.map(|t| serde_json::from_str(&t)).transpose()?.unwrap_or_default())
}

/// Waarop de lijst te beperken is.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Organisatie.
    pub organisatie_id: Option<Id>,
    /// Stand.
    pub status: Option<String>,
}

/// Plannen, oudste eerst, van deze organisaties (`None` voor alle).
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, filter: &Filter, van: Option<&[Id]>, page: &Page) -> Result<Bladzijde<Autorisatieplan>, StoreError> {
    use autorisatieplan::dsl as p;
    let mut vraag = p::autorisatieplan.select(Kort::as_select()).into_boxed();
    if let Some(van) = van {
        let van: Vec<String> = van.iter().map(ToString::to_string).collect();
        vraag = vraag.filter(p::organisatie_id.eq_any(van));
    }
    if let Some(organisatie) = filter.organisatie_id {
        vraag = vraag.filter(p::organisatie_id.eq(organisatie.to_string()));
    }
    if let Some(status) = &filter.status {
        vraag = vraag.filter(p::status.eq(status.clone()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(p::id.gt(na.clone()));
    }
    let rijen: Vec<Kort> = vraag.order(p::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Kort::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |p| p.id.to_string()))
}

/// Alle plannen van een organisatie die iets zeggen over hoe het nu staat: niet vervangen en niet ingetrokken.
///
/// # Errors
/// Een fout van de opslag.
pub fn geldige(conn: &mut Conn, organisatie_id: Id) -> Result<Vec<Autorisatieplan>, StoreError> {
    use autorisatieplan::dsl as p;
    let weg = [Planstatus::Vervangen.as_str(), Planstatus::Ingetrokken.as_str()];
    let vraag = p::autorisatieplan.filter(p::organisatie_id.eq(organisatie_id.to_string())).filter(p::status.ne_all(weg));
    let rijen: Vec<Kort> = vraag.order(p::volgnummer.asc()).select(Kort::as_select()).load(conn)?;
    rijen.into_iter().map(Kort::domein).collect()
}

/// Alle plannen van een organisatie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn alle(conn: &mut Conn, organisatie_id: Id) -> Result<Vec<Autorisatieplan>, StoreError> {
    use autorisatieplan::dsl as p;
    let vraag = p::autorisatieplan.filter(p::organisatie_id.eq(organisatie_id.to_string()));
    let rijen: Vec<Kort> = vraag.order(p::volgnummer.asc()).select(Kort::as_select()).load(conn)?;
    rijen.into_iter().map(Kort::domein).collect()
}

/// Plannen die nog niet zijn afgerond, het langst wachtende eerst, van deze organisaties (`None` voor alle).
///
/// # Errors
/// Een fout van de opslag.
pub fn lopende(conn: &mut Conn, van: Option<&[Id]>, hoeveel: i64) -> Result<Vec<Autorisatieplan>, StoreError> {
    use autorisatieplan::dsl as p;
    let open: Vec<&str> = Planstatus::OPEN.iter().map(|s| s.as_str()).collect();
    let mut vraag = p::autorisatieplan.filter(p::status.eq_any(open)).select(Kort::as_select()).into_boxed();
    if let Some(van) = van {
        let van: Vec<String> = van.iter().map(ToString::to_string).collect();
        vraag = vraag.filter(p::organisatie_id.eq_any(van));
    }
    let rijen: Vec<Kort> = vraag.order(p::gewijzigd_op.asc()).limit(hoeveel).load(conn)?;
    rijen.into_iter().map(Kort::domein).collect()
}

/// Het volgende versienummer van een organisatie.
///
/// # Errors
/// Een fout van de opslag.
pub fn volgend_nummer(conn: &mut Conn, organisatie_id: Id) -> Result<i32, StoreError> {
    use autorisatieplan::dsl as p;
    let hoogste: Option<i32> =
        p::autorisatieplan.filter(p::organisatie_id.eq(organisatie_id.to_string())).order(p::volgnummer.desc()).select(p::volgnummer).first(conn).optional()?;
    Ok(hoogste.unwrap_or(0) + 1)
}

/// Voegt een plan toe.
///
/// # Errors
/// [`StoreError::Conflict`] als de organisatie al een open plan heeft.
pub fn insert(tx: &mut Tx<'_>, plan: &Autorisatieplan, inhoud: &Planinhoud) -> Result<(), StoreError> {
    use autorisatieplan::dsl as p;
    diesel::insert_into(p::autorisatieplan)
        .values((
            p::id.eq(plan.id.to_string()),
            p::organisatie_id.eq(plan.organisatie_id.to_string()),
            p::volgnummer.eq(plan.volgnummer),
            p::status.eq(plan.status.as_str()),
            p::gebaseerd_op.eq(plan.gebaseerd_op.map(|id| id.to_string())),
            p::aantal_profielen.eq(plan.aantal_profielen),
            p::aantal_toewijzingen.eq(plan.aantal_toewijzingen),
            p::besluiten.eq(serde_json::to_string(&plan.besluiten)?),
            p::inhoud.eq(serde_json::to_string(inhoud)?),
            p::aangemaakt_op.eq(plan.aangemaakt_op.naive_utc()),
            p::gewijzigd_op.eq(plan.gewijzigd_op.naive_utc()),
            p::versie.eq(plan.versie),
        ))
        .execute(tx.schrijf())?;
    Ok(())
}

/// Wijzigt stand en besluiten van een plan als het nog deze versie heeft.
///
/// # Errors
/// [`StoreError::Stale`].
pub fn update(tx: &mut Tx<'_>, plan: &Autorisatieplan, versie: i64) -> Result<(), StoreError> {
    use autorisatieplan::dsl as p;
    let doel = p::autorisatieplan.filter(p::id.eq(plan.id.to_string())).filter(p::versie.eq(versie));
    let aantal = wijzig(
        doel,
        (
            p::status.eq(plan.status.as_str()),
            p::aantal_profielen.eq(plan.aantal_profielen),
            p::aantal_toewijzingen.eq(plan.aantal_toewijzingen),
            p::besluiten.eq(serde_json::to_string(&plan.besluiten)?),
            p::gewijzigd_op.eq(plan.gewijzigd_op.naive_utc()),
            p::versie.eq(plan.versie),
        ),
    )
    .execute(tx.schrijf())?;
    gewijzigd(aantal, || Ok(get(tx.conn(), plan.id)?.map(|p| p.versie)))
}

/// Zet de inhoud, na [`update`] in dezelfde transactie, en bewaart wat er bij deze versie veranderde.
///
/// # Errors
/// Een fout van de opslag.
pub fn zet_inhoud(tx: &mut Tx<'_>, plan: &Autorisatieplan, inhoud: &Planinhoud, verschillen: &Planverschillen, door: Option<Id>) -> Result<(), StoreError> {
    use autorisatieplan_revisie::dsl as r;
    let doel = autorisatieplan::table.find(plan.id.to_string());
    wijzig(doel, autorisatieplan::inhoud.eq(serde_json::to_string(inhoud)?)).execute(tx.schrijf())?;
    diesel::insert_into(r::autorisatieplan_revisie)
        .values((
            r::plan_id.eq(plan.id.to_string()),
            r::versie.eq(plan.versie),
            r::verschillen.eq(serde_json::to_string(verschillen)?),
            r::door_persoon_id.eq(door.map(|id| id.to_string())),
            r::gewijzigd_op.eq(plan.gewijzigd_op.naive_utc()),
        ))
        .execute(tx.schrijf())?;
    Ok(())
}

/// De inhoud zoals zij was bij een eerdere versie: van nu af teruggedraaid.
///
/// # Errors
/// Een fout van de opslag.
pub fn inhoud_bij(conn: &mut Conn, plan_id: Id, versie: i64) -> Result<Planinhoud, StoreError> {
    use autorisatieplan_revisie::dsl as r;
    let teksten: Vec<String> = r::autorisatieplan_revisie
        .filter(r::plan_id.eq(plan_id.to_string()))
        .filter(r::versie.gt(versie))
        .order(r::versie.desc())
        .select(r::verschillen)
        .load(conn)?;
    let mut toen = inhoud(conn, plan_id)?;
    for tekst in teksten {
        let verschillen: Planverschillen = serde_json::from_str(&tekst)?;
        toen = verschillen.omgekeerd().toepassen(&toen);
    }
    Ok(toen)
}
