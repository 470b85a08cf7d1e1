//! De ene plek waar een token wordt bewezen: eigen sleutels of die van een vertrouwde uitgever.

use domain::{Id, Moment};

use super::challenge;
use crate::app::App;
use crate::problem::Problem;

/// Een uitgever buiten deze dienst, en waarvoor wij hem vertrouwen.
#[derive(Debug, Clone)]
pub struct Trusted {
    /// De organisatie voor wie hij spreekt; zonder waarde voor elke organisatie.
    pub organisatie_id: Option<Id>,
    /// Of een bewezen e-mailadres bij de eerste aanmelding een geregistreerde persoon mag koppelen.
    pub link_by_email: bool,
    /// Scopes die zijn tokens krijgen als zij onze scopes niet kennen; zonder waarde telt het token zelf.
    pub scopes: Option<Vec<String>>,
}

/// Uitgevers buiten deze dienst.
#[derive(Debug, Default)]
pub struct Issuers {
    trusted: Vec<Trusted>,
}

/// Van wie het token is.
#[derive(Debug, Clone)]
pub(crate) enum Bron {
    Eigen,
    Vertrouwd(Box<Trusted>),
}

/// Een token waarvan handtekening, uitgever, bestemming en tijd kloppen.
#[derive(Debug, Clone)]
pub(crate) struct Bewezen {
    pub(crate) bron: Bron,
    pub(crate) issuer: String,
    pub(crate) sub: String,
    pub(crate) client_id: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) acr: Option<String>,
    pub(crate) amr: Vec<String>,
    pub(crate) auth_time: Option<Moment>,
    pub(crate) exp: Option<Moment>,
    pub(crate) mfa: bool,
    pub(crate) verified_email: Option<String>,
}

pub(crate) async fn verify(_app: &App, _token: &str, _now: Moment) -> Result<Bewezen, Problem> {
    Err(challenge::invalid("nog niet"))
}
