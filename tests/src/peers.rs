//! Tegenpartijen die ons niet kennen: `oidc-provider`, `openid-client`, authlib en een echte browser.
//!
//! Zij staan in `tests/peers` en draaien in Node of Python tegen het echte programma. Deze proeven vragen Node,
//! Chromium en pakketten; `./test tegenpartijen` haalt die op. Daarom zijn zij `#[ignore]` voor wie alleen Rust proeft.

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use store::testing::Postgres;

use crate::{programma, vrij_adres};

/// Een hub van één of meer knooppunten op één database, met mail die de proef kan lezen.
#[derive(Debug)]
pub struct Hub {
    /// Map met demo.json, tokens en configuratie.
    pub map: PathBuf,
    /// Welke database, voor meldingen.
    pub database: &'static str,
    database_url: Option<String>,
    /// Adres van elk knooppunt; het eerste is de uitgever.
    pub adressen: Vec<SocketAddr>,
    smtp: SocketAddr,
    /// Bestaat dit bestand, dan is de opslag weg.
    storing: Option<PathBuf>,
    processen: Vec<Child>,
    _ruimte: tempfile::TempDir,
    _server: Option<Postgres>,
}

impl Drop for Hub {
    fn drop(&mut self) {
        for proces in &mut self.processen {
            let _ = proces.kill();
            let _ = proces.wait();
        }
        if let Some(bestand) = &self.storing {
            let _ = std::fs::remove_file(bestand);
        }
    }
}

/// Een tussenstation voor de database, dat alle verbindingen verbreekt en weigert zolang het bestand bestaat. Geeft het nieuwe adres.
fn doorgeefluik(url: &str, storing: PathBuf) -> String {
    let doel = url.split('@').nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();
    let luister = TcpListener::bind("127.0.0.1:0").unwrap();
    let adres = luister.local_addr().unwrap();
    let nieuw = url.replace(&doel, &adres.to_string());
    std::thread::spawn(move || {
        for van in luister.incoming().flatten() {
            if storing.exists() {
                continue;
            }
            let Ok(naar) = TcpStream::connect(&doel) else { continue };
            let storing = storing.clone();
            std::thread::spawn(move || verbind(van, naar, &storing));
        }
    });
    nieuw
}

