//! Eén aanmelding die zowel de route als het document maakt.

use actix_web::dev::HttpServiceFactory;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::Paths;
use utoipa::openapi::schema::ComponentsBuilder;
use utoipa::openapi::{OpenApi, OpenApiBuilder, RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;

use crate::app::App;
use crate::identiteitsproviders;
use crate::problem::{self, Problem};
use crate::{aanmelden, aanmeldingen, berichten, sessies};
use crate::{afnames, staat, vragenlijsten};
use crate::{audit, docs, gebeurtenissen, ik, oidc, organisaties, personen, referentie, toepassingen, trajecten};
use crate::{autorisatieplannen, gebruikers, inrichting};
use crate::{beheerafspraken, handtekeningen, registraties, taken};

/// Een functie die operaties aanmeldt.
pub type Routes = fn(&mut ServiceConfig<'_>);

/// Waar operaties zich aanmelden: bij de dienst die ze uitvoert, of bij het document dat ze beschrijft.
///
/// Elke werker van de dienst meldt alle operaties aan; zou hij ze daarbij ook beschrijven, dan maakte hij bij elke start een
/// heel document dat niemand leest.
#[derive(Debug)]
pub struct ServiceConfig<'s>(Target<'s>);

enum Target<'s> {
    Service(&'s mut web::ServiceConfig),
    Document(&'s mut Described),
}

impl std::fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Service(_) => "Service",
            Self::Document(_) => "Document",
        })
    }
}

#[derive(Default)]
struct Described {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl ServiceConfig<'_> {
    /// Meldt een operatie aan.
    pub fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        match &mut self.0 {
            Target::Service(cfg) => {
                cfg.service(operation);
            }
            Target::Document(described) => {
                described.paths.merge(operation.paths());
                operation.schemas(&mut described.schemas);
            }
        }
        self
    }
}

/// De beschrijving van deze operaties en hun schema's, zonder wat voor alle operaties hetzelfde is.
pub(crate) fn described(routes: Routes) -> OpenApi {
    let mut described = Described::default();
    routes(&mut ServiceConfig(Target::Document(&mut described)));
    let components = ComponentsBuilder::new().schemas_from_iter(described.schemas).build();
    OpenApiBuilder::new().paths(described.paths).components(Some(components)).build()
}

/// Alle operaties onder `/v1`. Wat het meest wordt gelezen staat vooraan: de router kijkt op volgorde.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    trajecten::routes(cfg);
    organisaties::routes(cfg);
    personen::routes(cfg);
    ik::routes(cfg);
    referentie::routes(cfg);
    toepassingen::routes(cfg);
    registraties::routes(cfg);
    beheerafspraken::routes(cfg);
    handtekeningen::routes(cfg);
    taken::routes(cfg);
    identiteitsproviders::routes(cfg);
    sessies::routes(cfg);
    aanmeldingen::routes(cfg);
    berichten::routes(cfg);
    gebruikers::routes(cfg);
    inrichting::routes(cfg);
    autorisatieplannen::routes(cfg);
    gebeurtenissen::routes(cfg);
    afnames::routes(cfg);
    vragenlijsten::routes(cfg);
    staat::routes(cfg);
    audit::routes(cfg);
    docs::routes(cfg);
}

/// Alles wat deze dienst op haar poort aanbiedt. Zet er [`crate::pipeline`] omheen:
///
/// ```ignore
/// actix_web::App::new().wrap(actix_web::middleware::from_fn(api::pipeline)).configure(api::configure(app.clone()))
/// ```
pub fn configure(app: Data<App>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |cfg| {
        // Een id die geen id is, bestaat niet.
        let path = web::PathConfig::default().error_handler(|_, _| problem::niet_gevonden().into());
        let routes = app.routes;
        cfg.app_data(app).app_data(path);
        cfg.service(web::scope("/v1").configure(|cfg| {
            routes(&mut ServiceConfig(Target::Service(cfg)));
            docs::pages(cfg);
        }));
        oidc::endpoints(cfg);
        aanmelden::endpoints(cfg);
        cfg.default_service(web::to(unknown));
    }
}

/// Geen route: de keten heeft al gekeken of het adres met een andere methode wel bestaat.
async fn unknown(_: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(problem::niet_gevonden())
}

/// 405 met wat wel kan.
pub(crate) fn other_method(allow: &str) -> Problem {
    let detail = format!("Dit adres kent deze methode niet. Wel: {allow}.");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "methode-onbekend", "Methode niet toegestaan", detail).header(actix_web::http::header::ALLOW, allow)
}
