//! Een klein portaal: het stuurt de browser naar de dienst, wisselt de code in met zijn eigen sleutel, en vraagt met het
//! toegangstoken aan de API wie er is.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::http::header;
use actix_web::web::{self, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Clock, Rng};
use federation::{Egress, EgressRule};
use serde_json::Value;
use url::Url;

use super::{Ingericht, bladzijde, html, postvak};
use crate::{Stop, assertion, system};

const KOEKJE: &str = "voorbeeldportaal";
const SCOPES: &str = "openid profile email organisaties:lezen trajecten:lezen";

/// Wat bij een vertrek hoort.
#[derive(Debug, Clone)]
struct Heen {
    state: String,
    nonce: String,
    verifier: String,
}

#[derive(Debug)]
pub(super) struct Portaal {
    uitgever: String,
    adres: String,
    client_id: String,
    jwk: Value,
    egress: Egress,
    onderweg: Mutex<HashMap<String, Heen>>,
    clock: Clock,
    rng: Rng,
}

impl Portaal {
    pub(super) fn nieuw(ingericht: &Ingericht) -> Result<Self, Stop> {
        let egress = Egress::new(EgressRule { allow: vec!["127.0.0.1".to_owned(), "localhost".to_owned(), "[::1]".to_owned()] });
        Ok(Self {
            uitgever: ingericht.uitgever.clone(),
            adres: ingericht.adressen.portaal.clone(),
            client_id: ingericht.portaal.0.clone(),
            jwk: ingericht.portaal.1.clone(),
            egress: egress.map_err(|cause| Stop::fault(format!("Uitgaand verkeer is niet op te zetten ({cause}).")))?,
            onderweg: Mutex::default(),
            clock: system::clock(),
            rng: system::rng(),
        })
    }

    fn toeval(&self) -> String {
        let mut bytes = [0; 32];
        self.rng.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn terug(&self) -> String {
        format!("{}/terug", self.adres)
    }

    /// Wisselt de code in en vraagt wie er is.
    async fn wie(&self, code: &str, heen: &Heen) -> Result<(Value, String), String> {
        let now = self.clock.now();
        let bewering = assertion::sign(&self.jwk, &self.client_id, &self.uitgever, now, &self.rng).map_err(|stop| stop.to_string())?;
        let terug = self.terug();
        let velden = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", terug.as_str()),
            ("code_verifier", heen.verifier.as_str()),
            ("client_assertion_type", provider::ASSERTION_TYPE),
            ("client_assertion", bewering.as_str()),
        ];
        let antwoord = self.egress.post_form(&format!("{}/oidc/token", self.uitgever), &velden, None).await.map_err(|fout| fout.to_string())?;
        let tokens = antwoord.geslaagd().and_then(|antwoord| antwoord.json()).map_err(|fout| format!("tokenadres: {fout}"))?;
        let veld = |naam: &str| tokens.get(naam).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| format!("{naam} ontbreekt"));
        let (id_token, access_token) = (veld("id_token")?, veld("access_token")?);
        // Het ID-token kwam over onze eigen verbinding met de uitgever (OIDC Core, 3.1.3.7, punt 6); de nonce bindt het aan deze browser.
        let claims =
            id_token.split('.').nth(1).and_then(|deel| URL_SAFE_NO_PAD.decode(deel).ok()).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        if claims.as_ref().and_then(|claims| claims.get("nonce")).and_then(Value::as_str) != Some(&heen.nonce) {
            return Err("de nonce in het ID-token klopt niet".to_owned());
        }
        let ik = self.egress.get(&format!("{}/v1/ik", self.uitgever), Some(&access_token)).await.map_err(|fout| fout.to_string())?;
        Ok((ik.geslaagd().and_then(|ik| ik.json()).map_err(|fout| format!("/v1/ik: {fout}"))?, id_token))
    }
}

pub(super) fn adressen(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/").route(web::get().to(begin)))
        .service(web::resource("/aanmelden").route(web::get().to(aanmelden)))
        .service(web::resource("/terug").route(web::get().to(terug)))
        .service(web::resource("/postvak").route(web::get().to(postvak::toon)));
}

fn pagina(titel: &str, inhoud: &str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").insert_header((header::CACHE_CONTROL, "no-store")).body(bladzijde(titel, inhoud))
}

