//! Het beleid als tabel: iedere handeling, iedere rol, in iedere verhouding.

use std::fmt::Write;

use domain::personen::Rol;

use super::{Action, Beleid, Handelaar, Relaties};

/// De verhoudingen met hun letter in de tabel.
const LETTERS: &[(Relaties, char)] = &[
    (Relaties::GEEN, 'o'),
    (Relaties::NIPV, 'N'),
    (Relaties::EIGEN, 'E'),
    (Relaties::CRISISPARTNER, 'C'),
    (Relaties::IMPLEMENTATIEPARTNER, 'I'),
    (Relaties::ADOPTIEPARTNER, 'A'),
    (Relaties::CONTACTPERSOON, 'P'),
    (Relaties::WAARNEMER, 'W'),
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
    let letters: String =
        LETTERS.iter().filter(|(relatie, _)| kan_voorkomen(rol, *relatie) && beleid.mag(actie, wie, *relatie, "")).map(|(_, letter)| *letter).collect();
    if letters.contains('o') {
        "●".to_owned()
    } else if letters.is_empty() {
        "·".to_owned()
    } else {
        letters
    }
}

/// De hele tabel als Markdown.
#[must_use]
pub fn matrix(beleid: &Beleid) -> String {
    let mut tekst =
        String::from("# Wie mag wat\n\nGemaakt uit het beleid (`crates/api/policies/aansluitloket.cedar`); een proef bewaakt dat deze tabel klopt.\n\n");
    tekst.push_str(
        "● altijd · nooit · N bij NIPV · E eigen organisatie · C crisispartner, I implementatiepartner, A adoptiepartner van het traject · \
P contactpersoon van een traject waarbij de eigen organisatie betrokken is · W uitgenodigde waarnemer van een afname.\n",
    );
    tekst.push_str(
        "Ieder ziet zichzelf; niemand beheert de eigen gegevens of rollen. Een beëindigd traject laat geen activiteiten meer wijzigen.\n\n| handeling |",
    );
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

/// Hoe een verhouding in een zin heet; bij NIPV zegt de rol het al.
const fn woord(letter: char) -> &'static str {
    match letter {
        'E' => "eigen organisatie",
        'C' => "crisispartner van het traject",
        'I' => "implementatiepartner van het traject",
        'A' => "adoptiepartner van het traject",
        'P' => "over een contactpersoon van een gedeeld traject",
        'W' => "uitgenodigd als waarnemer van de afname",
        _ => "",
    }
}

/// Wie een handeling mag, als opsomming: rol (in welke verhouding).
pub(super) fn in_woorden(beleid: &Beleid, actie: Action) -> String {
    if beleid.mag(actie, Handelaar::Persoon(0), Relaties::GEEN, "") {
        return "iedere aangemelde gebruiker".to_owned();
    }
    let personen = Rol::ALLE.iter().map(|rol| (rol.as_str(), cel(beleid, actie, Handelaar::persoon(&[*rol]), Some(*rol))));
    let toepassing = std::iter::once(("toepassing", cel(beleid, actie, Handelaar::Toepassing, None)));
    let delen: Vec<String> = personen
        .chain(toepassing)
        .filter(|(_, cel)| cel != "·")
        .map(|(naam, cel)| {
            let waar: Vec<&str> = cel.chars().map(woord).filter(|woord| !woord.is_empty()).collect();
            if waar.is_empty() { naam.to_owned() } else { format!("{naam} ({})", waar.join(" of ")) }
        })
        .collect();
    delen.join(", ")
}
