//! Het oordeel over een verzoek, in de volgorde waarin het veilig is: eerst de weg terug, dan de rest.

use domain::toepassingen::{Profiel, Toepassing, ToepassingSoort};

use super::{AuthorizeFout, Beoordeling, ClaimsVerzoek, GeldigVerzoek, Herkomst, Prompt, ResponseMode, Terugweg, verzoekobject};

/// Langste `state`; .NET zet er zijn hele toestand in. Wat langer is weigeren wij, wij kappen nooit af.
const MAX_STATE: usize = 8 * 1024;
/// Langste `nonce`.
const MAX_NONCE: usize = 1024;
/// Langste andere waarde.
const MAX_HINT: usize = 500;

/// De scopes van OpenID Connect die wij kennen, naast die van de API.
pub(crate) const OIDC_SCOPES: [&str; 5] = ["openid", "profile", "email", "phone", "offline_access"];

const VREEMD: &str = "Een request_uri is alleen te gebruiken als wij die zelf hebben uitgegeven (PAR).";

/// De parameters, na een eventueel verzoekobject.
struct Velden(Vec<(String, String)>);

impl Velden {
    /// Een waarde; leeg telt als afwezig (RFC 6749, 3.1).
    fn get(&self, naam: &str) -> Option<&str> {
        self.0.iter().find(|(n, waarde)| n == naam && !waarde.is_empty()).map(|(_, waarde)| waarde.as_str())
    }

    fn woorden(&self, naam: &str) -> Vec<String> {
        self.get(naam).unwrap_or_default().split(' ').filter(|woord| !woord.is_empty()).map(str::to_owned).collect()
    }

    /// Een parameter die meer dan eens voorkomt; `resource` mag dat (RFC 8707, 2).
    fn dubbel(&self) -> Option<&str> {
        let namen = self.0.iter().map(|(naam, _)| naam.as_str());
        namen.clone().enumerate().find(|(plek, naam)| *naam != "resource" && namen.clone().take(*plek).any(|eerder| eerder == *naam)).map(|(_, naam)| naam)
    }
}

/// Beoordeelt een verzoek.
///
/// # Errors
/// [`AuthorizeFout`]: met een weg terug als portaal en adres zeker zijn, anders voor een pagina.
pub fn beoordeel(params: &[(String, String)], bij: &Beoordeling<'_>) -> Result<GeldigVerzoek, AuthorizeFout> {
    if bij.client.soort != ToepassingSoort::Portaal {
        return Err(AuthorizeFout::pagina("unauthorized_client", "Bij deze client kan niemand zich aanmelden: zij is geen portaal."));
    }
    let los = Velden(params.to_vec());
    let dubbel = los.dubbel().map(str::to_owned);
    if let Some(naam @ ("redirect_uri" | "client_id" | "response_mode" | "state" | "request" | "request_uri")) = dubbel.as_deref() {
        return Err(AuthorizeFout::pagina("invalid_request", format!("De parameter '{naam}' komt meer dan één keer voor.")));
    }
    let velden = uitgepakt(los, bij)?;
    let terug = match terugweg(&velden, bij.client) {
        // Wie alleen naar een verzoek elders verwijst, hoort dat dat niet kan, en niet dat zijn adres ontbreekt.
        Err(fout) if fout.terug.is_none() && velden.get("request_uri").is_some() => return Err(AuthorizeFout::pagina("request_uri_not_supported", VREEMD)),
        terug => terug?,
    };
    let fout = |error, tekst: &str| AuthorizeFout::terug(&terug, error, tekst);
    if let Some(naam) = dubbel.as_deref().or_else(|| velden.dubbel()) {
        return Err(fout("invalid_request", &format!("De parameter '{naam}' komt meer dan een keer voor.")));
    }
    if velden.get("request_uri").is_some() {
        let error = if matches!(bij.herkomst, Herkomst::Klaarleggen { .. }) { "invalid_request" } else { "request_uri_not_supported" };
        return Err(fout(error, VREEMD));
    }
    if velden.get("registration").is_some() {
        return Err(fout("registration_not_supported", "Een client wordt vooraf geregistreerd."));
    }
    // OIDC Core, 3.1.2.2; alleen de code-flow.
    match velden.get("response_type") {
        Some("code") => {}
        None => return Err(fout("invalid_request", "De parameter 'response_type' ontbreekt.")),
        Some(_) => return Err(fout("unsupported_response_type", "Alleen response_type=code wordt ondersteund.")),
    }
    if bij.client.par_verplicht && bij.herkomst == Herkomst::Browser {
        return Err(fout("invalid_request", "Deze client legt elk verzoek eerst klaar op het PAR-adres."));
    }
    inhoud(&velden, bij, &terug)
}

