//! Poorten: wat er moet zijn voor een volgende stap. Altijd berekend, nooit ingevuld.

mod regels;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::regels::{REGELS, Stand};
use super::{Afwijking, Traject};
use crate::afnames::{Aanleiding, Hoedanigheid};
use crate::autorisatieplannen::Autorisatieplan;
use crate::identiteitsproviders::Identiteitsprovider;
use crate::keuze::keuze;
use crate::organisaties::{Certificering, Netwerkaansluiting};
use crate::personen::Persoon;
use crate::registraties::Registratie;
use crate::{Datum, Id, Ontbrekend};

keuze! {
    /// Hoe zwaar een voorwaarde weegt.
    VoorwaardeSoort { /// De bron zegt 'moet': houdt tegen.
        Verplicht = "verplicht", /// De bron raadt aan: waarschuwt alleen.
        Aanbevolen = "aanbevolen" }
}

/// Een voorwaarde van een poort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Voorwaarde {
    /// Code.
    #[schema(example = "implementatiepartner-gecertificeerd")]
    pub code: String,
    /// Wat er moet zijn.
    #[schema(example = "Een implementatiepartner met een geldige certificering is betrokken.")]
    pub omschrijving: String,
    /// Weging.
    pub soort: VoorwaardeSoort,
    /// Of het er is.
    pub voldaan: bool,
    /// De afwijking die NIPV hiervoor verleende.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub afwijking_id: Option<Id>,
    /// Verwijzing naar het bewijs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/trajecten/0190f3a0-0000-7000-8000-000000000001/partijen")]
    pub bewijs: Option<String>,
    /// Wat er ontbreekt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ontbreekt: Option<String>,
}

/// De poort na een stap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Poort {
    /// De stap die men verlaat.
    #[schema(minimum = 1, maximum = 6, example = 3)]
    pub stap: i16,
    /// Titel.
    #[schema(example = "Van Uitwerken project naar Implementeren")]
    pub titel: String,
    /// Of de poort open staat: iedere verplichte voorwaarde is voldaan of kent een afwijking.
    pub open: bool,
    /// De voorwaarden.
    pub voorwaarden: Vec<Voorwaarde>,
}

/// De feiten waaruit poorten volgen; de aanroeper leest ze in dezelfde transactie.
#[derive(Clone, Debug)]
pub struct Feiten<'a> {
    /// Het traject.
    pub traject: &'a Traject,
    /// De dag waarop geoordeeld wordt.
    pub vandaag: Datum,
    /// Personen van de crisispartner die mogen werken of uitgenodigd zijn.
    pub personen: &'a [Persoon],
    /// Certificeringen van de implementatiepartner van dit traject.
    pub certificeringen: &'a [Certificering],
    /// Netwerkaansluitingen van de crisispartner.
    pub netwerkaansluitingen: &'a [Netwerkaansluiting],
    /// De registratie van organisatiebeheerders die van kracht is.
    pub registratie: Option<&'a Registratie>,
    /// Identiteitsproviders van de crisispartner.
    pub identiteitsproviders: &'a [Identiteitsprovider],
    /// Autorisatieplannen van de crisispartner die niet vervangen of ingetrokken zijn.
    pub autorisatieplannen: &'a [Autorisatieplan],
    /// Verleende afwijkingen.
    pub afwijkingen: &'a [Afwijking],
    /// Afnames van vragenlijsten bij dit traject.
    pub afnames: &'a [Afnamefeit],
}

/// Een afname bij het traject, met namens wie er is waargenomen en ingediend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Afnamefeit {
    /// De afname.
    pub id: Id,
    /// Code van de vragenlijst.
    pub vragenlijst_code: String,
    /// Aanleiding.
    pub aanleiding: Aanleiding,
    /// Of zij gesloten is.
    pub gesloten: bool,
    /// Namens wie waarnemers meetellen.
    pub waarnemers: Vec<Hoedanigheid>,
}

impl<'a> Feiten<'a> {
    /// Alleen het traject, zonder verder bewijs; vul aan met `Feiten { personen, ..Feiten::van(traject, vandaag) }`.
    #[must_use]
    pub const fn van(traject: &'a Traject, vandaag: Datum) -> Self {
        Self {
            traject,
            vandaag,
            personen: &[],
            certificeringen: &[],
            netwerkaansluitingen: &[],
            registratie: None,
            identiteitsproviders: &[],
            autorisatieplannen: &[],
            afwijkingen: &[],
            afnames: &[],
        }
    }
}

/// De codes van alle voorwaarden van een stap.
#[must_use]
pub fn codes(stap: i16) -> Vec<&'static str> {
    REGELS.iter().filter(|r| r.stap == stap).map(|r| r.code).collect()
}

/// Berekent de poort na een stap.
#[must_use]
pub fn poort(stap: i16, feiten: &Feiten<'_>) -> Poort {
    let voorwaarden: Vec<Voorwaarde> = REGELS
        .iter()
        .filter(|r| r.stap == stap)
        .map(|regel| {
            let (voldaan, bewijs, ontbreekt) = match (regel.bewijs)(feiten) {
                Stand::Bewezen(bewijs) => (true, Some(bewijs), None),
                Stand::Ontbreekt(wat) => (false, None, Some(wat.to_owned())),
            };
            Voorwaarde {
                code: regel.code.to_owned(),
                omschrijving: regel.omschrijving.to_owned(),
                soort: regel.soort,
                voldaan,
                afwijking_id: feiten.afwijkingen.iter().find(|a| a.traject_id == feiten.traject.id && a.voorwaarde == regel.code).map(|a| a.id),
                bewijs,
                ontbreekt,
            }
        })
        .collect();
    let titel = match stap {
        1 => "Van Verkennen naar Ambitie",
        2 => "Van Ambitie naar Uitwerken project",
        3 => "Van Uitwerken project naar Implementeren",
        4 => "Van Implementeren naar Toewerken naar Go-live moment",
        5 => "Van Toewerken naar Go-live moment naar Stay-live",
        _ => "Stay-live eindigt niet",
    };
    let open = stap < 6 && voorwaarden.iter().all(Voorwaarde::laat_door);
    Poort { stap, titel: titel.to_owned(), open, voorwaarden }
}

impl Voorwaarde {
    /// Of deze voorwaarde de poort niet tegenhoudt.
    #[must_use]
    pub fn laat_door(&self) -> bool {
        self.soort == VoorwaardeSoort::Aanbevolen || self.voldaan || self.afwijking_id.is_some()
    }
}

impl Poort {
    /// Wat de poort tegenhoudt.
    #[must_use]
    pub fn ontbreekt(&self) -> Vec<Ontbrekend> {
        self.voorwaarden
            .iter()
            .filter(|v| !v.laat_door())
            .map(|v| Ontbrekend { code: v.code.clone(), omschrijving: v.ontbreekt.clone().unwrap_or_else(|| v.omschrijving.clone()) })
            .collect()
    }
}
