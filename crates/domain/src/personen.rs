//! Personen en hun functionele rollen (domein 'Who uses it'; bron: TGV, 'Rol- en rechtenbeheer').

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, Wijziging, aanwezig, is_domeinnaam, klaar, verplicht, zet};
use crate::keuze::keuze;
use crate::organisaties::{Aansluitstatus, OrganisatieSoort};
use crate::{Id, Moment, Weigering};

keuze! {
    /// Functionele rol van een persoon binnen de eigen organisatie; staat in onze opslag, nooit in een token.
    Rol { /// Landelijk functioneel beheer (NIPV).
        Lfb = "lfb", /// Adviseur netcentrisch werken (NIPV).
        Adviseur = "adviseur", /// Productmanager LCMS (NIPV).
        ProductmanagerLcms = "productmanager-lcms", /// Productmanager TGV (NIPV).
        ProductmanagerTgv = "productmanager-tgv", /// Productmanager Diginetwerk (NIPV).
        ProductmanagerDiginetwerk = "productmanager-diginetwerk", /// Projectleider van de crisispartner.
        Projectleider = "projectleider", /// Organisatiebeheerder van de crisispartner.
        Organisatiebeheerder = "organisatiebeheerder", /// IdP-beheerder van de crisispartner.
        IdpBeheerder = "idp-beheerder", /// Wie namens de organisatie tekent.
        Tekenbevoegde = "tekenbevoegde", /// Informatiefunctionaris.
        Informatiefunctionaris = "informatiefunctionaris", /// Waarnemer met vragenlijst 3.
        Waarnemer = "waarnemer", /// Implementatieadviseur van een gecertificeerde implementatiepartner.
        Implementatieadviseur = "implementatieadviseur", /// Adviseur van een adoptiepartner die al live is.
        Adoptieadviseur = "adoptieadviseur" }
}
keuze! {
    /// Stand van een persoon.
    PersoonStatus { /// Geregistreerd, nog niet aangemeld.
        Uitgenodigd = "uitgenodigd", /// Mag werken.
        Actief = "actief", /// Tijdelijk geen toegang.
        Geblokkeerd = "geblokkeerd", /// Verwijderd en gepseudonimiseerd.
        Verwijderd = "verwijderd" }
}

impl Rol {
    /// Of de rol bij NIPV hoort.
    #[must_use]
    pub const fn is_van_nipv(self) -> bool {
        matches!(self, Self::Lfb | Self::Adviseur | Self::ProductmanagerLcms | Self::ProductmanagerTgv | Self::ProductmanagerDiginetwerk)
    }

    /// Of de rol bij de organisatie past.
    ///
    /// # Errors
    /// `rol-buiten-organisatie`, met de organisatie waar de rol wel hoort.
    pub fn past_bij(self, soort: OrganisatieSoort, is_implementatiepartner: bool, aansluitstatus: Aansluitstatus) -> Result<(), Weigering> {
        let nipv = soort == OrganisatieSoort::Nipv;
        let (past, waar) = match self {
            r if r.is_van_nipv() => (nipv, "NIPV"),
            Self::Implementatieadviseur => (!nipv && is_implementatiepartner, "een organisatie met een geldige certificering als implementatiepartner"),
            Self::Adoptieadviseur => (!nipv && aansluitstatus == Aansluitstatus::Live, "een crisispartner die al live is"),
            Self::Waarnemer => (true, ""),
            _ => (!nipv, "een crisispartner"),
        };
        if past {
            Ok(())
        } else {
            Err(Weigering::new("rol-buiten-organisatie", format!("De rol '{self}' hoort bij {waar}. Kies een rol die bij deze organisatie past.")))
        }
    }
}

