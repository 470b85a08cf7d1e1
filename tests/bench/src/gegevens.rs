//! De opslag vullen: een toepassing om mee te bellen, en zoveel trajecten als gevraagd.

use std::path::{Path, PathBuf};

use aws_lc_rs::encoding::{AsBigEndian as _, EcPrivateKeyBin};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::organisaties::{CertificeringSoort, NieuweCertificering, NieuweOrganisatie, Organisatie};
use domain::personen::Persoon;
use domain::referentie::Stappenplan;
use domain::toepassingen::{Algoritme, NieuweToepassing, Scope};
use domain::trajecten::{Aansluitvormkeuze, NieuwTraject, Partij, PartijRol, Planning, PlanningStap, Traject, TrajectStatus, fase_van};
use domain::{Id, Moment, Rng, nieuw_id};
use provider::{AccessTokenClaims, MasterKey, SigningKey, sign_access_token};
use serde_json::{Value, json};
use store::{Actor, Change, Page, Store, StoreConfig, StoreError, Tx, Zicht};

use crate::Uitkomst;
use crate::dienst::Inrichting;

/// Trajecten per organisatie: één open, de rest afgesloten.
const PER_ORGANISATIE: usize = 10;
/// Trajecten per transactie tijdens het vullen.
const PER_TRANSACTIE: usize = 1_000;

/// Waarmee de meting belt.
pub(crate) struct Beller {
    pub(crate) client_id: Id,
    /// Open trajecten, voor elke schrijver een eigen.
    pub(crate) trajecten: Vec<Id>,
    pub(crate) sleutelbestand: PathBuf,
    /// Token van de beheerder van NIPV, die alle trajecten ziet.
    pub(crate) beheerder: String,
}

/// Een opslag die voor het vullen even van ons is; de dienst draait dan niet.
pub(crate) struct Vuller {
    store: Store,
    rng: Rng,
    draad: tokio::runtime::Runtime,
    /// De implementatiepartner van alle trajecten; haar toepassing doet de meting.
    partner: Organisatie,
    plan: Stappenplan,
    aantal: usize,
}

#[expect(clippy::disallowed_methods, reason = "een meting begint bij de echte klok")]
pub(crate) fn nu() -> Moment {
    domain::kort_moment(chrono::Utc::now())
}

fn leesbaar(fout: StoreError) -> String {
    fout.to_string()
}

