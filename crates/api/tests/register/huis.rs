//! Een dienst met vier organisaties en wie daar werkt. Wie belt, is een waarde: `huis.lfb`, `huis.projectleider`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use actix_web::body::to_bytes;
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::from_fn;
use actix_web::test::{self, TestRequest};
use actix_web::{App, web};
use domain::organisaties::{Aansluitstatus, CertificeringSoort, NieuweCertificering, NieuweOrganisatie, Organisatie, OrganisatieSoort};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::toepassingen::{NieuweToepassing, Scope, Toepassing};
use domain::{Id, Moment};
use provider::{AccessTokenClaims, SigningKey, sign_access_token};
use serde_json::{Value, json};
use store::{Actor, Change, StoreError, Tx};

pub(crate) const BASIS: &str = "https://aansluitloket.example";

/// Iemand die kan bellen.
#[derive(Clone, Debug)]
pub(crate) struct Beller {
    pub(crate) id: Id,
    pub(crate) organisatie: Id,
    pub(crate) token: String,
}

/// Het huis.
pub(crate) struct Huis {
    pub(crate) app: web::Data<api::App>,
    key: SigningKey,
    klok: Arc<AtomicI64>,
    pub(crate) lfb: Beller,
    pub(crate) adviseur: Beller,
    /// Van de crisispartner Waterschap Voorbeeldland.
    pub(crate) projectleider: Beller,
    pub(crate) organisatiebeheerder: Beller,
    /// Van een andere crisispartner, zonder iets gemeen.
    pub(crate) buitenstaander: Beller,
    /// Van de gecertificeerde implementatiepartner.
    pub(crate) implementatieadviseur: Beller,
    _dir: tempfile::TempDir,
}

/// Een antwoord, uitgelezen.
#[derive(Debug)]
pub(crate) struct Gezien {
    pub(crate) status: u16,
    pub(crate) koppen: HeaderMap,
    pub(crate) body: Value,
}

impl Gezien {
    pub(crate) fn etag(&self) -> String {
        self.koppen.get(header::ETAG).and_then(|waarde| waarde.to_str().ok()).unwrap_or_default().to_owned()
    }

    pub(crate) fn id(&self) -> String {
        assert_eq!(self.status, 201, "{}", self.body);
        self.body["id"].as_str().expect("id").to_owned()
    }

    pub(crate) fn kop(&self, naam: &str) -> &str {
        self.koppen.get(naam).and_then(|waarde| waarde.to_str().ok()).unwrap_or_default()
    }

    /// Status en code samen: zo leest een weigering.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.body["code"].as_str().unwrap_or_default()), (status, code), "{}", self.body);
    }

    /// Een 400 met deze fout op deze plaats.
    #[track_caller]
    pub(crate) fn wijst_aan(&self, location: &str, code: &str) {
        assert_eq!(self.status, 400, "{}", self.body);
        let fouten = self.body["errors"].as_array().expect("errors");
        assert!(fouten.iter().any(|fout| fout["location"] == location && fout["code"] == code), "{location} {code}: {}", self.body);
    }

    pub(crate) fn items(&self) -> &[Value] {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body["items"].as_array().expect("items")
    }
}

pub(crate) fn nu() -> Moment {
    chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("moment")
}

fn rng() -> domain::Rng {
    let volgende = AtomicU64::new(1);
    domain::Rng::new(move |buffer| {
        for stuk in buffer.chunks_mut(8) {
            let getal = volgende.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let lengte = stuk.len();
            stuk.copy_from_slice(&getal.to_le_bytes()[..lengte]);
        }
    })
}

/// Proeven hebben hun eigen IdP op localhost.
fn egress() -> federation::Egress {
    federation::Egress::new(federation::EgressRule { allow: vec!["127.0.0.1".to_owned()] }).expect("uitgaand verkeer")
}

