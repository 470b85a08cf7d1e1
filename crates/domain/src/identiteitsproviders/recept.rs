//! Wat MFA bewijst bij een identiteitsprovider, en hoe ernaar gevraagd wordt: gegevens, nooit code per product.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::Veldfout;
use crate::keuze::keuze;

/// De claim van AD FS voor meervoudige authenticatie.
const MULTIPLEAUTHN: &str = "http://schemas.microsoft.com/claims/multipleauthn";
/// De niveaus van eIDAS, laag naar hoog.
pub const EIDAS: [&str; 3] = ["http://eidas.europa.eu/LoA/low", "http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high"];

keuze! {
    /// Een kant-en-klare MFA-regel.
    MfaPreset { /// Entra ID met tokens van versie 2: `acrs` bevat de authentication context.
        EntraV2 = "entra-v2", /// Entra ID versie 1, Okta, Authentik, Zitadel en anderen die RFC 8176 volgen: `amr`.
        Amr = "amr", /// AD FS: `amr` of `authnmethodsreferences` met multipleauthn.
        Adfs = "adfs", /// Keycloak en anderen met een niveau in `acr`.
        Acr = "acr", /// eIDAS of NL GOV: `acr` is een niveau, geordend.
        Eidas = "eidas", /// Een eigen regel.
        Vrij = "vrij" }
}
keuze! {
    /// Hoe een claim wordt getoetst.
    MfaToets { /// De claim is een lijst met ten minste één van de waarden.
        Bevat = "bevat", /// De claim is een tekst, gelijk aan één van de waarden.
        Gelijk = "gelijk", /// De claim is een lijst volgens RFC 8176: `mfa`, of twee verschillende soorten factoren.
        Factoren = "factoren", /// De claim is een tekst op of boven `minimum` in de waarden, die van laag naar hoog staan.
        Niveau = "niveau" }
}

/// Eén bewijs van MFA in het ID-token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MfaBewijs {
    /// De claim.
    #[schema(min_length = 1, max_length = 200, example = "acrs")]
    pub claim: String,
    /// De toets.
    pub toets: MfaToets,
    /// De waarden waarmee getoetst wordt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20, example = json!(["c1"]))]
    pub waarden: Vec<String>,
    /// Laagste waarde die telt, bij de toets `niveau`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, nullable = false, example = "http://eidas.europa.eu/LoA/substantial")]
    pub minimum: Option<String>,
    /// Of één tekst ook mag waar de standaard een lijst voorschrijft.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tekst_toegestaan: bool,
}

/// Een claim die als verplicht wordt gevraagd (OpenID Connect Core, 5.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GevraagdeClaim {
    /// De claim in het ID-token.
    #[schema(min_length = 1, max_length = 200, example = "acrs")]
    pub claim: String,
    /// De gevraagde waarden.
    #[schema(max_items = 20, example = json!(["c1"]))]
    pub waarden: Vec<String>,
}

/// Hoe om MFA wordt gevraagd.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MfaVraag {
    /// Waarden voor `acr_values`, voorkeur eerst.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub acr_values: Vec<String>,
    /// Verplichte claims in de parameter `claims`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub claims: Vec<GevraagdeClaim>,
}

/// De MFA-regel van een registratie: één van de bewijzen volstaat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MfaRecept {
    /// Waar de regel vandaan komt.
    pub preset: MfaPreset,
    /// De bewijzen; één volstaat.
    pub bewijs: Vec<MfaBewijs>,
    /// Hoe ernaar gevraagd wordt.
    pub vraag: MfaVraag,
}

/// De keuze van een MFA-regel: een preset met waarden, of bij `vrij` een eigen regel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MfaKeuze {
    /// De preset.
    pub preset: MfaPreset,
    /// De waarden van de preset: de authentication context (`entra-v2`), de niveaus (`acr`) of het laagste niveau (`eidas`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20, example = json!(["c1"]))]
    pub waarden: Vec<String>,
    /// Of één tekst ook mag waar de standaard een lijst voorschrijft.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tekst_toegestaan: bool,
    /// De bewijzen van een eigen regel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub bewijs: Vec<MfaBewijs>,
    /// De vraag van een eigen regel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub vraag: Option<MfaVraag>,
}

fn fout(fouten: &mut Vec<Veldfout>, plaats: &str, code: &str, detail: &str) {
    fouten.push(Veldfout::new(plaats, code, detail));
}

