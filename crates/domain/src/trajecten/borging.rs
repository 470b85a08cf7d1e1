//! Borging (stap 6, Stay-live): wat de staande organisatie blijft doen, en wat daarvan wacht of te laat is.
//!
//! Een borgingspunt is altijd berekend. Wat mensen vastleggen is een borgingsmoment: op welke dag iets gedaan is. De jaarlijkse afname
//! volgt uit de afnames zelf.

use chrono::Months;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actiehouder, Partijsoort, Stapovergang, Traject, TrajectStatus, VoorwaardeSoort};
use crate::afnames::Jaarafname;
use crate::afnames::jaarlijks::GAAN_OVER_AFNAMES;
use crate::audit::Door;
use crate::invoer::{Veldfout, klaar, verplicht};
use crate::keuze::keuze;
use crate::personen::Rol;
use crate::taken::{Taak, Voor, begin_van, wacht_vanaf};
use crate::{Datum, Id, Moment, Weigering, vandaag};

/// De stap waarin geborgd wordt; haar geplande einddatum is de termijn van de overdracht.
const STAP: i16 = 6;
/// De termijn waar de bron er geen noemt: een jaar. Voorlopig, tot NIPV haar vaststelt; dat staat bij ieder borgingspunt.
const TERMIJN: Months = Months::new(12);

keuze! {
    /// Wat mensen vastleggen om de werkwijze te borgen.
    Borging { /// Onderdeel organisatie overgedragen aan de staande organisatie.
        OverdrachtOrganisatie = "overdracht-organisatie", /// Onderdeel proces overgedragen.
        OverdrachtProces = "overdracht-proces", /// Onderdeel mens overgedragen.
        OverdrachtMens = "overdracht-mens", /// Onderdeel techniek overgedragen.
        OverdrachtTechniek = "overdracht-techniek", /// Netcentrisch werken staat in het OTO-programma.
        OtoProgramma = "oto-programma", /// De fallback is geoefend.
        FallbackOefening = "fallback-oefening" }
}
keuze! {
    /// Stand van een borgingspunt.
    Borgingsstand { /// Er is nu niets te doen.
        Gedaan = "gedaan", /// Binnen drie maanden.
        Binnenkort = "binnenkort", /// De uiterste dag is voorbij.
        TeLaat = "te-laat", /// Nog niet aan de beurt.
        NogNiet = "nog-niet" }
}

/// Een dag waarop iets gedaan is om de werkwijze te borgen. Verandert nooit; intrekken kan, en blijft zichtbaar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Borgingsmoment {
    /// Identificatie.
    pub id: Id,
    /// Het traject.
    pub traject_id: Id,
    /// Wat gedaan is.
    pub punt: Borging,
    /// De dag waarop het gedaan is.
    #[schema(example = "2027-03-12")]
    pub gedaan_datum: Datum,
    /// Wie in de staande organisatie het onderdeel overnam; alleen bij een overdracht.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Afdeling Crisisbeheersing")]
    pub ontvanger: Option<String>,
    /// Toelichting, bijvoorbeeld de bevindingen van een oefening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<String>,
    /// Moment van vastleggen.
    pub op: Moment,
    /// Wie het vastlegde.
    pub door: Door,
    /// Moment van intrekken; wat ingetrokken is, telt niet mee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingetrokken_op: Option<Moment>,
    /// Waarom het is ingetrokken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intrekkingsreden: Option<String>,
}

/// Wat er gedaan is, om vast te leggen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuwBorgingsmoment {
    /// Wat gedaan is: de code van een borgingspunt. De jaarlijkse afname legt u vast met een afname.
    pub punt: Borging,
    /// De dag waarop het gedaan is; niet in de toekomst.
    #[schema(example = "2027-03-12")]
    pub gedaan_datum: Datum,
    /// Wie in de staande organisatie het onderdeel overnam: een afdeling of functie, geen naam. Verplicht bij een overdracht, en alleen daar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Afdeling Crisisbeheersing")]
    pub ontvanger: Option<String>,
    /// Toelichting, bijvoorbeeld de bevindingen van een oefening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 4000, nullable = false, example = "De afspraken over beheer zijn met de afdeling doorgenomen.")]
    pub toelichting: Option<String>,
}

/// Trekt een borgingsmoment in dat niet klopt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BorgingsmomentIntrekking {
    /// De reden; blijft altijd zichtbaar.
    #[schema(min_length = 1, max_length = 2000, example = "De oefening ging die dag niet door.")]
    pub reden: String,
}

