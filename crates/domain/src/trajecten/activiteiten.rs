//! Activiteiten: de onderdelen van Bijlage 1 en Bijlage 2 in dit traject.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, Wijziging, aanwezig, klaar, zet};
use crate::keuze::keuze;
use crate::personen::{Persoon, Rol};
use crate::referentie::Stappenplaninhoud;
use crate::{Datum, Id, Moment, Weigering};

keuze! {
    /// Stand van een activiteit.
    ActiviteitStatus { /// Nog niet begonnen.
        Open = "open", /// Er wordt aan gewerkt.
        Bezig = "bezig", /// Klaar.
        Gereed = "gereed", /// Hoeft niet, met reden.
        NietVanToepassing = "niet-van-toepassing" }
}
keuze! {
    /// De partij die een actie houdt (Bijlage 2).
    Partijsoort { /// De aan te sluiten organisatie.
        Crisispartner = "crisispartner", /// NIPV.
        Nipv = "nipv", /// De implementatieadviseur van de implementatiepartner.
        Implementatiepartner = "implementatiepartner", /// De adoptiepartner.
        Adoptiepartner = "adoptiepartner" }
}

/// Wie een activiteit moet doen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Actiehouder {
    /// Partij.
    pub partij: Partijsoort,
    /// Rol of inbreng, letterlijk uit de bron.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, nullable = false, example = "productmanager LCMS")]
    pub rol: Option<String>,
    /// De persoon die het oppakt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub persoon_id: Option<Id>,
}

/// De functies bij NIPV zoals Bijlage 2 ze noemt, in kleine letters, en de rol die daar in het register bij hoort.
const FUNCTIES: [(&str, Rol); 6] = [
    ("productmanager lcms", Rol::ProductmanagerLcms),
    ("productmanager tgv", Rol::ProductmanagerTgv),
    ("productmanager diginetwerk", Rol::ProductmanagerDiginetwerk),
    ("lfb", Rol::Lfb),
    ("landelijk functioneel beheer", Rol::Lfb),
    ("adviseur netcentrisch werken", Rol::Adviseur),
];

impl Actiehouder {
    fn rol_in_klein(&self) -> String {
        self.rol.as_deref().unwrap_or_default().to_lowercase()
    }

    /// Wie adviseert, doet de actie niet (Bijlage 2, 'NIPV adviseert over NCW-werkwijze').
    fn adviseert(&self) -> bool {
        self.rol_in_klein().starts_with("adviseert")
    }

    /// Of iemand met deze rollen bij deze partij de actie doet. Noemt de bron een functie bij NIPV, dan is het alleen die.
    fn is_voor(&self, rollen: &[Rol]) -> bool {
        let rol = self.rol_in_klein();
        let functie = FUNCTIES.iter().find(|(naam, _)| self.partij == Partijsoort::Nipv && rol.contains(naam));
        !self.adviseert() && functie.is_none_or(|(_, functie)| rollen.contains(functie))
    }

    fn in_woorden(&self) -> String {
        self.rol.as_ref().map_or_else(|| self.partij.to_string(), |rol| format!("{} ({rol})", self.partij))
    }
}

/// Keurt de personen die bij de actiehouders zijn aangewezen: ieder werkt bij de organisatie die in dit traject die partij is.
/// `personen` zijn ten minste de genoemde personen.
///
/// # Errors
/// `persoon-onbekend` op de plaats van wie daar niet werkt.
pub fn keur_personen(houders: &[Actiehouder], personen: &[Persoon], organisatie_van: impl Fn(Partijsoort) -> Option<Id>) -> Result<(), Vec<Veldfout>> {
    let mut fouten = Vec::new();
    for (plek, houder) in houders.iter().enumerate() {
        let Some(wie) = houder.persoon_id else { continue };
        let organisatie = organisatie_van(houder.partij);
        if !personen.iter().any(|p| p.id == wie && Some(p.organisatie_id) == organisatie && p.is_aan_te_wijzen()) {
            let detail = format!(
                "Deze persoon werkt niet bij de partij '{}' van dit traject, of is geblokkeerd of verwijderd. Kies iemand die daar werkt.",
                houder.partij
            );
            fouten.push(Veldfout::new(format!("/actiehouders/{plek}/persoonId"), "persoon-onbekend", detail));
        }
    }
    klaar(fouten, ())
}

