//! Een dienst met proefoperaties, om de keten los van de onderwerpen te keuren.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::test::TestRequest;
use actix_web::{App, Error, test, web};
use api::prelude::*;
use chrono::TimeDelta;
use serde_json::Value;

/// Wat een proef mag zetten.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NieuweProef {
    /// Naam.
    #[schema(min_length = 1, max_length = 10)]
    pub(crate) naam: String,
    /// Aantal.
    #[schema(minimum = 1)]
    pub(crate) aantal: i64,
    /// Dag.
    pub(crate) start_datum: Option<chrono::NaiveDate>,
}

/// Een proef.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Proef {
    /// Naam.
    pub(crate) naam: String,
    /// Versie.
    pub(crate) versie: i64,
}

/// Filters van de lijst.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct ProefFilter {
    /// Alleen deze kleur.
    #[param(max_length = 5)]
    pub(crate) kleur: Option<String>,
    /// Alleen oude.
    pub(crate) alleen_oud: Option<bool>,
}

/// Maakt een proef.
#[utoipa::path(tag = "Proef", request_body = NieuweProef, responses((status = 201, description = "Gemaakt", body = Proef)), security(()))]
#[post("/proeven")]
async fn maak_proef(body: Body<NieuweProef>) -> Result<Answer, Problem> {
    Answer::created(&Proef { naam: body.into_inner().naam, versie: 1 }, "/proeven/een")?.etag(1).done()
}

/// Geeft de proeven.
#[utoipa::path(tag = "Proef", params(ProefFilter, BladParams), responses((status = 200, description = "Proeven", body = Lijst<Proef>)), security(()))]
#[get("/proeven")]
async fn lijst_proeven(filter: Query<ProefFilter>, blad: Blad) -> Result<Answer, Problem> {
    let after: i64 = blad.after()?.unwrap_or(0);
    let filter = filter.into_inner();
    let naam = filter.kleur.filter(|_| filter.alleen_oud.is_none()).unwrap_or_else(|| "zwart".to_owned());
    let items: Vec<_> = (after + 1..=after + i64::from(blad.limit)).map(|versie| Proef { naam: naam.clone(), versie }).collect();
    let next = items.last().map(|last| last.versie).filter(|versie| *versie < 5);
    blad.answer(&items, next.as_ref())
}

/// Geeft de andere proeven.
#[utoipa::path(tag = "Proef", params(BladParams), responses((status = 200, description = "Proeven", body = Lijst<Proef>)), security(()))]
#[get("/andere-proeven")]
async fn lijst_andere_proeven(blad: Blad) -> Result<Answer, Problem> {
    blad.after::<i64>()?;
    blad.answer::<Proef, i64>(&[], None)
}

/// Vervangt een proef.
#[utoipa::path(tag = "Proef", params(("id" = Id, Path, description = "Id"), IfMatch), request_body = NieuweProef, responses((status = 200, description = "Gewijzigd", body = Proef)), security(()))]
#[put("/proeven/{id}")]
async fn vervang_proef(_id: Path<Id>, if_match: IfMatch, body: Body<NieuweProef>) -> Result<Answer, Problem> {
    if_match.check(3)?;
    Answer::ok(&Proef { naam: body.into_inner().naam, versie: 4 })?.etag(4).done()
}

/// Gaat stuk.
#[utoipa::path(tag = "Proef", responses((status = 200, description = "Nooit", body = Proef)), security(()))]
#[get("/paniek")]
async fn paniek() -> Result<Answer, Problem> {
    panic!("dit staat nooit in een antwoord")
}

/// Vraagt een token.
#[utoipa::path(tag = "Proef", responses((status = 200, description = "Wie", body = Proef)), security(("toegang" = ["trajecten:lezen"])))]
#[get("/geheim")]
async fn geheim(caller: Caller) -> Result<Answer, Problem> {
    Answer::ok(&Proef { naam: caller.organisatie.naam.clone(), versie: 1 })
}

/// Telt hoe vaak er echt iets gebeurt.
pub(crate) static DONE: AtomicI64 = AtomicI64::new(0);

