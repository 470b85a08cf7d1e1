//! Uitgaand verkeer: alleen https, geen omleidingen, en niet naar binnen tenzij dat uitdrukkelijk mag.

use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::Value;
use url::{Host, Url};

/// Grootste antwoord, ingepakt én na uitpakken.
const MAX_BYTES: usize = 1024 * 1024;
/// De enige verpakking die wij vragen en aannemen.
const GZIP: &str = "gzip";
/// Langste duur van een heel verzoek.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Wat naar binnen mag: hostnamen (ook over http) die de beheerder noemt, voor besloten netwerken en proeven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EgressRule {
    /// Hosts die ook op een binnenadres of over http mogen.
    pub allow: Vec<String>,
}

impl EgressRule {
    fn allows(&self, host: &str) -> bool {
        self.allow.iter().any(|open| open.eq_ignore_ascii_case(host))
    }
}

/// Waarom uitgaand verkeer niet lukte.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// Geen https, of inloggegevens in het adres.
    #[error("het adres moet met https:// beginnen en mag geen inloggegevens bevatten")]
    Url,
    /// Een binnenadres dat niet op de lijst staat.
    #[error("het adres wijst naar een binnenadres; zet de host op de lijst van toegestane hosts als dat de bedoeling is")]
    Private,
    /// Een antwoord met een andere status dan 200; ook een omleiding.
    #[error("antwoord met status {0}{gevolg}", gevolg = geen_omleiding(*.0))]
    Status(u16),
    /// Te groot.
    #[error("het antwoord is groter dan 1 MiB")]
    TooLarge,
    /// Ingepakt op een manier die wij niet vroegen, of niet uit te pakken.
    #[error("het antwoord is ingepakt als '{0}' en zo niet te lezen; wij vragen gzip of onverpakt")]
    Encoding(String),
    /// Geen JSON.
    #[error("het antwoord is geen JSON")]
    NotJson,
    /// Niet bereikbaar, TLS niet vertrouwd, of te traag.
    #[error("niet bereikbaar, of niet op tijd: {0}")]
    Unreachable(String),
}

const fn geen_omleiding(status: u16) -> &'static str {
    if matches!(status, 300..400) { "; omleidingen worden niet gevolgd" } else { "" }
}

/// Of een adres van buiten is.
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_unspecified()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 192 && b == 88 && c == 99)
                || (a == 198 && (b == 18 || b == 19)))
        }
        IpAddr::V6(v6) => {
            // Alleen gewone wereldwijde adressen (2000::/3), zonder tunnels waarin een binnenadres kan zitten
            // (Teredo en andere uit 2001::/23, 6to4 2002::/16) en zonder documentatie (2001:db8::/32, 3fff::/20).
            let [eerste, tweede, ..] = v6.segments();
            (eerste & 0xe000) == 0x2000
                && !(eerste == 0x2001 && (tweede < 0x200 || tweede == 0xdb8))
                && eerste != 0x2002
                && !(eerste == 0x3fff && tweede < 0x1000)
        }
    }
}

/// Vertaalt namen en laat alleen adressen door die mogen: dezelfde adressen waarmee daarna verbonden wordt.
struct Filter(Arc<EgressRule>);

impl Resolve for Filter {
    fn resolve(&self, name: Name) -> Resolving {
        let rule = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let open = rule.allows(&host);
            let adressen: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.filter(|a| open || is_public(a.ip())).collect();
            if adressen.is_empty() {
                return Err(Box::new(EgressError::Private) as Box<dyn std::error::Error + Send + Sync>);
            }
            Ok(Box::new(adressen.into_iter()) as Addrs)
        })
    }
}

/// De ene uitgaande client.
#[derive(Clone)]
pub struct Egress {
    rule: Arc<EgressRule>,
    client: reqwest::Client,
}

impl std::fmt::Debug for Egress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Egress").field("allow", &self.rule.allow).finish_non_exhaustive()
    }
}

