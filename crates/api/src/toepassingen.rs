//! Toepassingen: NIPV registreert de clients van de uitgever: machines en portalen.

mod geheimen;

use domain::organisaties::Intrekking;
use domain::toepassingen::{Algoritme, NieuweToepassing, Toepassing, ToepassingStatus, ToepassingWijziging};
use store::Conn;

use crate::organisaties::verwezen;
use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_toepassingen)
        .service(lees_toepassing)
        .service(maak_toepassing)
        .service(wijzig_toepassing)
        .service(blokkeer_toepassing)
        .service(deblokkeer_toepassing)
        .service(trek_toepassing_in);
    geheimen::routes(cfg);
}

/// Waarop de lijst van toepassingen te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ToepassingFilter {
    /// Id van de organisatie.
    pub organisatie_id: Option<Id>,
}

fn laad(conn: &mut Conn, id: Id) -> Result<Toepassing, Problem> {
    store::toepassingen::get(conn, id)?.ok_or_else(problem::niet_gevonden)
}

/// Geeft de toepassingen die u mag zien.
#[utoipa::path(
    tag = "Toepassingen",
    params(ToepassingFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van toepassingen", body = Lijst<Toepassing>)),
    security(("toegang" = ["toepassingen:lezen"])),
    extensions(("x-actie" = json!("toepassing.lezen"))),
)]
#[get("/toepassingen")]
pub(crate) async fn lijst_toepassingen(app: Data<App>, caller: Caller, filter: Query<ToepassingFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (zicht, page, wie) = (app.gate(&caller).zicht(Action::ToepassingLezen), blad.page()?, filter.organisatie_id);
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::toepassingen::list(conn, wie, &zicht, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één toepassing.
#[utoipa::path(
    tag = "Toepassingen",
    params(("id" = Id, Path, description = "Id van de toepassing, tevens client_id")),
    responses((status = 200, description = "De toepassing", body = Toepassing)),
    security(("toegang" = ["toepassingen:lezen"])),
    extensions(("x-actie" = json!("toepassing.lezen"))),
)]
#[get("/toepassingen/{id}")]
pub(crate) async fn lees_toepassing(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let id = id.into_inner();
    let toepassing = app.store.read_point(move |conn| laad(conn, id)).await?;
    app.gate(&caller).may(Action::ToepassingLezen, &toepassing)?;
    Answer::ok(&toepassing)?.etag(toepassing.versie).done()
}

/// Registreert een client: een machine of een portaal.
///
/// Wat u weglaat volgt uit `soort` en `profiel`. Een machine haalt zelf tokens (`client_credentials`), bij een portaal
/// melden mensen zich aan (`authorization_code`); een client heeft nooit beide. Een geheim (alleen profiel `oidc`) maakt u
/// daarna met `POST /toepassingen/{id}/geheimen`.
#[utoipa::path(
    tag = "Toepassingen",
    params(IdempotencyKey),
    request_body = NieuweToepassing,
    responses((status = 201, description = "De nieuwe toepassing; het id is de client_id", body = Toepassing)),
    security(("toegang" = ["toepassingen:schrijven"])),
    extensions(("x-actie" = json!("toepassing.beheren"))),
)]
#[post("/toepassingen")]
pub(crate) async fn maak_toepassing(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuweToepassing>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    let tekent = [Some(body.tekent_met()), body.userinfo_algoritme];
    let antwoord = app.write(&caller, Some(idem), move |tx, now| {
        gate.may_create(Action::ToepassingBeheren, &body.organisatie_id)?;
        let organisatie = verwezen(tx.conn(), "/organisatieId", body.organisatie_id);
        let (_, nieuw) = problem::samen(organisatie, body.clone().maak(tx.nieuw_id(), now))?;
        store::toepassingen::insert(tx, &nieuw)?;
        tx.record(organisatie_van("toepassing.geregistreerd", "toepassing", nieuw.id, Some(nieuw.organisatie_id), None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/toepassingen/{}", nieuw.id))?.etag(nieuw.versie).done()
    });
    let antwoord = antwoord.await?;
    publiceer(&app, tekent).await?;
    Ok(antwoord)
}

/// Maakt en publiceert de sleutels waarmee wij voor een client tekenen, ruim voor de eerste aanmelding.
async fn publiceer(app: &App, algoritmen: [Option<Algoritme>; 2]) -> Result<(), Problem> {
    for alg in algoritmen.into_iter().flatten() {
        app.keys.signing_for(alg, &app.store, &app.rng, app.clock.now()).await?;
    }
    Ok(())
}

/// Wijzigt een toepassing.
///
/// JSON Merge Patch. Wissel sleutels zonder onderbreking: zet oud en nieuw samen, en haal oud later weg.
#[utoipa::path(
    tag = "Toepassingen",
    params(("id" = Id, Path, description = "Id van de toepassing"), IfMatch),
    request_body(content = ToepassingWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "De gewijzigde toepassing", body = Toepassing)),
    security(("toegang" = ["toepassingen:schrijven"])),
    extensions(("x-actie" = json!("toepassing.beheren"))),
)]
#[patch("/toepassingen/{id}")]
pub(crate) async fn wijzig_toepassing(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    body: Body<ToepassingWijziging>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    let tekent = [body.id_token_algoritme, body.userinfo_algoritme.flatten()];
    let antwoord = app
        .write(&caller, None, move |tx, now| {
            let oud = laad(tx.conn(), id)?;
            gate.may(Action::ToepassingBeheren, &oud)?;
            if_match.check(oud.versie)?;
            if oud.status == ToepassingStatus::Ingetrokken {
                return Err(problem::conflict("toepassing-ingetrokken", "Deze toepassing is ingetrokken. Registreer een nieuwe."));
            }
            let nieuw = body.toepassen(&oud, now)?;
            store::toepassingen::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("toepassing.gewijzigd", "toepassing", id, Some(oud.organisatie_id), Some(&oud), Some(&nieuw))?)?;
            Answer::ok(&nieuw)?.etag(nieuw.versie).done()
        })
        .await?;
    vergeet(&app);
    publiceer(&app, tekent).await?;
    Ok(antwoord)
}

