//! Het laatste net onder het logboek: wat op een token of een sleutel lijkt, gaat eruit.

use std::borrow::Cow;

const MASK: &str = "[afgeschermd]";

/// Voorvoegsels waarna een geheim volgt tot het eerste teken dat er niet in kan zitten.
const MARKERS: &[&str] = &[
    "Bearer ",
    "bearer ",
    "DPoP ",
    "Basic ",
    "client_assertion=",
    "client_secret=",
    "access_token=",
    "refresh_token=",
    "password=",
    "\"access_token\":\"",
    "\"client_assertion\":\"",
    "\"d\":\"",
    "\\\"d\\\":\\\"",
    "\\\"access_token\\\":\\\"",
];

/// Vervangt tokens, sleuteldelen en wachtwoorden door `[afgeschermd]`.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut rest = text;
    let mut clean: Option<String> = None;
    while let Some((start, length)) = first_secret(rest) {
        let (before, after) = rest.split_at(start);
        let buffer = clean.get_or_insert_with(String::new);
        buffer.push_str(before);
        buffer.push_str(MASK);
        rest = after.get(length..).unwrap_or_default();
    }
    match clean {
        Some(mut buffer) => {
            buffer.push_str(rest);
            Cow::Owned(buffer)
        }
        None => Cow::Borrowed(text),
    }
}

/// Plaats en lengte van het eerste geheim.
fn first_secret(text: &str) -> Option<(usize, usize)> {
    let marked = MARKERS.iter().filter_map(|marker| {
        let start = text.find(marker)? + marker.len();
        let length = run(text.get(start..)?);
        (length > 0).then_some((start, length))
    });
    let jwt = text.match_indices("eyJ").find_map(|(start, _)| {
        let length = run(text.get(start..)?);
        (length >= 16).then_some((start, length))
    });
    let url = text.match_indices("://").find_map(|(scheme, _)| {
        let start = scheme + 3;
        let authority = text.get(start..)?;
        let end = authority.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '?' | '\'')).unwrap_or(authority.len());
        let authority = authority.get(..end)?;
        let (user_info, _host) = authority.rsplit_once('@')?;
        let (user, password) = user_info.split_once(':')?;
        (!password.is_empty() && password != MASK).then_some((start + user.len() + 1, password.len()))
    });
    marked.chain(jwt).chain(url).min()
}

/// Hoeveel tekens vooraan bij een token of sleutel kunnen horen.
fn run(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=' | '%'))).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn gewone_tekst_blijft_ongemoeid() {
        let line = r#"{"level":"INFO","melding":"T-2026-0042 naar stap 3","url":"https://aansluitloket.example/v1/trajecten"}"#;
        assert_eq!(redact(line), line);
    }

    #[test]
    fn elk_geheim_op_een_regel_gaat_eruit() {
        let line = "Bearer abc.def en eyJhbGciOiJFUzI1NiJ9.e30.AAAA en postgres://u:p@h/d en \"d\":\"xyz\"";
        assert_eq!(redact(line), "Bearer [afgeschermd] en [afgeschermd] en postgres://u:[afgeschermd]@h/d en \"d\":\"[afgeschermd]\"");
    }
}
