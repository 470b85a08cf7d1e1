//! Het aanmeldpunt: van een registratie in de opslag naar een IdP waarmee iemand zich nu aanmeldt.
//!
//! De aanmeldpagina's gebruiken alleen [`Aanmeldpunt`] (`app.idps`): [`Aanmeldpunt::vertrek`] en [`Aanmeldpunt::terugkomst`].

use std::sync::Arc;

use actix_web::HttpResponse;
use chrono::TimeDelta;
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::identiteitsproviders::{Clientauthenticatie, GeheimSoort, Identiteitsprovider, IdpStatus, IdpVersie};
use federation::idp::{ClientAuthenticatie, ClientGeheim, ClientSleutel, IdpConfig};
use federation::{CallbackParams, Geweigerd, IdpHub, ProvenLogin, Vertrek, Verwacht};
use serde_json::json;
use store::Actor;
use store::identiteitsproviders::{self as opslag, BewaardGeheim};
use url::Url;

use crate::prelude::*;
use crate::toegang::Cache;

/// Hoe lang een andere node een opschorting mag missen.
const CACHE_SECONDS: i64 = 10;
const CAPACITY: usize = 2_000;

/// Waarom een aanmelding niet verder kan.
#[derive(Debug)]
pub enum Afgewezen {
    /// Met een diagnose voor gebruiker en beheerder.
    Geweigerd(Box<Geweigerd>),
    /// De dienst zelf kan nu niet.
    Storing(Problem),
}

impl From<Geweigerd> for Afgewezen {
    fn from(nee: Geweigerd) -> Self {
        Self::Geweigerd(Box::new(nee))
    }
}

impl From<Diagnose> for Afgewezen {
    fn from(diagnose: Diagnose) -> Self {
        Geweigerd::from(diagnose).into()
    }
}

impl From<Problem> for Afgewezen {
    fn from(problem: Problem) -> Self {
        Self::Storing(problem)
    }
}

/// De IdP's waarmee men zich nu kan aanmelden.
#[derive(Debug)]
pub struct Aanmeldpunt {
    hub: IdpHub,
    base_url: String,
    actief: Cache<Id, Arc<IdpConfig>>,
    van: Cache<Id, Arc<[Id]>>,
    /// Geheimen waarvan het laatste gebruik al is bijgehouden.
    bijgehouden: Cache<Id, ()>,
}

/// Bindt een verzegeld geheim aan zijn plaats.
#[must_use]
pub fn plaats(geheim_id: Id) -> String {
    format!("identiteitsprovidergeheim/{geheim_id}")
}

impl Aanmeldpunt {
    pub(crate) fn new(hub: IdpHub, base_url: &str) -> Self {
        Self { hub, base_url: base_url.to_owned(), actief: Cache::new(CAPACITY), van: Cache::new(CAPACITY), bijgehouden: Cache::new(CAPACITY) }
    }

    /// De kant van het netwerk.
    #[must_use]
    pub const fn hub(&self) -> &IdpHub {
        &self.hub
    }

    /// Ons adres voor het antwoord van deze IdP; ieder een eigen adres, zodat antwoorden niet te verwisselen zijn.
    #[must_use]
    pub fn redirect_uri(&self, idp_id: Id) -> String {
        format!("{}/oidc/callback/{idp_id}", self.base_url)
    }

    /// Vergeet wat onthouden is, zodat een wijziging op deze node meteen werkt.
    pub fn vergeet(&self) {
        self.actief.clear();
        self.van.clear();
    }

    /// De actieve identiteitsproviders van een organisatie, op naam.
    ///
    /// # Errors
    /// Een storing van de opslag.
    pub(crate) async fn van_organisatie(&self, app: &App, organisatie: Id) -> Result<Arc<[Id]>, Problem> {
        let nu = app.clock.now();
        if let Some(onthouden) = self.van.get(&organisatie, nu) {
            return Ok(onthouden);
        }
        let gelezen = app.store.read_point(move |conn| -> Result<_, StoreError> { store::kiezer::idps_van(conn, organisatie) }).await?;
        let gelezen: Arc<[Id]> = gelezen.into_iter().map(|(id, _)| id).collect();
        if !gelezen.is_empty() {
            self.van.insert(organisatie, Arc::clone(&gelezen), nu + TimeDelta::seconds(CACHE_SECONDS), nu);
        }
        Ok(gelezen)
    }

