//! Sectoren en aansluitvormen: codelijsten met dezelfde vier operaties.

use domain::referentie::{Aansluitvorm, AansluitvormWijziging, NieuweAansluitvorm, NieuweSector, Sector, SectorWijziging};

use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_sectoren).service(lees_sector).service(maak_sector).service(wijzig_sector);
    cfg.service(lijst_aansluitvormen).service(lees_aansluitvorm).service(maak_aansluitvorm).service(wijzig_aansluitvorm);
}

#[rustfmt::skip]
macro_rules! codelijst {
    (
        $soort:ident, $nieuw:ident, $wijziging:ident, $naam:literal, $pad:literal, $pad_een:literal, $toegevoegd:literal, $gewijzigd:literal,
        $lijst:ident / $lijst_uitleg:literal / $store_lijst:path,
        $lees:ident / $lees_uitleg:literal / $store_lees:path,
        $maak:ident / $maak_uitleg:literal / $store_maak:path,
        $wijzig:ident / $wijzig_uitleg:literal / $store_wijzig:path
    ) => {
        #[doc = $lijst_uitleg]
        #[utoipa::path(
            tag = "Referentiegegevens",
            params(BladParams),
            responses((status = 200, description = "Een bladzijde", body = Lijst<$soort>)),
            security(("toegang" = ["referentie:lezen"])),
            extensions(("x-actie" = json!("referentie.lezen"))),
        )]
        #[get($pad)]
        pub(crate) async fn $lijst(app: Data<App>, caller: Caller, blad: Blad) -> Result<Answer, Problem> {
            app.gate(&caller).may(Action::ReferentieLezen, &())?;
            let page = blad.page()?;
            let gevonden = app.store.read(move |conn| -> Result<_, Problem> { Ok($store_lijst(conn, &page)?) }).await?;
            blad.bladzijde(&gevonden)
        }

        #[doc = $lees_uitleg]
        #[utoipa::path(
            tag = "Referentiegegevens",
            params(("code" = String, Path, description = "De code")),
            responses((status = 200, description = "Het gevraagde", body = $soort)),
            security(("toegang" = ["referentie:lezen"])),
            extensions(("x-actie" = json!("referentie.lezen"))),
        )]
        #[get($pad_een)]
        pub(crate) async fn $lees(app: Data<App>, caller: Caller, code: Path<String>) -> Result<Answer, Problem> {
            app.gate(&caller).may(Action::ReferentieLezen, &())?;
            let code = code.into_inner();
            let gevonden =
                app.store.read_point(move |conn| -> Result<_, Problem> { Ok($store_lees(conn, &code)?) }).await?.ok_or_else(problem::niet_gevonden)?;
            Answer::ok(&gevonden)?.etag(gevonden.versie).done()
        }

        #[doc = $maak_uitleg]
        #[utoipa::path(
            tag = "Referentiegegevens",
            params(IdempotencyKey),
            request_body = $nieuw,
            responses((status = 201, description = "Toegevoegd", body = $soort)),
            security(("toegang" = ["referentie:schrijven"])),
            extensions(("x-actie" = json!("referentie.beheren"))),
        )]
        #[post($pad)]
        pub(crate) async fn $maak(app: Data<App>, caller: Caller, idem: IdempotencyKey, body: Body<$nieuw>) -> Result<Answer, Problem> {
            let (gate, body) = (app.gate(&caller), body.into_inner());
            app.write(&caller, Some(idem), move |tx, _| {
                gate.may(Action::ReferentieBeheren, &())?;
                let nieuw = body.clone().maak()?;
                $store_maak(tx, &nieuw)?;
                tx.record(organisatie_van($toegevoegd, $naam, &nieuw.code, None, None, Some(&nieuw))?)?;
                Answer::created(&nieuw, format!("{}/{}", $pad, nieuw.code))?.etag(nieuw.versie).done()
            })
            .await
        }

        #[doc = $wijzig_uitleg]
        #[utoipa::path(
            tag = "Referentiegegevens",
            params(("code" = String, Path, description = "De code"), IfMatch),
            request_body(content = $wijziging, content_type = "application/merge-patch+json"),
            responses((status = 200, description = "Gewijzigd", body = $soort)),
            security(("toegang" = ["referentie:schrijven"])),
            extensions(("x-actie" = json!("referentie.beheren"))),
        )]
        #[patch($pad_een)]
        pub(crate) async fn $wijzig(app: Data<App>, caller: Caller, code: Path<String>, if_match: IfMatch, body: Body<$wijziging>) -> Result<Answer, Problem> {
            let (code, gate, body) = (code.into_inner(), app.gate(&caller), body.into_inner());
            app.write(&caller, None, move |tx, _| {
                gate.may(Action::ReferentieBeheren, &())?;
                let oud = $store_lees(tx.conn(), &code)?.ok_or_else(problem::niet_gevonden)?;
                if_match.check(oud.versie)?;
                let nieuw = body.toepassen(&oud)?;
                $store_wijzig(tx, &nieuw, oud.versie)?;
                tx.record(organisatie_van($gewijzigd, $naam, &code, None, Some(&oud), Some(&nieuw))?)?;
                Answer::ok(&nieuw)?.etag(nieuw.versie).done()
            })
            .await
        }
    };
}

codelijst!(
    Sector,
    NieuweSector,
    SectorWijziging,
    "sector",
    "/sectoren",
    "/sectoren/{code}",
    "sector.toegevoegd",
    "sector.gewijzigd",
    lijst_sectoren / "Geeft de sectoren, op code." / store::referentie::sectoren,
    lees_sector / "Geeft één sector." / store::referentie::sector,
    maak_sector / "Voegt een sector toe." / store::referentie::insert_sector,
    wijzig_sector / "Wijzigt een sector of laat haar vervallen." / store::referentie::update_sector
);

codelijst!(
    Aansluitvorm,
    NieuweAansluitvorm,
    AansluitvormWijziging,
    "aansluitvorm",
    "/aansluitvormen",
    "/aansluitvormen/{code}",
    "aansluitvorm.toegevoegd",
    "aansluitvorm.gewijzigd",
    lijst_aansluitvormen / "Geeft de aansluitvormen, op code." / store::referentie::aansluitvormen,
    lees_aansluitvorm / "Geeft één aansluitvorm." / store::referentie::aansluitvorm,
    maak_aansluitvorm / "Voegt een aansluitvorm toe." / store::referentie::insert_aansluitvorm,
    wijzig_aansluitvorm / "Wijzigt een aansluitvorm of laat haar vervallen." / store::referentie::update_aansluitvorm
);
