//! Toegang tot de SharePoint-omgeving voor beheerders: alleen het feit, nooit een wachtwoord.

use domain::registraties::{Registratie, SharepointStand};

use super::{gevolg, laad};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(verleen_sharepointtoegang).service(trek_sharepointtoegang_in);
}

/// Legt vast dat een beheerder toegang tot de SharePoint-omgeving heeft gekregen. `If-Match` draagt de ETag van de registratie.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), ("persoonId" = Id, Path, description = "Id van de persoon"), IfMatch),
    responses((status = 200, description = "De registratie", body = Registratie)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("beheerder.opleiden"))),
)]
#[put("/organisatiebeheerder-registraties/{id}/beheerders/{persoonId}/sharepointtoegang")]
pub(crate) async fn verleen_sharepointtoegang(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
    zet(app, caller, pad.into_inner(), if_match, SharepointStand::Verleend).await
}

/// Legt vast dat de toegang tot de SharePoint-omgeving is ingetrokken. `If-Match` draagt de ETag van de registratie.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), ("persoonId" = Id, Path, description = "Id van de persoon"), IfMatch),
    responses((status = 200, description = "De registratie", body = Registratie)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("beheerder.opleiden"))),
)]
#[delete("/organisatiebeheerder-registraties/{id}/beheerders/{persoonId}/sharepointtoegang")]
pub(crate) async fn trek_sharepointtoegang_in(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
    zet(app, caller, pad.into_inner(), if_match, SharepointStand::Ingetrokken).await
}

async fn zet(app: Data<App>, caller: Caller, pad: (Id, Id), if_match: IfMatch, stand: SharepointStand) -> Result<Answer, Problem> {
    let ((id, persoon), gate) = (pad, app.gate(&caller));
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::BeheerderOpleiden, id)?;
        if_match.check(oud.versie)?;
        let nieuw = oud.met_sharepoint(persoon, stand, now)?;
        store::registraties::zet_sharepoint(tx, oud.organisatie_id, persoon, stand)?;
        gevolg::bewaar(tx, &gate, "sharepointtoegang.gewijzigd", &oud, &nieuw)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}
