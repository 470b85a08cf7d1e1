//! De Staat van Netcentrisch Werken: per vragenlijst, jaar, sector en regiotype, en landelijk.

mod deelname;
mod regiotypen;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, Responder};
use domain::Datum;
use domain::staat::{Bron, Groep, Kader, ONBEKEND, StaatBeeld, beeld, laatst_vastgesteld, vastgesteld};
use domain::vragenlijsten::{Vragenlijst, VragenlijstStatus, vertaling};
use store::Conn;
use store::staat::Jaren;
use stukken::svg;
use stukken::tabel::Cel;

use crate::antwoord::SVG;
use crate::invoer::Vorm;
use crate::prelude::*;
use crate::problem::Veldfout;
use crate::tabelbestand::Tabelbestand;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_staat).service(teken_warmtekaart).service(teken_staattrend);
    deelname::routes(cfg);
    regiotypen::routes(cfg);
}

/// Hoeveel jaren de trend beslaat; een vast aantal, zodat antwoorden niet trager worden met de jaren.
const JAREN: i32 = 6;

/// Waarover het beeld gaat. Alleen hele kalenderjaren, en hooguit één groep: zo is er niets af te leiden over wie onthouden wordt.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct StaatFilter {
    /// Id van de uitgave van een vragenlijst.
    pub vragenlijst_id: Id,
    /// Kalenderjaar van de afnames; standaard het laatste dat is vastgesteld.
    #[param(minimum = 2000, maximum = 2200, example = 2026)]
    pub jaar: Option<i32>,
    /// Alleen deze sector; niet samen met een regiotype.
    #[param(max_length = 40, example = "water")]
    pub sector: Option<String>,
    /// Alleen dit regiotype; niet samen met een sector.
    #[param(max_length = 40, example = "landelijk")]
    pub regiotype: Option<String>,
}

/// Wat gevraagd wordt, na keuring.
struct Verzoek {
    vragenlijst_id: Id,
    jaar: i32,
    lopend: bool,
    groep: Groep,
    vandaag: Datum,
}

fn verzoek(gate: &Gate, filter: StaatFilter) -> Result<Verzoek, Problem> {
    gate.may_create(Action::StaatLezen, &())?;
    let groep = match (filter.sector, filter.regiotype) {
        (Some(_), Some(_)) => {
            let detail = "kan niet samen met 'sector': een doorsnede van beide zou groepen kunnen verraden die onthouden worden";
            return Err(Veldfout::query("regiotype", "sector-of-regiotype", detail).into());
        }
        (Some(sector), None) => Groep::Sector(sector),
        (None, Some(regiotype)) => Groep::Regiotype(regiotype),
        (None, None) => Groep::Landelijk,
    };
    let vandaag = gate.vandaag();
    let jaar = filter.jaar.unwrap_or_else(|| laatst_vastgesteld(vandaag));
    let lopend = !vastgesteld(jaar, vandaag);
    // Een lopend jaar verandert bij iedere sluiting: het verschil tussen twee dagen is dan één organisatie.
    if lopend && gate.may_create(Action::StaatLopendLezen, &()).is_err() {
        let detail =
            "is nog niet vastgesteld (dat gebeurt op 1 februari daarna): tot dan verandert het bij iedere sluiting en zou het één organisatie laten zien";
        return Err(Veldfout::query("jaar", "jaar-loopt-nog", detail).into());
    }
    Ok(Verzoek { vragenlijst_id: filter.vragenlijst_id, jaar, lopend, groep, vandaag })
}

/// De jaren tot en met het gevraagde, van elke uitgave die naar de gevraagde te vertalen is.
fn bronnen(conn: &mut Conn, jaren: &Jaren, uitgaven: &[Vragenlijst], lijst: &Vragenlijst, verzoek: &Verzoek) -> Result<Vec<Bron>, Problem> {
    // Een dag later dan vastgesteld, zodat een sluiting van vlak voor middernacht er zeker in zit.
    let vast = laatst_vastgesteld(verzoek.vandaag.pred_opt().unwrap_or(verzoek.vandaag));
    let mut bronnen = Vec::new();
    for uitgave in uitgaven {
        let Some(vertaling) = vertaling(uitgave, lijst, uitgaven) else { continue };
        let beelden = jaren.lees(conn, uitgave.id, verzoek.jaar - JAREN + 1..=verzoek.jaar, vast)?;
        bronnen.extend(beelden.into_iter().filter(|(_, beeld)| !beeld.is_leeg()).map(|(jaar, beeld)| Bron {
            jaar,
            uitgave: uitgave.inhoud.uitgave.clone(),
            beeld,
            vertaling: vertaling.clone(),
        }));
    }
    bronnen.sort_by_key(|b| b.jaar);
    Ok(bronnen)
}

/// Een beeld met de uitgave waar het over gaat; gedeeld door wie hetzelfde vraagt.
pub(crate) type Gezien = Arc<(StaatBeeld, Vragenlijst)>;

