//! Uitgaande post: een bericht wordt geplaatst in dezelfde transactie als de wijziging waar het bij hoort, en daarna
//! bezorgd door een werker die het bij een storing later opnieuw probeert.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use domain::berichten::BerichtStatus;
use domain::{Id, Moment};

use crate::connection::Conn;
use crate::open::Store;
use crate::organisaties::id;
use crate::schema::post;
use crate::unit::Tx;
use crate::wijziging::wijzig;
use crate::{Actor, Bladzijde, Page, StoreError};

/// Zo vaak wordt een bericht aangeboden voordat het wordt opgegeven: met oplopende wachttijd ruim een dag.
const POGINGEN: i64 = 12;
/// Zo lang heeft een werker om een bericht af te leveren voordat een ander het overneemt.
const BEURT: TimeDelta = TimeDelta::minutes(2);
/// Zo lang blijft van een bezorgd of opgegeven bericht bekend dat het bestond.
const BEWAREN: TimeDelta = TimeDelta::days(30);

/// Een bericht aan één geadresseerde, in gewone tekst.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bericht {
    /// E-mailadres.
    pub aan: String,
    /// Onderwerp.
    pub onderwerp: String,
    /// Inhoud in gewone tekst.
    pub tekst: String,
    /// Na dit moment heeft bezorgen geen zin meer, zoals bij een eenmalige code.
    pub verloopt_op: Option<Moment>,
}

impl std::fmt::Debug for Bericht {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bericht").field("onderwerp", &self.onderwerp).finish_non_exhaustive()
    }
}

/// Een bericht waarvan de bezorging nu aan deze werker is.
#[derive(Clone, Debug)]
pub struct Zending {
    /// Identificatie; blijft gelijk bij een nieuwe poging, zodat een mailserver dubbele bezorging kan herkennen.
    pub id: Id,
    /// De hoeveelste poging dit is.
    pub poging: i64,
    /// Het bericht.
    pub bericht: Bericht,
}

/// Hoe een poging afliep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bezorging {
    /// De mailserver heeft het bericht aangenomen.
    Gelukt,
    /// Later opnieuw.
    Later(String),
    /// De mailserver weigert voorgoed.
    Geweigerd(String),
}

/// Plaatst een bericht in de rij; het gaat pas weg als de transactie vastligt.
///
/// # Errors
/// Een fout van de opslag.
pub fn plaats(tx: &mut Tx<'_>, bericht: &Bericht) -> Result<Id, StoreError> {
    use post::dsl as p;
    let (nieuw, nu) = (tx.nieuw_id(), tx.now().naive_utc());
    diesel::insert_into(p::post)
        .values((
            p::id.eq(nieuw.to_string()),
            p::aan.eq(&bericht.aan),
            p::onderwerp.eq(&bericht.onderwerp),
            p::tekst.eq(&bericht.tekst),
            p::status.eq("wachtend"),
            p::pogingen.eq(0_i64),
            p::volgende_poging_op.eq(nu),
            p::verloopt_op.eq(bericht.verloopt_op.map(|op| op.naive_utc())),
            p::laatste_fout.eq(None::<String>),
            p::aangemaakt_op.eq(nu),
            p::verzonden_op.eq(None::<NaiveDateTime>),
        ))
        .execute(tx.schrijf())?;
    Ok(nieuw)
}

/// Wachttijd na een mislukte poging: een halve minuut, verdubbelend tot vier uur.
fn wacht(poging: i64) -> TimeDelta {
    let machten = u32::try_from(poging.saturating_sub(1).clamp(0, 9)).unwrap_or(9);
    TimeDelta::seconds((30_i64 << machten).min(14_400))
}

type Rij = (String, String, String, String, i64, NaiveDateTime, Option<NaiveDateTime>);

fn rijp(conn: &mut Conn, now: Moment, hoeveel: i64) -> Result<Vec<Rij>, StoreError> {
    use post::dsl as p;
    Ok(p::post
        .filter(p::status.eq("wachtend"))
        .filter(p::volgende_poging_op.le(now.naive_utc()))
        .order((p::volgende_poging_op.asc(), p::id.asc()))
        .limit(hoeveel)
        .select((p::id, p::aan, p::onderwerp, p::tekst, p::pogingen, p::volgende_poging_op, p::verloopt_op))
        .load(conn)?)
}

