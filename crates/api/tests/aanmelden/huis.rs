//! Een dienst met twee organisaties, hun identiteitsproviders en twee portalen; en een browser die cookies onthoudt.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use actix_web::body::to_bytes;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::test::{self, TestRequest};
use actix_web::web::Data;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identiteitsproviders::{GeheimSoort, IdpGeheim, NieuweIdentiteitsprovider};
use domain::organisaties::{NieuweOrganisatie, Organisatie, OrganisatieSoort};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::toepassingen::{NieuweToepassing, Scope};
use domain::{Id, Moment, Rng};
use federation::{Egress, EgressRule, IdpHub};
use provider::{AccessTokenClaims, SigningKey, sign_access_token};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::identiteitsproviders::BewaardGeheim;
use store::testing::Postgres;
use store::{Actor, Change, Store, StoreConfig, StoreError, Tx};
use url::Url;

use crate::idp::Idp;

pub(crate) const BASIS: &str = "https://aansluitloket.example";
pub(crate) const TERUG: &str = "https://portaal.example/terug";
pub(crate) const TERUG_2: &str = "https://ander-portaal.example/terug";
pub(crate) const VERIFIER: &str = "een-verifier-die-lang-genoeg-is-voor-rfc-7636-0123456789";

/// Het huis.
pub(crate) struct Huis {
    /// De nodes; bij SQLite is het er één.
    pub(crate) nodes: Vec<Data<api::App>>,
    pub(crate) idp: Idp,
    pub(crate) ander_idp: Idp,
    pub(crate) idp_id: Id,
    pub(crate) organisatie: Organisatie,
    pub(crate) ander: Organisatie,
    pub(crate) persoon: Persoon,
    pub(crate) lfb: Id,
    pub(crate) idp_beheerder: Id,
    pub(crate) portaal: Id,
    pub(crate) portaal_2: Id,
    pub(crate) sleutel: SigningKey,
    klok: Arc<AtomicI64>,
    teller: AtomicU64,
    _grond: (tempfile::TempDir, Option<Postgres>),
}

fn rng(zaad: u64) -> Rng {
    let volgende = AtomicU64::new(zaad);
    Rng::new(move |buffer| {
        for stuk in buffer.chunks_mut(8) {
            let getal = volgende.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let lengte = stuk.len();
            stuk.copy_from_slice(&getal.to_le_bytes()[..lengte]);
        }
    })
}

fn node(store: Store, klok: &Arc<AtomicI64>, zaad: u64) -> Data<api::App> {
    let klok = Arc::clone(klok);
    let minuten = chrono::TimeDelta::minutes;
    let levensloop = provider::LifecycleSettings { lead: minuten(5), active_for: minuten(100_000), longest_token: minuten(5) };
    let egress = Egress::new(EgressRule { allow: vec!["127.0.0.1".to_owned()] }).unwrap();
    Data::new(
        api::App::new(api::Parts {
            store,
            clock: domain::Clock::new(move || Moment::from_timestamp(klok.load(Ordering::SeqCst), 0).unwrap()),
            rng: rng(zaad),
            settings: api::Settings::new(BASIS),
            issuers: api::toegang::Issuers::default(),
            keys: api::oidc::KeyManager::new(provider::MasterKey::new([3; 32]), levensloop),
            idps: IdpHub::new(egress, rng(zaad + 500_000)),
            cursor_secret: [1; 32],
        })
        .unwrap(),
    )
}

/// De opslagen waarop een regel bewezen wordt: SQLite met één node, PostgreSQL met twee.
pub(crate) async fn huizen() -> Vec<Huis> {
    let mut huizen = vec![Huis::op(None).await];
    if let Some(server) = Postgres::start() {
        huizen.push(Huis::op(Some(server)).await);
    }
    huizen
}

impl Huis {
    pub(crate) async fn nieuw() -> Self {
        Self::op(None).await
    }

