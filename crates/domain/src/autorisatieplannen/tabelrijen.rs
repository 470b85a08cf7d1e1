//! Een plan als tabel en terug, zonder verlies: één rij per profiel, recht en toewijzing.

use super::{Paginarecht, Planinhoud, Profiel, Toewijzing};
use crate::invoer::{Veldfout, klaar};
use crate::{Datum, Id};

/// De koppen van de tabel.
pub const KOPPEN: [&str; 13] =
    ["soort", "profiel", "naam", "team", "discipline", "functie", "pagina", "recht", "gebruiker", "e-mail", "vervanger", "van", "tot"];

impl Planinhoud {
    /// De inhoud als rijen bij [`KOPPEN`]; `email` geeft het adres van een gebruiker als de lezer dat mag zien.
    #[must_use]
    pub fn rijen(&self, email: impl Fn(Id) -> Option<String>) -> Vec<[String; 13]> {
        let mut rijen = Vec::with_capacity(self.profielen.len() * 4 + self.toewijzingen.len());
        let leeg = || -> [String; 13] { Default::default() };
        for p in &self.profielen {
            let mut rij = leeg();
            let velden = ["profiel", &p.code, &p.naam, &p.team, &p.discipline, &p.functie];
            rij.iter_mut().zip(velden).for_each(|(cel, veld)| veld.clone_into(cel));
            rijen.push(rij);
            for r in &p.rechten {
                let mut rij = leeg();
                let velden = ["recht", &p.code, "", "", "", "", &r.pagina, r.recht.as_str()];
                rij.iter_mut().zip(velden).for_each(|(cel, veld)| veld.clone_into(cel));
                rijen.push(rij);
            }
        }
        let dag = |d: Option<Datum>| d.map(|d| d.to_string()).unwrap_or_default();
        for t in &self.toewijzingen {
            let mut rij = leeg();
            let (id, adres) = (t.gebruiker_id.to_string(), email(t.gebruiker_id).unwrap_or_default());
            let vervanger = if t.vervanger { "ja" } else { "nee" };
            let (van, tot) = (dag(t.van_datum), dag(t.tot_datum));
            let velden = ["toewijzing", &t.profiel, "", "", "", "", "", "", &id, &adres, vervanger, &van, &tot];
            rij.iter_mut().zip(velden).for_each(|(cel, veld)| veld.clone_into(cel));
            rijen.push(rij);
        }
        rijen
    }
}

/// Een cel op naam van haar kop.
struct Rij<'a> {
    plek: usize,
    cellen: &'a [String],
}

impl<'a> Rij<'a> {
    fn cel(&self, kop: &str) -> &'a str {
        let plek = KOPPEN.iter().position(|k| *k == kop);
        plek.and_then(|plek| self.cellen.get(plek)).map_or("", |tekst| tekst.as_str())
    }

    fn fout(&self, kop: &str, code: &str, detail: &str) -> Veldfout {
        Veldfout::new(format!("/{}/{kop}", self.plek), code, detail)
    }

    fn datum(&self, kop: &str, fouten: &mut Vec<Veldfout>) -> Option<Datum> {
        let tekst = self.cel(kop);
        if tekst.is_empty() {
            return None;
        }
        let datum = tekst.parse().ok();
        if datum.is_none() {
            fouten.push(self.fout(kop, "datum-ongeldig", "Schrijf een datum als jjjj-mm-dd."));
        }
        datum
    }
}

/// Uit welke rij ieder deel van de inhoud komt, om fouten in die inhoud op rij en kolom te noemen.
#[derive(Default)]
struct Herkomst {
    profielen: Vec<(u32, Vec<u32>)>,
    toewijzingen: Vec<u32>,
}

impl Herkomst {
    /// De plaats in de tabel bij een JSON Pointer in de inhoud.
    fn plaats(&self, pointer: &str) -> Option<String> {
        let delen: Vec<&str> = pointer.split('/').skip(1).collect();
        let plek = |tekst: &str| tekst.parse::<usize>().ok();
        let (rij, veld) = match *delen.as_slice() {
            ["profielen", profiel, "rechten", recht, veld] => (*self.profielen.get(plek(profiel)?)?.1.get(plek(recht)?)?, veld),
            ["profielen", profiel, veld] => (self.profielen.get(plek(profiel)?)?.0, veld),
            ["toewijzingen", toewijzing] => (*self.toewijzingen.get(plek(toewijzing)?)?, ""),
            ["toewijzingen", toewijzing, veld] => (*self.toewijzingen.get(plek(toewijzing)?)?, veld),
            _ => return None,
        };
        let kolom = match veld {
            "code" | "" => "profiel",
            "vanDatum" => "van",
            "totDatum" => "tot",
            "gebruikerId" => "gebruiker",
            kolom => kolom,
        };
        Some(format!("/{rij}/{kolom}"))
    }
}

