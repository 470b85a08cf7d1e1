//! Register, toepassingen, referentiegegevens en stromen: de echte operaties met een echte opslag. Eén bestand per regel.
#![cfg(test)]

mod afnames;
mod alle_fouten;
mod autorisatieplannen;
mod borging;
mod certificering_verlopen;
mod eigen_organisatie;
mod gebruikers;
mod gelezen;
mod huis;
mod identiteitsproviders;
mod idp;
mod ik;
mod lijst_en_los;
mod personen;
mod rechten;
mod referentie;
mod registraties;
mod rollen;
mod staat;
mod stromen;
mod toepassingen;
mod trajecten;
