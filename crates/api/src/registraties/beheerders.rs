//! Een beheerder verwijderen uit de registratie die van kracht is: dat werkt meteen.

use domain::registraties::{Registratie, Verwijdering};
use serde_json::json;

use super::{SOORT, adres, bericht, gevolg, laad, spoor};
use crate::prelude::*;
use crate::volgen;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(verwijder_beheerder);
}

/// Verwijdert een organisatiebeheerder uit de registratie die van kracht is; dat werkt meteen.
///
/// De persoon verliest de rol, en LFB krijgt een taak om de toegang tot SharePoint in te trekken. De handtekeningen blijven
/// staan; een opvolger aanwijzen gaat met een nieuwe versie die opnieuw door beide partijen wordt getekend.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), ("persoonId" = Id, Path, description = "Id van de persoon"), IfMatch, IdempotencyKey),
    request_body = Verwijdering,
    responses((status = 201, description = "De registratie zonder deze beheerder", body = Registratie)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("beheerder.verwijderen"))),
)]
#[post("/organisatiebeheerder-registraties/{id}/beheerders/{persoonId}/verwijderingen")]
pub(crate) async fn verwijder_beheerder(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Verwijdering>,
) -> Result<Answer, Problem> {
    let ((id, persoon), gate, body, minimum) = (pad.into_inner(), app.gate(&caller), body.into_inner(), app.settings.minimum_beheerders);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::BeheerderVerwijderen, id)?;
            if_match.check(oud.versie)?;
            let toegang = oud.zittend(persoon).map(|b| b.sharepoint);
            let nieuw = oud.zonder_beheerder(persoon, now)?;
            if let Some(toegang) = toegang {
                gevolg::einde_beheer(tx, oud.organisatie_id, persoon, toegang)?;
            }
            store::registraties::update(tx, &nieuw, oud.versie)?;
            let na = json!({ "persoonId": persoon, "reden": body.reden, "registratie": spoor(&nieuw) });
            tx.record(organisatie_van("beheerder.verwijderd", SOORT, id, Some(oud.organisatie_id), Some(&spoor(&oud)), Some(&na))?)?;
            volgen::bijwerken(tx, nieuw.organisatie_id, gate.caller().id())?;
            bericht::aan_de_beurt(tx, &gate, &nieuw, minimum)?;
            let nieuw = store::registraties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;
            Answer::created(&nieuw, adres(id))?.etag(nieuw.versie).done()
        })
        .await;
    app.forget_callers();
    antwoord
}
