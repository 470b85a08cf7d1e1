//! Een PostgreSQL-server om weg te gooien, voor proeven; stopt met het proces dat hij zelf startte.
#![allow(
    clippy::allow_attributes,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "proefgereedschap: een fout hier is een mislukte proef"
)]

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// Een eigen server op een vrije poort, met een eigen map.
#[derive(Debug)]
pub struct Postgres {
    map: tempfile::TempDir,
    poort: u16,
    proces: Option<Child>,
    /// Waarmee de server start, naast wat iedere server krijgt.
    opties: Vec<String>,
    volgende: AtomicU32,
}

fn programma(naam: &str) -> Option<PathBuf> {
    let mut mappen: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|m| m.path().join("bin")).collect();
    mappen.sort();
    mappen.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    mappen.into_iter().rev().map(|m| m.join(naam)).find(|p| p.is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n")
}

/// PostgreSQL draait niet als root: dan als gebruiker `postgres`.
fn opdracht(programma: &Path) -> Command {
    if is_root() {
        let mut c = Command::new("runuser");
        c.args(["-u", "postgres", "--"]).arg(programma);
        c
    } else {
        Command::new(programma)
    }
}

impl Postgres {
    /// Start een server; `None` als PostgreSQL er niet is. Met `CI=true` is dat een fout.
    #[must_use]
    pub fn start() -> Option<Self> {
        let mut server = Self::ingericht()?;
        server.herstart();
        Some(server)
    }

    /// Als [`Postgres::start`], met TLS. De server tekent zijn certificaat zelf, op naam van 127.0.0.1; het staat in
    /// [`Postgres::certificaat`]. Daarvoor is `openssl` nodig.
    #[cfg(feature = "postgres-tls")]
    #[must_use]
    pub fn start_met_tls() -> Option<Self> {
        let mut server = Self::ingericht()?;
        let (sleutel, certificaat) = (server.map.path().join("data/server.key"), server.certificaat());
        let gemaakt = opdracht(Path::new("openssl"))
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=proef"])
            .args(["-addext", "subjectAltName=IP:127.0.0.1", "-keyout"])
            .arg(sleutel)
            .arg("-out")
            .arg(certificaat)
            .stderr(Stdio::null())
            .status()
            .expect("openssl");
        assert!(gemaakt.success(), "openssl maakte geen certificaat");
        server.opties = ["-c", "ssl=on"].map(str::to_owned).into();
        server.herstart();
        Some(server)
    }

    /// Het certificaat van de server, dat een verbinding met TLS als wortel opgeeft.
    #[cfg(feature = "postgres-tls")]
    #[must_use]
    pub fn certificaat(&self) -> PathBuf {
        self.map.path().join("data/server.crt")
    }

    /// Een server die nog niet draait.
    fn ingericht() -> Option<Self> {
        let (Some(initdb), Some(_)) = (programma("initdb"), programma("postgres")) else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL ontbreekt, en in CI wordt niets overgeslagen");
            eprintln!("OVERGESLAGEN: PostgreSQL staat niet op deze machine");
            return None;
        };
        let map = tempfile::tempdir().expect("map");
        std::fs::set_permissions(map.path(), std::fs::Permissions::from_mode(0o777)).expect("rechten");
        let klaar = opdracht(&initdb)
            .args(["-D"])
            .arg(map.path().join("data"))
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"])
            .stdout(Stdio::null())
            .status()
            .expect("initdb");
        assert!(klaar.success(), "initdb mislukte");
        let poort = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("poort").port();
        Some(Self { map, poort, proces: None, opties: Vec::new(), volgende: AtomicU32::new(0) })
    }

    /// Start de server (opnieuw) en wacht tot hij antwoordt.
    pub fn herstart(&mut self) {
        let postgres = programma("postgres").expect("postgres");
        let proces = opdracht(&postgres)
            .args(["-D"])
            .arg(self.map.path().join("data"))
            .args(["-p", &self.poort.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=60"])
            .args(&self.opties)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres");
        self.proces = Some(proces);
        let einde = Instant::now() + Duration::from_secs(30);
        while PgConnection::establish(&self.url("postgres")).is_err() {
            assert!(Instant::now() < einde, "PostgreSQL start niet");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stopt de server meteen, zoals bij een uitval.
    pub fn stop(&mut self) {
        let pid = std::fs::read_to_string(self.map.path().join("data/postmaster.pid")).ok().and_then(|t| t.lines().next().map(str::to_owned));
        if let Some(pid) = pid {
            let _ = Command::new("kill").args(["-QUIT", &pid]).status();
        }
        if let Some(mut proces) = self.proces.take() {
            let _ = proces.wait();
        }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.poort)
    }

    /// Een nieuwe lege database.
    pub fn database(&self) -> String {
        let naam = format!("proef{}", self.volgende.fetch_add(1, Ordering::Relaxed));
        PgConnection::establish(&self.url("postgres"))
            .and_then(|mut c| c.batch_execute(&format!("CREATE DATABASE {naam}")).map_err(|e| diesel::ConnectionError::BadConnection(e.to_string())))
            .expect("database");
        self.url(&naam)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

impl crate::Store {
    /// Draait alle migraties terug, om te bewijzen dat dat kan.
    pub fn migrate_down(&self) -> Result<(), crate::StoreError> {
        self.0.met_schrijver(crate::migrate::terug)
    }

    /// Voert SQL uit achter de rug van de dienst om, zoals een indringer zou doen.
    pub fn achter_de_rug(&self, sql: &str) -> Result<(), crate::StoreError> {
        self.0.met_schrijver(|conn| conn.opdracht(sql))
    }
}
