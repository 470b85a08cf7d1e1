//! Stapovergangen, afwijkingen, pauzeringen, hervattingen, beëindigingen en heropeningen.

use domain::organisaties::Aansluitstatus;
use domain::trajecten::{
    Afwijking, Beeindiging, Heropening, Hervatting, NieuweAfwijking, NieuweBeeindiging, NieuweHeropening, NieuweHervatting, NieuwePauzering,
    NieuweStapovergang, Pauzering, Stapovergang, TrajectStatus, verloop as regels,
};
use store::Page;
use store::trajecten::VerloopSoort;

use super::poorten::bereken;
use super::{laad, zet_aansluitstatus};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_stapovergangen).service(zet_stap);
    cfg.service(lijst_afwijkingen).service(verleen_afwijking);
    cfg.service(lijst_pauzeringen).service(pauzeer_traject);
    cfg.service(lijst_hervattingen).service(hervat_traject);
    cfg.service(lijst_beeindigingen).service(beeindig_traject);
    cfg.service(lijst_heropeningen).service(heropen_traject);
}

/// Een lijst van vastleggingen van één soort: overal dezelfde vorm.
#[rustfmt::skip]
macro_rules! lijst {
    ($naam:ident, $pad:literal, $soort:ident, $uitleg:literal) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Trajecten",
            params(("id" = Id, Path, description = "Id van het traject"), BladParams),
            responses((status = 200, description = "Een bladzijde, oudste eerst", body = Lijst<$soort>)),
            security(("toegang" = ["trajecten:lezen"])),
            extensions(("x-actie" = json!("traject.lezen"))),
        )]
        #[get($pad)]
        pub(crate) async fn $naam(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
            let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
            let gevonden = app
                .store
                .read(move |conn| -> Result<_, Problem> {
                    laad(conn, &gate, Action::TrajectLezen, id)?;
                    Ok(store::trajecten::verloop::<$soort>(conn, VerloopSoort::$soort, id, &page)?)
                })
                .await?;
            blad.bladzijde(&gevonden)
        }
    };
}

lijst!(lijst_stapovergangen, "/trajecten/{id}/stapovergangen", Stapovergang, "Geeft de stapovergangen van een traject.");
lijst!(lijst_afwijkingen, "/trajecten/{id}/afwijkingen", Afwijking, "Geeft de afwijkingen van een traject; zij blijven altijd zichtbaar.");
lijst!(lijst_hervattingen, "/trajecten/{id}/hervattingen", Hervatting, "Geeft de hervattingen van een traject.");
lijst!(lijst_beeindigingen, "/trajecten/{id}/beeindigingen", Beeindiging, "Geeft de beëindigingen van een traject.");
lijst!(lijst_heropeningen, "/trajecten/{id}/heropeningen", Heropening, "Geeft de heropeningen van een traject.");

/// Geeft de pauzeringen van een traject, met wanneer elk eindigde.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), BladParams),
    responses((status = 200, description = "Een bladzijde, oudste eerst", body = Lijst<Pauzering>)),
    security(("toegang" = ["trajecten:lezen"])),
    extensions(("x-actie" = json!("traject.lezen"))),
)]
#[get("/trajecten/{id}/pauzeringen")]
pub(crate) async fn lijst_pauzeringen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let alles = Page { limit: 1_000, after: None };
    let lijst = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::TrajectLezen, id)?;
            let pauzeringen = store::trajecten::verloop::<Pauzering>(conn, VerloopSoort::Pauzering, id, &alles)?.items;
            let hervattingen = store::trajecten::verloop::<Hervatting>(conn, VerloopSoort::Hervatting, id, &alles)?.items;
            Ok(regels::met_hervattingen(pauzeringen, &hervattingen))
        })
        .await?;
    blad.uit_geheugen(&lijst, |pauzering| pauzering.id)
}