fn dienst(dir: &std::path::Path, klok: Arc<AtomicI64>) -> api::App {
    let config = store::StoreConfig { database_url: None, data_dir: dir.to_owned(), pool_size: 2, audit_key: [2; 32], rng: rng(), max_pages: None };
    let store = store::Store::open(config).expect("opslag");
    store.migrate().expect("migraties");
    let minuten = chrono::TimeDelta::minutes;
    let levensloop = provider::LifecycleSettings { lead: minuten(5), active_for: minuten(1440), longest_token: minuten(5) };
    api::App::new(api::Parts {
        store,
        clock: domain::Clock::new(move || nu() + chrono::TimeDelta::days(klok.load(Ordering::Relaxed))),
        rng: rng(),
        settings: api::Settings::new(BASIS),
        issuers: api::toegang::Issuers::default(),
        keys: api::oidc::KeyManager::new(provider::MasterKey::new([3; 32]), levensloop),
        idps: federation::IdpHub::new(egress(), rng()),
        cursor_secret: [1; 32],
    })
    .expect("de dienst start")
}

impl Huis {
    pub(crate) async fn nieuw() -> Self {
        let dir = tempfile::tempdir().expect("map");
        let klok = Arc::new(AtomicI64::new(0));
        let app = web::Data::new(dienst(dir.path(), Arc::clone(&klok)));
        let key = app.keys.signing(&app.store, &app.rng, nu()).await.expect("sleutel");
        let zaaier = Zaaier { app: &app, key: &key };
        let nipv = zaaier.organisatie("NIPV", OrganisatieSoort::Nipv).await;
        let water = zaaier.organisatie("Waterschap Voorbeeldland", OrganisatieSoort::Crisispartner).await;
        let ander = zaaier.organisatie("Netbeheer Elders", OrganisatieSoort::Crisispartner).await;
        let partner = zaaier.organisatie("Netwerkhuis Voorbeeld", OrganisatieSoort::Crisispartner).await;
        zaaier.certificering(partner.id).await;
        Self {
            lfb: zaaier.persoon(nipv.id, "Noor", &[Rol::Lfb]).await,
            adviseur: zaaier.persoon(nipv.id, "Ada", &[Rol::Adviseur]).await,
            projectleider: zaaier.persoon(water.id, "Pien", &[Rol::Projectleider]).await,
            organisatiebeheerder: zaaier.persoon(water.id, "Otto", &[Rol::Organisatiebeheerder]).await,
            buitenstaander: zaaier.persoon(ander.id, "Bo", &[Rol::Projectleider]).await,
            implementatieadviseur: zaaier.persoon(partner.id, "Imke", &[Rol::Implementatieadviseur]).await,
            app: app.clone(),
            key,
            klok,
            _dir: dir,
        }
    }

    /// Laat het zoveel dagen na [`nu`] zijn. Tokens zijn dan verlopen; wat de dienst uit zichzelf doet niet.
    pub(crate) fn dagen_later(&self, dagen: i64) {
        self.klok.store(dagen, Ordering::Relaxed);
    }

    /// Een extra persoon zonder rollen bij de organisatie van `bij`.
    pub(crate) async fn persoon(&self, bij: &Beller, naam: &str) -> Beller {
        Zaaier { app: &self.app, key: &self.key }.persoon(bij.organisatie, naam, &[]).await
    }

    /// Een extra persoon met rollen bij de organisatie van `bij`.
    pub(crate) async fn persoon_met(&self, bij: &Beller, naam: &str, rollen: &[Rol]) -> Beller {
        Zaaier { app: &self.app, key: &self.key }.persoon(bij.organisatie, naam, rollen).await
    }

    /// Dezelfde persoon, zo lang geleden aangemeld.
    pub(crate) fn eerder_aangemeld(&self, wie: &Beller, seconden: i64) -> Beller {
        let token = Zaaier { app: &self.app, key: &self.key }.token_van(wie.id, "portaal", nu() - chrono::TimeDelta::seconds(seconden));
        Beller { token, ..wie.clone() }
    }

    /// Stuurt een bestand.
    pub(crate) async fn stuur(&self, wie: &Beller, pad: &str, soort: &str, bytes: impl Into<actix_web::web::Bytes>) -> Gezien {
        let verzoek = TestRequest::post().uri(&format!("/v1{pad}")).insert_header((header::CONTENT_TYPE, soort)).set_payload(bytes.into());
        self.verzoek(wie, verzoek).await.0
    }

    /// Stuurt een bestand met `If-Match`.
    pub(crate) async fn stuur_op(&self, wie: &Beller, pad: &str, (soort, etag): (&str, &str), bytes: impl Into<actix_web::web::Bytes>) -> Gezien {
        let verzoek = TestRequest::post().uri(&format!("/v1{pad}")).insert_header((header::CONTENT_TYPE, soort)).insert_header((header::IF_MATCH, etag));
        self.verzoek(wie, verzoek.set_payload(bytes.into())).await.0
    }