impl Vuller {
    /// `partner` is die van een eerdere vulling, met zoveel trajecten; zonder begint hij met een lege opslag.
    pub(crate) fn open(inrichting: &Inrichting, aantal: usize, partner: Option<Organisatie>) -> Uitkomst<Self> {
        let rng = Rng::new(|buffer| {
            let _vol = aws_lc_rs::rand::fill(buffer);
        });
        let config = StoreConfig {
            database_url: inrichting.database_url.clone(),
            data_dir: inrichting.map.join("gegevens"),
            pool_size: 2,
            // De meting rekent de auditketen niet na; elke sleutel voldoet.
            audit_key: inrichting.hoofdsleutel,
            rng: rng.clone(),
            max_pages: None,
        };
        let store = Store::open(config).map_err(leesbaar)?;
        let draad = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|fout| fout.to_string())?;
        let gelezen = draad.block_on(store.read(|conn| {
            let plannen = store::referentie::stappenplannen(conn, false, &Page { limit: 1, after: None })?;
            Ok::<_, StoreError>(plannen.items.into_iter().next())
        }));
        let plan = gelezen.map_err(leesbaar)?.ok_or("er is geen stappenplan")?;
        let partner = match partner {
            Some(partner) => partner,
            None => organisatie("Netwerkhuis Voorbeeld", nieuw_id(nu(), &rng))?,
        };
        Ok(Self { store, rng, draad, partner, plan, aantal })
    }

    /// De implementatiepartner, om later verder te vullen.
    pub(crate) fn partner(&self) -> Organisatie {
        self.partner.clone()
    }

    /// Legt de implementatiepartner vast, registreert haar toepassing en bewaart de privésleutel.
    pub(crate) fn beller(&self, map: &Path) -> Uitkomst<Beller> {
        let (publiek, prive) = sleutelpaar()?;
        let sleutelbestand = map.join("toepassing.jwk");
        std::fs::write(&sleutelbestand, prive.to_string()).map_err(|fout| fout.to_string())?;
        let scopes = vec![Scope::TrajectenLezen, Scope::TrajectenSchrijven];
        let nieuw = NieuweToepassing::machine("Meting", self.partner.id, scopes, json!({ "keys": [publiek] }));
        let toepassing = nieuw.maak(nieuw_id(nu(), &self.rng), nu()).map_err(|fouten| format!("{fouten:?}"))?;
        let (client_id, partner) = (toepassing.id, self.partner());
        let vandaag = nu().date_naive();
        let certificering = NieuweCertificering {
            soort: CertificeringSoort::Implementatiepartner,
            geldig_van_datum: vandaag,
            geldig_tot_datum: vandaag + chrono::Days::new(365),
        };
        let certificering = certificering.maak(nieuw_id(nu(), &self.rng), partner.id, nu()).map_err(|fouten| format!("{fouten:?}"))?;
        self.schrijf(move |tx| {
            store::organisaties::insert(tx, &partner)?;
            tx.record(nieuwe_regel("organisatie", partner.id))?;
            store::organisaties::insert_certificering(tx, &certificering)?;
            store::toepassingen::insert(tx, &toepassing)?;
            tx.record(nieuwe_regel("toepassing", client_id))
        })?;
        Ok(Beller { client_id, trajecten: Vec::new(), sleutelbestand, beheerder: String::new() })
    }

    /// Een token voor de eerste beheerder.
    pub(crate) fn token_van_beheerder(&self, inrichting: &Inrichting) -> Uitkomst<String> {
        let gelezen = self.draad.block_on(self.store.read(move |conn| {
            let filter = store::personen::Filter { rol: Some("lfb".to_owned()), ..store::personen::Filter::default() };
            Ok::<_, StoreError>(store::personen::list(conn, &filter, &Zicht::Alles, &Page { limit: 1, after: None })?.items.into_iter().next())
        }));
        let persoon = gelezen.map_err(leesbaar)?.ok_or("er is geen beheerder")?;
        self.token_voor(inrichting, &persoon, "trajecten:lezen organisaties:lezen")
    }

    /// Een token voor een persoon, getekend met de sleutel die de dienst zelf heeft gemaakt.
    pub(crate) fn token_voor(&self, inrichting: &Inrichting, persoon: &Persoon, scopes: &str) -> Uitkomst<String> {
        let nu = nu();
        let gelezen = self.draad.block_on(
            self.store.read(move |conn| Ok::<_, StoreError>(store::sleutels::list(conn, nu)?.into_iter().find(|sleutel| sleutel.alg == Algoritme::Es256))),
        );
        let bewaard = gelezen.map_err(leesbaar)?.ok_or("er is geen ondertekensleutel")?;
        let hoofdsleutel = MasterKey::parse(&STANDARD.encode(inrichting.hoofdsleutel)).map_err(|fout| fout.to_string())?;
        let pkcs8 = hoofdsleutel.open(&bewaard.kid, &bewaard.geheim).map_err(|fout| fout.to_string())?;
        let sleutel = SigningKey::from_pkcs8(&pkcs8).map_err(|fout| fout.to_string())?;
        let basis = inrichting.basis();
        let jti = nieuw_id(nu, &self.rng).to_string();
        let inhoud = AccessTokenClaims {
            acr: Some("https://refeds.org/profile/mfa".to_owned()),
            amr: Some(["pwd", "otp", "mfa"].map(str::to_owned).to_vec()),
            auth_time: Some(nu.timestamp()),
            organisatie: Some(persoon.organisatie_id.to_string()),
            ..AccessTokenClaims::new(&basis, &format!("{basis}/v1"), &persoon.id.to_string(), "meting", scopes, jti, nu, 6 * 3600)
        };
        sign_access_token(&sleutel, &inhoud).map_err(|fout| fout.to_string())
    }

    /// Vult aan tot er `tot` trajecten zijn; geeft de nieuwe die nog open zijn.
    pub(crate) fn vul(&mut self, tot: usize) -> Uitkomst<Vec<Id>> {
        let mut open = Vec::new();
        while self.aantal < tot {
            let deel = PER_TRANSACTIE.min(tot - self.aantal);
            let mut rijen = Vec::with_capacity(deel);
            let mut organisaties = Vec::new();
            for _ in 0..deel {
                if self.aantal.is_multiple_of(PER_ORGANISATIE) || organisaties.is_empty() {
                    organisaties.push(organisatie(&format!("Waterbedrijf Voorbeeld {}", self.aantal), nieuw_id(nu(), &self.rng))?);
                }
                let organisatie = organisaties.last().ok_or("geen organisatie")?;
                rijen.push(self.traject(organisatie, self.aantal)?);
                self.aantal += 1;
            }
            open.extend(rijen.iter().filter(|traject: &&Traject| traject.status == TrajectStatus::Lopend).map(|traject| traject.id));
            self.schrijf(move |tx| {
                for organisatie in &organisaties {
                    store::organisaties::insert(tx, organisatie)?;
                    tx.record(nieuwe_regel("organisatie", organisatie.id))?;
                }
                for traject in &rijen {
                    store::trajecten::insert(tx, traject)?;
                    tx.record(nieuwe_regel("traject", traject.id))?;
                }
                Ok(())
            })?;
        }
        Ok(open)
    }

    pub(crate) fn schrijf(&self, act: impl Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static) -> Uitkomst<()> {
        self.draad.block_on(self.store.write(Actor::default(), nu(), None, act)).map_err(leesbaar)
    }

    fn traject(&self, organisatie: &Organisatie, nummer: usize) -> Uitkomst<Traject> {
        let nu = nu();
        let vandaag = nu.date_naive();
        let planning = Planning {
            start_datum: Some(vandaag),
            go_live_datum: Some(vandaag + chrono::Days::new(270)),
            stappen: (1..=6).map(|stap| PlanningStap { stap, gereed_datum: vandaag + chrono::Days::new(45) }).collect(),
        };
        let nieuw = NieuwTraject { organisatie_id: organisatie.id, stappenplan_id: None, planning: Some(planning) };
        let (id, partij) = (nieuw_id(nu, &self.rng), nieuw_id(nu, &self.rng));
        let mut traject = nieuw.maak(id, partij, format!("T-2025-{nummer:06}"), organisatie, &self.plan, nu).map_err(|fouten| format!("{fouten:?}"))?;
        traject.stap = i16::try_from(nummer % 5).unwrap_or_default() + 1;
        traject.fase = fase_van(traject.stap);
        traject.status = if nummer.is_multiple_of(PER_ORGANISATIE) { TrajectStatus::Lopend } else { TrajectStatus::Beeindigd };
        traject.deadline_datum = Some(vandaag + chrono::Days::new(100));
        traject.aansluitvorm = Some(Aansluitvormkeuze {
            code: "volledig".to_owned(),
            motivatie: "De organisatie deelt bij elke crisis informatie met haar partners en wil het volledige beeld.".to_owned(),
        });
        for rol in [PartijRol::Implementatiepartner, PartijRol::Adoptiepartner] {
            let id = nieuw_id(nu, &self.rng);
            traject.partijen.push(Partij {
                id,
                organisatie_id: self.partner.id,
                organisatie_naam: self.partner.naam.clone(),
                rol,
                van_datum: vandaag,
                tot_datum: None,
                contactpersoon_id: None,
            });
        }
        Ok(traject)
    }
}

