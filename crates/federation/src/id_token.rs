//! Het oordeel over een ID-token: de stappen van OpenID Connect Core 1.0, 3.1.3.7, met hun nummer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use domain::Moment;
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::identiteitsproviders::{IdpAlgoritme, IdpInstellingen, KLOKVERSCHIL_MAX};
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::token::{Alg, ED25519, TokenRefusal, VERBODEN_IN_KOP, aanwezig, ander_algoritme, bewezen_claims, deel, keur_kop, onleesbare_sleutel, seconden};

/// Verschil dat bij gelijklopende klokken nog optreedt tussen vertrek en aanmelden, in seconden.
const SPELING: i64 = 5;

/// Wat een ID-token van deze aanmelding moet zeggen.
#[derive(Clone, Debug)]
pub(crate) struct Eis<'a> {
    pub(crate) idp: &'a IdpInstellingen,
    pub(crate) nonce: &'a str,
    pub(crate) access_token: &'a str,
    pub(crate) vertrokken_op: Moment,
    pub(crate) max_age: Option<u64>,
}

impl Eis<'_> {
    /// Het toegestane klokverschil, in seconden.
    fn speling(&self) -> i64 {
        self.idp.klokverschil_seconden.clamp(0, KLOKVERSCHIL_MAX)
    }
}

/// Een ID-token waarvan alles klopt; MFA is nog niet beoordeeld.
#[derive(Clone, Debug)]
pub(crate) struct GoedIdToken {
    pub(crate) claims: Map<String, Value>,
    pub(crate) sub: String,
    pub(crate) auth_time: Option<Moment>,
}

/// Het algoritme van een registratie, om een handtekening mee na te rekenen.
const fn rekenwijze(alg: IdpAlgoritme) -> Alg {
    match alg {
        IdpAlgoritme::Rs256 => Alg::Bekend(Algorithm::RS256),
        IdpAlgoritme::Rs384 => Alg::Bekend(Algorithm::RS384),
        IdpAlgoritme::Rs512 => Alg::Bekend(Algorithm::RS512),
        IdpAlgoritme::Ps256 => Alg::Bekend(Algorithm::PS256),
        IdpAlgoritme::Ps384 => Alg::Bekend(Algorithm::PS384),
        IdpAlgoritme::Ps512 => Alg::Bekend(Algorithm::PS512),
        IdpAlgoritme::Es256 => Alg::Bekend(Algorithm::ES256),
        IdpAlgoritme::Es384 => Alg::Bekend(Algorithm::ES384),
        IdpAlgoritme::Es512 => Alg::Es512,
        IdpAlgoritme::EdDsa => Alg::Bekend(Algorithm::EdDSA),
    }
}

fn uit(weigering: TokenRefusal) -> DiagnoseCode {
    match weigering {
        TokenRefusal::Type => DiagnoseCode::TokenSoortOnjuist,
        TokenRefusal::Header => DiagnoseCode::TokenkopNietToegestaan,
        TokenRefusal::Algorithm => DiagnoseCode::AlgoritmeNietToegestaan,
        TokenRefusal::Issuer => DiagnoseCode::IssuerMismatch,
        TokenRefusal::UnknownKey => DiagnoseCode::SleutelOnbekend,
        TokenRefusal::Signature => DiagnoseCode::HandtekeningOnjuist,
        TokenRefusal::Audience => DiagnoseCode::BestemmingOnjuist,
        TokenRefusal::Expired => DiagnoseCode::TokenVerlopen,
        TokenRefusal::NotYet => DiagnoseCode::KlokLooptUit,
        TokenRefusal::Claim => DiagnoseCode::ClaimOntbreekt,
        TokenRefusal::Malformed => DiagnoseCode::IdTokenOnleesbaar,
    }
}

