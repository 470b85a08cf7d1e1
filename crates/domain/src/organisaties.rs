//! Organisaties, hun certificeringen en netwerkaansluitingen (stap 1 'Betrokken partijen', stap 4 'Netwerken en verbindingen').

mod netwerkaansluitingen;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, Wijziging, aanwezig, is_domeinnaam, klaar, verplicht, zet};
use crate::keuze::keuze;
use crate::{Datum, Id, Moment, Weigering};

pub use netwerkaansluitingen::*;

keuze! {
    /// Soort organisatie.
    OrganisatieSoort { /// Het Nederlands Instituut Publieke Veiligheid.
        Nipv = "nipv", /// Een organisatie met een rol in de crisisbeheersing.
        Crisispartner = "crisispartner" }
}
keuze! {
    /// Hoe ver de organisatie is met aansluiten.
    Aansluitstatus { /// Geen lopend traject en niet aangesloten.
        Geen = "geen", /// Er loopt een traject.
        InTraject = "in-traject", /// Aangesloten, met toegang tot de operationele omgeving.
        Live = "live" }
}
keuze! {
    /// Waarvoor NIPV een organisatie certificeert.
    CertificeringSoort { /// Begeleidt implementaties (stap 1, 'Implementatiepartner').
        Implementatiepartner = "implementatiepartner", /// Verzorgt opleidingen.
        Opleidingspartner = "opleidingspartner" }
}
keuze! {
    /// Netwerk waarover het LCMS te bereiken is.
    NetwerkSoort { /// Het open internet.
        Internet = "internet", /// ICT-Verkeersplein VR, voor de veiligheidsregio's.
        IctVerkeersplein = "ict-verkeersplein", /// Diginetwerk, voor overheid en organisaties met een publieke taak.
        Diginetwerk = "diginetwerk" }
}
keuze! {
    /// Stand van een netwerkaansluiting.
    NetwerkStatus { /// Wens.
        Gewenst = "gewenst", /// Aangevraagd.
        InAanvraag = "in-aanvraag", /// In gebruik.
        Actief = "actief", /// Niet meer in gebruik.
        Beeindigd = "beeindigd" }
}
keuze! {
    /// Uitkomst van de laatste test van een verbinding.
    Testresultaat { /// Gelukt.
        Geslaagd = "geslaagd", /// Niet gelukt.
        Mislukt = "mislukt" }
}

/// Een organisatie: NIPV of een crisispartner (ook implementatie- en adoptiepartners zijn organisaties).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organisatie {
    /// Identificatie.
    pub id: Id,
    /// Volledige naam.
    #[schema(example = "Waterschap Voorbeeldland")]
    pub naam: String,
    /// Korte naam.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "WVL")]
    pub afkorting: Option<String>,
    /// Organisatie-identificatienummer, 20 cijfers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "00000001234567890000")]
    pub oin: Option<String>,
    /// Soort.
    pub soort: OrganisatieSoort,
    /// Code van de sector (zie `/sectoren`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "water")]
    pub sector_code: Option<String>,
    /// E-maildomeinen van de organisatie, in kleine letters.
    #[schema(example = json!(["voorbeeldland.example"]))]
    pub emaildomeinen: Vec<String>,
    /// Hoe ver de organisatie is met aansluiten; volgt uit het traject.
    pub aansluitstatus: Aansluitstatus,
    /// De organisatie waarvan deze een onderdeel is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub onderdeel_van: Option<Id>,
    /// Of wie zich met een account van de organisatie aanmeldt en hier nog niet geregistreerd is, dan geregistreerd wordt
    /// ('bij eerste aanmelding aanmaken'): zonder rollen, en met de eenmalige code als bewijs van het e-mailadres.
    pub aanmaken_bij_eerste_aanmelding: bool,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie voor gelijktijdige wijzigingen; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens om een organisatie aan te maken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweOrganisatie {
    /// Volledige naam.
    #[schema(min_length = 1, max_length = 200, example = "Waterschap Voorbeeldland")]
    pub naam: String,
    /// Korte naam.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 20, nullable = false, example = "WVL")]
    pub afkorting: Option<String>,
    /// Organisatie-identificatienummer, 20 cijfers.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{20}$", nullable = false, example = "00000001234567890000")]
    pub oin: Option<String>,
    /// Code van de sector.
    #[serde(default)]
    #[schema(max_length = 40, nullable = false, example = "water")]
    pub sector_code: Option<String>,
    /// E-maildomeinen.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["voorbeeldland.example"]))]
    pub emaildomeinen: Vec<String>,
    /// De organisatie waarvan deze een onderdeel is.
    #[serde(default)]
    #[schema(nullable = false)]
    pub onderdeel_van: Option<Id>,
}

