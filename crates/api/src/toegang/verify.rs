//! De ene plek waar een token wordt bewezen: met eigen sleutels, of met die van een vertrouwde uitgever.

use std::sync::Arc;

use domain::{Id, Moment};
use federation::{Health, JwksCache, Sterkte, TokenRefusal, TrustedIssuer, VerifiedToken, issuer_of, verify_access_token};
use serde_json::Value;

use super::challenge;
use crate::app::App;
use crate::problem::Problem;

/// Een uitgever buiten deze dienst, en waarvoor wij hem vertrouwen.
#[derive(Debug, Clone)]
pub struct Trusted {
    /// Wat een token van hem moet bewijzen.
    pub rule: TrustedIssuer,
    /// De organisatie voor wie hij spreekt; zonder waarde voor elke organisatie.
    pub organisatie_id: Option<Id>,
    /// Of een bewezen e-mailadres bij de eerste aanmelding een geregistreerde persoon mag koppelen.
    pub link_by_email: bool,
    /// Scopes van zijn tokens als hij de onze niet kent; zonder waarde telt wat in het token staat.
    pub scopes: Option<Vec<String>>,
}

#[derive(Debug)]
struct Entry {
    trusted: Trusted,
    keys: JwksCache,
}

/// Uitgevers buiten deze dienst, met hun sleutels.
#[derive(Debug, Default)]
pub struct Issuers(Vec<Arc<Entry>>);

impl Issuers {
    /// Voegt een uitgever toe; er gaat nog niets over het netwerk.
    #[must_use]
    pub fn with(mut self, trusted: Trusted, keys: JwksCache) -> Self {
        self.0.push(Arc::new(Entry { trusted, keys }));
        self
    }

    /// Hoe het met elke uitgever gaat.
    pub fn health(&self) -> impl Iterator<Item = (&str, Health)> {
        self.0.iter().map(|entry| (entry.trusted.rule.issuer.as_str(), entry.keys.health()))
    }

    fn find(&self, issuer: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.trusted.rule.issuer == issuer).map(Arc::as_ref)
    }
}

/// Van wie het token is.
#[derive(Debug)]
pub(crate) enum Bron<'a> {
    Eigen,
    Vertrouwd(&'a Trusted),
}

/// Een token waarvan handtekening, uitgever, bestemming en tijd kloppen.
#[derive(Debug)]
pub(crate) struct Bewezen<'a> {
    pub(crate) bron: Bron<'a>,
    pub(crate) token: VerifiedToken,
}

impl Bewezen<'_> {
    /// Of de persoon zich met een tweede factor aanmeldde.
    pub(crate) fn mfa(&self) -> bool {
        self.token.sterkte == Sterkte::Mfa
    }
}

fn refused(reason: TokenRefusal) -> Problem {
    challenge::invalid(&format!("{}: {reason} ({})", reason.code(), reason.eigenaar()))
}

/// Bewijst het token, of weigert het.
pub(crate) async fn verify<'a>(app: &'a App, token: &str, now: Moment) -> Result<Bewezen<'a>, Problem> {
    let issuer = issuer_of(token).map_err(refused)?;
    if issuer == app.settings.base_url {
        return own(app, token, now).await;
    }
    let entry = app.issuers.find(&issuer).ok_or_else(|| refused(TokenRefusal::Issuer))?;
    let rule = &entry.trusted.rule;
    let keys = entry.keys.get(now).await.ok_or_else(|| challenge::invalid("geen sleutels van deze uitgever"))?;
    let verdict = match verify_access_token(token, rule, &keys, now) {
        // Een onbekende sleutel kan een nieuwe zijn: één keer opnieuw halen, met rem in de cache.
        Err(TokenRefusal::UnknownKey) => {
            let keys: Option<Arc<Value>> = entry.keys.refresh(now).await;
            keys.map_or(Err(TokenRefusal::UnknownKey), |keys| verify_access_token(token, rule, &keys, now))
        }
        verdict => verdict,
    };
    let mut token = verdict.map_err(refused)?;
    if let Some(scopes) = &entry.trusted.scopes {
        token.scopes.clone_from(scopes);
    }
    Ok(Bewezen { bron: Bron::Vertrouwd(&entry.trusted), token })
}

/// Een eigen token, of niets als het dat niet is of niet (meer) klopt.
pub(super) async fn own_only(app: &App, token: &str, now: Moment) -> Result<Option<VerifiedToken>, Problem> {
    if issuer_of(token).ok().as_deref() != Some(app.settings.base_url.as_str()) {
        return Ok(None);
    }
    match own(app, token, now).await {
        Ok(proven) => Ok(Some(proven.token)),
        Err(problem) if problem.status == 401 => Ok(None),
        Err(problem) => Err(problem),
    }
}

async fn own<'a>(app: &'a App, token: &str, now: Moment) -> Result<Bewezen<'a>, Problem> {
    let mut rule = TrustedIssuer::new(&app.settings.base_url, &app.settings.audience);
    rule.leeway = app.settings.leeway_seconds;
    // Wat wij zelf bewezen hebben: eIDAS substantieel en hoog zijn meer dan MFA.
    rule.mfa.acr = provider::authorize::ACR_VALUES.map(str::to_owned).to_vec();
    let keys = app.keys.current(&app.store, now).await?;
    let verdict = match verify_access_token(token, &rule, keys.jwks(), now) {
        Err(TokenRefusal::UnknownKey) => verify_access_token(token, &rule, app.keys.refreshed(&app.store, now).await?.jwks(), now),
        verdict => verdict,
    };
    Ok(Bewezen { bron: Bron::Eigen, token: verdict.map_err(refused)? })
}
