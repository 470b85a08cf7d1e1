//! Samenwerkingsprofielen: een profiel lenen van een andere organisatie. De eigenaar beslist; beide staan vast.

use domain::autorisatieplannen::{NieuwSamenwerkingsprofiel, Planopmerking, Samenwerkingsprofiel, SamenwerkingsprofielStatus};
use store::Conn;

use crate::beleid::VanOrganisatie;
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_samenwerkingsprofielen)
        .service(lees_samenwerkingsprofiel)
        .service(vraag_samenwerkingsprofiel_aan)
        .service(ken_samenwerkingsprofiel_toe)
        .service(weiger_samenwerkingsprofiel)
        .service(beeindig_samenwerkingsprofiel);
}

/// Waarop samenwerkingsprofielen te beperken zijn.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SamenwerkingFilter {
    /// Stand.
    #[param(inline)]
    pub status: Option<SamenwerkingsprofielStatus>,
}

/// Hoe de aanroeper tot het geleende profiel staat: als eigenaar of als lener is het van zijn organisatie.
fn zaak(gate: &Gate, s: &Samenwerkingsprofiel) -> VanOrganisatie {
    let van = if gate.caller().organisatie_id() == s.organisatie_id { s.organisatie_id } else { s.eigenaar_id };
    VanOrganisatie::new(van, None)
}

fn laad(conn: &mut Conn, gate: &Gate, actie: Action, id: Id) -> Result<Samenwerkingsprofiel, Problem> {
    let gevonden = store::autorisatieplannen::get_samenwerking(conn, id)?.ok_or_else(problem::niet_gevonden)?;
    gate.may(actie, &zaak(gate, &gevonden))?;
    Ok(gevonden)
}

/// Geeft de samenwerkingsprofielen die uw organisatie leent of uitleent; voor LFB alle.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(SamenwerkingFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van samenwerkingsprofielen", body = Lijst<Samenwerkingsprofiel>)),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("samenwerkingsprofiel.lezen"))),
)]
#[get("/samenwerkingsprofielen")]
pub(crate) async fn lijst_samenwerkingsprofielen(app: Data<App>, caller: Caller, filter: Query<SamenwerkingFilter>, blad: Blad) -> Result<Answer, Problem> {
    let (zicht, page) = (app.gate(&caller).zicht(Action::SamenwerkingsprofielLezen), blad.page()?);
    let status = filter.status.map(SamenwerkingsprofielStatus::as_str);
    let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok(store::autorisatieplannen::list_samenwerking(conn, status, &zicht, &page)?) }).await?;
    blad.bladzijde(&gevonden)
}

/// Geeft één samenwerkingsprofiel.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(("id" = Id, Path, description = "Id van het samenwerkingsprofiel")),
    responses((status = 200, description = "Het samenwerkingsprofiel", body = Samenwerkingsprofiel)),
    security(("toegang" = ["autorisatieplannen:lezen"])),
    extensions(("x-actie" = json!("samenwerkingsprofiel.lezen"))),
)]
#[get("/samenwerkingsprofielen/{id}")]
pub(crate) async fn lees_samenwerkingsprofiel(app: Data<App>, caller: Caller, id: Path<Id>) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let gevonden = app.store.read_point(move |conn| laad(conn, &gate, Action::SamenwerkingsprofielLezen, id)).await?;
    Answer::ok(&gevonden)?.etag(gevonden.versie).done()
}

