//! Sleutels van uitgevers ophalen: met rem, met de laatste goede, en nooit naar binnen.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use domain::Moment;
use federation::{Egress, EgressError, EgressRule, Health, JwksCache};

fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

/// Een uitgever op localhost die telt en antwoordt wat hem gezegd is.
struct Uitgever {
    adres: String,
    geteld: Arc<AtomicUsize>,
    antwoord: Arc<Mutex<String>>,
}

impl Uitgever {
    fn start() -> Self {
        let luisteraar = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let adres = format!("http://{}", luisteraar.local_addr().unwrap());
        let (geteld, antwoord) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
        let (teller, tekst) = (Arc::clone(&geteld), Arc::clone(&antwoord));
        std::thread::spawn(move || {
            for verbinding in luisteraar.incoming() {
                let mut v = verbinding.unwrap();
                let _ = v.read(&mut [0; 4096]);
                teller.fetch_add(1, Ordering::SeqCst);
                let _ = v.write_all(tekst.lock().unwrap().as_bytes());
            }
        });
        Self { adres, geteld, antwoord }
    }

    fn zegt(&self, status: &str, kop: &str, inhoud: &str) {
        *self.antwoord.lock().unwrap() =
            format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n{kop}Content-Length: {}\r\n\r\n{inhoud}", inhoud.len());
    }

    fn aantal(&self) -> usize {
        self.geteld.load(Ordering::SeqCst)
    }
}

fn egress() -> Egress {
    Egress::new(EgressRule { allow: vec!["127.0.0.1".into()] }).unwrap()
}

fn cache(u: &Uitgever) -> JwksCache {
    JwksCache::new(&u.adres, Some(format!("{}/jwks", u.adres)), egress())
}

#[tokio::test]
async fn bij_het_opstarten_gaat_er_niets_naar_buiten() {
    let u = Uitgever::start();
    let c = cache(&u);
    assert_eq!((c.health(), u.aantal()), (Health::Unknown, 0));
}

#[tokio::test]
async fn sleutels_worden_bewaard_en_op_tijd_ververst() {
    let u = Uitgever::start();
    u.zegt("200 OK", "", r#"{"keys":[]}"#);
    let c = cache(&u);
    for _ in 0..5 {
        assert!(c.get(nu()).await.is_some());
    }
    assert_eq!(u.aantal(), 1);
    c.get(nu() + TimeDelta::minutes(11)).await;
    assert_eq!(u.aantal(), 2);
}

#[tokio::test]
async fn een_storm_van_onbekende_kids_leidt_tot_een_verzoek_per_minuut() {
    let u = Uitgever::start();
    u.zegt("500 Kapot", "", "{}");
    let c = cache(&u);
    for _ in 0..50 {
        c.refresh(nu()).await;
    }
    assert_eq!(u.aantal(), 1, "ook een mislukking telt");
    c.refresh(nu() + TimeDelta::minutes(1)).await;
    assert_eq!(u.aantal(), 2);
}

#[tokio::test]
async fn de_laatste_goede_sleutels_blijven_als_de_uitgever_uitvalt() {
    let u = Uitgever::start();
    u.zegt("200 OK", "", r#"{"keys":[{"kid":"a"}]}"#);
    let c = cache(&u);
    let goed = c.get(nu()).await.unwrap();
    u.zegt("503 Weg", "", "{}");
    let later = nu() + TimeDelta::hours(1);
    assert_eq!(c.get(later).await.unwrap(), goed);
    assert!(matches!(c.health(), Health::Failing { .. }));
}

#[tokio::test]
async fn een_discovery_met_een_andere_uitgever_telt_niet() {
    let u = Uitgever::start();
    u.zegt("200 OK", "", &format!(r#"{{"issuer":"{0}/","jwks_uri":"{0}/jwks","keys":[]}}"#, u.adres));
    let c = JwksCache::new(&u.adres, None, egress());
    assert!(c.get(nu()).await.is_none());
    assert!(matches!(c.health(), Health::Failing { reason, .. } if reason.contains(&u.adres)));
}

#[tokio::test]
async fn omleidingen_te_grote_en_kapotte_antwoorden_worden_geweigerd() {
    let u = Uitgever::start();
    let e = egress();
    u.zegt("302 Elders", "Location: http://127.0.0.1:1/\r\n", "");
    assert_eq!(e.get_json(&u.adres).await, Err(EgressError::Status(302)));
    u.zegt("200 OK", "", &format!("\"{}\"", "x".repeat(1024 * 1024)));
    assert_eq!(e.get_json(&u.adres).await, Err(EgressError::TooLarge));
    u.zegt("200 OK", "", "<html>");
    assert_eq!(e.get_json(&u.adres).await, Err(EgressError::NotJson));
}

#[tokio::test]
async fn binnenadressen_en_onversleuteld_verkeer_worden_geweigerd() {
    let e = Egress::new(EgressRule::default()).unwrap();
    for adres in [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.1.1/",
        "https://169.254.169.254/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://localhost/",
    ] {
        assert_eq!(e.get_json(adres).await, Err(EgressError::Private), "{adres}");
    }
    for adres in ["http://hub.example/", "ftp://hub.example/", "https://a:b@hub.example/", "geen adres"] {
        assert_eq!(e.get_json(adres).await, Err(EgressError::Url), "{adres}");
    }
}