    /// Haalt een bestand op.
    pub(crate) async fn bestand(&self, wie: &Beller, pad: &str, accept: &str) -> (Gezien, Vec<u8>) {
        self.verzoek(wie, TestRequest::get().uri(&format!("/v1{pad}")).insert_header((header::ACCEPT, accept))).await
    }

    /// Een crisispartner erbij, met iemand die daar zonder rol werkt.
    pub(crate) async fn crisispartner(&self, naam: &str, aansluitstatus: Aansluitstatus) -> Beller {
        let zaaier = Zaaier { app: &self.app, key: &self.key };
        let organisatie = zaaier.organisatie_met(naam, OrganisatieSoort::Crisispartner, aansluitstatus).await;
        zaaier.persoon(organisatie.id, "Niemand", &[]).await
    }

    /// Dezelfde aanroeper met een token dat alleen deze scopes heeft, en al of niet een tweede factor bewijst.
    pub(crate) fn met_token(&self, wie: &Beller, client: &str, scopes: &[Scope], mfa: bool) -> Beller {
        let token = Zaaier { app: &self.app, key: &self.key }.token_met(wie.id, client, nu(), scopes, mfa);
        Beller { token, ..wie.clone() }
    }

    /// Zet iets in de opslag waar geen operatie voor is.
    pub(crate) async fn zaai(&self, act: impl Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static) {
        Zaaier { app: &self.app, key: &self.key }.zaai(act).await;
    }

