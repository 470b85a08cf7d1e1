//! Activiteiten van Bijlage 1 en 2.

use domain::trajecten::{Actiehouder, Activiteit, ActiviteitStatus, ActiviteitWijziging, Partijsoort, Traject, activiteiten as regels};
use store::Conn;

use super::laad;
use crate::prelude::*;
use crate::volgen;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_activiteiten).service(lees_activiteit).service(wijzig_activiteit);
}

/// Waarop de lijst van activiteiten te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActiviteitFilter {
    /// Stand.
    #[param(inline)]
    pub status: Option<ActiviteitStatus>,
    /// Bijlage 1 of 2.
    #[param(minimum = 1, maximum = 2, example = 2)]
    pub bijlage: Option<i16>,
    /// Alleen waar deze partij actiehouder is.
    #[param(inline)]
    pub actiehouder: Option<Partijsoort>,
}

/// Geeft de activiteiten van een traject, in de volgorde van het stappenplan.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), ActiviteitFilter, BladParams),
    responses((status = 200, description = "De activiteiten", body = Lijst<Activiteit>)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/activiteiten")]
pub(crate) async fn lijst_activiteiten(app: Data<App>, caller: Caller, id: Path<Id>, filter: Query<ActiviteitFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, filter) = (id.into_inner(), app.gate(&caller), filter.into_inner());
    let alles = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::TrajectLezen, id)?;
            Ok(store::trajecten::activiteiten(conn, id)?)
        })
        .await?;
    let past = |a: &Activiteit| {
        filter.status.is_none_or(|s| s == a.status)
            && filter.bijlage.is_none_or(|b| b == a.bijlage)
            && filter.actiehouder.is_none_or(|h| a.houders().contains(&h))
    };
    let lijst: Vec<Activiteit> = alles.into_iter().filter(past).collect();
    blad.uit_geheugen(&lijst, |a| a.id)
}

fn laad_activiteit(conn: &mut Conn, traject: Id, id: Id) -> Result<Activiteit, Problem> {
    store::trajecten::activiteit(conn, id)?.filter(|a| a.traject_id == traject).ok_or_else(problem::niet_gevonden)
}

/// Wie wordt aangewezen, werkt bij de partij die de actie houdt.
fn keur_personen(conn: &mut Conn, traject: &Traject, houders: &[Actiehouder], vandaag: domain::Datum) -> Result<(), Problem> {
    if houders.iter().all(|houder| houder.persoon_id.is_none()) {
        return Ok(());
    }
    let mut personen = Vec::new();
    for id in houders.iter().filter_map(|houder| houder.persoon_id) {
        personen.extend(store::personen::get(conn, id)?);
    }
    let nipv = store::organisaties::nipv(conn)?.ok_or_else(|| problem::fout("de organisatie van NIPV ontbreekt"))?;
    Ok(regels::keur_personen(houders, &personen, |partij| traject.organisatie_van(partij, nipv.id, vandaag))?)
}

/// Geeft één activiteit.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), ("activiteitId" = Id, Path, description = "Id van de activiteit")),
    responses((status = 200, description = "De activiteit", body = Activiteit)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/activiteiten/{activiteitId}")]
pub(crate) async fn lees_activiteit(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let ((traject, id), gate) = (pad.into_inner(), app.gate(&caller));
    let gevonden = app
        .store
        .read_point(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::TrajectLezen, traject)?;
            laad_activiteit(conn, traject, id)
        })
        .await?;
    Answer::ok(&gevonden)?.etag(gevonden.versie).done()
}

/// Werkt een activiteit bij: stand, actiehouders, deadline, notities en bewijs.
///
/// JSON Merge Patch. Alleen een actiehouder wijzigt de stand, en waar Bijlage 2 een functie bij NIPV noemt alleen wie die heeft; wie
/// adviseert niet. Wie bij een actiehouder wordt aangewezen, werkt bij die partij. Zonder reden is iets niet 'niet-van-toepassing'. Waar een
/// ander onderdeel het bewijs levert (registratie, gebruikerslijst, autorisatieplan) volgt de stand vanzelf en is zij niet met de hand te zetten.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), ("activiteitId" = Id, Path, description = "Id van de activiteit"), IfMatch),
    request_body(content = ActiviteitWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De bijgewerkte activiteit", body = Activiteit)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("activiteit.wijzigen"))),
)]
#[patch("/trajecten/{id}/activiteiten/{activiteitId}")]
pub(crate) async fn wijzig_activiteit(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    body: Body<ActiviteitWijziging>,
) -> Result<Answer, Problem> {
    let ((traject, id), gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let traject = laad(tx.conn(), &gate, Action::ActiviteitWijzigen, traject)?;
        let oud = laad_activiteit(tx.conn(), traject.id, id)?;
        if_match.check(oud.versie)?;
        if body.status.is_some_and(|s| s != oud.status) {
            let rollen = gate.caller().persoon().map_or(&[][..], |persoon| &persoon.rollen);
            oud.mag_stand_wijzigen(&gate.partijen(&traject), rollen)?;
        }
        if let Some(status) = body.status {
            oud.stand_met_de_hand(status)?;
        }
        let personen = keur_personen(tx.conn(), &traject, body.actiehouders.as_deref().unwrap_or_default(), gate.vandaag());
        let ((), nieuw) = problem::samen(personen, oud.gewijzigd(&body, gate.caller().id(), now))?;
        store::trajecten::update_activiteit(tx, &nieuw, oud.versie)?;
        tx.record(van_traject("activiteit.bijgewerkt", "activiteit", id, &traject, Some(&oud), Some(&nieuw))?)?;
        // Wie een activiteit weer van toepassing verklaart, ziet meteen de stand van het onderdeel dat haar bepaalt.
        volgen::bijwerken(tx, traject.organisatie_id, gate.caller().id())?;
        let nieuw = laad_activiteit(tx.conn(), traject.id, id)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}
