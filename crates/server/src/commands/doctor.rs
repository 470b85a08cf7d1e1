//! `doctor`: per onderdeel ok, let op of fout, en wat te doen.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider::MasterKey;
use store::post::PostStand;
use store::{AuditFilter, Dialect, Page, Store, StoreError, Zicht, audit_list};

use crate::config::{Config, Source, load};
use crate::mail::Smtp;
use crate::{Stop, access, output, system, wiring};

/// Een klok vóór deze dag staat zeker verkeerd.
const EARLIEST: &str = "2026-01-01T00:00:00Z";

#[derive(Default)]
struct Report {
    failed: bool,
}

impl Report {
    fn ok(&self, part: &str, text: impl AsRef<str>) {
        output::line(format!("ok      {part}: {}", text.as_ref()));
    }

    fn warn(&self, part: &str, text: impl AsRef<str>) {
        output::line(format!("let op  {part}: {}", text.as_ref()));
    }

    fn fail(&mut self, part: &str, text: impl AsRef<str>) {
        self.failed = true;
        output::line(format!("fout    {part}: {}", text.as_ref()));
    }
}

pub(super) fn run(source: &Source) -> Result<ExitCode, Stop> {
    let mut report = Report::default();
    match load(source) {
        Ok(config) => {
            report.ok("configuratie", format!("gelezen; de uitgever is {}", config.issuer()));
            examine(&config, &mut report)?;
        }
        Err(stop) => report.fail("configuratie", stop.to_string()),
    }
    Ok(if report.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn examine(config: &Config, report: &mut Report) -> Result<(), Stop> {
    if config.issuer().starts_with("http://") {
        report.warn("configuratie", "`server.base_url` is http; gebruik https zodra anderen deze dienst gebruiken");
    }
    let now = system::clock().now();
    clock(now, report);
    match wiring::master(config) {
        Ok(master) => storage(config, &master, now, report)?,
        Err(stop) => report.fail("sleutels", stop.to_string()),
    }
    mail(config, report)?;
    issuers(config, now, report)
}

/// Of eenmalige codes en berichten weg kunnen.
fn mail(config: &Config, report: &mut Report) -> Result<(), Stop> {
    let Some(server) = Smtp::nieuw(&config.mail)? else {
        report.warn("post", "er is geen mailserver ingesteld (`mail.host`); eenmalige codes komen niet aan");
        return Ok(());
    };
    match wiring::block_on(server.bereikbaar())? {
        Ok(()) => report.ok("post", "de mailserver antwoordt en laat ons toe"),
        Err(why) => report.fail("post", format!("de mailserver is niet te gebruiken ({why}); controleer `[mail]` en het netwerk")),
    }
    Ok(())
}

/// Een bericht dat langer wacht dan dit, komt waarschijnlijk niet vanzelf weg.
const MAIL_WAITS: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

fn messages(stand: PostStand, now: DateTime<Utc>, report: &Report) {
    if stand.opgegeven > 0 {
        report.warn("post", format!("{} bericht(en) niet bezorgd in de laatste dertig dagen; zie `GET /v1/berichten?status=opgegeven`", stand.opgegeven));
    }
    match stand.oudste_wachtend {
        Some(op) if now - op > MAIL_WAITS => {
            report.warn("post", format!("{} bericht(en) wachten, het oudste sinds {}", stand.wachtend, op.format("%Y-%m-%d %H:%M")));
        }
        _ => report.ok("post", format!("{} bericht(en) wachten op bezorging", stand.wachtend)),
    }
}

fn clock(now: DateTime<Utc>, report: &mut Report) {
    if EARLIEST.parse::<DateTime<Utc>>().is_ok_and(|earliest| now < earliest) {
        report.fail("klok", format!("deze machine denkt dat het {} is; zet tijdsynchronisatie (NTP) aan", now.format("%Y-%m-%d %H:%M")));
    } else {
        report.ok("klok", format!("{} UTC", now.format("%Y-%m-%d %H:%M:%S")));
    }
}

fn storage(config: &Config, master: &MasterKey, now: DateTime<Utc>, report: &mut Report) -> Result<(), Stop> {
    if config.storage.database_url.is_none() && !config.storage.data_dir.join("aansluitloket.sqlite").exists() {
        report.warn("opslag", format!("er is nog geen database in {}; de eerste start of `bootstrap` maakt haar", config.storage.data_dir.display()));
        return Ok(());
    }
    let store = match wiring::try_open(config, master) {
        Ok(store) => store,
        Err(StoreError::Locked(_)) => {
            running(config, report);
            return Ok(());
        }
        Err(cause) => {
            report.fail("opslag", wiring::store_stop(&cause).to_string());
            return Ok(());
        }
    };
    let kind = if store.dialect() == Dialect::Sqlite { "SQLite" } else { "PostgreSQL" };
    report.ok("opslag", format!("{kind} antwoordt"));
    if let Err(cause) = store.require_current() {
        report.warn("schema", wiring::store_stop(&cause).to_string());
        return Ok(());
    }
    report.ok("schema", "bij met dit programma");
    contents(&store, master, now, report)
}

/// Met SQLite houdt de draaiende dienst het slot; dan vertelt zij zelf hoe het gaat.
fn running(config: &Config, report: &mut Report) {
    match get(config.server.admin_listen, "/readyz") {
        Ok((200, _)) => {
            report.ok("opslag", "in gebruik door de draaiende dienst, die zich gereed meldt");
            report.ok("sleutels", "volgens de draaiende dienst");
        }
        Ok((status, body)) => report.fail("dienst", format!("draait maar is niet gereed ({status}): {}", body.trim())),
        Err(why) => report.warn("opslag", format!("in gebruik door een ander proces; de beheerpoort {} antwoordt niet ({why})", config.server.admin_listen)),
    }
}

fn contents(store: &Store, master: &MasterKey, now: DateTime<Utc>, report: &mut Report) -> Result<(), Stop> {
    match wiring::block_on(access::signing_keys(store, master, now))? {
        Ok(0) => report.warn("sleutels", "er is nog geen ondertekensleutel; de eerste start maakt er een"),
        Ok(count) => report.ok("sleutels", format!("de hoofdsleutel past; {count} ondertekensleutel(s) gepubliceerd")),
        Err(stop) => report.fail("sleutels", stop.to_string()),
    }
    match wiring::block_on(store.read(store::organisaties::nipv))? {
        Ok(Some(_)) => report.ok("inrichting", "NIPV bestaat"),
        Ok(None) => report.warn("inrichting", "NIPV bestaat nog niet en niemand kan binnen; voer `aansluitloket bootstrap` uit"),
        Err(cause) => report.fail("opslag", wiring::store_stop(&cause).to_string()),
    }
    match wiring::block_on(store.read(store::staat::hertel))? {
        Ok(afwijkend) if afwijkend.is_empty() => report.ok("staat", "de sommen van de Staat kloppen met een volledige hertelling"),
        Ok(afwijkend) => {
            let waar: Vec<_> = afwijkend.iter().take(5).map(|a| format!("{} {} ({})", a.jaar, a.sector, a.regiotype)).collect();
            report.fail("staat", format!("{} som(men) van de Staat wijken af van wat de antwoorden samen zijn: {}", afwijkend.len(), waar.join(", ")));
        }
        Err(cause) => report.fail("staat", wiring::store_stop(&cause).to_string()),
    }
    match wiring::block_on(store.post_stand())? {
        Ok(stand) => messages(stand, now, report),
        Err(cause) => report.fail("post", wiring::store_stop(&cause).to_string()),
    }
    let newest = AuditFilter { nieuwste_eerst: true, ..AuditFilter::default() };
    let newest = wiring::block_on(store.read(move |conn| audit_list(conn, &newest, &Zicht::Alles, &Page { limit: 1, after: None })))?;
    if let Ok(page) = newest
        && let Some(line) = page.items.first()
        && line.op > now + chrono::TimeDelta::seconds(60)
    {
        report.fail("klok", format!("de nieuwste auditregel is van {}, later dan nu; controleer de tijd van deze machine", line.op.format("%Y-%m-%d %H:%M")));
    }
    Ok(())
}

fn issuers(config: &Config, now: DateTime<Utc>, report: &mut Report) -> Result<(), Stop> {
    if config.trusted_issuers.is_empty() {
        report.warn("uitgevers", "er is geen vertrouwde uitgever ingesteld; mensen komen alleen binnen met tokens van deze dienst zelf");
    }
    for (name, outcome) in wiring::block_on(access::reach_issuers(config, now))?? {
        match outcome {
            Ok(text) => report.ok("uitgever", format!("{name}: {text}")),
            Err(why) => report.fail("uitgever", format!("{name}: {why}")),
        }
    }
    Ok(())
}

/// Vraagt de draaiende dienst iets op haar beheerpoort.
pub(super) fn ask(config: &Config, path: &str) -> Result<ExitCode, Stop> {
    match get(config.server.admin_listen, path) {
        Ok((200, body)) => {
            output::line(body.trim());
            Ok(ExitCode::SUCCESS)
        }
        Ok((status, body)) => Err(Stop::fault(format!("De dienst antwoordt {status} op {path}: {}", body.trim()))),
        Err(why) => Err(Stop::fault(format!("De beheerpoort {} antwoordt niet ({why}); draait de dienst?", config.server.admin_listen))),
    }
}

fn get(mut address: SocketAddr, path: &str) -> Result<(u16, String), String> {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { std::net::Ipv4Addr::LOCALHOST.into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
    }
    let limit = Duration::from_secs(4);
    let mut stream = TcpStream::connect_timeout(&address, limit).map_err(|cause| cause.to_string())?;
    stream.set_read_timeout(Some(limit)).map_err(|cause| cause.to_string())?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes()).map_err(|cause| cause.to_string())?;
    let mut text = String::new();
    stream.take(64 * 1024).read_to_string(&mut text).map_err(|cause| cause.to_string())?;
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("onbegrijpelijk antwoord")?;
    Ok((status, text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()))
}