/// De claims onder een goede handtekening: de stappen 1, 6, 7 en 8. Ook voor een ondertekend userinfo-antwoord.
pub(crate) fn ondertekend(token: &str, idp: &IdpInstellingen, jwks: &Value) -> Result<Map<String, Value>, Diagnose> {
    // Stap 1: versleutelde tokens (vijf delen) spreken wij niet af.
    if token.split('.').count() != 3 {
        return Err(Diagnose::new(DiagnoseCode::IdTokenOnleesbaar).verwacht("drie delen (JWS)").gezien(format!("{} delen", token.split('.').count())));
    }
    let header = kop(token)?;
    // RFC 7515, 4.1.11; RFC 8725, 3.10.
    keur_kop(&header).map_err(|weigering| {
        let gezien: Vec<&str> = VERBODEN_IN_KOP.into_iter().filter(|veld| header.contains_key(*veld)).collect();
        Diagnose::new(uit(weigering)).verwacht(format!("een kop zonder {}", VERBODEN_IN_KOP.join(", "))).gezien(gezien.join(", "))
    })?;
    let toegestaan: Vec<Alg> = idp.algoritmen.iter().copied().map(rekenwijze).collect();
    // Stap 6, 7 en 8: handtekening met een sleutel van de IdP en een geregistreerd algoritme; HMAC en 'none' bestaan hier niet.
    bewezen_claims(token, &header, jwks, &toegestaan).map_err(|weigering| niet_bewezen(weigering, idp, (&header, jwks, &toegestaan)))
}

fn kop(token: &str) -> Result<Map<String, Value>, Diagnose> {
    deel(token, 0).map_err(|weigering| Diagnose::new(uit(weigering)).verwacht("een kop in JSON, in base64url").gezien("iets anders"))
}

/// Waarom een handtekening niet te bewijzen was, met wat er had moeten staan.
fn niet_bewezen(weigering: TokenRefusal, idp: &IdpInstellingen, (header, jwks, toegestaan): (&Map<String, Value>, &Value, &[Alg])) -> Diagnose {
    let veld = |naam: &str| header.get(naam).and_then(Value::as_str);
    let kid =
        aanwezig(header.get("kid")).map_or_else(|| "geen kid".to_owned(), |kid| format!("kid {}", kid.as_str().map_or_else(|| kid.to_string(), str::to_owned)));
    let alg = veld("alg").unwrap_or("geen");
    let diagnose = Diagnose::new(uit(weigering));
    match weigering {
        TokenRefusal::Algorithm => match ander_algoritme(header, jwks, toegestaan) {
            Some(van_sleutel) => diagnose.verwacht(format!("{van_sleutel}, volgens de sleutel met {kid}")).gezien(format!("{alg} in de kop van het token")),
            None => diagnose.verwacht(idp.algoritmen.iter().map(|a| a.as_str()).collect::<Vec<_>>().join(", ")).gezien(alg),
        },
        TokenRefusal::UnknownKey => match onleesbare_sleutel(header, jwks, toegestaan) {
            Some(waarom) => Diagnose::new(DiagnoseCode::SleutelsOnjuist).verwacht("een sleutel die te lezen is").gezien(format!("{kid}: {waarom}")),
            None => geen_sleutel(header, jwks, kid),
        },
        TokenRefusal::Signature => {
            diagnose.verwacht("een handtekening van de gepubliceerde sleutel").gezien(format!("een andere handtekening; {kid}, alg {alg}"))
        }
        _ => diagnose.verwacht("claims als JSON-object").gezien("iets anders"),
    }
}

/// Waarom geen van de gepubliceerde sleutels bij dit token hoort.
fn geen_sleutel(header: &Map<String, Value>, jwks: &Value, kid: String) -> Diagnose {
    let alle = jwks.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if alle.is_empty() {
        return Diagnose::new(DiagnoseCode::SleutelsOnjuist).verwacht("ten minste één sleutel").gezien("geen sleutels");
    }
    let Some(genoemd) = aanwezig(header.get("kid")) else {
        let verwacht = "'kid' in de kop van het token, of precies één sleutel die bij het algoritme past";
        return Diagnose::new(DiagnoseCode::SleutelOnbekend).verwacht(verwacht).gezien(format!("geen 'kid', bij {} sleutels", alle.len()));
    };
    if alle.iter().any(|sleutel| sleutel.get("kid") == Some(genoemd)) {
        let verwacht = format!("{kid} om mee te ondertekenen: 'use' is 'sig' of ontbreekt, en 'key_ops' heeft 'verify' of ontbreekt");
        return Diagnose::new(DiagnoseCode::SleutelsOnjuist).verwacht(verwacht).gezien(format!("{kid} voor iets anders"));
    }
    let kids: Vec<&str> = alle.iter().filter_map(|sleutel| sleutel.get("kid").and_then(Value::as_str)).collect();
    let verwacht =
        if kids.is_empty() { "een kid; de gepubliceerde sleutels hebben er geen".to_owned() } else { format!("een gepubliceerde kid: {}", kids.join(", ")) };
    Diagnose::new(DiagnoseCode::SleutelOnbekend).verwacht(verwacht).gezien(kid)
}

