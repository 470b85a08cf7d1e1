//! Een kleine identiteitsprovider: genoeg van OpenID Connect om mee aan te melden, met een schakelaar die de tweede factor
//! weglaat. Elke organisatie heeft haar eigen uitgever, want een identiteitsprovider spreekt voor één organisatie.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::http::header;
use actix_web::web::{self, Data, Form, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{Clock, Rng};
use provider::SigningKey;
use serde_json::json;
use url::Url;

use super::{Ingericht, bladzijde, html};
use crate::{Stop, system};

/// De client die de dienst bij ons is.
pub(super) const CLIENT_ID: &str = "aansluitloket";

/// Iemand met een account.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) pad: String,
    pub(super) organisatie: String,
    pub(super) sub: String,
    pub(super) naam: String,
    pub(super) email: String,
}

/// Wat bij een uitgegeven code hoort.
#[derive(Debug, Clone)]
struct Uitgegeven {
    account: Account,
    zonder_mfa: bool,
    redirect_uri: String,
    nonce: String,
    challenge: String,
    auth_time: i64,
}

pub(super) struct Idp {
    adres: String,
    geheim: String,
    terug: String,
    accounts: Vec<Account>,
    sleutel: SigningKey,
    codes: Mutex<HashMap<String, Uitgegeven>>,
    clock: Clock,
    rng: Rng,
}

impl std::fmt::Debug for Idp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Idp")
    }
}

type Velden = HashMap<String, String>;

fn veld<'a>(velden: &'a Velden, naam: &str) -> &'a str {
    velden.get(naam).map(String::as_str).unwrap_or_default()
}

impl Idp {
    pub(super) fn nieuw(ingericht: &Ingericht) -> Result<Self, Stop> {
        let sleutel = SigningKey::generate().map_err(|cause| Stop::fault(format!("Er is geen sleutelpaar te maken ({cause}).")))?;
        Ok(Self {
            adres: ingericht.adressen.idp.clone(),
            geheim: ingericht.geheim.clone(),
            terug: format!("{}/oidc/callback/", ingericht.uitgever),
            accounts: ingericht.personen.clone(),
            sleutel,
            codes: Mutex::default(),
            clock: system::clock(),
            rng: system::rng(),
        })
    }

    fn uitgever(&self, pad: &str) -> String {
        format!("{}/{pad}", self.adres)
    }

    fn accounts<'a>(&'a self, pad: &'a str) -> impl Iterator<Item = &'a Account> {
        self.accounts.iter().filter(move |account| account.pad == pad)
    }

    /// Een verzoek van een ander dan de dienst komt hier niet verder.
    fn verzoek_klopt(&self, velden: &Velden) -> bool {
        veld(velden, "client_id") == CLIENT_ID
            && veld(velden, "redirect_uri").starts_with(&self.terug)
            && veld(velden, "response_type") == "code"
            && veld(velden, "code_challenge_method") == "S256"
    }

    fn toeval(&self) -> String {
        let mut bytes = [0; 24];
        self.rng.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

pub(super) fn adressen(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/{pad}/.well-known/openid-configuration").route(web::get().to(discovery)))
        .service(web::resource("/{pad}/jwks").route(web::get().to(jwks)))
        .service(web::resource("/{pad}/authorize").route(web::get().to(vraag)).route(web::post().to(aangemeld)))
        .service(web::resource("/{pad}/token").route(web::post().to(token)))
        .service(web::resource("/{pad}/afmelden").route(web::get().to(afmelden)));
}

fn geweigerd(waarom: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": "invalid_request", "error_description": waarom }))
}

async fn discovery(idp: Data<Idp>, pad: Path<String>) -> HttpResponse {
    let uitgever = idp.uitgever(&pad);
    HttpResponse::Ok().json(json!({
        "issuer": uitgever,
        "authorization_endpoint": format!("{uitgever}/authorize"),
        "token_endpoint": format!("{uitgever}/token"),
        "jwks_uri": format!("{uitgever}/jwks"),
        "end_session_endpoint": format!("{uitgever}/afmelden"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "email", "profile"],
        "claims_supported": ["sub", "email", "name", "amr", "auth_time"],
    }))
}

async fn jwks(idp: Data<Idp>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "keys": [idp.sleutel.public_jwk()] }))
}

