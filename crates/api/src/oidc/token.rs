//! `POST /oidc/token`: een code inwisselen, verversen, of een token voor een machine (RFC 6749; RFC 7523; RFC 9449).

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use domain::personen::{Persoon, PersoonStatus};
use domain::toepassingen::{Profiel, ToepassingSoort};
use provider::{AccessTokenClaims, Form, Grant, Inwisseling, OAuthError};
use serde_json::{Value, json};
use store::autorisaties::{self, Autorisatie};
use store::{Actor, Change, Tx};

use super::binding::Binding;
use super::client::{self, Client};
use super::refused::{answer, form};
use super::uitgifte::{Uitgifte, inhoud, secret};
use super::{Refused, hashed};
use crate::app::App;
use crate::problem::{self, Problem};

/// Het pad van het tokenadres.
pub(super) const PATH: &str = "/oidc/token";

/// Geeft een client tokens.
pub(super) async fn token(app: Data<App>, req: HttpRequest, body: Bytes) -> Result<HttpResponse, Problem> {
    answer(&req, issue(&app, &req, &body).await.map(|tokens| (StatusCode::OK, tokens)))
}

async fn issue(app: &Data<App>, req: &HttpRequest, body: &[u8]) -> Result<Value, Refused> {
    let form = form(req, body)?;
    let (grant, now) = (form.grant()?, app.clock.now());
    let client = client::authenticate(app, req, &form, now).await?;
    let binding = Binding::of(app, req, PATH, now)?.for_client(&client)?;
    form.target(&app.settings.audience)?;
    match (grant, client.toepassing.soort) {
        (Grant::ClientCredentials, ToepassingSoort::Machine) => machine(app, &client, &binding, &form).await,
        (Grant::AuthorizationCode, ToepassingSoort::Portaal) => code(app, client, binding, &form).await,
        (Grant::RefreshToken, ToepassingSoort::Portaal) => refresh(app, client, binding, &form).await,
        _ => Err(OAuthError::bad("unauthorized_client", "Deze client heeft een andere grant: een machine client_credentials, een portaal authorization_code.")
            .into()),
    }
}

/// Een token voor de client zelf.
async fn machine(app: &App, client: &Client, binding: &Binding, form: &Form) -> Result<Value, Refused> {
    let (toepassing, now) = (&client.toepassing, app.clock.now());
    // RFC 7523, 3, punt 7: een bewering telt één keer, op welke node ook.
    client.spend_alone(app, binding.once(), now).await?;
    let own: Vec<&str> = toepassing.scopes.iter().map(|scope| scope.as_str()).collect();
    let scope = provider::granted(&form.scopes(), &own)?;
    let lifetime = app.settings.token_lifetime_seconds;
    let id = toepassing.id.to_string();
    let jti = domain::nieuw_id(now, &app.rng).to_string();
    let mut claims = AccessTokenClaims::new(&app.settings.base_url, &app.settings.audience, &id, &id, &scope, jti, now, lifetime);
    claims.organisatie = Some(toepassing.organisatie_id.to_string());
    claims.cnf = binding.cnf();
    let key = app.keys.signing(&app.store, &app.rng, now).await?;
    let token = provider::sign_access_token(&key, &claims).map_err(problem::fout)?;
    tracing::info!(client_id = id, scope, "token uitgegeven");
    Ok(json!({ "access_token": token, "token_type": binding.token_type(), "expires_in": lifetime, "scope": scope }))
}

/// Een weigering die wel wordt vastgelegd: de bewering van de client telt, en wat is ingetrokken blijft ingetrokken.
type Settled<T> = Result<Result<T, Denied>, Refused>;

/// Waarom er geen tokens komen.
struct Denied {
    error: OAuthError,
    /// Of wat eerder is uitgegeven daarmee is ingetrokken.
    withdrawn: bool,
}

impl From<OAuthError> for Denied {
    fn from(error: OAuthError) -> Self {
        Self { error, withdrawn: false }
    }
}

fn invalid_grant(text: &str) -> Denied {
    OAuthError::bad("invalid_grant", text).into()
}