/// Gaat door de poort naar de volgende stap, of met een reden terug.
///
/// Is de poort dicht, dan noemt het antwoord (409, `poort-niet-voldaan`) iedere voorwaarde die ontbreekt. Wie de poort van
/// stap 5 passeert is live, met toegang tot de operationele omgeving; alleen NIPV's adviseur zet een traject dat live is terug.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), IfMatch, IdempotencyKey),
    request_body = NieuweStapovergang,
    responses((status = 201, description = "De vastgelegde stapovergang", body = Stapovergang)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("traject.stap-zetten"))),
)]
#[post("/trajecten/{id}/stapovergangen")]
pub(crate) async fn zet_stap(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuweStapovergang>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::TrajectStapZetten, id)?;
        if oud.status == TrajectStatus::Live {
            gate.may(Action::TrajectLiveVerlaten, &oud)?;
        }
        if_match.check(oud.versie)?;
        let poort = bereken(tx.conn(), &oud, gate.vandaag(), &[oud.stap])?.pop().ok_or_else(problem::niet_gevonden)?;
        let (nieuw, vastgelegd) = oud.overgang(tx.nieuw_id(), &body, &poort, gate.caller().door(), now)?;
        store::trajecten::update(tx, &nieuw, oud.versie)?;
        store::trajecten::insert_verloop(tx, VerloopSoort::Stapovergang, vastgelegd.id, id, None, &vastgelegd)?;
        tx.record(van_traject("stapovergang.vastgelegd", "stapovergang", vastgelegd.id, &nieuw, None, Some(&vastgelegd))?)?;
        // Wie van live een stap teruggaat, is weer in traject: de organisatie werkt dan niet meer operationeel aangesloten.
        match (oud.status, nieuw.status) {
            (_, TrajectStatus::Live) => zet_aansluitstatus(tx, nieuw.organisatie_id, Aansluitstatus::Live)?,
            (TrajectStatus::Live, _) => zet_aansluitstatus(tx, nieuw.organisatie_id, Aansluitstatus::InTraject)?,
            _ => {}
        }
        Answer::created(&vastgelegd, format!("/trajecten/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}

/// Verleent een afwijking voor een voorwaarde die nog niet voldaan is.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), IfMatch, IdempotencyKey),
    request_body = NieuweAfwijking,
    responses((status = 201, description = "De verleende afwijking", body = Afwijking)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("traject.afwijking-verlenen"))),
)]
#[post("/trajecten/{id}/afwijkingen")]
pub(crate) async fn verleen_afwijking(
    app: Data<App>,
    caller: Caller,
    id: Path<Id>,
    if_match: IfMatch,
    idem: IdempotencyKey,
    body: Body<NieuweAfwijking>,
) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::TrajectAfwijkingVerlenen, id)?;
        if_match.check(oud.versie)?;
        let poorten = bereken(tx.conn(), &oud, gate.vandaag(), &[1, 2, 3, 4, 5, 6])?;
        let leeg = || domain::trajecten::Poort { stap: 6, titel: String::new(), open: false, voorwaarden: Vec::new() };
        let poort_van = |stap: i16| poorten.iter().find(|p| p.stap == stap).cloned().unwrap_or_else(leeg);
        let (nieuw, vastgelegd) = oud.afwijking(tx.nieuw_id(), &body, poort_van, gate.caller().door(), now)?;
        store::trajecten::update(tx, &nieuw, oud.versie)?;
        store::trajecten::insert_verloop(tx, VerloopSoort::Afwijking, vastgelegd.id, id, Some(&vastgelegd.voorwaarde), &vastgelegd)?;
        tx.record(van_traject("afwijking.verleend", "afwijking", vastgelegd.id, &nieuw, None, Some(&vastgelegd))?)?;
        Answer::created(&vastgelegd, format!("/trajecten/{id}"))?.etag(nieuw.versie).done()
    })
    .await
}

/// Een handeling die de stand van het traject wijzigt en vastlegt: overal dezelfde zes stappen.
#[rustfmt::skip]
macro_rules! stand {
    ($naam:ident, $pad:literal, $verzoek:ident, $soort:ident, $regel:ident, $actie:ident, $actie_naam:literal, $handeling:literal, $onderwerp:literal, $status:expr, $uitleg:literal) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Trajecten",
            params(("id" = Id, Path, description = "Id van het traject"), IfMatch, IdempotencyKey),
            request_body = $verzoek,
            responses((status = 201, description = "Wat is vastgelegd", body = $soort)),
            security(("toegang" = ["trajecten:schrijven"])),
            extensions(("x-actie" = json!($actie_naam))),
        )]
        #[post($pad)]
        pub(crate) async fn $naam(
            app: Data<App>,
            caller: Caller,
            id: Path<Id>,
            if_match: IfMatch,
            idem: IdempotencyKey,
            body: Body<$verzoek>,
        ) -> Result<Answer, Problem> {
            let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
            app.write(&caller, Some(idem), move |tx, now| {
                let oud = laad(tx.conn(), &gate, Action::$actie, id)?;
                if_match.check(oud.versie)?;
                let (nieuw, vastgelegd) = oud.$regel(tx.nieuw_id(), &body, gate.caller().door(), now)?;
                if nieuw.status == TrajectStatus::Lopend
                    && oud.status == TrajectStatus::Beeindigd
                    && store::trajecten::open_van(tx.conn(), oud.organisatie_id)?.is_some()
                {
                    return Err(problem::conflict("traject-loopt-al", "De organisatie heeft intussen een ander open traject."));
                }
                store::trajecten::update(tx, &nieuw, oud.versie)?;
                store::trajecten::insert_verloop(tx, VerloopSoort::$soort, vastgelegd.id, id, None, &vastgelegd)?;
                tx.record(van_traject($handeling, $onderwerp, vastgelegd.id, &nieuw, None, Some(&vastgelegd))?)?;
                let status: Option<Aansluitstatus> = $status;
                if let Some(status) = status {
                    zet_aansluitstatus(tx, nieuw.organisatie_id, status)?;
                }
                Answer::created(&vastgelegd, format!("/trajecten/{id}"))?.etag(nieuw.versie).done()
            })
            .await
        }
    };
}

stand!(
    pauzeer_traject,
    "/trajecten/{id}/pauzeringen",
    NieuwePauzering,
    Pauzering,
    pauzeren,
    TrajectPauzeren,
    "traject.pauzeren",
    "pauzering.vastgelegd",
    "pauzering",
    None,
    "Pauzeert een lopend traject."
);
stand!(
    hervat_traject,
    "/trajecten/{id}/hervattingen",
    NieuweHervatting,
    Hervatting,
    hervatten,
    TrajectPauzeren,
    "traject.pauzeren",
    "hervatting.vastgelegd",
    "hervatting",
    None,
    "Hervat een gepauzeerd traject."
);
stand!(
    beeindig_traject,
    "/trajecten/{id}/beeindigingen",
    NieuweBeeindiging,
    Beeindiging,
    beeindigen,
    TrajectBeeindigen,
    "traject.beeindigen",
    "beeindiging.vastgelegd",
    "beeindiging",
    Some(Aansluitstatus::Geen),
    "Beëindigt een traject."
);
stand!(
    heropen_traject,
    "/trajecten/{id}/heropeningen",
    NieuweHeropening,
    Heropening,
    heropenen,
    TrajectHeropenen,
    "traject.heropenen",
    "heropening.vastgelegd",
    "heropening",
    Some(Aansluitstatus::InTraject),
    "Heropent een beëindigd traject."
);
