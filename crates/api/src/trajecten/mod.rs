//! Trajecten: de weg van een organisatie door het stappenplan.

mod activiteiten;
pub(crate) mod borging;
mod historie;
mod partijen;
mod poorten;
mod verloop;
mod wijzigen;

use std::sync::Arc;

use domain::organisaties::Aansluitstatus;
use domain::trajecten::{NieuwTraject, Traject, TrajectStatus, activiteiten as acties, kenmerk, stappenplan_bruikbaar};
use domain::{Datum, Weigering};
use store::trajecten::Sortering;
use store::{Conn, Tx};

use crate::gelezen::{Bewaard, Stand};
use crate::prelude::*;
use crate::volgen;

/// Meldt de operaties aan; wat het meest gelezen wordt eerst.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_traject).service(lijst_trajecten).service(begin_traject);
    wijzigen::routes(cfg);
    partijen::routes(cfg);
    activiteiten::routes(cfg);
    poorten::routes(cfg);
    verloop::routes(cfg);
    borging::routes(cfg);
    historie::routes(cfg);
}

/// Laadt een traject en laat alleen door wie dit mag.
fn laad(conn: &mut Conn, gate: &Gate, actie: Action, id: Id) -> Result<Traject, Problem> {
    let traject = store::trajecten::get(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    gate.may(actie, &traject)?;
    Ok(traject)
}

/// Zet de aansluitstatus van de organisatie naar wat het traject zegt; wie met een ander traject live is, blijft live.
fn zet_aansluitstatus(tx: &mut Tx<'_>, organisatie_id: Id, status: Aansluitstatus) -> Result<(), Problem> {
    let oud = store::organisaties::get(tx.conn(), organisatie_id)?.ok_or_else(problem::niet_gevonden)?;
    if oud.aansluitstatus == status || (oud.aansluitstatus == Aansluitstatus::Live && store::trajecten::is_live(tx.conn(), organisatie_id)?) {
        return Ok(());
    }
    let nieuw = domain::organisaties::Organisatie { aansluitstatus: status, gewijzigd_op: tx.now(), versie: oud.versie + 1, ..oud.clone() };
    store::organisaties::update(tx, &nieuw, oud.versie)?;
    Ok(tx.record(organisatie_van("organisatie.aansluitstatus-gewijzigd", "organisatie", organisatie_id, Some(organisatie_id), Some(&oud), Some(&nieuw))?)?)
}

/// Geeft één traject.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject")),
    responses((status = 200, description = "Het traject", body = Traject)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}")]
pub(crate) async fn lees_traject(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let now = app.clock.now();
    let stand = match app.store.stand() {
        Some(stand) => Stand::Opslag(stand),
        None => Stand::Rijen(app.store.trajectversies(id).await?),
    };
    if let Some(bewaard) = app.trajecten.bekend(id, now).filter(|bewaard| bewaard.stand == stand) {
        return bewaard.voor(&gate, Action::TrajectLezen);
    }
    let zaak = app.store.read_point(move |conn| laad(conn, &gate, Action::TrajectLezen, id)).await?;
    let antwoord = Answer::ok(&zaak)?.etag(zaak.versie);
    app.trajecten.bewaar(id, Arc::new(Bewaard { stand, zaak, antwoord: antwoord.clone() }), now);
    Ok(antwoord)
}

/// Volgorde van de lijst van trajecten.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrajectSortering {
    /// Nieuwste eerst.
    Nieuwste,
    /// Oudste eerst.
    Oudste,
    /// Kenmerk oplopend.
    Kenmerk,
}

/// Waarop de lijst van trajecten te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct TrajectFilter {
    /// Status.
    #[param(inline)]
    pub status: Option<TrajectStatus>,
    /// Fase.
    #[param(minimum = 1, maximum = 3, example = 2)]
    pub fase: Option<i16>,
    /// Stap.
    #[param(minimum = 1, maximum = 6, example = 4)]
    pub stap: Option<i16>,
    /// Sector van de crisispartner.
    #[param(max_length = 40, example = "water")]
    pub sector_code: Option<String>,
    /// Id van een organisatie die partij is of was.
    pub partij: Option<Id>,
    /// Alleen trajecten waarvan de deadline voorbij is.
    #[param(example = true)]
    pub deadline_verstreken: Option<bool>,
    /// Deel van het kenmerk of van de naam of afkorting van de organisatie.
    #[param(min_length = 1, max_length = 100, example = "T-2026")]
    pub zoek: Option<String>,
    /// Volgorde; standaard nieuwste eerst.
    #[param(inline)]
    pub sorteer: Option<TrajectSortering>,
}

