//! Een concept beginnen en wijzigen; alleen de organisatie zelf wijst beheerders aan.

use domain::organisaties::OrganisatieSoort;
use domain::registraties::{NieuweRegistratie, Registratie, RegistratieWijziging};

use super::{SOORT, adres, gevolg, laad, met_grondslag, spoor};
use crate::prelude::*;
use crate::volgen;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(begin_registratie).service(wijzig_registratie);
}

/// Begint een registratie, of een nieuwe versie van de registratie die van kracht is.
///
/// Zonder `beheerders` begint een nieuwe versie met de beheerders van nu. De registratie die van kracht is, blijft dat tot de
/// nieuwe door beide partijen is getekend. Per organisatie is er ten hoogste één registratie onderweg.
#[utoipa::path(
    tag = "Registraties",
    params(IdempotencyKey),
    request_body = NieuweRegistratie,
    responses((status = 201, description = "Het concept", body = Registratie)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("registratie.opstellen"))),
)]
#[post("/organisatiebeheerder-registraties")]
pub(crate) async fn begin_registratie(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuweRegistratie>) -> Result<Answer, Problem> {
    let (gate, body, minimum) = (app.gate(&caller), body.into_inner(), app.settings.minimum_beheerders);
    app.write(&caller, Some(idem), move |tx, now| {
        let organisatie = body.organisatie_id;
        gate.may_create(Action::RegistratieOpstellen, &organisatie)?;
        if gate.caller().organisatie.soort == OrganisatieSoort::Nipv {
            return Err(problem::conflict("nipv-registreert-niet", "NIPV beheert het LCMS en registreert zelf geen organisatiebeheerders."));
        }
        if store::registraties::onderweg(tx.conn(), organisatie)?.is_some() {
            let detail = "Er is al een registratie onderweg. Maak die af of trek haar in.";
            return Err(problem::conflict("registratie-al-onderweg", detail));
        }
        let (id, nummer) = (tx.nieuw_id(), store::registraties::volgend_nummer(tx.conn(), organisatie)?);
        let nieuw = met_grondslag(tx.conn(), organisatie, minimum, |grondslag| Ok(body.clone().maak(id, nummer, grondslag, now)?))?;
        store::registraties::insert(tx, &nieuw)?;
        tx.record(organisatie_van("registratie.begonnen", SOORT, id, Some(organisatie), None, Some(&spoor(&nieuw)))?)?;
        volgen::bijwerken(tx, nieuw.organisatie_id, gate.caller().id())?;
        Answer::created(&nieuw, adres(id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Wijzigt een registratie in voorbereiding.
///
/// JSON Merge Patch. De tekst van de afspraken wordt daarbij de tekst die nu geldt. Wat ter tekening ligt of getekend is,
/// verandert niet meer.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch),
    request_body(content = RegistratieWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De gewijzigde registratie", body = Registratie)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("registratie.opstellen"))),
)]
#[patch("/organisatiebeheerder-registraties/{id}")]
pub(crate) async fn wijzig_registratie(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    body: Body<RegistratieWijziging>,
) -> Result<Answer, Problem> {
    let (id, gate, body, minimum) = (id.into_inner(), app.gate(&caller), body.into_inner(), app.settings.minimum_beheerders);
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::RegistratieOpstellen, id)?;
        if_match.check(oud.versie)?;
        oud.mag_wijzigen()?;
        let nieuw = met_grondslag(tx.conn(), oud.organisatie_id, minimum, |grondslag| Ok(oud.gewijzigd(&body, grondslag, now)?))?;
        gevolg::bewaar(tx, &gate, "registratie.gewijzigd", &oud, &nieuw)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}
