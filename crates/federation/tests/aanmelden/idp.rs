//! Een IdP op localhost die doet wat hem gezegd wordt, ook als dat fout is, en onthoudt wat hem gevraagd werd.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::diagnose::{Diagnose, DiagnoseCode, Eigenaar};
use domain::identiteitsproviders::{Clientauthenticatie, MfaKeuze, MfaPreset, NieuweInstellingen};
use domain::{Id, Moment, Rng};
use federation::idp::{ClientAuthenticatie, ClientGeheim, IdpConfig};
use federation::{CallbackParams, Egress, EgressRule, IdpHub, ProvenLogin, Vertrek, Verwacht};
use provider::SigningKey;
use serde_json::{Value, json};

pub(crate) const CLIENT: &str = "aansluitloket";
pub(crate) const GEHEIM: &str = "zeer geheim: & = %";
pub(crate) const NONCE: &str = "nonce-van-dit-vertrek";
pub(crate) const STATE: &str = "state-van-dit-vertrek";
pub(crate) const VERIFIER: &str = "verifier-verifier-verifier-verifier-verifier";
pub(crate) const TERUG: &str = "https://aansluitloket.example/oidc/callback/1";

pub(crate) fn nu() -> Moment {
    Moment::from_timestamp(1_790_000_000, 0).unwrap()
}

pub(crate) fn rng() -> Rng {
    let volgende = AtomicU64::new(1);
    Rng::new(move |buffer| {
        for stuk in buffer.chunks_mut(8) {
            let getal = volgende.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let lengte = stuk.len();
            stuk.copy_from_slice(&getal.to_le_bytes()[..lengte]);
        }
    })
}

/// Wat de IdP op een adres antwoordt.
#[derive(Clone, Debug, Default)]
pub(crate) struct Zegt {
    pub(crate) status: u16,
    pub(crate) soort: String,
    pub(crate) inhoud: Vec<u8>,
    /// `Content-Encoding`, of leeg.
    pub(crate) verpakking: &'static str,
}

pub(crate) fn json_van(waarde: &Value) -> Zegt {
    Zegt { status: 200, soort: "application/json".into(), inhoud: waarde.to_string().into(), ..Zegt::default() }
}

pub(crate) fn fout(status: u16, code: &str) -> Zegt {
    Zegt { status, ..json_van(&json!({ "error": code })) }
}

/// Wat aan de IdP gevraagd is.
#[derive(Clone, Debug)]
pub(crate) struct Gevraagd {
    pub(crate) pad: String,
    pub(crate) koppen: String,
    pub(crate) inhoud: String,
}

impl Gevraagd {
    pub(crate) fn veld(&self, naam: &str) -> Option<String> {
        url::form_urlencoded::parse(self.inhoud.as_bytes()).find(|(n, _)| n == naam).map(|(_, w)| w.into_owned())
    }

    pub(crate) fn kop(&self, naam: &str) -> Option<&str> {
        self.koppen.lines().find_map(|regel| regel.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(naam)).map(|(_, w)| w.trim()))
    }
}

#[derive(Debug)]
pub(crate) struct Stand {
    pub(crate) discovery: Zegt,
    pub(crate) jwks: Zegt,
    /// Antwoorden van het tokenadres op volgorde; het laatste blijft.
    pub(crate) token: Vec<Zegt>,
    pub(crate) userinfo: Zegt,
    pub(crate) par: Zegt,
    pub(crate) gevraagd: Vec<Gevraagd>,
    pub(crate) datum: Option<String>,
}

#[derive(Clone)]
pub(crate) struct Idp {
    pub(crate) adres: String,
    stand: Arc<Mutex<Stand>>,
}

fn lees(v: &mut TcpStream) -> Option<Gevraagd> {
    let (mut alles, mut stuk) = (Vec::new(), [0; 4096]);
    loop {
        let n = v.read(&mut stuk).ok().filter(|n| *n > 0)?;
        alles.extend_from_slice(&stuk[..n]);
        let tekst = String::from_utf8_lossy(&alles).into_owned();
        let Some((kop, inhoud)) = tekst.split_once("\r\n\r\n") else { continue };
        let lengte = kop.lines().find_map(|r| r.to_lowercase().strip_prefix("content-length: ").and_then(|l| l.trim().parse::<usize>().ok())).unwrap_or(0);
        if inhoud.len() >= lengte {
            let pad = kop.split(' ').nth(1).unwrap_or_default().to_owned();
            return Some(Gevraagd { pad, koppen: kop.to_owned(), inhoud: inhoud.to_owned() });
        }
    }
}

