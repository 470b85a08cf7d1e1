//! Een eigen PostgreSQL voor de duur van een proef, als die op deze machine staat.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Een verse database op een eigen server.
pub(crate) struct Database {
    pub(crate) url: String,
    child: Option<Child>,
    bin: PathBuf,
    root: bool,
    address: SocketAddr,
    dir: tempfile::TempDir,
}

impl Drop for Database {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Database {
    /// Stopt de server en verbreekt alle verbindingen.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _gone = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            let _gone = child.wait();
        }
    }

    /// Start de server (weer) op hetzelfde adres.
    pub(crate) fn start(&mut self) {
        let child = as_postgres(&self.bin.join("postgres"), self.root)
            .arg("-D")
            .arg(self.dir.path().join("cluster"))
            .args(["-h", "127.0.0.1", "-p", &self.address.port().to_string(), "-k", ""])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
        let started = Instant::now();
        while !psql(&self.bin, self.address, "SELECT 1") {
            assert!(started.elapsed() < Duration::from_secs(30), "PostgreSQL werd niet gereed");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Start een server met een lege database; `None` als PostgreSQL hier niet is geïnstalleerd.
pub(crate) fn fresh_database() -> Option<Database> {
    let bin = binaries()?;
    let dir = tempfile::tempdir().unwrap();
    let root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0");
    if root {
        assert!(Command::new("chown").arg("postgres").arg(dir.path()).status().unwrap().success());
    }
    let made = as_postgres(&bin.join("initdb"), root)
        .arg("-D")
        .arg(dir.path().join("cluster"))
        .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success(), "initdb mislukte");
    let address = super::free_address();
    let mut database = Database { url: format!("postgresql://postgres@{address}/loket"), child: None, bin, root, address, dir };
    database.start();
    assert!(psql(&database.bin, address, "CREATE DATABASE loket"));
    Some(database)
}

/// Vult de database en laat in `dir` de configuratie en tokens achter.
pub(crate) fn seed(dir: &Path, url: &str) {
    server::demo::prepare(dir.to_owned(), super::free_address(), Some(url)).unwrap();
}

fn psql(bin: &Path, address: SocketAddr, sql: &str) -> bool {
    let mut command = Command::new(bin.join("psql"));
    command.args(["-q", "-h", "127.0.0.1", "-U", "postgres", "-d", "postgres", "-p", &address.port().to_string(), "-c", sql]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// PostgreSQL weigert als root te draaien; setpriv vervangt zichzelf, zodat het nummer van het proces klopt.
fn as_postgres(program: &Path, root: bool) -> Command {
    if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program).current_dir("/");
        command
    } else {
        Command::new(program)
    }
}

fn binaries() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect();
    found.sort();
    found.pop()
}
