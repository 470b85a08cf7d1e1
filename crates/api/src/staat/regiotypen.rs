//! Regiotypen: hoe NIPV organisaties naar hun gebied indeelt. De bron noemt er geen, dus zij zijn gegevens van NIPV.

use domain::organisaties::Organisatie;
use domain::staat::{NieuwRegiotype, Regiotype, RegiotypeVanOrganisatie};

use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_regiotypen).service(maak_regiotype).service(lees_regiotype).service(zet_regiotype);
}

/// Geeft de regiotypen, op code.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(BladParams),
    responses((status = 200, description = "Een bladzijde", body = Lijst<Regiotype>)),
    security(("toegang" = ["referentie:lezen"])),
    extensions(("x-actie" = json!("referentie.lezen"))),
)]
#[get("/regiotypen")]
pub(crate) async fn lijst_regiotypen(app: Data<App>, caller: Caller, blad: Blad) -> Result<Answer, Problem> {
    app.gate(&caller).may(Action::ReferentieLezen, &())?;
    let page = blad.page()?;
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::staat::regiotypen(conn, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Voegt een regiotype toe.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(IdempotencyKey),
    request_body = NieuwRegiotype,
    responses((status = 201, description = "Toegevoegd", body = Regiotype)),
    security(("toegang" = ["referentie:schrijven"])),
    extensions(("x-actie" = json!("referentie.beheren"))),
)]
#[post("/regiotypen")]
pub(crate) async fn maak_regiotype(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuwRegiotype>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, _| {
        gate.may(Action::ReferentieBeheren, &())?;
        let nieuw = body.clone().maak()?;
        store::staat::insert_regiotype(tx, &nieuw)?;
        tx.record(organisatie_van("regiotype.toegevoegd", "regiotype", &nieuw.code, None, None, Some(&nieuw))?)?;
        Answer::created(&nieuw, "/regiotypen")?.done()
    })
    .await
}

/// Geeft het regiotype van een organisatie. De ETag is die van de organisatie.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(("id" = Id, Path, description = "Id van de organisatie")),
    responses((status = 200, description = "Het regiotype", body = RegiotypeVanOrganisatie)),
    security(("toegang" = ["referentie:lezen"])),
    extensions(("x-actie" = json!("referentie.lezen"))),
)]
#[get("/organisaties/{id}/regiotype")]
pub(crate) async fn lees_regiotype(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    app.store
        .read_point(move |conn| -> Result<_, Problem> {
            gate.may(Action::ReferentieLezen, &())?;
            let organisatie = store::organisaties::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
            gate.may(Action::OrganisatieLezen, &organisatie)?;
            let code = store::staat::regiotype_van(conn, id)?.ok_or_else(problem::niet_gevonden)?;
            Answer::ok(&RegiotypeVanOrganisatie { code })?.etag(organisatie.versie).done()
        })
        .await
}

/// Deelt een organisatie in bij een regiotype; telt vanaf de volgende sluiting. `If-Match` draagt de ETag van de organisatie.
#[utoipa::path(
    tag = "Referentiegegevens",
    params(("id" = Id, Path, description = "Id van de organisatie"), IfMatch),
    request_body = RegiotypeVanOrganisatie,
    responses((status = 200, description = "Ingedeeld", body = RegiotypeVanOrganisatie)),
    security(("toegang" = ["referentie:schrijven"])),
    extensions(("x-actie" = json!("referentie.beheren"))),
)]
#[put("/organisaties/{id}/regiotype")]
pub(crate) async fn zet_regiotype(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    body: Body<RegiotypeVanOrganisatie>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        gate.may(Action::ReferentieBeheren, &())?;
        let oud = store::organisaties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;
        if_match.check(oud.versie)?;
        if !store::staat::heeft_regiotype(tx.conn(), &body.code)? {
            return Err(problem::ongeldig("/code", "regiotype-onbekend", "Dit regiotype bestaat niet; zie `/regiotypen`."));
        }
        store::staat::zet_regiotype(tx, id, &body.code)?;
        let nieuw = Organisatie { gewijzigd_op: now, versie: oud.versie + 1, ..oud.clone() };
        store::organisaties::update(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("organisatie.regiotype-gezet", "organisatie", id, Some(id), None, Some(&body))?)?;
        Answer::ok(&body)?.etag(nieuw.versie).done()
    })
    .await
}
