//! De vorm van één aanmelding bij een IdP: vertrek, terugkomst, en het bewijs dat daaruit volgt.

use std::collections::BTreeMap;

use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::{Id, Moment};
use url::form_urlencoded;

/// Wat iemand meekrijgt naar de IdP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vertrek {
    /// Ons adres voor het antwoord van deze IdP.
    pub redirect_uri: String,
    /// Ten minste 128 bits toeval, gebonden aan deze browser.
    pub state: String,
    /// Ten minste 128 bits toeval.
    pub nonce: String,
    /// PKCE (S256).
    pub code_challenge: String,
    /// Hoe oud de aanmelding bij de IdP mag zijn; 0 vraagt een nieuwe.
    pub max_age: Option<u64>,
    /// Of de IdP opnieuw om de aanmelding moet vragen; met `max_age` 0 erbij is dat na te gaan.
    pub prompt_login: bool,
    /// Wie zich waarschijnlijk aanmeldt.
    pub login_hint: Option<String>,
    /// Waarden van `acr` die het portaal eist; alleen niveaus die bij de MFA-regel van de IdP horen gaan mee.
    pub acr_eis: Vec<String>,
}

/// Wat bij het vertrek is afgesproken en bij terugkomst moet kloppen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verwacht {
    /// De state van het vertrek.
    pub state: String,
    /// De nonce van het vertrek.
    pub nonce: String,
    /// De PKCE-verifier die bij de challenge hoort.
    pub code_verifier: String,
    /// Ons adres voor het antwoord.
    pub redirect_uri: String,
    /// Moment van vertrek.
    pub vertrokken_op: Moment,
    /// De gevraagde leeftijd van de aanmelding.
    pub max_age: Option<u64>,
}

/// Het antwoord van de IdP, uit query of formulier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallbackParams {
    /// De code.
    pub code: Option<String>,
    /// De state.
    pub state: Option<String>,
    /// De uitgever (RFC 9207).
    pub iss: Option<String>,
    /// De foutcode.
    pub error: Option<String>,
    /// De toelichting bij de fout.
    pub error_description: Option<String>,
}

impl CallbackParams {
    /// Leest query of formulier; iedere parameter mag één keer voorkomen (RFC 6749, 3.1).
    ///
    /// # Errors
    /// `terugkeer-onjuist` bij een herhaalde parameter.
    pub fn parse(gecodeerd: &str) -> Result<Self, Diagnose> {
        let mut velden: BTreeMap<String, String> = BTreeMap::new();
        for (naam, waarde) in form_urlencoded::parse(gecodeerd.as_bytes()) {
            if velden.insert(naam.to_string(), waarde.into_owned()).is_some() {
                return Err(Diagnose::new(DiagnoseCode::TerugkeerOnjuist).verwacht("iedere parameter één keer").gezien(format!("'{naam}' meer dan één keer")));
            }
        }
        let mut neem = |naam: &str| velden.remove(naam).filter(|waarde| !waarde.is_empty());
        Ok(Self { code: neem("code"), state: neem("state"), iss: neem("iss"), error: neem("error"), error_description: neem("error_description") })
    }
}

/// Een bewezen aanmelding; alleen de verificatie in deze crate kan haar maken.
#[derive(Clone)]
pub struct ProvenLogin {
    pub(crate) idp_id: Id,
    pub(crate) organisatie_id: Id,
    pub(crate) versienummer: i32,
    pub(crate) issuer: String,
    pub(crate) sub: String,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: Option<bool>,
    pub(crate) naam: Option<String>,
    pub(crate) acr: String,
    pub(crate) amr: Vec<String>,
    pub(crate) upstream: Upstream,
    pub(crate) auth_time: Option<Moment>,
    pub(crate) sid: Option<String>,
    pub(crate) id_token: String,
    pub(crate) end_session_endpoint: Option<String>,
    pub(crate) geheim_id: Option<Id>,
    pub(crate) gemist: Option<Diagnose>,
}