fn organisatie(naam: &str, id: Id) -> Uitkomst<Organisatie> {
    let nieuw: NieuweOrganisatie = serde_json::from_value(json!({ "naam": naam })).map_err(|fout| fout.to_string())?;
    nieuw.maak(id, nu()).map_err(|fouten| format!("{fouten:?}"))
}

pub(crate) fn nieuwe_regel(soort: &'static str, id: Id) -> Change {
    Change { handeling: "meting.gevuld", onderwerp_soort: soort, onderwerp_id: id.to_string(), ..Change::default() }
}

/// Een nieuwe sleutel als JWK: publiek en privé.
pub(crate) fn sleutelpaar() -> Uitkomst<(Value, Value)> {
    let stuk = |_| "geen sleutel te maken".to_owned();
    let paar = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(stuk)?;
    let geheim: EcPrivateKeyBin<'_> = paar.private_key().as_be_bytes().map_err(stuk)?;
    let punt = paar.public_key().as_ref();
    let deel = |bereik: std::ops::Range<usize>| punt.get(bereik).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
    let publiek = json!({ "kty": "EC", "crv": "P-256", "kid": "meting", "alg": "ES256", "use": "sig", "x": deel(1..33), "y": deel(33..65) });
    let mut prive = publiek.clone();
    if let Some(velden) = prive.as_object_mut() {
        velden.insert("d".to_owned(), URL_SAFE_NO_PAD.encode(geheim.as_ref()).into());
    }
    Ok((publiek, prive))
}
