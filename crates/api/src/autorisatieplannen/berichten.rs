//! Post aan wie aan de beurt is met een plan: mee met de transactie, zonder inhoud van het plan.

use domain::Id;
use domain::autorisatieplannen::{Autorisatieplan, Planstatus};
use domain::personen::Persoon;
use store::post::Bericht;
use store::{Page, Tx, Zicht};

use crate::prelude::*;

/// Voor wie het bericht is (bij NIPV of bij de organisatie), en wat er te doen is.
fn wie_en_wat(status: Planstatus) -> Option<(bool, &'static [&'static str], &'static str)> {
    match status {
        Planstatus::Ingediend => Some((true, &["lfb"], "Beoordeel het plan: geef akkoord of geef het terug met opmerkingen.")),
        Planstatus::Teruggegeven => Some((false, &["organisatiebeheerder"], "LFB gaf het plan terug. Verwerk de opmerkingen en dien het opnieuw in.")),
        Planstatus::Akkoord => Some((false, &["projectleider", "tekenbevoegde"], "LFB is akkoord. Stel het plan vast.")),
        Planstatus::Vastgesteld => Some((true, &["lfb"], "Het plan is vastgesteld. Richt de teams, disciplines en functies in die nog een wens zijn.")),
        _ => None,
    }
}

/// Laat weten wie er nu aan de beurt is.
pub(super) fn aan_de_beurt(tx: &mut Tx<'_>, plan: &Autorisatieplan) -> Result<(), Problem> {
    let Some((bij_nipv, rollen, wat)) = wie_en_wat(plan.status) else { return Ok(()) };
    let van = store::organisaties::get(tx.conn(), plan.organisatie_id)?.map(|o| o.naam).unwrap_or_default();
    let waar = if bij_nipv { store::organisaties::nipv(tx.conn())?.map(|o| o.id) } else { Some(plan.organisatie_id) };
    let Some(waar) = waar else { return Ok(()) };
    let tekst = format!(
        "Autorisatieplan van {van}, versie {}.\n\n{wat}\n\nU vindt het plan in uw portaal, of op /v1/autorisatieplannen/{}.\n",
        plan.volgnummer, plan.id
    );
    for persoon in met_rol(tx, waar, rollen)? {
        let bericht =
            Bericht { aan: persoon.email, onderwerp: format!("Autorisatieplan van {van}: u bent aan de beurt"), tekst: tekst.clone(), verloopt_op: None };
        store::post::plaats(tx, &bericht)?;
    }
    Ok(())
}

fn met_rol(tx: &mut Tx<'_>, organisatie: Id, rollen: &[&str]) -> Result<Vec<Persoon>, Problem> {
    let mut gevonden: Vec<Persoon> = Vec::new();
    for rol in rollen {
        let filter = store::personen::Filter { rol: Some((*rol).to_owned()), ..Default::default() };
        let personen = store::personen::list(tx.conn(), &filter, &Zicht::Organisatie(organisatie), &Page { limit: 200, after: None })?.items;
        gevonden.extend(personen.into_iter().filter(Persoon::mag_werken));
    }
    gevonden.sort_by_key(|p| p.id);
    gevonden.dedup_by_key(|p| p.id);
    Ok(gevonden)
}
