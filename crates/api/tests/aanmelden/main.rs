//! Aanmelden, van portaal tot portaal: de bladzijden, de regels en de weigeringen, met een identiteitsprovider die zich laat
//! zeggen hoe hij zich misdraagt. Eén bestand per onderwerp.
#![cfg(test)]

mod afmelden;
mod code;
mod eerste_keer;
mod elke_code;
mod gang;
mod huis;
mod idp;
mod kiezer;
mod sessies;
mod sterker;
mod twee_nodes;
mod weigeringen;
