//! Gegevens uit userinfo (OIDC Core, 5.3): naam en e-mailadres, nooit een bewijs van MFA.

use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::identiteitsproviders::Userinfogebruik;
use serde_json::{Map, Value};

use crate::discovery::{Discovery, netwerk};
use crate::egress::{Antwoord, Egress};
use crate::id_token::{GoedIdToken, ondertekend};
use crate::idp::IdpConfig;
use crate::recept::vorm;
use crate::token::aanwezig;

fn nodig(idp: &IdpConfig, claims: &Map<String, Value>) -> bool {
    match idp.instellingen.userinfo {
        Userinfogebruik::Altijd => true,
        Userinfogebruik::Nooit => false,
        Userinfogebruik::ZoNodig => [&idp.instellingen.claims.email, &idp.instellingen.claims.naam].iter().any(|claim| gegeven(claims, claim).is_none()),
    }
}

/// Een gegeven dat er echt is: een tekst die niet leeg is, of een lijst met precies één zo'n tekst (AD FS, Shibboleth).
pub(crate) fn gegeven<'a>(claims: &'a Map<String, Value>, naam: &str) -> Option<&'a str> {
    let waarde = claims.get(naam)?;
    let enige = match waarde.as_array().map(Vec::as_slice) {
        Some([enige]) => enige,
        _ => waarde,
    };
    enige.as_str().map(str::trim).filter(|tekst| !tekst.is_empty())
}

/// Wat userinfo gaf.
#[derive(Debug, Default)]
pub(crate) struct Gegevens {
    pub(crate) claims: Map<String, Value>,
    /// Waarom er niets kwam, terwijl wij ernaar vroegen.
    pub(crate) gemist: Option<Diagnose>,
}

/// De gegevens uit userinfo, leeg als zij niet nodig zijn. Wie zich aanmeldt is al bewezen: een storing hier kost hoogstens wat
/// er ontbreekt. Gegevens van een ander zijn geen storing.
pub(crate) async fn aanvullen(
    egress: &Egress,
    idp: &IdpConfig,
    discovery: &Discovery,
    access_token: &str,
    goed: &GoedIdToken,
    jwks: &Value,
) -> Result<Gegevens, Diagnose> {
    if !nodig(idp, &goed.claims) {
        return Ok(Gegevens::default());
    }
    let Some(adres) = discovery.userinfo_endpoint.as_deref() else {
        return Ok(Gegevens { claims: Map::new(), gemist: discovery.genegeerd("userinfo_endpoint").cloned() });
    };
    let claims = match haal(egress, idp, adres, access_token, jwks).await {
        Ok(claims) => claims,
        Err(fout) => return Ok(gemist(idp, fout)),
    };
    // OIDC Core, 5.3.2: zonder dezelfde sub mogen de gegevens niet gebruikt worden.
    match aanwezig(claims.get("sub")) {
        Some(Value::String(sub)) if *sub == goed.sub => Ok(Gegevens { claims, gemist: None }),
        // Van wie de gegevens dan wel zijn, gaat de lezer van deze diagnose niet aan.
        Some(Value::String(_)) => Err(Diagnose::new(DiagnoseCode::UserinfoAndereSub).verwacht("dezelfde 'sub' als in het ID-token").gezien("een andere 'sub'")),
        anders => {
            let gezien = anders.map_or_else(|| "geen 'sub'".to_owned(), |sub| format!("'sub' is {}", vorm(sub)));
            Ok(gemist(idp, Diagnose::new(DiagnoseCode::UserinfoOnjuist).verwacht("'sub' als tekst, dezelfde als in het ID-token").gezien(gezien)))
        }
    }
}

/// Verder zonder userinfo; waarom, staat in het gewone logboek en telt als er iets blijkt te ontbreken.
fn gemist(idp: &IdpConfig, fout: Diagnose) -> Gegevens {
    tracing::warn!(issuer = idp.instellingen.issuer, code = %fout.code, gezien = fout.gezien, "userinfo niet te gebruiken; verder zonder");
    Gegevens { claims: Map::new(), gemist: Some(fout) }
}

async fn haal(egress: &Egress, idp: &IdpConfig, adres: &str, access_token: &str, jwks: &Value) -> Result<Map<String, Value>, Diagnose> {
    let antwoord = egress.get(adres, Some(access_token)).await.map_err(|fout| netwerk(&fout, adres))?;
    let onjuist = |gezien: String| Diagnose::new(DiagnoseCode::UserinfoOnjuist).verwacht("status 200 met JSON of een ondertekende JWT").gezien(gezien);
    if antwoord.status != 200 {
        return Err(onjuist(format!("status {}", antwoord.status)));
    }
    lees(idp, &antwoord, jwks).map_err(|fout| fout.unwrap_or_else(|| onjuist(format!("{}, maar niet te lezen", antwoord.soort))))
}

fn lees(idp: &IdpConfig, antwoord: &Antwoord, jwks: &Value) -> Result<Map<String, Value>, Option<Diagnose>> {
    if !antwoord.soort.to_ascii_lowercase().starts_with("application/jwt") {
        return match antwoord.json() {
            Ok(Value::Object(claims)) => Ok(claims),
            _ => Err(None),
        };
    }
    let token = std::str::from_utf8(&antwoord.inhoud).map_err(|_| None)?;
    // De oorzaak is dezelfde als bij een ID-token, maar het stuk is een ander.
    let niet_bewezen = |fout: Diagnose| {
        let diagnose = Diagnose::new(DiagnoseCode::UserinfoOnjuist).verwacht(fout.verwacht.unwrap_or_default());
        diagnose.gezien(format!("{}: {}", fout.code, fout.gezien.unwrap_or_default()))
    };
    let claims = ondertekend(token.trim(), &idp.instellingen, jwks).map_err(|fout| Some(niet_bewezen(fout)))?;
    // OIDC Core, 5.3.2: een ondertekend antwoord hoort de uitgever en ons te noemen. Wie ze weglaat (LemonLDAP::NG), gaf het ons
    // toch zelf, op haar eigen adres; wie er een ander noemt, niet.
    let wij = |aud: &Value| aud.as_str() == Some(&idp.instellingen.client_id);
    let aud = aanwezig(claims.get("aud")).is_none_or(|aud| wij(aud) || aud.as_array().is_some_and(|lijst| lijst.iter().any(wij)));
    let iss = aanwezig(claims.get("iss")).is_none_or(|iss| iss.as_str() == Some(&idp.instellingen.issuer));
    if aud && iss {
        return Ok(claims);
    }
    let gezien = format!("een andere '{}'", if iss { "aud" } else { "iss" });
    Err(Some(Diagnose::new(DiagnoseCode::UserinfoOnjuist).verwacht("'iss' en 'aud' van deze registratie, of geen van beide").gezien(gezien)))
}