fn uitgepakt(los: Velden, bij: &Beoordeling<'_>) -> Result<Velden, AuthorizeFout> {
    let Some(request) = los.get("request").map(str::to_owned) else { return Ok(los) };
    verzoekobject::open(&request, &los.0, bij).map(Velden).map_err(|(error, tekst)| match terugweg(&los, bij.client) {
        Ok(terug) => AuthorizeFout::terug(&terug, error, tekst),
        Err(_) => AuthorizeFout::pagina(error, tekst),
    })
}

/// De weg terug; zonder een geregistreerd adres is er geen (RFC 9700, 4.1.3 en 4.11).
fn terugweg(velden: &Velden, client: &Toepassing) -> Result<Terugweg, AuthorizeFout> {
    let adres = velden.get("redirect_uri").ok_or_else(|| AuthorizeFout::pagina("invalid_request", "De parameter 'redirect_uri' ontbreekt."))?;
    if !client.kent_redirect_uri(adres) {
        return Err(AuthorizeFout::pagina(
            "invalid_request",
            "De redirect_uri is niet voor dit portaal geregistreerd; zij moet letter voor letter gelijk zijn.",
        ));
    }
    // Ook een fout in response_mode krijgt de state terug (RFC 6749, 4.1.2.1); alleen een te lange niet.
    let state = velden.get("state");
    let past = state.filter(|state| state.len() <= MAX_STATE).map(str::to_owned);
    let mut terug = Terugweg { redirect_uri: adres.to_owned(), response_mode: ResponseMode::Query, state: past };
    match velden.get("response_mode") {
        None | Some("query") => {}
        Some("form_post") => terug.response_mode = ResponseMode::FormPost,
        Some(_) => return Err(AuthorizeFout::terug(&terug, "invalid_request", "Alleen response_mode query en form_post worden ondersteund.")),
    }
    if state.is_some() && terug.state.is_none() {
        return Err(AuthorizeFout::terug(&terug, "invalid_request", "De parameter 'state' is te lang."));
    }
    Ok(terug)
}

