//! De weg van een plan: indienen, akkoord of terug, vaststellen, intrekken, vervangen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Autorisatieplan, Beslissing, Besluitsoort, Bevinding, Ernst, Planbesluit, Planinhoud, Planstatus};
use crate::{Id, Moment, Ontbrekend, Weigering};

/// Gegevens om een plan te beginnen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwAutorisatieplan {
    /// De organisatie.
    pub organisatie_id: Id,
    /// Het plan waarvan dit een nieuwe versie wordt; de inhoud wordt overgenomen.
    #[serde(default)]
    #[schema(nullable = false)]
    pub gebaseerd_op: Option<Id>,
}

/// Een opmerking bij een besluit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Planopmerking {
    /// Toelichting; verplicht bij teruggeven en intrekken.
    #[serde(default)]
    #[schema(max_length = 4000, nullable = false, example = "Het crisisteam mist een vervanger voor de informatiemanager.")]
    pub toelichting: Option<String>,
}

/// Hoeveel bevindingen een weigering hoogstens noemt.
const MEESTE_GENOEMD: usize = 50;

fn blokkades(bevindingen: &[Bevinding]) -> Result<(), Weigering> {
    let fouten: Vec<&Bevinding> = bevindingen.iter().filter(|b| b.ernst == Ernst::Fout).collect();
    if fouten.is_empty() {
        return Ok(());
    }
    let detail = match fouten.len() {
        1 => "Het plan heeft 1 fout. Herstel die (zie de bevindingen) en probeer het opnieuw.".to_owned(),
        aantal => format!("Het plan heeft {aantal} fouten. Herstel ze (zie de bevindingen) en probeer het opnieuw."),
    };
    let ontbreekt = fouten.iter().take(MEESTE_GENOEMD).map(|b| Ontbrekend { code: b.code.clone(), omschrijving: format!("{}: {}", b.location, b.detail) });
    Err(Weigering { code: "bevindingen-blokkeren", detail, ontbreekt: ontbreekt.collect() })
}

impl NieuwAutorisatieplan {
    /// Begint een plan; `vorige` is het plan van `gebaseerdOp`.
    ///
    /// # Errors
    /// `plan-van-ander` als het vorige plan van een andere organisatie is.
    pub fn maak(
        &self,
        id: Id,
        volgnummer: i32,
        vorige: Option<(&Autorisatieplan, &Planinhoud)>,
        nu: Moment,
    ) -> Result<(Autorisatieplan, Planinhoud), Weigering> {
        if vorige.is_some_and(|(plan, _)| plan.organisatie_id != self.organisatie_id) {
            return Err(Weigering::new("plan-van-ander", "Een nieuwe versie bouwt voort op een plan van dezelfde organisatie."));
        }
        let plan = Autorisatieplan {
            id,
            organisatie_id: self.organisatie_id,
            volgnummer,
            status: Planstatus::Concept,
            gebaseerd_op: vorige.map(|(plan, _)| plan.id),
            aantal_profielen: 0,
            aantal_toewijzingen: 0,
            besluiten: Vec::new(),
            aangemaakt_op: nu,
            gewijzigd_op: nu,
            versie: 1,
        };
        let inhoud = vorige.map(|(_, inhoud)| inhoud.clone()).unwrap_or_default();
        Ok((plan.geteld(&inhoud), inhoud))
    }
}

impl Autorisatieplan {
    fn geteld(mut self, inhoud: &Planinhoud) -> Self {
        self.aantal_profielen = i32::try_from(inhoud.profielen.len()).unwrap_or(i32::MAX);
        self.aantal_toewijzingen = i32::try_from(inhoud.toewijzingen.len()).unwrap_or(i32::MAX);
        self
    }