fn verbind(van: TcpStream, naar: TcpStream, storing: &Path) {
    let kopieer = |mut uit: TcpStream, mut in_: TcpStream| {
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut uit, &mut in_);
            let _ = in_.shutdown(Shutdown::Both);
        })
    };
    let heen = kopieer(van.try_clone().unwrap(), naar.try_clone().unwrap());
    let terug = kopieer(naar.try_clone().unwrap(), van.try_clone().unwrap());
    while !heen.is_finished() && !terug.is_finished() {
        if storing.exists() {
            let _ = (van.shutdown(Shutdown::Both), naar.shutdown(Shutdown::Both));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = (van.shutdown(Shutdown::Both), naar.shutdown(Shutdown::Both));
}

impl Hub {
    /// Een hub op iedere database die er is; met `CI=true` op allebei.
    #[must_use]
    pub fn alle() -> Vec<Self> {
        let mut alle = vec![Self::start("SQLite", None, 1)];
        alle.extend(Postgres::start().map(|server| Self::start("PostgreSQL", Some(server), 1)));
        alle
    }

    /// Een hub waarvan de proef de PostgreSQL kan laten uitvallen, of niets als die er niet is.
    #[must_use]
    pub fn met_storing() -> Option<Self> {
        Postgres::start().map(|server| {
            let bestand = std::env::temp_dir().join(format!("storing-{}", vrij_adres().port()));
            Self::op("PostgreSQL", Some(server), 1, Some(bestand))
        })
    }

    /// Twee knooppunten op één PostgreSQL, of niets als die er niet is.
    #[must_use]
    pub fn tweeling() -> Option<Self> {
        Postgres::start().map(|server| Self::start("PostgreSQL", Some(server), 2))
    }

    fn start(database: &'static str, server: Option<Postgres>, knooppunten: usize) -> Self {
        Self::op(database, server, knooppunten, None)
    }

    fn op(database: &'static str, server: Option<Postgres>, knooppunten: usize, storing: Option<PathBuf>) -> Self {
        let ruimte = tempfile::tempdir().unwrap();
        let adressen: Vec<SocketAddr> = (0..knooppunten).map(|_| vrij_adres()).collect();
        let (map, luister) = (ruimte.path().join("hub"), *adressen.first().unwrap());
        let database_url = server.as_ref().map(Postgres::database);
        let (doel, url) = (map.clone(), database_url.clone());
        std::thread::spawn(move || server::demo::prepare(doel, luister, url.as_deref()).unwrap()).join().unwrap();
        let database_url = match &storing {
            Some(bestand) => database_url.map(|url| doorgeefluik(&url, bestand.clone())),
            None => database_url,
        };
        let mut hub = Self { map, database, database_url, adressen, smtp: vrij_adres(), storing, processen: Vec::new(), _ruimte: ruimte, _server: server };
        for nummer in 0..knooppunten {
            let proces = hub.knooppunt(nummer);
            hub.processen.push(proces);
        }
        hub
    }

    /// Start een knooppunt en wacht tot het antwoordt.
    fn knooppunt(&self, nummer: usize) -> Child {
        let luister = *self.adressen.get(nummer).unwrap();
        let proces = Command::new(programma())
            .arg("--config")
            .arg(self.map.join("aansluitloket.toml"))
            .arg("serve")
            .envs(self.database_url.iter().map(|url| ("AANSLUITLOKET_STORAGE__DATABASE_URL", url)))
            .env("AANSLUITLOKET_SERVER__LISTEN", luister.to_string())
            .env("AANSLUITLOKET_SERVER__ADMIN_LISTEN", vrij_adres().to_string())
            .env("AANSLUITLOKET_EGRESS__ALLOW_HOSTS", "localhost,127.0.0.1")
            .env("AANSLUITLOKET_MAIL__HOST", "127.0.0.1")
            .env("AANSLUITLOKET_MAIL__PORT", self.smtp.port().to_string())
            .env("AANSLUITLOKET_MAIL__TLS", "none")
            .stdout(Stdio::null())
            .stderr(std::fs::File::options().create(true).append(true).open(self.map.join(format!("knooppunt-{nummer}.log"))).unwrap())
            .spawn()
            .unwrap();
        let einde = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(luister).is_err() {
            assert!(Instant::now() < einde, "knooppunt {nummer} start niet:\n{}", self.logboek(nummer));
            std::thread::sleep(Duration::from_millis(20));
        }
        proces
    }

    /// Wat een knooppunt op zijn foutuitvoer schreef.
    #[must_use]
    pub fn logboek(&self, nummer: usize) -> String {
        std::fs::read_to_string(self.map.join(format!("knooppunt-{nummer}.log"))).unwrap_or_default()
    }

    /// Voert een bestand met proeven in Node uit; elke proef daarin moet slagen.
    pub fn proef(&self, bestand: &str) {
        let peers = peers();
        let uit = Command::new("node")
            .args(["--test", "--test-reporter=spec"])
            .arg(peers.join("proeven").join(bestand))
            .current_dir(&peers)
            .envs(self.omgeving())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let tekst = format!("{}{}", String::from_utf8_lossy(&uit.stdout), String::from_utf8_lossy(&uit.stderr));
        assert!(uit.status.success(), "{bestand} op {}:\n{tekst}\n{}", self.database, self.logboeken());
        // Een bestand waarin niets draait, bewijst niets.
        assert!(!tekst.contains("ℹ pass 0\n") && !tekst.contains("skipped 1"), "{bestand} proefde niets:\n{tekst}");
    }

    /// Wat de tegenpartijen moeten weten.
    fn omgeving(&self) -> Vec<(&'static str, String)> {
        let adressen: Vec<String> = self.adressen.iter().map(|adres| format!("http://{adres}")).collect();
        let processen: Vec<String> = self.processen.iter().map(|proces| proces.id().to_string()).collect();
        vec![
            ("LOKET_URL", adressen.first().cloned().unwrap()),
            ("LOKET_KNOOPPUNTEN", adressen.join(",")),
            ("LOKET_PROCESSEN", processen.join(",")),
            ("LOKET_DEMO", self.map.display().to_string()),
            ("LOKET_DATABASE", self.database.to_owned()),
            ("LOKET_SMTP_POORT", self.smtp.port().to_string()),
            ("LOKET_AFDRUKKEN", afdrukken().display().to_string()),
            ("LOKET_STORING", self.storing.as_ref().map(|pad| pad.display().to_string()).unwrap_or_default()),
            ("NO_COLOR", "1".to_owned()),
        ]
    }

    fn logboeken(&self) -> String {
        (0..self.adressen.len()).map(|nummer| self.logboek(nummer)).collect::<Vec<_>>().join("\n--\n")
    }
}

/// De map met de tegenpartijen; `PEERS` wijst naar een kopie waarin de pakketten al staan.
fn peers() -> PathBuf {
    let map = std::env::var_os("PEERS").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("peers"), PathBuf::from);
    assert!(map.join("node_modules").is_dir(), "de pakketten van de tegenpartijen ontbreken; draai `./test tegenpartijen`, of `npm ci` in tests/peers");
    map
}

/// Naast het programma, dus in de bouwmap.
fn afdrukken() -> PathBuf {
    programma().parent().unwrap().join("schermafdrukken")
}
