//! Registratie organisatiebeheerders: het formulier tussen een organisatie en NIPV, met twee handtekeningen
//! (bron: stap 4, 'Gebruikersovereenkomst en organisatiebeheerders'; Bijlage 2, acties 5, 6 en 8).

pub mod afspraken;
pub mod beheerders;
pub mod gevolgen;
pub mod ondertekenen;
pub mod opstellen;
mod taken;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use afspraken::{Artikel, Beheerafspraken, NieuweBeheerafspraken};
pub use beheerders::{Beheerder, BeheerderInvoer, BeheerderStand, NieuweTraining, SharepointStand, Training, Verwijdering};
pub use ondertekenen::{Aanmeldbewijs, Ondertekenaar, OndertekeningKort, Ondertekenpartij};
pub use opstellen::{Grondslag, NieuweRegistratie, RegistratieWijziging};
pub use taken::Omstandigheden;

use crate::audit::Door;
use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

keuze! {
    /// Stand van een registratie.
    RegistratieStatus { /// Wordt opgesteld.
        Concept = "concept", /// Ligt bij de tekenbevoegde van de organisatie.
        Ingediend = "ingediend", /// Getekend door de organisatie; ligt bij NIPV (LFB).
        OndertekendOrganisatie = "ondertekend-organisatie", /// Door beide partijen getekend en van kracht.
        Actief = "actief", /// Met opmerkingen terug bij de organisatie.
        Teruggegeven = "teruggegeven", /// Opgevolgd door een nieuwere versie.
        Vervangen = "vervangen", /// Ingetrokken.
        Ingetrokken = "ingetrokken" }
}

impl RegistratieStatus {
    /// De standen waarin een registratie nog onderweg is; per organisatie is er daarvan ten hoogste één.
    pub const ONDERWEG: [Self; 4] = [Self::Concept, Self::Ingediend, Self::OndertekendOrganisatie, Self::Teruggegeven];

    /// De standen waarin een registratie onderweg of van kracht is.
    pub const LEVEND: [Self; 5] = [Self::Concept, Self::Ingediend, Self::OndertekendOrganisatie, Self::Teruggegeven, Self::Actief];

    /// De standen waarin een registratie voorbij is.
    pub const VOORBIJ: [Self; 2] = [Self::Vervangen, Self::Ingetrokken];

    /// Of de inhoud nog te wijzigen is.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Concept | Self::Teruggegeven)
    }
}

/// Eén versie van de registratie van een organisatie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registratie {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// De hoeveelste registratie van deze organisatie dit is.
    #[schema(minimum = 1, example = 1)]
    pub nummer: i32,
    /// Stand.
    pub status: RegistratieStatus,
    /// De registratie die deze opvolgt; die blijft van kracht tot deze actief is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vervangt_id: Option<Id>,
    /// De tekst van de afspraken over beheer en controle.
    pub afspraken_id: Id,
    /// De versie van die tekst.
    #[schema(minimum = 1, example = 1)]
    pub afspraken_versie: i32,
    /// Hoe vaak deze registratie is ingediend; na een terugwijzing wordt opnieuw getekend.
    #[schema(minimum = 0, example = 1)]
    pub ronde: i32,
    /// De organisatiebeheerders.
    pub beheerders: Vec<Beheerder>,
    /// De handtekeningen van deze ronde.
    pub ondertekeningen: Vec<OndertekeningKort>,
    /// De opmerkingen van de laatste terugwijzing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opmerkingen: Option<String>,
    /// Waarom de registratie is ingetrokken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub einde_reden: Option<String>,
    /// Moment van de laatste indiening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingediend_op: Option<Moment>,
    /// Vanaf wanneer de registratie van kracht is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actief_op: Option<Moment>,
    /// Sinds wanneer zij vervangen of ingetrokken is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beeindigd_op: Option<Moment>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Dat een registratie is ingediend, teruggegeven of ingetrokken; verandert nooit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registratiebesluit {
    /// Identificatie.
    pub id: Id,
    /// De registratie.
    pub registratie_id: Id,
    /// De hoeveelste indiening van deze registratie; 0 voordat zij is ingediend.
    #[schema(minimum = 0, example = 1)]
    pub ronde: i32,
    /// Moment.
    pub op: Moment,
    /// Wie het deed.
    pub door: Door,
    /// De opmerkingen bij een terugwijzing, of de reden van een intrekking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<String>,
}

