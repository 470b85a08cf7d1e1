//! De gebruikerslijst van een organisatie. In de audit staan id en stand, geen namen of adressen: verwijderen maakt echt vergeten.

mod imports;
mod lijst;
mod toestand;

use domain::gebruikers::{Gebruiker, GebruikerStatus, GebruikerWijziging, NieuweGebruiker};
use serde_json::{Value, json};
use store::Conn;

use crate::prelude::*;
use crate::van_organisatie::{self, is_zelf};
use crate::volgen;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_gebruikers)
        .service(zoek_gebruikers)
        .service(lees_gebruiker)
        .service(maak_gebruiker)
        .service(wijzig_gebruiker)
        .service(verwijder_gebruiker);
    toestand::routes(cfg);
    imports::routes(cfg);
    lijst::routes(cfg);
}

/// Een tabel als bestand: CSV of werkmap.
#[derive(Debug, Clone, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Tabel(pub Vec<u8>);

/// Waarop de gebruikerslijst te beperken is; zoeken op naam of e-mailadres gaat met `POST .../gebruikers/_zoek`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct GebruikerFilter {
    /// Stand.
    #[param(inline)]
    pub status: Option<GebruikerStatus>,
}

/// Zoekvraag met persoonsgegevens; in het lichaam, zodat zij niet in adressen en logboeken komt.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GebruikerZoekvraag {
    /// Deel van naam of e-mailadres.
    #[schema(min_length = 2, max_length = 100, example = "voorbeeld")]
    pub zoek: String,
}

/// Laadt een gebruiker en laat alleen door wie dit mag.
pub(super) fn laad(conn: &mut Conn, gate: &Gate, actie: Action, (organisatie, id): (Id, Id)) -> Result<Gebruiker, Problem> {
    let gebruiker = store::gebruikers::get(conn, id)?.filter(|g| g.organisatie_id == organisatie).ok_or_else(problem::niet_gevonden)?;
    let mut zaak = van_organisatie::laad(conn, organisatie)?;
    zaak.zelf = is_zelf(gate, &gebruiker.email);
    gate.may(actie, &zaak)?;
    Ok(gebruiker)
}

/// Wat de audit van een gebruiker bewaart.
pub(super) fn spoor(g: &Gebruiker) -> Value {
    json!({ "organisatieId": g.organisatie_id, "status": g.status, "versie": g.versie })
}

/// Hetzelfde, met één gegeven erbij.
fn met(mut spoor: Value, naam: &str, waarde: Value) -> Value {
    if let Some(velden) = spoor.as_object_mut() {
        velden.insert(naam.to_owned(), waarde);
    }
    spoor
}

/// Geeft de gebruikers van een organisatie.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie"), GebruikerFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van gebruikers", body = Lijst<Gebruiker>)),
    security(("toegang" = ["gebruikers:lezen"])),
    extensions(("x-actie" = json!("gebruiker.lezen"))),
)]
#[get("/organisaties/{id}/gebruikers")]
pub(crate) async fn lijst_gebruikers(app: Data<App>, caller: Caller, id: Path<Id>, filter: Query<GebruikerFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    let filter = store::gebruikers::Filter { status: filter.status.map(|s| s.to_string()), zoek: None };
    let gevonden = app.store.read(move |conn| zoek(conn, &gate, id, &filter, &page)).await?;
    blad.bladzijde(&gevonden)
}

fn zoek(conn: &mut Conn, gate: &Gate, id: Id, filter: &store::gebruikers::Filter, page: &store::Page) -> Result<store::Bladzijde<Gebruiker>, Problem> {
    gate.may(Action::GebruikerLezen, &van_organisatie::laad(conn, id)?)?;
    Ok(store::gebruikers::list(conn, id, filter, page)?)
}

/// Zoekt gebruikers op naam of e-mailadres; ten hoogste 50.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie")),
    request_body = GebruikerZoekvraag,
    responses((status = 200, description = "De gevonden gebruikers", body = Lijst<Gebruiker>)),
    security(("toegang" = ["gebruikers:lezen"])),
    extensions(("x-actie" = json!("gebruiker.lezen"))),
)]
#[post("/organisaties/{id}/gebruikers/_zoek")]
pub(crate) async fn zoek_gebruikers(app: Data<App>, caller: Caller, id: Path<Id>, body: Body<GebruikerZoekvraag>) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), store::Page { limit: 50, after: None });
    let filter = store::gebruikers::Filter { status: None, zoek: Some(body.into_inner().zoek) };
    let gevonden = app.store.read(move |conn| zoek(conn, &gate, id, &filter, &page)).await?;
    Answer::list(gevonden.items, format!("/organisaties/{id}/gebruikers/_zoek"))?.done()
}