impl Idp {
    pub(crate) fn start() -> Self {
        let luisteraar = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let adres = format!("http://{}", luisteraar.local_addr().unwrap());
        let stand = Stand {
            discovery: json_van(&discovery(&adres)),
            jwks: json_van(&json!({ "keys": [] })),
            token: vec![fout(400, "invalid_grant")],
            userinfo: fout(401, "invalid_token"),
            par: Zegt { status: 201, ..json_van(&json!({ "request_uri": "urn:ietf:params:oauth:request_uri:1", "expires_in": 60 })) },
            gevraagd: Vec::new(),
            datum: None,
        };
        let idp = Self { adres, stand: Arc::new(Mutex::new(stand)) };
        let stand = Arc::clone(&idp.stand);
        std::thread::spawn(move || {
            for verbinding in luisteraar.incoming() {
                let mut v = verbinding.unwrap();
                let Some(gevraagd) = lees(&mut v) else { continue };
                let mut stand = stand.lock().unwrap();
                let zegt = match gevraagd.pad.as_str() {
                    "/.well-known/openid-configuration" => stand.discovery.clone(),
                    "/jwks" => stand.jwks.clone(),
                    "/token" if stand.token.len() > 1 => stand.token.remove(0),
                    "/token" => stand.token[0].clone(),
                    "/userinfo" => stand.userinfo.clone(),
                    "/par" => stand.par.clone(),
                    _ => fout(404, "onbekend"),
                };
                stand.gevraagd.push(gevraagd);
                let datum = stand.datum.clone().map(|d| format!("Date: {d}\r\n")).unwrap_or_default();
                drop(stand);
                let Zegt { status, soort, inhoud, verpakking } = zegt;
                let verpakking = if verpakking.is_empty() { String::new() } else { format!("Content-Encoding: {verpakking}\r\n") };
                let lengte = inhoud.len();
                let kop = format!("HTTP/1.1 {status} X\r\nContent-Type: {soort}\r\n{datum}{verpakking}Connection: close\r\nContent-Length: {lengte}\r\n\r\n");
                let _ = v.write_all(&[kop.as_bytes(), &inhoud].concat());
            }
        });
        idp
    }

    pub(crate) fn met<T>(&self, doe: impl FnOnce(&mut Stand) -> T) -> T {
        doe(&mut self.stand.lock().unwrap())
    }

    pub(crate) fn aantal(&self, pad: &str) -> usize {
        self.met(|s| s.gevraagd.iter().filter(|g| g.pad == pad).count())
    }

    pub(crate) fn laatste(&self, pad: &str) -> Gevraagd {
        self.met(|s| s.gevraagd.iter().rfind(|g| g.pad == pad).cloned()).expect("gevraagd")
    }
}

pub(crate) fn discovery(adres: &str) -> Value {
    json!({
        "issuer": adres,
        "authorization_endpoint": format!("{adres}/auth?kanaal=web"),
        "token_endpoint": format!("{adres}/token"),
        "jwks_uri": format!("{adres}/jwks"),
        "userinfo_endpoint": format!("{adres}/userinfo"),
        "end_session_endpoint": format!("{adres}/uit"),
        "response_types_supported": ["code"],
        "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "email", "profile"],
        "claims_supported": ["sub", "amr", "acr", "email"],
    })
}

/// Instellingen met deze MFA-regel.
pub(crate) fn instellingen(issuer: &str, mfa: MfaKeuze) -> NieuweInstellingen {
    let json = json!({ "issuer": issuer, "clientId": CLIENT, "clientauthenticatie": "client-secret-basic", "mfa": mfa });
    serde_json::from_value(json).unwrap()
}

pub(crate) fn preset(preset: MfaPreset, waarden: &[&str]) -> MfaKeuze {
    MfaKeuze { preset, waarden: waarden.iter().map(|w| (*w).to_owned()).collect(), tekst_toegestaan: false, bewijs: Vec::new(), vraag: None }
}

/// Een IdP, een hub en een registratie, klaar om mee aan te melden.
pub(crate) struct Proef {
    pub(crate) idp: Idp,
    pub(crate) hub: IdpHub,
    pub(crate) config: IdpConfig,
    pub(crate) sleutel: SigningKey,
}

pub(crate) fn geheim(waarde: &str) -> ClientGeheim {
    ClientGeheim::new(Id::from_u128(7), waarde.to_owned().into())
}

pub(crate) fn egress() -> Egress {
    Egress::new(EgressRule { allow: vec!["127.0.0.1".into()] }).unwrap()
}

impl Proef {
    pub(crate) fn start() -> Self {
        Self::met_regel(preset(MfaPreset::Amr, &[]))
    }

    pub(crate) fn met_regel(mfa: MfaKeuze) -> Self {
        let (idp, sleutel) = (Idp::start(), SigningKey::generate().unwrap());
        idp.met(|s| s.jwks = json_van(&json!({ "keys": [sleutel.public_jwk()] })));
        let instellingen = instellingen(&idp.adres, mfa).keur(&|_| true).expect("instellingen");
        assert_eq!(instellingen.clientauthenticatie, Clientauthenticatie::ClientSecretBasic);
        let config = IdpConfig {
            id: Id::from_u128(1),
            organisatie_id: Id::from_u128(2),
            naam: "Voorbeeld".into(),
            versienummer: 1,
            instellingen,
            client: ClientAuthenticatie::Basic(vec![geheim(GEHEIM)]),
            plafond: None,
        };
        Self { idp, hub: IdpHub::new(egress(), rng()), config, sleutel }
    }

