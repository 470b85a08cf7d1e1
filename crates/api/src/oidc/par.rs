//! `POST /oidc/par`: een verzoek om een aanmelding klaarleggen, vóór de browser erbij komt (RFC 9126).

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;
use provider::OAuthError;
use provider::authorize::{Beoordeling, Herkomst, beoordeel};
use serde_json::{Value, json};
use store::Actor;
use store::autorisaties::{self, Klaargelegd};

use super::binding::Binding;
use super::refused::{answer, form};
use super::uitgifte::secret;
use super::{Refused, client, hashed, provider_settings};
use crate::app::App;
use crate::problem::Problem;

/// Het pad van het PAR-adres.
pub(super) const PATH: &str = "/oidc/par";
/// Hoe lang een klaargelegd verzoek te gebruiken is, in seconden.
const LIFETIME: i64 = 90;
/// Het begin van een `request_uri` die wij uitgaven.
pub(super) const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Legt een verzoek klaar.
pub(super) async fn par(app: Data<App>, req: HttpRequest, body: Bytes) -> Result<HttpResponse, Problem> {
    answer(&req, push(&app, &req, &body).await.map(|pushed| (StatusCode::CREATED, pushed)))
}

async fn push(app: &App, req: &HttpRequest, body: &[u8]) -> Result<Value, Refused> {
    let form = form(req, body)?;
    let now = app.clock.now();
    let client = client::authenticate(app, req, &form, now).await?;
    let binding = Binding::of(app, req, PATH, now)?;
    let mut velden = form.authorization();
    // RFC 9126, 2.1: geen verwijzing naar een ander verzoek.
    if form.get("request_uri").is_some() {
        return Err(OAuthError::bad("invalid_request", "In een klaargelegd verzoek staat geen request_uri.").into());
    }
    let id = client.toepassing.id;
    if form.get("client_id").is_none() {
        velden.push(("client_id".to_owned(), id.to_string()));
    }
    let settings = provider_settings(app);
    let jwks = app.client_keys.of(app, &client.toepassing, now).await;
    let jkt = binding.jkt().map(str::to_owned);
    let bij = Beoordeling { client: &client.toepassing, jwks: &jwks, settings: &settings, herkomst: Herkomst::Klaarleggen { jkt: jkt.clone() }, nu: now };
    beoordeel(&velden, &bij).map_err(|fout| OAuthError::bad(fout.error, fout.description))?;
    let value = secret(app);
    let pushed = Klaargelegd { toepassing_id: id, inhoud: json!({ "velden": velden, "jkt": jkt }), verloopt_op: now + TimeDelta::seconds(LIFETIME) };
    let hash = hashed(&value);
    app.store
        .write(Actor::default(), now, None, move |tx| -> Result<(), Refused> {
            client.spend(tx)?;
            binding.spend(tx)?;
            Ok(autorisaties::leg_klaar(tx, &hash, &pushed)?)
        })
        .await?;
    Ok(json!({ "request_uri": format!("{PREFIX}{value}"), "expires_in": LIFETIME }))
}
