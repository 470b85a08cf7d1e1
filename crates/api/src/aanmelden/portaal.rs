//! De kant van het portaal: zijn verzoek lezen, nagaan wie het verwacht, en zijn antwoord geven.

use std::sync::Arc;

use domain::Id;
use domain::sessies::Sessie;
use domain::toepassingen::{Toepassing, ToepassingStatus};
use provider::authorize::{Antwoord, AuthorizeFout, GeldigVerzoek};
use store::Tx;

use super::bezoek::{Bezoek, Velden};
use super::fout::Fout;
use crate::app::App;
use crate::oidc::{self, Afgewezen};
use crate::problem::{self, Problem};

impl From<Afgewezen> for Fout {
    fn from(afgewezen: Afgewezen) -> Self {
        match afgewezen {
            Afgewezen::Fout(fout, toepassing) => Self::Verzoek(Box::new(fout), toepassing.map(|toepassing| toepassing.id)),
            Afgewezen::Problem(problem) => Self::Problem(problem),
        }
    }
}

/// Leest en beoordeelt het verzoek van een portaal.
pub(super) async fn lees(bezoek: &Bezoek, params: &Velden) -> Result<(Arc<Toepassing>, GeldigVerzoek), Fout> {
    Ok(oidc::lees(&bezoek.app, params.clone(), bezoek.nu).await?)
}

/// Het portaal van een verzoek dat eerder beoordeeld is.
pub(super) async fn toepassing(app: &App, verzoek: &GeldigVerzoek) -> Result<Arc<Toepassing>, Problem> {
    app.clients.van(app, verzoek.client_id).await?.ok_or_else(|| problem::fout("portaal van een aanmelding bestaat niet meer"))
}

/// Of het portaal de persoon van deze sessie verwacht, of niemand in het bijzonder.
pub(super) fn verwacht_deze(app: &App, toepassing: &Toepassing, verzoek: &GeldigVerzoek, sessie: &Sessie) -> Result<bool, Problem> {
    match &verzoek.sub {
        Some(sub) => Ok(oidc::sub_van(app, toepassing, sessie.persoon_id)? == *sub),
        None => Ok(true),
    }
}

/// Geeft het antwoord voor het portaal, in de transactie van de sessie. Een portaal dat intussen geblokkeerd is, krijgt niets.
pub(super) fn antwoord(
    tx: &mut Tx<'_>,
    app: &App,
    toepassing: &Toepassing,
    sessie: &Sessie,
    verzoek: &GeldigVerzoek,
) -> Result<Result<Antwoord, AuthorizeFout>, Problem> {
    if toepassing.status == ToepassingStatus::Actief {
        oidc::geef_code(tx, app, toepassing, sessie, verzoek)
    } else {
        Ok(Err(AuthorizeFout::pagina("unauthorized_client", "Dit portaal is hier niet bekend of niet actief.")))
    }
}

/// Wat een eigen ID-token zegt over wie er afgemeld moet worden.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hint {
    pub(super) client_id: Id,
    pub(super) sid: Option<Id>,
}

/// Leest een `id_token_hint`; `None` als het geen ID-token van ons is.
pub(super) async fn hint(bezoek: &Bezoek, token: &str) -> Result<Option<Hint>, Problem> {
    let keys = bezoek.app.keys.recent_jwks(&bezoek.app.store, bezoek.nu).await?;
    let gelezen = provider::read_id_token(token, &keys, &bezoek.app.settings.base_url);
    Ok(gelezen.and_then(|gelezen| Some(Hint { client_id: gelezen.aud.parse().ok()?, sid: gelezen.sid.and_then(|sid| sid.parse().ok()) })))
}