/// Wijziging van een organisatie (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisatieWijziging {
    /// Volledige naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Waterschap Voorbeeldland")]
    pub naam: Option<String>,
    /// Korte naam; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 20)]
    pub afkorting: Wijziging<String>,
    /// Organisatie-identificatienummer; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{20}$")]
    pub oin: Wijziging<String>,
    /// Code van de sector; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 40)]
    pub sector_code: Wijziging<String>,
    /// E-maildomeinen (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50, nullable = false, example = json!(["voorbeeldland.example"]))]
    pub emaildomeinen: Option<Vec<String>>,
    /// Of mensen van de organisatie bij hun eerste aanmelding vanzelf geregistreerd worden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub aanmaken_bij_eerste_aanmelding: Option<bool>,
}

fn controleer_domeinen(fouten: &mut Vec<Veldfout>, domeinen: &[String]) {
    for (plek, domein) in domeinen.iter().enumerate() {
        if !is_domeinnaam(domein) {
            fouten.push(Veldfout::new(
                format!("/emaildomeinen/{plek}"),
                "emaildomein-ongeldig",
                "Geef een domeinnaam in kleine letters, zonder '@', bijvoorbeeld 'voorbeeld.example'.",
            ));
        }
        if domeinen.iter().take(plek).any(|eerder| eerder == domein) {
            fouten.push(Veldfout::new(format!("/emaildomeinen/{plek}"), "dubbel", "Dit domein staat al in de lijst."));
        }
    }
}

fn controleer_oin(fouten: &mut Vec<Veldfout>, oin: Option<&str>) {
    if oin.is_some_and(|o| o.len() != 20 || !o.bytes().all(|b| b.is_ascii_digit())) {
        fouten.push(Veldfout::new("/oin", "oin-ongeldig", "Een organisatie-identificatienummer heeft 20 cijfers."));
    }
}

impl NieuweOrganisatie {
    /// Maakt de organisatie; een nieuwe organisatie is altijd een crisispartner (NIPV ontstaat bij de eerste start).
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn maak(self, id: Id, nu: Moment) -> Result<Organisatie, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        controleer_oin(&mut fouten, self.oin.as_deref());
        controleer_domeinen(&mut fouten, &self.emaildomeinen);
        klaar(
            fouten,
            Organisatie {
                id,
                naam: self.naam.trim().to_owned(),
                afkorting: self.afkorting,
                oin: self.oin,
                soort: OrganisatieSoort::Crisispartner,
                sector_code: self.sector_code,
                emaildomeinen: self.emaildomeinen,
                aansluitstatus: Aansluitstatus::Geen,
                onderdeel_van: self.onderdeel_van,
                aanmaken_bij_eerste_aanmelding: false,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
                versie: 1,
            },
        )
    }
}

impl OrganisatieWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn toepassen(&self, oud: &Organisatie, nu: Moment) -> Result<Organisatie, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = oud.clone();
        if let Some(naam) = &self.naam {
            verplicht(&mut fouten, "/naam", naam);
            naam.trim().clone_into(&mut nieuw.naam);
        }
        zet(&mut nieuw.afkorting, &self.afkorting);
        zet(&mut nieuw.oin, &self.oin);
        controleer_oin(&mut fouten, nieuw.oin.as_deref());
        zet(&mut nieuw.sector_code, &self.sector_code);
        if let Some(domeinen) = &self.emaildomeinen {
            controleer_domeinen(&mut fouten, domeinen);
            nieuw.emaildomeinen.clone_from(domeinen);
        }
        if let Some(aanmaken) = self.aanmaken_bij_eerste_aanmelding {
            nieuw.aanmaken_bij_eerste_aanmelding = aanmaken;
        }
        if nieuw.aanmaken_bij_eerste_aanmelding && nieuw.emaildomeinen.is_empty() {
            let uitleg =
                "Registreer eerst de e-maildomeinen van de organisatie: alleen wie een adres daarbinnen heeft, wordt bij de eerste aanmelding geregistreerd.";
            fouten.push(Veldfout::new("/aanmakenBijEersteAanmelding", "emaildomeinen-nodig", uitleg));
        }
        nieuw.gewijzigd_op = nu;
        nieuw.versie += 1;
        klaar(fouten, nieuw)
    }
}

