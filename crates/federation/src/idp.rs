//! Een identiteitsprovider van een organisatie, klaar om mee aan te melden: instellingen, en wie wij daar zijn.

use domain::Id;
use domain::identiteitsproviders::{Clientauthenticatie, EidasNiveau};
use jsonwebtoken::EncodingKey;
use zeroize::Zeroizing;

pub use domain::identiteitsproviders::{ClaimMapping, IdpInstellingen, MfaRecept};

/// Een geheim dat de IdP ons gaf.
#[derive(Clone)]
pub struct ClientGeheim {
    /// Identificatie, om te weten welk geheim gebruikt is.
    pub id: Id,
    waarde: Zeroizing<String>,
}

impl ClientGeheim {
    /// Een geheim; het wordt gewist als het niet meer nodig is.
    #[must_use]
    pub const fn new(id: Id, waarde: Zeroizing<String>) -> Self {
        Self { id, waarde }
    }

    pub(crate) fn waarde(&self) -> &str {
        &self.waarde
    }
}

/// Een sleutel waarmee wij ons bij de IdP bekendmaken (ES256).
#[derive(Clone)]
pub struct ClientSleutel {
    /// Identificatie, om te weten welke sleutel gebruikt is.
    pub id: Id,
    pub(crate) kid: String,
    pub(crate) sleutel: EncodingKey,
}

impl ClientSleutel {
    /// Een P-256-sleutel uit PKCS#8.
    #[must_use]
    pub fn new(id: Id, kid: String, pkcs8: &[u8]) -> Self {
        Self { id, kid, sleutel: EncodingKey::from_ec_der(pkcs8) }
    }
}

impl std::fmt::Debug for ClientGeheim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientGeheim({})", self.id)
    }
}

impl std::fmt::Debug for ClientSleutel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientSleutel({})", self.kid)
    }
}

/// Hoe wij ons bekendmaken, met wat daarvoor nodig is; nieuwste eerst, want tijdens een wissel gelden er twee.
#[derive(Clone, Debug)]
pub enum ClientAuthenticatie {
    /// Een ondertekende bewering (RFC 7523).
    PrivateKeyJwt(Vec<ClientSleutel>),
    /// Een geheim in de kop (RFC 6749, 2.3.1).
    Basic(Vec<ClientGeheim>),
    /// Een geheim in het formulier.
    Post(Vec<ClientGeheim>),
}

impl ClientAuthenticatie {
    /// Hoe deze wijze in de instellingen heet.
    #[must_use]
    pub const fn soort(&self) -> Clientauthenticatie {
        match self {
            Self::PrivateKeyJwt(_) => Clientauthenticatie::PrivateKeyJwt,
            Self::Basic(_) => Clientauthenticatie::ClientSecretBasic,
            Self::Post(_) => Clientauthenticatie::ClientSecretPost,
        }
    }
}

/// Een identiteitsprovider waarmee iemand zich kan aanmelden.
#[derive(Clone, Debug)]
pub struct IdpConfig {
    /// De registratie.
    pub id: Id,
    /// De organisatie voor wie de IdP spreekt.
    pub organisatie_id: Id,
    /// Naam voor beheerders.
    pub naam: String,
    /// De versie van de instellingen.
    pub versienummer: i32,
    /// De instellingen.
    pub instellingen: IdpInstellingen,
    /// Wie wij daar zijn.
    pub client: ClientAuthenticatie,
    /// Het hoogste eIDAS-niveau dat wij van deze IdP doorgeven; zonder beoordeling geen enkel.
    pub plafond: Option<EidasNiveau>,
}
