//! Blokkeren en deblokkeren van een gebruiker.

use domain::gebruikers::Gebruiker;
use domain::organisaties::Intrekking;

use super::{laad, spoor};
use crate::prelude::*;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(blokkeer_gebruiker).service(deblokkeer_gebruiker);
}

#[rustfmt::skip]
macro_rules! stand {
    ($naam:ident, $pad:literal, $uitleg:literal, $methode:ident, $handeling:literal) => {
        #[doc = $uitleg]
        #[utoipa::path(
            tag = "Gebruikers",
            params(("id" = Id, Path, description = "Id van de organisatie"), ("gebruikerId" = Id, Path, description = "Id van de gebruiker"), IfMatch, IdempotencyKey),
            request_body = Intrekking,
            responses((status = 201, description = "De gebruiker", body = Gebruiker)),
            security(("toegang" = ["gebruikers:schrijven"])),
            extensions(("x-actie" = json!("gebruiker.beheren"))),
        )]
        #[post($pad)]
        pub(crate) async fn $naam(
            app: Data<App>,
            caller: Caller,
            pad: Path<(Id, Id)>,
            if_match: IfMatch,
            idem: IdempotencyKey,
            body: Body<Intrekking>,
        ) -> Result<Answer, Problem> {
            let (pad, gate, reden) = (pad.into_inner(), app.gate(&caller), body.into_inner().reden);
            app.write(&caller, Some(idem), move |tx, now| {
                let oud = laad(tx.conn(), &gate, Action::GebruikerBeheren, pad)?;
                if_match.check(oud.versie)?;
                let nieuw = oud.$methode(now)?;
                store::gebruikers::update(tx, &nieuw, oud.versie)?;
                let na = super::met(spoor(&nieuw), "reden", serde_json::json!(reden));
                tx.record(organisatie_van($handeling, "gebruiker", oud.id, Some(pad.0), Some(&spoor(&oud)), Some(&na))?)?;
                Answer::created(&nieuw, format!("/organisaties/{}/gebruikers/{}", pad.0, oud.id))?.etag(nieuw.versie).done()
            })
            .await
        }
    };
}

stand!(
    blokkeer_gebruiker,
    "/organisaties/{id}/gebruikers/{gebruikerId}/blokkeringen",
    "Blokkeert een gebruiker; een plan waarin de gebruiker een profiel heeft, is daarna niet in te dienen of vast te stellen.",
    blokkeren,
    "gebruiker.geblokkeerd"
);
stand!(
    deblokkeer_gebruiker,
    "/organisaties/{id}/gebruikers/{gebruikerId}/deblokkeringen",
    "Heft de blokkering van een gebruiker op.",
    deblokkeren,
    "gebruiker.gedeblokkeerd"
);
