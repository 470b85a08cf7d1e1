//! Of een ID-token MFA bewijst volgens de regel van de registratie; wat er niet staat of niet klopt, bewijst niets.

use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::identiteitsproviders::{EidasNiveau, MfaBewijs, MfaRecept, MfaToets};
use serde_json::{Map, Value};

use crate::login::Upstream;
use crate::mfa::twee_factoren;
use crate::token::aanwezig;

/// De sterkte die wij doorgeven als MFA bewezen is en er geen beoordeling is.
pub(crate) const REFEDS_MFA: &str = "https://refeds.org/profile/mfa";

/// Waarden van RFC 8176; iets anders geven wij niet door.
const RFC_8176: [&str; 21] =
    ["face", "fpt", "geo", "hwk", "iris", "kba", "mca", "mfa", "otp", "pin", "pop", "pwd", "rba", "retina", "sc", "sms", "swk", "tel", "user", "vbm", "wia"];

/// Wat er mis is met één bewijs, van minst naar meest veelzeggend.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tekort {
    Ontbreekt,
    Vorm(&'static str),
    Onvoldoende(String),
}

/// Hoe een waarde heet die geen tekst is.
pub(crate) const fn vorm(waarde: &Value) -> &'static str {
    match waarde {
        Value::Array(_) => "een lijst",
        Value::String(_) => "een tekst",
        Value::Number(_) => "een getal",
        Value::Bool(_) => "waar of onwaar",
        Value::Null => "niets (null)",
        Value::Object(_) => "een object",
    }
}

fn teksten(waarde: &Value, tekst_toegestaan: bool) -> Result<Vec<&str>, Tekort> {
    match waarde {
        Value::Array(lijst) => lijst.iter().map(Value::as_str).collect::<Option<_>>().ok_or(Tekort::Vorm("een lijst met iets anders dan teksten")),
        Value::String(tekst) if tekst_toegestaan => Ok(vec![tekst.as_str()]),
        Value::String(_) => Err(Tekort::Vorm("één tekst in plaats van een lijst")),
        anders => Err(Tekort::Vorm(vorm(anders))),
    }
}

fn toets(bewijs: &MfaBewijs, claims: &Map<String, Value>) -> Result<(), Tekort> {
    let waarde = aanwezig(claims.get(&bewijs.claim)).ok_or(Tekort::Ontbreekt)?;
    let bekend = |tekst: &str| bewijs.waarden.iter().any(|goed| goed == tekst);
    let (genoeg, gezien) = match bewijs.toets {
        MfaToets::Bevat => {
            let lijst = teksten(waarde, bewijs.tekst_toegestaan)?;
            (lijst.iter().any(|tekst| bekend(tekst)), lijst.join(" "))
        }
        MfaToets::Factoren => {
            let lijst = teksten(waarde, bewijs.tekst_toegestaan)?;
            (twee_factoren(&lijst), lijst.join(" "))
        }
        MfaToets::Gelijk | MfaToets::Niveau => {
            let tekst = waarde.as_str().ok_or(Tekort::Vorm(vorm(waarde)))?;
            let plek = |gezocht: &str| bewijs.waarden.iter().position(|waarde| waarde == gezocht);
            let minimum = bewijs.minimum.as_deref().and_then(plek);
            let genoeg = match bewijs.toets {
                MfaToets::Niveau => minimum.is_some_and(|minimum| plek(tekst).is_some_and(|plek| plek >= minimum)),
                _ => bekend(tekst),
            };
            (genoeg, tekst.to_owned())
        }
    };
    if genoeg { Ok(()) } else { Err(Tekort::Onvoldoende(gezien)) }
}

fn verwachting(bewijs: &MfaBewijs) -> String {
    let waarden = bewijs.waarden.join(", ");
    match (bewijs.toets, &bewijs.minimum) {
        (MfaToets::Factoren, _) => format!("'{}' met 'mfa' of twee soorten factoren (bijvoorbeeld 'pwd' en 'otp')", bewijs.claim),
        (MfaToets::Niveau, Some(minimum)) => format!("'{}' als tekst, ten minste {minimum}", bewijs.claim),
        (MfaToets::Gelijk, _) => format!("'{}' als tekst, een van: {waarden}", bewijs.claim),
        _ => format!("'{}' met een van: {waarden}", bewijs.claim),
    }
}

