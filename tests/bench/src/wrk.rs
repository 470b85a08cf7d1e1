//! Belasting met `wrk`: één draad, begrensd in tijd, alleen naar deze machine.

use std::net::SocketAddr;
use std::process::Command;

use crate::Uitkomst;

/// Wat `wrk` zag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meting {
    /// Verzoeken per seconde.
    pub(crate) per_seconde: f64,
    /// Mediaan in milliseconden.
    pub(crate) p50_ms: f64,
    /// 99e percentiel in milliseconden.
    pub(crate) p99_ms: f64,
}

/// Zorgt dat `wrk` er is.
pub(crate) fn nodig() -> Uitkomst<()> {
    let er = || Command::new("wrk").arg("--version").output().is_ok();
    if er() {
        return Ok(());
    }
    let _geprobeerd = Command::new("apt-get").args(["install", "-y", "-qq", "--no-install-recommends", "wrk"]).output();
    if er() { Ok(()) } else { Err("wrk ontbreekt: installeer het (Debian: apt-get install wrk) en probeer opnieuw".to_owned()) }
}

/// Hoe te belasten.
pub(crate) struct Last<'a> {
    pub(crate) adres: SocketAddr,
    pub(crate) pad: &'a str,
    pub(crate) token: &'a str,
    pub(crate) verbindingen: usize,
    pub(crate) seconden: u32,
}

impl Last<'_> {
    /// Eén meting; een antwoord dat geen 2xx is maakt haar ongeldig.
    pub(crate) fn meet(&self) -> Uitkomst<Meting> {
        let mut opdracht = Command::new("wrk");
        opdracht.args(["-t1", "--latency", "--timeout", "30s"]).arg(format!("-c{}", self.verbindingen)).arg(format!("-d{}s", self.seconden));
        if !self.token.is_empty() {
            opdracht.arg("-H").arg(format!("Authorization: Bearer {}", self.token));
        }
        let uit = opdracht.arg(format!("http://{}{}", self.adres, self.pad)).output().map_err(|fout| fout.to_string())?;
        lees(&String::from_utf8_lossy(&uit.stdout))
    }
}

fn lees(tekst: &str) -> Uitkomst<Meting> {
    if let Some(regel) = tekst.lines().find(|regel| regel.contains("Non-2xx") || regel.contains("Socket errors")) {
        return Err(format!("geen geldige meting: {}", regel.trim()));
    }
    let na = |woord: &str| tekst.lines().find_map(|regel| regel.trim().strip_prefix(woord).map(str::trim)).ok_or(format!("wrk zegt geen {woord}: {tekst}"));
    let per_seconde = na("Requests/sec:")?.parse().map_err(|_| "geen getal van wrk".to_owned())?;
    Ok(Meting { per_seconde, p50_ms: milliseconden(na("50%")?)?, p99_ms: milliseconden(na("99%")?)? })
}

fn milliseconden(tekst: &str) -> Uitkomst<f64> {
    let eenheden = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    let gelezen = eenheden.iter().find_map(|(eenheid, maal)| tekst.strip_suffix(eenheid)?.parse::<f64>().ok().map(|getal| getal * maal));
    gelezen.ok_or_else(|| format!("geen tijd: {tekst}"))
}

#[cfg(test)]
mod tests {
    use super::lees;

    #[test]
    fn een_meting_wordt_gelezen_en_een_fout_maakt_haar_ongeldig() {
        let goed = "  Latency Distribution\n     50%  765.00us\n     75%    1.02ms\n     99%    2.50ms\n  10 requests in 1s\nRequests/sec:  83123.45\n";
        let meting = lees(goed).unwrap();
        assert!((meting.per_seconde - 83123.45).abs() < 0.01 && (meting.p50_ms - 0.765).abs() < 0.001 && (meting.p99_ms - 2.5).abs() < 0.001);
        assert!(lees(&format!("{goed}  Non-2xx or 3xx responses: 3\n")).is_err());
    }
}
