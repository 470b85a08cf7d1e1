//! Wat er in een vragenlijst moet kloppen voordat zij bewaard wordt; alle fouten tegelijk.

use super::{NieuweVragenlijst, Vragenlijst, in_duizendsten};
use crate::invoer::{Veldfout, verplicht};

pub(super) fn controleer(lijst: &NieuweVragenlijst, vorige: Option<&Vragenlijst>) -> Vec<Veldfout> {
    let mut fouten = Vec::new();
    verplicht(&mut fouten, "/titel", &lijst.titel);
    verplicht(&mut fouten, "/onderwerp", &lijst.onderwerp);
    categorieen(lijst, &mut fouten);
    vragen(lijst, &mut fouten);
    schaal(lijst, &mut fouten);
    vervolg(lijst, vorige, &mut fouten);
    fouten
}

/// Meldt iedere waarde die al eerder in de rij stond.
fn dubbelen<T: PartialEq>(waarden: &[T], plaats: impl Fn(usize) -> String, fouten: &mut Vec<Veldfout>) {
    for (plek, waarde) in waarden.iter().enumerate() {
        if waarden.iter().take(plek).any(|eerder| eerder == waarde) {
            fouten.push(Veldfout::new(plaats(plek), "dubbel", "Deze waarde komt al eerder in de lijst voor."));
        }
    }
}

fn categorieen(lijst: &NieuweVragenlijst, fouten: &mut Vec<Veldfout>) {
    let codes: Vec<&str> = lijst.categorieen.iter().map(|c| c.code.as_str()).collect();
    dubbelen(&codes, |plek| format!("/categorieen/{plek}/code"), fouten);
    for (plek, categorie) in lijst.categorieen.iter().enumerate() {
        verplicht(fouten, &format!("/categorieen/{plek}/titel"), &categorie.titel);
        if !lijst.vragen.iter().any(|v| v.categorie == categorie.code) {
            fouten.push(Veldfout::new(format!("/categorieen/{plek}/code"), "categorie-zonder-vraag", "Bij deze categorie hoort geen enkele vraag."));
        }
    }
}

fn vragen(lijst: &NieuweVragenlijst, fouten: &mut Vec<Veldfout>) {
    let nummers: Vec<i16> = lijst.vragen.iter().map(|v| v.nummer).collect();
    dubbelen(&nummers, |plek| format!("/vragen/{plek}/nummer"), fouten);
    for (plek, vraag) in lijst.vragen.iter().enumerate() {
        verplicht(fouten, &format!("/vragen/{plek}/vraag"), &vraag.vraag);
        if !lijst.categorieen.iter().any(|c| c.code == vraag.categorie) {
            fouten.push(Veldfout::new(format!("/vragen/{plek}/categorie"), "categorie-onbekend", "Deze categorie staat niet in de lijst."));
        }
    }
    if !lijst.vragen.iter().any(|v| v.kernvraag) {
        fouten.push(Veldfout::new("/vragen", "kernvraag-ontbreekt", "Merk ten minste één vraag als kernvraag."));
    }
}

fn schaal(lijst: &NieuweVragenlijst, fouten: &mut Vec<Veldfout>) {
    let waarden = &lijst.antwoordschaal.waarden;
    let codes: Vec<&str> = waarden.iter().map(|w| w.code.as_str()).collect();
    dubbelen(&codes, |plek| format!("/antwoordschaal/waarden/{plek}/code"), fouten);
    for (plek, waarde) in waarden.iter().enumerate() {
        verplicht(fouten, &format!("/antwoordschaal/waarden/{plek}/label"), &waarde.label);
        if waarde.score.is_some_and(|score| in_duizendsten(score).is_none()) {
            let detail = "Een score ligt van 0 tot en met 1, in ten hoogste drie decimalen.";
            fouten.push(Veldfout::new(format!("/antwoordschaal/waarden/{plek}/score"), "score-ongeldig", detail));
        }
    }
    let scores: Vec<f64> = waarden.iter().filter_map(|w| w.score).collect();
    if !scores.iter().any(|score| scores.first() != Some(score)) {
        fouten.push(Veldfout::new("/antwoordschaal/waarden", "schaal-zonder-verschil", "Geef ten minste twee antwoorden een verschillende score."));
    }
}

fn vervolg(lijst: &NieuweVragenlijst, vorige: Option<&Vragenlijst>, fouten: &mut Vec<Veldfout>) {
    let volgt: Vec<i16> = lijst.vragen.iter().filter_map(|v| v.vervolg_op).collect();
    for (plek, vraag) in lijst.vragen.iter().enumerate() {
        let Some(nummer) = vraag.vervolg_op else { continue };
        let plaats = format!("/vragen/{plek}/vervolgOp");
        match vorige {
            None => fouten.push(Veldfout::new(plaats, "vorige-uitgave-ontbreekt", "Noem in 'volgtOpUitgave' de uitgave waarop deze vraag volgt.")),
            Some(vorige) if vorige.vraag(nummer).is_none() => {
                fouten.push(Veldfout::new(plaats, "vraag-onbekend", "Deze vraag staat niet in de vorige uitgave."));
            }
            Some(_) if volgt.iter().filter(|ander| **ander == nummer).count() > 1 => {
                fouten.push(Veldfout::new(plaats, "dubbel", "Een vraag van de vorige uitgave kan maar één vervolg hebben."));
            }
            Some(_) => {}
        }
    }
    if vorige.is_some_and(|v| v.inhoud.uitgave == lijst.uitgave) {
        fouten.push(Veldfout::new("/volgtOpUitgave", "volgt-op-zichzelf", "Een uitgave volgt op een andere uitgave."));
    }
}