/// Wat de IdP zelf zei, om te bewaren en te tonen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    /// `acr`.
    pub acr: Option<String>,
    /// `amr`.
    pub amr: Vec<String>,
    /// `acrs` (Entra).
    pub acrs: Vec<String>,
}

/// Een aanmelding die niet bewezen is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geweigerd {
    /// Waarom.
    pub diagnose: Diagnose,
    /// Wat de IdP over de aanmelding zei, als zijn ID-token echt was; de weigering kan daarover gaan.
    pub gezegd: Option<Upstream>,
}

impl From<Diagnose> for Geweigerd {
    fn from(diagnose: Diagnose) -> Self {
        Self { diagnose, gezegd: None }
    }
}

impl From<DiagnoseCode> for Geweigerd {
    fn from(code: DiagnoseCode) -> Self {
        Diagnose::from(code).into()
    }
}

impl std::fmt::Debug for ProvenLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProvenLogin").field("idp_id", &self.idp_id).field("acr", &self.acr).finish_non_exhaustive()
    }
}

impl ProvenLogin {
    /// De registratie waarmee is aangemeld.
    #[must_use]
    pub const fn idp_id(&self) -> Id {
        self.idp_id
    }

    /// De organisatie voor wie de IdP spreekt.
    #[must_use]
    pub const fn organisatie_id(&self) -> Id {
        self.organisatie_id
    }

    /// De versie van de registratie.
    #[must_use]
    pub const fn versienummer(&self) -> i32 {
        self.versienummer
    }

    /// De uitgever; met [`Self::sub`] de identiteit.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// De identiteit bij die uitgever.
    #[must_use]
    pub fn sub(&self) -> &str {
        &self.sub
    }

    /// Het e-mailadres volgens de IdP, in kleine letters; zegt nooit wie iemand is.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Of de IdP zegt dat het e-mailadres bewezen is.
    #[must_use]
    pub const fn email_verified(&self) -> Option<bool> {
        self.email_verified
    }

    /// De naam volgens de IdP.
    #[must_use]
    pub fn naam(&self) -> Option<&str> {
        self.naam.as_deref()
    }

    /// De sterkte zoals wij haar doorgeven: nooit meer dan bewezen is.
    #[must_use]
    pub fn acr(&self) -> &str {
        &self.acr
    }

    /// De middelen (RFC 8176) die wij doorgeven.
    #[must_use]
    pub fn amr(&self) -> &[String] {
        &self.amr
    }

    /// Wat de IdP zelf zei.
    #[must_use]
    pub const fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// `acr` volgens de IdP.
    #[must_use]
    pub fn upstream_acr(&self) -> Option<&str> {
        self.upstream.acr.as_deref()
    }

    /// `amr` volgens de IdP.
    #[must_use]
    pub fn upstream_amr(&self) -> &[String] {
        &self.upstream.amr
    }

    /// `acrs` volgens de IdP.
    #[must_use]
    pub fn upstream_acrs(&self) -> &[String] {
        &self.upstream.acrs
    }

    /// Moment van aanmelden bij de IdP, als die het zei.
    #[must_use]
    pub const fn auth_time(&self) -> Option<Moment> {
        self.auth_time
    }

    /// De sessie bij de IdP.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// Het ID-token, om bij afmelden als `id_token_hint` mee te geven.
    #[must_use]
    pub fn id_token(&self) -> &str {
        &self.id_token
    }

    /// Waar men zich bij de IdP afmeldt.
    #[must_use]
    pub fn end_session_endpoint(&self) -> Option<&str> {
        self.end_session_endpoint.as_deref()
    }

    /// Waarom gegevens uit userinfo of het e-mailadres ontbreken; een oordeel is pas nodig als zij echt gemist worden.
    #[must_use]
    pub const fn gemist(&self) -> Option<&Diagnose> {
        self.gemist.as_ref()
    }

    /// Het geheim of de sleutel waarmee wij ons bekendmaakten.
    #[must_use]
    pub const fn geheim_id(&self) -> Option<Id> {
        self.geheim_id
    }
}
