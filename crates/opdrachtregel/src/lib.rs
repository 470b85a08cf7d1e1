//! Wat onze programma's zeggen als een aanroep niet klopt: in het Nederlands, met wat nu te doen.
//!
//! Clap kent alleen Engelse zinnen. De soort van de fout en wat er fout aan is geeft hij los; de zin maken wij zelf.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Of dit geen fout is, maar de hulp of de versie waar iemand om vroeg.
#[must_use]
pub fn is_antwoord(fout: &clap::Error) -> bool {
    matches!(fout.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::DisplayVersion)
}

/// Wat clap zelf in de hulp zet, en hoe dat bij ons heet.
const VASTE_TEKST: [(&str, &str); 15] = [
    ("Usage:", "Gebruik:"),
    ("Commands:", "Opdrachten:"),
    ("Arguments:", "Argumenten:"),
    ("Options:", "Opties:"),
    ("[OPTIONS]", "[OPTIES]"),
    ("<COMMAND>", "<OPDRACHT>"),
    ("[COMMAND]", "[OPDRACHT]"),
    ("[default: ", "[standaard: "),
    ("[possible values: ", "[kies uit: "),
    ("Possible values:", "Kies uit:"),
    ("Print this message or the help of the given subcommand(s)", "Toont deze hulp, of die van een opdracht"),
    ("Print help (see more with '--help')", "Toont deze hulp (met --help uitgebreid)"),
    ("Print help (see a summary with '-h')", "Toont deze hulp (met -h kort)"),
    ("Print help", "Toont deze hulp"),
    ("Print version", "Toont de versie"),
];

/// De hulp of de versie waar iemand om vroeg.
#[must_use]
pub fn antwoord(gevraagd: &clap::Error) -> String {
    vertaal(gevraagd.render().to_string())
}

fn vertaal(tekst: String) -> String {
    VASTE_TEKST.iter().fold(tekst, |tekst, (clap, wij)| tekst.replace(clap, wij))
}

/// De fout als zin, met de weg verder.
#[must_use]
pub fn in_het_nederlands(programma: &str, fout: &clap::Error) -> String {
    let zin = zin(fout);
    let suggestie = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue].iter().find_map(|soort| waarde(fout, *soort));
    let bedoelde = suggestie.map(|wat| format!(" Bedoelde u {wat}?")).unwrap_or_default();
    let gebruik = waarde(fout, ContextKind::Usage).map(|tekst| format!("\n\n{}", vertaal(tekst))).unwrap_or_default();
    format!("{programma}: {zin}{bedoelde}{gebruik}\n\n`{programma} --help` toont wat er kan.")
}

fn zin(fout: &clap::Error) -> String {
    let argument = waarde(fout, ContextKind::InvalidArg).unwrap_or_default();
    let gegeven = waarde(fout, ContextKind::InvalidValue).unwrap_or_default();
    let keuze = waarde(fout, ContextKind::ValidValue).map(|mogelijk| format!(" Kies uit: {mogelijk}.")).unwrap_or_default();
    match fout.kind() {
        ErrorKind::InvalidValue if gegeven.is_empty() => format!("bij {argument} ontbreekt de waarde.{keuze}"),
        ErrorKind::InvalidValue => format!("{argument} kan niet '{gegeven}' zijn.{keuze}"),
        ErrorKind::ValueValidation => format!("{argument} kan niet '{gegeven}' zijn: de waarde is niet te lezen of valt buiten de grenzen."),
        ErrorKind::UnknownArgument => format!("{argument} is hier onbekend."),
        ErrorKind::InvalidSubcommand => format!("{} is geen opdracht.", waarde(fout, ContextKind::InvalidSubcommand).unwrap_or_default()),
        ErrorKind::MissingSubcommand => "er ontbreekt een opdracht.".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("dit ontbreekt: {argument}."),
        ErrorKind::ArgumentConflict => match waarde(fout, ContextKind::PriorArg) {
            Some(eerder) if eerder != argument => format!("{argument} gaat niet samen met {eerder}."),
            _ => format!("{argument} mag maar één keer."),
        },
        ErrorKind::NoEquals => format!("schrijf {argument} met een = voor de waarde."),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("het aantal waarden bij {argument} klopt niet."),
        _ => "de aanroep is niet te lezen.".to_owned(),
    }
}

