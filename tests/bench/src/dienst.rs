//! De dienst als proces: inrichten, starten, bekijken, stoppen.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;

use crate::Uitkomst;

/// Een proces dat met deze waarde verdwijnt.
pub(crate) struct Proces {
    kind: Child,
    pub(crate) adres: SocketAddr,
}

impl Drop for Proces {
    fn drop(&mut self) {
        // Eerst netjes; wie niet wil, wordt beëindigd.
        let _weg = Command::new("kill").arg(self.kind.id().to_string()).status();
        for _ in 0..100 {
            if matches!(self.kind.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _weg = self.kind.kill();
        let _weg = self.kind.wait();
    }
}

impl Proces {
    pub(crate) fn start(mut opdracht: Command, adres: SocketAddr) -> Uitkomst<Self> {
        let kind = opdracht.stdin(Stdio::null()).stdout(Stdio::null()).spawn().map_err(|fout| format!("{opdracht:?} start niet: {fout}"))?;
        Ok(Self { kind, adres })
    }

    /// Wacht tot het adres 200 geeft; zegt hoe lang dat duurde.
    pub(crate) fn wacht_op(&mut self, pad: &str) -> Uitkomst<Duration> {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(60) {
            if haal(self.adres, pad, "").is_ok_and(|antwoord| antwoord.status == 200) {
                return Ok(begin.elapsed());
            }
            if let Ok(Some(status)) = self.kind.try_wait() {
                return Err(format!("het proces stopte met {status}"));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err(format!("{pad} werd niet gereed"))
    }

    /// Geheugen in gebruik, in MB.
    pub(crate) fn geheugen_mb(&self) -> Uitkomst<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.kind.id())).map_err(|fout| fout.to_string())?;
        let kb = status.lines().find_map(|regel| regel.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
        kb.map(|kb| kb / 1024.0).ok_or_else(|| "geen VmRSS".to_owned())
    }
}

/// Een ingerichte dienst die nog niet hoeft te draaien.
pub(crate) struct Inrichting {
    pub(crate) map: PathBuf,
    pub(crate) hoofdsleutel: [u8; 32],
    pub(crate) database_url: Option<String>,
    programma: PathBuf,
    adres: SocketAddr,
    beheer: SocketAddr,
}

const UITGEVER: &str = "https://login.nipv.example";

impl Inrichting {
    /// Configuratie, lege opslag en NIPV.
    pub(crate) fn nieuw(map: &Path, database_url: Option<String>) -> Uitkomst<Self> {
        let programma = std::env::current_exe().ok().and_then(|zelf| Some(zelf.parent()?.join("aansluitloket"))).filter(|pad| pad.exists());
        let programma = programma.ok_or("bouw eerst `cargo build --release -p aansluitloket`")?;
        let mut hoofdsleutel = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut hoofdsleutel).map_err(|_| "geen toeval".to_owned())?;
        let inrichting = Self { map: map.to_owned(), hoofdsleutel, database_url, programma, adres: vrij_adres()?, beheer: vrij_adres()? };
        inrichting.schrijf()?;
        inrichting.voer_uit(&["migrate"])?;
        inrichting.voer_uit(&["bootstrap", "--naam", "Lotte Voorbeeld", "--email", "lotte@nipv.example", "--uitgever", UITGEVER, "--sub", "bench"])?;
        Ok(inrichting)
    }

    pub(crate) fn basis(&self) -> String {
        format!("http://{}", self.adres)
    }

    fn schrijf(&self) -> Uitkomst<()> {
        let sleutel = self.map.join("hoofdsleutel");
        let mut bestand = File::create(&sleutel).map_err(|fout| fout.to_string())?;
        set_private(&bestand)?;
        bestand.write_all(base64::engine::general_purpose::STANDARD.encode(self.hoofdsleutel).as_bytes()).map_err(|fout| fout.to_string())?;
        let opslag = match &self.database_url {
            Some(url) => format!("database_url = \"{url}\"\npool_size = 16"),
            None => format!("data_dir = \"{}\"", self.map.join("gegevens").display()),
        };
        let tekst = format!(
            "[server]\nbase_url = \"{}\"\nlisten = \"{}\"\nadmin_listen = \"{}\"\n\n[storage]\n{opslag}\n\n[keys]\nmaster_key_file = \"{}\"\n\n\
             [access]\ntoken_lifetime_seconds = 21600\n\n[limits]\ncaller_per_second = 1000000\ncaller_burst = 1000000\naddress_per_second = 1000000\n\
             address_burst = 1000000\n\n[egress]\nallow_hosts = [\"localhost\"]\n\n[logging]\nlevel = \"warn\"\n\n[[trusted_issuers]]\nname = \"Identiteitsvoorziening NIPV\"\nissuer = \"{UITGEVER}\"\n",
            self.basis(),
            self.adres,
            self.beheer,
            sleutel.display(),
        );
        fs::write(self.map.join("aansluitloket.toml"), tekst).map_err(|fout| fout.to_string())
    }

    fn opdracht(&self, argumenten: &[&str]) -> Uitkomst<Command> {
        let logboek = File::options().create(true).append(true).open(self.map.join("dienst.log")).map_err(|fout| fout.to_string())?;
        let mut opdracht = Command::new(&self.programma);
        opdracht.arg("--config").arg(self.map.join("aansluitloket.toml")).args(argumenten).stderr(logboek);
        for (naam, _) in std::env::vars().filter(|(naam, _)| naam.starts_with("AANSLUITLOKET_") || naam == "DATABASE_URL") {
            opdracht.env_remove(naam);
        }
        Ok(opdracht)
    }

    fn voer_uit(&self, argumenten: &[&str]) -> Uitkomst<()> {
        let status = self.opdracht(argumenten)?.stdout(Stdio::null()).status().map_err(|fout| fout.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("`aansluitloket {}` mislukte:\n{}", argumenten.join(" "), self.logboek())) }
    }