async fn begin() -> HttpResponse {
    let inhoud = "<h1>Voorbeeldportaal</h1><p>Een portaal van een ander, dat zijn gebruikers bij het Aansluitloket laat aanmelden.</p>\
                  <p><a class=\"knop\" id=\"aanmelden\" href=\"/aanmelden\">Aanmelden</a></p>\
                  <p>De eenmalige code verschijnt in het <a href=\"/postvak\" target=\"_blank\" rel=\"noopener\">postvak</a>.</p>";
    pagina("Voorbeeldportaal", inhoud)
}

async fn aanmelden(portaal: Data<Portaal>) -> HttpResponse {
    let (browser, heen) = (portaal.toeval(), Heen { state: portaal.toeval(), nonce: portaal.toeval(), verifier: portaal.toeval() });
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, heen.verifier.as_bytes()));
    let Ok(mut naar) = Url::parse(&format!("{}/oidc/authorize", portaal.uitgever)) else { return HttpResponse::InternalServerError().finish() };
    let terug = portaal.terug();
    naar.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", portaal.client_id.as_str()),
        ("redirect_uri", terug.as_str()),
        ("scope", SCOPES),
        ("state", heen.state.as_str()),
        ("nonce", heen.nonce.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]);
    portaal.onderweg.lock().unwrap_or_else(PoisonError::into_inner).insert(browser.clone(), heen);
    HttpResponse::SeeOther()
        .insert_header((header::SET_COOKIE, format!("{KOEKJE}={browser}; Path=/; HttpOnly; SameSite=Lax")))
        .insert_header((header::LOCATION, naar.to_string()))
        .finish()
}

fn browser(req: &HttpRequest) -> Option<String> {
    let koppen = req.headers().get_all(header::COOKIE).filter_map(|kop| kop.to_str().ok());
    koppen.flat_map(|kop| kop.split(';')).filter_map(|deel| deel.trim().split_once('=')).find(|(naam, _)| *naam == KOEKJE).map(|(_, waarde)| waarde.to_owned())
}

async fn terug(portaal: Data<Portaal>, req: HttpRequest, velden: Query<HashMap<String, String>>) -> HttpResponse {
    let heen = browser(&req).and_then(|browser| portaal.onderweg.lock().unwrap_or_else(PoisonError::into_inner).remove(&browser));
    let heen = heen.filter(|heen| velden.get("state") == Some(&heen.state) && velden.get("iss") == Some(&portaal.uitgever));
    let opnieuw = "<p><a class=\"knop\" id=\"aanmelden\" href=\"/aanmelden\">Opnieuw aanmelden</a></p>";
    let Some(heen) = heen else {
        return pagina("Voorbeeldportaal", &format!("<h1>Dit antwoord hoort niet bij dit venster</h1>{opnieuw}"));
    };
    let Some(code) = velden.get("code") else {
        let (fout, uitleg) = (velden.get("error").cloned().unwrap_or_default(), velden.get("error_description").cloned().unwrap_or_default());
        let inhoud = format!("<h1>Niet aangemeld</h1><p id=\"fout\">{}: {}</p>{opnieuw}", html(&fout), html(&uitleg));
        return pagina("Voorbeeldportaal", &inhoud);
    };
    let inhoud = match portaal.wie(code, &heen).await {
        Ok((ik, id_token)) => {
            let afmelden = Url::parse_with_params(
                &format!("{}/oidc/logout", portaal.uitgever),
                [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", &format!("{}/", portaal.adres))],
            );
            format!(
                "<h1>U bent aangemeld</h1><p>Dit antwoordt <code>/v1/ik</code> op het toegangstoken van het portaal:</p><pre id=\"ik\">{}</pre>\
                 <p><a class=\"knop\" id=\"afmelden\" href=\"{}\">Afmelden</a></p>",
                html(&serde_json::to_string_pretty(&ik).unwrap_or_default()),
                html(afmelden.map(String::from).unwrap_or_default().as_str())
            )
        }
        Err(fout) => format!("<h1>Het inwisselen lukte niet</h1><p id=\"fout\">{}</p>{opnieuw}", html(&fout)),
    };
    pagina("Voorbeeldportaal", &inhoud)
}
