//! De weg van een voorbeeldtraject: stap voor stap door de regels, met afwijkingen waar het bewijs nog niet vast te leggen is.

use chrono::{Datelike as _, Days, Months};
use domain::Moment;
use domain::audit::Door;
use domain::organisaties::{Aansluitstatus, Organisatie};
use domain::personen::{Persoon, Rol};
use domain::referentie::Stappenplan;
use domain::trajecten::{
    AansluitvormkeuzeWijziging, Afwijking, Borging, Feiten, NieuwBorgingsmoment, NieuwTraject, NieuweAfwijking, NieuwePartij, NieuwePauzering,
    NieuweStapovergang, PartijRol, Planning, Poort, Traject, TrajectStatus, TrajectWijziging, activiteiten, poorten,
};
use store::trajecten::VerloopSoort;
use store::{Change, StoreError};

use super::cast::{self, TrajectData};
use super::seed::{Cast, Seeder, fields, refused};
use crate::{Stop, foundation};

impl Seeder<'_> {
    /// Begint het traject en brengt het tot de stap uit de gegevens.
    pub(super) async fn traject(&self, cast: &mut Cast, stappenplan: &Stappenplan, data: &TrajectData) -> Result<(), Stop> {
        let organisatie = cast.organisatie(data.crisispartner)?.clone();
        let mut traject = self.begin(cast, &organisatie, stappenplan).await?;
        if let Some((code, motivatie)) = data.aansluitvorm {
            let projectleider = cast.door(data.crisispartner, Rol::Projectleider)?;
            let wijziging = TrajectWijziging {
                aansluitvorm: Some(Some(AansluitvormkeuzeWijziging { code: Some(code.to_owned()), motivatie: Some(motivatie.to_owned()) })),
                ..TrajectWijziging::default()
            };
            let nieuw = traject.gewijzigd(&wijziging, self.clock.now()).map_err(|fouten| fields(&fouten))?;
            traject = self.bewaar(&projectleider, "traject.gewijzigd", traject, nieuw).await?;
        }
        if data.met_partners {
            traject = self.met_partners(cast, traject).await?;
        }
        let mut afwijkingen = Vec::new();
        while traject.stap < data.stap {
            traject = self.stap_verder(cast, traject, &mut afwijkingen).await?;
        }
        if traject.status == TrajectStatus::Live {
            traject = self.borgen(cast, data.crisispartner, traject).await?;
        }
        if data.gepauzeerd {
            let adviseur = cast.door(cast::NIPV, Rol::Adviseur)?;
            let verzoek = NieuwePauzering { reden: "De organisatie verhuist haar crisiscentrum; het traject wacht op de nieuwe locatie.".to_owned() };
            let (nieuw, pauzering) = traject.pauzeren(self.id(), &verzoek, adviseur.clone(), self.clock.now()).map_err(|w| refused(&w))?;
            let (oud, na) = (traject.clone(), nieuw.clone());
            self.act(&adviseur, move |tx| {
                store::trajecten::update(tx, &na, oud.versie)?;
                store::trajecten::insert_verloop(tx, VerloopSoort::Pauzering, pauzering.id, na.id, None, &pauzering)?;
                tx.record(change("traject.gepauzeerd", &oud, &na)?)
            })
            .await?;
            traject = nieuw;
        }
        cast.trajecten.push(traject);
        Ok(())
    }

    async fn begin(&self, cast: &mut Cast, organisatie: &Organisatie, stappenplan: &Stappenplan) -> Result<Traject, Stop> {
        let lfb = cast.door(cast::NIPV, Rol::Lfb)?;
        let nu = self.clock.now();
        let vandaag = domain::vandaag(nu);
        let planning = Planning { start_datum: Some(vandaag), go_live_datum: vandaag.checked_add_days(Days::new(270)), stappen: Vec::new() };
        let nieuw = NieuwTraject { organisatie_id: organisatie.id, stappenplan_id: Some(stappenplan.id), planning: Some(planning) };
        let (id, partij_id) = (self.id(), self.id());
        let traject = nieuw.maak(id, partij_id, String::new(), organisatie, stappenplan, nu).map_err(|fouten| fields(&fouten))?;
        let lijst = activiteiten::uit_stappenplan(&stappenplan.inhoud, id, || self.id());
        let in_traject = with_status(organisatie, Aansluitstatus::InTraject, nu);
        let (oud, organisatie_nieuw, concept) = (organisatie.clone(), in_traject.clone(), traject.clone());
        let traject = self
            .act(&lfb, move |tx| {
                let nummer = store::trajecten::volgend_nummer(tx, nu.year())?;
                let traject = Traject { kenmerk: domain::trajecten::kenmerk(nu.year(), nummer), ..concept.clone() };
                store::trajecten::insert(tx, &traject)?;
                for activiteit in &lijst {
                    store::trajecten::insert_activiteit(tx, activiteit)?;
                }
                tx.record(foundation::created("traject", &traject.id.to_string(), Some(traject.id), Some(traject.organisatie_id), &traject)?)?;
                store::organisaties::update(tx, &organisatie_nieuw, oud.versie)?;
                tx.record(status_changed(&oud, &organisatie_nieuw)?)?;
                Ok(traject)
            })
            .await?;
        cast.zet_organisatie(in_traject);
        Ok(traject)
    }

    /// Betrekt de implementatiepartner, en de adoptiepartner zodra die zelf live is.
    async fn met_partners(&self, cast: &Cast, mut traject: Traject) -> Result<Traject, Stop> {
        let lfb = cast.door(cast::NIPV, Rol::Lfb)?;
        for (sleutel, rol) in [(cast::IMPLEMENTATIEPARTNER, PartijRol::Implementatiepartner), (cast::ADOPTIEPARTNER, PartijRol::Adoptiepartner)] {
            let partner = cast.organisatie(sleutel)?;
            if partner.id == traject.organisatie_id {
                continue;
            }
            let nieuw = NieuwePartij { organisatie_id: partner.id, rol, contactpersoon_id: None };
            let (nieuw, partij) = traject.met_partij(self.id(), &nieuw, partner, &cast.certificeringen, self.clock.now()).map_err(|w| refused(&w))?;
            let (oud, na) = (traject, nieuw.clone());
            self.act(&lfb, move |tx| {
                store::trajecten::update(tx, &na, oud.versie)?;
                store::trajecten::insert_partij(tx, na.id, &partij)?;
                tx.record(change("partij.toegevoegd", &oud, &na)?)
            })
            .await?;
            traject = nieuw;
        }
        Ok(traject)
    }

    /// Eén stap vooruit: de adviseur van NIPV verleent afwijkingen voor wat ontbreekt.
    async fn stap_verder(&self, cast: &mut Cast, mut traject: Traject, afwijkingen: &mut Vec<Afwijking>) -> Result<Traject, Stop> {
        let adviseur = cast.door(cast::NIPV, Rol::Adviseur)?;
        let mut poort = self.poort(cast, &traject, afwijkingen);
        for ontbrekend in poort.ontbreekt() {
            let verzoek = NieuweAfwijking {
                voorwaarde: ontbrekend.code.clone(),
                motivatie: "Voorbeeldgegevens: dit is buiten het systeem afgerond en bij NIPV bekend.".to_owned(),
            };
            let (nieuw, afwijking) = traject.afwijking(self.id(), &verzoek, |_| poort.clone(), adviseur.clone(), self.clock.now()).map_err(|w| refused(&w))?;
            let (oud, na, rij) = (traject.clone(), nieuw.clone(), afwijking.clone());
            self.act(&adviseur, move |tx| {
                store::trajecten::update(tx, &na, oud.versie)?;
                store::trajecten::insert_verloop(tx, VerloopSoort::Afwijking, rij.id, na.id, Some(&rij.voorwaarde), &rij)?;
                tx.record(change("afwijking.verleend", &oud, &na)?)
            })
            .await?;
            traject = nieuw;
            afwijkingen.push(afwijking);
            poort = self.poort(cast, &traject, afwijkingen);
        }
        let verzoek = NieuweStapovergang { naar_stap: traject.stap + 1, reden: None };
        let (nieuw, overgang) = traject.overgang(self.id(), &verzoek, &poort, adviseur.clone(), self.clock.now()).map_err(|w| refused(&w))?;
        let live = (nieuw.status == TrajectStatus::Live).then(|| cast.organisatie_bij(traject.organisatie_id)).transpose()?.cloned();
        let nu = self.clock.now();
        let live = live.map(|oud| (with_status(&oud, Aansluitstatus::Live, nu), oud));
        let (oud, na, organisatie) = (traject, nieuw.clone(), live.clone());
        self.act(&adviseur, move |tx| {
            store::trajecten::update(tx, &na, oud.versie)?;
            store::trajecten::insert_verloop(tx, VerloopSoort::Stapovergang, overgang.id, na.id, None, &overgang)?;
            tx.record(change("stapovergang.vastgelegd", &oud, &na)?)?;
            if let Some((na, oud)) = &organisatie {
                store::organisaties::update(tx, na, oud.versie)?;
                tx.record(status_changed(oud, na)?)?;
            }
            Ok(())
        })
        .await?;
        if let Some((na, _)) = live {
            cast.zet_organisatie(na);
        }
        Ok(nieuw)
    }

    /// Borgt wat al gedaan is: twee onderdelen zijn overgedragen, de fallback is bijna weer aan de beurt en het OTO-programma is te laat.
    async fn borgen(&self, cast: &Cast, sleutel: &str, mut traject: Traject) -> Result<Traject, Stop> {
        let projectleider = cast.door(sleutel, Rol::Projectleider)?;
        let vandaag = domain::vandaag(self.clock.now());
        for (punt, maanden_geleden, ontvanger) in [
            (Borging::OverdrachtOrganisatie, 0, Some("Afdeling Crisisbeheersing")),
            (Borging::OverdrachtTechniek, 0, Some("Afdeling Informatievoorziening")),
            (Borging::FallbackOefening, 10, None),
            (Borging::OtoProgramma, 13, None),
        ] {
            let gedaan_datum = vandaag.checked_sub_months(Months::new(maanden_geleden)).unwrap_or(vandaag);
            let verzoek = NieuwBorgingsmoment { punt, gedaan_datum, ontvanger: ontvanger.map(str::to_owned), toelichting: None };
            let (nieuw, moment) = traject.borgen(self.id(), verzoek, projectleider.clone(), self.clock.now()).map_err(|fouten| fields(&fouten))?;
            let (oud, na) = (traject, nieuw.clone());
            self.act(&projectleider, move |tx| {
                store::trajecten::update(tx, &na, oud.versie)?;
                store::trajecten::insert_borgingsmoment(tx, &moment)?;
                tx.record(change("borgingsmoment.vastgelegd", &oud, &na)?)
            })
            .await?;
            traject = nieuw;
        }
        Ok(traject)
    }

    fn poort(&self, cast: &Cast, traject: &Traject, afwijkingen: &[Afwijking]) -> Poort {
        let personen: Vec<Persoon> = cast.personen.iter().map(|lid| lid.persoon.clone()).collect();
        let feiten =
            Feiten { personen: &personen, certificeringen: &cast.certificeringen, afwijkingen, ..Feiten::van(traject, domain::vandaag(self.clock.now())) };
        poorten::poort(traject.stap, &feiten)
    }

    async fn bewaar(&self, door: &Door, handeling: &'static str, oud: Traject, nieuw: Traject) -> Result<Traject, Stop> {
        let na = nieuw.clone();
        self.act(door, move |tx| {
            store::trajecten::update(tx, &na, oud.versie)?;
            tx.record(change(handeling, &oud, &na)?)
        })
        .await?;
        Ok(nieuw)
    }
}

fn with_status(organisatie: &Organisatie, aansluitstatus: Aansluitstatus, nu: Moment) -> Organisatie {
    Organisatie { aansluitstatus, gewijzigd_op: nu, versie: organisatie.versie + 1, ..organisatie.clone() }
}

fn change(handeling: &'static str, oud: &Traject, nieuw: &Traject) -> Result<Change, StoreError> {
    foundation::changed(handeling, "traject", &nieuw.id.to_string(), Some(nieuw.id), Some(nieuw.organisatie_id), oud, nieuw)
}

fn status_changed(oud: &Organisatie, nieuw: &Organisatie) -> Result<Change, StoreError> {
    foundation::changed("organisatie.gewijzigd", "organisatie", &nieuw.id.to_string(), None, Some(nieuw.id), oud, nieuw)
}