/// Een activiteit van een traject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Activiteit {
    /// Identificatie.
    pub id: Id,
    /// Het traject.
    pub traject_id: Id,
    /// Code in het stappenplan.
    #[schema(example = "techniek-2")]
    pub code: String,
    /// Bijlage 1 of 2.
    #[schema(minimum = 1, maximum = 2, example = 2)]
    pub bijlage: i16,
    /// Groep (Bijlage 1) of 'Techniek' (Bijlage 2).
    #[schema(example = "Techniek")]
    pub groep: String,
    /// Titel, letterlijk uit het stappenplan.
    #[schema(example = "Afsluiten Dienstverleningsovereenkomst (DVO)")]
    pub titel: String,
    /// Volgorde in de lijst.
    pub volgorde: i32,
    /// Stand.
    pub status: ActiviteitStatus,
    /// Waarom niet van toepassing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reden: Option<String>,
    /// Actiehouders.
    pub actiehouders: Vec<Actiehouder>,
    /// Deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_datum: Option<Datum>,
    /// Notities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notities: Option<String>,
    /// Verwijzingen naar bewijs.
    pub bewijs: Vec<String>,
    /// Moment van gereedmelden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gereed_op: Option<Moment>,
    /// Persoon of toepassing die gereed meldde.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gereed_door: Option<Id>,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Wijziging van een activiteit (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActiviteitWijziging {
    /// Stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<ActiviteitStatus>,
    /// Waarom niet van toepassing; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub reden: Wijziging<String>,
    /// Actiehouders (de hele lijst; de partijen van het stappenplan blijven).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, nullable = false)]
    pub actiehouders: Option<Vec<Actiehouder>>,
    /// Deadline; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Datum>, format = Date)]
    pub deadline_datum: Wijziging<Datum>,
    /// Notities; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub notities: Wijziging<String>,
    /// Verwijzingen naar bewijs (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50, nullable = false, example = json!(["https://archief.example/documenten/dvo-2026"]))]
    pub bewijs: Option<Vec<String>>,
}

/// Leest de partij van Bijlage 2 en de rol erachter.
fn partij_van(tekst: &str) -> Partijsoort {
    match tekst {
        "NIPV" => Partijsoort::Nipv,
        "Implementatieadviseur" => Partijsoort::Implementatiepartner,
        "Adoptiepartner" => Partijsoort::Adoptiepartner,
        _ => Partijsoort::Crisispartner,
    }
}

/// De activiteiten van Bijlage 1 en 2 voor een traject; `nieuw_id` geeft ieder een identificatie.
#[must_use]
pub fn uit_stappenplan(inhoud: &Stappenplaninhoud, traject_id: Id, mut nieuw_id: impl FnMut() -> Id) -> Vec<Activiteit> {
    let mut lijst = Vec::new();
    let mut voeg = |code: String, bijlage: i16, groep: &str, titel: &str, actiehouders: Vec<Actiehouder>| {
        let volgorde = i32::try_from(lijst.len()).unwrap_or(i32::MAX).saturating_add(1);
        lijst.push(Activiteit {
            id: nieuw_id(),
            traject_id,
            code,
            bijlage,
            groep: groep.to_owned(),
            titel: titel.to_owned(),
            volgorde,
            status: ActiviteitStatus::Open,
            reden: None,
            actiehouders,
            deadline_datum: None,
            notities: None,
            bewijs: Vec::new(),
            gereed_op: None,
            gereed_door: None,
            versie: 1,
        });
    };
    for groep in &inhoud.processchema {
        for item in &groep.items {
            voeg(item.code.clone(), 1, &groep.groep, &item.titel, Vec::new());
        }
    }
    for actie in &inhoud.techniekacties {
        let houders = actie.actiehouders.iter().map(|a| Actiehouder { partij: partij_van(&a.partij), rol: a.rol.clone(), persoon_id: None }).collect();
        voeg(format!("techniek-{}", actie.nummer), 2, "Techniek", &actie.titel, houders);
    }
    lijst
}

