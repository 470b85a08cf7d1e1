//! Waaraan een token gebonden wordt: een DPoP-sleutel (RFC 9449) of het certificaat van de client (RFC 8705, 3).

use actix_web::HttpRequest;
use chrono::DateTime;
use domain::Moment;
use provider::{DpopError, DpopProof, DpopTarget, OAuthError};
use serde_json::{Value, json};
use store::Tx;

use super::Refused;
use super::client::{Client, Once};
use crate::app::App;

/// De kop met het bewijs.
pub(crate) const DPOP: &str = "dpop";

/// Het bewijs in de koppen, als het er is.
pub(crate) fn proof_of(headers: &actix_web::http::header::HeaderMap) -> Result<Option<&str>, DpopError> {
    let mut values = headers.get_all(DPOP);
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| DpopError::Malformed),
        _ => Err(DpopError::Headers),
    }
}

/// De binding van één verzoek.
#[derive(Debug, Clone, Default)]
pub(super) struct Binding {
    dpop: Option<DpopProof>,
    certificate: Option<String>,
}

impl Binding {
    /// Leest en controleert het bewijs bij dit adres.
    pub(super) fn of(app: &App, req: &HttpRequest, path: &str, now: Moment) -> Result<Self, Refused> {
        let Some(proof) = proof_of(req.headers())? else { return Ok(Self::default()) };
        let url = format!("{}{path}", app.settings.base_url);
        let target = DpopTarget { method: req.method().as_str(), url: &url, access_token: None };
        Ok(Self { dpop: Some(provider::verify_dpop(proof, &target, now)?), certificate: None })
    }

    /// Voegt het certificaat van de client toe, en eist een binding als de registratie dat doet.
    pub(super) fn for_client(mut self, client: &Client) -> Result<Self, Refused> {
        self.certificate = client.certificate.as_ref().map(|certificate| certificate.thumbprint.clone());
        let dpop_missing = client.toepassing.dpop_verplicht && self.dpop.is_none();
        if dpop_missing || (client.toepassing.gebonden_tokens() && self.cnf().is_none()) {
            // Er is geen bewijs dat onjuist is (RFC 9449, 5): het verzoek is niet compleet.
            return Err(OAuthError::bad("invalid_request", "Deze client krijgt alleen tokens die aan een sleutel gebonden zijn: stuur een kop DPoP.").into());
        }
        Ok(self)
    }

    /// Duimafdruk van de DPoP-sleutel.
    pub(super) fn jkt(&self) -> Option<&str> {
        self.dpop.as_ref().map(|proof| proof.jkt.as_str())
    }

    /// De claim `cnf`.
    pub(super) fn cnf(&self) -> Option<Value> {
        match (&self.dpop, &self.certificate) {
            (Some(proof), _) => Some(json!({ "jkt": proof.jkt })),
            (None, Some(thumbprint)) => Some(json!({ "x5t#S256": thumbprint })),
            (None, None) => None,
        }
    }

    /// Het soort token.
    pub(super) const fn token_type(&self) -> &'static str {
        if self.dpop.is_some() { "DPoP" } else { "Bearer" }
    }

    /// Het kenmerk van het bewijs, dat maar één keer telt.
    pub(super) fn once(&self) -> Option<Once> {
        let proof = self.dpop.as_ref()?;
        let until = DateTime::from_timestamp(proof.remember_until, 0)?;
        Some(Once { owner: format!("dpop:{}", proof.jkt), jti: proof.jti.clone(), until })
    }

    /// Tekent het bewijs als gebruikt.
    pub(super) fn spend(&self, tx: &mut Tx<'_>) -> Result<(), Refused> {
        match self.once() {
            Some(once) if !tx.use_jti(&once.owner, &once.jti, once.until)? => Err(DpopError::Replay.into()),
            _ => Ok(()),
        }
    }
}
