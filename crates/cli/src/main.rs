//! De opdracht `loket`: Aansluitloket vanaf de opdrachtregel.

mod opdrachten;
mod tabel;

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use loket::{Fout, Loket, Sleutel, Toegang};
use opdrachten::Opdracht;

const NA: &str = "Afsluitcodes:
  0  gelukt
  1  fout van de dienst, of een antwoord dat niet klopt
  2  aanroep of instelling klopt niet; er is niets verstuurd
  3  niet of te zwak aangemeld, of geen recht
  4  bestaat niet, of niet voor u
  5  een regel of een wijziging van iemand anders houdt het tegen
  6  de invoer is afgekeurd
  7  niet bereikbaar of te druk, ook na herhalen; later opnieuw

Met de voorbeelddienst:
  export LOKET_URL=http://127.0.0.1:8080 LOKET_TOKEN_BESTAND=DIR/tokens/projectleider.jwt
  loket ik
  loket trajecten lijst";

/// Aansluitloket vanaf de opdrachtregel.
#[derive(Parser)]
#[command(name = "loket", version, after_help = NA, max_term_width = 110)]
struct Aanroep {
    /// Adres van de dienst.
    #[arg(long, env = "LOKET_URL", default_value = "http://127.0.0.1:8080", global = true)]
    url: String,
    /// Toegangstoken. Liever als variabele of bestand: argumenten zijn voor anderen op de machine te zien.
    #[arg(long, env = "LOKET_TOKEN", hide_env_values = true, global = true)]
    token: Option<String>,
    /// Bestand met het toegangstoken.
    #[arg(long, env = "LOKET_TOKEN_BESTAND", global = true)]
    token_bestand: Option<PathBuf>,
    /// `client_id` van een geregistreerde toepassing, samen met `--sleutel`.
    #[arg(long, env = "LOKET_CLIENT_ID", global = true)]
    client_id: Option<String>,
    /// Bestand met de privésleutel (JWK, EC P-256) van die toepassing.
    #[arg(long, env = "LOKET_SLEUTEL", global = true)]
    sleutel: Option<PathBuf>,
    /// Vorm van de uitvoer.
    #[arg(long, short, env = "LOKET_UITVOER", value_enum, default_value_t = Vorm::Tabel, global = true)]
    uitvoer: Vorm,
    #[command(subcommand)]
    opdracht: Opdracht,
}

/// Vorm van de uitvoer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Vorm {
    /// Voor mensen.
    Tabel,
    /// Voor programma's.
    Json,
}

impl Aanroep {
    fn toegang(&self) -> Result<Toegang, Fout> {
        if let Some(client_id) = &self.client_id {
            let bestand = self.sleutel.as_ref().ok_or_else(|| Fout::Instelling("Bij --client-id hoort --sleutel.".to_owned()))?;
            let sleutel = Box::new(Sleutel::uit_jwk(&lees(bestand)?)?);
            return Ok(Toegang::Toepassing { client_id: client_id.clone(), sleutel });
        }
        if let Some(token) = &self.token {
            return Ok(Toegang::token(token.trim()));
        }
        match &self.token_bestand {
            Some(bestand) => Ok(Toegang::token(lees(bestand)?.trim())),
            None => {
                Err(Fout::Instelling("Geef een token (LOKET_TOKEN of LOKET_TOKEN_BESTAND) of een toepassing (LOKET_CLIENT_ID en LOKET_SLEUTEL).".to_owned()))
            }
        }
    }
}

fn lees(bestand: &PathBuf) -> Result<String, Fout> {
    fs::read_to_string(bestand).map_err(|fout| Fout::Instelling(format!("{} is niet te lezen: {fout}", bestand.display())))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let aanroep = match Aanroep::try_parse() {
        Ok(aanroep) => aanroep,
        Err(antwoord) if opdrachtregel::is_antwoord(&antwoord) => {
            let _dicht = write!(io::stdout(), "{}", opdrachtregel::antwoord(&antwoord));
            return ExitCode::from(u8::try_from(antwoord.exit_code()).unwrap_or(2));
        }
        Err(fout) => {
            let _dicht = writeln!(io::stderr(), "{}", opdrachtregel::in_het_nederlands("loket", &fout));
            return ExitCode::from(2);
        }
    };
    let uitkomst = match aanroep.toegang().and_then(|toegang| Loket::new(&aanroep.url, toegang)) {
        Ok(loket) => opdrachten::voer_uit(&loket, &aanroep.opdracht, aanroep.uitvoer).await,
        Err(fout) => Err(fout),
    };
    match uitkomst {
        Ok(()) => ExitCode::SUCCESS,
        Err(fout) => {
            toon_fout(&fout, aanroep.uitvoer);
            ExitCode::from(fout.afsluitcode())
        }
    }
}

fn toon_fout(fout: &Fout, vorm: Vorm) {
    let mut uit = io::stderr().lock();
    let tekst = match (fout, vorm) {
        (Fout::Probleem(probleem), Vorm::Json) => serde_json::to_string_pretty(probleem).unwrap_or_else(|_| fout.to_string()),
        _ => match fout.raad() {
            Some(raad) => format!("{fout}\n  {raad}"),
            None => fout.to_string(),
        },
    };
    // Is ook de foutuitvoer dicht, dan zegt de afsluitcode genoeg.
    let _dicht = writeln!(uit, "{tekst}");
}
