//! Het resultaat van een afname als toegankelijke PDF.

use domain::Moment;
use domain::afnames::Hoedanigheid;
use domain::resultaten::{GroepResultaat, Resultaat, VraagResultaat};
use serde_json::{Value, json};
use stukken::nederlands::{dag, tijdstip};
use stukken::pdf::{PdfFout, Sjabloon, maak_met_beelden};
use stukken::svg::getal;

use super::resultaat::{ondertitel, radar};
use crate::antwoord::Stuk;

/// Wat in plaats van een ontbrekend getal staat; een lege cel leest een voorleesprogramma niet.
const GEEN: &str = "geen";

fn score(waarde: Option<f64>) -> String {
    waarde.map_or_else(|| GEEN.to_owned(), getal)
}

fn verschil(waarde: Option<f64>) -> String {
    waarde.map_or_else(|| GEEN.to_owned(), |w| if w > 0.0 { format!("+{}", getal(w)) } else { getal(w) })
}

fn groep(g: &GroepResultaat) -> Value {
    json!({ "titel": g.titel, "score": score(g.score), "verschil": verschil(g.verschil), "vragen": format!("{} van {}", g.vragen_met_score, g.vragen) })
}

fn vraag(v: &VraagResultaat) -> Value {
    let nummer = if v.kernvraag { format!("{} •", v.nummer) } else { v.nummer.to_string() };
    let spreiding = v.laagste.zip(v.hoogste).map_or_else(|| GEEN.to_owned(), |(laag, hoog)| format!("{} tot {}", getal(laag), getal(hoog)));
    let telt = format!("{} van {}", v.meegeteld, v.meegeteld + v.niet_meegeteld);
    json!({ "nummer": nummer, "vraag": v.vraag, "score": score(v.score), "spreiding": spreiding, "telt": telt, "verschil": verschil(v.verschil) })
}

const fn namens(hoedanigheid: Hoedanigheid) -> &'static str {
    match hoedanigheid {
        Hoedanigheid::EigenOrganisatie => "eigen organisatie",
        Hoedanigheid::Buurorganisatie => "buurorganisatie",
        Hoedanigheid::Adoptiepartner => "adoptiepartner",
        Hoedanigheid::Nipv => "NIPV",
    }
}

fn gegevens(r: &Resultaat, organisatie: &str, nu: Moment) -> Value {
    let opmerkingen: Vec<Value> = r
        .vragen
        .iter()
        .flat_map(|v| v.opmerkingen.iter().flatten().map(|o| json!({ "vraag": v.nummer.to_string(), "wie": namens(o.hoedanigheid), "tekst": o.tekst })))
        .collect();
    let assen: Vec<String> = r.categorieen.iter().map(|c| format!("{} {}", c.titel, score(c.score))).collect();
    let mededeling = match (r.tussenstand, r.schaal_voorlopig) {
        (true, _) => Some("Tussenstand: de afname is nog open en dit resultaat kan veranderen."),
        (false, true) => Some("NIPV heeft de antwoordschaal nog niet vastgesteld. Er is geen norm en geen geslaagd of gezakt."),
        (false, false) => None,
    };
    let stand = if r.tussenstand { "open (tussenstand)" } else { "gesloten" };
    let schaal = if r.schaal_voorlopig { format!("{} (voorlopig)", r.antwoordschaal) } else { r.antwoordschaal.clone() };
    let eerder = r.vorige.as_ref().map_or_else(|| "geen eerdere afname".to_owned(), |v| format!("afname van {}", dag(v.begin_datum)));
    let team = match (&r.team, r.coordinatieniveau) {
        (Some(team), Some(niveau)) => format!("{team} ({niveau})"),
        (Some(team), None) => team.clone(),
        (None, Some(niveau)) => niveau.to_string(),
        (None, None) => "niet genoemd".to_owned(),
    };
    let groepen: Vec<Value> = [&r.totaal, &r.kernvragen].into_iter().chain(&r.categorieen).map(groep).collect();
    let per_categorie = |c: &GroepResultaat| -> Value {
        let vragen: Vec<Value> = r.vragen.iter().filter(|v| v.categorie == c.code).map(vraag).collect();
        json!({ "titel": c.titel, "vragen": vragen })
    };
    let vragen: Vec<Value> = r.categorieen.iter().map(per_categorie).collect();
    json!({
        "titel": r.titel,
        "organisatie": organisatie,
        "datum": dag(r.begin_datum),
        "team": team,
        "lijst": format!("{} uitgave {}", r.vragenlijst_code, r.uitgave),
        "stand": stand,
        "waarnemers": r.waarnemers.to_string(),
        "schaal": schaal,
        "vorige": eerder,
        "gemaaktOp": tijdstip(nu),
        "mededeling": mededeling,
        "radarTekst": format!("Radar van categorieën. {}. {}.", ondertitel(r), assen.join(", ")),
        "groepen": groepen,
        "vragen": vragen,
        "opmerkingen": opmerkingen,
    })
}

/// Zet de PDF; dat kost rekentijd en hoort op een blokkerende draad.
pub(super) fn maak(r: &Resultaat, organisatie: &str, nu: Moment) -> Result<Stuk, PdfFout> {
    let beeld = radar(r, "Score per categorie");
    let bytes = maak_met_beelden(Sjabloon::RESULTAAT, &gegevens(r, organisatie, nu), &[("radar.svg", beeld.as_bytes())], nu)?;
    Ok(Stuk::pdf(bytes, &format!("resultaat-{}.pdf", r.afname_id), None))
}
