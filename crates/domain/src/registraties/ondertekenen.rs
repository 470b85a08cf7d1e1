//! Ondertekenen: wie, in welke volgorde, en wat er precies getekend wordt.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{Beheerafspraken, Beheerder, Registratie, RegistratieStatus, SharepointStand};
use crate::keuze::keuze;
use crate::organisaties::Organisatie;
use crate::personen::Persoon;
use crate::{Id, Moment, Weigering};

/// Hoe oud een aanmelding bij het tekenen mag zijn, in seconden (RFC 9470).
pub const VERSHEID: i64 = 900;

keuze! {
    /// Namens wie een handtekening is gezet.
    Ondertekenpartij { /// De organisatie, door een tekenbevoegde.
        Organisatie = "organisatie", /// NIPV, door landelijk functioneel beheer.
        Nipv = "nipv" }
}

/// Een handtekening in het kort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OndertekeningKort {
    /// Identificatie.
    pub id: Id,
    /// Namens wie.
    pub partij: Ondertekenpartij,
    /// Wie tekende.
    pub persoon_id: Id,
    /// Wanneer.
    pub ondertekend_op: Moment,
}

/// Hoe de ondertekenaar zich had aangemeld; staat in wat getekend wordt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Aanmeldbewijs {
    /// De uitgever van het token.
    pub issuer: String,
    /// De toepassing waarmee werd gewerkt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Sterkte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Middelen (RFC 8176).
    pub amr: Vec<String>,
    /// Moment van aanmelden.
    pub auth_time: Moment,
}

impl Aanmeldbewijs {
    /// Of de aanmelding vers genoeg is om te tekenen: ten hoogste vijftien minuten oud.
    #[must_use]
    pub fn is_vers(&self, nu: Moment) -> bool {
        (nu - self.auth_time).num_seconds() <= VERSHEID
    }
}

/// Wie tekent.
#[derive(Clone, Copy, Debug)]
pub struct Ondertekenaar<'a> {
    /// De persoon.
    pub persoon: &'a Persoon,
    /// Diens organisatie.
    pub organisatie: &'a Organisatie,
    /// De aanmelding.
    pub aanmelding: &'a Aanmeldbewijs,
}

impl Ondertekenaar<'_> {
    /// Namens wie deze persoon tekent.
    #[must_use]
    pub fn partij(&self, registratie: &Registratie) -> Ondertekenpartij {
        if self.organisatie.id == registratie.organisatie_id { Ondertekenpartij::Organisatie } else { Ondertekenpartij::Nipv }
    }
}

impl Registratie {
    /// Zet een handtekening: eerst de organisatie, dan NIPV; de tweede maakt de registratie actief. `personen` zijn ten minste de
    /// beheerders zoals zij nu zijn.
    ///
    /// # Errors
    /// `eigen-registratie-ondertekenen`, `zelfde-ondertekenaar`, `al-ondertekend`, `volgorde-ondertekening`, `registratie-status`,
    /// `beheerder-uitgevallen`.
    pub fn ondertekenen(&self, id: Id, wie: &Ondertekenaar<'_>, personen: &[Persoon], nu: Moment) -> Result<(Self, OndertekeningKort), Weigering> {
        let partij = wie.partij(self);
        self.mag_tekenen(wie.persoon, partij)?;
        self.niemand_uitgevallen(personen)?;
        let kort = OndertekeningKort { id, partij, persoon_id: wie.persoon.id, ondertekend_op: nu };
        let mut nieuw = self.verhoogd(nu);
        nieuw.ondertekeningen.push(kort.clone());
        match partij {
            Ondertekenpartij::Organisatie => nieuw.status = RegistratieStatus::OndertekendOrganisatie,
            Ondertekenpartij::Nipv => {
                nieuw.status = RegistratieStatus::Actief;
                nieuw.actief_op = Some(nu);
                nieuw.behoud_toegang();
            }
        }
        Ok((nieuw.herleid(), kort))
    }

    /// Tussen indienen en tekenen kan een beheerder geblokkeerd of verwijderd zijn: wie tekent, stelt niemand aan die niet mag werken
    /// (stap 4, 'organisatiebeheerders wordt aangesteld').
    fn niemand_uitgevallen(&self, personen: &[Persoon]) -> Result<(), Weigering> {
        let mag = |b: &&Beheerder| personen.iter().any(|p| p.id == b.persoon_id && p.is_aan_te_wijzen());
        let weg: Vec<&str> = self.zittende().filter(|b| !mag(b)).map(|b| b.naam.as_str()).collect();
        if weg.is_empty() {
            return Ok(());
        }
        let detail = format!(
            "Sinds de indiening geblokkeerd of verwijderd: {}. Geef de registratie terug, zodat de organisatie iemand anders aanwijst en haar opnieuw indient.",
            weg.join(", ")
        );
        Err(Weigering::new("beheerder-uitgevallen", detail))
    }

