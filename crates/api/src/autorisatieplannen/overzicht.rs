//! Het overzicht om te bekijken en af te drukken: profielen tegen rechten, en mensen tegen profielen.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use actix_web::Either;
use domain::autorisatieplannen::{Autorisatieplan, Planinhoud, Recht};
use stukken::matrix::{Matrix, svg};
use stukken::nederlands;
use stukken::pdf::{Sjabloon, maak};

use super::laad;
use crate::antwoord::{PDF, Stuk, zet};
use crate::invoer::Vorm;
use crate::prelude::*;
use crate::problem::Veldfout;
use crate::registraties::Pdf;
use crate::tabelbestand::Tekening;
use crate::van_organisatie;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_planoverzicht);
}

/// Zoveel mensen staan er in één deel van de PDF: zo blijven tijd en geheugen begrensd, hoe groot het plan ook is.
const PER_DEEL: usize = 1_000;

/// Welk deel van de PDF.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Overzichtsdeel {
    /// Deel van de PDF, vanaf 1; een tekening is altijd één geheel.
    #[param(minimum = 1, maximum = 10000, default = 1, example = 1)]
    pub deel: Option<usize>,
}

/// Wat er in het overzicht komt.
struct Blad {
    plan: Autorisatieplan,
    organisatie: String,
    namen: HashMap<Id, String>,
    inhoud: Planinhoud,
}

fn lees(conn: &mut store::Conn, gate: &Gate, id: Id) -> Result<Blad, Problem> {
    let plan = laad(conn, gate, Action::AutorisatieplanLezen, id)?;
    let organisatie = store::organisaties::get(conn, plan.organisatie_id)?.map(|o| o.naam).unwrap_or_default();
    let mag_namen = gate.may(Action::GebruikerLezen, &van_organisatie::laad(conn, plan.organisatie_id)?).is_ok();
    let namen = match mag_namen {
        true => store::gebruikers::alle(conn, plan.organisatie_id)?.into_values().map(|g| (g.id, g.naam)).collect(),
        false => HashMap::new(),
    };
    let inhoud = store::autorisatieplannen::inhoud(conn, id)?;
    Ok(Blad { plan, organisatie, namen, inhoud })
}

/// Geeft het plan als overzicht: welk profiel mag wat op welke pagina, en wie welk profiel krijgt.
///
/// Als tekening (SVG) of als toegankelijke PDF (PDF/UA-1) om af te drukken. Namen van gebruikers staan erin voor wie de gebruikerslijst mag
/// zien; anders hun id. Een PDF van een groot plan komt in delen van duizend mensen: `Link` met `rel="next"` wijst naar het volgende deel.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), Overzichtsdeel),
    responses((status = 200, description = "Het overzicht", content((String = "image/svg+xml"), (Pdf = "application/pdf")))),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/overzicht")]
pub(crate) async fn lees_planoverzicht(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    vraag: Query<Overzichtsdeel>,
    vorm: Vorm,
) -> Result<Either<Tekening, Stuk>, Problem> {
    let (id, gate, nu) = (id.into_inner(), app.gate(&caller), app.clock.now());
    let blad = app.store.read(move |conn| lees(conn, &gate, id)).await?;
    let mensen = toewijzingen(&blad.inhoud, &blad.namen);
    if !vorm.is(PDF) {
        return Ok(Either::Left(Tekening(svg("Autorisatieplan LCMS", &onder(&blad.plan, &blad.organisatie), &[rechten(&blad.inhoud), mensen]))));
    }
    let (deel, delen) = (vraag.deel.unwrap_or(1), mensen.rijen.len().div_ceil(PER_DEEL).max(1));
    if deel > delen {
        return Err(Veldfout::query("deel", "deel-onbekend", format!("is te groot: deze PDF heeft {delen} delen")).into());
    }
    let (nummer, versie) = (blad.plan.volgnummer, blad.plan.versie);
    let naam = if delen == 1 { format!("autorisatieplan-{nummer}.pdf") } else { format!("autorisatieplan-{nummer}-deel-{deel}-van-{delen}.pdf") };
    let volgende = (deel < delen).then(|| format!("</v1/autorisatieplannen/{id}/overzicht?deel={}>; rel=\"next\"", deel + 1));
    let bytes = zet(move || maak(Sjabloon::AUTORISATIEPLAN, &gegevens(&blad, &mensen, (deel, delen), nu), nu)).await?;
    Ok(Either::Right(Stuk::pdf(bytes, &naam, Some(versie)).link(volgende)))
}

