//! De levensloop van een registratie: concept, getest, actief, opgeschort, ingetrokken.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instellingen::{IdpInstellingen, NieuweInstellingen, Onderscheid};
use super::recept::EIDAS;
use crate::invoer::{Veldfout, klaar, verplicht};
use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

keuze! {
    /// Stand van een registratie.
    IdpStatus { /// Nog nooit met goed gevolg getest.
        Concept = "concept", /// Getest en klaar om te activeren.
        Getest = "getest", /// Mensen kunnen zich ermee aanmelden.
        Actief = "actief", /// Door NIPV tijdelijk stilgezet.
        Opgeschort = "opgeschort", /// Voorgoed gestopt.
        Ingetrokken = "ingetrokken" }
}
keuze! {
    /// Stand van een versie.
    VersieStatus { /// Nog niet met goed gevolg getest.
        Concept = "concept", /// De laatste test is geslaagd.
        Getest = "getest", /// Dient.
        Actief = "actief", /// Heeft gediend; een latere versie kwam ervoor in de plaats.
        Vervangen = "vervangen" }
}
keuze! {
    /// Betrouwbaarheidsniveau van eIDAS, als plafond.
    EidasNiveau { /// Laag.
        Laag = "laag", /// Substantieel.
        Substantieel = "substantieel", /// Hoog.
        Hoog = "hoog" }
}

impl EidasNiveau {
    /// De URI in `acr`.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Laag => EIDAS[0],
            Self::Substantieel => EIDAS[1],
            Self::Hoog => EIDAS[2],
        }
    }

    /// Het niveau bij een URI.
    #[must_use]
    pub fn van_uri(uri: &str) -> Option<Self> {
        Self::ALLE.iter().copied().find(|niveau| niveau.uri() == uri)
    }
}

/// De beoordeling van een IdP door NIPV: hoger dan dit niveau melden wij nooit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdpBeoordeling {
    /// Het hoogste niveau dat wij van deze IdP doorgeven.
    pub niveau: EidasNiveau,
    /// Waar de beoordeling te vinden is.
    #[schema(example = "Zaak 2026-0001, beoordeling door Voorbeeld Audit")]
    pub verwijzing: String,
    /// Wanneer zij is vastgelegd.
    pub vastgelegd_op: Moment,
}

/// Gegevens om een beoordeling vast te leggen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweIdpBeoordeling {
    /// Het hoogste niveau dat wij van deze IdP doorgeven.
    pub niveau: EidasNiveau,
    /// Waar de beoordeling te vinden is.
    #[schema(min_length = 1, max_length = 500, example = "Zaak 2026-0001, beoordeling door Voorbeeld Audit")]
    pub verwijzing: String,
}

/// Een geregistreerde identiteitsprovider van een organisatie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Identiteitsprovider {
    /// Identificatie.
    pub id: Id,
    /// De organisatie voor wie de IdP spreekt.
    pub organisatie_id: Id,
    /// Naam; heeft een organisatie meer dan één actieve aanmelddienst, dan kiest men bij het aanmelden op deze naam.
    #[schema(example = "Entra ID Waterschap Voorbeeldland")]
    pub naam: String,
    /// Stand.
    pub status: IdpStatus,
    /// De versie die dient.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 1)]
    pub actieve_versie: Option<i32>,
    /// De nieuwste versie.
    #[schema(minimum = 1, example = 2)]
    pub nieuwste_versie: i32,
    /// De beoordeling door NIPV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beoordeling: Option<IdpBeoordeling>,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie van deze gegevens; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Een onveranderlijke versie van de instellingen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdpVersie {
    /// De registratie.
    pub identiteitsprovider_id: Id,
    /// Volgnummer.
    #[schema(minimum = 1, example = 1)]
    pub nummer: i32,
    /// Stand.
    pub status: VersieStatus,
    /// De instellingen.
    pub instellingen: IdpInstellingen,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
}

/// Gegevens om een identiteitsprovider te registreren.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweIdentiteitsprovider {
    /// De organisatie voor wie de IdP spreekt.
    pub organisatie_id: Id,
    /// Naam; heeft een organisatie meer dan één actieve aanmelddienst, dan kiest men bij het aanmelden op deze naam.
    #[schema(min_length = 1, max_length = 200, example = "Entra ID Waterschap Voorbeeldland")]
    pub naam: String,
    /// De instellingen van de eerste versie.
    pub instellingen: NieuweInstellingen,
}

