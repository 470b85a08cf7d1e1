//! Imports van gebruikerslijsten.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::gebruikers::{Gebruikersimport, ImportStatus};
use domain::{Id, Moment};

use crate::connection::Conn;
use crate::open::Store;
use crate::organisaties::{id, maybe_id};
use crate::schema::gebruikersimport;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Actor, Bladzijde, Change, Dialect, Page, StoreError};

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = gebruikersimport, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Importrij {
    id: String,
    organisatie_id: String,
    status: String,
    proef: bool,
    sha256: String,
    gelezen: i64,
    nieuw: i64,
    gewijzigd: i64,
    ongewijzigd: i64,
    aantal_fouten: i64,
    fouten: String,
    door_persoon_id: Option<String>,
    aangemaakt_op: NaiveDateTime,
    gewijzigd_op: NaiveDateTime,
}

impl Importrij {
    fn uit(i: &Gebruikersimport) -> Result<Self, StoreError> {
        Ok(Self {
            id: i.id.to_string(),
            organisatie_id: i.organisatie_id.to_string(),
            status: i.status.to_string(),
            proef: i.proef,
            sha256: i.sha256.clone(),
            gelezen: i.gelezen,
            nieuw: i.nieuw,
            gewijzigd: i.gewijzigd,
            ongewijzigd: i.ongewijzigd,
            aantal_fouten: i.aantal_fouten,
            fouten: serde_json::to_string(&i.fouten)?,
            door_persoon_id: i.door_persoon_id.map(|id| id.to_string()),
            aangemaakt_op: i.aangemaakt_op.naive_utc(),
            gewijzigd_op: i.gewijzigd_op.naive_utc(),
        })
    }

    fn domein(self) -> Result<Gebruikersimport, StoreError> {
        Ok(Gebruikersimport {
            id: id(&self.id)?,
            organisatie_id: id(&self.organisatie_id)?,
            status: self.status.parse()?,
            proef: self.proef,
            sha256: self.sha256,
            gelezen: self.gelezen,
            nieuw: self.nieuw,
            gewijzigd: self.gewijzigd,
            ongewijzigd: self.ongewijzigd,
            aantal_fouten: self.aantal_fouten,
            fouten: serde_json::from_str(&self.fouten)?,
            door_persoon_id: maybe_id(self.door_persoon_id)?,
            aangemaakt_op: self.aangemaakt_op.and_utc(),
            gewijzigd_op: self.gewijzigd_op.and_utc(),
        })
    }
}

/// Eén import.
///
/// # Errors
/// Een fout van de opslag.
pub fn get_import(conn: &mut Conn, import_id: Id) -> Result<Option<Gebruikersimport>, StoreError> {
    gebruikersimport::table.find(import_id.to_string()).select(Importrij::as_select()).first(conn).optional()?.map(Importrij::domein).transpose()
}

/// Imports van een organisatie, oudste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list_imports(conn: &mut Conn, organisatie_id: Id, page: &Page) -> Result<Bladzijde<Gebruikersimport>, StoreError> {
    use gebruikersimport::dsl as i;
    let mut vraag = i::gebruikersimport.filter(i::organisatie_id.eq(organisatie_id.to_string())).select(Importrij::as_select()).into_boxed();
    if let Some(na) = &page.after {
        vraag = vraag.filter(i::id.gt(na.clone()));
    }
    let rijen: Vec<Importrij> = vraag.order(i::id.asc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(Importrij::domein).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |i| i.id.to_string()))
}

/// De import van een organisatie die nog loopt.
///
/// # Errors
/// Een fout van de opslag.
pub fn lopende_import(conn: &mut Conn, organisatie_id: Id) -> Result<Option<Gebruikersimport>, StoreError> {
    use gebruikersimport::dsl as i;
    let vraag = i::gebruikersimport.filter(i::organisatie_id.eq(organisatie_id.to_string())).filter(i::status.eq("bezig"));
    vraag.select(Importrij::as_select()).first(conn).optional()?.map(Importrij::domein).transpose()
}

