//! Welke sleutels er bestaan en van welke soort ze zijn, gelezen uit het geannoteerde voorbeeld.
//!
//! Het voorbeeld is zo de enige lijst: wat er niet in staat, is geen instelling.

use toml::{Table, Value};

/// Sleutels die alleen uit de omgeving mogen komen.
pub(super) const ENVIRONMENT_ONLY: &[&str] = &["keys.master_key", "mail.password"];

/// Het voorbeeld met alle facultatieve regels aan.
pub(super) fn full_example() -> String {
    super::EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if is_setting(rest) => rest,
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_setting(line: &str) -> bool {
    line.starts_with("[[") || line.split_once(" = ").is_some_and(|(key, _)| key.chars().all(|c| c == '_' || c.is_ascii_lowercase()))
}

/// De boom van bekende sleutels; elk blad is een voorbeeldwaarde van de juiste soort.
pub(super) fn tree() -> Table {
    let mut tree: Table = full_example().parse().unwrap_or_default();
    for path in ENVIRONMENT_ONLY {
        if let Some((table, key)) = path.split_once('.')
            && let Some(Value::Table(table)) = tree.get_mut(table)
        {
            table.insert(key.to_owned(), Value::String(String::new()));
        }
    }
    tree
}

/// Hoe een soort waarde in een zin heet.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "tekst tussen aanhalingstekens",
        Value::Integer(_) => "een geheel getal",
        Value::Float(_) => "een getal",
        Value::Boolean(_) => "true of false",
        Value::Datetime(_) => "een datum",
        Value::Array(_) => "een lijst tussen rechte haken",
        Value::Table(_) => "een blok met eigen sleutels",
    }
}

/// De bekende sleutel die het meest op een onbekende lijkt.
pub(super) fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    known.map(|candidate| (distance(unknown, candidate), candidate.as_str())).min().filter(|(steps, _)| *steps <= 3).map(|(_, candidate)| candidate)
}

/// Levenshtein-afstand; de namen zijn kort, dus de eenvoudige vorm volstaat.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (row, left) in a.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, right) in b.iter().enumerate() {
            let substitute = previous.get(column).copied().unwrap_or(usize::MAX - 1) + usize::from(left != *right);
            let delete = previous.get(column + 1).copied().unwrap_or(usize::MAX - 1) + 1;
            let insert = current.last().copied().unwrap_or(usize::MAX - 1) + 1;
            current.push(substitute.min(delete).min(insert));
        }
        previous = current;
    }
    previous.last().copied().unwrap_or(usize::MAX)
}