/// Beoordeelt een ID-token met de sleutels van deze IdP.
///
/// # Errors
/// Eén diagnose per oorzaak.
pub(crate) fn keur_id_token(token: &str, eis: &Eis<'_>, jwks: &Value, nu: Moment) -> Result<GoedIdToken, Diagnose> {
    let claims = ondertekend(token, eis.idp, jwks)?;
    let header = kop(token)?;
    soort(&header, &claims)?;
    // Stap 2: iss is tot op de byte de geregistreerde uitgever.
    let iss = tekst(&claims, "iss")?;
    if iss != eis.idp.issuer {
        return Err(Diagnose::new(DiagnoseCode::IssuerMismatch).verwacht(&eis.idp.issuer).gezien(iss));
    }
    bestemming(&claims, eis.idp)?;
    let onze_nonce = claims.get("nonce").and_then(Value::as_str).is_some_and(|nonce| gelijk(nonce, eis.nonce));
    tijden(&claims, eis, onze_nonce, nu)?;
    // Stap 11: nonce.
    if !onze_nonce {
        let gezien = if claims.contains_key("nonce") { "een andere nonce" } else { "geen nonce" };
        return Err(Diagnose::new(DiagnoseCode::NonceOnjuist).verwacht("de nonce van dit vertrek").gezien(gezien));
    }
    // Stap 12 (acr) is onderdeel van de MFA-regel; zie `recept`.
    // Stap 13: auth_time.
    let auth_time = moment_van_aanmelden(&claims, eis, nu)?;
    at_hash(&header, &claims, eis.access_token)?;
    // OIDC Core, 2: sub is verplicht en ten hoogste 255 tekens.
    let sub = tekst(&claims, "sub")?;
    let tekens = sub.chars().count();
    if !(1..=255).contains(&tekens) || sub.chars().any(char::is_control) {
        let gezien = if (1..=255).contains(&tekens) { "een besturingsteken".to_owned() } else { format!("{tekens} tekens") };
        return Err(Diagnose::new(DiagnoseCode::ClaimOntbreekt).verwacht("'sub' van 1 tot 255 tekens, zonder besturingstekens").gezien(gezien));
    }
    let sub = sub.to_owned();
    Ok(GoedIdToken { claims, sub, auth_time })
}

/// Vergelijkt zonder te verraden waar het verschil zit.
pub(crate) fn gelijk(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |verschil, (a, b)| verschil | (a ^ b)) == 0
}

fn tekst<'a>(claims: &'a Map<String, Value>, naam: &str) -> Result<&'a str, Diagnose> {
    claims.get(naam).and_then(Value::as_str).ok_or_else(|| {
        let gezien = if claims.contains_key(naam) { "een andere vorm" } else { "niet aanwezig" };
        Diagnose::new(DiagnoseCode::ClaimOntbreekt).verwacht(format!("'{naam}' als tekst")).gezien(gezien)
    })
}

/// RFC 8725, 3.11: een toegangs- of afmeldtoken is geen ID-token, ook niet als de handtekening klopt.
fn soort(header: &Map<String, Value>, claims: &Map<String, Value>) -> Result<(), Diagnose> {
    let fout = |gezien: &str| Err(Diagnose::new(DiagnoseCode::TokenSoortOnjuist).verwacht("een ID-token").gezien(gezien));
    match aanwezig(header.get("typ")).map(|typ| typ.as_str().unwrap_or("?")) {
        // RFC 7515, 4.1.9: 'JOSE' zegt alleen dat het een JWS is.
        Some(typ) if !["jwt", "jose", "id_token+jwt", "application/jwt", "application/id_token+jwt"].contains(&typ.to_ascii_lowercase().as_str()) => fout(typ),
        _ if claims.contains_key("events") => fout("een token met 'events' (afmeldtoken)"),
        _ => Ok(()),
    }
}