/// Geeft één gebruiker.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("gebruikerId" = Id, Path, description = "Id van de gebruiker")),
    responses((status = 200, description = "De gebruiker", body = Gebruiker)),
    security(("toegang" = ["gebruikers:lezen"])),
    extensions(("x-actie" = json!("gebruiker.lezen"))),
)]
#[get("/organisaties/{id}/gebruikers/{gebruikerId}")]
pub(crate) async fn lees_gebruiker(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let (pad, gate) = (pad.into_inner(), app.gate(&caller));
    let gebruiker = app.store.read_point(move |conn| laad(conn, &gate, Action::GebruikerLezen, pad)).await?;
    Answer::ok(&gebruiker)?.etag(gebruiker.versie).done()
}

/// Zet een gebruiker op de lijst.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie"), IdempotencyKey),
    request_body = NieuweGebruiker,
    responses((status = 201, description = "De nieuwe gebruiker", body = Gebruiker)),
    security(("toegang" = ["gebruikers:schrijven"])),
    extensions(("x-actie" = json!("gebruiker.beheren"))),
)]
#[post("/organisaties/{id}/gebruikers")]
pub(crate) async fn maak_gebruiker(app: Data<App>, caller: Caller, id: Path<Id>, idem: IdempotencyKey, body: Body<NieuweGebruiker>) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may(Action::GebruikerBeheren, &van_organisatie::laad(tx.conn(), id)?)?;
        let nieuw = body.clone().maak(tx.nieuw_id(), id, now)?;
        store::gebruikers::insert(tx, &nieuw)?;
        volgen::bijwerken(tx, id, gate.caller().id())?;
        tx.record(organisatie_van("gebruiker.toegevoegd", "gebruiker", nieuw.id, Some(id), None, Some(&spoor(&nieuw)))?)?;
        Answer::created(&nieuw, format!("/organisaties/{id}/gebruikers/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Wijzigt de gegevens van een gebruiker.
///
/// JSON Merge Patch: een weggelaten veld blijft staan, `null` maakt leeg.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("gebruikerId" = Id, Path, description = "Id van de gebruiker"), IfMatch),
    request_body(content = GebruikerWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De gewijzigde gebruiker", body = Gebruiker)),
    security(("toegang" = ["gebruikers:schrijven"])),
    extensions(("x-actie" = json!("gebruiker.beheren"))),
)]
#[patch("/organisaties/{id}/gebruikers/{gebruikerId}")]
pub(crate) async fn wijzig_gebruiker(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    body: Body<GebruikerWijziging>,
) -> Result<Answer, Problem> {
    let (pad, gate, body) = (pad.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::GebruikerBeheren, pad)?;
        if_match.check(oud.versie)?;
        oud.niet_verwijderd()?;
        let nieuw = body.toepassen(&oud, now)?;
        if is_zelf(&gate, &nieuw.email) {
            return Err(problem::conflict("zelf-toekennen", "Met uw eigen adres zou u de profielen van deze gebruiker krijgen. Laat een ander dit doen."));
        }
        store::gebruikers::update(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("gebruiker.gewijzigd", "gebruiker", oud.id, Some(pad.0), Some(&spoor(&oud)), Some(&spoor(&nieuw)))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}

/// Verwijdert een gebruiker: de gegevens verdwijnen, het spoor zonder naam blijft.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie"), ("gebruikerId" = Id, Path, description = "Id van de gebruiker"), IfMatch),
    responses((status = 204, description = "Verwijderd")),
    security(("toegang" = ["gebruikers:schrijven"])),
    extensions(("x-actie" = json!("gebruiker.beheren"))),
)]
#[delete("/organisaties/{id}/gebruikers/{gebruikerId}")]
pub(crate) async fn verwijder_gebruiker(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
    let (pad, gate) = (pad.into_inner(), app.gate(&caller));
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::GebruikerBeheren, pad)?;
        if_match.check(oud.versie)?;
        let nieuw = oud.verwijderen(now)?;
        store::gebruikers::update(tx, &nieuw, oud.versie)?;
        volgen::bijwerken(tx, pad.0, gate.caller().id())?;
        tx.record(organisatie_van("gebruiker.verwijderd", "gebruiker", oud.id, Some(pad.0), Some(&spoor(&oud)), Some(&spoor(&nieuw)))?)?;
        Ok(Answer::no_content())
    })
    .await
}
