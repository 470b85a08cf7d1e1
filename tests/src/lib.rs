//! Het echte programma met voorbeeldgegevens, over echte HTTP, op SQLite en op PostgreSQL.
//!
//! De aanroeper is een type: `loket.als(Wie::Projectleider)` draagt het token van die rol mee. Ieder bestand in
//! `tests/` is een onderwerp, iedere proef een regel, en elke proef loopt op beide databases.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::print_stderr,
    reason = "in een proef is een fout een mislukte proef"
)]

pub mod peers;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use store::testing::Postgres;

/// Wie er belt: de personen en de toepassing van de voorbeeldgegevens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wie {
    /// Landelijk functioneel beheer van NIPV.
    Lfb,
    /// Adviseur netcentrisch werken van NIPV.
    Adviseur,
    /// Productmanager LCMS van NIPV.
    ProductmanagerLcms,
    /// Productmanager TGV van NIPV.
    ProductmanagerTgv,
    /// Projectleider van de crisispartner.
    Projectleider,
    /// Organisatiebeheerder van de crisispartner.
    Organisatiebeheerder,
    /// IdP-beheerder van de crisispartner.
    IdpBeheerder,
    /// Tekenbevoegde van de crisispartner.
    Tekenbevoegde,
    /// Waarnemer van de crisispartner.
    Waarnemer,
    /// Implementatieadviseur van de implementatiepartner.
    Implementatieadviseur,
    /// Adoptieadviseur van de adoptiepartner.
    Adoptieadviseur,
    /// Script van de implementatiepartner.
    Toepassing,
    /// Zonder token.
    Niemand,
}

impl Wie {
    /// Iedereen met een token.
    pub const ALLEN: [Self; 12] = [
        Self::Lfb,
        Self::Adviseur,
        Self::ProductmanagerLcms,
        Self::ProductmanagerTgv,
        Self::Projectleider,
        Self::Organisatiebeheerder,
        Self::IdpBeheerder,
        Self::Tekenbevoegde,
        Self::Waarnemer,
        Self::Implementatieadviseur,
        Self::Adoptieadviseur,
        Self::Toepassing,
    ];

    /// De naam van het tokenbestand.
    #[must_use]
    pub const fn bestand(self) -> &'static str {
        match self {
            Self::Lfb => "lfb",
            Self::Adviseur => "adviseur",
            Self::ProductmanagerLcms => "productmanager-lcms",
            Self::ProductmanagerTgv => "productmanager-tgv",
            Self::Projectleider => "projectleider",
            Self::Organisatiebeheerder => "organisatiebeheerder",
            Self::IdpBeheerder => "idp-beheerder",
            Self::Tekenbevoegde => "tekenbevoegde",
            Self::Waarnemer => "waarnemer",
            Self::Implementatieadviseur => "implementatieadviseur",
            Self::Adoptieadviseur => "adoptieadviseur",
            Self::Toepassing => "toepassing",
            Self::Niemand => "",
        }
    }
}

/// Een antwoord.
#[derive(Clone, Debug)]
pub struct Antwoord {
    /// HTTP-status.
    pub status: u16,
    /// Koppen.
    pub koppen: reqwest::header::HeaderMap,
    /// Lichaam als JSON, of `null`.
    pub json: Value,
}

impl Antwoord {
    /// Een kop, of leeg.
    #[must_use]
    pub fn kop(&self, naam: &str) -> &str {
        self.koppen.get(naam).and_then(|w| w.to_str().ok()).unwrap_or_default()
    }

    /// Keurt de status en geeft het lichaam.
    #[must_use]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.json);
        self.json
    }

    /// De code van een probleem: het deel van `type` achter het hekje.
    #[must_use]
    pub fn code(&self) -> &str {
        assert!(self.kop("content-type").starts_with("application/problem+json"), "{self:?}");
        self.json["type"].as_str().and_then(|t| t.rsplit('#').next()).unwrap_or_default()
    }
}