    fn verhoogd(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    /// Het plan met nieuwe inhoud.
    ///
    /// # Errors
    /// `plan-niet-te-wijzigen` zodra het bij LFB ligt of verder is.
    pub fn met_inhoud(&self, inhoud: &Planinhoud, nu: Moment) -> Result<Self, Weigering> {
        if !self.status.bewerkbaar() {
            let detail = format!("Dit plan is '{}' en verandert niet meer. Maak een nieuwe versie, of vraag LFB het terug te geven.", self.status);
            return Err(Weigering::new("plan-niet-te-wijzigen", detail));
        }
        Ok(self.verhoogd(nu).geteld(inhoud))
    }

    fn besluit(&self, soort: Besluitsoort, status: Planstatus, opmerking: &Planopmerking, wie: Beslissing) -> Self {
        let mut nieuw = self.verhoogd(wie.op);
        nieuw.status = status;
        nieuw.besluiten.push(Planbesluit { id: wie.id, soort, op: wie.op, door: wie.door, toelichting: opmerking.toelichting.clone() });
        nieuw
    }

    fn in_stand(&self, toegestaan: &[Planstatus], wat: &str) -> Result<(), Weigering> {
        if toegestaan.contains(&self.status) {
            return Ok(());
        }
        let namen: Vec<&str> = toegestaan.iter().map(|s| s.as_str()).collect();
        Err(Weigering::new("plan-in-andere-stand", format!("{wat} kan alleen als het plan {} is; het is nu '{}'.", namen.join(" of "), self.status)))
    }

    /// De opsteller dient in.
    ///
    /// # Errors
    /// `plan-in-andere-stand`, `bevindingen-blokkeren`.
    pub fn indienen(&self, bevindingen: &[Bevinding], opmerking: &Planopmerking, wie: Beslissing) -> Result<Self, Weigering> {
        self.in_stand(&[Planstatus::Concept, Planstatus::Teruggegeven], "Indienen")?;
        blokkades(bevindingen)?;
        Ok(self.besluit(Besluitsoort::Indiening, Planstatus::Ingediend, opmerking, wie))
    }

    /// LFB is akkoord.
    ///
    /// # Errors
    /// `plan-in-andere-stand`.
    pub fn akkoord(&self, opmerking: &Planopmerking, wie: Beslissing) -> Result<Self, Weigering> {
        self.in_stand(&[Planstatus::Ingediend], "Akkoord geven")?;
        Ok(self.besluit(Besluitsoort::Akkoord, Planstatus::Akkoord, opmerking, wie))
    }

    /// LFB geeft terug, ook na een akkoord zolang er niet is vastgesteld.
    ///
    /// # Errors
    /// `plan-in-andere-stand`; `toelichting-verplicht`.
    pub fn teruggeven(&self, opmerking: &Planopmerking, wie: Beslissing) -> Result<Self, Weigering> {
        self.in_stand(&[Planstatus::Ingediend, Planstatus::Akkoord], "Teruggeven")?;
        opmerking.verplicht()?;
        Ok(self.besluit(Besluitsoort::Terugwijzing, Planstatus::Teruggegeven, opmerking, wie))
    }

    /// De organisatie stelt vast; wat intussen fout werd, houdt dat tegen.
    ///
    /// # Errors
    /// `plan-in-andere-stand`, `bevindingen-blokkeren`.
    pub fn vaststellen(&self, bevindingen: &[Bevinding], opmerking: &Planopmerking, wie: Beslissing) -> Result<Self, Weigering> {
        self.in_stand(&[Planstatus::Akkoord], "Vaststellen")?;
        blokkades(bevindingen)?;
        Ok(self.besluit(Besluitsoort::Vaststelling, Planstatus::Vastgesteld, opmerking, wie))
    }

    /// De organisatie trekt terug, zolang het plan niet helemaal is uitgevoerd.
    ///
    /// # Errors
    /// `plan-in-andere-stand`, `toelichting-verplicht`.
    pub fn intrekken(&self, opmerking: &Planopmerking, wie: Beslissing) -> Result<Self, Weigering> {
        self.in_stand(Planstatus::OPEN, "Intrekken")?;
        opmerking.verplicht()?;
        Ok(self.besluit(Besluitsoort::Intrekking, Planstatus::Ingetrokken, opmerking, wie))
    }

    /// Het plan met een andere stand, als gevolg van de uitvoering.
    #[must_use]
    pub fn met_stand(&self, status: Planstatus, nu: Moment) -> Self {
        Self { status, ..self.verhoogd(nu) }
    }
}

impl Planopmerking {
    fn verplicht(&self) -> Result<(), Weigering> {
        if self.toelichting.as_deref().is_none_or(|t| t.trim().is_empty()) {
            return Err(Weigering::new("toelichting-verplicht", "Zeg in de toelichting waarom; de ander moet ermee verder kunnen."));
        }
        Ok(())
    }
}