impl Egress {
    /// Maakt de client.
    ///
    /// # Errors
    /// [`EgressError::Unreachable`] als TLS niet op te zetten is.
    pub fn new(rule: EgressRule) -> Result<Self, EgressError> {
        Self::with_timeout(rule, TIMEOUT)
    }

    /// Maakt de client met een eigen tijdslimiet voor het hele verzoek, ten hoogste tien seconden.
    ///
    /// # Errors
    /// [`EgressError::Unreachable`] als TLS niet op te zetten is.
    pub fn with_timeout(rule: EgressRule, timeout: Duration) -> Result<Self, EgressError> {
        let rule = Arc::new(rule);
        #[expect(clippy::disallowed_methods, reason = "dit is de ene plaats waar een uitgaande client ontstaat")]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout.min(TIMEOUT))
            .connect_timeout(Duration::from_secs(5))
            .no_proxy()
            .dns_resolver(Arc::new(Filter(Arc::clone(&rule))))
            .user_agent("Aansluitloket")
            .build()
            .map_err(|e| EgressError::Unreachable(e.to_string()))?;
        Ok(Self { rule, client })
    }

    /// Of deze host ook op een binnenadres of over http mag.
    #[must_use]
    pub fn is_intern(&self, host: &str) -> bool {
        self.rule.allows(host)
    }

    /// Keurt een adres zonder er iets op te vragen; een naam wordt pas bij het verbinden vertaald en dan opnieuw beoordeeld.
    ///
    /// # Errors
    /// [`EgressError::Url`], [`EgressError::Private`].
    pub fn keur(&self, adres: &str) -> Result<Url, EgressError> {
        let url = Url::parse(adres).map_err(|_| EgressError::Url)?;
        let host = url.host_str().ok_or(EgressError::Url)?;
        let open = self.rule.allows(host);
        let schema = url.scheme() == "https" || (open && url.scheme() == "http");
        if !schema || !url.username().is_empty() || url.password().is_some() {
            return Err(EgressError::Url);
        }
        // Een adres in cijfers gaat niet langs de vertaler: hier oordelen.
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            _ => None,
        };
        if ip.is_some_and(|ip| !open && !is_public(ip)) {
            return Err(EgressError::Private);
        }
        Ok(url)
    }

    /// Haalt een JSON-document op.
    ///
    /// # Errors
    /// Zie [`EgressError`].
    pub async fn get_json(&self, adres: &str) -> Result<Value, EgressError> {
        self.get(adres, None).await?.geslaagd()?.json()
    }

    /// Haalt een document op, zo nodig met een toegangstoken in de kop.
    ///
    /// # Errors
    /// Zie [`EgressError`]; een andere status dan 200 is hier nog geen fout.
    pub async fn get(&self, adres: &str, token: Option<&str>) -> Result<Antwoord, EgressError> {
        let verzoek = self.client.get(self.keur(adres)?).header("accept", "application/json, application/jwt");
        self.doe(match token {
            Some(token) => verzoek.bearer_auth(token),
            None => verzoek,
        })
        .await
    }

    /// Stuurt een formulier, zo nodig met een `Authorization`-kop.
    ///
    /// # Errors
    /// Zie [`EgressError`]; een andere status dan 200 is hier nog geen fout.
    pub async fn post_form(&self, adres: &str, velden: &[(&str, &str)], authorization: Option<&str>) -> Result<Antwoord, EgressError> {
        let verzoek = self.client.post(self.keur(adres)?).header("accept", "application/json").form(velden);
        self.doe(match authorization {
            Some(kop) => verzoek.header("authorization", kop),
            None => verzoek,
        })
        .await
    }

    async fn doe(&self, verzoek: reqwest::RequestBuilder) -> Result<Antwoord, EgressError> {
        // Zonder deze kop mag een server inpakken zoals hij wil (RFC 9110, 12.5.3).
        let mut antwoord = verzoek.header("accept-encoding", GZIP).send().await.map_err(|fout| onbereikbaar(&fout))?;
        let kop = |naam: &str| antwoord.headers().get(naam).and_then(|waarde| waarde.to_str().ok()).map(str::to_owned);
        let (status, soort, datum) = (antwoord.status().as_u16(), kop("content-type").unwrap_or_default(), kop("date"));
        let verpakking = verpakking(antwoord.headers());
        let mut inhoud = Vec::new();
        while let Some(stuk) = antwoord.chunk().await.map_err(|fout| onbereikbaar(&fout))? {
            if inhoud.len() + stuk.len() > MAX_BYTES {
                return Err(EgressError::TooLarge);
            }
            inhoud.extend_from_slice(&stuk);
        }
        Ok(Antwoord { status, soort, datum, inhoud: uitgepakt(&verpakking, inhoud)? })
    }
}