/// Iets wat de staande organisatie doet om de werkwijze te borgen, met hoe het ervoor staat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Borgingspunt {
    /// Code.
    #[schema(example = "fallback-oefening")]
    pub code: String,
    /// Wat er moet zijn.
    #[schema(example = "Terugvallen op andere communicatiemiddelen is geoefend.")]
    pub omschrijving: String,
    /// Of de bron het voorschrijft of aanraadt.
    pub soort: VoorwaardeSoort,
    /// Stand.
    pub status: Borgingsstand,
    /// De dag waarop het uiterlijk gedaan of opnieuw gedaan moet zijn; afwezig als er (nog) niets moet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2028-03-12")]
    pub uiterlijk_datum: Option<Datum>,
    /// Of die dag volgt uit een termijn die NIPV nog niet heeft vastgesteld; de bron noemt er geen.
    pub termijn_voorlopig: bool,
    /// De laatste keer dat het gedaan is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-03-12")]
    pub laatste_datum: Option<Datum>,
    /// Verwijzing naar het bewijs van die keer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/trajecten/0190f3a0-0000-7000-8000-000000000001/borgingsmomenten/0190f3a0-0000-7000-8000-000000000002")]
    pub bewijs: Option<String>,
    /// Wie aan zet is, in de organisatie zelf.
    pub actiehouders: Vec<Actiehouder>,
    /// Wat er te doen is; afwezig als het gedaan is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Oefen de fallback zonder LCMS of zonder internet, en leg de dag en de bevindingen vast.")]
    pub te_doen: Option<String>,
}

/// De feiten waaruit borgingspunten volgen; de aanroeper leest ze in dezelfde transactie.
#[derive(Clone, Debug)]
pub struct Borgingsfeiten<'a> {
    /// Het traject.
    pub traject: &'a Traject,
    /// Sinds wanneer het live is; `None` zolang het dat niet is.
    pub live_sinds: Option<Datum>,
    /// Per punt het laatste moment dat niet is ingetrokken.
    pub momenten: &'a [Borgingsmoment],
    /// Wat er over de jaarlijkse afname van iedere vragenlijst bekend is.
    pub afnames: &'a [Jaarafname],
    /// De dag waarop geoordeeld wordt.
    pub vandaag: Datum,
}

/// De borgingspunten, in de volgorde van de bron. Voor de go-live laten zij zien wat er komt.
#[must_use]
pub fn borgingspunten(feiten: &Borgingsfeiten<'_>) -> Vec<Borgingspunt> {
    let vast = |overdracht: bool| Borging::ALLE.iter().filter(move |b| b.is_overdracht() == overdracht).map(move |b| feiten.vastgelegd(*b));
    vast(true).chain(feiten.afnames.iter().map(|a| feiten.afgenomen(a))).chain(vast(false)).collect()
}

impl Borging {
    /// Of dit een overdracht is: die gebeurt één keer, de rest komt terug.
    #[must_use]
    pub const fn is_overdracht(self) -> bool {
        matches!(self, Self::OverdrachtOrganisatie | Self::OverdrachtProces | Self::OverdrachtMens | Self::OverdrachtTechniek)
    }

    const fn soort(self) -> VoorwaardeSoort {
        if self.is_overdracht() { VoorwaardeSoort::Verplicht } else { VoorwaardeSoort::Aanbevolen }
    }

    /// Overdragen doet wie het project leidde; daarna is de staande organisatie aan zet.
    const fn rollen(self) -> &'static [Rol] {
        if self.is_overdracht() { &[Rol::Projectleider] } else { GAAN_OVER_AFNAMES }
    }

    const fn omschrijving(self) -> &'static str {
        match self {
            Self::OverdrachtOrganisatie => "Het onderdeel organisatie is overgedragen aan de staande organisatie.",
            Self::OverdrachtProces => "Het onderdeel proces is overgedragen aan de staande organisatie.",
            Self::OverdrachtMens => "Het onderdeel mens is overgedragen aan de staande organisatie.",
            Self::OverdrachtTechniek => "Het onderdeel techniek is overgedragen aan de staande organisatie.",
            Self::OtoProgramma => "Netcentrisch werken is opgenomen in het OTO-programma.",
            Self::FallbackOefening => "Terugvallen op andere communicatiemiddelen is geoefend.",
        }
    }

    const fn te_doen(self) -> &'static str {
        match self {
            Self::OverdrachtOrganisatie => "Draag structuur, informatieorganisatie en functionarissen over, en leg vast wie ze overneemt.",
            Self::OverdrachtProces => {
                "Draag melding en alarmering, op- en afschaling, leiding en coördinatie en informatiemanagement over, en leg vast wie ze overneemt."
            }
            Self::OverdrachtMens => "Draag over hoe mensen vakbekwaam worden en blijven, en leg vast wie het overneemt.",
            Self::OverdrachtTechniek => "Draag LCMS, ICT-voorzieningen en fallbackprocedure over, en leg vast wie ze overneemt.",
            Self::OtoProgramma => "Neem netcentrisch werken op in het OTO-programma, en leg de dag vast waarop dat programma is vastgesteld.",
            Self::FallbackOefening => "Oefen de fallback zonder LCMS of zonder internet, en leg de dag en de bevindingen vast.",
        }
    }
}

