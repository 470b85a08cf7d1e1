//! De uitvoering van een vastgesteld plan, regel voor regel.

use domain::autorisatieplannen::{Autorisatieplan, Planstatus, Planuitvoering, Regelstand, Uitvoerder, Uitvoering, Uitvoeringsfout, Uitvoeringsregel};
use domain::inrichting::InrichtingStatus;
use store::Tx;
use store::vastleggingen::{self, Soort};

use super::laad;
use crate::prelude::*;
use crate::van_organisatie::eigen_gebruikers;
use crate::volgen;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_uitvoeringsregels).service(leg_uitvoering_vast).service(lijst_uitvoeringen).service(lees_uitvoering);
}

/// Waarop de regels van de uitvoering te beperken zijn.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegelFilter {
    /// Stand.
    #[param(inline)]
    pub stand: Option<Regelstand>,
    /// Wie de regel uitvoert.
    #[param(inline)]
    pub uitvoerder: Option<Uitvoerder>,
}

/// Geeft de regels van de uitvoering, in volgorde: eerst de inrichting, dan de profielen, dan wie ze krijgt.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), RegelFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van regels", body = Lijst<Uitvoeringsregel>)),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/uitvoeringsregels")]
pub(crate) async fn lijst_uitvoeringsregels(app: Data<App>, caller: Caller, id: Path<Id>, filter: Query<RegelFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page, filter) = (id.into_inner(), app.gate(&caller), blad.page()?, filter.into_inner());
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::AutorisatieplanLezen, id)?;
            let (stand, uitvoerder) = (filter.stand.map(Regelstand::as_str), filter.uitvoerder.map(Uitvoerder::as_str));
            Ok(store::autorisatieplannen::list_regels(conn, id, stand, uitvoerder, &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

/// Legt vast welke regels gedaan of mislukt zijn; allemaal of geen.
///
/// LFB doet de regels van de inrichting, de organisatiebeheerder die van profielen en gebruikers, en niemand kent zichzelf iets toe.
/// Een gedane regel blijft gedaan; een mislukte kan opnieuw. Is de laatste regel gedaan, dan is het plan uitgevoerd en het vorige vervangen.
/// Meer mensen voeren tegelijk uit: deze operatie vraagt daarom geen `If-Match`, de stand van iedere regel beslist.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), IdempotencyKey),
    request_body = Uitvoering,
    responses((status = 201, description = "Het autorisatieplan", body = Autorisatieplan)),
    security(("toegang" = ["autorisatieplannen:schrijven"])),
    extensions(("x-actie" = json!("autorisatieplan.uitvoeren"))),
)]
#[post("/autorisatieplannen/{id}/uitvoeringen")]
pub(crate) async fn leg_uitvoering_vast(app: Data<App>, caller: Caller, id: Path<Id>, idem: IdempotencyKey, body: Body<Uitvoering>) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::AutorisatieplanUitvoeren, id)?;
        if !matches!(oud.status, Planstatus::Vastgesteld | Planstatus::Uitvoering) {
            return Err(problem::conflict("plan-in-andere-stand", format!("Uitvoeren kan alleen als het plan is vastgesteld; het is nu '{}'.", oud.status)));
        }
        let eigen = eigen_gebruikers(tx.conn(), &gate, oud.organisatie_id)?;
        let inhoud = store::autorisatieplannen::inhoud(tx.conn(), id)?;
        let mut regels = store::autorisatieplannen::regels(tx.conn(), id)?;
        let wie = (als(&gate, &oud), gate.caller().persoon().map(|p| p.id), eigen);
        let gewijzigd = body.verwerk(&inhoud, &mut regels, (&wie.0, wie.1, &wie.2), now)?;
        store::autorisatieplannen::update_regels(tx, &gewijzigd)?;
        richt_in(tx, &oud, &gewijzigd)?;
        let klaar = regels.iter().all(|r| r.stand == Regelstand::Gedaan);
        let nieuw = oud.met_stand(if klaar { Planstatus::Uitgevoerd } else { Planstatus::Uitvoering }, now);
        if klaar {
            vervang_vorige(tx, &oud)?;
        }
        store::autorisatieplannen::update(tx, &nieuw, oud.versie)?;
        volgen::bijwerken(tx, nieuw.organisatie_id, gate.caller().id())?;
        tx.record(organisatie_van("autorisatieplan.uitgevoerd", "autorisatieplan", id, Some(oud.organisatie_id), None, Some(&gewijzigd))?)?;
        let vastgelegd = Planuitvoering { id: tx.nieuw_id(), plan_id: id, op: now, door: gate.caller().door(), regels: body.regels.clone() };
        vastleggingen::insert(tx, Soort::Uitvoering, vastgelegd.id, id, &vastgelegd)?;
        Answer::created(&nieuw, format!("/autorisatieplannen/{id}/uitvoeringen/{}", vastgelegd.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Geeft wat er van een plan is uitgevoerd, per keer dat het is vastgelegd.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), BladParams),
    responses((status = 200, description = "Een bladzijde, oudste eerst", body = Lijst<Planuitvoering>)),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/uitvoeringen")]