/// Begint een import.
///
/// # Errors
/// Een fout van de opslag.
pub fn insert_import(tx: &mut Tx<'_>, nieuw: &Gebruikersimport) -> Result<(), StoreError> {
    diesel::insert_into(gebruikersimport::table).values(Importrij::uit(nieuw)?).execute(tx.schrijf())?;
    Ok(())
}

/// Sluit een lopende import af; `false` als hij niet meer liep.
///
/// # Errors
/// Een fout van de opslag.
pub fn sluit_import(tx: &mut Tx<'_>, nieuw: &Gebruikersimport) -> Result<bool, StoreError> {
    use gebruikersimport::dsl as i;
    let doel = i::gebruikersimport.filter(i::id.eq(nieuw.id.to_string())).filter(i::status.eq("bezig"));
    Ok(wijzig(doel, Importrij::uit(nieuw)?).execute(tx.schrijf())? > 0)
}

/// Alle imports die volgens de opslag nog lopen.
fn bezig(conn: &mut Conn) -> Result<Vec<Gebruikersimport>, StoreError> {
    let vraag = gebruikersimport::table.filter(gebruikersimport::status.eq(ImportStatus::Bezig.as_str())).select(Importrij::as_select());
    let rijen: Vec<Importrij> = vraag.load(conn)?;
    rijen.into_iter().map(Importrij::domein).collect()
}

impl Store {
    /// Houdt bij hoe ver een import is. Dit is geen wijziging van iets: het staat niet in de audit.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn import_voortgang(&self, import_id: Id, gelezen: i64, now: Moment) -> Result<(), StoreError> {
        self.write(Actor::default(), now, None, move |tx| -> Result<(), StoreError> {
            use gebruikersimport::dsl as i;
            let doel = i::gebruikersimport.filter(i::id.eq(import_id.to_string())).filter(i::status.eq("bezig"));
            wijzig(doel, (i::gelezen.eq(gelezen), i::gewijzigd_op.eq(now.naive_utc()))).execute(tx.conn())?;
            Ok(())
        })
        .await
    }

    /// Laat weten dat een import nog loopt; daarna geldt hij weer [`domain::gebruikers::STIL`] lang als levend.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn import_leeft(&self, import_id: Id, now: Moment) -> Result<(), StoreError> {
        self.write(Actor::default(), now, None, move |tx| -> Result<(), StoreError> {
            use gebruikersimport::dsl as i;
            let doel = i::gebruikersimport.filter(i::id.eq(import_id.to_string())).filter(i::status.eq("bezig"));
            wijzig(doel, i::gewijzigd_op.eq(now.naive_utc())).execute(tx.conn())?;
            Ok(())
        })
        .await
    }

    /// Bij het starten: sluit imports die een vorig proces liet liggen. Bij SQLite is dit het enige proces, dus wat nog loopt, loopt niet
    /// meer; bij PostgreSQL kan een ander proces ermee bezig zijn en telt alleen wat geen teken van leven meer geeft. Geeft hoeveel.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn sluit_verlaten_imports(&self, now: Moment) -> Result<usize, StoreError> {
        let enige = self.dialect() == Dialect::Sqlite;
        self.write(Actor::default(), now, None, move |tx| -> Result<usize, StoreError> {
            let mut gesloten = 0;
            for import in bezig(tx.conn())? {
                let stand = if enige { ImportStatus::Afgebroken } else { import.clone().op(now).status };
                let over = Gebruikersimport { status: stand, gewijzigd_op: now, ..import };
                if stand == ImportStatus::Bezig || !sluit_import(tx, &over)? {
                    continue;
                }
                gesloten += 1;
                tx.record(Change {
                    handeling: "gebruikersimport.afgebroken",
                    onderwerp_soort: "gebruikersimport",
                    onderwerp_id: over.id.to_string(),
                    organisatie_id: Some(over.organisatie_id),
                    na: Some(serde_json::json!({ "status": over.status, "gelezen": over.gelezen })),
                    ..Change::default()
                })?;
            }
            Ok(gesloten)
        })
        .await
    }
}
