//! Eigen tokens: wat er in de opslag over te vinden is, en wat een client over haar eigen token mag weten.

use domain::toepassingen::ToepassingStatus;
use domain::{Id, Moment};
use federation::VerifiedToken;
use serde_json::{Map, Value};
use store::autorisaties::{self, Autorisatie};
use store::{Conn, StoreError};

use super::{challenge, resolve, verify};
use crate::app::App;
use crate::middleware::Trace;
use crate::problem::Problem;

/// Waarom een token dat zelf nog geldt toch niet meer telt.
fn gone(conn: &mut Conn, token: &VerifiedToken, now: Moment) -> Result<Result<Option<Autorisatie>, &'static str>, StoreError> {
    if token.jti.as_ref().map(|jti| autorisaties::token_ingetrokken(conn, jti)).transpose()? == Some(true) {
        return Ok(Err("token is ingetrokken"));
    }
    let named = |name: &str| token.claims.get(name).map(|value| value.as_str().and_then(|text| text.parse::<Id>().ok()));
    match named("sid") {
        None => {}
        Some(Some(sid)) if crate::oidc::sessie_loopt(conn, sid, now)? => {}
        Some(_) => return Ok(Err("de sessie is beëindigd")),
    }
    let autorisatie = match named("autorisatie") {
        None => return Ok(Ok(None)),
        Some(id) => id.map(|id| autorisaties::get(conn, id)).transpose()?.flatten(),
    };
    let Some(autorisatie) = autorisatie.filter(|found| found.ingetrokken_op.is_none()) else { return Ok(Err("de autorisatie is ingetrokken")) };
    let client = store::toepassingen::get(conn, autorisatie.toepassing_id)?;
    if client.is_none_or(|client| client.status != ToepassingStatus::Actief) {
        return Ok(Err("het portaal is niet actief"));
    }
    Ok(Ok(Some(autorisatie)))
}

/// De autorisatie waar een eigen token uit komt, als alles nog geldt.
pub(super) async fn standing(app: &App, token: &VerifiedToken, now: Moment) -> Result<Option<Autorisatie>, Problem> {
    let token = token.clone();
    let verdict = app.store.read_point(move |conn| gone(conn, &token, now)).await?;
    verdict.map_err(challenge::invalid)
}

/// Een token dat wij uitgaven, voor de client zelf.
#[derive(Debug, Clone)]
pub(crate) struct OwnToken {
    /// Alle claims.
    pub(crate) claims: Map<String, Value>,
    /// Aan wie het is uitgegeven.
    pub(crate) client_id: String,
    /// Kenmerk.
    pub(crate) jti: String,
    /// Tot wanneer het geldt.
    pub(crate) exp: Moment,
    /// De autorisatie waar het uit komt.
    pub(crate) autorisatie: Option<Id>,
    /// Of het nu nog telt.
    pub(crate) active: bool,
}

/// Leest een toegangstoken; niets als het niet van ons is, niet klopt of verlopen is.
pub(crate) async fn own_token(app: &App, token: &str, now: Moment) -> Result<Option<OwnToken>, Problem> {
    let Some(verified) = verify::own_only(app, token, now).await? else { return Ok(None) };
    let active = match resolve::resolve(app, token, now, Trace::default()).await {
        Ok(_) => true,
        Err(problem) if problem.status == 401 => false,
        Err(problem) => return Err(problem),
    };
    let autorisatie = verified.claims.get("autorisatie").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let (client_id, jti) = (verified.client_id.unwrap_or_default(), verified.jti.unwrap_or_default());
    Ok(Some(OwnToken { claims: verified.claims, client_id, jti, exp: verified.exp, autorisatie, active }))
}