/// Hoe lang een beeld op deze node hergebruikt wordt: zo lang als elk ander geheugen per proces.
const BEWAREN_SECONDEN: i64 = 10;

async fn staatbeeld(app: &App, caller: &Caller, filter: StaatFilter) -> Result<Gezien, Problem> {
    let (verzoek, nu) = (verzoek(&app.gate(caller), filter)?, app.clock.now());
    // Wie het vraagt maakt voor de uitkomst niet uit; of hij het lopende jaar mag zien is hierboven al getoetst.
    let sleutel = format!("{} {} {:?}", verzoek.vragenlijst_id, verzoek.jaar, verzoek.groep);
    if let Some(gezien) = app.staatbeelden.get(&sleutel, nu) {
        return Ok(gezien);
    }
    let jaren = Arc::clone(&app.staatjaren);
    let vers = app.store.read(move |conn| maak(conn, &jaren, verzoek)).await?;
    app.staatbeelden.insert(sleutel, Arc::clone(&vers), nu + chrono::TimeDelta::seconds(BEWAREN_SECONDEN), nu);
    Ok(vers)
}

fn maak(conn: &mut Conn, jaren: &Jaren, verzoek: Verzoek) -> Result<Gezien, Problem> {
    let uitgaven = store::vragenlijsten::verwante(conn, verzoek.vragenlijst_id)?;
    let lijst = uitgaven.iter().find(|v| v.id == verzoek.vragenlijst_id && v.status != VragenlijstStatus::Concept);
    let onbekend = || Problem::from(Veldfout::query("vragenlijstId", "vragenlijst-onbekend", "is geen gepubliceerde vragenlijst"));
    let lijst = lijst.ok_or_else(onbekend)?;
    let bronnen = bronnen(conn, jaren, &uitgaven, lijst, &verzoek)?;
    let alles = store::Page { limit: 1_000, after: None };
    let sectoren = store::referentie::sectoren(conn, &alles)?.items.into_iter().map(|s| s.code);
    let regiotypen = store::staat::regiotypen(conn, &alles)?.items.into_iter().map(|r| r.code);
    let kader = Kader {
        jaar: verzoek.jaar,
        lopend_jaar: verzoek.lopend,
        groep: verzoek.groep,
        sectoren: sectoren.chain([ONBEKEND.to_owned()]).collect(),
        regiotypen: regiotypen.chain([ONBEKEND.to_owned()]).collect(),
    };
    Ok(Arc::new((beeld(lijst, &kader, &bronnen), lijst.clone())))
}

/// Geeft de Staat van Netcentrisch Werken voor één vragenlijst in één kalenderjaar, als JSON, CSV of werkmap.
///
/// Een afname telt in het jaar van haar eerste dag. Landelijk, of voor één sector of één regiotype; met verdeling, trend, sterkste en zwakste vragen. Een groep van minder dan
/// drie organisaties wordt onthouden, en zoveel andere cijfers als nodig is om haar niet te kunnen uitrekenen. Het lopende
/// jaar ziet alleen NIPV.
#[utoipa::path(
    tag = "Staat van Netcentrisch Werken",
    params(StaatFilter),
    responses((status = 200, description = "Het beeld", content((StaatBeeld = "application/json"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))),
    security(("toegang" = ["staat:lezen"])),
    extensions(("x-actie" = json!("staat.lezen"))),
)]
#[get("/staat-van-netcentrisch-werken")]
pub(crate) async fn lees_staat(app: Data<App>, caller: Caller, filter: Query<StaatFilter>, vorm: Vorm, req: HttpRequest) -> Result<HttpResponse, Problem> {
    let gezien = staatbeeld(&app, &caller, filter.into_inner()).await?;
    let (beeld, _) = &*gezien;
    if let Some(soort) = vorm.tabel() {
        return Ok(Tabelbestand::maak(soort, "staat-van-netcentrisch-werken", &KOPPEN, rijen(beeld))?.respond_to(&req));
    }
    Ok(Answer::ok(beeld)?.respond_to(&req))
}

const KOPPEN: [&str; 9] = ["soort", "code", "titel", "jaar", "score", "organisaties", "onthouden", "schaal", "schaalVoorlopig"];

