//! Autorisatieplannen: opstellen, indienen, vaststellen, uitvoeren en vergelijken.

mod beoordeling;
mod berichten;
mod besluiten;
mod imports;
mod inhoud;
mod overzicht;
mod samenwerking;
mod uitvoering;
mod verloop;

use std::collections::HashSet;

use domain::autorisatieplannen::{Autorisatieplan, Gezien, NieuwAutorisatieplan, Planfeiten, Planstatus};
use store::Conn;

use crate::prelude::*;
use crate::{van_organisatie, volgen};

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_autorisatieplannen).service(lees_autorisatieplan).service(maak_autorisatieplan);
    inhoud::routes(cfg);
    imports::routes(cfg);
    overzicht::routes(cfg);
    beoordeling::routes(cfg);
    verloop::routes(cfg);
    besluiten::routes(cfg);
    uitvoering::routes(cfg);
    samenwerking::routes(cfg);
}

/// Waarop de lijst van autorisatieplannen te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AutorisatieplanFilter {
    /// Id van de organisatie.
    pub organisatie_id: Option<Id>,
    /// Stand.
    #[param(inline)]
    pub status: Option<Planstatus>,
}

/// Laadt een plan en laat alleen door wie dit mag.
pub(super) fn laad(conn: &mut Conn, gate: &Gate, actie: Action, id: Id) -> Result<Autorisatieplan, Problem> {
    let plan = store::autorisatieplannen::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    gate.may(actie, &van_organisatie::laad(conn, plan.organisatie_id)?)?;
    Ok(plan)
}

/// De feiten waar een plan van deze organisatie vandaag tegen wordt gehouden.
pub(super) fn feiten(conn: &mut Conn, organisatie: Id, vandaag: domain::Datum) -> Result<Planfeiten, Problem> {
    let beheerders = beheerders(conn, organisatie)?;
    let gebruikers = store::gebruikers::alle(conn, organisatie)?;
    let gezien = gebruikers.into_values().map(|g| (g.id, Gezien { actief: g.is_actief(), beheerder: beheerders.contains(&g.email) }));
    Ok(Planfeiten {
        gebruikers: gezien.collect(),
        inrichting: store::inrichting::standen(conn, organisatie)?,
        paginas: paginas(conn, organisatie)?,
        uitgeleend: store::autorisatieplannen::uitgeleend(conn, organisatie, vandaag)?,
    })
}

/// De adressen van de organisatiebeheerders met een actieve registratie.
fn beheerders(conn: &mut Conn, organisatie: Id) -> Result<HashSet<String>, Problem> {
    let Some(registratie) = store::registraties::actief(conn, organisatie)? else { return Ok(HashSet::new()) };
    let beheerders = crate::registraties::beheerders_van(conn, &registratie)?;
    Ok(beheerders.into_iter().filter(domain::personen::Persoon::mag_werken).map(|p| p.email).collect())
}

/// De namen van alle pagina's in de sjablonen van de organisatie.
fn paginas(conn: &mut Conn, organisatie: Id) -> Result<HashSet<String>, Problem> {
    let alles = store::Page { limit: 200, after: None };
    let sjablonen = store::inrichting::sjablonen(conn, organisatie, &alles)?.items;
    Ok(sjablonen.into_iter().flat_map(|s| s.inhoud.paginas).map(|p| p.naam).collect())
}

/// Geeft de autorisatieplannen die u mag zien, zonder hun inhoud.
///
/// Zonder `organisatieId` zijn dat die van uw eigen organisatie, of alle voor NIPV.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(AutorisatieplanFilter, BladParams),
    responses(
        (status = 200, description = "Een bladzijde van autorisatieplannen", body = Lijst<Autorisatieplan>),
        (status = 404, description = "De organisatie bestaat niet, of niet voor deze aanroeper"),
    ),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen")]
