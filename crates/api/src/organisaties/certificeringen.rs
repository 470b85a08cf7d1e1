//! Certificeringen: alleen NIPV verleent en trekt in (stap 1, 'Implementatiepartner').

use domain::organisaties::{Certificering, Intrekking, NieuweCertificering};

use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_certificeringen).service(lees_certificering).service(maak_certificering).service(trek_certificering_in);
}

/// Geeft de certificeringen van een organisatie.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), BladParams),
    responses((status = 200, description = "Een bladzijde van certificeringen", body = Lijst<Certificering>)),
    security(("toegang" = ["organisaties:lezen"])),
    extensions(("x-actie" = json!("certificering.lezen"))),
)]
#[get("/organisaties/{id}/certificeringen")]
pub(crate) async fn lijst_certificeringen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let organisatie = store::organisaties::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
            gate.may(Action::CertificeringLezen, &organisatie)?;
            Ok(store::organisaties::certificeringen(conn, id, &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

fn laad(conn: &mut store::Conn, organisatie: Id, id: Id) -> Result<Certificering, Problem> {
    store::organisaties::certificering(conn, id)?.filter(|c| c.organisatie_id == organisatie).ok_or_else(problem::niet_gevonden)
}

/// Geeft één certificering.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("certificeringId" = Id, Path, description = "Id van de certificering")),
    responses((status = 200, description = "De certificering", body = Certificering)),
    security(("toegang" = ["organisaties:lezen"])),
    extensions(("x-actie" = json!("certificering.lezen"))),
)]
#[get("/organisaties/{id}/certificeringen/{certificeringId}")]
pub(crate) async fn lees_certificering(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let (organisatie, id) = pad.into_inner();
    let gevonden = app.store.read_point(move |conn| laad(conn, organisatie, id)).await?;
    app.gate(&caller).may(Action::CertificeringLezen, &gevonden)?;
    Answer::ok(&gevonden)?.etag(gevonden.versie).done()
}

/// Certificeert een organisatie voor een periode.
///
/// Van dezelfde soort loopt er nooit meer dan één tegelijk (409, `certificering-overlapt`): trek de lopende in of laat de nieuwe later
/// beginnen. NIPV zelf is niet te certificeren.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), IdempotencyKey),
    request_body = NieuweCertificering,
    responses((status = 201, description = "De nieuwe certificering", body = Certificering)),
    security(("toegang" = ["organisaties:schrijven"])),
    extensions(("x-actie" = json!("certificering.beheren"))),
)]
#[post("/organisaties/{id}/certificeringen")]
pub(crate) async fn maak_certificering(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    idem: IdempotencyKey,
    body: Body<NieuweCertificering>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let organisatie = store::organisaties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;
        gate.may(Action::CertificeringBeheren, &organisatie)?;
        store::organisaties::zet_slot(tx, id)?;
        let bestaande = store::organisaties::certificeringen(tx.conn(), id, &store::Page { limit: 1_000, after: None })?.items;
        body.verleenbaar(&organisatie, &bestaande)?;
        let nieuw = body.clone().maak(tx.nieuw_id(), id, now)?;
        store::organisaties::insert_certificering(tx, &nieuw)?;
        tx.record(organisatie_van("certificering.verleend", "certificering", nieuw.id, Some(id), None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/organisaties/{id}/certificeringen/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Trekt een certificering in.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("certificeringId" = Id, Path, description = "Id van de certificering"), IfMatch, IdempotencyKey),
    request_body = Intrekking,
    responses((status = 201, description = "De ingetrokken certificering", body = Certificering)),
    security(("toegang" = ["organisaties:schrijven"])),
    extensions(("x-actie" = json!("certificering.beheren"))),
)]
#[post("/organisaties/{id}/certificeringen/{certificeringId}/intrekkingen")]
pub(crate) async fn trek_certificering_in(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Intrekking>,
) -> Result<Answer, Problem> {
    let ((organisatie, id), gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), organisatie, id)?;
        gate.may(Action::CertificeringBeheren, &oud)?;
        if_match.check(oud.versie)?;
        let nieuw = oud.intrekken(&body.reden, now)?;
        store::organisaties::update_certificering(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("certificering.ingetrokken", "certificering", id, Some(organisatie), Some(&oud), Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/organisaties/{organisatie}/certificeringen/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}
