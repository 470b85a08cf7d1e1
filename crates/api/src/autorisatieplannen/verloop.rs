//! Besluiten over een plan: indienen, akkoord, teruggeven, vaststellen, intrekken.

use domain::autorisatieplannen::{Autorisatieplan, Beslissing, Bevinding, Planopmerking, Planstatus, bevindingen, regels_voor};
use store::{Conn, Tx};

use super::{besluiten, feiten, laad};
use crate::prelude::*;
use crate::volgen;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(dien_autorisatieplan_in)
        .service(keur_autorisatieplan_goed)
        .service(geef_autorisatieplan_terug)
        .service(stel_autorisatieplan_vast)
        .service(trek_autorisatieplan_in);
}

fn van_nu(conn: &mut Conn, plan: &Autorisatieplan, gate: &Gate) -> Result<Vec<Bevinding>, Problem> {
    let inhoud = store::autorisatieplannen::inhoud(conn, plan.id)?;
    Ok(bevindingen(&inhoud, &feiten(conn, plan.organisatie_id, gate.vandaag())?, gate.vandaag()))
}

/// Legt een besluit vast.
fn leg_vast(tx: &mut Tx<'_>, gate: &Gate, handeling: &'static str, oud: &Autorisatieplan, nieuw: &Autorisatieplan) -> Result<Answer, Problem> {
    store::autorisatieplannen::update(tx, nieuw, oud.versie)?;
    super::berichten::aan_de_beurt(tx, nieuw)?;
    volgen::bijwerken(tx, nieuw.organisatie_id, gate.caller().id())?;
    tx.record(organisatie_van(handeling, "autorisatieplan", oud.id, Some(oud.organisatie_id), Some(oud), Some(nieuw))?)?;
    let besluit = nieuw.besluiten.last().ok_or_else(|| problem::fout("een besluit zonder spoor"))?;
    Answer::created(nieuw, format!("/autorisatieplannen/{}/{}/{}", oud.id, besluiten::pad(besluit.soort), besluit.id))?.etag(nieuw.versie).done()
}

#[rustfmt::skip]
macro_rules! besluit {
    ($naam:ident, $pad:literal, $uitleg:literal, $actie:literal, $action:ident, |$tx:ident, $gate:ident, $plan:ident, $opmerking:ident, $wie:ident| $doe:expr) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Autorisatieplannen",
            params(("id" = Id, Path, description = "Id van het autorisatieplan"), IfMatch, IdempotencyKey),
            request_body = Planopmerking,
            responses((status = 201, description = "Het autorisatieplan", body = Autorisatieplan)),
            security(("toegang" = ["autorisatieplannen:schrijven"])),
            extensions(("x-actie" = json!($actie))),
        )]
        #[post($pad)]
        pub(crate) async fn $naam(
            app: Data<App>,
            caller: Caller,
            id: Path<Id>,
            if_match: IfMatch,
            idem: IdempotencyKey,
            body: Body<Planopmerking>,
        ) -> Result<Answer, Problem> {
            let (id, $gate, $opmerking) = (id.into_inner(), app.gate(&caller), body.into_inner());
            app.write(&caller, Some(idem), move |$tx, _| {
                let $plan = laad($tx.conn(), &$gate, Action::$action, id)?;
                if_match.check($plan.versie)?;
                let $wie = Beslissing { id: $tx.nieuw_id(), door: $gate.caller().door(), op: $tx.now() };
                $doe
            })
            .await
        }
    };
}

besluit!(
    dien_autorisatieplan_in,
    "/autorisatieplannen/{id}/indieningen",
    "Dient een plan in bij LFB; fouten in de bevindingen houden dit tegen.",
    "autorisatieplan.indienen",
    AutorisatieplanIndienen,
    |tx, gate, plan, opmerking, wie| {
        let gevonden = van_nu(tx.conn(), &plan, &gate)?;
        leg_vast(tx, &gate, "autorisatieplan.ingediend", &plan, &plan.indienen(&gevonden, &opmerking, wie)?)
    }
);
besluit!(
    keur_autorisatieplan_goed,
    "/autorisatieplannen/{id}/akkoorden",
    "LFB is akkoord met een ingediend plan; de organisatie kan het vaststellen.",
    "autorisatieplan.beoordelen",
    AutorisatieplanBeoordelen,
    |tx, gate, plan, opmerking, wie| leg_vast(tx, &gate, "autorisatieplan.akkoord", &plan, &plan.akkoord(&opmerking, wie)?)
);
besluit!(
    geef_autorisatieplan_terug,
    "/autorisatieplannen/{id}/terugwijzingen",
    "LFB geeft een plan terug met opmerkingen, ook na een akkoord zolang het niet is vastgesteld.",
    "autorisatieplan.beoordelen",
    AutorisatieplanBeoordelen,
    |tx, gate, plan, opmerking, wie| leg_vast(tx, &gate, "autorisatieplan.teruggegeven", &plan, &plan.teruggeven(&opmerking, wie)?)
);
besluit!(
    stel_autorisatieplan_vast,
    "/autorisatieplannen/{id}/vaststellingen",
    "De organisatie stelt het plan vast; daarmee liggen de regels van de uitvoering klaar.",
    "autorisatieplan.vaststellen",
    AutorisatieplanVaststellen,
    |tx, gate, plan, opmerking, wie| {
        let gevonden = van_nu(tx.conn(), &plan, &gate)?;
        let mut nieuw = plan.vaststellen(&gevonden, &opmerking, wie)?;
        if zet_regels_klaar(tx, &plan)? == 0 {
            nieuw.status = Planstatus::Uitgevoerd;
            super::uitvoering::vervang_vorige(tx, &plan)?;
        }
        leg_vast(tx, &gate, "autorisatieplan.vastgesteld", &plan, &nieuw)
    }
);
besluit!(
    trek_autorisatieplan_in,
    "/autorisatieplannen/{id}/intrekkingen",
    "De organisatie trekt een plan in dat nog niet helemaal is uitgevoerd; een eerder uitgevoerd plan blijft gelden.",
    "autorisatieplan.indienen",
    AutorisatieplanIndienen,
    |tx, gate, plan, opmerking, wie| leg_vast(tx, &gate, "autorisatieplan.ingetrokken", &plan, &plan.intrekken(&opmerking, wie)?)
);

/// Schrijft de regels van de uitvoering: van het laatste uitgevoerde plan naar dit plan. Geeft hoeveel.
fn zet_regels_klaar(tx: &mut Tx<'_>, plan: &Autorisatieplan) -> Result<usize, Problem> {
    let vorige = store::autorisatieplannen::geldige(tx.conn(), plan.organisatie_id)?.into_iter().rfind(|p| p.status == Planstatus::Uitgevoerd);
    let was = match vorige {
        Some(vorige) => store::autorisatieplannen::inhoud(tx.conn(), vorige.id)?,
        None => domain::autorisatieplannen::Planinhoud::default(),
    };
    let inhoud = store::autorisatieplannen::inhoud(tx.conn(), plan.id)?;
    let inrichting = store::inrichting::standen(tx.conn(), plan.organisatie_id)?;
    let regels = regels_voor(plan.id, &was, &inhoud, &inrichting, || tx.nieuw_id());
    store::autorisatieplannen::insert_regels(tx, &regels)?;
    Ok(regels.len())
}
