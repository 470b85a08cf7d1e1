//! De adressen van een portaal: waar een browser terugkomt, en waar een afmelding heen gaat.

use super::Profiel;
use crate::invoer::Veldfout;

/// Een adres in delen; alleen wat deze regels nodig hebben.
struct Delen<'a> {
    schema: &'a str,
    host: &'a str,
    rest: &'a str,
}

/// Ontleedt `schema://host[:poort]/pad?query`; niets voor een adres met inloggegevens, fragment, spatie of vreemd teken.
fn delen(adres: &str) -> Option<Delen<'_>> {
    let (schema, rest) = adres.split_once("://")?;
    if !adres.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'#' | b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' | b'*')) {
        return None;
    }
    let einde = rest.find(['/', '?']).unwrap_or(rest.len());
    let (plaats, rest) = rest.split_at(einde);
    let host = match plaats.strip_prefix('[') {
        Some(v6) => plaats.get(..v6.find(']')? + 2)?,
        None => plaats.split(':').next()?,
    };
    let poort = plaats.strip_prefix(host)?;
    let poort_klopt = poort.is_empty() || poort.strip_prefix(':').is_some_and(|p| p.parse::<u16>().is_ok_and(|p| p > 0));
    (!host.is_empty() && !plaats.contains('@') && poort_klopt).then_some(Delen { schema, host, rest })
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "[::1]")
}

/// De host van een adres, voor de sector van een `sub` per sector (OIDC Core, 8.1).
#[must_use]
pub fn host(adres: &str) -> Option<&str> {
    delen(adres).map(|delen| delen.host)
}

/// Of een gevraagd adres een geregistreerd adres is: letter voor letter gelijk. Alleen bij een programma op de eigen
/// computer (`http://127.0.0.1` of `http://[::1]`) mag de poort verschillen (RFC 8252, 7.3).
#[must_use]
pub fn past(geregistreerd: &str, gevraagd: &str) -> bool {
    if geregistreerd == gevraagd {
        return true;
    }
    match (delen(geregistreerd), delen(gevraagd)) {
        (Some(a), Some(b)) => a.schema == "http" && b.schema == "http" && is_loopback(a.host) && a.host == b.host && a.rest == b.rest,
        _ => false,
    }
}

/// Keurt een adres waar een browser terugkomt. Een naam als `localhost` kan ergens anders heen wijzen (RFC 8252, 8.3). Bij profiel
/// `oidc` mag zij, omdat standaardsoftware er bij het ontwikkelen vaak op staat; bij `fapi2` alleen met https, bij `nl-gov` nooit.
pub(super) fn keur_terugkeer(fouten: &mut Vec<Veldfout>, plaats: &str, adres: &str, profiel: Profiel) {
    let goed = delen(adres).is_some_and(|d| match d.schema {
        "https" => d.host != "localhost" || profiel != Profiel::NlGov,
        "http" => is_loopback(d.host) || (d.host == "localhost" && profiel == Profiel::Oidc),
        _ => false,
    });
    if !goed {
        fouten.push(Veldfout::new(
            plaats,
            "redirect-uri-ongeldig",
            "Geef een volledig https-adres zonder fragment, jokerteken of inloggegevens. Voor een programma op de eigen computer mag http://127.0.0.1/... of http://[::1]/...; http://localhost/... alleen bij profiel 'oidc', https://localhost/... ook bij 'fapi2'.",
        ));
    }
}

/// Keurt een adres dat wij zelf aanroepen; of het naar binnen mag wijzen, oordeelt het uitgaande verkeer.
pub(super) fn keur_uitgaand(fouten: &mut Vec<Veldfout>, plaats: &str, adres: &str) {
    let goed = delen(adres).is_some_and(|d| d.schema == "https" || (d.schema == "http" && is_loopback(d.host)));
    if !goed {
        fouten.push(Veldfout::new(plaats, "adres-ongeldig", "Geef een volledig https-adres zonder fragment of inloggegevens."));
    }
}
