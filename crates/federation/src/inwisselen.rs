//! De code inwisselen op het tokenadres (OIDC Core, 3.1.3.1), met de wijze van bekendmaken van de registratie.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::identiteitsproviders::BeweringBestemming;
use domain::{Id, Moment, Rng};
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::discovery::{Discovery, netwerk};
use crate::egress::{Antwoord, Egress};
use crate::idp::{ClientAuthenticatie, ClientGeheim, ClientSleutel, IdpConfig};
use crate::login::Verwacht;

/// Hoe lang een bewering geldt, in seconden.
const BEWERING: i64 = 60;

/// Wat er ingewisseld wordt.
pub(crate) struct Inwisseling<'a> {
    pub(crate) idp: &'a IdpConfig,
    pub(crate) discovery: &'a Discovery,
    pub(crate) code: &'a str,
    pub(crate) verwacht: &'a Verwacht,
    pub(crate) nu: Moment,
}

/// Wat de IdP ervoor gaf.
pub(crate) struct Tokens {
    pub(crate) id_token: String,
    pub(crate) access_token: String,
    pub(crate) geheim_id: Option<Id>,
}

/// Eén manier om ons bekend te maken: velden voor het formulier, of een kop.
struct Bekendmaking {
    id: Id,
    velden: Vec<(&'static str, String)>,
    kop: Option<String>,
}

/// RFC 6749, 2.3.1: id en geheim eerst als formulierwaarde coderen.
fn codeer(tekst: &str) -> String {
    form_urlencoded::byte_serialize(tekst.as_bytes()).collect()
}

/// Id en geheim zoals zij achter `Basic` staan.
fn basic(client_id: &str, geheim: &ClientGeheim) -> String {
    STANDARD.encode(format!("{}:{}", codeer(client_id), codeer(geheim.waarde())))
}

fn bewering(sleutel: &ClientSleutel, client_id: &str, aud: &str, (rng, nu): (&Rng, Moment)) -> Option<String> {
    let mut jti = [0; 16];
    rng.fill(&mut jti);
    let nu = nu.timestamp();
    let claims = json!({ "iss": client_id, "sub": client_id, "aud": aud, "jti": URL_SAFE_NO_PAD.encode(jti), "iat": nu, "nbf": nu, "exp": nu + BEWERING });
    let header = Header { kid: Some(sleutel.kid.clone()), ..Header::new(Algorithm::ES256) };
    jsonwebtoken::encode(&header, &claims, &sleutel.sleutel).ok()
}

fn bestemming<'a>(idp: &'a IdpConfig, discovery: &'a Discovery) -> &'a str {
    match idp.instellingen.bewering_bestemming {
        BeweringBestemming::Tokenadres => &discovery.token_endpoint,
        BeweringBestemming::Uitgever => &idp.instellingen.issuer,
    }
}

fn bekendmakingen(idp: &IdpConfig, discovery: &Discovery, rng: &Rng, nu: Moment) -> Vec<Bekendmaking> {
    let (client_id, bestemming) = (&idp.instellingen.client_id, bestemming(idp, discovery));
    match &idp.client {
        ClientAuthenticatie::Basic(geheimen) => {
            geheimen.iter().map(|g| Bekendmaking { id: g.id, velden: Vec::new(), kop: Some(format!("Basic {}", basic(client_id, g))) }).collect()
        }
        ClientAuthenticatie::Post(geheimen) => geheimen
            .iter()
            .map(|g| Bekendmaking { id: g.id, velden: vec![("client_id", client_id.clone()), ("client_secret", g.waarde().to_owned())], kop: None })
            .collect(),
        ClientAuthenticatie::PrivateKeyJwt(sleutels) => sleutels
            .iter()
            .filter_map(|s| {
                let bewering = bewering(s, client_id, bestemming, (rng, nu))?;
                let soort = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned();
                let velden = vec![("client_id", client_id.clone()), ("client_assertion_type", soort), ("client_assertion", bewering)];
                Some(Bekendmaking { id: s.id, velden, kop: None })
            })
            .collect(),
    }
}

/// Waarom de IdP weigert (RFC 6749, 5.2).
struct Reden {
    /// De foutcode, als die te lezen is.
    fout: Option<String>,
    /// De foutcode of de status, met wat de IdP erbij zegt.
    gezien: String,
}

/// Velden die iedereen mag lezen; de waarde van ieder ander veld is een geheim, of bewijst iets.
const OPENBAAR: [&str; 14] = [
    "grant_type",
    "redirect_uri",
    "client_id",
    "client_assertion_type",
    "response_type",
    "scope",
    "acr_values",
    "claims",
    "prompt",
    "max_age",
    "login_hint",
    "code_challenge",
    "code_challenge_method",
    "token_type_hint",
];

/// Een aanmelddienst die in haar uitleg herhaalt wat wij stuurden, zet daarmee geen geheim in het logboek.
fn zonder_ons(tekst: String, gestuurd: &[(&str, &str)], idp: &IdpConfig) -> String {
    let velden = gestuurd.iter().filter(|(naam, _)| !OPENBAAR.contains(naam)).map(|(_, waarde)| *waarde);
    let geheimen = match &idp.client {
        ClientAuthenticatie::Basic(geheimen) | ClientAuthenticatie::Post(geheimen) => geheimen.as_slice(),
        ClientAuthenticatie::PrivateKeyJwt(_) => &[],
    };
    let geheimen: Vec<String> = geheimen.iter().flat_map(|g| [g.waarde().to_owned(), codeer(g.waarde()), basic(&idp.instellingen.client_id, g)]).collect();
    velden.chain(geheimen.iter().map(String::as_str)).filter(|waarde| !waarde.is_empty()).fold(tekst, |tekst, waarde| tekst.replace(waarde, "…"))
}

fn reden(antwoord: &Antwoord) -> Reden {
    let json = antwoord.json().unwrap_or_default();
    let tekst = |naam: &str| json.get(naam).and_then(Value::as_str).filter(|tekst| !tekst.is_empty());
    let fout = tekst("error");
    let mut gezien = fout.map_or_else(|| format!("status {}", antwoord.status), str::to_owned);
    // `suberror` is van Entra ID; Okta zet haar uitleg soms in `errorSummary`.
    if let Some(nader) = tekst("suberror") {
        gezien.push_str(&format!(" ({nader})"));
    }
    if let Some(toelichting) = tekst("error_description").or_else(|| tekst("errorSummary").filter(|_| fout.is_none())) {
        gezien.push_str(&format!(": {toelichting}"));
    }
    Reden { fout: fout.map(str::to_owned), gezien }
}

impl Reden {
    /// Of de weigering over onze bekendmaking gaat, en niet over wat wij vroegen.
    fn over_ons(&self, status: u16) -> bool {
        // Keycloak noemt een geheim dat niet klopt met 401 'unauthorized_client'.
        self.fout.as_deref().map_or(status == 401, |fout| fout == "invalid_client" || (status == 401 && fout == "unauthorized_client"))
    }
}

/// Een bericht van ons aan deze IdP, met onze bekendmaking erbij.
pub(crate) struct Bericht<'a> {
    pub(crate) idp: &'a IdpConfig,
    pub(crate) discovery: &'a Discovery,
    pub(crate) adres: &'a str,
    pub(crate) velden: Vec<(&'a str, &'a str)>,
    /// De status van een goed antwoord, de gewone eerst.
    pub(crate) goed: &'static [u16],
    pub(crate) nu: Moment,
}

