//! Wie aan de beurt is met een plan of een samenwerkingsprofiel.

use super::{Autorisatieplan, Planstatus, Samenwerkingsprofiel, SamenwerkingsprofielStatus};
use crate::personen::Rol;
use crate::taken::{Taak, Voor};

impl Autorisatieplan {
    /// De taken in dit plan voor deze persoon; `open` zijn de regels die LFB en de organisatiebeheerder nog moeten uitvoeren.
    #[must_use]
    pub fn taken(&self, organisatie_naam: &str, (open_lfb, open_beheerder): (i64, i64), voor: &Voor<'_>) -> Vec<Taak> {
        let beheerder = voor.bij(self.organisatie_id, &[Rol::Organisatiebeheerder]);
        let beslisser = voor.bij(self.organisatie_id, &[Rol::Projectleider, Rol::Tekenbevoegde]);
        let lfb = voor.bij_nipv(&[Rol::Lfb]);
        let (soort, titel) = match self.status {
            Planstatus::Concept if beheerder => ("autorisatieplan-indienen", "Maak het autorisatieplan af en dien het in bij LFB."),
            Planstatus::Teruggegeven if beheerder => {
                ("autorisatieplan-verbeteren", "Verwerk de opmerkingen van LFB in het autorisatieplan en dien het opnieuw in.")
            }
            Planstatus::Ingediend if lfb => ("autorisatieplan-beoordelen", "Beoordeel het ingediende autorisatieplan."),
            Planstatus::Akkoord if beslisser => ("autorisatieplan-vaststellen", "Stel het autorisatieplan vast; LFB is akkoord."),
            Planstatus::Vastgesteld | Planstatus::Uitvoering if lfb && open_lfb > 0 => {
                ("autorisatieplan-inrichten", "Richt de teams, disciplines en functies van het autorisatieplan in.")
            }
            Planstatus::Vastgesteld | Planstatus::Uitvoering if beheerder && open_beheerder > 0 => {
                ("autorisatieplan-uitvoeren", "Maak de profielen van het autorisatieplan en ken ze toe.")
            }
            _ => return Vec::new(),
        };
        vec![Taak {
            soort: soort.to_owned(),
            titel: titel.to_owned(),
            onderwerp: format!("/v1/autorisatieplannen/{}", self.id),
            organisatie_id: self.organisatie_id,
            organisatie_naam: organisatie_naam.to_owned(),
            sinds_op: self.gewijzigd_op,
            uiterlijk_datum: None,
        }]
    }
}

impl Samenwerkingsprofiel {
    /// De taak in deze aanvraag voor deze persoon: de eigenaar beslist.
    #[must_use]
    pub fn taken(&self, organisatie_naam: &str, voor: &Voor<'_>) -> Vec<Taak> {
        if self.status != SamenwerkingsprofielStatus::Aangevraagd || !voor.bij(self.eigenaar_id, &[Rol::Organisatiebeheerder]) {
            return Vec::new();
        }
        vec![Taak {
            soort: "samenwerkingsprofiel-besluiten".to_owned(),
            titel: "Beslis over een profiel dat een andere organisatie wil lenen.".to_owned(),
            onderwerp: format!("/v1/samenwerkingsprofielen/{}", self.id),
            organisatie_id: self.eigenaar_id,
            organisatie_naam: organisatie_naam.to_owned(),
            sinds_op: self.gewijzigd_op,
            uiterlijk_datum: Some(self.tot_datum),
        }]
    }
}
