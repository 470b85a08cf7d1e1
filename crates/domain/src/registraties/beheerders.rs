//! De organisatiebeheerders in een registratie: aangewezen, geregistreerd, opgeleid en dan actief.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Registratie, RegistratieStatus};
use crate::invoer::{Veldfout, klaar};
use crate::keuze::keuze;
use crate::personen::Rol;
use crate::{Datum, Id, Moment, Weigering};

keuze! {
    /// Stand van een organisatiebeheerder in een registratie; volgt uit handtekeningen en training.
    BeheerderStand { /// Genoemd, nog niet door beide partijen getekend.
        Aangewezen = "aangewezen", /// In een getekende registratie, nog niet opgeleid.
        Geregistreerd = "geregistreerd", /// In een getekende registratie en opgeleid.
        Actief = "actief", /// Verwijderd, of de registratie is voorbij.
        Beeindigd = "beeindigd" }
}
keuze! {
    /// Stand van de toegang tot de SharePoint-omgeving voor beheerders.
    SharepointStand { /// Niet verleend.
        Geen = "geen", /// Verleend.
        Verleend = "verleend", /// Geen beheerder meer; LFB moet de toegang nog intrekken.
        InTeTrekken = "in-te-trekken", /// Ingetrokken.
        Ingetrokken = "ingetrokken" }
}

/// Een organisatiebeheerder zoals die in het formulier staat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Beheerder {
    /// De persoon.
    pub persoon_id: Id,
    /// Naam.
    #[schema(example = "Otto Voorbeeld")]
    pub naam: String,
    /// Functie in de organisatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Informatiemanager")]
    pub functie: Option<String>,
    /// Zakelijk e-mailadres.
    #[schema(example = "otto@voorbeeldland.example")]
    pub email: String,
    /// Zakelijk telefoonnummer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+31 20 000 00 00")]
    pub telefoon: Option<String>,
    /// De beheerder voor wie deze persoon vervanger is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vervanger_van: Option<Id>,
    /// Stand.
    pub stand: BeheerderStand,
    /// Wanneer de training gepland is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training_gepland_datum: Option<Datum>,
    /// Wanneer de training gevolgd is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training_gevolgd_datum: Option<Datum>,
    /// Toegang tot de SharePoint-omgeving.
    pub sharepoint: SharepointStand,
    /// Wanneer deze persoon uit de registratie is verwijderd.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verwijderd_op: Option<Moment>,
}

/// Een organisatiebeheerder om aan te wijzen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BeheerderInvoer {
    /// De persoon, van dezelfde organisatie.
    pub persoon_id: Id,
    /// Functie; zonder waarde die van de persoon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Informatiemanager")]
    pub functie: Option<String>,
    /// Zakelijk telefoonnummer; zonder waarde dat van de persoon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = r"^\+?[0-9 ()-]{6,25}$", nullable = false, example = "+31 20 000 00 00")]
    pub telefoon: Option<String>,
    /// De beheerder voor wie deze persoon vervanger is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub vervanger_van: Option<Id>,
}

/// Verwijdering van een beheerder; werkt meteen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verwijdering {
    /// Waarom; zonder persoonsgegevens.
    #[schema(min_length = 1, max_length = 2000, example = "Werkt niet meer bij de organisatie.")]
    pub reden: String,
}

/// Een organisatiebeheerderstraining, vastgelegd door LFB.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Training {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// De persoon.
    pub persoon_id: Id,
    /// Wanneer de training gepland is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gepland_datum: Option<Datum>,
    /// Wanneer de training gevolgd is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gevolgd_datum: Option<Datum>,
    /// Toelichting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<String>,
    /// Moment van vastleggen.
    pub vastgelegd_op: Moment,
}

/// Een training om vast te leggen: gepland, gevolgd, of beide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweTraining {
    /// Wanneer de training gepland is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "2027-02-01")]
    pub gepland_datum: Option<Datum>,
    /// Wanneer de training gevolgd is; niet in de toekomst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "2027-02-01")]
    pub gevolgd_datum: Option<Datum>,
    /// Toelichting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000, nullable = false, example = "Training in Arnhem.")]
    pub toelichting: Option<String>,
}

