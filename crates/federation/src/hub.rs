//! De hub aan de kant van IdP's: iemand laten vertrekken, en bij terugkomst bewijzen wie het is.
//!
//! Alleen [`IdpHub::terugkomst`] maakt een [`ProvenLogin`]. Er gaat niets naar buiten voordat iemand zich aanmeldt of
//! de gezondheid wordt gemeten.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::identiteitsproviders::{IdpInstellingen, Userinfogebruik};
use domain::{Moment, Rng};
use serde_json::{Map, Value};
use url::Url;

use crate::discovery::Discovery;
use crate::egress::{Egress, EgressRule};
use crate::id_token::{Eis, GoedIdToken, gelijk, keur_id_token};
use crate::idp::IdpConfig;
use crate::inwisselen::{Inwisseling, Tokens, wissel_in};
use crate::jwks::{Health, JwksCache, Kennis};
use crate::login::{CallbackParams, Geweigerd, ProvenLogin, Upstream, Vertrek, Verwacht};
use crate::token::aanwezig;
use crate::userinfo::{self, Gegevens, gegeven};
use crate::{recept, vraag};

/// Meer uitgevers dan dit onthouden wij niet; wie dan komt, begint opnieuw met ophalen.
const MEESTE_UITGEVERS: usize = 10_000;

/// Alle IdP's van organisaties, met wat zij publiceren.
#[derive(Clone)]
pub struct IdpHub {
    egress: Egress,
    rng: Rng,
    bekend: Arc<Mutex<HashMap<String, Arc<JwksCache>>>>,
}

impl std::fmt::Debug for IdpHub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdpHub").field("egress", &self.egress).finish_non_exhaustive()
    }
}

/// Een IdP met wat hij nu publiceert.
struct Bekend {
    cache: Arc<JwksCache>,
    discovery: Arc<Discovery>,
    jwks: Arc<Value>,
}

impl IdpHub {
    /// Een hub met dit uitgaande verkeer.
    #[must_use]
    pub fn new(egress: Egress, rng: Rng) -> Self {
        Self { egress, rng, bekend: Arc::default() }
    }

    /// Een hub die alleen naar openbare https-adressen gaat.
    ///
    /// # Errors
    /// Als uitgaand verkeer niet op te zetten is.
    pub fn openbaar(rng: Rng) -> Result<Self, crate::EgressError> {
        Ok(Self::new(Egress::new(EgressRule::default())?, rng))
    }

    /// Het uitgaande verkeer.
    #[must_use]
    pub const fn egress(&self) -> &Egress {
        &self.egress
    }

    /// De bron van toeval.
    #[must_use]
    pub const fn rng(&self) -> &Rng {
        &self.rng
    }

    fn cache(&self, issuer: &str) -> Arc<JwksCache> {
        let mut bekend = self.bekend.lock().unwrap_or_else(PoisonError::into_inner);
        if bekend.len() >= MEESTE_UITGEVERS && !bekend.contains_key(issuer) {
            bekend.clear();
        }
        Arc::clone(bekend.entry(issuer.to_owned()).or_insert_with(|| Arc::new(JwksCache::new(issuer, None, self.egress.clone()))))
    }

    async fn bekend(&self, issuer: &str, nu: Moment) -> Result<Bekend, Diagnose> {
        let cache = self.cache(issuer);
        match cache.kennis(nu).await {
            Some(Kennis { discovery: Some(discovery), jwks }) => Ok(Bekend { cache, discovery, jwks }),
            _ => Err(cache.fout().unwrap_or_else(|| niet_opgehaald(issuer))),
        }
    }

    /// Hoe het met een uitgever gaat volgens wat deze node laatst zag; vraagt niets op.
    #[must_use]
    pub fn gezondheid(&self, issuer: &str) -> Health {
        self.cache(issuer).health()
    }

    /// Leest gegevens en sleutels van een uitgever opnieuw.
    ///
    /// # Errors
    /// Waarom dat niet lukt.
    pub async fn meten(&self, issuer: &str, nu: Moment) -> Result<(), Diagnose> {
        let cache = self.cache(issuer);
        match cache.meten(nu).await {
            Health::Good { .. } => Ok(()),
            _ => Err(cache.fout().unwrap_or_else(|| niet_opgehaald(issuer))),
        }
    }

