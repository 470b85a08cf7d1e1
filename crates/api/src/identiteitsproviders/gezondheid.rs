//! De gezondheid van identiteitsproviders: op schema gemeten, en gewaarschuwd vóór mensen buiten staan.

use chrono::TimeDelta;
use domain::identiteitsproviders::{Identiteitsprovider, IdpGezondheid, IdpGezondheidStand, IdpStatus, te_waarschuwen};
use serde_json::json;
use store::identiteitsproviders::{self as opslag, IdpFilter};
use store::{Actor, Page, Tx, Zicht};

use super::laad;
use crate::prelude::*;

/// Hoe vaak een identiteitsprovider gemeten wordt; een andere node kan net geweest zijn.
const TUSSEN: TimeDelta = TimeDelta::minutes(15);

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_identiteitsprovidergezondheid);
}

/// Geeft hoe het met een identiteitsprovider gaat, volgens de laatste meting.
#[utoipa::path(
    tag = "Identiteitsproviders",
    params(("id" = Id, Path, description = "Id van de registratie")),
    responses((status = 200, description = "De gezondheid", body = IdpGezondheid)),
    security(("toegang" = ["identiteitsproviders:lezen"])),
    extensions(("x-actie" = json!("identiteitsprovider.lezen"))),
)]
#[get("/identiteitsproviders/{id}/gezondheid")]
pub(crate) async fn lees_identiteitsprovidergezondheid(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let gezien = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::IdentiteitsproviderLezen, id)?;
            Ok(opslag::gezondheid(conn, id)?.unwrap_or_else(|| IdpGezondheid::onbekend(id)))
        })
        .await?;
    Answer::ok(&gezien)?.done()
}

/// Meet alle actieve identiteitsproviders die aan de beurt zijn; geeft hoeveel.
pub(crate) async fn meten(app: &App) -> Result<usize, Problem> {
    let (mut gemeten, mut na) = (0, None);
    loop {
        let page = Page { limit: 100, after: na };
        let filter = IdpFilter { organisatie_id: None, status: Some(IdpStatus::Actief) };
        let blad = app.store.read(move |conn| -> Result<_, Problem> { Ok(opslag::list(conn, filter, &Zicht::Alles, &page)?) }).await?;
        for idp in &blad.items {
            gemeten += usize::from(meet(app, idp).await?);
        }
        na = blad.volgende;
        if na.is_none() {
            return Ok(gemeten);
        }
    }
}

async fn meet(app: &App, idp: &Identiteitsprovider) -> Result<bool, Problem> {
    let (id, nu) = (idp.id, app.clock.now());
    let (vorige, versie, geheimen) = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let nummer = opslag::get(conn, id)?.and_then(|idp| idp.actieve_versie);
            let versie = nummer.map(|nummer| opslag::get_versie(conn, id, nummer)).transpose()?.flatten();
            Ok((opslag::gezondheid(conn, id)?, versie, opslag::geheimen(conn, id)?))
        })
        .await?;
    let Some(versie) = versie.filter(|_| vorige.as_ref().and_then(|v| v.gemeten_op).is_none_or(|op| nu - op >= TUSSEN)) else { return Ok(false) };
    let uitkomst = app.idps.hub().meten(&versie.instellingen.issuer, nu).await.err();
    let geheimen: Vec<_> = geheimen.into_iter().map(|bewaard| bewaard.geheim).collect();
    let meting = IdpGezondheid::uit(id, uitkomst, &geheimen, vorige.as_ref(), nu);
    let (organisatie, eerder) = (idp.organisatie_id, vorige.map_or(IdpGezondheidStand::Onbekend, |v| v.stand));
    app.store.write(Actor::default(), nu, None, move |tx| vastleggen(tx, organisatie, eerder, &meting)).await?;
    Ok(true)
}

/// Bewaart de meting; alleen een andere stand is een gebeurtenis.
fn vastleggen(tx: &mut Tx<'_>, organisatie: Id, eerder: IdpGezondheidStand, meting: &IdpGezondheid) -> Result<(), Problem> {
    opslag::zet_gezondheid(tx, meting)?;
    if eerder != meting.stand {
        let (id, voor) = (meting.identiteitsprovider_id, json!({ "stand": eerder }));
        let na = serde_json::to_value(meting).map_err(problem::fout)?;
        tx.record(organisatie_van("identiteitsprovidergezondheid.gewijzigd", "identiteitsprovider", id, Some(organisatie), Some(&voor), Some(&na))?)?;
    }
    Ok(())
}

/// Waarschuwt 60, 30 en 7 dagen voordat een geheim verloopt, ieder één keer; geeft hoe vaak.
pub(crate) async fn waarschuwen(app: &App) -> Result<usize, Problem> {
    let nu = app.clock.now();
    let aflopend = app.store.read(move |conn| -> Result<_, Problem> { Ok(opslag::te_waarschuwen(conn, nu)?) }).await?;
    let mut gewaarschuwd = 0;
    for bewaard in aflopend {
        let Some(vervalt_op) = bewaard.geheim.vervalt_op else { continue };
        let Some(dagen) = te_waarschuwen(vervalt_op, bewaard.gewaarschuwd, nu) else { continue };
        let geheim = bewaard.geheim;
        let gedaan = app.store.write(Actor::default(), nu, None, move |tx| -> Result<bool, Problem> {
            let Some(idp) = opslag::get(tx.conn(), geheim.identiteitsprovider_id)? else { return Ok(false) };
            if !opslag::waarschuwing_gegeven(tx, geheim.id, dagen)? {
                return Ok(false);
            }
            let na = json!({ "geheimId": geheim.id, "soort": geheim.soort, "vervaltOp": vervalt_op, "binnenDagen": dagen });
            tx.record(organisatie_van("identiteitsprovidergeheim.verloopt", "identiteitsprovider", idp.id, Some(idp.organisatie_id), None, Some(&na))?)?;
            Ok(true)
        });
        gewaarschuwd += usize::from(gedaan.await?);
    }
    Ok(gewaarschuwd)
}
