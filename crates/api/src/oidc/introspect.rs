//! `POST /oidc/introspect` (RFC 7662) en `POST /oidc/revoke` (RFC 7009): een client over haar eigen tokens.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use domain::Moment;
use provider::OAuthError;
use serde_json::{Value, json};
use store::autorisaties::{self, Autorisatie, Verversing};
use store::{Actor, Change, StoreError};

use super::client::{self, Client};
use super::refused::{answer, form};
use super::token::trek_in;
use super::uitgifte::inhoud;
use super::{Refused, hashed};
use crate::app::App;
use crate::problem::Problem;
use crate::toegang::{self, OwnToken};

/// Wat een client toont.
enum Shown {
    Access(Box<OwnToken>),
    Refresh(Verversing, Box<Autorisatie>),
    Unknown,
}

async fn shown(app: &App, token: &str, now: Moment) -> Result<Shown, Refused> {
    if token.split('.').count() == 3 {
        return Ok(toegang::own_token(app, token, now).await?.map_or(Shown::Unknown, |own| Shown::Access(Box::new(own))));
    }
    let hash = hashed(token);
    let found = app
        .store
        .read(move |conn| -> Result<_, StoreError> {
            let Some(verversing) = autorisaties::verversing(conn, &hash)? else { return Ok(None) };
            Ok(autorisaties::get(conn, verversing.autorisatie_id)?.map(|autorisatie| (verversing, autorisatie)))
        })
        .await?;
    Ok(found.map_or(Shown::Unknown, |(verversing, autorisatie)| Shown::Refresh(verversing, Box::new(autorisatie))))
}

/// Zegt of een token geldt.
pub(super) async fn introspect(app: Data<App>, req: HttpRequest, body: Bytes) -> Result<HttpResponse, Problem> {
    answer(&req, inspect(&app, &req, &body).await.map(|state| (StatusCode::OK, state)))
}

async fn inspect(app: &App, req: &HttpRequest, body: &[u8]) -> Result<Value, Refused> {
    let form = form(req, body)?;
    let now = app.clock.now();
    let client = client::authenticate(app, req, &form, now).await?;
    let token = form.required("token")?;
    client.spend_alone(app, None, now).await?;
    let inactive = json!({ "active": false });
    // RFC 7662, 2.2: over het token van een ander zegt het antwoord niets.
    match shown(app, token, now).await? {
        Shown::Access(own) if own.client_id == client.toepassing.id.to_string() && own.active => access(app, &own).await,
        Shown::Refresh(verversing, autorisatie) if autorisatie.toepassing_id == client.toepassing.id => refresh(app, &verversing, &autorisatie, now).await,
        _ => Ok(inactive),
    }
}

async fn access(app: &App, own: &OwnToken) -> Result<Value, Refused> {
    let mut state = own.claims.clone();
    state.insert("active".to_owned(), json!(true));
    let kind = if own.claims.get("cnf").is_some_and(|cnf| cnf.get("jkt").is_some()) { "DPoP" } else { "Bearer" };
    state.insert("token_type".to_owned(), json!(kind));
    if let Some(id) = own.autorisatie {
        let autorisatie = app.store.read_point(move |conn| autorisaties::get(conn, id)).await?;
        if let Some(verlening) = autorisatie.as_ref().map(inhoud).transpose()? {
            state.insert("upstream_amr".to_owned(), json!(verlening.upstream_amr));
            state.extend(verlening.upstream_acr.map(|acr| ("upstream_acr".to_owned(), json!(acr))));
        }
    }
    Ok(Value::Object(state))
}

async fn refresh(app: &App, token: &Verversing, autorisatie: &Autorisatie, now: Moment) -> Result<Value, Refused> {
    let sessie = autorisatie.sessie_id;
    let session = app.store.read_point(move |conn| super::sessie_loopt(conn, sessie, now)).await?;
    if token.gebruikt_op.is_some() || autorisatie.ingetrokken_op.is_some() || now >= token.verloopt_op || !session {
        return Ok(json!({ "active": false }));
    }
    let verlening = inhoud(autorisatie)?;
    Ok(json!({
        "active": true,
        "token_type": "refresh_token",
        "client_id": autorisatie.toepassing_id,
        "sub": verlening.sub,
        "scope": verlening.scopes.join(" "),
        "exp": token.verloopt_op.timestamp(),
        "iss": app.settings.base_url,
        "sid": autorisatie.sessie_id,
    }))
}

/// Trekt een token in.
pub(super) async fn revoke(app: Data<App>, req: HttpRequest, body: Bytes) -> Result<HttpResponse, Problem> {
    // RFC 7009, 2.2: het lichaam telt niet. Sommige bibliotheken lezen het toch, als JSON.
    answer(&req, withdraw(&app, &req, &body).await.map(|()| (StatusCode::OK, json!({}))))
}

async fn withdraw(app: &App, req: &HttpRequest, body: &[u8]) -> Result<(), Refused> {
    let form = form(req, body)?;
    let now = app.clock.now();
    let client = client::authenticate(app, req, &form, now).await?;
    let shown = shown(app, form.required("token")?, now).await?;
    let (own, foreign) = (client.toepassing.id.to_string(), || OAuthError::bad("invalid_grant", "Dit token is van een andere client."));
    match &shown {
        Shown::Access(token) if token.client_id != own => return Err(foreign().into()),
        Shown::Refresh(_, autorisatie) if autorisatie.toepassing_id != client.toepassing.id => return Err(foreign().into()),
        _ => {}
    }
    let actor = Actor { toepassing_id: Some(client.toepassing.id), organisatie_id: Some(client.toepassing.organisatie_id), persoon_id: None };
    app.store.write(actor, now, None, move |tx| end(tx, &client, &shown)).await?;
    app.forget_callers();
    Ok(())
}

fn end(tx: &mut store::Tx<'_>, client: &Client, shown: &Shown) -> Result<(), Refused> {
    client.spend(tx)?;
    match shown {
        // RFC 7009, 2.2: een onbekend token is al weg.
        Shown::Unknown => {}
        Shown::Refresh(_, autorisatie) => trek_in(tx, autorisatie, "door de client ingetrokken")?,
        Shown::Access(token) => {
            autorisaties::trek_token_in(tx, &token.jti, token.exp)?;
            tx.record(Change {
                handeling: "token.ingetrokken",
                onderwerp_soort: "toepassing",
                onderwerp_id: token.client_id.clone(),
                organisatie_id: Some(client.toepassing.organisatie_id),
                na: Some(json!({ "jti": token.jti })),
                ..Change::default()
            })?;
        }
    }
    Ok(())
}