/// Een persoon van één organisatie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Persoon {
    /// Identificatie; ook de `sub` in tokens van onze eigen uitgever.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Naam.
    #[schema(example = "Lotte Voorbeeld")]
    pub naam: String,
    /// Zakelijk e-mailadres, in kleine letters.
    #[schema(example = "lotte@voorbeeldland.example")]
    pub email: String,
    /// Zakelijk telefoonnummer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telefoon: Option<String>,
    /// Functie in de organisatie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functie: Option<String>,
    /// Functionele rollen.
    pub rollen: Vec<Rol>,
    /// Stand.
    pub status: PersoonStatus,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens om een persoon te registreren; alleen wat nodig is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwePersoon {
    /// De organisatie.
    pub organisatie_id: Id,
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Lotte Voorbeeld")]
    pub naam: String,
    /// Zakelijk e-mailadres.
    #[schema(min_length = 3, max_length = 254, example = "lotte@voorbeeldland.example")]
    pub email: String,
    /// Zakelijk telefoonnummer.
    #[serde(default)]
    #[schema(pattern = r"^\+?[0-9 ()-]{6,25}$", nullable = false, example = "+31 20 000 00 00")]
    pub telefoon: Option<String>,
    /// Functie in de organisatie.
    #[serde(default)]
    #[schema(max_length = 200, nullable = false, example = "Informatiemanager")]
    pub functie: Option<String>,
    /// Functionele rollen.
    #[serde(default)]
    #[schema(max_items = 13)]
    pub rollen: Vec<Rol>,
}

/// Wijziging van een persoon (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersoonWijziging {
    /// Naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Lotte Voorbeeld")]
    pub naam: Option<String>,
    /// Zakelijk e-mailadres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 3, max_length = 254, nullable = false, example = "lotte@voorbeeldland.example")]
    pub email: Option<String>,
    /// Telefoonnummer; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = r"^\+?[0-9 ()-]{6,25}$")]
    pub telefoon: Wijziging<String>,
    /// Functie; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub functie: Wijziging<String>,
}

/// Toekenning van één rol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Roltoekenning {
    /// De rol.
    pub rol: Rol,
}

pub(crate) fn controleer_email(fouten: &mut Vec<Veldfout>, email: &str) {
    let goed = email.split_once('@').is_some_and(|(lokaal, domein)| {
        !lokaal.is_empty() && is_domeinnaam(&domein.to_ascii_lowercase()) && !email.chars().any(|c| c.is_whitespace() || c.is_control())
    });
    if !goed {
        fouten.push(Veldfout::new("/email", "email-ongeldig", "Geef een volledig e-mailadres, bijvoorbeeld 'naam@voorbeeld.example'."));
    }
}

impl NieuwePersoon {
    /// Maakt de persoon; de status is `uitgenodigd` tot de eerste aanmelding.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn maak(self, id: Id, nu: Moment) -> Result<Persoon, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        controleer_email(&mut fouten, &self.email);
        let mut rollen = self.rollen;
        rollen.sort_unstable();
        rollen.dedup();
        klaar(
            fouten,
            Persoon {
                id,
                organisatie_id: self.organisatie_id,
                naam: self.naam.trim().to_owned(),
                email: self.email.to_lowercase(),
                telefoon: self.telefoon,
                functie: self.functie,
                rollen,
                status: PersoonStatus::Uitgenodigd,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
                versie: 1,
            },
        )
    }
}

impl PersoonWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn toepassen(&self, oud: &Persoon, nu: Moment) -> Result<Persoon, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = oud.verhoogd(nu);
        if let Some(naam) = &self.naam {
            verplicht(&mut fouten, "/naam", naam);
            naam.trim().clone_into(&mut nieuw.naam);
        }
        if let Some(email) = &self.email {
            controleer_email(&mut fouten, email);
            nieuw.email = email.to_lowercase();
        }
        zet(&mut nieuw.telefoon, &self.telefoon);
        zet(&mut nieuw.functie, &self.functie);
        klaar(fouten, nieuw)
    }
}

impl Persoon {
    fn verhoogd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    /// Of de persoon mag werken.
    #[must_use]
    pub fn mag_werken(&self) -> bool {
        self.status == PersoonStatus::Actief
    }

