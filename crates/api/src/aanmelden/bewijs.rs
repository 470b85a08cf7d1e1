//! Het bewijs van een aanmelding, zoals het tussen twee verzoeken bewaard wordt.

use chrono::DateTime;
use domain::personen::Persoon;
use domain::sessies::{LANGST, Sessie};
use domain::{Id, Moment};
use federation::ProvenLogin;
use serde::{Deserialize, Serialize};
use store::pogingen::Poging;
use store::sessies::Afmeldgegevens;

use crate::problem::{self, Problem};

/// Zo lang mag een ID-token zijn om bij het afmelden mee te geven: met de rest erbij blijft het adres onder de 4 KiB.
const LANGSTE_HINT: usize = 3_000;

/// Wat een identiteitsprovider bewees. Alleen te maken uit een [`ProvenLogin`], en alleen terug te lezen uit een poging
/// waarin het eerder is gezet.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Bewijs {
    idp_id: Id,
    organisatie_id: Id,
    issuer: String,
    sub: String,
    email: Option<String>,
    /// Alleen een uitdrukkelijk nee telt: veel identiteitsproviders noemen dit niet, en de eenmalige code bewijst het adres.
    email_ontkend: bool,
    naam: Option<String>,
    acr: String,
    amr: Vec<String>,
    upstream_acr: Option<String>,
    upstream_amr: Vec<String>,
    auth_time: Option<Moment>,
    sid: Option<String>,
    id_token: String,
    end_session_endpoint: Option<String>,
}

impl std::fmt::Debug for Bewijs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bewijs").field("idp_id", &self.idp_id).field("acr", &self.acr).finish_non_exhaustive()
    }
}

impl From<&ProvenLogin> for Bewijs {
    fn from(proven: &ProvenLogin) -> Self {
        let acrs = proven.upstream_acrs();
        Self {
            idp_id: proven.idp_id(),
            organisatie_id: proven.organisatie_id(),
            issuer: proven.issuer().to_owned(),
            sub: proven.sub().to_owned(),
            email: proven.email().map(str::to_lowercase),
            email_ontkend: proven.email_verified() == Some(false),
            naam: proven.naam().map(str::to_owned),
            acr: proven.acr().to_owned(),
            amr: proven.amr().to_vec(),
            // Entra noemt in plaats van acr een lijst acrs; ook die blijft letterlijk bewaard.
            upstream_acr: proven.upstream_acr().map(str::to_owned).or_else(|| (!acrs.is_empty()).then(|| format!("acrs: {}", acrs.join(" ")))),
            upstream_amr: proven.upstream_amr().to_vec(),
            auth_time: proven.auth_time(),
            sid: proven.sid().map(str::to_owned),
            id_token: proven.id_token().to_owned(),
            end_session_endpoint: proven.end_session_endpoint().map(str::to_owned),
        }
    }
}

impl Bewijs {
    /// Het bewijs dat bij een poging bewaard is.
    pub(crate) fn van_poging(poging: &Poging) -> Result<Option<Self>, Problem> {
        poging.bewijs.clone().map(serde_json::from_value).transpose().map_err(problem::fout)
    }

    pub(crate) fn identiteit(&self) -> (&str, &str) {
        (&self.issuer, &self.sub)
    }

    pub(crate) fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Hoe de identiteitsprovider de persoon noemt.
    pub(crate) fn naam(&self) -> Option<&str> {
        self.naam.as_deref()
    }

    /// Of de identiteitsprovider zelf zegt dat het adres niet gecontroleerd is.
    pub(crate) const fn email_ontkend(&self) -> bool {
        self.email_ontkend
    }

    pub(crate) const fn organisatie_id(&self) -> Id {
        self.organisatie_id
    }

    pub(crate) fn acr(&self) -> &str {
        &self.acr
    }

    pub(crate) fn upstream(&self) -> (Option<&str>, &[String]) {
        (self.upstream_acr.as_deref(), &self.upstream_amr)
    }

    /// Waarmee de persoon later ook bij de eigen organisatie is af te melden. Een lang ID-token (veel groepen) past niet in een
    /// adres dat iedere proxy doorlaat; afmelden gaat dan zonder.
    pub(crate) fn afmelden(&self) -> Afmeldgegevens {
        let id_token = Some(self.id_token.clone()).filter(|token| token.len() <= LANGSTE_HINT);
        Afmeldgegevens { id_token, end_session_endpoint: self.end_session_endpoint.clone() }
    }

    /// De sessie die met dit bewijs begint. Zei de identiteitsprovider niet wanneer de persoon zich aanmeldde, dan is dat
    /// 'nooit': wie een verse aanmelding nodig heeft, vraagt er dan een.
    pub(crate) fn sessie(&self, id: Id, persoon: &Persoon, nu: Moment) -> Sessie {
        Sessie {
            id,
            persoon_id: persoon.id,
            organisatie_id: persoon.organisatie_id,
            identiteitsprovider_id: Some(self.idp_id),
            issuer: self.issuer.clone(),
            upstream_sub: self.sub.clone(),
            upstream_sid: self.sid.clone(),
            acr: Some(self.acr.clone()),
            amr: self.amr.clone(),
            upstream_acr: self.upstream_acr.clone(),
            upstream_amr: self.upstream_amr.clone(),
            auth_time: self.auth_time.unwrap_or(DateTime::UNIX_EPOCH),
            gestart_op: nu,
            laatst_gebruikt_op: nu,
            verloopt_op: nu + LANGST,
            beeindigd_op: None,
            einde_reden: None,
        }
    }
}
