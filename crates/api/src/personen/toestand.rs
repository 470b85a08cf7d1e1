//! Blokkeren en deblokkeren van een persoon.

use domain::organisaties::Intrekking;
use domain::personen::Persoon;

use super::{laad, spoor};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(blokkeer_persoon).service(deblokkeer_persoon);
}

/// Blokkeert een persoon; lopende tokens werken binnen tien seconden nergens meer.
#[utoipa::path(
    tag = "Personen",
    params(("id" = Id, Path, description = "Id van de persoon"), IfMatch, IdempotencyKey),
    request_body = Intrekking,
    responses((status = 201, description = "De geblokkeerde persoon", body = Persoon)),
    security(("toegang" = ["personen:schrijven"])),
    extensions(("x-actie" = json!("persoon.beheren"))),
)]
#[post("/personen/{id}/blokkeringen")]
pub(crate) async fn blokkeer_persoon(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Intrekking>,
) -> Result<Answer, Problem> {
    zet(app, caller, id.into_inner(), if_match, idem, body.into_inner(), true).await
}

/// Heft de blokkering van een persoon op.
///
/// Wie zich nog nooit heeft aangemeld, is daarna weer `uitgenodigd`; de eerste aanmelding maakt `actief`.
#[utoipa::path(
    tag = "Personen",
    params(("id" = Id, Path, description = "Id van de persoon"), IfMatch, IdempotencyKey),
    request_body = Intrekking,
    responses((status = 201, description = "De persoon", body = Persoon)),
    security(("toegang" = ["personen:schrijven"])),
    extensions(("x-actie" = json!("persoon.beheren"))),
)]
#[post("/personen/{id}/deblokkeringen")]
pub(crate) async fn deblokkeer_persoon(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Intrekking>,
) -> Result<Answer, Problem> {
    zet(app, caller, id.into_inner(), if_match, idem, body.into_inner(), false).await
}

async fn zet(app: Data<App>, caller: Caller, id: Id, if_match: IfMatch, idem: IdempotencyKey, body: Intrekking, blokkeren: bool) -> Result<Answer, Problem> {
    let gate = app.gate(&caller);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::PersoonBeheren, id)?;
            if_match.check(oud.versie)?;
            let (handeling, nieuw) = if blokkeren {
                ("persoon.geblokkeerd", oud.blokkeren(now)?)
            } else {
                let ooit_aangemeld = store::personen::ooit_gekoppeld(tx.conn(), id)?;
                ("persoon.gedeblokkeerd", oud.deblokkeren(ooit_aangemeld, now)?)
            };
            store::personen::update(tx, &nieuw, oud.versie)?;
            let mut na = spoor(&nieuw);
            if let Some(velden) = na.as_object_mut() {
                velden.insert("reden".to_owned(), body.reden.clone().into());
            }
            tx.record(organisatie_van(handeling, "persoon", id, Some(oud.organisatie_id), Some(&spoor(&oud)), Some(&na))?)?;
            Answer::created(&nieuw, format!("/personen/{id}"))?.etag(nieuw.versie).done()
        })
        .await;
    app.forget_callers();
    antwoord
}
