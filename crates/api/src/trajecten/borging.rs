//! Borging: wat er na de go-live wacht of te laat is, en vastleggen wat gedaan is.

use domain::Datum;
use domain::afnames::Jaarafname;
use domain::afnames::jaarlijks::GAAN_OVER_AFNAMES;
use domain::taken::Taak;
use domain::trajecten::{
    Borgingsfeiten, Borgingsmoment, BorgingsmomentIntrekking, Borgingspunt, NieuwBorgingsmoment, Traject, TrajectStatus, borging::borgingspunten,
};
use store::{Conn, Page, Zicht};

use super::laad;
use crate::afnames::taken::jaarafnames;
use crate::prelude::*;
use crate::taken::Vraag;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_borgingspunten);
    cfg.service(lijst_borgingsmomenten).service(lees_borgingsmoment).service(leg_borgingsmoment_vast).service(trek_borgingsmoment_in);
}

/// Sinds wanneer een traject live is, als het dat is.
fn live_sinds(conn: &mut Conn, traject: &Traject) -> Result<Option<Datum>, Problem> {
    Ok(traject.live_sinds(store::trajecten::laatste_stapovergang(conn, traject.id)?.as_ref()))
}

/// De trajecten waarmee een organisatie live is, en sinds wanneer.
pub(crate) fn live_van(conn: &mut Conn, organisatie: Id) -> Result<Vec<(Traject, Datum)>, Problem> {
    let filter = store::trajecten::Filter { status: Some(TrajectStatus::Live.to_string()), ..Default::default() };
    let page = Page { limit: 200, after: None };
    let trajecten = store::trajecten::list(conn, &filter, &Zicht::Organisatie(organisatie), store::trajecten::Sortering::Oudste, &page)?.items;
    let mut live = Vec::with_capacity(trajecten.len());
    for traject in trajecten {
        if let Some(sinds) = live_sinds(conn, &traject)? {
            live.push((traject, sinds));
        }
    }
    Ok(live)
}

/// Berekent de borgingspunten van een traject, met deze afnames en wat er nu is vastgelegd.
fn bereken(conn: &mut Conn, (traject, live_sinds): (&Traject, Option<Datum>), afnames: &[Jaarafname], vandaag: Datum) -> Result<Vec<Borgingspunt>, Problem> {
    let momenten = store::trajecten::laatste_borgingsmomenten(conn, traject.id)?;
    Ok(borgingspunten(&Borgingsfeiten { traject, live_sinds, momenten: &momenten, afnames, vandaag }))
}

/// Wat er in de trajecten van de eigen organisatie te borgen is; de jaarlijkse afname komt uit de afnames.
pub(crate) fn taken(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let (eigen, vandaag) = (vraag.voor.organisatie.id, vraag.voor.vandaag);
    if !vraag.voor.bij(eigen, GAAN_OVER_AFNAMES) {
        return Ok(Vec::new());
    }
    let mut taken = Vec::new();
    for (traject, sinds) in live_van(conn, eigen)? {
        let punten = bereken(conn, (&traject, Some(sinds)), &[], vandaag)?;
        taken.extend(traject.borgingstaken(&punten, &vraag.voor));
    }
    Ok(taken)
}

/// Geeft wat de staande organisatie in stap 6 doet om de werkwijze te borgen, en wat daarvan binnenkort moet of te laat is.
///
/// Altijd berekend: overdracht per onderdeel, de jaarlijkse afname van iedere vragenlijst, het OTO-programma en de fallback-oefening. Vóór
/// de go-live staat alles op `nog-niet`: zo is te zien wat er komt. De bron noemt geen termijnen; waar die van ons is, staat
/// `termijnVoorlopig`.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject")),
    responses((status = 200, description = "De borgingspunten, in de volgorde van het stappenplan", body = Lijst<Borgingspunt>)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/borgingspunten")]
pub(crate) async fn lijst_borgingspunten(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let punten = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let traject = laad(conn, &gate, Action::TrajectLezen, id)?;
            let sinds = live_sinds(conn, &traject)?;
            let afnames = jaarafnames(conn, traject.organisatie_id)?;
            bereken(conn, (&traject, sinds), &afnames, gate.vandaag())
        })
        .await?;
    Answer::list(punten, format!("/trajecten/{id}/borgingspunten"))?.done()
}

