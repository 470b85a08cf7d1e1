//! Het overzicht om te bekijken en af te drukken: profielen tegen rechten, en mensen tegen profielen.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::autorisatieplannen::{Autorisatieplan, Planinhoud, Recht};
use stukken::matrix::{Matrix, svg};

use super::laad;
use crate::prelude::*;
use crate::tabelbestand::Tekening;
use crate::van_organisatie;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_planoverzicht);
}

/// Geeft het plan als tekening (SVG): welk profiel mag wat op welke pagina, en wie welk profiel krijgt.
///
/// Namen van gebruikers staan erin voor wie de gebruikerslijst mag zien; anders hun id.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan")),
    responses((status = 200, description = "Het overzicht", content((String = "image/svg+xml")))),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/overzicht")]
pub(crate) async fn lees_planoverzicht(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Tekening, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    app.store
        .read(move |conn| -> Result<_, Problem> {
            let plan = laad(conn, &gate, Action::AutorisatieplanLezen, id)?;
            let organisatie = store::organisaties::get(conn, plan.organisatie_id)?.map(|o| o.naam).unwrap_or_default();
            let mag_namen = gate.may(Action::GebruikerLezen, &van_organisatie::laad(conn, plan.organisatie_id)?).is_ok();
            let namen = match mag_namen {
                true => store::gebruikers::alle(conn, plan.organisatie_id)?.into_values().map(|g| (g.id, g.naam)).collect(),
                false => HashMap::new(),
            };
            let inhoud = store::autorisatieplannen::inhoud(conn, id)?;
            Ok(Tekening(svg(&kop(&plan, &organisatie), &[rechten(&inhoud), toewijzingen(&inhoud, &namen)])))
        })
        .await
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
