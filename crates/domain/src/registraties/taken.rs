//! Wie er met een registratie aan de beurt is.

use super::{Beheerder, BeheerderStand, Registratie, RegistratieStatus, SharepointStand};
use crate::personen::Rol;
use crate::taken::{Taak, Voor};
use crate::{Datum, Id, Moment};

const OPSTELLERS: [Rol; 2] = [Rol::Projectleider, Rol::Tekenbevoegde];

/// Wat er naast de registratie zelf meetelt voor wie er aan de beurt is: wat de aanroeper in dezelfde transactie las.
#[derive(Clone, Copy, Debug)]
pub struct Omstandigheden<'a> {
    /// De naam van de organisatie.
    pub organisatie_naam: &'a str,
    /// Hoeveel beheerders er ten minste zijn.
    pub minimum: usize,
    /// De beheerders die geblokkeerd of verwijderd zijn, en sinds wanneer.
    pub uitgevallen: &'a [(Id, Moment)],
    /// De registratie die van kracht is, ook als dat deze zelf is.
    pub van_kracht: Option<&'a Registratie>,
}

impl Registratie {
    /// De taken die deze registratie voor deze persoon oplevert.
    #[must_use]
    pub fn taken(&self, bij: &Omstandigheden<'_>, voor: &Voor<'_>) -> Vec<Taak> {
        let Omstandigheden { organisatie_naam, minimum, uitgevallen, .. } = *bij;
        let taak = |soort: &str, titel: String, sinds_op: Moment, uiterlijk_datum: Option<Datum>| Taak {
            soort: soort.to_owned(),
            titel,
            onderwerp: format!("/v1/organisatiebeheerder-registraties/{}", self.id),
            organisatie_id: self.organisatie_id,
            organisatie_naam: organisatie_naam.to_owned(),
            sinds_op,
            uiterlijk_datum,
        };
        let (opsteller, lfb) = (voor.bij(self.organisatie_id, &OPSTELLERS), voor.bij_nipv(&[Rol::Lfb]));
        let mag_tekenen = !self.noemt(voor.persoon.id);
        let mut taken = Vec::new();
        match self.status {
            RegistratieStatus::Concept if opsteller => {
                taken.push(taak("registratie-indienen", "Maak de registratie van organisatiebeheerders af en dien haar in.".into(), self.aangemaakt_op, None));
            }
            RegistratieStatus::Teruggegeven if opsteller => {
                let titel = "Verwerk de opmerkingen bij de registratie van organisatiebeheerders en dien haar opnieuw in.".into();
                taken.push(taak("registratie-verbeteren", titel, self.gewijzigd_op, None));
            }
            RegistratieStatus::Ingediend if mag_tekenen && voor.bij(self.organisatie_id, &[Rol::Tekenbevoegde]) => {
                let titel = "Onderteken de registratie van organisatiebeheerders namens uw organisatie, of geef haar terug.".into();
                taken.push(taak("registratie-ondertekenen", titel, self.ingediend_op.unwrap_or(self.gewijzigd_op), None));
            }
            RegistratieStatus::OndertekendOrganisatie if mag_tekenen && lfb => {
                let titel = "Onderteken de registratie van organisatiebeheerders namens NIPV, of geef haar terug.".into();
                taken.push(taak("registratie-ondertekenen", titel, self.gewijzigd_op, None));
            }
            RegistratieStatus::Actief if opsteller && self.zittende().filter(|b| uitgevallen.iter().all(|(weg, _)| *weg != b.persoon_id)).count() < minimum => {
                let titel = format!("Wijs opnieuw ten minste {minimum} organisatiebeheerders aan met een nieuwe versie van de registratie.");
                taken.push(taak("registratie-aanvullen", titel, self.gewijzigd_op, None));
            }
            _ => {}
        }
        if self.status == RegistratieStatus::Actief && (opsteller || lfb) {
            for (b, sinds) in self.zittende().filter_map(|b| Some((b, uitgevallen.iter().find(|(weg, _)| *weg == b.persoon_id)?.1))) {
                let wat = format!("{} is geblokkeerd of verwijderd en staat nog als organisatiebeheerder van {organisatie_naam}.", b.naam);
                let nu = if opsteller {
                    "Haal deze beheerder uit de registratie, of hef de blokkering op."
                } else {
                    "Vraag de organisatie de registratie bij te werken."
                };
                taken.push(taak("beheerder-uitgevallen", format!("{wat} {nu}"), sinds, None));
            }
        }
        if lfb {
            taken.extend(self.lfb_taken(bij, taak));
        }
        taken
    }

    fn lfb_taken(&self, bij: &Omstandigheden<'_>, taak: impl Fn(&str, String, Moment, Option<Datum>) -> Taak) -> Vec<Taak> {
        let sinds = self.actief_op.unwrap_or(self.gewijzigd_op);
        let mag_werken = |b: &Beheerder| bij.uitgevallen.iter().all(|(weg, _)| *weg != b.persoon_id);
        let is_weer_beheerder = |b: &Beheerder| bij.van_kracht.is_some_and(|r| r.zittend(b.persoon_id).is_some());
        let mut taken = Vec::new();
        for b in &self.beheerders {
            if b.stand == BeheerderStand::Geregistreerd {
                let titel = match b.training_gepland_datum {
                    Some(_) => format!("Leg vast of {} de organisatiebeheerderstraining heeft gevolgd.", b.naam),
                    None => format!("Plan de organisatiebeheerderstraining van {}.", b.naam),
                };
                taken.push(taak("beheerder-trainen", titel, sinds, b.training_gepland_datum));
            }
            if b.sharepoint == SharepointStand::Geen && mag_werken(b) && matches!(b.stand, BeheerderStand::Geregistreerd | BeheerderStand::Actief) {
                taken.push(taak("sharepoint-verlenen", format!("Geef {} toegang tot de SharePoint-omgeving.", b.naam), sinds, None));
            }
            if b.sharepoint == SharepointStand::InTeTrekken && !is_weer_beheerder(b) {
                taken.push(taak("sharepoint-intrekken", format!("Trek de toegang van {} tot de SharePoint-omgeving in.", b.naam), self.gewijzigd_op, None));
            }
        }
        taken
    }
}