/// Geeft de borgingsmomenten van een traject, ook ingetrokken.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), BladParams),
    responses((status = 200, description = "Een bladzijde, oudste eerst", body = Lijst<Borgingsmoment>)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/borgingsmomenten")]
pub(crate) async fn lijst_borgingsmomenten(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::TrajectLezen, id)?;
            Ok(store::trajecten::borgingsmomenten(conn, id, &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

fn laad_moment(conn: &mut Conn, traject: Id, id: Id) -> Result<Borgingsmoment, Problem> {
    store::trajecten::borgingsmoment(conn, id)?.filter(|moment| moment.traject_id == traject).ok_or_else(problem::niet_gevonden)
}

/// Geeft één borgingsmoment; de ETag is die van het traject.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), ("momentId" = Id, Path, description = "Id van het borgingsmoment")),
    responses((status = 200, description = "Het borgingsmoment", body = Borgingsmoment)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/borgingsmomenten/{momentId}")]
pub(crate) async fn lees_borgingsmoment(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let ((traject, id), gate) = (pad.into_inner(), app.gate(&caller));
    let (versie, gevonden) = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let traject = laad(conn, &gate, Action::TrajectLezen, traject)?;
            Ok((traject.versie, laad_moment(conn, traject.id, id)?))
        })
        .await?;
    Answer::ok(&gevonden)?.etag(versie).done()
}

/// Legt vast dat iets gedaan is om de werkwijze te borgen: een overdracht, het OTO-programma of een fallback-oefening.
///
/// Kan zodra het traject live is; de dag zelf mag daarvoor liggen. Van ieder punt telt de laatste dag.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), IfMatch, IdempotencyKey),
    request_body = NieuwBorgingsmoment,
    responses((status = 201, description = "Het vastgelegde borgingsmoment", body = Borgingsmoment)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("traject.borgen"))),
)]
#[post("/trajecten/{id}/borgingsmomenten")]
pub(crate) async fn leg_borgingsmoment_vast(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuwBorgingsmoment>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::TrajectBorgen, id)?;
        if_match.check(oud.versie)?;
        oud.is_live()?;
        let (nieuw, moment) = oud.borgen(tx.nieuw_id(), body.clone(), gate.caller().door(), now)?;
        store::trajecten::update(tx, &nieuw, oud.versie)?;
        store::trajecten::insert_borgingsmoment(tx, &moment)?;
        tx.record(van_traject("borgingsmoment.vastgelegd", "borgingsmoment", moment.id, &nieuw, None, Some(&moment))?)?;
        Answer::created(&moment, format!("/trajecten/{id}/borgingsmomenten/{}", moment.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Trekt een borgingsmoment in dat niet klopt; het telt niet meer mee en blijft met de reden zichtbaar.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), ("momentId" = Id, Path, description = "Id van het borgingsmoment"), IfMatch, IdempotencyKey),
    request_body = BorgingsmomentIntrekking,
    responses((status = 201, description = "Het ingetrokken borgingsmoment", body = Borgingsmoment)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("traject.borgen"))),
)]
#[post("/trajecten/{id}/borgingsmomenten/{momentId}/intrekkingen")]
pub(crate) async fn trek_borgingsmoment_in(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<BorgingsmomentIntrekking>,
) -> Result<Answer, Problem> {
    let ((traject, id), gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::TrajectBorgen, traject)?;
        let moment = laad_moment(tx.conn(), traject, id)?;
        if_match.check(oud.versie)?;
        oud.niet_beeindigd()?;
        let (nieuw, ingetrokken) = (oud.verhoogd(now), moment.intrekken(&body, now)?);
        store::trajecten::update(tx, &nieuw, oud.versie)?;
        store::trajecten::trek_borgingsmoment_in(tx, &ingetrokken)?;
        tx.record(van_traject("borgingsmoment.ingetrokken", "borgingsmoment", id, &nieuw, Some(&moment), Some(&ingetrokken))?)?;
        Answer::created(&ingetrokken, format!("/trajecten/{traject}/borgingsmomenten/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}