    async fn op(server: Option<Postgres>) -> Self {
        let map = tempfile::tempdir().unwrap();
        let klok = Arc::new(AtomicI64::new(1_800_000_000));
        let url = server.as_ref().map(Postgres::database);
        let open = |zaad: u64| {
            let config =
                StoreConfig { database_url: url.clone(), data_dir: map.path().to_owned(), pool_size: 4, audit_key: [2; 32], rng: rng(zaad), max_pages: None };
            Store::open(config).unwrap()
        };
        let store = open(1_000_000);
        store.migrate().unwrap();
        let mut nodes = vec![node(store, &klok, 1)];
        if server.is_some() {
            nodes.push(node(open(3_000_000), &klok, 7_000_000));
        }
        let tijd = |klok: &Arc<AtomicI64>| {
            let klok = Arc::clone(klok);
            Arc::new(move || klok.load(Ordering::SeqCst)) as Arc<dyn Fn() -> i64 + Send + Sync>
        };
        let (idp, ander_idp) = (Idp::start(tijd(&klok)), Idp::start(tijd(&klok)));
        let z = Zaaier(nodes[0].clone());
        let nipv = z.organisatie("NIPV", OrganisatieSoort::Nipv, "nipv.example").await;
        let organisatie = z.organisatie("Waterschap Voorbeeldland", OrganisatieSoort::Crisispartner, "waterschap.example").await;
        let ander = z.organisatie("Netbeheer Elders", OrganisatieSoort::Crisispartner, "netbeheer.example").await;
        let sleutel = SigningKey::generate().unwrap();
        Self {
            idp_id: z.idp(organisatie.id, idp.adres()).await,
            persoon: {
                z.idp(ander.id, ander_idp.adres()).await;
                z.persoon(organisatie.id, "Pien", "pien@waterschap.example", &[Rol::Projectleider]).await
            },
            lfb: z.actief(nipv.id, "Noor", "noor@nipv.example", &[Rol::Lfb]).await.id,
            idp_beheerder: z.actief(organisatie.id, "Luuk", "luuk@waterschap.example", &[Rol::IdpBeheerder, Rol::Organisatiebeheerder]).await.id,
            portaal: z.portaal(nipv.id, "Portaal Voorbeeld", TERUG, &sleutel).await,
            portaal_2: z.portaal(nipv.id, "Ander portaal", TERUG_2, &sleutel).await,
            idp,
            ander_idp,
            organisatie,
            ander,
            sleutel,
            nodes,
            klok,
            teller: AtomicU64::new(0),
            _grond: (map, server),
        }
    }

    pub(crate) fn nu(&self) -> i64 {
        self.klok.load(Ordering::SeqCst)
    }

    /// Laat de tijd gaan.
    pub(crate) fn later(&self, seconden: i64) {
        self.klok.fetch_add(seconden, Ordering::SeqCst);
    }

    pub(crate) fn app(&self) -> &Data<api::App> {
        &self.nodes[0]
    }

    /// Een persoon erbij, uitgenodigd en nog nergens gekoppeld.
    pub(crate) async fn uitgenodigd(&self, organisatie: Id, naam: &str, email: &str) -> Persoon {
        Zaaier(self.app().clone()).persoon(organisatie, naam, email, &[]).await
    }

    /// De laatste post aan dit adres.
    pub(crate) async fn post(&self, aan: &str) -> Vec<String> {
        let zendingen = self.app().store.post_nemen(self.app().clock.now(), 50).await.unwrap();
        zendingen.into_iter().filter(|zending| zending.bericht.aan == aan).map(|zending| zending.bericht.tekst).collect()
    }

    /// De code uit de laatste post.
    pub(crate) async fn code(&self, aan: &str) -> String {
        let tekst = self.post(aan).await.pop().expect("post");
        let regel = tekst.lines().find(|regel| regel.starts_with("    ")).expect("code");
        regel.split_whitespace().collect()
    }

    /// De claims waarmee iemand zich gewoon aanmeldt.
    pub(crate) fn claims(&self, sub: &str, email: &str) -> Value {
        json!({ "sub": sub, "email": email, "name": "Iemand Voorbeeld", "amr": ["pwd", "otp"], "auth_time": self.nu() - 5 })
    }

    pub(crate) fn vraag(&self, extra: &[(&str, &str)]) -> String {
        self.vraag_van(self.portaal, TERUG, extra)
    }

