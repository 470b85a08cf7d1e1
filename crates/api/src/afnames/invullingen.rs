//! Invullingen: wat een waarnemer antwoordt, ook als dat zonder verbinding gebeurde.

use domain::afnames::antwoorden::{Invulling, NieuwAntwoordInReeks, controleer, ontvang, ontvang_reeks, standen};
use domain::afnames::{
    Antwoord, AntwoordOntvangst, Indiening, NieuwAntwoord, NieuweAntwoorden, Ontvangen, Ontvangst, ReeksOntvangen, ReeksUitkomst, Waarnemer,
};
use domain::invoer::Veldfout;
use domain::vragenlijsten::Vragenlijst;
use store::afnames::{Slot, zet_slot, zet_slot_op_invulling};
use store::{Conn, Tx};

use super::waarnemers::laad_waarnemer;
use super::{Geladen, laad};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(geef_antwoord)
        .service(stuur_antwoorden)
        .service(lijst_antwoorden)
        .service(lees_invulling)
        .service(lijst_invullingen)
        .service(dien_invulling_in);
}

/// De eigen invulling van de aanroeper; die van een ander bestaat voor hem niet.
fn eigen(conn: &mut Conn, gate: &Gate, actie: Action, (afname, id): (Id, Id)) -> Result<(Geladen, Waarnemer), Problem> {
    let geladen = laad(conn, gate, actie, afname)?;
    let waarnemer = laad_waarnemer(conn, afname, id)?;
    if waarnemer.persoon_id == gate.caller().id() && waarnemer.is_uitgenodigd() { Ok((geladen, waarnemer)) } else { Err(problem::niet_gevonden()) }
}

fn voorstelling(conn: &mut Conn, geladen: &Geladen, waarnemer: &Waarnemer) -> Result<Invulling, Problem> {
    let lijst = store::vragenlijsten::get(conn, geladen.afname.vragenlijst_id)?.ok_or_else(problem::niet_gevonden)?;
    let antwoorden = standen(&store::afnames::antwoorden(conn, waarnemer.id, None)?);
    let aantal = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(Invulling {
        id: waarnemer.id,
        afname_id: waarnemer.afname_id,
        persoon_id: waarnemer.persoon_id,
        ingediend_op: waarnemer.ingediend_op,
        aantal_vragen: aantal(lijst.vragen_voor(geladen.afname.coordinatieniveau).count()),
        beantwoord: aantal(antwoorden.len()),
        strijdig: aantal(antwoorden.iter().filter(|s| !s.strijdig.is_empty()).count()),
        antwoorden,
        versie: waarnemer.versie,
    })
}

/// Geeft uw invullingen bij een afname: het is er een, als u bent uitgenodigd.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), BladParams),
    responses((status = 200, description = "Uw invulling", body = Lijst<Invulling>)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("afname.lezen"))),
)]
#[get("/afnames/{id}/invullingen")]
pub(crate) async fn lijst_invullingen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let eigen = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let geladen = laad(conn, &gate, Action::AfnameLezen, id)?;
            let waarnemers = store::afnames::waarnemers(conn, id)?;
            let van_mij = waarnemers.iter().filter(|w| w.persoon_id == gate.caller().id() && w.is_uitgenodigd());
            van_mij.map(|w| voorstelling(conn, &geladen, w)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    blad.uit_geheugen(&eigen, |i| i.id)
}

/// Geeft uw invulling: wat per vraag geldt, en waar twee apparaten elkaar tegenspreken.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), ("invullingId" = Id, Path, description = "Id van de invulling, gelijk aan dat van de waarnemer")),
    responses((status = 200, description = "De invulling", body = Invulling)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("afname.lezen"))),
)]
#[get("/afnames/{id}/invullingen/{invullingId}")]
pub(crate) async fn lees_invulling(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let (pad, gate) = (pad.into_inner(), app.gate(&caller));
    let invulling = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let (geladen, waarnemer) = eigen(conn, &gate, Action::AfnameLezen, pad)?;
            voorstelling(conn, &geladen, &waarnemer)
        })
        .await?;
    Answer::ok(&invulling)?.etag(invulling.versie).done()
}