    /// De actieve versie van een registratie.
    ///
    /// # Errors
    /// `idp-niet-actief`, of een storing van de opslag.
    pub async fn actief(&self, app: &App, idp_id: Id) -> Result<Arc<IdpConfig>, Afgewezen> {
        let nu = app.clock.now();
        if let Some(onthouden) = self.actief.get(&idp_id, nu) {
            return Ok(onthouden);
        }
        // Wie niet dient, wordt iedere keer gezocht: na activeren of hervatten, op welke node ook, werkt zij meteen.
        let Some(gelezen) = lees(app, idp_id, nu).await?.map(Arc::new) else { return Err(Diagnose::new(DiagnoseCode::IdpNietActief).into()) };
        self.actief.insert(idp_id, Arc::clone(&gelezen), nu + TimeDelta::seconds(CACHE_SECONDS), nu);
        Ok(gelezen)
    }

    /// Waar iemand zich aanmeldt, en volgens welke versie van de registratie.
    ///
    /// # Errors
    /// Waarom dat nu niet kan.
    pub async fn vertrek(&self, app: &App, idp_id: Id, wens: &Vertrek) -> Result<(Url, i32), Afgewezen> {
        let idp = self.actief(app, idp_id).await?;
        Ok((self.hub.vertrek(&idp, wens, app.clock.now()).await?, idp.versienummer))
    }

    /// De registratie waarmee iemand vertrok. Dient er intussen een andere versie, dan kan die een andere aanmelddienst zijn: de
    /// code en ons geheim horen daar niet.
    async fn zoals_bij_vertrek(&self, app: &App, idp_id: Id, versienummer: i32) -> Result<Arc<IdpConfig>, Afgewezen> {
        let onthouden = self.actief(app, idp_id).await?;
        if onthouden.versienummer == versienummer {
            return Ok(onthouden);
        }
        // Misschien weet deze node nog niet wat een andere al weet.
        self.actief.clear();
        let nu = self.actief(app, idp_id).await?;
        if nu.versienummer == versienummer {
            return Ok(nu);
        }
        let verwacht = format!("versie {versienummer} van de registratie, waarmee de aanmelding begon");
        let gezien = format!("versie {}: de registratie is tijdens de aanmelding gewijzigd", nu.versienummer);
        Err(Diagnose::new(DiagnoseCode::StateOnjuist).verwacht(verwacht).gezien(gezien).into())
    }

    /// Bewijst wie er terugkomt van een vertrek met deze versie van de registratie, en onthoudt welk geheim daarbij gebruikt is.
    ///
    /// # Errors
    /// Eén diagnose per oorzaak, of een storing van de opslag.
    pub async fn terugkomst(
        &self,
        app: &App,
        (idp_id, versienummer): (Id, i32),
        params: &CallbackParams,
        verwacht: &Verwacht,
    ) -> Result<ProvenLogin, Afgewezen> {
        let idp = self.zoals_bij_vertrek(app, idp_id, versienummer).await?;
        let bewezen = self.hub.terugkomst(&idp, params, verwacht, app.clock.now()).await?;
        if let Some(geheim_id) = bewezen.geheim_id() {
            self.onthoud_gebruik(app, idp_id, geheim_id).await;
        }
        Ok(bewezen)
    }

    /// Houdt hoogstens eens per uur bij dat een geheim is gebruikt.
    async fn onthoud_gebruik(&self, app: &App, idp_id: Id, geheim_id: Id) {
        let nu = app.clock.now();
        if self.bijgehouden.get(&geheim_id, nu).is_none() {
            houd_gebruik_bij(app, idp_id, geheim_id, nu).await;
            self.bijgehouden.insert(geheim_id, (), nu + TimeDelta::hours(1), nu);
        }
    }
}