fn inhoud(velden: &Velden, bij: &Beoordeling<'_>, terug: &Terugweg) -> Result<GeldigVerzoek, AuthorizeFout> {
    let fout = |error, tekst: &str| AuthorizeFout::terug(terug, error, tekst);
    let client = bij.client;
    let scopes = scopes(velden, bij).map_err(|tekst| fout("invalid_scope", &tekst))?;
    let openid = scopes.iter().any(|scope| scope == "openid");
    let nonce = velden.get("nonce");
    if nonce.is_some_and(|nonce| nonce.len() > MAX_NONCE) {
        return Err(fout("invalid_request", "De parameter 'nonce' is te lang."));
    }
    // NL GOV, OIDC 4.2.1: een nonce bij iedere aanmelding.
    if openid && nonce.is_none() && client.profiel == Profiel::NlGov {
        return Err(fout("invalid_request", "De parameter 'nonce' ontbreekt; het profiel nl-gov eist haar."));
    }
    let code_challenge = pkce(velden, client).map_err(|tekst| fout("invalid_request", tekst))?;
    let prompt = prompt(velden).map_err(|tekst| fout("invalid_request", tekst))?;
    let max_age = velden
        .get("max_age")
        .map(|tekst| tekst.parse::<i64>().ok().filter(|seconden| *seconden >= 0))
        .map(|goed| goed.ok_or_else(|| fout("invalid_request", "De parameter 'max_age' is geen aantal seconden.")));
    let max_age = max_age.transpose()?;
    let claims = velden.get("claims").map(|tekst| ClaimsVerzoek::lees(tekst).ok_or_else(|| fout("invalid_request", "De parameter 'claims' is niet te lezen.")));
    let claims = claims.transpose()?.unwrap_or_default();
    let (acr_eisen, acr_wens) = sterkte(velden, client, &claims);
    let kort = |naam: &str| match velden.get(naam) {
        Some(waarde) if waarde.len() > MAX_HINT => Err(fout("invalid_request", &format!("De parameter '{naam}' is te lang."))),
        waarde => Ok(waarde.map(str::to_owned)),
    };
    let sub = claims.waarden("sub");
    if sub.len() > 1 {
        return Err(fout("invalid_request", "In 'claims' staat meer dan een waarde voor sub."));
    }
    let klaargelegd = if let Herkomst::Klaargelegd { kenmerk, .. } = &bij.herkomst { Some(kenmerk.clone()) } else { None };
    Ok(GeldigVerzoek {
        client_id: client.id,
        terugweg: terug.clone(),
        nonce: nonce.map(str::to_owned),
        scopes,
        code_challenge,
        prompt,
        max_age,
        acr_eisen,
        acr_wens,
        sub: sub.into_iter().next(),
        claims,
        id_token_hint: velden.get("id_token_hint").map(str::to_owned),
        login_hint: kort("login_hint")?,
        organisatie: kort("organisatie")?,
        ui_locales: velden.woorden("ui_locales"),
        audience: audience(velden, bij).map_err(|tekst| fout("invalid_target", tekst))?,
        dpop_jkt: dpop(velden, bij).map_err(|(error, tekst)| fout(error, tekst))?,
        klaargelegd,
    })
}

/// Scopes die wij niet kennen tellen niet mee (OIDC Core, 3.1.2.1); wat een ander wel mag en deze client niet, weigeren wij,
/// behalve bij `oidc`: standaardsoftware vraagt uit gewoonte meer dan zij nodig heeft.
fn scopes(velden: &Velden, bij: &Beoordeling<'_>) -> Result<Vec<String>, String> {
    let client = bij.client;
    let mut toegestaan: Vec<String> = Vec::new();
    for scope in velden.woorden("scope") {
        let van_oidc = OIDC_SCOPES.contains(&scope.as_str());
        let eigen = client.scopes.iter().any(|eigen| eigen.as_str() == scope);
        let mag = if scope == "offline_access" { client.offline_toegang } else { van_oidc || eigen };
        let bekend = van_oidc || bij.settings.scopes.contains(&scope);
        if mag && !toegestaan.contains(&scope) {
            toegestaan.push(scope);
        } else if !mag && bekend && client.profiel != Profiel::Oidc {
            return Err(format!("De scope '{scope}' is niet aan deze client toegekend."));
        }
    }
    if toegestaan.is_empty() { Err("Vraag ten minste een scope, bijvoorbeeld openid.".to_owned()) } else { Ok(toegestaan) }
}

