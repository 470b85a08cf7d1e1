//! Wat een portaal krijgt na een aanmelding: een code, en daarvoor tokens.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::personen::Persoon;
use domain::sessies::Sessie;
use domain::toepassingen::{Scope, SubSoort, Toepassing, adressen};
use domain::{Id, Moment};
use provider::authorize::{Antwoord, AuthorizeFout, GeldigVerzoek};
use provider::{AccessTokenClaims, CODE_LIFETIME, ID_TOKEN_SECONDS, IdTokenClaims, REFRESH_TOTAL, Verlening};
use serde_json::{Map, Value, json};
use store::autorisaties::{self, Autorisatie};
use store::{StoreError, Tx};

use super::hashed;
use crate::app::App;
use crate::problem::{self, Problem};

/// Een waarde van 256 bits die niemand kan raden.
pub(super) fn secret(app: &App) -> String {
    let mut bytes = [0; 32];
    app.rng.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Wie deze persoon voor deze client is.
pub fn sub_van(app: &App, toepassing: &Toepassing, persoon_id: Id) -> Result<String, Problem> {
    let sector = toepassing.redirect_uris.first().and_then(|uri| adressen::host(uri)).unwrap_or_default();
    let geheim = match toepassing.sub_soort {
        SubSoort::Public => [0; 32],
        SubSoort::Pairwise => app.keys.derive("pairwise")?,
    };
    Ok(provider::subject(toepassing.sub_soort, sector, persoon_id, &geheim))
}

/// Geeft een code voor een aanmelding die aan het verzoek voldoet, en daarmee het antwoord aan het portaal.
///
/// Hoort in de transactie waarin de sessie begint of gebruikt wordt. Of de aanmelding vers genoeg is (`max_age`,
/// `prompt`), heeft de aanroeper al beoordeeld.
///
/// # Errors
/// De binnenste fout gaat naar het portaal: een andere persoon dan verwacht, te zwak aangemeld, of een verzoek dat al
/// gebruikt is.
pub fn geef_code(
    tx: &mut Tx<'_>,
    app: &App,
    toepassing: &Toepassing,
    sessie: &Sessie,
    verzoek: &GeldigVerzoek,
) -> Result<Result<Antwoord, AuthorizeFout>, Problem> {
    let sub = sub_van(app, toepassing, sessie.persoon_id)?;
    let terug = &verzoek.terugweg;
    if verzoek.sub.as_ref().is_some_and(|verwacht| *verwacht != sub) {
        return Ok(Err(AuthorizeFout::terug(terug, "login_required", "Het portaal verwacht een andere gebruiker dan wie is aangemeld.")));
    }
    if !verzoek.sterk_genoeg(sessie.acr.as_deref()) {
        return Ok(Err(AuthorizeFout::terug(terug, "unmet_authentication_requirements", "De aanmelding is niet zo sterk als het portaal vraagt.")));
    }
    if let Some(kenmerk) = &verzoek.klaargelegd
        && !autorisaties::verbruik_klaargelegd(tx, kenmerk)?
    {
        return Ok(Err(AuthorizeFout::terug(terug, "invalid_request_uri", "Dit klaargelegde verzoek is al gebruikt of verlopen.")));
    }
    let (code, now) = (secret(app), tx.now());
    let autorisatie = Autorisatie {
        id: tx.nieuw_id(),
        toepassing_id: toepassing.id,
        sessie_id: sessie.id,
        persoon_id: sessie.persoon_id,
        inhoud: serde_json::to_value(verlening(sub, sessie, verzoek)).map_err(problem::fout)?,
        code_verloopt_op: now + CODE_LIFETIME,
        code_ingewisseld_op: None,
        aangemaakt_op: now,
        verloopt_op: now + REFRESH_TOTAL,
        ingetrokken_op: None,
    };
    autorisaties::insert(tx, &autorisatie, &hashed(&code))?;
    Ok(Ok(terug.code(&app.settings.base_url, &code)))
}

fn verlening(sub: String, sessie: &Sessie, verzoek: &GeldigVerzoek) -> Verlening {
    Verlening {
        redirect_uri: verzoek.terugweg.redirect_uri.clone(),
        sub,
        organisatie: sessie.organisatie_id,
        nonce: verzoek.nonce.clone(),
        scopes: verzoek.scopes.clone(),
        claims: verzoek.claims.clone(),
        audience: verzoek.audience.clone(),
        code_challenge: verzoek.code_challenge.clone(),
        dpop_jkt: verzoek.dpop_jkt.clone(),
        acr: verzoek.acr_in_token(sessie.acr.as_deref()),
        amr: sessie.amr.clone(),
        auth_time: Some(sessie.auth_time.timestamp()).filter(|moment| *moment > 0),
        upstream_acr: sessie.upstream_acr.clone(),
        upstream_amr: sessie.upstream_amr.clone(),
    }
}

/// Wat er in een autorisatie staat.
pub(super) fn inhoud(autorisatie: &Autorisatie) -> Result<Verlening, StoreError> {
    Ok(serde_json::from_value(autorisatie.inhoud.clone())?)
}

/// Alles wat nodig is om tokens te maken.
#[derive(Debug, Clone)]
pub(super) struct Uitgifte {
    pub(super) toepassing: Arc<Toepassing>,
    pub(super) autorisatie: Autorisatie,
    pub(super) verlening: Verlening,
    pub(super) persoon: Persoon,
    /// De scopes van dit token; bij verversen soms minder dan toegestaan.
    pub(super) scopes: Vec<String>,
    /// Het verversingstoken dat erbij hoort.
    pub(super) refresh_token: Option<String>,
    /// Alleen bij de code: een ververst ID-token heeft geen nonce (OIDC Core, 12.2).
    pub(super) nonce: Option<String>,
}

/// De gegevens van een persoon met de namen van OpenID Connect.
pub(super) fn persoon_claims(persoon: &Persoon) -> BTreeMap<&'static str, Value> {
    let mut claims = BTreeMap::from([
        ("name", json!(persoon.naam)),
        ("updated_at", json!(persoon.gewijzigd_op.timestamp())),
        ("email", json!(persoon.email)),
        // De eenmalige code van de eerste aanmelding ging naar dit adres.
        ("email_verified", json!(true)),
        ("organisatie", json!(persoon.organisatie_id)),
    ]);
    if let Some(telefoon) = &persoon.telefoon {
        claims.insert("phone_number", json!(telefoon));
        claims.insert("phone_number_verified", json!(false));
    }
    claims
}

