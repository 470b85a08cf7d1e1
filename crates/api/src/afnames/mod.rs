//! Afnames: een organisatie laat een vragenlijst invullen door waarnemers.

pub mod herinneringen;
mod invullingen;
mod resultaat;
mod stuk;
pub(crate) mod taken;
mod verloop;
mod waarnemers;

use domain::afnames::{Aanleiding, Afname, AfnameStatus, AfnameWijziging, NieuweAfname};
use domain::trajecten::Traject;
use domain::{Datum, Weigering};
use store::afnames::Kijker;
use store::{Change, Conn};

pub(crate) use resultaat::bereken;

use crate::beleid::{Relaties, VanOrganisatie, Zaak};
use crate::organisaties::verwezen;
use crate::prelude::*;

/// Meldt de operaties aan; wat waarnemers het meest doen eerst.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    invullingen::routes(cfg);
    cfg.service(lees_afname).service(lijst_afnames).service(maak_afname).service(wijzig_afname);
    waarnemers::routes(cfg);
    verloop::routes(cfg);
    resultaat::routes(cfg);
}

/// Een afname met wat nodig is om te oordelen: haar traject, en of de aanroeper als waarnemer is uitgenodigd.
pub(crate) struct Geladen {
    pub(crate) afname: Afname,
    pub(crate) traject: Option<Traject>,
    uitgenodigd: bool,
}

impl Zaak for Geladen {
    fn relaties(&self, organisatie: Id, wie: Id, vandaag: Datum) -> Relaties {
        let eigen = self.afname.organisatie_id.relaties(organisatie, wie, vandaag);
        let partner = self.traject.as_ref().map_or(Relaties::GEEN, |t| t.relaties(organisatie, wie, vandaag));
        // Een uitnodiging geldt voor deze afname, en alleen in haar periode.
        let waarnemer = if self.uitgenodigd && self.afname.loopt_op(vandaag) { Relaties::WAARNEMER } else { Relaties::GEEN };
        eigen.en(partner).en(waarnemer)
    }

    fn status(&self) -> &'static str {
        self.afname.status.as_str()
    }
}

impl Geladen {
    fn spoor<T: Serialize>(
        &self,
        handeling: &'static str,
        soort: &'static str,
        id: impl ToString,
        voor: Option<&T>,
        na: Option<&T>,
    ) -> Result<Change, StoreError> {
        let change = organisatie_van(handeling, soort, id, Some(self.afname.organisatie_id), voor, na)?;
        Ok(Change { traject_id: self.afname.traject_id, ..change })
    }
}

/// Laadt een afname en laat alleen door wie dit mag.
pub(crate) fn laad(conn: &mut Conn, gate: &Gate, actie: Action, id: Id) -> Result<Geladen, Problem> {
    let afname = store::afnames::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    let traject = match afname.traject_id {
        Some(traject) => store::trajecten::get(conn, traject)?,
        None => None,
    };
    let uitgenodigd = store::afnames::is_waarnemer(conn, id, gate.caller().id())?;
    let geladen = Geladen { afname, traject, uitgenodigd };
    gate.may(actie, &geladen)?;
    Ok(geladen)
}

/// Waarop de lijst van afnames te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AfnameFilter {
    /// Id van de organisatie.
    pub organisatie_id: Option<Id>,
    /// Id van het traject.
    pub traject_id: Option<Id>,
    /// Id van de oefening.
    pub oefening_id: Option<Id>,
    /// Code van de vragenlijst.
    #[param(max_length = 40, example = "SNW-3")]
    pub vragenlijst_code: Option<String>,
    /// Aanleiding.
    #[param(inline)]
    pub aanleiding: Option<Aanleiding>,
    /// Stand.
    #[param(inline)]
    pub status: Option<AfnameStatus>,
}

/// Wat deze aanroeper in een lijst ziet; dezelfde regel als voor één afname.
fn kijker(gate: &Gate) -> Kijker {
    let caller = gate.caller();
    let eigen = match gate.zicht(Action::AfnameLezen) {
        store::Zicht::Organisatie(organisatie) => Some(organisatie),
        _ => None,
    };
    let zicht = gate.zicht_langs_trajecten(Action::AfnameLezen);
    let persoon = caller.persoon().filter(|_| gate.mag_als(Action::AfnameLezen, Relaties::WAARNEMER)).map(|p| p.id);
    Kijker { zicht, eigen, persoon, vandaag: gate.vandaag() }
}