/// De draaiende dienst; verdwijnt met de proef.
#[derive(Debug)]
pub struct Loket {
    /// Map met demo.json en tokens.
    pub map: PathBuf,
    /// Welke database, voor meldingen.
    pub database: &'static str,
    basis: String,
    client: reqwest::Client,
    proces: Child,
    _ruimte: tempfile::TempDir,
    _server: Option<Postgres>,
}

impl Drop for Loket {
    fn drop(&mut self) {
        let _ = self.proces.kill();
        let _ = self.proces.wait();
    }
}

fn vrij_adres() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).unwrap()
}

/// Het programma naast deze proef; zo nodig eerst gebouwd.
fn programma() -> PathBuf {
    let hier = std::env::current_exe().unwrap();
    let pad = hier.parent().and_then(Path::parent).unwrap().join("aansluitloket");
    if !pad.is_file() {
        let gelukt = Command::new(env!("CARGO")).args(["build", "--locked", "-p", "aansluitloket", "--bin", "aansluitloket"]).status().unwrap();
        assert!(gelukt.success());
    }
    pad
}

impl Loket {
    fn start(database: &'static str, server: Option<Postgres>) -> Self {
        let ruimte = tempfile::tempdir().unwrap();
        let (map, luister, beheer) = (ruimte.path().join("demo"), vrij_adres(), vrij_adres());
        let url = server.as_ref().map(Postgres::database);
        // De voorbereiding heeft haar eigen uitvoerder; die past niet in die van de proef.
        let (doel, database_url) = (map.clone(), url.clone());
        std::thread::spawn(move || server::demo::prepare(doel, luister, url.as_deref()).unwrap()).join().unwrap();
        let proces = Command::new(programma())
            .envs(database_url.map(|url| ("AANSLUITLOKET_STORAGE__DATABASE_URL", url)))
            .arg("--config")
            .arg(map.join("aansluitloket.toml"))
            .arg("serve")
            .env("AANSLUITLOKET_SERVER__ADMIN_LISTEN", beheer.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        #[allow(clippy::disallowed_methods, reason = "de proef is een client van buiten")]
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let loket = Self { map, database, basis: format!("http://{luister}"), client, proces, _ruimte: ruimte, _server: server };
        let einde = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(luister).is_err() {
            assert!(Instant::now() < einde, "de dienst start niet");
            std::thread::sleep(Duration::from_millis(20));
        }
        loket
    }

    /// De dienst op iedere database die er is; met `CI=true` op allebei.
    #[must_use]
    pub fn alle() -> Vec<Self> {
        let mut alle = vec![Self::start("SQLite", None)];
        alle.extend(Postgres::start().map(|server| Self::start("PostgreSQL", Some(server))));
        alle
    }

    /// Het meeste geheugen dat de dienst tot nu toe gebruikte, in bytes (`VmHWM`).
    #[must_use]
    pub fn meeste_geheugen(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.proces.id())).unwrap();
        let regel = status.lines().find(|regel| regel.starts_with("VmHWM:")).unwrap();
        regel.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Wat in demo.json staat.
    #[must_use]
    pub fn demo(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.map.join("demo.json")).unwrap()).unwrap()
    }

    /// Het id van een voorbeeldorganisatie.
    #[must_use]
    pub fn organisatie(&self, sleutel: &str) -> String {
        self.demo()["organisaties"].as_array().unwrap().iter().find(|o| o["sleutel"] == sleutel).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Waar de dienst luistert, als `adres:poort`.
    #[must_use]
    pub fn adres(&self) -> &str {
        self.basis.trim_start_matches("http://")
    }

    /// Het token van een rol.
    #[must_use]
    pub fn token(&self, wie: Wie) -> String {
        std::fs::read_to_string(self.map.join("tokens").join(format!("{}.jwt", wie.bestand()))).unwrap().trim().to_owned()
    }

    /// Belt als deze rol.
    #[must_use]
    pub fn als(&self, wie: Wie) -> Beller<'_> {
        let token = (wie != Wie::Niemand).then(|| self.token(wie));
        Beller { loket: self, token }
    }

    /// Belt met een eigen token.
    #[must_use]
    pub fn met_token(&self, token: &str) -> Beller<'_> {
        Beller { loket: self, token: Some(token.to_owned()) }
    }
}

