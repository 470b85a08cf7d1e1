//! Resultaten van een afname: cijfers, tabel en beelden.

use actix_web::{HttpRequest, HttpResponse, Responder};
use domain::Datum;
use domain::afnames::antwoorden::standen;
use domain::afnames::{Afname, AfnameStatus, Stand};
use domain::resultaten::{Meegeteld, Resultaat, resultaat};
use domain::vragenlijsten::vertaling;
use store::Conn;
use stukken::svg;
use stukken::tabel::Cel;

use super::laad;
use crate::antwoord::{PDF, SVG, zet};
use crate::invoer::Vorm;
use crate::prelude::*;
use crate::registraties::Pdf;
use crate::tabelbestand::Tabelbestand;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_resultaat).service(teken_radar).service(teken_staafdiagram).service(teken_trend).service(exporteer_antwoorden);
}

/// Hoeveel metingen de trend laat zien.
const METINGEN: usize = 10;

/// Wat per waarnemer meetelt.
fn meegeteld(conn: &mut Conn, afname: &Afname) -> Result<Vec<Meegeteld>, Problem> {
    let mut per_invulling = store::afnames::van_afname(conn, afname.id)?;
    let waarnemers = store::afnames::waarnemers(conn, afname.id)?;
    let telt = waarnemers.iter().filter(|w| w.telt_mee());
    Ok(telt.map(|w| Meegeteld { hoedanigheid: w.hoedanigheid, standen: standen(&per_invulling.remove(&w.id).unwrap_or_default()) }).collect())
}

/// Het resultaat van een afname op zichzelf.
pub(crate) fn bereken(conn: &mut Conn, afname: &Afname) -> Result<Resultaat, Problem> {
    let lijst = store::vragenlijsten::get(conn, afname.vragenlijst_id)?.ok_or_else(problem::niet_gevonden)?;
    Ok(resultaat(afname, &lijst, &meegeteld(conn, afname)?))
}

/// Het resultaat van een eerdere afname, vertaald naar de uitgave van deze; `None` als dat niet kan.
fn vertaald(conn: &mut Conn, afname: &Afname, eerder: &Afname) -> Result<Option<(Resultaat, domain::vragenlijsten::Vertaling)>, Problem> {
    let uitgaven = store::vragenlijsten::van_code(conn, &afname.vragenlijst_code)?;
    let vind = |id: Id| uitgaven.iter().find(|v| v.id == id);
    let Some((van, naar)) = vind(eerder.vragenlijst_id).zip(vind(afname.vragenlijst_id)) else { return Ok(None) };
    match vertaling(van, naar, &uitgaven) {
        Some(vertaling) => Ok(Some((bereken(conn, eerder)?, vertaling))),
        None => Ok(None),
    }
}

/// Het resultaat, vergeleken met de vorige afname waarmee dat mag.
pub(crate) fn met_vergelijking(conn: &mut Conn, afname: &Afname) -> Result<Resultaat, Problem> {
    let nu = bereken(conn, afname)?;
    let Some(eerder) = store::afnames::vorige(conn, afname)? else { return Ok(nu) };
    Ok(match vertaald(conn, afname, &eerder)? {
        Some((vorig, vertaling)) => nu.vergeleken(&vorig, &eerder, &vertaling),
        None => nu,
    })
}

/// Het resultaat zoals deze aanroeper het mag zien.
pub(crate) fn gezien(conn: &mut Conn, gate: &Gate, id: Id) -> Result<Resultaat, Problem> {
    let geladen = laad(conn, gate, Action::AfnameLezen, id)?;
    gate.may(Action::ResultaatLezen, &geladen)?;
    let met = met_vergelijking(conn, &geladen.afname)?;
    Ok(if gate.may(Action::ResultaatOpmerkingenLezen, &geladen).is_ok() { met } else { met.zonder_opmerkingen() })
}

