//! Sleutels van uitgevers ophalen: met rem, met de laatste goede, en nooit naar binnen.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "in een proef is een fout een mislukte proef")]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use domain::Moment;
use federation::{Egress, EgressError, EgressRule, Health, JwksCache, TokenRefusal, TrustedIssuer, verify_access_token};
use provider::SigningKey;
use serde_json::json;

fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

/// Een uitgever op localhost die telt en antwoordt wat hem gezegd is.
struct Uitgever {
    adres: String,
    geteld: Arc<AtomicUsize>,
    antwoord: Arc<Mutex<String>>,
    traagheid: Arc<AtomicUsize>,
}

impl Uitgever {
    fn start() -> Self {
        let luisteraar = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let adres = format!("http://{}", luisteraar.local_addr().unwrap());
        let (geteld, antwoord) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
        let traagheid = Arc::new(AtomicUsize::new(0));
        let (teller, tekst, traag) = (Arc::clone(&geteld), Arc::clone(&antwoord), Arc::clone(&traagheid));
        std::thread::spawn(move || {
            for verbinding in luisteraar.incoming() {
                let mut v = verbinding.unwrap();
                let _ = v.read(&mut [0; 4096]);
                teller.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(traag.load(Ordering::SeqCst) as u64));
                let _ = v.write_all(tekst.lock().unwrap().as_bytes());
            }
        });
        Self { adres, geteld, antwoord, traagheid }
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
        "https://192.0.0.8/",
        "https://[::10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::1]/",
        "https://[2001::1]/",
        "https://[fec0::1]/",
        "https://[fe80::1]/",
        "https://0.0.0.0/",
        "https://localhost/",
    ] {
        assert_eq!(e.get_json(adres).await, Err(EgressError::Private), "{adres}");
    }
    for adres in ["http://hub.example/", "ftp://hub.example/", "https://a:b@hub.example/", "geen adres"] {
        assert_eq!(e.get_json(adres).await, Err(EgressError::Url), "{adres}");
    }
}

fn token_van(sleutel: &SigningKey, iss: &str) -> String {
    let t = nu().timestamp();
    let claims = json!({ "iss": iss, "aud": "api", "sub": "p1", "client_id": "c1", "exp": t + 600, "iat": t });
    sleutel.sign("at+jwt", &claims).unwrap()
}

#[tokio::test]
async fn na_een_wissel_van_sleutel_bij_de_uitgever_werkt_de_nieuwe_na_een_keer_verversen() {
    let u = Uitgever::start();
    let (oud, nieuw) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    u.zegt("200 OK", "", &json!({ "keys": [oud.public_jwk()] }).to_string());
    let (c, regel) = (cache(&u), TrustedIssuer::new(&u.adres, "api"));
    let token = token_van(&nieuw, &u.adres);
    let sleutels = c.get(nu()).await.unwrap();
    assert_eq!(verify_access_token(&token, &regel, &sleutels, nu()).unwrap_err(), TokenRefusal::UnknownKey);
    u.zegt("200 OK", "", &json!({ "keys": [oud.public_jwk(), nieuw.public_jwk()] }).to_string());
    let later = nu() + TimeDelta::minutes(2);
    let sleutels = c.refresh(later).await.unwrap();
    assert!(verify_access_token(&token, &regel, &sleutels, later).is_ok());
    assert!(verify_access_token(&token_van(&oud, &u.adres), &regel, &sleutels, later).is_ok());
}

#[tokio::test]
async fn een_discovery_die_naar_binnen_of_naar_onversleuteld_verkeer_wijst_levert_niets() {
    let u = Uitgever::start();
    for binnen in ["https://10.0.0.1/jwks", "https://[fd00::1]/jwks", "http://elders.example/jwks", "file:///etc/passwd"] {
        u.zegt("200 OK", "", &json!({ "issuer": u.adres, "jwks_uri": binnen }).to_string());
        let c = JwksCache::new(&u.adres, None, egress());
        assert!(c.get(nu()).await.is_none(), "{binnen}");
        assert!(matches!(c.health(), Health::Failing { .. }));
    }
    u.zegt("200 OK", "", &json!({ "issuer": u.adres }).to_string());
    assert!(JwksCache::new(&u.adres, None, egress()).get(nu()).await.is_none(), "zonder jwks_uri");
}

#[tokio::test]
async fn een_antwoord_dat_geen_sleutels_bevat_vervangt_de_laatste_goede_niet() {
    let u = Uitgever::start();
    u.zegt("200 OK", "", r#"{"keys":[{"kid":"a"}]}"#);
    let c = cache(&u);
    let goed = c.get(nu()).await.unwrap();
    for (nummer, slecht) in [r#"{"fout":true}"#, r#"{"keys":"a"}"#, "<html>"].iter().enumerate() {
        u.zegt("200 OK", "", slecht);
        let later = nu() + TimeDelta::hours(1 + i64::try_from(nummer).unwrap());
        assert_eq!(c.refresh(later).await.unwrap(), goed, "{slecht}");
    }
}

/// Een uitgever die de verbinding aanneemt en daarna niets meer zegt.
fn zwijger() -> (TcpListener, String) {
    let luisteraar = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let adres = format!("http://{}/jwks", luisteraar.local_addr().unwrap());
    (luisteraar, adres)
}

#[tokio::test]
async fn een_trage_uitgever_houdt_niemand_langer_op_dan_de_tijdslimiet() {
    let (_open, adres) = zwijger();
    let rule = EgressRule { allow: vec!["127.0.0.1".into()] };
    let e = Egress::with_timeout(rule, Duration::from_millis(200)).unwrap();
    let begin = std::time::Instant::now();
    assert!(matches!(e.get_json(&adres).await, Err(EgressError::Unreachable(_))));
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn wie_oude_sleutels_heeft_wacht_niet_op_een_ander_die_ververst() {
    let u = Uitgever::start();
    u.zegt("200 OK", "", r#"{"keys":[{"kid":"a"}]}"#);
    let e = Egress::with_timeout(EgressRule { allow: vec!["127.0.0.1".into()] }, Duration::from_secs(2)).unwrap();
    let c = Arc::new(JwksCache::new(&u.adres, Some(format!("{}/jwks", u.adres)), e));
    let goed = c.get(nu()).await.unwrap();
    u.traagheid.store(1_500, Ordering::SeqCst);
    let later = nu() + TimeDelta::hours(1);
    let eerste = tokio::spawn({
        let c = Arc::clone(&c);
        async move { c.get(later).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begin = std::time::Instant::now();
    assert_eq!(c.get(later).await.unwrap(), goed);
    assert!(begin.elapsed() < Duration::from_millis(700));
    assert_eq!(eerste.await.unwrap().unwrap(), goed);
}
