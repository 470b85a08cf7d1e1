//! De Staat van Netcentrisch Werken: per vragenlijst, jaar, sector en regiotype, en landelijk.

mod deelname;
mod regiotypen;

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, Responder};
use chrono::Datelike;
use domain::staat::{Bron, Groep, Jaarbeeld, StaatBeeld, beeld};
use domain::vragenlijsten::{Vragenlijst, VragenlijstStatus, vertaling};
use store::Conn;
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
    /// Kalenderjaar; standaard het laatste dat voorbij is.
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
    let dit_jaar = gate.vandaag().year();
    let jaar = filter.jaar.unwrap_or(dit_jaar - 1);
    let lopend = jaar >= dit_jaar;
    // Een lopend jaar verandert bij iedere sluiting: het verschil tussen twee dagen is dan één organisatie.
    if lopend && gate.may_create(Action::StaatLopendLezen, &()).is_err() {
        let detail = "moet voorbij zijn: het lopende jaar verandert bij iedere sluiting en zou zo één organisatie laten zien";
        return Err(Veldfout::query("jaar", "jaar-loopt-nog", detail).into());
    }
    Ok(Verzoek { vragenlijst_id: filter.vragenlijst_id, jaar, lopend, groep })
}

/// De jaren tot en met het gevraagde, van elke uitgave die naar de gevraagde te vertalen is.
fn bronnen(conn: &mut Conn, lijst: &Vragenlijst, jaar: i32) -> Result<Vec<Bron>, Problem> {
    let uitgaven = store::vragenlijsten::van_code(conn, &lijst.inhoud.code)?;
    let mut bronnen = Vec::new();
    for uitgave in &uitgaven {
        let Some(vertaling) = vertaling(uitgave, lijst, &uitgaven) else { continue };
        let per_jaar: BTreeMap<i32, _> = store::staat::cellen(conn, uitgave.id, jaar, jaar - JAREN + 1)?;
        bronnen.extend(per_jaar.into_iter().map(|(jaar, cellen)| Bron {
            jaar,
            uitgave: uitgave.inhoud.uitgave.clone(),
            beeld: Jaarbeeld::van(cellen),
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
    let vers = app.store.read(move |conn| maak(conn, &verzoek)).await?;
    app.staatbeelden.insert(sleutel, Arc::clone(&vers), nu + chrono::TimeDelta::seconds(BEWAREN_SECONDEN), nu);
    Ok(vers)
}

fn maak(conn: &mut Conn, verzoek: &Verzoek) -> Result<Gezien, Problem> {
    let lijst = store::vragenlijsten::get(conn, verzoek.vragenlijst_id)?.filter(|v| v.status != VragenlijstStatus::Concept);
    let onbekend = || Problem::from(Veldfout::query("vragenlijstId", "vragenlijst-onbekend", "is geen gepubliceerde vragenlijst"));
    let lijst = lijst.ok_or_else(onbekend)?;
    let bronnen = bronnen(conn, &lijst, verzoek.jaar)?;
    let beeld = beeld(&lijst, verzoek.jaar, verzoek.lopend, &verzoek.groep, &bronnen);
    Ok(Arc::new((beeld, lijst)))
}

/// Geeft de Staat van Netcentrisch Werken voor één vragenlijst in één kalenderjaar, als JSON, CSV of werkmap.
///
/// Landelijk, of voor één sector of één regiotype; met verdeling, trend, sterkste en zwakste vragen. Een groep van minder dan
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
    let jaren: Vec<String> = beeld.trend.iter().map(|t| t.jaar.to_string()).collect();
    let reeksen = [
        svg::Reeks { naam: "Totaal".to_owned(), waarden: beeld.trend.iter().map(|t| t.totaal).collect() },
        svg::Reeks { naam: "Kernvragen".to_owned(), waarden: beeld.trend.iter().map(|t| t.kernvragen).collect() },
    ];
    let lijnen = svg::trend("Staat van Netcentrisch Werken: ontwikkeling", &ondertitel(beeld), &jaren, &reeksen);
    Ok(HttpResponse::Ok().content_type(SVG).body(lijnen))
}
