//! Wat waar is: de typen en regels van het Stappenplan 2026.
//!
//! Deze crate kent geen I/O, geen klok en geen toeval: het moment en de bron van toeval zijn
//! argumenten. De typen zijn tegelijk de voorstelling op de draad (JSON), zodat een begrip maar
//! één keer bestaat. Iedere regel die iets weigert geeft een [`Weigering`] met een vaste code.

pub mod aanmeldingen;
pub mod afnames;
pub mod audit;
pub mod autorisatieplannen;
pub mod berichten;
pub mod diagnose;
pub mod gebeurtenissen;
pub mod gebruikers;
pub mod identiteitsproviders;
pub mod ids;
pub mod inrichting;
pub mod invoer;
mod keuze;
pub mod organisaties;
pub mod personen;
pub mod referentie;
pub mod registraties;
pub mod resultaten;
pub mod sessies;
pub mod staat;
pub mod taken;
pub mod toepassingen;
pub mod trajecten;
pub mod vragenlijsten;
pub mod weigering;

pub use ids::{Clock, Datum, Id, Moment, Rng, kort_moment, nieuw_id, vandaag};
pub use invoer::{Veldfout, Wijziging};
pub use weigering::{Ontbrekend, Weigering};
