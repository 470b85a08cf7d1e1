//! Post aan wie aan de beurt is met een plan: mee met de transactie, zonder inhoud van het plan.

use domain::Id;
use domain::autorisatieplannen::{Autorisatieplan, Planstatus};
use domain::personen::Persoon;
use store::post::Bericht;
use store::{Page, Tx, Zicht};

use crate::prelude::*;

/// Een bericht: of het naar NIPV gaat of naar de organisatie, aan welke rollen, en wat er te doen is.
struct Beurt(bool, &'static [&'static str], &'static str);

const fn beurten(status: Planstatus) -> &'static [Beurt] {
    match status {
        Planstatus::Ingediend => &[Beurt(true, &["lfb"], "Beoordeel het plan: geef akkoord of geef het terug met opmerkingen.")],
        Planstatus::Teruggegeven => &[Beurt(false, &["organisatiebeheerder"], "LFB gaf het plan terug. Verwerk de opmerkingen en dien het opnieuw in.")],
        Planstatus::Akkoord => &[Beurt(false, &["projectleider", "tekenbevoegde"], "LFB is akkoord. Stel het plan vast.")],
        Planstatus::Vastgesteld => &[
            Beurt(true, &["lfb"], "Het plan is vastgesteld. Richt de teams, disciplines en functies in die nog een wens zijn."),
            Beurt(false, &["organisatiebeheerder"], "Het plan is vastgesteld. Maak de profielen en ken ze toe zodra LFB heeft ingericht."),
        ],
        _ => &[],
    }
}

/// Laat weten wie er nu aan de beurt is.
pub(super) fn aan_de_beurt(tx: &mut Tx<'_>, plan: &Autorisatieplan) -> Result<(), Problem> {
    let van = store::organisaties::get(tx.conn(), plan.organisatie_id)?.map(|o| o.naam).unwrap_or_default();
    for Beurt(bij_nipv, rollen, wat) in beurten(plan.status) {
        let waar = if *bij_nipv { store::organisaties::nipv(tx.conn())?.map(|o| o.id) } else { Some(plan.organisatie_id) };
        let Some(waar) = waar else { continue };
        let tekst = format!(
            "Autorisatieplan van {van}, versie {}.\n\n{wat}\n\nU vindt het plan in uw portaal, of op /v1/autorisatieplannen/{}.\n",
            plan.volgnummer, plan.id
        );
        for persoon in met_rol(tx, waar, rollen)? {
            let onderwerp = format!("Autorisatieplan van {van}: u bent aan de beurt");
            store::post::plaats(tx, &Bericht { aan: persoon.email, onderwerp, tekst: tekst.clone(), verloopt_op: None })?;
        }
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