/// RFC 7636, alleen S256. Iedere client hier heeft een eigen aanmelding; alleen standaardsoftware (`oidc`) mag zonder.
fn pkce(velden: &Velden, client: &Toepassing) -> Result<Option<String>, &'static str> {
    let Some(challenge) = velden.get("code_challenge") else {
        return match (velden.get("code_challenge_method"), client.profiel) {
            (None, Profiel::Oidc) => Ok(None),
            _ => Err("De parameter 'code_challenge' ontbreekt; PKCE met S256 is verplicht."),
        };
    };
    if velden.get("code_challenge_method") != Some("S256") {
        return Err("Alleen code_challenge_method=S256 wordt ondersteund.");
    }
    if challenge.len() != 43 || !challenge.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        return Err("De code_challenge is geen SHA-256 in base64url.");
    }
    Ok(Some(challenge.to_owned()))
}

fn prompt(velden: &Velden) -> Result<Vec<Prompt>, &'static str> {
    let lees = |woord: String| match woord.as_str() {
        "none" => Ok(Prompt::None),
        "login" => Ok(Prompt::Login),
        "consent" => Ok(Prompt::Consent),
        "select_account" => Ok(Prompt::SelectAccount),
        _ => Err("De parameter 'prompt' heeft een waarde die wij niet kennen."),
    };
    let prompt: Vec<Prompt> = velden.woorden("prompt").into_iter().map(lees).collect::<Result<_, _>>()?;
    if prompt.contains(&Prompt::None) && prompt.len() > 1 { Err("prompt=none gaat niet samen met een andere waarde.") } else { Ok(prompt) }
}

/// De eis van een aanmelding is de strengste van registratie en verzoek. `acr_values` is bij `oidc` een wens (OIDC Core,
/// 3.1.2.1) en bij de andere profielen een eis (NL GOV, 5.2.3); een essentiële claim `acr` is altijd een eis.
fn sterkte(velden: &Velden, client: &Toepassing, claims: &ClaimsVerzoek) -> (Vec<Vec<String>>, Vec<String>) {
    let (mut eisen, mut wens) = (Vec::new(), Vec::new());
    let essentieel = claims.id_token.get("acr").is_some_and(|eis| eis.essential);
    for (waarden, eis) in
        [(client.acr_waarden.clone(), true), (velden.woorden("acr_values"), client.profiel != Profiel::Oidc), (claims.waarden("acr"), essentieel)]
    {
        match (waarden.is_empty(), eis) {
            (true, _) => {}
            (false, true) => eisen.push(waarden),
            (false, false) => wens.extend(waarden),
        }
    }
    (eisen, wens)
}

/// RFC 8707: één token is voor één API, en wij kennen er één.
fn audience(velden: &Velden, bij: &Beoordeling<'_>) -> Result<String, &'static str> {
    let mut gevraagd = velden.0.iter().filter(|(naam, waarde)| naam == "resource" && !waarde.is_empty()).map(|(_, waarde)| waarde);
    match gevraagd.all(|resource| *resource == bij.settings.audience) {
        true => Ok(bij.settings.audience.clone()),
        false => Err("De gevraagde resource is hier niet bekend."),
    }
}

/// RFC 9449, 10: de sleutel uit de parameter en die uit de kop bij het klaarleggen zijn dezelfde.
fn dpop(velden: &Velden, bij: &Beoordeling<'_>) -> Result<Option<String>, (&'static str, &'static str)> {
    let gevraagd = velden.get("dpop_jkt");
    let bewezen = match &bij.herkomst {
        Herkomst::Browser => None,
        Herkomst::Klaarleggen { jkt } | Herkomst::Klaargelegd { jkt, .. } => jkt.as_deref(),
    };
    match (gevraagd, bewezen) {
        (Some(gevraagd), Some(bewezen)) if gevraagd != bewezen => {
            Err(("invalid_dpop_proof", "dpop_jkt noemt een andere sleutel dan het bewijs in de kop DPoP."))
        }
        (Some(gevraagd), _) if gevraagd.len() != 43 => Err(("invalid_request", "De parameter 'dpop_jkt' is geen duimafdruk.")),
        (gevraagd, bewezen) => Ok(gevraagd.or(bewezen).map(str::to_owned)),
    }
}