impl Store {
    /// Neemt berichten die aan de beurt zijn, zo dat geen andere node ze tegelijk bezorgt. Wat verlopen is, valt af.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn post_nemen(&self, now: Moment, hoeveel: i64) -> Result<Vec<Zending>, StoreError> {
        // Meestal ligt er niets: dan kost de ronde één leesvraag en geen transactie.
        if self.read(move |conn| rijp(conn, now, 1)).await?.is_empty() {
            return Ok(Vec::new());
        }
        self.write(Actor::default(), now, None, move |tx| {
            use post::dsl as p;
            let mut genomen = Vec::new();
            // Wat afvalt of net door een ander is genomen, telt niet mee: dan de volgende.
            while genomen.is_empty() {
                let rijen = rijp(tx.conn(), now, hoeveel)?;
                if rijen.is_empty() {
                    break;
                }
                for (sleutel, aan, onderwerp, tekst, pogingen, beurt, verloopt) in rijen {
                    let doel = p::post.filter(p::id.eq(sleutel.clone())).filter(p::status.eq("wachtend")).filter(p::volgende_poging_op.eq(beurt));
                    if verloopt.is_some_and(|op| op <= now.naive_utc()) {
                        let einde = (p::status.eq("opgegeven"), p::tekst.eq(""), p::laatste_fout.eq("verlopen voordat het bezorgd kon worden"));
                        wijzig(doel, einde).execute(tx.conn())?;
                        continue;
                    }
                    let poging = pogingen + 1;
                    let beurt = (p::pogingen.eq(poging), p::volgende_poging_op.eq((now + BEURT).naive_utc()));
                    if wijzig(doel, beurt).execute(tx.conn())? == 1 {
                        let bericht = Bericht { aan, onderwerp, tekst, verloopt_op: verloopt.map(|op| op.and_utc()) };
                        genomen.push(Zending { id: id(&sleutel)?, poging, bericht });
                    }
                }
            }
            Ok(genomen)
        })
        .await
    }

    /// Legt vast hoe een poging afliep. Van een afgehandeld bericht blijft de inhoud niet bewaard. Is de beurt intussen naar een
    /// ander gegaan, dan telt wat die ervan vindt.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn post_afgehandeld(&self, zending: &Zending, uitkomst: Bezorging, now: Moment) -> Result<(), StoreError> {
        let (sleutel, poging) = (zending.id.to_string(), zending.poging);
        self.write(Actor::default(), now, None, move |tx| {
            use post::dsl as p;
            let doel = p::post.filter(p::id.eq(sleutel.clone())).filter(p::status.eq("wachtend")).filter(p::pogingen.eq(poging));
            match &uitkomst {
                Bezorging::Gelukt => {
                    let einde = (p::status.eq("verzonden"), p::tekst.eq(""), p::verzonden_op.eq(Some(now.naive_utc())), p::laatste_fout.eq(None::<String>));
                    wijzig(doel, einde).execute(tx.conn())?;
                }
                Bezorging::Later(fout) if poging < POGINGEN => {
                    let later = (p::volgende_poging_op.eq((now + wacht(poging)).naive_utc()), p::laatste_fout.eq(Some(fout.clone())));
                    wijzig(doel, later).execute(tx.conn())?;
                }
                Bezorging::Later(fout) | Bezorging::Geweigerd(fout) => {
                    let einde = (p::status.eq("opgegeven"), p::tekst.eq(""), p::laatste_fout.eq(Some(fout.clone())));
                    wijzig(doel, einde).execute(tx.conn())?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Ruimt lang afgehandelde berichten op; geeft hoeveel.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn post_opruimen(&self, now: Moment) -> Result<usize, StoreError> {
        self.write(Actor::default(), now, None, move |tx| {
            use post::dsl as p;
            let oud = p::post.filter(p::status.ne("wachtend")).filter(p::aangemaakt_op.lt((now - BEWAREN).naive_utc()));
            Ok(diesel::delete(oud).execute(tx.conn())?)
        })
        .await
    }

    /// Hoe het met de post staat, voor het beheer.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn post_stand(&self) -> Result<PostStand, StoreError> {
        self.read(|conn| {
            use post::dsl as p;
            let tel = |conn: &mut Conn, stand: &str| p::post.filter(p::status.eq(stand.to_owned())).count().get_result::<i64>(conn);
            let oudste: Option<NaiveDateTime> = p::post.filter(p::status.eq("wachtend")).select(diesel::dsl::min(p::aangemaakt_op)).first(conn)?;
            Ok(PostStand { wachtend: tel(conn, "wachtend")?, opgegeven: tel(conn, "opgegeven")?, oudste_wachtend: oudste.map(|op| op.and_utc()) })
        })
        .await
    }
}

/// Hoe het met de post staat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostStand {
    /// Berichten die nog bezorgd moeten worden.
    pub wachtend: i64,
    /// Berichten die in de laatste dertig dagen zijn opgegeven.
    pub opgegeven: i64,
    /// Wanneer het oudste wachtende bericht geplaatst is.
    pub oudste_wachtend: Option<Moment>,
}

type Regel = (String, String, String, String, i64, Option<String>, NaiveDateTime, NaiveDateTime, Option<NaiveDateTime>);

fn regel((sleutel, aan, onderwerp, status, pogingen, laatste_fout, volgende, geplaatst, verzonden): Regel) -> Result<domain::berichten::Bericht, StoreError> {
    let status: BerichtStatus = status.parse()?;
    Ok(domain::berichten::Bericht {
        id: id(&sleutel)?,
        aan,
        onderwerp,
        status,
        pogingen,
        laatste_fout,
        volgende_poging_op: (status == BerichtStatus::Wachtend).then(|| volgende.and_utc()),
        aangemaakt_op: geplaatst.and_utc(),
        verzonden_op: verzonden.map(|op| op.and_utc()),
    })
}

/// Berichten zoals het beheer ze ziet, nieuwste eerst.
///
/// # Errors
/// Een fout van de opslag.
pub fn list(conn: &mut Conn, status: Option<BerichtStatus>, page: &Page) -> Result<Bladzijde<domain::berichten::Bericht>, StoreError> {
    use post::dsl as p;
    let velden = (p::id, p::aan, p::onderwerp, p::status, p::pogingen, p::laatste_fout, p::volgende_poging_op, p::aangemaakt_op, p::verzonden_op);
    let mut vraag = p::post.select(velden).into_boxed();
    if let Some(status) = status {
        vraag = vraag.filter(p::status.eq(status.as_str()));
    }
    if let Some(na) = &page.after {
        vraag = vraag.filter(p::id.lt(na.clone()));
    }
    let rijen: Vec<Regel> = vraag.order(p::id.desc()).limit(page.limit + 1).load(conn)?;
    let items = rijen.into_iter().map(regel).collect::<Result<Vec<_>, _>>()?;
    Ok(Bladzijde::uit(items, page.limit, |bericht| bericht.id.to_string()))
}
