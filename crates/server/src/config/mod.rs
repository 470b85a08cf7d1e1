//! De getypeerde configuratie: een TOML-bestand en `AANSLUITLOKET_*`-variabelen.

mod check;
mod load;
mod schema;
mod secret;

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;
use url::Url;

pub use load::{Source, load};
pub use secret::Secret;

/// Het geannoteerde voorbeeld dat `aansluitloket config` toont.
pub const EXAMPLE: &str = include_str!("example.toml");

/// Alles wat een beheerder kan instellen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// De HTTP-kant.
    pub server: Server,
    /// Waar de gegevens staan.
    #[serde(default)]
    pub storage: Storage,
    /// Hoofdsleutel en sleutelwissel.
    #[serde(default)]
    pub keys: Keys,
    /// Tokens voor deze API.
    #[serde(default)]
    pub access: Access,
    /// Hoe vaak iemand mag bellen.
    #[serde(default)]
    pub limits: Limits,
    /// Regels die NIPV instelt.
    #[serde(default)]
    pub rules: Rules,
    /// Wat er in het logboek komt.
    #[serde(default)]
    pub logging: Logging,
    /// Sporen naar een verzamelaar.
    #[serde(default)]
    pub telemetry: Telemetry,
    /// Uitgaand verkeer.
    #[serde(default)]
    pub egress: Egress,
    /// Uitgaande post.
    #[serde(default)]
    pub mail: Mail,
    /// Inhoud van security.txt.
    #[serde(default)]
    pub security_txt: SecurityTxt,
    /// Uitgevers buiten deze dienst.
    #[serde(default)]
    pub trusted_issuers: Vec<TrustedIssuer>,
}

/// De HTTP-kant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Publieke basis-URL zonder pad.
    pub base_url: Url,
    /// Adres van de API.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Adres van de beheerpoort.
    #[serde(default = "default_admin_listen")]
    pub admin_listen: SocketAddr,
    /// Aantal werkers; 0 is zoveel als er kernen zijn.
    #[serde(default)]
    pub workers: usize,
    /// Proxy's die het adres van de beller mogen doorgeven.
    #[serde(default)]
    pub trusted_proxies: Vec<String>,
    /// De kop waarin zij dat doen.
    #[serde(default = "default_client_header")]
    pub client_address_header: String,
    /// De kop waarin zij het gecontroleerde clientcertificaat doorgeven; zonder waarde bestaat `tls_client_auth` niet.
    #[serde(default)]
    pub client_certificate_header: Option<String>,
    /// Tijd voor lopende verzoeken bij een stop.
    #[serde(default = "default_shutdown")]
    pub shutdown_timeout_seconds: u64,
    /// Grootste verzoek in bytes.
    #[serde(default = "default_max_body")]
    pub max_body_bytes: usize,
}

/// Waar de gegevens staan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Storage {
    /// Map voor SQLite.
    pub data_dir: PathBuf,
    /// Verbinding met PostgreSQL; leeg is SQLite.
    pub database_url: Option<Secret>,
    /// Bestand met het databasewachtwoord.
    pub database_password_file: Option<PathBuf>,
    /// Aantal verbindingen.
    pub pool_size: u32,
    /// Of `serve` zelf migreert.
    pub migrate_on_start: bool,
}

/// Hoofdsleutel en sleutelwissel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// Bestand met de hoofdsleutel.
    pub master_key_file: Option<PathBuf>,
    /// De hoofdsleutel zelf, alleen uit de omgeving.
    pub master_key: Option<Secret>,
    /// Dagen tussen twee ondertekensleutels.
    pub rotate_days: u32,
}

/// Tokens voor deze API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Audience; zonder waarde de basis-URL met `/v1`.
    pub audience: Option<String>,
    /// Levensduur van eigen tokens.
    pub token_lifetime_seconds: u32,
    /// Toegestaan klokverschil.
    pub leeway_seconds: u32,
}

/// Hoe vaak iemand mag bellen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Per afzender en seconde.
    pub caller_per_second: u32,
    /// Uitschieter per afzender.
    pub caller_burst: u32,
    /// Per adres en seconde.
    pub address_per_second: u32,
    /// Uitschieter per adres.
    pub address_burst: u32,
}

/// Vorm van het logboek.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Eén JSON-object per regel.
    Json,
    /// Leesbaar voor mensen.
    Pretty,
}

/// Wat er in het logboek komt.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logging {
    /// Vorm.
    pub format: LogFormat,
    /// Filter.
    pub level: String,
}

/// Sporen naar een verzamelaar.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// Adres van de verzamelaar.
    pub otlp_endpoint: Option<Url>,
    /// Naam van deze dienst in de sporen.
    pub service_name: String,
    /// Deel van de verzoeken met een spoor.
    pub sample_ratio: f64,
}

/// Uitgaand verkeer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Egress {
    /// Hosts op een privé-adres of zonder https.
    pub allow_hosts: Vec<String>,
}

/// Hoe de verbinding met de mailserver beveiligd is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Eerst gewoon, dan verplicht naar TLS (poort 587).
    Starttls,
    /// Meteen TLS (poort 465).
    Tls,
    /// Geen; alleen naar een mailserver op deze machine.
    None,
}