    /// De hele dienst, één keer opgezet: voor wie vaak belt kost dat meer dan het verzoek.
    pub(crate) async fn dienst(&self) -> impl AsyncFn(TestRequest) -> Gezien + use<> {
        let keten = test::init_service(App::new().app_data(self.app.clone()).wrap(from_fn(api::pipeline)).configure(api::configure(self.app.clone()))).await;
        async move |verzoek: TestRequest| {
            let antwoord = match test::try_call_service(&keten, verzoek.to_request()).await {
                Ok(antwoord) => antwoord.into_parts().1.map_into_boxed_body(),
                Err(fout) => fout.error_response(),
            };
            let (status, koppen) = (antwoord.status().as_u16(), antwoord.headers().clone());
            let bytes = to_bytes(antwoord.into_body()).await.unwrap_or_default();
            Gezien { status, koppen, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
        }
    }

    async fn verzoek(&self, wie: &Beller, verzoek: TestRequest) -> (Gezien, Vec<u8>) {
        let verzoek = verzoek.insert_header((header::AUTHORIZATION, format!("Bearer {}", wie.token)));
        let keten = test::init_service(App::new().app_data(self.app.clone()).wrap(from_fn(api::pipeline)).configure(api::configure(self.app.clone()))).await;
        let antwoord = match test::try_call_service(&keten, verzoek.to_request()).await {
            Ok(antwoord) => antwoord.into_parts().1.map_into_boxed_body(),
            Err(fout) => fout.error_response(),
        };
        let (status, koppen) = (antwoord.status().as_u16(), antwoord.headers().clone());
        let bytes = to_bytes(antwoord.into_body()).await.unwrap_or_default();
        (Gezien { status, koppen, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }, bytes.to_vec())
    }

    /// Een toepassing van de organisatie van `bij`, met alle scopes.
    pub(crate) async fn toepassing(&self, bij: &Beller) -> Beller {
        Zaaier { app: &self.app, key: &self.key }.toepassing(bij.organisatie).await
    }

    /// Een traject van het waterschap met de implementatiepartner erbij.
    pub(crate) async fn traject(&self) -> String {
        let plan = self.post(&self.lfb, "/stappenplannen", json!({ "code": "2026", "titel": "Stappenplan 2026", "inhoud": inhoud() })).await;
        let plan_id = plan.id();
        let gepubliceerd = self.met(&self.lfb, "POST", &format!("/stappenplannen/{plan_id}/publicaties"), &plan.etag(), None).await;
        assert_eq!(gepubliceerd.status, 201, "{}", gepubliceerd.body);
        let traject = self.post(&self.lfb, "/trajecten", json!({ "organisatieId": self.projectleider.organisatie })).await;
        let id = traject.id();
        let partij = json!({ "organisatieId": self.implementatieadviseur.organisatie, "rol": "implementatiepartner" });
        let erbij = self.met(&self.projectleider, "POST", &format!("/trajecten/{id}/partijen"), &traject.etag(), Some(partij)).await;
        assert_eq!(erbij.status, 201, "{}", erbij.body);
        id
    }

    /// Een publieke sleutel die te registreren is.
    pub(crate) fn publiek(&self) -> Value {
        self.key.public_jwk().clone()
    }

    pub(crate) async fn get(&self, wie: &Beller, pad: &str) -> Gezien {
        self.vraag(wie, "GET", pad, None, None).await
    }

    pub(crate) async fn post(&self, wie: &Beller, pad: &str, body: Value) -> Gezien {
        self.vraag(wie, "POST", pad, None, Some(body)).await
    }

    /// Met `If-Match`.
    pub(crate) async fn met(&self, wie: &Beller, methode: &str, pad: &str, etag: &str, body: Option<Value>) -> Gezien {
        self.vraag(wie, methode, pad, Some(etag), body).await
    }

    /// Het lichaam in een andere vorm dan JSON, met het mediatype dat de dienst zegt.
    pub(crate) async fn haal(&self, wie: &Beller, pad: &str, accept: &str) -> (String, Vec<u8>) {
        let verzoek = TestRequest::get()
            .uri(&format!("/v1{pad}"))
            .insert_header((header::AUTHORIZATION, format!("Bearer {}", wie.token)))
            .insert_header((header::ACCEPT, accept));
        let keten = test::init_service(App::new().app_data(self.app.clone()).wrap(from_fn(api::pipeline)).configure(api::configure(self.app.clone()))).await;
        let antwoord = match test::try_call_service(&keten, verzoek.to_request()).await {
            Ok(antwoord) => antwoord.into_parts().1.map_into_boxed_body(),
            Err(fout) => fout.error_response(),
        };
        let soort = antwoord.headers().get(header::CONTENT_TYPE).and_then(|waarde| waarde.to_str().ok()).unwrap_or_default().to_owned();
        (soort, to_bytes(antwoord.into_body()).await.unwrap_or_default().to_vec())
    }

    pub(crate) async fn vraag(&self, wie: &Beller, methode: &str, pad: &str, etag: Option<&str>, body: Option<Value>) -> Gezien {
        let mut verzoek = TestRequest::default()
            .method(methode.parse().expect("methode"))
            .uri(&format!("/v1{pad}"))
            .insert_header((header::AUTHORIZATION, format!("Bearer {}", wie.token)));
        if let Some(etag) = etag {
            verzoek = verzoek.insert_header((header::IF_MATCH, etag));
        }
        if let Some(body) = body {
            verzoek = verzoek.set_json(body);
            if methode == "PATCH" {
                verzoek = verzoek.insert_header((header::CONTENT_TYPE, "application/merge-patch+json"));
            }
        }
        self.dienst().await(verzoek).await
    }
}

/// Het kleinste stappenplan dat klopt.
pub(crate) fn inhoud() -> Value {
    let fase = |nummer: i16| {
        let stap = |nummer: i16| json!({ "nummer": nummer, "naam": format!("Stap {nummer}"), "doel": "Doel" });
        json!({ "nummer": nummer, "naam": format!("Fase {nummer}"), "kort": "Kort", "stappen": [stap(nummer * 2 - 1), stap(nummer * 2)] })
    };
    json!({
        "fasen": [fase(1), fase(2), fase(3)],
        "processchema": [{ "code": "opzet", "groep": "Opzet", "items": [{ "code": "opzet-1", "titel": "Plenaire start" }] }],
        "techniekacties": [
            { "nummer": 1, "titel": "Offerte", "actiehouders": [{ "partij": "NIPV", "rol": "productmanager LCMS" }] },
            { "nummer": 5, "titel": "Bepalen organisatiebeheerders", "actiehouders": [{ "partij": "Crisispartner" }] },
            { "nummer": 6, "titel": "Registratieformulier", "actiehouders": [{ "partij": "Crisispartner" }, { "partij": "NIPV", "rol": "LFB" }] },
        ],
    })
}

struct Zaaier<'a> {
    app: &'a web::Data<api::App>,
    key: &'a SigningKey,
}

