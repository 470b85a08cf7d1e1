//! `Accept` en `Content-Type`.

use actix_web::http::header::{self, HeaderMap};

/// Of de aanroeper een van deze mediatypen wil ontvangen (RFC 9110, 12.5.1). Geen kop is alles.
pub(crate) fn acceptable(headers: &HeaderMap, produces: &[String]) -> bool {
    let mut values = headers.get_all(header::ACCEPT).peekable();
    if values.peek().is_none() || produces.is_empty() {
        return true;
    }
    let mut best: Vec<(u8, f32)> = vec![(0, 0.0); produces.len()];
    for value in values {
        let Ok(text) = value.to_str() else { return false };
        if text == "*/*" || text == "application/json" && produces.iter().any(|kind| kind == "application/json") {
            return true;
        }
        for range in text.split(',') {
            weigh(range, produces, &mut best);
        }
    }
    best.iter().any(|(precision, quality)| *precision > 0 && *quality > 0.0)
}

/// De plaats van het mediatype dat de aanroeper het liefst heeft; bij gelijke voorkeur de eerste.
pub(crate) fn preferred(headers: &HeaderMap, produces: &[String]) -> Option<usize> {
    let mut best: Vec<(u8, f32)> = vec![(0, 0.0); produces.len()];
    let values = headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    for range in values.flat_map(|text| text.split(',')) {
        weigh(range, produces, &mut best);
    }
    let mut found: Option<(usize, f32)> = None;
    for (index, (precision, quality)) in best.into_iter().enumerate() {
        if precision > 0 && quality > found.map_or(0.0, |(_, highest)| highest) {
            found = Some((index, quality));
        }
    }
    found.map(|(index, _)| index)
}

/// Het meest precieze bereik bepaalt het gewicht van een mediatype.
fn weigh(range: &str, produces: &[String], best: &mut [(u8, f32)]) {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let quality = quality.map_or(1.0, |text| text.parse().unwrap_or(0.0));
    for (offered, slot) in produces.iter().zip(best) {
        let precision = match kind {
            "*/*" => 1,
            _ if kind.strip_suffix("/*").is_some_and(|main| offered.split('/').next().is_some_and(|own| own.eq_ignore_ascii_case(main))) => 2,
            _ if kind.eq_ignore_ascii_case(offered) => 3,
            _ => 0,
        };
        if precision > slot.0 {
            *slot = (precision, quality);
        }
    }
}

/// Of het lichaam een van deze mediatypen heeft; een andere tekenset dan UTF-8 past niet.
pub(crate) fn supported(headers: &HeaderMap, consumes: &[String]) -> bool {
    let Some(text) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.eq_ignore_ascii_case("charset").then(|| value.trim_matches('"'))
    });
    // De tekenset van een bestand blijkt uit de bytes.
    let charset_fits = !is_json(kind) || charset.is_none_or(|name| name.eq_ignore_ascii_case("utf-8"));
    consumes.iter().any(|own| own.eq_ignore_ascii_case(kind)) && charset_fits
}

fn is_json(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// Of het lichaam een bestand is en geen JSON.
pub(crate) fn is_file(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(|text| text.split(';').next());
    kind.is_some_and(|kind| !is_json(kind.trim()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};

    use super::{acceptable, supported};

    fn accepts(value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(value));
        acceptable(&headers, &["application/json".to_owned()])
    }

    #[test]
    fn alleen_een_accept_die_json_toelaat_past() {
        for good in ["*/*", "application/json", "text/html, application/*;q=0.8", "text/html,*/*;q=0.1", "application/JSON"] {
            assert!(accepts(good), "{good}");
        }
        for bad in ["text/html", "application/xml", "application/json;q=0, */*", "*/*;q=0", "image/*"] {
            assert!(!accepts(bad), "{bad}");
        }
        assert!(acceptable(&HeaderMap::new(), &["application/json".to_owned()]));
    }

    #[test]
    fn alleen_json_in_utf_8_is_een_lichaam() {
        let kinds = ["application/json".to_owned()];
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
            supported(&headers, &kinds)
        };
        assert!(with("application/json"));
        assert!(with("application/json; charset=UTF-8"));
        assert!(!with("application/json; charset=latin1"));
        assert!(!with("text/plain"));
        assert!(!with("application/merge-patch+json"));
        assert!(!supported(&HeaderMap::new(), &kinds));
    }
}