/// Voert de inwisseling uit in één transactie, samen met de eenmalige kenmerken van client en sleutel.
async fn settle<F>(app: &Data<App>, client: Client, binding: Binding, act: F) -> Result<Value, Refused>
where
    F: Fn(&mut Tx<'_>, &Client, &Binding) -> Settled<Uitgifte> + Send + 'static,
{
    let now = app.clock.now();
    let actor = Actor { toepassing_id: Some(client.toepassing.id), organisatie_id: Some(client.toepassing.organisatie_id), persoon_id: None };
    let (cnf, token_type) = (binding.cnf(), binding.token_type());
    let settled = app.store.write(actor, now, None, move |tx| -> Settled<Uitgifte> {
        client.spend(tx)?;
        binding.spend(tx)?;
        act(tx, &client, &binding)
    });
    let uitgifte = settled.await?.map_err(|denied| {
        // Een hergebruikte code of een hergebruikt token trekt in wat eruit kwam; op deze node werkt dat meteen.
        if denied.withdrawn {
            app.forget_callers();
        }
        denied.error
    })?;
    tracing::info!(client_id = %uitgifte.toepassing.id, sid = %uitgifte.autorisatie.sessie_id, "tokens uitgegeven");
    Ok(uitgifte.tokens(app, cnf, token_type, now).await?)
}

async fn code(app: &Data<App>, client: Client, binding: Binding, form: &Form) -> Result<Value, Refused> {
    let hash = hashed(form.required("code")?);
    let (redirect_uri, verifier) = (form.get("redirect_uri").map(str::to_owned), form.get("code_verifier").map(str::to_owned));
    let shared = app.clone();
    settle(app, client, binding, move |tx, client, binding| {
        let Some(autorisatie) = autorisaties::by_code(tx.conn(), &hash)?.filter(|found| found.toepassing_id == client.toepassing.id) else {
            return Ok(Err(invalid_grant("De code is onbekend, of niet van deze client.")));
        };
        // RFC 6749, 4.1.2: een code die nog eens komt, is uitgelekt; alles wat eruit kwam vervalt.
        if autorisatie.code_ingewisseld_op.is_some() {
            return reused(tx, &autorisatie, "code opnieuw gebruikt", "De code is al ingewisseld; de tokens daaruit zijn ingetrokken.");
        }
        if tx.now() >= autorisatie.code_verloopt_op {
            return Ok(Err(invalid_grant("De code is verlopen; zij geldt een minuut.")));
        }
        let verlening = inhoud(&autorisatie)?;
        let met = Inwisseling { redirect_uri: redirect_uri.as_deref(), code_verifier: verifier.as_deref(), jkt: binding.jkt() };
        if let Err(error) = provider::beoordeel_inwisseling(&verlening, &met) {
            return Ok(Err(error.into()));
        }
        let Some(persoon) = present(tx, &autorisatie)? else { return Ok(Err(invalid_grant("De sessie is beëindigd. Meld opnieuw aan."))) };
        if !autorisaties::wissel_code_in(tx, autorisatie.id)? {
            return reused(tx, &autorisatie, "code opnieuw gebruikt", "De code is al ingewisseld; de tokens daaruit zijn ingetrokken.");
        }
        let refresh_token = verlening.heeft_scope("offline_access").then(|| secret(&shared));
        if let Some(token) = &refresh_token {
            let until = provider::refresh_until(tx.now(), autorisatie.verloopt_op);
            autorisaties::insert_verversing(tx, &hashed(token), autorisatie.id, until)?;
        }
        let (scopes, nonce) = (verlening.scopes.clone(), verlening.nonce.clone());
        Ok(Ok(Uitgifte { toepassing: Arc::clone(&client.toepassing), autorisatie, verlening, persoon, scopes, refresh_token, nonce }))
    })
    .await
}

async fn refresh(app: &Data<App>, client: Client, binding: Binding, form: &Form) -> Result<Value, Refused> {
    let given = form.required("refresh_token")?.to_owned();
    let hash = hashed(&given);
    let asked: Vec<String> = form.scopes().into_iter().map(str::to_owned).collect();
    let shared = app.clone();
    settle(app, client, binding, move |tx, client, _| {
        let gone = || Ok(Err(invalid_grant("Het verversingstoken is onbekend, verlopen of ingetrokken, of niet van deze client.")));
        let Some(token) = autorisaties::verversing(tx.conn(), &hash)? else { return gone() };
        let found = autorisaties::get(tx.conn(), token.autorisatie_id)?;
        let Some(autorisatie) = found.filter(|found| found.toepassing_id == client.toepassing.id) else { return gone() };
        if token.gebruikt_op.is_some() {
            return reused(tx, &autorisatie, "verversingstoken opnieuw gebruikt", "Dit verversingstoken is al gebruikt; alle tokens daaruit zijn ingetrokken.");
        }
        if autorisatie.ingetrokken_op.is_some() || tx.now() >= token.verloopt_op {
            return gone();
        }
        let verlening = inhoud(&autorisatie)?;
        let own: Vec<&str> = verlening.scopes.iter().map(String::as_str).collect();
        // Standaardsoftware herhaalt hier vaak wat zij in het begin vroeg, ook wat toen niet is toegekend.
        let granted = if client.toepassing.profiel == Profiel::Oidc { provider::granted_of } else { provider::granted };
        let scopes = match granted(&asked.iter().map(String::as_str).collect::<Vec<_>>(), &own) {
            Ok(scopes) => scopes.split(' ').map(str::to_owned).collect(),
            Err(error) => return Ok(Err(error.into())),
        };
        let Some(persoon) = present(tx, &autorisatie)? else { return gone() };
        let until = provider::refresh_until(tx.now(), autorisatie.verloopt_op);
        let next = if client.toepassing.profiel == Profiel::Fapi2 {
            // FAPI 2.0, 5.3.2.1: niet wisselen; het token is al aan de client gebonden.
            autorisaties::verleng_verversing(tx, &hash, until)?;
            given.clone()
        } else {
            if !autorisaties::gebruik_verversing(tx, &hash)? {
                return reused(
                    tx,
                    &autorisatie,
                    "verversingstoken opnieuw gebruikt",
                    "Dit verversingstoken is al gebruikt; alle tokens daaruit zijn ingetrokken.",
                );
            }
            let next = secret(&shared);
            autorisaties::insert_verversing(tx, &hashed(&next), autorisatie.id, until)?;
            next
        };
        let toepassing = Arc::clone(&client.toepassing);
        Ok(Ok(Uitgifte { toepassing, autorisatie, verlening, persoon, scopes, refresh_token: Some(next), nonce: None }))
    })
    .await
}

/// De persoon, als de sessie nog loopt en de persoon nog mag.
fn present(tx: &mut Tx<'_>, autorisatie: &Autorisatie) -> Result<Option<Persoon>, Refused> {
    let now = tx.now();
    if autorisatie.ingetrokken_op.is_some() || !super::sessie_loopt(tx.conn(), autorisatie.sessie_id, now)? {
        return Ok(None);
    }
    let persoon = store::personen::get(tx.conn(), autorisatie.persoon_id)?;
    Ok(persoon.filter(|persoon| persoon.status == PersoonStatus::Actief))
}

/// Trekt alles in wat uit een autorisatie kwam, en legt vast waarom.
fn reused<T>(tx: &mut Tx<'_>, autorisatie: &Autorisatie, reden: &'static str, text: &str) -> Settled<T> {
    trek_in(tx, autorisatie, reden)?;
    Ok(Err(Denied { withdrawn: true, ..invalid_grant(text) }))
}

/// Trekt een autorisatie in, met haar auditregel; nog eens is geen fout.
pub(super) fn trek_in(tx: &mut Tx<'_>, autorisatie: &Autorisatie, reden: &'static str) -> Result<(), store::StoreError> {
    if !autorisaties::trek_in(tx, autorisatie.id, reden)? {
        return Ok(());
    }
    tx.record(Change {
        handeling: "autorisatie.ingetrokken",
        onderwerp_soort: "autorisatie",
        onderwerp_id: autorisatie.id.to_string(),
        na: Some(json!({ "reden": reden, "toepassingId": autorisatie.toepassing_id, "persoonId": autorisatie.persoon_id, "sessieId": autorisatie.sessie_id })),
        ..Change::default()
    })
}
