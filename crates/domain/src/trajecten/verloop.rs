//! Het verloop: stapovergangen, afwijkingen, pauzeringen, beëindigingen en heropeningen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Poort, Traject, TrajectStatus, VoorwaardeSoort, fase_van, poorten};
use crate::audit::Door;
use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

keuze! {
    /// Waarom een traject eindigt.
    BeeindigingReden { /// Stap 1 concludeert dat er geen meerwaarde is.
        GeenMeerwaarde = "geen-meerwaarde", /// Stap 2 concludeert dat geen aansluitvorm past.
        GeenGeschikteAansluitvorm = "geen-geschikte-aansluitvorm", /// De organisatie stopt.
        Gestopt = "gestopt" }
}

macro_rules! vastlegging {
    ($(#[$meta:meta])* $naam:ident { $($(#[$fmeta:meta])* $veld:ident : $soort:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $naam {
            /// Identificatie.
            pub id: Id,
            /// Het traject.
            pub traject_id: Id,
            $($(#[$fmeta])* pub $veld: $soort,)*
            /// Moment van vastleggen.
            pub op: Moment,
            /// Wie het vastlegde.
            pub door: Door,
        }
    };
}

vastlegging! {
    /// Een overgang naar een andere stap.
    Stapovergang {
        /// Stap vooraf.
        #[schema(minimum = 1, maximum = 6)]
        van_stap: i16,
        /// Stap achteraf.
        #[schema(minimum = 1, maximum = 6)]
        naar_stap: i16,
        /// Reden; altijd aanwezig bij een stap terug.
        #[serde(skip_serializing_if = "Option::is_none")]
        reden: Option<String>,
        /// Codes van de voorwaarden die met een afwijking zijn gepasseerd.
        met_afwijking: Vec<String>,
    }
}
vastlegging! {
    /// Een afwijking: NIPV's adviseur laat een voorwaarde met motivatie passeren. Blijft altijd zichtbaar.
    Afwijking {
        /// Code van de voorwaarde.
        #[schema(example = "verkenning-conclusie")]
        voorwaarde: String,
        /// Stap van de poort.
        #[schema(minimum = 1, maximum = 5)]
        stap: i16,
        /// Motivatie.
        motivatie: String,
    }
}
vastlegging! {
    /// Een pauzering of het einde ervan.
    Pauzering {
        /// Reden.
        reden: String,
        /// Moment van hervatten; volgt bij het lezen uit de hervattingen.
        #[serde(skip_serializing_if = "Option::is_none")]
        hervat_op: Option<Moment>,
    }
}
vastlegging! {
    /// Het hervatten van een gepauzeerd traject.
    Hervatting {
        /// Toelichting.
        #[serde(skip_serializing_if = "Option::is_none")]
        toelichting: Option<String>,
    }
}
vastlegging! {
    /// Het einde van een traject.
    Beeindiging {
        /// Reden.
        reden: BeeindigingReden,
        /// Toelichting.
        toelichting: String,
    }
}
vastlegging! {
    /// Het heropenen van een beëindigd traject.
    Heropening {
        /// Reden.
        reden: String,
    }
}

/// Vult bij iedere pauzering in wanneer zij eindigde: de eerste hervatting erna. De vastlegging zelf verandert nooit. Eindigde het
/// traject tijdens de pauze, dan is er pas weer een hervatting na een volgende pauzering; die telt hier niet.
#[must_use]
pub fn met_hervattingen(mut pauzeringen: Vec<Pauzering>, hervattingen: &[Hervatting]) -> Vec<Pauzering> {
    let volgende: Vec<Option<Moment>> = pauzeringen.iter().skip(1).map(|pauzering| Some(pauzering.op)).chain([None]).collect();
    for (pauzering, volgende) in pauzeringen.iter_mut().zip(volgende) {
        let erna = hervattingen.iter().map(|hervatting| hervatting.op).filter(|op| *op >= pauzering.op && volgende.is_none_or(|tot| *op <= tot));
        pauzering.hervat_op = erna.min();
    }
    pauzeringen
}

/// Verzoek om naar een andere stap te gaan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweStapovergang {
    /// De volgende stap, of een eerdere.
    #[schema(minimum = 1, maximum = 6, example = 3)]
    pub naar_stap: i16,
    /// Reden; verplicht bij een stap terug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 4000, nullable = false, example = "De ambitie wordt herzien.")]
    pub reden: Option<String>,
}

/// Verzoek om een afwijking te verlenen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweAfwijking {
    /// Code van de voorwaarde (zie de poorten van het traject).
    #[schema(min_length = 1, max_length = 80, example = "verkenning-conclusie")]
    pub voorwaarde: String,
    /// Motivatie.
    #[schema(min_length = 1, max_length = 4000, example = "De verkenning is voor de invoering van dit systeem afgerond; het verslag is bij NIPV bekend.")]
    pub motivatie: String,
}

