//! Het beleid als tabel: iedere handeling, iedere rol, in iedere verhouding.

use std::fmt::Write;

use domain::personen::Rol;

use super::{Action, Beleid, Handelaar, Relaties};

/// De verhoudingen met hun letter in de tabel.
const LETTERS: [(Relaties, char); 7] = [
    (Relaties::GEEN, 'o'),
    (Relaties::NIPV, 'N'),
    (Relaties::EIGEN, 'E'),
    (Relaties::CRISISPARTNER, 'C'),
    (Relaties::IMPLEMENTATIEPARTNER, 'I'),
    (Relaties::ADOPTIEPARTNER, 'A'),
    (Relaties::CONTACTPERSOON, 'P'),
];

/// Of een rol in deze verhouding kan voorkomen: NIPV-rollen alleen bij NIPV, en andersom.
fn kan_voorkomen(rol: Option<Rol>, relatie: Relaties) -> bool {
    match rol {
        Some(rol) if rol.is_van_nipv() => relatie == Relaties::NIPV || relatie == Relaties::GEEN,
        Some(Rol::Waarnemer) => true,
        _ => relatie != Relaties::NIPV,
    }
}

fn cel(beleid: &Beleid, actie: Action, wie: Handelaar, rol: Option<Rol>) -> String {
    let letters: String = LETTERS.iter().filter(|(relatie, _)| kan_voorkomen(rol, *relatie) && beleid.mag(actie, wie, *relatie, "")).map(|(_, letter)| *letter).collect();
    if letters.contains('o') { "●".to_owned() } else if letters.is_empty() { "·".to_owned() } else { letters }
}

/// De hele tabel als Markdown.
#[must_use]
pub fn matrix(beleid: &Beleid) -> String {
    let mut tekst = String::from("# Wie mag wat\n\nGemaakt uit het beleid (`crates/api/policies/aansluitloket.cedar`); een proef bewaakt dat deze tabel klopt.\n\n");
    tekst.push_str("● altijd · nooit · N bij NIPV · E eigen organisatie · C crisispartner, I implementatiepartner, A adoptiepartner van het traject · \
P contactpersoon van een traject waarbij de eigen organisatie betrokken is.\n");
    tekst.push_str("Niemand beheert de eigen gegevens of rollen. Een beëindigd traject laat geen activiteiten meer wijzigen.\n\n| handeling |");
    for rol in Rol::ALLE {
        let _ = write!(tekst, " {rol} |");
    }
    tekst.push_str(" (geen rol) | toepassing |\n|---|");
    tekst.push_str(&"---|".repeat(Rol::ALLE.len() + 2));
    tekst.push('\n');
    for actie in Action::ALLE {
        let _ = write!(tekst, "| `{}` |", actie.as_str());
        for rol in Rol::ALLE {
            let _ = write!(tekst, " {} |", cel(beleid, *actie, Handelaar::persoon(&[*rol]), Some(*rol)));
        }
        let _ = writeln!(tekst, " {} | {} |", cel(beleid, *actie, Handelaar::Persoon(0), None), cel(beleid, *actie, Handelaar::Toepassing, None));
    }
    tekst
}

/// Wie een handeling mag, in een zin.
pub(super) fn in_woorden(beleid: &Beleid, actie: Action) -> String {
    if beleid.mag(actie, Handelaar::Persoon(0), Relaties::GEEN, "") {
        return "Toegestaan voor iedere aangemelde gebruiker.".to_owned();
    }
    let mut rollen: Vec<&str> = Rol::ALLE.iter().filter(|rol| cel(beleid, actie, Handelaar::persoon(&[**rol]), Some(**rol)) != "·").map(|rol| rol.as_str()).collect();
    if cel(beleid, actie, Handelaar::Toepassing, None) != "·" {
        rollen.push("toepassing van een betrokken partij");
    }
    format!("Toegestaan voor: {}.", rollen.join(", "))
}