    /// Waar iemand zich bij deze IdP aanmeldt.
    ///
    /// # Errors
    /// Waarom de IdP nu niet te gebruiken is.
    pub async fn vertrek(&self, idp: &IdpConfig, wens: &Vertrek, nu: Moment) -> Result<Url, Diagnose> {
        let heen = async {
            let bekend = self.bekend(&idp.instellingen.issuer, nu).await?;
            vraag::adres(&self.egress, &self.rng, &bekend.discovery, (idp, wens), nu).await
        };
        op_tijd(heen).await
    }

    /// Bewijst wie er terugkomt, of zegt waarom dat niet lukt.
    ///
    /// # Errors
    /// Eén diagnose per oorzaak, met wat de IdP zei als dat bewezen is.
    pub async fn terugkomst(&self, idp: &IdpConfig, params: &CallbackParams, verwacht: &Verwacht, nu: Moment) -> Result<ProvenLogin, Geweigerd> {
        // RFC 6749, 10.12: eerst of dit antwoord bij dit vertrek hoort.
        if !params.state.as_deref().is_some_and(|state| gelijk(state, &verwacht.state)) {
            return Err(DiagnoseCode::StateOnjuist.into());
        }
        op_tijd(self.bewijs_terugkomst(idp, params, verwacht, nu)).await
    }

    async fn bewijs_terugkomst(&self, idp: &IdpConfig, params: &CallbackParams, verwacht: &Verwacht, nu: Moment) -> Result<ProvenLogin, Geweigerd> {
        let bekend = self.bekend(&idp.instellingen.issuer, nu).await?;
        let code = antwoord(idp, params, &bekend.discovery)?;
        let inwisseling = Inwisseling { idp, discovery: &bekend.discovery, code, verwacht, nu };
        let tokens = wissel_in(&self.egress, &self.rng, &inwisseling).await?;
        let eis = Eis {
            idp: &idp.instellingen,
            nonce: &verwacht.nonce,
            access_token: &tokens.access_token,
            vertrokken_op: verwacht.vertrokken_op,
            max_age: verwacht.max_age,
        };
        let (goed, jwks) = bewijs(&bekend, &tokens, &eis, nu).await?;
        let upstream = recept::upstream(&goed.claims);
        let geweigerd = |diagnose: Diagnose| Geweigerd { diagnose, gezegd: Some(upstream.clone()) };
        eigen_organisatie(idp, &goed.claims).map_err(geweigerd)?;
        let gegevens = userinfo::aanvullen(&self.egress, idp, &bekend.discovery, &tokens.access_token, &goed, &jwks).await.map_err(geweigerd)?;
        // MFA telt alleen uit het ID-token, nooit uit userinfo.
        recept::bewijst_mfa(&idp.instellingen.mfa, &goed.claims).map_err(geweigerd)?;
        Ok(bewezen(idp, goed, (upstream, gegevens), tokens, &bekend.discovery))
    }
}

/// Hoe lang een browser op ons gesprek met de IdP wacht: één traag adres mag, een heel gesprek van trage adressen niet.
const IN_ALL: Duration = Duration::from_secs(15);

async fn op_tijd<T, E: From<Diagnose>>(gesprek: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let te_laat = |_| Err(crate::discovery::te_traag("alle antwoorden voor deze aanmelding", IN_ALL).into());
    tokio::time::timeout(IN_ALL, gesprek).await.unwrap_or_else(te_laat)
}

fn niet_opgehaald(issuer: &str) -> Diagnose {
    Diagnose::new(DiagnoseCode::IdpOnbereikbaar).verwacht(format!("gegevens en sleutels van {issuer}")).gezien("nog niet opgehaald")
}

/// RFC 9207, 2.4 en RFC 6749, 4.1.2: het antwoord komt van deze IdP, en is een code of een fout.
fn antwoord<'a>(idp: &IdpConfig, params: &'a CallbackParams, discovery: &Discovery) -> Result<&'a str, Diagnose> {
    let iss_fout = |gezien: &str| Err(Diagnose::new(DiagnoseCode::IssParameterOnjuist).verwacht(&idp.instellingen.issuer).gezien(gezien));
    match &params.iss {
        Some(iss) if *iss != idp.instellingen.issuer => return iss_fout(iss),
        None if discovery.authorization_response_iss_parameter_supported => return iss_fout("geen 'iss', terwijl de aanmelddienst die aankondigt"),
        _ => {}
    }
    if let Some(fout) = &params.error {
        return Err(foutmelding(fout, params.error_description.as_deref(), discovery));
    }
    params.code.as_deref().ok_or_else(|| Diagnose::new(DiagnoseCode::TerugkeerOnjuist).verwacht("een code").gezien("geen code en geen fout"))
}

