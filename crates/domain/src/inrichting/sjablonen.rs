//! Sjablonen: pagina's met velden, thema's en bullets, in volgorde (stap 4: 'Alle activiteiten in LCMS zijn opgebouwd ...').

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, klaar, verplicht};
use crate::{Id, Moment, Weigering};

macro_rules! laag {
    ($(#[$meta:meta])* $naam:ident, $veld:ident: $kind:ident, $meeste:tt, $voorbeeld:tt) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $naam {
            /// Naam.
            #[schema(min_length = 1, max_length = 200, example = $voorbeeld)]
            pub naam: String,
            /// Wat eronder hangt, in volgorde.
            #[serde(default)]
            #[schema(max_items = $meeste, required = false)]
            pub $veld: Vec<$kind>,
        }
    };
}

laag!(
    /// Een pagina.
    Pagina, velden: Veld, 50, "Situatiebeeld"
);
laag!(
    /// Een veld op een pagina.
    Veld, themas: Thema, 50, "Beeldvorming"
);
laag!(
    /// Een thema in een veld.
    Thema, bullets: Bullet, 100, "Continuïteit van zorg"
);

/// Een bullet onder een thema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bullet {
    /// Tekst.
    #[schema(min_length = 1, max_length = 2000, example = "Beschikbare bedden per locatie")]
    pub tekst: String,
}

/// De opbouw van een sjabloon.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sjablooninhoud {
    /// Pagina's, in volgorde.
    #[schema(max_items = 50)]
    pub paginas: Vec<Pagina>,
}

/// Een sjabloon van een organisatie; die van NIPV zijn voorbeelden voor iedereen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sjabloon {
    /// Identificatie.
    pub id: Id,
    /// De organisatie.
    pub organisatie_id: Id,
    /// Naam.
    #[schema(example = "Standaardactiviteit")]
    pub naam: String,
    /// Of iedere organisatie dit mag overnemen (alleen van NIPV).
    pub voorbeeld: bool,
    /// Het sjabloon waarvan dit een kopie is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kopie_van: Option<Id>,
    /// Opbouw.
    pub inhoud: Sjablooninhoud,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens van een nieuw sjabloon: een opbouw, of een kopie van een ander sjabloon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwSjabloon {
    /// Naam.
    #[schema(min_length = 1, max_length = 200, example = "Standaardactiviteit")]
    pub naam: String,
    /// Opbouw; laat weg bij een kopie.
    #[serde(default)]
    #[schema(nullable = false)]
    pub inhoud: Option<Sjablooninhoud>,
    /// Het sjabloon om te kopiëren: een eigen sjabloon of een voorbeeld van NIPV.
    #[serde(default)]
    #[schema(nullable = false)]
    pub kopie_van: Option<Id>,
}

/// Wijziging van een sjabloon (JSON Merge Patch); de opbouw wordt als geheel vervangen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SjabloonWijziging {
    /// Naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Standaardactiviteit")]
    pub naam: Option<String>,
    /// Opbouw, als geheel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub inhoud: Option<Sjablooninhoud>,
}

/// Verplaatst een onderdeel met alles wat eronder hangt.
///
/// Een plaats is een rij getallen van pagina tot onderdeel, vanaf nul: `[0, 2]` is het derde veld van de eerste pagina.
/// `naar` is de plaats na het wegnemen van het onderdeel, op hetzelfde niveau.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verplaatsing {
    /// Waar het nu staat.
    #[schema(min_items = 1, max_items = 4, example = json!([0, 2]))]
    pub van: Vec<u16>,
    /// Waar het komt te staan.
    #[schema(min_items = 1, max_items = 4, example = json!([1, 0]))]
    pub naar: Vec<u16>,
}

fn dubbel<'a>(fouten: &mut Vec<Veldfout>, plaats: &str, namen: impl Iterator<Item = &'a str>) {
    let mut gezien = std::collections::HashSet::new();
    for (plek, naam) in namen.enumerate() {
        verplicht(fouten, &format!("{plaats}/{plek}/naam"), naam);
        if !gezien.insert(naam.trim().to_lowercase()) {
            fouten.push(Veldfout::new(format!("{plaats}/{plek}/naam"), "dubbel", "Deze naam komt op dit niveau al voor."));
        }
    }
}

impl Sjablooninhoud {
    fn fouten(&self) -> Vec<Veldfout> {
        let mut fouten = Vec::new();
        dubbel(&mut fouten, "/inhoud/paginas", self.paginas.iter().map(|p| p.naam.as_str()));
        for (p, pagina) in self.paginas.iter().enumerate() {
            let plaats = format!("/inhoud/paginas/{p}/velden");
            dubbel(&mut fouten, &plaats, pagina.velden.iter().map(|v| v.naam.as_str()));
            for (v, veld) in pagina.velden.iter().enumerate() {
                dubbel(&mut fouten, &format!("{plaats}/{v}/themas"), veld.themas.iter().map(|t| t.naam.as_str()));
            }
        }
        fouten
    }

    fn velden(&mut self, p: u16) -> Option<&mut Vec<Veld>> {
        self.paginas.get_mut(usize::from(p)).map(|p| &mut p.velden)
    }