/// Geeft het resultaat van een afname, als JSON, CSV, werkmap of toegankelijke PDF.
///
/// Per vraag, per categorie, voor de kernvragen en in totaal. Zolang de afname open is, is het een tussenstand. Opmerkingen
/// ziet alleen de organisatie zelf, haar partners in het traject en NIPV; een andere waarnemer ziet het resultaat na sluiten.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname")),
    responses((status = 200, description = "Het resultaat", content((Resultaat = "application/json"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Pdf = "application/pdf")))),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("resultaat.lezen"))),
)]
#[get("/afnames/{id}/resultaat")]
pub(crate) async fn lees_resultaat(app: Data<App>, caller: Caller, id: Path<Id>, vorm: Vorm, req: HttpRequest) -> Result<HttpResponse, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let met_naam = move |conn: &mut Conn| -> Result<_, Problem> {
        let resultaat = gezien(conn, &gate, id)?;
        let organisatie = store::organisaties::get(conn, resultaat.organisatie_id)?.map(|o| o.naam).unwrap_or_default();
        Ok((resultaat, organisatie))
    };
    let (resultaat, organisatie) = app.store.read(met_naam).await?;
    if vorm.is(PDF) {
        let nu = app.clock.now();
        let stuk = zet(move || super::stuk::maak(&resultaat, &organisatie, nu)).await;
        return Ok(stuk?.respond_to(&req));
    }
    if let Some(soort) = vorm.tabel() {
        let koppen = koppen(&resultaat);
        let koppen: Vec<&str> = koppen.iter().map(String::as_str).collect();
        return Ok(Tabelbestand::maak(soort, "resultaat", &koppen, rijen(&resultaat))?.respond_to(&req));
    }
    Ok(Answer::ok(&resultaat)?.respond_to(&req))
}

/// De vaste koppen van het resultaat als tabel.
const KOPPEN: [&str; 13] =
    ["soort", "code", "titel", "kernvraag", "score", "laagste", "hoogste", "spreiding", "meegeteld", "nietMeegeteld", "verschil", "schaal", "schaalVoorlopig"];

/// Na de vaste koppen per antwoord van de schaal hoe vaak het gegeven is; de schaal ligt vast, dus de kolommen ook.
fn koppen(resultaat: &Resultaat) -> Vec<String> {
    let waarden = resultaat.vragen.first().into_iter().flat_map(|v| &v.tellingen).map(|t| format!("aantal-{}", t.waarde));
    KOPPEN.map(str::to_owned).into_iter().chain(waarden).collect()
}

/// De rijen bij [`koppen`]: eerst de groepen, dan de vragen.
fn rijen(resultaat: &Resultaat) -> Vec<Vec<Cel>> {
    let aantallen = resultaat.vragen.first().map_or(0, |v| v.tellingen.len());
    let schaal = || [Cel::from(&resultaat.antwoordschaal), Cel::from(resultaat.schaal_voorlopig)];
    let leeg = Cel::leeg;
    let groepen = [&resultaat.totaal, &resultaat.kernvragen].into_iter().chain(&resultaat.categorieen).map(|g| {
        let (mee, niet) = (g.vragen_met_score.into(), (g.vragen - g.vragen_met_score).into());
        let naam: [Cel; 3] = ["groep".into(), (&g.code).into(), (&g.titel).into()];
        let cijfers = [leeg(), g.score.into(), leeg(), leeg(), leeg(), mee, niet, g.verschil.into()];
        naam.into_iter().chain(cijfers).chain(schaal()).chain((0..aantallen).map(|_| leeg())).collect()
    });
    let vragen = resultaat.vragen.iter().map(|v| {
        let rij: [Cel; 11] = [
            "vraag".into(),
            v.nummer.into(),
            (&v.vraag).into(),
            v.kernvraag.into(),
            v.score.into(),
            v.laagste.into(),
            v.hoogste.into(),
            v.spreiding.into(),
            v.meegeteld.into(),
            v.niet_meegeteld.into(),
            v.verschil.into(),
        ];
        rij.into_iter().chain(schaal()).chain(v.tellingen.iter().map(|t| Cel::from(t.aantal))).collect()
    });
    groepen.chain(vragen).collect()
}