/// Een bericht dat niet werd aangenomen.
pub(crate) struct Weigering {
    /// De status, als de IdP antwoordde.
    status: Option<u16>,
    /// Of het antwoord een fout van OAuth noemt, en dus van een tokenadres komt.
    herkend: bool,
    diagnose: Diagnose,
    /// Of een nieuwere bekendmaking al was afgewezen.
    eerder_afgewezen: bool,
}

impl From<Weigering> for Diagnose {
    fn from(weigering: Weigering) -> Self {
        weigering.diagnose
    }
}

/// Stuurt een bericht met de nieuwste bekendmaking; wordt die niet aangenomen, dan met de vorige (tijdens een wissel gelden er twee).
pub(crate) async fn verstuur(egress: &Egress, rng: &Rng, bericht: &Bericht<'_>) -> Result<(Antwoord, Id), Weigering> {
    let adres = bericht.adres;
    let zonder_antwoord = |diagnose| Weigering { status: None, herkend: false, diagnose, eerder_afgewezen: false };
    let soort = bericht.idp.client.soort();
    let geen = Diagnose::new(DiagnoseCode::GeheimOntbreekt).verwacht(format!("een geldig geheim of een geldige sleutel voor {soort}")).gezien("geen");
    let mut laatste = zonder_antwoord(geen);
    for (afgewezen, wij) in bekendmakingen(bericht.idp, bericht.discovery, rng, bericht.nu).into_iter().enumerate() {
        let eerder_afgewezen = afgewezen > 0;
        let eigen = wij.velden.iter().filter(|(naam, _)| bericht.velden.iter().all(|(al, _)| al != naam));
        let velden: Vec<(&str, &str)> = bericht.velden.iter().copied().chain(eigen.map(|(naam, waarde)| (*naam, waarde.as_str()))).collect();
        let antwoord = egress.post_form(adres, &velden, wij.kop.as_deref()).await.map_err(|fout| zonder_antwoord(netwerk(&fout, adres)))?;
        if bericht.goed.contains(&antwoord.status) {
            return Ok((antwoord, wij.id));
        }
        let reden = reden(&antwoord);
        let reden = Reden { gezien: zonder_ons(reden.gezien, &velden, bericht.idp), ..reden };
        let (status, herkend) = (Some(antwoord.status), reden.fout.is_some());
        if !reden.over_ons(antwoord.status) {
            return Err(Weigering { status, herkend, diagnose: geweigerd(&reden, antwoord.status, bericht), eerder_afgewezen });
        }
        let diagnose = Diagnose::new(DiagnoseCode::ClientGeweigerd).verwacht(aanmelding_van_ons(bericht)).gezien(reden.gezien);
        laatste = Weigering { status, herkend, diagnose, eerder_afgewezen };
    }
    Err(laatste)
}

