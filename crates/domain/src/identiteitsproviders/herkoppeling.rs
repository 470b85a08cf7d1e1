//! Opnieuw koppelen: na een vervangen aanmelddienst of een nieuw account bewijst iemand zich nog één keer met een eenmalige code.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::keuze::keuze;
use crate::{Id, aanmeldingen};

keuze! {
    /// Waarom iemand zich na het loskoppelen niet zomaar opnieuw kan koppelen.
    HerkoppelBeletsel { /// De registratie is geblokkeerd.
        PersoonGeblokkeerd = "persoon-geblokkeerd", /// Het geregistreerde adres valt buiten de e-maildomeinen van de organisatie.
        EMailBuitenDomein = "e-mail-buiten-domein" }
}

/// Zoveel beletsels staan er ten hoogste in een verslag; het aantal klopt altijd.
pub const MEESTE_BELETSELS: usize = 200;

/// Gegevens om mensen opnieuw te laten koppelen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweHerkoppeling {
    /// De reden, voor het auditlogboek.
    #[schema(min_length = 1, max_length = 2000, example = "De app-registratie is vervangen; iedereen heeft een nieuwe sub.")]
    pub reden: String,
    /// Alleen deze mensen; zonder dit veld iedereen van de organisatie die bij deze uitgever gekoppeld is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    pub personen: Option<Vec<Id>>,
}

/// Iemand die bij een uitgever gekoppeld is, voor zover dat hier telt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gekoppeld {
    /// De persoon.
    pub persoon_id: Id,
    /// Geregistreerd e-mailadres.
    pub email: String,
    /// Of de registratie geblokkeerd is.
    pub geblokkeerd: bool,
}

/// Iemand die zich niet zomaar opnieuw kan koppelen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Beletsel {
    /// De persoon.
    pub persoon_id: Id,
    /// Wat eerst opgelost moet worden.
    pub beletsel: HerkoppelBeletsel,
}

/// Wie er losgekoppeld is, of (in de proef) zou worden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Herkoppeling {
    /// De registratie.
    pub identiteitsprovider_id: Id,
    /// De uitgever waarvan koppelingen vervallen.
    #[schema(example = "https://idp.voorbeeld.example")]
    pub issuer: String,
    /// Hoeveel mensen zich opnieuw moeten koppelen.
    #[schema(minimum = 0, example = 120)]
    pub aantal: i64,
    /// Hoeveel van hen dat niet zomaar kunnen.
    #[schema(minimum = 0, example = 1)]
    pub aantal_beletsels: i64,
    /// Wie dat zijn, en wat eerst opgelost moet worden.
    #[schema(max_items = 200)]
    pub beletsels: Vec<Beletsel>,
}

impl Herkoppeling {
    /// Het verslag over deze mensen.
    #[must_use]
    pub fn van(identiteitsprovider_id: Id, issuer: String, mensen: &[Gekoppeld], emaildomeinen: &[String]) -> Self {
        let beletsel = |g: &Gekoppeld| match g {
            _ if g.geblokkeerd => Some(HerkoppelBeletsel::PersoonGeblokkeerd),
            _ if !aanmeldingen::binnen_domeinen(&g.email, emaildomeinen) => Some(HerkoppelBeletsel::EMailBuitenDomein),
            _ => None,
        };
        let mut beletsels: Vec<Beletsel> = mensen.iter().filter_map(|g| Some(Beletsel { persoon_id: g.persoon_id, beletsel: beletsel(g)? })).collect();
        let tel = |aantal: usize| i64::try_from(aantal).unwrap_or(i64::MAX);
        let aantal_beletsels = tel(beletsels.len());
        beletsels.truncate(MEESTE_BELETSELS);
        Self { identiteitsprovider_id, issuer, aantal: tel(mensen.len()), aantal_beletsels, beletsels }
    }
}
