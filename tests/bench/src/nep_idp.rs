//! Een identiteitsprovider zonder geheugen voor de storm: de code draagt zelf wie er inlogt en met welke nonce.
//!
//! Wie er inlogt zegt het koekje `wie`; ondertekend wordt met ES256, want haar handtekening hoort bij de aanmelding.

use std::sync::Arc;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::Uitkomst;
use crate::dienst::{Proces, vrij_adres};
use crate::gegevens::nu;
use crate::lijn::leesbaar;

struct Idp {
    issuer: String,
    paar: EcdsaKeyPair,
    toeval: SystemRandom,
}

/// Draait tot het proces verdwijnt.
pub(crate) fn draai(poort: u16) -> Uitkomst<()> {
    let paar = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(leesbaar)?;
    let idp = web::Data::from(Arc::new(Idp { issuer: format!("http://localhost:{poort}"), paar, toeval: SystemRandom::new() }));
    actix_web::rt::System::new().block_on(async move {
        let maak = move || {
            App::new()
                .app_data(idp.clone())
                .route("/.well-known/openid-configuration", web::get().to(ontdek))
                .route("/jwks", web::get().to(sleutels))
                .route("/auth", web::get().to(aanmelden))
                .route("/token", web::post().to(inwisselen))
        };
        HttpServer::new(maak).workers(1).bind(("127.0.0.1", poort)).map_err(leesbaar)?.run().await.map_err(leesbaar)
    })
}

/// Start haar als eigen proces.
pub(crate) fn start() -> Uitkomst<(Proces, String)> {
    let (zelf, adres) = (std::env::current_exe().map_err(leesbaar)?, vrij_adres()?);
    let mut opdracht = std::process::Command::new(zelf);
    opdracht.arg("idp").arg(adres.port().to_string());
    let mut proces = Proces::start(opdracht, adres)?;
    proces.wacht_op("/jwks")?;
    Ok((proces, format!("http://localhost:{}", adres.port())))
}

async fn ontdek(idp: web::Data<Idp>) -> HttpResponse {
    let bij = |pad: &str| format!("{}{pad}", idp.issuer);
    HttpResponse::Ok().json(json!({
        "issuer": idp.issuer, "authorization_endpoint": bij("/auth"), "token_endpoint": bij("/token"), "jwks_uri": bij("/jwks"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"], "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"], "scopes_supported": ["openid", "email", "profile"],
    }))
}

async fn sleutels(idp: web::Data<Idp>) -> HttpResponse {
    let punt = idp.paar.public_key().as_ref();
    let deel = |bereik: std::ops::Range<usize>| punt.get(bereik).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
    HttpResponse::Ok()
        .json(json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "nep", "alg": "ES256", "use": "sig", "x": deel(1..33), "y": deel(33..65) }] }))
}

async fn aanmelden(vraag: HttpRequest) -> HttpResponse {
    let velden: std::collections::HashMap<String, String> = web::Query::from_query(vraag.query_string()).map(web::Query::into_inner).unwrap_or_default();
    let veld = |naam: &str| velden.get(naam).map(String::as_str).unwrap_or_default();
    let wie = vraag.headers().get("cookie").and_then(|kop| kop.to_str().ok()?.strip_prefix("wie=")).unwrap_or("niemand");
    let code = URL_SAFE_NO_PAD.encode(json!([wie, veld("nonce"), veld("client_id")]).to_string());
    let terug = format!("{}?code={code}&state={}", veld("redirect_uri"), veld("state"));
    HttpResponse::SeeOther().insert_header(("location", terug)).finish()
}

async fn inwisselen(idp: web::Data<Idp>, formulier: web::Form<std::collections::HashMap<String, String>>) -> HttpResponse {
    let inhoud = formulier.get("code").and_then(|code| URL_SAFE_NO_PAD.decode(code).ok()).and_then(|tekst| serde_json::from_slice::<Value>(&tekst).ok());
    let Some([Value::String(wie), Value::String(nonce), client]) = inhoud.as_ref().and_then(Value::as_array).map(Vec::as_slice) else {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    };
    let nu = nu().timestamp();
    let claims = json!({
        "iss": idp.issuer, "sub": wie, "aud": client, "exp": nu + 300, "iat": nu, "auth_time": nu, "nonce": nonce,
        "amr": ["pwd", "otp", "mfa"], "email": format!("{wie}@storm.example"), "name": "Storm Voorbeeld",
    });
    let voor = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","kid":"nep","typ":"JWT"}"#), URL_SAFE_NO_PAD.encode(claims.to_string()));
    match idp.paar.sign(&idp.toeval, voor.as_bytes()) {
        Ok(teken) => HttpResponse::Ok().json(json!({
            "access_token": "ondoorzichtig", "token_type": "Bearer", "expires_in": 300, "id_token": format!("{voor}.{}", URL_SAFE_NO_PAD.encode(teken.as_ref())),
        })),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
