//! De teksten van de afspraken over beheer en controle: LFB stelt ze vast, wie registreert tekent ze.

use domain::registraties::{Beheerafspraken, NieuweBeheerafspraken};

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_beheerafspraken).service(lees_beheerafspraken).service(stel_beheerafspraken_vast);
}

/// Geeft alle vastgestelde teksten, nieuwste eerst; de eerste is de tekst die nu geldt.
#[utoipa::path(
    tag = "Registraties",
    params(BladParams),
    responses((status = 200, description = "Een bladzijde van teksten", body = Lijst<Beheerafspraken>)),
    security(("toegang" = ["referentie:lezen"])),
    extensions(("x-actie" = json!("referentie.lezen"))),
)]
#[get("/beheerafspraken")]
pub(crate) async fn lijst_beheerafspraken(app: Data<App>, caller: Caller, blad: Blad) -> Result<Answer, Problem> {
    app.gate(&caller).may(Action::ReferentieLezen, &())?;
    let page = blad.page()?;
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::registraties::afspraken_lijst(conn, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één vastgestelde tekst.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de tekst")),
    responses((status = 200, description = "De tekst", body = Beheerafspraken)),
    security(("toegang" = ["referentie:lezen"])),
    extensions(("x-actie" = json!("referentie.lezen"))),
)]
#[get("/beheerafspraken/{id}")]
pub(crate) async fn lees_beheerafspraken(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    app.gate(&caller).may(Action::ReferentieLezen, &())?;
    let id = id.into_inner();
    let tekst = app.store.read_point(move |conn| -> Result<_, Problem> { Ok(store::registraties::afspraken(conn, id)?) }).await?;
    Answer::ok(&tekst.ok_or_else(problem::niet_gevonden)?)?.done()
}

/// Stelt een nieuwe tekst vast.
///
/// De tekst geldt meteen voor wat daarna wordt ingediend en wijzigt nooit meer. Wat al getekend is, houdt zijn eigen tekst.
#[utoipa::path(
    tag = "Registraties",
    params(IdempotencyKey),
    request_body = NieuweBeheerafspraken,
    responses((status = 201, description = "De vastgestelde tekst", body = Beheerafspraken)),
    security(("toegang" = ["referentie:schrijven"])),
    extensions(("x-actie" = json!("beheerafspraken.vaststellen"))),
)]
#[post("/beheerafspraken")]
pub(crate) async fn stel_beheerafspraken_vast(
    app: Data<App>,
    caller: Caller,
    idem: IdempotencyKey,
    body: Body<NieuweBeheerafspraken>,
) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        gate.may_create(Action::BeheerafsprakenVaststellen, &())?;
        let versie = store::registraties::geldende_afspraken(tx.conn())?.map_or(1, |vorige| vorige.versie + 1);
        let nieuw = body.clone().vaststellen(tx.nieuw_id(), versie, now)?;
        store::registraties::insert_afspraken(tx, &nieuw)?;
        tx.record(organisatie_van("beheerafspraken.vastgesteld", "beheerafspraken", nieuw.id, None, None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/beheerafspraken/{}", nieuw.id))?.done()
    })
    .await
}
