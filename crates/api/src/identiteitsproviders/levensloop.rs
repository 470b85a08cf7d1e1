//! Activeren, opschorten, hervatten, intrekken en beoordelen van een identiteitsprovider.

use domain::Weigering;
use domain::identiteitsproviders::{Identiteitsprovider, NieuweIdpBeoordeling};
use domain::organisaties::Intrekking;
use serde_json::json;
use store::identiteitsproviders as opslag;

use super::{keur_issuer, laad, versies};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(activeer_identiteitsprovider)
        .service(schort_identiteitsprovider_op)
        .service(hervat_identiteitsprovider)
        .service(trek_identiteitsprovider_in)
        .service(beoordeel_identiteitsprovider);
}

/// Welke versie gaat dienen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Activering {
    /// Nummer van de versie.
    #[schema(minimum = 1, example = 1)]
    pub(crate) versienummer: i32,
}

/// Laat een versie dienen: vanaf nu melden mensen van de organisatie zich ermee aan.
///
/// Dat kan alleen als de laatste test van die versie geslaagd is. Een eerdere versie wordt vervangen; terug kan ook, met een nieuwe test.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch, IdempotencyKey),
    request_body = Activering,
    responses((status = 201, description = "De identiteitsprovider", body = Identiteitsprovider)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[post("/identiteitsproviders/{id}/activeringen")]
pub(crate) async fn activeer_identiteitsprovider(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<Activering>,
) -> Result<Answer, Problem> {
    let (id, gate, nummer) = (id.into_inner(), app.gate(&caller), body.versienummer);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::IdentiteitsproviderBeheren, id)?;
            if_match.check(oud.versie)?;
            let onbekend = || problem::ongeldig("/versienummer", "versie-onbekend", "Deze versie bestaat niet.");
            let versie = opslag::get_versie(tx.conn(), id, nummer)?.ok_or_else(onbekend)?;
            let (nieuw, actief) = oud.activeren(&versie, now)?;
            keur_issuer(tx, &nieuw, &actief.instellingen)?;
            opslag::update(tx, &nieuw, oud.versie)?;
            opslag::zet_versiestatus(tx, &actief)?;
            let organisatie = Some(oud.organisatie_id);
            tx.record(organisatie_van("identiteitsprovider.geactiveerd", "identiteitsprovider", id, organisatie, Some(&oud), Some(&nieuw))?)?;
            tx.record(versies::spoor("identiteitsproviderversie.geactiveerd", &nieuw, &actief)?)?;
            Answer::created(&nieuw, format!("/identiteitsproviders/{id}"))?.etag(nieuw.versie).done()
        })
        .await;
    app.idps.vergeet();
    antwoord
}

/// Een overgang met een reden.
struct Overgang {
    actie: Action,
    handeling: &'static str,
    stap: fn(&Identiteitsprovider, Moment) -> Result<Identiteitsprovider, Weigering>,
}

struct Vraag {
    id: Id,
    if_match: IfMatch,
    idem: IdempotencyKey,
    reden: String,
}

async fn zet(app: Data<App>, caller: Caller, vraag: Vraag, overgang: Overgang) -> Result<Answer, Problem> {
    let (gate, Vraag { id, if_match, idem, reden }) = (app.gate(&caller), vraag);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), &gate, overgang.actie, id)?;
            if_match.check(oud.versie)?;
            let nieuw = (overgang.stap)(&oud, now)?;
            if overgang.handeling == "identiteitsprovider.hervat" {
                hervatbaar(tx, &nieuw)?;
            }
            opslag::update(tx, &nieuw, oud.versie)?;
            let (voor, na) = (json!({ "status": oud.status }), json!({ "status": nieuw.status, "reden": reden, "versie": nieuw.versie }));
            tx.record(organisatie_van(overgang.handeling, "identiteitsprovider", id, Some(oud.organisatie_id), Some(&voor), Some(&na))?)?;
            Answer::created(&nieuw, format!("/identiteitsproviders/{id}"))?.etag(nieuw.versie).done()
        })
        .await;
    app.idps.vergeet();
    antwoord
}

