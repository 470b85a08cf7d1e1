//! Toepassingen: machineclients van een organisatie (federatie, 'Machine clients').

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, klaar, verplicht};
use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

keuze! {
    /// Wat een token mag; iedere operatie noemt de scope die zij eist.
    Scope { /// Organisaties lezen.
        OrganisatiesLezen = "organisaties:lezen", /// Organisaties wijzigen.
        OrganisatiesSchrijven = "organisaties:schrijven", /// Personen lezen.
        PersonenLezen = "personen:lezen", /// Personen wijzigen.
        PersonenSchrijven = "personen:schrijven", /// Referentiegegevens lezen.
        ReferentieLezen = "referentie:lezen", /// Referentiegegevens wijzigen.
        ReferentieSchrijven = "referentie:schrijven", /// Trajecten lezen.
        TrajectenLezen = "trajecten:lezen", /// Trajecten wijzigen.
        TrajectenSchrijven = "trajecten:schrijven", /// Registraties van organisatiebeheerders lezen.
        RegistratiesLezen = "registraties:lezen", /// Registraties van organisatiebeheerders opstellen, tekenen en bijhouden.
        RegistratiesSchrijven = "registraties:schrijven", /// Eigen taken lezen.
        TakenLezen = "taken:lezen", /// Toepassingen lezen.
        ToepassingenLezen = "toepassingen:lezen", /// Toepassingen wijzigen.
        ToepassingenSchrijven = "toepassingen:schrijven", /// Auditregels lezen.
        AuditLezen = "audit:lezen", /// Gebeurtenissen lezen.
        GebeurtenissenLezen = "gebeurtenissen:lezen", /// Vragenlijsten lezen.
        VragenlijstenLezen = "vragenlijsten:lezen", /// Vragenlijsten beheren.
        VragenlijstenSchrijven = "vragenlijsten:schrijven", /// Afnames en resultaten lezen.
        AfnamesLezen = "afnames:lezen", /// Afnames beheren en invullen.
        AfnamesSchrijven = "afnames:schrijven", /// De Staat van Netcentrisch Werken lezen.
        StaatLezen = "staat:lezen" }
}
keuze! {
    /// Stand van een toepassing.
    ToepassingStatus { /// Mag tokens halen.
        Actief = "actief", /// Tijdelijk niet.
        Geblokkeerd = "geblokkeerd", /// Voorgoed niet meer.
        Ingetrokken = "ingetrokken" }
}

/// Een geregistreerde machineclient; het `id` is de `client_id`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Toepassing {
    /// Identificatie en `client_id`.
    pub id: Id,
    /// Naam.
    #[schema(example = "Koppelscript Voorbeeld Implementatie")]
    pub naam: String,
    /// De organisatie waarvoor de toepassing werkt.
    pub organisatie_id: Id,
    /// Toegekende scopes.
    pub scopes: Vec<Scope>,
    /// Publieke sleutels als JWK Set (RFC 7517).
    pub jwks: serde_json::Value,
    /// Stand.
    pub status: ToepassingStatus,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens om een machineclient te registreren.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweToepassing {
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Koppelscript Voorbeeld Implementatie")]
    pub naam: String,
    /// De organisatie waarvoor de toepassing werkt.
    pub organisatie_id: Id,
    /// Scopes.
    #[schema(min_items = 1, max_items = 60)]
    pub scopes: Vec<Scope>,
    /// Publieke sleutels als JWK Set: `{"keys":[...]}`, EC P-256 of RSA vanaf 2048 bits, zonder privédelen.
    #[schema(value_type = Object)]
    pub jwks: serde_json::Value,
}

/// Wijziging van een toepassing (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ToepassingWijziging {
    /// Naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Koppelscript")]
    pub naam: Option<String>,
    /// Scopes (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 60, nullable = false)]
    pub scopes: Option<Vec<Scope>>,
    /// Publieke sleutels als JWK Set (de hele verzameling; zet tijdelijk oud en nieuw samen om te wisselen).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    pub jwks: Option<serde_json::Value>,
}

const GEHEIME_DELEN: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

