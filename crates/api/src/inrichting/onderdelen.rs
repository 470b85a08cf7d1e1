//! Teams, disciplines en functies: drie collecties met dezelfde regels.

use domain::inrichting::{InrichtingSoort, Inrichtingsonderdeel, InrichtingsonderdeelWijziging, NieuwInrichtingsonderdeel};
use store::Conn;

use crate::prelude::*;
use crate::van_organisatie;

/// Bij welke collectie een onderdeel hoort: soort, en haar plaats in het adres.
#[derive(Clone, Copy)]
struct Collectie(InrichtingSoort, &'static str);

impl Collectie {
    fn pad(self, organisatie: Id, id: Id) -> String {
        format!("/organisaties/{organisatie}/{}/{id}", self.1)
    }

    fn laad(self, conn: &mut Conn, gate: &Gate, actie: Action, (organisatie, id): (Id, Id)) -> Result<Inrichtingsonderdeel, Problem> {
        gate.may(actie, &van_organisatie::laad(conn, organisatie)?)?;
        let gevonden = store::inrichting::get(conn, id)?.filter(|o| o.organisatie_id == organisatie && o.soort == self.0);
        gevonden.ok_or_else(problem::niet_gevonden)
    }

    async fn lijst(self, app: Data<App>, caller: Caller, id: Id, blad: Blad) -> Result<Answer, Problem> {
        let (gate, page) = (app.gate(&caller), blad.page()?);
        let gevonden = app
            .store
            .read(move |conn| -> Result<_, Problem> {
                gate.may(Action::InrichtingLezen, &van_organisatie::laad(conn, id)?)?;
                Ok(store::inrichting::list(conn, id, self.0, &page)?)
            })
            .await?;
        blad.bladzijde(&gevonden)
    }

    async fn lees(self, app: Data<App>, caller: Caller, pad: (Id, Id)) -> Result<Answer, Problem> {
        let gate = app.gate(&caller);
        let gevonden = app.store.read_point(move |conn| self.laad(conn, &gate, Action::InrichtingLezen, pad)).await?;
        Answer::ok(&gevonden)?.etag(gevonden.versie).done()
    }

    async fn wens(self, app: Data<App>, caller: Caller, id: Id, (idem, body): (IdempotencyKey, NieuwInrichtingsonderdeel)) -> Result<Answer, Problem> {
        let gate = app.gate(&caller);
        app.write(&caller, Some(idem), move |tx, now| {
            gate.may(Action::InrichtingWensen, &van_organisatie::laad(tx.conn(), id)?)?;
            let nieuw = body.clone().maak(tx.nieuw_id(), id, self.0, now)?;
            store::inrichting::insert(tx, &nieuw)?;
            tx.record(organisatie_van("inrichting.gewenst", self.0.as_str(), nieuw.id, Some(id), None, Some(&nieuw))?)?;
            Answer::created(&nieuw, self.pad(id, nieuw.id))?.etag(nieuw.versie).done()
        })
        .await
    }

    async fn wijzig(
        self,
        app: Data<App>,
        caller: Caller,
        pad: (Id, Id),
        (if_match, body): (IfMatch, InrichtingsonderdeelWijziging),
    ) -> Result<Answer, Problem> {
        let gate = app.gate(&caller);
        app.write(&caller, None, move |tx, now| {
            let oud = self.laad(tx.conn(), &gate, Action::InrichtingWensen, pad)?;
            if_match.check(oud.versie)?;
            let nieuw = body.toepassen(&oud, now)?;
            store::inrichting::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("inrichting.gewijzigd", self.0.as_str(), oud.id, Some(pad.0), Some(&oud), Some(&nieuw))?)?;
            Answer::ok(&nieuw)?.etag(nieuw.versie).done()
        })
        .await
    }

    async fn vervalt(self, app: Data<App>, caller: Caller, pad: (Id, Id), if_match: IfMatch) -> Result<Answer, Problem> {
        let gate = app.gate(&caller);
        app.write(&caller, None, move |tx, now| {
            let oud = self.laad(tx.conn(), &gate, Action::InrichtingWensen, pad)?;
            if_match.check(oud.versie)?;
            let nieuw = oud.vervallen(now)?;
            store::inrichting::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("inrichting.vervallen", self.0.as_str(), oud.id, Some(pad.0), Some(&oud), Some(&nieuw))?)?;
            Ok(Answer::no_content())
        })
        .await
    }

    async fn richt_in(self, app: Data<App>, caller: Caller, pad: (Id, Id), (if_match, idem): (IfMatch, IdempotencyKey)) -> Result<Answer, Problem> {
        let gate = app.gate(&caller);
        app.write(&caller, Some(idem), move |tx, now| {
            let oud = self.laad(tx.conn(), &gate, Action::InrichtingInrichten, pad)?;
            if_match.check(oud.versie)?;
            let nieuw = oud.inrichten(now)?;
            store::inrichting::update(tx, &nieuw, oud.versie)?;
            tx.record(organisatie_van("inrichting.ingericht", self.0.as_str(), oud.id, Some(pad.0), Some(&oud), Some(&nieuw))?)?;
            Answer::created(&nieuw, self.pad(pad.0, oud.id))?.etag(nieuw.versie).done()
        })
        .await
    }
}

