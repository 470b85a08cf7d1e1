//! Het begin van elke opslag: NIPV, haar eerste landelijk functioneel beheerder en de referentiegegevens uit het stappenplan.

use chrono::DateTime;
use domain::audit::Door;
use domain::organisaties::{Aansluitstatus, Organisatie, OrganisatieSoort};
use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::referentie::{Aansluitvorm, NieuwStappenplan, NieuweAansluitvorm, Stappenplan, Stappenplaninhoud};
use domain::vragenlijsten::{NieuweVragenlijst, Vragenlijst};
use domain::{Clock, Id, Rng, nieuw_id};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Actor, Change, Store, StoreError, Tx};

use crate::{Stop, wiring};

/// Het stappenplan dat met het programma meekomt.
const STAPPENPLAN: &str = include_str!("../../../data/stappenplan-2026.json");

/// Vragenlijst 3 (Bijlage 3), met de voorlopige antwoordschaal.
const VRAGENLIJST_3: &str = include_str!("../../../data/vragenlijst-3.json");

/// De aansluitvormen die de bron noemt; NIPV beheert ze verder zelf.
const AANSLUITVORMEN: [(&str, &str, &str); 2] = [
    ("volledig", "Volledige aansluiting", "De hele organisatie werkt netcentrisch, met eigen gebruikers en een eigen inrichting."),
    ("gedeeltelijk", "Gedeeltelijke aansluiting", "Een deel van de organisatie werkt netcentrisch, of alleen bij bepaalde crises."),
];

/// De eerste beheerder en hoe die aanmeldt.
#[derive(Debug, Clone)]
pub(crate) struct Beheerder {
    pub(crate) naam: String,
    pub(crate) email: String,
    pub(crate) issuer: String,
    /// De sub bij die uitgever; `None` koppelt niets (de eigen uitgever gebruikt het id van de persoon).
    pub(crate) sub: Option<String>,
}

/// Legt de grondslag in een lege opslag, in één transactie.
///
/// # Errors
/// Als NIPV al bestaat, of de gegevens niet kloppen.
pub(crate) async fn lay(store: &Store, clock: &Clock, rng: &Rng, beheerder: &Beheerder) -> Result<(Organisatie, Persoon), Stop> {
    let bestaat = store.read(store::organisaties::nipv).await.map_err(|cause| wiring::store_stop(&cause))?;
    if bestaat.is_some() {
        return Err(Stop::fault("Deze opslag is al ingericht: NIPV bestaat. Laat de huidige beheerder (LFB) nieuwe beheerders aanmaken met de API."));
    }
    let nu = clock.now();
    let nipv = nipv(nieuw_id(nu, rng), &beheerder.email, nu);
    let persoon = eerste(nieuw_id(nu, rng), &nipv, beheerder, nu)?;
    let (concept, plan) = plan(nieuw_id(nu, rng), nu)?;
    let vormen = vormen()?;
    let (lijst_concept, lijst) = vragenlijst(nieuw_id(nu, rng), nu)?;
    let identiteit = beheerder.sub.clone().map(|sub| (beheerder.issuer.clone(), sub));
    let (organisatie, lfb) = (nipv.clone(), persoon.clone());
    store
        .write(Actor::default(), nu, None, move |tx| -> Result<(), StoreError> {
            store::organisaties::insert(tx, &organisatie)?;
            tx.record(created("organisatie", &organisatie.id.to_string(), None, Some(organisatie.id), &organisatie)?)?;
            store::personen::insert(tx, &lfb)?;
            tx.record(created("persoon", &lfb.id.to_string(), None, Some(organisatie.id), &lfb)?)?;
            if let Some((issuer, sub)) = &identiteit {
                store::personen::koppel(tx, issuer, sub, lfb.id)?;
            }
            store::vragenlijsten::insert(tx, &lijst_concept)?;
            tx.record(created("vragenlijst", &lijst.id.to_string(), None, None, &lijst_concept)?)?;
            store::vragenlijsten::update(tx, &lijst, lijst_concept.versie)?;
            tx.record(changed("vragenlijst.gepubliceerd", "vragenlijst", &lijst.id.to_string(), None, None, &lijst_concept, &lijst)?)?;
            reference(tx, &vormen, &concept, &plan)
        })
        .await
        .map_err(|cause: StoreError| wiring::store_stop(&cause))?;
    Ok((nipv, persoon))
}

fn reference(tx: &mut Tx<'_>, vormen: &[Aansluitvorm], concept: &Stappenplan, plan: &Stappenplan) -> Result<(), StoreError> {
    for vorm in vormen {
        store::referentie::insert_aansluitvorm(tx, vorm)?;
        tx.record(created("aansluitvorm", &vorm.code, None, None, vorm)?)?;
    }
    store::referentie::insert_stappenplan(tx, concept)?;
    tx.record(created("stappenplan", &concept.id.to_string(), None, None, concept)?)?;
    store::referentie::update_stappenplan(tx, plan, concept.versie)?;
    tx.record(changed("stappenplan.gepubliceerd", "stappenplan", &plan.id.to_string(), None, None, concept, plan)?)
}

fn nipv(id: Id, email: &str, nu: DateTime<chrono::Utc>) -> Organisatie {
    let domein = email.split_once('@').map(|(_, domein)| domein.to_lowercase());
    Organisatie {
        id,
        naam: "Nederlands Instituut Publieke Veiligheid".to_owned(),
        afkorting: Some("NIPV".to_owned()),
        oin: None,
        soort: OrganisatieSoort::Nipv,
        sector_code: None,
        emaildomeinen: domein.into_iter().collect(),
        aansluitstatus: Aansluitstatus::Geen,
        onderdeel_van: None,
        aanmaken_bij_eerste_aanmelding: false,
        aangemaakt_op: nu,
        gewijzigd_op: nu,
        versie: 1,
    }
}

