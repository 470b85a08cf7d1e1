//! De organisatiebeheerderstraining; alleen LFB legt haar vast.

use domain::registraties::{NieuweTraining, Training};

use super::{adres, gevolg, laad};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_trainingen).service(lees_training).service(leg_training_vast).service(verwijder_training);
}

/// Geeft de trainingen van een beheerder bij deze organisatie, ook uit eerdere registraties.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), ("persoonId" = Id, Path, description = "Id van de persoon"), BladParams),
    responses((status = 200, description = "De trainingen", body = Lijst<Training>)),
    security(("toegang" = ["registraties:lezen"])),
    extensions(("x-actie" = json!("registratie.lezen"))),
)]
#[get("/organisatiebeheerder-registraties/{id}/beheerders/{persoonId}/trainingen")]
pub(crate) async fn lijst_trainingen(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, blad: Blad) -> Result<Answer, Problem> {
    let ((id, persoon), gate) = (pad.into_inner(), app.gate(&caller));
    let alle = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let registratie = laad(conn, &gate, Action::RegistratieLezen, id)?;
            if !registratie.noemt(persoon) {
                return Err(problem::niet_gevonden());
            }
            Ok(store::registraties::trainingen(conn, registratie.organisatie_id, persoon)?)
        })
        .await?;
    blad.uit_geheugen(&alle, |t| t.id)
}

/// Geeft één training.
#[utoipa::path(
    tag = "Registraties",
    params(
        ("id" = Id, Path, description = "Id van de registratie"),
        ("persoonId" = Id, Path, description = "Id van de persoon"),
        ("trainingId" = Id, Path, description = "Id van de training"),
    ),
    responses((status = 200, description = "De training", body = Training)),
    security(("toegang" = ["registraties:lezen"])),
    extensions(("x-actie" = json!("registratie.lezen"))),
)]
#[get("/organisatiebeheerder-registraties/{id}/beheerders/{persoonId}/trainingen/{trainingId}")]
pub(crate) async fn lees_training(app: Data<App>, caller: Caller, pad: Path<(Id, Id, Id)>) -> Result<Answer, Problem> {
    let ((id, persoon, training), gate) = (pad.into_inner(), app.gate(&caller));
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let registratie = laad(conn, &gate, Action::RegistratieLezen, id)?;
            let training = store::registraties::training(conn, training)?;
            training.filter(|t| t.persoon_id == persoon && t.organisatie_id == registratie.organisatie_id).ok_or_else(problem::niet_gevonden)
        })
        .await?;
    Answer::ok(&gevonden)?.done()
}

/// Legt een training vast: gepland, gevolgd, of beide. `If-Match` draagt de ETag van de registratie.
///
/// Wie in een getekende registratie staat en de training volgde, is actief organisatiebeheerder.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), ("persoonId" = Id, Path, description = "Id van de persoon"), IfMatch, IdempotencyKey),
    request_body = NieuweTraining,
    responses((status = 201, description = "De training", body = Training)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("beheerder.opleiden"))),
)]
#[post("/organisatiebeheerder-registraties/{id}/beheerders/{persoonId}/trainingen")]
pub(crate) async fn leg_training_vast(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuweTraining>,
) -> Result<Answer, Problem> {
    let ((id, persoon), gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::BeheerderOpleiden, id)?;
        if_match.check(oud.versie)?;
        let training = body.clone().maak(tx.nieuw_id(), (oud.organisatie_id, persoon), gate.vandaag(), now)?;
        let nieuw = oud.met_training(&training, now)?;
        store::registraties::insert_training(tx, &training)?;
        gevolg::bewaar(tx, &gate, "training.vastgelegd", &oud, &nieuw)?;
        Answer::created(&training, format!("{}/beheerders/{persoon}/trainingen/{}", adres(id), training.id))?.done()
    })
    .await
}

/// Haalt een verkeerd vastgelegde training weg. `If-Match` draagt de ETag van de registratie.
#[utoipa::path(
    tag = "Registraties",
    params(
        ("id" = Id, Path, description = "Id van de registratie"),
        ("persoonId" = Id, Path, description = "Id van de persoon"),
        ("trainingId" = Id, Path, description = "Id van de training"),
        IfMatch,
    ),
    responses((status = 204, description = "Weggehaald")),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("beheerder.opleiden"))),
)]
#[delete("/organisatiebeheerder-registraties/{id}/beheerders/{persoonId}/trainingen/{trainingId}")]
pub(crate) async fn verwijder_training(app: Data<App>, caller: Caller, pad: Path<(Id, Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
    let ((id, persoon, training), gate) = (pad.into_inner(), app.gate(&caller));
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::BeheerderOpleiden, id)?;
        if_match.check(oud.versie)?;
        let bestaand = store::registraties::training(tx.conn(), training)?;
        bestaand.filter(|t| t.persoon_id == persoon && t.organisatie_id == oud.organisatie_id).ok_or_else(problem::niet_gevonden)?;
        store::registraties::delete_training(tx, training)?;
        let over = store::registraties::trainingen(tx.conn(), oud.organisatie_id, persoon)?;
        let nieuw = oud.met_trainingen(persoon, &over, now);
        gevolg::bewaar(tx, &gate, "training.weggehaald", &oud, &nieuw)?;
        Answer::no_content().etag(nieuw.versie).done()
    })
    .await
}