impl NieuweTraining {
    /// Maakt de training.
    ///
    /// # Errors
    /// Geen van beide dagen, of gevolgd in de toekomst.
    pub fn maak(self, id: Id, beheerder: (Id, Id), vandaag: Datum, nu: Moment) -> Result<Training, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        if self.gepland_datum.is_none() && self.gevolgd_datum.is_none() {
            fouten.push(Veldfout::new("/geplandDatum", "verplicht", "Geef een geplande dag, een dag waarop de training gevolgd is, of beide."));
        }
        if self.gevolgd_datum.is_some_and(|dag| dag > vandaag) {
            fouten.push(Veldfout::new("/gevolgdDatum", "in-de-toekomst", "Een gevolgde training ligt niet in de toekomst. Leg haar vast als gepland."));
        }
        let (organisatie_id, persoon_id) = beheerder;
        let (gepland_datum, gevolgd_datum, toelichting) = (self.gepland_datum, self.gevolgd_datum, self.toelichting);
        klaar(fouten, Training { id, organisatie_id, persoon_id, gepland_datum, gevolgd_datum, toelichting, vastgelegd_op: nu })
    }
}

impl Beheerder {
    /// De stand die volgt uit de stand van de registratie en de training.
    #[must_use]
    pub const fn stand_bij(&self, status: RegistratieStatus) -> BeheerderStand {
        match status {
            _ if self.verwijderd_op.is_some() => BeheerderStand::Beeindigd,
            RegistratieStatus::Vervangen | RegistratieStatus::Ingetrokken => BeheerderStand::Beeindigd,
            RegistratieStatus::Actief if self.training_gevolgd_datum.is_some() => BeheerderStand::Actief,
            RegistratieStatus::Actief => BeheerderStand::Geregistreerd,
            _ => BeheerderStand::Aangewezen,
        }
    }

    /// Neemt over wat er over training en toegang van deze persoon is vastgelegd.
    pub fn met_opleiding<'a>(&mut self, trainingen: impl Iterator<Item = &'a Training>, sharepoint: SharepointStand) {
        for training in trainingen {
            self.training_gepland_datum = self.training_gepland_datum.max(training.gepland_datum);
            self.training_gevolgd_datum = self.training_gevolgd_datum.max(training.gevolgd_datum);
        }
        self.sharepoint = sharepoint;
    }
}

/// Of iemand een rol rechtstreeks mag krijgen, naast de registratie die bij de organisatie van kracht is.
///
/// Eerst is er het getekende formulier, dan pas een organisatiebeheerder (stap 4, 'Allereerst moet een Registratieformulier'). Wie
/// daarin zit, mag een rol terugkrijgen die bij vergissing is teruggenomen.
///
/// # Errors
/// `rol-uit-registratie`.
pub fn rechtstreeks(rol: Rol, persoon_id: Id, van_kracht: Option<&Registratie>) -> Result<(), Weigering> {
    let getekend = van_kracht.is_some_and(|r| r.status == RegistratieStatus::Actief && r.zittend(persoon_id).is_some());
    if rol != Rol::Organisatiebeheerder || getekend {
        return Ok(());
    }
    let detail = "De rol organisatiebeheerder volgt uit de getekende registratie. Neem deze persoon op in de registratie organisatiebeheerders en laat haar door beide partijen ondertekenen.";
    Err(Weigering::new("rol-uit-registratie", detail))
}

impl Registratie {
    /// De zittende beheerder, of niets.
    #[must_use]
    pub fn zittend(&self, persoon_id: Id) -> Option<&Beheerder> {
        self.zittende().find(|b| b.persoon_id == persoon_id)
    }

