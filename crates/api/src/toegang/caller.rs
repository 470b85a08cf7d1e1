//! De aanroeper, zoals een handler hem ziet.

use std::future::Ready;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use domain::organisaties::Organisatie;
use domain::personen::{Persoon, Rol};
use domain::toepassingen::Toepassing;
use domain::{Id, Moment};

use crate::invoer::from_request;
use crate::middleware::Trace;
use crate::problem::{self, Problem};

/// Een mens of een programma.
#[derive(Debug, Clone, PartialEq)]
pub enum Wie {
    /// Een persoon, met MFA aangemeld.
    Persoon(Persoon),
    /// Een toepassing, met haar eigen sleutel aangemeld.
    Toepassing(Toepassing),
}

/// Hoe de aanmelding is bewezen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aanmelding {
    /// Uitgever van het token.
    pub issuer: String,
    /// Klant aan wie het token is gegeven.
    pub client_id: Option<String>,
    /// Sterkte volgens het token.
    pub acr: Option<String>,
    /// Gebruikte middelen.
    pub amr: Vec<String>,
    /// Wanneer de persoon zich aanmeldde.
    pub auth_time: Option<Moment>,
    /// Tot wanneer het token geldt.
    pub exp: Option<Moment>,
    /// De autorisatie waar een eigen token van een persoon uit komt.
    pub autorisatie: Option<Id>,
    /// Sleutel of certificaat waaraan het token gebonden is.
    pub cnf: Option<serde_json::Value>,
}

/// Wat er over de aanroeper bekend is; hoogstens vijf seconden oud.
#[derive(Debug, Clone)]
pub struct Beller {
    /// Persoon of toepassing, met rollen of scopes en status.
    pub wie: Wie,
    /// De organisatie waarvoor de aanroeper handelt.
    pub organisatie: Organisatie,
    /// Of de organisatie vandaag gecertificeerd implementatiepartner is; alleen nagegaan voor een toepassing.
    pub gecertificeerd: bool,
    /// Scopes van het token, voor een toepassing ingeperkt tot wat haar nu is toegekend.
    pub scopes: Vec<String>,
    /// Hoe de aanmelding is bewezen.
    pub aanmelding: Aanmelding,
}

/// De aanroeper van dit verzoek. Als extractor: zonder geldig token komt de handler niet aan bod.
#[derive(Debug, Clone)]
pub struct Caller {
    pub(crate) beller: Arc<Beller>,
    pub(crate) trace: Trace,
}

impl Deref for Caller {
    type Target = Beller;

    fn deref(&self) -> &Beller {
        &self.beller
    }
}

impl Beller {
    /// Id van persoon of toepassing.
    #[must_use]
    pub const fn id(&self) -> Id {
        match &self.wie {
            Wie::Persoon(persoon) => persoon.id,
            Wie::Toepassing(toepassing) => toepassing.id,
        }
    }

    /// De organisatie waarvoor de aanroeper handelt.
    #[must_use]
    pub const fn organisatie_id(&self) -> Id {
        self.organisatie.id
    }

    /// De persoon, als het er een is.
    #[must_use]
    pub const fn persoon(&self) -> Option<&Persoon> {
        match &self.wie {
            Wie::Persoon(persoon) => Some(persoon),
            Wie::Toepassing(_) => None,
        }
    }

    /// De toepassing, als het er een is.
    #[must_use]
    pub const fn toepassing(&self) -> Option<&Toepassing> {
        match &self.wie {
            Wie::Toepassing(toepassing) => Some(toepassing),
            Wie::Persoon(_) => None,
        }
    }

    /// Rollen van de persoon; een toepassing heeft er geen.
    #[must_use]
    pub fn rollen(&self) -> &[Rol] {
        self.persoon().map_or(&[], |persoon| &persoon.rollen)
    }

    /// Of het token deze scope draagt.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }
}

impl Caller {
    /// Een aanroeper die niet uit een verzoek komt, voor werkers en proeven.
    #[must_use]
    pub fn new(beller: Arc<Beller>, trace: Trace) -> Self {
        Self { beller, trace }
    }

    /// Spoor van dit verzoek.
    #[must_use]
    pub const fn trace(&self) -> Trace {
        self.trace
    }

    /// Wie er in de auditregel komt.
    #[must_use]
    pub fn actor(&self) -> store::Actor {
        store::Actor {
            persoon_id: self.persoon().map(|persoon| persoon.id),
            toepassing_id: self.toepassing().map(|toepassing| toepassing.id),
            organisatie_id: Some(self.organisatie_id()),
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        from_request(req, |verzoek| verzoek.caller.clone().ok_or_else(|| problem::fout("operatie zonder security vraagt een aanroeper")))
    }
}
