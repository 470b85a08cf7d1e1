//! Versturen, herhalen en lezen. Alleen naar de dienst zelf, nooit ergens anders heen.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_MATCH, RETRY_AFTER};
use reqwest::{Client, Method, StatusCode, redirect};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use crate::fout::{Fout, Probleem};
use crate::toegang::{Toegang, eenmalig, nu};

/// Zo vaak gaat een verzoek hoogstens de deur uit.
const POGINGEN: u32 = 4;
/// Langer dan dit wacht de client niet op een drukke dienst.
const LANGSTE_WACHT: Duration = Duration::from_secs(30);
/// Zoveel seconden voor het einde haalt de client een nieuw token.
const MARGE: u64 = 30;
/// Groter is geen antwoord van deze API.
const GROOTSTE_ANTWOORD: usize = 16 * 1024 * 1024;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Een verzoek dat herhaald mag worden.
pub(crate) struct Verzoek {
    pub(crate) methode: Method,
    pub(crate) adres: Url,
    pub(crate) if_match: Option<String>,
    pub(crate) lichaam: Option<Value>,
}

/// Een geslaagd antwoord.
pub(crate) struct Antwoord {
    pub(crate) etag: Option<String>,
    pub(crate) lichaam: Vec<u8>,
}

struct Geldig {
    token: String,
    tot: u64,
}

#[derive(Deserialize)]
struct Ontdekking {
    issuer: String,
    token_endpoint: String,
}

#[derive(Deserialize)]
struct TokenAntwoord {
    access_token: String,
    expires_in: u64,
}

#[derive(Deserialize)]
struct TokenFout {
    error: String,
    #[serde(default)]
    error_description: String,
}

pub(crate) struct Verzending {
    http: Client,
    pub(crate) basis: Url,
    toegang: Toegang,
    token: Mutex<Option<Geldig>>,
}

impl Verzending {
    pub(crate) fn new(basis: Url, toegang: Toegang) -> Result<Self, Fout> {
        Ok(Self { http: http_client()?, basis, toegang, token: Mutex::new(None) })
    }

    /// Een adres onder de basis; alleen op dezelfde dienst.
    pub(crate) fn adres(&self, pad: &str) -> Result<Url, Fout> {
        let adres = self.basis.join(pad).map_err(|_| Fout::Instelling(format!("'{pad}' is geen adres.")))?;
        if adres.origin() == self.basis.origin() { Ok(adres) } else { Err(Fout::Antwoord("de dienst verwijst naar een ander adres dan zichzelf".to_owned())) }
    }

    pub(crate) async fn verstuur(&self, verzoek: &Verzoek) -> Result<Antwoord, Fout> {
        // Dezelfde sleutel bij elke poging: wat al is uitgevoerd, wordt niet nog eens uitgevoerd.
        let sleutel = (verzoek.methode == Method::POST).then(|| eenmalig(nu()));
        let mut poging = 1;
        loop {
            let uitkomst = self.probeer(verzoek, sleutel.as_deref()).await;
            match uitkomst {
                Ok(antwoord) => return Ok(antwoord),
                Err((fout, Some(wacht))) if poging < POGINGEN && wacht <= LANGSTE_WACHT => {
                    tokio::time::sleep(wacht.max(Duration::from_millis(250).saturating_mul(1 << poging))).await;
                    drop(fout);
                    poging = poging.saturating_add(1);
                }
                Err((fout, _)) => return Err(fout),
            }
        }
    }

    /// Eén poging; bij een fout die voorbij kan gaan ook hoe lang te wachten.
    async fn probeer(&self, verzoek: &Verzoek, sleutel: Option<&str>) -> Result<Antwoord, (Fout, Option<Duration>)> {
        let mut http = self.http.request(verzoek.methode.clone(), verzoek.adres.clone()).header(ACCEPT, "application/json, application/problem+json");
        if let Some(token) = self.token().await? {
            http = http.header(AUTHORIZATION, geheim(&format!("Bearer {token}")).map_err(|fout| (fout, None))?);
        }
        if let Some(etag) = &verzoek.if_match {
            http = http.header(IF_MATCH, etag);
        }
        if let Some(sleutel) = sleutel {
            http = http.header("Idempotency-Key", sleutel);
        }
        if let Some(lichaam) = &verzoek.lichaam {
            let soort = if verzoek.methode == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
            http = http.header(CONTENT_TYPE, soort).body(lichaam.to_string());
        }
        let (status, koppen, lichaam) = lees(http).await?;
        if status.is_success() {
            let etag = koppen.get(ETAG).and_then(|waarde| waarde.to_str().ok()).map(ToOwned::to_owned);
            return Ok(Antwoord { etag, lichaam });
        }
        Err((probleem(status, &lichaam), wachttijd(status, &koppen)))
    }

    pub(crate) async fn toegangstoken(&self) -> Result<Option<String>, Fout> {
        self.token().await.map_err(|(fout, _)| fout)
    }