/// De invulling, vastgehouden tot het einde van de transactie: twee apparaten van dezelfde waarnemer gaan na elkaar.
fn open_invulling(tx: &mut Tx<'_>, gate: &Gate, pad: (Id, Id)) -> Result<(Geladen, Waarnemer, Vragenlijst), Problem> {
    zet_slot(tx, pad.0, Slot::Antwoorden)?;
    zet_slot_op_invulling(tx, pad.1)?;
    let (geladen, waarnemer) = eigen(tx.conn(), gate, Action::AfnameInvullen, pad)?;
    geladen.afname.is_open()?;
    waarnemer.mag_invullen()?;
    let lijst = store::vragenlijsten::get(tx.conn(), geladen.afname.vragenlijst_id)?.ok_or_else(problem::niet_gevonden)?;
    Ok((geladen, waarnemer, lijst))
}

/// In een los antwoord is het antwoord zelf het lichaam.
fn in_het_antwoord(fout: Veldfout) -> Veldfout {
    Veldfout { location: fout.location.trim_start_matches("/antwoord").to_owned(), ..fout }
}

fn bewaar(tx: &mut Tx<'_>, geladen: &Geladen, waarnemer: &Waarnemer, nieuw: &[Antwoord]) -> Result<(), Problem> {
    if nieuw.is_empty() {
        return Ok(());
    }
    store::afnames::insert_antwoorden(tx, waarnemer.id, nieuw)?;
    // De tekst van een opmerking staat alleen bij het antwoord: het auditlogboek wordt door meer mensen gelezen.
    let na: Vec<_> = nieuw.iter().map(|a| serde_json::json!({ "vraag": a.vraag, "waarde": a.waarde, "gegevenOp": a.gegeven_op })).collect();
    tx.record(geladen.spoor("antwoord.gegeven", "invulling", waarnemer.id, None, Some(&na))?)?;
    Ok(())
}

/// Geeft of herhaalt één antwoord; hetzelfde antwoord twee keer sturen is één antwoord.
///
/// Stuur `gegevenOp` mee als het antwoord eerder is gegeven, en `apparaat` als u op meer dan één apparaat werkt: dan wordt
/// een strijdig antwoord van een ander apparaat gemeld en niet overschreven. Geen `If-Match`: wat geldt volgt uit de momenten.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), ("invullingId" = Id, Path, description = "Id van de invulling"),
           ("vraag" = i16, Path, description = "Nummer van de vraag", minimum = 1, maximum = 500)),
    request_body = NieuwAntwoord,
    responses((status = 200, description = "Wat ermee gebeurde en wat nu geldt", body = AntwoordOntvangst)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.invullen"))),
)]
#[put("/afnames/{id}/invullingen/{invullingId}/antwoorden/{vraag}")]
pub(crate) async fn geef_antwoord(app: Data<App>, caller: Caller, pad: Path<(Id, Id, i16)>, body: Body<NieuwAntwoord>) -> Result<Answer, Problem> {
    let ((afname, invulling, vraag), gate) = (pad.into_inner(), app.gate(&caller));
    let een = NieuwAntwoordInReeks { vraag, antwoord: body.into_inner() };
    app.write(&caller, None, move |tx, now| {
        let (geladen, waarnemer, lijst) = open_invulling(tx, &gate, (afname, invulling))?;
        let fouten: Vec<Veldfout> = controleer(&een, &geladen.afname, &lijst, now).into_iter().map(in_het_antwoord).collect();
        if !fouten.is_empty() {
            return Err(fouten.into());
        }
        let bekend = store::afnames::antwoorden(tx.conn(), waarnemer.id, Some(vraag))?;
        let Ontvangen { nieuw, mut uitkomsten } = ontvang(&bekend, std::slice::from_ref(&een), now);
        let uitkomst = uitkomsten.pop().ok_or_else(problem::niet_gevonden)?;
        if uitkomst.ontvangst == Ontvangst::ZelfdeMoment {
            let detail = "Dit apparaat gaf op precies dit moment al een ander antwoord. Stuur het nieuwe antwoord met zijn eigen moment.";
            return Err(problem::conflict("antwoord-zelfde-moment", detail));
        }
        bewaar(tx, &geladen, &waarnemer, &nieuw)?;
        Answer::ok(&uitkomst)?.done()
    })
    .await
}

/// Wat er met een reeks antwoorden gebeurde.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AntwoordenOntvangst {
    /// Hoeveel antwoorden niet bewaard zijn; houd die op het apparaat en laat ze zien. Nul is goed.
    #[schema(minimum = 0, example = 0)]
    pub(crate) niet_bewaard: i64,
    /// Per antwoord, in de volgorde van het verzoek.
    pub(crate) uitkomsten: Vec<ReeksUitkomst>,
}

