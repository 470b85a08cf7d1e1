//! Bericht aan wie er aan de beurt is: in dezelfde transactie als de wijziging, en aan precies wie er een taak bij kreeg.

use domain::personen::{Persoon, Rol};
use domain::registraties::{Omstandigheden, Registratie};
use domain::taken::Voor;
use store::post::{Bericht, plaats};
use store::{Page, Tx, Zicht};

use super::personen_van;
use crate::prelude::*;

/// Wie bij NIPV tekent en opleidt.
fn lfb(tx: &mut Tx<'_>, nipv: Id) -> Result<Vec<Persoon>, Problem> {
    let filter = store::personen::Filter { organisatie_id: Some(nipv), rol: Some(Rol::Lfb.to_string()), ..Default::default() };
    Ok(store::personen::list(tx.conn(), &filter, &Zicht::Alles, &Page { limit: 200, after: None })?.items)
}

/// Plaatst een bericht aan ieder voor wie deze stand van de registratie een taak is; niet aan wie de stap zelf zette.
pub(super) fn aan_de_beurt(tx: &mut Tx<'_>, gate: &Gate, registratie: &Registratie, minimum: usize) -> Result<(), Problem> {
    let ontbreekt = || problem::fout("de organisatie van een registratie ontbreekt");
    let eigen = store::organisaties::get(tx.conn(), registratie.organisatie_id)?.ok_or_else(ontbreekt)?;
    let nipv = store::organisaties::nipv(tx.conn())?.ok_or_else(ontbreekt)?;
    let mensen = personen_van(tx.conn(), eigen.id)?.into_iter().map(|p| (p, &eigen));
    let mensen: Vec<_> = mensen.chain(lfb(tx, nipv.id)?.into_iter().map(|p| (p, &nipv))).collect();
    for (persoon, organisatie) in mensen.iter().filter(|(p, _)| p.mag_werken() && p.id != gate.caller().id()) {
        let voor = Voor { persoon, organisatie, vandaag: gate.vandaag() };
        let taken = registratie.taken(&Omstandigheden { organisatie_naam: &eigen.naam, minimum, uitgevallen: &[], van_kracht: None }, &voor);
        let Some(taak) = taken.iter().find(|taak| taak.soort.starts_with("registratie-")) else { continue };
        plaats(tx, &bericht(persoon, &taak.titel, &eigen.naam))?;
    }
    Ok(())
}

/// Geen verwijzing in het bericht: wie tekent, gaat zelf naar het portaal dat hij kent.
fn bericht(aan: &Persoon, titel: &str, organisatie: &str) -> Bericht {
    let tekst = format!(
        "Beste {},\n\n{titel}\n\nHet gaat om {organisatie}. U vindt deze taak in uw portaal, bij wat er op u wacht.\n\nWij sturen nooit een link of bijlage mee.\n\n\
         Met vriendelijke groet,\nAansluitloket\n",
        aan.naam
    );
    Bericht { aan: aan.email.clone(), onderwerp: format!("Registratie organisatiebeheerders {organisatie}: u bent aan de beurt"), tekst, verloopt_op: None }
}
