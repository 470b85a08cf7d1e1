//! De keten om elk verzoek, met proefoperaties en een echte opslag. Eén bestand per regel.
#![cfg(test)]

mod clients;
mod codes;
mod common;
mod herhaling;
mod invoer;
mod klaarleggen;
mod koppen;
mod lijsten;
mod portaal;
mod routes;
mod seed;
mod tempo;
mod toegang;
mod uitgever;
mod uitgevers_buiten;
mod versies;