/// Wijziging van een registratie (JSON Merge Patch); instellingen wijzigt u met een nieuwe versie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentiteitsproviderWijziging {
    /// Naam; heeft een organisatie meer dan één actieve aanmelddienst, dan kiest men bij het aanmelden op deze naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Entra ID Waterschap Voorbeeldland")]
    pub naam: Option<String>,
}

impl NieuweIdentiteitsprovider {
    /// Maakt de registratie met haar eerste versie.
    ///
    /// # Errors
    /// Alle fouten in naam en instellingen.
    pub fn maak(self, id: Id, nu: Moment, intern: &dyn Fn(&str) -> bool) -> Result<(Identiteitsprovider, IdpVersie), Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        let instellingen = match self.instellingen.keur(intern) {
            Ok(instellingen) if fouten.is_empty() => instellingen,
            Ok(_) => return Err(fouten),
            Err(meer) => {
                fouten.extend(meer.into_iter().map(|fout| Veldfout { location: format!("/instellingen{}", fout.location), ..fout }));
                return Err(fouten);
            }
        };
        let idp = Identiteitsprovider {
            id,
            organisatie_id: self.organisatie_id,
            naam: self.naam.trim().to_owned(),
            status: IdpStatus::Concept,
            actieve_versie: None,
            nieuwste_versie: 1,
            beoordeling: None,
            aangemaakt_op: nu,
            gewijzigd_op: nu,
            versie: 1,
        };
        let versie = IdpVersie { identiteitsprovider_id: id, nummer: 1, status: VersieStatus::Concept, instellingen, aangemaakt_op: nu };
        Ok((idp, versie))
    }
}

impl IdentiteitsproviderWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Alle fouten in de wijziging.
    pub fn toepassen(&self, oud: &Identiteitsprovider, nu: Moment) -> Result<Identiteitsprovider, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = oud.gewijzigd(nu);
        if let Some(naam) = &self.naam {
            verplicht(&mut fouten, "/naam", naam);
            naam.trim().clone_into(&mut nieuw.naam);
        }
        klaar(fouten, nieuw)
    }
}

impl Identiteitsprovider {
    fn gewijzigd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    /// De registratie nadat er een geheim van wegging: wie er nog een wil weghalen, kijkt eerst wat er over is.
    #[must_use]
    pub fn zonder_een_geheim(&self, nu: Moment) -> Self {
        self.gewijzigd(nu)
    }

    /// Of er nog iets aan te wijzigen is.
    ///
    /// # Errors
    /// `idp-ingetrokken`.
    pub fn te_wijzigen(&self) -> Result<(), Weigering> {
        if self.status == IdpStatus::Ingetrokken {
            return Err(Weigering::new("idp-ingetrokken", "Deze registratie is ingetrokken. Maak een nieuwe."));
        }
        Ok(())
    }

    /// Voegt een versie toe; de actieve blijft dienen.
    ///
    /// # Errors
    /// `idp-ingetrokken`, `versie-ongewijzigd`.
    pub fn nieuwe_versie(&self, laatste: &IdpVersie, instellingen: IdpInstellingen, nu: Moment) -> Result<(Self, IdpVersie), Weigering> {
        self.te_wijzigen()?;
        if laatste.instellingen == instellingen {
            return Err(Weigering::new("versie-ongewijzigd", "Deze instellingen zijn gelijk aan de nieuwste versie."));
        }
        let nummer = self.nieuwste_versie + 1;
        let versie = IdpVersie { identiteitsprovider_id: self.id, nummer, status: VersieStatus::Concept, instellingen, aangemaakt_op: nu };
        let status = if self.status == IdpStatus::Getest { IdpStatus::Concept } else { self.status };
        Ok((Self { nieuwste_versie: nummer, status, ..self.gewijzigd(nu) }, versie))
    }

    /// Verwerkt de uitslag van een test van een versie.
    #[must_use]
    pub fn na_test(&self, versie: &IdpVersie, geslaagd: bool, nu: Moment) -> (Self, IdpVersie) {
        let mut getest = versie.clone();
        getest.status = match versie.status {
            VersieStatus::Actief => VersieStatus::Actief,
            // Een vervangen versie mag met een nieuwe test terug.
            _ if geslaagd => VersieStatus::Getest,
            VersieStatus::Vervangen => VersieStatus::Vervangen,
            VersieStatus::Concept | VersieStatus::Getest => VersieStatus::Concept,
        };
        let status = match self.status {
            IdpStatus::Concept | IdpStatus::Getest if versie.nummer == self.nieuwste_versie => {
                if geslaagd {
                    IdpStatus::Getest
                } else {
                    IdpStatus::Concept
                }
            }
            blijft => blijft,
        };
        (Self { status, ..self.gewijzigd(nu) }, getest)
    }

