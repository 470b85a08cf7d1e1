//! De toestand van de dienst: alles wat een handler nodig heeft, als argument en nooit als global.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::http::header::HeaderName;
use chrono::NaiveDate;
use domain::trajecten::Traject;
use domain::{Clock, Moment, Rng};
use federation::{Egress, EgressRule};
use serde_json::Value;
use store::{Store, Tx};

use crate::beleid::{Beleid, Gate};
use crate::contract::Contract;
use crate::gelezen::Gelezen;
use crate::identiteitsproviders::Aanmeldpunt;
use crate::invoer::{CursorKey, IdempotencyKey};
use crate::middleware::{RateLimits, RateSettings};
use crate::oidc::{ClientKeys, Clients, KeyManager};
use crate::problem::{self, Problem};
use crate::routes::Routes;
use crate::toegang::{Beller, Cache, Issuers};
use crate::{Answer, Caller};

/// Hoe lang een gecontroleerd token met zijn persoon bewaard blijft; een blokkering werkt dus binnen deze tijd.
const CALLER_SECONDS: i64 = 5;
const CALLER_CAPACITY: usize = 20_000;
/// Zoveel DPoP-bewijzen onthoudt een node; een bewijs telt hoogstens een paar minuten.
const PROOF_CAPACITY: usize = 200_000;
/// Hoe lang een antwoord bij een `Idempotency-Key` bewaard blijft.
const IDEMPOTENCY_HOURS: i64 = 24;

/// Instellingen van de HTTP-kant.
#[derive(Clone)]
pub struct Settings {
    /// Publieke basis-URL zonder pad en zonder schuine streep; ook de uitgever van onze tokens.
    pub base_url: String,
    /// De waarde die `aud` moet hebben.
    pub audience: String,
    /// Grootste lichaam in bytes.
    pub max_body_bytes: usize,
    /// Grootste omvang van alle koppen samen.
    pub max_header_bytes: usize,
    /// Hoe vaak iemand mag bellen.
    pub rate: RateSettings,
    /// Toegestaan klokverschil in eigen tokens, in seconden.
    pub leeway_seconds: i64,
    /// Levensduur van tokens die wij uitgeven, in seconden.
    pub token_lifetime_seconds: i64,
    /// Hoeveel organisatiebeheerders een registratie ten minste noemt.
    pub minimum_beheerders: usize,
    /// Contact in security.txt.
    pub security_contact: String,
    /// Tot wanneer security.txt geldt.
    pub security_expires: NaiveDate,
    /// Wie het adres van de aanroeper mag doorgeven; zonder dit telt het adres van de verbinding.
    pub proxy: Option<Proxy>,
    /// De kop waarin zo'n proxy het clientcertificaat doorgeeft; zonder dit bestaat `tls_client_auth` niet.
    pub client_certificate_header: Option<HeaderName>,
    /// Hosts op een binnenadres waar sleutels van clients vandaan mogen komen.
    pub egress_allow: Vec<String>,
}

/// Een proxy die het adres van de aanroeper doorgeeft.
#[derive(Clone)]
pub struct Proxy {
    /// De kop met het adres.
    pub header: HeaderName,
    /// Of dit adres zo'n proxy is.
    pub trusted: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({})", self.header)
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl Settings {
    /// Gewone grenzen bij deze basis-URL.
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        let base_url = base_url.trim_end_matches('/').to_owned();
        Self {
            audience: format!("{base_url}/v1"),
            base_url,
            max_body_bytes: 1024 * 1024,
            max_header_bytes: 16 * 1024,
            rate: RateSettings::default(),
            leeway_seconds: 60,
            token_lifetime_seconds: 300,
            minimum_beheerders: 2,
            security_contact: "mailto:security@aansluitloket.example".to_owned(),
            security_expires: NaiveDate::MAX,
            proxy: None,
            client_certificate_header: None,
            egress_allow: Vec::new(),
        }
    }

    /// Of clients zich met een certificaat kunnen aanmelden.
    #[must_use]
    pub const fn mtls(&self) -> bool {
        self.proxy.is_some() && self.client_certificate_header.is_some()
    }
}

/// Waaruit een [`App`] bestaat.
#[derive(Debug)]
pub struct Parts {
    /// Opslag.
    pub store: Store,
    /// Tijd.
    pub clock: Clock,
    /// Toeval.
    pub rng: Rng,
    /// Instellingen.
    pub settings: Settings,
    /// Uitgevers buiten deze dienst.
    pub issuers: Issuers,
    /// Onze eigen ondertekensleutels.
    pub keys: KeyManager,
    /// De kant van IdP's van organisaties.
    pub idps: federation::IdpHub,
    /// 32 bytes voor cursors, afgeleid van de hoofdsleutel.
    pub cursor_secret: [u8; 32],
}

/// De toestand, gedeeld door alle werkers als `Data<App>`.
#[derive(Debug)]
pub struct App {
    /// Opslag.
    pub store: Store,
    /// Tijd.
    pub clock: Clock,
    /// Toeval.
    pub rng: Rng,
    /// Instellingen.
    pub settings: Settings,
    /// Uitgevers buiten deze dienst.
    pub issuers: Issuers,
    /// Onze eigen ondertekensleutels.
    pub keys: KeyManager,
    /// Waar mensen zich met de IdP van hun organisatie aanmelden.
    pub idps: Aanmeldpunt,
    /// Het document en de schema's daaruit.
    pub contract: Contract,
    /// Wie wat mag.
    pub beleid: Arc<Beleid>,
    pub(crate) routes: Routes,
    pub(crate) cursor_key: CursorKey,
    pub(crate) callers: Cache<[u8; 32], Arc<Beller>>,
    pub(crate) rate: RateLimits,
    pub(crate) trajecten: Gelezen<Traject>,
    pub(crate) staatbeelden: Cache<String, crate::staat::Gezien>,
    pub(crate) staatjaren: Arc<store::staat::Jaren>,
    pub(crate) aanmelden: crate::aanmelden::Staat,
    pub(crate) egress: Egress,
    pub(crate) clients: Clients,
    pub(crate) client_keys: ClientKeys,
    /// DPoP-bewijzen die deze node al zag.
    pub(crate) proofs: Cache<[u8; 32], ()>,
}