/// Uitgaande post.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// De mailserver; zonder server blijft post wachten.
    pub host: Option<String>,
    /// Poort.
    pub port: u16,
    /// Beveiliging.
    pub tls: MailTls,
    /// Gebruiker.
    pub username: Option<String>,
    /// Bestand met het wachtwoord.
    pub password_file: Option<PathBuf>,
    /// Het wachtwoord zelf, alleen uit de omgeving.
    pub password: Option<Secret>,
    /// Afzender.
    pub from: String,
}

/// Inhoud van security.txt.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecurityTxt {
    /// Waar men een kwetsbaarheid meldt.
    pub contact: String,
    /// Tot wanneer dat geldt.
    #[serde(deserialize_with = "load::date")]
    pub expires: NaiveDate,
}

/// Een uitgever buiten deze dienst.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedIssuer {
    /// Naam voor mensen.
    pub name: String,
    /// Exacte waarde van `iss`.
    pub issuer: Url,
    /// `iss` zoals geschreven; een URL-type zou een schuine streep toevoegen.
    #[serde(skip)]
    pub issuer_text: String,
    /// Audience in de tokens van deze uitgever.
    #[serde(default)]
    pub audience: Option<String>,
    /// Adres van de sleutels.
    #[serde(default)]
    pub jwks_uri: Option<Url>,
    /// Toegestane algoritmen.
    #[serde(default = "default_algorithms")]
    pub algorithms: Vec<String>,
    /// Waarden van acr die MFA bewijzen.
    #[serde(default = "default_mfa_acr")]
    pub mfa_acr: Vec<String>,
    /// Of amr als bewijs telt.
    #[serde(default = "default_true")]
    pub mfa_amr: bool,
    /// Of tokens de kop `typ: at+jwt` moeten hebben (RFC 9068).
    #[serde(default = "default_true")]
    pub require_at_jwt: bool,
    /// Organisatie voor wie deze uitgever spreekt.
    #[serde(default)]
    pub organisation: Option<uuid::Uuid>,
    /// Of een bewezen e-mailadres bij de eerste aanmelding een geregistreerde persoon koppelt.
    #[serde(default)]
    pub link_by_email: bool,
    /// Scopes die elk token van deze uitgever krijgt, als hij onze scopes niet kent.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// Vertaling van claims.
    #[serde(default)]
    pub claims: Claims,
}

/// Onder welke naam een uitgever zijn claims zet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Claims {
    /// Wie het is.
    pub subject: String,
    /// Het e-mailadres.
    pub email: String,
    /// Wat het token mag.
    pub scope: String,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_admin_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 9090))
}

fn default_client_header() -> String {
    "x-forwarded-for".to_owned()
}

const fn default_shutdown() -> u64 {
    30
}

const fn default_max_body() -> usize {
    1_048_576
}

const fn default_true() -> bool {
    true
}

fn default_algorithms() -> Vec<String> {
    ["ES256", "PS256", "RS256"].map(str::to_owned).to_vec()
}

fn default_mfa_acr() -> Vec<String> {
    vec!["https://refeds.org/profile/mfa".to_owned()]
}

impl Default for Storage {
    fn default() -> Self {
        Self { data_dir: PathBuf::from("/var/lib/aansluitloket"), database_url: None, database_password_file: None, pool_size: 8, migrate_on_start: true }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self { master_key_file: None, master_key: None, rotate_days: 90 }
    }
}

impl Default for Access {
    fn default() -> Self {
        Self { audience: None, token_lifetime_seconds: 300, leeway_seconds: 60 }
    }
}

/// Regels die NIPV instelt.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Hoeveel organisatiebeheerders een registratie ten minste noemt.
    pub minimum_administrators: u8,
}

impl Default for Rules {
    fn default() -> Self {
        Self { minimum_administrators: 2 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { caller_per_second: 50, caller_burst: 200, address_per_second: 100, address_burst: 400 }
    }
}

impl Default for Logging {
    fn default() -> Self {
        Self { format: LogFormat::Json, level: "info".to_owned() }
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { otlp_endpoint: None, service_name: "aansluitloket".to_owned(), sample_ratio: 1.0 }
    }
}

impl Default for Mail {
    fn default() -> Self {
        let from = "Aansluitloket <aansluitloket@aansluitloket.example>".to_owned();
        Self { host: None, port: 587, tls: MailTls::Starttls, username: None, password_file: None, password: None, from }
    }
}

impl Default for SecurityTxt {
    fn default() -> Self {
        Self { contact: "mailto:security@aansluitloket.example".to_owned(), expires: NaiveDate::from_ymd_opt(2027, 12, 31).unwrap_or_default() }
    }
}

impl Default for Claims {
    fn default() -> Self {
        Self { subject: "sub".to_owned(), email: "email".to_owned(), scope: "scope".to_owned() }
    }
}

impl Config {
    /// De basis-URL zonder schuine streep aan het eind; dit is de uitgever van eigen tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.server.base_url.as_str().trim_end_matches('/').to_owned()
    }

    /// De audience die een token voor deze API moet dragen.
    #[must_use]
    pub fn audience(&self) -> String {
        self.access.audience.clone().unwrap_or_else(|| format!("{}/v1", self.issuer()))
    }
}
