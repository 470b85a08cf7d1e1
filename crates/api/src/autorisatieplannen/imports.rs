//! Een plan uit een bestand: eerst kijken hoe het zou gaan, of meteen alles of niets vervangen.

use std::sync::Arc;

use actix_web::web::Payload;
use domain::autorisatieplannen::{Autorisatieplan, Ernst, KOPPEN, Planinhoud, Planverschillen, bevindingen, uit_rijen};
use stukken::tabel::Lezer;

use super::beoordeling::{MEESTE_BEVINDINGEN, Planbevindingen};
use super::inhoud::{adressen, keur, zet};
use super::{feiten, laad};
use crate::gebruikers::Tabel;
use crate::invoer::Bestand;
use crate::prelude::*;
use crate::problem::Veldfout;
use crate::tabelbestand;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(importeer_planinhoud);
}

/// Grootste bestand; het document noemt hetzelfde getal in `x-max-body`.
const GROOTSTE: usize = 8 * 1024 * 1024;
/// Hoeveel fouten een verslag hoogstens noemt; wie er zoveel heeft, herstelt eerst de oorzaak.
const MEESTE_FOUTEN: usize = 1_000;

/// Hoe te importeren.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Planimportwijze {
    /// Alleen bekijken hoe het zou gaan; er verandert niets.
    pub proef: Option<bool>,
}

/// Een fout in een bestand met een plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Planimportfout {
    /// Rij in de tabel, zoals een rekenblad telt; afwezig bij JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 17)]
    pub rij: Option<u32>,
    /// Naam van de kolom; afwezig bij JSON en als de hele rij niet klopt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "team")]
    pub kolom: Option<String>,
    /// De plaats zoals een echte import haar noemt: `/rij/kolom`, of een JSON Pointer.
    #[schema(example = "/17/team")]
    pub location: String,
    /// Vaste code.
    #[schema(example = "code-ongeldig")]
    pub code: String,
    /// Wat er mis is en wat wel mag.
    pub detail: String,
}

/// Hoe een import zou gaan. Er is niets gewijzigd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Planimportproef {
    /// Gelezen rijen zonder de kop; bij JSON profielen en toewijzingen samen.
    #[schema(minimum = 0, example = 240)]
    pub gelezen: usize,
    /// Hoeveel fouten er zijn; het verslag noemt de eerste duizend. Met een fout wordt de import geweigerd.
    #[schema(minimum = 0, example = 0)]
    pub aantal_fouten: usize,
    /// De fouten, per rij en kolom.
    pub fouten: Vec<Planimportfout>,
    /// Wat er in het plan zou veranderen, als er geen fouten zijn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verschillen: Option<Planverschillen>,
    /// Wat er daarna aan het plan niet zou kloppen, als er geen fouten zijn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bevindingen: Option<Planbevindingen>,
}

/// Wat er binnenkwam.
enum Invoer {
    Tabel(Vec<(u32, Vec<String>)>),
    Inhoud(Planinhoud),
}

impl Invoer {
    async fn ontvang(json: Option<Planinhoud>, payload: Payload) -> Result<Self, Problem> {
        if let Some(inhoud) = json {
            return Ok(Self::Inhoud(inhoud));
        }
        let bestand = Arc::new(Bestand::ontvang(payload, GROOTSTE).await?);
        let lezer = tabelbestand::open(Arc::clone(&bestand)).await?;
        Ok(Self::Tabel(actix_web::web::block(move || rijen(lezer)).await.map_err(problem::fout)??))
    }

    const fn gelezen(&self) -> usize {
        match self {
            Self::Tabel(rijen) => rijen.len(),
            Self::Inhoud(inhoud) => inhoud.profielen.len() + inhoud.toewijzingen.len(),
        }
    }

    /// De inhoud, of alle fouten op hun plaats.
    fn lees(&self, zoek: impl Fn(&str) -> Option<Id>) -> Result<Planinhoud, Vec<domain::Veldfout>> {
        match self {
            Self::Tabel(rijen) => uit_rijen(rijen, zoek),
            Self::Inhoud(inhoud) => inhoud.clone().geordend(),
        }
    }

    fn fout(&self, fout: domain::Veldfout) -> Planimportfout {
        let mut delen = fout.location.split('/').skip(1);
        let tabel = matches!(self, Self::Tabel(_));
        let rij = delen.next().and_then(|deel| deel.parse().ok()).filter(|_| tabel);
        let kolom = delen.next().map(ToOwned::to_owned).filter(|_| rij.is_some());
        Planimportfout { rij, kolom, location: fout.location, code: fout.code, detail: fout.detail }
    }
}

