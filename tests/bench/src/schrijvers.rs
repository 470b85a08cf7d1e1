//! Vastleggen door de API: elke schrijver wijzigt, over een eigen verbinding, steeds zijn eigen traject.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use domain::Id;

use crate::Uitkomst;
use crate::dienst::Proces;

/// Bevestigde wijzigingen per seconde, van alle schrijvers samen.
pub(crate) fn vastleggingen(proces: &Proces, token: &str, trajecten: &[Id], seconden: u32) -> Uitkomst<f64> {
    let begin = Instant::now();
    let tot = begin + Duration::from_secs(seconden.into());
    let aantal = std::thread::scope(|draden| {
        let lopend: Vec<_> = trajecten.iter().map(|id| draden.spawn(move || schrijf(proces, token, *id, tot))).collect();
        lopend.into_iter().map(|draad| draad.join().map_err(|_| "een schrijver viel om".to_owned())?).sum::<Uitkomst<u32>>()
    })?;
    Ok(f64::from(aantal) / begin.elapsed().as_secs_f64())
}

fn schrijf(proces: &Proces, token: &str, id: Id, tot: Instant) -> Uitkomst<u32> {
    let lijn = TcpStream::connect(proces.adres).map_err(leesbaar)?;
    lijn.set_nodelay(true).map_err(leesbaar)?;
    let mut lezer = BufReader::new(lijn);
    let mut versie = vraag(&mut lezer, "GET", id, token, "", "")?;
    let mut aantal = 0;
    while Instant::now() < tot {
        // Elke keer een andere dag: een wijziging die niets wijzigt, hoeft niets vast te leggen.
        let dag = aantal % 28 + 1;
        let kop = format!("if-match: {versie}\r\ncontent-type: application/merge-patch+json\r\n");
        versie = vraag(&mut lezer, "PATCH", id, token, &kop, &format!(r#"{{"deadlineDatum":"2030-01-{dag:02}"}}"#))?;
        aantal += 1;
    }
    Ok(aantal)
}

/// Eén verzoek op een open verbinding; geeft de ETag.
fn vraag(lezer: &mut BufReader<TcpStream>, methode: &str, id: Id, token: &str, koppen: &str, lichaam: &str) -> Uitkomst<String> {
    let verzoek = format!(
        "{methode} /v1/trajecten/{id} HTTP/1.1\r\nhost: meting\r\naccept: */*\r\nauthorization: Bearer {token}\r\n{koppen}content-length: {}\r\n\r\n{lichaam}",
        lichaam.len()
    );
    lezer.get_mut().write_all(verzoek.as_bytes()).map_err(leesbaar)?;
    let (mut status, mut etag, mut lengte) = (String::new(), String::new(), 0);
    lezer.read_line(&mut status).map_err(leesbaar)?;
    loop {
        let mut regel = String::new();
        lezer.read_line(&mut regel).map_err(leesbaar)?;
        let Some((naam, waarde)) = regel.trim_end().split_once(": ") else { break };
        match naam.to_ascii_lowercase().as_str() {
            "etag" => waarde.clone_into(&mut etag),
            "content-length" => lengte = waarde.parse().map_err(|_| "geen lengte".to_owned())?,
            _ => {}
        }
    }
    let mut inhoud = vec![0; lengte];
    lezer.read_exact(&mut inhoud).map_err(leesbaar)?;
    if status.contains(" 200 ") && !etag.is_empty() { Ok(etag) } else { Err(format!("{methode}: {}: {}", status.trim(), String::from_utf8_lossy(&inhoud))) }
}

fn leesbaar(fout: std::io::Error) -> String {
    fout.to_string()
}
