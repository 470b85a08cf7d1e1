//! Poorten: wat er moet zijn voor een volgende stap. Altijd berekend, nooit ingevuld.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Afwijking, PartijRol, Traject};
use crate::afnames::{Aanleiding, Hoedanigheid};
use crate::autorisatieplannen::{Autorisatieplan, Planstatus};
use crate::identiteitsproviders::{Identiteitsprovider, IdpStatus};
use crate::keuze::keuze;
use crate::organisaties::{Certificering, CertificeringSoort, NetwerkSoort, NetwerkStatus, Netwerkaansluiting};
use crate::personen::{Persoon, PersoonStatus, Rol};
use crate::registraties::{Registratie, RegistratieStatus};
use crate::{Datum, Id, Ontbrekend};

keuze! {
    /// Hoe zwaar een voorwaarde weegt.
    VoorwaardeSoort { /// De bron zegt 'moet': houdt tegen.
        Verplicht = "verplicht", /// De bron raadt aan: waarschuwt alleen.
        Aanbevolen = "aanbevolen" }
}

/// Een voorwaarde van een poort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Voorwaarde {
    /// Code.
    #[schema(example = "implementatiepartner-gecertificeerd")]
    pub code: String,
    /// Wat er moet zijn.
    #[schema(example = "Een implementatiepartner met een geldige certificering is betrokken.")]
    pub omschrijving: String,
    /// Weging.
    pub soort: VoorwaardeSoort,
    /// Of het er is.
    pub voldaan: bool,
    /// De afwijking die NIPV hiervoor verleende.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub afwijking_id: Option<Id>,
    /// Verwijzing naar het bewijs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/trajecten/0190f3a0-0000-7000-8000-000000000001/partijen")]
    pub bewijs: Option<String>,
    /// Wat er ontbreekt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ontbreekt: Option<String>,
}

/// De poort na een stap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Poort {
    /// De stap die men verlaat.
    #[schema(minimum = 1, maximum = 6, example = 3)]
    pub stap: i16,
    /// Titel.
    #[schema(example = "Van Uitwerken project naar Implementeren")]
    pub titel: String,
    /// Of de poort open staat: iedere verplichte voorwaarde is voldaan of kent een afwijking.
    pub open: bool,
    /// De voorwaarden.
    pub voorwaarden: Vec<Voorwaarde>,
}

/// De feiten waaruit poorten volgen; de aanroeper leest ze in dezelfde transactie.
#[derive(Clone, Debug)]
pub struct Feiten<'a> {
    /// Het traject.
    pub traject: &'a Traject,
    /// De dag waarop geoordeeld wordt.
    pub vandaag: Datum,
    /// Personen van de crisispartner die mogen werken of uitgenodigd zijn.
    pub personen: &'a [Persoon],
    /// Certificeringen van de implementatiepartner van dit traject.
    pub certificeringen: &'a [Certificering],
    /// Netwerkaansluitingen van de crisispartner.
    pub netwerkaansluitingen: &'a [Netwerkaansluiting],
    /// De registratie van organisatiebeheerders die van kracht is.
    pub registratie: Option<&'a Registratie>,
    /// Identiteitsproviders van de crisispartner.
    pub identiteitsproviders: &'a [Identiteitsprovider],
    /// Autorisatieplannen van de crisispartner die niet vervangen of ingetrokken zijn.
    pub autorisatieplannen: &'a [Autorisatieplan],
    /// Verleende afwijkingen.
    pub afwijkingen: &'a [Afwijking],
    /// Afnames van vragenlijsten bij dit traject.
    pub afnames: &'a [Afnamefeit],
}

/// Een afname bij het traject, met namens wie er is waargenomen en ingediend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Afnamefeit {
    /// De afname.
    pub id: Id,
    /// Code van de vragenlijst.
    pub vragenlijst_code: String,
    /// Aanleiding.
    pub aanleiding: Aanleiding,
    /// Of zij gesloten is.
    pub gesloten: bool,
    /// Namens wie waarnemers meetellen.
    pub waarnemers: Vec<Hoedanigheid>,
}