    fn themas(&mut self, p: u16, v: u16) -> Option<&mut Vec<Thema>> {
        self.velden(p)?.get_mut(usize::from(v)).map(|v| &mut v.themas)
    }

    fn bullets(&mut self, p: u16, v: u16, t: u16) -> Option<&mut Vec<Bullet>> {
        self.themas(p, v)?.get_mut(usize::from(t)).map(|t| &mut t.bullets)
    }

    /// `None` als een van beide plaatsen niet bestaat of het niveau verschilt.
    fn verplaatst(mut self, van: &[u16], naar: &[u16]) -> Option<Self> {
        match (van, naar) {
            ([i], [j]) => {
                let stuk = neem(&mut self.paginas, *i)?;
                zet(&mut self.paginas, *j, stuk)?;
            }
            ([p, i], [q, j]) => {
                let stuk = neem(self.velden(*p)?, *i)?;
                zet(self.velden(*q)?, *j, stuk)?;
            }
            ([p, v, i], [q, w, j]) => {
                let stuk = neem(self.themas(*p, *v)?, *i)?;
                zet(self.themas(*q, *w)?, *j, stuk)?;
            }
            ([p, v, t, i], [q, w, u, j]) => {
                let stuk = neem(self.bullets(*p, *v, *t)?, *i)?;
                zet(self.bullets(*q, *w, *u)?, *j, stuk)?;
            }
            _ => return None,
        }
        Some(self)
    }
}

fn neem<T>(lijst: &mut Vec<T>, plek: u16) -> Option<T> {
    (usize::from(plek) < lijst.len()).then(|| lijst.remove(usize::from(plek)))
}

fn zet<T>(lijst: &mut Vec<T>, plek: u16, stuk: T) -> Option<()> {
    (usize::from(plek) <= lijst.len()).then(|| lijst.insert(usize::from(plek), stuk))
}

impl NieuwSjabloon {
    /// Maakt het sjabloon; `bron` is het sjabloon van `kopieVan`, als de aanroeper dat mag zien.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn maak(self, id: Id, organisatie_id: Id, bron: Option<&Sjabloon>, nu: Moment) -> Result<Sjabloon, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/naam", &self.naam);
        let inhoud = match (self.inhoud, bron) {
            (Some(inhoud), None) => inhoud,
            (None, Some(bron)) => bron.inhoud.clone(),
            _ => {
                fouten.push(Veldfout::new(
                    "/inhoud",
                    "inhoud-of-kopie",
                    "Geef een opbouw, of een sjabloon om te kopiëren; niet allebei en niet geen van beide.",
                ));
                Sjablooninhoud::default()
            }
        };
        fouten.extend(inhoud.fouten());
        klaar(
            fouten,
            Sjabloon {
                id,
                organisatie_id,
                naam: self.naam.trim().to_owned(),
                voorbeeld: false,
                kopie_van: bron.map(|b| b.id),
                inhoud,
                aangemaakt_op: nu,
                gewijzigd_op: nu,
                versie: 1,
            },
        )
    }
}

impl SjabloonWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn toepassen(&self, oud: &Sjabloon, nu: Moment) -> Result<Sjabloon, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut nieuw = Sjabloon { gewijzigd_op: nu, versie: oud.versie + 1, ..oud.clone() };
        if let Some(naam) = &self.naam {
            verplicht(&mut fouten, "/naam", naam);
            naam.trim().clone_into(&mut nieuw.naam);
        }
        if let Some(inhoud) = &self.inhoud {
            fouten.extend(inhoud.fouten());
            nieuw.inhoud.clone_from(inhoud);
        }
        klaar(fouten, nieuw)
    }
}

impl Sjabloon {
    /// Verplaatst een onderdeel met alles wat eronder hangt.
    ///
    /// # Errors
    /// `plaats-onbekend` als een plaats niet bestaat of het niveau verschilt; fouten als er dubbele namen ontstaan.
    pub fn verplaats(&self, verplaatsing: &Verplaatsing, nu: Moment) -> Result<Self, Vec<Veldfout>> {
        let Some(inhoud) = self.inhoud.clone().verplaatst(&verplaatsing.van, &verplaatsing.naar) else {
            let detail = "Een van deze plaatsen bestaat niet, of zij liggen niet op hetzelfde niveau. Een onderdeel blijft op zijn niveau.";
            return Err(vec![Veldfout::new("/naar", "plaats-onbekend", detail)]);
        };
        klaar(inhoud.fouten(), Self { inhoud, gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() })
    }

    /// Of deze kopie mag: een eigen sjabloon, of een voorbeeld.
    ///
    /// # Errors
    /// `sjabloon-niet-over-te-nemen`.
    pub fn mag_kopie_voor(&self, organisatie: Id) -> Result<(), Weigering> {
        if self.voorbeeld || self.organisatie_id == organisatie {
            return Ok(());
        }
        Err(Weigering::new("sjabloon-niet-over-te-nemen", "U kunt alleen een eigen sjabloon of een voorbeeld van NIPV overnemen."))
    }
}