    /// Het adres waar een portaal de browser heen stuurt.
    pub(crate) fn vraag_van(&self, portaal: Id, terug: &str, extra: &[(&str, &str)]) -> String {
        let mut url = Url::parse("http://hub/oidc/authorize").unwrap();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let client = portaal.to_string();
        let vast = [
            ("response_type", "code"),
            ("client_id", client.as_str()),
            ("redirect_uri", terug),
            ("scope", "openid profile email trajecten:lezen sessies:lezen sessies:schrijven"),
            ("state", "staat"),
            ("nonce", "nonce-van-het-portaal-0123456789"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let over = vast.iter().filter(|(naam, _)| !extra.iter().any(|(eigen, _)| eigen == naam));
        url.query_pairs_mut().extend_pairs(over.chain(extra));
        format!("/oidc/authorize?{}", url.query().unwrap())
    }

    /// Wisselt een code in.
    pub(crate) async fn tokens(&self, portaal: Id, terug: &str, code: &str) -> Value {
        let nu = self.nu();
        let client = portaal.to_string();
        let jti = format!("jti-{code}");
        let bewering = json!({ "iss": client, "sub": client, "aud": BASIS, "iat": nu, "exp": nu + 60, "jti": jti });
        let bewering = self.sleutel.sign("JWT", &bewering).unwrap();
        let velden = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", terug),
            ("code_verifier", VERIFIER),
            ("client_assertion_type", provider::ASSERTION_TYPE),
            ("client_assertion", &bewering),
        ];
        let gezien = Browser::default().post(self.app(), "/oidc/token", &velden).await;
        serde_json::from_str(&gezien.body).unwrap_or(Value::Null)
    }

    /// Vraagt de API iets, met een token voor deze persoon.
    pub(crate) async fn api(&self, wie: Id, methode: &str, pad: &str, body: Option<Value>) -> (u16, Value) {
        self.met_token(&self.token(wie, pad).await, methode, pad, body).await
    }

    async fn token(&self, wie: Id, pad: &str) -> String {
        let key = self.app().keys.signing(&self.app().store, &self.app().rng, self.app().clock.now()).await.unwrap();
        let scopes: Vec<&str> = Scope::ALLE.iter().map(|scope| scope.as_str()).collect();
        let nu = self.app().clock.now();
        let mut claims = AccessTokenClaims::new(BASIS, &format!("{BASIS}/v1"), &wie.to_string(), "proef", &scopes.join(" "), format!("{wie}-{pad}"), nu, 300);
        claims.acr = Some("https://refeds.org/profile/mfa".to_owned());
        claims.auth_time = Some(nu.timestamp());
        sign_access_token(&key, &claims).unwrap()
    }

    /// Wijzigt iets, met de versie die het nu heeft.
    pub(crate) async fn wijzig(&self, wie: Id, pad: &str, body: Value) -> (u16, Value) {
        let (_, nu) = self.api(wie, "GET", pad, None).await;
        let token = self.token(wie, pad).await;
        let verzoek = TestRequest::patch()
            .uri(pad)
            .insert_header((header::AUTHORIZATION, format!("Bearer {token}")))
            .insert_header((header::IF_MATCH, format!("\"{}\"", nu["versie"])))
            .insert_header((header::CONTENT_TYPE, "application/merge-patch+json"))
            .set_payload(body.to_string());
        let gezien = roep(self.app(), verzoek).await;
        (gezien.status, serde_json::from_str(&gezien.body).unwrap_or(Value::Null))
    }

    pub(crate) async fn met_token(&self, token: &str, methode: &str, pad: &str, body: Option<Value>) -> (u16, Value) {
        let mut verzoek = TestRequest::default().method(methode.parse().unwrap()).uri(pad).insert_header((header::AUTHORIZATION, format!("Bearer {token}")));
        if methode == "POST" {
            let teller = self.teller.fetch_add(1, Ordering::Relaxed);
            verzoek = verzoek.insert_header(("idempotency-key", format!("proef-{teller}")));
        }
        if let Some(body) = body {
            verzoek = verzoek.set_json(body);
        }
        let gezien = roep(self.app(), verzoek).await;
        (gezien.status, serde_json::from_str(&gezien.body).unwrap_or(Value::Null))
    }

    /// Meldt zich aan tot en met de code, bij de eerste keer met de eenmalige code.
    pub(crate) async fn aangemeld(&self, browser: &mut Browser, sub: &str, email: &str) -> Gezien {
        let terug = self.bij_idp(browser, &self.vraag(&[("organisatie", &self.organisatie.id.to_string())]), self.claims(sub, email)).await;
        if terug.locatie().starts_with("/oidc/aanmelden/code") {
            let blad = browser.get(self.app(), &terug.locatie()).await;
            let code = self.code(email).await;
            return browser.post(self.app(), "/oidc/aanmelden/code", &[("poging", &blad.veld("poging")), ("csrf", &blad.veld("csrf")), ("code", &code)]).await;
        }
        terug
    }

    /// Van het portaal naar de identiteitsprovider en terug met deze claims.
    pub(crate) async fn bij_idp(&self, browser: &mut Browser, vraag: &str, claims: Value) -> Gezien {
        let heen = browser.get(self.app(), vraag).await;
        let terug = self.antwoord(&heen.locatie(), claims);
        browser.get(self.app(), &terug).await
    }

    /// Het antwoord van de identiteitsprovider op een vertrek.
    pub(crate) fn antwoord(&self, vertrek: &str, claims: Value) -> String {
        let url = Url::parse(vertrek).unwrap_or_else(|_| panic!("geen vertrek: {vertrek}"));
        let veld = |naam: &str| url.query_pairs().find(|(eigen, _)| eigen == naam).map(|(_, waarde)| waarde.into_owned()).unwrap();
        let code = self.idp.code(&veld("nonce"), claims);
        let mut terug = Url::parse(&veld("redirect_uri")).unwrap();
        terug.query_pairs_mut().append_pair("code", &code).append_pair("state", &veld("state"));
        format!("{}?{}", terug.path(), terug.query().unwrap())
    }
}

/// Een browser: hij onthoudt cookies, en volgt niets vanzelf.
#[derive(Clone, Debug, Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

/// Een antwoord, uitgelezen.
#[derive(Debug)]
pub(crate) struct Gezien {
    pub(crate) status: u16,
    pub(crate) koppen: header::HeaderMap,
    pub(crate) body: String,
}

impl Gezien {
    pub(crate) fn kop(&self, naam: &str) -> String {
        self.koppen.get(naam).and_then(|waarde| waarde.to_str().ok()).unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub(crate) fn locatie(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.body);
        self.kop("location")
    }

