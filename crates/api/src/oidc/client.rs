//! Wie er aan het tokenadres staat: de aanmelding van een client, op de manier die voor haar geregistreerd is.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use domain::toepassingen::{ClientAuthenticatie, Profiel, Toepassing, ToepassingStatus};
use domain::{Id, Moment};
use provider::{AssertionError, ClientProof, Form, OAuthError, ProvenClient};
use serde_json::Value;
use store::Tx;
use url::form_urlencoded;

use super::certificate::{self, Certificate};
use super::{Refused, hashed, provider_settings};
use crate::app::App;
use crate::problem;

/// Een kenmerk dat maar één keer telt, op welke node ook.
#[derive(Debug, Clone)]
pub(super) struct Once {
    pub(super) owner: String,
    pub(super) jti: String,
    pub(super) until: Moment,
}

/// Een client die zich heeft aangemeld; de bewering moet nog als gebruikt getekend worden.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) toepassing: Arc<Toepassing>,
    /// Het certificaat van de verbinding, als dat de aanmelding is.
    pub(super) certificate: Option<Certificate>,
    pub(super) once: Option<Once>,
    secret: Option<Id>,
}

fn replayed() -> OAuthError {
    OAuthError::client("Deze client_assertion is al gebruikt. Maak voor elk verzoek een nieuwe, met een eigen jti.")
}

/// Onbekend, geblokkeerd en verkeerd aangemeld zien er voor een vreemde hetzelfde uit.
fn unknown() -> OAuthError {
    OAuthError::client(
        "De client is niet aangemeld: een onbekende client, een geheim dat niet (meer) geldt, of een manier van aanmelden die niet geregistreerd is.",
    )
}

fn refuse(reason: AssertionError) -> OAuthError {
    OAuthError::client(format!("De client is niet aangemeld: {reason}."))
}

impl Client {
    /// Tekent de bewering als gebruikt, in de transactie die het antwoord vastlegt.
    pub(super) fn spend(&self, tx: &mut Tx<'_>) -> Result<(), Refused> {
        if let Some(secret) = self.secret {
            let now = tx.now();
            store::toepassingen::geheimen::gebruikt(tx, secret, now)?;
        }
        match &self.once {
            Some(once) if !tx.use_jti(&once.owner, &once.jti, once.until)? => Err(replayed().into()),
            _ => Ok(()),
        }
    }

    /// Als [`Client::spend`], voor een verzoek dat verder niets vastlegt.
    pub(super) async fn spend_alone(&self, app: &App, also: Option<Once>, now: Moment) -> Result<(), Refused> {
        if self.secret.is_some() {
            let client = self.clone();
            app.store.write(store::Actor::default(), now, None, move |tx| client.spend(tx)).await?;
        }
        let fresh = async |once: &Once| app.store.use_jti(&once.owner, &once.jti, once.until, now).await;
        if let Some(once) = &self.once
            && !fresh(once).await?
        {
            return Err(replayed().into());
        }
        if let Some(once) = &also
            && !fresh(once).await?
        {
            return Err(provider::DpopError::Replay.into());
        }
        Ok(())
    }
}

/// Meldt de client aan.
pub(super) async fn authenticate(app: &App, req: &HttpRequest, form: &Form, now: Moment) -> Result<Client, Refused> {
    match form.client_proof(basic(req)?)? {
        ClientProof::Assertion { assertion, client_id } => by_assertion(app, req.path(), &assertion, client_id.as_deref(), now).await,
        ClientProof::Basic { client_id, secret } => by_secret(app, ClientAuthenticatie::ClientSecretBasic, &client_id, &secret).await,
        ClientProof::Post { client_id, secret } => by_secret(app, ClientAuthenticatie::ClientSecretPost, &client_id, &secret).await,
        ClientProof::Certificate { client_id } => by_certificate(app, req, &client_id).await,
    }
}