    /// Of de persoon ergens voor aan te wijzen is: mag werken, of mag dat vanaf de eerste aanmelding.
    #[must_use]
    pub fn is_aan_te_wijzen(&self) -> bool {
        matches!(self.status, PersoonStatus::Actief | PersoonStatus::Uitgenodigd)
    }

    /// Geeft een rol.
    ///
    /// # Errors
    /// `rol-al-toegekend` als de persoon haar al heeft; `persoon-verwijderd`.
    pub fn met_rol(&self, rol: Rol, nu: Moment) -> Result<Self, Weigering> {
        self.niet_verwijderd()?;
        if self.rollen.contains(&rol) {
            return Err(Weigering::new("rol-al-toegekend", "Deze persoon heeft deze rol al."));
        }
        let mut nieuw = self.verhoogd(nu);
        nieuw.rollen.push(rol);
        nieuw.rollen.sort_unstable();
        Ok(nieuw)
    }

    /// Neemt een rol terug; `None` als de persoon haar niet heeft.
    #[must_use]
    pub fn zonder_rol(&self, rol: Rol, nu: Moment) -> Option<Self> {
        self.rollen.contains(&rol).then(|| {
            let mut nieuw = self.verhoogd(nu);
            nieuw.rollen.retain(|r| *r != rol);
            nieuw
        })
    }

    fn niet_verwijderd(&self) -> Result<(), Weigering> {
        if self.status == PersoonStatus::Verwijderd {
            return Err(Weigering::new("persoon-verwijderd", "Deze persoon is verwijderd en kan niet meer wijzigen."));
        }
        Ok(())
    }

    /// Blokkeert de persoon.
    ///
    /// # Errors
    /// `al-geblokkeerd`, `persoon-verwijderd`.
    pub fn blokkeren(&self, nu: Moment) -> Result<Self, Weigering> {
        self.niet_verwijderd()?;
        if self.status == PersoonStatus::Geblokkeerd {
            return Err(Weigering::new("al-geblokkeerd", "Deze persoon is al geblokkeerd."));
        }
        Ok(Self { status: PersoonStatus::Geblokkeerd, ..self.verhoogd(nu) })
    }

    /// Heft de blokkering op. Wie zich nog nooit aanmeldde, is daarna weer uitgenodigd: alleen een bewezen aanmelding maakt actief.
    ///
    /// # Errors
    /// `niet-geblokkeerd`, `persoon-verwijderd`.
    pub fn deblokkeren(&self, ooit_aangemeld: bool, nu: Moment) -> Result<Self, Weigering> {
        self.niet_verwijderd()?;
        if self.status != PersoonStatus::Geblokkeerd {
            return Err(Weigering::new("niet-geblokkeerd", "Deze persoon is niet geblokkeerd."));
        }
        let status = if ooit_aangemeld { PersoonStatus::Actief } else { PersoonStatus::Uitgenodigd };
        Ok(Self { status, ..self.verhoogd(nu) })
    }

    /// Maakt een uitgenodigde persoon actief bij de eerste bewezen aanmelding; voor ieder ander verandert er niets.
    #[must_use]
    pub fn activeren(&self, nu: Moment) -> Self {
        if self.status != PersoonStatus::Uitgenodigd {
            return self.clone();
        }
        Self { status: PersoonStatus::Actief, ..self.verhoogd(nu) }
    }

    /// Verwijdert de persoon: persoonsgegevens en rollen weg, het spoor blijft.
    ///
    /// # Errors
    /// `persoon-verwijderd` als dat al gebeurd is.
    pub fn verwijderen(&self, nu: Moment) -> Result<Self, Weigering> {
        self.niet_verwijderd()?;
        Ok(Self {
            naam: "Verwijderde persoon".to_owned(),
            email: format!("{}@verwijderd.invalid", self.id),
            telefoon: None,
            functie: None,
            rollen: Vec::new(),
            status: PersoonStatus::Verwijderd,
            ..self.verhoogd(nu)
        })
    }
}