async fn stuur(egress: &Egress, rng: &Rng, i: &Inwisseling<'_>) -> Result<(Antwoord, Id), Weigering> {
    let velden = vec![
        ("grant_type", "authorization_code"),
        ("code", i.code),
        ("redirect_uri", i.verwacht.redirect_uri.as_str()),
        ("code_verifier", i.verwacht.code_verifier.as_str()),
    ];
    verstuur(egress, rng, &Bericht { idp: i.idp, discovery: i.discovery, adres: &i.discovery.token_endpoint, velden, goed: &[200], nu: i.nu }).await
}

/// Hoe wij ons bekendmaken, zoals de IdP-beheerder het terugvindt in de registratie.
fn aanmelding_van_ons(bericht: &Bericht<'_>) -> String {
    let soort = bericht.idp.client.soort();
    match &bericht.idp.client {
        ClientAuthenticatie::PrivateKeyJwt(_) => format!("aanmelding met {soort}, met 'aud' {}", bestemming(bericht.idp, bericht.discovery)),
        _ => format!("aanmelding met {soort}"),
    }
}

fn geweigerd(reden: &Reden, status: u16, bericht: &Bericht<'_>) -> Diagnose {
    let code = match reden.fout.as_deref() {
        Some("invalid_grant") => DiagnoseCode::CodeGeweigerd,
        Some("unauthorized_client") => DiagnoseCode::ClientGeweigerd,
        _ if status >= 500 => DiagnoseCode::IdpOnbereikbaar,
        _ if status >= 400 => DiagnoseCode::IdpFoutmelding,
        _ => DiagnoseCode::TokenantwoordOnjuist,
    };
    if code == DiagnoseCode::ClientGeweigerd {
        return Diagnose::new(code).verwacht(aanmelding_van_ons(bericht)).gezien(&reden.gezien);
    }
    let goed: Vec<String> = bericht.goed.iter().map(u16::to_string).collect();
    Diagnose::new(code).verwacht(format!("status {} van {}", goed.join(" of "), bericht.adres)).gezien(&reden.gezien)
}