fn waarde(fout: &clap::Error, soort: ContextKind) -> Option<String> {
    match fout.get(soort)? {
        ContextValue::String(tekst) => Some(tekst.clone()),
        ContextValue::Strings(teksten) => Some(teksten.join(", ")),
        ContextValue::StyledStr(tekst) => Some(tekst.to_string()),
        ContextValue::StyledStrs(teksten) => Some(teksten.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ContextValue::Number(getal) => Some(getal.to_string()),
        ContextValue::Bool(_) | ContextValue::None => None,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction, Command};

    use super::{antwoord, in_het_nederlands, is_antwoord};

    fn zeg(argumenten: &[&str]) -> String {
        let opdracht = Command::new("loket")
            .subcommand_required(true)
            .subcommand(
                Command::new("lijst")
                    .arg(Arg::new("stap").long("stap").value_parser(clap::value_parser!(u8).range(1..=6)).required(true))
                    .arg(Arg::new("vorm").long("vorm").value_parser(["tabel", "json"]).conflicts_with("kort"))
                    .arg(Arg::new("kort").long("kort").action(ArgAction::SetTrue)),
            )
            .subcommand(Command::new("doctor"));
        in_het_nederlands("loket", &opdracht.try_get_matches_from(std::iter::once(&"loket").chain(argumenten)).unwrap_err())
    }

    #[test]
    fn elke_verkeerde_aanroep_krijgt_een_nederlandse_zin_met_de_weg_verder() {
        for (argumenten, verwacht) in [
            (&["lijst", "--stap", "9"][..], "--stap <stap> kan niet '9' zijn"),
            (&["lijst"], "dit ontbreekt: --stap <stap>."),
            (&["lijst", "--stap", "1", "--vorm", "xml"], "--vorm <vorm> kan niet 'xml' zijn. Kies uit: tabel, json."),
            (&["lijst", "--stap", "1", "--vorm"], "bij --vorm <vorm> ontbreekt de waarde. Kies uit: tabel, json."),
            (&["lijst", "--stap", "1", "--vorm", "json", "--kort"], "gaat niet samen met"),
            (&["lijst", "--stap", "1", "--kort", "--kort"], "--kort mag maar één keer."),
            (&["lijst", "--stappen", "1"], "--stappen is hier onbekend. Bedoelde u --stap?"),
            (&["doktor"], "doktor is geen opdracht. Bedoelde u doctor?"),
            (&[], "er ontbreekt een opdracht."),
        ] {
            let tekst = zeg(argumenten);
            assert!(tekst.starts_with("loket: ") && tekst.contains(verwacht), "{argumenten:?}: {tekst}");
            assert!(tekst.ends_with("`loket --help` toont wat er kan."), "{tekst}");
            for engels in ["error:", "Usage", "For more", "tip:", "unexpected", "required"] {
                assert!(!tekst.contains(engels), "{argumenten:?}: {tekst}");
            }
        }
    }

    #[test]
    fn om_hulp_of_versie_vragen_is_geen_fout() {
        let vraag = |argument| Command::new("loket").version("1").try_get_matches_from(["loket", argument]).unwrap_err();
        assert!(is_antwoord(&vraag("--help")) && is_antwoord(&vraag("--version")) && !is_antwoord(&vraag("--iets")));
    }

    #[test]
    fn de_hulp_is_nederlands() {
        let lijst = Command::new("lijst").about("Toont een lijst").arg(Arg::new("wat").value_parser(["tabel", "json"]).default_value("json"));
        let loket = Command::new("loket").version("1").subcommand_required(true).subcommand(lijst.long_about("Toont een lijst.\n\nMet uitleg."));
        for argumenten in [&["loket", "--help"][..], &["loket", "-h"], &["loket", "lijst", "--help"], &["loket", "lijst", "-h"]] {
            let tekst = antwoord(&loket.clone().try_get_matches_from(argumenten).unwrap_err());
            assert!(tekst.contains("Gebruik: loket"), "{tekst}");
            for engels in ["Usage", "Options", "OPTIONS", "Commands", "COMMAND", "Print", "default", "possible", "see "] {
                assert!(!tekst.contains(engels), "{argumenten:?}: {engels} in {tekst}");
            }
        }
    }
}