/// Wie hervat, mag intussen geen uitgever delen die niet te delen is.
fn hervatbaar(tx: &mut store::Tx<'_>, idp: &Identiteitsprovider) -> Result<(), Problem> {
    let nummer = idp.actieve_versie.unwrap_or(idp.nieuwste_versie);
    let versie = opslag::get_versie(tx.conn(), idp.id, nummer)?.ok_or_else(problem::niet_gevonden)?;
    keur_issuer(tx, idp, &versie.instellingen)
}

#[rustfmt::skip]
macro_rules! overgang {
    ($naam:ident, $pad:literal, $uitleg:literal, $actie:literal, $overgang:expr) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Identiteitsproviders",
            params(("id" = Id, Path, description = "Id van de registratie"), IfMatch, IdempotencyKey),
            request_body = Intrekking,
            responses((status = 201, description = "De identiteitsprovider", body = Identiteitsprovider)),
            security(("toegang" = ["identiteitsproviders:schrijven"])),
            extensions(("x-actie" = json!($actie))),
        )]
        #[post($pad)]
        pub(crate) async fn $naam(
            app: Data<App>,
            caller: Caller,
            id: Path<Id>,
            if_match: IfMatch,
            idem: IdempotencyKey,
            body: Body<Intrekking>,
        ) -> Result<Answer, Problem> {
            let vraag = Vraag { id: id.into_inner(), if_match, idem, reden: body.into_inner().reden };
            zet(app, caller, vraag, $overgang).await
        }
    };
}

overgang!(
    schort_identiteitsprovider_op,
    "/identiteitsproviders/{id}/opschortingen",
    "Schort een identiteitsprovider op: niemand meldt zich er nog mee aan, binnen tien seconden op iedere node.",
    "identiteitsprovider.opschorten",
    Overgang { actie: Action::IdentiteitsproviderOpschorten, handeling: "identiteitsprovider.opgeschort", stap: Identiteitsprovider::opschorten }
);
overgang!(
    hervat_identiteitsprovider,
    "/identiteitsproviders/{id}/hervattingen",
    "Hervat een opgeschorte identiteitsprovider.",
    "identiteitsprovider.opschorten",
    Overgang { actie: Action::IdentiteitsproviderOpschorten, handeling: "identiteitsprovider.hervat", stap: Identiteitsprovider::hervatten }
);
overgang!(
    trek_identiteitsprovider_in,
    "/identiteitsproviders/{id}/intrekkingen",
    "Trekt een identiteitsprovider voorgoed in.",
    "identiteitsprovider.beheren",
    Overgang { actie: Action::IdentiteitsproviderBeheren, handeling: "identiteitsprovider.ingetrokken", stap: Identiteitsprovider::intrekken }
);

/// Legt vast welk eIDAS-niveau wij van deze identiteitsprovider ten hoogste doorgeven.
///
/// Zonder beoordeling geven wij nooit een eIDAS-niveau door, ook niet als de identiteitsprovider het noemt.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch, IdempotencyKey),
    request_body = NieuweIdpBeoordeling,
    responses((status = 201, description = "De identiteitsprovider", body = Identiteitsprovider)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.opschorten"))),
)]
#[post("/identiteitsproviders/{id}/beoordelingen")]
pub(crate) async fn beoordeel_identiteitsprovider(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuweIdpBeoordeling>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::IdentiteitsproviderOpschorten, id)?;
            if_match.check(oud.versie)?;
            let nieuw = oud.beoordelen(&body, now)?;
            opslag::update(tx, &nieuw, oud.versie)?;
            let organisatie = Some(oud.organisatie_id);
            tx.record(organisatie_van("identiteitsprovider.beoordeeld", "identiteitsprovider", id, organisatie, Some(&oud), Some(&nieuw))?)?;
            Answer::created(&nieuw, format!("/identiteitsproviders/{id}"))?.etag(nieuw.versie).done()
        })
        .await;
    app.idps.vergeet();
    antwoord
}