#[rustfmt::skip]
macro_rules! collectie {
    ($map:ident, $soort:ident, $leden:literal, $pad:literal, $een:literal, $inrichtingen:literal,
     [$u1:literal, $u2:literal, $u3:literal, $u4:literal, $u5:literal, $u6:literal $(,)?],
     [$lijst:ident, $lees:ident, $maak:ident, $wijzig:ident, $verwijder:ident, $richt_in:ident]) => {
        mod $map {
            use super::*;

            const HIER: Collectie = Collectie(InrichtingSoort::$soort, $leden);

            pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
                cfg.service($lijst).service($lees).service($maak).service($wijzig).service($verwijder).service($richt_in);
            }

            #[doc = $u1]
            #[utoipa::path(
                tag = "Inrichting",
                params(("id" = Id, Path, description = "Id van de organisatie"), BladParams),
                responses((status = 200, description = "Een bladzijde", body = Lijst<Inrichtingsonderdeel>)),
                security(("toegang" = ["inrichting:lezen"])),
                extensions(("x-actie" = json!("inrichting.lezen"))),
            )]
            #[get($pad)]
            pub(crate) async fn $lijst(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
                HIER.lijst(app, caller, id.into_inner(), blad).await
            }

            #[doc = $u2]
            #[utoipa::path(
                tag = "Inrichting",
                params(("id" = Id, Path, description = "Id van de organisatie"), ("onderdeelId" = Id, Path, description = "Id van het onderdeel")),
                responses((status = 200, description = "Het onderdeel", body = Inrichtingsonderdeel)),
                security(("toegang" = ["inrichting:lezen"])),
                extensions(("x-actie" = json!("inrichting.lezen"))),
            )]
            #[get($een)]
            pub(crate) async fn $lees(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
                HIER.lees(app, caller, pad.into_inner()).await
            }

            #[doc = $u3]
            #[utoipa::path(
                tag = "Inrichting",
                params(("id" = Id, Path, description = "Id van de organisatie"), IdempotencyKey),
                request_body = NieuwInrichtingsonderdeel,
                responses((status = 201, description = "De wens", body = Inrichtingsonderdeel)),
                security(("toegang" = ["inrichting:schrijven"])),
                extensions(("x-actie" = json!("inrichting.wensen"))),
            )]
            #[post($pad)]
            pub(crate) async fn $maak(app: Data<App>, caller: Caller, id: Path<Id>, idem: IdempotencyKey, body: Body<NieuwInrichtingsonderdeel>) -> Result<Answer, Problem> {
                HIER.wens(app, caller, id.into_inner(), (idem, body.into_inner())).await
            }

            #[doc = $u4]
            ///
            /// JSON Merge Patch: een weggelaten veld blijft staan.
            #[utoipa::path(
                tag = "Inrichting",
                params(("id" = Id, Path, description = "Id van de organisatie"), ("onderdeelId" = Id, Path, description = "Id van het onderdeel"), IfMatch),
                request_body(content = InrichtingsonderdeelWijziging, content_type = "application/merge-patch+json"),
                responses((status = 200, description = "Het gewijzigde onderdeel", body = Inrichtingsonderdeel)),
                security(("toegang" = ["inrichting:schrijven"])),
                extensions(("x-actie" = json!("inrichting.wensen"))),
            )]
            #[patch($een)]
            pub(crate) async fn $wijzig(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch, body: Body<InrichtingsonderdeelWijziging>) -> Result<Answer, Problem> {
                HIER.wijzig(app, caller, pad.into_inner(), (if_match, body.into_inner())).await
            }

            #[doc = $u5]
            #[utoipa::path(
                tag = "Inrichting",
                params(("id" = Id, Path, description = "Id van de organisatie"), ("onderdeelId" = Id, Path, description = "Id van het onderdeel"), IfMatch),
                responses((status = 204, description = "Vervallen")),
                security(("toegang" = ["inrichting:schrijven"])),
                extensions(("x-actie" = json!("inrichting.wensen"))),
            )]
            #[delete($een)]
            pub(crate) async fn $verwijder(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch) -> Result<Answer, Problem> {
                HIER.vervalt(app, caller, pad.into_inner(), if_match).await
            }

            #[doc = $u6]
            #[utoipa::path(
                tag = "Inrichting",
                params(("id" = Id, Path, description = "Id van de organisatie"), ("onderdeelId" = Id, Path, description = "Id van het onderdeel"), IfMatch, IdempotencyKey),
                responses((status = 201, description = "Het ingerichte onderdeel", body = Inrichtingsonderdeel)),
                security(("toegang" = ["inrichting:schrijven"])),
                extensions(("x-actie" = json!("inrichting.inrichten"))),
            )]
            #[post($inrichtingen)]
            pub(crate) async fn $richt_in(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>, if_match: IfMatch, idem: IdempotencyKey) -> Result<Answer, Problem> {
                HIER.richt_in(app, caller, pad.into_inner(), (if_match, idem)).await
            }
        }
    };
}

