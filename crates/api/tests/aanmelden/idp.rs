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

/// Hoe een ID-token ontstaat uit de claims.
type Tekenaar = Box<dyn Fn(&SigningKey, &Value) -> String + Send>;

struct Stand {
    adres: String,
    sleutel: SigningKey,
    codes: Mutex<HashMap<String, Code>>,
    nu: Arc<dyn Fn() -> i64 + Send + Sync>,
    userinfo: AtomicBool,
    /// Wat een adres geeft in plaats van het gewone antwoord.
    anders: Mutex<HashMap<&'static str, (u16, Value)>>,
    tekent: Mutex<Option<Tekenaar>>,
}

impl Stand {
    fn anders(&self, pad: &str) -> Option<HttpResponse> {
        let anders = self.anders.lock().unwrap().get(pad).cloned();
        anders.map(|(status, inhoud)| HttpResponse::build(status.try_into().unwrap()).json(inhoud))
    }

    fn discovery(&self) -> Value {
        let a = &self.adres;
        let userinfo = self.userinfo.load(Ordering::SeqCst).then(|| format!("{a}/userinfo"));
        json!({
            "userinfo_endpoint": userinfo,
            "issuer": a, "authorization_endpoint": format!("{a}/authorize"), "token_endpoint": format!("{a}/token"), "jwks_uri": format!("{a}/jwks"),
            "end_session_endpoint": format!("{a}/afmelden"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"], "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        })
    }
}

/// De identiteitsprovider.
#[derive(Clone)]
pub(crate) struct Idp(Data<Stand>);

async fn discovery(stand: Data<Stand>) -> HttpResponse {
    stand.anders("discovery").unwrap_or_else(|| HttpResponse::Ok().json(stand.discovery()))
}

/// Dit antwoordt alleen als de proef zegt wat: wie het anders vraagt, krijgt een fout.
async fn userinfo(stand: Data<Stand>) -> HttpResponse {
    stand.anders("userinfo").unwrap_or_else(|| HttpResponse::NotFound().finish())
}

async fn jwks(stand: Data<Stand>) -> HttpResponse {
    stand.anders("jwks").unwrap_or_else(|| HttpResponse::Ok().json(json!({ "keys": [stand.sleutel.public_jwk()] })))
}

async fn token(stand: Data<Stand>, form: Form<HashMap<String, String>>) -> HttpResponse {
    if let Some(anders) = stand.anders("token") {
        return anders;
    }
    let Some(code) = form.get("code").and_then(|code| stand.codes.lock().unwrap().remove(code)) else {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    };
    let nu = (stand.nu)();
    let mut claims = json!({ "iss": stand.adres, "aud": "aansluitloket", "iat": nu, "exp": nu + 300, "nonce": code.nonce });
    claims.as_object_mut().unwrap().extend(code.claims);
    let id_token = match &*stand.tekent.lock().unwrap() {
        Some(teken) => teken(&stand.sleutel, &claims),
        None => stand.sleutel.sign("JWT", &claims).unwrap(),
    };
    HttpResponse::Ok().json(json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token }))
}

impl Idp {
    pub(crate) fn start(nu: Arc<dyn Fn() -> i64 + Send + Sync>) -> Self {
        let poort = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let adres = format!("http://{}", poort.local_addr().unwrap());
        let stand = Data::new(Stand {
            adres,
            sleutel: SigningKey::generate().unwrap(),
            codes: Mutex::default(),
            nu,
            userinfo: AtomicBool::new(false),
            anders: Mutex::default(),
            tekent: Mutex::default(),
        });
        let eigen = stand.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(eigen.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/jwks", web::get().to(jwks))
                .route("/token", web::post().to(token))
                .route("/userinfo", web::get().to(userinfo))
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

    /// Wat dit adres voortaan antwoordt: `discovery`, `jwks`, `token` of `userinfo`.
    pub(crate) fn geeft(&self, pad: &'static str, status: u16, inhoud: Value) {
        self.0.anders.lock().unwrap().insert(pad, (status, inhoud));
    }

    /// Zegt van zichzelf iets anders dan gewoon.
    pub(crate) fn zegt_van_zichzelf(&self, veld: &str, waarde: Value) {
        let mut document = self.0.discovery();
        document[veld] = waarde;
        self.geeft("discovery", 200, document);
    }

    /// Maakt ID-tokens voortaan zo.
    pub(crate) fn tekent(&self, hoe: impl Fn(&SigningKey, &Value) -> String + Send + 'static) {
        *self.0.tekent.lock().unwrap() = Some(Box::new(hoe));
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
