//! Van bewezen token naar persoon of toepassing, met rollen en status zoals ze nu in de opslag staan.

use domain::organisaties::{CertificeringSoort, Organisatie};
use domain::personen::{Persoon, PersoonStatus};
use domain::toepassingen::{Toepassing, ToepassingStatus};
use domain::{Id, Moment};
use serde_json::json;
use store::{Actor, Change, Conn, StoreError, Tx};

use super::caller::{Aanmelding, Beller, Wie};
use super::challenge;
use federation::VerifiedToken;

use super::eigen;
use super::verify::{self, Bewezen, Bron, Trusted};
use crate::app::App;
use crate::middleware::Trace;
use crate::problem::{self, Problem};

/// Vindt wie er achter dit token zit.
pub(crate) async fn resolve(app: &App, token: &str, now: Moment, trace: Trace) -> Result<Beller, Problem> {
    let bewezen = verify::verify(app, token, now).await?;
    let proven = &bewezen.token;
    // Een toepassing spreekt voor zichzelf: onderwerp en klant zijn dezelfde (RFC 9068, 2.2).
    let machine = proven.client_id.as_deref() == Some(proven.sub.as_str());
    // Een eigen token telt zolang zijn sessie, autorisatie en portaal dat doen.
    let autorisatie = match bewezen.bron {
        Bron::Eigen => eigen::standing(app, proven, now).await?,
        Bron::Vertrouwd(_) => None,
    };
    let known = autorisatie.as_ref().map(|autorisatie| autorisatie.persoon_id);
    let (wie, organisatie) = match bewezen.bron {
        Bron::Eigen if machine => toepassing(app, proven).await?,
        // Een persoon heeft zich met een tweede factor aangemeld, anders vragen wij daarom (RFC 9470).
        _ if !bewezen.mfa() => return Err(challenge::step_up(None)),
        _ => persoon(app, &bewezen, known, now, trace).await?,
    };
    let bewezen = bewezen.token;
    let scopes = match &wie {
        Wie::Toepassing(toepassing) => {
            let granted = |scope: &String| toepassing.scopes.iter().any(|own| own.as_str() == scope);
            bewezen.scopes.into_iter().filter(granted).collect()
        }
        Wie::Persoon(_) => bewezen.scopes,
    };
    let aanmelding = Aanmelding {
        issuer: bewezen.issuer,
        client_id: bewezen.client_id,
        acr: bewezen.acr,
        amr: bewezen.amr,
        auth_time: bewezen.auth_time,
        exp: Some(bewezen.exp),
        autorisatie: autorisatie.map(|autorisatie| autorisatie.id),
        cnf: bewezen.claims.get("cnf").cloned(),
    };
    let gecertificeerd = match &wie {
        Wie::Toepassing(_) => gecertificeerd(app, organisatie.id, now).await?,
        Wie::Persoon(_) => false,
    };
    Ok(Beller { wie, organisatie, gecertificeerd, scopes, aanmelding })
}

async fn toepassing(app: &App, bewezen: &VerifiedToken) -> Result<(Wie, Organisatie), Problem> {
    let Ok(id) = bewezen.sub.parse::<Id>() else { return Err(challenge::no_access("client_id is geen id")) };
    let found = app
        .store
        .read_point(move |conn| -> Result<_, StoreError> {
            let Some(toepassing) = store::toepassingen::get(conn, id)? else { return Ok(None) };
            Ok(with_organisatie(conn, toepassing.organisatie_id)?.map(|organisatie| (toepassing, organisatie)))
        })
        .await?;
    let (toepassing, organisatie): (Toepassing, Organisatie) = found.ok_or_else(|| challenge::no_access("onbekende toepassing"))?;
    if toepassing.status != ToepassingStatus::Actief {
        return Err(challenge::no_access("toepassing niet actief"));
    }
    Ok((Wie::Toepassing(toepassing), organisatie))
}

/// Een toepassing werkt alleen als implementatiepartner zolang NIPV haar organisatie certificeert.
async fn gecertificeerd(app: &App, organisatie: Id, now: Moment) -> Result<bool, Problem> {
    let soort = CertificeringSoort::Implementatiepartner;
    let found = app.store.read_point(move |conn| store::organisaties::is_gecertificeerd(conn, organisatie, soort, domain::vandaag(now)));
    Ok(found.await?)
}

fn with_organisatie(conn: &mut Conn, id: Id) -> Result<Option<Organisatie>, StoreError> {
    store::organisaties::get(conn, id)
}

async fn persoon(app: &App, proven: &Bewezen<'_>, known: Option<Id>, now: Moment, trace: Trace) -> Result<(Wie, Organisatie), Problem> {
    let bewezen = &proven.token;
    let trusted = match proven.bron {
        Bron::Eigen => None,
        Bron::Vertrouwd(trusted) => Some(trusted),
    };
    let persoon = match find(app, bewezen, known, trusted).await? {
        Some(persoon) => persoon,
        None => link(app, bewezen, trusted, now, trace).await?,
    };
    let persoon = match persoon.status {
        PersoonStatus::Actief => persoon,
        PersoonStatus::Uitgenodigd => activate(app, persoon, now, trace).await?,
        PersoonStatus::Geblokkeerd | PersoonStatus::Verwijderd => return Err(challenge::no_access("persoon niet actief")),
    };
    if persoon.status != PersoonStatus::Actief {
        return Err(challenge::no_access("persoon niet actief"));
    }
    // Een uitgever spreekt alleen voor zijn eigen organisatie.
    if trusted.and_then(|trusted| trusted.organisatie_id).is_some_and(|own| own != persoon.organisatie_id) {
        return Err(challenge::no_access("uitgever spreekt niet voor deze organisatie"));
    }
    let id = persoon.organisatie_id;
    let organisatie = app.store.read_point(move |conn| with_organisatie(conn, id)).await?;
    let organisatie = organisatie.ok_or_else(|| problem::fout("persoon zonder organisatie"))?;
    Ok((Wie::Persoon(persoon), organisatie))
}