/// Wisselt de code in.
pub(crate) async fn wissel_in(egress: &Egress, rng: &Rng, i: &Inwisseling<'_>) -> Result<Tokens, Diagnose> {
    let (antwoord, geheim_id) = stuur(egress, rng, i).await?;
    let onjuist = |gezien: &str| Diagnose::new(DiagnoseCode::TokenantwoordOnjuist).verwacht("JSON met access_token, token_type en id_token").gezien(gezien);
    let json = antwoord.json().map_err(|_| onjuist(&format!("geen JSON ({})", antwoord.soort)))?;
    if json.get("access_token").is_none() && json.get("error").is_some() {
        let fout = json.get("error").and_then(Value::as_str).unwrap_or("geen tekst");
        return Err(onjuist(&format!("status 200 met 'error': {fout}")));
    }
    let tekst = |naam: &str| json.get(naam).and_then(Value::as_str).filter(|t| !t.is_empty()).map(str::to_owned);
    let access_token = tekst("access_token").ok_or_else(|| onjuist("geen 'access_token'"))?;
    // OIDC Core, 3.1.3.3: token_type is Bearer, hoofdletters tellen niet.
    if !tekst("token_type").is_some_and(|soort| soort.eq_ignore_ascii_case("bearer")) {
        return Err(onjuist("'token_type' is niet 'Bearer'"));
    }
    let id_token = tekst("id_token").ok_or_else(|| Diagnose::new(DiagnoseCode::IdTokenOntbreekt).verwacht("'id_token'").gezien("niet aanwezig"))?;
    Ok(Tokens { id_token, access_token, geheim_id: Some(geheim_id) })
}

/// Wat de IdP van onze bekendmaking vindt, gevraagd met een code die niet bestaat.
pub(crate) enum Bekend {
    /// Aangenomen: de fout gaat over de code.
    Ja,
    /// Het nieuwste geheim of de nieuwste sleutel niet, een eerdere wel.
    AlleenEerdere,
    /// Geweigerd.
    Nee(Diagnose),
    /// Niet te zeggen uit dit antwoord.
    Onduidelijk(String),
}

/// Probeert onze bekendmaking zonder iemand aan te melden.
pub(crate) async fn probeer(egress: &Egress, rng: &Rng, i: &Inwisseling<'_>) -> Bekend {
    match stuur(egress, rng, i).await {
        Ok((antwoord, _)) if antwoord.json().is_err() => {
            let diagnose = Diagnose::new(DiagnoseCode::TokenantwoordOnjuist).verwacht(format!("JSON van {}", i.discovery.token_endpoint));
            Bekend::Nee(diagnose.gezien(format!("status 200 met {}", antwoord.soort)))
        }
        Ok(_) => Bekend::Onduidelijk("een code die niet bestaat werd aangenomen".to_owned()),
        // Hier is geen tokenadres: het bestaat niet, neemt geen POST aan, verwijst door of kan dit niet.
        Err(Weigering { status: Some(300..400 | 404 | 405 | 501), herkend: false, diagnose, .. }) => Bekend::Nee(diagnose),
        // Een aanmelddienst die op een onbekende code omvalt, kan op een echte code goed antwoorden.
        Err(Weigering { status: Some(500..), diagnose, .. }) => Bekend::Onduidelijk(diagnose.gezien.unwrap_or_default()),
        Err(Weigering { diagnose: fout, eerder_afgewezen, .. }) => match fout.code {
            DiagnoseCode::CodeGeweigerd if eerder_afgewezen => Bekend::AlleenEerdere,
            DiagnoseCode::CodeGeweigerd => Bekend::Ja,
            DiagnoseCode::ClientGeweigerd | DiagnoseCode::GeheimOntbreekt | DiagnoseCode::IdpOnbereikbaar | DiagnoseCode::AdresNietToegestaan => {
                Bekend::Nee(fout)
            }
            _ => Bekend::Onduidelijk(fout.gezien.unwrap_or_default()),
        },
    }
}
