//! Verbindingstests: van een bewaarde versie, of van instellingen die nog nergens staan.

use domain::identiteitsproviders::{Identiteitsprovider, IdpVersie, NieuweInstellingen, TestSoort, Testverslag, Verbindingstest};
use federation::{Proef, verbindingstest};
use store::identiteitsproviders::{self as opslag, BewaardGeheim};

use super::{aanmeldpunt, laad};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(test_instellingen).service(lijst_verbindingstests).service(maak_verbindingstest);
}

/// Welke versie getest wordt.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NieuweVerbindingstest {
    /// Nummer van de versie; zonder is het de nieuwste.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, nullable = false, example = 1)]
    pub(crate) versienummer: Option<i32>,
}

/// Test instellingen die nog niet bewaard zijn.
///
/// Dezelfde controles als een verbindingstest, zonder de aanmelding van de client; er wordt niets onthouden.
#[utoipa::path(
    tag = "Identiteitsproviders",
    request_body = NieuweInstellingen,
    responses((status = 200, description = "Het verslag", body = Testverslag)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[post("/identiteitsproviders/_verbindingstest")]
pub(crate) async fn test_instellingen(app: Data<App>, caller: Caller, body: Body<NieuweInstellingen>) -> Result<Answer, Problem> {
    app.gate(&caller).may_create(Action::IdentiteitsproviderBeheren, &caller.organisatie_id())?;
    let hub = app.idps.hub();
    let instellingen = body.into_inner().keur(&|host| hub.egress().is_intern(host))?;
    let proef = Proef { instellingen: &instellingen, idp: None, redirect_uri: &app.settings.base_url };
    Answer::ok(&verbindingstest(hub.egress(), &app.rng, &proef, app.clock.now()).await)?.done()
}

/// Geeft de tests van een identiteitsprovider.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), BladParams),
    responses((status = 200, description = "Een bladzijde van tests", body = Lijst<Verbindingstest>)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders/{id}/verbindingstests")]
pub(crate) async fn lijst_verbindingstests(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::IdentiteitsproviderLezen, id)?;
            Ok(opslag::tests(conn, id, &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

async fn te_testen(app: &App, gate: Gate, id: Id, nummer: Option<i32>) -> Result<(Identiteitsprovider, IdpVersie, Vec<BewaardGeheim>), Problem> {
    app.store
        .read(move |conn| {
            let idp = laad(conn, &gate, Action::IdentiteitsproviderBeheren, id)?;
            idp.te_wijzigen()?;
            let onbekend = || problem::ongeldig("/versienummer", "versie-onbekend", "Deze versie bestaat niet.");
            let versie = opslag::get_versie(conn, id, nummer.unwrap_or(idp.nieuwste_versie))?.ok_or_else(onbekend)?;
            Ok((idp, versie, opslag::geheimen(conn, id)?))
        })
        .await
}

/// Test een versie: gegevens, sleutels, klok, mogelijkheden en of de IdP ons herkent.
///
/// Iedere controle zegt wat er gezien is en wat u kunt doen; nooit een geheim. Niemand wordt aangemeld. Slaagt de test, dan is de versie te activeren.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie"), IdempotencyKey),
    request_body = NieuweVerbindingstest,
    responses((status = 201, description = "De test", body = Verbindingstest)),
    security(("toegang" = ["identiteitsproviders:schrijven"])),
    extensions(("x-actie" = json!("identiteitsprovider.beheren"))),
)]
#[post("/identiteitsproviders/{id}/verbindingstests")]
pub(crate) async fn maak_verbindingstest(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    idem: IdempotencyKey,
    body: Body<NieuweVerbindingstest>,
) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let (idp, versie, geheimen) = te_testen(&app, gate.clone(), id, body.versienummer).await?;
    // Het netwerk op vóór de transactie; de versie is onveranderlijk, dus wat hier gezien is geldt straks nog.
    let config = aanmeldpunt::config(&app, &idp, &versie, &geheimen, app.clock.now())?;
    let redirect_uri = app.idps.redirect_uri(id);
    let proef = Proef { instellingen: &versie.instellingen, idp: Some(&config), redirect_uri: &redirect_uri };
    let hub = app.idps.hub();
    let verslag = verbindingstest(hub.egress(), &app.rng, &proef, app.clock.now()).await;
    if verslag.geslaagd && hub.meten(&versie.instellingen.issuer, app.clock.now()).await.is_err() {
        // Wat deze node onthield, kan van vóór het herstel zijn; zij haalt het anders later zelf.
        tracing::info!(issuer = versie.instellingen.issuer, "na een geslaagde test opnieuw lezen lukte niet");
    }
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::IdentiteitsproviderBeheren, id)?;
        let versie = opslag::get_versie(tx.conn(), id, versie.nummer)?.ok_or_else(problem::niet_gevonden)?;
        let (geslaagd, controles) = (verslag.geslaagd, verslag.controles.clone());
        let test = Verbindingstest {
            id: tx.nieuw_id(),
            identiteitsprovider_id: id,
            versienummer: versie.nummer,
            soort: TestSoort::Verbinding,
            geslaagd,
            controles,
            getest_op: now,
        };
        let (nieuw, getest) = oud.na_test(&versie, geslaagd, now);
        opslag::insert_test(tx, &test)?;
        opslag::update(tx, &nieuw, oud.versie)?;
        opslag::zet_versiestatus(tx, &getest)?;
        let organisatie = Some(oud.organisatie_id);
        tx.record(organisatie_van("verbindingstest.gedaan", "identiteitsprovider", id, organisatie, None, Some(&test))?)?;
        Answer::created(&test, format!("/identiteitsproviders/{id}/verbindingstests"))?.etag(nieuw.versie).done()
    })
    .await
}
