//! De gebruikerslijst: wie van een organisatie in het LCMS werkt (Bijlage 2, 'Gebruikerslijst opstellen').

mod imports;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use imports::{Gebruikersimport, ImportStatus, Kolommen, Lijstrij, Lijstwijziging, MEESTE_FOUTEN, Rijfout, Rijkeuring, STIL, verwerk};

use crate::invoer::{Veldfout, Wijziging, aanwezig, klaar, verplicht, zet};
use crate::keuze::keuze;
use crate::personen::controleer_email;
use crate::{Id, Moment, Weigering};

keuze! {
    /// Stand van een gebruiker.
    GebruikerStatus { /// Staat op de lijst.
        Actief = "actief", /// Tijdelijk geen toegang.
        Geblokkeerd = "geblokkeerd", /// Verwijderd en gepseudonimiseerd.
        Verwijderd = "verwijderd" }
}

/// Een gebruiker van het LCMS, van één organisatie. Alleen zakelijke gegevens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gebruiker {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Naam.
    #[schema(example = "Noor Voorbeeld")]
    pub naam: String,
    /// Zakelijk e-mailadres, in kleine letters; uniek binnen de organisatie.
    #[schema(example = "noor@voorbeeldland.example")]
    pub email: String,
    /// Zakelijk telefoonnummer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telefoon: Option<String>,
    /// Functie in de organisatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functie: Option<String>,
    /// Het profiel dat de organisatie voor deze gebruiker bedoelt; het autorisatieplan beslist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beoogd_profiel: Option<String>,
    /// Stand.
    pub status: GebruikerStatus,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een nieuwe gebruiker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweGebruiker {
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Noor Voorbeeld")]
    pub naam: String,
    /// Zakelijk e-mailadres.
    #[schema(min_length = 3, max_length = 254, example = "noor@voorbeeldland.example")]
    pub email: String,
    /// Zakelijk telefoonnummer.
    #[serde(default)]
    #[schema(pattern = r"^\+?[0-9 ()-]{6,25}$", nullable = false, example = "+31 20 000 00 00")]
    pub telefoon: Option<String>,
    /// Functie in de organisatie.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Informatiemanager")]
    pub functie: Option<String>,
    /// Het profiel dat de organisatie voor deze gebruiker bedoelt.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 40, nullable = false, example = "actiecentrum-im")]
    pub beoogd_profiel: Option<String>,
}

/// Wijziging van een gebruiker (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GebruikerWijziging {
    /// Naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Noor Voorbeeld")]
    pub naam: Option<String>,
    /// Zakelijk e-mailadres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 3, max_length = 254, nullable = false, example = "noor@voorbeeldland.example")]
    pub email: Option<String>,
    /// Telefoonnummer; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = r"^\+?[0-9 ()-]{6,25}$")]
    pub telefoon: Wijziging<String>,
    /// Functie; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub functie: Wijziging<String>,
    /// Bedoeld profiel; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40)]
    pub beoogd_profiel: Wijziging<String>,
}

const BSN: &str = "Hier lijkt een burgerservicenummer te staan. Dat hoort niet in een gebruikerslijst; haal het weg.";

/// Of in de tekst een getal van negen cijfers staat dat aan de elfproef voldoet.
fn bevat_bsn(tekst: &str) -> bool {
    tekst.split(|c: char| !c.is_ascii_digit()).filter(|deel| deel.len() == 9).any(|deel| {
        let cijfers = deel.bytes().map(|b| i32::from(b - b'0'));
        let som: i32 = cijfers.zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(cijfer, gewicht)| cijfer * gewicht).sum();
        som % 11 == 0 && deel != "000000000"
    })
}

fn controleer_tekst(fouten: &mut Vec<Veldfout>, plaats: &str, tekst: Option<&str>, langste: usize) {
    let Some(tekst) = tekst else { return };
    if tekst.chars().count() > langste {
        fouten.push(Veldfout::new(plaats, "te-lang", format!("Gebruik hoogstens {langste} tekens.")));
    }
    if tekst.chars().any(char::is_control) {
        fouten.push(Veldfout::new(plaats, "stuurtekens", "Haal regeleinden en andere stuurtekens uit dit veld."));
    }
    if bevat_bsn(tekst) {
        fouten.push(Veldfout::new(plaats, "burgerservicenummer", BSN));
    }
}

fn is_telefoon(tekst: &str) -> bool {
    let rest = tekst.strip_prefix('+').unwrap_or(tekst);
    (6..=25).contains(&rest.len()) && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-'))
}