/// Waarin het antwoord is verpakt; leeg als dat niet zo is.
fn verpakking(koppen: &reqwest::header::HeaderMap) -> String {
    let genoemd = koppen.get_all("content-encoding").iter().filter_map(|waarde| waarde.to_str().ok()).flat_map(|tekst| tekst.split(','));
    let genoemd: Vec<String> = genoemd.map(|naam| naam.trim().to_ascii_lowercase()).filter(|naam| !naam.is_empty() && naam != "identity").collect();
    genoemd.join(", ")
}

/// Pakt uit tot aan de grens: een klein antwoord dat groot wordt, kost nooit meer dan een antwoord dat groot is.
fn uitgepakt(verpakking: &str, ontvangen: Vec<u8>) -> Result<Vec<u8>, EgressError> {
    if verpakking.is_empty() || ontvangen.is_empty() {
        return Ok(ontvangen);
    }
    let onleesbaar = || EgressError::Encoding(verpakking.to_owned());
    if verpakking != GZIP && verpakking != "x-gzip" {
        return Err(onleesbaar());
    }
    let mut inhoud = Vec::new();
    let uitpakker = flate2::read::MultiGzDecoder::new(ontvangen.as_slice());
    uitpakker.take(MAX_BYTES as u64 + 1).read_to_end(&mut inhoud).map_err(|_| onleesbaar())?;
    if inhoud.len() > MAX_BYTES { Err(EgressError::TooLarge) } else { Ok(inhoud) }
}

/// Een antwoord van buiten, binnen de grenzen.
#[derive(Clone, Debug)]
pub struct Antwoord {
    /// Status.
    pub status: u16,
    /// `Content-Type`.
    pub soort: String,
    /// `Date`, zoals gegeven.
    pub datum: Option<String>,
    /// Inhoud.
    pub inhoud: Vec<u8>,
}

impl Antwoord {
    /// Alleen verder met status 200.
    ///
    /// # Errors
    /// [`EgressError::Status`].
    pub fn geslaagd(self) -> Result<Self, EgressError> {
        if self.status == 200 { Ok(self) } else { Err(EgressError::Status(self.status)) }
    }

    /// De inhoud als JSON.
    ///
    /// # Errors
    /// [`EgressError::NotJson`].
    pub fn json(&self) -> Result<Value, EgressError> {
        // RFC 8259, 8.1: een byte order mark hoort er niet te staan, maar mag overgeslagen worden.
        let inhoud = self.inhoud.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.inhoud);
        serde_json::from_slice(inhoud).map_err(|_| EgressError::NotJson)
    }
}

/// Vertaalt een fout van de client; een geweigerd binnenadres blijft herkenbaar.
fn onbereikbaar(fout: &reqwest::Error) -> EgressError {
    let mut oorzaak: Option<&dyn std::error::Error> = Some(fout);
    let mut laatste = String::new();
    while let Some(e) = oorzaak {
        if e.downcast_ref::<EgressError>() == Some(&EgressError::Private) {
            return EgressError::Private;
        }
        laatste = e.to_string();
        oorzaak = e.source();
    }
    EgressError::Unreachable(if fout.is_timeout() { "niet binnen de tijd".to_owned() } else { laatste })
}
