//! Een identiteitsprovider op een echte poort, die doet wat de proef zegt.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::web::{self, Data, Form};
use actix_web::{App, HttpResponse, HttpServer};
use provider::SigningKey;
use serde_json::{Map, Value, json};

/// Wat bij een code hoort.
#[derive(Clone, Debug)]
struct Code {
    nonce: String,
    claims: Map<String, Value>,
}

struct Stand {
    adres: String,
    sleutel: SigningKey,
    codes: Mutex<HashMap<String, Code>>,
    nu: Arc<dyn Fn() -> i64 + Send + Sync>,
    userinfo: AtomicBool,
}

/// De identiteitsprovider.
#[derive(Clone)]
pub(crate) struct Idp(Data<Stand>);

async fn discovery(stand: Data<Stand>) -> HttpResponse {
    let a = &stand.adres;
    // Dit adres bestaat niet: wie het vraagt, krijgt een fout.
    let userinfo = stand.userinfo.load(Ordering::SeqCst).then(|| format!("{a}/userinfo"));
    HttpResponse::Ok().json(json!({
        "userinfo_endpoint": userinfo,
        "issuer": a, "authorization_endpoint": format!("{a}/authorize"), "token_endpoint": format!("{a}/token"), "jwks_uri": format!("{a}/jwks"),
        "end_session_endpoint": format!("{a}/afmelden"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"], "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }))
}

async fn jwks(stand: Data<Stand>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "keys": [stand.sleutel.public_jwk()] }))
}

async fn token(stand: Data<Stand>, form: Form<HashMap<String, String>>) -> HttpResponse {
    let Some(code) = form.get("code").and_then(|code| stand.codes.lock().unwrap().remove(code)) else {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    };
    let nu = (stand.nu)();
    let mut claims = json!({ "iss": stand.adres, "aud": "aansluitloket", "iat": nu, "exp": nu + 300, "nonce": code.nonce });
    claims.as_object_mut().unwrap().extend(code.claims);
    let id_token = stand.sleutel.sign("JWT", &claims).unwrap();
    HttpResponse::Ok().json(json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token }))
}

impl Idp {
    pub(crate) fn start(nu: Arc<dyn Fn() -> i64 + Send + Sync>) -> Self {
        let poort = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let adres = format!("http://{}", poort.local_addr().unwrap());
        let stand = Data::new(Stand { adres, sleutel: SigningKey::generate().unwrap(), codes: Mutex::default(), nu, userinfo: AtomicBool::new(false) });
        let eigen = stand.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(eigen.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/jwks", web::get().to(jwks))
                .route("/token", web::post().to(token))
        })
        .workers(1)
        .disable_signals()
        .listen(poort)
        .unwrap();
        actix_web::rt::spawn(server.run());
        Self(stand)
    }

    pub(crate) fn adres(&self) -> &str {
        &self.0.adres
    }

    /// Noemt een userinfo-adres dat niet antwoordt zoals het hoort.
    pub(crate) fn heeft_kapotte_userinfo(&self) {
        self.0.userinfo.store(true, Ordering::SeqCst);
    }

    /// Geeft een code voor iemand met deze claims; `nonce` komt uit het vertrek.
    pub(crate) fn code(&self, nonce: &str, claims: Value) -> String {
        let mut codes = self.0.codes.lock().unwrap();
        let code = format!("code-{}", codes.len() + 1);
        codes.insert(code.clone(), Code { nonce: nonce.to_owned(), claims: claims.as_object().unwrap().clone() });
        code
    }
}
