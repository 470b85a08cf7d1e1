//! De opdrachten: elk één vraag of één handeling.

use std::io;
use std::time::Duration;

use clap::{Args, Subcommand};
use loket::{Fout, Gebeurtenis, Gelezen, Loket, Traject, TrajectFilter};
use serde::Serialize;

use crate::Vorm;
use crate::tabel::Tabel;

#[derive(Subcommand)]
pub(crate) enum Opdracht {
    /// Wie u bent, voor welke organisatie en met welke rollen.
    Ik,
    /// Toont het toegangstoken, om in een ander programma te gebruiken. Deel het met niemand.
    Token,
    /// Trajecten bekijken.
    #[command(subcommand)]
    Trajecten(Trajecten),
    /// De poorten van een traject: wat is voldaan en wat ontbreekt.
    Poort {
        /// Id of kenmerk.
        traject: String,
        /// Alleen deze stap.
        #[arg(long, value_parser = clap::value_parser!(u8).range(1..=5))]
        stap: Option<u8>,
    },
    /// Een traject naar een andere stap brengen.
    Stap {
        /// Id of kenmerk.
        traject: String,
        /// De nieuwe stap.
        #[arg(long, value_parser = clap::value_parser!(u8).range(1..=6))]
        naar: u8,
        /// Reden; verplicht bij een stap terug.
        #[arg(long)]
        reden: Option<String>,
    },
    /// De activiteiten van een traject.
    Activiteiten {
        /// Id of kenmerk.
        traject: String,
        /// Alleen met deze stand, bijvoorbeeld `open`.
        #[arg(long)]
        status: Option<String>,
    },
    /// Wijzigingen volgen.
    #[command(subcommand)]
    Gebeurtenissen(Gebeurtenissen),
}

#[derive(Subcommand)]
pub(crate) enum Trajecten {
    /// De trajecten waar u bij mag.
    Lijst(Lijst),
    /// Eén traject.
    Toon {
        /// Id of kenmerk.
        traject: String,
    },
}

#[derive(Args)]
pub(crate) struct Lijst {
    /// lopend, gepauzeerd, beeindigd of live.
    #[arg(long)]
    status: Option<String>,
    /// Fase 1 tot en met 3.
    #[arg(long)]
    fase: Option<u8>,
    /// Stap 1 tot en met 6.
    #[arg(long)]
    stap: Option<u8>,
    /// Code van de sector.
    #[arg(long)]
    sector: Option<String>,
    /// Id van een organisatie die partij is.
    #[arg(long)]
    partij: Option<String>,
    /// Alleen waarvan de deadline voorbij is.
    #[arg(long)]
    deadline_verstreken: bool,
    /// Tekst in kenmerk of organisatie.
    #[arg(long)]
    zoek: Option<String>,
    /// Hoogstens zoveel trajecten.
    #[arg(long, default_value_t = 50)]
    aantal: usize,
}

#[derive(Subcommand)]
pub(crate) enum Gebeurtenissen {
    /// Toont elke gebeurtenis, één per regel, en blijft volgen.
    Volgen {
        /// Alleen na dit volgnummer: het laatste dat u verwerkte.
        #[arg(long)]
        na: Option<String>,
        /// Stop als er niets meer is.
        #[arg(long)]
        eenmaal: bool,
        /// Seconden tussen twee keer kijken.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
        wacht: u64,
    },
}

pub(crate) async fn voer_uit(loket: &Loket, opdracht: &Opdracht, vorm: Vorm) -> Result<(), Fout> {
    match opdracht {
        Opdracht::Ik => ik(loket, vorm).await,
        Opdracht::Token => regel(io::stdout(), &loket.toegangstoken().await?.unwrap_or_default()),
        Opdracht::Trajecten(Trajecten::Lijst(keuze)) => lijst(loket, keuze, vorm).await,
        Opdracht::Trajecten(Trajecten::Toon { traject }) => toon(&zoek(loket, traject).await?, vorm),
        Opdracht::Poort { traject, stap } => poort(loket, traject, *stap, vorm).await,
        Opdracht::Stap { traject, naar, reden } => overgang(loket, traject, *naar, reden.as_deref(), vorm).await,
        Opdracht::Activiteiten { traject, status } => activiteiten(loket, traject, status.as_deref(), vorm).await,
        Opdracht::Gebeurtenissen(Gebeurtenissen::Volgen { na, eenmaal, wacht }) => volgen(loket, na.clone(), *eenmaal, Duration::from_secs(*wacht), vorm).await,
    }
}

