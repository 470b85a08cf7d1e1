//! Van vragen in een eerdere uitgave naar vragen in een latere: alleen langs vastgelegd vervolg, en nooit tussen schalen.

use std::collections::BTreeMap;

use super::Vragenlijst;

/// Vraagnummer in de eerdere uitgave naar vraagnummer in de latere.
pub type Vertaling = BTreeMap<i16, i16>;

/// De vertaling van `van` naar `naar`. `tussen` zijn de uitgaven waarlangs het vervolg loopt, in willekeurige volgorde.
///
/// `None` als er geen weg is, of als onderweg de antwoordschaal wisselt: dan mogen uitkomsten niet naast elkaar.
#[must_use]
pub fn vertaling(van: &Vragenlijst, naar: &Vragenlijst, tussen: &[Vragenlijst]) -> Option<Vertaling> {
    if van.inhoud.code != naar.inhoud.code || !van.inhoud.antwoordschaal.telt_als(&naar.inhoud.antwoordschaal) {
        return None;
    }
    // Van achter naar voren: per vraag van `naar` zijn nummer in de uitgave waar we nu zijn.
    let mut nummers: BTreeMap<i16, i16> = naar.inhoud.vragen.iter().map(|v| (v.nummer, v.nummer)).collect();
    let mut hier = naar;
    // Ten hoogste langs elke tussenliggende uitgave, en dan nog één stap naar `van` zelf.
    for _ in 0..tussen.len() + 2 {
        if hier.id == van.id {
            let omgekeerd: Vertaling = nummers.into_iter().map(|(naar, van)| (van, naar)).collect();
            return (!omgekeerd.is_empty()).then_some(omgekeerd);
        }
        nummers = nummers.into_iter().filter_map(|(doel, nummer)| Some((doel, hier.vraag(nummer)?.vervolg_op?))).collect();
        let vorige_id = hier.vorige_id?;
        hier = if vorige_id == van.id { van } else { tussen.iter().find(|v| v.id == vorige_id)? };
        if !hier.inhoud.antwoordschaal.telt_als(&naar.inhoud.antwoordschaal) {
            return None;
        }
    }
    None
}
