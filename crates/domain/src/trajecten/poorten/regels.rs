//! De poorttabel: iedere voorwaarde van het stappenplan, en waar haar bewijs te vinden is.

use VoorwaardeSoort::{Aanbevolen, Verplicht};

use super::{Afnamefeit, Feiten, VoorwaardeSoort};
use crate::afnames::{Aanleiding, Hoedanigheid};
use crate::autorisatieplannen::Planstatus;
use crate::identiteitsproviders::IdpStatus;
use crate::organisaties::{CertificeringSoort, NetwerkSoort, NetwerkStatus};
use crate::personen::{Persoon, Rol};
use crate::registraties::{Registratie, RegistratieStatus};
use crate::trajecten::PartijRol;

/// Of er bewijs is, en zo niet wat er ontbreekt.
pub(super) enum Stand {
    Bewezen(String),
    Ontbreekt(&'static str),
}

/// Een regel van de poorttabel: code, omschrijving, weging en hoe het bewijs te vinden is.
pub(super) struct Regel {
    pub(super) stap: i16,
    pub(super) code: &'static str,
    pub(super) omschrijving: &'static str,
    pub(super) soort: VoorwaardeSoort,
    pub(super) bewijs: fn(&Feiten<'_>) -> Stand,
}

macro_rules! nog_niet_vast_te_leggen {
    ($wat:literal) => {
        |_| Stand::Ontbreekt(concat!($wat, " Dit bewijs is in deze versie nog niet vast te leggen; NIPV's adviseur kan een afwijking verlenen."))
    };
}

/// Alle voorwaarden, in de volgorde van het stappenplan.
pub(super) static REGELS: &[Regel] = &[
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

/// Wie bij de crisispartner deze rol heeft en daarmee mag werken.
fn met_rol<'a>(feiten: &'a Feiten<'_>, rol: Rol) -> impl Iterator<Item = &'a Persoon> {
    feiten.personen.iter().filter(move |p| p.organisatie_id == feiten.traject.organisatie_id && p.rollen.contains(&rol) && p.is_aan_te_wijzen())
}

fn projectleider(feiten: &Feiten<'_>) -> Stand {
    match met_rol(feiten, Rol::Projectleider).next() {
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
    let van_kracht = |r: &&Registratie| r.organisatie_id == feiten.traject.organisatie_id && r.status == RegistratieStatus::Actief;
    // Wie de rol niet meer heeft of niet meer mag werken, beheert niets, ook al staat hij nog in het formulier.
    let iemand_beheert = |r: &Registratie| met_rol(feiten, Rol::Organisatiebeheerder).any(|p| r.zittend(p.id).is_some());
    match feiten.registratie.filter(van_kracht) {
        Some(r) if iemand_beheert(r) => Stand::Bewezen(format!("/v1/organisatiebeheerder-registraties/{}", r.id)),
        Some(_) => Stand::Ontbreekt(
            "De registratie organisatiebeheerders is van kracht, maar niemand die erin staat is nog organisatiebeheerder en mag werken. Maak een nieuwe versie van de registratie met beheerders die mogen werken.",
        ),
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
