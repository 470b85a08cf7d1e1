//! Poorten: altijd berekend uit de feiten van nu.

use domain::personen::{Persoon, Rol};
use domain::trajecten::{Feiten, PartijRol, Poort, Traject, poorten as regels};
use store::{Conn, Page, Zicht};

use super::laad;
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_poorten).service(lees_poort);
}

/// Berekent poorten van een traject uit wat nu in de opslag staat.
pub(super) fn bereken(conn: &mut Conn, traject: &Traject, vandaag: domain::Datum, stappen: &[i16]) -> Result<Vec<Poort>, Problem> {
    let alles = Page { limit: 1_000, after: None };
    let mut personen = Vec::new();
    for rol in [Rol::Projectleider, Rol::Organisatiebeheerder] {
        let filter = store::personen::Filter { rol: Some(rol.to_string()), ..Default::default() };
        personen.extend(store::personen::list(conn, &filter, &Zicht::Organisatie(traject.organisatie_id), &alles)?.items);
    }
    personen.retain(Persoon::is_aan_te_wijzen);
    let certificeringen = match traject.actieve_partij(PartijRol::Implementatiepartner, vandaag) {
        Some(partij) => store::organisaties::certificeringen(conn, partij.organisatie_id, &alles)?.items,
        None => Vec::new(),
    };
    let netwerkaansluitingen = store::organisaties::netwerkaansluitingen(conn, traject.organisatie_id, &alles)?.items;
    let registratie = store::registraties::actief(conn, traject.organisatie_id)?;
    let identiteitsproviders = store::identiteitsproviders::van_organisatie(conn, traject.organisatie_id)?;
    let autorisatieplannen = store::autorisatieplannen::geldige(conn, traject.organisatie_id)?;
    let afwijkingen = store::trajecten::afwijkingen(conn, traject.id)?;
    let afnames = store::afnames::feiten_van_traject(conn, traject.id)?;
    let feiten = Feiten {
        traject,
        vandaag,
        personen: &personen,
        certificeringen: &certificeringen,
        netwerkaansluitingen: &netwerkaansluitingen,
        registratie: registratie.as_ref(),
        identiteitsproviders: &identiteitsproviders,
        autorisatieplannen: &autorisatieplannen,
        afwijkingen: &afwijkingen,
        afnames: &afnames,
    };
    Ok(stappen.iter().map(|stap| regels::poort(*stap, &feiten)).collect())
}

/// Geeft alle poorten van een traject met hun voorwaarden.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject")),
    responses((status = 200, description = "De poorten", body = Lijst<Poort>)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/poorten")]
pub(crate) async fn lijst_poorten(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let poorten = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let traject = laad(conn, &gate, Action::TrajectLezen, id)?;
            bereken(conn, &traject, gate.vandaag(), &[1, 2, 3, 4, 5])
        })
        .await?;
    Answer::list(poorten, format!("/trajecten/{id}/poorten"))?.done()
}

/// Geeft de poort na een stap: wat er is, wat ontbreekt en welke afwijkingen verleend zijn.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), ("stap" = i16, Path, description = "De stap, 1 tot en met 5", minimum = 1, maximum = 5)),
    responses((status = 200, description = "De poort", body = Poort)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/poorten/{stap}")]
pub(crate) async fn lees_poort(app: Data<App>, caller: Caller, pad: Path<(Id, i16)>) -> Result<Answer, Problem> {
    let ((id, stap), gate) = (pad.into_inner(), app.gate(&caller));
    if !(1..=5).contains(&stap) {
        return Err(problem::niet_gevonden());
    }
    let poort = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let traject = laad(conn, &gate, Action::TrajectLezen, id)?;
            Ok(bereken(conn, &traject, gate.vandaag(), &[stap])?.pop())
        })
        .await?;
    Answer::ok(&poort.ok_or_else(problem::niet_gevonden)?)?.done()
}
