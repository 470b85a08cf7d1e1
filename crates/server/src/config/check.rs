//! De controles, elk met één zin: welke sleutel, wat eraan scheelt, wat te doen.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use toml::{Table, Value};
use url::Url;

use super::load::variable;
use super::{Config, MailTls, Secret, schema};
use crate::Stop;

/// Weigert sleutels die niet bestaan en waarden van de verkeerde soort.
pub(super) fn known_keys(table: &Table, tree: &Table, prefix: &str, origin: &str) -> Result<(), Stop> {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let Some(example) = tree.get(key) else {
            let hint = schema::nearest(key, tree.keys()).map_or_else(
                || "verwijder haar; `aansluitloket config` toont alle sleutels".to_owned(),
                |near| format!("bedoelt u `{}`?", if prefix.is_empty() { near.to_owned() } else { format!("{prefix}.{near}") }),
            );
            return Err(Stop::config(format!("Onbekende sleutel `{path}` {origin}; {hint}{}", if hint.ends_with('?') { "" } else { "." })));
        };
        match (value, example) {
            (Value::Table(inner), Value::Table(known)) => known_keys(inner, known, &path, origin)?,
            (Value::Array(items), Value::Array(known)) => {
                for item in items {
                    if let (Value::Table(inner), Some(Value::Table(known))) = (item, known.first()) {
                        known_keys(inner, known, &path, origin)?;
                    }
                }
            }
            (Value::Integer(_), Value::Float(_)) => {}
            (given, example) if given.same_type(example) => {}
            (_, example) => return Err(Stop::config(format!("`{path}` {origin} moet {} zijn; pas de waarde aan.", schema::kind(example)))),
        }
    }
    Ok(())
}

/// Weigert een configuratie zonder wat niet te raden is.
pub(super) fn required(table: &Table) -> Result<(), Stop> {
    if table.get("server").and_then(|server| server.get("base_url")).is_none() {
        return Err(Stop::config(format!(
            "`server.base_url` ontbreekt; zet haar in het configuratiebestand of in de variabele {}, bijvoorbeeld \"https://aansluitloket.example\".",
            variable("server.base_url")
        )));
    }
    let issuers = table.get("trusted_issuers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (number, issuer) in issuers.iter().enumerate() {
        for key in ["name", "issuer"] {
            if issuer.get(key).is_none() {
                return Err(Stop::config(format!("`trusted_issuers.{number}.{key}` ontbreekt; vul haar in of verwijder dit blok.")));
            }
        }
    }
    Ok(())
}

/// Weigert teksten die iets anders moeten zijn: een URL, een adres, een datum, een id.
pub(super) fn texts(table: &Table) -> Result<(), Stop> {
    url_text(table, "server.base_url", "https://aansluitloket.example")?;
    url_text(table, "telemetry.otlp_endpoint", "http://127.0.0.1:4318/v1/traces")?;
    for key in ["server.listen", "server.admin_listen"] {
        if let Some(text) = lookup(table, key)
            && text.parse::<SocketAddr>().is_err()
        {
            return Err(Stop::config(format!("`{key}` is geen adres met poort ({text}); geef bijvoorbeeld \"127.0.0.1:8080\".")));
        }
    }
    if let Some(text) = lookup(table, "security_txt.expires")
        && text.parse::<chrono::NaiveDate>().is_err()
    {
        return Err(Stop::config(format!("`security_txt.expires` is geen datum ({text}); geef haar als JJJJ-MM-DD.")));
    }
    if let Some(text) = lookup(table, "logging.format")
        && !matches!(text, "json" | "pretty")
    {
        return Err(Stop::config(format!("`logging.format` kent alleen \"json\" en \"pretty\", niet \"{text}\"; kies een van beide.")));
    }
    if let Some(text) = lookup(table, "mail.tls")
        && !matches!(text, "starttls" | "tls" | "none")
    {
        return Err(Stop::config(format!("`mail.tls` kent alleen \"starttls\", \"tls\" en \"none\", niet \"{text}\"; kies een daarvan.")));
    }
    let issuers = table.get("trusted_issuers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (number, issuer) in issuers.iter().enumerate() {
        let Value::Table(issuer) = issuer else { continue };
        for key in ["issuer", "jwks_uri"] {
            if let Some(text) = issuer.get(key).and_then(Value::as_str) {
                parse_url(&format!("trusted_issuers.{number}.{key}"), text, "https://login.nipv.example")?;
            }
        }
        if let Some(text) = issuer.get("organisation").and_then(Value::as_str)
            && text.parse::<uuid::Uuid>().is_err()
        {
            return Err(Stop::config(format!("`trusted_issuers.{number}.organisation` is geen id van een organisatie ({text}); neem het over uit de API.")));
        }
    }
    Ok(())
}