fn foutmelding(fout: &str, toelichting: Option<&str>, discovery: &Discovery) -> Diagnose {
    let code = match fout {
        "access_denied" => DiagnoseCode::AfgebrokenBijIdp,
        "login_required" | "account_selection_required" => DiagnoseCode::AanmeldingNodig,
        // OpenID Connect Core Unmet Authentication Requirements 1.0.
        "unmet_authentication_requirements" => DiagnoseCode::MfaNietBewezen,
        // Keycloak zegt zo dat haar aanmeldvenster te lang openstond.
        "temporarily_unavailable" if toelichting == Some("authentication_expired") => DiagnoseCode::AfgebrokenBijIdp,
        "temporarily_unavailable" => DiagnoseCode::IdpOnbereikbaar,
        "unauthorized_client" | "invalid_client" => DiagnoseCode::ClientGeweigerd,
        _ => DiagnoseCode::IdpFoutmelding,
    };
    // Wij vragen nooit om stil aan te melden: ontbreekt toestemming of een handeling (`consent_required`, `interaction_required`), dan is dat aan de IdP.
    // Een onbekende parameter hoort zij te negeren (RFC 6749, 3.1), maar wie PKCE niet noemt, weigert het soms.
    let zonder_pkce = fout == "invalid_request" && !discovery.noemt_pkce();
    let verwacht =
        if zonder_pkce { "een code; wij vragen altijd met PKCE (S256), en de aanmelddienst noemt dat niet: zet het voor deze client aan" } else { "een code" };
    Diagnose::new(code).verwacht(verwacht).gezien(toelichting.map_or_else(|| fout.to_owned(), |toelichting| format!("{fout}: {toelichting}")))
}

/// Keurt het ID-token; bij een onbekende sleutel of een handtekening die niet klopt één keer met verse sleutels.
async fn bewijs(bekend: &Bekend, tokens: &Tokens, eis: &Eis<'_>, nu: Moment) -> Result<(GoedIdToken, Arc<Value>), Diagnose> {
    match keur_id_token(&tokens.id_token, eis, &bekend.jwks, nu) {
        Ok(goed) => Ok((goed, Arc::clone(&bekend.jwks))),
        Err(fout) if om_een_sleutel(&fout) => {
            let Some(vers) = bekend.cache.refresh(nu).await.filter(|vers| !Arc::ptr_eq(vers, &bekend.jwks)) else { return Err(fout) };
            let oordeel = keur_id_token(&tokens.id_token, eis, &vers, nu);
            if !oordeel.as_ref().is_err_and(om_een_sleutel) {
                bekend.cache.vruchtbaar();
            }
            Ok((oordeel?, vers))
        }
        Err(fout) => Err(fout),
    }
}

/// Of een weigering met andere sleutels anders kan uitvallen.
const fn om_een_sleutel(fout: &Diagnose) -> bool {
    matches!(fout.code, DiagnoseCode::SleutelOnbekend | DiagnoseCode::SleutelsOnjuist | DiagnoseCode::HandtekeningOnjuist)
}

/// Een IdP voor meer organisaties spreekt alleen voor wie de onderscheidende claim van deze organisatie draagt.
fn eigen_organisatie(idp: &IdpConfig, claims: &Map<String, Value>) -> Result<(), Diagnose> {
    let Some(onderscheid) = &idp.instellingen.onderscheid else { return Ok(()) };
    let gezien = match aanwezig(claims.get(&onderscheid.claim)) {
        Some(Value::String(waarde)) if *waarde == onderscheid.waarde => return Ok(()),
        Some(Value::String(waarde)) => waarde.clone(),
        Some(anders) => format!("'{}' is {}", onderscheid.claim, recept::vorm(anders)),
        None => format!("geen claim '{}'", onderscheid.claim),
    };
    Err(Diagnose::new(DiagnoseCode::AndereOrganisatie).verwacht(format!("'{}' is {}", onderscheid.claim, onderscheid.waarde)).gezien(gezien))
}

/// Ja of nee; ook als tekst, want niet iedere IdP kent het verschil.
fn waar_of_onwaar(waarde: &Value) -> Option<bool> {
    waarde.as_bool().or_else(|| waarde.as_str().and_then(|tekst| tekst.parse().ok()))
}

