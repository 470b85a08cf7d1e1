//! Wie er in de voorbeelddienst meedoen. Allemaal verzonnen: achternaam Voorbeeld, domeinen op `.example`.

use domain::personen::Rol;

/// Een sector in de voorbeeldgegevens.
pub(super) struct SectorData {
    pub(super) code: &'static str,
    pub(super) naam: &'static str,
}

/// Een organisatie met haar mensen.
pub(super) struct OrganisatieData {
    pub(super) sleutel: &'static str,
    pub(super) naam: &'static str,
    pub(super) afkorting: &'static str,
    pub(super) sector: Option<&'static str>,
    pub(super) domein: &'static str,
    pub(super) personen: &'static [PersoonData],
}

/// Een persoon met zijn rollen; `token` is de naam van het tokenbestand.
pub(super) struct PersoonData {
    pub(super) voornaam: &'static str,
    pub(super) functie: &'static str,
    pub(super) rollen: &'static [Rol],
    pub(super) token: Option<&'static str>,
}

/// Een traject en hoe ver het is.
pub(super) struct TrajectData {
    pub(super) crisispartner: &'static str,
    pub(super) stap: i16,
    pub(super) gepauzeerd: bool,
    pub(super) aansluitvorm: Option<(&'static str, &'static str)>,
    pub(super) met_partners: bool,
}

pub(super) const NIPV: &str = "nipv";
pub(super) const IMPLEMENTATIEPARTNER: &str = "netwerkhuis";
pub(super) const ADOPTIEPARTNER: &str = "veiligheidsregio";
/// De organisatie met alle rollen van een crisispartner; haar traject staat op stap 4.
pub(super) const HOOFDROL: &str = "ziekenhuis";

pub(super) const SECTOREN: &[SectorData] = &[
    SectorData { code: "openbare-orde", naam: "Openbare orde en veiligheid" },
    SectorData { code: "water", naam: "Water en drinkwater" },
    SectorData { code: "energie", naam: "Energie" },
    SectorData { code: "telecom", naam: "ICT en telecom" },
    SectorData { code: "zorg", naam: "Zorg" },
    SectorData { code: "transport", naam: "Transport" },
    SectorData { code: "chemie", naam: "Chemie en nucleair" },
];

const fn persoon(voornaam: &'static str, functie: &'static str, rollen: &'static [Rol], token: &'static str) -> PersoonData {
    PersoonData { voornaam, functie, rollen, token: Some(token) }
}

const fn collega(voornaam: &'static str, functie: &'static str, rollen: &'static [Rol]) -> PersoonData {
    PersoonData { voornaam, functie, rollen, token: None }
}

const fn partner(
    sleutel: &'static str,
    naam: &'static str,
    afkorting: &'static str,
    sector: &'static str,
    domein: &'static str,
    personen: &'static [PersoonData],
) -> OrganisatieData {
    OrganisatieData { sleutel, naam, afkorting, sector: Some(sector), domein, personen }
}