impl NieuweGebruiker {
    /// Alle fouten in de velden; ook voor een rij uit een bestand, waar geen schema aan voorafging.
    #[must_use]
    pub fn fouten(&self) -> Vec<Veldfout> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        controleer_tekst(&mut fouten, "/naam", Some(&self.naam), 200);
        if self.email.len() > 254 {
            fouten.push(Veldfout::new("/email", "te-lang", "Gebruik hoogstens 254 tekens."));
        } else {
            controleer_email(&mut fouten, &self.email);
        }
        if self.telefoon.as_deref().is_some_and(|t| !is_telefoon(t)) {
            fouten.push(Veldfout::new("/telefoon", "telefoon-ongeldig", "Geef een telefoonnummer met cijfers, spaties, haakjes of streepjes."));
        }
        controleer_tekst(&mut fouten, "/functie", self.functie.as_deref(), 200);
        controleer_tekst(&mut fouten, "/beoogdProfiel", self.beoogd_profiel.as_deref(), 40);
        fouten
    }

    /// Maakt de gebruiker.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn maak(self, id: Id, organisatie_id: Id, nu: Moment) -> Result<Gebruiker, Vec<Veldfout>> {
        let fouten = self.fouten();
        klaar(fouten, self.gekeurd(id, organisatie_id, nu))
    }

    /// Maakt de gebruiker uit gegevens die al gekeurd zijn.
    #[must_use]
    pub fn gekeurd(self, id: Id, organisatie_id: Id, nu: Moment) -> Gebruiker {
        Gebruiker {
            id,
            organisatie_id,
            naam: self.naam.trim().to_owned(),
            email: self.email.to_lowercase(),
            telefoon: self.telefoon,
            functie: self.functie,
            beoogd_profiel: self.beoogd_profiel,
            status: GebruikerStatus::Actief,
            aangemaakt_op: nu,
            gewijzigd_op: nu,
            versie: 1,
        }
    }
}

impl GebruikerWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn toepassen(&self, oud: &Gebruiker, nu: Moment) -> Result<Gebruiker, Vec<Veldfout>> {
        let mut nieuw = oud.verhoogd(nu);
        if let Some(naam) = &self.naam {
            naam.trim().clone_into(&mut nieuw.naam);
        }
        if let Some(email) = &self.email {
            nieuw.email = email.to_lowercase();
        }
        zet(&mut nieuw.telefoon, &self.telefoon);
        zet(&mut nieuw.functie, &self.functie);
        zet(&mut nieuw.beoogd_profiel, &self.beoogd_profiel);
        klaar(nieuw.gegevens().fouten(), nieuw)
    }
}

impl Gebruiker {
    fn verhoogd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    fn gegevens(&self) -> NieuweGebruiker {
        let g = self.clone();
        NieuweGebruiker { naam: g.naam, email: g.email, telefoon: g.telefoon, functie: g.functie, beoogd_profiel: g.beoogd_profiel }
    }

    /// Of deze gebruiker een profiel mag krijgen.
    #[must_use]
    pub fn is_actief(&self) -> bool {
        self.status == GebruikerStatus::Actief
    }

    /// Weigert iedere wijziging van een verwijderde gebruiker.
    ///
    /// # Errors
    /// `gebruiker-verwijderd`.
    pub fn niet_verwijderd(&self) -> Result<(), Weigering> {
        if self.status == GebruikerStatus::Verwijderd {
            return Err(Weigering::new("gebruiker-verwijderd", "Deze gebruiker is verwijderd en kan niet meer wijzigen."));
        }
        Ok(())
    }

    /// Blokkeert de gebruiker.
    ///
    /// # Errors
    /// `al-geblokkeerd`, `gebruiker-verwijderd`.
    pub fn blokkeren(&self, nu: Moment) -> Result<Self, Weigering> {
        self.niet_verwijderd()?;
        if self.status == GebruikerStatus::Geblokkeerd {
            return Err(Weigering::new("al-geblokkeerd", "Deze gebruiker is al geblokkeerd."));
        }
        Ok(Self { status: GebruikerStatus::Geblokkeerd, ..self.verhoogd(nu) })
    }

    /// Heft de blokkering op.
    ///
    /// # Errors
    /// `niet-geblokkeerd`, `gebruiker-verwijderd`.
    pub fn deblokkeren(&self, nu: Moment) -> Result<Self, Weigering> {
        self.niet_verwijderd()?;
        if self.status != GebruikerStatus::Geblokkeerd {
            return Err(Weigering::new("niet-geblokkeerd", "Deze gebruiker is niet geblokkeerd."));
        }
        Ok(Self { status: GebruikerStatus::Actief, ..self.verhoogd(nu) })
    }

    /// Verwijdert de gebruiker: gegevens weg, het spoor zonder naam blijft.
    ///
    /// # Errors
    /// `gebruiker-verwijderd` als dat al gebeurd is.
    pub fn verwijderen(&self, nu: Moment) -> Result<Self, Weigering> {
        self.niet_verwijderd()?;
        Ok(Self {
            naam: "Verwijderde gebruiker".to_owned(),
            email: format!("{}@verwijderd.invalid", self.id),
            telefoon: None,
            functie: None,
            beoogd_profiel: None,
            status: GebruikerStatus::Verwijderd,
            ..self.verhoogd(nu)
        })
    }
}
