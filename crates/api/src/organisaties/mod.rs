//! Organisaties, hun certificeringen en netwerkaansluitingen.

mod certificeringen;
mod netwerkaansluitingen;

use domain::organisaties::{Aansluitstatus, NieuweOrganisatie, Organisatie, OrganisatieWijziging};

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_organisaties).service(lees_organisatie).service(maak_organisatie).service(wijzig_organisatie);
    certificeringen::routes(cfg);
    netwerkaansluitingen::routes(cfg);
}

/// Waarop de lijst van organisaties te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct OrganisatieFilter {
    /// Code van de sector.
    #[param(max_length = 40, example = "water")]
    pub sector_code: Option<String>,
    /// Hoe ver de organisatie is met aansluiten.
    #[param(inline)]
    pub aansluitstatus: Option<Aansluitstatus>,
    /// Deel van naam of afkorting.
    #[param(min_length = 1, max_length = 100, example = "water")]
    pub zoek: Option<String>,
}

/// Geeft de organisaties, oudste eerst.
#[utoipa::path(
    tag = "Organisaties",
    params(OrganisatieFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van organisaties", body = Lijst<Organisatie>)),
    security(("toegang" = ["organisaties:lezen"])),
    extensions(("x-actie" = json!("organisatie.lezen"))),
)]
#[get("/organisaties")]
pub(crate) async fn lijst_organisaties(app: Data<App>, caller: Caller, filter: Query<OrganisatieFilter>, blad: Blad) -> Result<Answer, Problem> {
    app.gate(&caller).may(Action::OrganisatieLezen, &())?;
    let filter = filter.into_inner();
    let filter =
        store::organisaties::Filter { sector_code: filter.sector_code, aansluitstatus: filter.aansluitstatus.map(|a| a.to_string()), zoek: filter.zoek };
    let page = blad.page()?;
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::organisaties::list(conn, &filter, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één organisatie.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie")),
    responses((status = 200, description = "De organisatie", body = Organisatie)),
    security(("toegang" = ["organisaties:lezen"])),
    extensions(("x-actie" = json!("organisatie.lezen"))),
)]
#[get("/organisaties/{id}")]
pub(crate) async fn lees_organisatie(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let id = id.into_inner();
    let organisatie =
        app.store.read_point(move |conn| -> Result<_, Problem> { Ok(store::organisaties::get(conn, id)?) }).await?.ok_or_else(problem::niet_gevonden)?;
    app.gate(&caller).may(Action::OrganisatieLezen, &organisatie)?;
    Answer::ok(&organisatie)?.etag(organisatie.versie).done()
}

/// De organisatie waar dit veld naar verwijst.
pub(crate) fn verwezen(conn: &mut store::Conn, veld: &str, organisatie: Id) -> Result<Organisatie, Problem> {
    let gevonden = store::organisaties::get(conn, organisatie)?;
    gevonden.ok_or_else(|| problem::ongeldig(veld, "organisatie-onbekend", "Deze organisatie bestaat niet."))
}

fn keur_sector(conn: &mut store::Conn, code: Option<&str>) -> Result<(), Problem> {
    let Some(code) = code else { return Ok(()) };
    match store::referentie::sector(conn, code)? {
        Some(sector) if !sector.vervallen => Ok(()),
        _ => Err(problem::ongeldig("/sectorCode", "sector-onbekend", "Kies een sector uit de lijst van sectoren die niet vervallen is.")),
    }
}

/// Registreert een organisatie.
#[utoipa::path(
    tag = "Organisaties",
    params(IdempotencyKey),
    request_body = NieuweOrganisatie,
    responses((status = 201, description = "De nieuwe organisatie", body = Organisatie)),
    security(("toegang" = ["organisaties:schrijven"])),
    extensions(("x-actie" = json!("organisatie.aanmaken"))),
)]
#[post("/organisaties")]
pub(crate) async fn maak_organisatie(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuweOrganisatie>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may(Action::OrganisatieAanmaken, &())?;
        let sector = keur_sector(tx.conn(), body.sector_code.as_deref());
        let boven = body.onderdeel_van.map(|boven| verwezen(tx.conn(), "/onderdeelVan", boven)).transpose();
        let (_, nieuw) = problem::samen(problem::samen(sector, boven), body.clone().maak(tx.nieuw_id(), now))?;
        store::organisaties::insert(tx, &nieuw)?;
        tx.record(organisatie_van("organisatie.aangemaakt", "organisatie", nieuw.id, Some(nieuw.id), None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/organisaties/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Wijzigt een organisatie.
///
/// JSON Merge Patch: een weggelaten veld blijft staan, `null` maakt leeg. Alleen NIPV wijzigt OIN en sector.
#[utoipa::path(
    tag = "Organisaties",
    params(("id" = Id, Path, description = "Id van de organisatie"), IfMatch),
    request_body(content = OrganisatieWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De gewijzigde organisatie", body = Organisatie)),
    security(("toegang" = ["organisaties:schrijven"])),
    extensions(("x-actie" = json!("organisatie.wijzigen"))),
)]
#[patch("/organisaties/{id}")]
pub(crate) async fn wijzig_organisatie(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    body: Body<OrganisatieWijziging>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = store::organisaties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;
        gate.may(Action::OrganisatieWijzigen, &oud)?;
        if body.oin.is_some() || body.sector_code.is_some() || body.emaildomeinen.is_some() {
            // Identiteit, sector en domeinen bewaakt NIPV: daarop steunen de Staat en de eerste aanmelding.
            gate.may(Action::OrganisatieAanmaken, &oud)?;
        }
        if_match.check(oud.versie)?;
        let sector = keur_sector(tx.conn(), body.sector_code.as_ref().and_then(|s| s.as_deref()));
        let ((), nieuw) = problem::samen(sector, body.toepassen(&oud, now))?;
        store::organisaties::update(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("organisatie.gewijzigd", "organisatie", id, Some(id), Some(&oud), Some(&nieuw))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}
