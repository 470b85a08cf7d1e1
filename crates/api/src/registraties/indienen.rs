//! Indienen, teruggeven en intrekken.

use domain::organisaties::Intrekking;
use domain::registraties::{Registratie, RegistratieStatus, Terugwijzing};

use super::{adres, bericht, gevolg, laad, met_grondslag};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(dien_registratie_in).service(geef_registratie_terug).service(trek_registratie_in);
}

/// Dient een registratie in ter tekening.
///
/// Wat er ontbreekt staat in `ontbreekt`. De gegevens van de beheerders worden vastgelegd zoals zij nu zijn.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch, IdempotencyKey),
    responses((status = 201, description = "De ingediende registratie", body = Registratie)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("registratie.opstellen"))),
)]
#[post("/organisatiebeheerder-registraties/{id}/indieningen")]
pub(crate) async fn dien_registratie_in(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, idem: IdempotencyKey) -> Result<Answer, Problem> {
    let (id, gate, minimum) = (id.into_inner(), app.gate(&caller), app.settings.minimum_beheerders);
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::RegistratieOpstellen, id)?;
        if_match.check(oud.versie)?;
        let nieuw = met_grondslag(tx.conn(), oud.organisatie_id, minimum, |grondslag| Ok(oud.indienen(grondslag, now)?))?;
        gevolg::bewaar(tx, &gate, "registratie.ingediend", &oud, &nieuw)?;
        bericht::aan_de_beurt(tx, &gate, &nieuw, minimum)?;
        Answer::created(&nieuw, adres(id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Geeft een registratie die ter tekening ligt met opmerkingen terug.
///
/// Een handtekening die er al op stond, vervalt: na verbetering wordt opnieuw ingediend en getekend.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch, IdempotencyKey),
    request_body = Terugwijzing,
    responses((status = 201, description = "De teruggegeven registratie", body = Registratie)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("registratie.ondertekenen"))),
)]
#[post("/organisatiebeheerder-registraties/{id}/terugwijzingen")]
pub(crate) async fn geef_registratie_terug(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Terugwijzing>,
) -> Result<Answer, Problem> {
    let (id, gate, body, minimum) = (id.into_inner(), app.gate(&caller), body.into_inner(), app.settings.minimum_beheerders);
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::RegistratieOndertekenen, id)?;
        if_match.check(oud.versie)?;
        let nieuw = oud.teruggeven(&body, now)?;
        gevolg::bewaar(tx, &gate, "registratie.teruggegeven", &oud, &nieuw)?;
        bericht::aan_de_beurt(tx, &gate, &nieuw, minimum)?;
        Answer::created(&nieuw, adres(id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Trekt een registratie in.
///
/// Een registratie die van kracht is, verliest meteen haar kracht: niemand is dan nog organisatiebeheerder.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch, IdempotencyKey),
    request_body = Intrekking,
    responses((status = 201, description = "De ingetrokken registratie", body = Registratie)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("registratie.intrekken"))),
)]
#[post("/organisatiebeheerder-registraties/{id}/intrekkingen")]
pub(crate) async fn trek_registratie_in(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Intrekking>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::RegistratieIntrekken, id)?;
            if_match.check(oud.versie)?;
            let nieuw = oud.intrekken(&body.reden, now)?;
            if oud.status == RegistratieStatus::Actief {
                gevolg::einde_voor_vertrokkenen(tx, &oud, None)?;
            }
            gevolg::bewaar(tx, &gate, "registratie.ingetrokken", &oud, &nieuw)?;
            let nieuw = store::registraties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;
            Answer::created(&nieuw, adres(id))?.etag(nieuw.versie).done()
        })
        .await;
    app.forget_callers();
    antwoord
}