impl Borgingsfeiten<'_> {
    /// Vóór de go-live is nog niets aan de beurt.
    fn stand(&self, laatste: Option<Datum>, uiterlijk: Option<Datum>) -> Borgingsstand {
        match uiterlijk {
            _ if self.live_sinds.is_none() => Borgingsstand::NogNiet,
            Some(dag) if dag < self.vandaag => Borgingsstand::TeLaat,
            Some(dag) if wacht_vanaf(dag) <= self.vandaag => Borgingsstand::Binnenkort,
            _ if laatste.is_some() => Borgingsstand::Gedaan,
            _ => Borgingsstand::NogNiet,
        }
    }

    /// De uiterste dag van iets dat mensen vastleggen, en of de termijn voorlopig is.
    fn termijn(&self, borging: Borging, laatste: Option<Datum>) -> (Option<Datum>, bool) {
        let Some(live_sinds) = self.live_sinds else { return (None, false) };
        if borging.is_overdracht() {
            let gepland = self.traject.planning.stappen.iter().find(|s| s.stap == STAP).map(|s| s.gereed_datum);
            match (laatste, gepland) {
                (Some(_), _) => return (None, false),
                (None, Some(dag)) => return (Some(dag), false),
                (None, None) => {}
            }
        }
        (laatste.unwrap_or(live_sinds).checked_add_months(TERMIJN), true)
    }

    fn vastgelegd(&self, borging: Borging) -> Borgingspunt {
        let moment = self.momenten.iter().find(|m| m.punt == borging && m.ingetrokken_op.is_none());
        let laatste_datum = moment.map(|m| m.gedaan_datum);
        let (uiterlijk_datum, termijn_voorlopig) = self.termijn(borging, laatste_datum);
        let status = self.stand(laatste_datum, uiterlijk_datum);
        Borgingspunt {
            code: borging.to_string(),
            omschrijving: borging.omschrijving().to_owned(),
            soort: borging.soort(),
            status,
            uiterlijk_datum,
            termijn_voorlopig,
            laatste_datum,
            bewijs: moment.map(|m| format!("/v1/trajecten/{}/borgingsmomenten/{}", self.traject.id, m.id)),
            actiehouders: actiehouders(borging.rollen()),
            te_doen: (status != Borgingsstand::Gedaan).then(|| borging.te_doen().to_owned()),
        }
    }

    fn afgenomen(&self, afname: &Jaarafname) -> Borgingspunt {
        let uiterlijk_datum = self.live_sinds.and_then(|live_sinds| afname.uiterlijk(live_sinds, self.vandaag));
        let laatste_datum = afname.laatste.map(|meting| meting.begin_datum);
        let status = self.stand(laatste_datum, uiterlijk_datum);
        Borgingspunt {
            code: format!("jaarlijkse-afname-{}", afname.code.to_lowercase()),
            omschrijving: format!("{} wordt ieder jaar afgenomen.", afname.code),
            soort: VoorwaardeSoort::Verplicht,
            status,
            uiterlijk_datum,
            termijn_voorlopig: false,
            laatste_datum,
            bewijs: afname.laatste.map(|meting| format!("/v1/afnames/{}/resultaat", meting.afname_id)),
            actiehouders: actiehouders(GAAN_OVER_AFNAMES),
            te_doen: (status != Borgingsstand::Gedaan).then(|| afname.te_doen(uiterlijk_datum, self.vandaag)),
        }
    }
}

fn actiehouders(rollen: &[Rol]) -> Vec<Actiehouder> {
    rollen.iter().map(|rol| Actiehouder { partij: Partijsoort::Crisispartner, rol: Some(rol.to_string()), persoon_id: None }).collect()
}