pub(crate) async fn lijst_uitvoeringen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate, page) = (id.into_inner(), app.gate(&caller), blad.page()?);
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::AutorisatieplanLezen, id)?;
            Ok(vastleggingen::list::<Planuitvoering>(conn, Soort::Uitvoering, id, &page)?)
        })
        .await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één keer dat uitkomsten zijn vastgelegd.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het autorisatieplan"), ("uitvoeringId" = Id, Path, description = "Id van de uitvoering")),
    responses((status = 200, description = "De uitvoering", body = Planuitvoering)),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("autorisatieplan.lezen"))),
)]
#[get("/autorisatieplannen/{id}/uitvoeringen/{uitvoeringId}")]
pub(crate) async fn lees_uitvoering(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let ((id, uitvoering), gate) = (pad.into_inner(), app.gate(&caller));
    let gevonden = app
        .store
        .read_point(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::AutorisatieplanLezen, id)?;
            vastleggingen::get::<Planuitvoering>(conn, Soort::Uitvoering, id, uitvoering)?.ok_or_else(problem::niet_gevonden)
        })
        .await?;
    Answer::ok(&gevonden)?.done()
}

/// Als wie de aanroeper uitvoert: bij NIPV als LFB, bij de eigen organisatie als organisatiebeheerder.
fn als(gate: &Gate, plan: &Autorisatieplan) -> Vec<Uitvoerder> {
    if gate.is_nipv() {
        vec![Uitvoerder::Lfb]
    } else if gate.caller().organisatie_id() == plan.organisatie_id {
        vec![Uitvoerder::Organisatiebeheerder]
    } else {
        Vec::new()
    }
}

/// Een gedane regel van de inrichting maakt de wens ingericht.
fn richt_in(tx: &mut Tx<'_>, plan: &Autorisatieplan, gewijzigd: &[Uitvoeringsregel]) -> Result<(), Problem> {
    let now = tx.now();
    for regel in gewijzigd.iter().filter(|r| r.stand == Regelstand::Gedaan) {
        let Some(soort) = regel.soort.onderdeel() else { continue };
        let Some(oud) = store::inrichting::by_code(tx.conn(), plan.organisatie_id, soort, &regel.code)? else { continue };
        if oud.status == InrichtingStatus::Gewenst {
            let nieuw = oud.inrichten(now)?;
            store::inrichting::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("inrichting.ingericht", soort.as_str(), oud.id, Some(plan.organisatie_id), Some(&oud), Some(&nieuw))?)?;
        }
    }
    Ok(())
}

/// Wat eerder was uitgevoerd, is door dit plan vervangen.
pub(super) fn vervang_vorige(tx: &mut Tx<'_>, plan: &Autorisatieplan) -> Result<(), Problem> {
    let now = tx.now();
    for oud in store::autorisatieplannen::geldige(tx.conn(), plan.organisatie_id)? {
        if oud.id != plan.id && oud.status == Planstatus::Uitgevoerd {
            let nieuw = oud.met_stand(Planstatus::Vervangen, now);
            store::autorisatieplannen::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("autorisatieplan.vervangen", "autorisatieplan", oud.id, Some(oud.organisatie_id), Some(&oud), Some(&nieuw))?)?;
        }
    }
    Ok(())
}

impl From<Uitvoeringsfout> for Problem {
    fn from(fout: Uitvoeringsfout) -> Self {
        match fout {
            Uitvoeringsfout::Invoer(fouten) => fouten.into(),
            Uitvoeringsfout::Geweigerd(weigering) => weigering.into(),
        }
    }
}