collectie!(
    teams,
    Team,
    "teams",
    "/organisaties/{id}/teams",
    "/organisaties/{id}/teams/{onderdeelId}",
    "/organisaties/{id}/teams/{onderdeelId}/inrichtingen",
    [
        "Geeft de teams van een organisatie.",
        "Geeft één team.",
        "Wenst een team; LFB richt in.",
        "Wijzigt een team; wat ingericht was, wordt weer een wens.",
        "Laat een team vervallen; profielen die ernaar verwijzen krijgen een bevinding.",
        "LFB legt vast dat een team in het LCMS is ingericht.",
    ],
    [lijst_teams, lees_team, maak_team, wijzig_team, verwijder_team, richt_team_in]
);
collectie!(
    disciplines,
    Discipline,
    "disciplines",
    "/organisaties/{id}/disciplines",
    "/organisaties/{id}/disciplines/{onderdeelId}",
    "/organisaties/{id}/disciplines/{onderdeelId}/inrichtingen",
    [
        "Geeft de disciplines van een organisatie.",
        "Geeft één discipline.",
        "Wenst een discipline; LFB richt in.",
        "Wijzigt een discipline; wat ingericht was, wordt weer een wens.",
        "Laat een discipline vervallen; profielen die ernaar verwijzen krijgen een bevinding.",
        "LFB legt vast dat een discipline in het LCMS is ingericht.",
    ],
    [lijst_disciplines, lees_discipline, maak_discipline, wijzig_discipline, verwijder_discipline, richt_discipline_in]
);
collectie!(
    functies,
    Functie,
    "functies",
    "/organisaties/{id}/functies",
    "/organisaties/{id}/functies/{onderdeelId}",
    "/organisaties/{id}/functies/{onderdeelId}/inrichtingen",
    [
        "Geeft de functies van een organisatie.",
        "Geeft één functie.",
        "Wenst een functie; LFB richt in.",
        "Wijzigt een functie; wat ingericht was, wordt weer een wens.",
        "Laat een functie vervallen; profielen die ernaar verwijzen krijgen een bevinding.",
        "LFB legt vast dat een functie in het LCMS is ingericht.",
    ],
    [lijst_functies, lees_functie, maak_functie, wijzig_functie, verwijder_functie, richt_functie_in]
);

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    teams::routes(cfg);
    disciplines::routes(cfg);
    functies::routes(cfg);
}
