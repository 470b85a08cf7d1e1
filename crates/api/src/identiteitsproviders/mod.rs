//! Identiteitsproviders van organisaties: registreren, testen, activeren, en de aanmelding zelf ([`Aanmeldpunt`]).

mod aanmeldpunt;
mod geheimen;
mod gezondheid;
mod herkoppelingen;
mod levensloop;
mod tests;
mod versies;

use domain::identiteitsproviders::{Identiteitsprovider, IdentiteitsproviderWijziging, IdpStatus, Instructie, NieuweIdentiteitsprovider, deelbaar, instructie};
use store::identiteitsproviders::{self as opslag, IdpFilter};
use store::{Conn, Tx};

use crate::organisaties::verwezen;
use crate::prelude::*;

pub(crate) use aanmeldpunt::jwks_van_registratie;
pub use aanmeldpunt::{Aanmeldpunt, Afgewezen, laad_config, plaats};
pub(crate) use gezondheid::{meten, waarschuwen};

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_identiteitsproviders)
        .service(lees_identiteitsprovider)
        .service(maak_identiteitsprovider)
        .service(wijzig_identiteitsprovider)
        .service(lees_instructie);
    versies::routes(cfg);
    geheimen::routes(cfg);
    tests::routes(cfg);
    levensloop::routes(cfg);
    gezondheid::routes(cfg);
    herkoppelingen::routes(cfg);
}

/// Waarop de lijst van identiteitsproviders te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct IdentiteitsproviderFilter {
    /// Id van de organisatie.
    pub organisatie_id: Option<Id>,
    /// Stand.
    #[param(inline)]
    pub status: Option<IdpStatus>,
}

fn laad(conn: &mut Conn, gate: &Gate, actie: Action, id: Id) -> Result<Identiteitsprovider, Problem> {
    let idp = opslag::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    gate.may(actie, &idp)?;
    Ok(idp)
}

/// Twee organisaties op één uitgever alleen met een onderscheidende claim; onder een slot, zodat twee tegelijk niet beide slagen.
fn keur_issuer(tx: &mut Tx<'_>, idp: &Identiteitsprovider, instellingen: &domain::identiteitsproviders::IdpInstellingen) -> Result<(), Problem> {
    opslag::lock_issuers(tx)?;
    let anderen = opslag::actieve_andere_organisaties(tx.conn(), &instellingen.issuer, idp.organisatie_id)?;
    Ok(deelbaar(instellingen.onderscheid.as_ref(), &anderen)?)
}

/// Geeft de identiteitsproviders die u mag zien.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(IdentiteitsproviderFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van identiteitsproviders", body = Lijst<Identiteitsprovider>)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders")]
pub(crate) async fn lijst_identiteitsproviders(
    app: Data<App>,
    caller: Caller,
    filter: Query<IdentiteitsproviderFilter>,
    blad: Blad,
) -> Result<Answer, Problem> {
    let (zicht, page) = (app.gate(&caller).zicht(Action::IdentiteitsproviderLezen), blad.page()?);
    let filter = IdpFilter { organisatie_id: filter.organisatie_id, status: filter.status };
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(opslag::list(conn, filter, &zicht, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één identiteitsprovider.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie")),
    responses((status = 200, description = "De identiteitsprovider", body = Identiteitsprovider)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders/{id}")]
pub(crate) async fn lees_identiteitsprovider(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let idp = app.store.read_point(move |conn| laad(conn, &gate, Action::IdentiteitsproviderLezen, id)).await?;
    Answer::ok(&idp)?.etag(idp.versie).done()
}

/// Registreert de identiteitsprovider van een organisatie, met de eerste versie van zijn instellingen.
///
/// Hij dient nog niet: zet een geheim of sleutel, doe een verbindingstest en activeer de versie. Een geheim is nooit deel van deze gegevens.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(IdempotencyKey),
    request_body = NieuweIdentiteitsprovider,
    responses((status = 201, description = "De nieuwe identiteitsprovider", body = Identiteitsprovider)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[post("/identiteitsproviders")]
pub(crate) async fn maak_identiteitsprovider(
    app: Data<App>,
    caller: Caller,
    idem: IdempotencyKey,
    body: Body<NieuweIdentiteitsprovider>,
) -> Result<Answer, Problem> {
    let (gate, body, egress) = (app.gate(&caller), body.into_inner(), app.idps.hub().egress().clone());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may_create(Action::IdentiteitsproviderBeheren, &body.organisatie_id)?;
        let organisatie = verwezen(tx.conn(), "/organisatieId", body.organisatie_id);
        let (_, (idp, versie)) = problem::samen(organisatie, body.clone().maak(tx.nieuw_id(), now, &|host| egress.is_intern(host)))?;
        keur_issuer(tx, &idp, &versie.instellingen)?;
        opslag::insert(tx, &idp)?;
        opslag::insert_versie(tx, &versie)?;
        tx.record(organisatie_van("identiteitsprovider.geregistreerd", "identiteitsprovider", idp.id, Some(idp.organisatie_id), None, Some(&idp))?)?;
        tx.record(versies::spoor("identiteitsproviderversie.toegevoegd", &idp, &versie)?)?;
        Answer::created(&idp, format!("/identiteitsproviders/{}", idp.id))?.etag(idp.versie).done()
    })
    .await
}

/// Wijzigt de naam van een identiteitsprovider.
///
/// JSON Merge Patch. Instellingen wijzigt u met een nieuwe versie, die u eerst test terwijl de oude blijft dienen.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch),
    request_body(content = IdentiteitsproviderWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De gewijzigde identiteitsprovider", body = Identiteitsprovider)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[patch("/identiteitsproviders/{id}")]
pub(crate) async fn wijzig_identiteitsprovider(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    body: Body<IdentiteitsproviderWijziging>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::IdentiteitsproviderBeheren, id)?;
        if_match.check(oud.versie)?;
        oud.te_wijzigen()?;
        let nieuw = body.toepassen(&oud, now)?;
        opslag::update(tx, &nieuw, oud.versie)?;
        let organisatie = Some(oud.organisatie_id);
        tx.record(organisatie_van("identiteitsprovider.gewijzigd", "identiteitsprovider", id, organisatie, Some(&oud), Some(&nieuw))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}

/// Geeft wat de IdP-beheerder in de eigen aanmelddienst moet instellen, om over te nemen.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie")),
    responses((status = 200, description = "De instructie bij de nieuwste versie", body = Instructie)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders/{id}/instructie")]
pub(crate) async fn lees_instructie(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let versie = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let idp = laad(conn, &gate, Action::IdentiteitsproviderLezen, id)?;
            opslag::get_versie(conn, id, idp.nieuwste_versie)?.ok_or_else(problem::niet_gevonden)
        })
        .await?;
    Answer::ok(&instructie(&versie, &app.settings.base_url))?.done()
}