    /// Verwijdert een beheerder uit de registratie die van kracht is; dat werkt meteen. De rest van het formulier blijft
    /// getekend staan; aanvullen gaat met een nieuwe versie.
    ///
    /// # Errors
    /// `registratie-status` als de registratie niet actief is, `beheerder-onbekend` als die er niet (meer) in staat.
    pub fn zonder_beheerder(&self, persoon_id: Id, nu: Moment) -> Result<Self, Weigering> {
        if self.status != RegistratieStatus::Actief {
            return Err(self.kan_niet("beperkt: pas een registratie in voorbereiding aan door haar te wijzigen"));
        }
        if self.zittend(persoon_id).is_none() {
            return Err(Weigering::new("beheerder-onbekend", "Deze persoon is geen organisatiebeheerder (meer) in deze registratie."));
        }
        let mut nieuw = self.verhoogd(nu);
        for beheerder in nieuw.beheerders.iter_mut().filter(|b| b.persoon_id == persoon_id) {
            beheerder.verwijderd_op = Some(nu);
        }
        Ok(nieuw.herleid())
    }

    /// Legt een training vast bij een zittende beheerder.
    ///
    /// # Errors
    /// `beheerder-onbekend`, `registratie-status`.
    pub fn met_training(&self, training: &Training, nu: Moment) -> Result<Self, Weigering> {
        self.mag_opleiden(training.persoon_id)?;
        let mut nieuw = self.verhoogd(nu);
        for beheerder in nieuw.beheerders.iter_mut().filter(|b| b.persoon_id == training.persoon_id) {
            let sharepoint = beheerder.sharepoint;
            beheerder.met_opleiding(std::iter::once(training), sharepoint);
        }
        Ok(nieuw.herleid())
    }

    /// Rekent met de trainingen die er nog zijn, nadat er een is weggehaald.
    #[must_use]
    pub fn met_trainingen(&self, persoon_id: Id, trainingen: &[Training], nu: Moment) -> Self {
        let mut nieuw = self.verhoogd(nu);
        for beheerder in nieuw.beheerders.iter_mut().filter(|b| b.persoon_id == persoon_id) {
            (beheerder.training_gepland_datum, beheerder.training_gevolgd_datum) = (None, None);
            let sharepoint = beheerder.sharepoint;
            beheerder.met_opleiding(trainingen.iter(), sharepoint);
        }
        nieuw.herleid()
    }

    fn mag_opleiden(&self, persoon_id: Id) -> Result<(), Weigering> {
        if matches!(self.status, RegistratieStatus::Vervangen | RegistratieStatus::Ingetrokken) {
            return Err(self.kan_niet("aangevuld: zij is voorbij"));
        }
        match self.zittend(persoon_id) {
            Some(_) => Ok(()),
            None => Err(Weigering::new("beheerder-onbekend", "Deze persoon is geen organisatiebeheerder (meer) in deze registratie.")),
        }
    }

    /// Zet de toegang tot SharePoint: verlenen alleen aan een zittende beheerder van een actieve registratie, intrekken altijd.
    ///
    /// # Errors
    /// `sharepoint-alleen-beheerders`, `sharepoint-ongewijzigd`.
    pub fn met_sharepoint(&self, persoon_id: Id, stand: SharepointStand, nu: Moment) -> Result<Self, Weigering> {
        let beheerder = self.beheerders.iter().find(|b| b.persoon_id == persoon_id);
        let Some(beheerder) = beheerder else {
            return Err(Weigering::new("beheerder-onbekend", "Deze persoon staat niet in deze registratie."));
        };
        let geregistreerd = matches!(beheerder.stand, BeheerderStand::Geregistreerd | BeheerderStand::Actief);
        if stand == SharepointStand::Verleend && !geregistreerd {
            let detail = "Toegang tot de SharePoint-omgeving is er alleen voor organisatiebeheerders in een actieve registratie.";
            return Err(Weigering::new("sharepoint-alleen-beheerders", detail));
        }
        if beheerder.sharepoint == stand || (stand == SharepointStand::Ingetrokken && beheerder.sharepoint == SharepointStand::Geen) {
            return Err(Weigering::new("sharepoint-ongewijzigd", "De toegang heeft deze stand al."));
        }
        let mut nieuw = self.verhoogd(nu);
        for beheerder in nieuw.beheerders.iter_mut().filter(|b| b.persoon_id == persoon_id) {
            beheerder.sharepoint = stand;
        }
        Ok(nieuw)
    }
}