/// Vervangt de hele inhoud van een plan door een bestand: een tabel (CSV of werkmap) of JSON, zoals de export die geeft.
///
/// In een tabel staat een gebruiker met zijn id of, als u de gebruikerslijst mag zien, met zijn e-mailadres; fouten noemen rij en kolom
/// (`/17/team`). Met `proef=true` verandert er niets: het antwoord (200) zegt per rij en kolom wat er mis is of, als alles klopt, wat er zou
/// veranderen en welke bevindingen het plan dan heeft.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), Planimportwijze, IfMatch),
    request_body(content(
        (Planinhoud = "application/json"),
        (Tabel = "text/csv"),
        (Tabel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    responses(
        (status = 200, description = "Hoe de import zou gaan", body = Planimportproef),
        (status = 201, description = "Het plan met de nieuwe inhoud", body = Autorisatieplan),
    ),
    security(("toegang" = ["autorisatieplannen:schrijven"])),
    extensions(("x-actie" = json!("autorisatieplan.opstellen")), ("x-max-body" = json!(8388608))),
)]
#[post("/autorisatieplannen/{id}/inhoudsimports")]
pub(crate) async fn importeer_planinhoud(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    wijze: Query<Planimportwijze>,
    if_match: IfMatch,
    json: Body<Option<Planinhoud>>,
    payload: Payload,
) -> Result<Answer, Problem> {
    let (id, gate, poort) = (id.into_inner(), app.gate(&caller), app.gate(&caller));
    // Eerst wie, dan wat: wie dit niet mag, hoeft ons geen bestand te sturen.
    app.store.read(move |conn| laad(conn, &poort, Action::AutorisatieplanOpstellen, id)).await?;
    let invoer = Invoer::ontvang(json.into_inner(), payload).await?;
    if wijze.proef.unwrap_or(false) {
        let nu = app.clock.now();
        let proef = app.store.read(move |conn| proef(conn, &gate, id, &if_match, &invoer, nu)).await?;
        return Answer::ok(&proef)?.done();
    }
    app.write(&caller, None, move |tx, _| {
        let plan = laad(tx.conn(), &gate, Action::AutorisatieplanOpstellen, id)?;
        let adressen = adressen(tx.conn(), &gate, plan.organisatie_id)?;
        let plan = zet(tx, &gate, id, &if_match, |_| Ok(invoer.lees(|email| adressen.get(email).copied())?))?;
        Answer::created(&plan, format!("/autorisatieplannen/{id}"))?.etag(plan.versie).done()
    })
    .await
}

/// Gaat de hele weg van een import, behalve het vastleggen.
fn proef(conn: &mut store::Conn, gate: &Gate, id: Id, if_match: &IfMatch, invoer: &Invoer, nu: Moment) -> Result<Planimportproef, Problem> {
    let plan = laad(conn, gate, Action::AutorisatieplanOpstellen, id)?;
    let adressen = adressen(conn, gate, plan.organisatie_id)?;
    let leeg = Planimportproef { gelezen: invoer.gelezen(), aantal_fouten: 0, fouten: Vec::new(), verschillen: None, bevindingen: None };
    let inhoud = match invoer.lees(|email| adressen.get(email).copied()) {
        Ok(inhoud) => inhoud,
        Err(fouten) => {
            let aantal_fouten = fouten.len();
            let fouten = fouten.into_iter().take(MEESTE_FOUTEN).map(|fout| invoer.fout(fout)).collect();
            return Ok(Planimportproef { aantal_fouten, fouten, ..leeg });
        }
    };
    let voornemen = keur(conn, gate, id, if_match, nu, |_| Ok(inhoud))?;
    let gevonden = bevindingen(&voornemen.wordt, &feiten(conn, plan.organisatie_id, gate.vandaag())?, gate.vandaag());
    let aantal = |ernst: Ernst| gevonden.iter().filter(|b| b.ernst == ernst).count();
    let bevindingen = Planbevindingen {
        aantal_fouten: aantal(Ernst::Fout),
        aantal_waarschuwingen: aantal(Ernst::Waarschuwing),
        bevindingen: gevonden.into_iter().take(MEESTE_BEVINDINGEN).collect(),
    };
    Ok(Planimportproef { verschillen: Some(voornemen.verschillen), bevindingen: Some(bevindingen), ..leeg })
}

/// Leest alle rijen, met de cellen in de volgorde van de koppen.
fn rijen(mut lezer: Lezer) -> Result<Vec<(u32, Vec<String>)>, Problem> {
    let vreemd = |kop: &String| !KOPPEN.contains(&kop.as_str());
    let fout = |kop: &String| {
        let detail = format!("De kolom '{kop}' kennen wij niet; haal haar weg. Bekend zijn: {}.", KOPPEN.join(", "));
        Veldfout::body(format!("/{}/{kop}", lezer.koprij()), "kolom-onbekend", detail)
    };
    let fouten: Vec<Veldfout> = lezer.koppen().iter().filter(|kop| vreemd(kop)).map(fout).collect();
    if !fouten.is_empty() {
        return Err(fouten.into());
    }
    let plekken = KOPPEN.map(|kop| lezer.koppen().iter().position(|k| k == kop));
    let mut rijen = Vec::new();
    while let Some((nummer, cellen)) = lezer.volgende().map_err(tabelbestand::geweigerd)? {
        let cel = |plek: &Option<usize>| plek.and_then(|plek| cellen.get(plek)).cloned().unwrap_or_default();
        rijen.push((nummer, plekken.iter().map(cel).collect()));
    }
    Ok(rijen)
}
