//! Meet de verhoudingen waar het ontwerp op rekent, in één ronde op deze machine, alleen over 127.0.0.1.
//!
//! Absolute getallen zeggen weinig over een andere machine; een verhouding tot kale HTTP, een kale database of een
//! kale vastlegging op dezelfde schijf zegt wat onze eigen lagen kosten. Uitkomst: `docs/prestaties.md`.

mod dienst;
mod gegevens;
mod kaal;
mod lijn;
mod lijsten;
mod nep_idp;
mod postgres;
mod ronde;
mod schijf;
mod schrijvers;
mod staat;
mod storm;
mod stormgegevens;
mod tokens;
mod verslag;
mod wrk;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Een stap die niet lukte, in een zin.
type Uitkomst<T> = Result<T, String>;

/// Meet, en schrijft docs/prestaties.md.
#[derive(Parser)]
#[command(name = "bench", version)]
struct Opties {
    /// Seconden per meting.
    #[arg(long, default_value_t = 8)]
    seconden: u32,
    /// Herhalingen; de middelste telt.
    #[arg(long, default_value_t = 3)]
    rondes: usize,
    /// Verbindingen tegelijk.
    #[arg(long, default_value_t = 64)]
    verbindingen: usize,
    /// Trajecten in de grote opslag; de kleine heeft er 1.000.
    #[arg(long, default_value_t = 100_000)]
    trajecten: usize,
    /// Zonder PostgreSQL.
    #[arg(long)]
    alleen_sqlite: bool,
    /// Zonder SQLite.
    #[arg(long, conflicts_with = "alleen_sqlite")]
    alleen_postgresql: bool,
    /// Waar het verslag komt.
    #[arg(long, default_value = "docs/prestaties.md")]
    uit: PathBuf,
    #[command(subcommand)]
    hulp: Option<Hulp>,
}

#[derive(Subcommand)]
enum Hulp {
    /// De Staat op schaal, en tweeduizend waarnemers tegelijk.
    Staat {
        /// Organisaties; standaard duizend.
        #[arg(long)]
        organisaties: Option<usize>,
    },
    /// De vergelijking: een kale actix-web die één traject als JSON geeft.
    #[command(hide = true)]
    Kaal {
        /// Adres.
        adres: String,
        /// Bestand met het traject.
        bestand: PathBuf,
    },
    /// De identiteitsprovider van de storm.
    #[command(hide = true)]
    Idp {
        /// Poort op deze machine.
        poort: u16,
    },
    /// Alleen het aanmelden: machinetokens, en de storm van een crisis.
    Aanmelden,
    /// Alleen de lijsten: een import van gebruikers en de bevindingen van een groot autorisatieplan.
    Lijsten {
        /// Gebruikers in de lijst.
        #[arg(long, default_value_t = 10_000)]
        rijen: usize,
    },
}

fn main() -> ExitCode {
    let opties = Opties::parse();
    let uitkomst = match &opties.hulp {
        Some(Hulp::Kaal { adres, bestand }) => kaal::draai(adres, bestand),
        Some(Hulp::Idp { poort }) => nep_idp::draai(*poort),
        Some(Hulp::Aanmelden) => ronde::aanmelden(&opties),
        Some(Hulp::Staat { organisaties }) => staat::meet(*organisaties, opties.alleen_sqlite),
        Some(Hulp::Lijsten { rijen }) => lijsten::meet(*rijen, opties.rondes),
        None => ronde::meet(&opties),
    };
    match uitkomst {
        Ok(()) => ExitCode::SUCCESS,
        Err(reden) => {
            meld(&reden);
            ExitCode::FAILURE
        }
    }
}

/// Voortgang; een dichte foutuitvoer is geen reden om te stoppen met meten.
fn meld(tekst: &str) {
    let _dicht = writeln!(io::stderr(), "{tekst}");
}

/// De middelste waarde.
fn midden(mut waarden: Vec<f64>) -> f64 {
    waarden.sort_by(f64::total_cmp);
    waarden.get(waarden.len() / 2).copied().unwrap_or(f64::NAN)
}
