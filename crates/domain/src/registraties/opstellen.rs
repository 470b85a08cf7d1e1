//! Een registratie opstellen, wijzigen en indienen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Beheerafspraken, Beheerder, BeheerderInvoer, BeheerderStand, Registratie, RegistratieStatus, SharepointStand};
use crate::invoer::{Veldfout, klaar};
use crate::personen::{Persoon, Rol};
use crate::{Id, Moment, Ontbrekend, Weigering};

/// Een nieuwe registratie, of een nieuwe versie van de registratie die van kracht is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweRegistratie {
    /// De organisatie.
    pub organisatie_id: Id,
    /// De organisatiebeheerders; weggelaten is: die van de registratie die van kracht is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50, nullable = false)]
    pub beheerders: Option<Vec<BeheerderInvoer>>,
}

/// Wijziging van een registratie in voorbereiding (JSON Merge Patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistratieWijziging {
    /// De organisatiebeheerders (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50, nullable = false)]
    pub beheerders: Option<Vec<BeheerderInvoer>>,
}

/// Waarop een registratie rust: wat de aanroeper in dezelfde transactie las.
#[derive(Clone, Copy, Debug)]
pub struct Grondslag<'a> {
    /// Personen van de organisatie, ten minste wie genoemd wordt en wie tekenbevoegd is.
    pub personen: &'a [Persoon],
    /// De tekst die nu geldt.
    pub afspraken: &'a Beheerafspraken,
    /// De registratie die van kracht is.
    pub vorige: Option<&'a Registratie>,
    /// Hoeveel beheerders er ten minste zijn.
    pub minimum: usize,
}

impl Grondslag<'_> {
    fn persoon(&self, id: Id) -> Option<&Persoon> {
        self.personen.iter().find(|p| p.id == id)
    }

    fn beheerders(&self, organisatie_id: Id, invoer: &[BeheerderInvoer]) -> Result<Vec<Beheerder>, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        let mut lijst = Vec::with_capacity(invoer.len());
        for (plek, een) in invoer.iter().enumerate() {
            let mut fout = |veld: &str, code: &str, detail: &str| fouten.push(Veldfout::new(format!("/beheerders/{plek}/{veld}"), code, detail));
            if invoer.iter().take(plek).any(|eerder| eerder.persoon_id == een.persoon_id) {
                fout("persoonId", "dubbel", "Deze persoon staat al in de lijst.");
            }
            if een.vervanger_van.is_some_and(|wie| wie == een.persoon_id || !invoer.iter().any(|ander| ander.persoon_id == wie)) {
                fout("vervangerVan", "vervanger-onbekend", "Een vervanger vervangt een andere beheerder uit deze lijst.");
            }
            match self.persoon(een.persoon_id).filter(|p| p.organisatie_id == organisatie_id && p.is_aan_te_wijzen()) {
                Some(persoon) => lijst.push(beheerder(persoon, een)),
                None => fout("persoonId", "persoon-onbekend", "Deze persoon bestaat niet bij deze organisatie, of is geblokkeerd of verwijderd."),
            }
        }
        klaar(fouten, lijst)
    }
}

fn beheerder(persoon: &Persoon, invoer: &BeheerderInvoer) -> Beheerder {
    Beheerder {
        persoon_id: persoon.id,
        naam: persoon.naam.clone(),
        functie: invoer.functie.clone().or_else(|| persoon.functie.clone()),
        email: persoon.email.clone(),
        telefoon: invoer.telefoon.clone().or_else(|| persoon.telefoon.clone()),
        vervanger_van: invoer.vervanger_van,
        stand: BeheerderStand::Aangewezen,
        training_gepland_datum: None,
        training_gevolgd_datum: None,
        sharepoint: SharepointStand::Geen,
        verwijderd_op: None,
    }
}

impl NieuweRegistratie {
    /// Maakt het concept.
    ///
    /// # Errors
    /// Alle fouten in de lijst van beheerders.
    pub fn maak(self, id: Id, nummer: i32, grondslag: &Grondslag<'_>, nu: Moment) -> Result<Registratie, Vec<Veldfout>> {
        let invoer = self.beheerders.unwrap_or_else(|| grondslag.vorige.map(overgenomen).unwrap_or_default());
        let beheerders = grondslag.beheerders(self.organisatie_id, &invoer)?;
        Ok(Registratie {
            id,
            organisatie_id: self.organisatie_id,
            nummer,
            status: RegistratieStatus::Concept,
            vervangt_id: grondslag.vorige.map(|vorige| vorige.id),
            afspraken_id: grondslag.afspraken.id,
            afspraken_versie: grondslag.afspraken.versie,
            ronde: 0,
            beheerders,
            ondertekeningen: Vec::new(),
            opmerkingen: None,
            einde_reden: None,
            ingediend_op: None,
            actief_op: None,
            beeindigd_op: None,
            aangemaakt_op: nu,
            gewijzigd_op: nu,
            versie: 1,
        })
    }
}