fn filter_van(filter: TrajectFilter, vandaag: Datum) -> (store::trajecten::Filter, Sortering) {
    let sortering = match filter.sorteer {
        None | Some(TrajectSortering::Nieuwste) => Sortering::Nieuwste,
        Some(TrajectSortering::Oudste) => Sortering::Oudste,
        Some(TrajectSortering::Kenmerk) => Sortering::Kenmerk,
    };
    let filter = store::trajecten::Filter {
        status: filter.status.map(|s| s.to_string()),
        fase: filter.fase,
        stap: filter.stap,
        sector_code: filter.sector_code,
        partij: filter.partij,
        deadline_voor: filter.deadline_verstreken.unwrap_or(false).then_some(vandaag),
        zoek: filter.zoek,
    };
    (filter, sortering)
}

/// Geeft de trajecten waarbij uw organisatie betrokken is; NIPV ziet alle.
#[utoipa::path(
    tag = "Trajecten",
    params(TrajectFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van trajecten", body = Lijst<Traject>)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten")]
pub(crate) async fn lijst_trajecten(app: Data<App>, caller: Caller, filter: Query<TrajectFilter>, blad: Blad) -> Result<Answer, Problem> {
    let gate = app.gate(&caller);
    let (filter, sortering) = filter_van(filter.into_inner(), gate.vandaag());
    let (zicht, page) = (gate.zicht_op_trajecten(), blad.page()?);
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::trajecten::list(conn, &filter, &zicht, sortering, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Begint een traject voor een organisatie, met de activiteiten van Bijlage 1 en 2.
#[utoipa::path(
    tag = "Trajecten",
    params(IdempotencyKey),
    request_body = NieuwTraject,
    responses((status = 201, description = "Het nieuwe traject", body = Traject)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("traject.beginnen"))),
)]
#[post("/trajecten")]
pub(crate) async fn begin_traject(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<NieuwTraject>) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may(Action::TrajectBeginnen, &())?;
        let traject = begin(tx, &body, now)?;
        // Wat de organisatie al eerder vastlegde, telt in dit traject meteen mee.
        volgen::bijwerken(tx, traject.organisatie_id, gate.caller().id())?;
        Answer::created(&traject, format!("/trajecten/{}", traject.id))?.etag(traject.versie).done()
    })
    .await
}

fn begin(tx: &mut Tx<'_>, body: &NieuwTraject, now: Moment) -> Result<Traject, Problem> {
    let onbekend = |veld: &str, wat: &str| problem::ongeldig(veld, "onbekend", format!("{wat} bestaat niet."));
    let organisatie = store::organisaties::get(tx.conn(), body.organisatie_id)?.ok_or_else(|| onbekend("/organisatieId", "Deze organisatie"));
    let plan = match body.stappenplan_id {
        Some(id) => store::referentie::stappenplan(tx.conn(), id)?.ok_or_else(|| onbekend("/stappenplanId", "Dit stappenplan")),
        None => store::referentie::laatst_gepubliceerd(tx.conn())?
            .ok_or_else(|| problem::conflict("stappenplan-niet-gepubliceerd", "Er is nog geen stappenplan gepubliceerd.")),
    };
    let ((organisatie, plan), _) = problem::samen(problem::samen(organisatie, plan), body.gekeurde_planning())?;
    stappenplan_bruikbaar(&plan)?;
    if organisatie.soort == domain::organisaties::OrganisatieSoort::Nipv {
        return Err(Weigering::new("nipv-sluit-niet-aan", "NIPV beheert het LCMS en sluit zelf niet aan. Kies een crisispartner.").into());
    }
    if store::trajecten::open_van(tx.conn(), organisatie.id)?.is_some() {
        return Err(Weigering::new(
            "traject-loopt-al",
            "Deze organisatie heeft al een open traject. Sluit een deel van een organisatie aan als onderdeel met een eigen traject.",
        )
        .into());
    }
    use chrono::Datelike;
    let jaar = now.year();
    let nummer = store::trajecten::volgend_nummer(tx, jaar)?;
    let traject = body.clone().maak(tx.nieuw_id(), tx.nieuw_id(), kenmerk(jaar, nummer), &organisatie, &plan, now)?;
    store::trajecten::insert(tx, &traject)?;
    let lijst = acties::uit_stappenplan(&plan.inhoud, traject.id, || tx.nieuw_id());
    for activiteit in &lijst {
        store::trajecten::insert_activiteit(tx, activiteit)?;
    }
    tx.record(van_traject("traject.begonnen", "traject", traject.id, &traject, None, Some(&traject))?)?;
    zet_aansluitstatus(tx, organisatie.id, Aansluitstatus::InTraject)?;
    Ok(traject)
}