/// Verzoek om te pauzeren.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwePauzering {
    /// Reden.
    #[schema(min_length = 1, max_length = 4000, example = "De organisatie fuseert; het traject wacht op de nieuwe directie.")]
    pub reden: String,
}

/// Verzoek om te hervatten.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweHervatting {
    /// Toelichting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false, example = "De nieuwe directie heeft ingestemd.")]
    pub toelichting: Option<String>,
}

/// Verzoek om te beëindigen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweBeeindiging {
    /// Reden.
    pub reden: BeeindigingReden,
    /// Toelichting.
    #[schema(min_length = 1, max_length = 4000, example = "De knelpunten liggen niet in het delen van informatie.")]
    pub toelichting: String,
}

/// Verzoek om te heropenen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweHeropening {
    /// Reden.
    #[schema(min_length = 1, max_length = 4000, example = "De organisatie heeft haar besluit herzien.")]
    pub reden: String,
}

fn leeg(tekst: Option<&str>) -> bool {
    tekst.is_none_or(|t| t.trim().is_empty())
}

impl Traject {
    fn loopt(&self) -> Result<(), Weigering> {
        self.niet_beeindigd()?;
        if self.status == TrajectStatus::Gepauzeerd {
            return Err(Weigering::new("traject-gepauzeerd", "Dit traject is gepauzeerd. Hervat het eerst."));
        }
        Ok(())
    }

    /// Gaat één stap vooruit door de poort, of met een reden een of meer stappen terug.
    ///
    /// `poort` is de poort na de huidige stap. Wie poort 5 passeert is live.
    ///
    /// # Errors
    /// `poort-niet-voldaan` (met wat ontbreekt), `stap-ongeldig`, `reden-verplicht`, `traject-gepauzeerd`, `traject-beeindigd`.
    pub fn overgang(&self, id: Id, verzoek: &NieuweStapovergang, poort: &Poort, door: Door, nu: Moment) -> Result<(Self, Stapovergang), Weigering> {
        self.loopt()?;
        let naar = verzoek.naar_stap;
        let vooruit = naar == self.stap + 1 && naar <= 6;
        if !vooruit && !(1..self.stap).contains(&naar) {
            return Err(Weigering::new(
                "stap-ongeldig",
                format!("Vanaf stap {} kan het traject alleen naar de volgende stap of met een reden terug.", self.stap),
            ));
        }
        if vooruit && !(poort.open && poort.stap == self.stap) {
            return Err(Weigering {
                ontbreekt: poort.ontbreekt(),
                ..Weigering::new(
                    "poort-niet-voldaan",
                    format!("De poort van stap {} is nog niet open. Vul aan wat ontbreekt, of vraag NIPV's adviseur om een afwijking.", self.stap),
                )
            });
        }
        if !vooruit && leeg(verzoek.reden.as_deref()) {
            return Err(Weigering::new("reden-verplicht", "Geef de reden waarom het traject een stap terug gaat."));
        }
        let met_afwijking =
            if vooruit { poort.voorwaarden.iter().filter(|v| !v.voldaan && v.afwijking_id.is_some()).map(|v| v.code.clone()).collect() } else { Vec::new() };
        let mut traject = self.verhoogd(nu);
        traject.stap = naar;
        traject.fase = fase_van(naar);
        traject.status = if naar == 6 { TrajectStatus::Live } else { TrajectStatus::Lopend };
        Ok((traject, Stapovergang { id, traject_id: self.id, van_stap: self.stap, naar_stap: naar, reden: verzoek.reden.clone(), met_afwijking, op: nu, door }))
    }

    /// Verleent een afwijking voor een voorwaarde die nog niet voldaan is.
    ///
    /// # Errors
    /// `voorwaarde-onbekend`, `afwijking-bestaat-al`, `afwijking-niet-nodig`, `reden-verplicht`, `traject-beeindigd`.
    pub fn afwijking(
        &self,
        id: Id,
        verzoek: &NieuweAfwijking,
        poort_van: impl Fn(i16) -> Poort,
        door: Door,
        nu: Moment,
    ) -> Result<(Self, Afwijking), Weigering> {
        self.niet_beeindigd()?;
        let Some(stap) = (1..=5).find(|stap| poorten::codes(*stap).contains(&verzoek.voorwaarde.as_str())) else {
            return Err(Weigering::new("voorwaarde-onbekend", "Deze voorwaarde bestaat niet. Kies een code uit de poorten van het traject."));
        };
        if leeg(Some(&verzoek.motivatie)) {
            return Err(Weigering::new("reden-verplicht", "Geef de motivatie van de afwijking."));
        }
        let poort = poort_van(stap);
        if let Some(voorwaarde) = poort.voorwaarden.iter().find(|v| v.code == verzoek.voorwaarde) {
            if voorwaarde.afwijking_id.is_some() {
                return Err(Weigering::new("afwijking-bestaat-al", "Voor deze voorwaarde is al een afwijking verleend."));
            }
            if voorwaarde.voldaan || voorwaarde.soort == VoorwaardeSoort::Aanbevolen {
                return Err(Weigering::new("afwijking-niet-nodig", "Deze voorwaarde houdt de poort niet tegen; een afwijking is niet nodig."));
            }
        }
        Ok((
            self.verhoogd(nu),
            Afwijking { id, traject_id: self.id, voorwaarde: verzoek.voorwaarde.clone(), stap, motivatie: verzoek.motivatie.clone(), op: nu, door },
        ))
    }