/// Onder elk beeld: hoeveel waarnemers, en dat de schaal voorlopig is.
pub(super) fn ondertitel(resultaat: &Resultaat) -> String {
    let schaal = if resultaat.schaal_voorlopig { ", voorlopige schaal" } else { "" };
    let stand = if resultaat.tussenstand { "tussenstand" } else { "gesloten" };
    let waarnemers = if resultaat.waarnemers == 1 { "waarnemer" } else { "waarnemers" };
    format!("{} uitgave {}: {} {waarnemers}, {stand}{schaal}", resultaat.vragenlijst_code, resultaat.uitgave, resultaat.waarnemers)
}

fn beeld(svg: String) -> HttpResponse {
    HttpResponse::Ok().content_type(SVG).body(svg)
}

/// De radar van categorieën onder deze titel, met de vorige afname erin.
pub(super) fn radar(resultaat: &Resultaat, titel: &str) -> String {
    let assen: Vec<String> = resultaat.categorieen.iter().map(|c| c.titel.clone()).collect();
    let kort = |dag: Datum| dag.format("%-d-%-m-%Y").to_string();
    let nu = svg::Reeks { naam: format!("Deze afname ({})", kort(resultaat.begin_datum)), waarden: resultaat.categorieen.iter().map(|c| c.score).collect() };
    let toen = resultaat.categorieen.iter().map(|c| Some(c.score? - c.verschil?)).collect();
    let toen = resultaat.vorige.as_ref().map(|v| svg::Reeks { naam: format!("Vorige afname ({})", kort(v.begin_datum)), waarden: toen });
    let reeksen: Vec<svg::Reeks> = [Some(nu), toen].into_iter().flatten().collect();
    svg::radar(titel, &ondertitel(resultaat), &assen, &reeksen)
}

/// De staven van vragen, met spreiding.
pub(super) fn staafdiagram(resultaat: &Resultaat) -> String {
    let staven: Vec<svg::Staaf> = resultaat
        .vragen
        .iter()
        .map(|v| svg::Staaf { label: format!("{}. {}", v.nummer, v.vraag), waarde: v.score, spreiding: v.laagste.zip(v.hoogste), kern: v.kernvraag })
        .collect();
    svg::staven(&format!("{}: vragen", resultaat.titel), &ondertitel(resultaat), &staven)
}

/// Tekent de radar van categorieën, met de vorige afname ernaast.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname")),
    responses((status = 200, description = "Het beeld, met tekstalternatief", content_type = "image/svg+xml", body = String)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("resultaat.lezen"))),
)]
#[get("/afnames/{id}/resultaat/radar")]
pub(crate) async fn teken_radar(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<HttpResponse, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let resultaat = app.store.read(move |conn| gezien(conn, &gate, id)).await?;
    Ok(beeld(radar(&resultaat, &format!("{}: categorieën", resultaat.titel))))
}

/// Tekent een staaf per vraag, met de spreiding tussen waarnemers.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname")),
    responses((status = 200, description = "Het beeld, met tekstalternatief", content_type = "image/svg+xml", body = String)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("resultaat.lezen"))),
)]
#[get("/afnames/{id}/resultaat/staafdiagram")]
pub(crate) async fn teken_staafdiagram(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<HttpResponse, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    Ok(beeld(staafdiagram(&app.store.read(move |conn| gezien(conn, &gate, id)).await?)))
}

