//! Imports van een gebruikerslijst: wat een bestand met de lijst zou doen, en wat eraan mankeert.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Gebruiker, NieuweGebruiker};
use crate::keuze::keuze;
use crate::{Id, Moment};

keuze! {
    /// Stand van een import.
    ImportStatus { /// Wordt gelezen of vastgelegd.
        Bezig = "bezig", /// Helemaal vastgelegd.
        Uitgevoerd = "uitgevoerd", /// Alleen bekeken: zo zou het gaan.
        Proef = "proef", /// Er zaten fouten in; er is niets gewijzigd.
        Afgekeurd = "afgekeurd", /// Gestopt voordat hij klaar was; er is niets gewijzigd.
        Afgebroken = "afgebroken" }
}

/// Een fout in een rij van een bestand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rijfout {
    /// Rij in het bestand, zoals een rekenblad telt: de kop is rij 1.
    #[schema(minimum = 1, example = 17)]
    pub rij: u32,
    /// Naam van de kolom, of leeg als de hele rij niet klopt.
    #[schema(example = "e-mail")]
    pub kolom: String,
    /// Vaste code.
    #[schema(example = "email-ongeldig")]
    pub code: String,
    /// Wat er mis is en wat wel mag.
    pub detail: String,
}

/// Hoeveel fouten een verslag hoogstens noemt; wie er zoveel heeft, herstelt eerst de oorzaak.
pub const MEESTE_FOUTEN: usize = 1_000;

/// Een import van een gebruikerslijst met zijn verslag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gebruikersimport {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Stand.
    pub status: ImportStatus,
    /// Of alleen wordt bekeken hoe de import zou gaan.
    pub proef: bool,
    /// SHA-256 van het bestand.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Gelezen rijen, zonder de kop; loopt op zolang de import bezig is.
    #[schema(minimum = 0, example = 240)]
    pub gelezen: i64,
    /// Nieuwe gebruikers.
    #[schema(minimum = 0, example = 200)]
    pub nieuw: i64,
    /// Gebruikers van wie gegevens wijzigen.
    #[schema(minimum = 0, example = 3)]
    pub gewijzigd: i64,
    /// Gebruikers die al precies zo op de lijst stonden.
    #[schema(minimum = 0, example = 37)]
    pub ongewijzigd: i64,
    /// Hoeveel fouten er zijn; het verslag noemt de eerste duizend.
    #[schema(minimum = 0, example = 0)]
    pub aantal_fouten: i64,
    /// De fouten, per rij en kolom.
    pub fouten: Vec<Rijfout>,
    /// Wie de import deed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door_persoon_id: Option<Id>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Laatste teken van leven.
    pub gewijzigd_op: Moment,
}

/// Zo lang mag een import stilstaan voordat wij hem afgebroken noemen; wie importeert geeft vaker een teken van leven.
pub const STIL: TimeDelta = TimeDelta::seconds(30);

impl Gebruikersimport {
    /// Zoals hij nu te lezen is: een import die geen teken van leven meer geeft, is afgebroken.
    #[must_use]
    pub fn op(self, nu: Moment) -> Self {
        let stil = self.status == ImportStatus::Bezig && nu - self.gewijzigd_op > STIL;
        if stil { Self { status: ImportStatus::Afgebroken, ..self } } else { self }
    }
}

/// Een rij uit een bestand, met de kolommen die het bestand heeft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lijstrij {
    /// Rij in het bestand.
    pub rij: u32,
    /// De gegevens.
    pub gegevens: NieuweGebruiker,
}

/// Welke kolommen een bestand heeft naast naam en e-mail: wat er niet in staat, blijft zoals het was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kolommen {
    /// Telefoon.
    pub telefoon: bool,
    /// Functie.
    pub functie: bool,
    /// Beoogd profiel.
    pub beoogd_profiel: bool,
}

/// Wat een import met de lijst doet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lijstwijziging {
    /// Nieuwe gebruikers, in de volgorde van het bestand.
    pub nieuw: Vec<Gebruiker>,
    /// Gewijzigde gebruikers met hun vorige versie.
    pub gewijzigd: Vec<(i64, Gebruiker)>,
    /// Hoeveel er al zo stonden.
    pub ongewijzigd: i64,
}

/// Bepaalt wat een gekeurde lijst verandert; dezelfde lijst nog eens verandert niets.
#[must_use]
pub fn verwerk<S: std::hash::BuildHasher>(
    bestaand: &HashMap<String, Gebruiker, S>,
    rijen: Vec<Lijstrij>,
    kolommen: Kolommen,
    mut nieuw: impl FnMut(NieuweGebruiker) -> Gebruiker,
    nu: Moment,
) -> Lijstwijziging {
    let mut uit = Lijstwijziging::default();
    for rij in rijen {
        let Some(oud) = bestaand.get(&rij.gegevens.email.to_lowercase()) else {
            uit.nieuw.push(nieuw(rij.gegevens));
            continue;
        };
        let mut na = oud.verhoogd(nu);
        rij.gegevens.naam.trim().clone_into(&mut na.naam);
        for (heeft, doel, waarde) in [
            (kolommen.telefoon, &mut na.telefoon, rij.gegevens.telefoon),
            (kolommen.functie, &mut na.functie, rij.gegevens.functie),
            (kolommen.beoogd_profiel, &mut na.beoogd_profiel, rij.gegevens.beoogd_profiel),
        ] {
            if heeft {
                *doel = waarde;
            }
        }
        if na.gegevens() == oud.gegevens() { uit.ongewijzigd += 1 } else { uit.gewijzigd.push((oud.versie, na)) }
    }
    uit
}

/// Keurt rijen een voor een en onthoudt welke adressen al voorbijkwamen.
#[derive(Debug, Default)]
pub struct Rijkeuring {
    gezien: BTreeMap<String, u32>,
    /// De gekeurde rijen.
    pub rijen: Vec<Lijstrij>,
    /// De eerste fouten.
    pub fouten: Vec<Rijfout>,
    /// Hoeveel fouten er zijn.
    pub aantal_fouten: i64,
}

/// De kolom bij een plaats in [`NieuweGebruiker`].
fn kolom(plaats: &str) -> &'static str {
    match plaats {
        "/naam" => "naam",
        "/email" => "e-mail",
        "/telefoon" => "telefoon",
        "/functie" => "functie",
        "/beoogdProfiel" => "beoogd profiel",
        _ => "",
    }
}

impl Rijkeuring {
    /// Noteert een fout.
    pub fn fout(&mut self, fout: Rijfout) {
        self.aantal_fouten += 1;
        if self.fouten.len() < MEESTE_FOUTEN {
            self.fouten.push(fout);
        }
    }

    /// Keurt een rij.
    pub fn neem(&mut self, rij: Lijstrij) {
        let email = rij.gegevens.email.to_lowercase();
        for fout in rij.gegevens.fouten() {
            self.fout(Rijfout { rij: rij.rij, kolom: kolom(&fout.location).to_owned(), code: fout.code, detail: fout.detail });
        }
        if let Some(eerder) = self.gezien.insert(email, rij.rij) {
            let detail = format!("Dit e-mailadres staat ook in rij {eerder}. Laat iedere gebruiker één keer staan.");
            self.fout(Rijfout { rij: rij.rij, kolom: "e-mail".to_owned(), code: "dubbel".to_owned(), detail });
        }
        if self.aantal_fouten == 0 {
            self.rijen.push(rij);
        }
    }
}
