//! Indienen, teruggeven en intrekken.

use domain::organisaties::Intrekking;
use domain::registraties::{Registratie, RegistratieStatus, Registratiebesluit, Terugwijzing};
use store::Tx;
use store::vastleggingen::{self, Soort};

use super::{adres, bericht, gevolg, laad, met_grondslag};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(dien_registratie_in).service(lijst_registratie_indieningen).service(lees_registratie_indiening);
    cfg.service(geef_registratie_terug).service(lijst_registratie_terugwijzingen).service(lees_registratie_terugwijzing);
    cfg.service(trek_registratie_in).service(lijst_registratie_intrekkingen).service(lees_registratie_intrekking);
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
        let waar = bewaar_besluit(tx, &gate, Soort::Indiening, &nieuw, None)?;
        Answer::created(&nieuw, waar)?.etag(nieuw.versie).done()
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
        let waar = bewaar_besluit(tx, &gate, Soort::Terugwijzing, &nieuw, Some(&body.opmerkingen))?;
        Answer::created(&nieuw, waar)?.etag(nieuw.versie).done()
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
            let waar = bewaar_besluit(tx, &gate, Soort::Intrekking, &nieuw, Some(&body.reden))?;
            let nieuw = store::registraties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;
            Answer::created(&nieuw, waar)?.etag(nieuw.versie).done()
        })
        .await;
    app.forget_callers();
    antwoord
}

/// Onder welk pad de besluiten van een soort staan.
const fn pad(soort: Soort) -> &'static str {
    match soort {
        Soort::Terugwijzing => "terugwijzingen",
        Soort::Intrekking => "intrekkingen",
        Soort::Indiening | Soort::Uitvoering => "indieningen",
    }
}

/// Bewaart een besluit naast de registratie die eruit volgde; geeft zijn adres.
fn bewaar_besluit(tx: &mut Tx<'_>, gate: &Gate, soort: Soort, nieuw: &Registratie, toelichting: Option<&str>) -> Result<String, Problem> {
    let besluit = nieuw.besluit(tx.nieuw_id(), gate.caller().door(), toelichting);
    vastleggingen::insert(tx, soort, besluit.id, nieuw.id, &besluit)?;
    Ok(format!("{}/{}/{}", adres(nieuw.id), pad(soort), besluit.id))
}

#[rustfmt::skip]
macro_rules! lezen {
    ($lijst:ident, $een:ident, $soort:ident, $pad:literal, $pad_een:literal, $uitleg:literal, $uitleg_een:literal) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Registraties",
            params(("id" = Id, Path, description = "Id van de registratie"), BladParams),
            responses((status = 200, description = "Een bladzijde, oudste eerst", body = Lijst<Registratiebesluit>)),
            security(("toegang" = ["registraties:lezen"])),
            extensions(("x-actie" = json!("registratie.lezen"))),
        )]
        #[get($pad)]
        pub(crate) async fn $lijst(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
            let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
            let gevonden = app
                .store
                .read(move |conn| -> Result<_, Problem> {
                    laad(conn, &gate, Action::RegistratieLezen, id)?;
                    Ok(vastleggingen::list::<Registratiebesluit>(conn, Soort::$soort, id, &page)?)
                })
                .await?;
            blad.bladzijde(&gevonden)
        }

        #[doc = $uitleg_een]
        #[utoipa::path(
            tag = "Registraties",
            params(("id" = Id, Path, description = "Id van de registratie"), ("besluitId" = Id, Path, description = "Id van het besluit")),
            responses((status = 200, description = "Het besluit", body = Registratiebesluit)),
            security(("toegang" = ["registraties:lezen"])),
            extensions(("x-actie" = json!("registratie.lezen"))),
        )]
        #[get($pad_een)]
        pub(crate) async fn $een(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
            let ((id, besluit), gate) = (pad.into_inner(), app.gate(&caller));
            let gevonden = app
                .store
                .read_point(move |conn| -> Result<_, Problem> {
                    laad(conn, &gate, Action::RegistratieLezen, id)?;
                    vastleggingen::get::<Registratiebesluit>(conn, Soort::$soort, id, besluit)?.ok_or_else(problem::niet_gevonden)
                })
                .await?;
            Answer::ok(&gevonden)?.done()
        }
    };
}

lezen!(
    lijst_registratie_indieningen,
    lees_registratie_indiening,
    Indiening,
    "/organisatiebeheerder-registraties/{id}/indieningen",
    "/organisatiebeheerder-registraties/{id}/indieningen/{besluitId}",
    "Geeft wanneer en door wie een registratie is ingediend.",
    "Geeft één indiening van een registratie."
);
lezen!(
    lijst_registratie_terugwijzingen,
    lees_registratie_terugwijzing,
    Terugwijzing,
    "/organisatiebeheerder-registraties/{id}/terugwijzingen",
    "/organisatiebeheerder-registraties/{id}/terugwijzingen/{besluitId}",
    "Geeft de terugwijzingen van een registratie met hun opmerkingen, ook die van eerdere indieningen.",
    "Geeft één terugwijzing van een registratie."
);
lezen!(
    lijst_registratie_intrekkingen,
    lees_registratie_intrekking,
    Intrekking,
    "/organisatiebeheerder-registraties/{id}/intrekkingen",
    "/organisatiebeheerder-registraties/{id}/intrekkingen/{besluitId}",
    "Geeft de intrekking van een registratie, als die er is.",
    "Geeft één intrekking van een registratie."
);