/// Terugwijzing met opmerkingen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terugwijzing {
    /// Wat er anders moet.
    #[schema(min_length = 1, max_length = 4000, example = "De functie van de tweede beheerder klopt niet.")]
    pub opmerkingen: String,
}

impl Registratie {
    /// Het besluit dat tot deze stand leidde, om te bewaren.
    #[must_use]
    pub fn besluit(&self, id: Id, door: Door, toelichting: Option<&str>) -> Registratiebesluit {
        let toelichting = toelichting.map(|tekst| tekst.trim().to_owned());
        Registratiebesluit { id, registratie_id: self.id, ronde: self.ronde, op: self.gewijzigd_op, door, toelichting }
    }

    pub(super) fn verhoogd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    /// De beheerders die niet verwijderd zijn.
    pub fn zittende(&self) -> impl Iterator<Item = &Beheerder> {
        self.beheerders.iter().filter(|b| b.verwijderd_op.is_none())
    }

    /// Of deze persoon in het formulier staat, ook als die intussen verwijderd is.
    #[must_use]
    pub fn noemt(&self, persoon_id: Id) -> bool {
        self.beheerders.iter().any(|b| b.persoon_id == persoon_id)
    }

    /// Of deze persoon volgens deze registratie nu organisatiebeheerder mag zijn: getekend, niet verwijderd en opgeleid.
    #[must_use]
    pub fn is_actief_beheerder(&self, persoon_id: Id) -> bool {
        self.beheerders.iter().any(|b| b.persoon_id == persoon_id && b.stand == BeheerderStand::Actief)
    }

    fn kan_niet(&self, wat: &str) -> Weigering {
        Weigering::new("registratie-status", format!("Een registratie met status '{}' kan niet worden {wat}.", self.status))
    }

    /// Geeft de registratie met opmerkingen terug aan wie haar opstelde; handtekeningen van deze ronde vervallen.
    ///
    /// # Errors
    /// `registratie-status` als er niets ter tekening ligt.
    pub fn teruggeven(&self, terugwijzing: &Terugwijzing, nu: Moment) -> Result<Self, Weigering> {
        if !matches!(self.status, RegistratieStatus::Ingediend | RegistratieStatus::OndertekendOrganisatie) {
            return Err(self.kan_niet("teruggegeven: zij ligt niet ter tekening"));
        }
        let opmerkingen = Some(terugwijzing.opmerkingen.trim().to_owned());
        Ok(Self { status: RegistratieStatus::Teruggegeven, opmerkingen, ondertekeningen: Vec::new(), ..self.verhoogd(nu) }.herleid())
    }

    /// Trekt de registratie in; een actieve verliest daarmee meteen haar kracht.
    ///
    /// # Errors
    /// `registratie-status` als zij al voorbij is.
    pub fn intrekken(&self, reden: &str, nu: Moment) -> Result<Self, Weigering> {
        if matches!(self.status, RegistratieStatus::Vervangen | RegistratieStatus::Ingetrokken) {
            return Err(self.kan_niet("ingetrokken"));
        }
        let einde_reden = Some(reden.trim().to_owned());
        Ok(Self { status: RegistratieStatus::Ingetrokken, einde_reden, beeindigd_op: Some(nu), ..self.verhoogd(nu) }.herleid())
    }

    /// Maakt plaats voor een nieuwere actieve versie.
    #[must_use]
    pub fn vervangen(&self, nu: Moment) -> Self {
        Self { status: RegistratieStatus::Vervangen, beeindigd_op: Some(nu), ..self.verhoogd(nu) }.herleid()
    }

    /// Rekent de stand van iedere beheerder opnieuw uit.
    #[must_use]
    pub fn herleid(mut self) -> Self {
        let status = self.status;
        for beheerder in &mut self.beheerders {
            beheerder.stand = beheerder.stand_bij(status);
        }
        self
    }
}