pub(super) const ORGANISATIES: &[OrganisatieData] = &[
    OrganisatieData {
        sleutel: NIPV,
        naam: "NIPV",
        afkorting: "NIPV",
        sector: None,
        domein: "nipv.example",
        personen: &[
            persoon("Lotte", "Landelijk functioneel beheerder", &[Rol::Lfb], "lfb"),
            persoon("Bram", "Adviseur netcentrisch werken", &[Rol::Adviseur], "adviseur"),
            persoon("Noor", "Productmanager LCMS", &[Rol::ProductmanagerLcms], "productmanager-lcms"),
            persoon("Sem", "Productmanager TGV", &[Rol::ProductmanagerTgv], "productmanager-tgv"),
            collega("Saar", "Productmanager Diginetwerk", &[Rol::ProductmanagerDiginetwerk]),
        ],
    },
    OrganisatieData {
        sleutel: IMPLEMENTATIEPARTNER,
        naam: "Netwerkhuis Voorbeeld",
        afkorting: "NHV",
        sector: None,
        domein: "netwerkhuis.example",
        personen: &[persoon("Finn", "Implementatieadviseur", &[Rol::Implementatieadviseur], "implementatieadviseur")],
    },
    partner(
        ADOPTIEPARTNER,
        "Veiligheidsregio Voorbeeldstad",
        "VRV",
        "openbare-orde",
        "vrvoorbeeldstad.example",
        &[persoon("Julia", "Adoptieadviseur", &[Rol::Adoptieadviseur], "adoptieadviseur"), collega("Thijs", "Projectleider", &[Rol::Projectleider])],
    ),
    partner("waterbedrijf", "Waterbedrijf Voorbeeldmeer", "WBV", "water", "waterbedrijf.example", &[collega("Eva", "Projectleider", &[Rol::Projectleider])]),
    partner("energienet", "Energienet Voorbeeldland", "ENV", "energie", "energienet.example", &[collega("Mees", "Projectleider", &[Rol::Projectleider])]),
    partner("telecom", "Telecom Voorbeeld", "TCV", "telecom", "telecomvoorbeeld.example", &[collega("Fenna", "Projectleider", &[Rol::Projectleider])]),
    partner(
        HOOFDROL,
        "Ziekenhuis Voorbeeldveld",
        "ZHV",
        "zorg",
        "ziekenhuis.example",
        &[
            persoon("Daan", "Projectleider netcentrisch werken", &[Rol::Projectleider], "projectleider"),
            persoon("Tess", "Organisatiebeheerder", &[Rol::Organisatiebeheerder], "organisatiebeheerder"),
            persoon("Luuk", "Beheerder identiteiten", &[Rol::IdpBeheerder], "idp-beheerder"),
            persoon("Roos", "Lid raad van bestuur", &[Rol::Tekenbevoegde], "tekenbevoegde"),
            persoon("Jip", "Waarnemer oefeningen", &[Rol::Waarnemer], "waarnemer"),
            collega("Sophie", "Informatiecoördinator", &[Rol::Informatiefunctionaris]),
        ],
    ),
    partner("spoorvervoer", "Spoorvervoer Voorbeeld", "SVV", "transport", "spoorvervoer.example", &[collega("Gijs", "Projectleider", &[Rol::Projectleider])]),
    partner("chemiepark", "Chemiepark Voorbeeldhaven", "CPV", "chemie", "chemiepark.example", &[collega("Isa", "Projectleider", &[Rol::Projectleider])]),
];

const VOLLEDIG: Option<(&str, &str)> = Some(("volledig", "De organisatie deelt bij elke crisis informatie met haar partners en wil het volledige beeld."));
const GEDEELTELIJK: Option<(&str, &str)> = Some(("gedeeltelijk", "De organisatie wordt alleen bij regionale verstoringen betrokken."));

pub(super) const TRAJECTEN: &[TrajectData] = &[
    TrajectData { crisispartner: ADOPTIEPARTNER, stap: 6, gepauzeerd: false, aansluitvorm: VOLLEDIG, met_partners: true },
    TrajectData { crisispartner: "waterbedrijf", stap: 1, gepauzeerd: false, aansluitvorm: None, met_partners: false },
    TrajectData { crisispartner: "energienet", stap: 2, gepauzeerd: false, aansluitvorm: GEDEELTELIJK, met_partners: false },
    TrajectData { crisispartner: "telecom", stap: 3, gepauzeerd: false, aansluitvorm: VOLLEDIG, met_partners: true },
    TrajectData { crisispartner: HOOFDROL, stap: 4, gepauzeerd: false, aansluitvorm: VOLLEDIG, met_partners: true },
    TrajectData { crisispartner: "spoorvervoer", stap: 5, gepauzeerd: false, aansluitvorm: VOLLEDIG, met_partners: true },
    TrajectData { crisispartner: "chemiepark", stap: 2, gepauzeerd: true, aansluitvorm: GEDEELTELIJK, met_partners: false },
];
