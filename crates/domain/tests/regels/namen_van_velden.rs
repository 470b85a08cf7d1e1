//! Aan de naam van een veld is te zien of het een dag of een moment is.

use domain::audit::Auditregel;
use domain::organisaties as org;
use domain::personen as per;
use domain::referentie as refe;
use domain::registraties as reg;
use domain::toepassingen as toe;
use domain::trajecten as tra;
use serde_json::Value;
use utoipa::PartialSchema;

macro_rules! schemas {
    ($($soort:ty),+ $(,)?) => { [$((stringify!($soort), serde_json::to_value(<$soort>::schema()).unwrap())),+] };
}

fn velden(schema: &Value) -> Vec<(String, String)> {
    let velden = schema["properties"].as_object().unwrap();
    velden.iter().map(|(naam, veld)| (naam.clone(), veld["format"].as_str().unwrap_or_default().to_owned())).collect()
}

#[test]
fn een_dag_eindigt_op_datum_en_een_moment_op_op() {
    let alles = schemas![
        Auditregel,
        org::Organisatie,
        org::Certificering,
        org::NieuweCertificering,
        org::Netwerkaansluiting,
        org::NetwerkaansluitingWijziging,
        per::Persoon,
        reg::Registratie,
        reg::Beheerder,
        reg::Training,
        reg::NieuweTraining,
        reg::Beheerafspraken,
        reg::OndertekeningKort,
        domain::taken::Taak,
        domain::afnames::Afname,
        domain::afnames::NieuweAfname,
        domain::afnames::AfnameWijziging,
        domain::afnames::AfnameOvergang,
        domain::afnames::Waarnemer,
        domain::afnames::Antwoord,
        domain::afnames::NieuwAntwoord,
        domain::vragenlijsten::Vragenlijst,
        domain::vragenlijsten::NieuweVragenlijst,
        refe::Stappenplan,
        toe::Toepassing,
        toe::Geheim,
        toe::NieuwGeheim,
        tra::Traject,
        tra::Planning,
        tra::PlanningStap,
        tra::PlanningWijziging,
        tra::TrajectWijziging,
        tra::Partij,
        tra::PartijWijziging,
        tra::Activiteit,
        tra::ActiviteitWijziging,
        tra::Stapovergang,
        tra::Afwijking,
        tra::Pauzering,
        tra::Hervatting,
        tra::Beeindiging,
        tra::Heropening,
        tra::Borgingspunt,
        tra::Borgingsmoment,
        tra::NieuwBorgingsmoment,
    ];
    for (soort, schema) in &alles {
        for (veld, formaat) in velden(schema) {
            assert_eq!(formaat == "date", veld.ends_with("Datum"), "{soort}.{veld}: {formaat}");
            assert_eq!(formaat == "date-time", veld == "op" || veld.ends_with("Op"), "{soort}.{veld}: {formaat}");
        }
    }
}

#[test]
fn een_verzoek_met_een_onbekend_veld_past_niet_op_het_schema() {
    let alles = schemas![
        org::NieuweOrganisatie,
        domain::afnames::NieuweAfname,
        domain::afnames::AfnameWijziging,
        domain::afnames::NieuwAntwoord,
        domain::afnames::NieuweAntwoorden,
        domain::afnames::NieuweWaarnemer,
        domain::afnames::NieuweSluiting,
        domain::afnames::NieuweAfnameHeropening,
        domain::vragenlijsten::NieuweVragenlijst,
        org::OrganisatieWijziging,
        org::NieuweCertificering,
        org::Intrekking,
        org::NieuweNetwerkaansluiting,
        org::NetwerkaansluitingWijziging,
        per::NieuwePersoon,
        per::PersoonWijziging,
        per::Roltoekenning,
        refe::NieuweSector,
        refe::SectorWijziging,
        refe::NieuweAansluitvorm,
        refe::AansluitvormWijziging,
        refe::NieuwStappenplan,
        refe::StappenplanWijziging,
        toe::NieuweToepassing,
        toe::ToepassingWijziging,
        tra::NieuwTraject,
        tra::TrajectWijziging,
        tra::AansluitvormkeuzeWijziging,
        tra::PlanningWijziging,
        tra::NieuwePartij,
        tra::PartijWijziging,
        tra::ActiviteitWijziging,
        tra::NieuweStapovergang,
        tra::NieuweAfwijking,
        tra::NieuwePauzering,
        tra::NieuweHervatting,
        tra::NieuweBeeindiging,
        tra::NieuweHeropening,
        tra::NieuwBorgingsmoment,
        tra::BorgingsmomentIntrekking,
    ];
    for (soort, schema) in &alles {
        assert_eq!(schema["additionalProperties"], false, "{soort}");
    }
}
