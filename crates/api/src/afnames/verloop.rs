//! Openingen, sluitingen en heropeningen van een afname.

use std::collections::BTreeMap;

use domain::afnames::antwoorden::standen;
use domain::afnames::{Afname, AfnameOvergang, NieuweAfnameHeropening, NieuweSluiting, Sluitfeiten, Stand};
use domain::staat::{Bijdrage, vastgesteld};
use domain::vandaag;
use store::Tx;
use store::afnames::{Slot, zet_slot};

use super::{Geladen, bereken, laad};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_openingen).service(open_afname);
    cfg.service(lijst_sluitingen).service(sluit_afname);
    cfg.service(lijst_heropeningen_van_afname).service(heropen_afname);
}

#[rustfmt::skip]
macro_rules! lijst {
    ($naam:ident, $pad:literal, $soort:literal, $uitleg:literal) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Afnames",
            params(("id" = Id, Path, description = "Id van de afname"), BladParams),
            responses((status = 200, description = "Een bladzijde, oudste eerst", body = Lijst<AfnameOvergang>)),
            security(("toegang" = ["afnames:lezen"])),
            extensions(("x-actie" = json!("afname.lezen"))),
        )]
        #[get($pad)]
        pub(crate) async fn $naam(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
            let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
            let gevonden = app
                .store
                .read(move |conn| -> Result<_, Problem> {
                    laad(conn, &gate, Action::AfnameLezen, id)?;
                    Ok(store::afnames::overgangen(conn, id, $soort, &page)?)
                })
                .await?;
            blad.bladzijde(&gevonden)
        }
    };
}

lijst!(lijst_openingen, "/afnames/{id}/openingen", "opening", "Geeft de openingen van een afname.");
lijst!(lijst_sluitingen, "/afnames/{id}/sluitingen", "sluiting", "Geeft de sluitingen van een afname.");
lijst!(lijst_heropeningen_van_afname, "/afnames/{id}/heropeningen", "heropening", "Geeft de heropeningen van een afname, met hun reden.");

/// Bewaart de overgang met de nieuwe stand van de afname.
fn bewaar(tx: &mut Tx<'_>, geladen: &Geladen, handeling: &'static str, (nieuw, overgang): (Afname, AfnameOvergang)) -> Result<Answer, Problem> {
    let oud = &geladen.afname;
    store::afnames::update(tx, &nieuw, oud.versie)?;
    store::afnames::insert_overgang(tx, &overgang)?;
    tx.record(geladen.spoor(handeling, "afname", oud.id, Some(oud), Some(&nieuw))?)?;
    Answer::created(&overgang, format!("/afnames/{}", oud.id))?.etag(nieuw.versie).done()
}

/// Stelt een afname open: vanaf nu kunnen waarnemers invullen.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), IfMatch, IdempotencyKey),
    responses((status = 201, description = "De opening", body = AfnameOvergang)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.beheren"))),
)]
#[post("/afnames/{id}/openingen")]
pub(crate) async fn open_afname(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, idem: IdempotencyKey) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    app.write(&caller, Some(idem), move |tx, now| {
        let geladen = laad(tx.conn(), &gate, Action::AfnameBeheren, id)?;
        if_match.check(geladen.afname.versie)?;
        let overgang = geladen.afname.openen(tx.nieuw_id(), gate.caller().door(), now)?;
        bewaar(tx, &geladen, "afname.geopend", overgang)
    })
    .await
}

