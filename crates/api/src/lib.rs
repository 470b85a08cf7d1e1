//! De HTTP-kant van Aansluitloket: handlers, draadvormen, problemen, toegang en het OpenAPI-document.
//!
//! # Een handler van boven naar beneden
//!
//! Altijd dezelfde zes stappen: uitpakken, toegang, laden, beslissen, opslaan, antwoorden.
//! Vóór de handler heeft [`middleware::pipeline`] al gekeken naar route, methode, tokens, scopes, `Accept`,
//! `Content-Type`, de sleutels in de query en het hele lichaam (tegen het schema van de operatie zelf, alle fouten
//! tegelijk). Een handler ziet dus alleen invoer die in vorm klopt.
//!
//! ```ignore
//! /// Wijzigt een organisatie.                                  (eerste regel = summary in het document)
//! ///
//! /// JSON Merge Patch: een weggelaten veld blijft staan, `null` maakt leeg.     (de rest = description)
//! #[utoipa::path(
//!     tag = "Organisaties",
//!     params(("id" = Id, Path, description = "Id van de organisatie"), IfMatch),
//!     request_body(content = OrganisatieWijziging, content_type = "application/merge-patch+json"),
//!     responses((status = 200, description = "De gewijzigde organisatie", body = Organisatie)),
//!     security(("toegang" = ["organisaties:schrijven"])),
//!     extensions(("x-actie" = json!("organisatie.wijzigen"))),
//! )]
//! #[patch("/organisaties/{id}")]
//! pub(crate) async fn wijzig_organisatie(                    // operationId wordt wijzigOrganisatie
//!     app: Data<App>,                                        // 1 uitpakken
//!     caller: Caller,
//!     id: Path<Id>,
//!     if_match: IfMatch,
//!     body: Body<OrganisatieWijziging>,
//! ) -> Result<Answer, Problem> {
//!     let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
//!     app.write(&caller, None, move |tx, now| {
//!         let oud = store::organisaties::get(tx.conn(), id)?.ok_or_else(problem::niet_gevonden)?;   // 3 laden
//!         gate.may(Action::OrganisatieWijzigen, &oud)?;      // 2 toegang: 404 als je hem niet mag zien, anders 403
//!         if_match.check(oud.versie)?;                       //   412 als de versie achterloopt
//!         let nieuw = body.toepassen(&oud, now)?;            // 4 beslissen: veldfouten worden 400, een Weigering 409
//!         store::organisaties::update(tx, &nieuw, oud.versie)?;                                     // 5 opslaan
//!         tx.record(organisatie_van("organisatie.gewijzigd", "organisatie", id, Some(id), Some(&oud), Some(&nieuw))?)?;
//!         Answer::ok(&nieuw)?.etag(nieuw.versie).done()      // 6 antwoorden
//!     })
//!     .await
//! }
//! ```
//!
//! Verder:
//! * `POST`: neem `idem: IdempotencyKey` (zet `IdempotencyKey` in `params(...)`), geef `Some(idem)` aan [`App::write`] en antwoord
//!   `Answer::created(&nieuw, format!("/organisaties/{id}"))?.etag(nieuw.versie).done()`.
//! * Lijst: `Query<OrganisatieFilter>` en `blad: Blad`; in `params(OrganisatieFilter, BladParams)`;
//!   `let page = blad.page()?`, en `blad.bladzijde(&gevonden)` met wat `store::...::list` gaf. In het document: `body = Lijst<Organisatie>`.
//! * De velden van een filter zijn `Option` en heten in de query lowerCamelCase (`#[serde(rename_all = "camelCase")]`, `#[into_params(parameter_in = Query)]`).
//! * Foutantwoorden, `API-Version`, beveiliging en de tekst over rollen voegt [`contract`] zelf toe: schrijf alleen de 2xx op.
//! * Een operatie zonder token krijgt `security(())`.
//! * Registreren: `pub fn routes(cfg: &mut ServiceConfig<'_>)` per map met `cfg.service(...)`;
//!   [`routes`] roept ze aan. Route = document.

mod aanmelden;
pub mod aanmeldingen;
pub mod afnames;
pub mod antwoord;
pub mod app;
pub mod audit;
pub mod autorisatieplannen;
pub mod beheerafspraken;
pub mod beleid;
pub mod berichten;
pub mod contract;
pub mod docs;
pub mod gebeurtenissen;
pub mod gebruikers;
mod gelezen;
pub mod handtekeningen;
pub mod identiteitsproviders;
pub mod ik;
pub mod inrichting;
pub mod invoer;
pub mod middleware;
pub mod oidc;
pub mod organisaties;
pub mod personen;
pub mod post;
pub mod problem;
pub mod referentie;
pub mod registraties;
pub mod sessies;
pub mod staat;
mod tabelbestand;
pub mod taken;
pub mod toegang;
pub mod toepassingen;
pub mod trajecten;
mod van_organisatie;
mod vastlegging;
mod volgen;
pub mod vragenlijsten;
pub mod workers;

mod routes;

pub use antwoord::{Answer, Lijst};
pub use app::{App, Parts, Settings};
pub use middleware::pipeline;
pub use problem::{Problem, Veldfout};
pub use routes::{Routes, ServiceConfig, configure, routes};
pub use toegang::{Caller, Wie};

/// Wat bijna elke handler nodig heeft.
pub mod prelude {
    pub use actix_web::web::{Data, Path};
    pub use actix_web::{delete, get, patch, post, put};
    pub use domain::{Id, Moment};
    pub use serde::{Deserialize, Serialize};
    pub use utoipa::{IntoParams, ToSchema};

    pub use crate::antwoord::{Answer, Lijst};
    pub use crate::app::App;
    pub use crate::beleid::{Action, Gate};
    pub use crate::invoer::{Blad, BladParams, Body, IdempotencyKey, IfMatch, Query};
    pub use crate::problem::{self, Problem};
    pub use crate::routes::ServiceConfig;
    pub use crate::toegang::{Caller, Wie};
    pub(crate) use crate::vastlegging::{organisatie_van, van_traject};
    pub use store::StoreError;
}