/// Leest een plan uit rijen; `zoek` vindt een gebruiker bij een e-mailadres. Elke rij telt met haar eigen nummer (`/17/team`).
///
/// # Errors
/// Alle fouten, op rij en kolom.
pub fn uit_rijen(rijen: &[(u32, Vec<String>)], zoek: impl Fn(&str) -> Option<Id>) -> Result<Planinhoud, Vec<Veldfout>> {
    let (mut inhoud, mut fouten, mut herkomst) = (Planinhoud::default(), Vec::new(), Herkomst::default());
    let mut bij_code: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for (nummer, cellen) in rijen {
        let rij = Rij { plek: usize::try_from(*nummer).unwrap_or(usize::MAX), cellen };
        match rij.cel("soort") {
            "profiel" => {
                let profiel = profiel(&rij);
                bij_code.entry(profiel.code.clone()).or_insert(inhoud.profielen.len());
                inhoud.profielen.push(profiel);
                herkomst.profielen.push((*nummer, Vec::new()));
            }
            "recht" => {
                let plek = bij_code.get(rij.cel("profiel")).copied().unwrap_or(usize::MAX);
                match (inhoud.profielen.get_mut(plek).zip(herkomst.profielen.get_mut(plek)), rij.cel("recht").parse()) {
                    (None, _) => fouten.push(rij.fout("profiel", "profiel-onbekend", "Zet de rij van dit profiel boven zijn rechten.")),
                    (_, Err(_)) => fouten.push(rij.fout("recht", "keuze", "Kies lezen, schrijven of beheren.")),
                    (Some((profiel, (_, rijen))), Ok(recht)) => {
                        profiel.rechten.push(Paginarecht { pagina: rij.cel("pagina").to_owned(), recht });
                        rijen.push(*nummer);
                    }
                }
            }
            "toewijzing" => {
                if let Some(toewijzing) = toewijzing(&rij, &zoek, &mut fouten) {
                    inhoud.toewijzingen.push(toewijzing);
                    herkomst.toewijzingen.push(*nummer);
                }
            }
            _ => fouten.push(rij.fout("soort", "keuze", "Kies profiel, recht of toewijzing.")),
        }
    }
    match inhoud.geordend() {
        Ok(inhoud) => klaar(fouten, inhoud),
        Err(in_inhoud) => {
            let op_rij = |fout: Veldfout| Veldfout { location: herkomst.plaats(&fout.location).unwrap_or(fout.location), ..fout };
            fouten.extend(in_inhoud.into_iter().map(op_rij));
            fouten.sort_by_key(|fout| fout.location.split('/').nth(1).and_then(|rij| rij.parse::<u32>().ok()));
            Err(fouten)
        }
    }
}

fn profiel(rij: &Rij<'_>) -> Profiel {
    Profiel {
        code: rij.cel("profiel").to_owned(),
        naam: rij.cel("naam").to_owned(),
        team: rij.cel("team").to_owned(),
        discipline: rij.cel("discipline").to_owned(),
        functie: rij.cel("functie").to_owned(),
        rechten: Vec::new(),
    }
}

fn toewijzing(rij: &Rij<'_>, zoek: impl Fn(&str) -> Option<Id>, fouten: &mut Vec<Veldfout>) -> Option<Toewijzing> {
    let (id, adres) = (rij.cel("gebruiker"), rij.cel("e-mail"));
    let gebruiker = if id.is_empty() { zoek(&adres.to_lowercase()) } else { id.parse().ok() };
    if gebruiker.is_none() {
        fouten.push(rij.fout("gebruiker", "gebruiker-onbekend", "Geef het id of het e-mailadres van een gebruiker op uw gebruikerslijst."));
    }
    let vervanger = match rij.cel("vervanger") {
        "" | "nee" => false,
        "ja" => true,
        _ => {
            fouten.push(rij.fout("vervanger", "keuze", "Kies ja of nee."));
            false
        }
    };
    let (van_datum, tot_datum) = (rij.datum("van", fouten), rij.datum("tot", fouten));
    Some(Toewijzing { profiel: rij.cel("profiel").to_owned(), gebruiker_id: gebruiker?, vervanger, van_datum, tot_datum })
}
