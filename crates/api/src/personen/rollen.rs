//! Rollen als subresource: elke toekenning en terugname is een eigen handeling.

use domain::personen::{Persoon, Rol, Roltoekenning};

use super::{keur_rol, laad, spoor};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(geef_rol).service(neem_rol_terug);
}

/// Geeft een persoon een rol.
///
/// De rol `organisatiebeheerder` volgt uit de registratie organisatiebeheerders zodra beide partijen die hebben ondertekend; hier
/// is zij alleen terug te geven aan wie daarin zit (anders 409, `rol-uit-registratie`).
#[utoipa::path(
    tag = "Personen",
    params(("id" = Id, Path, description = "Id van de persoon"), IfMatch, IdempotencyKey),
    request_body = Roltoekenning,
    responses((status = 201, description = "De persoon met de rol", body = Persoon)),
    security(("toegang" = ["personen:schrijven"])),
    extensions(("x-actie" = json!("persoon.rol-beheren"))),
)]
#[post("/personen/{id}/rollen")]
pub(crate) async fn geef_rol(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Roltoekenning>,
) -> Result<Answer, Problem> {
    let (id, gate, rol) = (id.into_inner(), app.gate(&caller), body.rol);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::PersoonRolBeheren, id)?;
            if_match.check(oud.versie)?;
            let organisatie = store::organisaties::get(tx.conn(), oud.organisatie_id)?.ok_or_else(problem::niet_gevonden)?;
            keur_rol(tx.conn(), &organisatie, id, rol, gate.vandaag())?;
            let nieuw = oud.met_rol(rol, now)?;
            store::personen::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("rol.gegeven", "persoon", id, Some(oud.organisatie_id), Some(&spoor(&oud)), Some(&spoor(&nieuw)))?)?;
            Answer::created(&nieuw, format!("/personen/{id}"))?.etag(nieuw.versie).done()
        })
        .await;
    app.forget_callers();
    antwoord
}

/// Neemt een rol terug; dat werkt meteen.
#[utoipa::path(
    tag = "Personen",
    params(("id" = Id, Path, description = "Id van de persoon"), ("rol" = Rol, Path, description = "De rol"), IfMatch),
    responses((status = 204, description = "De rol is teruggenomen")),
    security(("toegang" = ["personen:schrijven"])),
    extensions(("x-actie" = json!("persoon.rol-beheren"))),
)]
#[delete("/personen/{id}/rollen/{rol}")]
pub(crate) async fn neem_rol_terug(app: Data<App>, caller: Caller, pad: Path<(Id, String)>, if_match: IfMatch) -> Result<Answer, Problem> {
    let ((id, rol), gate) = (pad.into_inner(), app.gate(&caller));
    let rol: Rol = rol.parse().map_err(|_| problem::niet_gevonden())?;
    let antwoord = app
        .write(&caller, None, move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::PersoonRolBeheren, id)?;
            let nieuw = oud.zonder_rol(rol, now).ok_or_else(problem::niet_gevonden)?;
            if_match.check(oud.versie)?;
            store::personen::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("rol.teruggenomen", "persoon", id, Some(oud.organisatie_id), Some(&spoor(&oud)), Some(&spoor(&nieuw)))?)?;
            Ok(Answer::no_content())
        })
        .await;
    app.forget_callers();
    antwoord
}
