//! Het clientcertificaat van de verbinding, zoals een vertrouwde proxy het doorgeeft (RFC 8705; RFC 9440).

use std::net::IpAddr;

use actix_web::http::header::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::app::App;

/// Een certificaat dat de proxy heeft gecontroleerd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// `x5t#S256`.
    pub(crate) thumbprint: String,
    der: Vec<u8>,
}

/// Het certificaat, alleen als de instelling een kop noemt en het verzoek van een vertrouwde proxy komt.
pub(crate) fn of(app: &App, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<Certificate> {
    let proxy = app.settings.proxy.as_ref()?;
    if !peer.is_some_and(|peer| (proxy.trusted)(peer)) {
        return None;
    }
    let name = app.settings.client_certificate_header.as_ref()?;
    let mut values = headers.get_all(name);
    let value = values.next().filter(|_| values.next().is_none())?.to_str().ok()?;
    let der = decode(value)?;
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&der));
    Some(Certificate { thumbprint, der })
}

/// `:base64:` (RFC 9440), of PEM in URL-codering (zoals nginx het geeft).
fn decode(value: &str) -> Option<Vec<u8>> {
    if let Some(encoded) = value.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')) {
        return STANDARD.decode(encoded).ok();
    }
    let plain: String = percent(value)?;
    let body: String = plain.split_once("-----BEGIN CERTIFICATE-----")?.1.split_once("-----END CERTIFICATE-----")?.0.split_whitespace().collect();
    STANDARD.decode(body).ok()
}

/// Alleen `%XX`; een plus is in base64 een plus.
fn percent(value: &str) -> Option<String> {
    let mut parts = value.split('%');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let code = u8::from_str_radix(part.get(..2)?, 16).ok()?;
        plain.push(char::from(code));
        plain.push_str(part.get(2..)?);
    }
    Some(plain)
}

impl Certificate {
    /// Of het onderwerp dit is (RFC 4514); spaties na een komma en hoofdletters in de namen van velden maken niet uit.
    pub(crate) fn is(&self, dn: &str) -> bool {
        let plain = |text: &str| -> Vec<String> {
            let part = |part: &str| match part.split_once('=') {
                Some((name, value)) => format!("{}={}", name.trim().to_uppercase(), value.trim()),
                None => part.trim().to_owned(),
            };
            split(text).iter().map(|text| part(text)).collect()
        };
        subject(&self.der).is_some_and(|own| plain(&own) == plain(dn))
    }
}

/// Splitst op komma's die niet met een backslash ontsnapt zijn.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for letter in text.chars() {
        if letter == ',' && !escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    parts
}

/// Eén element van DER: soort, inhoud, rest.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=127 => (usize::from(first), rest),
        0x81 | 0x82 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// Het onderwerp van een certificaat als tekst, laatste deel eerst (RFC 4514, 2.1).
fn subject(der: &[u8]) -> Option<String> {
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    // RFC 5280, 4.1: versie (mag ontbreken), serienummer, algoritme, uitgever, geldigheid, onderwerp.
    let (tag, _, after) = element(rest)?;
    if tag == 0xa0 {
        rest = after;
    }
    for _ in 0..4 {
        rest = element(rest)?.2;
    }
    let (_, mut name, _) = element(rest)?;
    let mut parts = Vec::new();
    while !name.is_empty() {
        let (_, mut set, after) = element(name)?;
        let mut together = Vec::new();
        while !set.is_empty() {
            let (_, pair, after) = element(set)?;
            let (_, oid, value) = element(pair)?;
            together.push(format!("{}={}", attribute(oid)?, escaped(std::str::from_utf8(element(value)?.1).ok()?)));
            set = after;
        }
        parts.push(together.join("+"));
        name = after;
    }
    parts.reverse();
    Some(parts.join(","))
}

/// De korte naam van een veld (RFC 4514, 3, en wat PKIoverheid gebruikt).
fn attribute(oid: &[u8]) -> Option<&'static str> {
    Some(match oid {
        [0x55, 4, 3] => "CN",
        [0x55, 4, 5] => "SERIALNUMBER",
        [0x55, 4, 6] => "C",
        [0x55, 4, 7] => "L",
        [0x55, 4, 8] => "ST",
        [0x55, 4, 10] => "O",
        [0x55, 4, 11] => "OU",
        [0x55, 4, 97] => "ORGANIZATIONIDENTIFIER",
        _ => return None,
    })
}

fn escaped(value: &str) -> String {
    value.chars().flat_map(|letter| matches!(letter, ',' | '+' | '"' | '\\' | '<' | '>' | ';').then_some('\\').into_iter().chain([letter])).collect()
}
