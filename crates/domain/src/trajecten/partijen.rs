//! De partijen van een traject (stap 1, 'Betrokken partijen').

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Partijsoort, Traject};
use crate::invoer::{Veldfout, Wijziging, aanwezig, zet};
use crate::keuze::keuze;
use crate::organisaties::{Aansluitstatus, Certificering, CertificeringSoort, Organisatie};
use crate::{Datum, Id, Moment, Weigering, vandaag};

keuze! {
    /// Hoe een organisatie bij het traject betrokken is.
    PartijRol { /// De aan te sluiten organisatie.
        Crisispartner = "crisispartner", /// Begeleidt de implementatie; gecertificeerd door NIPV.
        Implementatiepartner = "implementatiepartner", /// Werkt al netcentrisch en is aanspreekpunt.
        Adoptiepartner = "adoptiepartner" }
}

/// Een betrokken partij.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Partij {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Naam van de organisatie.
    #[schema(example = "Voorbeeld Implementatie BV")]
    pub organisatie_naam: String,
    /// Rol.
    pub rol: PartijRol,
    /// Eerste dag.
    pub van_datum: Datum,
    /// Laatste dag; afwezig zolang de partij betrokken is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tot_datum: Option<Datum>,
    /// Contactpersoon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contactpersoon_id: Option<Id>,
}

/// Gegevens om een partij te betrekken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwePartij {
    /// De organisatie.
    pub organisatie_id: Id,
    /// Rol: implementatiepartner of adoptiepartner.
    pub rol: PartijRol,
    /// Contactpersoon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contactpersoon_id: Option<Id>,
}

/// Wijziging van een partij (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartijWijziging {
    /// Laatste dag; beëindigt de betrokkenheid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "2027-01-31")]
    pub tot_datum: Option<Datum>,
    /// Contactpersoon; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub contactpersoon_id: Wijziging<Id>,
}

impl Partij {
    /// Of de partij op deze dag betrokken is.
    #[must_use]
    pub fn actief_op(&self, dag: Datum) -> bool {
        self.van_datum <= dag && self.tot_datum.is_none_or(|tot| dag <= tot)
    }
}

impl Traject {
    /// Betrekt een partij bij het traject.
    ///
    /// # Errors
    /// `partij-rol-vast` (de crisispartner ligt vast), `partij-al-betrokken`, `certificering-ongeldig`,
    /// `adoptiepartner-niet-live`, `partij-is-crisispartner`, `traject-beeindigd`.
    pub fn met_partij(
        &self,
        id: Id,
        nieuw: &NieuwePartij,
        organisatie: &Organisatie,
        certificeringen: &[Certificering],
        nu: Moment,
    ) -> Result<(Self, Partij), Weigering> {
        self.niet_beeindigd()?;
        let dag = vandaag(nu);
        if nieuw.rol == PartijRol::Crisispartner {
            return Err(Weigering::new("partij-rol-vast", "De crisispartner van een traject ligt vast. Begin voor een andere organisatie een nieuw traject."));
        }
        if organisatie.id == self.organisatie_id {
            return Err(Weigering::new(
                "partij-is-crisispartner",
                "De aan te sluiten organisatie kan niet haar eigen begeleider zijn. Kies een andere organisatie.",
            ));
        }
        if self.partijen.iter().any(|p| p.rol == nieuw.rol && p.tot_datum.is_none_or(|tot| tot >= dag)) {
            return Err(Weigering::new("partij-al-betrokken", format!("Er is al een {}. Beëindig eerst die betrokkenheid.", nieuw.rol)));
        }
        match nieuw.rol {
            PartijRol::Implementatiepartner
                if !certificeringen
                    .iter()
                    .any(|c| c.soort == CertificeringSoort::Implementatiepartner && c.organisatie_id == organisatie.id && c.geldig_op(dag)) =>
            {
                return Err(Weigering::new(
                    "certificering-ongeldig",
                    "Deze organisatie heeft vandaag geen geldige certificering als implementatiepartner. Kies een gecertificeerde partner of vraag NIPV de certificering te verlengen.",
                ));
            }
            PartijRol::Adoptiepartner if organisatie.aansluitstatus != Aansluitstatus::Live => {
                return Err(Weigering::new("adoptiepartner-niet-live", "Een adoptiepartner werkt zelf al netcentrisch. Kies een organisatie die live is."));
            }
            _ => {}
        }
        let partij = Partij {
            id,
            organisatie_id: organisatie.id,
            organisatie_naam: organisatie.naam.clone(),
            rol: nieuw.rol,
            van_datum: dag,
            tot_datum: None,
            contactpersoon_id: nieuw.contactpersoon_id,
        };
        let mut traject = self.verhoogd(nu);
        traject.partijen.push(partij.clone());
        Ok((traject, partij))
    }

    /// De organisatie die op deze dag deze actiehouder is.
    #[must_use]
    pub fn organisatie_van(&self, partij: Partijsoort, nipv: Id, dag: Datum) -> Option<Id> {
        let actief = |rol| self.actieve_partij(rol, dag).map(|partij| partij.organisatie_id);
        match partij {
            Partijsoort::Nipv => Some(nipv),
            Partijsoort::Crisispartner => Some(self.organisatie_id),
            Partijsoort::Implementatiepartner => actief(PartijRol::Implementatiepartner),
            Partijsoort::Adoptiepartner => actief(PartijRol::Adoptiepartner),
        }
    }

    /// Wijzigt of beëindigt een partij; `None` als de partij niet bij dit traject hoort.
    ///
    /// # Errors
    /// `partij-rol-vast` als de crisispartner zou eindigen, `partij-al-beeindigd`, `partij-einde-ongeldig`, `traject-beeindigd`.
    pub fn met_gewijzigde_partij(&self, partij_id: Id, wijziging: &PartijWijziging, nu: Moment) -> Result<Option<(Self, Partij)>, Weigering> {
        self.niet_beeindigd()?;
        let mut traject = self.verhoogd(nu);
        let Some(partij) = traject.partijen.iter_mut().find(|p| p.id == partij_id) else { return Ok(None) };
        if let Some(tot) = wijziging.tot_datum {
            if partij.rol == PartijRol::Crisispartner {
                return Err(Weigering::new("partij-rol-vast", "De crisispartner kan het eigen traject niet verlaten. Beëindig het traject."));
            }
            if partij.tot_datum.is_some_and(|einde| einde < vandaag(nu)) {
                return Err(Weigering::new("partij-al-beeindigd", "Deze betrokkenheid is al voorbij. Betrek de organisatie opnieuw als partij."));
            }
            if tot < partij.van_datum {
                return Err(Weigering::new("partij-einde-ongeldig", "De laatste dag ligt voor de eerste dag van de betrokkenheid."));
            }
            partij.tot_datum = Some(tot);
        }
        zet(&mut partij.contactpersoon_id, &wijziging.contactpersoon_id);
        let partij = partij.clone();
        Ok(Some((traject, partij)))
    }
}

/// Fout voor een contactpersoon die niet bij de partij hoort.
#[must_use]
pub fn vreemde_contactpersoon() -> Veldfout {
    Veldfout::new("/contactpersoonId", "persoon-onbekend", "Deze persoon hoort niet bij deze organisatie.")
}
