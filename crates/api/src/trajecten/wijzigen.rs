//! Gegevens van een traject bijhouden.

use domain::referentie::Stappenplan;
use domain::trajecten::{Traject, TrajectWijziging, activiteiten as acties, stappenplan_bruikbaar};
use store::{Conn, Tx};

use super::laad;
use crate::prelude::*;
use crate::problem::Veldfout;
use crate::volgen;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(wijzig_traject);
}

/// Wijzigt een traject: aansluitvorm, contactpersonen, planning, deadline of stappenplan.
///
/// JSON Merge Patch: een weggelaten veld blijft staan, `null` maakt leeg. De aansluitvorm kiest een persoon van de
/// crisispartner of NIPV. Overzetten naar een ander stappenplan bewaart wat al gedaan is.
#[utoipa::path(
    tag = "Trajecten",
    params(("id" = Id, Path, description = "Id van het traject"), IfMatch),
    request_body(content = TrajectWijziging, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Het gewijzigde traject", body = Traject)),
    security(("toegang" = ["trajecten:schrijven"])),
    extensions(("x-actie" = json!("traject.wijzigen"))),
)]
#[patch("/trajecten/{id}")]
pub(crate) async fn wijzig_traject(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, body: Body<TrajectWijziging>) -> Result<Answer, Problem> {
    let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
    app.write(&caller, None, move |tx, now| {
        let oud = laad(tx.conn(), &gate, Action::TrajectWijzigen, id)?;
        if body.aansluitvorm.is_some() || body.stappenplan_id.is_some() {
            gate.may(Action::TrajectAansluitvormKiezen, &oud)?;
        }
        if_match.check(oud.versie)?;
        oud.niet_beeindigd()?;
        let (nieuw_plan, nieuw) = problem::samen(keur(tx.conn(), &oud, &body), oud.gewijzigd(&body, now))?;
        if let Some(plan) = nieuw_plan {
            zet_over(tx, &nieuw, &plan)?;
        }
        store::trajecten::update(tx, &nieuw, oud.versie)?;
        if nieuw.stappenplan_id != oud.stappenplan_id {
            volgen::bijwerken(tx, nieuw.organisatie_id, gate.caller().id())?;
        }
        tx.record(van_traject("traject.gewijzigd", "traject", id, &nieuw, Some(&oud), Some(&nieuw))?)?;
        Answer::ok(&nieuw)?.etag(nieuw.versie).done()
    })
    .await
}

/// Verwijzingen in de wijziging bestaan en horen bij dit traject; geeft het stappenplan als dat een ander wordt.
fn keur(conn: &mut Conn, traject: &Traject, body: &TrajectWijziging) -> Result<Option<Stappenplan>, Problem> {
    let mut fouten = Vec::new();
    if let Some(code) = body.aansluitvorm.iter().flatten().find_map(|keuze| keuze.code.as_deref())
        && store::referentie::aansluitvorm(conn, code)?.is_none_or(|a| a.vervallen)
    {
        fouten.push(Veldfout::body("/aansluitvorm/code", "aansluitvorm-onbekend", "Kies een aansluitvorm uit de lijst die niet vervallen is."));
    }
    for (plek, persoon) in body.contactpersonen.iter().flatten().enumerate() {
        let betrokken = store::personen::get(conn, *persoon)?.is_some_and(|p| traject.partijen.iter().any(|partij| partij.organisatie_id == p.organisatie_id));
        if !betrokken {
            let detail = "Deze persoon hoort niet bij een partij van dit traject.";
            fouten.push(Veldfout::body(format!("/contactpersonen/{plek}"), "persoon-onbekend", detail));
        }
    }
    let plan = match body.stappenplan_id.filter(|id| *id != traject.stappenplan_id) {
        Some(id) => store::referentie::stappenplan(conn, id)?.or_else(|| {
            fouten.push(Veldfout::body("/stappenplanId", "stappenplan-onbekend", "Dit stappenplan bestaat niet."));
            None
        }),
        None => None,
    };
    if fouten.is_empty() { Ok(plan) } else { Err(fouten.into()) }
}

fn zet_over(tx: &mut Tx<'_>, traject: &Traject, plan: &Stappenplan) -> Result<(), Problem> {
    stappenplan_bruikbaar(plan)?;
    let oud = store::trajecten::activiteiten(tx.conn(), traject.id)?;
    let nieuw = acties::overgezet(&oud, acties::uit_stappenplan(&plan.inhoud, traject.id, || tx.nieuw_id()));
    for weg in oud.iter().filter(|o| !nieuw.iter().any(|n| n.id == o.id)) {
        store::trajecten::delete_activiteit(tx, weg.id)?;
    }
    for activiteit in &nieuw {
        match oud.iter().find(|o| o.id == activiteit.id) {
            Some(bestaand) => store::trajecten::update_activiteit(tx, activiteit, bestaand.versie)?,
            None => store::trajecten::insert_activiteit(tx, activiteit)?,
        }
    }
    Ok(())
}
