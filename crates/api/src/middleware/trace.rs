//! Spoor volgens W3C Trace Context: wat binnenkomt gaat verder, en anders begint het hier.

use actix_web::http::header::{HeaderMap, HeaderValue};

use super::headers::TRACEPARENT;

/// Het spoor van dit verzoek.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trace {
    trace_id: [u8; 16],
    span_id: [u8; 8],
    sampled: bool,
}

impl Trace {
    /// Gaat verder op het spoor van de aanroeper; `random` levert wat nieuw is.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap, random: [u8; 24]) -> Self {
        let (mut trace_id, mut span_id) = ([0; 16], [0; 8]);
        let (first, second) = random.split_at(16);
        trace_id.copy_from_slice(first);
        span_id.copy_from_slice(second);
        // Alleen een kop die er precies één keer staat telt (Trace Context, 3.2.3 en 4.3).
        let mut given = headers.get_all(TRACEPARENT);
        let parent = match (given.next(), given.next()) {
            (Some(value), None) => value.to_str().ok().and_then(parse),
            _ => None,
        };
        match parent {
            Some((trace_id, sampled)) => Self { trace_id, span_id, sampled },
            None => Self { trace_id, span_id, sampled: false },
        }
    }

    /// Kenmerk van het spoor, 32 hexadecimale tekens.
    #[must_use]
    pub fn id(&self) -> String {
        let mut text = String::with_capacity(32);
        hex(&mut text, &self.trace_id);
        text
    }

    /// De waarde voor de kop `traceparent`.
    #[must_use]
    pub fn header(&self) -> String {
        let mut text = String::with_capacity(55);
        text.push_str("00-");
        hex(&mut text, &self.trace_id);
        text.push('-');
        hex(&mut text, &self.span_id);
        text.push_str(if self.sampled { "-01" } else { "-00" });
        text
    }

    pub(crate) fn header_value(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(self.header()).ok()
    }
}

fn hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(DIGITS.get(usize::from(half)).copied().map_or('0', char::from));
        }
    }
}

fn parse(value: &str) -> Option<([u8; 16], bool)> {
    let mut parts = value.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let lower_hex = |text: &str, len: usize| text.len() == len && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let shape = lower_hex(version, 2) && version != "ff" && lower_hex(trace, 32) && lower_hex(span, 16) && lower_hex(flags, 2);
    if !shape || (version == "00" && parts.next().is_some()) || span.bytes().all(|b| b == b'0') {
        return None;
    }
    let number = u128::from_str_radix(trace, 16).ok().filter(|number| *number != 0)?;
    let sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
    Some((number.to_be_bytes(), sampled))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderValue};

    use super::{TRACEPARENT, Trace};

    fn with(value: &'static str) -> Trace {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, HeaderValue::from_static(value));
        Trace::from_headers(&headers, [9; 24])
    }

    #[test]
    fn een_geldig_spoor_gaat_verder_met_een_eigen_span() {
        let trace = with("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assert_eq!(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(trace.header(), "00-4bf92f3577b34da6a3ce929d0e0e4736-0909090909090909-01");
    }

    #[test]
    fn een_ongeldig_spoor_begint_opnieuw() {
        for bad in [
            "",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
        ] {
            assert_eq!(with(bad).id(), "09".repeat(16), "{bad}");
        }
    }
}
