//! Van bestand en omgeving naar een gecontroleerde [`Config`], of één zin die zegt wat er mis is.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use toml::{Table, Value};

use super::{Config, check, schema};
use crate::Stop;

const PREFIX: &str = "AANSLUITLOKET_";

/// Waar de configuratie vandaan komt.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Het TOML-bestand, als er een is opgegeven.
    pub file: Option<PathBuf>,
    /// De omgevingsvariabelen.
    pub environment: Vec<(String, String)>,
}

impl Source {
    /// Bestand plus de omgeving van dit proces.
    #[must_use]
    pub fn process(file: Option<PathBuf>) -> Self {
        Self { file, environment: std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))).collect() }
    }
}

/// Leest, voegt samen en controleert.
///
/// # Errors
/// Eén Nederlandse zin die de sleutel noemt en zegt wat te doen.
pub fn load(source: &Source) -> Result<Config, Stop> {
    let tree = schema::tree();
    let mut table = match &source.file {
        Some(path) => read_file(path, &tree)?,
        None => Table::new(),
    };
    merge_environment(&mut table, &source.environment, &tree)?;
    let issuers = written_issuers(&table);
    check::required(&table)?;
    check::texts(&table)?;
    let mut config: Config = Value::Table(table).try_into().map_err(|cause: toml::de::Error| {
        Stop::config(format!("De configuratie is niet te gebruiken ({}); vergelijk haar met de uitvoer van `aansluitloket config`.", cause.message()))
    })?;
    for (issuer, text) in config.trusted_issuers.iter_mut().zip(issuers) {
        issuer.issuer_text = text;
    }
    check::values(&mut config)?;
    Ok(config)
}

fn read_file(path: &Path, tree: &Table) -> Result<Table, Stop> {
    let text = fs::read_to_string(path)
        .map_err(|cause| Stop::config(format!("Het configuratiebestand {} is niet te lezen ({cause}); controleer het pad en de rechten.", path.display())))?;
    let table: Table = text.parse().map_err(|cause: toml::de::Error| {
        let line = cause.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
        Stop::config(format!("Het configuratiebestand {} is geen geldige TOML bij regel {line}; herstel die regel en start opnieuw.", path.display()))
    })?;
    let origin = format!("in {}", path.display());
    for secret in schema::ENVIRONMENT_ONLY {
        if secret.split_once('.').is_some_and(|(section, key)| table.get(section).and_then(|s| s.get(key)).is_some()) {
            return Err(Stop::config(format!("`{secret}` hoort niet {origin}: geef het geheim met `{secret}_file` of met de variabele {}.", variable(secret))));
        }
    }
    check::known_keys(&table, tree, "", &origin)?;
    Ok(table)
}

/// De naam van de omgevingsvariabele bij een sleutel.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

fn merge_environment(table: &mut Table, environment: &[(String, String)], tree: &Table) -> Result<(), Stop> {
    let mut ours: Vec<_> = environment.iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    ours.sort();
    for (name, text) in ours {
        let path = name.trim_start_matches(PREFIX).to_lowercase();
        // Deze twee horen bij de opdrachtregel, niet bij de configuratie.
        if matches!(path.as_str(), "config" | "log") {
            continue;
        }
        let parts: Vec<&str> = path.split("__").collect();
        let Some(example) = find(tree, &parts) else {
            return Err(Stop::config(format!(
                "De omgevingsvariabele {name} hoort bij geen instelling; verwijder haar of zoek de juiste naam in de uitvoer van `aansluitloket config`."
            )));
        };
        let value = typed(text, example)
            .ok_or_else(|| Stop::config(format!("De omgevingsvariabele {name} moet {} zijn; pas haar waarde aan.", schema::kind(example))))?;
        insert(table, &parts, value);
    }
    if table.get("storage").is_none_or(|s| s.get("database_url").is_none())
        && let Some((_, url)) = environment.iter().find(|(name, text)| name == "DATABASE_URL" && !text.is_empty())
    {
        insert(table, &["storage", "database_url"], Value::String(url.clone()));
    }
    Ok(())
}

fn find<'a>(tree: &'a Table, parts: &[&str]) -> Option<&'a Value> {
    let (first, rest) = parts.split_first()?;
    let mut value = tree.get(*first)?;
    for part in rest {
        value = match value {
            Value::Table(table) => table.get(*part)?,
            // Een volgnummer in een lijst van blokken: het eerste voorbeeldblok geldt voor alle.
            Value::Array(items) => items.first().filter(|_| part.parse::<usize>().is_ok())?,
            _ => return None,
        };
    }
    Some(value)
}

fn typed(text: &str, example: &Value) -> Option<Value> {
    match example {
        Value::String(_) => Some(Value::String(text.to_owned())),
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Float(_) => text.parse().ok().map(Value::Float),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        Value::Array(_) if !text.trim_start().starts_with('[') => {
            Some(Value::Array(text.split(',').map(str::trim).filter(|s| !s.is_empty()).map(|s| Value::String(s.to_owned())).collect()))
        }
        _ => format!("x = {text}").parse::<Table>().ok()?.remove("x"),
    }
}

fn insert(table: &mut Table, parts: &[&str], value: Value) {
    match parts {
        [] => {}
        [last] => {
            table.insert((*last).to_owned(), value);
        }
        [first, index, rest @ ..] if index.parse::<usize>().is_ok() && !rest.is_empty() => {
            let list = table.entry((*first).to_owned()).or_insert_with(|| Value::Array(Vec::new()));
            if let (Value::Array(items), Ok(index)) = (list, index.parse::<usize>()) {
                // Meer dan honderd uitgevers vergt een bestand; zo kan een variabele geen geheugen opeisen.
                while items.len() <= index.min(99) {
                    items.push(Value::Table(Table::new()));
                }
                if let Some(Value::Table(inner)) = items.get_mut(index.min(99)) {
                    insert(inner, rest, value);
                }
            }
        }
        [first, rest @ ..] => {
            let inner = table.entry((*first).to_owned()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// `iss` wordt letter voor letter vergeleken, dus bewaren wij haar zoals ze geschreven is.
fn written_issuers(table: &Table) -> Vec<String> {
    table
        .get("trusted_issuers")
        .and_then(Value::as_array)
        .map(|list| list.iter().map(|item| item.get("issuer").and_then(Value::as_str).unwrap_or_default().to_owned()).collect())
        .unwrap_or_default()
}

/// Een datum als tekst (`"2027-12-31"`).
pub(super) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}