impl Traject {
    /// Sinds wanneer dit traject live is; `laatste` is de laatste stapovergang, die het dan live maakte.
    #[must_use]
    pub fn live_sinds(&self, laatste: Option<&Stapovergang>) -> Option<Datum> {
        (self.status == TrajectStatus::Live).then(|| vandaag(laatste.map_or(self.gewijzigd_op, |overgang| overgang.op)))
    }

    /// Weigert te borgen wat nog niet live is.
    ///
    /// # Errors
    /// `traject-niet-live`.
    pub fn is_live(&self) -> Result<(), Weigering> {
        if self.status == TrajectStatus::Live {
            return Ok(());
        }
        Err(Weigering::new("traject-niet-live", "Borgen begint na de go-live, in stap 6. Wat er dan te doen is, staat bij de borgingspunten van dit traject."))
    }

    /// Legt vast dat iets gedaan is (vraag eerst [`Self::is_live`]).
    ///
    /// # Errors
    /// Alle fouten in de velden.
    pub fn borgen(&self, id: Id, verzoek: NieuwBorgingsmoment, door: Door, nu: Moment) -> Result<(Self, Borgingsmoment), Vec<Veldfout>> {
        let mut fouten = Vec::new();
        if verzoek.gedaan_datum > vandaag(nu) {
            fouten.push(Veldfout::new("/gedaanDatum", "in-de-toekomst", "Leg vast wat gedaan is, op de dag dat het gedaan is of daarna."));
        }
        match (&verzoek.ontvanger, verzoek.punt.is_overdracht()) {
            (None, true) => fouten.push(Veldfout::new("/ontvanger", "ontvanger-verplicht", "Noem de afdeling of functie die het onderdeel overneemt.")),
            (Some(_), false) => {
                fouten.push(Veldfout::new("/ontvanger", "ontvanger-past-niet", "Alleen een overdracht heeft een ontvanger. Laat dit veld weg."))
            }
            (Some(ontvanger), true) => verplicht(&mut fouten, "/ontvanger", ontvanger),
            (None, false) => {}
        }
        let NieuwBorgingsmoment { punt, gedaan_datum, ontvanger, toelichting } = verzoek;
        let moment =
            Borgingsmoment { id, traject_id: self.id, punt, gedaan_datum, ontvanger, toelichting, op: nu, door, ingetrokken_op: None, intrekkingsreden: None };
        klaar(fouten, (self.verhoogd(nu), moment))
    }

    /// De taken die uit deze borgingspunten volgen voor deze persoon; de jaarlijkse afname heeft haar eigen taak.
    #[must_use]
    pub fn borgingstaken(&self, punten: &[Borgingspunt], voor: &Voor<'_>) -> Vec<Taak> {
        let aan_zet = |punt: &&Borgingspunt| punt.code.parse::<Borging>().is_ok_and(|borging| voor.bij(self.organisatie_id, borging.rollen()));
        let taak = |punt: &Borgingspunt| {
            let uiterlijk = punt.uiterlijk_datum.filter(|_| matches!(punt.status, Borgingsstand::Binnenkort | Borgingsstand::TeLaat))?;
            Some(Taak {
                soort: punt.code.clone(),
                titel: punt.te_doen.clone()?,
                onderwerp: format!("/v1/trajecten/{}/borgingspunten", self.id),
                organisatie_id: self.organisatie_id,
                organisatie_naam: self.organisatie_naam.clone(),
                sinds_op: begin_van(wacht_vanaf(uiterlijk)),
                uiterlijk_datum: Some(uiterlijk),
            })
        };
        punten.iter().filter(aan_zet).filter_map(taak).collect()
    }
}

impl Borgingsmoment {
    /// Trekt in wat niet klopt: het telt niet meer mee, en blijft zichtbaar.
    ///
    /// # Errors
    /// `borgingsmoment-ingetrokken`, `reden-verplicht`.
    pub fn intrekken(&self, verzoek: &BorgingsmomentIntrekking, nu: Moment) -> Result<Self, Weigering> {
        if self.ingetrokken_op.is_some() {
            return Err(Weigering::new("borgingsmoment-ingetrokken", "Dit borgingsmoment is al ingetrokken."));
        }
        if verzoek.reden.trim().is_empty() {
            return Err(Weigering::new("reden-verplicht", "Geef de reden van de intrekking."));
        }
        Ok(Self { ingetrokken_op: Some(nu), intrekkingsreden: Some(verzoek.reden.clone()), ..self.clone() })
    }
}