impl Zaaier<'_> {
    fn id(&self) -> Id {
        domain::nieuw_id(nu(), &self.app.rng)
    }

    async fn zaai(&self, act: impl Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static) {
        let gezaaid = Change { handeling: "proef.gezaaid", onderwerp_soort: "proef", onderwerp_id: "zaad".to_owned(), ..Change::default() };
        let uitkomst: Result<(), StoreError> = self
            .app
            .store
            .write(Actor::default(), nu(), None, move |tx| {
                act(tx)?;
                tx.record(gezaaid.clone())
            })
            .await;
        uitkomst.expect("gezaaid");
    }

    async fn organisatie(&self, naam: &str, soort: OrganisatieSoort) -> Organisatie {
        self.organisatie_met(naam, soort, Aansluitstatus::Geen).await
    }

    async fn organisatie_met(&self, naam: &str, soort: OrganisatieSoort, aansluitstatus: Aansluitstatus) -> Organisatie {
        let nieuw = NieuweOrganisatie { naam: naam.to_owned(), afkorting: None, oin: None, sector_code: None, emaildomeinen: vec![], onderdeel_van: None };
        let mut organisatie = nieuw.maak(self.id(), nu()).expect("organisatie");
        organisatie.soort = soort;
        organisatie.aansluitstatus = aansluitstatus;
        let rij = organisatie.clone();
        self.zaai(move |tx| store::organisaties::insert(tx, &rij)).await;
        organisatie
    }

    async fn certificering(&self, organisatie: Id) {
        let vandaag = nu().date_naive();
        let nieuw = NieuweCertificering { soort: CertificeringSoort::Implementatiepartner, geldig_van_datum: vandaag, geldig_tot_datum: vandaag };
        let rij = nieuw.maak(self.id(), organisatie, nu()).expect("certificering");
        self.zaai(move |tx| store::organisaties::insert_certificering(tx, &rij)).await;
    }

    async fn persoon(&self, organisatie: Id, naam: &str, rollen: &[Rol]) -> Beller {
        let email = format!("{}@voorbeeld.example", naam.to_lowercase());
        let nieuw =
            NieuwePersoon { organisatie_id: organisatie, naam: format!("{naam} Voorbeeld"), email, telefoon: None, functie: None, rollen: rollen.to_vec() };
        let persoon: Persoon = nieuw.maak(self.id(), nu()).expect("persoon").activeren(nu());
        let rij = persoon.clone();
        self.zaai(move |tx| store::personen::insert(tx, &rij)).await;
        Beller { id: persoon.id, organisatie, token: self.token(persoon.id, "portaal") }
    }

    async fn toepassing(&self, organisatie: Id) -> Beller {
        let jwks = json!({ "keys": [self.key.public_jwk()] });
        let nieuw = NieuweToepassing::machine("Script", organisatie, Scope::ALLE.to_vec(), jwks);
        let toepassing: Toepassing = nieuw.maak(self.id(), nu()).expect("toepassing");
        let rij = toepassing.clone();
        self.zaai(move |tx| store::toepassingen::insert(tx, &rij)).await;
        Beller { id: toepassing.id, organisatie, token: self.token(toepassing.id, &toepassing.id.to_string()) }
    }

    fn token(&self, sub: Id, client: &str) -> String {
        self.token_van(sub, client, nu())
    }

    fn token_van(&self, sub: Id, client: &str, aangemeld: Moment) -> String {
        self.token_met(sub, client, aangemeld, Scope::ALLE, true)
    }

    fn token_met(&self, sub: Id, client: &str, aangemeld: Moment, scopes: &[Scope], mfa: bool) -> String {
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let audience = format!("{BASIS}/v1");
        let mut claims = AccessTokenClaims::new(BASIS, &audience, &sub.to_string(), client, &scopes.join(" "), sub.to_string(), nu(), 300);
        claims.acr = mfa.then(|| "https://refeds.org/profile/mfa".to_owned());
        claims.amr = Some(if mfa { vec!["pwd".to_owned(), "otp".to_owned()] } else { vec!["pwd".to_owned()] });
        claims.auth_time = Some(aangemeld.timestamp());
        sign_access_token(self.key, &claims).expect("token")
    }
}