fn eerste(id: Id, nipv: &Organisatie, beheerder: &Beheerder, nu: DateTime<chrono::Utc>) -> Result<Persoon, Stop> {
    let nieuw = NieuwePersoon {
        organisatie_id: nipv.id,
        naam: beheerder.naam.clone(),
        email: beheerder.email.clone(),
        telefoon: None,
        functie: Some("Landelijk functioneel beheerder".to_owned()),
        rollen: vec![Rol::Lfb],
    };
    let persoon = nieuw.maak(id, nu).map_err(|fouten| {
        let list: Vec<_> = fouten.iter().map(|fout| format!("{}: {}", fout.location.trim_start_matches('/'), fout.detail)).collect();
        Stop::config(format!("De eerste beheerder is zo niet aan te maken ({}).", list.join(" ")))
    })?;
    // Wie hier wordt aangemaakt, is door de beheerder van de machine zelf aangewezen.
    Ok(Persoon { versie: 1, ..persoon.activeren(nu) })
}

/// Het meegeleverde stappenplan als concept en als gepubliceerde versie.
fn plan(id: Id, nu: DateTime<chrono::Utc>) -> Result<(Stappenplan, Stappenplan), Stop> {
    #[derive(Deserialize)]
    struct Bestand {
        versie: String,
        titel: String,
        fasen: Value,
        processchema: Value,
        techniekacties: Value,
    }
    let broken = |cause: &dyn std::fmt::Display| Stop::fault(format!("Het meegeleverde stappenplan is beschadigd ({cause})."));
    let bestand: Bestand = serde_json::from_str(STAPPENPLAN).map_err(|cause| broken(&cause))?;
    let inhoud: Stappenplaninhoud = serde_json::from_value(serde_json::json!({
        "fasen": bestand.fasen, "processchema": bestand.processchema, "techniekacties": bestand.techniekacties,
    }))
    .map_err(|cause| broken(&cause))?;
    let nieuw = NieuwStappenplan { code: bestand.versie, titel: bestand.titel, inhoud };
    let concept = nieuw.maak(id, nu).map_err(|fouten| broken(&format!("{fouten:?}")))?;
    let gepubliceerd = concept.publiceren(nu).map_err(|weigering| broken(&weigering))?;
    Ok((concept, gepubliceerd))
}

/// De meegeleverde vragenlijst 3 als concept en als gepubliceerde uitgave.
fn vragenlijst(id: Id, nu: DateTime<chrono::Utc>) -> Result<(Vragenlijst, Vragenlijst), Stop> {
    let broken = |cause: &dyn std::fmt::Display| Stop::fault(format!("De meegeleverde vragenlijst is beschadigd ({cause})."));
    let inhoud: NieuweVragenlijst = serde_json::from_str(VRAGENLIJST_3).map_err(|cause| broken(&cause))?;
    let concept = inhoud.maak(id, None, nu).map_err(|fouten| broken(&format!("{fouten:?}")))?;
    let gepubliceerd = concept.publiceren(nu).map_err(|weigering| broken(&weigering))?;
    Ok((concept, gepubliceerd))
}

fn vormen() -> Result<Vec<Aansluitvorm>, Stop> {
    AANSLUITVORMEN
        .map(|(code, naam, omschrijving)| NieuweAansluitvorm { code: code.to_owned(), naam: naam.to_owned(), omschrijving: omschrijving.to_owned() }.maak())
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|fouten| Stop::fault(format!("De meegeleverde aansluitvormen zijn beschadigd ({fouten:?}).")))
}

/// Een persoon als dader.
pub(crate) fn door(persoon: &Persoon) -> Door {
    Door { persoon_id: Some(persoon.id), toepassing_id: None, organisatie_id: Some(persoon.organisatie_id) }
}

/// Wat de audit bewaart: van een persoon niet wie het is, zodat verwijderen later ook echt verwijderen is.
fn spoor<T: Serialize>(soort: &str, waarde: &T) -> Result<Value, StoreError> {
    let mut waarde = serde_json::to_value(waarde)?;
    if let (Value::Object(velden), "persoon") = (&mut waarde, soort) {
        velden.retain(|veld, _| ["organisatieId", "rollen", "status", "versie"].contains(&veld.as_str()));
    }
    Ok(waarde)
}

/// De auditregel van iets nieuws.
pub(crate) fn created<T: Serialize>(soort: &'static str, id: &str, traject: Option<Id>, organisatie: Option<Id>, na: &T) -> Result<Change, StoreError> {
    let handeling = match soort {
        "organisatie" => "organisatie.aangemaakt",
        "persoon" => "persoon.geregistreerd",
        "sector" => "sector.toegevoegd",
        "aansluitvorm" => "aansluitvorm.toegevoegd",
        "stappenplan" => "stappenplan.begonnen",
        "certificering" => "certificering.verleend",
        "toepassing" => "toepassing.geregistreerd",
        "vragenlijst" => "vragenlijst.begonnen",
        _ => "traject.begonnen",
    };
    Ok(Change {
        handeling,
        onderwerp_soort: soort,
        onderwerp_id: id.to_owned(),
        traject_id: traject,
        organisatie_id: organisatie,
        voor: None,
        na: Some(spoor(soort, na)?),
    })
}

/// De auditregel van een wijziging.
pub(crate) fn changed<T: Serialize>(
    handeling: &'static str,
    soort: &'static str,
    id: &str,
    traject: Option<Id>,
    organisatie: Option<Id>,
    voor: &T,
    na: &T,
) -> Result<Change, StoreError> {
    Ok(Change { handeling, voor: Some(spoor(soort, voor)?), ..created(soort, id, traject, organisatie, na)? })
}
