//! Partijen van een traject. De versie van het traject bewaakt ook zijn partijen.

use domain::trajecten::{NieuwePartij, Partij, PartijWijziging, Traject, partijen::vreemde_contactpersoon};
use store::Conn;

use super::laad;
use crate::organisaties::verwezen;
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_partijen).service(betrek_partij).service(wijzig_partij);
}

/// Geeft de partijen van een traject, ook beëindigde.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), BladParams),
    responses((status = 200, description = "De partijen", body = Lijst<Partij>)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/partijen")]
pub(crate) async fn lijst_partijen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let traject = app.store.read_point(move |conn| laad(conn, &gate, Action::TrajectLezen, id)).await?;
    blad.uit_geheugen(&traject.partijen, |p| p.id)
}

fn keur_contactpersoon(conn: &mut Conn, persoon: Option<Id>, organisatie: Id) -> Result<(), Problem> {
    let Some(persoon) = persoon else { return Ok(()) };
    match store::personen::get(conn, persoon)? {
        Some(p) if p.organisatie_id == organisatie => Ok(()),
        _ => Err(vec![vreemde_contactpersoon()].into()),
    }
}

/// Betrekt een implementatiepartner of adoptiepartner.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), IfMatch, IdempotencyKey),
    request_body = NieuwePartij,
    responses((status = 201, description = "Het traject met de nieuwe partij", body = Traject)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("traject.partijen-beheren"))),
)]
#[post("/trajecten/{id}/partijen")]
pub(crate) async fn betrek_partij(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuwePartij>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::TrajectPartijenBeheren, id)?;
        if_match.check(oud.versie)?;
        let organisatie = verwezen(tx.conn(), "/organisatieId", body.organisatie_id);
        let (organisatie, ()) = problem::samen(organisatie, keur_contactpersoon(tx.conn(), body.contactpersoon_id, body.organisatie_id))?;
        let certificeringen = store::organisaties::certificeringen(tx.conn(), organisatie.id, &store::Page { limit: 200, after: None })?.items;
        let (nieuw, partij) = oud.met_partij(tx.nieuw_id(), &body, &organisatie, &certificeringen, now)?;
        store::trajecten::update(tx, &nieuw, oud.versie)?;
        store::trajecten::insert_partij(tx, id, &partij)?;
        tx.record(van_traject("partij.betrokken", "partij", partij.id, &nieuw, None, Some(&partij))?)?;
        Answer::created(&nieuw, format!("/trajecten/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}

/// Wijzigt de contactpersoon van een partij of beëindigt haar betrokkenheid.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), ("partijId" = Id, Path, description = "Id van de partij"), IfMatch),
    request_body(content = PartijWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Het traject met de gewijzigde partij", body = Traject)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("traject.partijen-beheren"))),
)]
#[patch("/trajecten/{id}/partijen/{partijId}")]
pub(crate) async fn wijzig_partij(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    body: Body<PartijWijziging>,
) -> Result<Answer, Problem> {
    let ((id, partij_id), gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::TrajectPartijenBeheren, id)?;
        let vorige = oud.partijen.iter().find(|p| p.id == partij_id).cloned().ok_or_else(problem::niet_gevonden)?;
        if_match.check(oud.versie)?;
        keur_contactpersoon(tx.conn(), body.contactpersoon_id.flatten(), vorige.organisatie_id)?;
        let (nieuw, partij) = oud.met_gewijzigde_partij(partij_id, &body, now)?.ok_or_else(problem::niet_gevonden)?;
        store::trajecten::update(tx, &nieuw, oud.versie)?;
        store::trajecten::update_partij(tx, id, &partij)?;
        tx.record(van_traject("partij.gewijzigd", "partij", partij_id, &nieuw, Some(&vorige), Some(&partij))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}
