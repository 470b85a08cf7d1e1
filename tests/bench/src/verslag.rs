//! Het verslag: doel, uitkomst, en op welke machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Opties, Uitkomst, meld};

/// Eén uitkomst naast haar doel.
pub(crate) struct Regel {
    naam: String,
    doel: f64,
    gemeten: f64,
    minstens: bool,
    bij: String,
}

impl Regel {
    pub(crate) fn minstens(naam: &str, doel: f64, gemeten: f64) -> Self {
        Self { naam: naam.to_owned(), doel, gemeten, minstens: true, bij: String::new() }
    }

    pub(crate) fn hoogstens(naam: &str, doel: f64, gemeten: f64) -> Self {
        Self { minstens: false, ..Self::minstens(naam, doel, gemeten) }
    }

    pub(crate) fn met(self, bij: String) -> Self {
        Self { bij, ..self }
    }

    fn gehaald(&self) -> bool {
        if self.minstens { self.gemeten >= self.doel } else { self.gemeten <= self.doel }
    }

    fn tekst(&self) -> String {
        let (woord, oordeel) = (if self.minstens { "minstens" } else { "hoogstens" }, if self.gehaald() { "ja" } else { "**nee**" });
        let getal = |getal: f64| if self.doel < 20.0 { format!("{getal:.2}") } else { format!("{getal:.0}") };
        format!("| {} | {woord} {} | {} | {oordeel} | {} |", self.naam, getal(self.doel), getal(self.gemeten), self.bij)
    }
}

/// Alle uitkomsten van een ronde.
pub(crate) struct Verslag {
    machine: String,
    hoe: String,
    bytes: usize,
    regels: Vec<Regel>,
}

impl Verslag {
    pub(crate) fn begin(opties: &Opties) -> Uitkomst<Self> {
        let hoe = format!(
            "{} verbindingen, {} metingen van {} seconden per getal, de middelste telt; vastleggen met 16 schrijvers; de grote opslag heeft {} trajecten",
            opties.verbindingen, opties.rondes, opties.seconden, opties.trajecten
        );
        Ok(Self { machine: machine()?, hoe, bytes: 0, regels: Vec::new() })
    }

    pub(crate) fn grootte(&mut self, bytes: usize) {
        self.bytes = bytes;
    }

    pub(crate) fn voeg_toe(&mut self, regel: Regel) {
        meld(&regel.tekst());
        self.regels.push(regel);
    }

    pub(crate) fn gehaald(&self) -> bool {
        self.regels.iter().all(Regel::gehaald)
    }

    pub(crate) fn tekst(&self) -> String {
        let regels: Vec<_> = self.regels.iter().map(Regel::tekst).collect();
        format!(
            "# Prestaties\n\n\
             Gemeten met `just bench`: verhoudingen binnen één ronde op één machine. Belasting, dienst, vergelijking en database delen daar dezelfde kernen; \
             alles gaat over 127.0.0.1. De vergelijking is een kale actix-web die hetzelfde traject ({} bytes) als JSON schrijft, zonder toegang, opslag of koppen.\n\n\
             {}\n\nHoe: {}.\n\n\
             | wat | doel | gemeten | gehaald | getallen |\n| --- | --- | --- | --- | --- |\n{}\n\n\
             Kale vastlegging is één rij van 300 bytes per transactie, met dezelfde duurzaamheid (SQLite: WAL en `synchronous=FULL`; PostgreSQL: `fsync` aan). \
             Onze eigen vastlegging schrijft in dezelfde transactie ook de auditregel, die tegelijk de gebeurtenis is.\n",
            self.bytes,
            self.machine,
            self.hoe,
            regels.join("\n"),
        )
    }

    pub(crate) fn schrijf(&self, bestand: &Path) -> Uitkomst<()> {
        fs::write(bestand, self.tekst()).map_err(|fout| format!("{}: {fout}", bestand.display()))
    }
}

fn machine() -> Uitkomst<String> {
    let cpu = fs::read_to_string("/proc/cpuinfo").map_err(|fout| fout.to_string())?;
    let model = cpu.lines().find_map(|regel| regel.strip_prefix("model name")?.split_once(": ").map(|(_, naam)| naam.to_owned())).unwrap_or_default();
    let kernen = cpu.lines().filter(|regel| regel.starts_with("processor")).count();
    let geheugen =
        fs::read_to_string("/proc/meminfo").ok().and_then(|tekst| tekst.lines().next()?.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or_default();
    Ok(format!(
        "Machine: {model}, {kernen} kernen, {} GB geheugen, {}. {}. Datum: {}.",
        geheugen / 1_048_576,
        zegt("uname", &["-sr"]),
        zegt("rustc", &["--version"]),
        zegt("date", &["-I"])
    ))
}

fn zegt(programma: &str, argumenten: &[&str]) -> String {
    Command::new(programma).args(argumenten).output().map(|uit| String::from_utf8_lossy(&uit.stdout).trim().to_owned()).unwrap_or_default()
}