/// Een certificering door NIPV: maakt een organisatie implementatie- of opleidingspartner voor een periode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Certificering {
    /// Identificatie.
    pub id: Id,
    /// De gecertificeerde organisatie.
    pub organisatie_id: Id,
    /// Waarvoor.
    pub soort: CertificeringSoort,
    /// Eerste dag van geldigheid.
    pub geldig_van_datum: Datum,
    /// Laatste dag van geldigheid.
    pub geldig_tot_datum: Datum,
    /// Moment van intrekking door NIPV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingetrokken_op: Option<Moment>,
    /// Reden van de intrekking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intrekkingsreden: Option<String>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een nieuwe certificering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweCertificering {
    /// Waarvoor.
    pub soort: CertificeringSoort,
    /// Eerste dag van geldigheid.
    #[schema(example = "2026-01-01")]
    pub geldig_van_datum: Datum,
    /// Laatste dag van geldigheid.
    #[schema(example = "2028-12-31")]
    pub geldig_tot_datum: Datum,
}

/// Een reden waarom NIPV of de organisatie iets intrekt of blokkeert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Intrekking {
    /// De reden.
    #[schema(min_length = 1, max_length = 2000, example = "De certificering is op verzoek beëindigd.")]
    pub reden: String,
}

impl NieuweCertificering {
    /// Of NIPV deze certificering kan verlenen, naast wat de organisatie al heeft (stap 1, 'door het NIPV gecertificeerde
    /// Implementatiepartners').
    ///
    /// # Errors
    /// `nipv-niet-certificeerbaar`, `certificering-overlapt`.
    pub fn verleenbaar(&self, organisatie: &Organisatie, bestaande: &[Certificering]) -> Result<(), Weigering> {
        if organisatie.soort == OrganisatieSoort::Nipv {
            return Err(Weigering::new("nipv-niet-certificeerbaar", "NIPV certificeert en wordt zelf niet gecertificeerd. Kies een andere organisatie."));
        }
        let overlapt = |c: &&Certificering| {
            c.soort == self.soort && c.ingetrokken_op.is_none() && c.geldig_van_datum <= self.geldig_tot_datum && self.geldig_van_datum <= c.geldig_tot_datum
        };
        bestaande.iter().find(overlapt).map_or(Ok(()), |c| {
            let detail = format!(
                "Deze organisatie is al gecertificeerd als {} van {} tot en met {}. Trek die certificering eerst in, of kies een periode die daar niet in valt.",
                c.soort, c.geldig_van_datum, c.geldig_tot_datum
            );
            Err(Weigering::new("certificering-overlapt", detail))
        })
    }

    /// Maakt de certificering.
    ///
    /// # Errors
    /// Als de periode eindigt voor zij begint.
    pub fn maak(self, id: Id, organisatie_id: Id, nu: Moment) -> Result<Certificering, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        if self.geldig_tot_datum < self.geldig_van_datum {
            fouten.push(Veldfout::new("/geldigTotDatum", "einde-voor-begin", "De laatste dag moet op of na de eerste dag liggen."));
        }
        klaar(
            fouten,
            Certificering {
                id,
                organisatie_id,
                soort: self.soort,
                geldig_van_datum: self.geldig_van_datum,
                geldig_tot_datum: self.geldig_tot_datum,
                ingetrokken_op: None,
                intrekkingsreden: None,
                aangemaakt_op: nu,
                versie: 1,
            },
        )
    }
}

impl Certificering {
    /// Of de certificering op deze dag geldt.
    #[must_use]
    pub fn geldig_op(&self, dag: Datum) -> bool {
        self.ingetrokken_op.is_none() && self.geldig_van_datum <= dag && dag <= self.geldig_tot_datum
    }

    /// Trekt de certificering in.
    ///
    /// # Errors
    /// `al-ingetrokken` als dat al gebeurd is; `reden-verplicht` zonder reden.
    pub fn intrekken(&self, reden: &str, nu: Moment) -> Result<Self, Weigering> {
        if self.ingetrokken_op.is_some() {
            return Err(Weigering::new("al-ingetrokken", "Deze certificering is al ingetrokken."));
        }
        if reden.trim().is_empty() {
            return Err(Weigering::new("reden-verplicht", "Geef de reden van de intrekking."));
        }
        Ok(Self { ingetrokken_op: Some(nu), intrekkingsreden: Some(reden.to_owned()), versie: self.versie + 1, ..self.clone() })
    }
}