/// De trend: deze afname en de eerdere waarmee vergeleken mag worden, oudste eerst.
fn trend(conn: &mut Conn, gate: &Gate, id: Id) -> Result<String, Problem> {
    let nu = gezien(conn, gate, id)?;
    let geladen = laad(conn, gate, Action::AfnameLezen, id)?;
    let mut punten = vec![(geladen.afname.clone(), nu.totaal.score, nu.kernvragen.score)];
    while punten.len() < METINGEN {
        let Some(laatste) = punten.last().map(|(afname, ..)| afname.clone()) else { break };
        let Some(eerder) = store::afnames::vorige(conn, &laatste)? else { break };
        let Some((toen, vertaling)) = vertaald(conn, &geladen.afname, &eerder)? else { break };
        let vergeleken = nu.clone().vergeleken(&toen, &eerder, &vertaling);
        let van = |g: &domain::resultaten::GroepResultaat| g.score.zip(g.verschil).map(|(nu, verschil)| nu - verschil);
        punten.push((eerder, van(&vergeleken.totaal), van(&vergeleken.kernvragen)));
    }
    punten.reverse();
    let dag = |a: &Afname| a.begin_datum.format("%-d-%-m-%Y").to_string();
    let metingen: Vec<String> = punten.iter().map(|(afname, ..)| dag(afname)).collect();
    let reeksen = [
        svg::Reeks { naam: "Totaal".to_owned(), waarden: punten.iter().map(|p| p.1).collect() },
        svg::Reeks { naam: "Kernvragen".to_owned(), waarden: punten.iter().map(|p| p.2).collect() },
    ];
    Ok(svg::trend("Ontwikkeling over de afnames", &ondertitel(&nu), &metingen, &reeksen))
}

/// Tekent de ontwikkeling over de afnames van deze organisatie met deze vragenlijst.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname")),
    responses((status = 200, description = "Het beeld, met tekstalternatief", content_type = "image/svg+xml", body = String)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("resultaat.lezen"))),
)]
#[get("/afnames/{id}/resultaat/trend")]
pub(crate) async fn teken_trend(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<HttpResponse, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    Ok(beeld(app.store.read(move |conn| trend(conn, &gate, id)).await?))
}

/// De ingediende antwoorden van een waarnemer, zonder naam.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IngediendeInvulling {
    /// De invulling.
    pub(crate) invulling_id: Id,
    /// Namens wie is waargenomen.
    pub(crate) hoedanigheid: domain::afnames::Hoedanigheid,
    /// Wat per vraag geldt.
    pub(crate) antwoorden: Vec<Stand>,
}

/// De antwoorden van een gesloten afname.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct IngediendeAntwoorden {
    /// Per waarnemer.
    pub(crate) items: Vec<IngediendeInvulling>,
}

/// Geeft de antwoorden van een gesloten afname, om zelf verder mee te rekenen.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname")),
    responses(
        (status = 200, description = "De antwoorden die meetellen", body = IngediendeAntwoorden),
        (status = 409, description = "De afname is nog niet gesloten"),
    ),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("afname.antwoorden-lezen"))),
)]
#[get("/afnames/{id}/antwoorden")]
pub(crate) async fn exporteer_antwoorden(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let items = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let geladen = laad(conn, &gate, Action::AfnameAntwoordenLezen, id)?;
            if geladen.afname.status != AfnameStatus::Gesloten {
                return Err(problem::conflict("afname-niet-gesloten", "De antwoorden zijn te lezen zodra de afname gesloten is."));
            }
            let mut per_invulling = store::afnames::van_afname(conn, id)?;
            let waarnemers = store::afnames::waarnemers(conn, id)?.into_iter().filter(domain::afnames::Waarnemer::telt_mee);
            let regel = |w: domain::afnames::Waarnemer| {
                let antwoorden = standen(&per_invulling.remove(&w.id).unwrap_or_default());
                IngediendeInvulling { invulling_id: w.id, hoedanigheid: w.hoedanigheid, antwoorden }
            };
            Ok(waarnemers.map(regel).collect())
        })
        .await?;
    Answer::ok(&IngediendeAntwoorden { items })?.done()
}