/// De actiehouders van het nieuwe stappenplan, met de personen die al aangewezen waren.
fn overgezette_houders(oud: &[Actiehouder], nieuw: Vec<Actiehouder>, bijlage: i16) -> Vec<Actiehouder> {
    if bijlage == 1 && nieuw.is_empty() {
        return oud.to_vec();
    }
    let persoon_van = |n: &Actiehouder| oud.iter().find(|o| o.partij == n.partij && o.rol == n.rol).and_then(|o| o.persoon_id);
    nieuw.into_iter().map(|n| Actiehouder { persoon_id: persoon_van(&n), ..n }).collect()
}

/// Zet activiteiten over naar een ander stappenplan: wat dezelfde code heeft houdt stand, notities en bewijs.
///
/// Geeft de nieuwe lijst; oude activiteiten die in de nieuwe versie ontbreken maar waaraan iets gedaan is, blijven achteraan staan.
#[must_use]
pub fn overgezet(oud: &[Activiteit], nieuw: Vec<Activiteit>) -> Vec<Activiteit> {
    let mut lijst: Vec<Activiteit> = nieuw
        .into_iter()
        .map(|n| match oud.iter().find(|o| o.code == n.code) {
            Some(o) => Activiteit {
                bijlage: n.bijlage,
                groep: n.groep,
                titel: n.titel,
                volgorde: n.volgorde,
                actiehouders: overgezette_houders(&o.actiehouders, n.actiehouders, n.bijlage),
                versie: o.versie + 1,
                ..o.clone()
            },
            None => n,
        })
        .collect();
    let mut volgorde = lijst.last().map_or(0, |a| a.volgorde);
    for o in oud {
        if !lijst.iter().any(|n| n.code == o.code) && o.is_aangeraakt() {
            volgorde += 1;
            lijst.push(Activiteit { volgorde, versie: o.versie + 1, ..o.clone() });
        }
    }
    lijst
}

impl Activiteit {
    fn is_aangeraakt(&self) -> bool {
        self.status != ActiviteitStatus::Open
            || self.notities.is_some()
            || !self.bewijs.is_empty()
            || self.deadline_datum.is_some()
            || self.actiehouders.iter().any(|a| a.persoon_id.is_some())
    }

    /// De partijen die actiehouder zijn.
    ///
    /// Bijlage 1 noemt geen actiehouders: daar zijn het de crisispartner en de implementatiepartner.
    #[must_use]
    pub fn houders(&self) -> Vec<Partijsoort> {
        if self.actiehouders.is_empty() {
            vec![Partijsoort::Crisispartner, Partijsoort::Implementatiepartner]
        } else {
            self.actiehouders.iter().map(|a| a.partij).collect()
        }
    }

    /// Of wie als een van deze partijen handelt, met deze rollen, de stand mag wijzigen.
    ///
    /// # Errors
    /// `geen-actiehouder`, met wie het wel zijn.
    pub fn mag_stand_wijzigen(&self, als: &[Partijsoort], rollen: &[Rol]) -> Result<(), Weigering> {
        let (mag, namen): (bool, Vec<String>) = if self.actiehouders.is_empty() {
            let houders = self.houders();
            (als.iter().any(|p| houders.contains(p)), houders.iter().map(ToString::to_string).collect())
        } else {
            let mag = self.actiehouders.iter().any(|houder| als.contains(&houder.partij) && houder.is_voor(rollen));
            (mag, self.actiehouders.iter().map(Actiehouder::in_woorden).collect())
        };
        if mag {
            return Ok(());
        }
        let advies = if self.actiehouders.iter().any(Actiehouder::adviseert) { " Wie adviseert, wijzigt haar niet." } else { "" };
        let detail = format!("Alleen een actiehouder wijzigt de stand van deze activiteit: {}.{advies}", namen.join(", "));
        Err(Weigering::new("geen-actiehouder", detail))
    }