    /// Claims waar niets aan mankeert.
    pub(crate) fn claims(&self) -> Value {
        let t = nu().timestamp();
        json!({
            "iss": self.idp.adres, "aud": CLIENT, "sub": "p-1", "iat": t, "exp": t + 300, "nonce": NONCE, "auth_time": t - 2,
            "amr": ["pwd", "otp"], "email": "Noor@Voorbeeld.example", "email_verified": true, "name": "Noor Voorbeeld", "sid": "s-1",
        })
    }

    /// De goede claims met een wijziging; `null` haalt weg.
    pub(crate) fn claims_met(&self, wijziging: Value) -> Value {
        let mut claims = self.claims();
        for (naam, waarde) in wijziging.as_object().unwrap() {
            if waarde.is_null() {
                claims.as_object_mut().unwrap().remove(naam);
            } else {
                claims[naam] = waarde.clone();
            }
        }
        claims
    }

    pub(crate) fn geeft(&self, id_token: &str) {
        let antwoord = json!({ "access_token": "toegang-1", "token_type": "bearer", "id_token": id_token, "expires_in": 60 });
        self.idp.met(|s| s.token = vec![json_van(&antwoord)]);
    }

    pub(crate) fn verwacht() -> Verwacht {
        Verwacht {
            state: STATE.into(),
            nonce: NONCE.into(),
            code_verifier: VERIFIER.into(),
            redirect_uri: TERUG.into(),
            vertrokken_op: nu() - chrono::TimeDelta::seconds(5),
            max_age: None,
        }
    }

    pub(crate) fn params() -> CallbackParams {
        CallbackParams::parse(&format!("code=c-1&state={STATE}")).unwrap()
    }

    /// Een ander discoverydocument.
    pub(crate) fn zegt_van_zichzelf(&self, wijziging: Value) {
        let mut document = discovery(&self.idp.adres);
        for (naam, waarde) in wijziging.as_object().unwrap() {
            document[naam] = waarde.clone();
        }
        self.idp.met(|s| s.discovery = json_van(&document));
    }

    pub(crate) async fn terug(&self) -> Result<ProvenLogin, Diagnose> {
        self.terug_met(&Self::params(), &Self::verwacht()).await
    }

    pub(crate) async fn terug_met(&self, params: &CallbackParams, verwacht: &Verwacht) -> Result<ProvenLogin, Diagnose> {
        self.hub.terugkomst(&self.config, params, verwacht, nu()).await.map_err(|nee| nee.diagnose)
    }

    /// Meldt aan met deze claims, getekend door de IdP.
    pub(crate) async fn meld_aan(&self, claims: &Value) -> Result<ProvenLogin, Diagnose> {
        self.geeft(&self.sleutel.sign("JWT", claims).unwrap());
        self.terug().await
    }

    /// Meldt aan met een wijziging in de goede claims.
    pub(crate) async fn met_claims(&self, wijziging: Value) -> Result<ProvenLogin, Diagnose> {
        self.meld_aan(&self.claims_met(wijziging)).await
    }

    /// Meldt aan met `max_age`.
    pub(crate) async fn vers(&self, max_age: u64, wijziging: Value) -> Result<ProvenLogin, Diagnose> {
        self.geeft(&self.sleutel.sign("JWT", &self.claims_met(wijziging)).unwrap());
        let verwacht = Verwacht { max_age: Some(max_age), ..Self::verwacht() };
        self.terug_met(&Self::params(), &verwacht).await
    }

    pub(crate) fn vertrek() -> Vertrek {
        Vertrek {
            redirect_uri: TERUG.into(),
            state: STATE.into(),
            nonce: NONCE.into(),
            code_challenge: "uitdaging".into(),
            max_age: None,
            prompt_login: false,
            login_hint: None,
            acr_eis: Vec::new(),
        }
    }
}

/// De code van een geweigerde aanmelding.
#[track_caller]
pub(crate) fn code(uitkomst: Result<ProvenLogin, Diagnose>) -> DiagnoseCode {
    match uitkomst {
        Ok(_) => panic!("deze aanmelding had geweigerd moeten worden"),
        Err(diagnose) => {
            assert!(!diagnose.uitleg.is_empty() && !diagnose.wat_nu.is_empty());
            // Wie haar moet oplossen, leest altijd wat er verwacht werd en wat er stond.
            let compleet = diagnose.verwacht.is_some() && diagnose.gezien.is_some();
            assert!(compleet || diagnose.eigenaar != Eigenaar::OrganisatieIdp, "{diagnose}");
            diagnose.code
        }
    }
}