    /// Een parameter van het antwoord aan het portaal.
    #[track_caller]
    pub(crate) fn param(&self, naam: &str) -> Option<String> {
        let url = Url::parse(&self.locatie()).expect("adres van een portaal");
        url.query_pairs().find(|(eigen, _)| eigen == naam).map(|(_, waarde)| waarde.into_owned())
    }

    /// De waarde van een verborgen veld.
    #[track_caller]
    pub(crate) fn veld(&self, naam: &str) -> String {
        let begin = format!("name=\"{naam}\" value=\"");
        let van = self.body.find(&begin).unwrap_or_else(|| panic!("geen veld {naam}: {}", self.body)) + begin.len();
        self.body[van..].split('"').next().unwrap().to_owned()
    }

    /// De foutbladzijde met deze code.
    #[track_caller]
    pub(crate) fn weigert(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert!(self.body.contains(&format!("id=\"foutcode\">{code}<")), "{code}: {}", self.body);
        assert!(self.kop("content-type").starts_with("text/html"));
    }
}

async fn roep(app: &Data<api::App>, verzoek: TestRequest) -> Gezien {
    let keten = test::init_service(actix_web::App::new().app_data(app.clone()).wrap(from_fn(api::pipeline)).configure(api::configure(app.clone()))).await;
    let antwoord = match test::try_call_service(&keten, verzoek.to_request()).await {
        Ok(antwoord) => antwoord.into_parts().1.map_into_boxed_body(),
        Err(fout) => fout.error_response(),
    };
    let (status, koppen) = (antwoord.status().as_u16(), antwoord.headers().clone());
    let bytes = to_bytes(antwoord.into_body()).await.unwrap_or_default();
    Gezien { status, koppen, body: String::from_utf8_lossy(&bytes).into_owned() }
}

impl Browser {
    pub(crate) async fn get(&mut self, app: &Data<api::App>, pad: &str) -> Gezien {
        let verzoek = TestRequest::get().uri(pad);
        self.stuur(app, verzoek).await
    }

