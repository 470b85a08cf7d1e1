//! Personen en hun rollen. In de audit staan rollen en status, geen namen of adressen: verwijderen maakt echt vergeten.

mod rollen;
mod toestand;

use domain::organisaties::{CertificeringSoort, Organisatie};
use domain::personen::{NieuwePersoon, Persoon, PersoonStatus, PersoonWijziging, Rol};
use domain::registraties::beheerders;
use domain::{Datum, Weigering};
use serde_json::{Value, json};
use store::Conn;

use crate::beleid::Gezien;
use crate::organisaties::verwezen;
use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_personen).service(zoek_personen).service(lees_persoon).service(maak_persoon).service(wijzig_persoon).service(verwijder_persoon);
    rollen::routes(cfg);
    toestand::routes(cfg);
}

/// Waarop de lijst van personen te beperken is; zoeken op naam of e-mailadres gaat met `POST /personen/_zoek`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct PersoonFilter {
    /// Id van de organisatie.
    pub organisatie_id: Option<Id>,
    /// Rol.
    #[param(inline)]
    pub rol: Option<Rol>,
    /// Status.
    #[param(inline)]
    pub status: Option<PersoonStatus>,
}

/// Zoekvraag met persoonsgegevens; in het lichaam, zodat zij niet in adressen en logboeken komt.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersoonZoekvraag {
    /// Deel van naam of e-mailadres.
    #[schema(min_length = 2, max_length = 100, example = "voorbeeld")]
    pub zoek: String,
    /// Id van de organisatie.
    #[serde(default)]
    #[schema(nullable = false)]
    pub organisatie_id: Option<Id>,
}

/// Laadt een persoon en laat alleen door wie dit mag; wie contactpersoon is, is voor de partners van het traject te zien.
pub(super) fn laad(conn: &mut Conn, gate: &Gate, actie: Action, id: Id) -> Result<Persoon, Problem> {
    let persoon = store::personen::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    let organisatie = gate.caller().organisatie_id();
    let contactpersoon = persoon.organisatie_id != organisatie && store::trajecten::is_contactpersoon_voor(conn, id, organisatie, gate.vandaag())?;
    gate.may(actie, &Gezien { persoon: &persoon, contactpersoon })?;
    Ok(persoon)
}

/// Wat de audit van een persoon bewaart.
pub(crate) fn spoor(p: &Persoon) -> Value {
    json!({ "organisatieId": p.organisatie_id, "rollen": p.rollen, "status": p.status, "versie": p.versie })
}

/// Of een rol bij de organisatie van de persoon past en rechtstreeks te geven is.
pub(super) fn keur_rol(conn: &mut Conn, organisatie: &Organisatie, persoon_id: Id, rol: Rol, vandaag: Datum) -> Result<(), Problem> {
    let alles = store::Page { limit: 200, after: None };
    let is_partner = store::organisaties::certificeringen(conn, organisatie.id, &alles)?
        .items
        .iter()
        .any(|c| c.soort == CertificeringSoort::Implementatiepartner && c.geldig_op(vandaag));
    rol.past_bij(organisatie.soort, is_partner, organisatie.aansluitstatus)?;
    let van_kracht = store::registraties::actief(conn, organisatie.id)?;
    beheerders::rechtstreeks(rol, persoon_id, van_kracht.as_ref()).map_err(|w: Weigering| w.into())
}

/// Geeft de personen die u mag zien: de eigen organisatie, of alle voor NIPV.
#[utoipa::path(
    tag = "Personen",
    params(PersoonFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van personen", body = Lijst<Persoon>)),
    security(("toegang" = ["personen:lezen"])),
    extensions(("x-actie" = json!("persoon.lezen"))),
)]
#[get("/personen")]
pub(crate) async fn lijst_personen(app: Data<App>, caller: Caller, filter: Query<PersoonFilter>, blad: Blad) -> Result<Answer, Problem> {
    let filter = filter.into_inner();
    let filter = store::personen::Filter {
        organisatie_id: filter.organisatie_id,
        rol: filter.rol.map(|r| r.to_string()),
        status: filter.status.map(|s| s.to_string()),
        zoek: None,
    };
    let (zicht, page) = (app.gate(&caller).zicht(Action::PersoonLezen), blad.page()?);
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::personen::list(conn, &filter, &zicht, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Zoekt personen op naam of e-mailadres; ten hoogste 50.
#[utoipa::path(
    tag = "Personen",
    request_body = PersoonZoekvraag,
    responses((status = 200, description = "De gevonden personen", body = Lijst<Persoon>)),
    security(("toegang" = ["personen:lezen"])),
    extensions(("x-actie" = json!("persoon.lezen"))),
)]
#[post("/personen/_zoek")]
pub(crate) async fn zoek_personen(app: Data<App>, caller: Caller, body: Body<PersoonZoekvraag>) -> Result<Answer, Problem> {
    let body = body.into_inner();
    let filter = store::personen::Filter { organisatie_id: body.organisatie_id, zoek: Some(body.zoek), ..Default::default() };
    let (zicht, page) = (app.gate(&caller).zicht(Action::PersoonLezen), store::Page { limit: 50, after: None });
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::personen::list(conn, &filter, &zicht, &page)?) }).await?;
    Answer::list(gevonden.items, "/personen/_zoek")?.done()
}