impl<'a> Feiten<'a> {
    /// Alleen het traject, zonder verder bewijs; vul aan met `Feiten { personen, ..Feiten::van(traject, vandaag) }`.
    #[must_use]
    pub const fn van(traject: &'a Traject, vandaag: Datum) -> Self {
        Self {
            traject,
            vandaag,
            personen: &[],
            certificeringen: &[],
            netwerkaansluitingen: &[],
            registratie: None,
            identiteitsproviders: &[],
            autorisatieplannen: &[],
            afwijkingen: &[],
            afnames: &[],
        }
    }
}

/// Of er bewijs is, en zo niet wat er ontbreekt.
enum Stand {
    Bewezen(String),
    Ontbreekt(&'static str),
}

/// Een regel van de poorttabel: code, omschrijving, weging en hoe het bewijs te vinden is.
struct Regel {
    stap: i16,
    code: &'static str,
    omschrijving: &'static str,
    soort: VoorwaardeSoort,
    bewijs: fn(&Feiten<'_>) -> Stand,
}

macro_rules! nog_niet_vast_te_leggen {
    ($wat:literal) => {
        |_| Stand::Ontbreekt(concat!($wat, " Dit bewijs is in deze versie nog niet vast te leggen; NIPV's adviseur kan een afwijking verlenen."))
    };
}

use VoorwaardeSoort::{Aanbevolen, Verplicht};

/// Alle voorwaarden, in de volgorde van het stappenplan.
static REGELS: &[Regel] = &[
    Regel {
        stap: 1,
        code: "verkenning-conclusie",
        omschrijving: "De verkenning beschrijft knelpunten en doel en concludeert dat de netcentrische werkwijze meerwaarde heeft.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("De verkenning met conclusie ontbreekt."),
    },
    Regel {
        stap: 1,
        code: "nulmeting-gehouden",
        omschrijving: "Er is een nulmeting gehouden.",
        soort: Aanbevolen,
        bewijs: nog_niet_vast_te_leggen!("Een nulmeting ontbreekt."),
    },
    Regel {
        stap: 1,
        code: "demonstratie-gegeven",
        omschrijving: "De werkwijze is uitgelegd en het LCMS is gedemonstreerd.",
        soort: Aanbevolen,
        bewijs: nog_niet_vast_te_leggen!("Een demonstratie ontbreekt."),
    },
    Regel {
        stap: 1,
        code: "commitment-per-niveau",
        omschrijving: "Op ieder niveau is commitment uitgesproken.",
        soort: Aanbevolen,
        bewijs: nog_niet_vast_te_leggen!("Commitment per niveau ontbreekt."),
    },
    Regel { stap: 2, code: "aansluitvorm-gekozen", omschrijving: "Een aansluitvorm is gekozen en gemotiveerd.", soort: Verplicht, bewijs: aansluitvorm },
    Regel {
        stap: 3,
        code: "projectleider-aangewezen",
        omschrijving: "De interne projectorganisatie heeft ten minste een projectleider.",
        soort: Verplicht,
        bewijs: projectleider,
    },
    Regel {
        stap: 3,
        code: "implementatiepartner-gecertificeerd",
        omschrijving: "Een implementatiepartner met een vandaag geldige certificering is betrokken.",
        soort: Verplicht,
        bewijs: implementatiepartner,
    },
    Regel {
        stap: 3,
        code: "plan-van-aanpak-vastgesteld",
        omschrijving: "Het plan van aanpak is vastgesteld en beantwoordt alle acht vragen.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("Een vastgesteld plan van aanpak ontbreekt."),
    },
    Regel {
        stap: 4,
        code: "blauwdruk-vastgesteld",
        omschrijving: "De blauwdruk is vastgesteld in alle vier de onderdelen.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("Een vastgestelde blauwdruk ontbreekt."),
    },
    Regel {
        stap: 4,
        code: "blauwdruk-gepresenteerd",
        omschrijving: "De blauwdruk is in het Netwerk Netcentrisch Werken gepresenteerd met als uitkomst akkoord.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("Een presentatie met akkoord ontbreekt."),
    },
    Regel {
        stap: 4,
        code: "dienstverleningsovereenkomst-getekend",
        omschrijving: "De dienstverleningsovereenkomst is door beide partijen getekend.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("Een getekende dienstverleningsovereenkomst ontbreekt."),
    },
    Regel {
        stap: 4,
        code: "registratie-organisatiebeheerders-actief",
        omschrijving: "De registratie organisatiebeheerders is actief.",
        soort: Verplicht,
        bewijs: registratie,
    },
    Regel {
        stap: 4,
        code: "autorisatieplan-vastgesteld",
        omschrijving: "Het autorisatieplan is vastgesteld.",
        soort: Verplicht,
        bewijs: autorisatieplan_vastgesteld,
    },
    Regel {
        stap: 4,
        code: "toegang-tgv-geregeld",
        omschrijving: "De federatie met de TGV is actief, of gastaccounts zijn afgesproken.",
        soort: Verplicht,
        bewijs: toegang_tgv,
    },
    Regel {
        stap: 4,
        code: "fallbackprocedure-vastgelegd",
        omschrijving: "De fallbackprocedure is vastgelegd.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("De fallbackprocedure ontbreekt."),
    },
    Regel {
        stap: 4,
        code: "functioneel-beheerplan-vastgelegd",
        omschrijving: "Het functioneel beheerplan is vastgelegd.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("Het functioneel beheerplan ontbreekt."),
    },
    Regel {
        stap: 4,
        code: "verwerkingsovereenkomst-vastgelegd",
        omschrijving: "De verwerkingsovereenkomst is vastgelegd.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("De verwerkingsovereenkomst ontbreekt."),
    },
    Regel {
        stap: 4,
        code: "besloten-netwerk",
        omschrijving: "Het LCMS is ook over een besloten netwerk bereikbaar.",
        soort: Aanbevolen,
        bewijs: besloten_netwerk,
    },
    Regel {
        stap: 5,
        code: "autorisatieplan-uitgevoerd",
        omschrijving: "Het autorisatieplan is uitgevoerd.",
        soort: Verplicht,
        bewijs: autorisatieplan_uitgevoerd,
    },
    Regel {
        stap: 5,
        code: "opleidingen-gevolgd",
        omschrijving: "De opleidingen van de drie groepen van Bijlage 1 zijn gevolgd.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("Opleidingen ontbreken."),
    },
    Regel {
        stap: 5,
        code: "go-live-oefening-gehouden",
        omschrijving: "De go-live oefening is gehouden met waarnemers van de adoptiepartner en NIPV.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("Een go-live oefening met waarnemers ontbreekt."),
    },
    Regel {
        stap: 5,
        code: "vragenlijst-3-gesloten",
        omschrijving: "De afname van vragenlijst 3 bij die oefening is gesloten.",
        soort: Verplicht,
        bewijs: vragenlijst_3,
    },
    Regel {
        stap: 5,
        code: "rapportage-gepubliceerd",
        omschrijving: "De go-live rapportage van NIPV is gepubliceerd.",
        soort: Verplicht,
        bewijs: nog_niet_vast_te_leggen!("De go-live rapportage ontbreekt."),
    },
    Regel { stap: 5, code: "adoptiepartner-betrokken", omschrijving: "Een adoptiepartner is betrokken.", soort: Aanbevolen, bewijs: adoptiepartner },
    Regel {
        stap: 5,
        code: "vragenlijst-1-doorgenomen",
        omschrijving: "Vragenlijst 1 is rond de go-live doorgenomen.",
        soort: Aanbevolen,
        bewijs: vragenlijst_1,
    },
];

fn aansluitvorm(feiten: &Feiten<'_>) -> Stand {
    match &feiten.traject.aansluitvorm {
        Some(_) => Stand::Bewezen(format!("/v1/trajecten/{}", feiten.traject.id)),
        None => Stand::Ontbreekt("Kies een aansluitvorm en motiveer die keuze bij het traject."),
    }
}

fn projectleider(feiten: &Feiten<'_>) -> Stand {
    let telt_mee = |p: &&Persoon| {
        p.organisatie_id == feiten.traject.organisatie_id
            && p.rollen.contains(&Rol::Projectleider)
            && matches!(p.status, PersoonStatus::Actief | PersoonStatus::Uitgenodigd)
    };
    match feiten.personen.iter().find(telt_mee) {
        Some(p) => Stand::Bewezen(format!("/v1/personen/{}", p.id)),
        None => Stand::Ontbreekt("Geef iemand van de organisatie de rol projectleider."),
    }
}

fn implementatiepartner(feiten: &Feiten<'_>) -> Stand {
    let Some(partij) = feiten.traject.actieve_partij(PartijRol::Implementatiepartner, feiten.vandaag) else {
        return Stand::Ontbreekt("Betrek een gecertificeerde implementatiepartner bij het traject.");
    };
    let geldig = feiten
        .certificeringen
        .iter()
        .any(|c| c.organisatie_id == partij.organisatie_id && c.soort == CertificeringSoort::Implementatiepartner && c.geldig_op(feiten.vandaag));
    if geldig {
        Stand::Bewezen(format!("/v1/organisaties/{}/certificeringen", partij.organisatie_id))
    } else {
        Stand::Ontbreekt("De certificering van de implementatiepartner is vandaag niet geldig. Vraag NIPV haar te verlengen of kies een andere partner.")
    }
}

fn besloten_netwerk(feiten: &Feiten<'_>) -> Stand {
    let besloten = feiten
        .netwerkaansluitingen
        .iter()
        .any(|n| n.organisatie_id == feiten.traject.organisatie_id && n.soort != NetwerkSoort::Internet && n.status == NetwerkStatus::Actief);
    if besloten {
        Stand::Bewezen(format!("/v1/organisaties/{}/netwerkaansluitingen", feiten.traject.organisatie_id))
    } else {
        Stand::Ontbreekt("Bespreek met NIPV een aansluiting op het ICT-Verkeersplein of Diginetwerk.")
    }
}

fn registratie(feiten: &Feiten<'_>) -> Stand {
    let van_kracht =
        |r: &&Registratie| r.organisatie_id == feiten.traject.organisatie_id && r.status == RegistratieStatus::Actief && r.zittende().next().is_some();
    match feiten.registratie.filter(van_kracht) {
        Some(r) => Stand::Bewezen(format!("/v1/organisatiebeheerder-registraties/{}", r.id)),
        None => Stand::Ontbreekt("Laat de registratie organisatiebeheerders door een tekenbevoegde van de organisatie en door NIPV ondertekenen."),
    }
}

fn toegang_tgv(feiten: &Feiten<'_>) -> Stand {
    let actief = feiten.identiteitsproviders.iter().find(|idp| idp.organisatie_id == feiten.traject.organisatie_id && idp.status == IdpStatus::Actief);
    match actief {
        Some(idp) => Stand::Bewezen(format!("/v1/identiteitsproviders/{}", idp.id)),
        None => Stand::Ontbreekt(
            "Een actieve federatie ontbreekt: laat de IdP-beheerder de aanmelddienst registreren, testen en activeren. Een afspraak over gastaccounts is in deze versie nog niet vast te leggen; NIPV's adviseur kan een afwijking verlenen.",
        ),
    }
}

/// Het nieuwste plan van de crisispartner dat zover is.
fn autorisatieplan(feiten: &Feiten<'_>, zover: impl Fn(Planstatus) -> bool) -> Option<String> {
    let van_haar = feiten.autorisatieplannen.iter().filter(|p| p.organisatie_id == feiten.traject.organisatie_id && zover(p.status));
    van_haar.max_by_key(|p| p.volgnummer).map(|p| format!("/v1/autorisatieplannen/{}", p.id))
}

fn autorisatieplan_vastgesteld(feiten: &Feiten<'_>) -> Stand {
    match autorisatieplan(feiten, Planstatus::is_vastgesteld) {
        Some(bewijs) => Stand::Bewezen(bewijs),
        None => Stand::Ontbreekt("Dien het autorisatieplan in bij LFB en laat de projectleider of een tekenbevoegde het na akkoord vaststellen."),
    }
}

fn autorisatieplan_uitgevoerd(feiten: &Feiten<'_>) -> Stand {
    match autorisatieplan(feiten, |status| status == Planstatus::Uitgevoerd) {
        Some(bewijs) => Stand::Bewezen(bewijs),
        None => {
            Stand::Ontbreekt("Voer alle regels van het vastgestelde autorisatieplan uit: LFB de inrichting, de organisatiebeheerder profielen en gebruikers.")
        }
    }
}

fn adoptiepartner(feiten: &Feiten<'_>) -> Stand {
    match feiten.traject.actieve_partij(PartijRol::Adoptiepartner, feiten.vandaag) {
        Some(_) => Stand::Bewezen(format!("/v1/trajecten/{}/partijen", feiten.traject.id)),
        None => Stand::Ontbreekt("Betrek een adoptiepartner die al live is."),
    }
}

/// De go-live oefening is alleen bewijs als adoptiepartner en NIPV er zelf hebben waargenomen (stap 5).
fn vragenlijst_3(feiten: &Feiten<'_>) -> Stand {
    let bij_go_live: Vec<&Afnamefeit> = feiten.afnames.iter().filter(|a| a.vragenlijst_code == "SNW-3" && a.aanleiding == Aanleiding::GoLive).collect();
    let gesloten: Vec<&&Afnamefeit> = bij_go_live.iter().filter(|a| a.gesloten).collect();
    let met = |a: &Afnamefeit, wie| a.waarnemers.contains(&wie);
    match gesloten.iter().find(|a| met(a, Hoedanigheid::Adoptiepartner) && met(a, Hoedanigheid::Nipv)) {
        Some(afname) => Stand::Bewezen(format!("/v1/afnames/{}/resultaat", afname.id)),
        None if bij_go_live.is_empty() => Stand::Ontbreekt("Neem vragenlijst 3 af bij de go-live oefening, met waarnemers van de adoptiepartner en NIPV."),
        None if gesloten.is_empty() => Stand::Ontbreekt("Sluit de afname van vragenlijst 3 van de go-live oefening."),
        None if gesloten.iter().any(|a| met(a, Hoedanigheid::Nipv)) => {
            Stand::Ontbreekt("In de gesloten afname van vragenlijst 3 ontbreekt een waarnemer van de adoptiepartner.")
        }
        None => Stand::Ontbreekt("In de gesloten afname van vragenlijst 3 ontbreekt een waarnemer van NIPV."),
    }
}

fn vragenlijst_1(feiten: &Feiten<'_>) -> Stand {
    match feiten.afnames.iter().find(|a| a.vragenlijst_code == "SNW-1" && a.gesloten) {
        Some(afname) => Stand::Bewezen(format!("/v1/afnames/{}/resultaat", afname.id)),
        None => Stand::Ontbreekt("Neem vragenlijst 1 af en sluit die afname."),
    }
}

/// De codes van alle voorwaarden van een stap.
#[must_use]
pub fn codes(stap: i16) -> Vec<&'static str> {
    REGELS.iter().filter(|r| r.stap == stap).map(|r| r.code).collect()
}

/// Berekent de poort na een stap.
#[must_use]
pub fn poort(stap: i16, feiten: &Feiten<'_>) -> Poort {
    let voorwaarden: Vec<Voorwaarde> = REGELS
        .iter()
        .filter(|r| r.stap == stap)
        .map(|regel| {
            let (voldaan, bewijs, ontbreekt) = match (regel.bewijs)(feiten) {
                Stand::Bewezen(bewijs) => (true, Some(bewijs), None),
                Stand::Ontbreekt(wat) => (false, None, Some(wat.to_owned())),
            };
            Voorwaarde {
                code: regel.code.to_owned(),
                omschrijving: regel.omschrijving.to_owned(),
                soort: regel.soort,
                voldaan,
                afwijking_id: feiten.afwijkingen.iter().find(|a| a.traject_id == feiten.traject.id && a.voorwaarde == regel.code).map(|a| a.id),
                bewijs,
                ontbreekt,
            }
        })
        .collect();
    let titel = match stap {
        1 => "Van Verkennen naar Ambitie",
        2 => "Van Ambitie naar Uitwerken project",
        3 => "Van Uitwerken project naar Implementeren",
        4 => "Van Implementeren naar Toewerken naar Go-live moment",
        5 => "Van Toewerken naar Go-live moment naar Stay-live",
        _ => "Stay-live eindigt niet",
    };
    let open = stap < 6 && voorwaarden.iter().all(Voorwaarde::laat_door);
    Poort { stap, titel: titel.to_owned(), open, voorwaarden }
}

impl Voorwaarde {
    /// Of deze voorwaarde de poort niet tegenhoudt.
    #[must_use]
    pub fn laat_door(&self) -> bool {
        self.soort == Aanbevolen || self.voldaan || self.afwijking_id.is_some()
    }
}

impl Poort {
    /// Wat de poort tegenhoudt.
    #[must_use]
    pub fn ontbreekt(&self) -> Vec<Ontbrekend> {
        self.voorwaarden
            .iter()
            .filter(|v| !v.laat_door())
            .map(|v| Ontbrekend { code: v.code.clone(), omschrijving: v.ontbreekt.clone().unwrap_or_else(|| v.omschrijving.clone()) })
            .collect()
    }
}