fn code(claim: &str) -> DiagnoseCode {
    match claim {
        "acr" => DiagnoseCode::AcrClaimOntbreekt,
        "amr" => DiagnoseCode::AmrClaimOntbreekt,
        "acrs" => DiagnoseCode::AcrsClaimOntbreekt,
        _ => DiagnoseCode::MfaClaimOntbreekt,
    }
}

/// Of de claims MFA bewijzen.
///
/// # Errors
/// De meest zeggende diagnose: een claim die er wel is maar niet volstaat, gaat vóór een claim die ontbreekt.
pub fn bewijst_mfa(recept: &MfaRecept, claims: &Map<String, Value>) -> Result<(), Diagnose> {
    let mut gevonden: Option<(&MfaBewijs, Tekort)> = None;
    for bewijs in &recept.bewijs {
        match toets(bewijs, claims) {
            Ok(()) => return Ok(()),
            Err(tekort) => {
                let zwaarte = |t: &Tekort| matches!(t, Tekort::Vorm(_)) as u8 + 2 * (matches!(t, Tekort::Onvoldoende(_)) as u8);
                if gevonden.as_ref().is_none_or(|(_, eerder)| zwaarte(&tekort) > zwaarte(eerder)) {
                    gevonden = Some((bewijs, tekort));
                }
            }
        }
    }
    let Some((bewijs, tekort)) = gevonden else {
        return Err(Diagnose::new(DiagnoseCode::MfaNietBewezen).verwacht("een MFA-regel met ten minste één bewijs").gezien("een regel zonder bewijs"));
    };
    let diagnose = |code: DiagnoseCode| Diagnose::new(code).verwacht(verwachting(bewijs));
    Err(match tekort {
        Tekort::Ontbreekt => diagnose(code(&bewijs.claim)).gezien(format!("geen claim '{}' in het ID-token", bewijs.claim)),
        Tekort::Vorm(vorm) => diagnose(DiagnoseCode::MfaClaimVormOnjuist).gezien(vorm),
        Tekort::Onvoldoende(gezien) => diagnose(DiagnoseCode::MfaNietBewezen).gezien(format!("'{}': {gezien}", bewijs.claim)),
    })
}

/// De sterkte die wij doorgeven: een eIDAS-niveau alleen tot aan het plafond, en zonder plafond nooit.
pub(crate) fn acr(upstream: &Upstream, plafond: Option<EidasNiveau>) -> String {
    let genoemd = upstream.acr.as_deref().and_then(EidasNiveau::van_uri);
    let niveau = genoemd.zip(plafond).map(|(genoemd, plafond)| genoemd.min(plafond)).filter(|niveau| *niveau > EidasNiveau::Laag);
    niveau.map_or_else(|| REFEDS_MFA.to_owned(), |niveau| niveau.uri().to_owned())
}

/// De middelen die wij doorgeven: wat de IdP noemde en RFC 8176 kent, en `mfa` omdat dat bewezen is.
pub(crate) fn amr(upstream: &Upstream) -> Vec<String> {
    let mut amr: Vec<String> = upstream.amr.iter().filter(|middel| RFC_8176.contains(&middel.as_str())).cloned().collect();
    amr.push("mfa".to_owned());
    amr.sort();
    amr.dedup();
    amr
}

/// Zoveel waarden van een IdP bewaren wij, van ten hoogste zoveel tekens.
const MEESTE_WAARDEN: usize = 50;
const LANGSTE_WAARDE: usize = 200;

/// Wat de IdP zei over de aanmelding, om te bewaren: begrensd, en zonder tekens die geen opslag of scherm aankan.
pub(crate) fn upstream(claims: &Map<String, Value>) -> Upstream {
    let net = |tekst: &str| tekst.chars().map(|teken| if teken.is_control() { ' ' } else { teken }).take(LANGSTE_WAARDE).collect::<String>();
    let lijst = |naam: &str| match claims.get(naam) {
        Some(Value::String(tekst)) => vec![net(tekst)],
        Some(Value::Array(lijst)) => lijst.iter().filter_map(Value::as_str).take(MEESTE_WAARDEN).map(net).collect(),
        _ => Vec::new(),
    };
    Upstream { acr: claims.get("acr").and_then(Value::as_str).map(net), amr: lijst("amr"), acrs: lijst("acrs") }
}