/// Stap 3, 4 en 5: wij zijn de bestemming, naast hoogstens wat de registratie toestaat, en dan noemt azp ons; azp, als het er is, noemt ons altijd.
fn bestemming(claims: &Map<String, Value>, idp: &IdpInstellingen) -> Result<(), Diagnose> {
    let (client_id, extra) = (idp.client_id.as_str(), &idp.extra_bestemmingen);
    let genoemd: Vec<&str> = match claims.get("aud") {
        Some(Value::String(aud)) => vec![aud.as_str()],
        Some(Value::Array(lijst)) => lijst.iter().map(|aud| aud.as_str().unwrap_or("?")).collect(),
        _ => Vec::new(),
    };
    let verwacht = if extra.is_empty() { client_id.to_owned() } else { format!("{client_id}, met daarnaast alleen {}", extra.join(", ")) };
    let fout = |gezien: String| Err(Diagnose::new(DiagnoseCode::BestemmingOnjuist).verwacht(&verwacht).gezien(gezien));
    if genoemd.is_empty() {
        let gezien = aanwezig(claims.get("aud")).map_or("niet aanwezig", |_| "een andere vorm");
        return Err(Diagnose::new(DiagnoseCode::ClaimOntbreekt).verwacht(format!("'aud' met {client_id}")).gezien(gezien));
    }
    let vreemd = |aud: &&str| *aud != client_id && !extra.iter().any(|goed| goed == aud);
    if !genoemd.contains(&client_id) || genoemd.iter().any(vreemd) {
        return fout(genoemd.join(", "));
    }
    match aanwezig(claims.get("azp")) {
        Some(azp) if azp.as_str() != Some(client_id) => fout(format!("azp {}", azp.as_str().unwrap_or("?"))),
        None if genoemd.iter().any(|aud| *aud != client_id) => fout(format!("{}, zonder 'azp'", genoemd.join(", "))),
        _ => Ok(()),
    }
}

fn tijd(claims: &Map<String, Value>, naam: &str) -> Result<Option<i64>, Diagnose> {
    seconden(claims, naam).map_err(|_| Diagnose::new(DiagnoseCode::ClaimOntbreekt).verwacht(format!("'{naam}' als getal")).gezien("een andere vorm"))
}

fn verplichte_tijd(claims: &Map<String, Value>, naam: &str) -> Result<i64, Diagnose> {
    tijd(claims, naam)?.ok_or_else(|| Diagnose::new(DiagnoseCode::ClaimOntbreekt).verwacht(format!("'{naam}' als getal")).gezien("niet aanwezig"))
}

/// Stap 9 (exp) en 10 (iat), en nbf (RFC 7519, 4.1.5); het klokverschil verruimt beide kanten en wordt genoemd.
fn tijden(claims: &Map<String, Value>, eis: &Eis<'_>, onze_nonce: bool, nu: Moment) -> Result<(), Diagnose> {
    let (speling, nu) = (eis.speling(), nu.timestamp());
    let (exp, iat) = (verplichte_tijd(claims, "exp")?, verplichte_tijd(claims, "iat")?);
    for (naam, moment) in [("iat", Some(iat)), ("nbf", tijd(claims, "nbf")?)] {
        if let Some(voor) = moment.map(|moment| moment.saturating_sub(nu)).filter(|voor| *voor > speling) {
            // Een tijd in milliseconden ligt duizenden eeuwen vooruit.
            let gezien = match naam {
                _ if voor > 100_000_000_000 => format!("'{naam}' ligt {voor} seconden in de toekomst; is het een tijd in milliseconden?"),
                _ => format!("'{naam}' ligt {voor} seconden in de toekomst; de klok van de aanmelddienst loopt ongeveer zoveel voor"),
            };
            return Err(Diagnose::new(DiagnoseCode::KlokLooptUit).verwacht(format!("ten hoogste {speling} seconden verschil")).gezien(gezien));
        }
    }
    if exp.saturating_add(speling) <= nu {
        if let Some(achter) = klok_achter(iat, eis).filter(|_| onze_nonce) {
            return Err(achter);
        }
        let (te_laat, levensduur) = (nu.saturating_sub(exp), exp.saturating_sub(iat));
        let verwacht = format!("'exp' ten hoogste {speling} seconden geleden");
        let gezien = format!("{te_laat} seconden geleden verlopen, bij een levensduur van {levensduur} seconden");
        return Err(Diagnose::new(DiagnoseCode::TokenVerlopen).verwacht(verwacht).gezien(gezien));
    }
    Ok(())
}