    /// Wie opnieuw beheerder wordt voordat LFB de toegang tot SharePoint heeft ingetrokken, houdt haar gewoon.
    fn behoud_toegang(&mut self) {
        for beheerder in self.beheerders.iter_mut().filter(|b| b.sharepoint == SharepointStand::InTeTrekken) {
            beheerder.sharepoint = SharepointStand::Verleend;
        }
    }

    fn mag_tekenen(&self, persoon: &Persoon, partij: Ondertekenpartij) -> Result<(), Weigering> {
        let eigen = |b: &Beheerder| b.persoon_id == persoon.id || b.email.eq_ignore_ascii_case(&persoon.email);
        if self.beheerders.iter().any(eigen) {
            let detail = "U staat zelf als organisatiebeheerder in dit formulier. Laat iemand anders tekenen.";
            return Err(Weigering::new("eigen-registratie-ondertekenen", detail));
        }
        match (self.status, partij) {
            (RegistratieStatus::Ingediend, Ondertekenpartij::Organisatie) => Ok(()),
            (RegistratieStatus::OndertekendOrganisatie, Ondertekenpartij::Nipv) if self.ondertekeningen.iter().any(|o| o.persoon_id == persoon.id) => {
                Err(Weigering::new("zelfde-ondertekenaar", "Beide handtekeningen moeten van verschillende personen zijn."))
            }
            (RegistratieStatus::OndertekendOrganisatie, Ondertekenpartij::Nipv) => Ok(()),
            (RegistratieStatus::Ingediend, Ondertekenpartij::Nipv) => {
                Err(Weigering::new("volgorde-ondertekening", "Eerst tekent de tekenbevoegde van de organisatie, daarna NIPV."))
            }
            (RegistratieStatus::OndertekendOrganisatie | RegistratieStatus::Actief, _) => {
                Err(Weigering::new("al-ondertekend", "Deze registratie is namens uw organisatie al ondertekend."))
            }
            _ => Err(self.kan_niet("ondertekend: zij is niet ingediend")),
        }
    }

    /// Wat er getekend wordt: het hele formulier met de tekst van de afspraken, wie tekent, wanneer en hoe aangemeld, en bij
    /// de tweede handtekening een vingerafdruk van de eerste. `vorige` is de eerste handtekening als JWS.
    #[must_use]
    pub fn te_tekenen(&self, kort: &OndertekeningKort, wie: &Ondertekenaar<'_>, context: &Tekenblad<'_>) -> Value {
        let beheerders: Vec<Value> = self
            .beheerders
            .iter()
            .map(|b| {
                json!({
                    "persoonId": b.persoon_id, "naam": b.naam, "functie": b.functie, "email": b.email, "telefoon": b.telefoon, "vervangerVan": b.vervanger_van,
                })
            })
            .collect();
        json!({
            "soort": "organisatiebeheerder-registratie",
            "vorm": 1,
            "registratie": {
                "id": self.id, "nummer": self.nummer, "ronde": self.ronde, "vervangtId": self.vervangt_id,
                "organisatie": { "id": context.organisatie.id, "naam": context.organisatie.naam, "oin": context.organisatie.oin },
                "beheerders": beheerders,
                "afspraken": { "id": context.afspraken.id, "versie": context.afspraken.versie, "titel": context.afspraken.titel, "artikelen": context.afspraken.artikelen },
            },
            "ondertekening": {
                "id": kort.id, "partij": kort.partij, "op": tijd(kort.ondertekend_op), "vorigeSha256": context.vorige_sha256,
                "persoon": { "id": wie.persoon.id, "naam": wie.persoon.naam, "functie": wie.persoon.functie, "email": wie.persoon.email },
                "namens": { "id": wie.organisatie.id, "naam": wie.organisatie.naam },
                "aanmelding": {
                    "issuer": wie.aanmelding.issuer, "clientId": wie.aanmelding.client_id, "acr": wie.aanmelding.acr, "amr": wie.aanmelding.amr,
                    "authTime": tijd(wie.aanmelding.auth_time),
                },
            },
        })
    }
}

/// RFC 3339 in UTC op de seconde of fijner, zoals de API tijden schrijft.
fn tijd(moment: Moment) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// Wat er naast de registratie zelf op het te tekenen blad staat.
#[derive(Clone, Copy, Debug)]
pub struct Tekenblad<'a> {
    /// De organisatie van de registratie.
    pub organisatie: &'a Organisatie,
    /// De tekst van de afspraken.
    pub afspraken: &'a Beheerafspraken,
    /// SHA-256 (base64url) van de eerste handtekening, bij de tweede.
    pub vorige_sha256: Option<&'a str>,
}
