//! Van de parameters op het autorisatieadres naar een verzoek waarvan alles klopt.

use std::sync::Arc;

use domain::toepassingen::{Toepassing, ToepassingStatus};
use domain::{Id, Moment};
use provider::authorize::{AuthorizeFout, Beoordeling, GeldigVerzoek, Herkomst, beoordeel};
use provider::read_id_token;
use serde::Deserialize;
use store::StoreError;

use super::{hashed, par, provider_settings};
use crate::app::App;
use crate::problem::Problem;

/// Een verzoek dat niet gaat: een fout voor het portaal of een pagina, met de client als die bekend is.
#[derive(Debug)]
pub enum Afgewezen {
    /// Een fout volgens OAuth.
    Fout(AuthorizeFout, Option<Box<Toepassing>>),
    /// Een fout die daar niets mee te maken heeft.
    Problem(Problem),
}

impl From<AuthorizeFout> for Afgewezen {
    fn from(fout: AuthorizeFout) -> Self {
        Self::Fout(fout, None)
    }
}

impl From<Problem> for Afgewezen {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Afgewezen {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

#[derive(Deserialize)]
struct Inhoud {
    velden: Vec<(String, String)>,
    jkt: Option<String>,
}

/// Leest en beoordeelt een verzoek, ook als het eerder is klaargelegd.
///
/// # Errors
/// [`Afgewezen`].
pub async fn lees(app: &App, params: Vec<(String, String)>, now: Moment) -> Result<(Arc<Toepassing>, GeldigVerzoek), Afgewezen> {
    let toepassing = client(app, &params).await?;
    // Een request_uri die niet van ons is, beoordeelt de keuring: is het adres van het portaal zeker, dan hoort dat de fout.
    let (params, herkomst) = match enige(&params, "request_uri")?.filter(|uri| uri.starts_with(par::PREFIX)) {
        Some(uri) => klaargelegd(app, &toepassing, uri, now).await.map_err(|afgewezen| met(afgewezen, &toepassing))?,
        None => (params, Herkomst::Browser),
    };
    let settings = provider_settings(app);
    let jwks = app.client_keys.of(app, &toepassing, now).await;
    let bij = Beoordeling { client: &toepassing, jwks: &jwks, settings: &settings, herkomst, nu: now };
    let verzoek = match beoordeel(&params, &bij) {
        Ok(verzoek) => met_hint(app, verzoek, now).await,
        Err(fout) => Err(fout.into()),
    };
    let verzoek = verzoek.map_err(|afgewezen| met(afgewezen, &toepassing))?;
    Ok((toepassing, verzoek))
}

fn met(afgewezen: Afgewezen, toepassing: &Toepassing) -> Afgewezen {
    match afgewezen {
        Afgewezen::Fout(fout, _) => Afgewezen::Fout(fout, Some(Box::new(toepassing.clone()))),
        anders => anders,
    }
}

/// De ene waarde van een parameter; twee is een fout.
fn enige<'a>(params: &'a [(String, String)], naam: &str) -> Result<Option<&'a str>, AuthorizeFout> {
    let mut waarden = params.iter().filter(|(n, _)| n == naam).map(|(_, waarde)| waarde.as_str());
    match (waarden.next(), waarden.next()) {
        (waarde, None) => Ok(waarde.filter(|waarde| !waarde.is_empty())),
        _ => Err(AuthorizeFout::pagina("invalid_request", format!("De parameter '{naam}' komt meer dan één keer voor."))),
    }
}

async fn client(app: &App, params: &[(String, String)]) -> Result<Arc<Toepassing>, Afgewezen> {
    let id = enige(params, "client_id")?.ok_or_else(|| AuthorizeFout::pagina("invalid_request", "De parameter 'client_id' ontbreekt."))?;
    let unknown = || AuthorizeFout::pagina("unauthorized_client", "Dit portaal is hier niet bekend of niet actief.");
    let id: Id = id.parse().map_err(|_| unknown())?;
    let found = app.clients.van(app, id).await?;
    Ok(found.filter(|toepassing| toepassing.status == ToepassingStatus::Actief).ok_or_else(unknown)?)
}

/// RFC 9126, 4: alleen van de client die het klaarlegde, en alleen wat daar staat telt.
async fn klaargelegd(app: &App, toepassing: &Toepassing, uri: &str, now: Moment) -> Result<(Vec<(String, String)>, Herkomst), Afgewezen> {
    let kenmerk = hashed(uri.strip_prefix(par::PREFIX).unwrap_or_default());
    let hash = kenmerk.clone();
    let found = app.store.read_point(move |conn| store::autorisaties::klaargelegd(conn, &hash)).await?;
    let found = found.filter(|found| found.toepassing_id == toepassing.id && now < found.verloopt_op);
    let gone = || AuthorizeFout::pagina("invalid_request_uri", "Dit klaargelegde verzoek is onbekend, verlopen of al gebruikt. Begin opnieuw in het portaal.");
    let inhoud: Inhoud = serde_json::from_value(found.ok_or_else(gone)?.inhoud).map_err(StoreError::from)?;
    Ok((inhoud.velden, Herkomst::Klaargelegd { kenmerk, jkt: inhoud.jkt }))
}

/// Wie het portaal verwacht, volgens een ID-token dat wij zelf gaven (OIDC Core, 3.1.2.1); dat mag verlopen zijn.
async fn met_hint(app: &App, mut verzoek: GeldigVerzoek, now: Moment) -> Result<GeldigVerzoek, Afgewezen> {
    let Some(hint) = &verzoek.id_token_hint else { return Ok(verzoek) };
    let keys = app.keys.recent_jwks(&app.store, now).await?;
    let wrong = |text: &str| AuthorizeFout::terug(&verzoek.terugweg, "invalid_request", text);
    let known = read_id_token(hint, &keys, &app.settings.base_url).ok_or_else(|| wrong("De id_token_hint is geen ID-token van deze uitgever."))?;
    if known.aud != verzoek.client_id.to_string() {
        return Err(wrong("De id_token_hint is van een ander portaal.").into());
    }
    if verzoek.sub.as_ref().is_some_and(|sub| *sub != known.sub) {
        return Err(wrong("De id_token_hint en de claim sub noemen een andere gebruiker.").into());
    }
    verzoek.sub = Some(known.sub);
    Ok(verzoek)
}
