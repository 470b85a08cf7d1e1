//! `demo.json` en de tokenbestanden: wat een mens, een script of een proef nodig heeft om te beginnen.

use std::net::SocketAddr;

use domain::Moment;
use serde_json::{Value, json};

use super::directory::Directory;
use super::seed::Cast;
use super::tokens::Tokens;
use crate::Stop;
use crate::config::Config;

#[expect(clippy::too_many_arguments, reason = "de delen van één bestand")]
pub(super) fn write(
    directory: &Directory,
    config: &Config,
    admin: SocketAddr,
    cast: &Cast,
    jwk: &Value,
    tokens: &Tokens,
    aanmelden: Option<Value>,
    now: Moment,
) -> Result<(), Stop> {
    for (name, token) in &tokens.files {
        directory.write(&format!("tokens/{name}.jwt"), &format!("{token}\n"))?;
    }
    let base = config.issuer();
    let mut document = json!({
        "basisUrl": base,
        "apiUrl": format!("{base}/v1"),
        "tokenUrl": format!("{base}/oidc/token"),
        "documentatieUrl": format!("{base}/v1/docs"),
        "beheerUrl": format!("http://{admin}"),
        "audience": config.audience(),
        "aangemaaktOp": now,
        "tokensGeldigTot": tokens.until,
        "organisaties": cast.organisaties.iter().map(|(key, o)| json!({ "sleutel": key, "id": o.id, "naam": o.naam, "soort": o.soort, "aansluitstatus": o.aansluitstatus })).collect::<Vec<_>>(),
        "personen": cast.personen.iter().map(|lid| person(cast, lid)).collect::<Vec<_>>(),
        "toepassingen": cast.toepassing.iter().map(|t| json!({
            "clientId": t.id, "naam": t.naam, "organisatieId": t.organisatie_id, "scopes": t.scopes, "jwk": jwk,
            "token": "tokens/toepassing.jwt",
        })).collect::<Vec<_>>(),
        "trajecten": cast.trajecten.iter().map(|t| json!({
            "id": t.id, "kenmerk": t.kenmerk, "organisatieId": t.organisatie_id, "organisatieNaam": t.organisatie_naam, "stap": t.stap, "status": t.status,
        })).collect::<Vec<_>>(),
    });
    if let (Some(leden), Some(aanmelden)) = (document.as_object_mut(), aanmelden) {
        leden.insert("aanmelden".to_owned(), aanmelden);
    }
    let text = serde_json::to_string_pretty(&document).map_err(|cause| Stop::fault(format!("demo.json is niet te maken ({cause}).")))?;
    directory.write("demo.json", &format!("{text}\n"))
}

fn person(cast: &Cast, lid: &super::seed::Lid) -> Value {
    let mut person = json!({
        "id": lid.persoon.id, "naam": lid.persoon.naam, "email": lid.persoon.email, "rollen": lid.persoon.rollen,
        "organisatieId": lid.persoon.organisatie_id,
        "organisatieNaam": cast.organisaties.get(lid.organisatie).map(|o| o.naam.as_str()),
    });
    if let (Some(members), Some(token)) = (person.as_object_mut(), lid.token) {
        members.insert("token".to_owned(), json!(format!("tokens/{token}.jwt")));
    }
    person
}
