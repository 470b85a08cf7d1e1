//! Een drukke dienst: de client probeert het opnieuw, en een wijziging gebeurt hoogstens één keer.
#![expect(clippy::unwrap_used, reason = "hulp in een proef mag omvallen")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use loket::{Fout, Gelezen, Loket, Toegang, Traject};
use serde_json::json;

const TRAJECT: &str = r#"{"id":"1","kenmerk":"T-2026-0001","organisatieId":"2","organisatieNaam":"Waterbedrijf Voorbeeldmeer","status":"lopend","fase":1,"stap":1,
    "versie":3,"nieuwVeld":{"van":"een nieuwere dienst"}}"#;
const OVERGANG: &str = r#"{"id":"9","trajectId":"1","vanStap":1,"naarStap":2,"op":"2026-11-23T10:00:00Z","metAfwijking":[]}"#;

/// Geeft deze antwoorden op volgorde; levert de verzoeken die binnenkwamen.
fn dienst(antwoorden: Vec<(u16, &'static str, String)>) -> (String, JoinHandle<Vec<String>>) {
    let luister = TcpListener::bind("127.0.0.1:0").unwrap();
    let adres = format!("http://{}", luister.local_addr().unwrap());
    let draad = std::thread::spawn(move || {
        antwoorden
            .into_iter()
            .map(|(status, koppen, lichaam)| {
                let (mut lijn, _) = luister.accept().unwrap();
                let mut lezer = BufReader::new(lijn.try_clone().unwrap());
                let (mut kop, mut lengte) = (String::new(), 0);
                loop {
                    let mut regel = String::new();
                    lezer.read_line(&mut regel).unwrap();
                    if let Some(waarde) = regel.to_lowercase().strip_prefix("content-length: ") {
                        lengte = waarde.trim().parse().unwrap();
                    }
                    if regel == "\r\n" {
                        break;
                    }
                    kop.push_str(&regel);
                }
                let mut inhoud = vec![0; lengte];
                lezer.read_exact(&mut inhoud).unwrap();
                write!(lijn, "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{koppen}\r\n{lichaam}", lichaam.len()).unwrap();
                kop + &String::from_utf8(inhoud).unwrap()
            })
            .collect()
    });
    (adres, draad)
}

fn druk() -> (u16, &'static str, String) {
    let probleem = json!({ "type": "about:blank", "title": "Druk", "status": 503, "detail": "Probeer het zo opnieuw." });
    (503, "retry-after: 0\r\n", probleem.to_string())
}

fn sleutel(verzoek: &str) -> String {
    verzoek.lines().find_map(|regel| regel.to_lowercase().strip_prefix("idempotency-key: ").map(str::to_owned)).unwrap()
}

#[tokio::test]
async fn een_herhaalde_stapovergang_draagt_dezelfde_sleutel_en_dezelfde_versie() {
    let (adres, draad) = dienst(vec![(200, "etag: \"3\"\r\n", TRAJECT.to_owned()), druk(), druk(), (201, "", OVERGANG.to_owned())]);
    let loket = Loket::new(&adres, Toegang::token("geheim")).unwrap();
    let traject: Gelezen<Traject> = loket.traject("1").await.unwrap();
    assert_eq!(traject.etag.as_deref(), Some("\"3\""));

    let overgang = loket.overgang(&traject, 2, Some("Besluit van de directie")).await.unwrap();

    assert_eq!((overgang.van_stap, overgang.naar_stap), (1, 2));
    let verzoeken = draad.join().unwrap();
    assert!(verzoeken[0].to_lowercase().contains("authorization: bearer geheim"));
    assert!(verzoeken[1..].iter().all(|verzoek| verzoek.starts_with("POST /v1/trajecten/1/stapovergangen ") && verzoek.contains("\"naarStap\":2")));
    assert!(verzoeken[1..].iter().all(|verzoek| verzoek.to_lowercase().contains("if-match: \"3\"")));
    assert!(verzoeken[1..].iter().all(|verzoek| sleutel(verzoek) == sleutel(&verzoeken[1])), "elke poging heeft dezelfde Idempotency-Key");
}

#[tokio::test]
async fn een_weigering_wordt_niet_herhaald_en_zegt_wat_ontbreekt() {
    let probleem = json!({ "type": "about:blank", "title": "Dit kan nu niet", "status": 409, "detail": "De poort is dicht.", "code": "poort-niet-voldaan",
        "ontbreekt": [{ "code": "verkenning-conclusie", "omschrijving": "De verkenning met conclusie ontbreekt." }] });
    let (adres, draad) = dienst(vec![(409, "content-type: application/problem+json\r\n", probleem.to_string())]);
    let loket = Loket::new(&adres, Toegang::token("geheim")).unwrap();
    let traject = Gelezen { waarde: serde_json::from_str(TRAJECT).unwrap(), etag: Some("\"3\"".to_owned()) };

    let fout = loket.overgang(&traject, 2, None).await.unwrap_err();

    assert_eq!(fout.afsluitcode(), 5);
    assert!(matches!(&fout, Fout::Probleem(probleem) if probleem.ontbreekt.len() == 1), "{fout}");
    assert_eq!(draad.join().unwrap().len(), 1);
}

#[tokio::test]
async fn een_doorverwijzing_wordt_niet_gevolgd() {
    let (adres, draad) = dienst(vec![(302, "location: http://127.0.0.1:1/elders\r\n", String::new())]);
    let fout = Loket::new(&adres, Toegang::token("geheim")).unwrap().ik().await.unwrap_err();
    assert_eq!(fout.afsluitcode(), 1, "{fout}");
    assert_eq!(draad.join().unwrap().len(), 1);
}
