//! Sessies bij de hub: wie zich waarmee heeft aangemeld, en tot wanneer dat telt.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

/// Zo lang duurt een sessie ten hoogste: één dienst met overdracht.
pub const LANGST: TimeDelta = TimeDelta::hours(12);
/// Zo lang mag een sessie ongebruikt blijven.
pub const STIL: TimeDelta = TimeDelta::hours(2);

keuze! {
    /// Waarom een sessie eindigde.
    EindeReden { /// De persoon meldde zich af.
        Afgemeld = "afgemeld", /// Een nieuwe aanmelding in dezelfde browser kwam ervoor in de plaats.
        Vervangen = "vervangen", /// Een beheerder, of de persoon zelf vanaf een ander apparaat, beëindigde haar.
        Ingetrokken = "ingetrokken", /// De persoon werd geblokkeerd of verwijderd.
        PersoonGeblokkeerd = "persoon-geblokkeerd", /// De eigen organisatie meldde de persoon af.
        Idp = "idp" }
}

/// Een sessie; haar `id` is de `sid` in tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sessie {
    /// Identificatie, tevens `sid` in tokens.
    pub id: Id,
    /// De persoon.
    pub persoon_id: Id,
    /// De organisatie waarmee de persoon zich aanmeldde.
    pub organisatie_id: Id,
    /// De identiteitsprovider van die organisatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identiteitsprovider_id: Option<Id>,
    /// De uitgever die de aanmelding bewees.
    pub issuer: String,
    /// Wie de persoon daar is; blijft binnen de dienst.
    #[serde(skip)]
    pub upstream_sub: String,
    /// De sessie bij die uitgever; blijft binnen de dienst.
    #[serde(skip)]
    pub upstream_sid: Option<String>,
    /// De bewezen sterkte in onze eigen termen; afwezig als er niets bewezen is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://refeds.org/profile/mfa")]
    pub acr: Option<String>,
    /// De gebruikte middelen (RFC 8176).
    pub amr: Vec<String>,
    /// De sterkte zoals de uitgever haar noemde.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream_acr: Option<String>,
    /// De middelen zoals de uitgever ze noemde.
    pub upstream_amr: Vec<String>,
    /// Moment van aanmelden bij de uitgever; een verlengd token maakt dit nooit nieuwer.
    #[serde(rename = "aangemeldOp")]
    pub auth_time: Moment,
    /// Moment waarop de sessie hier begon.
    pub gestart_op: Moment,
    /// Moment waarop de sessie voor het laatst werd gebruikt.
    pub laatst_gebruikt_op: Moment,
    /// Moment waarop de sessie uiterlijk eindigt.
    pub verloopt_op: Moment,
    /// Moment waarop de sessie is beëindigd.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beeindigd_op: Option<Moment>,
    /// Waarom de sessie is beëindigd.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub einde_reden: Option<EindeReden>,
}

impl Sessie {
    /// Of de sessie nu telt: niet beëindigd, niet verlopen en niet te lang stil.
    #[must_use]
    pub fn geldt(&self, nu: Moment) -> bool {
        self.beeindigd_op.is_none() && nu < self.verloopt_op && nu < self.laatst_gebruikt_op + STIL
    }

    /// Hoe oud de aanmelding bij de uitgever is.
    #[must_use]
    pub fn leeftijd(&self, nu: Moment) -> TimeDelta {
        nu - self.auth_time
    }

    /// Of de aanmelding jong genoeg is voor `max_age` (OIDC Core, 3.1.2.1); `0` vraagt altijd een nieuwe aanmelding.
    #[must_use]
    pub fn jong_genoeg(&self, max_age: Option<i64>, nu: Moment) -> bool {
        max_age.is_none_or(|grens| grens > 0 && self.leeftijd(nu) <= TimeDelta::seconds(grens))
    }

    /// Beëindigt de sessie.
    ///
    /// # Errors
    /// `sessie-al-beeindigd`.
    pub fn beeindigen(&self, reden: EindeReden, nu: Moment) -> Result<Self, Weigering> {
        if self.beeindigd_op.is_some() {
            return Err(Weigering::new("sessie-al-beeindigd", "Deze sessie is al beëindigd."));
        }
        Ok(Self { beeindigd_op: Some(nu), einde_reden: Some(reden), ..self.clone() })
    }
}

/// Wat een beheerder terugkrijgt na het beëindigen van alle sessies van een organisatie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessiesBeeindigd {
    /// De organisatie.
    pub organisatie_id: Id,
    /// Hoeveel sessies er zijn beëindigd.
    #[schema(minimum = 0, example = 42)]
    pub aantal: i64,
    /// Moment.
    pub beeindigd_op: Moment,
}