    pub(crate) fn logboek(&self) -> String {
        fs::read_to_string(self.map.join("dienst.log")).unwrap_or_default()
    }

    /// Start de dienst; geeft ook hoe lang het duurde tot zij gereed was.
    pub(crate) fn start(&self) -> Uitkomst<(Proces, Duration)> {
        let begin = Instant::now();
        let mut proces = Proces::start(self.opdracht(&["serve"])?, self.adres)?;
        // Gereed is wat de beheerpoort gereed noemt.
        proces.adres = self.beheer;
        proces.wacht_op("/readyz").map_err(|reden| format!("{reden}:\n{}", self.logboek()))?;
        proces.adres = self.adres;
        Ok((proces, begin.elapsed()))
    }
}

fn set_private(bestand: &File) -> Uitkomst<()> {
    use std::os::unix::fs::PermissionsExt as _;
    bestand.set_permissions(fs::Permissions::from_mode(0o600)).map_err(|fout| fout.to_string())
}

/// Een poort die nu vrij is, op deze machine zelf.
pub(crate) fn vrij_adres() -> Uitkomst<SocketAddr> {
    TcpListener::bind("127.0.0.1:0").and_then(|luister| luister.local_addr()).map_err(|fout| fout.to_string())
}

/// Een antwoord.
pub(crate) struct Antwoord {
    pub(crate) status: u16,
    pub(crate) lichaam: String,
}

/// Eén GET over een eigen verbinding.
pub(crate) fn haal(adres: SocketAddr, pad: &str, token: &str) -> Uitkomst<Antwoord> {
    let fout = |fout: std::io::Error| fout.to_string();
    let mut lijn = TcpStream::connect_timeout(&adres, Duration::from_secs(1)).map_err(fout)?;
    lijn.set_read_timeout(Some(Duration::from_secs(30))).map_err(fout)?;
    let bewijs = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    write!(lijn, "GET {pad} HTTP/1.1\r\nhost: {adres}\r\nconnection: close\r\naccept: */*\r\n{bewijs}\r\n").map_err(fout)?;
    let mut tekst = String::new();
    lijn.read_to_string(&mut tekst).map_err(fout)?;
    let (kop, lichaam) = tekst.split_once("\r\n\r\n").ok_or("geen HTTP-antwoord")?;
    let status = kop.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("geen HTTP-status")?;
    Ok(Antwoord { status, lichaam: lichaam.to_owned() })
}