/// Sluit een afname: vanaf nu ligt zij vast en telt zij mee in de Staat van Netcentrisch Werken, in het jaar van haar eerste dag.
///
/// Een jaar wordt vastgesteld op 1 februari daarna; een afname die later sluit telt er niet meer in mee en `staatJaar` blijft dan
/// weg. Iedere kernvraag moet door ten minste één waarnemer zijn beantwoord en ingediend.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), IfMatch, IdempotencyKey),
    request_body = NieuweSluiting,
    responses((status = 201, description = "De sluiting", body = AfnameOvergang)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.beheren"))),
)]
#[post("/afnames/{id}/sluitingen")]
pub(crate) async fn sluit_afname(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuweSluiting>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        zet_slot(tx, id, Slot::Sluiten)?;
        let geladen = laad(tx.conn(), &gate, Action::AfnameBeheren, id)?;
        if_match.check(geladen.afname.versie)?;
        let lijst = store::vragenlijsten::get(tx.conn(), geladen.afname.vragenlijst_id)?.ok_or_else(problem::niet_gevonden)?;
        let waarnemers = store::afnames::waarnemers(tx.conn(), id)?;
        let per_invulling: BTreeMap<Id, _> = store::afnames::van_afname(tx.conn(), id)?;
        let standen: Vec<(Id, Vec<Stand>)> = per_invulling.iter().map(|(id, antwoorden)| (*id, standen(antwoorden))).collect();
        let feiten = Sluitfeiten { waarnemers: &waarnemers, standen: &standen, vragenlijst: &lijst };
        let (nieuw, overgang) = geladen.afname.sluiten(tx.nieuw_id(), &body, feiten, gate.caller().door(), now)?;
        let antwoord = bewaar(tx, &geladen, "afname.gesloten", (nieuw.clone(), overgang))?;
        werk_staat_bij(tx, &nieuw, now)?;
        Ok(antwoord)
    })
    .await
}

/// Heropent een gesloten afname, met een reden die altijd zichtbaar blijft; de genoemde waarnemers mogen weer wijzigen.
///
/// Een vastgesteld jaar verandert in de Staat niet meer; in een jaar dat nog loopt telt de afname pas weer mee na sluiten.
#[utoipa::path(
    tag = "Afnames",
    params(("id" = Id, Path, description = "Id van de afname"), IfMatch, IdempotencyKey),
    request_body = NieuweAfnameHeropening,
    responses((status = 201, description = "De heropening", body = AfnameOvergang)),
    security(("toegang" = ["afnames:schrijven"])),
    extensions(("x-actie" = json!("afname.heropenen"))),
)]
#[post("/afnames/{id}/heropeningen")]
pub(crate) async fn heropen_afname(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuweAfnameHeropening>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        zet_slot(tx, id, Slot::Sluiten)?;
        let geladen = laad(tx.conn(), &gate, Action::AfnameHeropenen, id)?;
        if_match.check(geladen.afname.versie)?;
        let overgang = geladen.afname.heropenen(tx.nieuw_id(), &body, gate.caller().door(), now)?;
        for waarnemer in store::afnames::waarnemers(tx.conn(), id)?.into_iter().filter(|w| body.waarnemers.contains(&w.id) && w.telt_mee()) {
            let terug = waarnemer.teruggegeven();
            store::afnames::update_waarnemer(tx, &terug, waarnemer.versie)?;
            tx.record(geladen.spoor("invulling.teruggegeven", "waarnemer", waarnemer.id, Some(&waarnemer), Some(&terug))?)?;
        }
        let antwoord = bewaar(tx, &geladen, "afname.heropend", overgang)?;
        werk_staat_bij(tx, &geladen.afname, now)?;
        Ok(antwoord)
    })
    .await
}

/// Werkt de Staat bij na een sluiting of heropening: van de gesloten afnames van dat jaar telt die met de laatste eerste dag.
///
/// Een vastgesteld jaar verandert niet meer.
fn werk_staat_bij(tx: &mut Tx<'_>, afname: &Afname, now: Moment) -> Result<(), Problem> {
    let jaar = afname.jaar();
    if vastgesteld(jaar, vandaag(now)) {
        return Ok(());
    }
    store::staat::zet_slot(tx)?;
    let telt = store::afnames::telt_in_jaar(tx.conn(), afname.organisatie_id, &afname.vragenlijst_code, jaar)?;
    let bijdrage = match telt {
        Some(telt) => Some(bijdrage_van(tx, &telt)?),
        None => None,
    };
    store::staat::vervang_bijdrage(tx, afname.organisatie_id, &afname.vragenlijst_code, jaar, bijdrage.as_ref())?;
    Ok(())
}

/// Wat een afname bijdraagt, met de sector en het regiotype die de organisatie nu heeft.
fn bijdrage_van(tx: &mut Tx<'_>, afname: &Afname) -> Result<Bijdrage, Problem> {
    let organisatie = store::organisaties::get(tx.conn(), afname.organisatie_id)?.ok_or_else(problem::niet_gevonden)?;
    let regiotype = store::staat::regiotype_van(tx.conn(), afname.organisatie_id)?;
    let resultaat = bereken(tx.conn(), afname)?;
    Ok(Bijdrage::van(&resultaat, afname, organisatie.sector_code.as_deref(), regiotype.as_deref()))
}