/// Of een tekst een e-mailadres kan zijn (RFC 5321, 4.5.3.1.3: ten hoogste 254 tekens); of het bestaat, bewijst de code.
fn is_adres(tekst: &str) -> bool {
    let delen = tekst.split_once('@');
    tekst.len() <= 254
        && delen.is_some_and(|(lokaal, domein)| !lokaal.is_empty() && !domein.is_empty())
        && !tekst.chars().any(|t| t.is_control() || t.is_whitespace())
}

/// Een naam om te tonen: zonder tekens die geen opslag of scherm aankan.
fn zonder_besturing(tekst: &str) -> String {
    tekst.chars().filter(|teken| !teken.is_control()).collect::<String>().trim().to_owned()
}

/// Waarom er geen e-mailadres is: het staat er niet als één tekst, of de claim van de registratie is er niet.
fn geen_email(idp: &IdpInstellingen, bronnen: [&Map<String, Value>; 2]) -> Diagnose {
    let claim = &idp.claims.email;
    let diagnose = Diagnose::new(DiagnoseCode::EMailOntbreekt);
    if let Some(waarde) = bronnen.into_iter().find_map(|bron| aanwezig(bron.get(claim)).filter(|waarde| !waarde.is_string())) {
        let gezien = waarde.as_array().map_or_else(|| recept::vorm(waarde).to_owned(), |lijst| format!("een lijst van {}", lijst.len()));
        return diagnose.verwacht(format!("'{claim}' als één tekst")).gezien(format!("'{claim}' is {gezien}"));
    }
    if bronnen.into_iter().any(|bron| gegeven(bron, claim).is_some()) {
        return diagnose.verwacht(format!("een e-mailadres van ten hoogste 254 tekens in '{claim}'")).gezien(format!("'{claim}' is geen e-mailadres"));
    }
    let waar = match idp.userinfo {
        Userinfogebruik::Nooit => "in het ID-token (userinfo lezen wij niet: 'userinfo' is 'nooit')",
        Userinfogebruik::Altijd | Userinfogebruik::ZoNodig => "in het ID-token of in userinfo",
    };
    // Alleen de namen: wat erin staat gaat het logboek niet aan.
    let lijkt_erop = |naam: &&String| {
        *naam != claim && !naam.ends_with("_verified") && (naam.contains("mail") || ["upn", "preferred_username", "unique_name"].contains(&naam.as_str()))
    };
    let wel: BTreeSet<&str> = bronnen.into_iter().flat_map(Map::keys).filter(lijkt_erop).map(String::as_str).collect();
    let wel = if wel.is_empty() { String::new() } else { format!("; wel {}", wel.into_iter().map(|naam| format!("'{naam}'")).collect::<Vec<_>>().join(", ")) };
    diagnose.verwacht(format!("'{claim}' {waar}")).gezien(format!("geen '{claim}'{wel}"))
}

fn bewezen(idp: &IdpConfig, goed: GoedIdToken, (upstream, gegevens): (Upstream, Gegevens), tokens: Tokens, discovery: &Discovery) -> ProvenLogin {
    let Gegevens { claims: gegevens, gemist } = gegevens;
    // Het ID-token gaat vóór userinfo.
    let tekst = |naam: &str| gegeven(&goed.claims, naam).or_else(|| gegeven(&gegevens, naam));
    let claim = &idp.instellingen.claims.email;
    let email = tekst(claim).filter(|tekst| is_adres(tekst)).map(str::to_lowercase);
    let bron = if gegeven(&goed.claims, claim).is_some() { &goed.claims } else { &gegevens };
    let gemist = gemist.or_else(|| email.is_none().then(|| geen_email(&idp.instellingen, [&goed.claims, &gegevens])));
    ProvenLogin {
        idp_id: idp.id,
        organisatie_id: idp.organisatie_id,
        versienummer: idp.versienummer,
        issuer: idp.instellingen.issuer.clone(),
        email,
        email_verified: bron.get("email_verified").and_then(waar_of_onwaar),
        naam: tekst(&idp.instellingen.claims.naam).map(zonder_besturing).filter(|naam| !naam.is_empty()),
        acr: recept::acr(&upstream, idp.plafond),
        amr: recept::amr(&upstream),
        upstream,
        auth_time: goed.auth_time,
        sid: goed.claims.get("sid").and_then(Value::as_str).map(str::to_owned),
        id_token: tokens.id_token,
        end_session_endpoint: discovery.end_session_endpoint.clone(),
        geheim_id: tokens.geheim_id,
        gemist,
        sub: goed.sub,
    }
}
