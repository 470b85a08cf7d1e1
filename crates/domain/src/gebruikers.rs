//! De gebruikerslijst: wie van een organisatie in het LCMS werkt (Bijlage 2, 'Gebruikerslijst opstellen').

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

/// Zo lang mag een import stilstaan voordat wij hem afgebroken noemen.
const STIL_MINUTEN: i64 = 10;

impl Gebruikersimport {
    /// Zoals hij nu te lezen is: een import die al lang geen teken van leven gaf, is afgebroken.
    #[must_use]
    pub fn op(self, nu: Moment) -> Self {
        let stil = self.status == ImportStatus::Bezig && nu - self.gewijzigd_op > chrono::TimeDelta::minutes(STIL_MINUTEN);
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