impl Uitgifte {
    /// Maakt de tokens.
    pub(super) async fn tokens(&self, app: &App, cnf: Option<Value>, token_type: &str, now: Moment) -> Result<Value, Problem> {
        let access = self.access_token(app, cnf, now);
        let key = app.keys.signing(&app.store, &app.rng, now).await?;
        let access_token = provider::sign_access_token(&key, &access).map_err(problem::fout)?;
        let mut answer = serde_json::Map::from_iter([
            ("access_token".to_owned(), Value::from(access_token.as_str())),
            ("token_type".to_owned(), Value::from(token_type)),
            ("expires_in".to_owned(), Value::from(access.exp - access.iat)),
            ("scope".to_owned(), Value::from(access.scope)),
        ]);
        if self.scopes.iter().any(|scope| scope == "openid") {
            let key = app.keys.signing_for(self.toepassing.id_token_algoritme, &app.store, &app.rng, now).await?;
            let id_token = key.sign("JWT", &self.id_token(app, &access_token, now)).map_err(problem::fout)?;
            answer.insert("id_token".to_owned(), id_token.into());
        }
        if let Some(refresh_token) = &self.refresh_token {
            answer.insert("refresh_token".to_owned(), refresh_token.as_str().into());
        }
        Ok(answer.into())
    }

    fn access_token(&self, app: &App, cnf: Option<Value>, now: Moment) -> AccessTokenClaims {
        let (client, verlening) = (self.toepassing.id.to_string(), &self.verlening);
        let jti = domain::nieuw_id(now, &app.rng).to_string();
        let scope = self.scopes.join(" ");
        let lifetime = app.settings.token_lifetime_seconds.min(LONGEST_FOR_PEOPLE);
        let for_our_api = self.scopes.iter().any(|scope| scope.parse::<Scope>().is_ok());
        AccessTokenClaims {
            acr: verlening.acr.clone(),
            // NL GOV houdt amr uit tokens; onze eigen API mag haar zien.
            amr: for_our_api.then(|| verlening.amr.clone()),
            auth_time: verlening.auth_time,
            organisatie: Some(verlening.organisatie.to_string()),
            sid: Some(self.autorisatie.sessie_id.to_string()),
            autorisatie: Some(self.autorisatie.id.to_string()),
            cnf,
            ..AccessTokenClaims::new(&app.settings.base_url, &verlening.audience, &verlening.sub, &client, &scope, jti, now, lifetime)
        }
    }

    fn id_token(&self, app: &App, access_token: &str, now: Moment) -> IdTokenClaims {
        let (client, verlening, iat) = (self.toepassing.id.to_string(), &self.verlening, now.timestamp());
        let asked = &verlening.claims.id_token;
        // OIDC Core, 5.4: bij een code staan gegevens in userinfo. Software die daar niet kijkt, kan ze met de registratie hier krijgen.
        let scopes: &[String] = if self.toepassing.gegevens_in_id_token { &self.scopes } else { &[] };
        let mut persoon: Map<String, Value> = provider::claims_of(&persoon_claims(&self.persoon), scopes, |name| asked.contains_key(name));
        persoon.insert("organisatie".to_owned(), json!(verlening.organisatie));
        IdTokenClaims {
            iss: app.settings.base_url.clone(),
            sub: verlening.sub.clone(),
            aud: client.clone(),
            azp: client,
            exp: iat + ID_TOKEN_SECONDS,
            iat,
            nbf: iat,
            jti: domain::nieuw_id(now, &app.rng).to_string(),
            nonce: self.nonce.clone(),
            auth_time: verlening.auth_time,
            acr: verlening.acr.clone(),
            amr: self.toepassing.amr_in_id_token.then(|| verlening.amr.clone()),
            at_hash: provider::at_hash(access_token),
            sid: self.autorisatie.sessie_id.to_string(),
            persoon,
        }
    }
}

/// Langste toegangstoken van een persoon, in seconden.
const LONGEST_FOR_PEOPLE: i64 = 300;
