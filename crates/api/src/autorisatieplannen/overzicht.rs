//! Het overzicht om te bekijken en af te drukken: profielen tegen rechten, en mensen tegen profielen.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use actix_web::{Either, HttpRequest};
use domain::autorisatieplannen::{Autorisatieplan, Planinhoud, Recht};
use stukken::matrix::{Matrix, svg};
use stukken::nederlands;
use stukken::pdf::{Sjabloon, maak};

use super::laad;
use crate::antwoord::Stuk;
use crate::middleware::negotiation;
use crate::prelude::*;
use crate::registraties::Pdf;
use crate::tabelbestand::Tekening;
use crate::van_organisatie;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_planoverzicht);
}

/// Meer toewijzingen passen niet in een leesbare PDF; de tekening en de werkmap hebben die grens niet.
const MEESTE_OP_PAPIER: usize = 1_500;

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
/// zien; anders hun id. Een plan met meer dan 1.500 toewijzingen komt niet als PDF.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan")),
    responses((status = 200, description = "Het overzicht", content((String = "image/svg+xml"), (Pdf = "application/pdf")))),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/overzicht")]
pub(crate) async fn lees_planoverzicht(app: Data<App>, caller: Caller, id: Path<Id>, req: HttpRequest) -> Result<Either<Tekening, Stuk>, Problem> {
    let (id, gate, nu) = (id.into_inner(), app.gate(&caller), app.clock.now());
    let als_pdf = negotiation::preferred(req.headers(), &["image/svg+xml".to_owned(), "application/pdf".to_owned()]) == Some(1);
    let blad = app.store.read(move |conn| lees(conn, &gate, id)).await?;
    if !als_pdf {
        let tekening = svg(&kop(&blad.plan, &blad.organisatie), &[rechten(&blad.inhoud), toewijzingen(&blad.inhoud, &blad.namen)]);
        return Ok(Either::Left(Tekening(tekening)));
    }
    if blad.inhoud.toewijzingen.len() > MEESTE_OP_PAPIER {
        let detail = format!("Dit plan heeft meer dan {MEESTE_OP_PAPIER} toewijzingen. Neem de tekening (SVG) of de werkmap van de inhoud.");
        return Err(problem::conflict("overzicht-te-groot", detail));
    }
    let (nummer, versie) = (blad.plan.volgnummer, blad.plan.versie);
    let bytes = actix_web::web::block(move || maak(Sjabloon::AUTORISATIEPLAN, &gegevens(&blad, nu), nu)).await.map_err(problem::fout)?;
    Ok(Either::Right(Stuk::pdf(bytes.map_err(problem::fout)?, &format!("autorisatieplan-{nummer}.pdf"), Some(versie))))
}

/// De gegevens voor de PDF.
fn gegevens(blad: &Blad, nu: Moment) -> serde_json::Value {
    let (rechten, mensen) = (rechten(&blad.inhoud), toewijzingen(&blad.inhoud, &blad.namen));
    let uitgeschreven = |matrix: &Matrix, cellen: &[(usize, String)], tekst: &dyn Fn(&str, &str) -> String| {
        let delen = cellen.iter().filter_map(|(kolom, teken)| Some(tekst(matrix.kolommen.get(*kolom)?, teken)));
        delen.collect::<Vec<_>>().join(", ")
    };
    let recht = |pagina: &str, teken: &str| {
        let woord = match teken {
            "L" => "lezen",
            "S" => "schrijven",
            _ => "beheren",
        };
        format!("{pagina}: {woord}")
    };
    let rol = |profiel: &str, teken: &str| if teken == "V" { format!("{profiel} (vervanger)") } else { profiel.to_owned() };
    let profielen = rechten.rijen.iter().zip(&blad.inhoud.profielen).map(|((naam, cellen), p)| {
        let plek = format!("{}, {}, {}", p.team, p.discipline, p.functie);
        serde_json::json!({ "naam": naam, "plek": plek, "rechten": uitgeschreven(&rechten, cellen, &recht) })
    });
    let mensen_uit = mensen.rijen.iter().map(|(naam, cellen)| serde_json::json!({ "naam": naam, "profielen": uitgeschreven(&mensen, cellen, &rol) }));
    serde_json::json!({
        "organisatie": blad.organisatie,
        "versie": blad.plan.volgnummer.to_string(),
        "status": blad.plan.status,
        "gemaaktOp": nederlands::tijdstip(nu),
        "profielen": profielen.collect::<Vec<_>>(),
        "mensen": mensen_uit.collect::<Vec<_>>(),
    })
}

fn kop(plan: &Autorisatieplan, organisatie: &str) -> String {
    format!("Autorisatieplan {organisatie}, versie {} ({})", plan.volgnummer, plan.status)
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
        (format!("{} ({})", p.naam, p.code), cellen.collect())
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
