//! Eén open HTTP-verbinding, zo kaal dat de meting niet de client meet.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::Uitkomst;

/// Een verbinding die openblijft.
pub(crate) struct Lijn {
    lezer: BufReader<TcpStream>,
    host: String,
}

/// Wat er terugkwam.
#[derive(Debug)]
pub(crate) struct Antwoord {
    pub(crate) status: u16,
    /// Waarheen de browser gestuurd wordt.
    pub(crate) locatie: Option<String>,
    /// De koekjes, als `naam=waarde`.
    pub(crate) koekjes: Vec<String>,
    pub(crate) etag: Option<String>,
    pub(crate) inhoud: String,
}

impl Lijn {
    pub(crate) fn open(adres: SocketAddr, host: &str) -> Uitkomst<Self> {
        let lijn = TcpStream::connect_timeout(&adres, Duration::from_secs(10)).map_err(leesbaar)?;
        lijn.set_nodelay(true).map_err(leesbaar)?;
        lijn.set_read_timeout(Some(Duration::from_secs(60))).map_err(leesbaar)?;
        Ok(Self { lezer: BufReader::new(lijn), host: host.to_owned() })
    }

    pub(crate) fn haal(&mut self, pad: &str, koppen: &str) -> Uitkomst<Antwoord> {
        self.vraag("GET", pad, koppen, "")
    }

    /// `koppen` zijn hele regels, elk met `\r\n`.
    pub(crate) fn vraag(&mut self, methode: &str, pad: &str, koppen: &str, lichaam: &str) -> Uitkomst<Antwoord> {
        let host = &self.host;
        let verzoek = format!("{methode} {pad} HTTP/1.1\r\nhost: {host}\r\naccept: */*\r\n{koppen}content-length: {}\r\n\r\n{lichaam}", lichaam.len());
        self.lezer.get_mut().write_all(verzoek.as_bytes()).map_err(leesbaar)?;
        let mut regel = String::new();
        self.lezer.read_line(&mut regel).map_err(leesbaar)?;
        let status = regel.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("de verbinding viel weg")?;
        let mut antwoord = Antwoord { status, locatie: None, koekjes: Vec::new(), etag: None, inhoud: String::new() };
        let mut lengte = 0;
        loop {
            regel.clear();
            self.lezer.read_line(&mut regel).map_err(leesbaar)?;
            let Some((naam, waarde)) = regel.trim_end().split_once(':') else { break };
            let waarde = waarde.trim().to_owned();
            match naam.to_ascii_lowercase().as_str() {
                "content-length" => lengte = waarde.parse().map_err(leesbaar)?,
                "location" => antwoord.locatie = Some(waarde),
                "etag" => antwoord.etag = Some(waarde),
                "set-cookie" => antwoord.koekjes.extend(waarde.split(';').next().map(str::to_owned)),
                _ => {}
            }
        }
        let mut inhoud = vec![0; lengte];
        self.lezer.read_exact(&mut inhoud).map_err(leesbaar)?;
        antwoord.inhoud = String::from_utf8_lossy(&inhoud).into_owned();
        Ok(antwoord)
    }
}

impl Antwoord {
    /// Het adres waar de browser heen moet; iets anders dan een omleiding is een fout.
    pub(crate) fn verder(&self, stap: &str) -> Uitkomst<&str> {
        let tekst = || format!("{stap} geeft {}: {}", self.status, self.inhoud.chars().take(600).collect::<String>());
        self.locatie.as_deref().filter(|_| (300..400).contains(&self.status)).ok_or_else(tekst)
    }
}

/// Het deel achter de host.
pub(crate) fn pad_van(adres: &str) -> &str {
    let rest = adres.split_once("://").map_or(adres, |(_, rest)| rest);
    rest.find('/').and_then(|plek| rest.get(plek..)).unwrap_or("/")
}

pub(crate) fn leesbaar(fout: impl std::fmt::Display) -> String {
    fout.to_string()
}