fn controleer_jwks(fouten: &mut Vec<Veldfout>, jwks: &serde_json::Value) {
    let Some(sleutels) = jwks.get("keys").and_then(serde_json::Value::as_array) else {
        fouten.push(Veldfout::new("/jwks", "jwks-ongeldig", "Geef een JWK Set: een object met een lijst 'keys'."));
        return;
    };
    if sleutels.is_empty() || sleutels.len() > 10 {
        fouten.push(Veldfout::new("/jwks/keys", "jwks-aantal", "Geef één tot tien publieke sleutels."));
    }
    for (plek, sleutel) in sleutels.iter().enumerate() {
        let plaats = format!("/jwks/keys/{plek}");
        if GEHEIME_DELEN.iter().any(|deel| sleutel.get(deel).is_some()) {
            fouten.push(Veldfout::new(
                &plaats,
                "jwk-prive",
                "Deze sleutel bevat een geheim deel. Stuur alleen de publieke sleutel en vervang dit sleutelpaar.",
            ));
            continue;
        }
        let tekst = |naam: &str| sleutel.get(naam).and_then(serde_json::Value::as_str).unwrap_or_default();
        let goed = match tekst("kty") {
            "EC" => tekst("crv") == "P-256" && tekst("x").len() == 43 && tekst("y").len() == 43,
            "RSA" => tekst("n").len() >= 342 && !tekst("e").is_empty(),
            _ => false,
        };
        if !goed {
            fouten.push(Veldfout::new(&plaats, "jwk-ongeldig", "Alleen EC P-256 en RSA vanaf 2048 bits zijn toegestaan."));
        }
        if tekst("kid").is_empty() {
            fouten.push(Veldfout::new(format!("{plaats}/kid"), "verplicht", "Geef iedere sleutel een eigen 'kid'."));
        } else if sleutels.iter().take(plek).any(|eerder| eerder.get("kid") == sleutel.get("kid")) {
            fouten.push(Veldfout::new(format!("{plaats}/kid"), "dubbel", "Deze 'kid' komt al voor in de verzameling."));
        }
        if !matches!(tekst("use"), "" | "sig") {
            fouten.push(Veldfout::new(format!("{plaats}/use"), "jwk-gebruik", "De sleutel moet voor ondertekenen zijn ('sig')."));
        }
    }
}

fn opgeruimd(mut scopes: Vec<Scope>) -> Vec<Scope> {
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

impl NieuweToepassing {
    /// Maakt de toepassing.
    ///
    /// # Errors
    /// Alle fouten in naam en sleutels.
    pub fn maak(self, id: Id, nu: Moment) -> Result<Toepassing, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        controleer_jwks(&mut fouten, &self.jwks);
        klaar(
            fouten,
            Toepassing {
                id,
                naam: self.naam.trim().to_owned(),
                organisatie_id: self.organisatie_id,
                scopes: opgeruimd(self.scopes),
                jwks: self.jwks,
                status: ToepassingStatus::Actief,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
                versie: 1,
            },
        )
    }
}

impl ToepassingWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Alle fouten in naam en sleutels.
    pub fn toepassen(&self, oud: &Toepassing, nu: Moment) -> Result<Toepassing, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = oud.clone();
        if let Some(naam) = &self.naam {
            verplicht(&mut fouten, "/naam", naam);
            naam.trim().clone_into(&mut nieuw.naam);
        }
        if let Some(scopes) = &self.scopes {
            nieuw.scopes = opgeruimd(scopes.clone());
        }
        if let Some(jwks) = &self.jwks {
            controleer_jwks(&mut fouten, jwks);
            nieuw.jwks = jwks.clone();
        }
        nieuw.gewijzigd_op = nu;
        nieuw.versie += 1;
        klaar(fouten, nieuw)
    }
}

impl Toepassing {
    /// Zet de stand.
    ///
    /// # Errors
    /// `toepassing-ingetrokken` als zij voorgoed is ingetrokken; `status-ongewijzigd` als er niets verandert.
    pub fn met_status(&self, status: ToepassingStatus, nu: Moment) -> Result<Self, Weigering> {
        if self.status == ToepassingStatus::Ingetrokken {
            return Err(Weigering::new("toepassing-ingetrokken", "Deze toepassing is ingetrokken. Registreer een nieuwe."));
        }
        if self.status == status {
            return Err(Weigering::new("status-ongewijzigd", format!("De toepassing is al '{status}'.")));
        }
        Ok(Self { status, gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() })
    }
}