/// Bewaart een proef.
#[utoipa::path(tag = "Proef", params(IdempotencyKey), request_body = NieuweProef, responses((status = 201, description = "Bewaard", body = Proef)), security(("toegang" = ["trajecten:schrijven"])), extensions(("x-max-age" = json!(900))))]
#[post("/bewaard")]
async fn bewaar_proef(app: Data<api::App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuweProef>) -> Result<Answer, Problem> {
    app.write(&caller, Some(idem), move |tx, _now| {
        if body.naam == "weiger" {
            return Err(problem::conflict("proef-geweigerd", "Kies een andere naam."));
        }
        DONE.fetch_add(1, Ordering::Relaxed);
        tx.record(store::Change { handeling: "proef.bewaard", onderwerp_soort: "proef", onderwerp_id: body.naam.clone(), ..store::Change::default() })?;
        let id = tx.nieuw_id();
        Answer::created(&Proef { naam: format!("{} {id}", body.naam), versie: 1 }, format!("/bewaard/{id}"))?.etag(1).done()
    })
    .await
}

fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(bewaar_proef);
    cfg.service(maak_proef).service(lijst_proeven).service(lijst_andere_proeven).service(vervang_proef).service(paniek).service(geheim);
    api::docs::routes(cfg);
}

/// De dienst met een eigen, lege opslag.
pub(crate) struct Dienst {
    pub(crate) app: web::Data<api::App>,
    seconds: Arc<AtomicI64>,
    _dir: tempfile::TempDir,
}

/// Het begin van de proeftijd, plus zoveel seconden.
pub(crate) fn at(seconds: i64) -> Moment {
    chrono::DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("moment")
}

/// Een sleutel tekent een dag en is vijf minuten vooraf gepubliceerd.
pub(crate) fn lifecycle() -> provider::LifecycleSettings {
    provider::LifecycleSettings { lead: TimeDelta::minutes(5), active_for: TimeDelta::days(1), longest_token: TimeDelta::minutes(5) }
}

impl Dienst {
    /// Laat de klok lopen.
    pub(crate) fn wait(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Moment {
        self.app.clock.now()
    }
}

impl std::ops::Deref for Dienst {
    type Target = web::Data<api::App>;

    fn deref(&self) -> &Self::Target {
        &self.app
    }
}

/// Toeval zonder toeval: telt op, zodat ids verschillen.
pub(crate) fn rng() -> domain::Rng {
    let next = std::sync::atomic::AtomicU64::new(1);
    domain::Rng::new(move |buffer| {
        for chunk in buffer.chunks_mut(8) {
            let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&number.to_le_bytes()[..chunk.len()]);
        }
    })
}

/// De dienst met de proefoperaties, met instellingen naar keuze.
pub(crate) fn app(change: impl FnOnce(&mut api::Settings)) -> Dienst {
    app_with(api::toegang::Issuers::default(), change)
}

/// Als [`app`], met uitgevers van buiten.
pub(crate) fn app_with(issuers: api::toegang::Issuers, change: impl FnOnce(&mut api::Settings)) -> Dienst {
    let mut settings = api::Settings::new("https://aansluitloket.example");
    change(&mut settings);
    let dir = tempfile::tempdir().expect("map");
    let config = store::StoreConfig { database_url: None, data_dir: dir.path().to_owned(), pool_size: 2, audit_key: [2; 32], rng: rng(), max_pages: None };
    let store = store::Store::open(config).expect("opslag");
    store.migrate().expect("migraties");
    let seconds = Arc::new(AtomicI64::new(0));
    let ticking = Arc::clone(&seconds);
    let parts = api::Parts {
        store,
        clock: domain::Clock::new(move || at(ticking.load(Ordering::Relaxed))),
        rng: rng(),
        settings,
        issuers,
        keys: api::oidc::KeyManager::new(provider::MasterKey::new([3; 32]), lifecycle()),
        idps: federation::IdpHub::openbaar(rng()).expect("uitgaand verkeer"),
        cursor_secret: [1; 32],
    };
    Dienst { app: web::Data::new(api::App::with_routes(parts, routes).expect("de dienst start")), seconds, _dir: dir }
}

/// Een antwoord, uitgelezen.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Eén verzoek aan een verse keten om `app`.
pub(crate) async fn call(app: &web::Data<api::App>, request: TestRequest) -> Seen {
    let service = test::init_service(App::new().app_data(app.clone()).wrap(from_fn(api::pipeline)).configure(api::configure(app.clone()))).await;
    seen(service.call(request.to_request()).await).await
}

async fn seen(outcome: Result<ServiceResponse, Error>) -> Seen {
    let response = match outcome {
        Ok(response) => response.into_parts().1,
        Err(cause) => cause.error_response(),
    };
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Seen { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
}

/// Een verzoek met deze methode en dit adres.
pub(crate) fn request(method: &str, uri: &str) -> TestRequest {
    TestRequest::default().method(Method::from_bytes(method.as_bytes()).expect("methode")).uri(uri)
}