async fn vraag(idp: Data<Idp>, pad: Path<String>, velden: Query<Velden>) -> HttpResponse {
    if !idp.verzoek_klopt(&velden) {
        return geweigerd("dit verzoek komt niet van het Aansluitloket");
    }
    let organisatie = idp.accounts(&pad).next().map(|account| account.organisatie.clone()).unwrap_or_default();
    let keuzes: String = idp
        .accounts(&pad)
        .enumerate()
        .map(|(plek, account)| {
            let (sub, eerste) = (html(&account.sub), if plek == 0 { " checked" } else { "" });
            format!("<label><input type=\"radio\" name=\"sub\" value=\"{sub}\"{eerste}> {} ({})</label>", html(&account.naam), html(&account.email))
        })
        .collect();
    let over: String = velden.iter().map(|(naam, waarde)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", html(naam), html(waarde))).collect();
    let inhoud = format!(
        "<h1>Aanmelden bij {}</h1><p>Dit is de aanmelddienst van de organisatie zelf. In het echt typt u hier uw wachtwoord en gebruikt u uw tweede factor.</p>\
         <form method=\"post\" id=\"aanmelden\">{over}<fieldset><legend>Wie bent u?</legend>{keuzes}</fieldset>\
         <fieldset><legend>Tweede factor</legend><label><input type=\"checkbox\" id=\"zonder-mfa\" name=\"zonder_mfa\" value=\"ja\"> Laat MFA weg: het Aansluitloket moet u dan weigeren</label></fieldset>\
         <button type=\"submit\" id=\"aanmelden-knop\">Aanmelden</button></form>",
        html(&organisatie)
    );
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(bladzijde("Aanmelden bij uw organisatie", &inhoud))
}

async fn aangemeld(idp: Data<Idp>, pad: Path<String>, velden: Form<Velden>) -> HttpResponse {
    let account = idp.accounts(&pad).find(|account| account.sub == veld(&velden, "sub")).cloned();
    let (Some(account), true) = (account, idp.verzoek_klopt(&velden)) else { return geweigerd("onbekend account of verzoek") };
    let redirect_uri = veld(&velden, "redirect_uri").to_owned();
    let Ok(mut naar) = Url::parse(&redirect_uri) else { return geweigerd("redirect_uri") };
    let code = idp.toeval();
    let uitgegeven = Uitgegeven {
        account,
        zonder_mfa: velden.contains_key("zonder_mfa"),
        redirect_uri,
        nonce: veld(&velden, "nonce").to_owned(),
        challenge: veld(&velden, "code_challenge").to_owned(),
        auth_time: idp.clock.now().timestamp(),
    };
    idp.codes.lock().unwrap_or_else(PoisonError::into_inner).insert(code.clone(), uitgegeven);
    naar.query_pairs_mut().append_pair("code", &code).append_pair("state", veld(&velden, "state"));
    HttpResponse::SeeOther().insert_header((header::LOCATION, naar.to_string())).finish()
}

fn bekend(idp: &Idp, req: &HttpRequest) -> bool {
    let gegeven = req.headers().get(header::AUTHORIZATION).and_then(|kop| kop.to_str().ok()).and_then(|kop| kop.strip_prefix("Basic "));
    gegeven.is_some_and(|gegeven| gegeven == STANDARD.encode(format!("{CLIENT_ID}:{}", idp.geheim)))
}

async fn token(idp: Data<Idp>, pad: Path<String>, req: HttpRequest, velden: Form<Velden>) -> HttpResponse {
    if !bekend(&idp, &req) {
        return HttpResponse::Unauthorized().json(json!({ "error": "invalid_client" }));
    }
    let uitgegeven = idp.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(veld(&velden, "code"));
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, veld(&velden, "code_verifier").as_bytes()));
    let goed = uitgegeven.filter(|code| code.account.pad == *pad && code.redirect_uri == veld(&velden, "redirect_uri") && code.challenge == challenge);
    let Some(code) = goed else { return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" })) };
    let nu = idp.clock.now().timestamp();
    let claims = json!({
        "iss": idp.uitgever(&pad), "sub": code.account.sub, "aud": CLIENT_ID, "iat": nu, "exp": nu + 300, "nonce": code.nonce,
        "auth_time": code.auth_time, "email": code.account.email, "name": code.account.naam, "sid": idp.toeval(),
        "amr": if code.zonder_mfa { json!(["pwd"]) } else { json!(["pwd", "otp"]) },
    });
    match idp.sleutel.sign("JWT", &claims) {
        Ok(id_token) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(json!({ "access_token": idp.toeval(), "token_type": "Bearer", "expires_in": 300, "id_token": id_token })),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

async fn afmelden(idp: Data<Idp>, velden: Query<Velden>) -> HttpResponse {
    let hub = idp.terug.trim_end_matches("callback/").to_owned();
    let Ok(mut naar) = Url::parse(veld(&velden, "post_logout_redirect_uri")) else { return geweigerd("post_logout_redirect_uri") };
    if !naar.as_str().starts_with(&hub) {
        return geweigerd("post_logout_redirect_uri");
    }
    if let Some(state) = velden.get("state") {
        naar.query_pairs_mut().append_pair("state", state);
    }
    HttpResponse::SeeOther().insert_header((header::LOCATION, naar.to_string())).finish()
}