impl App {
    /// Zet de toestand op: bouwt het document, stelt de schema's op en leest het beleid.
    ///
    /// # Errors
    /// Als document of beleid niet klopt; dat is een fout in het programma.
    pub fn new(parts: Parts) -> Result<Self, String> {
        Self::with_routes(parts, crate::routes)
    }

    /// Als [`App::new`], met andere operaties onder `/v1`; voor proeven van de keten zelf.
    ///
    /// # Errors
    /// Als [`App::new`].
    pub fn with_routes(parts: Parts, routes: Routes) -> Result<Self, String> {
        let contract = Contract::of(&parts.settings.base_url, routes)?;
        Self::with(parts, routes, contract)
    }

    /// Als [`App::new`], met het vastgelegde document in plaats van een dat uit de handlers wordt gemaakt.
    ///
    /// # Errors
    /// Als [`App::new`].
    pub fn shipped(parts: Parts) -> Result<Self, String> {
        let contract = Contract::shipped(&parts.settings.base_url)?;
        Self::with(parts, crate::routes, contract)
    }

    fn with(parts: Parts, routes: Routes, contract: Contract) -> Result<Self, String> {
        let base_url = parts.settings.base_url.clone();
        Ok(Self {
            contract,
            routes,
            beleid: Beleid::gedeeld()?,
            cursor_key: CursorKey::new(&parts.cursor_secret),
            callers: Cache::new(CALLER_CAPACITY),
            rate: RateLimits::new(parts.settings.rate),
            trajecten: Gelezen::nieuw(),
            staatbeelden: Cache::new(500),
            staatjaren: Arc::default(),
            aanmelden: crate::aanmelden::Staat::nieuw(&parts.cursor_secret, &parts.settings.base_url),
            egress: Egress::new(EgressRule { allow: parts.settings.egress_allow.clone() }).map_err(|cause| cause.to_string())?,
            clients: Clients::nieuw(),
            client_keys: ClientKeys::default(),
            proofs: Cache::new(PROOF_CAPACITY),
            store: parts.store,
            clock: parts.clock,
            rng: parts.rng,
            settings: parts.settings,
            issuers: parts.issuers,
            keys: parts.keys,
            idps: Aanmeldpunt::new(parts.idps, &base_url),
        })
    }

    /// Voert `act` uit in één transactie: wijziging, auditregel en gebeurtenis samen. Met een `Idempotency-Key` wordt het
    /// antwoord in dezelfde transactie bewaard, en geeft hetzelfde verzoek het eerste antwoord opnieuw.
    /// `act` kan vaker worden aangeroepen (PostgreSQL kan een transactie opnieuw willen).
    ///
    /// # Errors
    /// Wat `act` weigert, een hergebruikte sleutel met een ander lichaam (409), of een fout van de opslag.
    pub async fn write<F>(&self, caller: &Caller, idem: Option<IdempotencyKey>, act: F) -> Result<Answer, Problem>
    where
        F: Fn(&mut Tx<'_>, Moment) -> Result<Answer, Problem> + Send + 'static,
    {
        let now = self.clock.now();
        let owner = caller.id();
        self.store
            .write(caller.actor(), now, Some(caller.trace().header()), move |tx| {
                let Some((key, fingerprint)) = idem.as_ref().and_then(|idem| Some((idem.key()?, idem.fingerprint()))) else {
                    return act(tx, now);
                };
                if let Some(first) = tx.idempotent_get(owner, key, now)? {
                    return replay(&first.fingerprint, fingerprint, first.answer);
                }
                let answer = act(tx, now)?;
                let stored = serde_json::to_value(&answer).map_err(problem::fout)?;
                tx.idempotent_put(owner, key, fingerprint, &stored, now + chrono::TimeDelta::hours(IDEMPOTENCY_HOURS))?;
                Ok(answer)
            })
            .await
    }

    /// De poortwachter voor deze aanroeper, vandaag.
    #[must_use]
    pub fn gate(&self, caller: &Caller) -> Gate {
        Gate::new(Arc::clone(&self.beleid), caller.clone(), domain::vandaag(self.clock.now()))
    }

    /// Vergeet gecontroleerde tokens op deze node, zodat een blokkering hier meteen werkt.
    pub fn forget_callers(&self) {
        self.callers.clear();
    }

    /// Vergeet beelden van de Staat op deze node.
    pub fn forget_staat(&self) {
        self.staatbeelden.clear();
        self.staatjaren.vergeet();
    }

    pub(crate) fn caller_until(now: Moment) -> Moment {
        now + chrono::TimeDelta::seconds(CALLER_SECONDS)
    }
}

fn replay(first: &str, now: &str, answer: Value) -> Result<Answer, Problem> {
    if first == now {
        serde_json::from_value(answer).map_err(problem::fout)
    } else {
        let detail = "Deze Idempotency-Key is al gebruikt voor een ander verzoek. Gebruik voor elk nieuw verzoek een nieuwe sleutel.";
        Err(problem::conflict("idempotency-conflict", detail))
    }
}
