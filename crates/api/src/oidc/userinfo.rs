//! `/oidc/userinfo`: gegevens van de aangemelde persoon (OIDC Core, 5.3).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use domain::Moment;
use domain::toepassingen::Toepassing;
use serde_json::{Map, Value, json};
use store::StoreError;
use store::autorisaties::Autorisatie;
use url::form_urlencoded;

use super::uitgifte::{inhoud, persoon_claims};
use crate::antwoord::JSON;
use crate::app::App;
use crate::middleware::Trace;
use crate::problem::{self, Problem};
use crate::toegang::{self, Presented, challenge};

/// Het pad van userinfo.
pub(super) const PATH: &str = "/oidc/userinfo";

/// Geeft de gegevens, als JSON of als getekend JWT.
pub(super) async fn userinfo(app: Data<App>, req: HttpRequest, body: Bytes) -> Result<HttpResponse, Problem> {
    let now = app.clock.now();
    let headers = with_form_token(&req, &body)?;
    let peer = req.peer_addr().map(|peer| peer.ip());
    let presented = Presented { headers: &headers, method: req.method().as_str(), path: PATH, peer };
    let mut random = [0; 24];
    app.rng.fill(&mut random);
    let trace = Trace::from_headers(req.headers(), random);
    let beller = toegang::identify(&app, &presented, now, trace).await?;
    let aanmelding = &beller.aanmelding;
    if !beller.has_scope("openid") {
        return Err(challenge::insufficient_scope(&["openid".to_owned()]));
    }
    let (Some(persoon), Some(id)) = (beller.persoon(), aanmelding.autorisatie) else { return Err(challenge::invalid("token zonder autorisatie")) };
    let found = app
        .store
        .read_point(move |conn| -> Result<_, StoreError> {
            let Some(autorisatie) = store::autorisaties::get(conn, id)? else { return Ok(None) };
            let toepassing = store::toepassingen::get(conn, autorisatie.toepassing_id)?;
            Ok(toepassing.map(|toepassing| (autorisatie, toepassing)))
        })
        .await?;
    let (autorisatie, toepassing): (Autorisatie, Toepassing) = found.ok_or_else(|| challenge::invalid("autorisatie verdwenen"))?;
    let verlening = inhoud(&autorisatie)?;
    let asked = &verlening.claims.userinfo;
    let mut claims = provider::claims_of(&persoon_claims(persoon), &beller.scopes, |name| asked.contains_key(name));
    claims.insert("sub".to_owned(), json!(verlening.sub));
    respond(&app, &toepassing, claims, now).await
}

/// RFC 6750, 2.2: bij POST mag het token in het formulier staan, maar niet op twee plaatsen.
fn with_form_token(req: &HttpRequest, body: &[u8]) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    let kept = [header::AUTHORIZATION, HeaderName::from_static(super::binding::DPOP)]
        .into_iter()
        .chain(req.app_data::<Data<App>>().and_then(|app| app.settings.client_certificate_header.clone()));
    for name in kept {
        for value in req.headers().get_all(&name) {
            headers.append(name.clone(), value.clone());
        }
    }
    let kind = req.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if req.method() == actix_web::http::Method::POST && kind.starts_with("application/x-www-form-urlencoded") {
        let in_header = headers.contains_key(header::AUTHORIZATION);
        for (_, token) in form_urlencoded::parse(body).filter(|(name, _)| name == "access_token") {
            if in_header {
                return Err(twice());
            }
            let value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| challenge::invalid("token in het formulier"))?;
            headers.append(header::AUTHORIZATION, value);
        }
    }
    Ok(headers)
}

fn twice() -> Problem {
    let detail = "Het token staat in de kop en in het formulier. Stuur het één keer mee.";
    Problem::new(StatusCode::BAD_REQUEST, "verzoek-onbegrijpelijk", "Verzoek onbegrijpelijk", detail)
        .header(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_request\"")
}

async fn respond(app: &App, toepassing: &Toepassing, claims: Map<String, Value>, now: Moment) -> Result<HttpResponse, Problem> {
    let mut response = HttpResponse::Ok();
    let Some(alg) = toepassing.userinfo_algoritme else {
        response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(JSON)));
        return Ok(response.body(Value::Object(claims).to_string()));
    };
    // OIDC Core, 5.3.2: een getekend antwoord noemt uitgever en bestemming.
    let mut signed = claims;
    signed.insert("iss".to_owned(), json!(app.settings.base_url));
    signed.insert("aud".to_owned(), json!(toepassing.id));
    signed.insert("iat".to_owned(), json!(now.timestamp()));
    let key = app.keys.signing_for(alg, &app.store, &app.rng, now).await?;
    let token = key.sign("JWT", &signed).map_err(problem::fout)?;
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/jwt")));
    Ok(response.body(token))
}