#[rustfmt::skip]
macro_rules! stand {
    ($naam:ident, $pad:literal, $uitleg:literal, $status:expr, $handeling:literal) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Toepassingen",
            params(("id" = Id, Path, description = "Id van de toepassing"), IfMatch, IdempotencyKey),
            request_body = Intrekking,
            responses((status = 201, description = "De toepassing", body = Toepassing)),
            security(("toegang" = ["toepassingen:schrijven"])),
            extensions(("x-actie" = json!("toepassing.beheren"))),
        )]
        #[post($pad)]
        pub(crate) async fn $naam(
            app: Data<App>,
            caller: Caller,
            id: Path<Id>,
            if_match: IfMatch,
            idem: IdempotencyKey,
            body: Body<Intrekking>,
        ) -> Result<Answer, Problem> {
            zet(app, caller, id.into_inner(), if_match, idem, body.into_inner(), $status, $handeling).await
        }
    };
}

stand!(
    blokkeer_toepassing,
    "/toepassingen/{id}/blokkeringen",
    "Blokkeert een toepassing; lopende tokens werken binnen tien seconden nergens meer.",
    ToepassingStatus::Geblokkeerd,
    "toepassing.geblokkeerd"
);
stand!(
    deblokkeer_toepassing,
    "/toepassingen/{id}/deblokkeringen",
    "Heft de blokkering van een toepassing op.",
    ToepassingStatus::Actief,
    "toepassing.gedeblokkeerd"
);
stand!(trek_toepassing_in, "/toepassingen/{id}/intrekkingen", "Trekt een toepassing voorgoed in.", ToepassingStatus::Ingetrokken, "toepassing.ingetrokken");

#[expect(clippy::too_many_arguments, reason = "de uitgepakte delen van één verzoek")]
async fn zet(
    app: Data<App>,
    caller: Caller,
    id: Id,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Intrekking,
    status: ToepassingStatus,
    handeling: &'static str,
) -> Result<Answer, Problem> {
    let gate = app.gate(&caller);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), id)?;
            gate.may(Action::ToepassingBeheren, &oud)?;
            if_match.check(oud.versie)?;
            let nieuw = oud.met_status(status, now)?;
            store::toepassingen::update(tx, &nieuw, oud.versie)?;
            let na = serde_json::json!({ "status": nieuw.status, "reden": body.reden, "versie": nieuw.versie });
            tx.record(organisatie_van(handeling, "toepassing", id, Some(oud.organisatie_id), None, Some(&na))?)?;
            Answer::created(&nieuw, format!("/toepassingen/{id}"))?.etag(nieuw.versie).done()
        })
        .await;
    vergeet(&app);
    antwoord
}

/// Op deze node werkt een wijziging meteen, voor tokens en voor aanmeldingen.
fn vergeet(app: &App) {
    app.forget_callers();
    app.clients.vergeet();
}
