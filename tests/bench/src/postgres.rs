//! Een eigen PostgreSQL om op te meten: met `fsync` aan, alleen op deze machine, weg na afloop.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Uitkomst;
use crate::dienst::vrij_adres;

/// Een draaiende server.
pub(crate) struct Postgres {
    kind: Child,
    bin: PathBuf,
    poort: u16,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT: verbreek de verbindingen en stop netjes.
        let _weg = Command::new("kill").arg("-INT").arg(self.kind.id().to_string()).status();
        for _ in 0..100 {
            if matches!(self.kind.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _weg = self.kind.kill();
        let _weg = self.kind.wait();
    }
}

impl Postgres {
    /// Maakt een nieuwe cluster in `map` en start hem.
    pub(crate) fn start(map: &Path) -> Uitkomst<Self> {
        let bin = bin_map().ok_or("PostgreSQL ontbreekt (Debian: apt-get install postgresql postgresql-contrib)")?;
        let als_root = gelukt(Command::new("sh").args(["-c", "test \"$(id -u)\" = 0"])).is_ok();
        fs::create_dir_all(map).map_err(|fout| fout.to_string())?;
        if als_root {
            gelukt(Command::new("chown").arg("postgres").arg(map))?;
        }
        let gegevens = map.join("cluster");
        gelukt(als(&bin.join("initdb"), als_root).arg("-D").arg(&gegevens).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]))?;
        let poort = vrij_adres()?.port();
        let kind = als(&bin.join("postgres"), als_root)
            .arg("-D")
            .arg(&gegevens)
            .args(["-h", "127.0.0.1", "-p", &poort.to_string(), "-k", ""])
            .args(["-c", "max_connections=150", "-c", "shared_buffers=256MB"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|fout| fout.to_string())?;
        let server = Self { kind, bin, poort };
        for _ in 0..300 {
            if server.sql("postgres", "SELECT 1").is_ok() {
                server.sql("postgres", "CREATE DATABASE loket")?;
                server.sql("postgres", "CREATE DATABASE kaal")?;
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err("PostgreSQL werd niet gereed".to_owned())
    }

    pub(crate) fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/loket", self.poort)
    }

    fn sql(&self, database: &str, opdracht: &str) -> Uitkomst<()> {
        gelukt(self.client("psql").args(["-q", "-d", database, "-c", opdracht]))
    }

    /// Vraagt de database om zijn statistieken, zoals autovacuum dat op den duur ook doet.
    pub(crate) fn analyseer(&self) -> Uitkomst<()> {
        self.sql("loket", "VACUUM ANALYZE")
    }

    /// Maakt de tabellen van pgbench en die voor kale vastlegging.
    pub(crate) fn bereid_kaal_voor(&self) -> Uitkomst<()> {
        gelukt(self.client("pgbench").args(["-i", "-q", "-s", "10", "kaal"]))?;
        self.sql("kaal", "CREATE TABLE proef (id bigserial PRIMARY KEY, inhoud text NOT NULL)")
    }

    /// `pgbench -S` met zoveel verbindingen: leesopdrachten per seconde.
    pub(crate) fn lezen(&self, verbindingen: usize, seconden: u32) -> Uitkomst<f64> {
        self.pgbench(verbindingen, seconden, &["-S"])
    }

    /// Eén rij van dezelfde grootte per transactie: vastleggingen per seconde.
    pub(crate) fn vastleggingen(&self, map: &Path, verbindingen: usize, seconden: u32, inhoud: &str) -> Uitkomst<f64> {
        let script = map.join("vastleggen.sql");
        fs::write(&script, format!("INSERT INTO proef (inhoud) VALUES ('{}');\n", inhoud.replace('\'', "''"))).map_err(|fout| fout.to_string())?;
        self.pgbench(verbindingen, seconden, &["-n", "-f", &script.to_string_lossy()])
    }

    fn pgbench(&self, verbindingen: usize, seconden: u32, soort: &[&str]) -> Uitkomst<f64> {
        let (c, t) = (verbindingen.to_string(), seconden.to_string());
        let uit =
            self.client("pgbench").args(["-M", "prepared", "-j", "1", "-c", &c, "-T", &t]).args(soort).arg("kaal").output().map_err(|fout| fout.to_string())?;
        let tekst = String::from_utf8_lossy(&uit.stdout);
        let tps = tekst.lines().find_map(|regel| regel.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        tps.ok_or_else(|| format!("pgbench zegt geen tps: {tekst}{}", String::from_utf8_lossy(&uit.stderr)))
    }

    fn client(&self, naam: &str) -> Command {
        let mut opdracht = Command::new(self.bin.join(naam));
        opdracht.env("PGHOST", "127.0.0.1").env("PGPORT", self.poort.to_string()).env("PGUSER", "postgres").env_remove("PGPASSWORD");
        opdracht
    }
}

fn als(programma: &Path, als_root: bool) -> Command {
    if als_root {
        // postgres weigert als root te draaien; setpriv vervangt zichzelf, zodat het nummer van het proces klopt.
        let mut opdracht = Command::new("setpriv");
        opdracht.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(programma).current_dir("/");
        opdracht
    } else {
        Command::new(programma)
    }
}

fn bin_map() -> Option<PathBuf> {
    let mut mappen: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|map| map.path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect();
    mappen.sort();
    mappen.pop()
}

fn gelukt(opdracht: &mut Command) -> Uitkomst<()> {
    let uit = opdracht.stdin(Stdio::null()).output().map_err(|fout| format!("{opdracht:?}: {fout}"))?;
    if uit.status.success() { Ok(()) } else { Err(format!("{opdracht:?}: {}", String::from_utf8_lossy(&uit.stderr))) }
}