fn lookup<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    let (section, key) = key.split_once('.')?;
    table.get(section)?.get(key)?.as_str()
}

fn url_text(table: &Table, key: &str, example: &str) -> Result<(), Stop> {
    lookup(table, key).map_or(Ok(()), |text| parse_url(key, text, example))
}

fn parse_url(key: &str, text: &str, example: &str) -> Result<(), Stop> {
    let usable = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if usable { Ok(()) } else { Err(Stop::config(format!("`{key}` is geen geldige URL ({text}); geef bijvoorbeeld \"{example}\"."))) }
}

/// Controles die pas op het geheel kunnen, en het inlezen van geheimen uit bestanden.
pub(super) fn values(config: &mut Config) -> Result<(), Stop> {
    let base = &config.server.base_url;
    if base.path() != "/" || base.query().is_some() || base.fragment().is_some() || !base.username().is_empty() || base.password().is_some() {
        return Err(Stop::config("`server.base_url` mag alleen schema, host en poort bevatten; haal pad, vraagteken en gebruikersnaam weg.".to_owned()));
    }
    if base.scheme() == "http" && !is_loopback(base) {
        return Err(Stop::config("`server.base_url` moet met https:// beginnen; http is alleen toegestaan op 127.0.0.1, [::1] en localhost.".to_owned()));
    }
    if config.server.listen == config.server.admin_listen && config.server.listen.port() != 0 {
        return Err(Stop::config("`server.listen` en `server.admin_listen` zijn gelijk; geef de beheerpoort een eigen adres of poort.".to_owned()));
    }
    for proxy in &config.server.trusted_proxies {
        if crate::proxies::Network::parse(proxy).is_none() {
            return Err(Stop::config(format!("`server.trusted_proxies` bevat geen adres of netwerk ({proxy}); geef bijvoorbeeld \"10.0.0.0/8\".")));
        }
    }
    ranges(config)?;
    issuers(config)?;
    secrets(config)?;
    mail(config)
}

/// Of een URL naar deze machine zelf wijst.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(url::Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

fn ranges(config: &Config) -> Result<(), Stop> {
    let checks: [(&str, bool, &str); 10] = [
        ("storage.pool_size", (1..=256).contains(&config.storage.pool_size), "tussen 1 en 256"),
        ("keys.rotate_days", (1..=3650).contains(&config.keys.rotate_days), "tussen 1 en 3650"),
        ("access.token_lifetime_seconds", (60..=21_600).contains(&config.access.token_lifetime_seconds), "tussen 60 en 21600"),
        ("access.leeway_seconds", config.access.leeway_seconds <= 300, "hoogstens 300"),
        ("rules.minimum_administrators", config.rules.minimum_administrators > 0, "minstens 1"),
        ("limits.caller_per_second", config.limits.caller_per_second > 0 && config.limits.caller_burst > 0, "minstens 1, net als limits.caller_burst"),
        ("limits.address_per_second", config.limits.address_per_second > 0 && config.limits.address_burst > 0, "minstens 1, net als limits.address_burst"),
        ("server.max_body_bytes", (1_024..=33_554_432).contains(&config.server.max_body_bytes), "tussen 1024 en 33554432"),
        ("server.workers", config.server.workers <= 256, "hoogstens 256"),
        ("telemetry.sample_ratio", (0.0..=1.0).contains(&config.telemetry.sample_ratio), "tussen 0.0 en 1.0"),
    ];
    match checks.into_iter().find(|(_, ok, _)| !ok) {
        Some((key, _, range)) => Err(Stop::config(format!("`{key}` moet {range} zijn; pas de waarde aan."))),
        None => Ok(()),
    }
}