/// De rijen bij [`KOPPEN`].
fn rijen(beeld: &StaatBeeld) -> Vec<[Cel; 9]> {
    let rij = |soort: &str, code: Cel, titel: &str, jaar: i32, score: Option<f64>, organisaties: Option<i64>, onthouden: bool| -> [Cel; 9] {
        let (schaal, voorlopig) = (Cel::from(&beeld.antwoordschaal), Cel::from(beeld.schaal_voorlopig));
        [soort.into(), code, titel.into(), jaar.into(), score.into(), organisaties.into(), onthouden.into(), schaal, voorlopig]
    };
    let mut rijen = Vec::new();
    for cijfer in [&beeld.totaal, &beeld.kernvragen].into_iter().chain(&beeld.categorieen) {
        rijen.push(rij("groep", (&cijfer.code).into(), &cijfer.titel, beeld.jaar, cijfer.score, beeld.organisaties, beeld.onthouden));
    }
    rijen.extend(beeld.vragen.iter().map(|v| rij("vraag", v.nummer.into(), &v.vraag, beeld.jaar, v.score, v.organisaties, v.onthouden)));
    for (soort, groepen) in [("sector", &beeld.sectoren), ("regiotype", &beeld.regiotypen)] {
        rijen.extend(groepen.iter().map(|g| rij(soort, (&g.code).into(), &g.code, beeld.jaar, g.score, g.organisaties, g.onthouden)));
    }
    rijen.extend(beeld.trend.iter().map(|t| rij("trend", (&t.uitgave).into(), "Totaal", t.jaar, t.totaal, t.organisaties, t.onthouden)));
    rijen
}

fn ondertitel(beeld: &StaatBeeld) -> String {
    let schaal = if beeld.schaal_voorlopig { ", voorlopige schaal" } else { "" };
    let lopend = if beeld.lopend_jaar { ", jaar loopt nog" } else { "" };
    format!("{} uitgave {}, {}{lopend}{schaal}", beeld.vragenlijst_code, beeld.uitgave, beeld.jaar)
}

/// Tekent een warmtekaart van sector maal categorie; de filters op sector en regiotype doen hier niets.
#[utoipa::path(
    tag = "Staat van Netcentrisch Werken",
    params(StaatFilter),
    responses((status = 200, description = "Het beeld, met tekstalternatief", content_type = "image/svg+xml", body = String)),
    security(("toegang" = ["staat:lezen"])),
    extensions(("x-actie" = json!("staat.lezen"))),
)]
#[get("/staat-van-netcentrisch-werken/warmtekaart")]
pub(crate) async fn teken_warmtekaart(app: Data<App>, caller: Caller, filter: Query<StaatFilter>) -> Result<HttpResponse, Problem> {
    let gezien = staatbeeld(&app, &caller, filter.into_inner()).await?;
    let (beeld, lijst) = &*gezien;
    let namen =
        app.store.read(|conn| -> Result<_, Problem> { Ok(store::referentie::sectoren(conn, &store::Page { limit: 1_000, after: None })?.items) }).await?;
    let naam = |code: &str| namen.iter().find(|s| s.code == code).map_or_else(|| "Zonder sector".to_owned(), |s| s.naam.clone());
    let kolommen: Vec<String> = lijst.inhoud.categorieen.iter().map(|c| c.titel.clone()).collect();
    let score = |cijfers: &[domain::staat::beeld::StaatCijfer], code: &str| cijfers.iter().find(|c| c.code == code).and_then(|c| c.score);
    let van = |cijfers: &[domain::staat::beeld::StaatCijfer]| lijst.inhoud.categorieen.iter().map(|c| score(cijfers, &c.code)).collect();
    let mut rijen: Vec<svg::Rij> = beeld.sectoren.iter().map(|s| svg::Rij { naam: naam(&s.code), waarden: van(&s.categorieen) }).collect();
    if beeld.groep == domain::staat::Puntsoort::Landelijk {
        rijen.push(svg::Rij { naam: "Landelijk".to_owned(), waarden: van(&beeld.categorieen) });
    }
    let kaart = svg::warmtekaart("Staat van Netcentrisch Werken: sector en categorie", &ondertitel(beeld), &kolommen, &rijen);
    Ok(HttpResponse::Ok().content_type(SVG).body(kaart))
}

/// Tekent de ontwikkeling over de jaren.
#[utoipa::path(
    tag = "Staat van Netcentrisch Werken",
    params(StaatFilter),
    responses((status = 200, description = "Het beeld, met tekstalternatief", content_type = "image/svg+xml", body = String)),
    security(("toegang" = ["staat:lezen"])),
    extensions(("x-actie" = json!("staat.lezen"))),
)]
#[get("/staat-van-netcentrisch-werken/trend")]
pub(crate) async fn teken_staattrend(app: Data<App>, caller: Caller, filter: Query<StaatFilter>) -> Result<HttpResponse, Problem> {
    let gezien = staatbeeld(&app, &caller, filter.into_inner()).await?;
    let (beeld, _) = &*gezien;
    let opschriften: Vec<String> = beeld.trend.iter().map(|t| t.jaar.to_string()).collect();
    let reeksen = [
        svg::Reeks { naam: "Totaal".to_owned(), waarden: beeld.trend.iter().map(|t| t.totaal).collect() },
        svg::Reeks { naam: "Kernvragen".to_owned(), waarden: beeld.trend.iter().map(|t| t.kernvragen).collect() },
    ];
    let lijnen = svg::trend("Staat van Netcentrisch Werken: ontwikkeling", &ondertitel(beeld), &opschriften, &reeksen);
    Ok(HttpResponse::Ok().content_type(SVG).body(lijnen))
}
