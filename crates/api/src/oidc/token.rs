//! `POST /oidc/token`: `client_credentials` met `private_key_jwt` (RFC 6749, 4.4; RFC 7523, 3).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use domain::toepassingen::{Toepassing, ToepassingStatus};
use domain::{Id, Moment};
use provider::{AccessTokenClaims, OAuthError, ProvenClient, TokenRequest};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::provider_settings;
use crate::antwoord::JSON;
use crate::app::App;
use crate::problem::{self, Problem};

/// Een weigering volgens OAuth, of een fout die daar niets mee te maken heeft.
enum Refused {
    OAuth(OAuthError),
    Problem(Problem),
}

impl From<OAuthError> for Refused {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// Geeft een toepassing een token.
pub(super) async fn token(app: Data<App>, req: HttpRequest, body: Bytes) -> Result<HttpResponse, Problem> {
    match issue(&app, &req, &body).await {
        Ok(answer) => Ok(respond(StatusCode::OK, &answer)),
        Err(Refused::OAuth(error)) => {
            tracing::info!(fout = error.error, reden = error.description, "token niet uitgegeven");
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            Ok(respond(status, &json!({ "error": error.error, "error_description": error.description })))
        }
        Err(Refused::Problem(problem)) => Err(problem),
    }
}

fn respond(status: StatusCode, body: &Value) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(JSON)));
    response.insert_header((header::PRAGMA, HeaderValue::from_static("no-cache")));
    response.body(body.to_string())
}

async fn issue(app: &App, req: &HttpRequest, body: &[u8]) -> Result<Value, Refused> {
    let form = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if form.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Err(OAuthError::bad("invalid_request", "Stuur een formulier met Content-Type: application/x-www-form-urlencoded.").into());
    }
    let fields: Vec<(String, String)> = form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    let request = TokenRequest::parse(&fields)?;
    let now = app.clock.now();
    let (toepassing, proven) = prove(app, &request, now).await?;
    let until = chrono::DateTime::from_timestamp(proven.remember_until(), 0).ok_or_else(|| problem::fout("exp buiten bereik"))?;
    // RFC 7523, 3, punt 7: een bewering telt één keer, op welke node ook.
    if !app.store.use_jti(proven.client_id(), proven.jti(), until).await? {
        return Err(OAuthError::client("Deze client_assertion is al gebruikt. Maak voor elk verzoek een nieuwe, met een eigen jti.").into());
    }
    let granted: Vec<&str> = toepassing.scopes.iter().map(|scope| scope.as_str()).collect();
    let scope = request.granted(&granted)?;
    let lifetime = app.settings.token_lifetime_seconds;
    let client = proven.client_id();
    let jti = domain::nieuw_id(now, &app.rng).to_string();
    let mut claims = AccessTokenClaims::new(&app.settings.base_url, &app.settings.audience, client, client, &scope, jti, now, lifetime);
    claims.organisatie = Some(toepassing.organisatie_id.to_string());
    let key = app.keys.signing(&app.store, &app.rng, now).await?;
    let token = provider::sign_access_token(&key, &claims).map_err(problem::fout)?;
    tracing::info!(client_id = client, scope, "token uitgegeven");
    Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": lifetime, "scope": scope }))
}

/// De toepassing die haar sleutel bewijst te bezitten. Onbekend en geblokkeerd zien er voor een vreemde hetzelfde uit.
async fn prove(app: &App, request: &TokenRequest, now: Moment) -> Result<(Toepassing, ProvenClient), Refused> {
    let refuse = |reason: provider::AssertionError| OAuthError::client(format!("De client is niet aangemeld: {reason}."));
    let client = provider::client_id_of(&request.assertion).map_err(refuse)?;
    if request.client_id.as_ref().is_some_and(|given| *given != client) {
        return Err(OAuthError::client("client_id en client_assertion noemen een andere client.").into());
    }
    let unknown = || OAuthError::client("De client is niet aangemeld: onbekende client, of een sleutel die niet geregistreerd is.");
    let id: Id = client.parse().map_err(|_| unknown())?;
    let toepassing = app.store.read_point(move |conn| store::toepassingen::get(conn, id)).await?;
    let toepassing = toepassing.filter(|toepassing| toepassing.status == ToepassingStatus::Actief).ok_or_else(unknown)?;
    let settings = provider_settings(app);
    let endpoint = settings.token_endpoint();
    let audiences = [settings.issuer.as_str(), endpoint.as_str()];
    let jwks = toepassing.jwks.clone().unwrap_or(Value::Null);
    let proven = provider::verify_assertion(&request.assertion, &client, &jwks, &audiences, now).map_err(refuse)?;
    Ok((toepassing, proven))
}
