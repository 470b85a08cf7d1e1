//! De registratie als stuk om te lezen en te bewaren.

use domain::organisaties::Organisatie;
use domain::registraties::{Beheerafspraken, Beheerder, Ondertekenpartij, Registratie, RegistratieStatus};
use serde_json::{Value, json};
use store::Conn;
use store::registraties::Bewaard;
use stukken::nederlands;
use stukken::pdf::{Sjabloon, maak as maak_pdf};

use super::laad;
use crate::antwoord::{Stuk, zet};
use crate::prelude::*;

/// Wat er op het blad komt.
pub(super) struct Blad {
    registratie: Registratie,
    organisatie: Organisatie,
    afspraken: Beheerafspraken,
    handtekeningen: Vec<Bewaard>,
}

/// Leest alles voor het stuk in één keer.
pub(super) fn lees(conn: &mut Conn, gate: &Gate, id: Id) -> Result<Blad, Problem> {
    let registratie = laad(conn, gate, Action::RegistratieLezen, id)?;
    let ontbreekt = || problem::fout("de grondslag van een registratie ontbreekt");
    let organisatie = store::organisaties::get(conn, registratie.organisatie_id)?.ok_or_else(ontbreekt)?;
    let afspraken = store::registraties::afspraken(conn, registratie.afspraken_id)?.ok_or_else(ontbreekt)?;
    let mut handtekeningen = store::registraties::ondertekeningen(conn, id)?;
    handtekeningen.retain(|o| registratie.ondertekeningen.iter().any(|kort| kort.id == o.id));
    Ok(Blad { registratie, organisatie, afspraken, handtekeningen })
}

/// Zet het stuk.
pub(super) async fn maak(blad: Blad, nu: Moment) -> Result<Stuk, Problem> {
    let (versie, nummer) = (blad.registratie.versie, blad.registratie.nummer);
    let bytes = zet(move || maak_pdf(Sjabloon::REGISTRATIE, &gegevens(&blad, nu), nu)).await?;
    Ok(Stuk::pdf(bytes, &format!("registratie-organisatiebeheerders-{nummer}.pdf"), Some(versie)))
}

fn gegevens(blad: &Blad, nu: Moment) -> Value {
    let r = &blad.registratie;
    let naam = |wie: Id| r.beheerders.iter().find(|b| b.persoon_id == wie).map_or_else(|| "onbekend".to_owned(), |b| b.naam.clone());
    json!({
        "kenmerk": format!("{} van {}", r.nummer, blad.organisatie.naam),
        "organisatie": blad.organisatie.naam,
        "versie": r.nummer.to_string(),
        "status": woord(r.status),
        "geldigVanaf": r.actief_op.map_or_else(|| "nog niet van kracht".to_owned(), nederlands::tijdstip),
        "gemaaktOp": nederlands::tijdstip(nu),
        "mededeling": mededeling(r),
        "inleiding": format!("{} wijst de volgende personen aan als organisatiebeheerder voor het LCMS.", blad.organisatie.naam),
        "beheerders": r.beheerders.iter().map(|b| beheerder(b, &naam)).collect::<Vec<_>>(),
        "afspraken": { "titel": blad.afspraken.titel, "versie": blad.afspraken.versie.to_string(), "artikelen": blad.afspraken.artikelen },
        "handtekeningen": blad.handtekeningen.iter().map(handtekening).collect::<Vec<_>>(),
    })
}

fn beheerder(b: &Beheerder, naam: &impl Fn(Id) -> String) -> Value {
    let bereik: Vec<&str> = std::iter::once(b.email.as_str()).chain(b.telefoon.as_deref()).collect();
    let stand = match b.verwijderd_op {
        Some(op) => format!("verwijderd op {}", nederlands::dag(domain::vandaag(op))),
        None => b.stand.to_string(),
    };
    let vervangt = b.vervanger_van.map_or_else(|| "–".to_owned(), naam);
    json!({ "naam": b.naam, "functie": b.functie.as_deref().unwrap_or("–"), "bereik": bereik, "vervangt": vervangt, "stand": stand })
}

/// Wat er op het blad over een handtekening staat, komt uit wat er getekend is en niet uit de gegevens van nu.
fn handtekening(bewaard: &Bewaard) -> Value {
    let inhoud: Value = serde_json::from_str(&bewaard.inhoud).unwrap_or_default();
    let tekst = |pad: &str| inhoud.pointer(pad).and_then(Value::as_str).unwrap_or("–").to_owned();
    let tijd = |pad: &str| tekst(pad).parse::<Moment>().map_or_else(|_| "–".to_owned(), nederlands::tijdstip);
    let middelen: Vec<&str> =
        inhoud.pointer("/ondertekening/aanmelding/amr").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let (namens, rol) = match bewaard.partij {
        Ondertekenpartij::Organisatie => ("Namens de organisatie", "tekenbevoegde"),
        Ondertekenpartij::Nipv => ("Namens NIPV", "landelijk functioneel beheer"),
    };
    json!({
        "namens": namens, "rol": rol, "naam": tekst("/ondertekening/persoon/naam"), "op": tijd("/ondertekening/op"),
        "aangemeldOp": tijd("/ondertekening/aanmelding/authTime"),
        "sterkte": format!("{} ({})", tekst("/ondertekening/aanmelding/acr"), middelen.join(", ")),
        "kenmerk": bewaard.id.to_string(),
    })
}

const fn woord(status: RegistratieStatus) -> &'static str {
    match status {
        RegistratieStatus::Concept => "Concept",
        RegistratieStatus::Ingediend => "Ter tekening bij de organisatie",
        RegistratieStatus::OndertekendOrganisatie => "Getekend door de organisatie, ter tekening bij NIPV",
        RegistratieStatus::Actief => "Van kracht",
        RegistratieStatus::Teruggegeven => "Teruggegeven met opmerkingen",
        RegistratieStatus::Vervangen => "Vervangen door een nieuwere registratie",
        RegistratieStatus::Ingetrokken => "Ingetrokken",
    }
}

fn mededeling(r: &Registratie) -> Option<String> {
    match r.status {
        RegistratieStatus::Concept => Some("Dit is een concept; er kan nog van alles aan veranderen.".to_owned()),
        RegistratieStatus::Teruggegeven => r.opmerkingen.as_ref().map(|tekst| format!("Teruggegeven met deze opmerkingen: {tekst}")),
        RegistratieStatus::Vervangen => Some("Deze registratie is vervangen en geldt niet meer.".to_owned()),
        RegistratieStatus::Ingetrokken => {
            Some(format!("Deze registratie is ingetrokken en geldt niet meer. Reden: {}", r.einde_reden.as_deref().unwrap_or("–")))
        }
        _ => None,
    }
}