    pub(crate) async fn post(&mut self, app: &Data<api::App>, pad: &str, velden: &[(&str, &str)]) -> Gezien {
        let verzoek = TestRequest::post().uri(pad).set_form(velden);
        self.stuur(app, verzoek).await
    }

    async fn stuur(&mut self, app: &Data<api::App>, mut verzoek: TestRequest) -> Gezien {
        if !self.cookies.is_empty() {
            let koekjes: Vec<String> = self.cookies.iter().map(|(naam, waarde)| format!("{naam}={waarde}")).collect();
            verzoek = verzoek.insert_header((header::COOKIE, koekjes.join("; ")));
        }
        let gezien = roep(app, verzoek).await;
        for kop in gezien.koppen.get_all(header::SET_COOKIE) {
            let (naam, rest) = kop.to_str().unwrap().split_once('=').unwrap();
            let waarde = rest.split(';').next().unwrap();
            if waarde.is_empty() {
                self.cookies.remove(naam);
            } else {
                self.cookies.insert(naam.to_owned(), waarde.to_owned());
            }
        }
        gezien
    }
}

struct Zaaier(Data<api::App>);

impl Zaaier {
    fn id(&self) -> Id {
        domain::nieuw_id(self.0.clock.now(), &self.0.rng)
    }

    async fn zaai(&self, act: impl Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static) {
        let gezaaid = Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "zaad".to_owned(), ..Change::default() };
        let uitkomst: Result<(), StoreError> = self
            .0
            .store
            .write(Actor::default(), self.0.clock.now(), None, move |tx| {
                act(tx)?;
                tx.record(gezaaid.clone())
            })
            .await;
        uitkomst.unwrap();
    }

    async fn organisatie(&self, naam: &str, soort: OrganisatieSoort, domein: &str) -> Organisatie {
        let nieuw = NieuweOrganisatie {
            naam: naam.to_owned(),
            afkorting: None,
            oin: None,
            sector_code: None,
            emaildomeinen: vec![domein.to_owned()],
            onderdeel_van: None,
        };
        let mut organisatie = nieuw.maak(self.id(), self.0.clock.now()).unwrap();
        organisatie.soort = soort;
        let rij = organisatie.clone();
        self.zaai(move |tx| store::organisaties::insert(tx, &rij)).await;
        organisatie
    }

    async fn persoon(&self, organisatie_id: Id, naam: &str, email: &str, rollen: &[Rol]) -> Persoon {
        let nieuw = NieuwePersoon {
            organisatie_id,
            naam: format!("{naam} Voorbeeld"),
            email: email.to_owned(),
            telefoon: None,
            functie: None,
            rollen: rollen.to_vec(),
        };
        let persoon = nieuw.maak(self.id(), self.0.clock.now()).unwrap();
        let rij = persoon.clone();
        self.zaai(move |tx| store::personen::insert(tx, &rij)).await;
        persoon
    }

    async fn actief(&self, organisatie_id: Id, naam: &str, email: &str, rollen: &[Rol]) -> Persoon {
        let oud = self.persoon(organisatie_id, naam, email, rollen).await;
        let nieuw = oud.activeren(self.0.clock.now());
        let rij = nieuw.clone();
        self.zaai(move |tx| store::personen::update(tx, &rij, oud.versie)).await;
        nieuw
    }

    async fn idp(&self, organisatie_id: Id, adres: &str) -> Id {
        self.idp_met_naam(organisatie_id, adres, "Aanmelddienst").await
    }

    async fn idp_met_naam(&self, organisatie_id: Id, adres: &str, naam: &str) -> Id {
        self.idp_met_mfa(organisatie_id, (adres, naam), json!({ "preset": "amr" }), true).await
    }