pub(crate) async fn lijst_autorisatieplannen(app: Data<App>, caller: Caller, filter: Query<AutorisatieplanFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (gate, page) = (app.gate(&caller), blad.page()?);
    let filter = store::autorisatieplannen::Filter { organisatie_id: filter.organisatie_id, status: filter.status.map(|s| s.to_string()) };
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let van = match (filter.organisatie_id, gate.zicht(Action::AutorisatieplanLezen)) {
                (Some(organisatie), _) => {
                    gate.may(Action::AutorisatieplanLezen, &van_organisatie::laad(conn, organisatie)?)?;
                    Some(vec![organisatie])
                }
                (None, store::Zicht::Alles) => None,
                (None, store::Zicht::Niets) => Some(Vec::new()),
                (None, store::Zicht::Organisatie(organisatie) | store::Zicht::Relaties { organisatie, .. }) => Some(vec![organisatie]),
            };
            Ok(store::autorisatieplannen::list(conn, &filter, van.as_deref(), &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één autorisatieplan met zijn besluiten; de inhoud staat onder `inhoud`.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan")),
    responses((status = 200, description = "Het autorisatieplan", body = Autorisatieplan)),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}")]
pub(crate) async fn lees_autorisatieplan(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let plan = app.store.read_point(move |conn| laad(conn, &gate, Action::AutorisatieplanLezen, id)).await?;
    Answer::ok(&plan)?.etag(plan.versie).done()
}

/// Begint een autorisatieplan: leeg, of als nieuwe versie van een eerder plan met dezelfde inhoud.
///
/// Een organisatie heeft hoogstens één plan dat nog niet is uitgevoerd, vervangen of ingetrokken.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(IdempotencyKey),
    request_body = NieuwAutorisatieplan,
    responses(
        (status = 201, description = "Het nieuwe autorisatieplan", body = Autorisatieplan),
        (status = 404, description = "De organisatie bestaat niet, of niet voor deze aanroeper"),
    ),
    security(("toegang" = ["autorisatieplannen:schrijven"])),
    extensions(("x-actie" = json!("autorisatieplan.opstellen"))),
)]
#[post("/autorisatieplannen")]
pub(crate) async fn maak_autorisatieplan(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuwAutorisatieplan>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may(Action::AutorisatieplanOpstellen, &van_organisatie::laad(tx.conn(), body.organisatie_id)?)?;
        if let Some(open) = store::autorisatieplannen::geldige(tx.conn(), body.organisatie_id)?.iter().find(|p| Planstatus::OPEN.contains(&p.status)) {
            let detail = format!("Versie {} van het plan is nog niet afgerond (nu '{}'). Werk daarin verder, of trek haar in.", open.volgnummer, open.status);
            return Err(problem::conflict("plan-loopt-al", detail));
        }
        let vorige = match body.gebaseerd_op {
            Some(vorige) => {
                let plan = store::autorisatieplannen::get(tx.conn(), vorige)?.filter(|p| p.organisatie_id == body.organisatie_id);
                let plan = plan.ok_or_else(|| problem::ongeldig("/gebaseerdOp", "plan-onbekend", "Dit plan is er niet, of is van een andere organisatie."))?;
                Some((plan, store::autorisatieplannen::inhoud(tx.conn(), vorige)?))
            }
            None => None,
        };
        let nummer = store::autorisatieplannen::volgend_nummer(tx.conn(), body.organisatie_id)?;
        let (plan, inhoud) = body.maak(tx.nieuw_id(), nummer, vorige.as_ref().map(|(plan, inhoud)| (plan, inhoud)), now)?;
        store::autorisatieplannen::insert(tx, &plan, &inhoud)?;
        tx.record(organisatie_van("autorisatieplan.begonnen", "autorisatieplan", plan.id, Some(plan.organisatie_id), None, Some(&plan))?)?;
        volgen::bijwerken(tx, plan.organisatie_id, gate.caller().id())?;
        Answer::created(&plan, format!("/autorisatieplannen/{}", plan.id))?.etag(plan.versie).done()
    })
    .await
}