/// Claims die iets anders betekenen dan hoe iemand zich aanmeldde; zij kunnen geen MFA bewijzen.
const GEEN_BEWIJS: [&str; 16] =
    ["iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "at_hash", "c_hash", "auth_time", "sid", "jti", "email", "email_verified", "name"];

fn keur_bewijs(fouten: &mut Vec<Veldfout>, plek: usize, bewijs: &MfaBewijs) {
    let bij = |veld: &str| format!("/mfa/bewijs/{plek}/{veld}");
    if bewijs.claim.trim().is_empty() || GEEN_BEWIJS.contains(&bewijs.claim.as_str()) {
        fout(fouten, &bij("claim"), "mfa-claim-ongeschikt", "Noem de claim waarin de aanmelddienst zegt hoe iemand zich aanmeldde; deze zegt dat niet.");
    }
    if bewijs.toets != MfaToets::Factoren && (bewijs.waarden.is_empty() || bewijs.waarden.iter().any(|waarde| waarde.trim().is_empty())) {
        fout(fouten, &bij("waarden"), "mfa-waarden-leeg", "Noem ten minste één waarde die MFA bewijst; lege waarden tellen niet.");
    }
    let op_de_lijst = bewijs.minimum.as_ref().is_some_and(|minimum| bewijs.waarden.contains(minimum));
    if bewijs.toets == MfaToets::Niveau && !op_de_lijst {
        fout(fouten, &bij("minimum"), "mfa-minimum-onbekend", "Noem als minimum een van de waarden; zij staan van laag naar hoog.");
    }
}

impl MfaKeuze {
    /// Werkt de keuze uit tot een regel.
    ///
    /// # Errors
    /// Alle fouten in de keuze.
    pub fn recept(&self) -> Result<MfaRecept, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        if self.preset != MfaPreset::Vrij && (!self.bewijs.is_empty() || self.vraag.is_some()) {
            fout(&mut fouten, "/mfa/preset", "mfa-preset-en-vrij", "Een eigen bewijs of vraag kan alleen met de preset 'vrij'.");
        }
        let neemt_waarden = matches!(self.preset, MfaPreset::EntraV2 | MfaPreset::Acr | MfaPreset::Eidas);
        if !neemt_waarden && !self.waarden.is_empty() {
            fout(&mut fouten, "/mfa/waarden", "mfa-waarden-overbodig", "Deze preset heeft geen eigen waarden; laat dit veld weg.");
        }
        if matches!(self.preset, MfaPreset::EntraV2 | MfaPreset::Acr) && (self.waarden.is_empty() || self.waarden.iter().any(|w| w.trim().is_empty())) {
            fout(&mut fouten, "/mfa/waarden", "mfa-waarden-leeg", "Noem de waarden die MFA bewijzen, bijvoorbeeld de authentication context 'c1'.");
        }
        if self.preset == MfaPreset::Eidas && (self.waarden.len() > 1 || self.waarden.iter().any(|w| !EIDAS.iter().skip(1).any(|niveau| niveau == w))) {
            let uitleg = "Noem één laagste niveau: http://eidas.europa.eu/LoA/substantial of http://eidas.europa.eu/LoA/high.";
            fout(&mut fouten, "/mfa/waarden", "mfa-niveau-onbekend", uitleg);
        }
        let recept = self.uitwerken();
        if recept.bewijs.is_empty() {
            fout(&mut fouten, "/mfa/bewijs", "mfa-bewijs-leeg", "Een eigen regel heeft ten minste één bewijs.");
        }
        if self.preset == MfaPreset::Vrij {
            recept.bewijs.iter().enumerate().for_each(|(plek, bewijs)| keur_bewijs(&mut fouten, plek, bewijs));
        }
        crate::invoer::klaar(fouten, recept)
    }

    fn uitwerken(&self) -> MfaRecept {
        let bewijs = |claim: &str, toets, waarden: &[String]| MfaBewijs {
            claim: claim.to_owned(),
            toets,
            waarden: waarden.to_vec(),
            minimum: None,
            tekst_toegestaan: self.tekst_toegestaan,
        };
        let multipleauthn = [MULTIPLEAUTHN.to_owned()];
        let (bewijs, vraag) = match self.preset {
            MfaPreset::EntraV2 => {
                let claims = vec![GevraagdeClaim { claim: "acrs".to_owned(), waarden: self.waarden.clone() }];
                (vec![bewijs("acrs", MfaToets::Bevat, &self.waarden)], MfaVraag { acr_values: Vec::new(), claims })
            }
            MfaPreset::Amr => (vec![bewijs("amr", MfaToets::Factoren, &[])], MfaVraag::default()),
            MfaPreset::Adfs => {
                let claims = ["amr", "authnmethodsreferences", "http://schemas.microsoft.com/claims/authnmethodsreferences"];
                let vraag = MfaVraag { acr_values: multipleauthn.to_vec(), claims: Vec::new() };
                (claims.iter().map(|claim| bewijs(claim, MfaToets::Bevat, &multipleauthn)).collect(), vraag)
            }
            MfaPreset::Acr => (vec![bewijs("acr", MfaToets::Gelijk, &self.waarden)], MfaVraag { acr_values: self.waarden.clone(), claims: Vec::new() }),
            MfaPreset::Eidas => {
                let minimum = self.waarden.first().cloned().unwrap_or_else(|| EIDAS[1].to_owned());
                let niveaus = EIDAS.map(str::to_owned);
                let niveau = MfaBewijs { minimum: Some(minimum.clone()), ..bewijs("acr", MfaToets::Niveau, &niveaus) };
                let gevraagd = niveaus.iter().skip_while(|niveau| **niveau != minimum).cloned().collect();
                (vec![niveau], MfaVraag { acr_values: gevraagd, claims: Vec::new() })
            }
            MfaPreset::Vrij => (self.bewijs.clone(), self.vraag.clone().unwrap_or_default()),
        };
        MfaRecept { preset: self.preset, bewijs, vraag }
    }
}