/// De gegevens voor een deel van de PDF: de profielen staan in het eerste deel, de mensen over de delen verdeeld.
fn gegevens(blad: &Blad, mensen: &Matrix, (deel, delen): (usize, usize), nu: Moment) -> serde_json::Value {
    let rol = |(kolom, teken): &(usize, String)| {
        let profiel = mensen.kolommen.get(*kolom)?;
        Some(if teken == "V" { format!("{profiel} (vervanger)") } else { profiel.clone() })
    };
    let hier = mensen.rijen.iter().skip((deel - 1) * PER_DEEL).take(PER_DEEL);
    let mensen_uit = hier.map(|(naam, cellen)| serde_json::json!({ "naam": naam, "profielen": cellen.iter().filter_map(rol).collect::<Vec<_>>().join(", ") }));
    let profielen = blad.inhoud.profielen.iter().take(if deel == 1 { usize::MAX } else { 0 });
    let mededeling = (delen > 1).then(|| {
        format!(
            "Deel {deel} van {delen}: mensen {} tot en met {} van {}.",
            (deel - 1) * PER_DEEL + 1,
            (deel * PER_DEEL).min(mensen.rijen.len()),
            mensen.rijen.len()
        )
    });
    serde_json::json!({
        "organisatie": blad.organisatie,
        "versie": blad.plan.volgnummer.to_string(),
        "status": blad.plan.status,
        "gemaaktOp": nederlands::tijdstip(nu),
        "mededeling": mededeling,
        "eersteDeel": deel == 1,
        "profielen": profielen.map(profiel).collect::<Vec<_>>(),
        "mensen": mensen_uit.collect::<Vec<_>>(),
    })
}

/// Een profiel met zijn rechten, per recht bij elkaar: zo leest het sneller dan pagina voor pagina.
fn profiel(p: &domain::autorisatieplannen::Profiel) -> serde_json::Value {
    let van = |recht: Recht| p.rechten.iter().filter(|r| r.recht == recht).map(|r| r.pagina.as_str()).collect::<Vec<_>>().join(", ");
    let rechten: Vec<_> = [("Lezen", Recht::Lezen), ("Schrijven", Recht::Schrijven), ("Beheren", Recht::Beheren)]
        .map(|(woord, recht)| (woord, van(recht)))
        .into_iter()
        .filter(|(_, paginas)| !paginas.is_empty())
        .map(|(woord, paginas)| serde_json::json!({ "woord": woord, "paginas": paginas }))
        .collect();
    serde_json::json!({ "naam": p.naam, "code": p.code, "plek": format!("{}, {}, {}", p.team, p.discipline, p.functie), "rechten": rechten })
}

fn onder(plan: &Autorisatieplan, organisatie: &str) -> String {
    format!("{organisatie}, versie {} ({})", plan.volgnummer, plan.status)
}

/// De naam van een profiel met zijn code. Een lange naam wordt ingekort, de code nooit: zij staat ook boven de kolommen van de mensen.
fn naam_met_code(naam: &str, code: &str) -> String {
    let kort = if naam.chars().count() <= 36 { naam.to_owned() } else { format!("{}…", naam.chars().take(35).collect::<String>()) };
    format!("{kort} ({code})")
}

fn rechten(inhoud: &Planinhoud) -> Matrix {
    let paginas: BTreeSet<&str> = inhoud.profielen.iter().flat_map(|p| &p.rechten).map(|r| r.pagina.as_str()).collect();
    let plek: HashMap<&str, usize> = paginas.iter().enumerate().map(|(plek, naam)| (*naam, plek)).collect();
    let letter = |recht: Recht| match recht {
        Recht::Lezen => "L",
        Recht::Schrijven => "S",
        Recht::Beheren => "B",
    };
    let rij = |p: &domain::autorisatieplannen::Profiel| {
        let cellen = p.rechten.iter().filter_map(|r| Some((*plek.get(r.pagina.as_str())?, letter(r.recht).to_owned())));
        (naam_met_code(&p.naam, &p.code), cellen.collect())
    };
    Matrix {
        titel: "Wat een profiel mag".to_owned(),
        uitleg: "L lezen, S schrijven, B beheren".to_owned(),
        kolommen: paginas.iter().map(|naam| (*naam).to_owned()).collect(),
        rijen: inhoud.profielen.iter().map(rij).collect(),
    }
}

fn toewijzingen(inhoud: &Planinhoud, namen: &HashMap<Id, String>) -> Matrix {
    let plek: HashMap<&str, usize> = inhoud.profielen.iter().enumerate().map(|(plek, p)| (p.code.as_str(), plek)).collect();
    let mut per_mens: BTreeMap<(String, Id), Vec<(usize, String)>> = BTreeMap::new();
    for t in &inhoud.toewijzingen {
        let Some(kolom) = plek.get(t.profiel.as_str()) else { continue };
        let naam = namen.get(&t.gebruiker_id).cloned().unwrap_or_else(|| t.gebruiker_id.to_string());
        let teken = if t.vervanger { "V" } else { "X" };
        per_mens.entry((naam, t.gebruiker_id)).or_default().push((*kolom, teken.to_owned()));
    }
    Matrix {
        titel: "Wie welk profiel krijgt".to_owned(),
        uitleg: "X houder, V vervanger".to_owned(),
        kolommen: inhoud.profielen.iter().map(|p| p.code.clone()).collect(),
        rijen: per_mens.into_iter().map(|((naam, _), cellen)| (naam, cellen)).collect(),
    }
}