    /// Pauzeert een lopend traject.
    ///
    /// # Errors
    /// `traject-gepauzeerd`, `traject-beeindigd`, `traject-live`, `reden-verplicht`.
    pub fn pauzeren(&self, id: Id, verzoek: &NieuwePauzering, door: Door, nu: Moment) -> Result<(Self, Pauzering), Weigering> {
        self.loopt()?;
        if self.status == TrajectStatus::Live {
            return Err(Weigering::new("traject-live", "Een traject dat live is, pauzeert niet: stay-live gaat door."));
        }
        if leeg(Some(&verzoek.reden)) {
            return Err(Weigering::new("reden-verplicht", "Geef de reden van de pauze."));
        }
        let traject = Self { status: TrajectStatus::Gepauzeerd, ..self.verhoogd(nu) };
        Ok((traject, Pauzering { id, traject_id: self.id, reden: verzoek.reden.clone(), hervat_op: None, op: nu, door }))
    }

    /// Hervat een gepauzeerd traject.
    ///
    /// # Errors
    /// `traject-niet-gepauzeerd`.
    pub fn hervatten(&self, id: Id, verzoek: &NieuweHervatting, door: Door, nu: Moment) -> Result<(Self, Hervatting), Weigering> {
        if self.status != TrajectStatus::Gepauzeerd {
            return Err(Weigering::new("traject-niet-gepauzeerd", "Alleen een gepauzeerd traject kan hervat worden."));
        }
        let traject = Self { status: TrajectStatus::Lopend, ..self.verhoogd(nu) };
        Ok((traject, Hervatting { id, traject_id: self.id, toelichting: verzoek.toelichting.clone(), op: nu, door }))
    }

    /// Beëindigt het traject.
    ///
    /// # Errors
    /// `reden-past-niet` als de reden niet bij de stap hoort, `traject-beeindigd`, `traject-live`, `reden-verplicht`.
    pub fn beeindigen(&self, id: Id, verzoek: &NieuweBeeindiging, door: Door, nu: Moment) -> Result<(Self, Beeindiging), Weigering> {
        self.niet_beeindigd()?;
        if self.status == TrajectStatus::Live {
            return Err(Weigering::new("traject-live", "Een traject dat live is, eindigt niet: stay-live gaat door."));
        }
        let past = match verzoek.reden {
            BeeindigingReden::GeenMeerwaarde => self.stap == 1,
            BeeindigingReden::GeenGeschikteAansluitvorm => self.stap == 2,
            BeeindigingReden::Gestopt => true,
        };
        if !past {
            return Err(Weigering::new(
                "reden-past-niet",
                format!(
                    "De reden '{}' hoort niet bij stap {}. 'geen-meerwaarde' hoort bij stap 1, 'geen-geschikte-aansluitvorm' bij stap 2; kies anders 'gestopt'.",
                    verzoek.reden, self.stap
                ),
            ));
        }
        if leeg(Some(&verzoek.toelichting)) {
            return Err(Weigering::new("reden-verplicht", "Licht toe waarom het traject eindigt."));
        }
        let traject = Self { status: TrajectStatus::Beeindigd, ..self.verhoogd(nu) };
        Ok((traject, Beeindiging { id, traject_id: self.id, reden: verzoek.reden, toelichting: verzoek.toelichting.clone(), op: nu, door }))
    }

    /// Heropent een beëindigd traject; of de organisatie geen ander open traject heeft, bewaakt de opslag.
    ///
    /// # Errors
    /// `traject-niet-beeindigd`, `reden-verplicht`.
    pub fn heropenen(&self, id: Id, verzoek: &NieuweHeropening, door: Door, nu: Moment) -> Result<(Self, Heropening), Weigering> {
        if self.status != TrajectStatus::Beeindigd {
            return Err(Weigering::new("traject-niet-beeindigd", "Alleen een beëindigd traject kan heropend worden."));
        }
        if leeg(Some(&verzoek.reden)) {
            return Err(Weigering::new("reden-verplicht", "Geef de reden van de heropening."));
        }
        let traject = Self { status: TrajectStatus::Lopend, ..self.verhoogd(nu) };
        Ok((traject, Heropening { id, traject_id: self.id, reden: verzoek.reden.clone(), op: nu, door }))
    }
}