    /// Bijlage 2 noemt haar actiehouders; wie zichzelf erbij zet zou de activiteit daarna gereed kunnen melden.
    fn controleer_houders(&self, fouten: &mut Vec<Veldfout>, houders: &[Actiehouder]) {
        let zelfde = |a: &Actiehouder, b: &Actiehouder| a.partij == b.partij && a.rol == b.rol;
        if self.bijlage == 2 {
            for vast in self.actiehouders.iter().filter(|vast| !houders.iter().any(|h| zelfde(h, vast))) {
                let detail = format!("De actiehouder '{}' van het stappenplan moet blijven staan.", vast.partij);
                fouten.push(Veldfout::new("/actiehouders", "actiehouder-vast", detail));
            }
            for (plek, vreemd) in houders.iter().enumerate().filter(|(_, h)| !self.actiehouders.iter().any(|vast| zelfde(h, vast))) {
                let detail = format!("Het stappenplan noemt '{}' met deze rol niet als actiehouder. Wijs alleen personen aan bij wie er staan.", vreemd.partij);
                fouten.push(Veldfout::new(format!("/actiehouders/{plek}"), "actiehouder-onbekend", detail));
            }
        }
        for (plek, houder) in houders.iter().enumerate() {
            if houders.iter().take(plek).any(|eerder| eerder == houder) {
                fouten.push(Veldfout::new(format!("/actiehouders/{plek}"), "dubbel", "Deze actiehouder staat al in de lijst."));
            }
        }
    }

    /// Past een wijziging toe.
    ///
    /// # Errors
    /// Alle fouten in de velden: zonder reden niet 'niet-van-toepassing', bewijs is een https-verwijzing, en bij
    /// Bijlage 2 liggen partijen en rollen van de actiehouders vast: alleen de persoon is te kiezen.
    pub fn gewijzigd(&self, wijziging: &ActiviteitWijziging, door: Id, nu: Moment) -> Result<Self, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = self.clone();
        zet(&mut nieuw.reden, &wijziging.reden);
        zet(&mut nieuw.deadline_datum, &wijziging.deadline_datum);
        zet(&mut nieuw.notities, &wijziging.notities);
        if let Some(status) = wijziging.status {
            if status == ActiviteitStatus::Gereed && self.status != ActiviteitStatus::Gereed {
                nieuw.gereed_op = Some(nu);
                nieuw.gereed_door = Some(door);
            } else if status != ActiviteitStatus::Gereed {
                nieuw.gereed_op = None;
                nieuw.gereed_door = None;
            }
            nieuw.status = status;
            if self.status == ActiviteitStatus::NietVanToepassing && status != self.status && wijziging.reden.is_none() {
                nieuw.reden = None;
            }
        }
        if nieuw.status == ActiviteitStatus::NietVanToepassing && nieuw.reden.as_deref().is_none_or(|r| r.trim().is_empty()) {
            fouten.push(Veldfout::new("/reden", "reden-verplicht", "Geef de reden waarom deze activiteit niet van toepassing is."));
        }
        if let Some(houders) = &wijziging.actiehouders {
            self.controleer_houders(&mut fouten, houders);
            nieuw.actiehouders.clone_from(houders);
        }
        if let Some(bewijs) = &wijziging.bewijs {
            for (plek, verwijzing) in bewijs.iter().enumerate() {
                if !(verwijzing.starts_with("https://") || verwijzing.starts_with("/v1/"))
                    || verwijzing.len() > 2000
                    || verwijzing.chars().any(char::is_whitespace)
                {
                    fouten.push(Veldfout::new(format!("/bewijs/{plek}"), "verwijzing-ongeldig", "Geef een verwijzing die begint met 'https://' of '/v1/'."));
                }
            }
            nieuw.bewijs.clone_from(bewijs);
        }
        nieuw.versie += 1;
        klaar(fouten, nieuw)
    }
}