    async fn token(&self) -> Result<Option<String>, (Fout, Option<Duration>)> {
        let (client_id, sleutel) = match &self.toegang {
            Toegang::Geen => return Ok(None),
            Toegang::Token(token) => return Ok(Some(token.clone())),
            Toegang::Toepassing { client_id, sleutel } => (client_id, sleutel),
        };
        let mut bewaard = self.token.lock().await;
        if let Some(geldig) = bewaard.as_ref().filter(|geldig| geldig.tot > nu().as_secs().saturating_add(MARGE)) {
            return Ok(Some(geldig.token.clone()));
        }
        let vast = |fout| (fout, None);
        let ontdekking: Ontdekking = self.openbaar("/.well-known/openid-configuration").await?;
        let adres = self.adres(&ontdekking.token_endpoint).map_err(vast)?;
        // Een nieuwe verklaring bij elke poging: haar jti is maar eenmaal bruikbaar.
        let verklaring = sleutel.verklaring(client_id, &ontdekking.issuer).map_err(vast)?;
        let velden = [("grant_type", "client_credentials"), ("client_id", client_id), ("client_assertion_type", ASSERTION), ("client_assertion", &verklaring)];
        let (status, koppen, lichaam) = lees(self.http.post(adres).form(&velden)).await?;
        if !status.is_success() {
            let fout = serde_json::from_slice::<TokenFout>(&lichaam)
                .map_or_else(|_| probleem(status, &lichaam), |fout| Fout::Token { code: fout.error, uitleg: fout.error_description });
            return Err((fout, wachttijd(status, &koppen)));
        }
        let antwoord: TokenAntwoord = begrijp(&lichaam).map_err(vast)?;
        let geldig = Geldig { token: antwoord.access_token, tot: nu().as_secs().saturating_add(antwoord.expires_in) };
        let token = geldig.token.clone();
        *bewaard = Some(geldig);
        Ok(Some(token))
    }

    async fn openbaar<T: serde::de::DeserializeOwned>(&self, pad: &str) -> Result<T, (Fout, Option<Duration>)> {
        let adres = self.adres(pad).map_err(|fout| (fout, None))?;
        let (status, koppen, lichaam) = lees(self.http.get(adres)).await?;
        if !status.is_success() {
            return Err((probleem(status, &lichaam), wachttijd(status, &koppen)));
        }
        begrijp(&lichaam).map_err(|fout| (fout, None))
    }
}

#[expect(clippy::disallowed_methods, reason = "de uitgaande filters van de dienst gelden niet voor een programma van de gebruiker zelf")]
fn http_client() -> Result<Client, Fout> {
    Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(60))
        .user_agent(concat!("loket/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|fout| Fout::Instelling(format!("Geen HTTP-client te maken: {fout}")))
}

/// Een kopwaarde die niet in een foutmelding of logboek komt.
fn geheim(tekst: &str) -> Result<HeaderValue, Fout> {
    let mut waarde = HeaderValue::from_str(tekst).map_err(|_| Fout::Instelling("Het token bevat tekens die niet mogen.".to_owned()))?;
    waarde.set_sensitive(true);
    Ok(waarde)
}

async fn lees(verzoek: reqwest::RequestBuilder) -> Result<(StatusCode, HeaderMap, Vec<u8>), (Fout, Option<Duration>)> {
    let verbroken = |fout: reqwest::Error| (Fout::Verbinding(oorzaak(&fout)), Some(Duration::ZERO));
    let mut antwoord = verzoek.send().await.map_err(verbroken)?;
    let (status, koppen) = (antwoord.status(), antwoord.headers().clone());
    let mut lichaam = Vec::new();
    while let Some(stuk) = antwoord.chunk().await.map_err(verbroken)? {
        if lichaam.len().saturating_add(stuk.len()) > GROOTSTE_ANTWOORD {
            return Err((Fout::Antwoord("het antwoord is te groot".to_owned()), None));
        }
        lichaam.extend_from_slice(&stuk);
    }
    Ok((status, koppen, lichaam))
}

/// De diepste oorzaak, zonder het adres met zijn query.
fn oorzaak(fout: &reqwest::Error) -> String {
    let mut diepst: &dyn std::error::Error = fout;
    while let Some(dieper) = diepst.source() {
        diepst = dieper;
    }
    diepst.to_string()
}

fn probleem(status: StatusCode, lichaam: &[u8]) -> Fout {
    match serde_json::from_slice::<Probleem>(lichaam) {
        Ok(probleem) => Fout::Probleem(Box::new(probleem)),
        Err(_) if matches!(status.as_u16(), 502..=504) => Fout::Verbinding(format!("de dienst of een tussenstation antwoordt {status}")),
        Err(_) => Fout::Antwoord(format!("{status} zonder probleemdocument; klopt het adres?")),
    }
}

fn wachttijd(status: StatusCode, koppen: &HeaderMap) -> Option<Duration> {
    let gevraagd = || koppen.get(RETRY_AFTER)?.to_str().ok()?.parse().ok().map(Duration::from_secs);
    matches!(status.as_u16(), 429 | 502..=504).then(|| gevraagd().unwrap_or_default())
}

pub(crate) fn begrijp<T: serde::de::DeserializeOwned>(lichaam: &[u8]) -> Result<T, Fout> {
    serde_json::from_slice(lichaam).map_err(|fout| Fout::Antwoord(fout.to_string()))
}
