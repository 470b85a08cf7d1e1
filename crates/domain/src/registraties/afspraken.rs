//! De tekst van de afspraken over beheer en controle: een versie ligt vast zodra LFB haar vaststelt.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invoer::{Veldfout, klaar, verplicht};
use crate::{Id, Moment};

/// Een artikel van de afspraken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Artikel {
    /// Kop.
    #[schema(min_length = 1, max_length = 200, example = "Beheer van gebruikers")]
    pub kop: String,
    /// Alinea's.
    #[schema(min_items = 1, max_items = 50, example = json!(["De organisatiebeheerder houdt de gebruikers actueel."]))]
    pub alineas: Vec<String>,
}

/// Een vastgestelde tekst; wijzigt nooit meer, want er staan handtekeningen onder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Beheerafspraken {
    /// Identificatie.
    pub id: Id,
    /// Nummer van de versie, oplopend.
    #[schema(minimum = 1, example = 1)]
    pub versie: i32,
    /// Titel.
    #[schema(example = "Afspraken over beheer en controle LCMS")]
    pub titel: String,
    /// Artikelen.
    pub artikelen: Vec<Artikel>,
    /// Moment van vaststellen.
    pub vastgesteld_op: Moment,
}

/// Een nieuwe tekst, die meteen geldt voor wat daarna wordt ingediend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweBeheerafspraken {
    /// Titel.
    #[schema(min_length = 1, max_length = 200, example = "Afspraken over beheer en controle LCMS")]
    pub titel: String,
    /// Artikelen.
    #[schema(min_items = 1, max_items = 50)]
    pub artikelen: Vec<Artikel>,
}

impl NieuweBeheerafspraken {
    /// Stelt de tekst vast als deze versie.
    ///
    /// # Errors
    /// Alle lege koppen en alinea's.
    pub fn vaststellen(self, id: Id, versie: i32, nu: Moment) -> Result<Beheerafspraken, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        verplicht(&mut fouten, "/titel", &self.titel);
        for (plek, artikel) in self.artikelen.iter().enumerate() {
            verplicht(&mut fouten, &format!("/artikelen/{plek}/kop"), &artikel.kop);
            for (alinea, tekst) in artikel.alineas.iter().enumerate() {
                let plaats = format!("/artikelen/{plek}/alineas/{alinea}");
                verplicht(&mut fouten, &plaats, tekst);
                if tekst.chars().count() > 4000 {
                    fouten.push(Veldfout::new(plaats, "te-lang", "Een alinea heeft ten hoogste 4000 tekens; splits haar."));
                }
            }
        }
        klaar(fouten, Beheerafspraken { id, versie, titel: self.titel.trim().to_owned(), artikelen: self.artikelen, vastgesteld_op: nu })
    }
}