fn issuers(config: &Config) -> Result<(), Stop> {
    if let Some(wrong) = config.egress.allow_hosts.iter().find(|host| host.contains('/') || (host.contains(':') && !host.starts_with('['))) {
        return Err(Stop::config(format!("`egress.allow_hosts` bevat geen hostnaam ({wrong}); geef alleen de naam, zonder schema, poort of pad.")));
    }
    for (number, issuer) in config.trusted_issuers.iter().enumerate() {
        if issuer.issuer_text.trim_end_matches('/') == config.issuer() {
            return Err(Stop::config(format!("`trusted_issuers.{number}.issuer` is de eigen basis-URL; die is altijd vertrouwd, verwijder dit blok.")));
        }
        if config.trusted_issuers.iter().take(number).any(|other| other.issuer_text == issuer.issuer_text) {
            return Err(Stop::config(format!("`trusted_issuers.{number}.issuer` staat er twee keer; voeg de blokken samen.")));
        }
        if let Some(unknown) = issuer.algorithms.iter().find(|a| !matches!(a.as_str(), "ES256" | "ES384" | "PS256" | "RS256" | "EdDSA")) {
            return Err(Stop::config(format!("`trusted_issuers.{number}.algorithms` kent {unknown} niet; kies uit ES256, ES384, PS256, RS256 en EdDSA.")));
        }
        let open = issuer.issuer.host_str().is_some_and(|host| config.egress.allow_hosts.iter().any(|allowed| allowed == host));
        if issuer.issuer.scheme() != "https" && !open {
            return Err(Stop::config(format!(
                "`trusted_issuers.{number}.issuer` moet met https:// beginnen; in een gesloten netwerk kan de host in `egress.allow_hosts`."
            )));
        }
        if issuer.algorithms.is_empty() {
            return Err(Stop::config(format!("`trusted_issuers.{number}.algorithms` is leeg; noem er minstens één, bijvoorbeeld \"ES256\".")));
        }
    }
    Ok(())
}

fn secrets(config: &mut Config) -> Result<(), Stop> {
    if let Some(path) = &config.keys.master_key_file {
        config.keys.master_key = Some(read_secret("keys.master_key_file", path)?);
    }
    if let Some(url) = &config.storage.database_url {
        if !url.expose().starts_with("postgres://") && !url.expose().starts_with("postgresql://") {
            return Err(Stop::config(
                "`storage.database_url` moet met postgresql:// beginnen; laat haar weg om SQLite te gebruiken (zie `storage.data_dir`).".to_owned(),
            ));
        }
        if cfg!(not(feature = "postgres-tls")) && ["sslmode=require", "sslmode=verify"].iter().any(|mode| url.expose().contains(mode)) {
            return Err(Stop::config(
                "`storage.database_url` vraagt TLS, maar dit programma is gebouwd zonder; gebruik de container of bouw met `--features postgres-tls`."
                    .to_owned(),
            ));
        }
        if let Some(path) = &config.storage.database_password_file {
            let password = read_secret("storage.database_password_file", path)?;
            let mut parsed = Url::parse(url.expose()).map_err(|_| {
                Stop::config("`storage.database_url` is geen geldige URL; geef bijvoorbeeld \"postgresql://gebruiker@host/database\".".to_owned())
            })?;
            parsed.set_password(Some(password.expose())).map_err(|()| {
                Stop::config(
                    "`storage.database_url` heeft geen host om een wachtwoord bij te zetten; geef \"postgresql://gebruiker@host/database\".".to_owned(),
                )
            })?;
            config.storage.database_url = Some(Secret::new(parsed.to_string()));
        }
    }
    Ok(())
}

fn mail(config: &mut Config) -> Result<(), Stop> {
    let mail = &mut config.mail;
    if let Some(path) = &mail.password_file {
        mail.password = Some(read_secret("mail.password_file", path)?);
    }
    if mail.username.is_some() != mail.password.is_some() {
        return Err(Stop::config("`mail.username` en `mail.password_file` horen bij elkaar; geef beide of geen van beide.".to_owned()));
    }
    let local = mail.host.as_deref().is_none_or(|host| matches!(host, "localhost" | "127.0.0.1" | "::1"));
    if mail.tls == MailTls::None && !local {
        return Err(Stop::config("`mail.tls` mag alleen \"none\" zijn voor een mailserver op deze machine; kies \"starttls\" of \"tls\".".to_owned()));
    }
    Ok(())
}

fn read_secret(key: &str, path: &Path) -> Result<Secret, Stop> {
    let text = fs::read_to_string(path).map_err(|cause| {
        Stop::config(format!("Het geheim bij `{key}` is niet te lezen uit {} ({cause}); controleer het pad en de rechten.", path.display()))
    })?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Stop::config(format!("Het geheim bij `{key}` is leeg ({}); zet de waarde in dat bestand.", path.display())));
    }
    Ok(Secret::new(text))
}