/// Een beller met een token.
#[derive(Debug)]
pub struct Beller<'a> {
    loket: &'a Loket,
    token: Option<String>,
}

impl Beller<'_> {
    /// Een verzoek met deze koppen; een lichaam gaat als JSON (bij PATCH als merge patch).
    pub async fn doe(&self, methode: &str, pad: &str, koppen: &[(&str, &str)], lichaam: Option<&Value>) -> Antwoord {
        let mut verzoek = self.loket.client.request(methode.parse().unwrap(), format!("{}{pad}", self.loket.basis));
        if let Some(token) = &self.token {
            verzoek = verzoek.bearer_auth(token);
        }
        if let Some(lichaam) = lichaam {
            let soort = if methode == "PATCH" { "application/merge-patch+json" } else { "application/json" };
            verzoek = verzoek.header("content-type", soort).body(lichaam.to_string());
        }
        for (naam, waarde) in koppen {
            verzoek = verzoek.header(*naam, *waarde);
        }
        let antwoord = verzoek.send().await.unwrap();
        let (status, koppen) = (antwoord.status().as_u16(), antwoord.headers().clone());
        let json = serde_json::from_slice(&antwoord.bytes().await.unwrap()).unwrap_or(Value::Null);
        Antwoord { status, koppen, json }
    }

    /// Stuurt een bestand als stroom; `None` als de dienst de verbinding al verbrak voordat haar antwoord te lezen was.
    pub async fn stuur(&self, pad: &str, koppen: &[(&str, &str)], bytes: impl Into<reqwest::Body>) -> Option<Antwoord> {
        let mut verzoek = self.loket.client.post(format!("{}{pad}", self.loket.basis)).body(bytes);
        if let Some(token) = &self.token {
            verzoek = verzoek.bearer_auth(token);
        }
        for (naam, waarde) in koppen {
            verzoek = verzoek.header(*naam, *waarde);
        }
        let antwoord = verzoek.send().await.ok()?;
        let (status, koppen) = (antwoord.status().as_u16(), antwoord.headers().clone());
        let json = serde_json::from_slice(&antwoord.bytes().await.ok()?).unwrap_or(Value::Null);
        Some(Antwoord { status, koppen, json })
    }

    /// Haalt een bestand op.
    pub async fn haal(&self, pad: &str, accept: &str) -> Vec<u8> {
        let mut verzoek = self.loket.client.get(format!("{}{pad}", self.loket.basis)).header("accept", accept);
        if let Some(token) = &self.token {
            verzoek = verzoek.bearer_auth(token);
        }
        let antwoord = verzoek.send().await.unwrap();
        assert_eq!(antwoord.status().as_u16(), 200, "{pad} als {accept}");
        antwoord.bytes().await.unwrap().to_vec()
    }

    /// Leest.
    pub async fn lees(&self, pad: &str) -> Antwoord {
        self.doe("GET", pad, &[], None).await
    }

    /// Maakt iets nieuws.
    pub async fn maak(&self, pad: &str, lichaam: Value) -> Antwoord {
        self.doe("POST", pad, &[], Some(&lichaam)).await
    }

    /// Handelt op de versie die `bron` nu heeft.
    pub async fn op_versie(&self, methode: &str, bron: &str, pad: &str, lichaam: Value) -> Antwoord {
        let etag = self.lees(bron).await.kop("etag").to_owned();
        self.doe(methode, pad, &[("if-match", &etag)], Some(&lichaam)).await
    }
}
