//! Netwerkaansluitingen (stap 4, 'Netwerken en verbindingen').

use domain::organisaties::{Netwerkaansluiting, NetwerkaansluitingWijziging, NieuweNetwerkaansluiting};

use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_netwerkaansluitingen).service(lees_netwerkaansluiting).service(maak_netwerkaansluiting).service(wijzig_netwerkaansluiting);
}

/// Geeft de netwerkaansluitingen van een organisatie.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), BladParams),
    responses((status = 200, description = "Een bladzijde van netwerkaansluitingen", body = Lijst<Netwerkaansluiting>)),
    security(("toegang" = ["organisaties:lezen"])),
    extensions(("x-actie" = json!("netwerkaansluiting.lezen"))),
)]
#[get("/organisaties/{id}/netwerkaansluitingen")]
pub(crate) async fn lijst_netwerkaansluitingen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let organisatie = store::organisaties::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
            gate.may(Action::NetwerkaansluitingLezen, &organisatie)?;
            Ok(store::organisaties::netwerkaansluitingen(conn, id, &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

fn laad(conn: &mut store::Conn, organisatie: Id, id: Id) -> Result<Netwerkaansluiting, Problem> {
    store::organisaties::netwerkaansluiting(conn, id)?.filter(|n| n.organisatie_id == organisatie).ok_or_else(problem::niet_gevonden)
}

/// Geeft één netwerkaansluiting.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("netwerkaansluitingId" = Id, Path, description = "Id van de netwerkaansluiting")),
    responses((status = 200, description = "De netwerkaansluiting", body = Netwerkaansluiting)),
    security(("toegang" = ["organisaties:lezen"])),
    extensions(("x-actie" = json!("netwerkaansluiting.lezen"))),
)]
#[get("/organisaties/{id}/netwerkaansluitingen/{netwerkaansluitingId}")]
pub(crate) async fn lees_netwerkaansluiting(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let (organisatie, id) = pad.into_inner();
    let gevonden = app.store.read_point(move |conn| laad(conn, organisatie, id)).await?;
    app.gate(&caller).may(Action::NetwerkaansluitingLezen, &gevonden)?;
    Answer::ok(&gevonden)?.etag(gevonden.versie).done()
}

/// Voegt een netwerkaansluiting toe.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), IdempotencyKey),
    request_body = NieuweNetwerkaansluiting,
    responses((status = 201, description = "De nieuwe netwerkaansluiting", body = Netwerkaansluiting)),
    security(("toegang" = ["organisaties:schrijven"])),
    extensions(("x-actie" = json!("netwerkaansluiting.beheren"))),
)]
#[post("/organisaties/{id}/netwerkaansluitingen")]
pub(crate) async fn maak_netwerkaansluiting(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    idem: IdempotencyKey,
    body: Body<NieuweNetwerkaansluiting>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, _| {
        let organisatie = store::organisaties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;
        gate.may(Action::NetwerkaansluitingBeheren, &organisatie)?;
        let nieuw = body.clone().maak(tx.nieuw_id(), id);
        store::organisaties::insert_netwerkaansluiting(tx, &nieuw)?;
        tx.record(organisatie_van("netwerkaansluiting.toegevoegd", "netwerkaansluiting", nieuw.id, Some(id), None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/organisaties/{id}/netwerkaansluitingen/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Wijzigt een netwerkaansluiting.
///
/// JSON Merge Patch: een weggelaten veld blijft staan.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("netwerkaansluitingId" = Id, Path, description = "Id van de netwerkaansluiting"), IfMatch),
    request_body(content = NetwerkaansluitingWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De gewijzigde netwerkaansluiting", body = Netwerkaansluiting)),
    security(("toegang" = ["organisaties:schrijven"])),
    extensions(("x-actie" = json!("netwerkaansluiting.beheren"))),
)]
#[patch("/organisaties/{id}/netwerkaansluitingen/{netwerkaansluitingId}")]
pub(crate) async fn wijzig_netwerkaansluiting(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    body: Body<NetwerkaansluitingWijziging>,
) -> Result<Answer, Problem> {
    let ((organisatie, id), gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), organisatie, id)?;
        gate.may(Action::NetwerkaansluitingBeheren, &oud)?;
        if_match.check(oud.versie)?;
        let nieuw = body.toepassen(&oud, now)?;
        store::organisaties::update_netwerkaansluiting(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("netwerkaansluiting.gewijzigd", "netwerkaansluiting", id, Some(organisatie), Some(&oud), Some(&nieuw))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}
