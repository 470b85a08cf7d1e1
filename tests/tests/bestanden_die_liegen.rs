//! Bestanden die liegen: geweigerd met een duidelijk probleem, binnen enkele seconden en binnen 200 MB.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use e2e::{Loket, Wie};
use zip::write::SimpleFileOptions;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SNEL: Duration = Duration::from_secs(10);
const GRENS: u64 = 200 * 1024 * 1024;

fn archief(onderdelen: &[(&str, &[u8])]) -> Vec<u8> {
    let mut schrijver = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (naam, inhoud) in onderdelen {
        schrijver.start_file(*naam, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).unwrap();
        schrijver.write_all(inhoud).unwrap();
    }
    schrijver.finish().unwrap().into_inner()
}

/// Een zip-bom: een gigabyte aan tekens in een werkblad, in stukken geschreven zodat de proef zelf klein blijft.
fn bom() -> Vec<u8> {
    let mut schrijver = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let keuze = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    schrijver.start_file("xl/workbook.xml", keuze).unwrap();
    schrijver.write_all(b"<workbook/>").unwrap();
    schrijver.start_file("xl/worksheets/sheet1.xml", keuze).unwrap();
    let blok = vec![b' '; 1024 * 1024];
    (0..1024).for_each(|_| schrijver.write_all(&blok).unwrap());
    schrijver.finish().unwrap().into_inner()
}

#[tokio::test]
async fn een_bestand_dat_liegt_wordt_snel_en_zuinig_geweigerd() {
    for loket in Loket::alle() {
        let ob = loket.als(Wie::Organisatiebeheerder);
        let pad = format!("/v1/organisaties/{}/gebruikersimports", loket.organisatie("ziekenhuis"));
        let breed: String = (0..300).map(|i| format!("k{i}")).collect::<Vec<_>>().join(";");
        let gevallen: [(&str, &str, Vec<u8>, &str); 7] = [
            ("zip-bom", XLSX, bom(), "uitgepakt-te-groot"),
            ("macro's", XLSX, archief(&[("xl/workbook.xml", b"<workbook/>"), ("xl/vbaProject.bin", b"x")]), "macro"),
            ("geen werkmap", XLSX, archief(&[("a.txt", b"x")]), "bestandssoort-onbekend"),
            ("tekenset", "text/csv", b"naam;e-mail\nZo\xC3\x28\x81;x@y.example\n".to_vec(), "tekenset-onbekend"),
            ("dubbele kop", "text/csv", b"naam;e-mail;naam\n".to_vec(), "kolom-dubbel"),
            ("300 kolommen", "text/csv", breed.into_bytes(), "te-veel-kolommen"),
            ("bytes", "text/csv", vec![0; 1024], "geen-tekst"),
        ];
        for (naam, soort, bytes, code) in gevallen {
            let begin = Instant::now();
            let antwoord = ob.stuur(&pad, &[("content-type", soort)], bytes).await.unwrap();
            assert_eq!((antwoord.status, antwoord.code()), (400, "invoer-ongeldig"), "{naam}: {:#}", antwoord.json);
            assert_eq!(antwoord.json["errors"][0]["code"], code, "{naam}");
            assert!(begin.elapsed() < SNEL, "{naam}: {:?}", begin.elapsed());
        }
        assert!(loket.meeste_geheugen() < GRENS, "{} MB op {}", loket.meeste_geheugen() / 1024 / 1024, loket.database);
    }
}

/// Stuurt een gigabyte aan komma's in brokken, tot de dienst er genoeg van heeft; geeft hoeveel er verstuurd is en wat zij zei.
fn gigabyte(loket: &Loket, pad: &str) -> (usize, String) {
    let mut lijn = TcpStream::connect(loket.adres()).unwrap();
    lijn.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
    lijn.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let token = loket.token(Wie::Organisatiebeheerder);
    let kop = format!(
        "POST {pad} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: text/csv\r\ntransfer-encoding: chunked\r\n\r\n",
        loket.adres()
    );
    lijn.write_all(kop.as_bytes()).unwrap();
    let (brok, mut verstuurd) = (vec![b','; 1024 * 1024], 0);
    while verstuurd < 1024 && lijn.write_all(b"100000\r\n").and_then(|()| lijn.write_all(&brok)).and_then(|()| lijn.write_all(b"\r\n")).is_ok() {
        verstuurd += 1;
    }
    let mut antwoord = Vec::new();
    let _ = lijn.read_to_end(&mut antwoord);
    (verstuurd, String::from_utf8_lossy(&antwoord).into_owned())
}

#[tokio::test]
async fn een_gigabyte_aan_kommas_wordt_afgekapt_zonder_hem_te_bewaren() {
    for loket in Loket::alle() {
        let ob = loket.als(Wie::Organisatiebeheerder);
        let pad = format!("/v1/organisaties/{}/gebruikersimports", loket.organisatie("ziekenhuis"));
        let begin = Instant::now();
        let (verstuurd, antwoord) = gigabyte(&loket, &pad);
        // De dienst antwoordt zodra de grens bereikt is. Wat daarna nog komt gooit zij weg, of zij verbreekt de verbinding; dan kan een
        // client die nog schrijft het antwoord missen. Bewaard wordt er niets: dat zegt het geheugen hieronder.
        assert!(antwoord.starts_with("HTTP/1.1 413") || (antwoord.is_empty() && verstuurd < 1024), "{verstuurd} MB, antwoord: {antwoord}");
        assert!(begin.elapsed() < SNEL, "{:?}", begin.elapsed());
        assert!(loket.meeste_geheugen() < GRENS, "{} MB", loket.meeste_geheugen() / 1024 / 1024);
        assert!(ob.lees(&pad).await.ok(200)["items"].as_array().unwrap().is_empty(), "er is niets begonnen");
        assert_eq!(ob.lees("/v1/ik").await.status, 200, "de dienst doet het nog");
    }
}
