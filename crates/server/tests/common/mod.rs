//! Het echte programma als proces, en een kleine HTTP-client zonder verborgen herhalingen.
#![expect(dead_code, reason = "elke proef gebruikt een ander deel")]

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Het programma.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aansluitloket"));
    for (name, _) in std::env::vars() {
        if name.starts_with("AANSLUITLOKET_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command
}

/// Een poort die nu vrij is.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Een draaiend proces dat met de proef verdwijnt.
pub(crate) struct Service {
    pub(crate) child: Child,
    pub(crate) api: SocketAddr,
    pub(crate) admin: Option<SocketAddr>,
    pub(crate) dir: PathBuf,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

impl Service {
    /// De voorbeelddienst in een nieuwe map.
    pub(crate) fn demo(dir: &Path) -> Self {
        let api = free_address();
        let child =
            program().args(["demo", "--listen", &api.to_string(), "--data"]).arg(dir).stdout(Stdio::null()).stderr(log_file(dir, "demo")).spawn().unwrap();
        let mut service = Self { child, api, admin: None, dir: dir.to_owned() };
        service.wait_ready("/v1/openapi.json");
        service
    }

    /// `serve` met het configuratiebestand dat de voorbeelddienst achterliet.
    pub(crate) fn serve(dir: &Path, environment: &[(&str, &str)]) -> Self {
        let (api, admin) = (free_address(), free_address());
        let child = program()
            .arg("--config")
            .arg(dir.join("aansluitloket.toml"))
            .arg("serve")
            .env("AANSLUITLOKET_SERVER__LISTEN", api.to_string())
            .env("AANSLUITLOKET_SERVER__ADMIN_LISTEN", admin.to_string())
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(log_file(dir, "serve"))
            .spawn()
            .unwrap();
        let mut service = Self { child, api, admin: Some(admin), dir: dir.to_owned() };
        service.wait_ready("/v1/openapi.json");
        service
    }

    fn wait_ready(&mut self, path: &str) {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(60) {
            if request(self.api, "GET", path, &[], None).is_ok_and(|answer| answer.status == 200) {
                return;
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("gestopt met {status}:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("niet gereed binnen een minuut:\n{}", self.log());
    }

    /// Wat er in het logboek staat.
    pub(crate) fn log(&self) -> String {
        ["demo", "serve"].map(|name| fs::read_to_string(log_path(&self.dir, name)).unwrap_or_default()).join("")
    }

    /// Het token van een rol.
    pub(crate) fn token(&self, role: &str) -> String {
        fs::read_to_string(self.dir.join("tokens").join(format!("{role}.jwt"))).unwrap().trim().to_owned()
    }

    /// Een verzoek met het token van een rol.
    pub(crate) fn call(&self, role: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        self.try_call(role, method, path, headers, body).unwrap()
    }

    /// Hetzelfde, als de dienst mag wegvallen.
    pub(crate) fn try_call(&self, role: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> io::Result<Answer> {
        let bearer = format!("Bearer {}", self.token(role));
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        request(self.api, method, path, &all, body)
    }

    /// Stuurt een signaal.
    pub(crate) fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap().success());
    }

    /// Wacht op het einde.
    pub(crate) fn wait_exit(&mut self, within: Duration) -> Option<i32> {
        let started = Instant::now();
        while started.elapsed() < within {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("loopt nog na {within:?}:\n{}", self.log());
    }
}

fn log_path(dir: &Path, name: &str) -> PathBuf {
    dir.with_extension(format!("{name}.log"))
}

fn log_file(dir: &Path, name: &str) -> fs::File {
    fs::OpenOptions::new().create(true).append(true).open(log_path(dir, name)).unwrap()
}

/// Een antwoord.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// De inhoud als JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("geen JSON: {}", self.text()))
    }

    /// De inhoud als tekst.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Een kop.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.head.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()))
    }
}

/// Eén verzoek over een eigen verbinding.
pub(crate) fn request(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let body = body.map(ToString::to_string).unwrap_or_default();
    stream.write_all(head(address, method, path, headers, body.len()).as_bytes())?;
    stream.write_all(body.as_bytes())?;
    read_answer(&mut stream)
}

/// De kop van een verzoek.
pub(crate) fn head(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\naccept: application/json, application/problem+json, */*\r\n");
    if length > 0 {
        head.push_str(&format!("content-length: {length}\r\n"));
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            head.push_str("content-type: application/json\r\n");
        }
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head
}

/// Leest een antwoord tot het einde van de verbinding.
pub(crate) fn read_answer(stream: &mut TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let mut body = bytes[split + 4..].to_vec();
    if head.to_lowercase().contains("transfer-encoding: chunked") {
        body = unchunk(&body)?;
    } else if let Some(length) = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ").map(str::to_owned)) {
        // Een half antwoord is geen antwoord: na een harde stop telt het niet als bevestiging.
        if length.trim().parse::<usize>().map_err(|_| io::ErrorKind::InvalidData)? != body.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Answer { status, head, body })
}

fn unchunk(mut rest: &[u8]) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
        let size = usize::from_str_radix(String::from_utf8_lossy(&rest[..end]).trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(rest.get(end + 2..end + 2 + size).ok_or(io::ErrorKind::UnexpectedEof)?);
        rest = rest.get(end + 4 + size..).ok_or(io::ErrorKind::UnexpectedEof)?;
    }
}

/// Vult een database van PostgreSQL en laat in `dir` de configuratie en tokens achter.
pub(crate) fn seed(dir: &Path, url: &str) {
    server::demo::prepare(dir.to_owned(), free_address(), Some(url)).unwrap();
}
