//! Het verzoek om iemand aan te melden (OIDC Core, 3.1.2.1): de parameters, en zo nodig klaargelegd (RFC 9126).

use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::{Moment, Rng};
use serde_json::{Map, Value, json};
use url::Url;

use crate::discovery::Discovery;
use crate::egress::Egress;
use crate::idp::IdpConfig;
use crate::inwisselen::{Bericht, verstuur};
use crate::login::Vertrek;

/// Wat wij bij `prompt=login` ten minste als `max_age` sturen, in seconden.
const VERS: u64 = 60;

/// De parameters van het vertrek (OIDC Core, 3.1.2.1; RFC 7636, 4.3).
pub(crate) fn vraag(idp: &IdpConfig, discovery: &Discovery, wens: &Vertrek) -> Vec<(&'static str, String)> {
    let instellingen = &idp.instellingen;
    let mut vraag = vec![
        ("response_type", "code".to_owned()),
        ("client_id", instellingen.client_id.clone()),
        ("redirect_uri", wens.redirect_uri.clone()),
        ("scope", instellingen.scopes.join(" ")),
        ("state", wens.state.clone()),
        ("nonce", wens.nonce.clone()),
        ("code_challenge", wens.code_challenge.clone()),
        ("code_challenge_method", "S256".to_owned()),
    ];
    if let Some(max_age) = wens.max_age {
        // Met `prompt=login` vraagt de IdP het toch opnieuw. Bij 0 is voor sommige ook een aanmelding van daarnet al te oud, en
        // blijven zij vragen; of het echt na het vertrek was, gaan wij zelf na.
        let max_age = if wens.prompt_login { max_age.max(VERS) } else { max_age };
        vraag.push(("max_age", max_age.to_string()));
    }
    if wens.prompt_login {
        vraag.push(("prompt", "login".to_owned()));
    }
    if let Some(hint) = &wens.login_hint {
        vraag.push(("login_hint", hint.clone()));
    }
    // Een eis van het portaal die deze IdP kent, gaat vóór de gewone vraag.
    let mfa = &instellingen.mfa.vraag;
    let geeist: Vec<&String> = mfa.acr_values.iter().filter(|waarde| wens.acr_eis.contains(waarde)).collect();
    let acr_values: Vec<&str> =
        if geeist.is_empty() { mfa.acr_values.iter().map(String::as_str).collect() } else { geeist.into_iter().map(String::as_str).collect() };
    if !acr_values.is_empty() {
        vraag.push(("acr_values", acr_values.join(" ")));
    }
    let claims = claims(idp, discovery, !acr_values.is_empty());
    if !claims.is_empty() {
        vraag.push(("claims", json!({ "id_token": claims }).to_string()));
    }
    vraag
}

/// De parameter `claims` (OIDC Core, 5.5): wat de MFA-regel eist en, bij een IdP die deze parameter kent, vrijwillig de claims
/// waarin zij het bewijs zoekt en `auth_time`. Sommige aanmelddiensten zetten die alleen op verzoek in het ID-token.
fn claims(idp: &IdpConfig, discovery: &Discovery, met_acr_values: bool) -> Map<String, Value> {
    let mfa = &idp.instellingen.mfa;
    let mut claims: Map<String, Value> = mfa.vraag.claims.iter().map(|c| (c.claim.clone(), verplicht(&c.waarden))).collect();
    if !discovery.claims_parameter_supported {
        return claims;
    }
    let kent = |claim: &str| discovery.claims_supported.as_ref().is_none_or(|kan| kan.iter().any(|k| k == claim));
    // Met acr_values is acr al gevraagd; twee vragen naast elkaar laat OIDC Core (5.5.1.1) onbepaald.
    let bewijs = mfa.bewijs.iter().map(|bewijs| bewijs.claim.as_str()).filter(|claim| !(met_acr_values && *claim == "acr"));
    for claim in bewijs.chain(["auth_time"]).filter(|claim| kent(claim)) {
        claims.entry(claim).or_insert(Value::Null);
    }
    claims
}

/// Een verplichte claim; zonder waarden is iedere waarde goed (OIDC Core, 5.5.1).
fn verplicht(waarden: &[String]) -> Value {
    if waarden.is_empty() { json!({ "essential": true }) } else { json!({ "essential": true, "values": waarden }) }
}

/// Waar de browser heen gaat: het aanmeldadres met de vraag, of met een verwijzing als de IdP die eerst klaargelegd wil hebben.
pub(crate) async fn adres(egress: &Egress, rng: &Rng, discovery: &Discovery, (idp, wens): (&IdpConfig, &Vertrek), nu: Moment) -> Result<Url, Diagnose> {
    let onjuist = |_| Diagnose::new(DiagnoseCode::DiscoveryOnjuist).verwacht("authorization_endpoint als adres").gezien(&discovery.authorization_endpoint);
    let mut url = Url::parse(&discovery.authorization_endpoint).map_err(onjuist)?;
    let vraag = vraag(idp, discovery, wens);
    if !discovery.require_pushed_authorization_requests {
        url.query_pairs_mut().extend_pairs(vraag);
        return Ok(url);
    }
    let request_uri = leg_klaar(egress, rng, discovery, (idp, &vraag), nu).await?;
    // RFC 9126, 4: alleen wie wij zijn en waar het verzoek ligt.
    url.query_pairs_mut().extend_pairs([("client_id", &idp.instellingen.client_id), ("request_uri", &request_uri)]);
    Ok(url)
}

/// Waarom klaarleggen niet kan, terwijl de IdP het eist.
pub(crate) fn geen_adres() -> Diagnose {
    Diagnose::new(DiagnoseCode::DiscoveryOnjuist)
        .verwacht("pushed_authorization_request_endpoint, want require_pushed_authorization_requests is waar")
        .gezien("geen adres om een verzoek klaar te leggen")
}

/// Legt de vraag klaar (RFC 9126, 2) en geeft de verwijzing.
pub(crate) async fn leg_klaar(
    egress: &Egress,
    rng: &Rng,
    discovery: &Discovery,
    (idp, vraag): (&IdpConfig, &[(&'static str, String)]),
    nu: Moment,
) -> Result<String, Diagnose> {
    let adres = discovery.pushed_authorization_request_endpoint.as_deref().ok_or_else(geen_adres)?;
    let velden = vraag.iter().map(|(naam, waarde)| (*naam, waarde.as_str())).collect();
    let (antwoord, _) = verstuur(egress, rng, &Bericht { idp, discovery, adres, velden, goed: &[201, 200], nu }).await?;
    let verwijzing = antwoord.json().ok().and_then(|json| json.get("request_uri").and_then(Value::as_str).map(str::to_owned));
    verwijzing.filter(|verwijzing| !verwijzing.is_empty()).ok_or_else(|| {
        Diagnose::new(DiagnoseCode::IdpFoutmelding)
            .verwacht(format!("JSON met request_uri van {adres}"))
            .gezien(format!("geen request_uri ({})", antwoord.soort))
    })
}