/// `Authorization: Basic` met beide delen in formuliercodering (RFC 6749, 2.3.1).
fn basic(req: &HttpRequest) -> Result<Option<(String, String)>, OAuthError> {
    let mut values = req.headers().get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else { return Ok(None) };
    let wrong = || OAuthError::client("De kop Authorization is geen geldige Basic-aanmelding.");
    let (scheme, encoded) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(wrong)?;
    if values.next().is_some() || !scheme.eq_ignore_ascii_case("basic") {
        return Err(wrong());
    }
    let decoded = STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(wrong)?;
    let (client_id, secret) = decoded.split_once(':').ok_or_else(wrong)?;
    let plain = |text: &str| form_urlencoded::parse(format!("v={text}").as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default();
    Ok(Some((plain(client_id), plain(secret))))
}

/// De actieve toepassing die zich op deze manier aanmeldt. Een geheim telt in de kop en in het formulier: standaardsoftware
/// kiest zelf waar zij het zet, en het is hetzelfde geheim.
async fn registered(app: &App, client_id: &str, method: ClientAuthenticatie) -> Result<Arc<Toepassing>, Refused> {
    let id: Id = client_id.parse().map_err(|_| unknown())?;
    let found = app.clients.van(app, id).await?;
    let fits = |toepassing: &Arc<Toepassing>| toepassing.status == ToepassingStatus::Actief && same_kind(toepassing.client_authenticatie, method);
    Ok(found.filter(fits).ok_or_else(unknown)?)
}

fn same_kind(registered: ClientAuthenticatie, used: ClientAuthenticatie) -> bool {
    registered == used || (registered.met_geheim() && used.met_geheim())
}

async fn by_assertion(app: &App, path: &str, assertion: &str, client_id: Option<&str>, now: Moment) -> Result<Client, Refused> {
    let named = provider::client_id_of(assertion).map_err(refuse)?;
    if client_id.is_some_and(|given| given != named) {
        return Err(OAuthError::client("client_id en client_assertion noemen een andere client.").into());
    }
    let toepassing = registered(app, &named, ClientAuthenticatie::PrivateKeyJwt).await?;
    let proven = prove(app, path, assertion, &toepassing, now).await?;
    let until = chrono::DateTime::from_timestamp(proven.remember_until(), 0).ok_or_else(|| problem::fout("exp buiten bereik"))?;
    let once = Once { owner: named, jti: proven.jti().to_owned(), until };
    Ok(Client { toepassing, certificate: None, once: Some(once), secret: None })
}

/// FAPI 2.0, 5.3.2.1: alleen de uitgever als `aud`, en geen RS256. NL GOV laat ook het tokenadres toe, en RFC 9126, 2 het adres
/// waar verzoeken worden klaargelegd; standaardsoftware noemt steeds het adres waar zij de bewering heen stuurt.
async fn prove(app: &App, path: &str, assertion: &str, toepassing: &Toepassing, now: Moment) -> Result<ProvenClient, Refused> {
    let settings = provider_settings(app);
    let (endpoint, here) = (settings.token_endpoint(), format!("{}{path}", settings.issuer));
    let strict = toepassing.profiel == Profiel::Fapi2;
    let mut audiences = vec![settings.issuer.as_str()];
    if !strict {
        audiences.extend([endpoint.as_str(), here.as_str()]);
    }
    if strict && provider::algorithm_of(assertion).as_deref() == Some("RS256") {
        return Err(refuse(AssertionError::Algorithm).into());
    }
    let client = toepassing.id.to_string();
    let verify = |keys: &Value| provider::verify_assertion(assertion, &client, keys, &audiences, now);
    let verdict = match verify(&*app.client_keys.of(app, toepassing, now).await) {
        Err(AssertionError::UnknownKey) if toepassing.jwks_uri.is_some() => verify(&*app.client_keys.refreshed(app, toepassing, now).await),
        verdict => verdict,
    };
    let proven = verdict.map_err(refuse)?;
    // FAPI 2.0: beweringen van clients leven kort.
    if strict && proven.remember_until() - now.timestamp() > STRICT_SECONDS {
        return Err(refuse(AssertionError::Expiry).into());
    }
    Ok(proven)
}

/// Vijf minuten vooruit, met het klokverschil aan beide kanten.
const STRICT_SECONDS: i64 = 300 + 60 + 60;

async fn by_secret(app: &App, method: ClientAuthenticatie, client_id: &str, secret: &str) -> Result<Client, Refused> {
    let toepassing = registered(app, client_id, method).await?;
    let id = toepassing.id;
    let stored = app.store.read_point(move |conn| store::toepassingen::geheimen::list(conn, id)).await?;
    let (given, now) = (hashed(secret), app.clock.now());
    let fits = stored.into_iter().find(|(geheim, hash)| geheim.geldig(now) && provider::same(hash, &given));
    let (geheim, _) = fits.ok_or_else(unknown)?;
    // Het laatste gebruik is op het uur nauwkeurig: niet bij elk token een rij.
    let stale = geheim.laatst_gebruikt_op.is_none_or(|used| now - used > TimeDelta::hours(1));
    Ok(Client { toepassing, certificate: None, once: None, secret: stale.then_some(geheim.id) })
}

/// RFC 8705, 2.1: het certificaat komt van de vertrouwde proxy, en zijn onderwerp is het geregistreerde.
async fn by_certificate(app: &App, req: &HttpRequest, client_id: &str) -> Result<Client, Refused> {
    let certificate = certificate::of(app, req.headers(), req.peer_addr().map(|peer| peer.ip())).ok_or_else(unknown)?;
    let toepassing = registered(app, client_id, ClientAuthenticatie::TlsClientAuth).await?;
    if !toepassing.tls_subject_dn.as_deref().is_some_and(|dn| certificate.is(dn)) {
        return Err(unknown().into());
    }
    Ok(Client { toepassing, certificate: Some(certificate), once: None, secret: None })
}

/// De sleutels van clients die een adres opgaven; per adres één geheugen.
#[derive(Debug, Default)]
pub(crate) struct ClientKeys(std::sync::Mutex<std::collections::HashMap<String, Arc<federation::JwksCache>>>);

/// Zoveel adressen houden wij bij; daarboven beginnen wij opnieuw.
const MAX_ADDRESSES: usize = 1_000;

impl ClientKeys {
    fn cache(&self, app: &App, uri: &str) -> Arc<federation::JwksCache> {
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() >= MAX_ADDRESSES {
            known.clear();
        }
        let make = || Arc::new(federation::JwksCache::new(uri, Some(uri.to_owned()), app.egress.clone()));
        Arc::clone(known.entry(uri.to_owned()).or_insert_with(make))
    }

    /// De sleutels van een client; leeg als zij die niet heeft of haar adres niet antwoordt.
    pub(super) async fn of(&self, app: &App, toepassing: &Toepassing, now: Moment) -> Arc<Value> {
        match (&toepassing.jwks, &toepassing.jwks_uri) {
            (Some(jwks), _) => Arc::new(jwks.clone()),
            (None, Some(uri)) => self.cache(app, uri).get(now).await.unwrap_or_default(),
            (None, None) => Arc::default(),
        }
    }

    /// De sleutels, opnieuw gehaald na een onbekende `kid`; hoogstens eens per minuut.
    pub(super) async fn refreshed(&self, app: &App, toepassing: &Toepassing, now: Moment) -> Arc<Value> {
        match &toepassing.jwks_uri {
            Some(uri) => self.cache(app, uri).refresh(now).await.unwrap_or_default(),
            None => self.of(app, toepassing, now).await,
        }
    }
}