/// De zittende beheerders als uitgangspunt voor een nieuwe versie; wie een verwijderde verving, vervangt niemand meer.
fn overgenomen(vorige: &Registratie) -> Vec<BeheerderInvoer> {
    let invoer = |b: &Beheerder| BeheerderInvoer {
        persoon_id: b.persoon_id,
        functie: b.functie.clone(),
        telefoon: b.telefoon.clone(),
        vervanger_van: b.vervanger_van.filter(|wie| vorige.zittend(*wie).is_some()),
    };
    vorige.zittende().map(invoer).collect()
}

impl Registratie {
    /// Of de inhoud nog te wijzigen is.
    ///
    /// # Errors
    /// `registratie-vast`: wat ter tekening ligt of getekend is, verandert niet meer.
    pub fn mag_wijzigen(&self) -> Result<(), Weigering> {
        if self.status.is_open() {
            return Ok(());
        }
        let detail = "Deze registratie ligt ter tekening of is getekend en verandert niet meer. Laat haar teruggeven, of begin een nieuwe versie.";
        Err(Weigering::new("registratie-vast", detail))
    }

    /// Past een wijziging toe; de tekst van de afspraken wordt die van nu.
    ///
    /// # Errors
    /// Alle fouten in de lijst van beheerders.
    pub fn gewijzigd(&self, wijziging: &RegistratieWijziging, grondslag: &Grondslag<'_>, nu: Moment) -> Result<Self, Vec<Veldfout>> {
        let mut nieuw = self.verhoogd(nu);
        if let Some(invoer) = &wijziging.beheerders {
            nieuw.beheerders = grondslag.beheerders(self.organisatie_id, invoer)?;
        }
        nieuw.afspraken_id = grondslag.afspraken.id;
        nieuw.afspraken_versie = grondslag.afspraken.versie;
        Ok(nieuw)
    }

    /// Wat er aan dit formulier ontbreekt voordat het ter tekening kan.
    #[must_use]
    pub fn ontbreekt(&self, grondslag: &Grondslag<'_>) -> Vec<Ontbrekend> {
        let mut mist = Vec::new();
        let mut meld = |code: &str, omschrijving: String| mist.push(Ontbrekend { code: code.to_owned(), omschrijving });
        if self.beheerders.len() < grondslag.minimum {
            meld("te-weinig-beheerders", format!("Wijs ten minste {} organisatiebeheerders aan, zodat er altijd een vervanger is.", grondslag.minimum));
        }
        if self.afspraken_id != grondslag.afspraken.id {
            meld("afspraken-verouderd", "Er is een nieuwere tekst van de afspraken. Wijzig de registratie om die over te nemen.".to_owned());
        }
        for beheerder in &self.beheerders {
            if beheerder.functie.as_deref().is_none_or(|f| f.trim().is_empty()) {
                meld("functie-ontbreekt", format!("Geef de functie van beheerder {}.", beheerder.persoon_id));
            }
            if beheerder.telefoon.is_none() {
                meld("telefoon-ontbreekt", format!("Geef een telefoonnummer waarop beheerder {} bereikbaar is.", beheerder.persoon_id));
            }
            if !grondslag.persoon(beheerder.persoon_id).is_some_and(Persoon::is_aan_te_wijzen) {
                meld("persoon-niet-actief", format!("Beheerder {} is geblokkeerd of verwijderd. Wijs iemand anders aan.", beheerder.persoon_id));
            }
        }
        let kan_tekenen =
            |p: &&Persoon| p.organisatie_id == self.organisatie_id && p.is_aan_te_wijzen() && p.rollen.contains(&Rol::Tekenbevoegde) && !self.noemt(p.id);
        if !grondslag.personen.iter().any(|p| kan_tekenen(&p)) {
            let detail = "Geef iemand die zelf geen beheerder in dit formulier is de rol tekenbevoegde; anders kan niemand namens de organisatie tekenen.";
            meld("tekenbevoegde-ontbreekt", detail.to_owned());
        }
        mist
    }

    /// Dient de registratie in ter tekening, met de gegevens van de personen zoals die nu zijn.
    ///
    /// # Errors
    /// `registratie-status` als zij niet in voorbereiding is; `registratie-onvolledig` met wat ontbreekt.
    pub fn indienen(&self, grondslag: &Grondslag<'_>, nu: Moment) -> Result<Self, Weigering> {
        if !self.status.is_open() {
            return Err(self.kan_niet("ingediend"));
        }
        let ontbreekt = self.ontbreekt(grondslag);
        if !ontbreekt.is_empty() {
            let detail = "De registratie is nog niet volledig. Vul aan wat ontbreekt en dien haar opnieuw in.".to_owned();
            return Err(Weigering { code: "registratie-onvolledig", detail, ontbreekt });
        }
        let mut nieuw = Self { status: RegistratieStatus::Ingediend, ronde: self.ronde + 1, ingediend_op: Some(nu), opmerkingen: None, ..self.verhoogd(nu) };
        for beheerder in &mut nieuw.beheerders {
            if let Some(persoon) = grondslag.persoon(beheerder.persoon_id) {
                beheerder.naam.clone_from(&persoon.naam);
                beheerder.email.clone_from(&persoon.email);
            }
        }
        Ok(nieuw)
    }
}