/// Geeft één persoon.
///
/// Zichtbaar zijn uzelf, uw eigen organisatie en de contactpersonen van trajecten waarbij uw organisatie betrokken is; NIPV ziet iedereen.
#[utoipa::path(
    tag = "Personen",
    params(("id" = Id, Path, description = "Id van de persoon")),
    responses((status = 200, description = "De persoon", body = Persoon)),
    security(("toegang" = ["personen:lezen"])),
    extensions(("x-actie" = json!("persoon.lezen"))),
)]
#[get("/personen/{id}")]
pub(crate) async fn lees_persoon(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let id = id.into_inner();
    let gate = app.gate(&caller);
    let persoon = app.store.read_point(move |conn| laad(conn, &gate, Action::PersoonLezen, id)).await?;
    Answer::ok(&persoon)?.etag(persoon.versie).done()
}

/// Registreert een persoon; er gaat geen bericht uit tot de eerste aanmelding.
///
/// De rol `organisatiebeheerder` is hier niet te geven (409, `rol-uit-registratie`): zij volgt uit de getekende registratie.
#[utoipa::path(
    tag = "Personen",
    params(IdempotencyKey),
    request_body = NieuwePersoon,
    responses((status = 201, description = "De nieuwe persoon", body = Persoon)),
    security(("toegang" = ["personen:schrijven"])),
    extensions(("x-actie" = json!("persoon.beheren"))),
)]
#[post("/personen")]
pub(crate) async fn maak_persoon(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuwePersoon>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may_create(Action::PersoonBeheren, &body.organisatie_id)?;
        let organisatie = verwezen(tx.conn(), "/organisatieId", body.organisatie_id);
        let (organisatie, nieuw) = problem::samen(organisatie, body.clone().maak(tx.nieuw_id(), now))?;
        if !nieuw.rollen.is_empty() {
            gate.may_create(Action::PersoonRolBeheren, &nieuw)?;
        }
        for rol in &nieuw.rollen {
            keur_rol(tx.conn(), &organisatie, nieuw.id, *rol, gate.vandaag())?;
        }
        store::personen::insert(tx, &nieuw)?;
        tx.record(organisatie_van("persoon.geregistreerd", "persoon", nieuw.id, Some(nieuw.organisatie_id), None, Some(&spoor(&nieuw)))?)?;
        Answer::created(&nieuw, format!("/personen/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Wijzigt de gegevens van een persoon.
///
/// JSON Merge Patch: een weggelaten veld blijft staan, `null` maakt leeg.
#[utoipa::path(
    tag = "Personen",
    params(("id" = Id, Path, description = "Id van de persoon"), IfMatch),
    request_body(content = PersoonWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De gewijzigde persoon", body = Persoon)),
    security(("toegang" = ["personen:schrijven"])),
    extensions(("x-actie" = json!("persoon.beheren"))),
)]
#[patch("/personen/{id}")]
pub(crate) async fn wijzig_persoon(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, body: Body<PersoonWijziging>) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::PersoonBeheren, id)?;
        if_match.check(oud.versie)?;
        if oud.status == PersoonStatus::Verwijderd {
            return Err(problem::conflict("persoon-verwijderd", "Deze persoon is verwijderd en kan niet meer wijzigen."));
        }
        let nieuw = body.toepassen(&oud, now)?;
        store::personen::update(tx, &nieuw, oud.versie)?;
        tx.record(organisatie_van("persoon.gewijzigd", "persoon", id, Some(oud.organisatie_id), Some(&spoor(&oud)), Some(&spoor(&nieuw)))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}

/// Verwijdert een persoon: gegevens en rollen verdwijnen, het spoor zonder naam blijft.
#[utoipa::path(
    tag = "Personen",
    params(("id" = Id, Path, description = "Id van de persoon"), IfMatch),
    responses((status = 204, description = "Verwijderd")),
    security(("toegang" = ["personen:schrijven"])),
    extensions(("x-actie" = json!("persoon.beheren"))),
)]
#[delete("/personen/{id}")]
pub(crate) async fn verwijder_persoon(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let antwoord = app
        .write(&caller, None, move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::PersoonBeheren, id)?;
            if_match.check(oud.versie)?;
            let nieuw = oud.verwijderen(now)?;
            store::personen::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("persoon.verwijderd", "persoon", id, Some(oud.organisatie_id), Some(&spoor(&oud)), Some(&spoor(&nieuw)))?)?;
            Ok(Answer::no_content())
        })
        .await;
    app.forget_callers();
    antwoord
}