    /// Laat een versie dienen. Alleen een versie waarvan de laatste test geslaagd is: haar stand onthoudt dat.
    ///
    /// # Errors
    /// `idp-ingetrokken`, `idp-opgeschort`, `versie-niet-getest`, `versie-al-actief`.
    pub fn activeren(&self, versie: &IdpVersie, nu: Moment) -> Result<(Self, IdpVersie), Weigering> {
        self.te_wijzigen()?;
        if self.status == IdpStatus::Opgeschort {
            return Err(Weigering::new("idp-opgeschort", "NIPV heeft deze registratie opgeschort; vraag eerst om hervatting."));
        }
        if versie.status == VersieStatus::Actief {
            return Err(Weigering::new("versie-al-actief", "Deze versie dient al."));
        }
        if versie.status != VersieStatus::Getest {
            let uitleg = match versie.status {
                VersieStatus::Vervangen => {
                    "Deze versie is vervangen. Doe er eerst opnieuw een verbindingstest mee: bij de aanmelddienst kan intussen iets gewijzigd zijn."
                }
                _ => "Deze versie is nog niet getest, of haar laatste test is niet geslaagd. Doe een verbindingstest en herstel wat daar fout is.",
            };
            return Err(Weigering::new("versie-niet-getest", uitleg));
        }
        let actief = IdpVersie { status: VersieStatus::Actief, ..versie.clone() };
        Ok((Self { status: IdpStatus::Actief, actieve_versie: Some(versie.nummer), ..self.gewijzigd(nu) }, actief))
    }

    /// Zet de registratie stil.
    ///
    /// # Errors
    /// `idp-niet-actief`.
    pub fn opschorten(&self, nu: Moment) -> Result<Self, Weigering> {
        if self.status != IdpStatus::Actief {
            return Err(Weigering::new("idp-niet-actief", "Alleen een actieve registratie is op te schorten."));
        }
        Ok(Self { status: IdpStatus::Opgeschort, ..self.gewijzigd(nu) })
    }

    /// Hervat een opgeschorte registratie.
    ///
    /// # Errors
    /// `idp-niet-opgeschort`.
    pub fn hervatten(&self, nu: Moment) -> Result<Self, Weigering> {
        if self.status != IdpStatus::Opgeschort {
            return Err(Weigering::new("idp-niet-opgeschort", "Deze registratie is niet opgeschort."));
        }
        Ok(Self { status: IdpStatus::Actief, ..self.gewijzigd(nu) })
    }

    /// Stopt de registratie voorgoed.
    ///
    /// # Errors
    /// `idp-ingetrokken`.
    pub fn intrekken(&self, nu: Moment) -> Result<Self, Weigering> {
        self.te_wijzigen()?;
        Ok(Self { status: IdpStatus::Ingetrokken, actieve_versie: None, ..self.gewijzigd(nu) })
    }

    /// Legt een beoordeling vast.
    ///
    /// # Errors
    /// `idp-ingetrokken`.
    pub fn beoordelen(&self, nieuw: &NieuweIdpBeoordeling, nu: Moment) -> Result<Self, Weigering> {
        self.te_wijzigen()?;
        let beoordeling = IdpBeoordeling { niveau: nieuw.niveau, verwijzing: nieuw.verwijzing.trim().to_owned(), vastgelegd_op: nu };
        Ok(Self { beoordeling: Some(beoordeling), ..self.gewijzigd(nu) })
    }
}

/// Of een organisatie deze uitgever mag gebruiken naast wat andere organisaties er al van gebruiken.
///
/// # Errors
/// `issuer-gedeeld`: twee organisaties op één uitgever zijn alleen uit elkaar te houden door dezelfde claim met een andere waarde.
pub fn deelbaar(eigen: Option<&Onderscheid>, anderen: &[Option<Onderscheid>]) -> Result<(), Weigering> {
    let uiteen = |ander: &Option<Onderscheid>| match (eigen, ander) {
        (Some(eigen), Some(ander)) => eigen.claim == ander.claim && eigen.waarde != ander.waarde,
        _ => false,
    };
    if anderen.iter().all(uiteen) {
        return Ok(());
    }
    let uitleg = "Een andere organisatie gebruikt deze uitgever al. Dat kan alleen als beide registraties dezelfde onderscheidende claim hebben \
                  (bijvoorbeeld 'tid' of 'hd'), ieder met een eigen waarde. Klopt dit niet, neem dan contact op met NIPV.";
    Err(Weigering::new("issuer-gedeeld", uitleg))
}