/// Geeft de afnames van uw organisatie, van trajecten waarbij u betrokken bent, en waarvoor u zelf nu bent uitgenodigd.
#[utoipa::path(
    tag = "Afnames",
    params(AfnameFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van afnames, nieuwste eerst", body = Lijst<Afname>)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("afname.lezen"))),
)]
#[get("/afnames")]
pub(crate) async fn lijst_afnames(app: Data<App>, caller: Caller, filter: Query<AfnameFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (gate, f, page) = (app.gate(&caller), filter.into_inner(), blad.page()?);
    let kijker = kijker(&gate);
    let filter = store::afnames::Filter {
        organisatie_id: f.organisatie_id,
        traject_id: f.traject_id,
        oefening_id: f.oefening_id,
        vragenlijst_code: f.vragenlijst_code,
        aanleiding: f.aanleiding.map(|a| a.to_string()),
        status: f.status.map(|s| s.to_string()),
    };
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::afnames::list(conn, &filter, &kijker, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één afname.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname")),
    responses((status = 200, description = "De afname", body = Afname)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("afname.lezen"))),
)]
#[get("/afnames/{id}")]
pub(crate) async fn lees_afname(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let afname = app.store.read_point(move |conn| laad(conn, &gate, Action::AfnameLezen, id)).await?.afname;
    Answer::ok(&afname)?.etag(afname.versie).done()
}

/// Bereidt een afname voor; waarnemers uitnodigen en openstellen volgen daarna.
#[utoipa::path(
    tag = "Afnames",
    params(IdempotencyKey),
    request_body = NieuweAfname,
    responses((status = 201, description = "De nieuwe afname", body = Afname)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.beheren"))),
)]
#[post("/afnames")]
pub(crate) async fn maak_afname(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuweAfname>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let lijst = store::vragenlijsten::get(tx.conn(), body.vragenlijst_id)?
            .ok_or_else(|| problem::ongeldig("/vragenlijstId", "vragenlijst-onbekend", "Deze vragenlijst bestaat niet."));
        let ((organisatie_id, traject), lijst) = problem::samen(onderwerp(tx.conn(), &gate, &body), lijst)?;
        lijst.bruikbaar()?;
        let afname = body.clone().maak(tx.nieuw_id(), &lijst, traject.as_ref(), now)?;
        store::afnames::insert(tx, &afname)?;
        let change = organisatie_van("afname.voorbereid", "afname", afname.id, Some(organisatie_id), None, Some(&afname))?;
        tx.record(Change { traject_id: afname.traject_id, ..change })?;
        Answer::created(&afname, format!("/afnames/{}", afname.id))?.etag(afname.versie).done()
    })
    .await
}

/// De organisatie en het traject van een nieuwe afname, als de aanroeper daarvoor afnames beheert.
fn onderwerp(conn: &mut Conn, gate: &Gate, body: &NieuweAfname) -> Result<(Id, Option<Traject>), Problem> {
    // Een traject dat de aanroeper niet mag lezen bestaat voor hem niet, en geeft dus ook geen verhouding.
    let traject = match body.traject_id {
        Some(id) => store::trajecten::get(conn, id)?.filter(|traject| gate.may(Action::TrajectLezen, traject).is_ok()),
        None => None,
    };
    let van_organisatie = traject.clone().filter(|traject| traject.organisatie_id == body.organisatie_id);
    gate.may_create(Action::AfnameBeheren, &VanOrganisatie::new(body.organisatie_id, van_organisatie))?;
    let bestaat = if body.traject_id.is_some() && traject.is_none() {
        Err(problem::ongeldig("/trajectId", "traject-onbekend", "Dit traject bestaat niet."))
    } else {
        Ok(())
    };
    let ((), organisatie) = problem::samen(bestaat, verwezen(conn, "/organisatieId", body.organisatie_id))?;
    if organisatie.soort == domain::organisaties::OrganisatieSoort::Nipv {
        return Err(Weigering::new("nipv-neemt-niet-af", "NIPV neemt zelf geen vragenlijsten af. Kies een crisispartner.").into());
    }
    Ok((organisatie.id, traject))
}

/// Wijzigt titel, team, oefening of periode van een afname die nog niet gesloten is.
///
/// JSON Merge Patch. Verleng de periode als waarnemers later nog antwoorden moeten kunnen nasturen.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), IfMatch),
    request_body(content = AfnameWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De gewijzigde afname", body = Afname)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.beheren"))),
)]
#[patch("/afnames/{id}")]
pub(crate) async fn wijzig_afname(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, body: Body<AfnameWijziging>) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let geladen = laad(tx.conn(), &gate, Action::AfnameBeheren, id)?;
        let oud = &geladen.afname;
        if_match.check(oud.versie)?;
        oud.niet_gesloten()?;
        let nieuw = oud.gewijzigd(&body, now)?;
        store::afnames::update(tx, &nieuw, oud.versie)?;
        tx.record(geladen.spoor("afname.gewijzigd", "afname", id, Some(oud), Some(&nieuw))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}
