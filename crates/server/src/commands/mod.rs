//! De opdrachten van `aansluitloket` en hun opties.

mod assertion;
mod audit;
mod backup;
mod bootstrap;
mod config;
mod doctor;
mod migrate;
mod openapi;
mod serve;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, Source, load};
use crate::{Stop, output};

/// De API-dienst voor aansluiting op netcentrisch werken.
#[derive(Debug, Parser)]
#[command(
    name = "aansluitloket",
    version,
    about = "Aansluitloket: de API-dienst voor aansluiting op netcentrisch werken",
    subcommand_value_name = "OPDRACHT",
    disable_help_subcommand = true,
    after_help = "\nBegin met `aansluitloket demo`; wie een dienst inricht leest docs/beheer.md."
)]
struct Arguments {
    /// Configuratiebestand (TOML); zonder bestand tellen alleen de AANSLUITLOKET_*-variabelen
    #[arg(long, global = true, env = "AANSLUITLOKET_CONFIG", value_name = "BESTAND", hide_env_values = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start een voorbeelddienst met fictieve gegevens, alleen op deze machine
    Demo {
        /// Adres en poort; alleen een adres van deze machine zelf
        #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADRES")]
        listen: SocketAddr,
        /// Lege of nieuwe map voor de gegevens; zonder deze optie een tijdelijke map
        #[arg(long, value_name = "MAP")]
        data: Option<PathBuf>,
    },
    /// Start de dienst
    Serve,
    /// Brengt de database naar de versie van dit programma
    Migrate,
    /// Toont het OpenAPI-document, schrijft het of vergelijkt het
    Openapi {
        /// Schrijf het document naar dit bestand
        #[arg(long, value_name = "BESTAND", conflicts_with = "check")]
        out: Option<PathBuf>,
        /// Vergelijk met dit bestand en faal bij verschil
        #[arg(long, value_name = "BESTAND", num_args = 0..=1, default_missing_value = "openapi/openapi.json")]
        check: Option<PathBuf>,
    },
    /// Onderzoekt configuratie, opslag, sleutels, klok en uitgevers, en zegt wat te doen
    Doctor {
        /// Vraag alleen of de draaiende dienst leeft (voor een gezondheidscontrole zonder curl)
        #[arg(long, conflicts_with = "readyz")]
        livez: bool,
        /// Vraag alleen of de draaiende dienst gereed is
        #[arg(long)]
        readyz: bool,
    },
    /// Maakt een reservekopie van de SQLite-database, ook terwijl de dienst draait
    Backup {
        /// Nieuw bestand voor de kopie
        #[arg(long, value_name = "BESTAND")]
        out: PathBuf,
    },
    /// Zet een reservekopie terug in een lege gegevensmap
    Restore {
        /// De kopie die `backup` maakte
        #[arg(long, value_name = "BESTAND")]
        from: PathBuf,
    },
    /// Maakt in een lege opslag NIPV en de eerste landelijk functioneel beheerder aan
    Bootstrap {
        /// Naam van de eerste beheerder
        #[arg(long)]
        naam: String,
        /// E-mailadres van de eerste beheerder
        #[arg(long)]
        email: String,
        /// De uitgever (iss) waarmee deze persoon aanmeldt, letter voor letter zoals in `trusted_issuers`
        #[arg(long, value_name = "URL")]
        uitgever: String,
        /// De sub van deze persoon bij die uitgever; zonder deze optie koppelt het e-mailadres, als de uitgever dat mag (link_by_email)
        #[arg(long)]
        sub: Option<String>,
    },
    /// Toont een volledig geannoteerd voorbeeld van de configuratie
    Config {
        /// Controleer de eigen configuratie in plaats van het voorbeeld te tonen
        #[arg(long)]
        check: bool,
    },
    /// Ondertekent een client assertion, om met curl een token voor een toepassing te halen
    Assertion {
        /// Het demo.json van de voorbeelddienst, of een private JWK (EC P-256)
        #[arg(value_name = "BESTAND")]
        file: PathBuf,
        /// De client_id; staat al in demo.json
        #[arg(long)]
        client: Option<String>,
        /// De uitgever waarvoor de assertion is; staat al in demo.json
        #[arg(long)]
        audience: Option<String>,
    },
    /// Controleert de auditketen
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Rekent de hele keten na en meldt een gewijzigde of verwijderde regel
    Verify,
}

/// Voert de opdracht uit die op de opdrachtregel staat.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(answer) if opdrachtregel::is_antwoord(&answer) => {
            output::line(opdrachtregel::antwoord(&answer).trim_end());
            return ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2));
        }
        Err(wrong) => {
            output::complain(opdrachtregel::in_het_nederlands("aansluitloket", &wrong));
            return ExitCode::from(2);
        }
    };
    match perform(arguments) {
        Ok(code) => code,
        Err(stop) => {
            output::complain(format!("aansluitloket: {}", crate::logging::redact(&stop.to_string())));
            ExitCode::from(stop.code())
        }
    }
}

fn perform(arguments: Arguments) -> Result<ExitCode, Stop> {
    let source = Source::process(arguments.config);
    let configured = || -> Result<Config, Stop> { load(&source) };
    match arguments.command {
        Command::Demo { listen, data } => crate::demo::run(listen, data),
        Command::Serve => serve::run(configured()?),
        Command::Migrate => migrate::run(&configured()?),
        Command::Openapi { out, check } => openapi::run(out.as_deref(), check.as_deref()),
        Command::Doctor { livez: true, .. } => doctor::ask(&configured()?, "/livez"),
        Command::Doctor { readyz: true, .. } => doctor::ask(&configured()?, "/readyz"),
        Command::Doctor { .. } => doctor::run(&source),
        Command::Backup { out } => backup::backup(&configured()?, &out),
        Command::Restore { from } => backup::restore(&configured()?, &from),
        Command::Bootstrap { naam, email, uitgever, sub } => bootstrap::run(&configured()?, &bootstrap::First { naam, email, uitgever, sub }),
        Command::Config { check } => config::run(check, &source),
        Command::Assertion { file, client, audience } => assertion::run(&file, client, audience),
        Command::Audit { command: AuditCommand::Verify } => audit::run(&configured()?),
    }
}