/// Laatste gebruik is er voor de beheerder; lukt bijhouden niet, dan gaat de aanmelding toch door.
async fn houd_gebruik_bij(app: &App, idp_id: Id, geheim_id: Id, nu: Moment) {
    let recent = app.store.read_point(move |conn| -> Result<_, StoreError> {
        let geheim = opslag::get_geheim(conn, idp_id, geheim_id)?;
        Ok(geheim.and_then(|bewaard| bewaard.geheim.laatst_gebruikt_op).is_some_and(|op| nu - op < TimeDelta::hours(1)))
    });
    if recent.await.unwrap_or(true) {
        return;
    }
    let gezet = app.store.write(Actor::default(), nu, None, move |tx| -> Result<(), StoreError> { opslag::zet_gebruikt(tx, geheim_id) });
    if let Err(cause) = gezet.await {
        tracing::warn!(%cause, "laatste gebruik van een geheim is niet bijgehouden");
    }
}

/// De actieve versie van een registratie met haar ontsleutelde geheimen, vers uit de opslag; `None` als zij niet dient.
///
/// # Errors
/// Een storing van de opslag.
pub async fn laad_config(app: &App, idp_id: Id) -> Result<Option<IdpConfig>, Problem> {
    lees(app, idp_id, app.clock.now()).await
}

async fn lees(app: &App, idp_id: Id, nu: Moment) -> Result<Option<IdpConfig>, Problem> {
    let gelezen = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let Some(idp) = opslag::get(conn, idp_id)?.filter(|idp| idp.status == IdpStatus::Actief) else { return Ok(None) };
            let Some(versie) = idp.actieve_versie.map(|nummer| opslag::get_versie(conn, idp_id, nummer)).transpose()?.flatten() else { return Ok(None) };
            Ok(Some((idp, versie, opslag::geheimen(conn, idp_id)?)))
        })
        .await?;
    gelezen.map(|(idp, versie, geheimen)| config(app, &idp, &versie, &geheimen, nu)).transpose()
}

/// Een registratie met haar ontsleutelde geheimen, nieuwste eerst; wat verlopen is doet niet mee.
pub(super) fn config(app: &App, idp: &Identiteitsprovider, versie: &IdpVersie, geheimen: &[BewaardGeheim], nu: Moment) -> Result<IdpConfig, Problem> {
    let geldig = |soort: GeheimSoort| geheimen.iter().filter(move |g| g.geheim.soort == soort && g.geheim.vervalt_op.is_none_or(|op| op > nu));
    let open = |g: &BewaardGeheim| app.keys.open(&plaats(g.geheim.id), &g.verzegeld);
    let secrets = || -> Result<Vec<ClientGeheim>, Problem> {
        geldig(GeheimSoort::ClientSecret)
            .map(|g| {
                let tekst = String::from_utf8(open(g)?.to_vec()).map_err(problem::fout)?;
                Ok(ClientGeheim::new(g.geheim.id, tekst.into()))
            })
            .collect()
    };
    let client = match versie.instellingen.clientauthenticatie {
        Clientauthenticatie::ClientSecretBasic => ClientAuthenticatie::Basic(secrets()?),
        Clientauthenticatie::ClientSecretPost => ClientAuthenticatie::Post(secrets()?),
        Clientauthenticatie::PrivateKeyJwt => {
            let sleutel = |g: &BewaardGeheim| -> Result<ClientSleutel, Problem> {
                let kid = g.geheim.publiek.as_ref().and_then(|jwk| jwk.get("kid")).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
                Ok(ClientSleutel::new(g.geheim.id, kid, &open(g)?))
            };
            ClientAuthenticatie::PrivateKeyJwt(geldig(GeheimSoort::Sleutel).map(sleutel).collect::<Result<_, _>>()?)
        }
    };
    Ok(IdpConfig {
        id: idp.id,
        organisatie_id: idp.organisatie_id,
        naam: idp.naam.clone(),
        versienummer: versie.nummer,
        instellingen: versie.instellingen.clone(),
        client,
        plafond: idp.beoordeling.as_ref().map(|beoordeling| beoordeling.niveau),
    })
}

/// De publieke sleutels waarmee wij ons bij deze IdP bekendmaken; voor de IdP, dus zonder token en buiten `/v1`.
pub(crate) async fn jwks_van_registratie(app: Data<App>, id: Path<Id>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let sleutels: Vec<serde_json::Value> = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            opslag::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
            Ok(opslag::geheimen(conn, id)?.into_iter().filter_map(|bewaard| bewaard.geheim.publiek).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "public, max-age=300")).json(json!({ "keys": sleutels })))
}