/// Stuurt antwoorden na die zonder verbinding zijn gegeven, met hun eigen moment en in willekeurige volgorde.
///
/// Elk antwoord staat op zichzelf: wat goed is wordt bewaard, wat niet goed is komt terug als `geweigerd` met wat eraan mankeert.
/// Kijk dus naar `nietBewaard`. Opnieuw sturen kan altijd.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), ("invullingId" = Id, Path, description = "Id van de invulling"), IdempotencyKey),
    request_body = NieuweAntwoorden,
    responses((status = 200, description = "Wat er met ieder antwoord gebeurde", body = AntwoordenOntvangst)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.invullen"))),
)]
#[post("/afnames/{id}/invullingen/{invullingId}/antwoorden")]
pub(crate) async fn stuur_antwoorden(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    idem: IdempotencyKey,
    body: Body<NieuweAntwoorden>,
) -> Result<Answer, Problem> {
    let (pad, gate, reeks) = (pad.into_inner(), app.gate(&caller), body.into_inner().antwoorden);
    app.write(&caller, Some(idem), move |tx, now| {
        let (geladen, waarnemer, lijst) = open_invulling(tx, &gate, pad)?;
        let fouten = reeks.iter().map(|een| controleer(een, &geladen.afname, &lijst, now)).collect();
        let bekend = store::afnames::antwoorden(tx.conn(), waarnemer.id, None)?;
        let ReeksOntvangen { nieuw, uitkomsten } = ontvang_reeks(&bekend, &reeks, fouten, now);
        bewaar(tx, &geladen, &waarnemer, &nieuw)?;
        let niet_bewaard = i64::try_from(uitkomsten.iter().filter(|u| u.is_niet_bewaard()).count()).unwrap_or(i64::MAX);
        Answer::ok(&AntwoordenOntvangst { niet_bewaard, uitkomsten })?.done()
    })
    .await
}

/// Geeft alles wat bij uw invulling ontvangen is, ook wat door een later antwoord is ingehaald.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), ("invullingId" = Id, Path, description = "Id van de invulling")),
    responses((status = 200, description = "De ontvangen antwoorden", body = OntvangenAntwoorden)),
    security(("toegang" = ["afnames:lezen"])),
    extensions(("x-actie" = json!("afname.lezen"))),
)]
#[get("/afnames/{id}/invullingen/{invullingId}/antwoorden")]
pub(crate) async fn lijst_antwoorden(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let (pad, gate) = (pad.into_inner(), app.gate(&caller));
    let mut antwoorden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let (_, waarnemer) = eigen(conn, &gate, Action::AfnameLezen, pad)?;
            Ok(store::afnames::antwoorden(conn, waarnemer.id, None)?)
        })
        .await?;
    antwoorden.sort_by(|a, b| (a.vraag, a.gegeven_op, &a.apparaat).cmp(&(b.vraag, b.gegeven_op, &b.apparaat)));
    Answer::ok(&OntvangenAntwoorden { items: antwoorden })?.done()
}

/// De ontvangen antwoorden van één invulling; het zijn er weinig, dus in één keer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OntvangenAntwoorden {
    /// De antwoorden, op vraag en moment.
    pub(crate) items: Vec<Antwoord>,
}

/// Dient uw invulling in; daarna ligt zij vast.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), ("invullingId" = Id, Path, description = "Id van de invulling"), IfMatch, IdempotencyKey),
    request_body = Indiening,
    responses((status = 201, description = "De ingediende invulling", body = Waarnemer)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.invullen"))),
)]
#[post("/afnames/{id}/invullingen/{invullingId}/indieningen")]
pub(crate) async fn dien_invulling_in(
    app: Data<App>,
    caller: Caller,
    pad: Path<(Id, Id)>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    _body: Body<Indiening>,
) -> Result<Answer, Problem> {
    let (pad, gate) = (pad.into_inner(), app.gate(&caller));
    app.write(&caller, Some(idem), move |tx, now| {
        zet_slot(tx, pad.0, Slot::Antwoorden)?;
        zet_slot_op_invulling(tx, pad.1)?;
        let (geladen, oud) = eigen(tx.conn(), &gate, Action::AfnameInvullen, pad)?;
        if_match.check(oud.versie)?;
        geladen.afname.is_open()?;
        let nieuw = oud.indienen(&standen(&store::afnames::antwoorden(tx.conn(), oud.id, None)?), now)?;
        store::afnames::update_waarnemer(tx, &nieuw, oud.versie)?;
        tx.record(geladen.spoor("invulling.ingediend", "invulling", oud.id, Some(&oud), Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/afnames/{}/invullingen/{}", pad.0, pad.1))?.etag(nieuw.versie).done()
    })
    .await
}