async fn ik(loket: &Loket, vorm: Vorm) -> Result<(), Fout> {
    let ik = loket.ik().await?;
    if vorm == Vorm::Json {
        return json(&ik);
    }
    let mut tabel = Tabel::new(&["", ""]);
    tabel.regel([&*ik.soort, &ik.naam]);
    tabel.regel(["organisatie", &ik.organisatie_naam]);
    for (naam, waarden) in [("rollen", &ik.rollen), ("scopes", &ik.scopes)] {
        if !waarden.is_empty() {
            tabel.regel([naam, &waarden.join(", ")]);
        }
    }
    for (naam, waarde) in &ik.overig {
        tabel.regel([naam.as_str(), &plat(waarde)]);
    }
    toon_tabel(&tabel)
}

async fn lijst(loket: &Loket, keuze: &Lijst, vorm: Vorm) -> Result<(), Fout> {
    let filter = TrajectFilter {
        status: keuze.status.clone(),
        fase: keuze.fase,
        stap: keuze.stap,
        sector: keuze.sector.clone(),
        partij: keuze.partij.clone(),
        deadline_verstreken: keuze.deadline_verstreken,
        zoek: keuze.zoek.clone(),
        limit: u16::try_from(keuze.aantal.clamp(1, 200)).ok(),
    };
    let mut bladen = loket.trajecten(&filter)?;
    let mut trajecten: Vec<Traject> = Vec::new();
    while trajecten.len() < keuze.aantal {
        let Some(blad) = bladen.volgende().await? else { break };
        trajecten.extend(blad);
    }
    let meer = trajecten.len() > keuze.aantal || bladen.heeft_meer();
    trajecten.truncate(keuze.aantal);
    if vorm == Vorm::Json {
        return json(&trajecten);
    }
    let mut tabel = Tabel::new(&["kenmerk", "organisatie", "status", "stap", "deadline"]);
    for traject in &trajecten {
        let deadline = traject.deadline_datum.as_deref().unwrap_or("");
        tabel.regel([&*traject.kenmerk, &*traject.organisatie_naam, &*traject.status, &traject.stap.to_string(), deadline]);
    }
    toon_tabel(&tabel)?;
    if meer {
        regel(io::stderr(), "Er zijn er meer: vraag ze met --aantal of kies met --stap, --status, --zoek.")?;
    }
    Ok(())
}

fn toon(traject: &Gelezen<Traject>, vorm: Vorm) -> Result<(), Fout> {
    let traject = &traject.waarde;
    if vorm == Vorm::Json {
        return json(traject);
    }
    let mut tabel = Tabel::new(&["", ""]);
    tabel.regel(["kenmerk", &traject.kenmerk]);
    tabel.regel(["organisatie", &traject.organisatie_naam]);
    tabel.regel(["status", &traject.status]);
    tabel.regel(["stap", &format!("{} (fase {})", traject.stap, traject.fase)]);
    if let Some(vorm) = &traject.aansluitvorm {
        tabel.regel(["aansluitvorm", &format!("{}: {}", vorm.code, vorm.motivatie)]);
    }
    for partij in &traject.partijen {
        let tot = partij.tot_datum.as_ref().map(|dag| format!(" tot {dag}")).unwrap_or_default();
        tabel.regel([&*partij.rol, &format!("{} (vanaf {}{tot})", partij.organisatie_naam, partij.van_datum)]);
    }
    tabel.regel(["id", &traject.id]);
    toon_tabel(&tabel)
}

async fn poort(loket: &Loket, traject: &str, stap: Option<u8>, vorm: Vorm) -> Result<(), Fout> {
    let id = zoek(loket, traject).await?.waarde.id;
    let mut poorten = loket.poorten(&id).await?;
    poorten.retain(|poort| stap.is_none_or(|stap| poort.stap == stap));
    if vorm == Vorm::Json {
        return json(&poorten);
    }
    let mut tabel = Tabel::new(&["stap", "poort", "voldaan", "soort", "voorwaarde", "wat ontbreekt"]);
    for poort in &poorten {
        let stand = if poort.open { "open" } else { "dicht" };
        for voorwaarde in &poort.voorwaarden {
            let voldaan = match (voorwaarde.voldaan, &voorwaarde.afwijking_id) {
                (true, _) => "ja",
                (false, Some(_)) => "afwijking",
                (false, None) => "nee",
            };
            let ontbreekt = voorwaarde.ontbreekt.as_deref().unwrap_or("");
            tabel.regel([&*poort.stap.to_string(), stand, voldaan, &*voorwaarde.soort, &*voorwaarde.code, ontbreekt]);
        }
    }
    toon_tabel(&tabel)
}

