//! Versies van een identiteitsprovider: een wijziging van uitgever, client of MFA-regel is een nieuwe versie.

use domain::identiteitsproviders::{Identiteitsprovider, IdpVersie, NieuweInstellingen};
use serde_json::json;
use store::Change;
use store::identiteitsproviders as opslag;

use super::{keur_issuer, laad};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_identiteitsproviderversies).service(lees_identiteitsproviderversie).service(maak_identiteitsproviderversie);
}

/// De auditregel van een versie; instellingen bevatten nooit een geheim.
pub(super) fn spoor(handeling: &'static str, idp: &Identiteitsprovider, versie: &IdpVersie) -> Result<Change, StoreError> {
    let id = format!("{}/{}", idp.id, versie.nummer);
    organisatie_van(handeling, "identiteitsproviderversie", id, Some(idp.organisatie_id), None, Some(&json!(versie)))
}

/// Geeft de versies van een identiteitsprovider.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), BladParams),
    responses((status = 200, description = "Een bladzijde van versies", body = Lijst<IdpVersie>)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders/{id}/versies")]
pub(crate) async fn lijst_identiteitsproviderversies(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::IdentiteitsproviderLezen, id)?;
            Ok(opslag::versies(conn, id, &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één versie van een identiteitsprovider.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), ("nummer" = i32, Path, description = "Nummer van de versie", minimum = 1)),
    responses((status = 200, description = "De versie", body = IdpVersie)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders/{id}/versies/{nummer}")]
pub(crate) async fn lees_identiteitsproviderversie(app: Data<App>, caller: Caller, pad: Path<(Id, i32)>) -> Result<Answer, Problem> {
    let ((id, nummer), gate) = (pad.into_inner(), app.gate(&caller));
    let versie = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::IdentiteitsproviderLezen, id)?;
            opslag::get_versie(conn, id, nummer)?.ok_or_else(problem::niet_gevonden)
        })
        .await?;
    Answer::ok(&versie)?.done()
}

/// Voegt een versie met andere instellingen toe; de actieve versie blijft dienen tot u de nieuwe activeert.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch, IdempotencyKey),
    request_body = NieuweInstellingen,
    responses((status = 201, description = "De nieuwe versie", body = IdpVersie)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[post("/identiteitsproviders/{id}/versies")]
pub(crate) async fn maak_identiteitsproviderversie(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuweInstellingen>,
) -> Result<Answer, Problem> {
    let (id, gate, body, egress) = (id.into_inner(), app.gate(&caller), body.into_inner(), app.idps.hub().egress().clone());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::IdentiteitsproviderBeheren, id)?;
        if_match.check(oud.versie)?;
        let laatste = opslag::get_versie(tx.conn(), id, oud.nieuwste_versie)?.ok_or_else(problem::niet_gevonden)?;
        let instellingen = body.clone().keur(&|host| egress.is_intern(host))?;
        let (nieuw, versie) = oud.nieuwe_versie(&laatste, instellingen, now)?;
        keur_issuer(tx, &nieuw, &versie.instellingen)?;
        opslag::update(tx, &nieuw, oud.versie)?;
        opslag::insert_versie(tx, &versie)?;
        tx.record(spoor("identiteitsproviderversie.toegevoegd", &nieuw, &versie)?)?;
        Answer::created(&versie, format!("/identiteitsproviders/{id}/versies/{}", versie.nummer))?.etag(nieuw.versie).done()
    })
    .await
}
