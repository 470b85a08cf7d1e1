//! Een IdP op localhost die voor iedere organisatie kan spreken.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use provider::SigningKey;
use serde_json::{Value, json};

use super::huis::nu;

#[derive(Debug, Default)]
struct Stand {
    token: Value,
    weigert_client: bool,
    weg: bool,
    gevraagd: Vec<(String, String)>,
}

/// De IdP.
pub(crate) struct Idp {
    pub(crate) issuer: String,
    sleutel: SigningKey,
    stand: Arc<Mutex<Stand>>,
}

fn lees(v: &mut TcpStream) -> Option<(String, String)> {
    let (mut alles, mut stuk) = (Vec::new(), [0; 4096]);
    loop {
        let n = v.read(&mut stuk).ok().filter(|n| *n > 0)?;
        alles.extend_from_slice(&stuk[..n]);
        let tekst = String::from_utf8_lossy(&alles).into_owned();
        let Some((kop, inhoud)) = tekst.split_once("\r\n\r\n") else { continue };
        let lengte = kop.lines().find_map(|r| r.to_lowercase().strip_prefix("content-length: ").and_then(|l| l.trim().parse::<usize>().ok())).unwrap_or(0);
        if inhoud.len() >= lengte {
            return Some((kop.split(' ').nth(1).unwrap_or_default().to_owned(), format!("{kop}\r\n\r\n{inhoud}")));
        }
    }
}

impl Idp {
    pub(crate) fn start() -> Self {
        let luisteraar = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("poort");
        let issuer = format!("http://{}", luisteraar.local_addr().expect("adres"));
        let sleutel = SigningKey::generate().expect("sleutel");
        let stand: Arc<Mutex<Stand>> = Arc::default();
        let (adres, jwks, gedeeld) = (issuer.clone(), json!({ "keys": [sleutel.public_jwk()] }), Arc::clone(&stand));
        std::thread::spawn(move || {
            for verbinding in luisteraar.incoming() {
                let Ok(mut v) = verbinding else { continue };
                let Some((pad, verzoek)) = lees(&mut v) else { continue };
                let mut stand = gedeeld.lock().expect("stand");
                let (status, inhoud) = match pad.as_str() {
                    _ if stand.weg => (503, json!({})),
                    "/.well-known/openid-configuration" => (
                        200,
                        json!({
                            "issuer": adres, "authorization_endpoint": format!("{adres}/auth"), "token_endpoint": format!("{adres}/token"),
                            "jwks_uri": format!("{adres}/jwks"), "code_challenge_methods_supported": ["S256"],
                            "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
                        }),
                    ),
                    "/jwks" => (200, jwks.clone()),
                    "/token" if stand.weigert_client => (401, json!({ "error": "invalid_client" })),
                    "/token" if verzoek.contains("code=verbindingstest") || stand.token.is_null() => (400, json!({ "error": "invalid_grant" })),
                    "/token" => (200, stand.token.clone()),
                    _ => (404, json!({})),
                };
                stand.gevraagd.push((pad, verzoek));
                drop(stand);
                let inhoud = inhoud.to_string();
                let kop = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", inhoud.len());
                let _ = v.write_all(format!("{kop}{inhoud}").as_bytes());
            }
        });
        Self { issuer, sleutel, stand }
    }

    fn met<T>(&self, doe: impl FnOnce(&mut Stand) -> T) -> T {
        doe(&mut self.stand.lock().expect("stand"))
    }

    /// Meldt voortaan deze persoon aan, met of zonder tweede factor.
    pub(crate) fn meldt_aan(&self, sub: &str, nonce: &str, amr: &[&str]) {
        let t = nu().timestamp();
        let claims = json!({ "iss": self.issuer, "aud": "aansluitloket", "sub": sub, "iat": t, "exp": t + 300, "nonce": nonce, "amr": amr,
            "email": format!("{sub}@voorbeeld.example"), "name": sub });
        let id_token = self.sleutel.sign("JWT", &claims).expect("token");
        self.met(|s| s.token = json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token }));
    }

    pub(crate) fn weigert_de_client(&self, weigert: bool) {
        self.met(|s| s.weigert_client = weigert);
    }

    pub(crate) fn is_weg(&self, weg: bool) {
        self.met(|s| s.weg = weg);
    }

    pub(crate) fn gevraagd(&self) -> usize {
        self.met(|s| s.gevraagd.len())
    }

    pub(crate) fn laatste(&self, pad: &str) -> String {
        self.met(|s| s.gevraagd.iter().rfind(|(p, _)| p == pad).map(|(_, verzoek)| verzoek.clone())).expect("gevraagd")
    }
}