/// Onze eigen tokens noemen de persoon; die van een ander noemen een identiteit die aan een persoon gekoppeld is.
async fn find(app: &App, bewezen: &VerifiedToken, known: Option<Id>, trusted: Option<&Trusted>) -> Result<Option<Persoon>, Problem> {
    let sub = bewezen.sub.clone();
    match trusted {
        Some(_) => {
            let issuer = bewezen.issuer.clone();
            Ok(app.store.read_point(move |conn| store::personen::by_identiteit(conn, &issuer, &sub)).await?)
        }
        None => {
            // Een portaal kan een eigen sub per persoon hebben; dan zegt de autorisatie wie het is.
            let id = known.or_else(|| sub.parse::<Id>().ok()).ok_or_else(|| challenge::no_access("sub is geen persoon"))?;
            let found = app.store.read_point(move |conn| store::personen::get(conn, id)).await?;
            found.map(Some).ok_or_else(|| challenge::no_access("onbekende persoon"))
        }
    }
}

/// Eerste aanmelding bij een uitgever van buiten: alleen als de instelling dat toestaat, met een bewezen e-mailadres dat
/// bij precies één geregistreerde persoon hoort, binnen het domein van diens organisatie. Niemand wordt aangemaakt.
async fn link(app: &App, bewezen: &VerifiedToken, trusted: Option<&Trusted>, now: Moment, trace: Trace) -> Result<Persoon, Problem> {
    let unknown = || challenge::no_access("identiteit niet gekoppeld");
    let allowed = trusted.filter(|trusted| trusted.link_by_email).ok_or_else(unknown)?;
    let email = bewezen.verified_email.clone().ok_or_else(unknown)?;
    let (issuer, sub, own) = (bewezen.issuer.clone(), bewezen.sub.clone(), allowed.organisatie_id);
    app.store.write(Actor::default(), now, Some(trace.header()), move |tx| link_by_email(tx, &issuer, &sub, &email, own)).await
}

fn link_by_email(tx: &mut Tx<'_>, issuer: &str, sub: &str, email: &str, own: Option<Id>) -> Result<Persoon, Problem> {
    let mut candidates = store::personen::zonder_identiteit(tx.conn(), issuer, email)?;
    candidates.retain(|persoon| own.is_none_or(|own| own == persoon.organisatie_id));
    let (Some(persoon), true) = (candidates.pop(), candidates.is_empty()) else {
        return Err(challenge::no_access("e-mailadres hoort niet bij precies één persoon"));
    };
    let organisatie = store::organisaties::get(tx.conn(), persoon.organisatie_id)?;
    let domain = email.rsplit('@').next().unwrap_or_default();
    if !organisatie.is_some_and(|organisatie| organisatie.emaildomeinen.iter().any(|own| own.eq_ignore_ascii_case(domain))) {
        return Err(challenge::no_access("e-mailadres buiten de domeinen van de organisatie"));
    }
    store::personen::koppel(tx, issuer, sub, persoon.id)?;
    tx.record(Change {
        handeling: "identiteit.gekoppeld",
        onderwerp_soort: "persoon",
        onderwerp_id: persoon.id.to_string(),
        organisatie_id: Some(persoon.organisatie_id),
        na: Some(json!({ "issuer": issuer })),
        ..Change::default()
    })?;
    Ok(persoon)
}

/// De eerste bewezen aanmelding maakt een uitgenodigde persoon actief.
async fn activate(app: &App, persoon: Persoon, now: Moment, trace: Trace) -> Result<Persoon, Problem> {
    let actor = Actor { persoon_id: Some(persoon.id), toepassing_id: None, organisatie_id: Some(persoon.organisatie_id) };
    app.store
        .write(actor, now, Some(trace.header()), move |tx| {
            let oud = store::personen::get(tx.conn(), persoon.id)?.ok_or_else(|| challenge::no_access("persoon verdwenen"))?;
            if oud.status != PersoonStatus::Uitgenodigd {
                return Ok(oud);
            }
            let nieuw = oud.activeren(now);
            store::personen::update(tx, &nieuw, oud.versie)?;
            tx.record(Change {
                handeling: "persoon.geactiveerd",
                onderwerp_soort: "persoon",
                onderwerp_id: nieuw.id.to_string(),
                organisatie_id: Some(nieuw.organisatie_id),
                voor: Some(json!({ "status": oud.status })),
                na: Some(json!({ "status": nieuw.status })),
                ..Change::default()
            })?;
            Ok(nieuw)
        })
        .await
}