async fn overgang(loket: &Loket, traject: &str, naar: u8, reden: Option<&str>, vorm: Vorm) -> Result<(), Fout> {
    let gelezen = zoek(loket, traject).await?;
    let overgang = loket.overgang(&gelezen, naar, reden).await?;
    if vorm == Vorm::Json {
        return json(&overgang);
    }
    regel(io::stdout(), &format!("{}: van stap {} naar stap {}.", gelezen.waarde.kenmerk, overgang.van_stap, overgang.naar_stap))
}

async fn activiteiten(loket: &Loket, traject: &str, status: Option<&str>, vorm: Vorm) -> Result<(), Fout> {
    let id = zoek(loket, traject).await?.waarde.id;
    let mut activiteiten = loket.activiteiten(&id).await?;
    activiteiten.retain(|activiteit| status.is_none_or(|status| activiteit.status == status));
    if vorm == Vorm::Json {
        return json(&activiteiten);
    }
    let mut tabel = Tabel::new(&["code", "status", "deadline", "actiehouders", "titel"]);
    for activiteit in &activiteiten {
        let houders: Vec<_> = activiteit.actiehouders.iter().map(|houder| houder.partij.as_str()).collect();
        let deadline = activiteit.deadline_datum.as_deref().unwrap_or("");
        tabel.regel([&*activiteit.code, &*activiteit.status, deadline, &houders.join(", "), &*activiteit.titel]);
    }
    toon_tabel(&tabel)
}

/// Volgt de stroom: na elke ronde verder vanaf het laatste volgnummer.
async fn volgen(loket: &Loket, mut na: Option<String>, eenmaal: bool, wacht: Duration, vorm: Vorm) -> Result<(), Fout> {
    loop {
        let mut bladen = loket.gebeurtenissen(na.as_deref())?;
        while let Some(blad) = bladen.volgende().await? {
            for gebeurtenis in &blad {
                toon_gebeurtenis(gebeurtenis, vorm)?;
                na = Some(gebeurtenis.sequence.clone());
            }
        }
        if eenmaal {
            return Ok(());
        }
        tokio::time::sleep(wacht).await;
    }
}

fn toon_gebeurtenis(gebeurtenis: &Gebeurtenis, vorm: Vorm) -> Result<(), Fout> {
    match vorm {
        Vorm::Json => regel(io::stdout(), &tekst(gebeurtenis)?),
        Vorm::Tabel => regel(io::stdout(), &format!("{}  {:>6}  {}  {}", gebeurtenis.time, gebeurtenis.sequence, gebeurtenis.soort, gebeurtenis.subject)),
    }
}

/// Een traject op id, of op kenmerk als het zo geschreven is.
async fn zoek(loket: &Loket, gevraagd: &str) -> Result<Gelezen<Traject>, Fout> {
    if !gevraagd.starts_with("T-") {
        return loket.traject(gevraagd).await;
    }
    let filter = TrajectFilter { zoek: Some(gevraagd.to_owned()), ..TrajectFilter::default() };
    let gevonden = loket.trajecten(&filter)?.volgende().await?.unwrap_or_default().into_iter().find(|traject| traject.kenmerk == gevraagd);
    match gevonden {
        Some(traject) => loket.traject(&traject.id).await,
        // Niet gevonden is wat de dienst er zelf over zegt.
        None => loket.traject("onbekend").await,
    }
}

fn plat(waarde: &serde_json::Value) -> String {
    waarde.as_str().map_or_else(|| waarde.to_string(), ToOwned::to_owned)
}

fn tekst(waarde: &impl Serialize) -> Result<String, Fout> {
    serde_json::to_string(waarde).map_err(|fout| Fout::Antwoord(fout.to_string()))
}

fn json(waarde: &impl Serialize) -> Result<(), Fout> {
    regel(io::stdout(), &serde_json::to_string_pretty(waarde).map_err(|fout| Fout::Antwoord(fout.to_string()))?)
}

fn toon_tabel(tabel: &Tabel) -> Result<(), Fout> {
    regel(io::stdout(), tabel.tekst().trim_end())
}

/// Schrijft een regel. Een lezer die ophoudt (`| head`) is geen fout.
fn regel(mut uit: impl io::Write, tekst: &str) -> Result<(), Fout> {
    match writeln!(uit, "{tekst}").and_then(|()| uit.flush()) {
        Err(fout) if fout.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(fout) => Err(Fout::Instelling(format!("Niet te schrijven: {fout}"))),
        Ok(()) => Ok(()),
    }
}