    async fn idp_met_mfa(&self, organisatie_id: Id, (adres, naam): (&str, &str), mfa: Value, met_geheim: bool) -> Id {
        let nu = self.0.clock.now();
        let instellingen = json!({ "issuer": adres, "clientId": "aansluitloket", "clientauthenticatie": "client-secret-basic", "mfa": mfa });
        let nieuw = NieuweIdentiteitsprovider { organisatie_id, naam: naam.to_owned(), instellingen: serde_json::from_value(instellingen).unwrap() };
        let (concept, versie) = nieuw.maak(self.id(), nu, &|_| true).unwrap();
        let (getest, versie) = concept.na_test(&versie, true, nu);
        let (actief, versie) = getest.activeren(&versie, nu).unwrap();
        let id = self.id();
        let geheim = IdpGeheim {
            id,
            identiteitsprovider_id: actief.id,
            soort: GeheimSoort::ClientSecret,
            publiek: None,
            vervalt_op: None,
            laatst_gebruikt_op: None,
            aangemaakt_op: nu,
        };
        let verzegeld = self.0.keys.seal(&api::identiteitsproviders::plaats(id), b"geheim", &self.0.rng).unwrap();
        let bewaard = BewaardGeheim { geheim, verzegeld, gewaarschuwd: None };
        let idp_id = actief.id;
        self.zaai(move |tx| {
            store::identiteitsproviders::insert(tx, &actief)?;
            store::identiteitsproviders::insert_versie(tx, &versie)?;
            if met_geheim { store::identiteitsproviders::insert_geheim(tx, &bewaard) } else { Ok(()) }
        })
        .await;
        idp_id
    }

    async fn portaal(&self, organisatie_id: Id, naam: &str, terug: &str, sleutel: &SigningKey) -> Id {
        let nieuw = NieuweToepassing {
            scopes: Scope::ALLE.to_vec(),
            jwks: Some(json!({ "keys": [sleutel.public_jwk()] })),
            post_logout_redirect_uris: vec![terug.replace("/terug", "/afgemeld")],
            ..NieuweToepassing::portaal(naam, organisatie_id, terug)
        };
        let toepassing = nieuw.maak(self.id(), self.0.clock.now()).unwrap();
        let id = toepassing.id;
        self.zaai(move |tx| store::toepassingen::insert(tx, &toepassing)).await;
        id
    }
}

impl Huis {
    /// Een organisatie die dezelfde identiteitsprovider gebruikt, met een eigen MFA-regel; zonder geheim kan zij ons niet bekendmaken.
    pub(crate) async fn met_mfa(&self, mfa: Value, met_geheim: bool) -> Id {
        let z = Zaaier(self.app().clone());
        let organisatie = z.organisatie("Energienet Voorbeeld", OrganisatieSoort::Crisispartner, "energienet.example").await;
        z.idp_met_mfa(organisatie.id, (self.idp.adres(), "Aanmelddienst"), mfa, met_geheim).await;
        organisatie.id
    }

    /// Zet iets in de opslag, buiten de API om.
    pub(crate) async fn zaai(&self, act: impl Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static) {
        Zaaier(self.app().clone()).zaai(act).await;
    }

    /// Een organisatie met een identiteitsprovider op dit adres.
    pub(crate) async fn met_dode_idp(&self, adres: &str) -> Id {
        let z = Zaaier(self.app().clone());
        let organisatie = z.organisatie("Energienet Voorbeeld", OrganisatieSoort::Crisispartner, "energienet.example").await;
        z.idp(organisatie.id, adres).await;
        organisatie.id
    }

    /// Een tweede identiteitsprovider van de organisatie, die ook dient.
    pub(crate) async fn tweede_idp(&self) -> Id {
        Zaaier(self.app().clone()).idp_met_naam(self.organisatie.id, self.ander_idp.adres(), "Vrijwilligers").await
    }

    /// Organisaties erbij, ieder met een identiteitsprovider.
    pub(crate) async fn meer_organisaties(&self, aantal: usize) {
        let z = Zaaier(self.app().clone());
        for nummer in 1..=aantal {
            let organisatie =
                z.organisatie(&format!("Gemeente Voorbeeld {nummer:02}"), OrganisatieSoort::Crisispartner, &format!("gemeente{nummer}.example")).await;
            z.idp(organisatie.id, self.ander_idp.adres()).await;
        }
    }

    /// Haalt de tabel van toepassingen weg, zoals een beschadigde of verkeerde database eruitziet.
    pub(crate) fn breek_opslag(&self) {
        self.app().store.migrate_down().unwrap();
    }
}