/// Vraagt voor een gebruiker van uw organisatie een profiel van een andere organisatie.
///
/// Het profiel moet in het vastgestelde autorisatieplan van de eigenaar staan; de eigenaar beslist.
#[utoipa::path(
    tag = "Autorisatieplannen",
    params(IdempotencyKey),
    request_body = NieuwSamenwerkingsprofiel,
    responses((status = 201, description = "De aanvraag", body = Samenwerkingsprofiel)),
    security(("toegang" = ["autorisatieplannen:schrijven"])),
    extensions(("x-actie" = json!("samenwerkingsprofiel.aanvragen"))),
)]
#[post("/samenwerkingsprofielen")]
pub(crate) async fn vraag_samenwerkingsprofiel_aan(
    app: Data<App>,
    caller: Caller,
    idem: IdempotencyKey,
    body: Body<NieuwSamenwerkingsprofiel>,
) -> Result<Answer, Problem> {
    let (gate, body) = (app.gate(&caller), body.into_inner());
    app.write(&caller, Some(idem), move |tx, now| {
        let organisatie = gate.caller().organisatie_id();
        gate.may_create(Action::SamenwerkingsprofielAanvragen, &organisatie)?;
        let gebruiker = store::gebruikers::get(tx.conn(), body.gebruiker_id)?.filter(|g| g.organisatie_id == organisatie && g.is_actief());
        let gebruiker =
            gebruiker.ok_or_else(|| problem::ongeldig("/gebruikerId", "gebruiker-onbekend", "Kies een actieve gebruiker van uw eigen organisatie."));
        let profiel = if biedt_aan(tx.conn(), body.eigenaar_id, &body.profiel)? {
            Ok(())
        } else {
            let detail = "Deze organisatie heeft geen vastgesteld autorisatieplan met dit profiel. Vraag haar naar de code van het profiel.";
            Err(problem::ongeldig("/profiel", "profiel-onbekend", detail))
        };
        let door = gate.caller().persoon().map(|p| p.id);
        let nieuw = body.clone().maak(tx.nieuw_id(), organisatie, door, gate.vandaag(), now);
        let (_, nieuw) = problem::samen(problem::samen(gebruiker, profiel), nieuw)?;
        store::autorisatieplannen::insert_samenwerking(tx, &nieuw)?;
        tx.record(organisatie_van("samenwerkingsprofiel.aangevraagd", "samenwerkingsprofiel", nieuw.id, Some(nieuw.eigenaar_id), None, Some(&nieuw))?)?;
        Answer::created(&nieuw, format!("/samenwerkingsprofielen/{}", nieuw.id))?.etag(nieuw.versie).done()
    })
    .await
}

/// Of een organisatie dit profiel in haar vastgestelde plan heeft.
fn biedt_aan(conn: &mut Conn, eigenaar: Id, profiel: &str) -> Result<bool, Problem> {
    for plan in store::autorisatieplannen::geldige(conn, eigenaar)?.iter().filter(|p| p.status.is_vastgesteld()) {
        if store::autorisatieplannen::inhoud(conn, plan.id)?.profielen.iter().any(|p| p.code == profiel) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[rustfmt::skip]
macro_rules! besluit {
    ($naam:ident, $pad:literal, $uitleg:literal, $actie:literal, $action:ident, $status:ident, $handeling:literal, $alleen_eigenaar:literal) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Autorisatieplannen",
            params(("id" = Id, Path, description = "Id van het samenwerkingsprofiel"), IfMatch, IdempotencyKey),
            request_body = Planopmerking,
            responses((status = 201, description = "Het samenwerkingsprofiel", body = Samenwerkingsprofiel)),
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
            let (id, gate, body) = (id.into_inner(), app.gate(&caller), body.into_inner());
            app.write(&caller, Some(idem), move |tx, now| {
                let oud = laad(tx.conn(), &gate, Action::$action, id)?;
                if $alleen_eigenaar && gate.caller().organisatie_id() != oud.eigenaar_id {
                    return Err(problem::verboden("eigenaar-beslist", "De organisatie van wie het profiel is, beslist hierover."));
                }
                if_match.check(oud.versie)?;
                let nieuw = oud.besluit(SamenwerkingsprofielStatus::$status, gate.caller().persoon().map(|p| p.id), body.toelichting.clone(), now)?;
                store::autorisatieplannen::update_samenwerking(tx, &nieuw, oud.versie)?;
                tx.record(organisatie_van($handeling, "samenwerkingsprofiel", id, Some(oud.eigenaar_id), Some(&oud), Some(&nieuw))?)?;
                Answer::created(&nieuw, format!("/samenwerkingsprofielen/{id}"))?.etag(nieuw.versie).done()
            })
            .await
        }
    };
}

besluit!(
    ken_samenwerkingsprofiel_toe,
    "/samenwerkingsprofielen/{id}/toekenningen",
    "De eigenaar leent het profiel uit.",
    "samenwerkingsprofiel.besluiten",
    SamenwerkingsprofielBesluiten,
    Toegekend,
    "samenwerkingsprofiel.toegekend",
    true
);
besluit!(
    weiger_samenwerkingsprofiel,
    "/samenwerkingsprofielen/{id}/weigeringen",
    "De eigenaar leent het profiel niet uit.",
    "samenwerkingsprofiel.besluiten",
    SamenwerkingsprofielBesluiten,
    Geweigerd,
    "samenwerkingsprofiel.geweigerd",
    true
);
besluit!(
    beeindig_samenwerkingsprofiel,
    "/samenwerkingsprofielen/{id}/beeindigingen",
    "Beëindigt een aanvraag of een uitgeleend profiel; dat kunnen beide organisaties.",
    "samenwerkingsprofiel.aanvragen",
    SamenwerkingsprofielAanvragen,
    Beeindigd,
    "samenwerkingsprofiel.beeindigd",
    false
);