/// Een token met onze nonce is na het vertrek uitgegeven. Ligt `iat` er toch ruim voor, dan loopt de klok van de IdP achter.
fn klok_achter(iat: i64, eis: &Eis<'_>) -> Option<Diagnose> {
    let voor = eis.vertrokken_op.timestamp().saturating_sub(iat);
    let speling = eis.speling();
    let gezien = format!("'iat' ligt {voor} seconden vóór het vertrek; de klok van de aanmelddienst loopt ongeveer zoveel achter");
    (voor > speling.saturating_add(SPELING))
        .then(|| Diagnose::new(DiagnoseCode::KlokLooptUit).verwacht(format!("ten hoogste {speling} seconden verschil")).gezien(gezien))
}

/// Stap 13: met `max_age` is auth_time verplicht, echt, en niet ouder dan het vertrek toestaat.
fn moment_van_aanmelden(claims: &Map<String, Value>, eis: &Eis<'_>, nu: Moment) -> Result<Option<Moment>, Diagnose> {
    let speling = eis.speling();
    // Een getal als tekst komt voor; het moment is er niet minder om.
    let als_tekst = || claims.get("auth_time").and_then(Value::as_str).and_then(|tekst| tekst.parse().ok());
    let gelezen = seconden(claims, "auth_time").ok().flatten().or_else(als_tekst);
    let bruikbaar = gelezen.filter(|t| *t > 0 && *t <= nu.timestamp().saturating_add(speling));
    if let Some(max_age) = eis.max_age {
        let Some(auth_time) = bruikbaar else {
            let vorm = aanwezig(claims.get("auth_time")).map_or("geen 'auth_time'", |_| "'auth_time' in een andere vorm dan een getal");
            let gezien = gelezen.map_or_else(|| vorm.to_owned(), |t| format!("'auth_time' is {t}"));
            return Err(Diagnose::new(DiagnoseCode::AuthTimeOntbreekt).verwacht("'auth_time' in het verleden").gezien(gezien));
        };
        // De klok van de IdP tegen de onze, gemeten aan iat en begrensd door het toegestane verschil.
        let iat = verplichte_tijd(claims, "iat")?;
        let verschil = iat.saturating_sub(nu.timestamp()).clamp(-speling, speling);
        let max_age = i64::try_from(max_age).unwrap_or(i64::MAX);
        let oudste = eis.vertrokken_op.timestamp().saturating_add(verschil).saturating_sub(max_age).saturating_sub(SPELING);
        if auth_time < oudste {
            if let Some(achter) = klok_achter(iat, eis) {
                return Err(achter);
            }
            let te_oud = eis.vertrokken_op.timestamp().saturating_add(verschil).saturating_sub(auth_time);
            let gezien = format!("{te_oud} seconden oud bij vertrek");
            return Err(Diagnose::new(DiagnoseCode::AanmeldingTeOud).verwacht(format!("ten hoogste {max_age} seconden oud bij vertrek")).gezien(gezien));
        }
    }
    Ok(bruikbaar.and_then(|t| DateTime::from_timestamp(t, 0)))
}

/// OIDC Core, 3.1.3.8: at_hash, als zij er is, hoort bij het toegangstoken.
fn at_hash(header: &Map<String, Value>, claims: &Map<String, Value>, access_token: &str) -> Result<(), Diagnose> {
    let Some(genoemd) = aanwezig(claims.get("at_hash")).filter(|hash| *hash != "") else { return Ok(()) };
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let hash = match alg {
        _ if alg.ends_with("384") => Sha384::digest(access_token).to_vec(),
        _ if alg.ends_with("512") || alg == "EdDSA" || alg == ED25519 => Sha512::digest(access_token).to_vec(),
        _ => Sha256::digest(access_token).to_vec(),
    };
    let helft = hash.get(..hash.len() / 2).unwrap_or_default();
    let verwacht = URL_SAFE_NO_PAD.encode(helft);
    if genoemd.as_str() == Some(&verwacht) {
        return Ok(());
    }
    Err(Diagnose::new(DiagnoseCode::AtHashOnjuist)
        .verwacht(format!("'at_hash' {verwacht} bij dit toegangstoken (alg {alg})"))
        .gezien(genoemd.as_str().unwrap_or("geen tekst")))
}
